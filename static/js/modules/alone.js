// A choice that excludes the others, such as "none of these", unticks them, and they it.
export default function alone(form) {
  form.addEventListener('change', ({ target }) => {
    if (target.type !== 'checkbox' || !target.checked) return
    const isAlone = (box) => box.hasAttribute('data-alone')
    const clashes = [...target.closest('fieldset')?.querySelectorAll(':checked') ?? []]
      .filter((box) => box !== target && (isAlone(box) || isAlone(target)))
    for (const box of clashes) box.checked = false
    if (clashes.length) target.dispatchEvent(new Event('input', { bubbles: true }))
  })
}
