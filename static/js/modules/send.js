// Sends a form so that what was written survives a bad network and is stored once. The key names this content: the
// same content sent again carries the same key, so the server keeps one; any change takes a new key.
// Nothing is written to the phone's storage.
export default function send(form, start) {
  const key = form.elements.submission_key
  const button = form.querySelector('.send button')
  const status = form.querySelector('.send [role=status]')
  const files = form.querySelector('[type=file]')
  const label = button.textContent
  const words = form.dataset
  let sending = false
  let pause
  let timer
  let photos

  function changed() {
    key.value = ''
    clearTimeout(timer)
    timer = 0
    status.textContent = ''
    button.textContent = label
  }

  function prepare() {
    if (!files?.files.length) return
    photos ??= import(words.photos)
    import(words.chosen).then((module) => module.default(files)).catch(() => {})
  }

  function failed() {
    button.textContent = words.again
    status.textContent = ''
    if (!key.value) return // changed while it was being sent: no longer ours to send unasked
    status.textContent = words.waiting
    timer = setTimeout(attempt, pause)
    pause = Math.min(pause * 2, 60000)
  }

  async function attempt() {
    if (sending) return
    sending = true
    clearTimeout(timer)
    timer = 0
    key.value ||= Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
    const body = new FormData(form)
    status.textContent = words.sending
    button.setAttribute('aria-disabled', 'true')
    try {
      await photos?.then((module) => module.default(body)).catch(() => {})
      const response = await fetch(form.action, { method: 'POST', body, headers: { Accept: 'text/html' }, signal: AbortSignal.timeout?.(240000) })
      receive(response.ok, new DOMParser().parseFromString(await response.text(), 'text/html'))
    } catch {
      failed()
    }
    sending = false
    button.removeAttribute('aria-disabled')
  }

  function receive(ok, page) {
    const main = page.querySelector('main[data-portal]')
    // An answer that is not ours, such as a sign-in page of the station's network, is no answer.
    if (!main) throw new Error('not the portal')
    if (!ok && !main.querySelector('form')) {
      // A refusal that brings no form must not take this one away.
      status.textContent = [...main.querySelectorAll('h1, .lead')].map((part) => part.textContent).join('. ')
      return
    }
    document.title = page.title
    for (const part of ['header', 'main']) document.querySelector(part).replaceWith(document.adoptNode(page.querySelector(part)))
    keepFiles(main)
    scrollTo(0, 0)
    const first = main.querySelector('.errors') ?? main.querySelector('h1')
    first.tabIndex = -1
    first.focus()
    start(main)
  }

  // A page may not fill in a file field; the field that holds the chosen files moves over instead.
  function keepFiles(main) {
    const theirs = files && main.querySelector('[type=file]')
    if (!theirs) return
    for (const name of ['aria-describedby', 'aria-invalid']) {
      if (theirs.hasAttribute(name)) files.setAttribute(name, theirs.getAttribute(name))
      else files.removeAttribute(name)
    }
    theirs.replaceWith(files)
  }

  form.addEventListener('input', changed)
  files?.addEventListener('change', prepare)
  prepare()
  form.addEventListener('submit', (event) => {
    // A button with its own address, such as the map, is not a send.
    if (event.submitter?.hasAttribute('formaction')) return
    event.preventDefault()
    pause = 2000
    attempt()
  })
  addEventListener('online', () => timer && attempt())
  addEventListener('beforeunload', (event) => (timer || sending) && event.preventDefault())
}
