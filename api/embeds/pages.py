"""Pages: how texts are printed as HTML and answered, as a page that stands in a frame or as a bare fragment."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from flask import Response, render_template, request

from api import answers, caching, entries, handed, links, negotiating, reading, redirects, telling, terms
from api.answers import Ready
from api.embeds import shown, words
from api.embeds.queries import LEVEL
from api.embeds.shown import Shown
from api.offering import Offer
from api.telling import Told, absolute
from content import types
from content.documents import API
from content.errors import Elsewhere, Gone, NotFound

HTML = "text/html"
OEMBED = {"json": "application/json+oembed", "xml": "text/xml+oembed"}
_KIND = f"{HTML}; charset=utf-8"
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self' {pictures}",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors *",
    )
)


def one(offered: Offer, asked: Mapping[str, Any], key: str) -> Ready:
    """Return one text as a page, or as a fragment where its `level` is asked; raises NotFound, Gone, Elsewhere."""
    document = entries.whole_one(offered, dict(asked), key)
    handed.to_be_shown()
    level = asked.get("level", 1)
    told = shown.text(Told(offered.declared, document), level=level, framed="level" not in asked)
    discovered = [] if "level" in asked else _discovered(told)
    made = _ready(_printed([told], asked, level=level, discovered=discovered))
    made.headers.update(negotiating.told([document["locale"]]))
    if discovered:
        links.add(made.headers, *(f'<{there}>; rel="alternate"; type="{kind}"' for kind, there in discovered))
    return made


def several(offered: Offer, asked: Mapping[str, Any]) -> Ready:
    """Return a list whose texts are folded up, as a page, or as a fragment where their `level` is asked."""
    declared, locale = offered.declared, negotiating.exact(asked) or reading.default_locale()
    level = asked.get("level", LEVEL)
    page, languages = entries.whole_list(offered, dict(asked))
    handed.to_be_shown()
    found = [
        shown.struck(told, locale)
        if "notice" in told
        else shown.text(Told(declared, told), level=level, framed="level" not in asked)
        for told in page["data"]
    ]
    heading = f"{telling.organisation()}: {declared.plural_label}"
    made = _ready(_printed(found or [shown.nothing(locale)], asked, level=level, heading=heading))
    entries.tell_languages(made, dict(asked), languages)
    return made


def gone(error: Gone) -> Response:
    """Answer 410, and say why as words."""
    return _refusal(410, shown.no_more(error))


def not_found(error: NotFound) -> Response:
    """Answer 404 in words."""
    return _refusal(404, shown.nothing(reading.default_locale()))


def moved(error: Elsewhere) -> Response:
    """Answer where the text is now; of another site's page, and of what has no embed, as words in a 410."""
    if error.type_name and types.get(error.type_name).health:
        return redirects.moved(error)
    there = error.url or absolute(f"{API}/{types.get(str(error.type_name)).plural}/{error.entry_id}")
    return _refusal(410, shown.moved(there, reading.default_locale()))


def policy() -> str:
    """Return the Content-Security-Policy of what anybody may put into a frame."""
    address = urlsplit(absolute("/"))
    return _POLICY.format(pictures=f"{address.scheme}://{address.netloc}")


def _ready(html: str) -> Ready:
    made = answers.ready(html.encode(), kind=_KIND)
    made.headers["Content-Security-Policy"] = policy()
    return made


def _refusal(status: int, one: Shown) -> Response:
    asked = {} if not request.path.endswith("/fragment") else {"level": LEVEL}
    html = _printed([one], asked, level=asked.get("level", 1))
    response = Response(html, status=status, content_type=_KIND)
    response.headers["Cache-Control"] = caching.short(reading.present())
    response.headers["Content-Security-Policy"] = policy()
    return response


def _printed(
    found: Sequence[Shown],
    asked: Mapping[str, Any],
    *,
    level: int,
    heading: str | None = None,
    discovered: Sequence[tuple[str, str]] = (),
) -> str:
    """Return HTML: a fragment where a `level` is asked, else a page; a list of texts has a `heading`."""
    told = {
        "shown": found,
        "level": level,
        "folded": heading is not None,
        "refresh_within": terms.refresh_within(),
        "stale": words.of(found[0].locale).stale,
    }
    if "level" in asked:
        return render_template("api/embed_fragment.html", framed=False, **told)
    first, title = found[0], heading or f"{found[0].title} · {telling.organisation()}"
    source = next((fact.url for fact in first.facts if fact.name == "source"), None)
    return render_template(
        "api/embed.html",
        framed=True,
        heading=heading,
        title=title,
        theme=asked.get("theme", "auto"),
        canonical=source if first.status == shown.LIVE and not heading else None,
        discovered=discovered,
        **told,
    )


def _discovered(one: Shown) -> list[tuple[str, str]]:
    """Return the media types and addresses of the oEmbed of a text; none where no frame shows it."""
    if terms.needs_key(str(one.id)):
        return []
    embed = quote(absolute(f"{one.address}/embed"), safe="")
    start = absolute(f"{API}/oembed")
    return [(kind, f"{start}?format={name}&url={embed}") for name, kind in OEMBED.items()]
