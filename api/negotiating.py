"""Negotiating: in which language a caller is answered: by `locale` and `fallback`, else by Accept-Language."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from api import asking, endings, groups, paging, reading
from api.answers import weighed
from api.parameters import AUTO, Listed, Locale
from content import corpus, locales, several
from content.corpus import Item
from content.errors import Elsewhere, Gone, Invalid, NotFound
from content.types import ContentType

MOST_FALLBACKS = 5
MOST_ACCEPTED = 10  # ranges of Accept-Language that count, those of the greatest weight
_NEGOTIATED = "verso.negotiated"


def one(declared: ContentType, key: UUID | str | None, asked: Mapping[str, Any], *, at: int) -> Item:
    """Return the public form under an id or a slug in the language asked for; raises NotFound, Gone, Elsewhere.

    A slug is looked up in the `locale` (`auto`: in those of Accept-Language), else in the default one, and after it in
    each of `fallback`. An id is of one language: it is not found in another, unless that is asked for by `fallback` or
    `auto`.
    """
    given, fallback, named = asked.get("locale"), asked.get("fallback", ()), exact(asked)
    try:
        item = _found(declared, key, _of_key(key, given, fallback), at)
    except (Gone, Elsewhere):
        reading.in_language(declared, key, None if fallback else named, at=at)
        raise
    if named and not fallback and item.edition.locale != named:
        raise NotFound(f"{declared.label} {key} in {named}")
    spoken = _spoken(item, _taken(key, given, fallback), at)
    if named and spoken is None:
        raise NotFound(f"{declared.label} {key} in {', '.join([named, *fallback])}")
    # Only the form that answers must be whole.
    return corpus.readable(spoken or item)


def is_taken(key: UUID | str | None, asked: Mapping[str, Any], locale: str) -> bool:
    """Whether a form in `locale` is what a caller takes first that names no `fallback`: no other is looked for."""
    return next(iter(_taken(key, asked.get("locale"), ())), locale) == locale


def _taken(key: UUID | str | None, given: str | None, fallback: Sequence[str]) -> list[str]:
    """Return the languages that a caller takes, the best first; none where it is to be the one that was found."""
    if given == AUTO or (given is None and not isinstance(key, UUID)):
        return _each_once(*accepted(), *fallback)
    return _each_once(*([given] if given else []), *fallback)


def _each_once(*languages: str) -> list[str]:
    """Return languages in the order of their first places: a chain may name again what was asked for before it."""
    return list(dict.fromkeys(languages))


def _spoken(item: Item, languages: Sequence[str], at: int) -> Item | None:
    if not languages:
        return None
    groups.of_entry(item.edition.entry_id)
    return several.translated(asking.session(), item, languages, at=at, reach=reading.reach())


def _of_key(key: UUID | str | None, given: str | None, fallback: Sequence[str]) -> list[str]:
    """Return the languages in which a key is looked up, the first first."""
    default = reading.default_locale()
    if given == AUTO and isinstance(key, str):
        return _each_once(*accepted(), *fallback, default)
    named = default if given in (None, AUTO) else given
    return _each_once(named, *fallback, default) if fallback else [named]


def _found(declared: ContentType, key: UUID | str | None, spoken: Sequence[str], at: int) -> Item:
    groups.of_slug(declared, key)
    locale, *or_in = spoken
    known = reading.asked(declared, key)
    session, reach = asking.session(), reading.reach()
    try:
        return corpus.live_or_struck(session, declared, known, locale=locale, or_in=or_in, at=at, reach=reach)
    except (NotFound, Gone) as error:
        endings.tell(declared, known, error, spoken=spoken, at=at)
        raise


def exact(asked: Mapping[str, Any]) -> str | None:
    """Return the one language that `locale` names, or None."""
    given: str | None = asked.get("locale")
    return None if given == AUTO else given


def of_slugs(asked: Mapping[str, Any]) -> Sequence[str]:
    """Return the languages in which a filter's slug is looked up, the first first.

    A text in one language may be filed under a topic that there is in another only.
    """
    given = asked.get("locale")
    named = accepted() if given == AUTO else [given] if given else []
    return _each_once(*named, *asked.get("fallback", ()), reading.default_locale())


def of_list(asked: Mapping[str, Any]) -> Sequence[str] | None:
    """Return the languages that a list is in, the best first, or None where `locale` alone says it, or nothing."""
    given, fallback = asked.get("locale"), asked.get("fallback", ())
    if given == AUTO:
        return _each_once(*accepted(), *fallback, reading.default_locale())
    return _each_once(*([given] if given else []), *fallback) if fallback else None


def question(path: str, asked: Mapping[str, Any]) -> bytes:
    """Return what a cursor of a list belongs to: its parameters, and the languages that the caller takes."""
    spoken = of_list(asked)
    return paging.question(path, {**asking.parameters(), **({"": ",".join(spoken)} if spoken else {})})


def accepted() -> tuple[str, ...]:
    """Return the languages of Accept-Language in the order in which RFC 4647 (section 3.4) looks them up.

    After each comes what is left of it without its last parts; `*` and what cannot be read are passed over.
    """
    asking.environ()[_NEGOTIATED] = True
    return _looked_up(asking.environ().get("HTTP_ACCEPT_LANGUAGE", ""))


@lru_cache(maxsize=256)
def _looked_up(told: str) -> tuple[str, ...]:
    ranges = map(weighed, told.split(","))
    wanted = sorted((one for one in ranges if one[1] > 0), key=lambda one: -one[1])[:MOST_ACCEPTED]
    return tuple(dict.fromkeys(tag for name, _ in wanted for tag in _shortened(name)))


def _shortened(name: str) -> list[str]:
    try:
        parts = locales.canonical(name).split("-")
    except Invalid:
        return []
    tags = ["-".join(parts[:count]) for count in range(len(parts), 0, -1)]
    # What a single letter or digit begins goes with it.
    return [tag for tag in tags if len(tag.rpartition("-")[2]) > 1]


def told(languages: Sequence[str]) -> dict[str, str]:
    """Return the header that says in which languages an answer is."""
    return {"Content-Language": ", ".join(languages)} if languages else {}


def negotiated() -> bool:
    """Return whether this request's answer, an error too, depends on which languages the caller takes."""
    return bool(asking.environ().get(_NEGOTIATED))


class Negotiable(Locale):
    """A language tag, or `auto`: what Accept-Language says."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return AUTO if value == AUTO else super()._deserialize(value, *args, **kwargs)


def parameters(about: str) -> dict[str, fields.Field[Any]]:
    """What may be asked about languages."""
    return {
        "locale": Negotiable(
            validate=validate.Length(max=locales.LONGEST),
            metadata={"description": about, "pattern": f"^{locales.PATTERN}$", "example": "en"},
        ),
        "fallback": fallback(),
    }


def fallback() -> Listed:
    """In which languages else."""
    one = Locale(metadata={"pattern": f"^{locales.PATTERN}$", "maxLength": locales.LONGEST})
    return Listed(
        one,
        validate=validate.Length(1, MOST_FALLBACKS, error="names more than {max} languages"),
        metadata={
            "description": "In which languages else, parted by commas, the best first.",
            "example": ["de", "en"],
        },
    )
