"""The newsroom at work while Verso is read: one publication a second."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from bench.library import BY
from content import publishing, versions
from content.database import prepare_engine
from content.editions import Edition

A_SECOND = 1.0


@contextmanager
def at_work(url: str) -> Iterator[None]:
    """Publish a next version of one FAQ each second, in a thread, until the block ends."""
    engine, stop = create_engine(url), threading.Event()
    prepare_engine(engine)
    worker = threading.Thread(target=_publish_until, args=(Session(engine), stop))
    worker.start()
    try:
        yield
    finally:
        stop.set()
        worker.join()
        engine.dispose()


def _publish_until(session: Session, stop: threading.Event) -> None:
    with session:
        entry_id = session.scalars(select(Edition.entry_id).where(Edition.type == "faq").limit(1)).one()
        while not stop.wait(A_SECOND):
            latest = versions.latest(session, entry_id)
            values = {**latest.values, "question": f"What is new in {latest.number}?"}
            made = versions.save(session, entry_id, values, based_on=latest.number, by=BY)
            publishing.publish(session, entry_id, made.number, by=BY, forced="the bench publishes")
