"""A block is about what a program printed as an error, and not about what is asked, changed or coded beside it."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.failure import Denial, OtherFailure, Trouble
from diagnostics.text.read.not_the_failure.lines_without_failure import own_error, stated_part, without_material

CALLER = "arn:aws:sts::551204417730:assumed-role/loader/i-0a"


def refused(action: str, resource: str = "") -> str:
    on = f" on resource: {resource}" if resource else ""
    name = action.partition(":")[2]
    return (
        f"An error occurred (AccessDeniedException) when calling the {name} operation: User: {CALLER} is not "
        f"authorized to perform: {action}{on} because no identity-based policy allows the {action} action"
    )


BESIDE = {
    "source code": (
        'except ClientError as e:\n    if e.response["Error"]["Code"] in ("AccessDenied", "Forbidden"):\n'
        '        raise PermissionError("role lacks s3:GetObject on the bucket") from e',
        "kms:Decrypt",
    ),
    "a diff": (
        "diff --git a/app.tf b/app.tf\n@@ -10,6 +10,8 @@\n-  dynamodb:GetItem  # access denied without it\n"
        "+  # not authorized to perform: dynamodb:Scan is intended\n$ terraform apply",
        "dynamodb:DescribeTable",
    ),
    "a plan": (
        '  # aws_iam_role_policy.app will be updated in-place\n  ~ resource "aws_iam_role_policy" "app" {\n'
        '      + Action = ["s3:GetObject", "s3:PutObject"]\n'
        '      + StringEquals = { "aws:PrincipalTag/team" = "denied-list" }\n    }\n'
        "Plan: 2 to add, 9 to change, 1 to destroy.",
        "ssm:GetParameter",
    ),
    "a pull request": (
        'PR #88: "Fixes AccessDenied on s3:GetObject by adding s3:ListBucket"\nmerged. tonight:',
        "secretsmanager:GetSecretValue",
    ),
    "a log of commits": (
        "$ git log --oneline -2\n9f31c2a fix: AccessDenied, the worker needs kms:Decrypt\n1b22d10 chore: bump",
        "sqs:CreateQueue",
    ),
    "a comment of code": (
        'resource "aws_iam_role_policy" "x" {\n  policy = data.x.json # TODO: without kms:Decrypt -> AccessDenied\n}',
        "s3:GetBucketAcl",
    ),
    "source that is searched": (
        '$ grep -r "not authorized" src/\nsrc/e.py:12: X = "User is not authorized to perform: sqs:SendMessage"',
        "sns:Publish",
    ),
    "another page's answer": (
        'SO answer with 214 upvotes says for "(AccessDenied) when calling the ListObjectsV2 operation" you need '
        "s3:ListBucket on the bucket arn.",
        "ecr:DescribeRepositories",
    ),
    "the author's words": ("so our role lacks s3:PutObject, right?", "glue:GetTable"),
}


@pytest.mark.parametrize(("material", "action"), BESIDE.values(), ids=BESIDE)
@pytest.mark.parametrize("first", [True, False])
def test_material_beside_a_failure_is_none(material: str, action: str, first: bool) -> None:
    error = refused(action)
    (failure,) = read_text(f"{material}\n\n{error}" if first else f"{error}\n\n{material}")
    assert isinstance(failure, Denial)
    assert (failure.action, failure.principal) == (action, CALLER)


OTHERS = {
    "an expired key": (
        "An error occurred (ExpiredToken) when calling the GetCallerIdentity operation: The security token included in "
        "the request is expired\n\nmy lead says the role needs sts:GetCallerIdentity, should I add it?",
        Trouble.CREDENTIALS,
    ),
    "a quota": (
        'Resource handler returned message: "Cannot exceed quota for PoliciesPerRole: 10 (Service: Iam, Status Code: '
        '409, Request ID: x)"\n\nexec role has iam:AttachRolePolicy on *, verified. denied because of boundary?',
        Trouble.QUOTA,
    ),
    "throttling": (
        "ThrottlingException: Rate exceeded status code: 400, request id: 0e4f\n\nwe scaled from 4 to 400. exec role "
        "AccessDenied somehow? can someone widen ecsTaskExecutionRole",
        Trouble.THROTTLING,
    ),
    "a name": (
        "An error occurred (InvalidBucketName) when calling the CreateBucket operation: The specified bucket is not "
        "valid.\n\nthe policy lacks s3:CreateBucket on it, right?",
        Trouble.UNRECOGNIZED,
    ),
    "a command that is missing": (
        "deploy.sh: line 4: aws: command not found\ndev says the jenkins role needs codedeploy:CreateDeployment, ok?",
        Trouble.UNRECOGNIZED,
    ),
    "notes of a release": (
        "CHANGELOG 2.4.0\n- fix AccessDenied when the role lacks s3:ListBucket\n\nafter the upgrade:\n"
        "Error: unknown flag: --bucket-region",
        Trouble.UNRECOGNIZED,
    ),
    "a program's own error": (
        "// returns AccessDenied when the caller lacks s3:GetObject\nTypeError: Cannot read properties of undefined",
        Trouble.UNRECOGNIZED,
    ),
}


@pytest.mark.parametrize(("text", "trouble"), OTHERS.values(), ids=OTHERS)
def test_no_refusal_is_made_of_words_beside_another_failure(text: str, trouble: Trouble) -> None:
    (failure,) = read_text(text)
    assert isinstance(failure, OtherFailure)
    assert failure.trouble is trouble
    summary = collect_offline(failure).verdict.summary
    assert "lacks" not in summary
    assert "needs s" not in summary


def test_what_a_program_printed_counts_in_a_comment_too() -> None:
    line = "# CloudTrail: RunInstances Client.UnauthorizedOperation with an explicit deny in a service control policy"
    assert without_material(f"{line}\nwhat is it?").startswith(line)
    assert not without_material("# fails without kms:Decrypt\nERROR x").startswith("#")


STAYS = (
    "role importer is not allowed to do s3:GetObject on the bucket oak-in, why?",
    "we get AccessDenied for s3:PutObject on oak-in\nand nothing else, any idea?",
    "Access denied. Ensure that the role importer has s3:GetObject.\n\nis that so?",
)


@pytest.mark.parametrize("text", STAYS)
def test_a_refusal_that_is_only_told_is_explained(text: str) -> None:
    assert all(isinstance(each, Denial) for each in read_text(text))


def test_places_stay_and_the_text_is_unchanged_without_material() -> None:
    text = f"what is it?\n{refused('s3:GetObject')}"
    assert len(without_material(text)) == len(text)
    assert stated_part("what is denied?\nall is well") == "what is denied?\nall is well"
    assert without_material("2026-11-30 ERROR denied\nexit 1") == "2026-11-30 ERROR denied\nexit 1"


def test_a_refusal_is_no_error_of_another_kind() -> None:
    assert own_error("Error: no such plugin")
    assert not own_error("Error: access denied")
