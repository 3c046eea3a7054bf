// Sends a form so that what was written survives a bad network and is stored once. The key names this content: the
// same content sent again carries the same key, so the server keeps one; any change takes a new key.
// Nothing is written to the phone's storage.
const MOST_UNANSWERED = 8
const MOST_UNCONNECTED = 20 // a quarter of an hour
const WORTH_ANOTHER_TRY = [408, 425, 429]

export default async function sender(form, start) {
  const words = form.dataset
  const load = (name) => import(words[name])
  const [{ default: say }, { hold, post, without }, pages] = await Promise.all(['words', 'post', 'exchange'].map(load))
  const key = form.elements.submission_key
  const button = form.querySelector('.send button')
  const status = form.querySelector('.send [role=status]')
  const files = form.querySelector('[type=file]')
  const label = button.textContent
  const pageless = document.createElement('button')
  let sending = false
  let leaveOut = false
  let stored = false
  let pause
  let tries
  let timer
  let photos

  pageless.type = 'button'
  pageless.className = 'button second'
  pageless.textContent = say.without_photos

  function changed() {
    rest('', label)
    leaveOut = false
  }

  // What is needed later is fetched while there is a network.
  function prepare() {
    if (!files?.files.length) return
    photos ??= load('photos')
    load('chosen').then((module) => module.default(files)).catch(() => {})
  }

  function rest(sentence, onTheButton = words.again) {
    clearTimeout(timer)
    timer = 0
    status.textContent = sentence
    button.textContent = onTheButton
    pageless.remove()
  }

  function tryLater(sentence, most) {
    rest('')
    if (!key.value) return // changed while it was being sent: no longer ours to send unasked
    if (navigator.onLine) tries += 1
    if (tries >= most) return rest(say.given_up)
    status.textContent = sentence
    timer = setTimeout(attempt, pause)
    pause = Math.min(pause * 2, 60000)
  }

  async function attempt() {
    if (sending || stored) return
    sending = true
    rest(words.sending, say.busy)
    key.value ||= Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
    const body = new FormData(form)
    button.setAttribute('aria-disabled', 'true')
    if (leaveOut) body.delete('photos')
    else await photos?.then((module) => module.default(body)).catch(() => {})
    const answer = await post(form, body, status)
    button.removeAttribute('aria-disabled')
    sending = false
    return answer ? heard(answer, body) : tryLater(words.waiting, MOST_UNCONNECTED)
  }

  // An answer that is not the portal's comes from something in between, such as a proxy or a sign-in page.
  function heard({ status: number, response: page }, body) {
    const main = page?.querySelector('main[data-portal]')
    const refused = number >= 400 && number < 500 && !WORTH_ANOTHER_TRY.includes(number)
    if (number === 413 && body.get('photos')?.size) {
      rest(say.too_large, label)
      status.after(pageless)
    } else if (!main) {
      if (refused) rest(say.refused)
      else tryLater(say.unanswered, MOST_UNANSWERED)
    } else if (number >= 400 && !main.querySelector('form')) {
      // A refusal that brings no form must not take this one away.
      rest([...main.querySelectorAll('h1, .lead')].map((part) => part.textContent).join('. '))
    } else if (main.querySelector('[data-entry]')) {
      stored = true
      without(form, body)
      rest(words.sending, say.busy) // until the page is there
    } else pages.default(page, files, start)
  }

  async function carry(pressed) {
    if (sending || stored) return
    sending = true
    rest('', label)
    await pages.carry(pressed, files, start, hold).catch(() => { status.textContent = say.given_up })
    sending = false
    hold(form, false)
  }

  form.addEventListener('input', changed)
  files?.addEventListener('change', prepare)
  prepare()
  pageless.addEventListener('click', () => {
    leaveOut = true
    send()
  })
  addEventListener('online', () => timer && attempt())
  addEventListener('beforeunload', (event) => form.isConnected && (timer || sending) && event.preventDefault())

  function send() {
    pause = 2000
    tries = 0
    return attempt()
  }
  return { carry, send }
}
