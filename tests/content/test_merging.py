from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.merging import Choice, merged
from content.pieces import paragraphs, prose
from content.types import get

ARTICLE, FAQ = get("article"), get("faq")
VALUES = {field.name: field.absent for field in FAQ.fields}
BODY = "One.\n\nTwo.\n\nThree."


def values(**given):
    return {field.name: given.get(field.name, field.absent) for field in ARTICLE.fields}


def put_together(base, theirs, mine, choices=None):
    return merged(ARTICLE.fields, values(**base), values(**theirs), values(**mine), choices or {})


def bodies(base, theirs, mine, choices=None):
    """Merge three bodies; returns what comes out, and what clashes as (base, theirs, mine)."""
    both = put_together({"body": base}, {"body": theirs}, {"body": mine}, choices)
    return both.values["body"], [(clash.base, clash.theirs, clash.mine) for clash in both.clashes]


class TestProse:
    @pytest.mark.parametrize(
        ("theirs", "mine", "together"),
        [
            ("One!\n\nTwo.\n\nThree.", "One.\n\nTwo.\n\nThree!", "One!\n\nTwo.\n\nThree!"),
            ("One!\n\nTwo.\n\nThree.", "One.\n\nTwo!\n\nThree.", "One!\n\nTwo!\n\nThree."),
            ("One.\n\nThree.", "One.\n\nTwo.\n\nThree!", "One.\n\nThree!"),
            ("Zero.\n\n" + BODY, BODY + "\n\nFour.", "Zero.\n\n" + BODY + "\n\nFour."),
            ("One.\n\nTwo.\n\nThree!", BODY + "\n\nFour.", "One.\n\nTwo.\n\nThree!\n\nFour."),
            ("One.\n\nNew.\n\nTwo.\n\nThree.", "One!\n\nTwo.\n\nThree.", "One!\n\nNew.\n\nTwo.\n\nThree."),
            ("One!\n\nTwo.\n\nThree.", "One!\n\nTwo!\n\nThree.", "One!\n\nTwo!\n\nThree."),
            ("One.\n\n\n\nTwo.\n\nThree.", "One.\n\nTwo.\n\nThree!", "One.\n\n\n\nTwo.\n\nThree!"),
        ],
        ids=["apart", "neighbours", "removal", "both ends", "after the last", "insertion", "the same", "gap"],
    )
    def test_it_puts_changes_of_different_paragraphs_together(self, theirs, mine, together):
        assert bodies(BODY, theirs, mine) == (together, [])
        assert bodies(BODY, mine, theirs) == (together, [])

    def test_each_item_of_a_list_is_a_piece_of_its_own(self):
        base = "Signs:\n\n- Pain\n- Heat\n\nCall us."
        theirs = "Signs:\n\n- Sudden pain\n- Heat\n- Swelling\n\nCall us."
        mine = "Signs:\n\n- Pain\n- Heat in one leg\n\nCall us today."

        together, clashes = bodies(base, theirs, mine)

        assert clashes == []
        assert together == ("Signs:\n\n- Sudden pain\n- Heat in one leg\n- Swelling\n\nCall us today.")

    def test_a_fenced_block_is_one_piece(self):
        base = "Before.\n\n```\na\n\nb\n```\n\nAfter."
        theirs, mine = base.replace("a\n", "A\n"), base.replace("b\n", "B\n")

        _, clashes = bodies(base, theirs, mine)

        assert clashes == [("```\na\n\nb\n```", "```\nA\n\nb\n```", "```\na\n\nB\n```")]

    @pytest.mark.parametrize(
        ("theirs", "mine", "clash"),
        [
            (
                "One.\n\nTwo, they say.\n\nThree.",
                "One.\n\nTwo, I say.\n\nThree.",
                ("Two.", "Two, they say.", "Two, I say."),
            ),
            ("One.\n\nThree.", "One.\n\nTwo, I say.\n\nThree.", ("Two.", "", "Two, I say.")),
            (BODY + "\n\nTheirs.", BODY + "\n\nMine.", ("", "Theirs.", "Mine.")),
        ],
        ids=["changed", "removed and changed", "added at one place"],
    )
    def test_what_both_changed_clashes_and_keeps_mine_until_it_is_settled(self, theirs, mine, clash):
        assert bodies(BODY, theirs, mine) == (mine, [clash])

    @pytest.mark.parametrize(
        ("choice", "settled"),
        [
            (Choice.THEIRS, "One!\n\nTheirs.\n\nThree."),
            (Choice.MINE, "One!\n\nMine.\n\nThree."),
            (Choice.BOTH, "One!\n\nTheirs.\n\nMine.\n\nThree."),
        ],
    )
    def test_a_choice_settles_it(self, choice, settled):
        base, theirs, mine = BODY, "One!\n\nTheirs.\n\nThree.", "One.\n\nMine.\n\nThree."
        [clash] = put_together({"body": base}, {"body": theirs}, {"body": mine}).clashes

        assert bodies(base, theirs, mine, {clash.key: choice}) == (settled, [])

    def test_a_choice_holds_for_the_words_that_were_seen_only(self):
        base, mine = BODY, "One.\n\nMine.\n\nThree."
        [clash] = put_together({"body": base}, {"body": "One.\n\nTheirs.\n\nThree."}, {"body": mine}).clashes

        _, left = bodies(base, "One.\n\nTheirs, changed again.\n\nThree.", mine, {clash.key: Choice.MINE})

        assert left == [("Two.", "Theirs, changed again.", "Mine.")]


