"""The manual: what it says of commands and errors is whole, and the man page is the present one."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.demo.failures import CONFLICTS, FAILURES
from tests.support.papers.manual import __main__ as manual
from tests.support.papers.manual.arguments import CommandUsage, program
from tests.support.papers.manual.commands import EXAMPLES, output
from tests.support.papers.manual.errors import meaning
from tests.support.papers.manual.man_page import man_page
from tests.support.papers.manual.screens import SHOWN

# Pages that are made, beside the written ones.
MADE = {"screens", "commands", "errors", "json"}


def test_every_command_has_an_example_which_is_one_of_that_command() -> None:
    assert {each.name for each in program().commands} == set(EXAMPLES)
    assert {name: arguments[0] for name, arguments in EXAMPLES.items()} == {name: name for name in EXAMPLES}


def test_an_example_shows_what_the_command_prints() -> None:
    assert output(("schema",))[0].startswith("diagnose")


@pytest.mark.parametrize("cause", sorted({each.cause for each in FAILURES} | {each.cause for each in CONFLICTS}))
def test_every_cause_has_a_meaning(cause: str) -> None:
    assert meaning(cause).endswith(".")


def test_the_links_of_the_written_pages_lead_somewhere() -> None:
    pages = manual.written()
    assert pages[0].name == "index"
    known = {each.name for each in pages} | MADE
    links = {link for each in pages for link in re.findall(r"\]\(([\w-]+)\.md", each.text)}
    assert links <= known


def test_screens_have_names_of_their_own() -> None:
    names = [each.name for each in SHOWN]
    assert len(names) == len(set(names))


def test_the_man_page_is_that_of_the_command_line() -> None:
    assert manual.MAN_PAGE.read_text("utf-8") == man_page(), "run: python -m tests.support.papers.manual man"


def test_the_man_page_has_every_command_and_option() -> None:
    text = man_page().replace(r"\-", "-")

    def words(command: CommandUsage) -> set[str]:
        inside = {word for each in command.commands for word in words(each)} if not command.name.count(" ") else set()
        return {each.words.split(",")[0].split(" ")[0] for each in command.arguments} | {command.name} | inside

    missing = [word for command in program().commands if command.name != "change" for word in words(command)]
    assert [word for word in missing if word not in text] == []


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is no Python package: the tests cannot install it")
def test_groff_reads_the_man_page_without_a_warning(tmp_path: Path) -> None:
    page = tmp_path / "rolescope.1"
    page.write_text(man_page(), "utf-8")
    done = subprocess.run(
        ["groff", "-man", "-Tutf8", "-ww", "-z", str(page)], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stderr == ""
