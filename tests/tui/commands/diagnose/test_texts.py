"""``rolescope diagnose`` as a command: exit status, streams, input."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from diagnostics.diagnosis import Diagnosis
from diagnostics.failure import Failure
from iam.policy.evaluate_lines import answer_line
from tests.support.accounts import alder
from tests.support.texts.of_commands import DENIED, run
from tui.arguments.parser import build_parser


def run_process(*arguments: str, given: str | bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "tui.cli", "diagnose", *arguments],
        input=given.encode() if isinstance(given, str) else given,
        capture_output=True,
        timeout=120,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        check=False,
    )


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return alder.write(tmp_path_factory.mktemp("alder") / "alder.json", alder.snapshot())


def test_json_from_standard_input(snapshot: Path) -> None:
    done = run_process("--snapshot", str(snapshot), "--json", given=DENIED)
    document = json.loads(done.stdout)
    assert done.returncode == 0
    assert document["verdict"]["cause"] == "identity.no-action"
    assert document["fixes"][0]["verified"] is True


def test_json_has_the_plan_of_each_fix(snapshot: Path) -> None:
    document = json.loads(run("--snapshot", str(snapshot), "--json", DENIED).stdout)
    plans = [fix["plan"] for fix in document["fixes"]]
    made = next(plan for plan in plans if plan)
    assert made["calls"][0]["operation"] and made["calls"][0]["words"] and not made["needs_name"]
    assert {"gained", "lost"} <= made["effects"].keys() and made["in_use"] == []
    assert all(fix["plan"] or fix["no_plan"] for fix in document["fixes"])
    alone = json.loads(run("--offline", "--json", DENIED).stdout)
    assert not any("plan" in fix for fix in alone["fixes"])


def test_a_case_is_saved_and_evaluated_again(snapshot: Path, tmp_path: Path) -> None:
    case = tmp_path / "case.jsonl"
    done = run("--snapshot", str(snapshot), "--case", str(case), given=DENIED)
    assert done.returncode == 0 and b"rolescope evaluate" in done.stderr
    assert case.stat().st_mode & 0o777 == 0o600
    [answer] = [json.loads(answer_line(line)[0]) for line in case.read_text("utf-8").splitlines()]
    assert (answer["id"], answer["layers"]["identity"]) == ("now", "implicitDeny")
    assert run("--offline", "--case", str(case), given=DENIED).returncode == 2
    nothing = run("--snapshot", str(snapshot), "--case", str(case), given="An error occurred (Throttling)")
    assert nothing.returncode == 1 and b"no policy was evaluated" in nothing.stderr


def test_plain_text_has_no_escapes(snapshot: Path) -> None:
    done = run("--snapshot", str(snapshot), f"\x1b[31m{DENIED}\x1b[0m")
    assert done.returncode == 0
    assert b"\x1b" not in done.stdout
    assert b"identity.no-action (certain)" in done.stdout


def test_context_is_told_key_by_key(snapshot: Path) -> None:
    text = (
        f"User: {alder.session('vault')} is not authorized to perform: s3:GetObject on resource: "
        "arn:aws:s3:::alder-vault/k"
    )
    arguments = ("--snapshot", str(snapshot), "--json", text)
    assert json.loads(run(*arguments).stdout)["verdict"]["cause"] == "identity.condition-unknown"
    told = run(*arguments, "--context", "aws:SourceIp=198.51.100.7")
    assert json.loads(told.stdout)["verdict"]["cause"] == "identity.condition-unmet"


@pytest.mark.parametrize("given", ["", "   \n\t "])
def test_empty_input_is_wrong_usage(given: str) -> None:
    done = run("--offline", given=given)
    assert done.returncode == 2
    assert done.stderr.decode().startswith("There is nothing to explain")
    assert done.stdout == b""


def test_binary_input_is_unreadable() -> None:
    done = run_process("--offline", given=bytes(range(256)) * 40)
    assert done.returncode == 2
    assert "binary" in done.stderr.decode()


def test_a_context_without_a_value_is_wrong_usage() -> None:
    done = run("--offline", DENIED, "--context", "aws:SourceIp")
    assert done.returncode == 2
    assert b"KEY=VALUE" in done.stderr


def test_a_cause_that_cannot_be_told() -> None:
    assert (
        run(
            "--offline", "An error occurred (AccessDenied) when calling the PutObject operation: Access Denied"
        ).returncode
        == 1
    )
    assert run("--offline", DENIED).returncode == 0


def test_an_account_that_cannot_be_read(tmp_path: Path) -> None:
    done = run("--snapshot", str(tmp_path / "none.json"), DENIED)
    assert done.returncode == 3
    assert len(done.stderr.decode().strip().splitlines()) == 1


def test_five_megabytes_and_bytes_that_are_no_text() -> None:
    log = ("2026-11-24T10:00:00Z INFO nothing to see here, request served\n" * 80_000) + DENIED + "\n"
    done = run("--offline", "--json", given=log.encode() + b"\xff\xfe\x00")
    assert done.returncode == 0
    assert json.loads(done.stdout)["parsed"]["action"] == "dynamodb:Query"


def test_a_role_that_the_text_does_not_name(snapshot: Path) -> None:
    text = "The execution role you provide must allow AWS EventBridge Scheduler to assume the role."
    done = run("--snapshot", str(snapshot), "--json", "--role", "mail-scheduler", text)
    assert json.loads(done.stdout)["verdict"]["cause"] == "trust.condition-unmet"


def test_markdown_without_account_ids(snapshot: Path) -> None:
    done = run("--snapshot", str(snapshot), "--markdown", "--mask-accounts", DENIED)
    page = done.stdout.decode()
    assert page.startswith("# intake-ap")
    assert "\n\nidentity.no-action (certain)\n" in page
    assert alder.ID not in page


def test_json_without_account_ids(snapshot: Path) -> None:
    done = run("--snapshot", str(snapshot), "--json", "--mask-accounts", DENIED)
    text = done.stdout.decode()
    assert alder.ID not in text
    assert json.loads(text)["parsed"]["principal"] == "arn:aws:sts::ACCOUNT-1:assumed-role/intake-api/job"


MORE_THAN_A_PIPE = 100
"""So many answers do not fit into a pipe that nobody reads: the command is still at work when it is interrupted."""


def many(number: int) -> str:
    return "\n".join(DENIED.replace("Query", f"Query{each}") for each in range(number))


def test_ctrl_c_leaves_what_is_done(snapshot: Path) -> None:
    """Of many texts those that were explained are answered, the status tells that it was stopped, nothing breaks."""
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "tui.cli", "diagnose", "--snapshot", str(snapshot), "--markdown", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    ) as child:
        assert child.stdin is not None and child.stdout is not None and child.stderr is not None
        child.stdin.write(many(MORE_THAN_A_PIPE).encode())
        child.stdin.close()
        first = child.stdout.readline()  # it has begun to answer
        child.send_signal(signal.SIGINT)
        child.stdout.read()
        err = child.stderr.read().decode()
        assert child.wait(120) == 130
    assert first.startswith(b"# intake-ap")
    assert "Traceback" not in err
    assert "stopped after" in err and f"of {MORE_THAN_A_PIPE}" in err


def test_ctrl_c_leaves_a_whole_json_document(
    snapshot: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from diagnostics.diagnose import collect as real
    from tui.commands.diagnose import texts as diagnose

    asked: list[Failure] = []

    def collect(failure: Failure, *arguments: Any, **named: Any) -> Diagnosis:
        asked.append(failure)
        if len(asked) == 3:
            raise KeyboardInterrupt
        return real(failure, *arguments, **named)

    monkeypatch.setattr(diagnose, "collect", collect)
    arguments = build_parser().parse_args(["diagnose", "--snapshot", str(snapshot), "--json", many(5)])
    assert diagnose.run(arguments) == 130
    out, err = capsys.readouterr()
    assert len(json.loads(out)["more"]) == 1
    assert "stopped after 2 of 5" in err


def test_ctrl_c_before_anything_is_done(snapshot: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tui.cli import main

    def opened(*_: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr("tui.open_account.open_account", opened)
    assert main(["diagnose", "--snapshot", str(snapshot), DENIED]) == 130


def test_several_failures_are_one_document() -> None:
    other = DENIED.replace("Query", "PutItem")
    document = json.loads(run("--offline", "--json", given=f"{DENIED}\n{other}\n{DENIED}\n").stdout)
    assert document["parsed"]["action"] == "dynamodb:Query"
    assert document["count"] == 2
    assert [entry["parsed"]["action"] for entry in document["more"]] == ["dynamodb:PutItem"]


def test_a_denial_inside_binary_data_is_explained(snapshot: Path) -> None:
    given = bytes(range(256)) * 40 + b"\n" + DENIED.encode() + b"\n" + b"\x00" * 99
    done = run("--snapshot", str(snapshot), "--json", given=given)
    assert done.returncode == 0
    assert json.loads(done.stdout)["verdict"]["cause"] == "identity.no-action"


def test_many_denials_are_all_answered() -> None:
    given = "\n".join(DENIED.replace(alder.TABLE, f"{alder.TABLE}/index/i{number}") for number in range(8))
    document = json.loads(run("--offline", "--json", given=given).stdout)
    assert len(document["more"]) == 7


def test_a_forged_message_does_nothing_to_the_terminal(snapshot: Path) -> None:
    forged = DENIED.replace("intake-api/", "intake-api/[bold]\x1b]0;owned\x07\x1b[2J\u202e")
    for form in ([], ["--markdown"], ["--json"]):
        done = run("--snapshot", str(snapshot), *form, given=f"{forged} [/nope] $(reboot)")
        assert done.returncode == 0
        assert not set(done.stdout.decode()) & set("\x1b\x07\u202e")
        assert b"identity.no-action" in done.stdout


def test_two_reasons_for_one_call_are_two_answers(snapshot: Path) -> None:
    other = DENIED.replace(
        "because no identity-based policy allows the dynamodb:Query action",
        "with an explicit deny in a service control policy",
    )
    document = json.loads(run("--snapshot", str(snapshot), "--json", given=f"{DENIED}\n{other}").stdout)
    assert document["verdict"]["cause"] == "identity.no-action"
    assert [entry["verdict"]["cause"] for entry in document["more"]] == ["scp.explicit-deny"]


def test_a_broken_token_gets_a_word_of_its_own(snapshot: Path) -> None:
    refused = "Error: Could not assume role with OIDC: Not authorized to perform sts:AssumeRoleWithWebIdentity"
    token = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJodHRwczovL2dpdGxhYi5leGFtcGxl.c2ln"
    document = json.loads(run("--snapshot", str(snapshot), "--json", given=f"{refused}\n\n{token}\n").stdout)
    said = " ".join(f"{step['summary']} {step['evidence']}" for step in document["steps"])
    assert "cannot be decoded" in said
    assert token not in said
