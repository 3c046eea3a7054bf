// Copy and print for the code that is shown only once.
export default function receipt(box) {
  const code = box.querySelector('output')
  const status = box.querySelector('[role=status]')
  const [copy, print] = ['[data-copy]', '[data-print]'].map((selector) => box.querySelector(selector))

  copy.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(code.textContent)
      status.textContent = box.dataset.copied
    } catch {
      getSelection().selectAllChildren(code)
      status.textContent = box.dataset.notCopied
    }
  })
  print.addEventListener('click', () => window.print())
  copy.hidden = print.hidden = false
}
