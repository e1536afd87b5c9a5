"""Whether schema.org has the words of a JSON-LD document, by its own types in TypeScript: types, domains and ranges."""

import json
import re
import subprocess
from pathlib import Path

from tests.machine import node_path

PACKAGES = Path(__file__).parents[1] / "clients" / "node_modules"
STRICT = ["--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext", "--target", "es2022"]


def faults(documents, folder):
    """Return which of these documents, by name, say something that schema.org has no words for, and what."""
    (folder / "node_modules").symlink_to(PACKAGES)
    kinds = sorted({one["@type"] for one in documents.values()})
    lines = [f'import type {{ {", ".join(kinds)}, WithContext }} from "schema-dts";']
    names = list(documents)
    for place, one in enumerate(documents.values()):
        lines.append(f"export const v{place}: WithContext<{one['@type']}> = {json.dumps(one)};")
    (folder / "documents.ts").write_text("\n".join(lines))
    command = [node_path(), PACKAGES / "typescript/bin/tsc", *STRICT, "documents.ts"]
    done = subprocess.run(list(map(str, command)), cwd=folder, capture_output=True, text=True, check=False)
    found = re.findall(r"^documents\.ts\((\d+),\d+\): error (.*)$", done.stdout, re.MULTILINE)
    assert done.returncode == 0 or found, done.stdout + done.stderr
    return {names[int(line) - 2]: why for line, why in found}
