"""Finding: the hits of a question among what its asker may read at one sequence, best first.

All words first, then most of them; and where a word is in no text within reach, those spelt like it. How a hit
stands depends on nothing published after that sequence. Each look into the index is bounded.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, literal, select, union_all
from sqlalchemy.orm import Session

from content import corpus, narrowing
from content.editions import Edition, live_at
from content.narrowing import Filters
from content.partners import Reach
from content.reach import within
from content.search import matching, questions, ranking
from content.search.matching import Groups
from content.search.questions import Question, Term
from content.search.ranking import Candidate, Figures, Hit
from content.search.texts import TITLED, SearchText

MOST = 500  # texts with all words that are weighed
MOST_OF_OTHERS = 200  # texts for each further way of holding most words
FEW = 20  # hits that are too few to leave it at texts with all words


@dataclass(frozen=True)
class Scope:
    """Where a question looks: at one sequence, within somebody's reach, narrowed by filters; without types to all."""

    at: int
    reach: Sequence[Reach]
    filters: Filters
    types: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """The hits, best first; `complete` unless there may be more than were weighed.

    `question` is what they were found with: a term that stands for another word than was typed has `meant`. `figures`
    are what they were ranked by.
    """

    question: Question
    hits: tuple[Hit, ...]
    complete: bool
    figures: Figures = ()


def find(session: Session, typed: str, scope: Scope, *, titles: bool = False, figures: Figures = ()) -> Found:
    """Return the hits of what was typed; `titles`: only those that have all of it in their title.

    Of titles a last word that says nothing may be left out.
    With `figures` of an answer before, they are ranked as they were then, whatever was erased since.

    At most nine statements, whatever the size of the corpus.
    """
    question = questions.understood(session, typed, scope.filters.locale, scope.at, typing=titles)
    if not question.terms:
        return Found(question, (), True)
    if titles:
        met, complete = _candidates(session, _holding_in_title(question.terms), scope)
        return _ranked(question, met, complete)
    met, complete = _candidates(session, _holding_all(question.terms), scope)
    if len(met) < FEW and len(question.terms) > 1:
        met, complete = _candidates(session, _holding_most(question.terms), scope)
    unknown = _unknown(session, question.terms, met, scope)
    put_right = _corrected(session, question, unknown, scope) if unknown else None
    return _ranked(*(put_right or (question, met, complete)), figures)


def _ranked(question: Question, met: Sequence[Candidate], complete: bool, figures: Figures = ()) -> Found:
    question = replace(question, terms=_completed(question.terms, met))
    # Where a language has gone with its last text, fewer of the words may count.
    if len(figures) != len(question.terms) + 1:
        figures = ranking.counted(met, question.terms)
    return Found(question, ranking.ranked(met, question.terms, figures), complete, figures)


def _unknown(session: Session, terms: Sequence[Term], met: Sequence[Candidate], scope: Scope) -> list[str]:
    """Return the words that stand in no text within reach, whatever the filters say but for its language.

    What was struck since has its words still, and stays a stub. One statement at most.
    """
    missing = _missing([term for term in terms if not term.idle], met)
    anywhere = replace(scope, filters=Filters(locale=scope.filters.locale), types=())
    if missing and anywhere != scope:
        elsewhere, _ = _candidates(session, [_Look([_group(term)], 1) for term in missing], anywhere)
        missing = _missing(missing, elsewhere)
    return [term.asked for term in missing]


def _missing(terms: Sequence[Term], met: Sequence[Candidate]) -> list[Term]:
    return [term for term in _completed(terms, met) if not any(one.has_any(term.near) for one in met)]


def _completed(terms: Sequence[Term], met: Sequence[Candidate]) -> tuple[Term, ...]:
    return questions.completed(terms, [one.text for one in met])


