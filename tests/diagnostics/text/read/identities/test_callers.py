"""A caller that the text names beside its message, prompts, and lines that were cut."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.failure import Denial
from diagnostics.text.causes.find_causes import first_look
from diagnostics.text.read.identities.callers import caller_in

EVA = "arn:aws:iam::444455556666:user/eva"
JOB = "arn:aws:sts::444455556666:assumed-role/job/run"
REFUSED = "An error occurred (AccessDenied) when calling the GetObject operation: Access Denied"
WHO = "aws sts get-caller-identity"
ROLE = "arn:aws:iam::444455556666:role/ops/rescue"
ASSUME = f"User: {EVA} is not authorized to perform: sts:AssumeRole on resource: {ROLE}"

CALLERS = [
    (f"$ {WHO} --query Arn --output text\n{JOB}\n$ aws s3 cp s3://b/k .\n{REFUSED}", JOB),
    (f'$ {WHO}\n{{\n  "Account": "444455556666",\n  "Arn": "{EVA}"\n}}\n$ aws s3 cp s3://b/k .\n{REFUSED}', EVA),
    (f"$ {WHO} --profile a\n{JOB}\n$ aws s3 cp s3://b/k .\n{REFUSED}", None),
    (f"$ {WHO}\n{JOB}\n$ export AWS_PROFILE=x\n$ aws s3 cp s3://b/k .\n{REFUSED}", None),
    (f"$ {WHO}\n{JOB}\n$ {WHO}\n{EVA}\n{REFUSED}", None),
    (f"{REFUSED}\nBenutzer: {EVA}", EVA),
    (f"{REFUSED}\n\u30e6\u30fc\u30b6\u30fc\uff1a{EVA}", EVA),
    (f"{REFUSED}\nCloudTrail of the denied call: userIdentity.arn = {JOB}", JOB),
    (f"{REFUSED}\ncreated by: {EVA}", None),
    (f"{REFUSED}\ncaller: {EVA}\ncaller: {JOB}", None),
]


@pytest.mark.parametrize(("text", "caller"), CALLERS)
def test_the_caller_is_who_the_text_says_called(text: str, caller: str | None) -> None:
    assert caller_in(text) == caller
    found = next(each for each in read_text(text) if isinstance(each, Denial))
    assert found.principal == caller


@pytest.mark.parametrize(
    "prompt",
    ["eva@jump:~$ aws s3 ls", "[eva@jump ~]$ ls", "~ $ env", "bash-5.2$ aws s3 ls", "PS C:\\Users\\eva> aws s3 ls",
     "root@4fd1:/# aws s3 ls", "$ aws s3 ls"],
)  # fmt: skip
def test_a_message_ends_before_a_prompt(prompt: str) -> None:
    found = read_text(f"{ASSUME}\n{prompt}\n")[0]
    assert isinstance(found, Denial)
    assert found.resource == ROLE


CUT = [
    ("dynamodb:BatchWri…", "dynamodb:BatchWriteItem"),
    ("ec2:DescribeInstanceTypeOff...", "ec2:DescribeInstanceTypeOfferings"),
    ("s3:Get…", "begins with s3:Get"),
]


@pytest.mark.parametrize(("action", "words"), CUT)
def test_a_cut_action_only_begins_so(action: str, words: str) -> None:
    found = read_text(f"User: {JOB} is not authorized to perform: {action} | retry 1/3")[0]
    said = collect_offline(found).verdict.summary
    assert "The line is cut off" in said
    assert words in said
    assert all("None of the caller's" not in look.cause for look in first_look(found))


BY_HAND = (
    '$ aws sts get-caller-identity --query Arn\n"arn:aws:sts::111122223333:assumed-role/artifacts/eks-pod"\n'
    "$ aws s3 cp /tmp/x s3://acme/x {}\n{}\n"
)


def test_an_identity_with_which_the_cli_works_need_not_be_that_of_another_program() -> None:
    assert caller_in(BY_HAND.format("  # works", "level=error msg=failed to put file: Access Denied.")) is None
    assert caller_in(BY_HAND.format("", "upload failed: An error occurred (AccessDenied): Access Denied")) is not None
