"""Filling: a long log made quickly, straight into the tables, with what the verbs would have left there.

Half of the entries are articles, half FAQs of these. They come one after the other through the first half of the log,
and each is shown anew until its end: once in another version, else with a newer review. It is always the same.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from types import ModuleType
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from bench.loading import bulk, tidy
from content import bearings, documents, editions, reviews
from content.database import Base, take_act_lock
from content.documents import Document
from content.editions import Edition, Facet, Listed
from content.entries import Entry
from content.fingerprints import fingerprint
from content.log import Act, ChangeKind, Event, Line, State
from content.reviews import Review, ReviewStatus
from content.search import remaking
from content.versions import Version, present

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
DUE = date(2090, 1, 1)  # nothing falls due while it is read
BATCH = 1_000  # entries that are held in memory at once
TOPICS = 40
COMMON, ABOVE, BELOW, RARE = 0, 1, (2, 3, 4), range(5, TOPICS)
LOCALES = ("en",) * 7 + ("de",) * 2 + ("fr",)
WORDS = "Ankle Bone Calf Duct Elbow Finger Gland Hip Iris Jaw Knee Liver Nerve Organ Palm Rib Skin Toe Vein".split()
BY = "bench"


@dataclass(frozen=True)
class Plan:
    """How long a log is: so many entries, each shown so many times, at most so many lines in an act.

    `searched`: its texts can be searched too, which takes as long again.
    """

    entries: int
    editions: int = 10
    an_act: int = 500
    searched: bool = False


def topic_id(number: int) -> UUID:
    """Return the id of a topic: `COMMON` is borne by a tenth of the entries, those `BELOW` lie below `ABOVE`."""
    return UUID(int=(0x0190 << 112) | (0x7 << 76) | (0x8 << 60) | number)


def entry_id(number: int) -> UUID:
    """Return the id of an article (an even number) or an FAQ (an odd one)."""
    return UUID(int=(0x0191 << 112) | (0x7 << 76) | (0x8 << 60) | number)


def rare_word(half: int) -> str:
    """Return the word that no texts have but an article and its FAQ, of so many before them."""
    return str(half * 7919 % 100_003)


def fill(engine: Engine, plan: Plan) -> None:
    """Fill a migrated, empty database."""
    acts = _acts(plan)
    last = max(numbers[-1] for numbers in acts)
    with bulk(engine) as load:
        load(_act(sequence) for sequence in range(1, last + 1))
        load(row for number in range(TOPICS) for row in _topic(number))
        for start in range(0, plan.entries, BATCH):
            numbers = range(start, min(start + BATCH, plan.entries))
            load(row for number in numbers for row in _text(number, acts[number]))
    _remake(engine, bearings)
    if plan.searched:
        _remake(engine, remaking)


def _remake(engine: Engine, kept: ModuleType) -> None:
    """Make anew what a module keeps of the texts."""
    with Session(engine) as session:
        take_act_lock(session)
        list(kept.remake(session))
        session.commit()
    tidy(engine)


def withdraw(engine: Engine, share: float, an_act: int = 5_000) -> None:
    """Withdraw the oldest part of the live articles and FAQs, some thousands in an act."""
    with Session(engine) as session:
        chosen = select(Edition.entry_id, Edition.version, Edition.document_hash).where(
            Edition.until_sequence.is_(None), Edition.type.in_(("article", "faq"))
        )
        live = session.execute(chosen.order_by(Edition.entry_id)).all()
        sequence = session.scalars(select(func.max(Act.sequence))).one()
        leaving = live[: int(len(live) * share)]
        for place in range(0, len(leaving), an_act):
            sequence += 1
            session.add(_act(sequence))
            session.flush()
            session.add_all(_withdrawn(sequence, row) for row in leaving[place : place + an_act])
            session.flush()
            left = select(Line.entry_id).where(Line.sequence == sequence)
            for table in (Edition, Facet):
                ended = update(table).where(table.entry_id.in_(left), table.until_sequence.is_(None))
                session.execute(
                    ended.values(until_sequence=sequence), execution_options={"synchronize_session": False}
                )
            session.commit()


def _withdrawn(sequence: int, row: Any) -> Line:
    return Line(
        sequence=sequence,
        entry_id=row.entry_id,
        event=Event.WITHDRAWN,
        state=State.GONE,
        version=row.version,
        document_hash=row.document_hash,
        forced=False,
    )


def _acts(plan: Plan) -> list[list[int]]:
    """Return the sequences of the acts that each entry stands in; the first act is that of the topics."""
    slots = sorted(
        (first + (1 - first) * turn / plan.editions, number)
        for number in range(plan.entries)
        for first in (number / plan.entries / 2,)
        for turn in range(plan.editions)
    )
    # In a short log acts are smaller, for no entry stands in one twice.
    lines = max(1, min(plan.an_act, len(slots) // 100))
    acts: list[list[int]] = [[] for _ in range(plan.entries)]
    for place, (_, number) in enumerate(slots):
        acts[number].append(2 + place // lines)
    return acts


def _at(sequence: int) -> datetime:
    return BEGAN + sequence * timedelta(minutes=1)


def _act(sequence: int) -> Act:
    return Act(sequence=sequence, at=_at(sequence), recorded_at=_at(sequence), by=BY)


def _topic(number: int) -> Iterator[Base]:
    values: dict[str, Any] = {"name": f"Topic {number}", "slug": f"topic-{number}"}
    if number in BELOW:
        values["parent"] = str(topic_id(ABOVE))
    entry = _entry(topic_id(number), "topic", "en", 1, values["name"])
    return _rows(entry, [values], [1])


def _text(number: int, acts: Sequence[int]) -> Iterator[Base]:
    type_name, half = ("article", "faq")[number % 2], number // 2
    title = f"{WORDS[half * 7 % len(WORDS)]} {rare_word(half)}"
    first, second = (_values(number, type_name, f"{title} {edition}") for edition in ("one", "two"))
    shown = [first if turn <= len(acts) // 2 else second for turn in range(len(acts))]
    latest = 1 + (shown[-1] is second)
    entry = _entry(entry_id(number), type_name, LOCALES[half % 10], latest, title)
    return _rows(entry, shown, acts)


def _values(number: int, type_name: str, title: str) -> dict[str, Any]:
    half = number // 2
    values: dict[str, Any] = {"slug": f"{type_name}-{number}", "topics": [str(topic_id(_filed(half)))]}
    if half % 4 == 0:
        values |= {
            "tags": [f"tag {half % 400}"],
            "originally_published_on": str(date(2016, 1, 1 + half % 28)),
        }
    if type_name == "article":
        return values | {"title": title, "summary": f"On {title}.", "body": f"All about {title}."}
    return values | {
        "question": f"What of {title}?",
        "answer": f"Much is known of {title}.",
        "article": str(entry_id(number - 1)),
        "position": number % 7,
    }


def _filed(half: int) -> int:
    """Return an entry's topic: a tenth have the common one, a tenth one of those below another, the rest rare ones."""
    if half % 10 == 0:
        return COMMON
    return BELOW[half // 10 % 3] if half % 10 == 1 else RARE[half % len(RARE)]


def _entry(key: UUID, type_name: str, locale: str, latest: int, title: str) -> Entry:
    return Entry(
        id=key,
        type=type_name,
        locale=locale,
        translation_group=key,
        created_at=BEGAN,
        latest=latest,
        title=title,
        saved_at=BEGAN,
    )


def _rows(entry: Entry, shown: Sequence[dict[str, Any]], acts: Sequence[int]) -> Iterator[Base]:
    """Yield all rows of an entry that shows some values after each of its acts."""
    yield entry
    made, last = list[tuple[Edition, Listed]](), None
    for turn, (values, sequence) in enumerate(zip(shown, acts, strict=True)):
        fresh = turn == 0 or values is not shown[turn - 1]
        if fresh:
            version = _version(entry, 1 if turn == 0 else 2, values)
            rendering = documents.render(entry, version)
            yield from (version, Document(**documents.columns(rendering)))
        line = _line(entry, version, sequence, turn, rendering.hash, fresh=fresh)
        if last:
            last.until_sequence = sequence
        last = editions.successor(line, _at(sequence), entry, rendering.listed, last)
        made.append((last, rendering.listed))
        yield line
    for edition, listed in made:
        yield edition
        yield from editions.facets(edition, listed)


def _version(entry: Entry, number: int, values: dict[str, Any]) -> Version:
    declared = entry.content_type
    content, placement = present(values, declared.content), present(values, declared.placement)
    return Version(
        entry_id=entry.id,
        number=number,
        based_on=number - 1 or None,
        schema=declared.schema,
        content=content,
        placement=placement,
        content_hash=fingerprint(content),
        placement_hash=fingerprint(placement),
        by=BY,
        saved_at=BEGAN,
    )


def _line(entry: Entry, version: Version, sequence: int, turn: int, document: str, *, fresh: bool) -> Line:
    return Line(
        sequence=sequence,
        entry_id=entry.id,
        event=Event.PUBLISHED if fresh else Event.REVIEWED,
        state=State.LIVE,
        version=version.number,
        document_hash=document,
        change_kind=ChangeKind.EDITORIAL if fresh else None,
        review=_review(entry, sequence, turn),
        forced=False,
    )


def _review(entry: Entry, sequence: int, turn: int) -> dict[str, Any]:
    if not entry.content_type.health:
        return reviews.none_public(ReviewStatus.NOT_NEEDED)
    due = DUE + timedelta(days=entry.id.int % 997 + turn)
    return reviews.public(Review(name="Dr. Ana Reed", credentials="MD", signed_at=_at(sequence), due_on=due))
