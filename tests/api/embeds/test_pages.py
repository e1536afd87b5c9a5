"""Embeds that need no script: pages for frames, fragments, lists, and what is said of a text that is no more."""

import pytest
from sqlalchemy.orm import Session
from werkzeug.test import Client
from werkzeug.wrappers import Response

from api.layer import in_front_of
from content import granting, keys, partners, publishing
from content.log import ChangeKind, State
from content.partners import Reach
from content.placement import LICENSED, PUBLIC
from storage import db
from tests.api.bearers import a_partner, bearing
from tests.api.embeds.reading import HOST, read
from tests.builders import (
    ED,
    MAY_DAY,
    a_live_article,
    a_live_faq,
    a_live_image,
    a_topic,
    an_article,
    publish,
    saved,
    signed,
)

FORMS = ("embed", "embed/fragment")
PAGE = "https://clinic.example/clots"


@pytest.fixture
def texts(session):
    """An article with its own page, and two FAQs of it, the first of which has a warning."""
    topic = a_topic(session)
    article = a_live_article(
        session,
        canonical=PAGE,
        topics=[topic],
        body="Sit *less*.\n\n## What helps\n\nSee [here](#what-helps), [there](https://who.example/).",
    )
    of_it = {"article": str(article.entry_id), "topics": [topic]}
    hurts = a_live_faq(session, warnings=["Call *112*.", "At once."], position=1, **of_it)
    helps = a_live_faq(session, slug="does-it-help", question="Does it help?", position=2, **of_it)
    return {"article": article, "hurts": hurts, "helps": helps, "topic": topic}


def withdrawn(session, version, manner, target):
    """An entry withdrawn in favour of something else."""
    publishing.withdraw(session, version.entry_id, manner=manner, target=target, note="Better.", by=ED)


