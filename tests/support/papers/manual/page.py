"""A page of the manual, and the pages as a static site: no script, nothing from elsewhere."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

_STYLE = """\
:root { color-scheme: light dark; --line: #8884; --faint: #8882; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; display: flex; }
nav { width: 15rem; flex: none; padding: 1rem; border-right: 1px solid var(--line); font-size: .9rem;
  height: 100vh; overflow: auto; position: sticky; top: 0; box-sizing: border-box; }
nav a { display: block; text-decoration: none; padding: .1rem .3rem; }
nav a.inside { padding-left: 1.2rem; }
nav a.here { background: var(--faint); font-weight: bold; }
main { padding: 1rem 2rem; max-width: 60rem; min-width: 0; }
pre, code { font: .85rem/1.35 ui-monospace, monospace; background: var(--faint); }
pre { padding: .6rem; overflow: auto; } pre code { background: none; }
table { border-collapse: collapse; } td, th { border-bottom: 1px solid var(--line); padding: .2rem .6rem;
  text-align: left; vertical-align: top; }
img { max-width: 100%; }
@media (max-width: 50rem) { body { display: block; } nav { width: auto; height: auto; position: static; } }
"""


@dataclass(frozen=True, slots=True)
class Page:
    """``text`` is Markdown; ``above`` is the name of the page under which this one is listed."""

    name: str
    title: str
    text: str
    above: str = ""


def write_site(pages: Sequence[Page], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "style.css").write_text(_STYLE, encoding="utf-8")
    for page in pages:
        (folder / f"{page.name}.html").write_text(_html(page, pages), encoding="utf-8")


def _html(page: Page, pages: Iterable[Page]) -> str:
    import markdown  # the tests hold the pages, and need no HTML

    body = markdown.markdown(page.text, extensions=["tables", "fenced_code", "toc"])
    # What is written as Markdown beside Markdown is read there too: its links lead to the page here.
    body = re.sub(r'href="([\w-]+)\.md(#[\w-]+)?"', r'href="\1.html\2"', body)
    return (
        f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(page.title)} · rolescope</title>\n"
        f'<link rel="stylesheet" href="style.css">\n<nav>\n{_menu(page, pages)}\n</nav>\n<main>\n{body}\n</main>\n'
    )


def _menu(here: Page, pages: Iterable[Page]) -> str:
    """The pages; of those below another only where one is there, or beside it."""
    opened = {here.name, here.above} - {""}
    lines = []
    for page in pages:
        if page.above and page.above not in opened:
            continue
        classes = " ".join(word for word, yes in (("inside", page.above), ("here", page is here)) if yes)
        lines.append(f'<a href="{page.name}.html" class="{classes}">{html.escape(page.title)}</a>')
    return "\n".join(lines)
