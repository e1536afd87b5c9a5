"""Choosing: which parts of a document a caller asked for, by `fields`, and what stands whole in it, by `include`.

A tree says what is chosen: each key leads to a tree of its own, an empty one to all that is there.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from api.offering import Offer, Tree
from api.queries import BadParameters
from content import expansion, including
from content.errors import Fault
from content.types import ContentType


@dataclass(frozen=True)
class Choice:
    """What of a type's documents was asked for; `included` stand whole in the place of references."""

    tree: Tree
    included: frozenset[str]

    def of(self, document: Mapping[str, Any]) -> Any:
        """Return what was chosen of a document."""
        return _part(document, self.tree)


def choice(offer: Offer, asked: Mapping[str, Any], unasked: Sequence[str]) -> Choice:
    """Return what a query chooses, where an answer has the paths `unasked` if it chooses nothing.

    What must travel is chosen always. Raises BadParameters that names each path which leads nowhere.
    """
    included, paths = frozenset(asked.get("include", ())), asked.get("fields")
    _refuse_unknown(offer, paths or (), included)
    if paths is None and not included:
        return Choice(_unasked(tuple(unasked)), included)
    chosen = tree([*offer.declared.kept, *(unasked if paths is None else paths)])
    chosen |= {name: _within(offer.targets[name], name, paths or ()) for name in included}
    order = dict.fromkeys([*expansion.whole_keys(offer.declared), *offer.targets])
    return Choice({key: chosen[key] for key in order if key in chosen}, included)


@lru_cache(maxsize=64)
def _unasked(paths: tuple[str, ...]) -> Tree:
    """Return the tree of what is chosen where nothing is asked for; nobody may change it."""
    return tree(paths)


def tree(paths: Iterable[str]) -> Tree:
    """Return the tree of dotted paths; one that ends above another has all that is below."""
    made: Tree = {}
    for path in sorted(paths, key=lambda path: path.count(".")):
        *above, last = path.split(".")
        branch = made
        for part in above:
            if branch.get(part) == {}:
                break
            branch = branch.setdefault(part, {})
        else:
            branch[last] = {}
    return made


def _within(target: ContentType, name: str, paths: Iterable[str]) -> Tree:
    """What of an included resource is chosen: all of it, unless parts are named; of what is related, a card."""
    parts = [path.removeprefix(f"{name}.") for path in paths if path.startswith(f"{name}.")]
    if parts and name not in paths:
        return tree([*target.kept, *parts])
    return tree(target.card) if name == including.RELATED and name not in paths else {}


def _refuse_unknown(offer: Offer, paths: Iterable[str], included: frozenset[str]) -> None:
    faults = [why for path in paths if (why := _fault(offer, path, included))]
    if faults:
        raise BadParameters([Fault("/fields", "; ".join(faults))])


def _fault(offer: Offer, path: str, included: frozenset[str]) -> str | None:
    """Return why a path leads nowhere, or None."""
    whole = {name: offer.within[name] for name in included}
    if _leads_somewhere(offer.paths | whole, path):
        return None
    head = path.partition(".")[0]
    if _leads_somewhere(dict(offer.within), path):
        return f"{path} is there only with include={head}"
    return f"{path} is no field here"


def _leads_somewhere(known: Tree, path: str) -> bool:
    for part in path.split("."):
        if part not in known:
            return False
        known = known[part]
    return True


def _part(value: Any, tree: Tree) -> Any:
    if not tree:
        return value
    if isinstance(value, list):
        return [_part(one, tree) for one in value]
    if isinstance(value, dict):
        chosen = ((key, one, tree[key]) for key, one in value.items() if key in tree)
        return {key: _part(one, below) if below else one for key, one, below in chosen}
    return value
