"""Writers for the tests of concurrency: what threads and processes do at once to one database.

Each opens an engine of its own, as a worker of the server does. Processes import this module by its name.
"""

import os
import random
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from content import history, moments, publishing, settling, versions
from content.database import prepare_engine
from content.errors import ContentError, SaveClash
from content.log import State
from content.partners import ANONYMOUS
from tests.builders import ED, article_values

SLUGS = [f"slug-{number}" for number in range(6)]


@contextmanager
def sessions(url):
    """Sessions, one after the other, on an engine of one's own."""
    engine = create_engine(url)
    prepare_engine(engine)
    try:
        yield lambda: Session(engine)
    finally:
        engine.dispose()


def some_clock(chance):
    """A moment of now, or of up to an hour ago: this writer's clock is set back again and again."""
    return datetime.now(UTC) - timedelta(seconds=chance.choice([0, 0, 1, 60, 3600]))


def publish_until(url, ids, seconds, seed):
    """Do all kinds of acts to shared entries; return the sequences that were acknowledged."""
    chance, done, end = random.Random(seed), [], time.monotonic() + seconds
    with sessions(url) as begin:
        while time.monotonic() < end:
            try:
                with begin() as session:
                    act = some_act(session, UUID(chance.choice(ids)), chance)
                    done.append(act.sequence)
            except ContentError:
                continue
            with begin() as session:
                # Rule 5: whoever reads after the acknowledgement sees the act.
                assert moments.present(session).sequence >= done[-1]
    assert done == sorted(done)
    return done


def some_act(session, key, chance):
    """Do some act to an entry; raises ContentError where its rules forbid it."""
    now, deed = some_clock(chance), chance.randrange(10)
    if deed == 0:
        return publishing.hold(session, key, by=ED, now=now)
    if deed == 1:
        return publishing.release(session, key, by=ED, now=now)
    if deed == 2:
        return publishing.withdraw(session, key, by=ED, manner=State.GONE, now=now)
    if deed == 3:
        return publishing.reinstate(session, key, 1, by=ED, forced="A storm.", now=now)
    if deed == 4:
        return publishing.move(session, key, chance.choice(SLUGS), by=ED, now=now)
    if deed == 5:
        return publishing.erase(session, key, [versions.latest(session, key).number], by=ED, now=now)
    newest = versions.latest(session, key)
    values = article_values(body=str(chance.random()), slug=chance.choice(SLUGS))
    saved = versions.save(session, key, values, based_on=newest.number, by=ED, now=now)
    return publishing.publish(session, key, saved.number, by=ED, forced="A storm.", now=now)


def follow(url, stop):
    """Read the public history as it grows, until told to stop; return what each sequence said."""
    seen, last = {}, 0
    with sessions(url) as begin:
        while True:
            ending = stop.is_set()
            with begin() as session:
                present = moments.present(session)
                assert present.sequence >= last, "S fell"
                changes = history.changes(
                    session, since=len(seen), at=present.sequence, reach=ANONYMOUS, limit=500
                )
                assert [change.sequence for change in changes] == list(
                    range(len(seen) + 1, len(seen) + 1 + len(changes))
                )
                for change in changes:
                    seen[change.sequence] = {(one.entry.id, one.line.event) for one in change.lines}
                last = present.sequence
            if ending and len(seen) == last:
                return seen


def save_own_field(url, key, field, count, seed):
    """Save one field of a shared entry again and again, from the version that one saved last; return the last value."""
    chance, base = random.Random(seed), 1
    with sessions(url) as begin:
        for turn in range(count):
            value = f"{field} {seed} {turn} {chance.random()}"
            with begin() as session:
                values = {**versions.version(session, UUID(key), base).values, field: value}
                base = versions.save(session, UUID(key), values, based_on=base, by=ED).number
                session.commit()
    return value


def save_same_field(url, key, count, seed):
    """Save the title of a shared entry from the newest version that one saw; return how many clashes were shown."""
    clashes = 0
    with sessions(url) as begin:
        for turn in range(count):
            with begin() as session:
                newest = versions.latest(session, UUID(key))
                session.rollback()
                values = {**newest.values, "title": f"{seed} {turn}"}
                number = newest.number
                try:
                    versions.save(session, UUID(key), values, based_on=number, by=ED)
                except SaveClash:
                    clashes += 1
                session.commit()
    return clashes


def write_words(url, key, rounds, seed, together):
    """Put a word of one's own into a text in each round, begun `together` with somebody else; return the words.

    What clashes is settled so that the words of both stay.
    """
    chance, written = random.Random(seed), []
    with sessions(url) as begin:
        for turn in range(rounds):
            with begin() as session:
                read = versions.latest(session, UUID(key))
                number, values = read.number, read.values
            together.wait()
            written.append(f"w{seed}x{turn}x")
            values = {**values, "body": _with_word(values["body"], written[-1], chance)}
            _save_both(begin, UUID(key), values, number)
            together.wait()
    return written


def _with_word(body, word, chance):
    paragraphs = body.split("\n\n")
    place = chance.randrange(len(paragraphs))
    if chance.random() < 0.2:
        paragraphs.insert(place, word)
    else:
        paragraphs[place] += f" {word}"
    return "\n\n".join(paragraphs)


def _save_both(begin, key, values, based_on):
    choices = {}
    while True:
        with begin() as session:
            try:
                versions.save(session, key, values, based_on=based_on, by=ED, choices=choices)
            except SaveClash as clash:
                choices |= {one.key: "both" for one in clash.clashes}
                continue
            session.commit()
            return


def settle_all(url, now):
    """Settle what is due; return the sequences of the acts that this writer made."""
    with sessions(url) as begin, begin() as session:
        return [act.sequence for act in settling.settle(session, now=now)]


def publish_for_ever(url, path, seed):
    """Publish three entries in an act, again and again, and write each act down once it is acknowledged."""
    chance, log = random.Random(seed), os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    with sessions(url) as begin:
        with begin() as session:
            ids = [_new(session, f"{seed}-{number}").entry_id for number in range(3)]
            session.commit()
        while True:
            with begin() as session:
                saved = [_saved(session, key, chance) for key in ids]
                steps = [
                    publishing.publication(session, one.entry_id, one.number, forced=True) for one in saved
                ]
                told = " ".join(f"{one.entry_id}:{one.number}" for one in saved)
                act = publishing.perform(
                    session, steps, by=ED, reason="three at once", now=some_clock(chance)
                )
                sequence = act.sequence
            os.write(log, f"{sequence} {told}\n".encode())


def _new(session, slug):
    return versions.create(session, "article", article_values(slug=slug), locale="en", by=ED)


def _saved(session, key, chance):
    newest = versions.latest(session, key)
    values = {**newest.values, "body": str(chance.random()), "tags": [str(chance.random())]}
    return versions.save(session, key, values, based_on=newest.number, by=ED)
