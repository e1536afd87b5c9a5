// What is pasted from Word, a Google document or a web page comes in as Markdown: headings, lists, links and tables stay,
// and everything else that such a page says about its looks goes.
import { tables } from "@joplin/turndown-plugin-gfm";
import TurndownService from "turndown";
import { spread } from "./spans.js";

const DROPPED = "script, style, meta, link, title, template, svg, iframe, object, select, textarea, button, del, [hidden], .MsoCommentReference, .msocomanchor, .msocomoff, img:not([src^='http'])";
const STRUCK = "del, s, strike"; // plain text has these as words like any other
// Without one of these a page says nothing that plain text does not.
const SAYS_MORE = "h1, h2, h3, h4, h5, h6, ul, ol, table, a[href], strong, em, blockquote, img";
const BOLD = 600; // the least weight of letters that stand out
const DEEPEST = 6; // level of a heading
const LINE_END = "\ufdd0"; // where a line ended within a cell, until all is Markdown; no text may hold this character
const RAISED = { 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹", "+": "⁺", "-": "⁻", "−": "⁻", "–": "⁻", "=": "⁼", "(": "⁽", ")": "⁾", n: "ⁿ", i: "ⁱ" };
const LOWERED = { 0: "₀", 1: "₁", 2: "₂", 3: "₃", 4: "₄", 5: "₅", 6: "₆", 7: "₇", 8: "₈", 9: "₉", "+": "₊", "-": "₋", "−": "₋", "–": "₋", "=": "₌", "(": "₍", ")": "₎" };
// What says the same on the line: 19th, 1er, a trademark, and the mark of a footnote, which stands in brackets.
const SAME_ON_THE_LINE = /^(st|nd|rd|th|er|e|re|ère|ème|o|a|tm|sm|[ªº™®©°*†‡§]+|\[.*\])$/i;

const turndown = new TurndownService({ headingStyle: "atx", bulletListMarker: "-", emDelimiter: "*", codeBlockStyle: "fenced" });
turndown.use(tables);
turndown.addRule("item", { filter: "li", replacement: item });
turndown.addRule("struck", { filter: "s", replacement: (content) => content.replace(/\S(?:.*\S)?/g, "~~$&~~") });

function item(content, node) {
  const list = node.parentNode;
  const number = list.nodeName === "OL" ? Number(list.getAttribute("start") ?? 1) + [...list.children].indexOf(node) : 0;
  const mark = number ? `${number}. ` : "- ";
  const inside = content.trim().replace(/\n/g, `\n${" ".repeat(mark.length)}`);
  return `${mark}${inside}${node.nextElementSibling ? "\n" : ""}`;
}

// Returns the Markdown of a page's HTML, or null where the plain text says all of it.
export function markdownOf(html) {
  // Parsed apart from our page: nothing in it runs, and nothing is fetched.
  const page = new DOMParser().parseFromString(withoutStyles(html), "text/html");
  // Plain text says nothing of what stands above or below the line, nor of what is struck out or not shown.
  const letters = [...page.body.querySelectorAll("sup, sub, span")].filter(offTheLine);
  const quiet = [...page.body.querySelectorAll("*")].filter((one) => one.matches(STRUCK) || isStruck(one) || isUnshown(one));
  tidy(page.body);
  return letters.length || quiet.length || page.body.querySelector(SAYS_MORE) ? withLineEnds(turndown.turndown(page.body).trim()) : null;
}

// Our content policy forbids styles and scripts in a page, also in one that is only read. So what styles say is read.
function withoutStyles(html) {
  const plain = html.replace(/<style[\s\S]*?<\/style>/gi, "").replaceAll("\u00a0", " ").replaceAll("&nbsp;", " ");
  return plain.replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\s(style|on[a-z]+)\s*=/gi, " data-$1="));
}

function looks(one, name) {
  return new RegExp(`(?:^|;)\\s*${name}\\s*:\\s*([^;]+)`, "i").exec(one.dataset.style ?? "")?.[1].trim() ?? "";
}

function isStruck(one) {
  return /line-through/i.test(looks(one, "text-decoration") + looks(one, "text-decoration-line"));
}

// What a page does not show, and Word's comments, which it shows beside the text.
function isUnshown(one) {
  return /^none/i.test(looks(one, "display")) || /^all/i.test(looks(one, "mso-hide")) || /^comment/i.test(looks(one, "mso-element"));
}