@pytest.mark.parametrize("form", FORMS)
class TestOne:
    def test_it_tells_who_when_and_which_version(self, texts, api, form):
        answer = api.get(f"/api/v1/articles/clots/{form}")

        [told] = read(answer.text)
        assert (told["id"], told["version"]) == (str(texts["article"].entry_id), 1)
        assert (told["status"], told["title"], told["locale"]) == ("live", "Clots in the leg", "en")
        assert told["links"] == {"source": PAGE}
        # HTML takes no finer moment.
        assert '<time datetime="2026-05-01T09:00:00.000Z" data-verso-at="2026-05-01T09:00:00.000000Z">' in (
            answer.text
        )
        assert told["facts"] == {
            "source": "Verso",
            "updated": "May 1, 2026",
            "reviewed": "May 1, 2026, Dr. Ana Reed, MD, vascular medicine",
            "due": "May 1, 2027",
            "version": "1",
        }

    def test_each_warning_stands_in_front(self, texts, api, form):
        html = api.get(f"/api/v1/faqs/does-it-hurt/{form}").text

        [told] = read(html)
        assert told["notes"] == ["Call 112 .", "At once."]
        assert html.index("112") < html.index("At once.") < html.index("Often it does.")

    def test_it_says_that_nobody_reviewed_it(self, session, api, form):
        publish(session, an_article(session), forced="In a hurry.")

        [told] = read(api.get(f"/api/v1/articles/clots/{form}").text)

        assert told["facts"]["status"] == "not reviewed"
        assert "reviewed" not in told["facts"]

    def test_it_speaks_the_language_of_the_text(self, session, api, form):
        a_live_article(session, locale="de", slug="venen")

        [told] = read(api.get(f"/api/v1/articles/venen/{form}?locale=de").text)

        assert (told["locale"], told["facts"]["updated"]) == ("de", "1. Mai 2026")
        assert api.get(f"/api/v1/articles/venen/{form}?locale=de").headers["Content-Language"] == "de"

    def test_any_page_may_frame_it_and_it_loads_nothing_of_others(self, texts, api, form):
        answer = api.get(f"/api/v1/articles/clots/{form}")

        policy = answer.headers["Content-Security-Policy"].split("; ")
        assert {"default-src 'none'", "frame-ancestors *", "base-uri 'none'", "form-action 'none'"} <= {
            *policy
        }
        assert f"img-src 'self' {HOST}" in policy
        assert answer.mimetype == "text/html"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Set-Cookie" not in answer.headers
        assert "<script" not in answer.text
        assert " style=" not in answer.text

    def test_of_an_image_from_elsewhere_only_its_words_are_there(self, session, api, form):
        ours = a_live_image(session)
        body = f"![A foot](https://spy.example/a.png)\n\n![Ours](/api/v1/images/{ours.entry_id})"
        a_live_article(session, slug="seen", body=body)

        text = api.get(f"/api/v1/articles/seen/{form}").text

        assert "spy.example" not in text
        assert 'alt="A foot"' in text
        assert f'src="{HOST}/api/v1/media/' in text

    def test_an_etag_makes_it_304(self, texts, api, form):
        first = api.get(f"/api/v1/articles/clots/{form}")

        again = api.get(f"/api/v1/articles/clots/{form}", headers={"If-None-Match": first.headers["ETag"]})

        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]

    def test_it_reads_the_past(self, session, texts, api, form):
        before = api.get(f"/api/v1/faqs/does-it-hurt/{form}").text
        at = api.get("/api/v1/sync/head").get_json()["sequence"]
        newer = signed(session, saved(session, texts["hurts"], answer="Never."))
        publish(session, newer, kind=ChangeKind.CLINICAL, note="It was not so.")

        assert "Never." in api.get(f"/api/v1/faqs/does-it-hurt/{form}").text
        assert api.get(f"/api/v1/faqs/does-it-hurt/{form}?as_of={at}").text == before

    def test_a_past_that_was_retracted_since_is_told_as_such(self, session, texts, api, form):
        newer = signed(session, saved(session, texts["hurts"], answer="Never."))
        publish(session, newer, kind=ChangeKind.SAFETY, note="It was not so.")
        at = api.get("/api/v1/sync/head").get_json()["sequence"] - 1
        publishing.retract(session, texts["hurts"].entry_id, [1], note="It was wrong.", by=ED)

        answer = api.get(f"/api/v1/faqs/does-it-hurt/{form}?as_of={at}")

        assert answer.status_code == 410
        [told] = read(answer.text)
        assert (told["id"], told["version"], told["status"]) == (
            str(texts["hurts"].entry_id),
            1,
            "retracted",
        )
        assert "Often" not in answer.text

    def test_a_slug_that_was_left_leads_to_the_same_form(self, session, texts, api, form):
        newer = signed(session, saved(session, texts["hurts"], slug="hurting"))
        publish(session, newer, kind=ChangeKind.TYPO)

        answer = api.get(f"/api/v1/faqs/does-it-hurt/{form}?locale=en")

        assert answer.status_code == 301
        assert answer.headers["Location"] == f"/api/v1/faqs/hurting/{form}?locale=en"

    @pytest.mark.parametrize(
        ("verb", "status", "title"),
        [("withdraw", "gone", "No longer public"), ("retract", "retracted", "Retracted")],
    )
    def test_what_is_gone_says_so_and_why(self, session, texts, api, form, verb, status, title):
        entry_id = texts["hurts"].entry_id
        if verb == "withdraw":
            publishing.withdraw(session, entry_id, note="Merged & <gone>.", by=ED)
        else:
            publishing.retract(session, entry_id, [1], note="Merged & <gone>.", by=ED)

        answer = api.get(f"/api/v1/faqs/does-it-hurt/{form}")

        assert (answer.status_code, answer.mimetype) == (410, "text/html")
        [told] = read(answer.text)
        assert (told["status"], told["title"], told["words"]) == (status, title, "Merged & <gone>.")
        assert (told["id"], told["days"].keys()) == (str(entry_id), {"since"})
        assert "Often" not in answer.text
        json = api.get("/api/v1/faqs/does-it-hurt").get_json()
        assert (json["reason"], json["at"], json["note"]) == (status, told["days"]["since"], told["words"])

    def test_what_was_replaced_leads_to_the_other(self, session, texts, api, form):
        other = texts["helps"].entry_id
        withdrawn(session, texts["hurts"], State.REPLACED, str(other))

        [told] = read(api.get(f"/api/v1/faqs/does-it-hurt/{form}").text)

        assert (told["status"], told["links"]["replacement"]) == (
            "replaced",
            f"{HOST}/api/v1/faqs/{other}/embed",
        )

    def test_another_sites_page_is_named_and_not_led_to(self, session, texts, api, form):
        withdrawn(session, texts["hurts"], State.REDIRECTED, "https://who.example/pain")

        answer = api.get(f"/api/v1/faqs/does-it-hurt/{form}")

        assert answer.status_code == 410
        [told] = read(answer.text)
        assert told["links"]["replacement"] == "https://who.example/pain"

    def test_what_never_was_is_told_in_words(self, api, form):
        answer = api.get(f"/api/v1/faqs/nothing/{form}")

        assert (answer.status_code, answer.mimetype) == (404, "text/html")
        [told] = read(answer.text)
        assert (told["status"], told["title"]) == ("not-found", "There is nothing here.")

    def test_a_parameter_that_does_not_fit_is_named(self, texts, api, form):
        asked = {"embed": "theme=pink", "embed/fragment": "level=9"}[form]

        answer = api.get(f"/api/v1/articles/clots/{form}?{asked}&fields=slug")

        assert answer.status_code == 422
        assert {one["pointer"] for one in answer.get_json()["errors"]} == {
            f"/{asked.partition('=')[0]}",
            "/fields",
        }

    def test_whoever_takes_no_html_is_told_so(self, texts, api, form):
        assert (
            api.get(f"/api/v1/articles/clots/{form}", headers={"Accept": "application/json"}).status_code
            == 406
        )

    def test_a_key_opens_what_it_grants_with_its_own_terms(self, session, api, form):
        version = a_live_article(session, audience=LICENSED)
        partner = partners.create(session, "A magazine", attribution="By the clinic.", refresh_within=5)
        granting.grant(session, partner.id, Reach(audiences=(LICENSED,)), by=ED, now=MAY_DAY)
        _, key = keys.make(session, partner.id, purpose="Its site.", by=ED)
        session.commit()

        barred = api.get(f"/api/v1/articles/clots/{form}")
        opened = api.get(f"/api/v1/articles/clots/{form}", headers={"Authorization": f"Bearer {key}"})

        assert barred.status_code == 404
        assert str(version.entry_id) not in barred.text
        [told] = read(opened.text)
        assert (told["status"], told["facts"]["source"]) == ("live", "By the clinic.")
        assert 'data-verso-refresh-within="18000"' in opened.text
        assert "private" in opened.headers["Cache-Control"]

    def test_its_source_is_a_link_only_where_readers_find_something(self, session, api, form):
        licensed, public = (
            a_live_article(session, slug=audience, audience=audience).entry_id
            for audience in (LICENSED, PUBLIC)
        )
        key = bearing(session, a_partner(session))

        closed, open_ = (
            api.get(f"/api/v1/articles/{one}/{form}", headers=key).text for one in (licensed, public)
        )

        assert "Source:" in closed
        assert f"/{licensed}/embed" not in closed
        assert f"/{public}/embed" in open_


