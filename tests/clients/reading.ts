// What a website's developer would write with the generated types: a list, an article, an FAQ, the past, an error.
import createClient from "openapi-fetch";
import type { components, paths } from "./verso.js";

declare const process: { argv: string[] };

type Article = components["schemas"]["Article"];
type Status = components["schemas"]["ReviewStatus"];

const verso = createClient<paths>({ baseUrl: process.argv[2]! });

async function firstArticle(): Promise<Article> {
  const { data, error } = await verso.GET("/api/v1/articles", { params: { query: { limit: 1, total: true } } });
  if (error) throw new Error(error.detail);
  const card = data.data[0];
  if (!card) throw new Error("nothing is public");
  const whole = await verso.GET("/api/v1/articles/{key}", { params: { path: { key: card.id } } });
  if (whole.error) throw new Error(whole.error.detail);
  return whole.data as Article; // all of it, for no `fields` were asked for
}

const article = await firstArticle();
const status: Status = article.review.status;
const faq = await verso.GET("/api/v1/faqs/{key}", { params: { path: { key: article.faqs[0]!.id } } });
const before = await verso.GET("/api/v1/articles", { params: { query: { as_of: 0 } } });
const missing = await verso.GET("/api/v1/articles/{key}", { params: { path: { key: "nothing" } } });
const wrong = await verso.GET("/api/v1/articles", { params: { query: { limit: 1000 } } });

console.log(
  JSON.stringify({
    title: article.title,
    headings: article.sections.map((section) => section.heading),
    status,
    question: faq.data?.question,
    before: before.data?.data.length,
    sequence: before.response.headers.get("Verso-Sequence"),
    missing: missing.error?.status,
    wrong: wrong.error?.errors.map((fault) => fault.pointer),
  }),
);
