"""A third kind of text, declared in one file as an organisation would: nothing else in Verso knows of it."""

from contextlib import contextmanager

from content import types
from content.fields import Line, Markdown
from content.lists import Links
from content.placement import AUDIENCE, SLUG, TAGS, TOPICS
from content.types import ContentType

GLOSSARY = ContentType(
    name="glossary",
    plural="glossary",
    label="Term",
    plural_label="Glossary",
    title="term",
    health=True,
    content=(
        Line(name="term", label="Term", required=True),
        Markdown(name="meaning", label="Meaning", required=True),
    ),
    placement=(
        SLUG,
        TOPICS,
        TAGS,
        Links(
            name="see_also",
            label="See also",
            to="glossary",
            facet="see_also",
            shows=("id", "slug", "term"),
        ),
        AUDIENCE,
    ),
    card=tuple(
        "type id slug locale version term meaning topics tags see_also review dates urls integrity".split()
    ),
)


@contextmanager
def known():
    """Make the type known, and forget it afterwards."""
    types.register(GLOSSARY)
    try:
        yield GLOSSARY
    finally:
        del types._TYPES["glossary"]
