"""A corpus to judge search by: texts about some common conditions, many of them near neighbours of one another.

Each condition is written about in an article and in four FAQs, which share its words; the FAQs of one kind share their
question. So the right entry has four neighbours of its own subject, and some forty of its own sort.
"""

from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

FOLDER = Path(__file__).parent
ASKED = {
    "en": {
        "signs": "What are the signs of {}?",
        "causes": "What causes {}?",
        "help": "How is {} treated?",
        "doctor": "When should I see a doctor about {}?",
    },
    "de": {
        "signs": "Woran erkenne ich {}?",
        "causes": "Wie entstehen {}?",
        "help": "Was hilft gegen {}?",
        "doctor": "Wann muss ich mit {} zum Arzt?",
    },
}
# What is said in every leaflet, and tells no text from another.
SAID = {
    "en": (
        "Your pharmacist can tell you whether a medicine suits you. Write down what you take.",
        "Most people are better within days. Rest, drink enough and ask somebody to look in on you.",
        "If you are pregnant, or if you look after a child, ask before you take anything for pain.",
        "Bring a list of your symptoms to the appointment, and say what you have tried at home.",
        "Nobody can diagnose this from afar; an examination and sometimes a blood test are needed.",
        "The advice here is general. It does not replace a visit to the doctor who knows you.",
    ),
    "de": (
        "Fragen Sie in der Apotheke, ob ein Mittel zu Ihnen passt. Schreiben Sie auf, was Sie einnehmen.",
        "Den meisten geht es nach einigen Tagen besser. Ruhen Sie sich aus und trinken Sie genug.",
        "Dieser Rat ist allgemein und ersetzt keinen Besuch in der Praxis.",
    ),
}
HEADINGS = {
    "en": ("How it feels", "Where it comes from", "What you can do", "Getting help"),
    "de": ("Wie es sich anfühlt", "Woher es kommt", "Was Sie tun können", "Hilfe holen"),
}


@dataclass(frozen=True)
class Text:
    """One text: of which type, in which locale, with which values."""

    type: str
    locale: str
    values: dict


def texts():
    """Yield the texts, always the same."""
    lines = (FOLDER / "conditions.txt").read_text().splitlines()
    for line in lines[1:]:
        name, key, *told = (part.strip() for part in line.split("|"))
        yield from _about(name, key, dict(zip(ASKED["en"], told, strict=True)))


def _about(name, key, told):
    locale = "de" if key.startswith("de-") else "en"
    said = cycle(SAID[locale])
    for _ in range(len(key) % len(SAID[locale])):
        next(said)
    parts = zip(HEADINGS[locale], told.values(), strict=True)
    body = "\n\n".join(f"## {heading}\n\n{fact}. {next(said)}" for heading, fact in parts)
    summary = f"{name}: {told['signs'].split(',')[0].lower()}."
    yield Text(
        "article", locale, {"title": name, "slug": f"{key}-overview", "summary": summary, "body": body}
    )
    for kind, question in ASKED[locale].items():
        asked = question.format(name if locale == "de" or name.isupper() else _inside(name))
        answer = f"{told[kind]}. {next(said)}\n\n{next(said)}"
        yield Text("faq", locale, {"question": asked, "slug": f"{key}-{kind}", "answer": answer})


def _inside(name):
    return name if name[:4] == "COPD" else name[0].lower() + name[1:]


def queries():
    """Yield (query, slug of the right entry, kind) from the judged table."""
    for line in (FOLDER / "judged.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and cells[0] != "query" and not cells[0].startswith("-"):
            yield tuple(cells)
