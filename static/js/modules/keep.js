// Keeps the answers of a form on this phone, for whoever asks for it, until they are sent or deleted. The code of a
// letter is never among them. The key of a send is: a send whose answer was lost is then known again days later.
const NEVER = ['code', 'website']

export default function keep(box) {
  const name = box.dataset.key
  if (box.hasAttribute('data-forget')) return localStorage.removeItem(name)
  const form = box.closest('form')
  const wanted = box.querySelector('input')
  const remove = box.querySelector('button')
  const status = box.querySelector('[role=status]')
  const kept = localStorage.getItem(name)

  function save() {
    if (!wanted.checked || !form.isConnected) return
    const answers = [...new FormData(form)].filter(([field, value]) => value && !NEVER.includes(field))
    localStorage.setItem(name, JSON.stringify(answers))
    remove.hidden = false
  }

  function restore(answers) {
    for (const [field, value] of answers) {
      const fields = form.querySelectorAll(`[name="${CSS.escape(field)}"]`)
      for (const each of fields) {
        if (!/radio|checkbox/.test(each.type)) each.value = value
        else if (each.value === value) each.checked = true
      }
    }
  }

  function forget() {
    localStorage.removeItem(name)
    wanted.checked = false
    remove.hidden = true
    status.textContent = box.dataset.deleted
  }

  if (kept) {
    wanted.checked = true
    remove.hidden = false
    // A form that came back from the server holds what was sent, which is newer.
    if (!document.querySelector('.errors')) {
      const answers = JSON.parse(kept)
      restore(answers)
      form.dispatchEvent(new Event('input'))
      // A change takes the key away, and this was none.
      restore(answers.filter(([field]) => field === 'submission_key'))
      status.textContent = box.dataset.restored
    }
  }
  wanted.addEventListener('change', () => (wanted.checked ? save() : forget()))
  remove.addEventListener('click', () => {
    forget()
    wanted.focus()
  })
  form.addEventListener('input', save)
  form.addEventListener('submit', () => setTimeout(save)) // when it has its key
  box.hidden = false
}
