"""The examples of the OpenAPI document: a small clinic's texts are published, and every operation is asked for real.

Run as `make examples` or `python -m tests.examples`, it writes the answers to `api/examples/`. Clock, ids and keys are
fixed, so that the same code writes the same bytes on every machine.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch
from uuid import UUID

import time_machine
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session
from werkzeug.test import Client
from werkzeug.wrappers import Response

import signing_key
from api.examples import FOLDER
from api.layer import in_front_of
from app import create_app
from content import database, feeds, keys, log, partners, pictures, previews, publishing, types
from content.keys import Scope
from content.log import ChangeKind, State
from content.versions import create, version
from storage import db
from tests.builders import DR_REED, ED, publish, saved, signed
from tests.drawings import a_drawing

BEGUN = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)
READ = datetime(2026, 5, 20, 9, 0, tzinfo=UTC)
DUE = date(2027, 5, 1)
STRETCH = 4  # acts after which feeds are archived: this clinic has done ten
EPOCH = UUID("0b7e5c1a-93d4-4f26-8a1e-5d2c7b9f0e34")
ARTICLE = {
    "title": "Swelling after a flight",
    "slug": "swelling-after-a-flight",
    "summary": "A swollen calf after hours of sitting is mostly harmless. Here is how to tell when it is not.",
    "body": "Sitting still lets water gather in the legs.\n\n## What helps\n\nWalk a *little* every hour.",
    "tags": ["flying"],
    "canonical": "https://clinic.example/swelling-after-a-flight",
    "sources": [
        {
            "title": "Swollen ankles, feet and legs",
            "publisher": "NHS",
            "url": "https://www.nhs.uk/conditions/oedema/",
            "accessed_on": "2026-04-20",
        }
    ],
}
IMAGE = {
    "name": "Foot on a suitcase",
    "slug": "a-foot-on-a-suitcase",
    "alt": "A foot on a suitcase",
    "caption": "Rest your foot higher than your knee.",
    "credit": "The Leg Clinic",
}
FAQ = {
    "question": "When should I see a doctor?",
    "slug": "when-should-i-see-a-doctor",
    "short": "See a doctor the same day if one leg alone is swollen and hurts.",
    "answer": "See a doctor the same day if **one leg** alone is swollen and hurts. It may be a clot.",
    "warnings": ["Short of breath as well? Call an ambulance."],
    "position": 1,
    "tags": ["flying"],
}
GERMAN = {
    "title": "Geschwollene Beine nach dem Flug",
    "slug": "geschwollene-beine-nach-dem-flug",
    "body": "Langes Sitzen lässt Wasser in die Beine laufen.",
}
STOCKINGS = {"title": "Stockings for the journey", "slug": "stockings", "body": "Knee-high is enough."}
OLD = {"title": "Aspirin before a flight", "slug": "aspirin-before-a-flight", "body": "Take one."}
# What stands for `{key}` in an address, by the plural of the type.
KEYS = {
    "articles": "swelling-after-a-flight",
    "faqs": "when-should-i-see-a-doctor",
    "topics": "leg-veins",
    "authors": "the-leg-clinic",
    "images": "a-foot-on-a-suitcase",
}
# What is asked beyond the parameters that are required, by the operation's id.
ASKED = {
    "listArticles": "topic=veins&limit=1&total=true",
    "listFaqs": "article=swelling-after-a-flight",
    "listChanges": "since=6&limit=2",
    "getSync": "type=faq",
    "listFaqsEmbed": "article=swelling-after-a-flight&sort=position",
    "listFaqsFragment": "article=swelling-after-a-flight&sort=position",
    "listArticlesEmbed": "tag=flying",
    "listArticlesFragment": "tag=flying",
    "search": "limit=2&total=true&facets=true",
}
RANDOM = b"the bits of one key."
KEY = keys.written(RANDOM)
SIGNING = b"a key that signs these examples."
# One question for each kind of problem that can be asked for, with its headers; in a `clinic`'s app.
PROBLEMS = {
    "key-refused": ("/api/v1/articles", {"Authorization": "Bearer verso_that-is-none"}),
    "key-too-narrow": ("/api/v1/articles", {"Authorization": f"Bearer {KEY}"}),
    "preview-over": ("/api/v1/articles/nothing", {"Authorization": "Bearer vp_that-has-ended"}),
    "preview-refused": ("/api/v1/articles", {"Authorization": "Bearer vp_an-example"}),
    "not-found": ("/api/v1/articles/nothing", {}),
    "not-acceptable": ("/api/v1/articles", {"Accept": "text/html"}),
    "gone": ("/api/v1/articles/aspirin-before-a-flight", {}),
    "resync": (f"/api/v1/changes?since=6&epoch={UUID(int=EPOCH.int + 1)}", {}),
    "precondition-failed": ("/api/v1/articles/swelling-after-a-flight", {"If-Match": '"another"'}),
    "not-implemented": ("/api/v1/oembed?url=https://clinic.example/stockings&format=yaml", {}),
    "bad-parameters": ("/api/v1/articles?limit=1000&page=2", {}),
}
# What cannot be an example of itself, and what is no JSON.
WITHOUT = {"getOpenapi", "getMedia", "getEmbedScript", "getEmbedBuild"}


def recorded(template: Path, folder: Path) -> dict[str, dict]:
    """Return what was `asked` and `answered`, by operation id or kind of problem; `template` is migrated and empty."""
    (folder / "verso.db").write_bytes(template.read_bytes())
    with still_world() as clock:
        app = create_app(_config(folder))
        with app.app_context():
            publish_texts(db.session(), clock)
            db.session.remove()
        clock.move_to(READ)
        client = app.test_client()
        document = client.get("/api/v1/openapi.json").get_json()
        answers = {name: _answer(client, path) for name, path in questions(document)}
        problems = {f"problem-{name}": _problem(client, *asked) for name, asked in PROBLEMS.items()}
        problems["problem-unavailable"] = _problem(_cut_off(folder), "/api/v1/articles", {})
        problems["problem-too-many-requests"] = _problem(_worn_out(folder), "/api/v1/articles", {})
        with app.app_context():
            db.engine.dispose()
    return answers | problems


def _config(folder: Path) -> dict[str, object]:
    path = folder / "key.pem"
    if not path.exists():
        signing_key.keep(path, Ed25519PrivateKey.from_private_bytes(SIGNING))
    return {
        "VERSO_SIGNING_KEY": str(path),
        "DATABASE_URL": f"sqlite:///{folder}/verso.db",
        "VERSO_VAR": str(folder),
        "VERSO_SECRET_KEY": "the key of the examples",
        "TESTING": True,
    }


def _cut_off(folder: Path):
    """Return a client of an app whose database refuses connections: nothing listens at that port."""
    away = {"DATABASE_URL": "postgresql://127.0.0.1:1/verso", "PROPAGATE_EXCEPTIONS": False}
    app = create_app(_config(folder) | away)
    app.logger.disabled = True
    return app.test_client()


def _worn_out(folder: Path):
    """Return a client that has asked as often as it may: once."""
    app = create_app(_config(folder) | {"VERSO_READ_LIMIT": "1"})
    client = Client(in_front_of(app), Response)
    client.get("/api/v1/articles")
    with app.app_context():
        db.engine.dispose()
    return client


@contextmanager
def still_world() -> Iterator:
    """A world in which the clock stands still until it is moved, and ids follow one another."""
    ids = (UUID(f"019dd07e-a400-7000-8000-{number:012x}") for number in range(1, 1 << 16))
    with (
        time_machine.travel(BEGUN, tick=False) as clock,
        patch.object(database, "uuid7", lambda: next(ids)),
        patch.object(log, "uuid4", lambda: EPOCH),
        patch.object(feeds, "LENGTH", STRETCH),
        patch.object(previews.secrets, "token_urlsafe", lambda size: "an-example"),
        patch.object(keys.secrets, "token_bytes", lambda size: RANDOM),
    ):
        yield clock


def publish_texts(session: Session, clock) -> None:
    """Publish the clinic's texts, correct one, and withdraw one."""
    log.begin_epoch(session)
    veins = _public(session, "topic", {"name": "Veins", "slug": "veins"})
    topic = {"name": "Leg veins", "slug": "leg-veins", "description": "What may ail the veins of the leg."}
    legs = _public(session, "topic", topic | {"parent": str(veins)})
    clinic = {"name": "The Leg Clinic", "slug": "the-leg-clinic", "kind": "organisation"}
    author = _public(
        session, "author", clinic | {"bio": "A clinic for leg veins.", "telephone": "+44 20 7946 0000"}
    )
    filed = {"topics": [str(legs)], "authors": [str(author)]}
    image = _public(session, "image", IMAGE | {"file": pictures.keep(session, a_drawing(640, 360))})
    article = _public(session, "article", ARTICLE | filed | {"image": str(image)})
    clock.shift(3600)
    _public(session, "faq", FAQ | {"article": str(article), "topics": [str(legs)]})
    _public(session, "article", GERMAN | filed, locale="de", translation_of=article)
    _public(session, "article", STOCKINGS | filed)
    old = _public(session, "article", OLD | filed)
    clock.shift(86_400)
    _correct(session, article)
    clock.shift(86_400)
    note = "Aspirin does not keep clots of the leg away."
    publishing.withdraw(session, old, manner=State.REPLACED, target=str(article), note=note, by=ED, now=None)
    _preview_of_what_cannot_be(session)
    _key_of_one_who_keeps_copies(session)


