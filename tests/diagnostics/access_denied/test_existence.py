"""Resources that the account does not have: the layer that refused stays the cause, and nothing is proposed on them."""

from __future__ import annotations

import json

import pytest

from diagnostics.diagnosis import Confidence, Diagnosis, Status
from diagnostics.fix import PolicyChange
from diagnostics.plans.fix import why_no_plan
from iam.sources.reader.reading import Reading
from tests.support.denials.invented import Read, denied, diagnosis_of, no
from tests.support.denials.of_demo import administrator
from tests.support.oracles.contradictions import contradictions

__all__ = ["administrator"]

ID = "111122223333"
EVENTS = f"arn:aws:sqs:us-east-1:{ID}:orders-events"


def _asked(role: str, action: str, resource: str, account: Read, kind: str = "identity-based policy") -> Diagnosis:
    who = f"arn:aws:sts::{ID}:assumed-role/{role}/job"
    return diagnosis_of(denied(who, action, resource, no(kind, action)), account)


def _proposed(found: Diagnosis) -> str:
    """All that the statements of the fixes add."""
    return json.dumps([fix.change.shown for fix in found.fixes if isinstance(fix.change, PolicyChange)])


def _said(found: Diagnosis) -> bool:
    return any(step.id == "existence" and step.status is Status.FAIL for step in found.steps)


@pytest.mark.parametrize(
    ("role", "action", "resource", "kind", "cause", "nearest"),
    [
        (  # a slip in the name: the right one is allowed
            *("orders-ecs-task", "sqs:SendMessage", f"arn:aws:sqs:us-east-1:{ID}:oders-events"),
            *("identity-based policy", "resource.not-found", EVENTS),
        ),
        (
            *("orders-ecs-task", "secretsmanager:GetSecretValue"),
            f"arn:aws:secretsmanager:us-east-1:{ID}:secret:prod/nope-AbCdEf",
            *("identity-based policy", "identity.resource-mismatch", None),
        ),
        (
            *("orders-ecs-task", "s3:GetObject", "arn:aws:s3:::no-such-bucket-of-ours/a/b"),
            *("identity-based policy", "identity.no-action", None),
        ),
        (  # the key that its policies name is nearest, whatever its name
            *("kms-reports-reader", "kms:Decrypt"),
            f"arn:aws:kms:us-east-1:{ID}:key/11111111-2222-3333-4444-555555555555",
            *("resource-based policy", "resource.no-action", f"arn:aws:kms:us-east-1:{ID}:key/K1"),
        ),
        (
            *("orders-ecs-task", "iam:PassRole", f"arn:aws:iam::{ID}:role/app/orders-ecs-tsk"),
            *("identity-based policy", "identity.no-action", f"arn:aws:iam::{ID}:role/app/orders-ecs-task"),
        ),
        (
            *("orders-api-lambda", "dynamodb:GetItem", f"arn:aws:dynamodb:us-east-1:{ID}:table/odrers/index/by-day"),
            *("identity-based policy", "identity.resource-mismatch", f"arn:aws:dynamodb:us-east-1:{ID}:table/orders"),
        ),
    ],
)
def test_what_does_not_exist_is_said_first_and_left_alone(
    role: str, action: str, resource: str, kind: str, cause: str, nearest: str | None, administrator: Read
) -> None:
    found = _asked(role, action, resource, administrator, kind)
    holder = resource.removesuffix("/a/b").removesuffix("/index/by-day")
    assert found.verdict.cause == cause
    first = found.verdict.summary.partition(". ")[0]
    assert first.startswith(f"{holder} does not exist"), first
    assert (f"The closest existing one is {nearest}." in found.verdict.summary) is (nearest is not None)
    assert holder not in _proposed(found)
    assert found.fixes[0].who.value in ("caller", "you")


def test_a_secret_named_without_the_end_of_its_name(administrator: Read) -> None:
    found = _asked("orders-ecs-execution", "secretsmanager:GetSecretValue", "orders/gone", administrator)
    assert "secret:orders/gone does not exist" in found.verdict.summary and not _proposed(found).strip("[]")


