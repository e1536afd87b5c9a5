"""Samples: what the examples in the OpenAPI document say, one text for each name of a field, one for each kind."""

_ID = "0197a2c4-5b1e-7c3d-9f20-6a1b2c3d4e5f"
_ADDRESS = f"/api/v1/articles/{_ID}"

BY_NAME: dict[str, object] = {
    "id": _ID,
    "slug": "swelling-after-a-flight",
    "locale": "en",
    "version": 3,
    "title": "Swelling after a flight",
    "question": "When should I see a doctor?",
    "name": "Leg veins",
    "summary": "A swollen calf after hours of sitting is mostly harmless. Here is how to tell when it is not.",
    "short": "See a doctor the same day if one leg alone is swollen and hurts.",
    "answer": "See a doctor the same day if one leg alone is swollen and hurts.",
    "heading": "What helps",
    "section_id": "what-helps",
    "level": 2,
    "html": "<p>Walk a little every hour.</p>\n",
    "text": "Walk a little every hour.",
    "markdown": "Walk a little every hour.",
    "tag": "flying",
    "note": "The advice on stockings is clearer.",
    "reviewer": "Dr. Ana Reed",
    "credentials": "MD, vascular medicine",
    "telephone": "+44 20 7946 0000",
    "bio": "A clinic for leg veins.",
    "publisher": "A medical journal",
    "description": "Veins of the leg, and what may ail them.",
    "reading_minutes": 4,
    "position": 1,
    "url": "https://clinic.example/swelling-after-a-flight",
    "alt": "A foot on a suitcase",
    "width": 1600,
    "height": 900,
    "caption": "Rest your foot higher than your knee.",
    "credit": "The clinic",
    "renditions": [],
    "self": _ADDRESS,
    "this_version": f"{_ADDRESS}/versions/3",
    "versions": f"{_ADDRESS}/versions",
    "hash": "5f2b1c0d9e8a7f6b5c4d3e2f1a0b9c8d7e6f5a4b3c2d1e0f9a8b7c6d5e4f3a2b",
    "type": "article",
    "path": "title",
    "label": "Title",
    "marked": "Swelling after a <del>trip</del><ins>flight</ins>",
    "epoch": "0b7e5c1a-93d4-4f26-8a1e-5d2c7b9f0e34",
    "sequence": 41,
    "limit": 20,
    "next": "/api/v1/articles?limit=20&cursor=Zm9sbG93IHRoZSBsaW5r",
    "total": 1,
    "problem": "/api/v1/problems/bad-parameters",
    "problem_title": "A parameter does not fit",
    "status": 422,
    "detail": "limit is not between 1 and 100",
    "pointer": "/limit",
    "fault": "is not between 1 and 100",
    "health": "ok",
    "openapi": "3.1.0",
    "waiting_for": "texts",
    "instant": "2026-05-01T09:00:00.000000Z",
}
BY_KIND: dict[str, object] = {"id": _ID, "text": "Plain words.", "day": "2026-05-01", "whole": 1}


def sample(name: str, kind: str) -> object:
    """Return an example of a field by its name, else by its kind."""
    return BY_NAME.get(name, BY_KIND[kind])
