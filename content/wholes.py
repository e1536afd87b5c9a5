"""Wholes: live texts as everybody gets them, made before anybody asks, and kept from one act to the next.

What an act may have made untrue is told by the names under which caches file it (see `groups`): those are made anew,
and all others stay as they are. One thread follows the log and makes them, and any number read what it has made.
"""

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice, zip_longest
from typing import Any, NamedTuple
from uuid import UUID

import orjson
import zstandard
from sqlalchemy import select
from sqlalchemy.orm import Session

from content import corpus, expansion, grants, groups, moments, references, types
from content.corpus import Filters, Item
from content.documents import Document
from content.editions import Edition, live_at
from content.log import Act
from content.moments import End, Moment
from content.partners import ANONYMOUS, Reach
from content.reach import is_always_alike, within
from content.references import TRANSLATIONS
from content.types import ContentType

WHOLES = "verso.wholes"  # where a session carries them
AT_ONCE = 20  # are made in one turn, within some milliseconds: reads that want the processor wait no longer
LONGEST = 3600.0  # seconds; no cache is told by names alone any longer either, lest an error of theirs stay for ever
_LEVEL = 3  # of zstd: a hundredth of a millisecond to unpack, a quarter of the room
_OVERHEAD = 1_500  # bytes that one costs beside its packed JSON, roughly


class Whole(NamedTuple):
    """One text as it was at the sequence `at`: its JSON, packed, and what else an answer says of it.

    `translations` are told by their ids and languages, `named` by the groups of all that it names.
    """

    at: int
    type: str
    entry_id: UUID
    locale: str
    slug: str
    version: int
    packed: bytes
    translations: Sequence[dict[str, Any]]
    named: frozenset[str]

    @property
    def json(self) -> bytes:
        """Its JSON, as it is sent."""
        return zstandard.decompress(self.packed)

    @property
    def size(self) -> int:
        """Roughly how many bytes of memory it takes."""
        return len(self.packed) + _OVERHEAD


class _Shelf:
    """What stands for one reach, all of it true from when it was made until the `end` of the log that it has followed.

    It stays empty where what a reach lets through changes with its topics, or with time.
    """

    def __init__(self, reach: Sequence[Reach], end: End) -> None:
        self.reach, self.end, self.began = tuple(reach), end, time.monotonic()
        self.stays_empty = not is_always_alike(reach)
        self.size = 0
        self.by_id = dict[UUID, Whole]()
        self.by_slug = dict[tuple[str, str, str], Whole]()
        self._filed = defaultdict[str, set[UUID]](set)

    @property
    def at(self) -> int:
        """The sequence until which it has followed the log."""
        return self.end[1]

    @property
    def is_old(self) -> bool:
        """Whether it was followed by names alone for so long that it is best made anew."""
        return time.monotonic() - self.began > LONGEST

    def put(self, whole: Whole) -> None:
        """Keep one, in place of what there is of its entry."""
        self._drop(whole.entry_id)
        self.by_id[whole.entry_id] = whole
        self.by_slug[whole.type, whole.locale, whole.slug] = whole
        self.size += whole.size
        for name in self._names(whole):
            self._filed[name].add(whole.entry_id)

    def take(self, names: Iterable[str]) -> set[UUID]:
        """Take out what is filed under any of some names; return of which entries that was."""
        taken = set[UUID]().union(*(self._filed.get(name, ()) for name in names))
        for one in taken:
            self._drop(one)
        return taken

    def _drop(self, entry_id: UUID) -> None:
        if (whole := self.by_id.pop(entry_id, None)) is None:
            return
        del self.by_slug[whole.type, whole.locale, whole.slug]
        self.size -= whole.size
        for name in self._names(whole):
            self._filed[name].remove(entry_id)
            if not self._filed[name]:
                del self._filed[name]

    @staticmethod
    def _names(whole: Whole) -> frozenset[str]:
        return whole.named | {groups.entry(whole.entry_id)}


