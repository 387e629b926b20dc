"""``python -m tests.support.papers.manual``: the man page, and the site (another folder than ``site/`` as argument);
with ``man`` as argument the man page alone."""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.support.papers.manual import commands, errors, screens
from tests.support.papers.manual.man_page import man_page
from tests.support.papers.manual.page import Page, write_site
from tui.json_schemas import OUTPUTS, schema

ROOT = Path(__file__).parents[4]
MAN_PAGE = ROOT / "docs" / "rolescope.1"
WRITTEN = ROOT / "docs" / "manual"
FIRST = "index"


def main() -> None:
    MAN_PAGE.write_text(man_page(), encoding="utf-8")
    if sys.argv[1:] == ["man"]:
        return
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "site"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in ("rooms.svg", "data.svg", "role.svg", "diagnosis.svg"):
        shutil.copy(ROOT / "docs" / name, folder)
    shown = asyncio.run(screens.pages(folder))
    pages = [*written(), *shown, *commands.pages(), *errors.pages(), *_schemas(folder)]
    write_site(pages, folder)
    print(f"{len(pages)} pages: {folder / 'index.html'}")


def written() -> list[Page]:
    """The pages that are written by hand, the first one first."""
    paths = sorted(WRITTEN.glob("*.md"), key=lambda path: (path.stem != FIRST, path.stem))
    texts = [(path.stem, path.read_text(encoding="utf-8")) for path in paths]
    return [Page(name, text.partition("\n")[0].removeprefix("# "), text) for name, text in texts]


def _schemas(folder: Path) -> Iterator[Page]:
    lines = [
        "# JSON",
        "",
        "The JSON Schemas of what is printed with `--json`; `rolescope schema NAME` prints them.",
        "",
    ]
    for name, (title, _) in OUTPUTS.items():
        (folder / f"{name}.schema.json").write_text(json.dumps(schema(name), indent=2), encoding="utf-8")
        lines.append(f"- [{name}]({name}.schema.json): {title}")
    yield Page("json", "JSON", "\n".join(lines))


if __name__ == "__main__":
    main()
