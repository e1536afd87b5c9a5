"""Describing: the OpenAPI document, made from the same schemas that every answer is tested against."""

from collections.abc import Callable, Collection, Sequence
from functools import cached_property, wraps
from http import HTTPStatus
from typing import Any

import orjson
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask, Response, request
from flask_smorest import Api, Blueprint
from marshmallow import Schema

from api import bearing, bounds, callers, envelopes, following, naming, previews, problems, retiring
from api.answers import JSON, JSON_LD, require_accepted, sent, tagged
from api.examples import example, recorded
from api.parameters import KEY_PATTERN, LONGEST_KEY, Listed
from api.queries import NoQuery, Query
from api.redirects import moved
from api.shapes import Either
from content.errors import ContentError, Elsewhere
from content.keys import Scope
from content.types import ContentType

View = Callable[..., Response]

KEY = {
    "name": "key",
    "in": "path",
    "required": True,
    "description": "A slug, or an id, which never changes.",
    "schema": {"type": "string", "pattern": KEY_PATTERN, "maxLength": LONGEST_KEY},
}
_BYTES = {"schema": {"type": "string", "format": "binary"}}
# What every read may answer beside its own.
ALWAYS = (304, 401, 403, 406, 412, 429, 503)
# What a preview's token may be answered besides. No operation asks for its scheme, nor for that of keys: makers of
# clients take a scheme that may be left out for one that is needed, and then nobody could read without a token.
PREVIEWED = (409,)
# What the reads that every content type has are called in a client.
_OPERATIONS = {
    "listing": "list{many}",
    "one": "get{one}",
    "public_versions": "list{one}Versions",
    "public_version": "get{one}Version",
    "signature": "get{one}Signature",
    "changes_of": "list{one}Changes",
    "diff": "diff{one}",
}
_ABOUT = (
    "Health information as it was written, reviewed and published, read at any moment of its history. Everything is"
    " read with GET; what is public needs no key. With a partner's key as a bearer, each read answers what its grants"
    " add to that; reads that may answer 409 take a preview's token too."
    " Times are RFC 3339 in UTC, days YYYY-MM-DD, locales BCP 47, ids UUIDs."
)


def _view() -> str:
    """Return the name of the read that is asked for."""
    return str(request.endpoint).rpartition(".")[2]