def _key_of_one_who_keeps_copies(session: Session) -> None:
    partner = partners.create(session, "A magazine")
    keys.make(session, partner.id, purpose="a copy", scopes=[Scope.SYNC], by=ED)
    session.commit()


def _preview_of_what_cannot_be(session: Session) -> None:
    draft = create(
        session, "article", STOCKINGS | {"title": "Another text at the same address"}, locale="en", by=ED
    )
    previews.for_draft(session, draft.entry_id, 1, purpose="an example", by=ED, lasts=previews.LONGEST)
    session.commit()


def _public(session: Session, kind: str, values: dict, *, locale: str = "en", **about) -> UUID:
    made = create(session, kind, values, locale=locale, by=ED, **about)
    if types.get(kind).needs_review:
        signed(session, made, reviewer=DR_REED, due_on=DUE, now=None)
    publish(session, made, now=None)
    return made.entry_id


def _correct(session: Session, article: UUID) -> None:
    body = ARTICLE["body"].replace("every hour", "every hour, and drink water")
    first = version(session, article, 1)
    newer = signed(session, saved(session, first, body=body, now=None), due_on=DUE, now=None)
    publish(session, newer, kind=ChangeKind.CLINICAL, note="Drinking is new among what helps.", now=None)


def questions(document: dict) -> list[tuple[str, str]]:
    """Return the id of every operation but one with the path that is asked, its parameters put in."""
    gets = [(path, item["get"]) for path, item in document["paths"].items()]
    return [
        (get["operationId"], _asked(path, get)) for path, get in gets if get["operationId"] not in WITHOUT
    ]


