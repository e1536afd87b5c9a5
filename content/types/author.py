"""Authors: the persons and organisations that texts are signed by."""

from content.fields import Choice, Line, Plain, Url
from content.placement import SLUG
from content.types import ContentType, register

AUTHOR = register(
    ContentType(
        name="author",
        plural="authors",
        label="Author",
        plural_label="Authors",
        title="name",
        content=(
            Line(name="name", label="Name", required=True),
            Choice(
                name="kind", label="Kind", options=(("person", "Person"), ("organisation", "Organisation"))
            ),
            Plain(name="bio", label="About", most=2_000),
            Line(name="telephone", label="Telephone", most=40),
            Url(name="url", label="Address on the web"),
        ),
        placement=(SLUG,),
        card=tuple("type id slug locale version name kind bio telephone url dates urls integrity".split()),
    )
)
