"""The company that a text keeps: its author and its topics, found by name or made."""

import re
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from content import entries, versions
from content.characters import normalised
from content.entries import Entry
from content.versions import Version
from seeds.keeping import BY, Change, Kept, Plot, keep, kept
from seeds.post import Author, LeftOut

# A name, or a bio, that speaks of more than one person.
ORGANISATION = re.compile(
    r"\b(cent(er|re)|clinic|hospital|institute|foundation|society|association|practice|group|team|house|trust)s?\b",
    re.IGNORECASE,
)
PLURAL = re.compile(r"\b(we|our|us)\b", re.IGNORECASE)


def keep_author(session: Session, plot: Plot, author: Author) -> Kept:
    """Find the author of that name, or whom the newsroom has renamed since it was read; else make one.

    Authors are shared between texts, so a text never renames one: another byline is another author. The newest text
    gives the details, unless the newsroom has edited them; one without a bio takes nothing away.
    """
    name = normalised(author.name)
    source = f"author/{name}"
    others = named(session, "author", name, plot.locale)
    found = others[0] if others else entries.from_source(session, source, plot.locale)
    if found and not tells_news(session, found, author):
        return kept(session, versions.latest(session, found.id), Change.UNCHANGED)
    return keep(session, plot, "author", {**details(author), "name": name}, source, found)


def tells_news(session: Session, known: Entry, author: Author) -> bool:
    """Whether a text gives a bio that the author never had, and that is the reader's to change.

    A bio that a newer text has replaced is old: else two texts, read again, would change it to and fro.
    """
    if is_newsrooms(versions.latest(session, known.id)) or author.bio is None:
        return False
    return normalised(author.bio) not in [
        version.values.get("bio") for version in versions.history(session, known.id)
    ]


def is_newsrooms(version: Version) -> bool:
    """Whether a version is the newsroom's doing, and so not the reader's to change."""
    return version.by != BY or version.erased


def bio_left_out(session: Session, author: Author, found: Kept) -> tuple[LeftOut, ...]:
    """Return the lines of a text's bio where the author, as kept, has another one."""
    newest = versions.latest(session, found.entry_id)
    bio = newest.values.get("bio")
    if author.bio is None or normalised(author.bio) == bio:
        return ()
    why = (
        f"the newsroom keeps {'another' if bio else 'no'} bio for {found.title}"
        if is_newsrooms(newest)
        else f"a text read later gives another bio for {found.title}"
    )
    return tuple(LeftOut(line.number, line.text, why) for line in author.bio_lines)


def details(author: Author) -> dict[str, str | None]:
    """Return what a text says of its author besides the name."""
    return {
        "kind": kind_of(author),
        "bio": author.bio,
        "telephone": author.telephone,
        "url": author.url,
    }


def kind_of(author: Author) -> str:
    """Tell a person from an organisation by the name, or by a bio that says "we"."""
    speaks_for_many = ORGANISATION.search(author.name) or PLURAL.search(author.bio or "")
    return "organisation" if speaks_for_many else "person"


def keep_topics(session: Session, plot: Plot, path: Sequence[str]) -> list[Kept]:
    """Return the topics of a path from the top of the tree, the missing ones made."""
    topics: list[Kept] = []
    for name in path:
        topics.append(keep_topic(session, plot, topics[-1].entry_id if topics else None, name))
    return topics


def keep_topic(session: Session, plot: Plot, parent: UUID | None, name: str) -> Kept:
    found = topic_below(session, parent, name, plot.locale)
    if found:
        return kept(session, versions.latest(session, found.id), Change.UNCHANGED)
    return keep(session, plot, "topic", {"name": name, "parent": str(parent) if parent else None}, None)


def topic_below(session: Session, parent: UUID | None, name: str, locale: str) -> Entry | None:
    """Return the topic of that name right below `parent`, or at the top of the tree, or None."""
    above = str(parent) if parent else None
    for topic in named(session, "topic", name, locale):
        if versions.latest(session, topic.id).values.get("parent") == above:
            return topic
    return None


def named(session: Session, type_name: str, name: str, locale: str) -> Sequence[Entry]:
    """Return the entries of a type that bear `name` in a locale, oldest first."""
    chosen = select(Entry).where(Entry.type == type_name, Entry.title == name, Entry.locale == locale)
    return session.scalars(chosen.order_by(Entry.created_at, Entry.id)).all()
