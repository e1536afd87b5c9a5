// A <textarea data-markdown> becomes a Markdown editor, and its preview follows what is written.
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { markdown, markdownLanguage } from "@codemirror/lang-markdown";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { isInCell, putting } from "./parting.js";
import { markdownOf, ownLink } from "./pasting.js";
import { scrollAlong } from "./scrolling.js";
import { toolKeys, toolbar } from "./tools.js";

const QUIET_FOR = 250; // milliseconds without a key before the preview is asked for

const look = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "transparent", minHeight: "100%" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", fontSize: "0.9063rem", lineHeight: "1.65" },
  ".cm-content": { padding: "14px 0", caretColor: "var(--accent)" },
  ".cm-line": { padding: "0 14px" },
  ".cm-cursor": { borderLeftColor: "var(--accent)" },
  ".cm-panels": { backgroundColor: "var(--sunken)", color: "var(--ink)" },
  ".cm-searchMatch": { backgroundColor: "var(--waits-soft)" },
});

const colours = syntaxHighlighting(
  HighlightStyle.define([
    { tag: tags.heading, fontWeight: "600", color: "var(--accent-strong)" },
    { tag: tags.strong, fontWeight: "600" },
    { tag: tags.emphasis, fontStyle: "italic" },
    { tag: [tags.link, tags.url], color: "var(--accent)" },
    { tag: [tags.processingInstruction, tags.meta], color: "var(--ink-quiet)" },
    { tag: tags.quote, color: "var(--ink-soft)" },
  ]),
);

export function editors(page) {
  for (const field of page.querySelectorAll("textarea[data-markdown]")) edit(field);
}

const views = new WeakMap();

// Puts the cursor into a line of a field's editor, from 1; returns false where the field has none.
export function goTo(field, line) {
  const view = views.get(field);
  if (!view) return false;
  const place = view.state.doc.line(Math.min(Math.max(line, 1), view.state.doc.lines)).from;
  view.dispatch({ selection: { anchor: place }, effects: EditorView.scrollIntoView(place, { y: "center" }) });
  view.focus();
  return true;
}

// Puts a paragraph in after the line in which the cursor stands, with an empty line before and behind it.
export function putIn(field, words) {
  const view = views.get(field);
  const { doc, selection } = view.state;
  const line = doc.lineAt(selection.main.head);
  const textOf = (number) => (number > 0 && number <= doc.lines ? doc.line(number).text : "");
  const before = line.text ? "\n\n" : textOf(line.number - 1) ? "\n" : "";
  const insert = before + words + (textOf(line.number + 1) ? "\n" : "");
  const anchor = line.to + before.length + words.length;
  view.dispatch({ changes: { from: line.to, insert }, selection: { anchor }, userEvent: "input", scrollIntoView: true });
  view.focus();
}

// Links what is selected in a field's editor, or puts `title` in as a link where the cursor stands.
export function linkTo(field, address, title) {
  const view = views.get(field);
  const { from, to } = view.state.selection.main;
  const words = view.state.sliceDoc(from, to) || title.replace(/[\\[\]*_`<]/g, "\\$&");
  const insert = `[${words}](${address})`;
  const change = { changes: { from, to, insert }, selection: { anchor: from + insert.length } };
  view.dispatch({ ...change, userEvent: "input", scrollIntoView: true });
  view.focus();
}

function edit(field) {
  const ask = previewer(field);
  const place = document.createElement("div");
  place.className = "editor";
  field.after(place);
  field.hidden = true;
  // In a shadow root the editor's styles are sheets of their own, which a strict content policy allows.
  const root = place.attachShadow({ mode: "open" });
  const view = new EditorView({
    parent: root,
    root,
    state: EditorState.create({ doc: field.value, extensions: extensions(field, ask) }),
  });
  views.set(field, view);
  toolbar(field, view);
  scrollAlong(place, document.getElementById(field.dataset.markdown));
  const label = labelOf(field);
  label?.addEventListener("click", () => view.focus());
}

function extensions(field, ask) {
  return [
    history(),
    keymap.of([...toolKeys, ...searchKeymap, ...historyKeymap, ...defaultKeymap]),
    markdown({ base: markdownLanguage }),
    EditorView.lineWrapping,
    EditorView.domEventHandlers({ paste, beforeinput }),
    EditorView.contentAttributes.of({ "aria-label": labelOf(field)?.textContent.trim() ?? "Text", spellcheck: "true" }),
    EditorView.updateListener.of((update) => {
      if (!update.docChanged) return;
      field.value = update.state.doc.toString();
      field.dispatchEvent(new Event("input", { bubbles: true }));
      ask();
    }),
    look,
    colours,
  ];
}

function paste(event, view) {
  const html = event.clipboardData?.getData("text/html");
  const plain = event.clipboardData?.getData("text/plain") ?? "";
  const markdown = ownLink(plain.trim()) ?? (html ? markdownOf(html) : null) ?? (isInCell(view.state) ? plain : null);
  if (markdown === null) return false;
  event.preventDefault();
  view.dispatch(putting(view.state, markdown), { userEvent: "input.paste", scrollIntoView: true });
  return true;
}

// Chromium gives what replaces a selection the looks of what stood there, as a style that our content policy forbids; the
// editor puts the letters in without.
function beforeinput(event, view) {
  if (event.inputType !== "insertText" || !event.cancelable || view.state.selection.main.empty) return false;
  event.preventDefault();
  view.dispatch(view.state.replaceSelection(event.data ?? ""), { userEvent: "input.type", scrollIntoView: true });
  return true;
}

function labelOf(field) {
  return document.querySelector(`label[for="${field.id}"]`);
}

function previewer(field) {
  const shown = document.getElementById(field.dataset.markdown);
  let timer;
  let asked = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const mine = ++asked;
      const html = await rendered(field);
      // An answer that a later one has overtaken is dropped.
      if (html !== null && mine === asked) shown.innerHTML = html;
    }, QUIET_FOR);
  };
}

async function rendered(field) {
  const body = new FormData();
  body.set("markdown", field.value);
  body.set("csrf_token", field.form.elements.csrf_token.value);
  try {
    const answer = await fetch("/admin/preview", { method: "POST", body });
    return answer.ok ? await answer.text() : null;
  } catch {
    return null;
  }
}