class TestWhatWasMoved:
    BASE = "Alpha.\n\nTake 20 mg once a day.\n\nCharlie.\n\nDelta."
    LAST = "Alpha.\n\nCharlie.\n\nDelta.\n\nTake 20 mg once a day."
    FIRST = "Take 20 mg once a day.\n\nAlpha.\n\nCharlie.\n\nDelta."

    def test_to_two_places_it_clashes_from_the_one_to_the_other(self):
        together, clashes = bodies(self.BASE, self.LAST, self.FIRST)

        assert clashes == [(self.BASE, self.LAST, self.FIRST)]
        assert together == self.FIRST

    @pytest.mark.parametrize(
        ("choice", "settled"), [(Choice.THEIRS, LAST), (Choice.MINE, FIRST), (Choice.BOTH, LAST)]
    )
    def test_it_lands_once_whatever_is_chosen(self, choice, settled):
        [clash] = put_together({"body": self.BASE}, {"body": self.LAST}, {"body": self.FIRST}).clashes

        assert bodies(self.BASE, self.LAST, self.FIRST, {clash.key: choice}) == (settled, [])

    def test_by_one_side_alone_it_goes_with_what_the_other_wrote(self):
        mine = self.BASE.replace("Alpha.", "Alpha!")

        assert bodies(self.BASE, self.LAST, mine) == (self.LAST.replace("Alpha.", "Alpha!"), [])

    def test_what_the_other_joined_to_its_neighbour_clashes(self):
        joined = self.BASE.replace("Alpha.\n\n", "Alpha. ")

        _, clashes = bodies(self.BASE, joined, self.LAST)

        assert len(clashes) == 1

    def test_and_taken_out_by_the_other_it_clashes(self):
        out = self.BASE.replace("Take 20 mg once a day.\n\n", "")

        _, clashes = bodies(self.BASE, self.LAST, out)

        assert len(clashes) == 1

    def test_each_of_two_that_say_the_same_taken_out_by_one_side_clashes(self):
        base = "Ask first.\n\nOne.\n\nTwo.\n\nAsk first."
        theirs, mine = "One.\n\nTwo.\n\nAsk first.", "Ask first.\n\nOne.\n\nTwo."

        assert bodies(base, theirs, mine) == (mine, [(base, theirs, mine)])

    def test_across_each_other_it_clashes_for_neither_wrote_such_an_order(self):
        _, clashes = bodies(
            "A.\n\nB.\n\nC.\n\nD.\n\nE.", "B.\n\nC.\n\nA.\n\nD.\n\nE.", "A.\n\nC.\n\nD.\n\nB.\n\nE."
        )

        assert len(clashes) == 1


