// Finds every [data-module] and loads its modules, one small file per behaviour. One that fails to load or to start
// leaves a page that works, so its error is swallowed on purpose.
export function start(root = document) {
  for (const element of root.querySelectorAll('[data-module]')) {
    for (const address of element.dataset.module.split(' ')) {
      import(address).then((module) => module.default(element, start)).catch(() => {})
    }
  }
  root.querySelector('.errors')?.focus()
}

start()

document.addEventListener('click', ({ target }) => {
  for (const menu of document.querySelectorAll('.languages[open]')) {
    if (!menu.contains(target)) menu.open = false
  }
})

// Whoever leaves quickly is asked nothing: what would ask is gone from the page, which shows nothing any more while the
// other site is on its way. Back does not lead here again.
document.querySelector('a.exit')?.addEventListener('click', (event) => {
  event.preventDefault()
  document.querySelector('main').remove()
  location.replace(event.currentTarget.href)
})
