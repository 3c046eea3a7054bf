// The map and the phone's position. Both only fill in latitude and longitude; the server decides what they mean.
const METRES = 25
const STREET = 100
const COARSEST = 1000 // the server refuses what is known no better
const METRES_PER_DEGREE = 111320

export default function place(field) {
  const data = field.dataset
  const find = (selector) => field.querySelector(selector)
  const [map, circle, status, remove] = ['[type=image]', 'circle', '.said', '[name=remove_point]'].map(find)
  const latitude = find('[name=latitude]')
  const longitude = find('[name=longitude]')
  const accuracy = find('[name=accuracy]')
  const button = find('[data-position]')
  const [south, north, west, east] = data.bounds.split(' ').map(Number)

  function put(lat, lon, words, metres = '') {
    latitude.value = lat
    longitude.value = lon
    accuracy.value = metres
    latitude.dispatchEvent(new Event('input', { bubbles: true }))
    status.textContent = words
    remove.hidden = lat === ''
  }

  function choose(lat, lon, words = data.chosen, metres = '') {
    circle.setAttribute('cx', (lon - data.west) * data.perLongitude)
    circle.setAttribute('cy', (data.north - lat) * data.perLatitude)
    put(lat.toFixed(5), lon.toFixed(5), words, metres)
  }

  // Rounded here, so that the exact position never leaves the phone.
  function found({ coords }) {
    const step = METRES / METRES_PER_DEGREE
    const across = step / Math.cos((north * Math.PI) / 180)
    const inside = coords.latitude > south && coords.latitude < north && coords.longitude > west && coords.longitude < east
    if (!inside) {
      status.textContent = data.outside
      return
    }
    const metres = Math.ceil(coords.accuracy / 5) * 5
    const say = (words) => words.replace('{metres}', metres.toLocaleString(document.documentElement.lang))
    if (metres > COARSEST) {
      status.textContent = say(data.inexact)
      return
    }
    const coarse = metres > STREET
    map.closest('details').open = !coarse
    choose(Math.round(coords.latitude / step) * step, Math.round(coords.longitude / across) * across, coarse ? say(data.coarse) : data.chosen, metres)
  }

  map.addEventListener('click', (event) => {
    event.preventDefault()
    if (!event.detail) return // a key, not a finger: no point was meant
    const box = map.getBoundingClientRect()
    choose(data.north - (event.clientY - box.top) / data.perLatitude, +data.west + (event.clientX - box.left) / data.perLongitude)
  })

  remove.addEventListener('click', (event) => {
    event.preventDefault()
    circle.setAttribute('cx', -20)
    put('', '', data.removed)
    map.closest('details').querySelector('summary').focus()
  })

  field.closest('form').addEventListener('reset', () => {
    circle.setAttribute('cx', -20)
    put('', '', '')
  })

  if (!navigator.geolocation) return
  button.hidden = false
  button.addEventListener('click', () => {
    status.textContent = data.finding
    navigator.geolocation.getCurrentPosition(found, () => { status.textContent = data.denied }, { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 })
  })
}
