"""Two texts in one, their changes marked in whole words and their blocks kept."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content import markup, prose
from content.blocks import INLINE

BLOCKS = [
    "# Head",
    "## When?",
    "plain words",
    "*slanted* and **bold**",
    "- one\n- two\n  - deep",
    "1. a\n2. b",
    "> said\n>\n> - so",
    "```\nx = 1\n```",
    "a [link](https://x.example) here",
    "---",
    "| a | b |\n|---|---|\n| 1 | 2 |",
]
ANY_TEXT = st.lists(st.sampled_from(BLOCKS), max_size=6).map("\n\n".join)


def marked(before, after):
    """What becomes of two Markdown texts."""
    return prose.compare(markup.render(before).html, markup.render(after).html)


def side(text, kept, dropped):
    """One of the two texts, out of what was marked: its words without any tag or space."""
    own = re.sub(rf"<{dropped}>.*?</{dropped}>", "", text, flags=re.DOTALL)
    bare_words = re.sub(r"<[^>]*>|\s", "", own)
    # What is told beside the words: a line across the page, and where a link leads.
    return bare_words.replace("***", "").replace("(https://x.example)", "")


def bare(source):
    """The words of a Markdown text's HTML without any tag or space."""
    return re.sub(r"<[^>]*>|\s", "", markup.render(source).html).replace("&quot;", '"')


def near(before, after):
    return prose.compare(markup.render(before).html, markup.render(after).html, near=True).html


class TestNear:
    def test_it_is_what_changed_with_its_neighbours(self):
        before = "\n\n".join("abcdefgh")

        shown = near(before, before.replace("d", "D").replace("h", "h\n\n- i\n- j"))

        gone = '<p class="left-out">…</p>'
        changed = "<p>c</p><p><del>d</del></p><p><ins>D</ins></p><p>e</p>"
        added = "<ul><li><ins>i</ins></li><li><ins>j</ins></li></ul>"
        assert shown == f"{gone}{changed}{gone}<p>h</p>{added}"

    def test_it_keeps_a_cell_under_its_headings(self):
        rows = [f"| drug {place} | {place} mg | |\n" for place in range(9)]
        before = "a\n\nb\n\n| Drug | Dose | Note |\n|---|---|---|\n" + "".join(rows)

        shown = near(before, before.replace("| 7 mg", "| 70 mg"))

        head = "<table><thead><tr><th>Drug</th><th>Dose</th><th>Note</th></tr></thead>"
        gone = '<tr><td class="left-out">…</td></tr>'
        changed = "<tr><td>drug 7</td><td><del>7</del><ins>70</ins> mg</td><td></td></tr>"
        assert shown == (
            f'<p class="left-out">…</p>{head}<tbody>{gone}{changed}</tbody></table><p class="left-out">…</p>'
        )

    def test_it_leaves_no_single_block_out(self):
        whole = prose.compare(markup.render("a\n\nb\n\nc").html, markup.render("a\n\nb\n\nC").html)

        assert near("a\n\nb\n\nc", "a\n\nb\n\nC") == whole.html

    def test_it_is_nothing_to_speak_of_where_nothing_changed(self):
        assert near("a\n\nb", "a\n\nb") == '<p class="left-out">…</p>'


