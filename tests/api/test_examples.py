"""Every example in the OpenAPI document is an answer that a server gave, and gives still."""

import pytest

from api.examples import FOLDER
from api.problems import KINDS
from tests.examples import WITHOUT, recorded, written

HOW = "`make examples` (or .venv/bin/python -m tests.examples) records the answers anew; then look at the difference"


@pytest.fixture(scope="module")
def records(sqlite_template, tmp_path_factory):
    """What a server answers now, by the name of its file."""
    return recorded(sqlite_template, tmp_path_factory.mktemp("examples"))


@pytest.fixture
def document(api):
    """The OpenAPI document."""
    return api.get("/api/v1/openapi.json").get_json()


class TestRecorded:
    def test_it_is_what_the_files_say(self, records):
        files = {path.stem: path.read_text() for path in FOLDER.glob("*.json")}

        assert set(files) == set(records), HOW
        assert [name for name, record in records.items() if files[name] != written(record)] == [], HOW


class TestDocument:
    def test_it_shows_a_recorded_answer_of_every_operation(self, document, records):
        operations = [item["get"] for item in document["paths"].values()]

        shown = {
            one["operationId"]: next(iter(one["responses"]["200"]["content"].values()))["example"]
            for one in operations
            if one["operationId"] not in WITHOUT
        }

        assert shown == {name: records[name]["answered"] for name in shown}
        assert {one["x-asked"] for one in operations if "x-asked" in one} == {
            records[name]["asked"] for name in shown
        }

    def test_it_shows_a_recorded_answer_of_every_problem(self, document, records):
        problems = [
            content["example"]
            for response in document["components"]["responses"].values()
            for content in response.get("content", {}).values()
        ]

        known = {
            f"{kind.type}": records[f"problem-{kind.name}"]["answered"]
            for kind in KINDS
            if f"problem-{kind.name}" in records
        }
        assert problems == [known[problem["type"]] for problem in problems]
