"""The signing key: one for all processes, for nobody else's eyes."""

from concurrent.futures import ThreadPoolExecutor
from stat import S_IMODE

from secret import secret_key


class TestSecretKey:
    def test_it_makes_a_key_once(self, tmp_path):
        first = secret_key(tmp_path / "var")

        assert len(first) >= 48
        assert secret_key(tmp_path / "var") == first
        assert secret_key(tmp_path / "other") != first

    def test_it_lets_only_its_owner_read_it(self, tmp_path):
        secret_key(tmp_path)

        assert S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600

    def test_it_gives_all_who_ask_at_once_the_same_key_and_leaves_no_draft(self, tmp_path):
        for trial in range(20):
            folder = tmp_path / str(trial)

            with ThreadPoolExecutor(8) as pool:
                keys = set(pool.map(secret_key, [folder] * 8))

            assert len(keys) == 1
            assert [path.name for path in folder.iterdir()] == ["secret"]
