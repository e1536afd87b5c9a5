"""Pictures in a real browser: uploaded where they are used, saved, published, and read by their addresses."""

import httpx
import pytest

from tests import browser
from tests.drawings import a_drawing, a_photograph, opened
from tests.journeys import test_newsroom as newsroom

pytestmark = [pytest.mark.slow, browser.DROPPED]

app, site, chromium, visit = newsroom.app, newsroom.site, newsroom.chromium, newsroom.visit


@pytest.fixture
def foot():
    """A photograph that somebody chooses."""
    return {"name": "foot.jpg", "mimeType": "image/jpeg", "buffer": a_photograph(1000, 600)}


def save(page, number):
    page.get_by_role("button", name="Save").click()
    page.get_by_text(f"Saved as version {number}.").wait_for()


class TestAPicturesWay:
    def test_it_goes_from_a_telephone_to_the_readers(self, chromium, site, foot):
        with visit(chromium, site, viewport={"width": 1280, "height": 900}) as page:
            page.goto(f"{site}/admin/articles/new")
            page.get_by_label("Title", exact=True).first.fill("Walking and veins")
            aside = page.locator(".aside")
            aside.get_by_text("Upload a new one").click()
            aside.get_by_label("File").set_input_files(foot)
            aside.get_by_label("Alternative text").fill("A foot on a suitcase")
            aside.get_by_label("Credit").fill("The clinic")
            page.locator(".editor .cm-content").click()
            page.keyboard.type("Rest it so:")
            page.keyboard.press("Enter")
            page.keyboard.press("Enter")

            page.get_by_role("button", name="Picture", exact=True).click()
            dialog = page.get_by_role("dialog", name="A picture in the text")
            dialog.get_by_text("Upload a new one").click()
            drawn = {"name": "knee.png", "mimeType": "image/png", "buffer": a_drawing(kind="PNG")}
            dialog.get_by_label("File").set_input_files(drawn)
            dialog.get_by_role("button", name="Put it in").click()
            dialog.get_by_text("Alternative text is required, unless it is “only decorative”.").wait_for()
            dialog.get_by_label("Alternative text").fill("A knee")
            dialog.get_by_role("button", name="Put it in").dblclick()
            page.locator('#body-shown img[alt="A knee"]').wait_for()
            save(page, 1)
            assert page.locator(".aside img.picture").evaluate("image => image.naturalWidth") == 1000

            page.get_by_role("link", name="Publish").click()
            page.get_by_text("foot (image)").wait_for()
            page.get_by_label("Reason").fill("The desk is away.")
            page.get_by_role("button", name="Publish without a review").click()
            page.get_by_text("Version 1 is public.").wait_for()

        told = httpx.get(f"{site}/api/v1/articles/walking-and-veins").json()
        assert (told["image"]["alt"], told["image"]["credit"]) == ("A foot on a suitcase", "The clinic")
        read = httpx.get(site + told["image"]["url"])
        assert (read.headers["Content-Type"], opened(read.content).size) == ("image/jpeg", (1000, 600))
        assert dict(opened(read.content).getexif()) == {}
        assert 'alt="A knee" loading="lazy"' in told["body"]["html"]
        assert [one["alt"] for one in told["pictures"]] == ["A knee"]
        assert told["body"]["html"].count("<img") == 1

    def test_it_is_uploaded_without_a_script(self, chromium, site, foot):
        with visit(chromium, site, java_script_enabled=False) as page:
            page.goto(f"{site}/admin/images/new")
            page.get_by_label("Picture", exact=True).set_input_files(foot)
            page.get_by_label("Name", exact=True).fill("A foot")
            page.get_by_label("Alternative text").fill("A foot on a suitcase")
            save(page, 1)

            assert page.locator("img.picture").get_attribute("src").startswith("/admin/media/")
