"""The newsroom's lists are measured with few entries and with many."""

from bench import listing


class TestMeasured:
    def test_it_tells_of_each_list_how_many_times_as_long_it_takes(self, engine, monkeypatch):
        monkeypatch.setattr(listing, "FEW", 40)
        listing.fill(engine, 40)

        figures = list(listing.measured("this", engine, engine, 40))

        assert figures[0].name == "articles with no word, by saved"
        assert {figure.asked for figure in figures} == {"1.5 times as long"}
        assert all(" ms among 40, " in figure.measured for figure in figures)
