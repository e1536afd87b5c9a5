from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from content import autosaves
from content.database import new_id
from courier.forgetting import Forgetter
from tests.builders import ED, MAY_DAY


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
