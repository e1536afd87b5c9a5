"""Every setting: its name, a laptop's default, and one line of meaning; nothing else can be configured."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from redis import ConnectionPool, RedisError
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from content import types
from content.errors import Invalid
from content.locales import canonical
from content.types import OnReviewDue

ROOT = Path(__file__).resolve().parent

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
CANONICAL_FIELDS = {"type", "locale", "slug"}
DATABASE_PASSWORD = re.compile(r"(?<=//)([^:@/]*):.*@")
REDIS = re.compile(r"(rediss?://[^\s/?#]+(/[0-9]*)?|unix://[^\s/?#]*/[^\s?#]+)(\?[^\s#]*)?")
SHORTEST_KEY = 8  # characters; a shorter one could be guessed, and sessions forged


class SettingError(ValueError):
    """A setting has a value that cannot be used; `name` says which. A secret is given as None, and not told."""

    def __init__(self, name: str, value: str | None, wanted: str) -> None:
        told = "" if value is None else f", not {value!r}"
        super().__init__(f"{name} must be {wanted}{told}.")
        self.name = name


@dataclass(frozen=True)
class Setting:
    """One setting; `read` turns its text into its value, or raises ValueError(what it wanted)."""

    name: str
    default: str
    meaning: str
    read: Callable[[str], object]
    secret: bool = False


def anything(text: str) -> str:
    return text


def port(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not 0 < int(text) < 65536:
        raise ValueError("a port from 1 to 65535")
    return int(text)


def whole(least: int, most: int) -> Callable[[str], int]:
    """Return the reader of a whole number within bounds."""

    def number(text: str) -> int:
        if not text.isascii() or not text.isdecimal() or not least <= int(text) <= most:
            raise ValueError(f"a whole number from {least} to {most}")
        return int(text)

    return number


def addresses(text: str) -> tuple[str, ...]:
    """Read IP addresses with commas between them, or none."""
    try:
        return tuple(str(ip_address(part.strip())) for part in text.split(",") if part.strip())
    except ValueError as error:
        raise ValueError("IP addresses with commas between them") from error


def switch(text: str) -> bool:
    values = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    if text.lower() not in values:
        raise ValueError("1 or 0")
    return values[text.lower()]


def folder(text: str) -> Path:
    """Read a folder's path; a relative one starts at the project's folder, wherever the command runs."""
    return ROOT / Path(text).expanduser()


def locale(text: str) -> str:
    try:
        return canonical(text)
    except Invalid as error:
        raise ValueError("a language tag such as en or de-CH (BCP 47)") from error


def time_zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    # The first also for a folder of zones, and for a path that leads out of where they are kept.
    except (ValueError, OSError, ZoneInfoNotFoundError) as error:
        raise ValueError("a time zone such as Europe/London (IANA)") from error


def key(text: str) -> str:
    """Read what sessions are signed with, or nothing."""
    if text and len(text) < SHORTEST_KEY:
        raise ValueError(f"at least {SHORTEST_KEY} characters")
    return text


def web_address(text: str) -> str:
    """Read an http(s) address without the slash at its end, or nothing."""
    if (text and not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", text)) or not _has_host(text):
        raise ValueError("an address that starts with http:// or https://")
    return text.rstrip("/")


def hook(text: str) -> str:
    """Read an http(s) address of any form to post to, without a name or password in it, or nothing."""
    if text and (not re.fullmatch(r"https?://[^\s#@]+", text) or not _has_host(text)):
        raise ValueError("an address that starts with http:// or https://, with no password in it")
    return text


def header(text: str) -> str:
    """Read a header as `Name: value`, or nothing."""
    if text and not re.fullmatch(r"[A-Za-z0-9-]+:\s*[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?", text):
        raise ValueError("a header such as `Authorization: Bearer …`")
    return text


def policies(text: str) -> dict[str, OnReviewDue]:
    """Read pairs such as `article:withdraw`, commas between them, each type at most once; or none."""
    pairs = [part.strip().partition(":") for part in text.split(",") if part.strip()]
    read = {name.strip(): value.strip() for name, _, value in pairs}
    reviewed = {known.name for known in types.everyone() if known.health}
    if len(read) < len(pairs) or set(read) - reviewed or set(read.values()) - set(OnReviewDue):
        told = " or ".join(sorted(reviewed))
        raise ValueError(f"pairs such as article:withdraw, of {told} and {', '.join(OnReviewDue)}")
    return {name: OnReviewDue(value) for name, value in read.items()}


def canonical_template(text: str) -> str:
    """Read an address with `{type}`, `{locale}` and `{slug}` in it, or nothing."""
    wrong = set(PLACEHOLDER.findall(text)) - CANONICAL_FIELDS or re.search("[{}]", PLACEHOLDER.sub("", text))
    if wrong or not _has_host(text) or (text and not text.startswith(("http://", "https://"))):
        raise ValueError("an address in which only {type}, {locale} and {slug} stand in braces")
    return text


def _has_host(address: str) -> bool:
    """Tell whether `address` is nothing, or has a host and no port that cannot be."""
    try:
        parts = urlsplit(address)
        return not address or (bool(parts.hostname) and parts.port != 0)
    except ValueError:
        return False


def redis_address(text: str) -> str:
    """Read a Redis's address, in any form that its client takes, or nothing."""
    wanted = ValueError("redis://host:6379/0, rediss://… or unix:///path, with the options of its client")
    if text and not REDIS.fullmatch(text):
        raise wanted
    try:
        if text:
            ConnectionPool.from_url(text).make_connection()  # it connects later
    except (ValueError, TypeError, RedisError) as error:  # of what is no port, no option, no value of one
        raise wanted from error
    return text


