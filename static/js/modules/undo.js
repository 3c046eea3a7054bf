// A browser offers no way to take a radio button's answer away again.
export default function undo(form) {
  for (const question of form.querySelectorAll('fieldset:not([aria-required])')) {
    if (question.querySelector('[type=radio]') && !question.querySelector('fieldset, .always, .undo')) offer(question)
  }

  function offer(question) {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'plain undo'
    button.textContent = form.dataset.undo
    button.addEventListener('click', () => {
      for (const radio of question.querySelectorAll(':checked')) radio.checked = false
      question.tabIndex = -1
      question.focus()
      question.dispatchEvent(new Event('input', { bubbles: true }))
    })
    question.append(button)
  }
}
