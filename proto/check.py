"""Checks the contract: buf's lint, breaking changes, and that gen/ is up to date.

Breaking changes are judged against `proto/released.pb`, the descriptor of the
last release; copy `gen/descriptor.pb` over it when releasing.
"""

from __future__ import annotations

import filecmp
import subprocess
import sys
import tempfile
from pathlib import Path

from generate import PROTO, ROOT, generate


def find_drift(fresh: Path, committed: Path) -> list[str]:
    """Returns the paths that differ between two generated trees."""

    def names(tree: Path) -> set[str]:
        return {
            p.relative_to(tree).as_posix()
            for p in tree.rglob("*")
            if p.is_file() and "__pycache__" not in p.parts
        }

    ours, theirs = names(fresh), names(committed)
    changed = {n for n in ours & theirs if not filecmp.cmp(fresh / n, committed / n, shallow=False)}
    return sorted((ours ^ theirs) | changed)


def main() -> int:
    buf = Path(sys.executable).parent / "buf"
    config = str(PROTO / "buf.yaml")
    with tempfile.TemporaryDirectory() as folder:
        fresh, build = Path(folder, "gen"), Path(folder, "build")
        generate(fresh, build)
        image = str(build / "structra.binpb")
        lint = subprocess.run([buf, "lint", image, "--config", config], check=False)  # noqa: S603
        released = f"{PROTO / 'released.pb'}#format=binpb"
        breaking = subprocess.run(  # noqa: S603
            [buf, "breaking", image, "--against", released, "--config", config], check=False
        )
        drift = find_drift(fresh, ROOT / "gen")
    for name in drift:
        print(f"gen/{name} is not what proto/ generates: run `make gen` and commit the result")
    return 1 if drift or lint.returncode or breaking.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
