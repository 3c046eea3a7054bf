// What a keyboard and a browser do to a form that is half filled in: Enter goes on instead of sending, and the
// browser is asked not to offer these words to whoever types here next.
const ONE_LINE = 'input:not([type=submit], [type=image], [type=button], [type=file], [type=hidden])'

export default function typing(form) {
  function next(box) {
    const isQuestion = (each) => each.matches('input, select, textarea, .send button, [data-next]') && each.tabIndex >= 0 && each.checkVisibility()
    const questions = [...form.elements].filter(isQuestion)
    const ahead = questions.slice(questions.indexOf(box) + 1)
    // The choices of one question count as one.
    return ahead.find((each) => each.name !== box.name || each.type !== box.type)
  }

  form.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.isComposing || !event.target.matches(ONE_LINE)) return
    event.preventDefault()
    if (event.repeat) return
    const to = next(event.target)
    // Where a section ends, Enter goes on to the next one.
    if (to?.matches('[data-next]')) to.click()
    else to?.focus()
  })

  form.addEventListener('submit', () => {
    const boxes = form.querySelectorAll('input:not([type]), [type=text]')
    for (const box of boxes) box.autocomplete = 'off'
    setTimeout(() => { for (const box of boxes) box.autocomplete = '' })
  })
}
