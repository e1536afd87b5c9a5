"""Who may do what, cell by cell: every address of the newsroom, as nobody and as each role, by direct requests.

`NEEDS` is the table. An address that stands in no row of it fails here, so that none is added without a right.
"""

import hashlib
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from admin import people, set_up_links
from admin.roles import RIGHTS, Right, Role
from admin.sources_view import written
from content import (
    arranging,
    comments,
    granting,
    keys,
    partners,
    previews,
    publishing,
    retiring,
    schedule,
    submissions,
    trash,
)
from content.database import Base
from content.marks import source_mark, tag_mark
from content.partners import Reach
from content.schedule import Verb
from tests.builders import (
    ED,
    a_live_article,
    a_live_faq,
    a_topic,
    an_article,
    an_author,
    an_faq,
    an_image,
    article_values,
    faq_values,
    saved,
    signed,
)

# What is tried here is the same on every database.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

NOBODY = "nobody"  # whoever comes, signed in or not
ANYBODY = "anybody"  # whoever is signed in, whatever they are
READ, WRITE, REVIEW, PUBLISH, WITHDRAW, PEOPLE, PARTNERS = (
    frozenset({right})
    for right in (
        Right.READ,
        Right.WRITE,
        Right.REVIEW,
        Right.PUBLISH,
        Right.WITHDRAW,
        Right.MANAGE_PEOPLE,
        Right.MANAGE_PARTNERS,
    )
)
READS = {
    "admin.index",
    # A batch is its beginner's alone; `test_bulk` tries each verb as each role.
    "bulk.batch",
    "bulk.begin",
    "bulk.index",
    "bulk.step",
    "embedding.embed",
    "organising.where_used",
    "picking.look_up",
    "pictures.media",
    "reviewing.ask",
    # A filter is its maker's alone.
    "saved_filters.change",
    "saved_filters.index",
    "saved_filters.keep",
    "saved_filters.remove",
    "schedule.index",
    "sources.index",
    "sources.of",
    "tags.index",
    "tags.of",
    "trail.diff",
    "trail.history",
    "trail.on_day",
    "trail.version",
    "trash.index",
    "usage.index",
    "autosaving.token",
}
WRITES = {
    "arrangement.arrange",
    "autosaving.discard",
    "autosaving.keep",
    "beside.of_form",
    "from_text.ask",
    "from_text.read",
    "pictures.upload",
    "present.here",
    "present.left",
    "preview.of_markdown",
    "submitting.comment",
    "submitting.settle",
    "submitting.submit",
    "submitting.take_back",
    "throwing.take_out",
    "throwing.throw_away",
    "tokens.make_for_draft",
    "tokens.of_draft",
    "tokens.revoke_for_draft",
    "trail.restore",
}
TYPES = ("articles", "faqs", "topics", "authors", "images")
OPEN = {
    "anything_else.unknown",
    "door.choose_appearance",
    "door.log_in",
    "door.login",
    "door.logout",
    "door.static",
    "passwords.set_password",
    "passwords.set_up",
}
# What each address needs, by the name of its view.
NEEDS = {
    **dict.fromkeys(OPEN, NOBODY),
    **dict.fromkeys(("passwords.change_password", "passwords.password"), ANYBODY),
    **dict.fromkeys(("own_account.account", "own_account.change"), ANYBODY),
    **dict.fromkeys(READS, READ),
    **{f"{plural}.{view}": READ for plural in TYPES for view in ("index", "edit")},
    **dict.fromkeys(WRITES, WRITE),
    **{f"{plural}.{view}": WRITE for plural in TYPES for view in ("new", "create", "save")},
    **dict.fromkeys(("reviewing.sign", "submitting.send_back", "submitting.revoke"), REVIEW),
    **dict.fromkeys(
        (
            "acts.ask_to_publish",
            "acts.publish",
            "arrangement.publish_order",
            "moments.index",
            "moments.make",
            "moments.revoke",
            "organising.ask_to_rename",
            "organising.rename",
            "sources.ask_to_change",
            "sources.change",
            "sources.offer",
            "sources.retire",
            "tags.ask_to_rename",
            "tags.offer",
            "tags.rename",
            "tags.retire",
        ),
        PUBLISH,
    ),
    **dict.fromkeys(("organising.ask_to_merge", "organising.merge"), PUBLISH | WITHDRAW),
    **dict.fromkeys(
        (
            "acts.ask_to_reinstate",
            "acts.ask_to_withdraw",
            "acts.reinstate",
            "acts.withdraw",
            # With a verb that needs it.
            "bulk.choose",
            "organising.ask_to_retire",
            "organising.retire",
            # Of a withdrawal: who may do a thing may take it off the schedule.
            "scheduling.cancel",
        ),
        WITHDRAW,
    ),
    **{
        f"people.{view}": PEOPLE
        for view in ("index", "new", "add", "edit", "change", "disable", "enable", "link")
    },
    **dict.fromkeys(("usage.export", "usage.of_partner"), PARTNERS),
    **{
        f"partners.{view}": PARTNERS
        for view in (
            *("index", "new", "add", "edit", "change", "make_key", "rotate_key", "revoke_key"),
            *("ask_to_grant", "grant", "ask_to_end", "end", "cancel", "ask_of_everybody", "let_everybody"),
        )
    },
}
METHODS = {"GET", "POST", "PUT", "DELETE", "PATCH"}
# What signs the visitor out, or changes their own password: tried by their own tests.
ENDS_THE_SESSION = {"door.logout", "passwords.change_password"}
# Posts that answer and keep nothing.
KEEP_NOTHING = {"beside.of_form", "preview.of_markdown"}
# What undoes another of them, and what must be shown before it is done.
LAST = {"autosaving.discard", "present.left"}
SHOWN_BEFORE = {"organising.merge", "organising.rename", "organising.retire", "sources.change", "tags.rename"}