class TestCompare:
    @pytest.mark.parametrize(
        ("before", "after", "told"),
        [
            ("one word", "one word", "<p>one word</p>"),
            ("one word", "one world", "<p>one <del>word</del><ins>world</ins></p>"),
            ("a *b* c d", "a **b** c d", "<p>a <del><em>b</em></del><ins><strong>b</strong></ins> c d</p>"),
            ("a\n\nb", "a", "<p>a</p><p><del>b</del></p>"),
            ("a", "a\n\nb", "<p>a</p><p><ins>b</ins></p>"),
            ("- a\n- b\n- c", "- a\n- c", "<ul><li>a</li><li><del>b</del></li><li>c</li></ul>"),
            ("## Old head", "## New head", '<h2 id="new-head"><del>Old</del><ins>New</ins> head</h2>'),
            ("a < b & c", "a < b & d", "<p>a &lt; b &amp; <del>c</del><ins>d</ins></p>"),
            ("*a* *b*", "*a* *b*", "<p><em>a</em> <em>b</em></p>"),
            ("", "a", "<p><ins>a</ins></p>"),
        ],
    )
    def test_it_marks_whole_words_and_keeps_the_blocks(self, before, after, told):
        assert marked(before, after).html == told

    @pytest.mark.parametrize(
        ("before", "after", "told"),
        [
            (
                "- Call\n- Lie",
                "1. Call\n2. Lie",
                "<ul><li><del>Call</del></li><li><del>Lie</del></li></ul><ol><li><ins>Call</ins></li><li><ins>Lie</ins></li></ol>",
            ),
            (
                "3. a",
                "4. a",
                '<ol start="3"><li><del>a</del></li></ol><ol start="4"><li><ins>a</ins></li></ol>',
            ),
            ("a\n\nb", "a\n\n---\n\nb", "<p>a</p><p><ins>* * *</ins></p><p>b</p>"),
            ("a\n\n---\n\nb", "a\n\nb", "<p>a</p><p><del>* * *</del></p><p>b</p>"),
            ("a\n\n---", "b\n\n---", "<p><del>a</del></p><p><ins>b</ins></p><hr>"),
            (
                "Do not.",
                "> Do not.",
                "<p><del>Do not.</del></p><blockquote><p><ins>Do not.</ins></p></blockquote>",
            ),
            (
                "- a\n- b",
                "- a\n  - b",
                "<ul><li>a<ul><li><ins>b</ins></li></ul></li><li><del>b</del></li></ul>",
            ),
            (
                "- a\n\n  b",
                "- a\n\n- b",
                "<ul><li><p>a</p><p><del>b</del></p></li><li><p><ins>b</ins></p></li></ul>",
            ),
        ],
    )
    def test_it_marks_what_stands_in_something_else(self, before, after, told):
        found = marked(before, after)

        assert found.html == told
        assert found.changed

    def test_it_keeps_a_step_that_was_replaced_in_the_list_of_the_others(self):
        told = marked(
            "1. Wash.\n2. Take 0.5 mg.\n\nThen rest.", "1. Wash.\n2. Swallow nothing.\n\nCall us at once."
        ).html

        steps = "<ol><li>Wash.</li><li><del>Take 0.5 mg.</del></li><li><ins>Swallow nothing.</ins></li></ol>"
        assert told == f"{steps}<p><del>Then rest.</del></p><p><ins>Call us at once.</ins></p>"

    def test_it_keeps_a_first_step_in_the_list_of_those_behind_it(self):
        told = marked(
            "Rest well.\n\n1. Take 0.5 mg.\n2. Wash.", "Call us.\n\n1. Swallow nothing.\n2. Wash."
        ).html

        steps = "<ol><li><del>Take 0.5 mg.</del></li><li><ins>Swallow nothing.</ins></li><li>Wash.</li></ol>"
        assert told == f"<p><del>Rest well.</del></p><p><ins>Call us.</ins></p>{steps}"

    def test_it_tells_a_picture_that_was_replaced(self):
        told = marked(
            "See ![a leg](https://a.example/1.png)", "See ![a leg](https://a.example/2.png?a=1&b=2)"
        )

        assert told.text == (
            "See [-![a leg](https://a.example/1.png)-]{+![a leg](https://a.example/2.png?a=1&b=2)+}"
        )

    def test_it_tells_a_picture_that_stayed_by_its_words(self):
        assert (
            marked("![a leg](https://a.example) b", "![a leg](https://a.example) c").text
            == "a leg [-b-]{+c+}"
        )

    def test_it_says_where_a_link_led_and_where_it_leads(self):
        told = marked("See [the page](https://a.example/?b=1&c=2).", "See [the page](https://b.example).")

        assert told.text == "See [-the page (https://a.example/?b=1&c=2)-]{+the page (https://b.example)+}."
        assert ">the page</a> (https://a.example/?b=1&amp;c=2)</del>" in told.html

    def test_it_says_no_address_that_a_link_keeps(self):
        told = marked("See [the page](https://a.example).", "See [a page](https://a.example).")

        assert told.text == "See [-the-]{+a+} page."

    def test_it_keeps_what_a_row_says_under_its_headings(self):
        table = "| Age | Drug | Dose |\n|---|---|---|\n| Adult | A | 5 mg |\n| Adult | B | |\n| Adult | C | 5 mg |"

        told = marked(table, table.replace("| Adult | A | 5 mg |\n", "").replace("C |", "D |")).html

        rows = told[told.index("<tbody>") :]
        assert rows == (
            "<tbody><tr><td><del>Adult</del></td><td><del>A</del></td><td><del>5 mg</del></td></tr>"
            "<tr><td>Adult</td><td>B</td><td></td></tr>"
            "<tr><td>Adult</td><td><del>C</del><ins>D</ins></td><td>5 mg</td></tr></tbody></table>"
        )

    @pytest.mark.parametrize("after", ["a", "- a\n-"])
    def test_it_says_whether_anything_is_marked(self, after):
        before = after.removesuffix("\n-")

        assert not marked(before, after).changed

    def test_it_keeps_tables_and_what_is_nested(self):
        before = "1. a\n   - b\n   - c\n\n| h | i |\n|---|---|\n| 1 | 2 |"
        after = "1. a\n   - c\n\n| h | i |\n|---|---|\n| 1 | 3 |"

        told = marked(before, after).html

        assert "<ul><li><del>b</del></li><li>c</li></ul>" in told
        assert "<tr><td>1</td><td><del>2</del><ins>3</ins></td></tr>" in told

    def test_it_tells_it_in_plain_words_too(self):
        assert marked("a word\n\ngone", "a new word").text == "a {+new +}word\n\n[-gone-]"

    @given(before=ANY_TEXT, after=ANY_TEXT)
    def test_it_holds_both_texts_and_is_nested_as_it_should_be(self, before, after):
        told = marked(before, after).html

        assert side(told, "ins", "del") == bare(after)
        assert side(told, "del", "ins") == bare(before)
        assert nested(told)

    def test_it_takes_a_moment_for_20_000_words_of_which_none_stayed(self):
        before, after = (" ".join(f"{letter}{place}" for place in range(20_000)) for letter in "ab")
        sources = [f"<p>{text}</p>" for text in (before, after)]

        begun = time.process_time()
        prose.compare(*sources)

        assert time.process_time() - begun < 10


def nested(told):
    """Whether every element is closed within the one that it was opened in, and no mark holds a block."""
    opened = []
    for closing, name in re.findall(r"<(/?)(\w+)[^>]*>", told):
        if name in ("br", "hr", "img"):
            continue
        if not closing:
            inline = name in (*INLINE, "ins", "del")
            if not inline and {"ins", "del"} & set(opened):
                return False
            opened.append(name)
        elif not opened or opened.pop() != name:
            return False
    return not opened
