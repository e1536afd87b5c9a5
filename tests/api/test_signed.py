"""What callers carry for us comes back as it was, or not at all."""

import base64

import pytest

from api import signed
from api.signed import BadCursor

PAYLOAD, QUESTION, KEY = b"what is carried", b"what was asked", b"secret"


class TestRead:
    @pytest.mark.parametrize("payload", [b"", b"x", PAYLOAD, bytes(range(256))])
    def test_it_reads_what_was_written(self, payload):
        assert signed.read(signed.write(payload, QUESTION, KEY), QUESTION, KEY) == payload

    def test_it_refuses_every_other_text(self):
        text = signed.write(PAYLOAD, QUESTION, KEY)
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

        for place in range(len(raw)):
            changed = bytes([*raw[:place], raw[place] ^ 1, *raw[place + 1 :]])
            with pytest.raises(BadCursor):
                signed.read(base64.urlsafe_b64encode(changed).decode().rstrip("="), QUESTION, KEY)

    @pytest.mark.parametrize("text", ["", "A", "AAAA", "é", "\0", "A" * 22])
    def test_it_refuses_what_holds_no_signature(self, text):
        with pytest.raises(BadCursor):
            signed.read(text, QUESTION, KEY)

    @pytest.mark.parametrize("twist", ["{}=", "{} ", " {}", "{}\n", "{}A", "{}*"])
    def test_it_refuses_another_writing_of_the_same_bytes(self, twist):
        text = signed.write(PAYLOAD, QUESTION, KEY)

        with pytest.raises(BadCursor):
            signed.read(twist.format(text), QUESTION, KEY)

    def test_it_asks_for_the_key_and_the_question_it_was_made_with(self):
        text = signed.write(PAYLOAD, QUESTION, KEY)

        for question, key in ((b"other", KEY), (QUESTION, b"other"), (b"", KEY)):
            with pytest.raises(BadCursor):
                signed.read(text, question, key)

    def test_it_takes_no_end_of_a_payload_for_the_beginning_of_a_question(self):
        text = signed.write(b"one two", b"", KEY)
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        moved = base64.urlsafe_b64encode(raw[:4] + raw[-16:]).decode().rstrip("=")

        with pytest.raises(BadCursor):
            signed.read(moved, b"two", KEY)
