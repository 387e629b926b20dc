"""A page of the manual, and the pages as the sources of the site, which mkdocs-material makes of them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

THEME: dict[str, Any] = {
    "site_name": "rolescope",
    "site_description": "Explains AccessDenied, explores IAM roles, checks changes, in a terminal.",
    "use_directory_urls": False,  # the pages open from a folder, too; search needs a server
    "theme": {
        "name": "material",
        "font": False,  # nothing is loaded from elsewhere
        "features": [
            *("navigation.tabs", "navigation.indexes", "navigation.top", "navigation.footer"),
            *("search.suggest", "search.highlight", "content.code.copy", "toc.follow"),
        ],
        "palette": [
            {"media": media, "scheme": scheme, "toggle": {"icon": icon, "name": name}}
            for media, scheme, icon, name in (
                ("(prefers-color-scheme)", "default", "material/brightness-auto", "Use the light colours"),
                ("(prefers-color-scheme: light)", "default", "material/brightness-7", "Use the dark colours"),
                ("(prefers-color-scheme: dark)", "slate", "material/brightness-4", "Use the system's colours"),
            )
        ],
    },
    "plugins": [
        "asciinema-player",
        {"search": {"separator": r"[\s\-,:!=\[\]()\"/'“”]+|(?!\b)(?=[A-Z][a-z])|\.(?!\d)"}},
    ],
    "extra_javascript": ["paste.js"],
    "markdown_extensions": ["tables", "toc", "attr_list", "admonition", "pymdownx.superfences", "pymdownx.highlight"],
    "validation": {"links": {"anchors": "warn"}},
}


@dataclass(frozen=True, slots=True)
class Page:
    """``name`` is its path without ``.md``; ``text`` is Markdown, which begins with the title."""

    name: str
    text: str

    @property
    def title(self) -> str:
        return self.text.partition("\n")[0].removeprefix("# ")


@dataclass(frozen=True, slots=True)
class Group:
    """An entry of the menu with the pages below it; the first opens it."""

    title: str
    pages: Sequence[Page | Group]


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return ["| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in line) + " |" for line in lines]


def write_sources(menu: Sequence[Page | Group], sources: Path) -> None:
    """Write the pages and, beside their folder, ``mkdocs.yml``."""
    for page in _pages(menu):
        path = sources / f"{page.name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page.text, encoding="utf-8")
    settings = {**THEME, "docs_dir": str(sources), "nav": [_entry(each) for each in menu]}
    (sources.parent / "mkdocs.yml").write_text(yaml.safe_dump(settings, sort_keys=False), encoding="utf-8")


def build(sources: Path, folder: Path) -> None:
    """Make the site. A link that leads nowhere is an error."""
    settings = str(sources.parent / "mkdocs.yml")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "-f", settings, "-d", str(folder)]
    # The warning is about a later version of mkdocs, which the extra `docs` excludes.
    subprocess.run(command, check=True, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"})


def _pages(menu: Iterable[Page | Group]) -> Iterable[Page]:
    for each in menu:
        if isinstance(each, Group):
            yield from _pages(each.pages)
        else:
            yield each


def _entry(each: Page | Group) -> Any:
    if isinstance(each, Page):
        return {each.title: f"{each.name}.md"}
    first, *others = each.pages
    opening: Any = f"{first.name}.md" if isinstance(first, Page) else _entry(first)
    return {each.title: [opening, *map(_entry, others)]}
