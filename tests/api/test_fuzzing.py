"""Schemathesis asks for whatever the OpenAPI document allows, and for what it does not, and its checks all hold."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.generation.feedback import NO_FEEDBACK

from api.layer import in_front_of
from api.queries import WITH_IDS
from content import publishing
from content.characters import refused_character
from tests.builders import ED, a_live_article, a_live_faq, a_topic, an_author, publish, saved, signed

# For each operation. What is refused is refused before a database is asked, so that it matters little which one.
EXAMPLES = {
    GenerationMode.POSITIVE: {"sqlite": 16, "postgresql": 8},
    GenerationMode.NEGATIVE: {"sqlite": 16, "postgresql": 2},
}
WALKS, STEPS = 12, 10  # along links
PATH = "/api/v1/openapi.json"
# What the document cannot say: a path leads somewhere, a cursor or an epoch is not made up, the future has not come,
# an order by position is that of one article, and no plane's last two characters are any.
NEWEST = 8


# Only the links of the document itself, and what it allows; what a link leads to may have gone since.
LINKED = {
    "generation": {"mode": "positive"},
    "checks": {
        "positive_data_acceptance": {
            "expected-statuses": ["2xx", "3xx", "401", "403", "404", "409", "410", "429", "5xx"]
        }
    },
    "phases": {"stateful": {"inference": {"algorithms": []}}},
}


@pytest.fixture
def texts(session):
    """Something of each kind is public; some is gone."""
    topic = a_topic(session)
    article = a_live_article(session, topics=[topic], authors=[an_author(session)], tags=["flying"])
    publish(session, signed(session, saved(session, article, title="Newer", slug="swelling-after-a-flight")))
    a_live_faq(session, article=str(article.entry_id), slug="kept")
    gone, wrong = a_live_article(session, slug="gone"), a_live_faq(session, slug="wrong")
    publishing.withdraw(session, gone.entry_id, by=ED)
    publishing.retract(session, wrong.entry_id, [1], note="Wrong.", by=ED)


@pytest.fixture
def schema(app, texts):
    """The OpenAPI document of the app."""
    return schemathesis.openapi.from_wsgi(PATH, app, config=SchemathesisConfig())


@pytest.fixture
def linked(app, texts):
    """The OpenAPI document of the app behind the read layer, to be walked by its links."""
    return schemathesis.openapi.from_wsgi(PATH, in_front_of(app), config=SchemathesisConfig.from_dict(LINKED))


class TestEveryOperation:
    @pytest.mark.slow
    @pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.name.lower())
    def test_it_is_as_described_whatever_is_asked(self, schema, mode, engine):
        for operation in (found.ok() for found in schema.get_all_operations()):
            if mode == GenerationMode.POSITIVE or has_parameters(operation):
                ask(operation, mode, EXAMPLES[mode][engine.dialect.name])


class TestEveryLink:
    @pytest.mark.slow
    def test_it_leads_to_what_is_as_described(self, linked):
        assert walk(linked) >= {"first", "next", "later"}


def walk(schema):
    """Walk along the links of a document many times; return the names of those that led somewhere."""
    followed = set()

    class Walker(schema.build_state_machine(feedback=NO_FEEDBACK, link_calibration=Faithful())):
        def step(self, taken):
            given = {name for _, name in taken.applied_parameters}
            come_true_with(taken.case, given)
            output = super().step(taken)
            if taken.transition and wanted(taken.transition) <= given and output.response.status_code == 200:
                # An id is `GET /one -> [200] name -> GET /other`.
                followed.add(taken.transition.id.split(" -> ")[1].removeprefix("[200] "))
            return output

        def get_call_kwargs(self, case):
            return {"headers": {"Accept-Encoding": "identity"}}  # it would not unpack what it is sent

    Walker.run(
        settings=settings(
            max_examples=WALKS,
            stateful_step_count=STEPS,
            phases=[Phase.generate],
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
    )
    return followed


def wanted(transition):
    """What a link takes from the answer."""
    return {
        name
        for given in transition.parameters.values()
        for name, one in given.items()
        if one.definition.startswith("$response")
    }


class Faithful:
    """Takes all that a link gives, where schemathesis would toss a coin of its own."""

    def is_calibrated(self, link):
        return True

    def use_probability(self, link):
        return 1.0


def come_true_with(case, given):
    """Turn a query into one that this corpus can answer, by pages of a few; what a link gave stays."""
    kept = {}
    if given & {"cursor", "since"}:
        kept = {name: case.query[name] for name in given & set(case.query)}
        case.query.clear()
    come_true(case)
    if case.path.endswith("/sync"):
        of_one_type(case.query)
    if "limit" in case.query:
        case.query["limit"] = case.query["limit"] % 2 + 1
    case.query.update(kept)


def has_parameters(operation):
    """Whether there is something about an operation that can be asked wrongly."""
    return bool(list(operation.iter_parameters()))


def ask(operation, mode, examples):
    """Ask for one operation in so many ways."""

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    def run(case):
        if mode == GenerationMode.POSITIVE:
            come_true(case)
            if case.path.endswith("/sync"):
                of_one_type(case.query)
        if case.path.endswith("/oembed"):
            # oEmbed wants a 501 for another, which elsewhere would be a fault of the server.
            case.query["format"] = "json"
        case.call_and_validate()

    run()


def come_true(case):
    """Turn a well-formed query into one that this corpus can answer."""
    query = case.query
    if "article" not in query and query.get("sort") == "position":
        query.pop("sort")
    for name in ("cursor", "epoch"):
        query.pop(name, None)
    for name in {"tag", "q"} & set(query):
        query[name] = "flying" if refused_character(query[name]) else query[name]
    if "fields" in query:
        query["include"] = ",".join(includable(case.operation))
    if "ids" in query:
        for name in query.keys() - WITH_IDS:
            query.pop(name)
    for name in {"as_of", "since"} & set(query):
        query[name] = query[name] % (NEWEST + 1) if isinstance(query[name], int) else "2026-05-01T09:00:00Z"


def includable(operation):
    """All that an operation can include: with it, every path that the document names leads somewhere."""
    parameters = operation.definition.raw["parameters"]
    return next(one["schema"]["items"]["enum"] for one in parameters if one["name"] == "include")


def of_one_type(query):
    """Leave of a copy's filters one that not every type has, and no types: nor is a token made up."""
    narrowing = [name for name in query if name not in ("limit", "as_of", "locale", "updated_since")]
    for name in ({"since", "type"} & set(query)) | set(narrowing[1:]):
        del query[name]
