// Copy and print for the code that is shown only once, and one question before it is left unsaved.
export default function receipt(box) {
  const code = box.querySelector('output')
  const status = box.querySelector('[role=status]')
  const tick = box.querySelector('[type=checkbox]')
  const [copy, print] = ['[data-copy]', '[data-print]'].map((selector) => box.querySelector(selector))
  let settled = false

  copy.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(code.textContent)
      status.textContent = box.dataset.copied
      settled = true
    } catch {
      getSelection().selectAllChildren(code)
      status.textContent = box.dataset.notCopied
    }
  })
  print.addEventListener('click', () => {
    settled = true
    window.print()
  })
  copy.hidden = print.hidden = false
  addEventListener('beforeunload', (event) => {
    if (settled || tick.checked || !box.isConnected) return
    settled = true // asked once: whoever goes again means it
    event.preventDefault()
  })
}