function tidy(body) {
  const comments = document.createNodeIterator(body, NodeFilter.SHOW_COMMENT);
  for (let comment; (comment = comments.nextNode()); ) comment.remove();
  for (const one of body.querySelectorAll("*")) if (isUnshown(one)) one.remove();
  wordLists(body);
  for (const one of body.querySelectorAll("button")) if (isText(one)) spoken(one);
  for (const one of body.querySelectorAll(DROPPED)) one.remove();
  for (const one of body.querySelectorAll("form")) renamed(one, "div");
  for (const one of body.querySelectorAll("strike")) renamed(one, "s");
  for (const one of body.querySelectorAll("details, summary")) renamed(one, one.localName === "details" ? "div" : "p");
  for (const one of body.querySelectorAll("b, strong, i, em, span")) byLooks(one);
  for (const one of body.querySelectorAll("s + s")) joined(one);
  for (const one of body.querySelectorAll("a[href]")) destination(one);
  for (const one of body.querySelectorAll(":is(ul, ol) > :is(ul, ol)")) nested(one);
  for (const one of body.querySelectorAll("li > p:first-child:not(:has(~ p))")) one.replaceWith(...one.childNodes);
  for (const one of body.querySelectorAll("td, th")) oneLine(one);
  for (const one of body.querySelectorAll("table:not(:has(table))")) {
    spread(one);
    headed(one);
  }
  headings(body);
}

// A button that stands alone is there to be pressed, like Share. One in a heading or in a sentence, or that opens what
// stands under it, as in a list of questions, is words of the text.
function isText(button) {
  const besides = [button.previousSibling, button.nextSibling].some((one) => one?.nodeType === Node.TEXT_NODE && one.data.trim());
  return besides || button.matches(":is(h1, h2, h3, h4, h5, h6, summary, dt, th) button, [aria-expanded], :has(h1, h2, h3, h4, h5, h6)");
}

function spoken(button) {
  const alone = button.matches("[aria-expanded]") && !button.closest("h1, h2, h3, h4, h5, h6, p") && !button.querySelector("h1, h2, h3, h4, h5, h6, p");
  if (alone) renamed(button, "p");
  else button.replaceWith(...button.childNodes);
}

// Markdown knows no letters above or below the line, and 10⁹ must not become 109: digits and signs have letters of their
// own, of which all are taken or none, and what else stands there is told by a ^ or a _. Returns whether anything was told.
function offTheLine(one) {
  const looked = one.localName === "span" ? looks(one, "vertical-align") : one.localName;
  const raised = /^sup/.test(looked);
  const words = one.textContent.trim();
  if (!words || !/^su[pb]/.test(looked) || SAME_ON_THE_LINE.test(words)) return false;
  const letters = raised ? RAISED : LOWERED;
  const told = [...words].every((letter) => letter in letters)
    ? [...words].map((letter) => letters[letter]).join("")
    : `${raised ? "^" : "_"}${words.length > 1 ? `(${words})` : words}`;
  one.textContent = one.textContent.replace(words, () => told);
  return true;
}

// Google puts a list right into the list above it, and not into the item that it belongs to.
function nested(list) {
  const item = list.previousElementSibling ?? document.createElement("li");
  if (!item.parentNode) list.before(item);
  item.append(list);
}

// A cell is one line in Markdown, in which no <br> is known.
function oneLine(cell) {
  for (const one of cell.querySelectorAll("br")) one.replaceWith(LINE_END);
  for (const one of cell.querySelectorAll("p, div, li, ul, ol, h1, h2, h3, h4, h5, h6, blockquote, pre")) one.replaceWith(...one.childNodes, one.nextSibling ? LINE_END : "");
}

// The lines of a cell are parted by a semicolon, unless the line before ends a sentence.
function withLineEnds(markdown) {
  return markdown.replace(new RegExp(`[ \\t]*(?:${LINE_END}[ \\t]*)+`, "g"), (_, at, all) => {
    const before = all[at - 1] ?? "|";
    const after = all.slice(at).replace(new RegExp(`^[ \\t${LINE_END}]+`), "")[0] ?? "|";
    return before === "|" || after === "|" || /[.,;:!?]/.test(before) ? " " : "; ";
  });
}

