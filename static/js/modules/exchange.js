const LONGEST_MILLISECONDS = 15000

// Puts a page that was fetched in the place of the one that is open, without losing files that were chosen.
export default function exchange(page, files, start) {
  document.title = page.title
  for (const name of ['lang', 'dir']) document.documentElement[name] = page.documentElement[name]
  const body = document.adoptNode(page.body)
  keepFiles(body, files)
  document.body.replaceWith(body)
  scrollTo(0, 0)
  const first = body.querySelector('.errors') ?? body.querySelector('h1')
  first.tabIndex = -1
  first.focus()
  start(body)
}

// A page may not fill in a file field; the field that holds the chosen files moves over instead.
function keepFiles(body, files) {
  const theirs = files && body.querySelector('[type=file]')
  if (!theirs) return
  for (const { name, value } of theirs.attributes) files.setAttribute(name, value)
  for (const name of ['aria-describedby', 'aria-invalid']) if (!theirs.hasAttribute(name)) files.removeAttribute(name)
  theirs.replaceWith(files)
}

// The same form in the language of a button, in this entry of the history. A browser that goes there would leave chosen
// files behind, and words that are sent there would stand here once more after Back.
export async function carry(button, files, start, hold) {
  const typed = [...new FormData(button.form, button)].filter(([, value]) => typeof value === 'string')
  hold(button.form, true)
  const signal = AbortSignal.timeout(LONGEST_MILLISECONDS)
  const answer = await fetch(button.formAction, { method: 'POST', body: new URLSearchParams(typed), signal })
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  if (!page.querySelector('main[data-portal]')) throw new Error('not the portal')
  hold(button.form, false) // the field of the chosen files moves over
  history.replaceState(history.state, '', answer.url)
  exchange(page, files, start)
}
