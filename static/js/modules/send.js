// Takes over the sending of a form, and asks before a reload empties it. It listens at once; what does the work is
// fetched at the first touch, so that it is there when the network is not. Where it cannot be fetched, the browser
// sends the form itself.
export default function send(form, start) {
  const { sender, later } = form.dataset
  const files = form.querySelector('[type=file]')
  const written = (box) => /^text/.test(box.type) && box.value
  const came = form.closest('main').querySelector('.errors, [data-carried]') ?? [...form.elements].some(written)
  let unsent = came
  let leaving
  let byItself
  let work

  function prepare() {
    if (work) return
    work = import(sender).then((module) => module.default(form, start))
    for (const address of later?.split(' ') ?? []) import(address).then((module) => module.default(form)).catch(() => {})
  }

  for (const touch of ['pointerdown', 'focusin', 'input']) form.addEventListener(touch, prepare)
  if (came) prepare()
  form.addEventListener('input', () => {
    if (form.getAttribute('aria-busy') === 'true') return // emptied by us, after it was stored
    form.elements.submission_key.value = ''
    unsent = true
  })
  form.addEventListener('reset', () => { unsent = false })
  // One way out is free of the question, and only that one: where it leads nowhere, such as without a network, the next
  // is asked about.
  addEventListener('beforeunload', (event) => {
    if (!leaving && form.isConnected && unsent) event.preventDefault()
    leaving = false
  })
  // Whoever comes back to a page finds what was typed there, but not where the page itself was the answer to a post:
  // without a network a browser cannot show that again.
  const stays = !came && !('posted' in form.dataset)
  document.addEventListener('click', ({ target }) => stays && target.closest('a[href^="/"]') && !files?.files.length && goes())

  function goes() {
    leaving = true
    setTimeout(() => { leaving = false }, 500)
  }

  form.addEventListener('submit', (event) => {
    const pressed = event.submitter
    const carried = pressed?.name === 'carry'
    // A button with its own address, such as the map, is not a send. A language takes the place of this page, so that
    // Back finds no second form with the same words.
    if (byItself || (pressed?.hasAttribute('formaction') && !carried)) return goes()
    event.preventDefault()
    prepare()
    work.then((ready) => (carried ? ready.carry(pressed) : ready.send()), () => {
      byItself = true
      form.requestSubmit(pressed)
    })
  })
}
