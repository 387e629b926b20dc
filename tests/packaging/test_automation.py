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

from tui.arguments.parser import build_parser

ROOT = Path(__file__).parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())
HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]


def test_every_input_is_used_and_reaches_the_shell_as_a_variable() -> None:
    """An expression inside a script would be run by the shell, whatever it contains."""
    used = set(re.findall(r"inputs\.([\w-]+)", (ROOT / "action.yml").read_text()))
    assert used == set(ACTION["inputs"])
    assert [step["name"] for step in STEPS if "${{" in step.get("run", "")] == []


@pytest.mark.parametrize("name", ["install", "check"])
def test_a_step_is_a_script_of_bash(name: str) -> None:
    assert any(f".ci/action/{name}" in step.get("run", "") for step in STEPS)
    file = str(ROOT / ".ci" / "action" / name)
    assert subprocess.run(["bash", "-n", file], capture_output=True, check=False).stderr == b""


CALLS = """#!/bin/sh
echo "$@" >> "$CALLS"
exit "${FAILS:-0}"
"""


@pytest.fixture
def action(tmp_path: Path) -> Callable[..., tuple[int, list[list[str]], dict[str, str]]]:
    """Run the action's check where rolescope only takes notes: the status, the calls, and the outputs."""
    program, calls, outputs = tmp_path / "rolescope", tmp_path / "calls", tmp_path / "outputs"
    program.write_text(CALLS)
    program.chmod(0o755)
    (tmp_path / "a b.json").write_text("{}")
    (tmp_path / "t.yaml").write_text("tests: []")

    def run(**inputs: str) -> tuple[int, list[list[str]], dict[str, str]]:
        for each in (calls, outputs):
            each.write_text("")
        given = {"ROLESCOPE": str(program), "RUNNER_TEMP": str(tmp_path), "GITHUB_OUTPUT": str(outputs)}
        given |= {"CALLS": str(calls), "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"), "PATH": os.environ["PATH"]}
        script = str(ROOT / ".ci" / "action" / "check")
        done = subprocess.run(["bash", script], env={**given, **inputs}, cwd=tmp_path, capture_output=True, check=False)
        said = dict(line.split("=", 1) for line in outputs.read_text().splitlines())
        return done.returncode, [line.split() for line in calls.read_text().splitlines()], said

    return run


INPUTS: dict[str, dict[str, str]] = {
    "lint": {"LINT": "t.*", "KIND": "scp"},
    "plan": {"PLAN": "p.json", "TESTS": "t.yaml", "SARIF": "o.sarif", "ACCEPT": "a.toml", "SNAPSHOT": "s.json"},
    "offline": {"PLAN": "p.json", "OFFLINE": "true"},
    "tests": {"TESTS": "t.yaml", "SNAPSHOT": "s.json"},
    "review": {"REVIEW": "true", "FAIL_ON": "medium", "SARIF": "o.sarif"},
    "snapshot": {"SNAPSHOT": "s.json"},
}


@pytest.mark.parametrize("name", INPUTS)
def test_the_action_calls_the_command_as_it_is(name: str, action: Callable[..., Any]) -> None:
    status, calls, outputs = action(**INPUTS[name])
    assert status == 0 and calls and outputs["failed"] == "false"
    for call in calls:
        build_parser().parse_args(call)
    status, _, outputs = action(**INPUTS[name], FAILS="1")
    assert status == 1 and outputs["failed"] == "true"


def test_a_pattern_that_meets_no_file_fails(action: Callable[..., Any]) -> None:
    assert action(LINT="policies/**/*.none")[0] == 2


def test_an_old_python_is_refused_with_a_sentence(tmp_path: Path) -> None:
    old = tmp_path / "python"
    old.write_text('#!/bin/sh\ncase "$1" in -c) exit 1;; *) echo "Python 3.10.12";; esac\n')
    old.chmod(0o755)
    environment = {"PYTHON": str(old), "RUNNER_TEMP": str(tmp_path), "PLACE": str(ROOT), "PATH": os.environ["PATH"]}
    script = str(ROOT / ".ci" / "action" / "install")
    done = subprocess.run(["bash", script], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "needs Python 3.11 or newer; this is Python 3.10.12" in done.stdout


def test_the_gitlab_template_calls_commands_that_there_are() -> None:
    template: dict[str, Any] = yaml.safe_load((ROOT / "docs" / "gitlab-ci.yml").read_text())
    lines = [line for job in template.values() for line in job.get("script", ())]
    calls = [re.sub(r" (>|\|\|).*", "", line) for line in lines if line.startswith("rolescope ")]
    assert calls
    for call in calls:
        build_parser().parse_args(shlex.split(call.replace("$FAIL_ON", "high"))[1:])


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
        ("infra/iam/x/deploy.json", False),
        ("infra/iam/policies/x/deploy.json", True),
        ("deploy-policy.json", True),
        ("app.trust.json", True),
        ("iam/package-lock.json", False),
        ("package.json", False),
        ("policies/readme.md", False),
    ],
)
def test_which_files_are_policies(name: str, wanted: bool) -> None:
    assert (re.search(HOOKS[0]["files"], name) is not None) is wanted


# What a machine runs.

NOTES = """#!/bin/sh
echo "$*|${#HOME}|${#TMPDIR}|$TZ|${XDG_CACHE_HOME-}" >> "$NOTES"
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
    assert notes[1:] == [["--jobs 2 check test", *tested]]


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
