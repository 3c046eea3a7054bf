// Posts a form's content and tells how far it has come; null when no answer came.
const LONGEST_MILLISECONDS = 240000
const WRITES = ['beforeinput', 'click', 'mousedown', 'keydown', 'paste', 'drop']
const LETS = ['Tab', 'Escape']

// Holds a form still while it is under way: what was written now would be on neither of the pages that come.
export function hold(form, on) {
  if (!form.hasAttribute('aria-busy')) for (const act of WRITES) form.addEventListener(act, refuse, true)
  form.setAttribute('aria-busy', on)
  // A keyboard that puts letters together asks nobody.
  for (const box of form.querySelectorAll('textarea, input:not([type=hidden])')) box.readOnly = on
}

function refuse(event) {
  const busy = event.currentTarget.getAttribute('aria-busy') === 'true'
  if (busy && event.target.closest('label, input, select, textarea') && !LETS.includes(event.key)) event.preventDefault()
}

export function post(form, body, status) {
  const bar = document.createElement('progress')
  const request = new XMLHttpRequest()
  bar.setAttribute('aria-label', status.textContent)
  bar.max = 1
  // Only something large takes long enough to look at.
  if (body.get('photos')?.size) status.before(bar)
  hold(form, true)
  return new Promise((done) => {
    request.open('POST', form.action)
    request.setRequestHeader('Accept', 'text/html')
    request.responseType = 'document'
    request.timeout = LONGEST_MILLISECONDS
    request.upload.onprogress = ({ loaded, total }) => { bar.value = loaded / total }
    request.onload = () => done(request)
    request.onerror = request.ontimeout = request.onabort = () => done(null)
    request.send(body)
  }).finally(() => {
    bar.remove()
    hold(form, false)
  })
}

// Goes to the answer as a page of its own, which Back, Forward and a reload give again: the browser posts the same
// once more, without files. The key tells the server that it has it. The form is emptied before it is left.
export function without(form, body) {
  const copy = document.createElement('form')
  const fields = [...body].filter(([, value]) => typeof value === 'string')
  copy.method = 'post'
  copy.action = form.action
  copy.hidden = true
  for (const [name, value] of [...fields, ['sent', '1']]) {
    const field = document.createElement('input')
    field.type = 'hidden'
    field.name = name
    field.value = value
    copy.append(field)
  }
  hold(form, true)
  empty(form)
  document.body.append(copy)
  HTMLFormElement.prototype.submit.call(copy)
  addEventListener('pagehide', () => copy.remove())
  // Kept whole in the browser's memory, the page would come back without what belongs to an empty form.
  addEventListener('pageshow', ({ persisted }) => persisted && location.reload())
}

// A reset alone would bring back what a refused form came back with.
function empty(form) {
  form.reset()
  for (const field of form.elements) {
    if (/radio|checkbox/.test(field.type)) field.checked &&= Boolean(field.closest('.always'))
    else if (field.type === 'select-one') field.selectedIndex = 0
    else if (field.type !== 'submit' && field.tagName !== 'FIELDSET') field.value = ''
  }
}
