"""Every answer with content tells the SHA-256 of the very bytes that are sent, whoever makes it (RFC 9530)."""

import base64
import hashlib

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Response

from api.layer import in_front_of
from content import keys, partners
from tests.api.layer.test_layer import how
from tests.builders import ED, a_live_article, a_live_image

ARTICLE = "/api/v1/articles/clots"


def digest(content):
    return f"sha-256=:{base64.b64encode(hashlib.sha256(content).digest()).decode()}:"


@pytest.fixture
def front(app, session):
    """A client of the layer, and something to read; a worker's first request, which is Flask's, is over."""
    a_live_article(session, slug="clots", body="Walk about every hour or two. " * 50)
    client = Client(in_front_of(app), Response)
    client.get("/api/v1/topics")
    return client


PATHS = {
    "/api/v1/articles": 200,
    f"{ARTICLE}/versions/1": 200,
    "/api/v1/openapi.json": 200,
    "/api/v1/articles/nothing": 404,
    "/api/v1/articles?limit=0": 422,
    "/api/v1/nowhere": 404,
    "/api/v1/docs": 200,
}


class TestContentDigest:
    @pytest.mark.parametrize(("path", "status"), PATHS.items())
    def test_flask_tells_it_of_whatever_it_answers(self, api, session, path, status):
        a_live_article(session, slug="clots")

        answer = api.get(path)

        assert answer.status_code == status
        assert answer.headers["Content-Digest"] == digest(answer.data)

    @pytest.mark.parametrize(("path", "status"), PATHS.items())
    def test_the_layer_tells_it_whether_it_was_made_or_kept(self, front, path, status):
        for answer in (front.get(path), front.get(path)):
            assert answer.status_code == status
            assert answer.headers.getlist("Content-Digest") == [digest(answer.data)]

    @pytest.mark.parametrize("encoding", ["br", "zstd", "gzip", "identity"])
    def test_it_is_of_the_content_as_it_is_packed(self, front, encoding):
        answers = [front.get(ARTICLE, headers={"Accept-Encoding": encoding}) for _ in range(2)]

        assert [how(answer) for answer in answers] == ["made", "kept"]
        for answer in answers:
            assert answer.headers.get("Content-Encoding", "identity") == encoding
            assert answer.headers.getlist("Content-Digest") == [digest(answer.data)]

    def test_it_is_not_computed_for_what_is_kept(self, front, monkeypatch):
        front.get(ARTICLE)

        monkeypatch.setattr(hashlib, "sha256", None)

        assert how(front.get(ARTICLE)) == "kept"

    def test_it_is_told_under_a_key_and_of_what_is_refused(self, front, session):
        partner = partners.create(session, "magazine").id
        _, text = keys.make(session, partner, purpose="a site", by=ED)
        session.commit()

        for bearer, status in ((text, 200), ("verso_made-up", 401)):
            answer = front.get(ARTICLE, headers={"Authorization": f"Bearer {bearer}"})
            assert (answer.status_code, answer.headers["Content-Digest"]) == (status, digest(answer.data))

    def test_it_is_told_of_pictures_and_of_a_part_of_a_file(self, front, session):
        a_live_image(session, slug="leg")
        picture = front.get(front.get("/api/v1/images/leg").get_json()["url"])
        file = "/api/v1/static/docs.css"
        whole = front.get(file, buffered=True)
        part = front.get(file, headers={"Range": "bytes=5-9"}, buffered=True)

        assert picture.headers["Content-Digest"] == digest(picture.data)
        assert whole.headers["Content-Digest"] == digest(whole.data)
        assert (part.status_code, len(part.data)) == (206, 5)
        assert part.headers["Content-Digest"] == digest(part.data)

    def test_it_is_of_the_whole_where_a_part_was_asked_for_and_the_whole_is_sent(self, front):
        answer = front.get(ARTICLE, headers={"Range": "bytes=5-9"})

        assert (answer.status_code, answer.headers["Content-Digest"]) == (200, digest(answer.data))

    @pytest.mark.parametrize("encoding", ["br", "identity"])
    def test_a_head_tells_what_a_get_would_have(self, app, front, encoding):
        asked = {"Accept-Encoding": encoding}
        for path in (ARTICLE, "/api/v1/articles/nothing"):
            whole = front.get(path, headers=asked)
            heads = [front.head(path, headers=asked), app.test_client().head(path)]
            plain = app.test_client().get(path)

            assert not any("Content-Digest" in head.headers for head in heads)
            assert heads[0].headers["Repr-Digest"] == whole.headers["Content-Digest"]
            assert heads[1].headers["Repr-Digest"] == plain.headers["Content-Digest"]
            assert "Repr-Digest" not in whole.headers

    def test_a_304_tells_none(self, app, front):
        for client in (front, app.test_client()):
            whole = client.get(ARTICLE)
            told = client.get(ARTICLE, headers={"If-None-Match": whole.headers["ETag"]})

            assert told.status_code == 304
            assert not {"Content-Digest", "Repr-Digest"} & set(told.headers.keys())

    def test_who_asks_too_often_is_told_so_with_it(self, started):
        client = Client(in_front_of(started(VERSO_READ_LIMIT="2")), Response)

        answers = [client.get("/api/v1/nowhere") for _ in range(3)]
        head = client.head("/api/v1/nowhere")

        assert [answer.status_code for answer in answers][-1] == head.status_code == 429
        assert answers[-1].headers["Content-Digest"] == digest(answers[-1].data)
        assert head.headers["Repr-Digest"] == digest(answers[-1].data)
