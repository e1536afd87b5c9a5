"""Schemathesis asks for whatever the OpenAPI document allows, and for what it does not, and its checks all hold."""

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig

from api.queries import WITH_IDS
from content import publishing
from tests.builders import ED, a_live_article, a_live_faq, a_topic, an_author, publish, saved, signed

EXAMPLES = 25  # for each operation, of each mode
PATH = "/api/v1/openapi.json"
# What the document cannot say: a path leads somewhere, a cursor or an epoch is not made up, the future has not come,
# and an order by position is that of one article.
NEWEST = 8


@pytest.fixture
def schema(app, session):
    """The OpenAPI document of an app in which something of each kind is public."""
    topic = a_topic(session)
    article = a_live_article(session, topics=[topic], authors=[an_author(session)], tags=["flying"])
    publish(session, signed(session, saved(session, article, title="Newer", slug="swelling-after-a-flight")))
    a_live_faq(session, article=str(article.entry_id), slug="kept")
    gone, wrong = a_live_article(session, slug="gone"), a_live_faq(session, slug="wrong")
    publishing.withdraw(session, gone.entry_id, by=ED)
    publishing.retract(session, wrong.entry_id, [1], note="Wrong.", by=ED)
    return schemathesis.openapi.from_wsgi(PATH, app, config=SchemathesisConfig())


class TestEveryOperation:
    @pytest.mark.slow
    @pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.name.lower())
    def test_it_is_as_described_whatever_is_asked(self, schema, mode):
        for operation in (found.ok() for found in schema.get_all_operations()):
            if mode == GenerationMode.POSITIVE or has_parameters(operation):
                ask(operation, mode)


def has_parameters(operation):
    """Whether there is something about an operation that can be asked wrongly."""
    return bool(list(operation.iter_parameters()))


def ask(operation, mode):
    """Ask for one operation in many ways."""

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    def run(case):
        if mode == GenerationMode.POSITIVE:
            come_true(case.query)
            if case.path.endswith("/sync"):
                of_one_type(case.query)
        case.call_and_validate()

    run()


def come_true(query):
    """Turn a well-formed query into one that this corpus can answer."""
    if "article" not in query and query.get("sort") == "position":
        query.pop("sort")
    for name in ("cursor", "epoch"):
        query.pop(name, None)
    if "fields" in query:
        query["fields"] = ["id"]
    if "ids" in query:
        for name in query.keys() - WITH_IDS:
            query.pop(name)
    for name in {"as_of", "since"} & set(query):
        query[name] = query[name] % (NEWEST + 1) if isinstance(query[name], int) else "2026-05-01T09:00:00Z"


def of_one_type(query):
    """Leave of a copy's filters one that not every type has, and no types: nor is a token made up."""
    narrowing = [name for name in query if name not in ("limit", "as_of", "locale", "updated_since")]
    for name in ({"since", "type"} & set(query)) | set(narrowing[1:]):
        del query[name]
