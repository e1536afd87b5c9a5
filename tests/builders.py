"""Content for tests, built through the front door: each builder calls the verbs that everybody calls."""

from datetime import UTC, date, datetime, timedelta

from content import pictures, publishing, reviews, versions
from content.log import ChangeKind
from content.reviews import Reviewer
from tests.drawings import a_drawing

MAY_DAY = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)
NEXT_YEAR = date(2027, 5, 1)
HOUR = timedelta(hours=1)
ED = "person:ed"
DR_REED = Reviewer("person:reed", "Dr. Ana Reed", "MD, vascular medicine")
DR_FINN = Reviewer("person:finn", "Dr. Leo Finn", "MD, general practice")


def article_values(**values):
    """The values of an article, those given first."""
    return {
        "title": "Clots in the leg",
        "summary": "What to know.",
        "body": "Plain words.",
        "slug": "clots",
    } | values


def faq_values(**values):
    """The values of an FAQ, those given first."""
    return {"question": "Does it hurt?", "answer": "Often it does.", "slug": "does-it-hurt"} | values


def an_article(session, *, by=ED, locale="en", now=MAY_DAY, **values):
    """A new article's first version."""
    return versions.create(session, "article", article_values(**values), locale=locale, by=by, now=now)


def an_faq(session, *, by=ED, locale="en", now=MAY_DAY, **values):
    """A new FAQ's first version."""
    return versions.create(session, "faq", faq_values(**values), locale=locale, by=by, now=now)


def a_topic(session, name="Veins", *, locale="en", now=MAY_DAY, **values):
    """A published topic's id, as text."""
    given = {"name": name, "slug": name.lower().replace(" ", "-")} | values
    made = versions.create(session, "topic", given, locale=locale, by=ED, now=now)
    publish(session, made, now=now)
    return str(made.entry_id)


def an_author(session, name="Leg Clinic", *, now=MAY_DAY, **values):
    """A published author's id, as text."""
    given = {"name": name, "slug": name.lower().replace(" ", "-"), "kind": "organisation"} | values
    made = versions.create(session, "author", given, locale="en", by=ED, now=now)
    publish(session, made, now=now)
    return str(made.entry_id)


def an_image(session, uploaded=None, *, by=ED, locale="en", now=MAY_DAY, **values):
    """A new image's first version, its picture uploaded for it."""
    kept = pictures.keep(session, uploaded or a_drawing(), now=now)
    told = {"file": kept, "name": "A foot", "alt": "A foot on a suitcase", "slug": "a-foot"}
    return versions.create(session, "image", told | values, locale=locale, by=by, now=now)


def a_live_image(session, uploaded=None, *, now=MAY_DAY, **values):
    """The version of an image that was reviewed and published."""
    version = signed(session, an_image(session, uploaded, now=now, **values), now=now)
    publish(session, version, now=now)
    return version


def saved(session, version, *, by=ED, now=MAY_DAY, **changes):
    """The next version of the same entry, with some values changed."""
    values = {**version.values, **changes}
    return versions.save(session, version.entry_id, values, based_on=version.number, by=by, now=now)


def signed(session, version, *, reviewer=DR_REED, due_on=NEXT_YEAR, now=MAY_DAY):
    """The same version, once a clinician has signed it."""
    reviews.sign(session, version.entry_id, version.number, reviewer, due_on=due_on, now=now)
    return version


def publish(session, version, *, by=ED, kind=ChangeKind.EDITORIAL, note=None, forced=None, now=MAY_DAY):
    """The act that published a version."""
    return publishing.publish(
        session, version.entry_id, version.number, by=by, kind=kind, note=note, forced=forced, now=now
    )


def a_live_article(session, *, now=MAY_DAY, locale="en", **values):
    """The version of an article that was reviewed and published."""
    version = signed(session, an_article(session, now=now, locale=locale, **values), now=now)
    publish(session, version, now=now)
    return version


def a_live_faq(session, *, now=MAY_DAY, locale="en", **values):
    """The version of an FAQ that was reviewed and published."""
    version = signed(session, an_faq(session, now=now, locale=locale, **values), now=now)
    publish(session, version, now=now)
    return version
