"""Topics: whether a publication in one leaves the lists of the others what they were, for readers who know them."""

import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing
from uuid import UUID

import httpx
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bench.figures import Figure
from bench.library import BY
from bench.servers import Server
from content import log, publishing, topics, versions
from content.editions import Edition

PUBLICATIONS = 3
SEEN = 0.5  # seconds after which every worker has seen an act: each trusts what it read for a tenth of one
_LIST = "/api/v1/faqs?topic={}"


def measured(database: str, engine: Engine, verso: Server) -> Iterator[Figure]:
    """Publish some FAQs anew, one after the other, and yield which lists are a 304 after each."""
    others, own = list[bool](), list[bool]()
    with Session(engine) as session, closing(httpx.Client(base_url=verso.address, timeout=60)) as site:
        for entry_id in _live(session, "faq")[:PUBLICATIONS]:
            known = {topic: _etag(site, topic) for topic in _live(session, "topic")}
            showing = _published(session, entry_id)
            time.sleep(SEEN)
            others += [_same(site, topic, known) for topic in known.keys() - showing]
            own += [_same(site, topic, known) for topic in known.keys() & showing]
    yield Figure(
        database,
        "lists of other topics that are a 304 after a publication in one",
        f"{sum(others)} of {len(others)}, and {sum(own)} of {len(own)} of the topics that it was in",
        "all, and none",
        all(others) and not any(own),
    )


def _live(session: Session, type_name: str) -> list[UUID]:
    """Return what is live of a type, the latest made first."""
    live = select(Edition.entry_id).where(Edition.type == type_name, Edition.until_sequence.is_(None))
    return list(session.scalars(live.order_by(Edition.entry_id.desc())))


def _published(session: Session, entry_id: UUID) -> Collection[UUID]:
    """Publish an FAQ with another question; return the topics whose lists may show it."""
    latest = versions.latest(session, entry_id)
    values = {**latest.values, "question": f"What is new in {latest.number}?"}
    made = versions.save(session, entry_id, values, based_on=latest.number, by=BY)
    publishing.publish(session, entry_id, made.number, by=BY, forced="the bench publishes")
    tree, filed = topics.tree(session, log.head(session).sequence), set(map(UUID, values["topics"]))
    return [topic for topic in _live(session, "topic") if not filed.isdisjoint(tree.below([topic]))]


def _etag(site: httpx.Client, topic: UUID) -> str:
    return site.get(_LIST.format(topic)).raise_for_status().headers["ETag"]


def _same(site: httpx.Client, topic: UUID, known: Mapping[UUID, str]) -> bool:
    answer = site.get(_LIST.format(topic), headers={"If-None-Match": known[topic]})
    return answer.status_code == 304
