// On a page with [data-passages]: what is marked in a text comes into the comment's form, and passages that were commented
// on are shown in their text. Passages are told by their words, white space aside.
export function passages(page) {
  const texts = page.querySelector("[data-passages]");
  const asks = page.querySelector("[data-comment]");
  if (!texts) return;
  if (asks) page.addEventListener("selectionchange", () => take(page.getSelection(), texts, asks));
  show(page, texts);
}

function take(selection, texts, asks) {
  const words = selection.toString().trim();
  const text = fieldOf(selection.anchorNode);
  if (!words || !text || !texts.contains(text) || text !== fieldOf(selection.focusNode)) return;
  asks.open = true;
  asks.querySelector("[name=field]").value = text.dataset.field;
  asks.querySelector("[name=passage]").value = words;
}

function fieldOf(node) {
  const element = node instanceof Element ? node : node?.parentElement;
  return element?.closest("[data-field]");
}

function show(page, texts) {
  if (!globalThis.Highlight) return;
  const ranges = [...page.querySelectorAll("[data-passage]")].map((quoted) =>
    found(texts.querySelector(`[data-field="${quoted.dataset.passage}"]`), quoted.textContent),
  );
  CSS.highlights.set("passages", new Highlight(...ranges.filter(Boolean)));
}

// Where a passage stands in an element, as a Range, or null.
function found(element, passage) {
  if (!element) return null;
  const places = [];
  let words = "";
  const walk = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    for (let at = 0; at < node.data.length; at += 1) {
      if (/\s/.test(node.data[at])) continue;
      words += node.data[at];
      places.push([node, at]);
    }
  }
  const wanted = passage.replace(/\s+/g, "");
  const start = wanted ? words.indexOf(wanted) : -1;
  if (start < 0) return null;
  const range = document.createRange();
  const [[first, from], [last, to]] = [places[start], places[start + wanted.length - 1]];
  range.setStart(first, from);
  range.setEnd(last, to + 1);
  return range;
}
