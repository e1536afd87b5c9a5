"""The key that sessions are signed with: made once, shared by every worker; no restart signs anybody out."""

import os
import secrets
import tempfile
from pathlib import Path

from settings import SettingError, make_folder


def secret_key(folder: Path) -> str:
    """Return the key kept in `folder`/secret (mode 0600), made there first where there is none.

    Any number of processes may ask at once: all get the same key. Raises SettingError for a folder, VERSO_VAR,
    that cannot be made or used.
    """
    make_folder(folder, name="VERSO_VAR")
    path = folder / "secret"
    try:
        if not path.exists():
            _make(path)
        return path.read_text().strip()
    except OSError as error:
        raise SettingError(
            "VERSO_VAR", str(folder), f"a folder that can be used ({error.strerror})"
        ) from error


def _make(path: Path) -> None:
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".secret-")  # its mode is 0600
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
        # A link appears whole or not at all, and never over another process's key.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        Path(draft).unlink()
