// The questionnaire one section at a time. Sections are only shown or not: the form stays whole, so going back loses
// nothing and paper shows everything. Each step is an entry in the browser's history, so that its Back steps back too.
export default function survey(form) {
  const main = form.closest('main')
  const parts = [...form.querySelectorAll('.part')]
  const find = (selector) => form.querySelector(selector)
  const [bar, walk, back, next] = ['progress', '.walk', '[data-back]', '[data-next]'].map(find)
  const count = document.createElement('small')
  const came = main.querySelector('.errors')
  const place = form.elements.at // goes along into another language
  // Back from another page, and a reload, come to where one was.
  let at = came ? firstToShow() : parts[place.value || history.state?.part] ? +(place.value || history.state.part) : firstToShow()

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
    const wrong = parts.findIndex((part) => part.querySelector('.error:not(.clash)'))
    if (wrong >= 0) return wrong
    return came ? parts.findLastIndex(isAsked) : parts.findIndex(isAsked)
  }

  function draw() {
    const asked = parts.filter(isAsked)
    const number = asked.indexOf(parts[at]) + 1
    for (const part of parts) part.classList.toggle('shown', part === parts[at])
    main.classList.toggle('later', number > 1)
    form.classList.toggle('ends', Boolean(came) || number === asked.length) // what came back is sent where it is mended
    place.value = at
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

  next.addEventListener('click', forward)
  back.addEventListener('click', backward)
  form.addEventListener('input', draw)
  came?.addEventListener('click', ({ target }) => {
    const part = target.hash && document.getElementById(target.hash.slice(1))?.closest('.part')
    if (part) show(parts.indexOf(part))
  })
  addEventListener('popstate', ({ state }) => {
    if (form.isConnected) show(state?.part ?? at)
  })

  history.replaceState({ part: at }, '')
  form.classList.add('stepped')
  bar.hidden = walk.hidden = false
  draw()
}