class TestASectionThatOneMovedAndTheOtherChanged:
    SECTION = "## Treatment\n\nWear stockings of class 2.\n\nWalk every day.\n\n"
    CAUSES = "## Causes\n\nValves fail.\n\nStanding does not help.\n\nNor does sitting.\n\n"
    BASE = f"Veins swell.\n\n{CAUSES}{SECTION}## When to call\n\nCall when it is hot."
    THEIRS = BASE.replace("class 2", "class 3")
    MINE = BASE.replace(CAUSES + SECTION, SECTION + CAUSES)

    @pytest.mark.parametrize(
        ("choice", "settled"), [(Choice.THEIRS, THEIRS), (Choice.MINE, MINE), (Choice.BOTH, THEIRS)]
    )
    def test_no_paragraph_is_lost_or_told_twice_whatever_is_chosen(self, choice, settled):
        [clash] = put_together({"body": self.BASE}, {"body": self.THEIRS}, {"body": self.MINE}).clashes

        assert bodies(self.BASE, self.THEIRS, self.MINE, {clash.key: choice}) == (settled, [])

    def test_it_goes_with_the_change_where_it_was_the_others_that_moved(self):
        base, theirs, mine = (
            text.replace("\n\nStanding does not help.\n\nNor does sitting.", "")
            for text in (self.BASE, self.THEIRS, self.MINE)
        )

        assert bodies(base, theirs, mine) == (mine.replace("class 2", "class 3"), [])

    @pytest.mark.parametrize("choice", [Choice.THEIRS, Choice.MINE])
    def test_of_warnings_none_is_lost_either(self, choice):
        base = ["Call 999 at once.", "Not with warfarin.", "Stop when you bleed.", "Ask when pregnant."]
        theirs, mine = ["Call 112 at once.", *base[1:]], [base[1], base[2], base[0], base[3]]
        sides = [{**VALUES, "warnings": side} for side in (base, theirs, mine)]
        [clash] = merged(FAQ.fields, *sides, {}).clashes

        settled = merged(FAQ.fields, *sides, {clash.key: choice})

        assert settled.clashes == ()
        assert settled.values["warnings"] == (theirs if choice == Choice.THEIRS else mine)

    def test_what_they_took_out_and_i_moved_stays_with_both(self):
        mine = self.MINE.replace("class 2", "class 4")
        theirs = self.BASE.replace("Walk every day.", "Rest.")
        [clash] = put_together({"body": self.BASE}, {"body": theirs}, {"body": mine}).clashes

        together, _ = bodies(self.BASE, theirs, mine, {clash.key: Choice.BOTH})

        assert {"Rest.", "Walk every day.", "Wear stockings of class 4."} <= parts(together)


class TestGaps:
    def test_what_comes_to_stand_behind_a_line_is_parted_from_it(self):
        base = "Signs:\n- Pain\n\nCall us."
        theirs, mine = "Signs:\n- Pain\n\nAt once.\n\nCall us.", "Signs:\n\nCall us."

        together, _ = bodies(base, theirs, mine)

        assert together == "Signs:\n\nAt once.\n\nCall us."

    @pytest.mark.parametrize(
        "text", ["Signs:\n- Pain\n- Heat\n\nCall us.", "One.\n  \nTwo.", "1. One\n\n   More\n2. Two"]
    )
    def test_what_is_not_merged_stays_as_it_is_parted(self, text):
        assert prose(paragraphs(text)) == text