def database(text: str) -> str:
    """Read a database's address as SQLAlchemy wants it; a relative path starts at the project's folder."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError) as error:  # the latter for a port that is no number
        raise ValueError("sqlite:///path or postgresql://user@host/name") from error
    if url.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    # A database in memory would be a different one in each worker.
    if url.drivername != "sqlite" or url.database in (None, "", ":memory:"):
        raise ValueError("sqlite:///path or postgresql://user@host/name")
    return url.set(database=str(ROOT / str(url.database))).render_as_string(hide_password=False)


SETTINGS = (
    Setting("PORT", "8000", "The port to serve on.", port),
    Setting(
        "VERSO_HOST", "127.0.0.1", "The address to serve on; 0.0.0.0 is every one of this machine.", anything
    ),
    Setting("VERSO_WORKERS", "2", "How many processes serve.", whole(1, 64)),
    Setting(
        "VERSO_TRUST_MS",
        "100",
        "For how many milliseconds a process trusts what it read of the log's end; the same on all machines.",
        whole(0, 10_000),
    ),
    Setting(
        "VERSO_CACHE_MB",
        "64",
        "Megabytes of answers, and of what they are made of, that each process keeps.",
        whole(1, 65_536),
    ),
    Setting(
        "VERSO_AHEAD",
        "1",
        "Whether each process makes single texts before anybody asks for them, in a quarter of VERSO_CACHE_MB.",
        switch,
    ),
    Setting("VERSO_LIMITS", "1", "Whether reads are limited.", switch),
    Setting("VERSO_USAGE", "1", "Whether it is counted which versions partners are handed.", switch),
    Setting("VERSO_METRICS", "0", "Whether anybody may read at /metrics what a worker has counted.", switch),
    Setting(
        "VERSO_READ_LIMIT",
        "12000",
        "How many reads an address may ask for in a minute, of all processes together.",
        whole(1, 1_000_000_000),
    ),
    Setting(
        "REDIS_URL",
        "",
        "A Redis by which all workers, on all machines, count reads together; without it each counts its share.",
        redis_address,
        secret=True,
    ),
    Setting(
        "VERSO_TRUSTED_PROXIES",
        "",
        "Addresses of proxies whose X-Forwarded-For is believed, with commas between them.",
        addresses,
    ),
    Setting("VERSO_VAR", "var", "The folder of what this installation keeps: database and secret.", folder),
    Setting(
        "DATABASE_URL",
        "",
        "The database: postgresql://… or sqlite:///…; verso.db in VERSO_VAR unless set.",
        anything,
    ),
    Setting(
        "VERSO_SECRET_KEY",
        "",
        "What sessions are signed with; made once in VERSO_VAR unless set.",
        key,
        secret=True,
    ),
    Setting(
        "VERSO_SIGNING_KEY",
        "",
        "The file with the private key that documents are signed with, which `flask signing-key` makes; "
        "without it nothing is signed.",
        anything,
    ),
    Setting(
        "VERSO_MANIFEST_HOURS",
        "24",
        "For how many hours a manifest of what is public is to be taken for what is public.",
        whole(1, 8_784),
    ),
    Setting(
        "VERSO_ADMIN_EMAIL", "admin@verso.example", "Whom the first administrator signs in as.", anything
    ),
    Setting(
        "VERSO_ADMIN_PASSWORD",
        "",
        "The first administrator's password; made and shown once unless set.",
        anything,
        secret=True,
    ),
    Setting("VERSO_UPLOAD_MB", "12", "Megabytes that a picture may have that is uploaded.", whole(1, 100)),
    Setting("VERSO_SEED", "1", "Whether an empty database is given the texts in seeds/.", switch),
    Setting("VERSO_LOCALE", "en", "The language of what is written without one (BCP 47).", locale),
    Setting(
        "VERSO_TIME_ZONE",
        "UTC",
        "The zone (IANA) in which the newsroom shows and takes times, for all who chose none of their own.",
        time_zone,
    ),
    Setting(
        "VERSO_AUTOSAVE_DAYS",
        "90",
        "For how many days what was typed and not saved stays, if nobody comes back to it; 0 is for ever.",
        whole(0, 36_500),
    ),
    Setting(
        "VERSO_ON_REVIEW_DUE",
        "",
        "What becomes of texts when their review falls due, by type: flag, banner, hold or withdraw, such as "
        "article:withdraw,faq:banner; the same on all machines.",
        policies,
    ),
    Setting(
        "VERSO_PUBLIC_URL",
        "",
        "Where readers reach this server; http://localhost:PORT unless set.",
        web_address,
    ),
    Setting(
        "VERSO_ORGANISATION",
        "Verso",
        "Whose texts these are, as feeds and search engines are told.",
        anything,
    ),
    Setting(
        "VERSO_REFRESH_WITHIN",
        "72",
        "Hours within which whoever keeps a copy without a key fetches it anew; an embed shows no older one.",
        whole(1, 24 * 366),
    ),
    Setting(
        "VERSO_MAX_AGE",
        "60",
        "Seconds that browsers and caches may keep an answer at most.",
        whole(1, 60),
    ),
    Setting(
        "VERSO_PURGE_URL",
        "",
        "Where to post which groups of answers a CDN must purge; without it none keeps them longer than browsers.",
        hook,
    ),
    Setting(
        "VERSO_PURGE_HEADER",
        "",
        "A header that proves to that address who asks, such as Authorization: Bearer …",
        header,
        secret=True,
    ),
    Setting(
        "VERSO_CDN_MAX_AGE",
        "3600",
        "Seconds that a CDN may keep an answer where VERSO_PURGE_URL is set.",
        whole(1, 86_400),
    ),
    Setting(
        "VERSO_WEBSUB_HUB",
        "",
        "A WebSub hub that is told when a feed has changed, and that feeds name to their readers.",
        hook,
    ),
    Setting(
        "VERSO_CANONICAL_URL",
        "",
        "An entry's address on your own site, with {type}, {locale}, {slug}.",
        canonical_template,
    ),
)


def read(environment: Mapping[str, object]) -> dict[str, object]:
    """Read every setting from `environment`, with the defaults where it says nothing or "".

    Raises SettingError, naming the setting, for the first value that cannot be used.
    """
    values = {setting.name: _value(setting, environment) for setting in SETTINGS}
    values["DATABASE_URL"] = _database(values)
    values["VERSO_PUBLIC_URL"] = values["VERSO_PUBLIC_URL"] or f"http://localhost:{values['PORT']}"
    return values


def _value(setting: Setting, environment: Mapping[str, object]) -> object:
    text = str(environment.get(setting.name, "")).strip() or setting.default
    try:
        return setting.read(text)
    except ValueError as error:
        raise SettingError(setting.name, None if setting.secret else text, str(error)) from error


def _database(values: Mapping[str, object]) -> str:
    address = str(values["DATABASE_URL"]) or f"sqlite:///{values['VERSO_VAR']}/verso.db"
    try:
        return database(address)
    except ValueError as error:
        told = DATABASE_PASSWORD.sub(r"\1:***@", address)
        raise SettingError("DATABASE_URL", told, str(error)) from error


def make_folder(folder: Path, *, name: str) -> None:
    """Make the folder that the setting `name` asks for, where nobody else may look; raises SettingError."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingError(name, str(folder), f"a folder that can be made ({error.strerror})") from error
