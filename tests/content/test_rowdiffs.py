from content.diffs import Mark
from content.rowdiffs import compare_rows
from content.sources import SOURCES

DVT = {"title": "Deep vein thrombosis", "publisher": "NHS", "url": "https://a.example/dvt"}
VEINS = {"title": "Veins of the leg", "publisher": "Clinic"}
FLIGHTS = {"title": "Long flights", "accessed_on": "2026-05-01"}


def told(before, after):
    return [
        (row.mark, {part.label: (part.before, part.after) for part in row.fields})
        for row in compare_rows(SOURCES, before, after)
    ]


class TestCompareRows:
    def test_it_tells_a_row_that_changed_field_by_field_in_whole_words(self):
        [row] = compare_rows(
            SOURCES, [DVT], [{**DVT, "publisher": "NHS England", "accessed_on": "2026-05-01"}]
        )

        changed = {part.label: [(one.mark, one.text) for one in part.stretches] for part in row.fields}
        assert row.mark is None
        assert changed == {
            "Title": [(Mark.SAME, "Deep vein thrombosis")],
            "Publisher": [(Mark.SAME, "NHS"), (Mark.ADDED, " England")],
            "Address": [(Mark.SAME, "https://a.example/dvt")],
            "Read on": [(Mark.ADDED, "2026-05-01")],
        }

    def test_it_tells_what_came_went_and_stayed(self):
        assert told([DVT, VEINS], [FLIGHTS, VEINS]) == [
            (Mark.ADDED, {"Title": ("", "Long flights"), "Read on": ("", "2026-05-01")}),
            (Mark.SAME, {"Title": ("Veins of the leg",) * 2, "Publisher": ("Clinic",) * 2}),
            (
                Mark.REMOVED,
                {
                    "Title": ("Deep vein thrombosis", ""),
                    "Publisher": ("NHS", ""),
                    "Address": ("https://a.example/dvt", ""),
                },
            ),
        ]

    def test_a_row_that_moved_stayed(self):
        assert [mark for mark, _ in told([DVT, VEINS, DVT], [VEINS, DVT, DVT])] == [Mark.SAME] * 3

    def test_each_row_that_is_gone_is_taken_for_one_other_at_most(self):
        marks = [mark for mark, _ in told([DVT], [{**DVT, "publisher": "A"}, {**DVT, "publisher": "B"}])]

        assert marks == [None, Mark.ADDED]

    def test_a_row_of_the_same_address_is_the_same_whatever_else_is_alike(self):
        lungs = {**DVT, "title": "Pulmonary embolism", "url": "https://a.example/pe"}

        [first, second] = compare_rows(SOURCES, [DVT], [lungs, {**DVT, "accessed_on": "2026-05-01"}])

        assert (first.mark, first.was, second.mark, second.was) == (Mark.ADDED, None, None, 0)

    def test_the_likeliest_are_paired_first(self):
        before = [{"title": "Deep vein thrombosis of the leg", "publisher": "NHS"}]
        near, nearer = (
            {"title": f"Deep vein thrombosis of the {end}", "publisher": "NHS"}
            for end in ("arm and hand", "legs")
        )

        assert [row.mark for row in compare_rows(SOURCES, before, [near, nearer])] == [Mark.ADDED, None]

    def test_it_tells_where_each_row_stood(self):
        changed = {**DVT, "accessed_on": "2026-05-01"}

        rows = compare_rows(SOURCES, [DVT, VEINS, FLIGHTS], [FLIGHTS, changed])

        assert [(row.mark, row.was) for row in rows] == [(Mark.SAME, 2), (None, 0), (Mark.REMOVED, 1)]
