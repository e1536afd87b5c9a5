"""The texts that a new installation starts with."""

from pathlib import Path

import pytest

import seeds
from seeds.blog import read
from seeds.notes import read_notes, refuse_unmatched

TEXTS = sorted((Path(seeds.__file__).parent / "texts").glob("*.txt"))


@pytest.fixture(params=TEXTS, ids=[path.stem for path in TEXTS])
def path(request):
    return request.param


class TestTexts:
    def test_it_makes_three_articles_and_nine_faqs_at_least(self):
        posts = [read(path) for path in TEXTS]

        assert len(posts) >= 3
        assert sum(len(post.questions) for post in posts) >= 9

    def test_each_is_of_the_form_of_a_blog_post(self, path):
        post = read(path)

        assert len(post.questions) >= 3
        assert post.caption
        assert post.introduction
        assert not post.sections[-1].asks
        assert (post.author.name, post.author.telephone) == ("Harrow Lane Vein Clinic", "(212) 555-0142")

    def test_each_tells_its_reading_time(self, path):
        post = read(path)
        texts = [
            *post.introduction,
            *(text for part in post.sections for text in (part.heading, *part.paragraphs)),
        ]

        assert post.reading_minutes == -(-len(" ".join(texts).split()) // 220)

    def test_each_has_notes_that_fit(self, path):
        notes = read_notes(path)

        refuse_unmatched(notes, read(path), path)
        assert notes.topics
        assert all(source["url"].startswith("https://") for source in notes.sources)
        assert all("accessed_on" in source for source in notes.sources)

    def test_each_warns_of_an_emergency(self, path):
        assert any("emergency number" in warned.text for warned in read_notes(path).warnings)
