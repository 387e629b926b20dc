"""The next denials of an operation are named with the first one, with statements that allow them all together."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.diagnosis import Diagnosis, Status
from diagnostics.fix import Note
from iam.arn import Arn
from iam.facts.next_actions import NEXT_ACTIONS, ROLE, SAME, Need
from iam.policy.evaluate_lines import answer_line
from iam.service_reference import spelled
from iam.sources.resource_policies import has_no_policy
from tests.support.accounts import alder
from tests.support.denials.invented import denied, diagnosis_of, read
from tests.support.oracles.planted_next import diagnosed as planted_diagnosis
from tests.support.oracles.planted_next import lines_of, planted, unnamed

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


def may_have_policy(need: Need) -> bool:
    arn = Arn.parse(f"arn:aws:{need.action.partition(':')[0]}:eu-central-1:{alder.ID}:{need.on}x")
    return need.on not in (SAME, ROLE, "*") and arn is not None and not has_no_policy(arn)


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
    settled = any(not may_have_policy(need) for need in missing)
    assert step.status is (Status.FAIL if settled else Status.UNKNOWN)
    fix = next(
        (each for each in found.fixes if each.title.startswith("In the same change, also allow the calls that follow")),
        None,
    )
    if all(need.on == ROLE for need in missing):  # which role is passed nobody knows, so that no statement is written
        assert fix is None and "iam:PassRole" in step.summary
        return
    assert fix is not None and isinstance(fix.change, Note)
    proof, _, written = fix.change.text.partition("\n")
    statements = json.loads(written)
    assert "own policies allow all" in proof
    assert covered(statements, action, OPERATIONS[action])
    for need in missing:
        assert need.action in step.summary and need.kind in step.summary
        assert need.action in fix.title
        assert any(need.action in json.dumps(each["Action"]) for each in statements)


def test_what_is_allowed_already_is_not_named(tmp_path: Path) -> None:
    action = "lambda:createfunction"
    found = diagnosed(tmp_path, action, [alder.allow("iam:PassRole", f"arn:aws:iam::{alder.ID}:role/app")])
    assert not any(
        each.title.startswith("In the same change, also allow the calls that follow") for each in found.fixes
    )
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


UPLOAD = "An error occurred (AccessDenied) when calling the PutObject operation: "
RUN_TASK = "An error occurred (AccessDeniedException) when calling the RunTask operation: "
PREDICTED = [
    # text, what is said to come next, what is not
    (UPLOAD + denied(alder.session("runner"), "kms:GenerateDataKey", alder.KEY), "kms:Decrypt",
     ("s3:PutObject", "kms:GenerateDataKey")),
    (RUN_TASK + denied(alder.session("runner"), "iam:PassRole", alder.role_arn("fn")), "", ("ecs:RunTask",)),
    (denied(alder.session("runner"), "ec2:RunInstances", "arn:aws:ec2:eu-west-1:111122223333:volume/*"), "",
     ("ec2:RunInstances",)),
    (denied(alder.session("runner"), "ssm:StartSession", "arn:aws:ec2:eu-west-1:111122223333:instance/i-1"),
     "ssm:StartSession on document", ()),
    (denied(alder.session("runner"), "ssm:StartSession", "arn:aws:ec2:eu-west-1:111122223333:instance/i-1")
     + "\nits policy names arn:aws:ssm:eu-west-1:111122223333:document/Shell", "", ("ssm:StartSession",)),
    (denied(alder.session("runner"), "glue:GetDatabase", "arn:aws:glue:eu-west-1:111122223333:database/d"),
     "glue:GetDatabase on catalog", ()),
    (denied(alder.session("runner"), "glue:GetDatabase", "arn:aws:glue:eu-west-1:111122223333:database/d")
     + "\n- arn:aws:glue:*:111122223333:catalog\n- arn:aws:glue:*:111122223333:database/e", "",
     ("glue:GetDatabase",)),
    ("we added PassRole twice\n" + denied(alder.session("runner"), "lambda:CreateFunction", None), "",
     ("iam:PassRole",)),
    (denied(alder.session("runner"), "s3:PutObject", "arn:aws:s3:::b/k"), "kms:GenerateDataKey",
     ("s3:PutObjectTagging", "s3:PutObjectAcl")),
    (denied(alder.session("runner"), "sts:AssumeRole", alder.role_arn("fn")), "", ("sts:TagSession",)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said", "unsaid"), PREDICTED)
def test_what_the_text_speaks_of_or_does_not_ask_for_is_no_prediction(
    text: str, said: str, unsaid: tuple[str, ...]
) -> None:
    found = "".join(each.summary for each in collect_offline(read_text(text)[0]).steps if each.id == "next")
    assert said in found
    assert not [each for each in unsaid if each in found], found


def test_every_row_names_actions_that_exist_and_a_page() -> None:
    for action, row in NEXT_ACTIONS.items():
        assert spelled(action).lower() == action
        assert row.page.startswith("https://docs.aws.amazon.com/")
        assert all(spelled(need.action) == need.action for need in row.needs)


@pytest.mark.parametrize("seed", range(12))
def test_a_command_s_operation_is_named_and_allowed_as_a_whole(seed: int, tmp_path: Path) -> None:
    chance = random.Random(f"next {seed}")
    for number in range(4):
        one = planted(chance)
        found = planted_diagnosis(one, tmp_path)
        assert not list(unnamed(one, found)), one.text
        for line, need in zip(lines_of(number, one, found), one.operation.needs, strict=True):
            answer = json.loads(answer_line(json.dumps(line))[0])
            assert answer["decision"] == "allowed" or not need.stated, (one.text, line)


CREATE = "aws lambda create-function --function-name f --role {role} --zip-file fileb://a.zip"


def command_text(options: str, missing: str, resource: str, role: str = alder.role_arn("app")) -> str:
    said = denied(alder.session("runner"), missing, resource)
    command = f"$ {CREATE.format(role=role)} {options}".rstrip()
    return f"{command}\n\nAn error occurred (AccessDeniedException) when calling the CreateFunction operation: {said}\n"


@pytest.mark.parametrize(
    ("options", "said", "unsaid"),
    [
        ("", "iam:PassRole on role app", "TagResource"),
        ("", "iam:PassRole on role app", "KMS"),
        ("--tags team=a", "lambda:TagResource", "sets tags"),
        (
            "--kms-key-arn " + alder.arn("kms", "key/1"),
            "kms:CreateGrant and kms:Encrypt on KMS key",
            "customer managed",
        ),
        ("--cli-input-json file://f.json", "lambda:TagResource where it sets tags", ""),
        ("...", "lambda:TagResource where it sets tags", ""),
        ("$EXTRA_ARGS", "lambda:TagResource where it sets tags", ""),
        ("--vpc-config SubnetIds=subnet-1", "ec2:DescribeSubnets", "in a VPC"),
    ],
)
def test_the_command_decides_what_the_operation_needs(options: str, said: str, unsaid: str, tmp_path: Path) -> None:
    text = command_text(options, "lambda:CreateFunction", alder.arn("lambda", "function:f"))
    step = next(each for each in diagnosed(tmp_path, "lambda:createfunction", [], text).steps if each.id == "next")
    assert said in step.summary
    assert not unsaid or unsaid not in step.summary


def test_a_further_action_refused_first_leads_to_its_operation(tmp_path: Path) -> None:
    text = command_text("--tags team=a", "iam:PassRole", alder.role_arn("app"))
    step = next(each for each in diagnosed(tmp_path, "lambda:createfunction", [], text).steps if each.id == "next")
    assert "lambda:CreateFunction" in step.summary and "lambda:TagResource" in step.summary


def test_the_service_of_the_command_gets_the_role(tmp_path: Path) -> None:
    """Two services have an operation CreateCluster: the command says whose it is."""
    said = denied(alder.session("runner"), "iam:PassRole", alder.role_arn("intake-api", "/svc/"))
    role = alder.role_arn("intake-api", "/svc/")
    error = f"An error occurred (AccessDeniedException) when calling the CreateCluster operation: {said}"
    text = f"$ aws eks create-cluster --name c --role-arn {role}\n\n{error}\n"
    found = diagnosed(tmp_path, "eks:createcluster", [], text)
    fixes = "\n".join(each.change.text for each in found.fixes)
    assert "eks.amazonaws.com" in fixes
    assert any(each.title == "In the same change, let eks.amazonaws.com assume intake-api" for each in found.fixes)


def test_a_key_policy_that_refuses_is_named_and_mended(tmp_path: Path) -> None:
    text = command_text(f"--kms-key-arn {alder.KEY}", "lambda:CreateFunction", alder.arn("lambda", "function:f"))
    kept = [alder.allow(["kms:CreateGrant", "kms:Encrypt"], alder.KEY)]
    found = diagnosed(tmp_path, "lambda:createfunction", kept, text)
    step = next(each for each in found.steps if each.id == "next")
    assert "by the policy of 1111-2222" in step.summary
    assert any("in the policy of 1111-2222" in each.title for each in found.fixes)


def test_without_an_account_the_command_decides_too() -> None:
    text = command_text("", "lambda:CreateFunction", alder.arn("lambda", "function:f"))
    step = next(each for each in collect_offline(read_text(text)[0]).steps if each.id == "next")
    assert "iam:PassRole" in step.summary
    assert "where" not in step.summary


def test_who_reads_tags_may_change_them_too() -> None:
    bucket = denied(alder.session("runner"), "s3:ListTagsForResource", "arn:aws:s3:::north")
    step = next(each for each in collect_offline(read_text(bucket)[0]).steps if each.id == "next")
    assert step.summary.startswith("s3:TagResource and s3:UntagResource where tags are changed")


def test_a_setting_of_a_bucket_may_be_read_back() -> None:
    bucket = denied(alder.session("runner"), "s3:PutBucketCORS", "arn:aws:s3:::north")
    step = next(each for each in collect_offline(read_text(bucket)[0]).steps if each.id == "next")
    assert step.summary.startswith("s3:GetBucketCORS where a tool reads it back")
