"""The script for other people's pages: how it is served, and how large it may be."""

import base64
import hashlib

import pytest

from api.embeds import script
from settings import ROOT

BUILT = ROOT / "api" / "static" / "built" / "embed.js"
LARGEST = 10_000  # bytes, not packed

pytestmark = pytest.mark.skipif(not BUILT.exists(), reason="the front-end files are not built")


class TestScript:
    def test_it_is_small_and_brings_nothing_of_others(self):
        body = BUILT.read_text()

        assert len(body.encode()) < LARGEST
        for word in ("innerHTML", "eval(", "Function(", "document.cookie", "http://", "document.write"):
            assert word not in body

    def test_it_is_had_at_an_address_that_stays(self, api):
        answer = api.get("/api/v1/embed.js")

        assert answer.data == BUILT.read_bytes()
        assert answer.mimetype == "text/javascript"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cache-Control"].startswith("public, max-age=3600")
        again = api.get("/api/v1/embed.js", headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304

    def test_each_build_has_its_own_for_ever(self, api):
        answer = api.get(script.built().address)

        assert answer.data == BUILT.read_bytes()
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        hashed = base64.b64encode(hashlib.sha384(answer.data).digest()).decode()
        assert script.built().integrity == f"sha384-{hashed}"

    def test_the_docs_tell_where_this_build_is_and_its_hash(self):
        told = (ROOT / "docs" / "embeds.md").read_text()

        assert f"/api/v1/embed/{script.built().build}.js" in told
        assert script.built().integrity in told

    def test_a_build_that_never_was_is_not_found(self, api):
        assert api.get("/api/v1/embed/0123456789abcdef.js").status_code == 404
