"""The pages on the commands: each with an example, whose output is what it printed."""

from __future__ import annotations

import contextlib
import io
import json
import shlex
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

from diagnostics.json_versions import VERSIONS
from tests.support.demo.failures import FAILURES
from tests.support.papers.manual.arguments import Argument, CommandUsage, program
from tests.support.papers.manual.page import Page
from tui.cli import main

MOST_LINES = 32
DENIED = next(each for each in FAILURES if each.id == "F03").text
ROLE = "orders-api-lambda"
DENY = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:DeleteObject", "Resource": "*"}]}
WIDER = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::a/*"}],
}
REQUEST = {
    "principal": "arn:aws:iam::111122223333:role/app",
    "action": "s3:GetObject",
    "resource": "arn:aws:s3:::b/k",
    "identityPolicies": [
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::a/*"}]}
    ],
}
POLICY_TESTS = """tests:
  - name: the API reads its table
    principal: orders-api-lambda
    action: dynamodb:Query
    resource: arn:aws:dynamodb:us-east-1:111122223333:table/orders
    context: {aws:RequestedRegion: us-east-1}
    expect: allowed
  - name: it manages no identities
    principal: orders-api-lambda
    action: iam:*
    expect: denied
"""
PARTS: list[dict[str, Any]] = [
    {
        "schema": f"what-if/{VERSIONS['what-if']}",
        "change": "An SCP is attached at r-ab12.",
        "accounts": [account],
        "principals": [],
        "assuming": [],
        "unread": [],
        "paths": [],
        "shard": f"{number}/2",
    }
    for number, account in enumerate(("111122223333", "444455556666"), start=1)
]
TEMPLATE = {
    "Resources": {
        "Reports": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "RoleName": "reports",
                "AssumeRolePolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": "lambda.amazonaws.com"},
                            "Action": "sts:AssumeRole",
                        }
                    ],
                },
                "ManagedPolicyArns": [{"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/IAMFullAccess"}],
            },
        }
    }
}
# By command, the arguments of its example. FILES are there for them.
EXAMPLES: dict[str, tuple[str, ...]] = {
    "diagnose": ("diagnose", "--demo", DENIED),
    "evaluate": ("evaluate", "requests.jsonl"),
    "history": ("history", "invoice-render-lambda", "--demo"),
    "who-can": ("who-can", "dynamodb:Query", "--demo"),
    "merge": ("merge", "1.json", "2.json"),
    "review": ("review", "--rule", "trust", "--demo"),
    "use": ("use", "platform-operator", "--demo"),
    "right-size": ("right-size", ROLE, "--demo"),
    "lint": ("lint", "policy.json"),
    "check": ("check", "no-new-access", "policy.json", "wider.json"),
    "diff": ("diff", "before.json", "after.json"),
    "what-if": ("what-if", "--policy", "policy.json", "--at", "111122223333", "--kind", "scp", "--demo"),
    "snapshot": ("snapshot", "account.json", "--demo"),
    "create": ("create", "spec.json", "--demo"),
    "adopt": ("adopt", ROLE, "--demo"),
    "change": ("change", ROLE, "disable", "--demo"),
    "test": ("test", "tests.yaml", "--demo"),
    "plan-review": ("plan-review", "template.json", "--demo"),
    "roles": ("roles", "trust:lambda", "--demo"),
    "role": ("role", ROLE, "--demo"),
    "info": ("info", "--demo"),
    "permissions": ("permissions", "use", "--only", "--account", "111122223333"),
    "schema": ("schema",),
    "serve": ("serve", "--help"),
    "mcp": ("mcp", "--help"),
    "config": ("config",),
    "completion": ("completion", "bash"),
}


def pages() -> Iterator[Page]:
    tool = program()
    lines = ["# Commands", "", "Everything that a screen can do, a command can do too.", ""]
    lines += [f"- [{each.name}](command-{each.name}.md): {each.help}" for each in tool.commands]
    lines += ["", "## Which account", "", "These go with every command that reads one.", ""]
    lines += [*_table(tool.account), "", "## For all of them", "", *_table(_options(tool.arguments))]
    yield Page("commands", "\n".join(lines))
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder), one_demo(), _home(Path(folder)):
        _write_files()
        for command in tool.commands:
            yield Page(f"command-{command.name}", "\n".join(_page(command)))


def _page(command: CommandUsage) -> Iterator[str]:
    yield f"# rolescope {command.name}"
    yield from ("", command.description or f"{command.help[:1].upper()}{command.help[1:]}.", "")
    yield from ("```", command.usage, "```", "", *_table(command.arguments))
    for inside in command.commands:
        yield from ("", f"### {inside.name}", "", f"{inside.help[:1].upper()}{inside.help[1:]}.", "")
        yield from ("```", inside.usage, "```")
    if command.epilog:
        yield from ("", command.epilog)
    arguments = EXAMPLES[command.name]
    yield from ("", "## An example", "", "```", f"$ rolescope {shlex.join(arguments)}", "", *output(arguments), "```")


def output(arguments: Sequence[str], most: int = MOST_LINES) -> list[str]:
    """What the command prints, cut to what fits on a page."""
    printed = io.BytesIO()
    out = io.TextIOWrapper(printed, encoding="utf-8")
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()), contextlib.suppress(SystemExit):
        main(list(arguments))
    out.flush()
    lines = printed.getvalue().decode().rstrip("\n").split("\n")
    return lines if len(lines) <= most else [*lines[: most - 1], f"… ({len(lines)} lines)"]


def _options(arguments: Sequence[Argument]) -> list[Argument]:
    return [each for each in arguments if each.words != "COMMAND"]


def _table(arguments: Sequence[Argument]) -> Iterator[str]:
    if arguments:
        yield from ("| argument | meaning |", "| --- | --- |")
        for each in arguments:
            help = each.help.replace("|", "\\|")
            yield f"| `{each.words}` | {help} |"


@contextlib.contextmanager
def one_demo() -> Iterator[None]:
    """One demo account for all: each command opens a copy."""
    from iam.demo import open as demo
    from iam.demo.build import build

    world = build()

    def opened(*, as_user: str | None = None, region: str | None = None) -> object:
        return demo.reader(world.copy(), as_user=as_user, region=region)

    with patch("iam.demo.open.open_demo", opened):
        yield


@contextlib.contextmanager
def _home(folder: Path) -> Iterator[None]:
    """Paths of the machine stand in no page."""
    with (
        patch("tui.commands.config.configuration_path", lambda: Path("config.toml")),
        patch("tui.commands.info.configuration_path", lambda: Path("~/.config/rolescope/config.toml")),
        patch("tui.commands.info.log_path", lambda: Path("~/.local/state/rolescope/log/rolescope.log")),
        patch("iam.changes.journal.journal_directory", lambda: Path("~/.local/state/rolescope/journal")),
    ):
        yield


def _write_files() -> None:
    Path("policy.json").write_text(json.dumps(DENY))
    Path("wider.json").write_text(json.dumps(WIDER))
    Path("requests.jsonl").write_text(json.dumps({"id": 1, **REQUEST}) + "\n")
    Path("tests.yaml").write_text(POLICY_TESTS)
    Path("template.json").write_text(json.dumps(TEMPLATE))
    for part in PARTS:
        Path(f"{part['shard'][0]}.json").write_text(json.dumps(part))
    Path("spec.json").write_text("\n".join(output(("create", "--example", "lambda"))))
    for name, action in (("before", "s3:GetObject"), ("after", "s3:*")):
        Path(f"{name}.json").write_text(json.dumps(_snapshot(action)))


def _snapshot(action: str) -> dict[str, object]:
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    allow = {"Effect": "Allow", "Action": action, "Resource": "arn:aws:s3:::reports/*"}
    role = {
        "RoleName": "reports",
        "Arn": "arn:aws:iam::111122223333:role/reports",
        "RoleId": "AROAEXAMPLEEXAMPLE01",
        "CreateDate": "2026-01-01T00:00:00Z",
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
        "RolePolicyList": [{"PolicyName": "own", "PolicyDocument": {"Version": "2012-10-17", "Statement": [allow]}}],
        "AttachedManagedPolicies": [],
    }
    about = {"Version": 1, "Account": {"Id": "111122223333", "CapturedAt": "2026-11-20T09:00:00Z"}}
    return {"RoleDetailList": [role], "UserDetailList": [], "GroupDetailList": [], "Policies": [], "Rolescope": about}
