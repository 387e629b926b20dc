"""A general verdict says the first cause that the text supports; other verdicts, and guesses, stay as they are."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

QUOTA = (
    "An error occurred (LimitExceeded) when calling the AttachRolePolicy operation: Cannot exceed quota for "
    "PoliciesPerRole: 10"
)
DELETION = (
    "An error occurred (DeleteConflict) when calling the DeleteRole operation: Cannot delete entity, must remove roles "
    "from instance profile first."
)
CHAIN = (
    "An error occurred (ValidationError) when calling the AssumeRole operation: The requested DurationSeconds exceeds "
    "the 1 hour session limit for roles assumed by role chaining"
)
ALIAS = (
    "An error occurred (EntityAlreadyExists) when calling the CreateAccountAlias operation: The account alias orders "
    "already exists."
)
NODE = "arn:aws:sts::111122223333:assumed-role/eks-nodes-NodeInstanceRole-1AB/i-0123456789abcdef0"
BOUNDARY = (
    "Allow iam:CreateRole  Condition StringEquals iam:PermissionsBoundary arn:aws:iam::111122223333:policy/edge\n"
)
ADVICE = "allow the action in the caller's policies"


def refused(principal: str, action: str, resource: str) -> str:
    return (
        f"User: {principal} is not authorized to perform: {action} on resource: {resource} because no identity-based "
        f"policy allows the {action} action\n"
    )


def summary(text: str) -> str:
    return collect_offline(read_text(text)[0]).verdict.summary


@pytest.mark.parametrize(
    ("text", "fact", "cause"),
    [
        (QUOTA, "A quota is reached", "The limit is 10 managed policies of one role."),
        (DELETION, "Something still depends on the resource", "Instance profiles still contain the role"),
        (CHAIN, "The requested session is longer than allowed.", "one hour at most"),
        (ALIAS, "already exists. Choose another alias", "unique across all accounts"),
        (refused(NODE, "s3:GetObject", "arn:aws:s3:::orders/1") + "kubectl logs orders-7c9d\n",
         "no identity-based policy of the role eks-nodes-NodeInstanceRole-1AB", "node's role"),
    ],
)  # fmt: skip
def test_the_first_cause_completes_a_general_verdict(text: str, fact: str, cause: str) -> None:
    said = summary(text)
    assert fact in said
    assert cause in said
    assert ADVICE not in said
    assert "rolescope looks for the owner" not in said


@pytest.mark.parametrize(
    "text",
    [
        refused("arn:aws:iam::111122223333:user/eva", "sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:jobs"),
        refused("arn:aws:sts::111122223333:assumed-role/ci/run", "dynamodb:PutItem",
                "arn:aws:dynamodb:eu-west-1:111122223333:table/t"),
    ],
)  # fmt: skip
def test_the_advice_stays_where_the_text_supports_no_other_cause(text: str) -> None:
    assert ADVICE in summary(text)


def test_a_cause_that_only_names_the_kind_of_policy_adds_nothing() -> None:
    text = (
        "User: arn:aws:iam::111122223333:user/eva is not authorized to perform: ec2:RunInstances with an explicit deny "
        "in a service control policy"
    )
    assert summary(text).endswith("no Allow can help.")
