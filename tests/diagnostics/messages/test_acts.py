"""A paste is a sequence: what succeeded later, what follows from another failure, and many failures by their causes."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.diagnosis import Confidence
from diagnostics.failure import Denial, Sequel
from diagnostics.messages.acts import ActKind, acts
from diagnostics.stated.causes import causes_of, causes_text

EVA = "arn:aws:iam::444455556666:user/eva"


def refused(operation: str, action: str, on: str = "*") -> str:
    return (
        f"An error occurred (AccessDenied) when calling the {operation} operation: User: {EVA} is not authorized to "
        f"perform: {action} on resource: {on} because no identity-based policy allows the {action} action"
    )


LIST = "aws s3api list-objects-v2 --bucket b"
LISTED = refused("ListObjectsV2", "s3:ListBucket")
TERRAFORM = f"│ Error: creating S3 Bucket: AccessDenied: User: {EVA} is not authorized to perform: s3:CreateBucket"
APPLIED = "Apply complete! Resources: 1 added, 0 changed, 0 destroyed."
OIDC = "Error: Could not assume role with OIDC: Not authorized to perform sts:AssumeRoleWithWebIdentity"
PULL = f"Failed to pull image: {refused('BatchGetImage', 'ecr:BatchGetImage')}"

SUCCEEDED = [
    (f"$ terraform apply\n{TERRAFORM}\n$ terraform apply\n{APPLIED}", Sequel(APPLIED)),
    (f"$ terraform apply\n{TERRAFORM}\n$ terraform apply\n{APPLIED}\n{TERRAFORM}", None),
    (f"{APPLIED}\n$ terraform apply\n{TERRAFORM}", None),
    (f"$ {LIST}\n\n{LISTED}\n$ {LIST}\n{{}}\n$ ", Sequel(LIST)),
    (f"$ {LIST}\n\n{LISTED}\n$ {LIST} --profile admin\n{{}}\n", Sequel(f"{LIST} --profile admin", "profile")),
    (f"$ {LIST}\n\n{LISTED}\n$ {LIST.replace(' b', ' c')}\n{{}}\n", None),
    (f"$ {LIST}\n\n{LISTED}\n$ {LIST}\n\n{LISTED}\n", None),
    (f"$ {LIST}\n\n{LISTED}\n$ {LIST}", None),
    (f"{OIDC}\nretrying\nAuthenticated as assumedRoleId AROAXX:ci", Sequel("Authenticated as assumedRoleId AROAXX:ci")),
    (f'{PULL}\nSuccessfully pulled image "x"', Sequel('Successfully pulled image "x"')),
    (f"{LISTED}\n{APPLIED}", None),
]


@pytest.mark.parametrize(("text", "sequel"), SUCCEEDED)
def test_what_succeeds_later_is_said_to(text: str, sequel: Sequel | None) -> None:
    failure = read_text(text)[0]
    assert failure.sequel == sequel
    diagnosis = collect_offline(failure)
    if sequel is not None:
        assert sequel.succeeded in diagnosis.verdict.summary
        assert diagnosis.verdict.confidence is not Confidence.CERTAIN
        assert any(step.id == "sequence" for step in diagnosis.steps)


FOLLOWS = [
    ([refused("CreateBucket", "s3:CreateBucket"), "Rolling back", refused("DeleteBucket", "s3:DeleteBucket")],
     ["", "s3:CreateBucket"]),
    ([refused("CreateBucket", "s3:CreateBucket"), refused("DeleteBucket", "s3:DeleteBucket")], ["", ""]),
    ([refused("StartSession", "ssm:StartSession"), refused("TerminateSession", "ssm:TerminateSession")],
     ["", "ssm:StartSession"]),
    ([refused("CreateLogGroup", "logs:CreateLogGroup"), refused("PutLogEvents", "logs:PutLogEvents")],
     ["", "logs:CreateLogGroup"]),
    ([refused("PutLogEvents", "logs:PutLogEvents"), refused("CreateLogGroup", "logs:CreateLogGroup")], ["", ""]),
    ([refused("AssumeRole", "sts:AssumeRole", "arn:aws:iam::444455556666:role/d"), "Unable to locate credentials. You "
      "can configure credentials by running aws configure."], ["", "sts:AssumeRole"]),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "causes"), FOLLOWS)
def test_a_failure_names_the_one_from_which_it_follows(lines: list[str], causes: list[str]) -> None:
    found = read_text("\n\n".join(lines))
    assert [each.sequel.caused_by if each.sequel else "" for each in found] == causes


def test_many_failures_fold_into_causes() -> None:
    lines = [
        refused("PutObject", "s3:PutObject"),
        refused("GetObject", "s3:GetObject"),
        refused("SendMessage", "sqs:SendMessage"),
        refused("StartSession", "ssm:StartSession"),
        refused("TerminateSession", "ssm:TerminateSession"),
    ]
    failures = read_text("\n\n".join(lines))
    found = causes_of(failures)
    assert [len(each.failures) for each in found] == [2, 1, 1]
    assert len(found[2].follows) == 1
    text = causes_text(failures)
    assert "5 failures, 3 causes:" in text
    assert "eva may not call s3:PutObject and s3:GetObject, no Allow in an identity-based policy (2 times)" in text
    assert "ssm:TerminateSession only followed from it" in text
    assert causes_text(failures[:1]) == ""


def test_a_paste_is_cut_into_acts() -> None:
    found = acts(f"$ AWS_REGION=eu-west-1 {LIST}\n{LISTED}\n$ terraform apply\n{APPLIED}\n")
    assert [each.kind for each in found] == [ActKind.COMMAND, ActKind.ANSWER, ActKind.COMMAND, ActKind.SUCCESS]
    assert [each.speaker for each in found] == ["aws", "aws", "terraform", "Terraform"]
    assert (found[0].region, found[1].account) == ("eu-west-1", "444455556666")


def test_each_failure_has_its_own_command() -> None:
    one = refused("RunInstances", "ec2:RunInstances")
    other = refused("CreateQueue", "sqs:CreateQueue")
    text = f"$ aws ec2 run-instances --instance-type t3.nano\n\n{one}\n\n$ aws sqs create-queue --tags a=b\n\n{other}\n"
    found = [collect_offline(each).request for each in read_text(text)]
    assert found[0]["ec2:InstanceType"].words == "t3.nano"
    assert "aws:RequestTag/a" not in found[0]
    assert found[1]["aws:RequestTag/a"].words == "b"
    assert "ec2:InstanceType" not in found[1]


RECORD = (
    '{"eventTime":"2026-03-02T11:09:55Z","eventSource":"sqs.amazonaws.com","eventName":"SendMessage","errorCode":'
    '"AccessDenied","errorMessage":"User: arn:aws:iam::111122223333:user/other is not authorized to perform: '
    "sqs:SendMessage on resource: arn:aws:sqs:eu-west-1:111122223333:q because no VPC endpoint policy allows the "
    'sqs:SendMessage action","requestID":"%s"}'
)
MESSAGE = (
    "An error occurred (AccessDenied) when calling the SendMessage operation: User: arn:aws:iam::111122223333:user/ann "
    "is not authorized to perform: sqs:SendMessage on resource: arn:aws:sqs:eu-west-1:111122223333:q because no "
    "identity-based policy allows the sqs:SendMessage action\nRequestId: 5d2a7c11-90aa-5b1e-8e21-2b0c1f7e3344\n"
)


def test_a_record_of_another_request_does_not_come_before_the_message() -> None:
    first, *_ = read_text(MESSAGE + RECORD % "e1a7f5a0-0000-4c3e-b1f7-3d5b8e6f9a01")
    assert isinstance(first, Denial)
    assert first.principal == "arn:aws:iam::111122223333:user/ann"
    assert first.stated_reason == "implicit:identity"