def may(role, needs):
    """Whether the table lets a role, or nobody (None), in."""
    if needs == NOBODY or role is None:
        return needs == NOBODY
    return needs == ANYBODY or needs <= RIGHTS[role]


class World:
    """An entry for each thing that can be done, and for each address what it is asked with."""

    def __init__(self, session):
        now = datetime.now(UTC)
        source = {"title": "Veins", "publisher": None, "url": None, "published_on": None, "accessed_on": None}
        source = {name: value for name, value in source.items() if value}
        topic, other, author = a_topic(session), a_topic(session, "Legs"), an_author(session)
        live = a_live_article(session, topics=[topic], authors=[author], tags=["legs"], sources=[source])
        faqs = [
            a_live_faq(session, slug=slug, article=str(live.entry_id), position=place)
            for place, slug in enumerate(("one", "two"))
        ]
        ordered = a_live_article(session, slug="ordered").entry_id
        row = [
            a_live_faq(session, slug=f"of-a-row-{place}", article=str(ordered), position=place).entry_id
            for place in (2, 1)
        ]
        arranging.arrange(session, row, by=ED)
        order = arranging.fingerprint(arranging.unpublished(session, row, "article"))
        ready = signed(session, an_article(session, slug="ready"), due_on=(now + timedelta(days=90)).date())
        image = an_image(session)
        self.picture = image.values["file"]["hash"]
        draft, rubbish = (an_article(session, slug=slug) for slug in ("draft", "rubbish"))
        loose, unused, called = (
            an_faq(session, slug="loose"),
            a_topic(session, "Unused"),
            a_topic(session, "Called"),
        )
        old = {**source, "title": "Old"}
        for mark in (tag_mark("old"), source_mark(old)):
            retiring.retire(session, mark, by=ED)
        unsigned = an_article(session, slug="unsigned")
        changed = saved(session, an_article(session, slug="changed"), title="Another")
        gone = a_live_article(session, slug="gone")
        publishing.withdraw(session, gone.entry_id, by=ED)
        thrown = an_faq(session, slug="thrown")
        trash.throw_away(session, thrown.entry_id, by=ED)
        sent = an_article(session, slug="sent")
        submitted = submissions.submit(session, sent.entry_id, 1, by=ED, message="Look.")
        back = an_article(session, slug="back")
        to_take_back = submissions.submit(session, back.entry_id, 1, by=ED)
        to_submit = an_article(session, slug="to-submit")
        said = comments.comment(session, sent.entry_id, 1, field="body", passage="Plain", words="Why?", by=ED)
        coming = schedule.schedule(
            session, Verb.WITHDRAW, live.entry_id, due_at=now + timedelta(days=1), by=ED, reason="Old."
        )
        lasts = {"purpose": "A look.", "lasts": timedelta(days=1), "by": ED}
        of_draft, _ = previews.for_draft(session, changed.entry_id, 2, **lasts)
        of_moment, _ = previews.for_instant(session, now + timedelta(days=2), **lasts)
        person = people.add(session, email="sam@example.org", name="Sam", roles={Role.AUTHOR}, now=now)
        token = set_up_links.make(session, person, now=now)
        partner, other_partner, ending = (
            partners.create(session, name) for name in ("A magazine", "An app", "A portal")
        )
        session.commit()
        licensed = Reach(audiences=("licensed",))
        granting.grant(session, ending.id, licensed, by=ED)
        planned = granting.plan(session, partner.id, licensed, by=ED, begins_at=now + timedelta(days=3))
        revoked, rotated = (
            keys.make(session, one.id, purpose="A site.", by=ED)[0] for one in (partner, other_partner)
        )
        session.commit()
        self.session, self.person, self.token = session, person.id, token
        self.partner, self.key = partner.id, revoked.id
        self.topic, self.other, self.author = UUID(topic), UUID(other), UUID(author)
        self.tab = uuid4()
        article, facts = live.entry_id, written(source)
        day = (now + timedelta(days=30)).date().isoformat()
        # By view: what stands in its path, and what is sent.
        self.asked = {
            "acts.ask_to_publish": ({"entry_id": ready.entry_id}, {}),
            "acts.publish": ({"entry_id": ready.entry_id}, {"kind": "editorial", "live": "", "note": "New."}),
            "acts.ask_to_withdraw": ({"entry_id": article}, {}),
            "acts.withdraw": ({"entry_id": article}, {"manner": "gone", "reason": "Old.", "note": "Old."}),
            "acts.ask_to_reinstate": ({"entry_id": gone.entry_id}, {}),
            "acts.reinstate": ({"entry_id": gone.entry_id}, {"note": "Back.", "reason": "Right."}),
            "arrangement.arrange": ({"entry_id": article}, {"entry": faqs[1].entry_id, "to": "up"}),
            "arrangement.publish_order": ({"entry_id": ordered}, {"row": "faq", "order": order}),
            "autosaving.keep": ({"tab": self.tab}, {"type": "article", "title": "Typed"}),
            "autosaving.discard": ({"tab": self.tab}, {}),
            "beside.of_form": ({}, {"type": "article", "title": "Typed"}),
            "bulk.choose": ({}, {"verb": "withdraw", "entry": article}),
            "from_text.read": ({}, {"text": TEXT, "make": "1"}),
            "moments.make": ({}, {"purpose": "A look.", "instant": f"{day}T09:00", "days": "3"}),
            "moments.revoke": ({"preview_id": of_moment.id}, {}),
            "organising.where_used": ({"entry_id": self.topic}, {}),
            "organising.ask_to_rename": ({"entry_id": self.topic}, {"name": "Vein"}),
            "organising.rename": ({"entry_id": called}, {"name": "Vein"}),
            "organising.ask_to_merge": ({"entry_id": self.other}, {"into": topic}),
            "organising.merge": ({"entry_id": self.other}, {"into": topic, "manner": "redirected"}),
            "organising.ask_to_retire": ({"entry_id": self.other}, {}),
            "organising.retire": ({"entry_id": unused}, {"reason": "Unused.", "note": "Unused."}),
            "people.add": ({}, {"email": "new@example.org", "name": "New", "roles": "author"}),
            "people.change": ({}, {"name": "Samuel", "roles": "author"}),
            "partners.add": ({}, {"name": "A journal"}),
            "partners.change": ({}, {"name": "A weekly"}),
            "partners.make_key": ({}, {"purpose": "A site.", "scopes": "read"}),
            "partners.rotate_key": ({"key_id": rotated.id, "partner_id": other_partner.id}, {"days": 7}),
            "partners.revoke_key": ({"key_id": revoked.id}, {"why": "Lost."}),
            "partners.grant": ({}, {"audiences": "licensed"}),
            "partners.ask_to_end": ({}, {}),
            "partners.end": ({"partner_id": ending.id}, {}),
            "partners.cancel": ({}, {"grant": planned.id}),
            "partners.let_everybody": ({}, {"what": "all"}),
            "present.here": ({"entry_id": article}, {"tab": self.tab}),
            "present.left": ({"entry_id": article}, {"tab": self.tab}),
            "preview.of_markdown": ({}, {"markdown": "*Words*"}),
            "reviewing.ask": ({"entry_id": unsigned.entry_id}, {}),
            "reviewing.sign": ({"entry_id": unsigned.entry_id}, {"due_on": day, "scope": "page"}),
            "saved_filters.keep": ({}, {"name": "Legs", "query": "q=legs"}),
            "scheduling.cancel": ({"scheduled_id": coming.id}, {"why": "Not yet."}),
            "sources.of": ({}, {"source": facts}),
            "sources.ask_to_change": ({}, {"source": facts, "title": "Veins again"}),
            "sources.change": ({}, {"source": facts, "title": "Veins again"}),
            "sources.retire": ({}, {"source": facts}),
            "sources.offer": ({}, {"source": written(old)}),
            "submitting.submit": ({"entry_id": to_submit.entry_id, "version": 1}, {"message": "Look."}),
            "submitting.send_back": (
                {"entry_id": sent.entry_id, "version": 1},
                {"submission": submitted.id, "answer": "No."},
            ),
            "submitting.revoke": ({"entry_id": ready.entry_id, "version": 1}, {"wrong": "The dose."}),
            "submitting.take_back": (
                {"entry_id": back.entry_id, "version": 1},
                {"submission": to_take_back.id},
            ),
            "submitting.comment": (
                {"entry_id": unsigned.entry_id, "version": 1},
                {"field": "body", "passage": "Plain", "words": "Why?"},
            ),
            "submitting.settle": ({"entry_id": sent.entry_id, "comment_id": said.id, "version": 1}, {}),
            "tags.of": ({}, {"tag": "legs"}),
            "tags.ask_to_rename": ({}, {"tag": "legs", "to": "leg"}),
            "tags.rename": ({}, {"tag": "legs", "to": "leg"}),
            "tags.retire": ({}, {"tag": "legs"}),
            "tags.offer": ({}, {"tag": "old"}),
            "throwing.throw_away": ({"entry_id": rubbish.entry_id}, {}),
            "throwing.take_out": ({"entry_id": thrown.entry_id}, {}),
            "tokens.make_for_draft": ({"entry_id": changed.entry_id}, {"purpose": "A look.", "days": "3"}),
            "tokens.revoke_for_draft": ({"entry_id": changed.entry_id, "preview_id": of_draft.id}, {}),
            "trail.on_day": ({"entry_id": article}, {"day": "2026-05-02"}),
            "trail.diff": ({"entry_id": changed.entry_id}, {"from": 1, "to": 2}),
            "trail.restore": ({"entry_id": changed.entry_id}, {"version": 1, "newest": 2}),
        }
        about = {
            "articles": draft.entry_id,
            "faqs": loose.entry_id,
            "topics": self.topic,
            "authors": self.author,
            "images": image.entry_id,
        }
        fresh = {
            "articles": article_values(slug="fresh"),
            "faqs": faq_values(slug="fresh"),
            "topics": {"name": "Fresh", "slug": "fresh"},
            "authors": {"name": "Fresh", "slug": "fresh", "kind": "organisation"},
            "images": {
                "name": "Fresh",
                "alt": "A foot",
                "slug": "fresh",
                "file": image.values["file"]["hash"],
            },
        }
        for plural, values in fresh.items():
            self.asked[f"{plural}.create"] = ({}, {**values, "locale": "en"})
            self.asked[f"{plural}.save"] = ({"entry_id": about[plural]}, {**values, "based_on": 1})
            self.asked[f"{plural}.edit"] = ({"entry_id": about[plural]}, {})
        self.entry = changed.entry_id

    def request(self, app, rule, *, guessed=None):
        """The path of a rule and what is sent to it; with `guessed`, that in place of every id."""
        parts, sent = self.asked.get(rule.endpoint, ({}, {}))
        usual = {
            "entry_id": self.entry,
            "person_id": self.person,
            "partner_id": self.partner,
            "key_id": self.key,
            "batch_id": str(uuid4()),
            "filter_id": str(uuid4()),
            "number": "1",
            "type_name": "article",
            "token": "a-token",
            "filename": "built/newsroom.css",
            "name": self.picture,
            "_path": "nowhere",
        }
        named = {name: str(parts.get(name, usual.get(name))) for name in rule.arguments}
        if guessed:
            named = {name: guessed if name in GUESSED else value for name, value in named.items()}
        query = {name: str(value) for name, value in parts.items() if name not in rule.arguments}
        with app.test_request_context():
            path = rule.build({**named, **query}, append_unknown=True)[1]
        return path, {name: str(value) for name, value in sent.items()}


