"""What must be true of every database of content's, whatever was done to it: the rules, checked over whole tables.

It derives what it can anew, in its own way, from acts, lines, versions and documents; it takes nothing from the
functions that wrote them but their hashes.
"""

from collections import defaultdict
from datetime import date
from itertools import pairwise

from sqlalchemy import select

from content.documents import Document, digest
from content.editions import Edition, Facet
from content.entries import Entry
from content.fingerprints import fingerprint
from content.grants import Grant
from content.log import Act, Event, Line, State
from content.reviews import Review
from content.schedule import Fate, Scheduled
from content.search.texts import SearchText
from content.search.words import Word
from content.types import get
from content.versions import Version

SHOWING = {
    Event.PUBLISHED,
    Event.MOVED,
    Event.REVIEWED,
    Event.REVIEW_DUE,
    Event.REINSTATED,
    Event.RELEASED,
    Event.RERENDERED,
}
EMBARGO = ("verso:grants", "an embargo ends")
FACETS = {"topic": "topics", "tag": "tags", "author": "authors", "article": "article", "parent": "parent"}


def invariants(session):
    """Check every rule that can be read from the tables as they are; fails by an assertion that names the row."""
    whole = Whole(session)
    _the_log_is_in_order(whole)
    _every_act_did_something(whole)
    _versions_have_no_hole(whole)
    _erased_texts_are_gone(whole)
    _documents_are_what_their_hash_says(whole)
    _editions_follow_the_lines(whole)
    _one_bearer_of_each_slug(whole)
    _facets_follow_the_versions(whole)
    _search_follows_the_documents(whole)
    _health_content_was_reviewed(whole)
    _reviews_fell_due(whole)
    _the_schedule_was_kept(whole)


class Whole:
    """Every row, read in one go, and those of one entry together."""

    def __init__(self, session):
        self.acts = {act.sequence: act for act in _rows(session, Act)}
        self.lines = sorted(_rows(session, Line), key=lambda line: line.sequence)
        self.entries = {entry.id: entry for entry in _rows(session, Entry)}
        self.versions = {(one.entry_id, one.number): one for one in _rows(session, Version)}
        self.editions = sorted(_rows(session, Edition), key=lambda edition: edition.from_sequence)
        self.facets = _rows(session, Facet)
        self.documents = {document.hash: document for document in _rows(session, Document)}
        self.searched = {text.document_hash: text for text in _rows(session, SearchText)}
        self.words = {(word.language, word.word): word for word in _rows(session, Word)}
        self.reviews = _rows(session, Review)
        self.scheduled = _rows(session, Scheduled)
        self.grants = _rows(session, Grant)
        self.lines_of, self.editions_of = defaultdict(list), defaultdict(list)
        for line in self.lines:
            self.lines_of[line.entry_id].append(line)
        for edition in self.editions:
            self.editions_of[edition.entry_id].append(edition)


def _rows(session, table):
    # Columns, not objects: nothing of what the session believes stands in between.
    return session.execute(select(*table.__table__.columns)).all()


def _the_log_is_in_order(whole):
    assert sorted(whole.acts) == list(range(1, len(whole.acts) + 1))
    for before, after in pairwise(whole.acts[number] for number in sorted(whole.acts)):
        assert before.at <= after.at, (before, after)
    for line in whole.lines:
        assert line.sequence in whole.acts, line
    assert len({(line.sequence, line.entry_id) for line in whole.lines}) == len(whole.lines)


def _every_act_did_something(whole):
    granted = {bound for grant in whole.grants for bound in (grant.from_sequence, grant.until_sequence)}
    told = {line.sequence for line in whole.lines} | granted
    told |= {act.sequence for act in whole.acts.values() if (act.by, act.reason) == EMBARGO}
    assert set(whole.acts) <= told, set(whole.acts) - told


def _versions_have_no_hole(whole):
    numbers = defaultdict(list)
    for entry_id, number in sorted(whole.versions):
        numbers[entry_id].append(number)
    for entry in whole.entries.values():
        assert numbers[entry.id] == list(range(1, entry.latest + 1)), entry
        newest = whole.versions[entry.id, entry.latest]
        if newest.content is not None:
            assert entry.title == get(entry.type).title_of(newest.content)


def _erased_texts_are_gone(whole):
    erased = {
        (line.entry_id, number)
        for line in whole.lines
        if line.event == Event.ERASED
        for number in line.affects
    }
    for key, version in whole.versions.items():
        if key not in erased:
            assert fingerprint(version.content) == version.content_hash, key
            assert fingerprint(version.placement) == version.placement_hash, key
            continue
        assert (version.content, version.note) == (None, None), key
        assert version.placement["slug"].startswith("sha256:"), key
        assert not {"tags", "canonical"} & set(version.placement), key
    for document in whole.documents.values():
        gone = document.card is None and document.body is None
        assert gone == ((document.entry_id, document.version) in erased), document.hash
    for edition in whole.editions:
        if (edition.entry_id, edition.version) in erased:
            assert edition.slug.startswith("sha256:"), edition
            assert edition.until_sequence is not None, edition


def _documents_are_what_their_hash_says(whole):
    for document in whole.documents.values():
        if document.body is not None:
            assert digest(document.renderer, document.card, document.body) == document.hash
    for line in whole.lines:
        if line.document_hash:
            kept = whole.documents[line.document_hash]
            assert (kept.entry_id, kept.version) == (line.entry_id, line.version), line