// A table of Markdown's has a row of headings, so its first row with words is that where it has none; an empty one says nothing.
function headed(table) {
  for (const row of [...table.rows]) {
    if (row.textContent.trim() || row.querySelector("img")) break;
    row.remove();
  }
  const first = table.rows[0];
  if (!first) return;
  if (first.parentNode !== table.tHead) table.createTHead().append(first);
  for (const cell of [...first.cells]) if (cell.localName === "td") renamed(cell, "th");
}

function renamed(one, name) {
  const other = document.createElement(name);
  other.append(...one.childNodes);
  one.replaceWith(other);
}

// Google wraps all it copies in a <b> that is not bold, and makes words bold by a <span>; so it is the looks that count.
function byLooks(one) {
  const weight = looks(one, "font-weight") || (one.matches("b, strong") ? "bold" : "");
  const bold = weight === "bold" || Number(weight) >= BOLD;
  const italic = (looks(one, "font-style") || (one.matches("i, em") ? "italic" : "")) === "italic";
  let inside = [...one.childNodes];
  for (const name of [bold && !one.closest("h1, h2, h3, h4, h5, h6") ? "strong" : "", italic ? "em" : "", isStruck(one) && !one.closest("s") ? "s" : ""].filter(Boolean)) {
    const around = document.createElement(name);
    around.append(...inside);
    inside = [around];
  }
  one.replaceWith(...inside);
}

// Word strikes out each run of letters by itself, and marks that touch would cancel each other.
function joined(struck) {
  const before = struck.previousSibling;
  if (before.localName !== "s") return;
  struck.prepend(...before.childNodes);
  before.remove();
}

// The link by its id to the text of ours whose form has this address in the newsroom, or null.
export function ownLink(address) {
  const [, from, plural, id] = /^(https?:\/\/[^/]+)?\/admin\/([a-z_]+)\/([0-9a-f-]{36})\/?(?:[?#]\S*)?$/.exec(address) ?? [];
  const there = `/api/v1/${plural}`;
  return id && (from ?? location.origin) === location.origin && document.querySelector(`[data-at="${there}"]`) ? `${there}/${id}` : null;
}

// A link of Google's leads through Google; one that leads nowhere on the web is text, and so is one to a mark of Word's own,
// a footnote's as most often, which no text of ours has.
function destination(link) {
  const address = URL.canParse(link.href) ? new URL(link.href) : null;
  const behind = address?.hostname === "www.google.com" && address.pathname === "/url" ? address.searchParams.get("q") : null;
  const there = behind ?? link.getAttribute("href");
  if (/^(https?:|mailto:|tel:|\/|#(?!_))/i.test(there)) link.setAttribute("href", ownLink(there) ?? there);
  else link.replaceWith(...link.childNodes);
}

// The title of an article is its own field, so that its headings begin with the second level.
function headings(body) {
  if (!body.querySelector("h1")) return;
  for (const one of body.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
    renamed(one, `h${Math.min(Number(one.nodeName[1]) + 1, DEEPEST)}`);
  }
}

// Word's lists are paragraphs that say their level, with the bullet or the number as letters.
function wordLists(body) {
  let open = [];
  for (const one of [...body.querySelectorAll("p, h1, h2, h3, h4, h5, h6, table, ul, ol")]) {
    const level = Number(/level(\d+)/.exec(looks(one, "mso-list"))?.[1] ?? 0);
    if (!level) {
      open = [];
      continue;
    }
    const mark = [...one.querySelectorAll("span")].find((span) => /ignore/i.test(looks(span, "mso-list")));
    const kind = /^\s*(\d+|[a-z])[.)]/i.test(mark?.textContent ?? "") ? "ol" : "ul";
    const number = /(\d+)\D*$/.exec(mark?.textContent ?? "")?.[1];
    mark?.remove();
    open.length = Math.min(open.length, level);
    if (open.length === level && open.at(-1).localName !== kind) open.pop();
    while (open.length < level) {
      const list = document.createElement(open.length + 1 === level ? kind : "ul");
      if (list.localName === "ol" && number) list.setAttribute("start", number);
      const above = open.at(-1);
      if (above) (above.lastElementChild ?? above.appendChild(document.createElement("li"))).append(list);
      else one.before(list);
      open.push(list);
    }
    const entry = document.createElement("li");
    entry.append(...one.childNodes);
    open.at(-1).append(entry);
    one.remove();
  }
}
