"""Following: the OpenAPI document's links, by which the answer of one read leads to the next read.

They follow from the addresses, so a further content type has them too. Where an answer has nothing for one of a link's
parameters, the link leads nowhere.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from api.answers import JSON
from content.documents import API

Node = dict[str, Any]
_ONE = "/{key}"
_CHANGES, _SYNC, _HEAD = f"{API}/changes", f"{API}/sync", f"{API}/sync/head"
_FIRST = "$response.body#/data/0"


def mark(document: Node) -> None:
    """Put links into the answers of a document."""
    reads = {path: item["get"] for path, item in document["paths"].items()}
    for path, read in reads.items():
        if links := _links(path, reads):
            read["responses"]["200"]["links"] = links


def _links(path: str, reads: Mapping[str, Node]) -> Node:
    """Return the links of a read, by their names, as far as there are reads that they lead to."""
    above = path.rpartition("/")[0]
    wanted = {
        "first": (path + _ONE, "The first of the list, whole.", {"key": f"{_FIRST}/id"}),
        **(_of_one(path) if path.endswith(_ONE) else {}),
        **(_of_versions(path) if path.endswith("/versions") else {}),
        **(_of_its_changes(above) if path.endswith(f"{_ONE}/changes") else {}),
        **(_of_the_log() if path == _HEAD else {}),
        **(_of_sync() if path == _SYNC else {}),
        **_next_page(path, reads[path]),
    }
    return {
        name: {"operationId": reads[target]["operationId"], "description": about, "parameters": given}
        for name, (target, about, given) in wanted.items()
        if target in reads
    }


Links = dict[str, tuple[str, str, dict[str, str]]]


def _of_one(path: str) -> Links:
    it = {"key": "$response.body#/id"}
    shown = "$response.body#/version"
    return {
        "versions": (f"{path}/versions", "Its public versions.", it),
        "version": (f"{path}/versions/{{number}}", "This version as it was.", it | {"number": shown}),
        "changes": (f"{path}/changes", "What was done about it.", it),
        "diff": (
            f"{path}/diff",
            "What changed up to this version, `from` one that you have.",
            it | {"to": shown},
        ),
    }


def _of_versions(path: str) -> Links:
    it, newest, older = {"key": f"{_FIRST}/id"}, f"{_FIRST}/version", "$response.body#/data/1/version"
    above = path.removesuffix("/versions")
    return {
        "version": (f"{path}/{{number}}", "The newest as it was.", it | {"number": newest}),
        "diff": (f"{above}/diff", "What the newest changed.", it | {"from": older, "to": newest}),
    }


def _of_its_changes(above: str) -> Links:
    given = {"key": f"{_FIRST}/id", "number": f"{_FIRST}/version"}
    return {"version": (f"{above}/versions/{{number}}", "The version of the newest, as it was.", given)}


def _of_the_log() -> Links:
    given = {"since": "$response.body#/sequence", "epoch": "$response.body#/epoch"}
    return {"changes": (_CHANGES, "What was done since.", given)}


def _of_sync() -> Links:
    return {"later": (_SYNC, "What has changed, later.", {"since": "$response.body#/token"})}


def _next_page(path: str, read: Node) -> Links:
    """Return the link to the next page: with the cursor, or in the log the sequence, that `page.next` has in it.

    OpenAPI has no words for a part of a text; `#regex:` is Schemathesis's, and others go to `page.next` as it is.
    """
    asked = [one["name"] for one in read.get("parameters", ()) if one["in"] == "query"]
    if path == _CHANGES:
        return {
            "next": (path, _NEXT, _same(asked) | {"since": _told("since"), "epoch": "$response.body#/epoch"})
        }
    if "cursor" not in asked or JSON not in read["responses"]["200"]["content"]:
        return {}
    key = {"key": "$request.path.key"} if _ONE in path else {}
    return {"next": (path, _NEXT, key | _same(asked) | {"cursor": _told("cursor")})}


_NEXT = "The next page, with all else that was asked; the same as the path in `page.next`."


def _same(asked: Iterable[str]) -> dict[str, str]:
    return {name: f"$request.query.{name}" for name in asked}


def _told(name: str) -> str:
    return f"$response.body#/page/next#regex:[?&]{name}=([^&]+)"
