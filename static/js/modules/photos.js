// Makes photos small before they travel: a poor network is thankful, and a redrawn photo has lost its hidden details
// already on the phone. What cannot be redrawn goes as it is; the server redraws everything once more.
const LONGEST = 1800

export default async function shrink(body) {
  const photos = body.getAll('photos').filter((photo) => photo.size)
  const small = await Promise.all(photos.map((photo) => redraw(photo).catch(() => photo)))
  body.delete('photos')
  for (const photo of small) body.append('photos', photo, 'photo.jpg')
}

async function redraw(photo) {
  const picture = await createImageBitmap(photo)
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height))
  const canvas = document.createElement('canvas')
  canvas.width = picture.width * scale
  canvas.height = picture.height * scale
  canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height)
  picture.close()
  return new Promise((done, fail) => canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error('no picture'))), 'image/jpeg', 0.82))
}