class TestOtherFields:
    @pytest.mark.parametrize(
        ("theirs", "mine", "together"),
        [
            ("ABCX", "BAC", "BACX"),
            ("XABC", "ABC", "XABC"),
            ("BAC", "ABCX", "BACX"),
            ("AC", "CBA", "CA"),
            ("ABXC", "ABYC", "ABXYC"),
            ("BAC", "ABC", "BAC"),
        ],
    )
    def test_an_order_and_what_was_added_are_put_together(self, theirs, mine, together):
        both = put_together(*({"authors": list(side)} for side in ("ABC", theirs, mine)))

        assert ("".join(both.values["authors"]), both.clashes) == (together, ())

    def test_two_orders_that_cannot_be_one_clash_and_lose_nobody(self):
        sides = [{"authors": list(side)} for side in ("ABC", "BACX", "ACBY")]
        [clash] = put_together(*sides).clashes

        settled = [put_together(*sides, {clash.key: choice}) for choice in (Choice.THEIRS, Choice.MINE)]

        assert (clash.theirs, clash.mine, clash.both) == ("B\nA\nC\nX\nY", "A\nC\nB\nY\nX", False)
        assert ["".join(one.values["authors"]) for one in settled] == ["BACXY", "ACBYX"]
        assert [one.clashes for one in settled] == [(), ()]

    def test_a_choice_between_two_orders_holds_whatever_mine_adds(self):
        base, theirs, mine = ({"authors": list(side)} for side in ("ABC", "BACX", "ACBY"))
        [clash] = put_together(base, theirs, mine).clashes

        settled = put_together(base, theirs, {"authors": list("ACBZ")}, {clash.key: Choice.THEIRS})

        assert ("".join(settled.values["authors"]), settled.clashes) == ("BACXZ", ())

    def test_tags_never_clash(self):
        both = put_together(
            {"tags": ["legs", "veins"]}, {"tags": ["legs", "flights"]}, {"tags": ["legs", "massage", "veins"]}
        )

        assert (both.values["tags"], both.clashes) == (["legs", "flights", "massage"], ())

    def test_rows_are_merged_one_by_one(self):
        base = [{"title": "A"}, {"title": "B"}]

        both = put_together(
            {"sources": base},
            {"sources": [{"title": "A", "url": "https://a.example"}, {"title": "B"}]},
            {"sources": [*base, {"title": "C"}]},
        )

        assert both.clashes == ()
        assert [row["title"] for row in both.values["sources"]] == ["A", "B", "C"]
        assert both.values["sources"][0]["url"] == "https://a.example"

    def test_two_new_rows_at_one_place_can_stay_both(self):
        sides = [{"sources": [{"title": title}]} for title in ("Theirs", "Mine")]
        [clash] = put_together({}, *sides).clashes

        both = put_together({}, *sides, {clash.key: Choice.BOTH})

        assert clash.both
        assert both.values["sources"] == [{"title": "Theirs"}, {"title": "Mine"}]

    def test_one_line_clashes_as_a_whole_and_cannot_be_both(self):
        sides = [{"title": title} for title in ("Base", "Theirs", "Mine")]
        [clash] = put_together(*sides).clashes

        assert (clash.label, clash.both) == ("Title", False)
        assert put_together(*sides, {clash.key: Choice.THEIRS}).values["title"] == "Theirs"
        assert put_together(*sides, {clash.key: Choice.BOTH}).clashes == (clash,)


any_text = st.lists(st.sampled_from("abcdefgh"), max_size=6).map("\n\n".join)
steps = st.lists(
    st.tuples(
        st.sampled_from(["add", "change", "join", "move", "part", "take out"]),
        st.integers(0, 9),
        st.integers(0, 9),
    ),
    max_size=4,
)


@st.composite
def rewritten(draw):
    """Paragraphs whose every word is another one, and what two made of them: three texts."""
    lengths = draw(st.lists(st.integers(1, 6), min_size=1, max_size=7))
    base = [[f"b{place}x{number}" for number in range(length)] for place, length in enumerate(lengths)]
    sides = [base, *(_written(base, draw(steps), by) for by in ("their", "my"))]
    return ["\n\n".join(map(" ".join, side)) for side in sides]


