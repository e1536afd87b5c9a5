from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from content import publishing, topics, versions
from content.database import new_id
from content.errors import Invalid
from content.log import head
from tests.builders import ED, MAY_DAY, a_topic, publish, saved


def tree(session):
    return topics.tree(session, head(session).sequence)


def tree_at(session, act, topic):
    return topics.tree(session, act.sequence).below([UUID(topic)])


class TestTree:
    def test_it_knows_who_bears_a_slug_in_a_locale(self, session):
        veins = a_topic(session, "Veins")

        assert tree(session).bearers == {("veins", "en"): UUID(veins)}

    def test_a_topic_counts_with_all_below_it_each_once(self, session):
        legs = a_topic(session, "Legs")
        veins = a_topic(session, "Veins", parent=legs)
        calf = a_topic(session, "Calf", parent=veins)

        found = tree(session).below([UUID(legs), UUID(veins)])

        assert found == [UUID(legs), UUID(veins), UUID(calf)]

    def test_a_circle_ends_the_walk_all_the_same(self):
        one, other = new_id(), new_id()

        assert topics.Tree({one: [other], other: [one]}, {}).below([one]) == [one, other]

    def test_it_is_asked_for_by_one_statement(self, session, statements):
        for number in range(5):
            a_topic(session, f"Topic {number}")
        statements.clear()

        topics.tree(session, 5)

        assert [statement for statement in statements if not statement.startswith("BEGIN")][1:] == []


class TestPast:
    def test_it_tells_until_when_each_topic_last_stood_below(self, session):
        legs, arms = a_topic(session, "Legs"), a_topic(session, "Arms")
        veins = a_topic(session, "Veins", parent=legs)
        calf = a_topic(session, "Calf", parent=veins)
        renamed = publish(session, saved(session, versions.latest(session, UUID(veins)), name="Deep veins"))
        moved = publish(session, saved(session, versions.latest(session, UUID(veins)), parent=arms))
        late = a_topic(session, "Late", parent=veins)
        at = head(session).sequence
        past = topics.past(session, at)

        ever = past.last_below([UUID(legs)], 0, topics.FOREVER)

        assert ever == {UUID(legs): topics.FOREVER, UUID(veins): moved.sequence, UUID(calf): moved.sequence}
        assert past.last_below([UUID(legs)], 0, renamed.sequence)[UUID(calf)] == renamed.sequence
        assert UUID(calf) not in past.last_below([UUID(legs)], moved.sequence, topics.FOREVER)
        assert past.below([UUID(arms)], at) == sorted(map(UUID, (arms, veins, calf, late)))
        assert set(past.below([UUID(legs)], renamed.sequence)) == set(tree_at(session, renamed, legs))
        assert renamed.sequence not in past.moves()
        assert moved.sequence in past.moves()

    def test_a_circle_ends_the_walk_all_the_same(self):
        one, other = new_id(), new_id()
        past = topics.Past({one: [(other, 1, 9)], other: [(one, 3, topics.FOREVER)]})

        assert past.last_below([one], 2, 20) == {one: 20, other: 9}


class TestSaving:
    def test_a_topic_never_comes_to_lie_below_itself(self, session):
        legs = a_topic(session, "Legs")
        veins = a_topic(session, "Veins", parent=legs)
        calf = a_topic(session, "Calf", parent=veins)
        session.commit()

        for above in (legs, veins, calf):
            with pytest.raises(Invalid, match="parent: is this topic itself, or lies below it"):
                saved(session, versions.latest(session, UUID(legs)), parent=above)

    def test_it_does_not_where_two_move_two_at_once_either(self, engine, session):
        legs, veins = a_topic(session, "Legs"), a_topic(session, "Veins")
        session.commit()

        def put_veins_below_legs():
            with Session(engine) as other:
                known = [versions.latest(other, UUID(one)) for one in (legs, veins)]
                other.rollback()
                saved(other, known[1], parent=legs)
                other.commit()

        saved(session, versions.latest(session, UUID(legs)), parent=veins)
        with ThreadPoolExecutor(1) as pool:
            moved = pool.submit(put_veins_below_legs)
            # It waits for the first.
            with pytest.raises(TimeoutError):
                moved.result(1)
            session.commit()
            with pytest.raises(Invalid, match="parent: is this topic itself, or lies below it"):
                moved.result(60)

    def test_two_may_change_places_one_after_the_other(self, session):
        legs = a_topic(session, "Legs")
        veins = a_topic(session, "Veins", parent=legs)

        saved(session, versions.latest(session, UUID(veins)), parent=None)
        below = saved(session, versions.latest(session, UUID(legs)), parent=veins)

        assert below.values["parent"] == veins


class TestPublishing:
    def test_a_topic_never_comes_to_lie_below_itself(self, session):
        legs = a_topic(session, "Legs")
        veins = a_topic(session, "Veins", parent=legs)
        # A draft of what readers have below it still.
        saved(session, versions.latest(session, UUID(veins)), parent=None)
        circle = saved(session, versions.latest(session, UUID(legs)), parent=veins)
        session.commit()

        with pytest.raises(Invalid, match="parent: lies below"):
            publish(session, circle)

        assert tree(session).children == {UUID(legs): [UUID(veins)]}

    def test_it_is_a_tree_too_where_one_act_moves_several(self, session):
        one, other = (UUID(a_topic(session, name)) for name in ("One", "Other"))
        moves = []
        for a, b in ((one, other), (other, one)):
            moves.append(saved(session, versions.latest(session, a), parent=str(b)))
            # The newest draft is another one.
            saved(session, moves[-1], parent=None)
        steps = [publishing.publication(session, move.entry_id, 2) for move in moves]

        with pytest.raises(Invalid, match="parent"):
            publishing.perform(session, steps, by=ED, now=MAY_DAY)
