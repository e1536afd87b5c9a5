"""A machine with git, make and Python and nothing else: a folder of links to be the whole PATH."""

import shutil
import sys
from pathlib import Path

TOOLS = "sh make git uname cksum cat find sort rm mkdir dirname grep mktemp env".split()


def bare_path(folder: Path, *, python: str | None = sys.executable) -> Path:
    """Fill `folder` with the TOOLS, and with `python` as python3 where there is one; return it."""
    folder.mkdir(parents=True, exist_ok=True)
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found, f"{tool} is missing on this machine"
        (folder / tool).symlink_to(found)
    if python:
        # The executable behind a virtual environment's, as a machine would have it.
        (folder / "python3").symlink_to(Path(python).resolve())
    return folder