def _written(base, steps, by):
    text = [list(paragraph) for paragraph in base]
    for number, (step, one, other) in enumerate(steps):
        at, to = one % max(len(text), 1), other % (len(text) + 1)
        if step == "add":
            text.insert(to, [f"{by}{number}", f"{by}{number}too"])
        elif text and step == "change":
            text[at].append(f"{by}{number}")
        elif text and step == "join":
            text[at : at + 2] = [[word for paragraph in text[at : at + 2] for word in paragraph]]
        elif text and step == "part":
            words, cut = text[at], other % len(text[at])
            text[at : at + 1] = [part for part in (words[:cut], words[cut:]) if part]
        elif text:
            moved = text.pop(at)
            text[to:to] = [moved] if step == "move" else []
    return text


class TestAnyTexts:
    @given(any_text, any_text)
    def test_one_sided_changes_come_out_as_they_are(self, base, changed):
        assert bodies(base, base, changed) == (changed, [])
        assert bodies(base, changed, base) == (changed, [])

    @given(any_text, any_text, any_text)
    def test_no_paragraph_that_either_wrote_is_dropped_unseen(self, base, theirs, mine):
        together, clashes = bodies(base, theirs, mine)

        seen = parts(together).union(*(parts(side) for clash in clashes for side in clash))
        assert parts(theirs, mine) - parts(base) <= seen

    @given(any_text, any_text, any_text)
    def test_with_both_of_everything_all_that_either_wrote_stays(self, base, theirs, mine):
        sides = [{"body": side} for side in (base, theirs, mine)]
        clashes = put_together(*sides).clashes

        together, left = bodies(base, theirs, mine, {clash.key: Choice.BOTH for clash in clashes})

        assert left == []
        assert parts(theirs, mine) - parts(base) <= parts(together)

    @given(rewritten(), st.data())
    def test_whatever_is_chosen_no_word_is_lost_that_all_have_and_none_told_twice(self, texts, data):
        together, clashes = bodies(*texts, chosen := _chosen(texts, data))

        often, *sides = (Counter(text.split()) for text in (together, *texts))
        assert clashes == []
        assert all(often[word] for word in set.intersection(*map(set, sides)))
        assert Choice.BOTH in chosen.values() or set(often.values()) <= {1}

    @given(any_text, any_text, any_text, st.data())
    def test_whatever_is_chosen_no_paragraph_is_told_oftener_or_less_often_than_by_anyone(
        self, base, theirs, mine, data
    ):
        texts = [base, theirs, mine]
        together, _ = bodies(*texts, chosen := _chosen(texts, data))

        often, was, his, my = (Counter(filter(None, text.split("\n\n"))) for text in (together, *texts))
        assert was & his & my <= often
        assert Choice.BOTH in chosen.values() or often <= his | my

    @given(rewritten(), st.sampled_from([Choice.THEIRS, Choice.MINE]))
    def test_no_word_is_lost_that_the_chosen_side_has_where_it_clashes(self, texts, choice):
        clashes = _clashes(texts)

        together, _ = bodies(*texts, {clash.key: choice for clash in clashes})

        kept = [clash.theirs if choice == Choice.THEIRS else clash.mine for clash in clashes]
        assert set(" ".join(kept).split()) <= set(together.split())


def _clashes(texts):
    return put_together(*({"body": text} for text in texts)).clashes


def _chosen(texts, data):
    return {clash.key: data.draw(st.sampled_from(Choice)) for clash in _clashes(texts)}


picked = st.lists(st.sampled_from("ABCDE"), unique=True)


class TestAnyPicked:
    @given(picked, picked, picked)
    def test_no_item_and_no_order_of_either_is_lost_unseen(self, base, theirs, mine):
        both = put_together(*({"authors": side} for side in (base, theirs, mine)))

        together = both.values["authors"]
        assert set(together) == (set(theirs) | set(mine)) - (set(base) - set(theirs)) - (
            set(base) - set(mine)
        )
        for side in (theirs, mine):
            changed = pairs(side) - pairs(base)
            assert both.clashes or all(pair not in changed for pair in reversed_pairs(together))


def pairs(picked):
    """Each two of a list, the first first."""
    return set(combinations(picked, 2))


def reversed_pairs(picked):
    return {(other, one) for one, other in pairs(picked)}


def parts(*texts):
    return {part for text in texts for part in text.split("\n\n") if part}
