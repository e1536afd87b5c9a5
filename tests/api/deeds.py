"""Deeds: what a newsroom does to a small corpus at random: all its verbs, on all types, in any order.

Which entry, which words and which moment follow from a random number generator that the caller seeds. Whatever a rule
forbids is not done.
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from content import publishing, reviews, schedule, versions
from content.entries import Entry
from content.errors import ContentError
from content.log import State
from content.placement import LICENSED, PUBLIC
from content.schedule import Verb
from tests.builders import DR_REED, ED

SLUGS, TAGS, WORDS = ["one", "two", "three", "four", "five"], ["flying", "walking"], "abcdefgh"
MOST_ENTRIES = 18


def some_deed(session, chance, now):
    """Do one thing, or nothing where a rule forbids it."""
    (deed,) = chance.choices(list(_DEEDS), _DEEDS.values())
    try:
        deed(session, chance, now)
        session.commit()
    except ContentError:
        session.rollback()


def begin(session, chance, now):
    """Publish a few of each type, so that there is something to change."""
    for kind in ("topic", "topic", "topic", "author", *("article", "faq") * 4):
        try:
            _publish(session, _created(session, chance, kind, now), chance, now)
        except ContentError:
            session.rollback()


def _ids(session, *kinds):
    return list(session.scalars(select(Entry.id).where(Entry.type.in_(kinds)).order_by(Entry.id)))


def _some(session, chance, *kinds):
    return chance.choice(_ids(session, *(kinds or ("article", "faq", "topic", "author"))) or [UUID(int=0)])


def _values(session, chance, kind):
    """Fresh values of a type, what they name chosen among all that there is."""
    named = lambda *kinds: [str(one) for one in _ids(session, *kinds)]  # noqa: E731
    several = lambda some: chance.sample(some, min(len(some), chance.choice([0, 1, 1, 2])))  # noqa: E731
    one_or_none = lambda some: chance.choice([None, *some])  # noqa: E731
    values = {"slug": chance.choice(SLUGS)}
    if kind in ("topic", "author"):
        values["name"] = chance.choice(WORDS)
        return values | ({"parent": one_or_none(named("topic"))} if kind == "topic" else {})
    values |= {"topics": several(named("topic")), "tags": several(TAGS)}
    values["audience"] = chance.choice([PUBLIC] * 6 + [LICENSED])
    if kind == "article":
        return values | {
            "title": chance.choice(WORDS),
            "body": chance.choice(WORDS),
            "authors": several(named("author")),
        }
    return values | {
        "question": chance.choice(WORDS),
        "answer": chance.choice(WORDS),
        "article": one_or_none(named("article")),
        "position": chance.choice([None, 1, 2]),
    }


def _created(session, chance, kind, now, **about):
    locale = about.pop("locale", chance.choice(["en", "en", "de"]))
    return versions.create(
        session, kind, _values(session, chance, kind), locale=locale, by=ED, now=now, **about
    )


def _publish(session, version, chance, now):
    if chance.random() < 0.5:
        due_on = now.date() + timedelta(days=chance.randrange(1, 20))
        reviews.sign(session, version.entry_id, version.number, DR_REED, due_on=due_on, now=now)
    return publishing.publish(session, version.entry_id, version.number, by=ED, forced="A storm.", now=now)


def _saved(session, chance, key, now):
    newest = versions.latest(session, key)
    kind = session.get(Entry, key).type
    fresh = _values(session, chance, kind)
    kept = {} if newest.erased else {name: newest.values.get(name) for name in newest.values}
    for name in chance.sample(list(fresh), chance.randrange(1, len(fresh))) if kept else list(fresh):
        kept[name] = fresh[name]
    return versions.save(session, key, kept, based_on=newest.number, by=ED, now=now)


def _create(session, chance, now):
    kind = chance.choice(["article", "faq", "topic", "author"])
    if len(_ids(session, "article", "faq", "topic", "author")) < MOST_ENTRIES:
        _publish(session, _created(session, chance, kind, now), chance, now)


def _translate(session, chance, now):
    """Translate something, or leave that as a draft, which a later change publishes."""
    of = session.get(Entry, _some(session, chance))
    locale = "en" if of.locale == "de" else "de"
    made = _created(session, chance, of.type, now, locale=locale, translation_of=of.id)
    if chance.random() < 0.5:
        _publish(session, made, chance, now)


def _change(session, chance, now):
    _publish(session, _saved(session, chance, _some(session, chance), now), chance, now)


def _change_topic(session, chance, now):
    _publish(session, _saved(session, chance, _some(session, chance, "topic"), now), chance, now)


def _change_two(session, chance, now):
    steps = [
        publishing.publication(session, saved.entry_id, saved.number, forced=True)
        for saved in [
            _saved(session, chance, key, now)
            for key in {_some(session, chance, "topic"), _some(session, chance, "article", "faq")}
        ]
    ]
    publishing.perform(session, steps, by=ED, reason="A storm.", now=now)


def _move(session, chance, now):
    publishing.move(session, _some(session, chance), chance.choice(SLUGS), by=ED, now=now)


def _withdraw(session, chance, now):
    manner = chance.choice([State.GONE, State.REDIRECTED, State.REPLACED])
    target = None if manner == State.GONE else str(_some(session, chance))
    publishing.withdraw(
        session, _some(session, chance), by=ED, manner=manner, target=target, note="Old.", now=now
    )


def _hold(session, chance, now):
    publishing.hold(session, _some(session, chance), by=ED, now=now)


def _release(session, chance, now):
    publishing.release(session, _some(session, chance), by=ED, now=now)


def _number(session, chance, key):
    return chance.randrange(1, versions.latest(session, key).number + 1)


def _reinstate(session, chance, now):
    key = _some(session, chance)
    number = _number(session, chance, key)
    publishing.reinstate(session, key, number, by=ED, forced="A storm.", now=now)


def _retract(session, chance, now):
    key = _some(session, chance)
    publishing.retract(session, key, [_number(session, chance, key)], note="Wrong.", by=ED, now=now)


def _erase(session, chance, now):
    key = _some(session, chance)
    publishing.erase(session, key, chance.choice([None, [_number(session, chance, key)]]), by=ED, now=now)


def _rereview(session, chance, now):
    due_on = now.date() + timedelta(days=chance.randrange(1, 20))
    publishing.rereview(session, _some(session, chance, "article", "faq"), DR_REED, due_on=due_on, now=now)


def _plan(session, chance, now):
    due_at = now + timedelta(hours=chance.randrange(1, 100))
    verb = chance.choice([Verb.HOLD, Verb.RELEASE])
    schedule.schedule(session, verb, _some(session, chance), due_at=due_at, by=ED, now=now)


_DEEDS = {
    _create: 4,
    _translate: 2,
    _change: 6,
    _change_topic: 5,
    _change_two: 2,
    _move: 2,
    _withdraw: 2,
    _hold: 1,
    _release: 2,
    _reinstate: 3,
    _retract: 1,
    _erase: 1,
    _rereview: 1,
    _plan: 1,
}
