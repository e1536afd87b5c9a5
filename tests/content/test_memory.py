"""A process remembers what it has read, within a budget, for a session that carries its memory."""

import pytest

from content.memory import MEMORY, Memory, recalled


@pytest.fixture
def memory():
    return Memory(budget=10_000)


class TestMemory:
    def test_it_keeps_what_was_put_last(self, memory):
        memory.put("one", 1, 10)
        memory.put("one", 2, 10)

        assert memory.get("one") == 2
        assert memory.get("other") is None

    def test_the_oldest_is_forgotten_where_the_budget_is_spent(self, memory):
        for number in range(10):
            memory.put(number, number, 1_500)

        kept = [number for number in range(10) if memory.get(number) is not None]

        # Each costs somewhat more than it holds.
        assert kept == [5, 6, 7, 8, 9]

    def test_what_is_asked_for_stays_while_others_come_and_go(self, memory):
        memory.put("asked for", 1, 1_500)
        for number in range(10):
            memory.put(number, number, 1_500)
            memory.get("asked for")

        kept = [number for number in range(10) if memory.get(number) is not None]

        assert memory.get("asked for") == 1
        assert kept == [6, 7, 8, 9]

    def test_what_is_put_again_takes_its_place_once(self, memory):
        memory.put("first", 1, 1_500)
        for _ in range(100):
            memory.put("again", 1, 1_500)

        assert memory.get("first") == 1

    def test_what_is_larger_than_all_is_not_kept(self, memory):
        memory.put("small", 1, 10)
        memory.put("large", 1, 20_000)

        assert memory.get("large") is None
        memory.put("small", 2, 10)
        assert memory.get("small") == 2


class TestRecalled:
    def test_it_reads_once_where_the_session_carries_a_memory(self, session, memory):
        read = []
        session.info[MEMORY] = memory

        told = [recalled(session, "key", lambda: read.append(1) or "said", size=10) for _ in range(2)]

        assert told == ["said", "said"]
        assert len(read) == 1

    def test_it_reads_each_time_where_it_carries_none(self, session):
        read = []

        for _ in range(2):
            recalled(session, "key", lambda: read.append(1) or "said", size=10)

        assert len(read) == 2