def _editions_follow_the_lines(whole):
    assert set(whole.editions_of) <= set(whole.lines_of)
    for entry_id, lines in whole.lines_of.items():
        editions = whole.editions_of[entry_id]
        expected, struck = _replayed(lines)
        assert [_told(edition) for edition in editions] == expected, entry_id
        for edition in editions:
            assert edition.struck_by == struck.get(edition.version), edition
            assert edition.first_sequence == editions[0].from_sequence, edition
            assert edition.first_published_at == whole.acts[edition.first_sequence].at, edition
            assert edition.published_at <= whole.acts[edition.from_sequence].at, edition
            assert edition.sort_at <= edition.first_published_at, edition
            version = whole.versions[entry_id, edition.version]
            assert edition.content_hash == version.content_hash, edition
            assert edition.slug == version.placement["slug"], edition


def _told(edition):
    return [edition.from_sequence, edition.until_sequence, edition.version, edition.document_hash]


def _replayed(lines):
    """What the lines of an entry say of its editions, and which act has struck each version."""
    editions, struck = [], {}
    for line in lines:
        shows = line.event in SHOWING
        assert shows <= (line.state == State.LIVE), line
        if editions and editions[-1][1] is None and (shows or line.state != State.LIVE):
            editions[-1][1] = line.sequence
        if shows:
            editions.append([line.sequence, None, line.version, line.document_hash])
        for number in line.affects or ():
            struck[number] = None if line.event == Event.REINSTATED else line.sequence
    live = bool(editions) and editions[-1][1] is None
    assert live == (lines[-1].state == State.LIVE), lines[-1]
    return editions, struck


def _one_bearer_of_each_slug(whole):
    live = [edition for edition in whole.editions if edition.until_sequence is None]
    assert len({edition.entry_id for edition in live}) == len(live)
    assert len({(edition.type, edition.locale, edition.slug) for edition in live}) == len(live)


def _facets_follow_the_versions(whole):
    borne = defaultdict(set)
    for facet in whole.facets:
        borne[facet.entry_id, facet.from_sequence].add((facet.name, facet.value))
    for edition in whole.editions:
        placement = whole.versions[edition.entry_id, edition.version].placement
        told = {name: placement.get(field) or [] for name, field in FACETS.items()}
        expected = {
            (name, one)
            for name, value in told.items()
            for one in ([value] if isinstance(value, str) else value)
        }
        assert borne.pop((edition.entry_id, edition.from_sequence), set()) == expected, edition
    assert not borne


def _search_follows_the_documents(whole):
    shown = {}
    for line in whole.lines:
        shown.setdefault(line.document_hash, line.sequence)
    kept = {one.hash for one in whole.documents.values() if one.body is not None}
    health = {one for one in kept if get(whole.entries[whole.documents[one].entry_id].type).health}
    assert set(whole.searched) == health
    begun = {}
    for text in sorted(whole.searched.values(), key=lambda text: text.id):
        assert text.since == shown[text.document_hash], text
        for word in f"{text.a}{text.b}{text.c}".split():
            begun.setdefault((text.language, word), text.since)
    assert {key: word.since for key, word in whole.words.items()} == begun


def _health_content_was_reviewed(whole):
    signed = defaultdict(list)
    for review in whole.reviews:
        version = whole.versions[review.entry_id, review.version]
        assert review.content_hash == version.content_hash, review
        assert review.reviewer_id != version.by or _wrote_no_content(whole, version), review
        signed[review.entry_id, review.content_hash].append(review)
    for line in whole.lines:
        needs = get(whole.entries[line.entry_id].type).needs_review
        if (
            needs
            and line.event in (Event.PUBLISHED, Event.REINSTATED)
            and line.review["status"] == "reviewed"
        ):
            at = whole.acts[line.sequence].at
            holding = signed[line.entry_id, whole.versions[line.entry_id, line.version].content_hash]
            assert any(one.signed_at <= at and at.date() < one.due_on for one in holding), line
        if line.forced:
            assert whole.acts[line.sequence].reason, line


def _reviews_fell_due(whole):
    """What is told of a review that fell due follows one that was shown, not before its day, and once."""
    for lines in whole.lines_of.values():
        shown = None
        for line in lines:
            review = line.review or shown
            if review and review["status"] == "due" and line.review and review != shown:
                assert shown["status"] == "reviewed", line
                assert date.fromisoformat(shown["review_due_on"]) <= whole.acts[line.sequence].at.date(), line
                for name in ("last_reviewed_on", "review_due_on", "reviewers"):
                    assert review[name] == shown[name], line
            assert "banner" not in (review or {}) or review["status"] == "due", line
            if line.review and line.state != State.LIVE:
                assert (line.event, line.state) in ((Event.HELD, State.HELD), (Event.WITHDRAWN, State.GONE))
                assert (line.review["status"], whole.acts[line.sequence].by) == ("due", "verso:reviews"), line
                assert line.public_note, line
            if line.event in SHOWING:
                shown = review


def _wrote_no_content(whole, version):
    """Whether a version says nothing that the one before it did not say."""
    before = whole.versions.get((version.entry_id, version.number - 1))
    return before is not None and before.content_hash == version.content_hash


def _the_schedule_was_kept(whole):
    done = {act.due_id: act for act in whole.acts.values() if act.due_id}
    for planned in whole.scheduled:
        act = done.pop(planned.id, None)
        assert (planned.fate == Fate.DONE) == (act is not None), planned
        if act:
            assert (planned.sequence, planned.due_at <= act.at) == (act.sequence, True), planned
    assert not done
