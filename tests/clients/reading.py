"""What an app's developer would write with the generated client: a list, an article, an FAQ, the past, an error."""

import json
import sys

from verso import Client
from verso.api.articles import get_article, list_articles
from verso.api.faqs import get_faq
from verso.models import Article, ArticleCard, ArticleList, Faq, Problem

verso = Client(base_url=sys.argv[1], follow_redirects=True)


def first_article() -> Article:
    page = list_articles.sync(client=verso, limit=1, total=True)
    assert isinstance(page, ArticleList)
    card = page.data[0]
    assert isinstance(card, ArticleCard)
    article = get_article.sync(str(card.id), client=verso)
    assert isinstance(article, Article)
    return article


article = first_article()
faq = get_faq.sync(str(article.faqs[0].id), client=verso)
before = list_articles.sync_detailed(client=verso, as_of=0)
missing = get_article.sync("nothing", client=verso)
wrong = list_articles.sync(client=verso, limit=1000)
assert isinstance(faq, Faq)
assert isinstance(before.parsed, ArticleList)
assert isinstance(missing, Problem)
assert isinstance(wrong, Problem)

print(
    json.dumps(
        {
            "title": article.title,
            "headings": [section.heading for section in article.sections],
            "status": article.review.status,
            "question": faq.question,
            "before": len(before.parsed.data),
            "sequence": before.headers["Verso-Sequence"],
            "missing": missing.status,
            "wrong": [fault.pointer for fault in wrong.errors],
        }
    )
)
