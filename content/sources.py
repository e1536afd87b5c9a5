"""What a text rests on: the same field in every type that has sources."""

from content.fields import Day, Line, Url
from content.lists import Records

SOURCES = Records(
    name="sources",
    label="Sources",
    help="What the text rests on.",
    fields=(
        Line(name="title", label="Title", required=True, most=300),
        Line(name="publisher", label="Publisher"),
        Url(name="url", label="Address"),
        Day(name="published_on", label="Published on"),
        Day(name="accessed_on", label="Read on"),
    ),
)
