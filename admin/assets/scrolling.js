// Lets a preview stand where its text stands: both show the same share of what they hold.
export function scrollAlong(text, preview) {
  text.addEventListener("scroll", () => {
    preview.scrollTop = (text.scrollTop / most(text)) * most(preview);
  });
}

function most(pane) {
  return Math.max(1, pane.scrollHeight - pane.clientHeight);
}
