// What the buttons above a Markdown editor do, and their keys. Each works on the selection, or where the cursor stands.
import { EditorSelection } from "@codemirror/state";

const HEADING = /^#{1,6} +/;
const ITEM = /^(?:[-*+]|\d+[.)]) +/;
const QUOTE = /^> ?/;
const TABLE = "| Column | Column |\n| --- | --- |\n| Cell | Cell |\n";

const tools = {
  bold: { key: "Mod-b", run: surround("**") },
  italic: { key: "Mod-i", run: surround("*") },
  heading: { key: "Mod-Alt-h", run: eachLine(HEADING, (mark) => ({ "": "## ", "## ": "### " })[mark] ?? "") },
  list: { key: "Mod-Shift-8", run: eachLine(ITEM, (mark) => (/^[-*+]/.test(mark) ? "" : "- ")) },
  numbered: { key: "Mod-Shift-7", run: eachLine(ITEM, (mark, place) => (/^\d/.test(mark) ? "" : `${place + 1}. `)) },
  link: { key: "Mod-k", run: link },
  quote: { key: "Mod-Shift-9", run: eachLine(QUOTE, (mark) => (mark ? "" : "> ")) },
  table: { key: "Mod-Alt-t", run: table },
};

export const toolKeys = Object.values(tools).map(({ key, run }) => ({ key, run, preventDefault: true }));

export function toolbar(field, view) {
  const bar = document.querySelector(`[data-toolbar="${field.id}"]`);
  if (!bar) return;
  bar.hidden = false;
  bar.addEventListener("click", (event) => {
    const tool = tools[event.target.closest("[data-tool]")?.dataset.tool];
    if (!tool) return;
    tool.run(view);
    view.focus();
  });
  rove(bar);
}

// One stop for the Tab key, and the arrow keys from button to button, after the ARIA pattern for toolbars.
function rove(bar) {
  const buttons = [...bar.querySelectorAll("button")];
  const stopAt = (place) => buttons.forEach((button, at) => (button.tabIndex = at === place ? 0 : -1));
  stopAt(0);
  bar.addEventListener("keydown", (event) => {
    const here = buttons.indexOf(document.activeElement);
    const there = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (there === undefined) return;
    event.preventDefault();
    const place = (there + buttons.length) % buttons.length;
    stopAt(place);
    buttons[place].focus();
  });
}

function surround(mark) {
  return (view) => {
    const { state } = view;
    const change = state.changeByRange(({ from, to }) => {
      const outer = state.sliceDoc(from - mark.length, from) === mark && state.sliceDoc(to, to + mark.length) === mark;
      if (outer) {
        const changes = [{ from: from - mark.length, to: from }, { from: to, to: to + mark.length }];
        return { changes, range: EditorSelection.range(from - mark.length, to - mark.length) };
      }
      const changes = [{ from, insert: mark }, { from: to, insert: mark }];
      return { changes, range: EditorSelection.range(from + mark.length, to + mark.length) };
    });
    view.dispatch(state.update(change, { userEvent: "input" }));
    return true;
  };
}

// `next` says what stands in place of the mark that a line begins with; the first line decides for all.
function eachLine(pattern, next) {
  return (view) => {
    const lines = linesOf(view.state);
    const first = pattern.exec(lines[0].text)?.[0] ?? "";
    const changes = lines.map((line, place) => {
      const mark = pattern.exec(line.text)?.[0] ?? "";
      return { from: line.from, to: line.from + mark.length, insert: next(first, place) };
    });
    const changed = view.state.changes(changes);
    const selection = view.state.selection.map(changed, 1);
    view.dispatch({ changes: changed, selection, userEvent: "input" });
    return true;
  };
}

function linesOf({ doc, selection }) {
  const { from, to } = selection.main;
  const lines = [];
  for (let at = doc.lineAt(from).number; at <= doc.lineAt(to).number; at++) lines.push(doc.line(at));
  return lines;
}

function link(view) {
  const { from, to } = view.state.selection.main;
  const words = view.state.sliceDoc(from, to);
  const address = from + words.length + 3;
  view.dispatch({
    changes: { from, to, insert: `[${words}](https://)` },
    selection: words ? EditorSelection.range(address, address + "https://".length) : { anchor: from + 1 },
    userEvent: "input",
  });
  return true;
}

function table(view) {
  const { doc, selection } = view.state;
  const line = doc.lineAt(selection.main.head);
  const before = line.text ? "\n\n" : "";
  const start = line.to + before.length + "| ".length;
  view.dispatch({
    changes: { from: line.to, insert: `${before}${TABLE}` },
    selection: EditorSelection.range(start, start + "Column".length),
    userEvent: "input",
  });
  return true;
}
