"""A newsroom at work, for its pictures: people who are made up, and what they have done with the shipped texts."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin import people, saved_filters
from admin.people import Person
from admin.roles import Role
from admin.sources_view import written as written_source
from content import (
    batches,
    comments,
    granting,
    keys,
    partners,
    pictures,
    publishing,
    reviews,
    schedule,
    submissions,
    trash,
    versions,
)
from content.entries import Entry
from content.partners import Reach
from content.reviews import Reviewer, Scope
from content.schedule import Verb
from content.usage.counting import ANONYMOUS, Usage
from tests.drawings import hills

PASSWORD = "four plain words here"
SOURCE = {
    "title": "Deep vein thrombosis",
    "publisher": "NHS",
    "url": "https://www.nhs.uk/conditions/deep-vein-thrombosis-dvt/",
    "accessed_on": "2026-03-02",
}


@dataclass(frozen=True)
class Scene:
    """What the addresses name, by id: an article at work, an FAQ, a topic, a picture, a partner and so on.

    `other_topic` is the one to merge into, `draft` was sent back, `withdrawn` was public, `asked` and `begun` are bulk
    acts, `source` is a source as addresses carry it, `day` is one on which something was public, and `due_on` one on
    which something is due.
    """

    article: str
    faq: str
    topic: str
    image: str
    partner: str
    other_topic: str
    draft: str
    withdrawn: str
    asked: str
    begun: str
    source: str
    day: str
    due_on: str


def played(session: Session) -> Scene:
    """Have some people work on the shipped texts."""
    ada = _person(session, "Ada Brandt", Role.EDITOR, Role.ADMINISTRATOR)
    ben = _person(session, "Ben Okri", Role.AUTHOR)
    reed = _person(session, "Dr. Ana Reed", Role.REVIEWER)
    first, second, third = session.scalars(
        select(Entry).where(Entry.type == "article").order_by(Entry.title).limit(3)
    )
    faq = session.scalars(select(Entry).where(Entry.type == "faq").order_by(Entry.title).limit(1)).one()
    topic, other_topic = session.scalars(
        select(Entry).where(Entry.type == "topic").order_by(Entry.title).limit(2)
    )
    now = datetime.now(UTC)
    due_at = now + timedelta(days=9)
    signer = Reviewer(str(reed.id), reed.name, reed.credentials)
    for entry, days in ((first, 340), (second, 20)):
        due_on = (now + timedelta(days=days)).date()
        publishing.rereview(session, entry.id, signer, due_on=due_on, scope=Scope.PAGE)
    newest = versions.latest(session, first.id)
    image = _picture(session, by=str(ben.id))
    body = f"{newest.values['body']}\n\n## When to come back\n\nCome back if the swelling is still there after a week."
    versions.save(
        session,
        first.id,
        {**newest.values, "body": body, "image": image, "sources": [SOURCE]},
        based_on=newest.number,
        by=str(ben.id),
        note="As agreed.",
    )
    submissions.submit(
        session, first.id, newest.number + 1, by=str(ben.id), message="Is a week right for everybody?"
    )
    comments.comment(
        session,
        first.id,
        newest.number + 1,
        field="body",
        passage="after a week",
        words="Sooner for pregnant women: say so.",
        by=str(reed.id),
    )
    draft = {
        "title": "Compression stockings",
        "slug": "compression-stockings",
        "body": f"They press water out. Read about [long flights](/api/v1/articles/{first.id}) too.",
    }
    made = versions.create(session, "article", draft, locale="en", by=str(ada.id))
    sent = submissions.submit(session, made.entry_id, 1, by=str(ada.id))
    submissions.send_back(
        session, sent.id, by=str(reed.id), answer="Name the classes and who must not wear them."
    )
    thrown = versions.create(
        session, "article", {**draft, "slug": "old", "body": "Soon."}, locale="en", by=str(ben.id)
    )
    trash.throw_away(session, thrown.entry_id, by=str(ben.id))
    schedule.schedule(
        session,
        Verb.WITHDRAW,
        second.id,
        due_at=due_at,
        by=str(ada.id),
        reason="A newer text comes.",
    )
    session.commit()
    publishing.withdraw(
        session, third.id, by=str(ada.id), note="It is being written anew.", reason="Out of date."
    )
    _filters(session, by=ada, other=ben)
    partner = _partner(session, str(ada.id))
    _hand_out(session, partner, [first.id, second.id, faq.id])
    session.commit()
    return Scene(
        str(first.id),
        str(faq.id),
        str(topic.id),
        image,
        str(partner),
        other_topic=str(other_topic.id),
        draft=str(made.entry_id),
        withdrawn=str(third.id),
        begun=_begun(session, by=ada),
        asked=_asked(session, [_signed(session, signer, by=ben), first.id, made.entry_id], by=ada),
        source=written_source(SOURCE),
        day=f"{now:%Y-%m-%d}",
        due_on=f"{due_at:%Y-%m-%d}",
    )


def _filters(session: Session, *, by: Person, other: Person) -> None:
    """Keep some filters of one person, and one that another shares."""
    for person, name, query, shared in (
        (by, "Due this month", {"due": "30"}, False),
        (by, "Stockings", {"q": "stockings", "tab": "live"}, True),
        (other, "My drafts on veins", {"q": "veins", "tab": "drafts"}, True),
    ):
        told = {"type_name": "article", "name": name, "query": query, "shared": shared}
        saved_filters.keep(session, **told, person_id=person.id, now=datetime.now(UTC))


def _signed(session: Session, signer: Reviewer, *, by: Person) -> UUID:
    """Write an article and have it signed; return its id."""
    values = {"title": "Walking after a blood clot", "slug": "walking-after-a-clot", "body": "Begin at once."}
    made = versions.create(session, "article", values, locale="en", by=str(by.id))
    due_on = (datetime.now(UTC) + timedelta(days=300)).date()
    reviews.sign(session, made.entry_id, 1, signer, due_on=due_on)
    return made.entry_id


def _asked(session: Session, ids: list[UUID], *, by: Person) -> str:
    """Choose some articles to be published."""
    made = batches.choose(session, batches.Verb.PUBLISH, "article", [ids], by=str(by.id)).id
    session.commit()
    return str(made)


def _begun(session: Session, *, by: Person) -> str:
    """Begin to tag all FAQs, of which two are thrown away meanwhile, and stop halfway."""
    drafts = [
        versions.create(
            session,
            "faq",
            {"question": question, "slug": slug, "answer": "It depends."},
            locale="en",
            by=str(by.id),
        ).entry_id
        for question, slug in (
            ("May I fly with a clot in the leg?", "flying-with-a-clot"),
            ("Does it hurt?", "pain"),
            ("Who pays for the stockings?", "who-pays"),
        )
    ]
    live = session.scalars(select(Entry.id).where(Entry.type == "faq", Entry.id.not_in(drafts))).all()
    made = batches.choose(session, batches.Verb.TAG, "faq", [[*drafts, *live]], by=str(by.id)).id
    batches.begin(session, batches.batch(session, made, by=str(by.id)), {"tag": "legs", "way": "add"})
    for draft in drafts[:2]:
        trash.throw_away(session, draft, by=str(by.id))
    session.commit()

    def tag(item: batches.Item) -> None:
        newest = versions.latest(session, item.entry_id)
        tagged = {**newest.values, "tags": ["legs"]}
        versions.save(session, item.entry_id, tagged, based_on=newest.number, by=str(by.id))

    batches.work(session, made, tag, most=len(drafts) + len(live) // 2)
    return str(made)


def _picture(session: Session, *, by: str) -> str:
    """Upload a drawing of hills; return the image's id."""
    values = {
        "name": "Hills in the evening",
        "slug": "hills-in-the-evening",
        "alt": "A path that leads over low hills in the evening",
        "caption": "Half an hour of walking a day is enough.",
        "credit": "Ben Okri",
        "file": pictures.keep(session, hills()),
    }
    return str(versions.create(session, "image", values, locale="en", by=by).entry_id)


