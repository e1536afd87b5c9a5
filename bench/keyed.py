"""Keyed: what limits, counting and a partner's key take from the speed of a repeated read."""

from collections.abc import Iterator, Mapping
from statistics import median

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bench.figures import Figure
from bench.library import BY
from bench.load import Asked, load
from bench.measuring import Effort
from bench.servers import Server
from content import granting, keys, partners
from content.partners import Reach
from content.placement import LICENSED

LEAST = 0.8  # of the rate without either
PLAIN = {"VERSO_USAGE": "0"}
LIMITED = {"VERSO_LIMITS": "1", "VERSO_READ_LIMIT": "1000000000", "VERSO_USAGE": "1"}
_PATHS = {"one article": "/api/v1/articles/article-7", "a list of 20": "/api/v1/articles"}


def a_bearer(engine: Engine) -> Mapping[str, str]:
    """Return the headers that bear the key of a partner that may read all."""
    with Session(engine) as session:
        partner = partners.create(session, "A magazine")
        session.commit()
        granting.grant(session, partner.id, Reach(audiences=(LICENSED,)), by=BY)
        _, text = keys.make(session, partner.id, purpose="the bench", by=BY)
        session.commit()
    return {"Authorization": f"Bearer {text}"}


def measured(
    database: str, plain: Server, limited: Server, borne: Mapping[str, str], effort: Effort
) -> Iterator[Figure]:
    """Ask both servers in alternating rounds, the one that limits with a key; yield its part of the other's rate."""
    for name, path in _PATHS.items():
        parts = []
        for _ in range(effort.rounds):
            without = load(plain.address, Asked([path]), effort.seconds)
            with_both = load(limited.address, Asked([path], headers=borne), effort.seconds)
            parts.append(with_both.rate / without.rate if with_both.errors == 0 else 0.0)
        part = median(parts)
        yield Figure(
            database,
            f"{name}, repeated, with limits, counting and a key: part of the rate without",
            f"{part:.2f}",
            f"at least {LEAST}",
            part >= LEAST,
        )
