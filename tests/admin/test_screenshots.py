"""The newsroom's page of pictures is what `make screenshots` writes, and shows every page that the menu leads to."""

import struct
from dataclasses import fields
from uuid import UUID

import pytest
from bs4 import BeautifulSoup

from admin.roles import Role
from tests.newsroom_at_work import Scene
from tests.screenshots import FOLDER, PAGE, SIZE, shots, written

SHOTS = shots(Scene(**{field.name: str(UUID(int=0)) for field in fields(Scene)}))


def test_the_page_is_what_would_be_written():
    assert PAGE.read_text() == written(SHOTS)


@pytest.mark.parametrize("shot", SHOTS, ids=lambda shot: shot.name)
def test_each_picture_is_one_of_that_size(shot):
    picture = (FOLDER / f"{shot.name}.png").read_bytes()

    assert picture.startswith(b"\x89PNG")
    assert struct.unpack(">II", picture[16:24]) == (SIZE["width"], SIZE["height"])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_page_of_the_menu_is_there(signed_in):
    desk = BeautifulSoup(signed_in(Role.EDITOR, Role.ADMINISTRATOR).get("/admin/").text, "html.parser")

    menu = {link["href"] for link in desk.select("nav[aria-label=Newsroom] a")}

    # The lists of other types look like that of articles, and a moment's preview like a draft's.
    alike = {"/admin/faqs/", "/admin/authors/", "/admin/previews/"}
    assert menu - alike <= {shot.address.partition("?")[0] for shot in SHOTS}
