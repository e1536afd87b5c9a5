"""Blog texts for the tests: one small post, the way back from a Post to its text, and posts for hypothesis."""

from datetime import date

from hypothesis import strategies as st

from seeds.post import Post, Section
from seeds.trailer import author_of

POST = """\
Do Cold Showers Help Tired Legs? What We Know

The Fictional Vein House
3 min readMay 4, 2024

--

A shower head

Cold water feels good on tired legs. It does not mend a vein.

Many people ask us about it, but does it help?

What does cold water do?

It narrows small vessels for a while.

Colour and Warmth

The skin turns pale & cool.

Is cold water safe for everybody?

Not for all: ask first if you have *poor circulation*.

Talk to the Doctors of Our House About Your Legs

We listen.

--

--

The Fictional Vein House
12 Followers

We look after veins. Call (212) 555-0100 or see https://veins.example/legs.
"""


def unparse(post: Post) -> str:
    """Write `post` as a blogging site shows it."""
    byline = "".join(
        [f"{post.reading_minutes} min read" if post.reading_minutes else "", said(post.published_on)]
    )
    signature = "\n".join([post.author.name, "0 Followers"]) if post.author else None
    body = [
        *post.introduction,
        *(text for section in post.sections for text in (section.heading, *section.paragraphs)),
    ]
    above = "\n".join(filter(None, [post.author and post.author.name, byline]))
    below = ["--", "--", signature, post.author and post.author.bio] if signature else []
    return "\n\n".join(filter(None, [post.title, above, "--", post.caption, *body, *below])) + "\n"


def said(day: date | None) -> str:
    return f"{day:%b} {day.day}, {day.year}" if day else ""


def all_words(post: Post) -> str:
    """Return every text of `post`, left-out lines too, one below the other."""
    sections = (text for section in post.sections for text in (section.heading, *section.paragraphs))
    author = (post.author.name, post.author.bio or "") if post.author else ()
    outside = (line.text for line in post.left_out)
    return "\n".join([post.title, *author, *post.introduction, *sections, *outside])


WORD = st.text("abcdefghijklmnopqrstuvwxyzäß<&*_#`’é", min_size=1, max_size=9).filter(
    lambda word: word[0].isalpha()
)
# Without vowels no word comes out that makes a heading speak for its author ("we", "our").
TITLE_WORD = st.text("bcdfghjklmnpqrstvwxz&<*", min_size=4, max_size=9).map(lambda word: "X" + word)


def phrases(words: st.SearchStrategy[str], least: int, most: int) -> st.SearchStrategy[str]:
    return st.lists(words, min_size=least, max_size=most).map(" ".join)


SENTENCES = phrases(WORD, 1, 12).map(lambda text: f"The {text}.")
PARAGRAPHS = st.lists(SENTENCES, min_size=1, max_size=3).map(" ".join)
LINES = st.lists(PARAGRAPHS, min_size=1, max_size=2).map("\n".join)
QUESTIONS = phrases(WORD, 2, 9).map(lambda text: f"How does {text}?")
SUB_HEADINGS = phrases(TITLE_WORD, 1, 8)
LONG_HEADINGS = phrases(TITLE_WORD, 9, 12)
CAPTIONS = st.none() | phrases(WORD, 2, 5).map(lambda text: f"Photo {text}")
CONTACTS = st.sampled_from(["", " Call (212) 555-0100 today.", " Read https://veins.example/legs?a=1&b=2."])
BIOS = st.none() | st.tuples(st.lists(PARAGRAPHS, min_size=1, max_size=2).map("\n\n".join), CONTACTS).map(
    "".join
)
AUTHORS = st.none() | st.builds(author_of, phrases(TITLE_WORD, 1, 4).map(lambda text: f"House {text}"), BIOS)
TITLES = phrases(TITLE_WORD, 1, 9)
TEXTS = st.lists(LINES, min_size=1, max_size=3).map(tuple)


@st.composite
def answered(draw: st.DrawFn, question: str) -> list[Section]:
    """Draw a question's section with the sub-sections of its answer; it has text of its own, or below."""
    below = draw(st.lists(st.builds(Section, SUB_HEADINGS, st.just(3), TEXTS), max_size=3))
    own = draw(st.lists(LINES, min_size=0 if below else 1, max_size=3))
    return [Section(question, 2, tuple(own)), *below]


@st.composite
def asking(draw: st.DrawFn) -> list[Section]:
    """Draw the sections of a text that asks, with or without a closing section."""
    asked = draw(st.lists(QUESTIONS, min_size=1, max_size=4, unique_by=str.casefold))
    closing = draw(st.lists(st.builds(Section, LONG_HEADINGS, st.just(2), TEXTS), max_size=1))
    return [section for question in asked for section in draw(answered(question))] + closing


NAMING = st.lists(st.builds(Section, SUB_HEADINGS | LONG_HEADINGS, st.just(2), TEXTS), max_size=3)


@st.composite
def posts(draw: st.DrawFn) -> Post:
    """Draw a post as a site could show it."""
    sections = draw(asking() | NAMING)
    # Right below the byline a bare line is a caption, so a text that opens with a name has one, or some text, above.
    bare = not sections or not sections[0].asks
    return Post(
        source="drawn.txt",
        title=draw(TITLES),
        author=draw(AUTHORS),
        published_on=draw(st.none() | st.dates(date(1990, 1, 1), date(2099, 12, 31))),
        reading_minutes=draw(st.none() | st.integers(1, 99)),
        caption=draw(CAPTIONS),
        introduction=tuple(draw(st.lists(LINES, min_size=1 if bare else 0, max_size=3))),
        sections=tuple(sections),
        left_out=(),
    )
