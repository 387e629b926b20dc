"""The manual: what it says of commands and errors is whole, and the man page is the present one."""

from __future__ import annotations

import posixpath
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from diagnostics.diagnose import collect_offline
from diagnostics.failure import OtherFailure
from diagnostics.review.escalation.ways import PASSING
from diagnostics.review.rules.table import RULES
from tests.support.demo.failures import CONFLICTS, FAILURES
from tests.support.papers.manual import __main__ as manual
from tests.support.papers.manual import messages, rows
from tests.support.papers.manual.arguments import CommandUsage, program
from tests.support.papers.manual.causes import meaning
from tests.support.papers.manual.commands import EXAMPLES, output
from tests.support.papers.manual.man_page import man_page
from tests.support.papers.manual.page import Page
from tests.support.papers.manual.screens import SHOWN
from tui.arguments.parser import build_parser
from tui.commands.diagnose.texts import read_failures

# Pages that are made, beside the written ones.
MADE = {"screens", "commands", "causes", "json", "messages", *manual.MADE_OF_ROWS}
LINK = re.compile(r"\]\(([\w./-]+)\.md(?:#[\w-]+)?\)")
BLOCK = re.compile(r"^ *```\n(.*?)^ *```$", re.S | re.M)


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
    links = {
        (each.name, posixpath.normpath(posixpath.join(posixpath.dirname(each.name), link)))
        for each in pages
        for link in LINK.findall(each.text)
    }
    assert [(page, link) for page, link in sorted(links) if link not in known] == []


def test_every_written_page_is_in_the_menu() -> None:
    named = {"index", "visual-language", *manual.USING, *(f"tasks/{name}" for name in manual.TASKS)}
    assert {each.name for each in manual.written() if not each.name.startswith("errors/")} == named


ERRORS = [each for each in manual.written() if each.name.startswith("errors/")]


def test_there_is_a_page_for_each_of_many_messages_and_no_two_have_one_title() -> None:
    assert len(ERRORS) >= 25
    assert len({each.title for each in ERRORS}) == len(ERRORS)


@pytest.mark.parametrize("page", ERRORS, ids=lambda page: page.name)
def test_a_page_of_a_message_has_causes_a_command_and_pages_of_aws(page: Page) -> None:
    assert re.search(r"^\| .*(cause|quota).* \|", page.text, re.M)
    assert "https://docs.aws.amazon.com/" in page.text
    assert any("rolescope" in block for block in BLOCK.findall(page.text))
    failures, _ = read_failures(messages.example(page))
    assert [each for each in failures if isinstance(each, OtherFailure) and each.detail == "unrecognized"] == []
    assert collect_offline(failures[0], {}).verdict.summary


def _commands() -> Iterator[tuple[str, str]]:
    for page in [*manual.written(), Page("README", (manual.ROOT / "README.md").read_text("utf-8"))]:
        for block in BLOCK.findall(page.text):
            for line in block.splitlines():
                for part in line.split("&&"):
                    if part.strip().startswith("rolescope ") and "$" not in part:
                        yield page.name, part.strip()


def test_every_command_that_a_page_shows_is_one() -> None:
    wrong = []
    for page, line in _commands():
        words = shlex.split(line.replace(" …", ""), comments=True)[1:]
        words = words[: next((at for at, word in enumerate(words) if word in ("<", ">", "|")), None)]
        given = words[: words.index("--exec") + 1] if "--exec" in words else words
        try:
            build_parser(given).parse_args(given)
        except SystemExit as ended:
            wrong += [f"{page}: {line}"] if ended.code else []
    assert wrong == []


def test_rows_are_pages() -> None:
    made = {page.name: page.text for page in rows.pages()}
    assert set(made) == set(manual.MADE_OF_ROWS)
    assert all(f"## {rule}" in made["rules"] for rule in RULES)
    assert all(way.actions[0] in made["escalations"] for way in PASSING)


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


# The image that CI runs in may lack groff, and nothing that pip installs replaces it.
@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not installed")
def test_groff_reads_the_man_page_without_a_warning(tmp_path: Path) -> None:
    page = tmp_path / "rolescope.1"
    page.write_text(man_page(), "utf-8")
    done = subprocess.run(
        ["groff", "-man", "-Tutf8", "-ww", "-z", str(page)], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stderr == ""
