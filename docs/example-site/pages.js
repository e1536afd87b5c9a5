// The pages: each is made of the copy alone. The server has made its HTML safe; words are set as text.
const SERVER = document.querySelector("meta[name=verso]").content;

export function list(copy, words) {
  const found = all(copy, "article").filter((one) => holds(one, words));
  const answered = words ? all(copy, "faq").filter((one) => holds(one, words)) : [];
  return [
    tag("h1", words ? `What says “${words}”` : "Articles"),
    tag("ul", ...found.map((one) => tag("li", link(one, one.title), tag("p", one.summary ?? "")))),
    ...answered.map(question),
    found.length + answered.length ? "" : tag("p", "There is nothing."),
    ...(words ? [] : [...copy.notices.values()].map((notice) => tag("p", link(notice, notice.title), ": ", why(notice)))),
  ];
}

export function article(copy, id) {
  const notice = copy.notices.get(id);
  const found = all(copy, "article").find((one) => one.id === id);
  if (!found) return [tag("h1", notice?.title ?? "There is nothing here"), notice ? warning(why(notice)) : ""];
  const { reviewers, status, last_reviewed_on: on } = found.review;
  const names = reviewers.map((one) => one.name).join(", ");
  return [
    tag("h1", found.title),
    tag("p", status === "reviewed" ? `Reviewed by ${names}, ${on}` : "No review of this text is in force."),
    banner(found),
    found.image?.url ? picture(found.image) : "",
    html("article", found.body.html),
    ...found.faqs.map(({ id }) => copy.entries.get(id)).filter(Boolean).map(question),
    found.sources.length ? tag("h2", "Sources") : "",
    tag("ul", ...found.sources.map((one) => tag("li", one.url ? out(one.url, one.title) : one.title))),
    tag("p", `Changed on ${found.dates.updated_at.slice(0, 10)}`),
  ];
}

function question(faq) {
  const warnings = faq.warnings.map((one) => html("aside", one.html));
  return tag("details", tag("summary", faq.question), banner(faq), ...warnings, html("div", faq.answer.html));
}

// What readers must know of a text whose review is overdue.
function banner({ review }) {
  return review.banner ? html("aside", review.banner.html) : "";
}

function all(copy, type) {
  const dated = (one) => one.dates.originally_published_on ?? one.dates.first_published_at;
  const some = [...copy.entries.values()].filter((one) => one.type === type);
  return some.sort((one, other) => dated(other).localeCompare(dated(one)));
}

function holds(one, words) {
  const text = [one.title, one.summary, one.body?.text, one.question, one.answer?.text].join(" ").toLowerCase();
  return words.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}

function why({ notice }) {
  return `${notice.reason} on ${notice.at.slice(0, 10)}. ${notice.note ?? ""}`;
}

function warning(text) {
  return tag("aside", tag("p", text));
}

// By the id: two languages may have the same slug.
function link({ id }, text) {
  return out(`#${id}`, text);
}

function out(href, text) {
  return Object.assign(tag("a", text), { href });
}

function picture({ url, width, height, alt, caption, credit }) {
  const shown = Object.assign(document.createElement("img"), { src: SERVER + url, width, height, alt });
  return tag("figure", shown, tag("figcaption", [caption, credit].filter(Boolean).join(" · ")));
}

// Pictures stand at paths of the server, which is another one than this site's; nothing in a template loads before.
function html(name, content) {
  const { content: made } = Object.assign(document.createElement("template"), { innerHTML: content });
  for (const one of made.querySelectorAll("img, source"))
    for (const { name, value } of [...one.attributes])
      if (/^src(set)?$/.test(name)) one.setAttribute(name, value.replace(/(^|, )(?=\/)/g, `$1${SERVER}`));
  return tag(name, made);
}

function tag(name, ...children) {
  const made = document.createElement(name);
  made.append(...children);
  return made;
}
