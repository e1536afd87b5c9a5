"""Images: pictures with the words that stand for them, beneath them, and under them."""

from collections.abc import Iterator

from content.depicting import Picture
from content.errors import Fault
from content.fields import Flag, Line, Plain, Values
from content.placement import SLUG
from content.types import ContentType, register


def _not_both(values: Values) -> Iterator[Fault]:
    if values["alt"] and values["decorative"]:
        yield Fault("/decorative", "does not go with an alternative text")


IMAGE = register(
    ContentType(
        name="image",
        plural="images",
        label="Image",
        plural_label="Images",
        title="name",
        within_health=True,
        rule=_not_both,
        content=(
            Picture(name="file", label="Picture", required=True, help="JPEG, PNG, WebP or a still GIF."),
            Line(name="name", label="Name", required=True, path="", help="What colleagues find it by."),
            Line(
                name="alt",
                label="Alternative text",
                most=500,
                unless="decorative",
                otherwise=lambda values: "",
                help="What it shows, for those who do not see it.",
            ),
            Flag(
                name="decorative",
                label="Only decorative",
                path="",
                help="It says nothing that the text does not say; those who do not see it are told nothing.",
            ),
            Plain(name="caption", label="Caption", most=1_000, help="Stands beneath it."),
            Line(name="credit", label="Credit", most=200, help="Who made it, or whose it is."),
        ),
        placement=(SLUG,),
        card=tuple(
            (
                "type id slug locale version url alt width height caption credit renditions review dates urls"
                " integrity"
            ).split()
        ),
    )
)
