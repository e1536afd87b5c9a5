"""Settings: a laptop's defaults, and one clear sentence for what cannot be used."""

from pathlib import Path

import pytest

from content.types import OnReviewDue
from settings import ROOT, SETTINGS, SettingError, read


class TestRead:
    def test_it_has_a_default_for_every_setting(self):
        values = read({})

        assert values.keys() == {setting.name for setting in SETTINGS}
        assert (values["PORT"], values["VERSO_HOST"], values["VERSO_SEED"]) == (8000, "127.0.0.1", True)

    def test_it_takes_an_empty_value_for_none(self):
        assert read({"PORT": "", "VERSO_LOCALE": " "}) == read({})

    def test_it_keeps_the_database_in_the_folder_of_what_is_kept(self):
        assert read({})["DATABASE_URL"] == f"sqlite:///{ROOT}/var/verso.db"
        assert read({"VERSO_VAR": "/srv/verso"})["DATABASE_URL"] == "sqlite:////srv/verso/verso.db"

    @pytest.mark.parametrize(
        ("given", "read_as"),
        [
            ("postgresql://ed@db/verso", "postgresql+psycopg://ed@db/verso"),
            ("postgres://ed:a%40b@db:5433/verso", "postgresql+psycopg://ed:a%40b@db:5433/verso"),
            ("postgresql+psycopg:///verso?host=/run", "postgresql+psycopg:///verso?host=%2Frun"),
            ("sqlite:////srv/verso.db", "sqlite:////srv/verso.db"),
            ("sqlite:///here.db", f"sqlite:///{ROOT}/here.db"),
        ],
    )
    def test_it_reads_a_database_as_our_drivers_want_it(self, given, read_as):
        assert read({"DATABASE_URL": given})["DATABASE_URL"] == read_as

    def test_it_starts_a_relative_folder_at_the_project(self):
        assert read({"VERSO_VAR": "elsewhere"})["VERSO_VAR"] == ROOT / "elsewhere"
        assert read({"VERSO_VAR": "/srv"})["VERSO_VAR"] == Path("/srv")

    @pytest.mark.parametrize(
        ("given", "public"), [("", "http://localhost:81"), ("https://a.org/", "https://a.org")]
    )
    def test_it_reads_where_the_public_reaches_us(self, given, public):
        assert read({"PORT": "81", "VERSO_PUBLIC_URL": given})["VERSO_PUBLIC_URL"] == public

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("VERSO_MAX_AGE", "61"),
            ("VERSO_PURGE_URL", "ftp://cdn.example/"),
            ("VERSO_PURGE_URL", "https://ed:secret@cdn.example/"),
            ("VERSO_CDN_MAX_AGE", "0"),
            ("PORT", "0"),
            ("PORT", "65536"),
            ("PORT", "http"),
            ("PORT", "²"),
            ("VERSO_WORKERS", "0"),
            ("VERSO_SEED", "perhaps"),
            ("VERSO_LOCALE", "english please"),
            ("VERSO_LOCALE", "aaa-b"),
            ("VERSO_LOCALE", "en-a"),
            ("VERSO_TIME_ZONE", "Europe"),
            ("VERSO_TIME_ZONE", "Mars/Olympus"),
            ("VERSO_TIME_ZONE", "../../etc/passwd"),
            ("VERSO_PUBLIC_URL", "example.org"),
            ("VERSO_PUBLIC_URL", "https://["),
            ("VERSO_PUBLIC_URL", "https://example.org:65536"),
            ("VERSO_CANONICAL_URL", "https://[/{slug}"),
            ("VERSO_CANONICAL_URL", "https://example.org/{title}"),
            ("VERSO_CANONICAL_URL", "https://example.org/{slug"),
            ("VERSO_CANONICAL_URL", "https://example.org/slug}"),
            ("VERSO_CANONICAL_URL", "https://example.org/{{slug}}"),
            ("VERSO_CANONICAL_URL", "/articles/{slug}"),
            ("VERSO_ON_REVIEW_DUE", "article"),
            ("VERSO_ON_REVIEW_DUE", "article:shout"),
            ("VERSO_ON_REVIEW_DUE", "topic:flag"),
            ("VERSO_ON_REVIEW_DUE", "faq:flag,faq:hold"),
            ("DATABASE_URL", "mysql://db/verso"),
            ("DATABASE_URL", "postgresql://ed@db:many/verso"),
            ("DATABASE_URL", "sqlite://"),
            ("DATABASE_URL", "sqlite:///:memory:"),
            ("DATABASE_URL", "var/verso.db"),
        ],
    )
    def test_it_names_the_setting_that_cannot_be_used(self, name, value):
        with pytest.raises(SettingError, match=f"^{name} must be .+, not '.*'\\.$") as caught:
            read({name: value})

        assert caught.value.name == name

    def test_it_tells_no_secret(self):
        with pytest.raises(SettingError, match=r"^VERSO_SECRET_KEY must be at least 8 characters\.$"):
            read({"VERSO_SECRET_KEY": "letters"})
        with pytest.raises(SettingError, match=r", not 'postgresql://ed:\*\*\*@db:many/verso'\.$"):
            read({"DATABASE_URL": "postgresql://ed:a/b@db:many/verso"})

    @pytest.mark.parametrize(
        "address",
        [
            "localhost:6379",
            "http://localhost:6379",
            "redis:localhost",
            "redis://",
            "redis://localhost/first",
            "redis://localhost:port",
            "redis://localhost:70000/0",
            "redis://:secret@localhost/0?socket_patience=1",
            "rediss://localhost/0?ssl_cert_reqs=perhaps",
            "redis://localhost/0#first",
            "unix://",
        ],
    )
    def test_it_refuses_what_is_no_address_of_a_redis(self, address):
        told = r"^REDIS_URL must be redis://host:6379/0, rediss://… or unix:///path, [a-z ]+\.$"
        with pytest.raises(SettingError, match=told):
            read({"REDIS_URL": address})

    @pytest.mark.parametrize(
        "address",
        [
            "redis://localhost",
            "redis://ed:a%40b@localhost:6380/1",
            "rediss://redis.example/0?ssl_cert_reqs=required",
            "redis://[::1]:6379/0",
            "unix:///run/redis/redis-server.sock?db=1",
        ],
    )
    def test_it_reads_an_address_of_a_redis(self, address):
        assert read({"REDIS_URL": address})["REDIS_URL"] == address

    def test_it_reads_what_becomes_of_texts_whose_review_falls_due(self):
        read_as = read({"VERSO_ON_REVIEW_DUE": "article:withdraw, faq:banner"})["VERSO_ON_REVIEW_DUE"]

        assert read_as == {"article": OnReviewDue.WITHDRAW, "faq": OnReviewDue.BANNER}
        assert read({})["VERSO_ON_REVIEW_DUE"] == {}

    def test_it_writes_the_locale_in_its_one_form(self):
        assert read({"VERSO_LOCALE": "DE-ch"})["VERSO_LOCALE"] == "de-CH"