class TestPage:
    def test_its_oembed_is_found_by_link_and_header(self, texts, api):
        answer = api.get("/api/v1/articles/clots/embed")

        for name, kind in (("json", "application/json+oembed"), ("xml", "text/xml+oembed")):
            there = f"{HOST}/api/v1/oembed?format={name}&url=http%3A%2F%2Flocalhost%3A8000%2Fapi%2Fv1%2Farticles%2F"
            assert (
                f'<{there}{texts["article"].entry_id}%2Fembed>; rel="alternate"; type="{kind}"'
                in (answer.headers["Link"])
            )
            assert f'<link rel="alternate" type="{kind}" href="{there.replace("&", "&amp;")}' in answer.text
        assert f'<link rel="canonical" href="{PAGE}">' in answer.text

    def test_its_links_lead_out_of_the_frame_and_its_anchors_do_not(self, texts, api):
        html = api.get("/api/v1/articles/clots/embed").text

        assert '<a target="_blank" href="https://who.example/"' in html
        assert f'<a href="#verso-{texts["article"].entry_id}-what-helps"' in html

    @pytest.mark.parametrize("theme", ["auto", "light", "dark"])
    def test_it_takes_a_theme(self, texts, api, theme):
        assert f'class="theme-{theme}"' in api.get(f"/api/v1/articles/clots/embed?theme={theme}").text


