"""The fields that say where an entry stands; types choose among them."""

from content.depicting import PicturesOf
from content.fields import Choice, Flag, Link, Slug, Url
from content.lists import Links, Tags

PUBLIC = "public"
LICENSED = "licensed"

SLUG = Slug(name="slug", label="Slug", required=True, help="The last part of its address.")
AUDIENCE = Choice(
    name="audience",
    label="Audience",
    options=((PUBLIC, "Public"), (LICENSED, "Licensed partners")),
    path="",
    help="Who may read it: everyone, or partners with a grant for licensed texts.",
)
CANONICAL = Url(
    name="canonical",
    label="Canonical address",
    path="urls.canonical",
    help="Its page on the organisation's own site.",
)
SYNDICATION = Flag(
    name="syndication",
    label="May be republished",
    path="syndication.allowed",
    default=True,
    help="Whether partners may show it on their own sites.",
)
TOPICS = Links(name="topics", label="Topics", to="topic", facet="topic")
TAGS = Tags(name="tags", label="Tags", facet="tag", help="Words to find it by, parted by commas.")
_OF_AN_IMAGE = ("id", "url", "alt", "width", "height", "caption", "credit", "renditions")
IMAGE = Link(
    name="image",
    label="Picture",
    to="image",
    facet="image",
    shows=_OF_AN_IMAGE,
    help="Stands above the text.",
)
PICTURES = PicturesOf(
    name="pictures",
    label="Pictures in the text",
    to="image",
    facet="picture",
    source="body",
    shows=_OF_AN_IMAGE,
)
