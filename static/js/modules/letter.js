// The address of a letter holds its code. The page takes another address, so that Back and the list of open pages show
// none, and goes on by itself where the code is good.
export default function letter(form) {
  if (location.href !== form.action) history.replaceState(null, '', form.action)
  if ('onwards' in form.dataset) form.submit()
}
