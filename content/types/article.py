"""Articles: a title, a summary and a body of sections."""

from typing import Any

from content import markup
from content.fields import Day, Line, Markdown, Plain, Values, Whole
from content.lists import Links, Shown
from content.placement import AUDIENCE, CANONICAL, IMAGE, PICTURES, SLUG, SYNDICATION, TAGS, TOPICS
from content.readability import minutes
from content.sources import SOURCES
from content.types import ContentType, OnReviewDue, register


def _reading_minutes(values: Values) -> Any:
    return minutes(markup.render(values.get("body") or "").text)


ARTICLE = register(
    ContentType(
        name="article",
        plural="articles",
        label="Article",
        plural_label="Articles",
        title="title",
        summary="summary",
        schema_org="MedicalWebPage",
        health=True,
        on_review_due=OnReviewDue.FLAG,
        content=(
            Line(name="title", label="Title", required=True),
            Plain(
                name="summary",
                label="Summary",
                searched="B",
                most=2_000,
                help="What the reader learns, in a paragraph.",
            ),
            Markdown(name="body", label="Text", required=True, sections_at="sections"),
            SOURCES,
            Line(name="seo_title", label="Title for search engines", path="seo.title"),
            Line(
                name="seo_description",
                label="Description for search engines",
                path="seo.description",
                most=500,
            ),
        ),
        placement=(
            SLUG,
            TOPICS,
            TAGS,
            Links(
                name="authors",
                label="Authors",
                to="author",
                facet="author",
                shows=("id", "slug", "name", "kind", "bio", "telephone", "url"),
            ),
            IMAGE,
            PICTURES,
            Whole(
                name="reading_minutes",
                label="Reading time in minutes",
                least=1,
                most=600,
                otherwise=_reading_minutes,
                help="Counted from the text unless given.",
            ),
            Day(
                name="originally_published_on",
                label="First published elsewhere on",
                path="dates.originally_published_on",
                over=True,
            ),
            CANONICAL,
            SYNDICATION,
            AUDIENCE,
        ),
        shown=(
            Shown(name="faqs", of="faq", by="article", shows=("id", "slug", "question")),
            Shown(name="translations", shows=("id", "locale", "slug")),
        ),
        card=tuple(
            (
                "type id slug locale version title summary reading_minutes topics tags authors image review dates"
                " urls integrity"
            ).split()
        ),
    )
)
