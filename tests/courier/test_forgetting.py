from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from content import autosaves, batches
from content.batches import Verb
from content.database import new_id
from courier.forgetting import Forgetter
from tests.builders import ED, MAY_DAY, an_article


class TestTick:
    @pytest.mark.parametrize(("days", "went"), [(90, 1), (0, 0)])
    def test_it_forgets_what_nobody_came_back_to(self, engine, session, days, went):
        for age in (10, 1000):
            autosaves.keep(
                session,
                new_id(),
                {"title": f"Left {age} days ago"},
                by=ED,
                type_name="article",
                now=MAY_DAY - timedelta(days=age),
            )
        session.commit()

        assert Forgetter(lambda: Session(engine), days).tick(MAY_DAY) == went
        assert len(autosaves.of_editor(session, by=ED, most=9)) == 2 - went

    def test_it_forgets_what_was_chosen_and_never_begun(self, engine, session):
        chosen = [[an_article(session).entry_id]]
        made = [
            batches.choose(session, Verb.TAG, "article", chosen, by=by, now=MAY_DAY - timedelta(days=days)).id
            for by, days in (("person:ann", 6), ("person:bob", 8), ("person:eve", 8))
        ]
        batches.begin(session, batches.batch(session, made[2], by="person:eve"), {"tag": "legs"})
        session.commit()

        assert Forgetter(lambda: Session(engine), 0).tick(MAY_DAY) == 1
        session.expire_all()
        assert {one.id for one in session.scalars(select(batches.Batch))} == {made[0], made[2]}
        assert set(session.scalars(select(batches.Item.batch_id))) == {made[0], made[2]}
