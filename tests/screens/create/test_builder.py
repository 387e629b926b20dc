"""Statements put together in the creation's form by keys: completed, judged at the field, shown as they grow."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from screens.create.steps import CreateStep
from tests.support.driving.creating import ACCOUNT, NARROW, Wizard, wizard
from tests.support.driving.diagnosing import paste, seen, until, until_seen

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import boto3

    from iam.demo.aws.world import World

    Session = Callable[..., "boto3.Session"]


@pytest.fixture(autouse=True)
def _own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


async def at_statement(w: Wizard, service: str = "lambda") -> None:
    """The step of permissions, with an Allow chosen and the cursor in its first action."""
    await w.press("enter")
    await w.type(service)
    await w.on(CreateStep.MAY)
    await until(w.pilot, lambda: w.screen.creation.draft.table, "the list of actions")
    await w.field("perm.statement.0")
    await w.choose("Allow")
    await w.field("perm.built.0.action.0")


async def go(w: Wizard, id: str) -> None:
    """Walk to a field, down or up."""
    ids = list(w.screen.form.values)
    by = ids.index(id) - ids.index(w.cursor)
    await w.press(*["tab" if by > 0 else "shift+tab"] * abs(by))
    await until(w.pilot, lambda: w.cursor == id, f"the cursor in {id}")


async def take(w: Wizard, typed: str, wanted: str) -> None:
    """Type the beginning, walk to the candidate, take it."""
    await w.type(typed)
    control: Any = w.screen.form.row(w.cursor).control  # type: ignore[union-attr]  # it has the cursor
    await until(w.pilot, lambda: control.open and wanted in control._candidates.rows, f"the candidate {wanted}")
    await w.press(*["down"] * (list(control._candidates.rows).index(wanted) + 1), "enter")
    assert control.value == wanted


async def test_a_statement_is_put_together(demo_world: World) -> None:
    bucket = "arn:aws:s3:::harbor-assets"
    async with wizard(demo_world, NARROW) as w:
        await at_statement(w)
        await take(w, "listbucket", "s3:ListBucket")
        await w.told("perm.built.0.action.0", "List: ")
        await w.field("perm.built.0.resource.0")
        await take(w, "harbor-as", bucket)
        assert f"{bucket}/*" not in seen(w.app)
        await w.told("perm.statement.0", f"Allows s3:ListBucket on {bucket}")
        await w.field("perm.built.0.key.0")
        await take(w, "prefix", "s3:prefix")
        await w.field("perm.built.0.operator.0")
        await w.choose("StringLike")
        await w.field("perm.built.0.value.0")
        await w.type("img/*, css/*")
        await w.told("perm.statement.0", "but only when s3:prefix matches img/* or css/*")
        assert " of 10,240 characters" in seen(w.app)  # its size, growing beside the form
        [policy] = w.screen.creation.draft.inline(w.screen.creation.facts)
    assert json.loads(policy.document.text)["Statement"] == [
        {
            "Effect": "Allow",
            "Action": "s3:ListBucket",
            "Resource": bucket,
            "Condition": {"StringLike": {"s3:prefix": ["img/*", "css/*"]}},
        },
    ]


# What is typed as action and resource, the field where a sentence stands, the sentence.
REFUSED = [
    ("s3:GetObjcet", "", "action.0", "Did you mean s3:GetObject?"),
    ("s3:GetObject", "harbor-assets", "resource.0", "Name a resource by its ARN"),
]


async def test_what_would_not_work_is_refused_at_its_field(demo_world: World) -> None:
    async with wizard(demo_world, NARROW) as w:
        await at_statement(w)
        for action, resource, place, sentence in REFUSED:
            await go(w, "perm.built.0.action.0")
            await w.type(action)
            await w.field("perm.built.0.resource.0")
            await w.type(resource)
            await w.told(f"perm.built.0.{place}", sentence)
            await w.press("ctrl+r")
            assert w.screen.step is CreateStep.MAY
            await go(w, "perm.built.0.resource.0")
            await w.type("")


async def test_only_what_knows_no_resource_may_have_a_star(demo_world: World) -> None:
    async with wizard(demo_world) as w:
        await at_statement(w)
        await w.type("s3:ListAllMyBuckets")
        await w.told("perm.statement.0", "Allows s3:ListAllMyBuckets on every resource")
        await w.on(CreateStep.DETAILS)
        (policy,) = w.screen.creation.draft.inline(w.screen.creation.facts)
        assert json.loads(policy.document.text)["Statement"][0]["Resource"] == "*"


def offered(w: Wizard) -> list[str]:
    """The operators of the first condition."""
    row = w.screen.form.row("perm.built.0.operator.0")
    return [each.id for each in row.spec.options] if row is not None else []


async def test_wildcards_are_counted_and_the_operator_follows_the_key(demo_world: World) -> None:
    async with wizard(demo_world) as w:
        await at_statement(w)
        await w.type("s3:Put*")
        await w.told("perm.built.0.action.0", "Write")
        row = w.screen.form.row("perm.built.0.action.0")
        assert row is not None and row.sentence.tone == "warning" and "actions:" in row.sentence.text
        asked = w.screen.form.row("perm.built.0.resource.0")
        assert asked is not None and asked.sentence.tone == "note" and "Name the bucket" in asked.sentence.text
        await w.press("ctrl+r")
        await until(w.pilot, lambda: asked.sentence.tone == "fault", "the fault, once it was tried to go on without")
        for key, operators in (
            ("aws:SourceIp", ["IpAddress", "NotIpAddress"]),
            ("aws:TagKeys", ["ForAnyValue:StringEquals", "ForAllValues:StringEquals"]),
            ("aws:SecureTransport", ["Bool"]),
        ):
            await go(w, "perm.built.0.key.0")
            await w.type(key)
            await until(w.pilot, lambda first=operators[0]: offered(w)[:1] == [first], f"the operator of {key}")
            assert set(operators) <= set(offered(w))
        await w.field("perm.built.0.value.0")
        await w.type("yes")
        await w.told("perm.built.0.value.0", "neither true nor false")


async def test_the_role_that_a_function_is_given_has_to_be_passed(demo_world: World) -> None:
    async with wizard(demo_world, NARROW) as w:
        await at_statement(w)
        await w.type("lambda:CreateFunction")
        await w.field("perm.built.0.resource.0")
        await w.type(f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:resize")
        await w.told("perm.statement.1", "requires iam:PassRole on that role. ctrl+t adds the statement.")
        await w.press("ctrl+t")
        await until_seen(w.pilot, "The statement is added below the others")
        assert w.cursor == "perm.built.0.resource.0"  # what is typed goes on where it was
        await w.field("perm.built.1.resource.0")
        role = f"arn:aws:iam::{ACCOUNT}:role/app/orders-api-lambda"
        await until(w.pilot, lambda: w.screen.side.view.statement, "the statement that is written, lit")
        assert w.screen.side.view.statement is not None and w.screen.side.view.statement.index == 1
        await take(w, "orders-api", role)
        await w.on(CreateStep.DETAILS)
        (policy,) = w.screen.creation.draft.inline(w.screen.creation.facts)
        assert json.loads(policy.document.text)["Statement"][1] == {
            "Effect": "Allow",
            "Action": "iam:PassRole",
            "Resource": role,
            "Condition": {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}},
        }


async def test_statements_that_are_taken_back_leave_nothing(demo_world: World) -> None:
    async with wizard(demo_world) as w:
        await at_statement(w)
        await w.type("s3:GetObject")
        await w.field("perm.statement.1")
        await w.choose("Deny")
        await w.field("perm.built.1.action.0")
        await w.type("s3:DeleteObject, s3:DeleteBucket")
        await w.field("perm.built.1.resource.0")
        await w.type("*")
        await go(w, "perm.statement.0")
        await w.choose("no statement")
        await w.told("perm.statement.1", "Forbids s3:DeleteObject and s3:DeleteBucket on every resource")
        (policy,) = w.screen.creation.draft.inline(w.screen.creation.facts)
        assert [each["Effect"] for each in json.loads(policy.document.text)["Statement"]] == ["Deny"]
        await w.field("perm.statement.1")
        await w.choose("no statement")
        assert not w.screen.creation.draft.inline(w.screen.creation.facts)
        await w.on(CreateStep.DETAILS)


async def test_a_pasted_policy_is_looked_at_by_lint_and_by_aws(demo_world: World) -> None:
    document = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "s3:GetObjct", "Resource": "arn:aws:s3:::harbor-assets/*"}],
    }
    async with wizard(demo_world, NARROW) as w:
        await w.press("enter")
        await w.type("lambda")
        await w.on(CreateStep.MAY)
        await w.field("perm.json")
        await paste(w.pilot, json.dumps(document, indent=1))
        await w.told("perm.json", "Line 6: There is no action s3:GetObjct. Did you mean s3:GetObject?")
        await w.told("perm.json", "of 10,240 characters without white space")
        await w.press("ctrl+a", "f7", "delete")
        await paste(w.pilot, json.dumps(document).replace("GetObjct", "GetObject"))
        await w.told("perm.json", "AWS's own check found no problem.")


async def test_managed_policies_are_found_by_a_part_of_their_names_and_say_what_they_grant(demo_world: World) -> None:
    async with wizard(demo_world, NARROW) as w:
        await w.press("enter")
        await w.type("lambda")
        await w.on(CreateStep.MAY)
        await w.field("perm.managed.0")
        await take(w, "administratoraccess", "arn:aws:iam::aws:policy/AdministratorAccess")
        await w.told("perm.managed.0", "Broad: every action of every service")
        await w.field("perm.managed.1")
        await take(w, "s3 readonly", "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")
        await w.told("perm.managed.1", "s3: all List, Read;")
        await until_seen(w.pilot, "every service")