class TestFragment:
    def test_its_headings_stand_below_those_of_the_page(self, texts, api):
        for level in (1, 2, 4):
            html = api.get(f"/api/v1/articles/clots/embed/fragment?level={level}").text

            assert f'<h{level} class="verso-title">Clots in the leg</h{level}>' in html
            assert f'<h{level + 1} id="verso-' in html

    def test_two_on_one_page_have_no_anchor_in_common(self, session, texts, api):
        other = a_live_article(session, slug="other", body="## What helps\n\n[here](#what-helps)")

        html = api.get("/api/v1/articles/other/embed/fragment").text

        assert f'id="verso-{other.entry_id}-what-helps"' in html
        assert f'href="#verso-{other.entry_id}-what-helps"' in html

    def test_it_says_how_old_a_copy_may_be_and_what_then(self, texts, api):
        html = api.get("/api/v1/articles/clots/embed/fragment").text

        assert 'data-verso-refresh-within="259200"' in html
        assert 'data-verso-stale="This copy could not be refreshed in time' in html
        assert api.get("/api/v1/partner/terms").get_json()["refresh_within"] == 259200


class TestList:
    @pytest.mark.parametrize("form", ["", "/fragment"])
    def test_an_articles_questions_are_folded_up_in_order(self, texts, api, form):
        answer = api.get(f"/api/v1/embeds/faqs{form}?article=clots&sort=position")

        assert [one["title"] for one in read(answer.text)] == ["Does it hurt?", "Does it help?"]
        assert answer.text.count("<details") == answer.text.count("<summary>") == 2

    def test_a_topics_questions_are(self, texts, api):
        assert len(read(api.get("/api/v1/embeds/faqs/fragment?topic=veins").text)) == 2

    def test_of_none_it_says_so(self, api):
        [told] = read(api.get("/api/v1/embeds/faqs?tag=none").text)

        assert told["title"] == "There is nothing here."

    def test_what_was_struck_is_told_in_its_place(self, session, texts, api):
        at = api.get("/api/v1/sync/head").get_json()["sequence"]
        publishing.retract(session, texts["helps"].entry_id, [1], note="It does not.", by=ED)

        told = read(api.get(f"/api/v1/embeds/faqs/fragment?article=clots&sort=position&as_of={at}").text)

        assert [one["status"] for one in told] == ["live", "retracted"]
        assert (told[1]["title"], told[1]["words"]) == ("Retracted", "It does not.")

    def test_it_has_no_further_pages(self, texts, api):
        assert api.get("/api/v1/embeds/faqs?cursor=x").status_code == 422


class TestLayer:
    def test_it_keeps_embeds_as_it_keeps_json(self, texts, app):
        client = Client(in_front_of(app), Response)
        for path in ("articles/clots/embed", "articles/clots/embed/fragment", "embeds/faqs?article=clots"):
            made = client.get(f"/api/v1/{path}", headers={"Accept-Encoding": "gzip"})
            kept = client.get(f"/api/v1/{path}", headers={"Accept-Encoding": "gzip"})
            told = client.get(f"/api/v1/{path}", headers={"If-None-Match": made.headers["ETag"]})

            assert (made.status_code, made.headers["Content-Encoding"]) == (200, "gzip")
            assert "kept" in kept.headers["Server-Timing"]
            assert kept.data == made.data
            assert "frame-ancestors *" in kept.headers["Content-Security-Policy"]
            assert told.status_code == 304

        # By the app's own engine, so that the layer hears of it at once.
        with app.app_context(), Session(db.engine) as newsroom:
            publishing.withdraw(newsroom, texts["article"].entry_id, by=ED)
        assert client.get("/api/v1/articles/clots/embed").status_code == 410
