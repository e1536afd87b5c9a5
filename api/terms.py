"""Terms: on what terms the caller has our texts, and what it may read; its own, and in nobody else's answers."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import fields
from sqlalchemy import select
from sqlalchemy.orm import Session

from api import asking, reading, telling
from api.answers import answer
from api.describing import Reads
from api.queries import NoQuery
from api.shapes import Flat, many, nested, schema, text, uuid, whole
from content import expansion, granting, grants, partners, turns
from content.documents import API
from content.grants import Grant
from content.keys import Bearer, Scope
from content.log import Act
from content.partners import Partner, Reach
from content.turns import Turning
from storage import db

HOUR = 3600  # seconds


def _flag(name: str) -> fields.Boolean:
    return fields.Boolean(required=True, metadata={"example": False, "description": name})


def _all_or(name: str) -> fields.List[Any]:
    return fields.List(
        text(name), required=True, allow_none=True, metadata={"description": "null: all of them."}
    )


def _moment(description: str, shown: str) -> fields.String:
    about = {"format": "date-time", "example": shown, "description": description}
    return fields.String(required=True, allow_none=True, metadata=about)


_GRANT: Flat = {
    "audiences": many(text("audience")),
    "types": _all_or("type"),
    "topics": fields.List(
        uuid(), required=True, allow_none=True, metadata={"description": "And all below them; null: all."}
    ),
    "locales": _all_or("locale"),
    "embargo": fields.Integer(
        required=True, metadata={"example": 0, "description": "Seconds from a text's first publication."}
    ),
    "from": _moment("null: since ever.", "2026-05-01T09:00:00.000000Z"),
    "until": _moment("null: no end is planned.", "2027-05-01T09:00:00.000000Z"),
}
TERMS = schema(
    "Terms",
    {
        "partner": text("partner"),
        "attribution": text("attribution", null=True),
        "modifications_allowed": _flag("Whether the texts may be changed."),
        "refresh_within": whole("refresh_within", least=1),
        "licence": text("licence", null=True),
        "quota": whole("quota", null=True, least=1),
        "grants": many(nested("Grant", _GRANT)),
        "planned": many(nested("Grant", _GRANT)),
        "scopes": many(text("scope")),
        "expires_at": fields.String(
            required=True,
            allow_none=True,
            metadata={"format": "date-time", "example": "2027-05-01T09:00:00.000000Z"},
        ),
    },
    component="Terms",
)
_NONE = dict.fromkeys(("attribution", "licence", "quota"))


def blueprint() -> Reads:
    """Return the read of the caller's terms."""
    routes = Reads(
        "Partner",
        __name__,
        scope=None,
        url_prefix=f"{API}/partner",
        description="Your own terms, by your own key.",
    )

    @routes.get("/terms")
    @routes.arguments(NoQuery, location="query")
    @routes.answers(TERMS)
    def get_terms(asked: dict[str, Any]) -> Response:
        """Read your terms and grants; without a key, those of everybody: the built-in partner `anonymous`."""
        borne = reading.caller()
        return answer(_terms(db.session(), borne) if borne else _everybodys())

    return routes


def _terms(session: Session, borne: Bearer) -> dict[str, Any]:
    partner = partners.partner(session, borne.partner_id)
    held = grants.held(session, partner.id, reading.present().sequence)
    planned = grants.planned(session, partner.id)
    moments = _moments(session, [one.from_sequence for one in held])
    ahead = turns.ahead(session, [one.id for one in (*held, *planned)])
    return {
        "partner": partner.name,
        "attribution": partner.attribution,
        "modifications_allowed": partner.modifications_allowed,
        "refresh_within": refresh_within(),
        "licence": partner.licence,
        "quota": partner.quota,
        "grants": [
            *_everybodys_grants(session),
            *(_own(one, moments[one.from_sequence], ahead[one.id]) for one in held),
        ],
        "planned": [_own(one, None, ahead[one.id]) for one in planned],
        "scopes": sorted(borne.scopes),
        "expires_at": borne.expires_at and expansion.instant(borne.expires_at),
    }


def needs_key(entry_id: str) -> bool:
    """Return whether a text that the caller may read is for those only who bear a key."""
    return reading.caller() is not None and granting.needs_key(asking.session(), UUID(entry_id))


def refresh_within() -> int:
    """Return within how many seconds the caller fetches a text anew: by its own terms, else by everybody's."""
    partner = _partner()
    hours = partner.refresh_within if partner else None
    return (hours or int(asking.config()["VERSO_REFRESH_WITHIN"])) * HOUR


def attribution() -> str:
    """Return what stands beside each text: by the caller's own terms, else whose the texts are."""
    partner = _partner()
    return (partner.attribution if partner else None) or telling.organisation()


def _partner() -> Partner | None:
    borne = reading.caller()
    return partners.partner(asking.session(), borne.partner_id) if borne else None


def _everybodys() -> dict[str, Any]:
    told = {
        "partner": partners.EVERYBODY,
        "modifications_allowed": False,
        "grants": _everybodys_grants(db.session()),
        "planned": [],
    }
    told |= {"refresh_within": refresh_within()}
    return told | _NONE | {"scopes": sorted(Scope), "expires_at": None}


def _everybodys_grants(session: Session) -> list[dict[str, Any]]:
    """Return what anybody may read, as grants: those of the last act that said so, or such as have held since ever."""
    said, reaches = reading.present().said, reading.reach_at(reading.present().sequence, None)
    began = _moments(session, [said])[said] if said else None
    return [_told(reach, 0, began) for reach in reaches]


def _moments(session: Session, sequences: Sequence[int | None]) -> dict[int | None, str]:
    chosen = select(Act.sequence, Act.at).where(Act.sequence.in_(sequences))
    return {sequence: expansion.instant(at) for sequence, at in session.execute(chosen)}


def _own(kept: Grant, began: str | None, ahead: Mapping[str, datetime]) -> dict[str, Any]:
    """Return a partner's own grant, which began then or is to begin, and when it ends where that is planned."""
    told = {does: expansion.instant(at) for does, at in ahead.items()}
    begins, ends = began or told.get(Turning.BEGIN), told.get(Turning.END)
    return _told(kept.reach, kept.embargo * HOUR, begins, ends)


def _told(reach: Reach, embargo: int, began: str | None, ends: str | None = None) -> dict[str, Any]:
    topics = None if reach.topics is None else [str(one) for one in reach.topics]
    given = {"types": reach.types, "topics": topics, "locales": reach.locales}
    return {"audiences": list(reach.audiences), **given, "embargo": embargo, "from": began, "until": ends}
