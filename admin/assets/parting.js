// Blocks of Markdown are put in parted by blank lines from what stands on both sides of the selection: else a heading behind
// a table is a row of it, and a list's first mark a word of the paragraph before. In a quote, and in an item of a list, they
// stand within it; items join a list of their kind, and a heading ends it. In a cell of a table they are one line.
import { ensureSyntaxTree, syntaxTree } from "@codemirror/language";
import { EditorSelection } from "@codemirror/state";

const BLOCKS = /\n[ \t]*\n|^(?:#{1,6} |[-*+] |\d{1,9}[.)] |> |\| |```)/m;
const TABLE = /^\|/m;
const HEADING = /^#{1,6} /m;
const ITEM = /^[\s>]*([-*+]|\d{1,9}[.)])(?=[ \t]|$)/;
// The marks of the quotes and the items that a line stands in, in their order.
const OPENING = /^(?:[ \t]*(?:>|(?:[-*+]|\d{1,9}[.)])(?=[ \t]|$))[ \t]*)*/;
const MARK = /(?:[-*+]|\d{1,9}[.)])(?=[ \t]*$)/; // an item's, where it is the last of an opening
const MARKS_ONLY = /^[ \t]*(?:(?:>|[-*+]|\d{1,9}[.)])[ \t]*)*(?:#{1,6}[ \t]+)?$/;
const PARSED_WITHIN = 200; // milliseconds

// Returns the transaction that puts Markdown in the place of each selection; words within a line stay as they are.
export function putting(state, markdown) {
  const tree = ensureSyntaxTree(state, state.selection.main.to, PARSED_WITHIN) ?? syntaxTree(state);
  if (around(tree, state.selection.main.from, "FencedCode", "CodeBlock")) return state.replaceSelection(markdown);
  return state.changeByRange(({ from, to }) => {
    const { changes, words } = put(state, tree, from, to, markdown);
    return { changes, range: EditorSelection.cursor(changes.from + words) };
  });
}

// Whether the cursor stands in a cell of a table, where a line's end would cut its row in two.
export function isInCell(state) {
  const { from, to } = state.selection.main;
  return isCell(state, ensureSyntaxTree(state, to, PARSED_WITHIN) ?? syntaxTree(state), from, to);
}

function put(state, tree, from, to, markdown) {
  if (isCell(state, tree, from, to)) {
    if (!TABLE.test(markdown)) return asTheyAre(from, to, inOneLine(markdown));
    from = to = around(tree, from, "Table").to;
  }
  return BLOCKS.test(markdown) ? parted(state, containerOf(state, tree, from), from, to, markdown) : asTheyAre(from, to, markdown);
}

function asTheyAre(from, to, insert) {
  return { changes: { from, to, insert }, words: insert.length };
}

function isCell({ doc }, tree, from, to) {
  const line = doc.lineAt(from);
  const [before, behind] = [line.text.slice(0, from - line.from).trim(), line.text.slice(to - line.from).trim()];
  const isWithin = before && (behind || !before.endsWith("|"));
  return Boolean(to <= line.to && isWithin && around(tree, from, "TableRow", "TableHeader"));
}

// As in a table that is pasted, a semicolon parts what were lines, unless a sentence ends there.
function inOneLine(markdown) {
  const lines = markdown.split("\n").map((line) => line.replace(/^[\s>]*(?:#{1,6} |[-*+] )?/, "").replace(/\\?\s*$/, ""));
  const told = lines.filter((line) => line && !/^(`{3}|~{3})/.test(line));
  return told.reduce((all, one) => `${all}${/[.,;:!?]$/.test(all) ? "" : ";"} ${one}`, "").replace(/^; /, "").replace(/(?<!\\)\|/g, "\\|");
}

function around(tree, at, ...names) {
  let node = tree.resolveInner(at, -1);
  while (node && !names.includes(node.name)) node = node.parent;
  return node;
}

// What a place stands in: the line that opens it, with what that opens with, its item's mark if it is one, and what further
// lines begin with within it and beside it.
function containerOf({ doc }, tree, at) {
  const here = doc.lineAt(at);
  const node = around(tree, at, "ListItem", "Blockquote");
  const line = node ? doc.lineAt(node.from) : here;
  const typed = node ? line.text : here.text.slice(0, at - here.from);
  const opening = OPENING.exec(typed)[0];
  const mark = MARK.exec(opening)?.[0] ?? "";
  const further = (text) => text.replace(/[-*+]|\d{1,9}[.)]/g, (one) => " ".repeat(one.length));
  return { line, opening, mark, within: further(opening), beside: further(mark ? opening.slice(0, opening.lastIndexOf(mark)) : opening) };
}

function parted({ doc }, { line, opening, mark, within, beside }, from, to, markdown) {
  const [first, last] = [doc.lineAt(from), doc.lineAt(to)];
  const isList = ITEM.test(markdown) && markdown.split("\n").every((one) => !one.trim() || /^\s/.test(one) || ITEM.test(one));
  const joins = (text) => isList && kindOf(text) === kindOf(markdown);
  const leaves = mark && (isList || HEADING.test(markdown));
  const prefix = leaves ? beside : within;
  const blank = `${prefix.trimEnd()}\n`;
  const typed = first.text.slice(0, from - first.from);
  const bare = MARKS_ONLY.test(typed);

  let begins = from - (typed.length - typed.trimEnd().length);
  let lead = `\n${joins(opening) ? "" : blank}${prefix}`;
  if (bare) {
    const above = first.number > 1 ? doc.line(first.number - 1).text : "";
    begins = first.from;
    lead = opening && !leaves && line.number === first.number ? typed : `${isBlank(above) || joins(above) ? "" : blank}${prefix}`;
  }

  const rest = last.text.slice(to - last.from).trimStart();
  const below = last.number < doc.lines ? doc.line(last.number + 1) : null;
  let ends = last.to - rest.length;
  let tail = "";
  if (rest && to === last.from) tail = `\n${joins(rest) ? "" : blank}`;
  else if (rest && joins(opening)) tail = `\n${beside}${mark} `;
  else if (rest) tail = `\n${blank}${bare && (leaves || !opening) ? typed : prefix}`;
  else if (below && !isBlank(below.text) && !joins(below.text)) {
    if (joins(opening)) {
      // It goes on in further lines, which are words of their own then.
      ends = below.from + /^[\s>]*/.exec(below.text)[0].length;
      tail = `\n${beside}${mark} `;
    } else tail = `\n${blank.trimEnd()}`;
  }

  const lines = (joins(opening) ? markedAs(mark, markdown) : markdown).split("\n");
  const words = lead + lines.map((one, at) => (at ? (one ? prefix + one : prefix.trimEnd()) : one)).join("\n");
  return { changes: { from: begins, to: ends, insert: words + tail }, words: words.length };
}

function isBlank(text) {
  return /^[\s>]*$/.test(text);
}

function kindOf(text) {
  const mark = ITEM.exec(text)?.[1];
  return mark && (/\d/.test(mark) ? "numbered" : "bulleted");
}

// Other marks would begin a list of their own.
function markedAs(mark, markdown) {
  return /\d/.test(mark) ? markdown.replace(/^(\d+)[.)]/gm, `$1${mark.at(-1)}`) : markdown.replace(/^[-*+](?= )/gm, mark);
}