def test_the_right_name_is_the_fix_where_it_is_allowed(administrator: Read) -> None:
    found = _asked("orders-ecs-task", "sqs:SendMessage", EVENTS.replace("orders", "oders"), administrator)
    assert [fix.title.partition(":")[0] for fix in found.fixes] == ["Use orders-events"]
    assert found.fixes[0].verified and found.fixes[0].situation is not None
    assert found.fixes[0].situation.request.resource == EVENTS


def test_a_permission_on_the_nearest_is_a_question(administrator: Read) -> None:
    gone = f"arn:aws:kms:us-east-1:{ID}:key/11111111-2222-3333-4444-555555555555"
    found = _asked("kms-reports-reader", "kms:Decrypt", gone, administrator, "resource-based policy")
    changes = [fix for fix in found.fixes if isinstance(fix.change, PolicyChange)]
    assert changes and all(fix.verified is None and "key/K1" in fix.text for fix in changes)
    assert all("The intended resource is unknown" in why_no_plan(fix) for fix in changes)


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("sqs:SendMessage", EVENTS),  # exists
        ("sqs:CreateQueue", f"arn:aws:sqs:us-east-1:{ID}:oders-events"),  # is made by the call
        ("sqs:TagQueue", f"arn:aws:sqs:us-east-1:{ID}:oders-events"),  # tagged as it is made
        ("s3:CreateBucket", "arn:aws:s3:::no-such-bucket-of-ours"),
        ("iam:CreateRole", f"arn:aws:iam::{ID}:role/not-yet"),
        ("sqs:SendMessage", "arn:aws:sqs:us-east-1:999988887777:oders-events"),  # another account's: not known
        ("sqs:SendMessage", f"arn:aws-cn:sqs:us-east-1:{ID}:oders-events"),
        ("states:StartExecution", f"arn:aws:states:us-east-1:{ID}:stateMachine:no-such"),  # is not listed
        ("sqs:SendMessage", f"arn:aws:sqs:ap-south-1:{ID}:oders-events"),  # the list of that Region is refused
    ],
)
def test_absence_needs_a_complete_list(action: str, resource: str, administrator: Read) -> None:
    assert not _said(_asked("orders-ecs-task", action, resource, administrator))


