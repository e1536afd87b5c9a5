"""The mutants of `mutants.md`: each is put into a copy of the project, where the test that it names must fail.

Run as `make mutants` or `python -m tests.mutants`; it takes some minutes on two processors.
"""

import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "tests" / "mutants.md"
LEFT_OUT = shutil.ignore_patterns(".*", "node_modules", "var", "__pycache__", "built", "docs")
WITHOUT = (
    "cacheprovider",
    "schemathesis",
    "anyio",
)  # to load what no mutant's test needs takes a sixth of its time
FAILED = 1  # what pytest ends with where tests failed, and not for a test that it did not find


@dataclass(frozen=True)
class Mutant:
    """One breakage: in `file`, `old` becomes `new`, and the test `caught_by` must fail."""

    rule: str
    file: str
    old: str
    new: str
    caught_by: str


def mutants() -> list[Mutant]:
    """Return the rows of the table, in its order."""
    rows = [line.strip("| ").split(" | ") for line in TABLE.read_text().splitlines() if line.startswith("| ")]
    return [Mutant(*(_told(cell) for cell in row)) for row in rows[1:]]


def _told(cell: str) -> str:
    return "" if cell == "(nothing)" else re.sub(r"^`(.*)`$", r"\1", cell)


def broken(mutant: Mutant) -> str:
    """Return the file's text with the mutant in it; raises SystemExit where the old text is not there exactly once."""
    text = (ROOT / mutant.file).read_text()
    if text.count(mutant.old) != 1:
        raise SystemExit(f"{mutant.file} does not hold exactly once: {mutant.old}")
    return text.replace(mutant.old, mutant.new)


def run(tree: Path, tests: list[str], patience: int = 300) -> int:
    """Run tests in a copy, for so many seconds at most; return what pytest ended with."""
    left_out = [piece for name in WITHOUT for piece in ("-p", f"no:{name}")]
    command = [sys.executable, "-B", "-m", "pytest", "-q", "-x", *left_out, *tests]
    return subprocess.run(command, cwd=tree, capture_output=True, timeout=patience, check=False).returncode


def survives(mutant: Mutant, trees: "Queue[Path]") -> bool:
    """Whether no test notices a mutant; its copy is whole again afterwards."""
    tree = trees.get()
    try:
        (tree / mutant.file).write_text(broken(mutant))
        return run(tree, [mutant.caught_by]) != FAILED
    finally:
        shutil.copyfile(ROOT / mutant.file, tree / mutant.file)
        trees.put(tree)


def main() -> int:
    """Put every mutant in, one after the other on each processor; return how many survived."""
    known = mutants()
    with TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count()) as pool:
        trees: Queue[Path] = Queue()
        for number in range(os.cpu_count() or 1):
            trees.put(Path(shutil.copytree(ROOT, Path(folder) / str(number), ignore=LEFT_OUT)))
        if run(ROOT, ["-n", "auto", *sorted({mutant.caught_by for mutant in known})], patience=1200):
            print("the tests named in tests/mutants.md fail without any mutant")
            return 1
        alive = 0
        outcomes = pool.map(lambda mutant: survives(mutant, trees), known)
        for mutant, survived in zip(known, outcomes, strict=True):
            word = "SURVIVED" if survived else "caught  "
            print(f"{word}  rule {mutant.rule}  {mutant.file}: {mutant.old}", flush=True)
            alive += survived
    return alive


if __name__ == "__main__":
    sys.exit(main())
