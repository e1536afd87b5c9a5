"""What an embed says, read out of its HTML as somebody else's program reads it."""

from bs4 import BeautifulSoup

HOST = "http://localhost:8000"


def read(html):
    """Each text of an embed as plain data, in their order."""
    return [told(one) for one in BeautifulSoup(html, "lxml").select("[data-verso-status]")]


def told(one):
    """One text of an embed."""
    body = one.select_one(".verso-text")
    return {
        "id": one.get("data-verso-id"),
        "version": int(one["data-verso-version"]) if one.get("data-verso-version") else None,
        "status": one["data-verso-status"],
        "locale": one["lang"],
        "title": one.select_one(".verso-title").get_text(),
        "words": words(body.get_text(" ")) if body else "",
        "notes": [words(note.get_text(" ")) for note in one.select("aside[role=note]")],
        "days": {
            item["class"][0].removeprefix("verso-"): item.time["data-verso-at"]
            for item in one.select(".verso-facts li")
            if item.time
        },
        "facts": {
            item["class"][0].removeprefix("verso-"): words(item.get_text()).partition(": ")[2]
            for item in one.select(".verso-facts li")
        },
        "links": {
            item["class"][0].removeprefix("verso-"): item.a["href"]
            for item in one.select(".verso-facts li")
            if item.a
        },
    }


def words(text):
    """Words parted by single spaces."""
    return " ".join(text.split())
