// Shows the chosen photos, each with a button that takes it away, and lets a second choice add to the first.
const SIDE = 96
const shown = new WeakMap()

export default function chosen(input) {
  // The field moves into a form that comes back with errors; what is shown moves after it.
  if (shown.has(input)) return input.after(...shown.get(input))
  const { remove, most, limit } = input.dataset
  const list = document.createElement('ul')
  const status = document.createElement('p')
  let photos = []

  list.className = 'chosen'
  status.setAttribute('role', 'status')
  shown.set(input, [list, status])
  input.after(list, status)

  function put() {
    const files = new DataTransfer()
    for (const photo of photos) files.items.add(photo)
    input.files = files.files
    list.replaceChildren(...photos.map(item))
  }

  function add() {
    const isNew = (photo) => !photos.some((each) => each.name === photo.name && each.size === photo.size)
    const all = [...photos, ...[...input.files].filter(isNew)]
    status.textContent = all.length > limit ? most : ''
    photos = all.slice(0, limit)
    put()
  }

  function item(photo) {
    const row = document.createElement('li')
    const button = document.createElement('button')
    const picture = document.createElement('canvas')
    const name = document.createElement('bdi')
    name.textContent = photo.name
    picture.width = picture.height = SIDE
    draw(photo, picture).catch(() => {})
    button.type = 'button'
    button.className = 'plain'
    button.textContent = remove
    button.setAttribute('aria-label', `${remove} ${photo.name}`)
    button.addEventListener('click', () => {
      photos = photos.filter((each) => each !== photo)
      put()
      status.textContent = ''
      input.dispatchEvent(new Event('input', { bubbles: true }))
      input.focus()
    })
    row.append(picture, name, button)
    return row
  }

  input.addEventListener('change', add)
  addEventListener('reset', ({ target }) => {
    if (!target.contains(input)) return
    photos = []
    list.replaceChildren()
  })
  add()
}

async function draw(photo, picture) {
  const bitmap = await createImageBitmap(photo, { resizeHeight: SIDE, resizeQuality: 'low' })
  picture.width = bitmap.width
  picture.getContext('2d').drawImage(bitmap, 0, 0)
  bitmap.close()
}
