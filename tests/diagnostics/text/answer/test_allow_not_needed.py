"""Where a text shows an Allow, or that none is wanted, the verdict says what to check instead of advising it."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.failure import Denial
from tests.support.texts.denials import NODE, denial

WORKER = "arn:aws:sts::111122223333:assumed-role/worker/run-7"
QUEUE = "arn:aws:sqs:eu-west-1:111122223333:orders"
SEND = denial(WORKER, "sqs:SendMessage", QUEUE)
NO_PARAMETER = denial(WORKER, "ssm:GetParameter", "arn:aws:ssm:eu-west-1:111122223333:*")
DESCRIBE = denial(NODE, "ec2:DescribeVolumes", "*")
TAG = (
    f"creating Step Functions State Machine: User: {WORKER} is not authorized to perform: states:TagResource because "
    "no identity-based policy allows the states:TagResource action\n"
)
ALLOW = ", allow the action in the caller's policies"
HAS, SLASH, NO_NAME, POD, TAGS = (
    "The text shows a policy that has", "request /shop/db/url", "Check the requested name",
    "Do not allow the node's role to perform the action", "created has no tags yet",
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{SEND}The role has sqs:SendMessage on the queue.\n", HAS),
        (f"{SEND}sqs:SendMessage is among them.\n", HAS),
        (f'{SEND}statement {{\n  actions = ["sqs:SendMessage", "sqs:GetQueueUrl"]\n', HAS),
        (f"{SEND}It is a role that already has sqs:SendMessage.\n", HAS),
        (f"{SEND}The role has sqs:* on the queue.\n", HAS),
        (f"{SEND}My user has sqs:* on the queue.\n", ALLOW),
        (f"{SEND}Our permission set has sqs:*, too.\n", ALLOW),
        (f"{SEND}The role has sns:* on the topic.\n", ALLOW),
        (f"{SEND}Make sure that it has sqs:SendMessage.\n", ALLOW),
        (f"{SEND}The role has no sqs:SendMessage.\n", ALLOW),
        (f"{SEND}The boundary allows sqs:SendMessage.\n", "grants nothing: it only limits"),
        (f"{SEND}Action: sqs:SendMessage\nContext: no identity-based policy allows it\n", ALLOW),
        (SEND.replace("no identity-based policy", "no\nidentity-based\npolicy"), ALLOW),
        (f'{TAG}It has states:TagResource, if "aws:ResourceTag/Team" = "shop".\n', TAGS),
        (f'{TAG}Nothing names states:TagResource; "aws:ResourceTag/Team" = "shop" is of another.\n', ALLOW),
        (f"failed to read parameter: shop/db/url: {NO_PARAMETER}", SLASH),
        (f"read parameter shop/db/url, {NO_PARAMETER}", SLASH),
        (f"failed to read parameter /shop/db/url: {NO_PARAMETER}", NO_NAME),
        (NO_PARAMETER.replace(":*", ":parameter/shop/db/url"), ALLOW),
        (f"{DESCRIBE}The pod identity association has the role ebs.\n", POD),
        (f'{DESCRIBE}resource "aws_eks_pod_identity_association" "ebs" {{\n', POD),
        (f"{DESCRIBE}It is an instance without a cluster.\n", ALLOW),
    ],
)
def test_an_allow_is_not_advised_where_the_text_shows_one(text: str, said: str) -> None:
    failures = read_text(text)
    summary = collect_offline(failures[0]).verdict.summary
    assert said in summary
    assert (ALLOW in summary) == (said == ALLOW)


@pytest.mark.parametrize(
    ("reason", "missing"),
    [
        ("the bedrock:I...", None),
        ("the bedrock:InvokeModelWith…", None),
        ("the bedrock:InvokeModel action", "bedrock:InvokeModel"),
        ("the kms:Decrypt action", "kms:Decrypt"),
    ],
)
def test_the_beginning_of_an_action_that_is_cut_off_is_no_other_action(reason: str, missing: str | None) -> None:
    text = (
        f"User: {WORKER} is not authorized to perform: bedrock:InvokeModelWithResponseStream on resource: "
        f"arn:aws:bedrock:eu-west-1:111122223333:inference-profile/x because no session policy allows {reason}"
    )
    (failure,) = read_text(text)
    assert isinstance(failure, Denial)
    assert failure.missing_action == missing
    assert "AWS's list of actions has no" not in collect_offline(failure).verdict.summary


@pytest.mark.parametrize(("holders", "shown"), [("The developers do have", False), ("It does have", True)])
def test_what_people_may_do_is_no_policy_of_the_role(holders: str, shown: bool) -> None:
    refused = (
        "User: arn:aws:sts::111122223333:assumed-role/exec-role/run is not authorized to perform: iam:CreateRole on "
        "resource: arn:aws:iam::111122223333:role/new because no identity-based policy allows the iam:CreateRole action"
    )
    said = collect_offline(read_text(f"{refused}\n{holders} iam:CreateRole by the way\n")[0]).verdict.summary
    assert ("The text shows a policy that has" in said) is shown