def _hand_out(session: Session, partner: UUID, ids: list[UUID]) -> None:
    """Let a month pass in which readers come, fewer of them at weekends."""
    today = datetime.now(UTC).date()
    for days in range(30):
        day = today - timedelta(days=days)
        times = (30 if day.weekday() > 4 else 80) + days * 37 % 23
        for place, entry_id in enumerate(ids):
            some = times // (place + 1)
            session.add_all(
                Usage(
                    partner_id=reader,
                    day=day,
                    entry_id=entry_id,
                    version=1,
                    fetch=some,
                    listed=some // 2,
                    embed=some // 3 if reader == partner else 0,
                    unchanged=some // 4,
                )
                for reader in (ANONYMOUS, partner)
            )


def _partner(session: Session, by: str) -> UUID:
    made = partners.create(
        session,
        "Walking Weekly",
        editorial_contact="Mia Lund, mia@walking.example",
        safety_contact="+44 20 7946 0000, day and night",
        attribution="From the Leg Clinic. Not a substitute for seeing a doctor.",
        refresh_within=24,
        licence="Contract 2026-14",
        quota=600,
    )
    keys.make(session, made.id, purpose="their website", by=by)
    session.commit()
    granting.grant(session, made.id, Reach(audiences=("licensed",), types=("faq",)), by=by, embargo=48)
    return made.id


def _person(session: Session, name: str, *roles: Role) -> Person:
    email = f"{name.split()[0].lower().strip('.')}@clinic.example"
    person = people.add(
        session,
        email=email,
        name=name,
        roles=set(roles),
        now=datetime.now(UTC),
        credentials="MD, vascular medicine" if Role.REVIEWER in roles else "",
    )
    people.set_password(session, person, PASSWORD)
    return person
