"""Which pages are captured, and where the files that they ask for lie."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

# A name that RFC 2606 reserves, so that it can never be someone's host.
ORIGIN = "http://page.invalid"
_ID = re.compile(r"[a-z0-9][a-z0-9-]*")
_FIELDS = (3, 4)


class SourceError(ValueError):
    """The list of pages or the mirror cannot be used; the message says what to mend."""


@dataclass(frozen=True, slots=True)
class PageSource:
    """One page: its id and kind, its file, and the folder that is its site's root."""

    id: str
    kind: str
    path: Path
    root: Path

    @property
    def url(self) -> str:
        """The page's address below `ORIGIN`; an index page's is its folder's, with a slash.

        Sites link to their folders, so routers in scripts know no address that names the file.
        """
        place = self.path.relative_to(self.root).as_posix()
        folder, _, file = place.rpartition("/")
        if file == "index.html":
            place = f"{folder}/" if folder else ""
        return f"{ORIGIN}/{place}"

    @property
    def package(self) -> dict[str, str]:
        """The name, version and licence of the npm package that holds the page, if one does."""
        manifests = (folder / "package.json" for folder in self.path.parents)
        manifest = next((file for file in manifests if file.exists()), None)
        if manifest is None:
            return {}
        data = json.loads(manifest.read_text("utf-8"))
        given = {name: data.get(name) for name in ("name", "version", "license")}
        return {name: value for name, value in given.items() if isinstance(value, str)}


def read_list(path: Path) -> list[PageSource]:
    """Reads lines of `id kind path [root]`, `#` before comments.

    Paths are relative to the list's folder. `root` is the site's root, see `page_source`.

    Raises:
        SourceError: a line is not of that form, or its file is missing.
    """
    pages = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        words = line.split("#", 1)[0].split()
        if not words:
            continue
        if len(words) not in _FIELDS:
            raise SourceError(
                f"{path}:{number}: write 'id kind path [root]', not {line.strip()!r}."
            )
        name, kind, file, *root = words
        site = path.parent / root[0] if root else None
        pages.append(page_source(path.parent / file, kind=kind, name=name, root=site))
    return pages


def page_source(
    path: Path, kind: str = "page", name: str | None = None, root: Path | None = None
) -> PageSource:
    """Returns one page; its site's root is its npm package's folder, else its own folder.

    Raises:
        SourceError: there is no such file below the root, or the id is not lower case letters,
            digits and dashes.
    """
    file = path.resolve()
    if not file.is_file():
        raise SourceError(f"There is no file {path}.")
    chosen = name or re.sub(r"[^a-z0-9]+", "-", file.stem.lower()).strip("-")
    if not _ID.fullmatch(chosen):
        raise SourceError(f"The id {chosen!r} may hold lower case letters, digits and dashes.")
    if root is not None and not file.is_relative_to(root.resolve()):
        raise SourceError(f"{path} does not lie in its root {root}.")
    roots = (folder for folder in file.parents if (folder / "package.json").exists())
    return PageSource(chosen, kind, file, root.resolve() if root else next(roots, file.parent))


class Mirror:
    """Local files that stand for addresses elsewhere, by the longest prefix that fits."""

    def __init__(self, prefixes: Sequence[tuple[str, Path]] = ()) -> None:
        """Takes pairs of an address's beginning and the folder or file that stands for it."""
        self._prefixes = sorted(prefixes, key=lambda pair: -len(pair[0]))

    @classmethod
    def read(cls, path: Path) -> Mirror:
        """Reads a JSON object of prefix to path; paths are relative to its folder.

        Raises:
            SourceError: the file is not such an object.
        """
        data = json.loads(path.read_text("utf-8"))
        if not isinstance(data, dict):
            raise SourceError(f"{path} must hold a JSON object of address prefix to path.")
        return cls([(prefix, path.parent / str(target)) for prefix, target in data.items()])

    def find(self, url: str, root: Path) -> Path | None:
        """Returns the file that answers `url`, None when there is none; `root` is the site's."""
        if url.startswith(f"{ORIGIN}/"):
            return _file(root, urlsplit(url).path)
        for prefix, target in self._prefixes:
            if url.startswith(prefix):
                if target.is_file():
                    return target
                return _file(target, urlsplit(url[len(prefix) :]).path)
        return None


def _file(folder: Path, path: str) -> Path | None:
    """Returns the file at `path` within `folder`, none that lies outside of it."""
    found = (folder / unquote(path).lstrip("/")).resolve()
    if found.is_dir():
        found /= "index.html"
    inside = found.is_relative_to(folder.resolve())
    return found if inside and found.is_file() else None
