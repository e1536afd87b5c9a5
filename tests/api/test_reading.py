"""What a request reads, all of it at one sequence."""

import pytest

from storage import db
from tests.builders import a_live_article


class TestPresent:
    @pytest.mark.parametrize("read", ["openapi.json", "articles", "nothing"])
    def test_it_is_looked_up_anew_by_each_request_in_one_app_context(self, session, app, api, read):
        with app.app_context():
            before = api.get(f"/api/v1/{read}").headers["Verso-Sequence"]
            db.session.remove()  # its open transaction is the context's own matter
            a_live_article(session)
            after = api.get(f"/api/v1/{read}").headers["Verso-Sequence"]

        assert (before, after) == ("0", "1")
