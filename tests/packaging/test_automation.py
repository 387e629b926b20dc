"""The GitHub Action and the pre-commit hooks call the command as it is."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tui.cli import build_parser

ROOT = Path(__file__).parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())
HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]


def test_every_input_is_used_and_reaches_the_shell_as_a_variable() -> None:
    """An expression inside a script would be run by the shell, whatever it contains."""
    used = set(re.findall(r"inputs\.([\w-]+)", (ROOT / "action.yml").read_text()))
    assert used == set(ACTION["inputs"])
    assert [step["name"] for step in STEPS if "${{" in step["run"]] == []


@pytest.mark.parametrize("step", STEPS, ids=lambda step: str(step["name"]))
def test_a_step_is_a_script_of_bash(step: dict[str, Any]) -> None:
    assert subprocess.run(["bash", "-n", "-c", step["run"]], capture_output=True, check=False).stderr == b""


def test_the_options_of_the_action_are_those_of_the_command() -> None:
    build_parser().parse_args(["review", "--fail-on", "high", "--snapshot", "x", "--accept", "y", "--format", "sarif"])
    build_parser().parse_args(["lint", "--kind", "scp", "--", "a.json", "b c.json"])
    assert ACTION["inputs"]["fail-on"]["default"] == "high"


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: str(hook["id"]))
def test_a_hook_calls_a_command_that_there_is(hook: dict[str, Any]) -> None:
    calls = re.findall(r"rolescope ([\w -]+)", hook["entry"])
    assert calls
    for call in calls:
        build_parser().parse_args([*shlex.split(call), "file.json"])


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("policies/a.json", True),
        ("infra/iam/x/deploy.json", True),
        ("deploy-policy.json", True),
        ("package.json", False),
        ("policies/readme.md", False),
    ],
)
def test_which_files_are_policies(name: str, wanted: bool) -> None:
    assert (re.search(HOOKS[0]["files"], name) is not None) is wanted


# What a machine runs.

NOTES = """#!/bin/sh
echo "$1|${#HOME}|${#TMPDIR}|$TZ|${XDG_CACHE_HOME-}" >> "$NOTES"
: > "$HOME/left"
exit "${FAILS:-0}"
"""


@pytest.fixture
def ci(tmp_path: Path) -> Callable[..., tuple[int, str, list[list[str]]]]:
    """Run .ci/run in a checkout where make only takes notes: the status, what was printed, and the notes."""
    checkout, programs, parent = tmp_path / "checkout", tmp_path / "bin", tmp_path / "p"
    for folder in (checkout / ".ci", programs, parent):
        folder.mkdir(parents=True)
    (checkout / ".ci" / "run").write_bytes((ROOT / ".ci" / "run").read_bytes())
    (programs / "make").write_text(NOTES)
    (programs / "make").chmod(0o755)
    notes = tmp_path / "notes"

    def run(**variables: str) -> tuple[int, str, list[list[str]]]:
        notes.write_text("")
        environment = {
            "PATH": f"{programs}:{os.environ['PATH']}",
            "HOME": str(tmp_path),
            "TMPDIR": str(parent),
            "NOTES": str(notes),
            "XDG_CACHE_HOME": "cache",
        }
        done = subprocess.run(
            ["bash", str(checkout / ".ci" / "run")],
            env={**environment, **variables},
            capture_output=True,
            text=True,
            check=False,
        )
        assert not list(parent.iterdir()), "a folder is left"
        return done.returncode, done.stdout, [line.split("|") for line in notes.read_text().splitlines()]

    return run


def test_the_checks_run_with_paths_of_the_length_that_is_asked_for(tmp_path: Path, ci: Callable[..., Any]) -> None:
    shortest = len(str(tmp_path / "p")) + 1
    status, printed, notes = ci(TMP_LENGTH=str(shortest + 40), HOME_LENGTH=str(shortest + 7), TZ="Asia/Tokyo")
    assert status == 0
    assert printed == f"TMP_LENGTH={shortest + 40} HOME_LENGTH={shortest + 7} TZ=Asia/Tokyo .ci/run\n"
    assert notes[0] == ["ready", str(len(str(tmp_path))), str(shortest - 1), "Asia/Tokyo", "cache"]
    tested = [str(shortest + 7), str(shortest + 40), "Asia/Tokyo", ""]
    assert notes[1:] == [["check", *tested], ["test", *tested]]


def test_a_path_is_never_shorter_than_its_parent_allows(tmp_path: Path, ci: Callable[..., Any]) -> None:
    notes = ci(TMP_LENGTH="1", HOME_LENGTH="1")[2]
    assert {note[1] for note in notes[1:]} == {note[2] for note in notes[1:]} == {str(len(str(tmp_path / "p")) + 4)}


def test_the_line_that_is_printed_repeats_the_run(ci: Callable[..., Any]) -> None:
    _, printed, notes = ci()
    assigned = dict(word.split("=") for word in printed.split()[:-1])
    assert (ci(**assigned)[1:]) == (printed, notes)


def test_a_failure_is_its_status_and_ends_the_run(ci: Callable[..., Any]) -> None:
    status, _, notes = ci(FAILS="2")
    assert status == 2 and [note[0] for note in notes] == ["ready"]
