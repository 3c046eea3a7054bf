// Takes over the sending of a form. It listens at once; what does the work is fetched at the first touch, so that it
// is there when the network is not. Where it cannot be fetched, the browser sends the form itself.
export default function send(form, start) {
  const { sender, later } = form.dataset
  let work

  function prepare() {
    if (work) return
    work = import(sender).then((module) => module.default(form, start))
    for (const address of later?.split(' ') ?? []) import(address).then((module) => module.default(form)).catch(() => {})
  }

  for (const touch of ['pointerdown', 'focusin', 'input']) form.addEventListener(touch, prepare)
  if (form.closest('main').querySelector('.errors, [data-carried]')) prepare()
  form.addEventListener('input', () => { form.elements.submission_key.value = '' })
  form.addEventListener('submit', (event) => {
    const pressed = event.submitter
    const carried = pressed?.name === 'carry'
    // A button with its own address, such as the map, is not a send; a language needs help with chosen files alone.
    if (pressed?.hasAttribute('formaction') && !(carried && form.querySelector('[type=file]')?.files.length)) return
    event.preventDefault()
    prepare()
    work.then((ready) => (carried ? ready.carry(pressed) : ready.send()), () => form.submit())
  })
}