def _corrected(
    session: Session, question: Question, unknown: Sequence[str], scope: Scope
) -> tuple[Question, list[Candidate], bool] | None:
    """Return the question whose unknown words stand for others, in the sense of the best hit, with its candidates.

    None where those are in nothing that may be read either.
    """
    tried = questions.corrected(session, question, unknown)
    if not any(term.near for term in tried.terms if term.asked in unknown):
        return None
    met, complete = _candidates(session, _holding_most([term for term in tried.terms if term.near]), scope)
    terms = _completed(tried.terms, met)
    meant = ranking.meant([one for one in met if not one.struck], terms, unknown)
    if not meant:
        return None
    chosen = tuple(meant.get(term.asked, term) for term in question.terms)
    return replace(question, terms=chosen), met, complete


@dataclass(frozen=True)
class _Look:
    """One look into the index, for `most` texts; where it `decides` and has so many, there may be more hits."""

    groups: Groups
    most: int
    decides: bool = False


def _holding_all(terms: Sequence[Term], *, decides: bool = True) -> list[_Look]:
    """What has all words in its title, and what has them anywhere."""
    groups = [_group(term) for term in terms]
    return [_Look([_titled(group) for group in groups], MOST_OF_OTHERS), _Look(groups, MOST, decides)]


def _holding_in_title(terms: Sequence[Term]) -> list[_Look]:
    """What has all words in its title; and what has all that say something by themselves."""
    saying = [term for term in terms if not term.idle]
    return [_holding_all(some)[0] for some in (terms, saying if len(saying) < len(terms) else []) if some]


def _holding_most(terms: Sequence[Term]) -> list[_Look]:
    """Beside those, what has all but one, and what has any one: in its title, and anywhere."""
    if len(terms) == 1:
        return _holding_all(terms)
    groups = [_group(term) for term in terms]
    but_one = (
        [groups[:place] + groups[place + 1 :] for place in range(len(groups))] if len(groups) > 2 else []
    )
    looks = [_Look(asked, MOST_OF_OTHERS) for asked in but_one]
    looks += [_Look([_titled(group)], MOST_OF_OTHERS) for group in groups]
    looks += [_Look([group], MOST_OF_OTHERS, decides=True) for group in groups]
    return _holding_all(terms, decides=False) + looks


def _group(term: Term) -> list[str]:
    return [*term.near, *([matching.beginning(term.asked)] if term.unfinished else [])]


def _titled(group: Sequence[str]) -> list[str]:
    return [TITLED + word for word in group]


def _candidates(session: Session, looks: Sequence[_Look], scope: Scope) -> tuple[list[Candidate], bool]:
    """Return the texts that the looks find, each once, and whether these are all; one statement."""
    found: dict[UUID, Candidate] = {}
    counts = [0] * len(looks)
    readable = _readable(session, scope)
    chosen = union_all(*(_seen(session, look, place, scope, readable) for place, look in enumerate(looks)))
    for place, *row in session.execute(chosen):
        counts[place] += 1
        found.setdefault(row[0], Candidate(*row))
    full = [look.decides and count >= look.most for look, count in zip(looks, counts, strict=True)]
    return list(found.values()), not any(full)


def _readable(session: Session, scope: Scope) -> ColumnElement[bool]:
    """The editions of indexed texts that are in scope."""
    return and_(
        Edition.document_hash == SearchText.document_hash,
        live_at(scope.at),
        within(session, scope.reach, scope.at),
        *narrowing.narrowed(scope.filters),
        corpus.spoken(session, scope.filters, at=scope.at, reach=scope.reach),
        corpus.translated(session, scope.filters, at=scope.at, reach=scope.reach),
        *([Edition.type.in_(scope.types)] if scope.types else []),
    )


def _seen(
    session: Session, look: _Look, place: int, scope: Scope, readable: ColumnElement[bool]
) -> Select[Any]:
    held = matching.holding(session, look.groups, scope.at)
    chosen = select(
        literal(place).label("look"),
        Edition.entry_id,
        Edition.from_sequence,
        Edition.type,
        Edition.locale,
        Edition.struck_by,
        SearchText.a,
        SearchText.b,
        SearchText.c,
    ).where(*held.conditions, readable)
    # Written into the statement, as the words are: else PostgreSQL rather walks back through the log than asks GIN.
    most = literal(look.most, literal_execute=True)
    return select(chosen.order_by(held.newest_first).limit(most).subquery())
