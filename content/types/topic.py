"""Topics: the tree that articles and FAQs are filed under."""

from content.fields import Line, Link, Plain
from content.placement import SLUG
from content.types import ContentType, register

TOPIC = register(
    ContentType(
        name="topic",
        plural="topics",
        label="Topic",
        plural_label="Topics",
        title="name",
        content=(
            Line(name="name", label="Name", required=True),
            Plain(name="description", label="Description", most=1_000),
        ),
        placement=(SLUG, Link(name="parent", label="Above it", to="topic", facet="parent")),
        card=tuple("type id slug locale version name description parent dates urls integrity".split()),
    )
)
