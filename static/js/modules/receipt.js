// Copy and print for the code that is shown only once, and one question before it is left unsaved.
export default function receipt(box) {
  const code = box.querySelector('output')
  const status = box.querySelector('[role=status]')
  const tick = box.querySelector('[type=checkbox]')
  const [copy, print] = ['[data-copy]', '[data-print]'].map((selector) => box.querySelector(selector))
  let settled = false

  // The answer to a post becomes an entry that a reload gives again without the browser's own question. What the
  // browser remembers of it for this tab is the code, in place of all that was written, and only until it is saved.
  if (history.state?.receipt && !code.textContent) again(history.state.receipt)
  if (code.textContent) remember()
  tick.addEventListener('change', remember)

  function remember() {
    history.replaceState(tick.checked ? null : { receipt: code.textContent }, '', box.dataset.own)
  }

  function again(receipt) {
    code.textContent = receipt
    box.hidden = false
    document.querySelector('[data-absent]').remove()
    document.querySelector('h1').textContent = box.dataset.thanks
  }

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
    if (settled || tick.checked || box.hidden || !box.isConnected) return
    settled = true // asked once: whoever goes again means it
    event.preventDefault()
  })
}
