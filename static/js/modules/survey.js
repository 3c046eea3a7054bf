// The questionnaire one section at a time. Sections are only shown or not: the form stays whole, so going back loses
// nothing and paper shows everything. Each step is an entry in the browser's history, so that its Back steps back too.
export default function survey(form) {
  const main = form.closest('main')
  const parts = [...form.querySelectorAll('.part')]
  const find = (selector) => form.querySelector(selector)
  const [bar, walk, back, next] = ['progress', '.walk', '[data-back]', '[data-next]'].map(find)
  const count = document.createElement('small')
  let at = firstToShow()

  // The style sheet of the routing hides questions that are not to be asked; where it cannot, all are asked.
  function isAsked(part) {
    return [...part.querySelectorAll('fieldset')].some((question) => getComputedStyle(question).display !== 'none')
  }

  function neighbour(by) {
    let to = at + by
    while (parts[to] && !isAsked(parts[to])) to += by
    return to
  }

  // Where something is wrong; at the end when the whole was refused, where it is sent again; or at the beginning.
  function firstToShow() {
    const wrong = parts.findIndex((part) => part.querySelector('.error'))
    if (wrong >= 0) return wrong
    return main.querySelector('.errors') ? parts.findLastIndex(isAsked) : parts.findIndex(isAsked)
  }

  function draw() {
    const asked = parts.filter(isAsked)
    const number = asked.indexOf(parts[at]) + 1
    for (const part of parts) part.classList.toggle('shown', part === parts[at])
    main.classList.toggle('later', number > 1)
    form.classList.toggle('ends', number === asked.length)
    back.hidden = number === 1
    next.hidden = number === asked.length
    bar.max = asked.length
    bar.value = number
    // In the heading, which gets the focus: so it is read out with it.
    count.textContent = form.dataset.part.replace('{number}', number).replace('{total}', asked.length)
    parts[at].querySelector('h2').prepend(count)
  }

  function show(to) {
    at = to
    draw()
    scrollTo(0, 0)
    const heading = parts[at].querySelector('h2')
    heading.tabIndex = -1
    heading.focus({ preventScroll: true })
  }

  function forward() {
    const to = neighbour(1)
    history.pushState({ part: to, from: at }, '')
    show(to)
  }

  function backward() {
    const to = neighbour(-1)
    if (history.state?.from === to) return history.back()
    history.replaceState({ part: to }, '')
    show(to)
  }

  // A browser offers no way to take a radio button's answer away again.
  function offerUndo(question) {
    if (!question.querySelector('[type=radio]')) return
    const undo = document.createElement('button')
    undo.type = 'button'
    undo.className = 'plain undo'
    undo.textContent = form.dataset.undo
    undo.addEventListener('click', () => {
      for (const radio of question.querySelectorAll(':checked')) radio.checked = false
      question.tabIndex = -1
      question.focus()
      question.dispatchEvent(new Event('input', { bubbles: true }))
    })
    question.append(undo)
  }

  next.addEventListener('click', forward)
  back.addEventListener('click', backward)
  form.addEventListener('input', draw)
  // Enter in a field means the next section, until there is none.
  form.addEventListener('submit', (event) => {
    if (next.hidden) return
    event.preventDefault()
    event.stopImmediatePropagation()
    forward()
  }, true)
  main.querySelector('.errors')?.addEventListener('click', ({ target }) => {
    const part = target.hash && document.getElementById(target.hash.slice(1))?.closest('.part')
    if (part) show(parts.indexOf(part))
  })
  addEventListener('popstate', ({ state }) => {
    if (form.isConnected) show(state?.part ?? at)
    // Back from the thanks: the questions anew, and none of the answers.
    else if (!document.getElementById('survey')) location.replace(location.pathname)
  })

  form.querySelectorAll('fieldset').forEach(offerUndo)
  history.replaceState({ part: at }, '')
  form.classList.add('stepped')
  bar.hidden = walk.hidden = false
  draw()
}