class Reads(Blueprint):
    """A blueprint of reads: unknown parameters are refused, what content refuses is a problem.

    `of` is the content type that they are about, if they are about one.
    """

    def __init__(
        self,
        name: str,
        import_name: str,
        *,
        of: ContentType | None = None,
        previewed: bool = False,
        scope: Scope | None = Scope.READ,
        opened_by_any: Collection[str] = (),
        **options: Any,
    ) -> None:
        """`of`: the content type whose reads they are; `previewed`: a preview's token opens them too.

        `scope`: what a partner's key must open, None: anything, as for those of the reads that are `opened_by_any`.
        """
        super().__init__(name, import_name, **options)
        self._of, self._previewed = of, previewed
        self._scope, self._opened_by_any = scope, opened_by_any
        # The media types under which each read is taken, by its endpoint, and by its operation's id.
        self._kinds: dict[str, Sequence[str]] = {}
        self.taken: dict[str, Sequence[str]] = {}
        self.before_request(self._require_accepted)
        self.before_request(self._know_caller)
        self.before_request(previews.begin if previewed else previews.refuse)
        self.register_error_handler(Elsewhere, moved)
        self.register_error_handler(ContentError, problems.of_content)

    def _require_accepted(self) -> None:
        if kinds := self._kinds.get(_view(), (JSON,)):
            require_accepted(kinds)

    def _know_caller(self) -> None:
        callers.know(None if _view() in self._opened_by_any else self._scope)

    def _operation(self, view: str) -> str:
        """Return the id of an operation: the name of its function in a client."""
        if self._of is None:
            return _camel(view)
        one, many = self._of.name.title(), self._of.plural.title()
        return _OPERATIONS.get(view, _camel(view) + "{one}").format(one=one, many=many)

    def answers(
        self,
        schema: type[Schema] | dict[str, Any],
        *others: int,
        chosen: type[Schema] | None = None,
        spoken: bool = False,
        form: str = JSON,
        also: Sequence[str] = (),
        operation: str | None = None,
        told: dict[int, dict[str, Any]] | None = None,
        bears: Sequence[str] = (),
    ) -> Callable[[View], View]:
        """Describe a read: what it answers, or else where the caller chose of it, and with which other statuses.

        `spoken`: it says in which language it is. `form` is its media type, and it is had by whoever
        takes that or one of `also`; `operation` is its name, and its endpoint's, where that is not the function's.
        `told`: its answers of other statuses that are no problems; `bears`: its headers that no other read has.
        """

        def describe(view: View) -> View:
            name = operation or self._operation(view.__name__)
            self._kinds[operation or view.__name__] = self.taken[name] = (form, *also)
            described = self._named(view, name, ALWAYS + others)
            headers = bearing.asked(spoken=spoken, previewed=self._previewed) | bearing.told(bears)
            given = {"headers": headers, "content_type": form}
            if not isinstance(schema, dict):
                given["example"] = example(schema)
            either = {"anyOf": [schema, chosen]} if chosen else schema
            described = self.response(200, either, description="As asked.", **given)(described)
            responses = {str(status): one for status, one in (told or {}).items()}
            return _described_as(self.doc(responses=responses)(described), view)

        return describe

    def hands_out(self, kinds: Sequence[str], *others: int, packed: bool = False) -> Callable[[View], View]:
        """Describe a read of bytes, which are of one of these media types; `others` as for `answers`.

        `packed`: they may be packed on their way.
        """

        def describe(view: View) -> View:
            # What an address ends with says what it is: nothing is negotiated.
            self._kinds[view.__name__] = ()
            others_of_all = tuple(set(ALWAYS) - {HTTPStatus.NOT_ACCEPTABLE})
            described = self._named(view, self._operation(view.__name__), others_of_all + others)
            headers = bearing.handed_out(previewed=self._previewed, packed=packed)
            told = {"description": "As asked.", "headers": headers, "content": dict.fromkeys(kinds, _BYTES)}
            return _described_as(self.doc(responses={"200": told})(described), view)

        return describe

    def _named(self, view: View, name: str, others: Sequence[int]) -> View:
        """Describe what a read is called, and with which statuses it may answer beside 200."""
        described: View = self.doc(operationId=name)(view)
        for status in (*others, *(PREVIEWED if self._previewed else ())):
            described = self.alt_response(status, HTTPStatus(status).name)(described)
        return described

    def arguments(self, schema: type[Schema], **described: Any) -> Callable[[View], View]:
        """Describe what a read may be asked, and hand it to the view, which then raises BadParameters."""
        describe, query = super().arguments(schema, **described), Query(schema())

        def ask(view: View) -> View:
            @wraps(view)
            def read(**named: Any) -> Response:
                return view(query.asked(request.query_string), **named)

            return _described_as(describe(view), read)

        return ask


def _described_as(described: Any, view: View) -> View:
    """Return a view with the description that flask-smorest has made of it, and without its wrappers.

    They would do nothing for it but take time, one for each status that is described.
    """
    view._apidoc = described._apidoc  # type: ignore[attr-defined]
    return view


