"""A client that holds every answer against the OpenAPI document which the app itself hands out."""

import re
from urllib.parse import parse_qsl

from flask.testing import FlaskClient
from jsonschema import Draft202012Validator, FormatChecker
from werkzeug.exceptions import HTTPException

from tests.drawings import opened

PROBLEM = "application/problem+json"
JSON_LD = "application/ld+json"
# What every described answer has but those of a preview.
NOT_PREVIEWED = {"ETag", "Verso-Sequence"}
# What HTTP itself says of any answer, and the document need not.
STANDARD = {"connection", "content-length", "content-type", "date", "server"}


class Contract:
    """The OpenAPI document of an app, with no key allowed in an answer that it does not name."""

    def __init__(self, app, document):
        self.app, self.document, self.strict = app, document, closed(document)
        self.unasked = without_chosen(self.strict)

    def check(self, response):
        """Raise AssertionError where an answer is not what the document says."""
        path, status = self.path_of(response), str(response.status_code)
        is_page = path is None and response.mimetype == "text/html"
        if is_page or response.status_code == 204:
            return
        if path is None or response.status_code in (405, 415, 428, 429, 500):
            self.check_problem(response)
            return
        if response.mimetype == JSON_LD and not path.endswith(".jsonld"):
            assert f"{path}.jsonld" in self.strict["paths"][path]["get"]["description"]
            path = f"{path}.jsonld"
        told = self.strict["paths"][path]["get"]["responses"]
        assert status in told, f"{path} answers {status}, which is not described"
        self.check_described(
            response, *self.resolved(told[status], f"#/paths/{escaped(path)}/get/responses/{status}")
        )

    def check_described(self, response, described, pointer):
        """Check headers and content against a response object of the document."""
        told = {name: self.header(one) for name, one in described.get("headers", {}).items()}
        strange = {name.lower() for name, _ in response.headers} - {name.lower() for name in told} - STANDARD
        assert not strange, f"{sorted(strange)} on a {response.status_code} are not described"
        for name, header in told.items():
            public = "Authorization" not in response.request.headers
            needed = header.get("required") or (public and name in NOT_PREVIEWED)
            assert name in response.headers or not needed, f"{name} is missing"
        if "content" not in described:
            assert response.data == b""
            assert "Content-Type" not in response.headers
        elif response.request.method == "HEAD":
            assert response.data == b""
        else:
            assert response.mimetype in described["content"]
            if response.mimetype.startswith("image/"):
                assert opened(response.data).get_format_mimetype() == response.mimetype
                return
            self.check_json(response, f"{pointer}/content/{escaped(response.mimetype)}/schema")

    def check_problem(self, response):
        """Check an answer that is the same on every path."""
        assert response.mimetype == PROBLEM
        if response.request.method != "HEAD":
            self.check_json(response, "#/components/schemas/Problem")
            assert response.get_json()["status"] == response.status_code

    def check_json(self, response, pointer):
        """Check the body against the schema at a JSON Pointer into the document."""
        # What is chosen of an answer need not be there; whoever chose nothing gets all of it.
        asked = response.request.environ.get("QUERY_STRING", "")
        chose = {"fields", "include"} & {part.partition("=")[0] for part in asked.split("&")}
        document = self.strict if chose else self.unasked
        checker = Draft202012Validator({**document, "$ref": pointer}, format_checker=FormatChecker())
        content = response.get_json() if response.is_json else response.text
        faults = [f"{fault.json_path}: {fault.message}" for fault in checker.iter_errors(content)]
        assert not faults, "\n".join(faults)
        if isinstance(content, dict) and isinstance(content.get("page"), dict):
            self.check_following(content["page"]["next"])

    def check_following(self, following):
        """Check what the path of a next page asks against the patterns of that address."""
        path, _, asked = (following or "").partition("?")
        given = dict(parse_qsl(asked))
        template = self.template_of(path)
        described = self.strict["paths"][template]["get"]["parameters"] if template else []
        for parameter in described:
            pattern = parameter["schema"].get("pattern")
            if pattern and parameter["name"] in given:
                assert re.search(pattern, given[parameter["name"]]), f"{parameter['name']} of {following}"

    def header(self, described):
        """Follow a reference to a header under components."""
        name = described["$ref"].rpartition("/")[2]
        return self.strict["components"]["headers"][name]

    def path_of(self, response):
        """Return the path template that answered, or None where the document has none for it."""
        return self.template_of(response.request.path)

    def template_of(self, path):
        """Return the template that a path is of, or None where the document has none for it."""
        try:
            rule, _ = self.app.url_map.bind("").match(path, method="GET", return_rule=True)
        except HTTPException:
            return None
        path = re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule)
        return path if path in self.strict["paths"] else None

    def resolved(self, described, pointer):
        """Follow a reference to a response under components."""
        if "$ref" not in described:
            return described, pointer
        name = described["$ref"].rpartition("/")[2]
        return self.strict["components"]["responses"][name], f"#/components/responses/{name}"


def closed(document):
    """The same document with every described object closed to further keys."""
    if isinstance(document, list):
        return [closed(one) for one in document]
    if not isinstance(document, dict):
        return document
    made = {name: closed(one) for name, one in document.items()}
    is_schema = isinstance(made.get("properties"), dict) and "object" in made.get("type", ())
    return {**made, "additionalProperties": False} if is_schema else made


def without_chosen(document):
    """The same document without the schemas of answers of which a caller chose parts."""
    if isinstance(document, list):
        kept = [one for one in document if not (isinstance(one, dict) and is_chosen(one))]
        return [without_chosen(one) for one in kept]
    if not isinstance(document, dict):
        return document
    return {name: without_chosen(one) for name, one in document.items()}


def is_chosen(schema):
    """Whether a schema is a reference to what may be chosen of an answer."""
    return str(schema.get("$ref", "")).endswith("Chosen")


def escaped(part):
    """A name as a JSON Pointer in a URI fragment has it."""
    return part.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")


class Checked(FlaskClient):
    """A test client whose every answer under the API is checked."""

    contract = None

    def open(self, *args, **kwargs):
        response = super().open(*args, **kwargs)
        if response.request.path.startswith(("/api/", "/healthz", "/readyz")):
            self.contract.check(response)
        return response
