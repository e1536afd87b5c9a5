"""FAQs: a question, its answer, and the warnings that travel with it."""

from content.depicting import none_of_ours
from content.fields import Day, Line, Link, Markdown, Whole
from content.lists import Passages
from content.placement import AUDIENCE, CANONICAL, SLUG, SYNDICATION, TAGS, TOPICS
from content.sources import SOURCES
from content.types import ContentType, OnReviewDue, register

FAQ = register(
    ContentType(
        name="faq",
        plural="faqs",
        label="FAQ",
        plural_label="FAQs",
        title="question",
        summary="short",
        schema_org="FAQPage",
        health=True,
        on_review_due=OnReviewDue.FLAG,
        rule=lambda values: none_of_ours(values, "answer", "warnings"),
        content=(
            Line(name="question", label="Question", required=True, most=300),
            Line(
                name="short",
                label="Short answer",
                path="answer.short",
                searched="B",
                most=600,
                most_sentences=2,
                help="At most two sentences that stand by themselves.",
            ),
            Markdown(name="answer", label="Answer", required=True),
            Passages(
                name="warnings", label="Warnings", help="Shown wherever the answer is shown.", travels=True
            ),
            SOURCES,
        ),
        placement=(
            SLUG,
            Link(
                name="article", label="Article", to="article", facet="article", shows=("id", "slug", "title")
            ),
            Whole(name="position", label="Position in the article"),
            TOPICS,
            TAGS,
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
        card=tuple(
            (
                "type id slug locale version question answer.short answer.html warnings topics tags article position"
                " review sources change dates urls syndication integrity"
            ).split()
        ),
    )
)
