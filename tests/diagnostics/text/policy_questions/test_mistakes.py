"""A policy that a text wants checked: what its statements allow on nothing."""

from __future__ import annotations

import json

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.text.policy_questions.mistakes import policy_checked, policy_faults

ASKS = "can you sanity check this before i attach it, nothing failed yet"
BUCKET = "arn:aws:s3:::reports"
GROUP = "arn:aws:logs:eu-west-1:111122223333:log-group:/app"


def policy(actions: object, resource: object, **more: object) -> str:
    statement = {"Sid": "Own", "Effect": "Allow", "Action": actions, "Resource": resource, **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=2)


@pytest.mark.parametrize(
    ("actions", "resource", "sentence", "change"),
    [
        (["s3:GetObject", "s3:ListBucket"], f"{BUCKET}/*", "does not allow s3:ListBucket", f"with {BUCKET} as"),
        ("s3:GetObject", BUCKET, "does not allow s3:GetObject", f"with {BUCKET}/* as"),
        ("logs:PutLogEvents", GROUP, "does not allow logs:PutLogEvents", f"with {GROUP}:* as"),
        ("ec2:DescribeInstances", "arn:aws:ec2:*:*:instance/*", "cannot be limited to resources", '"Resource": "*"'),
        (
            "s3:HeadObject",
            f"{BUCKET}/*",
            "s3:HeadObject in statement Own allows nothing, because it is the name of an API call",
            "Write s3:GetObject",
        ),
        (
            "sqs:SendMessages",
            "*",
            (
                "sqs:SendMessages in statement Own most likely allows nothing, because it is not in AWS's list of "
                "actions"
            ),
            "Look up",
        ),
        (
            "sq:SendMessage",
            "*",
            (
                "sq:SendMessage in statement Own most likely allows nothing, because its prefix sq is not in AWS's "
                "list of services"
            ),
            "prefix",
        ),
        ("sqs:SendMessage", "arn:aws:sns:us-east-1:111122223333:t", "applies to the resource type queue", "queue"),
    ],
)
def test_an_action_that_is_allowed_on_nothing_is_said(
    actions: object, resource: object, sentence: str, change: str
) -> None:
    (fault,) = policy_faults(policy(actions, resource))
    assert sentence in fault.sentence
    assert change in fault.change
    (failure,) = read_text(f"{ASKS}\n\n{policy(actions, resource)}")
    answer = collect_offline(failure)
    assert sentence in answer.verdict.summary
    assert answer.fixes[0].title.startswith("Correct the policy")


@pytest.mark.parametrize(
    ("actions", "resource"),
    [
        (["s3:GetObject", "s3:ListBucket"], [BUCKET, f"{BUCKET}/*"]),
        (["s3:GetObject", "s3:ListBucket"], "arn:aws:s3:::reports*"),
        ("s3:Get*", BUCKET),
        ("logs:PutLogEvents", f"{GROUP}:*"),
        ("ec2:DescribeInstances", "*"),
        ("s3:ListBucket", "${aws_s3_bucket.b.arn}/*"),
        ("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:us-east-1:111122223333:secret:db-*"),
    ],
)
def test_a_statement_that_works_has_no_fault(actions: object, resource: object) -> None:
    assert policy_faults(policy(actions, resource)) == ()
    (failure,) = read_text(f"{ASKS}\n\n{policy(actions, resource)}")
    assert "mistake was found" in collect_offline(failure).verdict.summary or "$" in str(resource)


@pytest.mark.parametrize(
    ("actions", "resource", "complete"),
    [
        ("s3:GetObject", f"{BUCKET}/*", True),
        ("ec2:DescribeInstances", "*", True),
        ("s3:Gett*", f"{BUCKET}/*", False),
        ("s3:GetObject", [f"{BUCKET}/*", "arn:aws:s3:::<bucket>/*"], False),
    ],
)
def test_what_could_not_be_checked_is_not_called_right(actions: object, resource: object, complete: bool) -> None:
    said = policy_checked(f"{ASKS}\n\n{policy(actions, resource)}")
    assert ("its actions exist" in said) is complete
    assert ("only the policy's Allow statements were checked" in said) is not complete


def test_a_deny_and_a_text_that_asks_nothing_are_left_alone() -> None:
    assert policy_faults(policy("s3:ListBucket", f"{BUCKET}/*", Effect="Deny")) == ()
    (failure,) = read_text(f"our policy:\n{policy('s3:ListBucket', f'{BUCKET}/*')}")
    assert "mistake" not in collect_offline(failure).verdict.summary


def test_a_policy_that_iam_warns_of_beside_a_refusal_has_the_mistake() -> None:
    warned = "PutObject gets 403. The console says: This policy defines some actions that do not provide permissions\n"
    answer = collect_offline(read_text(f"{warned}{policy('s3:PutObject', BUCKET)}")[0])
    assert answer.verdict.summary.startswith("The policy has a mistake. The statement does not allow s3:PutObject")
    assert answer.fixes[0].title == "Correct the policy"


@pytest.mark.parametrize(
    ("actions", "write"),
    [
        (["s3:HeadBucket", "s3:PutObject"], "write s3:ListBucket"),
        (["s3:PutObject", "s3:HeadObject"], "write s3:GetObject"),
    ],
)
def test_an_api_call_in_a_policy_is_the_likely_cause_of_an_unknown_failure(actions: list[str], write: str) -> None:
    text = "ERROR sink startup check failed, although files arrive\n" + policy(actions, [BUCKET, f"{BUCKET}/*"])
    answer = collect_offline(read_text(text)[0])
    assert answer.verdict.cause == "identity.no-action"
    assert write in answer.verdict.summary


def test_existing_actions_are_no_cause_of_an_unknown_failure() -> None:
    text = "ERROR sink startup check failed\n" + policy(["s3:PutObject", "s3:ListBucket"], [BUCKET, f"{BUCKET}/*"])
    assert collect_offline(read_text(text)[0]).verdict.cause == "unreadable"


@pytest.mark.parametrize(
    ("actions", "resource", "faulty"),
    [
        (["s3:ListAllMyBuckets", "s3:GetBucketLocation"], "arn:aws:s3:::*", False),
        ("s3:ListAllMyBuckets", "arn:aws-cn:s3:::*", False),
        ("s3:ListAllMyBuckets", BUCKET, True),
        ("ec2:DescribeRegions", "arn:aws:ec2:*:*:*", True),
        ("s3:*", BUCKET, True),
        (["s3:*Object*", "s3:ListBucket"], [BUCKET, "arn:aws:s3:::invoices"], True),
        ("s3:*", [BUCKET, f"{BUCKET}/*"], False),
        ("s3:*", f"{BUCKET}*", False),
        ("s3:Get*", BUCKET, False),
    ],
)
def test_a_service_wide_action_on_buckets_or_their_objects(actions: object, resource: object, faulty: bool) -> None:
    assert bool(policy_faults(policy(actions, resource))) == faulty


def test_another_statement_for_the_objects_is_enough() -> None:
    statements = [("s3:*", BUCKET), ("s3:GetObject", f"{BUCKET}/public/*")]
    texts = [{"Effect": "Allow", "Action": action, "Resource": resource} for action, resource in statements]
    assert not policy_faults(json.dumps({"Statement": texts}))
    texts[1]["Action"] = "s3:ListAllMyBuckets"
    texts[1]["Resource"] = "arn:aws:s3:::*"
    assert "names the bucket's objects" in policy_faults(json.dumps({"Statement": texts}))[0].sentence
