"""``python -m tests.support.papers.manual``: the man page, and the site (another folder than ``site/`` as argument);
with ``man`` as argument the man page alone."""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
from dataclasses import replace
from pathlib import Path

from tests.support.papers.manual import causes, commands, messages, rows, screens
from tests.support.papers.manual.man_page import man_page
from tests.support.papers.manual.page import Group, Page, build, write_sources
from tui.json_schemas import OUTPUTS, schema

ROOT = Path(__file__).parents[4]
MAN_PAGE = ROOT / "docs" / "rolescope.1"
WRITTEN = ROOT / "docs" / "manual"
FIRST = "index"
PICTURES = ("rooms.svg", "data.svg", "role.svg", "diagnosis.svg")
RECORDING = "demo.cast"
_PLAYED_BELOW = "## The first five minutes\n"
_PLAYER = f"""
```asciinema-player
{json.dumps({"file": RECORDING, "title": "rolescope --demo", "mkap_theme": "none", "cols": 110, "rows": 34})}
```
"""

TASKS = (
    *("explain-a-denial", "github-actions", "name-taken", "who-can", "new-role", "tighten-a-role", "saved-account"),
    "pull-request",
)
"""In the order in which people come to them."""
USING = (
    *("guide", "permissions", "privacy", "configuration", "terminal", "automation", "organization", "browser"),
    "assistants",
)
MADE_OF_ROWS = ("rules", "escalations", "programs", "words")


def main() -> None:
    MAN_PAGE.write_text(man_page(), encoding="utf-8")
    if sys.argv[1:] == ["man"]:
        return
    folder = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT / "site"
    sources = folder.with_name(f"{folder.name}-sources") / "pages"
    for each in (folder, sources.parent):
        shutil.rmtree(each, ignore_errors=True)
    sources.mkdir(parents=True)
    for name in (*PICTURES, RECORDING):
        shutil.copy(ROOT / "docs" / name, sources)
    shutil.copy(WRITTEN / "paste.js", sources)
    write_sources(menu(sources), sources)
    build(sources, folder)
    print(f"{len(list(folder.rglob('*.html')))} pages: python -m http.server --directory {folder}")


def menu(sources: Path) -> list[Page | Group]:
    """All pages, in the order of the menu; pictures and schemas go to the folder."""
    pages = {page.name: page for page in written()}
    errors = [page for name, page in pages.items() if name.startswith("errors/")]
    made = {page.name: page for page in rows.pages()}
    with commands.one_demo():
        messages_made = list(messages.pages(errors))
    first = pages[FIRST]
    assert _PLAYED_BELOW in first.text
    return [
        replace(first, text=first.text.replace(_PLAYED_BELOW, f"{_PLAYED_BELOW}{_PLAYER}")),
        Group("Tasks", [pages[f"tasks/{name}"] for name in TASKS]),
        Group("Error messages", messages_made),
        Group("Using it", [*(pages[name] for name in USING), pages["visual-language"]]),
        Group(
            "Reference",
            [
                Group("Commands", list(commands.pages())),
                Group("Screens", asyncio.run(screens.pages(sources))),
                *(made[name] for name in MADE_OF_ROWS),
                Group("Causes", list(causes.pages())),
                _schemas(sources),
            ],
        ),
    ]


def written() -> list[Page]:
    """The pages that are written by hand, the first one first."""
    paths = sorted(WRITTEN.rglob("*.md"), key=lambda path: (path.stem != FIRST, path))
    return [Page(str(path.relative_to(WRITTEN).with_suffix("")), path.read_text(encoding="utf-8")) for path in paths]


def _schemas(folder: Path) -> Page:
    lines = [
        "# JSON",
        "",
        "The JSON Schemas of what is printed with `--json`; `rolescope schema NAME` prints them.",
        "",
    ]
    for name, (title, _) in OUTPUTS.items():
        (folder / f"{name}.schema.json").write_text(json.dumps(schema(name), indent=2), encoding="utf-8")
        lines.append(f"- [{name}]({name}.schema.json): {title}")
    return Page("json", "\n".join((*lines, "")))


if __name__ == "__main__":
    main()
