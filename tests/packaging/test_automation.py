"""The GitHub Action and the pre-commit hooks call the command as it is."""

from __future__ import annotations

import re
import shlex
import subprocess
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
