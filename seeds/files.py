"""Files as they are given: what cannot be read whole is refused in one sentence that names it."""

import os
from pathlib import Path
from stat import S_ISREG

from seeds.errors import SeedError

LARGEST_FILE = 1_000_000


def file_name(path: Path) -> str:
    """Return the name of a file as it can be printed; bytes that are no UTF-8 stand as numbers."""
    return os.fsencode(path.name or str(path)).decode("utf-8", "backslashreplace")


def read_file(path: Path, refusal: type[SeedError]) -> bytes:
    """Return what is in the file at `path`; raises `refusal`, and never waits or reads without an end."""
    name = file_name(path)
    if name != (path.name or str(path)):
        raise refusal(name, "the file's name is not in UTF-8; give it another.")
    try:
        data = read_regular(path)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise refusal(name, f"the file cannot be read ({reason}).") from error
    if len(data) > LARGEST_FILE:
        raise refusal(name, f"the file is larger than {LARGEST_FILE:,} bytes.")
    return data


def read_regular(path: Path) -> bytes:
    """Return at most one byte more than a file may have; raises ValueError where `path` is no regular file."""
    # Opening a pipe would wait for its writer, so it is not opened.
    if not S_ISREG(path.stat().st_mode):
        raise ValueError("it is no regular file")
    with path.open("rb") as file:
        return file.read(LARGEST_FILE + 1)
