"""What is searched for is rare, and found."""

from bench import searching


class TestMeasured:
    def test_it_finds_each_rare_word(self, engine):
        searching.fill(engine, 40)

        alone, beside = searching.measured("this", engine, 40)

        assert alone.name == "a search for a rare word among 40 texts"
        assert all(float(one.measured.removesuffix(" ms")) > 0 for one in (alone, beside))
        assert (alone.asked, beside.asked) == ("under 10 ms", "")
