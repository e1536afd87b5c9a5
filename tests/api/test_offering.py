"""The OpenAPI document names every path that `fields` may have, and none that leads nowhere."""

import pytest

from tests.builders import a_live_article, a_live_faq, a_topic, an_author

ADDRESSES = {
    "/api/v1/articles": "",
    "/api/v1/articles/{key}": "/clots",
    "/api/v1/faqs": "",
    "/api/v1/faqs/{key}": "/kept",
    "/api/v1/topics": "",
    "/api/v1/topics/{key}": "/veins",
    "/api/v1/authors": "",
    "/api/v1/authors/{key}": "/leg-clinic",
}

SOME = 40  # paths at once


@pytest.fixture
def texts(session):
    """One of each kind is public."""
    topic, author = a_topic(session), an_author(session)
    article = a_live_article(session, topics=[topic], authors=[author], tags=["flying"])
    a_live_article(session, slug="alike", topics=[topic], tags=["flying"])
    a_live_faq(session, slug="kept", article=str(article.entry_id), topics=[topic])


@pytest.mark.parametrize("path", ADDRESSES)
class TestPaths:
    @pytest.fixture
    def named(self, api, path):
        """What the document says that `fields` and `include` may have."""
        parameters = api.get("/api/v1/openapi.json").get_json()["paths"][path]["get"]["parameters"]
        schemas = {one["name"]: one["schema"] for one in parameters}
        return schemas["fields"]["items"]["enum"], schemas["include"]["items"]["enum"]

    def test_each_leads_somewhere(self, api, texts, path, named):
        address, (paths, includes) = path.removesuffix("/{key}") + ADDRESSES[path], named

        for start in range(0, len(paths), SOME):
            asked = f"fields={','.join(paths[start : start + SOME])}&include={','.join(includes)}"
            assert api.get(f"{address}?{asked}").status_code == 200

    def test_each_that_an_answer_has_is_named(self, api, texts, path, named):
        paths, includes = named
        address = path.removesuffix("/{key}") + ADDRESSES[path]
        heads = ",".join(one for one in paths if "." not in one)

        told = api.get(f"{address}?fields={heads}&include={','.join(includes)}").get_json()

        assert set().union(*map(dotted, told.get("data", [told]))) <= set(paths)


def dotted(document):
    """Every path into a document."""
    if isinstance(document, list):
        return set().union(*map(dotted, document))
    if not isinstance(document, dict):
        return set()
    return set(document) | {f"{name}.{path}" for name, below in document.items() for path in dotted(below)}
