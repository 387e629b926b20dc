"""Which policies of a text are the caller's."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.diagnosis import PASTED
from diagnostics.failure import Denial
from tests.support.denials.pasted import ROLE, allow, diagnosed, no_identity, policy, refused

TABLE = "arn:aws:dynamodb:eu-west-1:210987654321:table/carts"


TOPIC = "arn:aws:sns:eu-west-1:210987654321:alerts"


QUEUE = "arn:aws:sqs:eu-west-1:210987654321:jobs"


def test_a_policy_beside_two_callers_is_nobodys() -> None:
    other = "arn:aws:sts::210987654321:assumed-role/other/s"
    text = "\n".join([no_identity("sns:Publish", TOPIC), no_identity("sns:Publish", TOPIC, other)])
    for failure in read_text(f"{text}\n{policy(allow('s3:*', '*'))}"):
        assert all(step.id != PASTED for step in collect_offline(failure).steps)


def test_a_quoted_denial_of_another_is_not_explained_beside_ones_own() -> None:
    quoted = no_identity("sns:Publish", TOPIC, "arn:aws:sts::111122223333:assumed-role/theirs/s")
    mine = no_identity("sqs:SendMessage", QUEUE)
    found = read_text(f"> I had this. {quoted}\n\nmine:\n\n{mine}\n{policy(allow('sqs:Get*', '*'))}")
    assert [each.principal for each in found if isinstance(each, Denial)] == [ROLE]
    assert "names sqs:Get*" in collect_offline(found[0]).verdict.summary


def test_whose_a_policy_is_that_covers_the_call_is_asked() -> None:
    text = f"{no_identity('dynamodb:PutItem', TABLE)}\nthe role has dynamodb:* on everything"
    summary = diagnosed(text).verdict.summary
    assert "Find out first whether exporter has that policy" in summary
    assert "names another resource" not in summary


IN_YAML = """
deployer policy:
  - Effect: Allow
    Action: [iam:CreateRole, iam:PutRolePolicy]
    Resource: arn:aws:iam::210987654321:role/app/*
    Condition: {StringEquals: {"iam:PermissionsBoundary": "arn:aws:iam::210987654321:policy/edge"}}"""


DEPLOYS = no_identity(
    "iam:CreateRole",
    "arn:aws:iam::210987654321:role/app/loader",
    "arn:aws:sts::210987654321:assumed-role/deployer/AWSCloudFormation",
)


@pytest.mark.parametrize("end", ["", "\n", "\n\nwhat else?"])
@pytest.mark.parametrize("before", ["Resource handler returned message: ", ""])
def test_the_deployer_s_policy_in_yaml_is_read_to_its_end(before: str, end: str) -> None:
    """A policy that the text says is the caller's is not one of those that the deployment creates."""
    answer = diagnosed(f"{before}{DEPLOYS}\n{IN_YAML}{end}")
    assert answer.verdict.cause == "identity.condition-unknown"
    assert "--permissions-boundary arn:aws:iam::210987654321:policy/edge" in str(answer.fixes[0].change)


@pytest.mark.parametrize(
    "heading", ["deployer policy", "the deployer policy is\nStatement", "our blue-deployer policy is"]
)
def test_a_part_of_the_role_s_name_says_whose_a_policy_is(heading: str) -> None:
    caller = DEPLOYS.replace("/deployer/", "/org-blue-deployer-1/" if "blue" in heading else "/deployer/")
    shown = IN_YAML.replace("deployer policy", heading)
    answer = diagnosed(f"Resource handler returned message: {caller}\n{shown}")
    assert answer.verdict.cause == "identity.condition-unknown"


def test_a_deny_in_a_template_s_language_is_the_deployer_s_if_a_deny_refused() -> None:
    refusal = refused(
        "sqs:CreateQueue",
        "arn:aws:sqs:eu-west-1:210987654321:jobs",
        "with an explicit deny in an identity-based policy",
        "arn:aws:sts::210987654321:assumed-role/cfn/AWSCloudFormation",
    )
    document = '- Effect: "Deny"\n  Action: ["sqs:CreateQueue"]\n  Resource: ["arn:aws:sqs:*:*:*"]\n'
    condition = '  Condition:\n    "StringNotLike":\n      "aws:RequestTag/project": ["?*"]\n'
    answer = diagnosed(f"Resource handler returned message: {refusal}\n{document}{condition}")
    assert "set the tag project in the resource's Tags property" in str(answer.fixes[0].change)


def test_a_policy_that_the_deployment_creates_is_not_the_deployer_s() -> None:
    template = IN_YAML.replace("deployer policy", "LoaderPolicy")
    answer = diagnosed(f"Resource handler returned message: {DEPLOYS}\n{template}")
    assert answer.verdict.cause == "identity.no-action"
