import pytest

from content.errors import Invalid
from content.reencoding import JPEG, PNG, WEBP, drawn_anew
from tests.drawings import a_bomb, a_drawing, a_moving_picture, a_photograph, opened

HTML = b"<script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def refusal(uploaded):
    with pytest.raises(Invalid) as refused:
        drawn_anew(uploaded, "/file")
    [fault] = refused.value.faults
    assert fault.pointer == "/file"
    return fault.detail


class TestDrawnAnew:
    def test_it_gives_a_few_widths_each_in_webp_and_in_what_all_can_read(self):
        drawn = drawn_anew(a_drawing(2000, 1000), "/file")

        assert [(one.type, one.width, one.height) for one in drawn] == [
            (WEBP, 480, 240),
            (JPEG, 480, 240),
            (WEBP, 960, 480),
            (JPEG, 960, 480),
            (WEBP, 1600, 800),
            (JPEG, 1600, 800),
        ]
        assert [opened(one.body).size for one in drawn] == [(one.width, one.height) for one in drawn]
        assert [opened(one.body).get_format_mimetype() for one in drawn] == [one.type for one in drawn]

    def test_it_enlarges_nothing(self):
        assert {one.width for one in drawn_anew(a_drawing(600, 20), "/file")} == {480, 600}
        assert {one.width for one in drawn_anew(a_drawing(2, 2), "/file")} == {2}

    @pytest.mark.parametrize(
        ("kind", "mode", "colour", "readable"),
        [
            ("JPEG", "RGB", (9, 99, 199), JPEG),
            ("JPEG", "CMYK", (9, 99, 199, 0), JPEG),
            ("PNG", "RGB", (9, 99, 199), PNG),
            ("PNG", "RGBA", (9, 99, 199, 100), PNG),
            ("WEBP", "RGB", (9, 99, 199), JPEG),
            ("WEBP", "RGBA", (9, 99, 199, 100), PNG),
            ("GIF", "RGB", (9, 99, 199), PNG),
        ],
    )
    def test_it_takes_what_cameras_and_drawing_programs_write(self, kind, mode, colour, readable):
        uploaded = a_drawing(50, 40, kind=kind, mode=mode, colour=colour)

        drawn = drawn_anew(uploaded, "/file")

        assert [one.type for one in drawn] == [WEBP, readable]
        clear = mode == "RGBA"
        assert [opened(one.body).has_transparency_data for one in drawn] == [clear, clear]

    def test_it_keeps_neither_place_nor_camera(self):
        uploaded = a_photograph()
        assert opened(uploaded).getexif().get_ifd(0x8825)

        for one in drawn_anew(uploaded, "/file"):
            told = opened(one.body)
            assert dict(told.getexif()) == {}
            assert not {"exif", "xmp", "icc_profile", "comment"} & set(told.info)
            assert b"A camera" not in one.body

    @pytest.mark.parametrize(
        ("orientation", "dark"), [(1, (1, 50)), (3, (98, 50)), (6, (30, 1)), (8, (30, 98))]
    )
    def test_it_turns_a_picture_upright(self, orientation, dark):
        drawn = drawn_anew(a_photograph(100, 60, orientation=orientation), "/file")[-1]

        upright = opened(drawn.body)
        bright = (upright.width - 1 - dark[0], upright.height - 1 - dark[1])
        assert upright.size == ((100, 60) if orientation in (1, 3) else (60, 100))
        assert upright.getpixel(dark)[1] < 70 < 110 < upright.getpixel(bright)[1]

    def test_it_takes_the_first_of_what_a_telephone_keeps_together(self):
        together = a_drawing(100, 60, kind="MPO", save_all=True, append_images=[opened(a_drawing(50, 30))])
        assert opened(together).n_frames == 2

        assert {(one.width, one.height) for one in drawn_anew(together, "/file")} == {(100, 60)}

    def test_it_takes_a_large_photograph(self):
        drawn = drawn_anew(a_drawing(7000, 5000), "/file")

        assert (drawn[-1].width, drawn[-1].height) == (1600, 1143)

    def test_it_gives_equal_bytes_for_equal_uploads(self):
        first, second = (drawn_anew(a_photograph(), "/file") for _ in range(2))

        assert first == second

    @pytest.mark.parametrize(
        "uploaded", [b"", b"words", HTML, SVG, b"%PDF-1.7", b"GIF89a" + HTML, b"BM" + bytes(100)]
    )
    def test_it_refuses_what_is_no_picture(self, uploaded):
        assert refusal(uploaded) == "is no JPEG, PNG, WebP or GIF picture"

    def test_it_takes_no_other_kind_of_picture(self):
        assert refusal(a_drawing(kind="BMP")) == "is no JPEG, PNG, WebP or GIF picture"
        assert refusal(a_drawing(kind="TIFF")) == "is no JPEG, PNG, WebP or GIF picture"

    @pytest.mark.parametrize("hidden", [HTML, SVG, b"PK\x03\x04"])
    def test_it_keeps_nothing_of_what_hides_behind_a_picture(self, hidden):
        drawn = drawn_anew(a_drawing(50, 50) + hidden, "/file")

        assert all(hidden not in one.body for one in drawn)

    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
    def test_it_refuses_what_is_cut_off(self, kind):
        whole = a_drawing(400, 300, kind=kind, colour=(9, 99, 199))

        assert refusal(whole[: len(whole) * 2 // 3]) in (
            "is cut off or damaged",
            "is no JPEG, PNG, WebP or GIF picture",
        )

    @pytest.mark.parametrize("size", [(30_000, 30_000), (12_000, 8_000), (8_000, 6_500)])
    def test_it_refuses_a_bomb_before_it_unpacks_it(self, size):
        assert refusal(a_bomb(*size)) == "has more than 50 million points"

    def test_it_refuses_what_is_too_long_for_a_rendition(self):
        assert refusal(a_bomb(20_000, 1)) == "is longer than 16383 points on one side"

    def test_it_refuses_what_moves(self):
        assert refusal(a_moving_picture()) == "moves, and only a still picture can be shown"
