// What is pasted from Word, a Google document or a web page comes in as Markdown: headings, lists, links and tables stay,
// and everything else that such a page says about its looks goes.
import { tables } from "@joplin/turndown-plugin-gfm";
import TurndownService from "turndown";

const DROPPED = "script, style, meta, link, title, template, svg, iframe, object, form, button, del, [hidden], img:not([src^='http'])";
// Without one of these a page says nothing that plain text does not.
const SAYS_MORE = "h1, h2, h3, h4, h5, h6, ul, ol, table, a[href], strong, em, blockquote, img";
const BOLD = 600; // the least weight of letters that stand out
const DEEPEST = 6; // level of a heading

const turndown = new TurndownService({ headingStyle: "atx", bulletListMarker: "-", emDelimiter: "*", codeBlockStyle: "fenced" });
turndown.use(tables);
turndown.addRule("item", { filter: "li", replacement: item });

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
  tidy(page.body);
  return page.body.querySelector(SAYS_MORE) ? turndown.turndown(page.body).trim() : null;
}

// Our content policy forbids styles and scripts in a page, also in one that is only read. So what styles say is read.
function withoutStyles(html) {
  const plain = html.replace(/<style[\s\S]*?<\/style>/gi, "").replaceAll("\u00a0", " ").replaceAll("&nbsp;", " ");
  return plain.replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\s(style|on[a-z]+)\s*=/gi, " data-$1="));
}

function looks(one, name) {
  return new RegExp(`(?:^|;)\\s*${name}\\s*:\\s*([^;]+)`, "i").exec(one.dataset.style ?? "")?.[1].trim() ?? "";
}

function tidy(body) {
  const comments = document.createNodeIterator(body, NodeFilter.SHOW_COMMENT);
  for (let comment; (comment = comments.nextNode()); ) comment.remove();
  wordLists(body);
  for (const one of body.querySelectorAll(DROPPED)) one.remove();
  for (const one of body.querySelectorAll("b, strong, i, em, span")) byLooks(one);
  for (const one of body.querySelectorAll("a[href]")) destination(one);
  for (const one of body.querySelectorAll("table:not(:has(th)) tr:first-child > td")) renamed(one, "th");
  headings(body);
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
  for (const name of [bold && !one.closest("h1, h2, h3, h4, h5, h6") ? "strong" : "", italic ? "em" : ""].filter(Boolean)) {
    const around = document.createElement(name);
    around.append(...inside);
    inside = [around];
  }
  one.replaceWith(...inside);
}

// A link of Google's leads through Google; one that leads nowhere on the web is text.
function destination(link) {
  const address = URL.canParse(link.href) ? new URL(link.href) : null;
  const behind = address?.hostname === "www.google.com" && address.pathname === "/url" ? address.searchParams.get("q") : null;
  const there = behind ?? link.getAttribute("href");
  if (/^(https?:|mailto:|tel:|\/|#)/i.test(there)) link.setAttribute("href", there);
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
    mark?.remove();
    open.length = Math.min(open.length, level);
    if (open.length === level && open.at(-1).localName !== kind) open.pop();
    while (open.length < level) {
      const list = document.createElement(open.length + 1 === level ? kind : "ul");
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
