"""The pages on error messages: written by hand, each with what rolescope answers to its text alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from tests.support.papers.manual.commands import output
from tests.support.papers.manual.page import Page

FIRST = "messages"
_TEXT = re.compile(r"```\n(.*?)\n```", re.S)


def example(page: Page) -> str:
    """The text as a program prints it: the first block of the page."""
    found = _TEXT.search(page.text)
    assert found is not None, page.name
    return found[1]


def pages(written: Iterable[Page]) -> Iterator[Page]:
    """An index, then each page with the answer."""
    given = sorted(written, key=lambda page: page.title.casefold())
    links = [f"- [{each.title}]({each.name}.md)" for each in given]
    words = "Search for the sentence that you got, or choose it here."
    lines = ["# Error messages", "", words, "Each page has the causes, how to tell them apart, and the command.", ""]
    lines += [*links, ""]
    yield Page(FIRST, "\n".join(lines))
    for page in given:
        answer = output(("diagnose", "--offline", example(page)), most=40)
        alone = ("## What rolescope answers to the text alone", "", "```", *answer, "```", "")
        yield Page(page.name, "\n".join((page.text.rstrip(), "", *alone)))
