// A pasted error has ARNs, numbers and quotation marks that no page has: search for its words.
const SENTENCE = /(is )?not authorized to perform|EntityAlreadyExists|MalformedPolicy|LimitExceeded|DeleteConflict/i

function words(text) {
  const found = text.search(SENTENCE)
  return text
    .slice(Math.max(found, 0))
    .replace(/\barn:\S+|https?:\/\/\S+|\S*\d{4,}\S*/g, " ")
    .replace(/["'`“”│|✖{}()\[\]\\~^*+<>=,;]+/g, " ")
    .trim()
    .split(/\s+/)
    .slice(0, 25)
    .join(" ")
}

document.addEventListener("paste", event => {
  const field = event.target
  if (!field.matches?.("[data-md-component=search-query]")) return
  event.preventDefault()
  field.value = words(event.clipboardData.getData("text"))
  field.dispatchEvent(new KeyboardEvent("keyup", { bubbles: true }))
})