def _asked(path: str, operation: dict) -> str:
    plural = path.split("/")[3] if path.count("/") > 2 else ""
    key = KEYS.get(path.split("/")[4] if plural == "feeds" else plural, "")
    address = path.replace("{key}", key).replace("{number}", "1").replace("{until}", str(2 * STRETCH))
    required = [
        f"{one['name']}={one['schema']['example']}"
        for one in operation.get("parameters", [])
        if one["in"] == "query" and one.get("required")
    ]
    query = "&".join(filter(None, [*required, ASKED.get(operation["operationId"], "")]))
    return f"{address}?{query}" if query else address


def _answer(client, path: str) -> dict:
    response = client.get(path)
    assert response.status_code == 200, f"{path}: {response.text}; see ASKED and KEYS in tests/examples.py"
    return {"asked": path, "answered": response.get_json() if response.is_json else response.text}


def _problem(client, path: str, headers: dict) -> dict:
    response = client.get(path, headers=headers)
    assert response.status_code >= 400, f"{path} is no problem"
    return {"asked": path, "answered": response.get_json()}


def written(record: dict) -> str:
    """Return a record as its file has it."""
    return json.dumps(record, indent=2, ensure_ascii=False) + "\n"


def main() -> int:
    """Write every example anew, and take away what is no operation any more."""
    from tests.conftest import migrate

    with TemporaryDirectory() as made:
        folder = Path(made)
        migrate(f"sqlite:///{folder}/template.db", folder)
        records = recorded(folder / "template.db", folder)
    for path in FOLDER.glob("*.json"):
        path.unlink()
    for name, record in records.items():
        (FOLDER / f"{name}.json").write_text(written(record))
    print(f"{len(records)} answers are in api/examples/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