class Wholes:
    """Whole texts, within a `budget` of bytes, the newest of each type first; what has no room is not kept."""

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._met: Moment | None = None
        self._shelf: _Shelf | None = None
        self._missing = dict[UUID, None]()  # the next to be made first

    def known(
        self,
        declared: ContentType,
        key: UUID | str | None,
        *,
        locale: str,
        moment: Moment,
        reach: Sequence[Reach],
    ) -> Whole | None:
        """Return what is live at a moment under an id, or a slug of a `locale`; None where it is not at hand.

        Any thread may ask. Of another moment than that which was followed last nothing is at hand.
        """
        shelf = self._shelf
        # Looked at first: whatever stands there afterwards holds until then at least.
        if shelf is None or shelf.end != moment.end or shelf.reach != tuple(reach):
            return None
        if isinstance(key, UUID):
            found = shelf.by_id.get(key)
        else:
            found = shelf.by_slug.get((declared.name, locale, key)) if key else None
        return found if found and found.at <= moment.sequence and found.type == declared.name else None

    def meet(self, moment: Moment) -> None:
        """Hear of a moment, so that what is kept follows it; any thread may tell."""
        met = self._met
        if met is None or met.epoch != moment.epoch or _acted(met) < _acted(moment):
            self._met = moment

    @property
    def is_behind(self) -> bool:
        """Whether there is anything to do."""
        shelf, met = self._shelf, self._met
        return bool(shelf is None or (met and met.end != shelf.end) or self._missing)

    def go_on(self, session: Session) -> None:
        """Follow the log to the newest moment met, and make some of what is missing; one thread at a time.

        It settles what is due where no moment was met yet.
        """
        moment = self._met or moments.present(session)
        self.meet(moment)
        shelf = self._followed(session, moment)
        chosen = list(islice(self._missing, AT_ONCE))
        made = list(_made(session, chosen, shelf))
        for one in chosen:
            del self._missing[one]
        for whole in made:
            if shelf.size + whole.size > self._budget:
                # What else is missed is older.
                self._missing.clear()
                return
            shelf.put(whole)

    def _followed(self, session: Session, moment: Moment) -> _Shelf:
        """Return the shelf at a moment, all taken from it that is not true any more, and that missed."""
        shelf = self._shelf
        if shelf and shelf.end == moment.end:
            return shelf
        if shelf is None or not _has_gone_on(session, shelf.end, moment):
            return self._begun(session, moment)
        names = groups.touched(session, after=shelf.at, until=moment.sequence)
        if groups.ALL in names or shelf.is_old:
            return self._begun(session, moment)
        touched = shelf.take(names) | set(groups.entries(names))
        self._missing |= {} if shelf.stays_empty else dict.fromkeys(touched)
        # Last: until then nobody asks it for what it held before.
        shelf.end = moment.end
        return shelf

    def _begun(self, session: Session, moment: Moment) -> _Shelf:
        """Return an empty shelf, all that is live missed, as far as there may be room for it."""
        shelf = _Shelf(_everybodys(session, moment), moment.end)
        newest = () if shelf.stays_empty else _newest(session, shelf, most=self._budget // _OVERHEAD)
        self._missing, self._shelf = dict.fromkeys(newest), shelf
        return shelf


def _acted(moment: Moment) -> tuple[float, int]:
    """Return what tells a moment from those before it, also where a restored log has gone on from fewer acts."""
    return moment.at.timestamp() if moment.at else 0.0, moment.sequence


def _has_gone_on(session: Session, end: End, moment: Moment) -> bool:
    """Whether the log has gone on from an end to a moment, and was not restored in between, and went on otherwise."""
    epoch, sequence, at = end
    known = select(Act.at).where(Act.sequence == sequence)
    return epoch == moment.epoch and session.scalar(known) == at


def _everybodys(session: Session, moment: Moment) -> tuple[Reach, ...]:
    """Return what whoever has no key may read at a moment."""
    return tuple(grants.everybodys(session, moment.sequence) if moment.said else ANONYMOUS)


def _newest(session: Session, shelf: _Shelf, *, most: int) -> Iterator[UUID]:
    """Yield the ids of what is live, the newest of each type by turns."""
    found = (
        corpus.found(session, declared, Filters(), at=shelf.at, reach=shelf.reach, limit=most)
        for declared in types.everyone()
    )
    return (place.entry_id for place in chain.from_iterable(zip_longest(*found)) if place)


def _made(session: Session, ids: Sequence[UUID], shelf: _Shelf) -> Iterator[Whole]:
    """Yield which of some entries are live and whole; as many statements for each type as for one."""
    at, reach = shelf.at, shelf.reach
    if not ids:
        return
    here = (Edition.entry_id.in_(ids), live_at(at), within(session, reach, at))
    rows = session.execute(corpus.items(Document.body).where(*here))
    by_type = defaultdict[str, list[Item]](list)
    for item in map(corpus.item_of, rows):
        if not item.notice:
            by_type[item.edition.type].append(item)
    for name, items in by_type.items():
        declared = types.get(name)
        keys = dict.fromkeys([*expansion.whole_keys(declared), TRANSLATIONS.name])
        told = expansion.wholes(session, items, at=at, reach=reach, keys=list(keys))
        yield from (_whole(declared, item, one, at) for item, one in zip(items, told, strict=True))


def _whole(declared: ContentType, item: Item, told: dict[str, Any], at: int) -> Whole:
    form, shown = item.edition, expansion.whole_keys(declared)
    document = {key: part for key, part in told.items() if key in shown}
    return Whole(
        at=at,
        type=declared.name,
        entry_id=form.entry_id,
        locale=form.locale,
        slug=form.slug,
        version=form.version,
        packed=zstandard.compress(orjson.dumps(document), _LEVEL),
        translations=[{key: one[key] for key in ("id", "locale")} for one in told[TRANSLATIONS.name]],
        named=references.groups_named(declared, item.json),
    )
