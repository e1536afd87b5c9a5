// Lets a preview stand where its text stands: both show the same share of what they hold.
export function scrollAlong(text, preview) {
  const align = () => {
    preview.scrollTop = (text.scrollTop / most(text)) * most(preview);
  };
  text.addEventListener("scroll", align);
  // What is shown comes a moment after what is typed, when the text stands where it stands already.
  new MutationObserver(align).observe(preview, { childList: true });
}

function most(pane) {
  return Math.max(1, pane.scrollHeight - pane.clientHeight);
}
