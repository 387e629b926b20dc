"""The next denials of an operation are named with the first one, with statements that allow them all together."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from diagnostics.access_denied.next_denials import NextDenial
from diagnostics.diagnose import collect_offline, read_text
from diagnostics.diagnosis import Diagnosis, Status
from diagnostics.fix import Note
from iam.facts.next_actions import NEXT_ACTIONS, ROLE, SAME, Need
from iam.service_reference import spelled
from tests.diagnostics.access_denied.test_invented import denied, diagnosis_of, read
from tests.support.accounts import alder

OPERATIONS = {
    "ec2:runinstances": alder.arn("ec2", "instance/*"),
    "lambda:createfunction": alder.arn("lambda", "function:f"),
    "sqs:receivemessage": alder.arn("sqs", "jobs"),
    "logs:createloggroup": alder.arn("logs", "log-group:/app"),
    "glue:gettable": alder.arn("glue", "table/d/t"),
    "athena:startqueryexecution": alder.arn("athena", "workgroup/primary"),
    "cloudformation:createchangeset": alder.arn("cloudformation", "stack/s/1"),
    "iam:createrole": f"arn:aws:iam::{alder.ID}:role/new",
    "ecr:initiatelayerupload": alder.arn("ecr", "repository/web"),
    "route53:changeresourcerecordsets": "arn:aws:route53:::hostedzone/Z1",
    "elasticloadbalancing:createloadbalancer": alder.arn("elasticloadbalancing", "loadbalancer/app/l/1"),
    "ssm:startsession": alder.arn("ec2", "instance/i-0123456789abcdef0"),
}


def always(action: str) -> list[Need]:
    """The needs without a condition, the action itself on its own resource left out."""
    needs = [need for need in NEXT_ACTIONS[action].needs if not need.when]
    on = OPERATIONS[action]
    return [need for need in needs if need.action.lower() != action or (need.on != SAME and f":{need.on}" not in on)]


def allowing(need: Need, resource: str) -> dict[str, Any]:
    named = {SAME: resource, ROLE: f"arn:aws:iam::{alder.ID}:role/app", "*": "*"}
    return alder.allow(need.action, named.get(need.on, f"arn:aws:*:*:*:{need.on}*"))


def diagnosed(tmp_path: Path, action: str, statements: Sequence[dict[str, Any]], text: str = "") -> Diagnosis:
    content = alder.snapshot()
    for level in content["Rolescope"]["Organization"]["ServiceControlPolicies"]:
        level["Policies"] = [{**level["Policies"][0], "Document": alder.document(alder.allow("*"))}]
    inline = {"own": alder.document(*statements)} if statements else {}
    content["RoleDetailList"].append(alder.role("runner", alder.service("codebuild"), inline=inline))
    said = text or denied(alder.session("runner"), spelled(action), OPERATIONS[action])
    return diagnosis_of(said, read(tmp_path / "account.json", content))


def covered(statements: list[dict[str, Any]], action: str, resource: str) -> bool:
    """A second, simple reading of the statements: wildcards alone, no conditions."""
    for statement in statements:
        actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        if any(fnmatchcase(action.lower(), each.lower()) for each in actions):
            return fnmatchcase(resource, statement["Resource"]) or covered(
                [each for each in statements if each is not statement], action, resource
            )
    return False


@pytest.mark.parametrize("action", [action for action in OPERATIONS if always(action)])
def test_planted_denials_are_all_named_and_allowed_together(action: str, tmp_path: Path) -> None:
    chosen = random.Random(action)
    needs = always(action)
    missing = chosen.sample(needs, min(len(needs), chosen.randint(1, 3)))
    kept = [allowing(need, OPERATIONS[action]) for need in needs if need not in missing]
    found = diagnosed(tmp_path, action, kept)
    step = next(each for each in found.steps if each.id == "next")
    # What a resource's own policy may allow, which was not read, is not certain to be refused.
    settled = any(f"{need.words} (unless" not in step.summary for need in missing)
    assert step.status is (Status.FAIL if settled else Status.UNKNOWN)
    fix = next(
        (each for each in found.fixes if each.title.startswith("In the same change, also allow what follows")), None
    )
    if all(need.on == ROLE for need in missing):  # which role is passed nobody knows, so that no statement is written
        assert fix is None and "iam:PassRole" in step.summary
        return
    assert fix is not None and isinstance(fix.change, Note)
    proof, _, written = fix.change.text.partition("\n")
    statements = json.loads(written)
    assert "own policies allow all" in proof
    assert covered(statements, action, OPERATIONS[action])
    words = [NextDenial(need, "").words for need in missing]
    assert all(each in step.summary for each in words)
    for need in missing:
        assert need.action in fix.title
        assert any(need.action in json.dumps(each["Action"]) for each in statements)


def test_what_is_allowed_already_is_not_named(tmp_path: Path) -> None:
    action = "lambda:createfunction"
    found = diagnosed(tmp_path, action, [alder.allow("iam:PassRole", f"arn:aws:iam::{alder.ID}:role/app")])
    assert not any(each.title.startswith("In the same change, also allow what follows") for each in found.fixes)
    step = next(each for each in found.steps if each.id == "next")
    assert step.status is Status.UNKNOWN
    assert "lambda:TagResource where it sets tags" in step.summary
    assert "iam:PassRole" not in step.summary


ROLE_NAMED = alder.allow("iam:*", f"arn:aws:iam::{alder.ID}:role/app")


@pytest.mark.parametrize(
    ("action", "statements", "text", "said", "unsaid"),
    [
        # Tags of the refused resource are not those of another one.
        (
            "ec2:createvolume",
            [alder.allow("ec2:CreateTags", StringEquals={"aws:ResourceTag/team": "a"})],
            "the volume has tag team=b\n",
            "",
            "ec2:CreateTags",
        ),
        # A role is passed to the one service.
        (
            "lambda:createfunction",
            [{**ROLE_NAMED, "Action": "iam:GetRole"}],
            "",
            '"iam:PassedToService": "lambda.amazonaws.com"',
            "",
        ),
    ],
)
def test_what_follows_is_no_stronger_than_what_is_known(
    action: str, statements: list[dict[str, Any]], text: str, said: str, unsaid: str, tmp_path: Path
) -> None:
    on = OPERATIONS.get(action, alder.arn("ec2", "volume/vol-1"))
    found = diagnosed(tmp_path, action, statements, text + denied(alder.session("runner"), spelled(action), on))
    step = next((each.summary for each in found.steps if each.id == "next"), "")
    notes = [each.change.text for each in found.fixes if isinstance(each.change, Note)]
    page = "\n".join([step, *(each for each in notes if each.startswith("Evaluated: with these statements"))])
    assert said in page, page
    assert not unsaid or unsaid not in page, page


def test_a_passed_role_that_does_not_trust_the_service_is_named(tmp_path: Path) -> None:
    content = alder.snapshot()
    content["RoleDetailList"] += [
        alder.role("runner", alder.service("codebuild")),
        alder.role("fn", alder.service("ec2")),
        alder.role("good", alder.service("lambda")),
    ]
    account = read(tmp_path / "account.json", content)
    for name, wrong in (("fn", True), ("good", False)):
        passed = denied(alder.session("runner"), "iam:PassRole", alder.role_arn(name))
        text = f"An error occurred (AccessDeniedException) when calling the CreateFunction operation: {passed}"
        steps = {each.id: each.summary for each in diagnosis_of(text, account).steps}
        assert ("does not name lambda.amazonaws.com" in steps.get("next", "")) is wrong


def test_without_an_account_the_usual_next_ones_are_named() -> None:
    found = collect_offline(read_text(denied(alder.session("runner"), "lambda:CreateFunction", None))[0])
    step = next(each for each in found.steps if each.id == "next")
    assert "iam:PassRole" in step.summary
    assert "is unknown here" in step.summary
    refused = denied(alder.session("runner"), "lambda:CreateFunction", None).partition(" because ")[0]
    found = collect_offline(read_text(f"{refused} with an explicit deny in a service control policy")[0])
    assert all(each.id != "next" for each in found.steps)


def test_every_row_names_actions_that_exist_and_a_page() -> None:
    for action, row in NEXT_ACTIONS.items():
        assert spelled(action).lower() == action
        assert row.page.startswith("https://docs.aws.amazon.com/")
        assert all(spelled(need.action) == need.action for need in row.needs)
