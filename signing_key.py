"""The file with the private key that documents are signed with: made by a command, read at the start, never written."""

import os
from pathlib import Path

import click
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from flask import current_app
from flask.cli import with_appcontext

from content.signing import Key
from settings import SettingError, folder

NAME = "VERSO_SIGNING_KEY"


def read(path: str) -> Key | None:
    """Return the key in the file at `path`, None where none is named; raises SettingError."""
    if not path:
        return None
    try:
        private = load_pem_private_key(folder(path).read_bytes(), password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise SettingError(NAME, path, f"a file with a private key ({_why(error)})") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise SettingError(NAME, path, "a file with a private key of Ed25519")
    return Key(private)


def _why(error: Exception) -> str:
    # What a parser says of a secret file need not be shown.
    return error.strerror or "unreadable" if isinstance(error, OSError) else "PEM, without a password"


def make(path: Path) -> Key:
    """Make a key, and a file for it that only its owner may read; raises OSError."""
    return keep(path, Ed25519PrivateKey.generate())


def keep(path: Path, private: Ed25519PrivateKey) -> Key:
    """Make the file for a key (PKCS 8, PEM); raises OSError, as where there is one."""
    # Never over another key: what that one has signed could be signed by it no more.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        file.flush()
        os.fsync(file.fileno())
    return Key(private)


@click.command("signing-key")
@click.argument("path", type=click.Path(path_type=Path), required=False)
@with_appcontext
def command(path: Path | None) -> None:
    """Make a key to sign with, in the file PATH (signing-key.pem in VERSO_VAR unless told)."""
    chosen = path or Path(current_app.instance_path) / "signing-key.pem"
    try:
        made = make(chosen)
    except OSError as error:
        raise click.ClickException(f"cannot make {chosen}: {error.strerror}") from error
    click.echo(f"key {made.id} is in {chosen}; keep a copy of that file where nobody else looks.")
    click.echo(f"Set {NAME}={chosen} and start anew, then run `flask sign` for what is public already.")
