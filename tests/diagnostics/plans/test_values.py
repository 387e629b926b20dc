"""Fixes, verdicts and conflicts are values: nothing is printed in order to be read again."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from diagnostics.already_exists.kinds import EntityKind
from diagnostics.already_exists.wanted import find_wanted
from diagnostics.commands import Untypable
from diagnostics.diagnose import collect
from diagnostics.diagnosis import Confidence, Status, Step, Verdict
from diagnostics.failure import Conflict, Denial
from diagnostics.fix import Calls, Note, ShellCommand, calls_or_note, iam_call, place_called, to_complete
from diagnostics.plans.conflict import conflict_of
from diagnostics.report import to_json
from iam.creation.plan import create_role
from iam.creation.spec import RoleSpec
from iam.policy.document import Document
from iam.sources.aws.reader import AwsReader
from iam.sources.reader.opened import OpenedAccount
from screens.diagnose.results import deciding_step
from tests.support.accounts.conflict_memory import account as empty_account
from tests.support.demo.failures import CONFLICTS

ROOT = Path(__file__).parents[3]
READER_OF_SHELL_LINES = "diagnostics.already_exists.wanted.cli"


@cache
def imports() -> frozenset[tuple[str, str]]:
    """What the modules import that make plans, or name the reader of shell lines."""
    return frozenset(_imports())


def _imports() -> Iterator[tuple[str, str]]:
    for room in ("iam", "diagnostics", "screens", "tui"):
        for path in (ROOT / room).rglob("*.py"):
            module, text = ".".join(path.relative_to(ROOT).with_suffix("").parts), path.read_text()
            asked = module.startswith("diagnostics.plans") or READER_OF_SHELL_LINES.rpartition(".")[2] in text
            for node in ast.walk(ast.parse(text)) if asked else ():
                if isinstance(node, ast.ImportFrom) and node.module:
                    yield module, node.module
                    yield from ((module, f"{node.module}.{name.name}") for name in node.names)
                elif isinstance(node, ast.Import):
                    yield from ((module, name.name) for name in node.names)


def test_shell_lines_are_read_in_pastes_alone() -> None:
    callers = {module for module, imported in imports() if imported == READER_OF_SHELL_LINES}
    assert callers == {"diagnostics.already_exists.wanted.__init__"}


def test_plans_are_made_from_values() -> None:
    read = {imported for module, imported in imports() if module.startswith("diagnostics.plans")}
    assert not read & {"shlex", "diagnostics.text.read.parse", "diagnostics.commands"}
    assert ("diagnostics.plans.fix", "re") not in imports()


def test_the_advice_is_the_first_word_of_the_title(demo_reader: AwsReader) -> None:
    account = list(demo_reader.accounts())[-1]
    for each in CONFLICTS:
        conflict = Conflict(each.text, "EntityAlreadyExists")
        for fix in collect(conflict, OpenedAccount(account, demo_reader)).fixes:
            assert fix.advice is not None
            assert fix.title.split()[0].rstrip(":;,") == fix.advice


def test_calls_are_shown_as_commands() -> None:
    tag = iam_call("TagRole", RoleName="a b", Tags={"k": "v", "l": "w"})
    odd = iam_call("TagRole", RoleName="-x", Tags={"k": "a,b"})
    made = iam_call("CreateOpenIDConnectProvider", Url="https://x.test", ClientIDList=("a", "b"))
    default = iam_call("CreatePolicyVersion", PolicyArn="p", PolicyDocument="{}", SetAsDefault=True)
    change = Calls("x", (tag, odd, made, default), besides="terraform import a b", remark="or c")
    assert change.text.splitlines() == [
        "terraform import a b",
        "aws iam tag-role --role-name 'a b' --tags Key=k,Value=v Key=l,Value=w",
        """aws iam tag-role --role-name=-x --tags '[{"Key":"k","Value":"a,b"}]'""",
        "aws iam create-open-id-connect-provider --url https://x.test --client-id-list a b",
        "aws iam create-policy-version --policy-arn p --policy-document '{}' --set-as-default",
        "# or c",
    ]
    assert isinstance(to_complete("x", "ROLE", iam_call("DeleteRole", RoleName="ROLE")), ShellCommand)


@pytest.mark.parametrize("value", ["a\u202eb", "a\nb"])
def test_what_cannot_be_pasted_is_never_offered(value: str) -> None:
    call = iam_call("DeleteRole", RoleName=value)
    with pytest.raises(Untypable):
        Calls("x", (call,))
    assert calls_or_note("x", call) == Note("x")
    assert calls_or_note("x", iam_call("TagRole", RoleName="r", Tags={"k": value})).text.isprintable()


def test_a_place_is_told_by_its_arn() -> None:
    ours, aws, other = (f"arn:aws:iam::{each}:policy/p" for each in ("111122223333", "aws", "o"))
    assert [type(place_called(each)).__name__ for each in (ours, aws, other, "the policy")] == [
        "ManagedPlace",
        "OtherPlace",
        "OtherPlace",
        "OtherPlace",
    ]


def test_each_unread_layer_is_found_and_told() -> None:
    unknown = [Step(word, word, Status.UNKNOWN, "") for word in ("scp", "boundary", "resource")]
    summary = "the resource-based policy or service control policy cannot be read from here and may be the cause."
    verdict = Verdict("unreadable", Confidence.UNKNOWN, summary, unread=("resource", "scp"))
    assert deciding_step(unknown, verdict) == 2
    assert deciding_step(unknown[:2], verdict) == 0
    assert deciding_step(unknown, Verdict("unreadable", Confidence.UNKNOWN, summary)) == 0


def test_the_report_lists_what_could_not_be_read(demo_reader: AwsReader) -> None:
    account = list(demo_reader.accounts())[-1]
    denial = Denial(
        "",
        principal="arn:aws:iam::999988887777:user/jo",
        action="sqs:SendMessage",
        resource="arn:aws:sqs:eu-west-1:444455556666:far",
    )
    diagnosis = collect(denial, OpenedAccount(account, demo_reader))
    assert set(diagnosis.verdict.unread) >= {"identity", "resource"}
    assert to_json(diagnosis)["verdict"]["unread"] == list(diagnosis.verdict.unread)


TRUST = Document.from_value(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}],
    }
)


def test_a_plan_hands_on_what_it_was_to_create() -> None:
    spec = RoleSpec(
        "a=role",
        TRUST,
        path="/app/",
        attached=("arn:aws:iam::aws:policy/ReadOnlyAccess",),
        description="two lines, 'quoted'",
        tags={"k": "a = b"},
        max_session_seconds=7200,
    )
    calls = create_role(spec, empty_account()).calls
    text = "An error occurred (EntityAlreadyExists) when calling the CreateRole operation: Role exists."
    conflict = conflict_of(calls[0], "EntityAlreadyExists", text, calls)
    assert conflict is not None and (conflict.entity_type, conflict.name) == ("role", spec.name)
    wanted = find_wanted(conflict, EntityKind.ROLE, spec.name)
    assert wanted.trust is not None and wanted.trust.value == TRUST.value
    assert (wanted.path, wanted.attached, wanted.description, wanted.tags, wanted.max_session_seconds) == (
        spec.path,
        spec.attached,
        spec.description,
        spec.tags,
        spec.max_session_seconds,
    )
    assert find_wanted(conflict, EntityKind.ROLE, "another").has_values is False
    assert conflict_of(calls[0], "AccessDenied", text, calls) is None
    assert conflict_of(calls[-1], "EntityAlreadyExists", text, calls) is None
