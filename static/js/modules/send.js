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
  let exchange

  function changed() {
    key.value = ''
    clearTimeout(timer)
    timer = 0
    status.textContent = ''
    button.textContent = label
  }

  // What is needed later is fetched while there is a network.
  function prepare() {
    exchange ??= import(words.exchange)
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
      await receive(response.ok, new DOMParser().parseFromString(await response.text(), 'text/html'))
    } catch {
      failed()
    }
    sending = false
    button.removeAttribute('aria-disabled')
  }

  async function receive(ok, page) {
    const main = page.querySelector('main[data-portal]')
    // An answer that is not ours, such as a sign-in page of the station's network, is no answer.
    if (!main) throw new Error('not the portal')
    if (!ok && !main.querySelector('form')) {
      // A refusal that brings no form must not take this one away.
      status.textContent = [...main.querySelectorAll('h1, .lead')].map((part) => part.textContent).join('. ')
      return
    }
    const module = await exchange.catch(() => null)
    // Without the module the browser goes there itself; the key tells the server that it is the same.
    if (module) module.default(page, files, start)
    else form.submit()
  }

  form.addEventListener('input', changed)
  form.addEventListener('change', prepare)
  if (files?.files.length) prepare()
  form.addEventListener('submit', (event) => {
    const pressed = event.submitter
    // A button with its own address, such as the map or a language, is not a send.
    if (pressed?.hasAttribute('formaction')) {
      if (pressed.name !== 'carry' || !files?.files.length) return
      event.preventDefault()
      exchange.then((module) => module.carry(pressed, files, start)).catch(() => { status.textContent = words.waiting })
      return
    }
    prepare()
    event.preventDefault()
    pause = 2000
    attempt()
  })
  addEventListener('online', () => timer && attempt())
  addEventListener('beforeunload', (event) => (timer || sending) && event.preventDefault())
}
