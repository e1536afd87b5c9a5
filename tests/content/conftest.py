"""What only content's own tests need."""

import pytest
from sqlalchemy import event


@pytest.fixture
def statements(engine):
    """Every statement that reaches the database from now on."""
    heard = []
    event.listen(engine, "before_cursor_execute", lambda *args: heard.append(args[2]))
    return heard