def test_a_list_that_is_cut_shows_no_absence(administrator: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    cut: Reading[tuple[str, ...]] = Reading("sqs:ListQueues", (EVENTS,), note="only the first 1,000 are read.")
    monkeypatch.setattr(type(administrator[1]), "listed_resources", lambda *_: cut, raising=False)
    assert not _said(_asked("orders-ecs-task", "sqs:SendMessage", f"{EVENTS}-x", administrator))


def test_nothing_is_proposed_on_what_the_other_region_lacks(administrator: Read) -> None:
    elsewhere = EVENTS.replace("us-east-1", "eu-central-1").replace("orders", "oders")
    found = _asked("orders-ecs-task", "sqs:SendMessage", elsewhere, administrator)
    assert "us-east-1:111122223333:oders-events" not in _proposed(found)
    assert EVENTS in found.fixes[0].title and found.fixes[0].verified


@pytest.mark.parametrize(
    "who",
    [
        f"arn:aws:sts::{ID}:assumed-role/batch-vpc-worker/i-0b4c5d6e7f8091a2b",
        "arn:aws:sts::999988887777:assumed-role/kiln-api/job",
        "arn:aws:iam::999988887777:user/tally",
    ],
)
@pytest.mark.parametrize(
    ("action", "resource"),
    [("s3:ListBucket", "arn:aws:s3:::no-such-bucket-of-ours"), ("s3:PutObject", "arn:aws:s3:::nor-such-a-one/a/b c")],
)
def test_an_endpoint_s_policy_gets_no_statement_on_what_does_not_exist(
    who: str, action: str, resource: str, administrator: Read
) -> None:
    found = diagnosis_of(denied(who, action, resource, no("VPC endpoint policy", action)), administrator)
    bucket = ":".join(resource.split(":")[:6]).partition("/")[0]
    assert found.verdict.summary.startswith(f"{bucket} does not exist")
    assert bucket not in _proposed(found) and not contradictions(found)
    assert (found.verdict.cause, found.verdict.confidence) == ("vpce.resource-mismatch", Confidence.LIKELY)


@pytest.mark.parametrize(("action", "verified"), [("s3:CreateBucket", True), ("s3:PutBucketTagging", None)])
def test_a_bucket_that_the_call_creates_has_no_policy(action: str, verified: bool | None, administrator: Read) -> None:
    who = f"arn:aws:sts::{ID}:assumed-role/lake-etl-glue/job"
    said = denied(who, action, "arn:aws:s3:::harbor-lake-ap", "with an explicit deny in an identity-based policy")
    found = diagnosis_of(said, administrator, aws__RequestedRegion="ap-south-1")
    assert ("resource" in found.verdict.unread) is (verified is None)
    assert verified is None or found.fixes[0].verified is verified


def _of_an_object(operation: str, bucket: str, role: str, account: Read) -> str:
    said = f"An error occurred (AccessDenied) when calling the {operation} operation: Access Denied"
    known = {"resource": f"arn:aws:s3:::{bucket}/gone/x.pdf", "aws__RequestedRegion": "us-east-1"}
    return diagnosis_of(said, account, role, **known).fixes[0].title


@pytest.mark.parametrize("operation", ["GetObject", "HeadObject"])
def test_a_text_that_hides_the_absence_of_an_object(operation: str, administrator: Read) -> None:
    title = _of_an_object(operation, "harbor-invoices", "invoice-render-lambda", administrator)
    assert title.startswith("Check whether gone/x.pdf exists in harbor-invoices")
    title = _of_an_object(operation, "harbor-reports", "kms-reports-reader", administrator)
    assert title.startswith("Check whether gone/x.pdf exists in harbor-reports")


@pytest.mark.parametrize(
    ("operation", "bucket", "role"),
    [
        ("GetObject", "harbor-lake", "batch-vpc-worker"),  # may list it, and would be answered 404
        ("PutObject", "harbor-invoices", "invoice-render-lambda"),  # needs no object
        ("GetObject", "harbor-reports", "invoice-render-lambda"),  # may not read it in any case
    ],
)
def test_no_absence_is_supposed_where_s3_would_tell_it_or_a_policy_refuses(
    operation: str, bucket: str, role: str, administrator: Read
) -> None:
    assert not _of_an_object(operation, bucket, role, administrator).startswith("Check whether")


def test_a_key_that_kms_may_not_have_is_asked_for(administrator: Read) -> None:
    said = (
        "An error occurred (AccessDeniedException) when calling the Decrypt operation: The ciphertext refers to a "
        "customer master key that does not exist, does not exist in this region, or you are not allowed to access."
    )
    found = diagnosis_of(said, administrator, "kms-reports-reader")
    assert found.verdict.confidence is Confidence.UNKNOWN and not _said(found)
    assert any(question.key == "resource" for question in found.verdict.questions)
    gone = f"arn:aws:kms:us-east-1:{ID}:key/11111111-2222-3333-4444-555555555555"
    found = diagnosis_of(said, administrator, "kms-reports-reader", resource=gone)
    assert found.verdict.summary.startswith(f"{gone} does not exist") and gone not in _proposed(found)


def test_the_caller_s_own_side_is_asked_for_beside_the_right_name(administrator: Read) -> None:
    """The caller's policies were not read, and refused a bucket that is gone: they may refuse the right one as well."""
    who = "arn:aws:sts::222200002222:assumed-role/resizer/resizer"
    gone = "arn:aws:s3:::no-such-bucket-of-ours/a.jpeg"
    found = diagnosis_of(denied(who, "s3:GetObject", gone, no("identity-based policy", "s3:GetObject")), administrator)
    assert [fix.title.partition(":")[0] for fix in found.fixes] == [
        "Look for the right name",
        "Ask the administrators of account 222200002222 for the identity-based policy",
    ]
    assert "no-such-bucket-of-ours" not in _proposed(found)


def test_a_deny_is_no_less_there_where_the_bucket_is_missing(administrator: Read) -> None:
    """The text names a missing Allow; the Deny that the caller's policies have by now refuses any other name too."""
    found = _asked("platform-operator", "s3:GetObject", "arn:aws:s3:::no-such-bucket-of-ours/a", administrator, "SCP")
    assert found.fixes[0].title.startswith("Look for the right name")
    assert any("OnlyOurBuckets" in fix.title for fix in found.fixes[1:]) and not any(
        fix.verified for fix in found.fixes
    )
