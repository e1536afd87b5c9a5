import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Response

from api.layer import in_front_of
from content import depicting, groups, previews, publishing
from content.log import head
from tests.builders import ED, a_live_article, a_live_image, an_article, an_image, publish, saved, signed
from tests.drawings import a_drawing, a_photograph, opened


@pytest.fixture
def image(session):
    """A public image."""
    return a_live_image(session, a_photograph())


def address(made, place=-1):
    one = made.values["file"]["renditions"][place]
    return depicting.address(one)


class TestGetMedia:
    def test_it_hands_out_what_the_json_names(self, api, session, image):
        article = a_live_article(session, image=str(image.entry_id))
        told = api.get(f"/api/v1/articles/{article.entry_id}").get_json()["image"]

        for one in [told, *told["renditions"]]:
            answer = api.get(one["url"], headers={"Accept": "image/*"})
            assert (answer.status_code, opened(answer.data).size) == (200, (one["width"], one["height"]))
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert (
                answer.mimetype == one.get("type", "image/jpeg") == opened(answer.data).get_format_mimetype()
            )

    def test_it_is_asked_again_for_nothing(self, api, image):
        first = api.get(address(image))

        assert first.headers["ETag"] == f'"{image.values["file"]["renditions"][-1]["hash"]}"'
        assert api.get(address(image), headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
        held = api.head(address(image))
        assert (held.status_code, held.content_length, held.data) == (200, len(first.data), b"")

    def test_a_draft_is_nobodys(self, api, session, image):
        drafts = an_image(session, a_drawing(33, 33)), saved(session, image, alt="Other words")
        newer = saved(session, drafts[1], file=an_image(session, a_drawing(44, 44)).values["file"])
        session.commit()

        assert api.get(address(drafts[0])).status_code == 404
        assert api.get(address(newer)).status_code == 404
        assert api.get(address(image)).status_code == 200

    @pytest.mark.parametrize("name", ["x", "x.jpg", "0" * 64 + ".jpg", "0" * 64, "..%2fverso.db"])
    def test_it_knows_no_other_names(self, api, image, name):
        assert api.get(f"/api/v1/media/{name}").status_code == 404

    def test_it_goes_by_its_own_ending_only(self, api, image):
        assert api.get(address(image).replace(".jpg", ".png")).status_code == 404
        assert api.get(address(image).replace(".jpg", "")).status_code == 404

    def test_it_takes_no_parameters(self, api, image):
        assert api.get(f"{address(image)}?width=3").status_code == 422

    def test_what_was_retracted_or_erased_is_gone(self, api, session, image):
        publishing.retract(session, image.entry_id, [1], note="The wrong leg.", by=ED)
        told = api.get(address(image))
        assert (told.status_code, told.get_json()["note"]) == (410, "The wrong leg.")

        other = a_live_image(session, a_drawing(44, 44), slug="other")
        there = address(other)
        publishing.erase(session, other.entry_id, by=ED)
        assert api.get(there).get_json()["reason"] == "erased"

    def test_it_is_kept_no_longer_than_any_answer(self, app, api, image):
        answer = api.get(address(image))

        assert answer.headers["Cache-Control"].startswith("public, max-age=60, stale-while-revalidate")
        [name] = groups.told([groups.entry(image.entry_id)], app.config["SECRET_KEY"].encode())
        assert name in answer.headers["Cache-Groups"]

    def test_a_browser_keeps_it_for_an_hour_where_caches_are_purged(self, api, app, image):
        app.config["VERSO_PURGE_URL"] = "https://cdn.example/purge"

        answer = api.get(address(image))

        assert answer.headers["Cache-Control"] == "public, max-age=3600, s-maxage=60"
        assert answer.headers["CDN-Cache-Control"].startswith("max-age=3600")

    def test_the_layer_keeps_no_bytes_and_does_not_pack_them(self, app, image):
        client = Client(in_front_of(app), Response)
        first, second = (client.get(address(image), headers={"Accept-Encoding": "br"}) for _ in range(2))

        assert first.status_code == second.status_code == 200
        assert "Content-Encoding" not in second.headers
        assert "kept" not in second.headers.get("Server-Timing", "")
        again = client.get(address(image), headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")


class TestTheArticle:
    def test_another_alternative_text_is_one_line_and_republishes_nothing(self, api, session, image):
        body = f"![](/api/v1/images/{image.entry_id})"
        article = a_live_article(session, image=str(image.entry_id), body=body)
        path = f"/api/v1/articles/{article.entry_id}"
        before, first = head(session).sequence, api.get(path)

        publish(session, signed(session, saved(session, image, alt="Two feet")), note="More exact.")

        now = api.get(path)
        assert (now.get_json()["image"]["alt"], now.get_json()["version"]) == ("Two feet", 1)
        assert 'alt="Two feet"' in now.get_json()["body"]["html"]
        assert first.headers["ETag"] != now.headers["ETag"]
        assert api.get(f"{path}?as_of={before}").data == first.data
        assert head(session).sequence == before + 1
        assert api.get("/api/v1/articles").get_json()["data"][0]["image"]["alt"] == "Two feet"

    def test_it_can_be_included_whole(self, api, session, image):
        article = a_live_article(session, image=str(image.entry_id))

        told = api.get(f"/api/v1/articles/{article.entry_id}?include=image").get_json()

        assert told["image"]["type"] == "image"


def test_a_preview_shows_its_pictures(api, session):
    image = an_image(session)
    draft = an_article(session, image=str(image.entry_id))
    _, token = previews.for_draft(session, draft.entry_id, 1, purpose="a look", by=ED)
    session.commit()
    bearer = {"Authorization": f"Bearer {token}"}

    told = api.get(f"/api/v1/articles/{draft.entry_id}", headers=bearer).get_json()["image"]

    assert told["alt"] == "A foot on a suitcase"
    assert api.get(told["url"]).status_code == 404
    seen = api.get(told["url"], headers=bearer)
    assert (seen.status_code, seen.headers["Cache-Control"]) == (200, "no-store")
