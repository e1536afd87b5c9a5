"""The OpenAPI document is valid, its examples fit it, and the pages show all of it."""

import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from api import bounds, offering
from content import types
from settings import read

FIGURE = r"\d[\d,]* (?:times|seconds|entries|bytes|paths|characters|languages)"
MEDIA = "/api/v1/media/{name}"
FILES = (MEDIA, "/api/v1/embed.js", "/api/v1/embed/{build}.js")  # which have no example
PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text()


@pytest.fixture
def document(api):
    """The OpenAPI document."""
    return api.get("/api/v1/openapi.json").get_json()


def operations(document):
    """Each path with its only operation."""
    return [(path, item["get"]) for path, item in document["paths"].items()]


class TestDocument:
    def test_it_is_valid(self, document):
        validate(document, cls=OpenAPIV31SpecValidator)

        assert document["openapi"] == "3.1.0"

    def test_it_describes_every_route_but_the_pages(self, document, app):
        paths = {
            re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule)
            for rule in app.url_map.iter_rules()
            if not rule.rule.startswith("/admin") and not rule.endpoint.startswith("pages.")
        }

        assert paths == set(document["paths"])

    def test_it_has_an_example_of_every_answer_that_fits_it(self, api, document):
        told = [(path, operation["responses"]["200"]["content"]) for path, operation in operations(document)]
        for path, contents in told:
            shown = [content for content in contents.values() if "example" in content]
            assert shown or path in FILES, path
            for content in shown:
                check(api.contract.strict, content["schema"], content["example"], path)
        for name, response in document["components"]["responses"].items():
            for content in response.get("content", {}).values():
                check(api.contract.strict, content["schema"], content["example"], name)

    def test_it_has_an_example_that_fits_for_every_parameter_but_the_cursor(self, document):
        for path, operation in operations(document):
            for parameter in operation.get("parameters", []):
                if parameter["in"] == "query" and parameter["name"] != "cursor":
                    check(document, parameter["schema"], parameter["schema"]["example"], path)

    def test_it_names_each_operation_once(self, document):
        names = [
            operation["operationId"] for path, operation in operations(document) if path.startswith("/api")
        ]

        assert len(names) == len(set(names))

    def test_it_says_of_every_read_that_nobody_may_ask_too_often(self, document):
        reads = [operation for path, operation in operations(document) if path.startswith("/api")]

        assert all("429" in operation["responses"] for operation in reads)

    def test_it_says_of_every_field_that_it_is_there(self, document):
        for name, schema in document["components"]["schemas"].items():
            if "Chosen" not in name and "Included" not in name:
                assert set(schema.get("required", ())) == set(schema.get("properties", ()))


class TestLimits:
    def test_they_are_those_of_the_parameters(self, document):
        told = document["info"]["description"]
        of = {
            one["name"]: one["schema"] for one in document["paths"]["/api/v1/articles"]["get"]["parameters"]
        }
        typed = document["paths"]["/api/v1/search"]["get"]["parameters"][0]["schema"]["maxLength"]

        most = of["limit"]["maximum"]
        assert f"A page has {of['limit']['default']} entries unless told, and at most {most}." in told
        assert f"`ids` names at most {of['ids']['maxItems']} entries" in told
        assert f"`fields` {of['fields']['maxItems']} paths" in told
        assert f"`fallback` {of['fallback']['maxItems']} languages" in told
        assert (
            f"A slug has at most {of['topic']['maxLength']} characters, a tag {of['tag']['maxLength']}"
            in told
        )
        assert f"what is searched for {typed}." in told

    @pytest.mark.parametrize(
        ("settings", "told"),
        [
            ({"VERSO_READ_LIMIT": "7000"}, "An address may ask 7,000 times in 60 seconds;"),
            ({"VERSO_LIMITS": "0"}, "Anybody may ask as often as they like."),
        ],
    )
    def test_they_are_those_of_the_settings(self, settings, told):
        assert bounds.told(read(settings)).startswith(told)

    def test_they_stand_in_the_pages_too(self, api, document):
        shown = re.findall(FIGURE, document["info"]["description"])

        assert len(shown) == 10
        assert set(shown) <= set(re.findall(FIGURE, " ".join(PAGE.split())))
        assert set(shown) <= set(re.findall(FIGURE, api.get("/api/v1/docs").text))


def check(document, schema, example, where):
    """Check an example against a schema of the document."""
    checker = Draft202012Validator({**document, **schema}, format_checker=FormatChecker())
    assert not list(checker.iter_errors(example)), where


class TestPageOfRoutes:
    def test_it_has_every_route(self, app):
        routes = {
            re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule)
            for rule in app.url_map.iter_rules()
            if not rule.rule.startswith("/admin") and rule.endpoint != "pages.static"
        }

        assert routes == set(re.findall(r"^\| `GET (\S+)`", PAGE, re.MULTILINE))

    def test_it_has_everything_that_can_be_included(self):
        told = PAGE.partition("| name | in | what stands there |")[2].partition("\n\n")[0]

        for declared in types.everyone():
            for name in offering.included(declared, listed=False):
                assert re.search(
                    rf"^\| `{name}` \| (all|.*{declared.plural_label}.*) \|", told, re.MULTILINE | re.I
                )

    def test_it_has_every_parameter_of_a_list(self, document):
        told = document["paths"]["/api/v1/articles"]["get"]["parameters"]

        for parameter in [*told, *document["paths"]["/api/v1/faqs"]["get"]["parameters"]]:
            assert f"| `{parameter['name']}` |" in PAGE