GUESSED = {
    "partner_id",
    "key_id",
    "batch_id",
    "entry_id",
    "filter_id",
    "person_id",
    "preview_id",
    "comment_id",
    "scheduled_id",
    "tab",
}
TEXT = """How long flights trouble your legs

By Leg Clinic

1 May 2026

Sitting still lets water gather in the legs.

What helps?

Walk a little every hour.
"""


def rows(session):
    """A digest of every row of every table."""
    session.rollback()
    told = hashlib.sha256()
    for table in Base.metadata.sorted_tables:
        for row in sorted(map(repr, session.execute(select(table)).all())):
            told.update(row.encode())
    return told.hexdigest()


def routes(app):
    """Every address below /admin with its methods, by the name of its view."""
    return [
        (rule, method)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/admin")
        for method in sorted(rule.methods & METHODS)
    ]


def told(answer, role, method):
    return f"{method} {answer.request.path} as {role}: {answer.status_code}"


@pytest.fixture
def world(session):
    return World(session)


def ask(browser, path, method, sent, token):
    if method == "GET":
        return browser.open(path, query_string=sent or None)
    return browser.open(path, method=method, data={"csrf_token": token, **sent})


class TestRights:
    def test_every_address_stands_in_the_table_and_nothing_else_does(self, app):
        assert {rule.endpoint for rule, _ in routes(app)} == set(NEEDS)

    @pytest.mark.parametrize("role", [None, *Role])
    def test_what_a_role_may_not_do_is_refused_and_changes_no_row(
        self, app, browser, signed_in, world, session, role
    ):
        visitor = signed_in(role) if role else browser
        token = visitor.token("/admin/password" if role else "/admin/login")
        before, tried = rows(session), 0

        for rule, method in routes(app):
            if may(role, NEEDS[rule.endpoint]):
                continue
            path, sent = world.request(app, rule)
            answer = ask(visitor, path, method, sent, token)

            said, tried = told(answer, role, method), tried + 1
            if role:
                assert answer.status_code == 403, said
            elif method == "GET":
                assert answer.status_code == 302, said
                assert answer.location.startswith("/admin/login"), said
            else:
                assert answer.status_code == 401, said
            assert rows(session) == before, said

        # Nobody has every right.
        assert tried

    @pytest.mark.parametrize("role", Role)
    def test_a_role_is_refused_nothing_that_it_may_do(self, app, signed_in, world, session, role):
        visitor = signed_in(role)
        token = visitor.token("/admin/password")

        for rule, method in routes(app):
            if not may(role, NEEDS[rule.endpoint]) or rule.endpoint in ENDS_THE_SESSION:
                continue
            path, sent = world.request(app, rule)
            answer = ask(visitor, path, method, sent, token)

            assert answer.status_code not in (401, 403), told(answer, role, method)
            assert answer.status_code < 500, told(answer, role, method)

    @pytest.mark.parametrize("role", Role)
    def test_guessed_ids_are_nowhere(self, app, signed_in, world, session, role):
        visitor = signed_in(role)
        token = visitor.token("/admin/password")
        before = rows(session)

        for rule, method in routes(app):
            makes_its_own = rule.endpoint in ("autosaving.keep", "present.left")
            if not rule.arguments & GUESSED or makes_its_own:
                continue
            path, sent = world.request(app, rule, guessed=str(uuid4()))
            answer = ask(visitor, path, method, sent, token)

            refused = (403, 404) if not may(role, NEEDS[rule.endpoint]) else (404,)
            assert answer.status_code in refused, told(answer, role, method)
            assert rows(session) == before, told(answer, role, method)

    @pytest.mark.parametrize("role", [Role.REVIEWER, Role.ADMINISTRATOR])
    def test_what_is_refused_to_others_is_done_for_whoever_may(self, app, signed_in, world, session, role):
        visitor = signed_in(role)
        people.by_email(session, f"{role}@example.org").credentials = "MD"
        session.commit()
        token = visitor.token("/admin/password")

        for view in sorted(world.asked, key=lambda view: (view in LAST, view)):
            rule = next(
                (rule for rule, method in routes(app) if (rule.endpoint, method) == (view, "POST")), None
            )
            if rule is None or not may(role, NEEDS[view]):
                continue
            path, sent = world.request(app, rule)
            if view in SHOWN_BEFORE:
                page = visitor.open(path, query_string=sent).text
                sent["expected"] = page.partition('name="expected" value="')[2].partition('"')[0]
            before, answer = rows(session), ask(visitor, path, "POST", sent, token)

            assert answer.status_code < 400, told(answer, role, "POST")
            assert (rows(session) != before) == (view not in KEEP_NOTHING), told(answer, role, "POST")