class Description(Api):
    """flask-smorest's description of the API, with our own form of errors, which are handled elsewhere."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def __init__(self, app: Flask) -> None:
        plugin = MarshmallowPlugin(schema_name_resolver=_component)
        given = {"title": "Verso", "version": "1", "openapi_version": "3.1.0"}
        about = {"marshmallow_plugin": plugin, "info": {"description": f"{_ABOUT} {bounds.told(app.config)}"}}
        super().__init__(app, spec_kwargs=given | about)

    def _init_spec(self, **options: Any) -> None:
        super()._init_spec(**options)
        self.ma_plugin.converter.add_attribute_function(_either)
        self.spec.components.security_scheme("key", PARTNERS_KEY)
        self.spec.components.security_scheme("preview", PREVIEW)
        for name, header in bearing.COMPONENTS.items():
            self.spec.components.header(name, header)
        self.ma_plugin.converter.add_parameter_attribute_function(_listed)

    def _register_error_handlers(self) -> None:
        """Register none: flask-smorest's would answer for the newsroom's pages too, and drop headers."""

    def _register_responses(self) -> None:
        for status in (301, 304):
            self.spec.components.response(HTTPStatus(status).name, _BARE[status], lazy=True)
        for kind in reversed(problems.KINDS):
            self.spec.components.response(HTTPStatus(kind.status).name, _described(kind), lazy=True)


LINKED: dict[str, Any] = {"type": "object", "description": "JSON-LD in the words of schema.org."}
PARTNERS_KEY = {
    "type": "http",
    "scheme": "bearer",
    "description": "A partner's key, verso_ and what follows. Without one, what is public is read.",
}
PREVIEW = {
    "type": "http",
    "scheme": "bearer",
    "description": "A preview's token, vp_ and what follows. Without one, what is public is read.",
}
_BARE = {
    301: {
        "description": "It is at the address in Location; that may change again.",
        "headers": bearing.shared(301),
    },
    304: {"description": "It is what you have.", "headers": bearing.shared(304)},
}


def _show(operation: dict[str, Any]) -> None:
    """Give an operation its recorded example, if there is one, and in `x-asked` the path that it answered."""
    if found := recorded(operation["operationId"]):
        operation["x-asked"] = found["asked"]
        contents = operation["responses"]["200"]["content"]
        [kind, *_] = sorted(contents, key=lambda kind: "json" not in kind)
        contents[kind]["example"] = found["answered"]


def _described(kind: problems.Kind) -> dict[str, Any]:
    gone = kind.status == HTTPStatus.GONE
    schema: Any = {"anyOf": [envelopes.GONE, envelopes.PROBLEM]} if gone else envelopes.PROBLEM
    found = recorded(f"problem-{kind.name}")
    given = found["answered"] if found else _made_up(kind)
    return {
        "description": kind.title + ".",
        "headers": bearing.shared(kind.status),
        "content": {problems.MEDIA_TYPE: {"schema": schema, "example": given}},
    }


def _made_up(kind: problems.Kind) -> dict[str, Any]:
    about = {"type": kind.type, "title": kind.title, "status": kind.status, "detail": kind.advice}
    return example(envelopes.PROBLEM) | about | {"errors": []}


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.title, others))


def _component(schema: Any) -> str:
    """Return the name under which a schema stands by itself, or "" where it is written where it is used."""
    name: str = getattr(schema, "component", "")
    return name


def _either(converter: Any, field: Any, **kwargs: Any) -> dict[str, Any]:
    if not isinstance(field, Either):
        return {}
    null = [{"type": "null"}] if field.null else []
    return {"anyOf": [*map(converter.resolve_nested_schema, field.schemas), *null]}


def _listed(converter: Any, field: Any, **kwargs: Any) -> dict[str, Any]:
    return {"explode": False} if isinstance(field, Listed) else {}


class Document:
    """The OpenAPI document of an app's reads, made when it is first asked for: no start waits for it."""

    def __init__(self, app: Flask, reads: Sequence[Blueprint]) -> None:
        self._app, self._reads = app, reads

    @cached_property
    def content(self) -> dict[str, Any]:
        """The document as plain data."""
        description = Description(self._app)
        for reads in self._reads:
            reads.register_views_in_doc(
                description, self._app, description.spec, name=reads.name, parameters=None
            )
            about = {"x-displayName": reads.name, "description": reads.description}
            description.spec.tag({"name": reads.name.lower(), **about})
        made: dict[str, Any] = naming.name_all(description.spec.to_dict())
        for path, item in made["paths"].items():
            # A client has a module for each tag; `FAQs` would be called `fa_qs`.
            item["get"]["tags"] = [tag.lower() for tag in item["get"]["tags"]]
            _show(item["get"])
            if item["get"]["operationId"] in _linked(self._reads):
                # In words: of two kinds of content, clients know neither.
                item["get"]["description"] = f"As JSON-LD by Accept too, as at {path}.jsonld."
        following.mark(made)
        retiring.mark(made, self._app)
        return made

    @cached_property
    def json(self) -> bytes:
        """The document as it is served."""
        return orjson.dumps(self.content)


def _linked(reads: Sequence[Blueprint]) -> set[str]:
    """Return the names of the operations that answer JSON, and JSON-LD where that is liked better."""
    known = [one for one in reads if isinstance(one, Reads)]
    return {name for one in known for name, kinds in one.taken.items() if kinds == (JSON, JSON_LD)}


def add_to(routes: Reads, document: Document) -> None:
    """Give the API the read of its own description."""

    @routes.get("/openapi.json")
    @routes.arguments(NoQuery, location="query")
    @routes.answers(envelopes.OPENAPI)
    def get_openapi(asked: dict[str, Any]) -> Response:
        """Read the description of this API (OpenAPI 3.1)."""
        return sent(tagged(document.json, None))
