"""Two resources that may have been meant to be one."""

from __future__ import annotations

import pytest

from diagnostics.text.near_pairs.similarity import Resemblance, resemblance
from tests.support.denials.pasted import allow, diagnosed, no_identity, policy

ACCOUNT = "210987654321"
S3 = "arn:aws:s3:::"
TABLE = f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table"
ROLE = f"arn:aws:iam::{ACCOUNT}:role"
LOGS = f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:"
SECRET = f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:"
FUNCTION = f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function"
SQS = f"arn:aws:sqs:eu-west-1:{ACCOUNT}:"

ALIKE = {
    "a letter less": (f"{S3}corp-flowlog/a", [f"{S3}corp-flowlogs", f"{S3}corp-flowlogs/*"], "name", "corp-flowlogs"),
    "two letters swapped": (f"{SECRET}mail-stmp-AbCdEf", [f"{SECRET}mail-smtp-*"], "name", "mail-smtp-"),
    "a dash more": (f"{LOGS}/app/foo-bar:log-stream:x", [f"{LOGS}/app/foobar:*"], "name", "app/foobar"),
    "a suffix more": (f"{SQS}orders-dlq", [f"{SQS}orders"], "name", "orders"),
    "another Region": (f"{TABLE}/a".replace("eu-west-1", "us-east-1"), [f"{TABLE}/a"], "Region", "eu-west-1"),
    "another account": (f"{TABLE}/a".replace(ACCOUNT, "111122223333"), [f"{TABLE}/*"], "account", ACCOUNT),
    "another case": (f"{TABLE}/Orders", [f"{TABLE}/orders"], "letter case", "table/orders"),
    "an alias": (f"{FUNCTION}:rates", [f"{FUNCTION}:rates:live"], "alias or version", "function:rates:live"),
    "a path": (f"{ROLE}/deploy", [f"{ROLE}/ci/deploy"], "path", "role/ci/deploy"),
}
TWO = {
    "an object of the bucket": (f"{S3}ledger/a", [f"{S3}ledger"]),
    "an index of the table": (f"{TABLE}/orders/index/x", [f"{TABLE}/orders"]),
    "a secret with AWS's letters": (f"{SECRET}prod/db-AbCdEf", [f"{SECRET}prod/db"]),
    "a number": (f"{S3}lake-1/a", [f"{S3}lake-2/*"]),
    "a part of one letter": (f"{S3}team-b-inbox/a", [f"{S3}team-a-*"]),
    "other names": (f"{S3}invoices/a", [f"{S3}payroll/*"]),
    "another pattern": (f"{ROLE}/cdk-x-eu-west-1", [f"{ROLE}/cdk-*-us-east-1"]),
    "another type": (f"{TABLE}/orders", [f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:stream/orders"]),
    "another service": (f"{SQS}orders", [f"arn:aws:sns:eu-west-1:{ACCOUNT}:orders"]),
    "a build project's log group": (f"{LOGS}/aws/codebuild/shop-pr:log-stream:x", [f"{LOGS}/aws/codebuild/shop:*"]),
    "a function's log group": (f"{LOGS}/aws/lambda/mailer-eu:log-stream:x", [f"{LOGS}/aws/lambda/mailer:*"]),
    "every alias of a function": (
        f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:report",
        [f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:report:*"],
    ),
    "no ARN": ("*", ["*"]),
}


@pytest.mark.parametrize(("asked", "written", "part", "has"), ALIKE.values(), ids=ALIKE)
def test_one_name_in_two_spellings_is_seen(asked: str, written: list[str], part: str, has: str) -> None:
    found = resemblance(asked, written)
    assert isinstance(found, Resemblance)
    assert (found.part, found.written) == (part, has)
    assert found.asked in asked


@pytest.mark.parametrize(("asked", "written"), TWO.values(), ids=TWO)
def test_two_resources_are_two(asked: str, written: list[str]) -> None:
    assert resemblance(asked, written) is None


@pytest.mark.parametrize(("asked", "written", "part", "has"), ALIKE.values(), ids=ALIKE)
def test_a_policy_is_not_widened_for_a_name_that_may_be_a_slip(
    asked: str, written: list[str], part: str, has: str
) -> None:
    action = {
        "s3": "s3:GetObject",
        "secretsmanager": "secretsmanager:GetSecretValue",
        "logs": "logs:PutLogEvents",
        "sqs": "sqs:SendMessage",
        "dynamodb": "dynamodb:PutItem",
        "iam": "iam:PassRole",
        "lambda": "lambda:InvokeFunction",
    }[asked.split(":")[2]]
    answer = diagnosed(f"{no_identity(action, asked)}\n{policy(allow(action, written))}")
    assert answer.verdict.cause == "identity.resource-mismatch"
    assert f"Compare {has} with " in answer.verdict.summary
    (fix,) = answer.fixes
    assert fix.title.startswith(f"Find out which {part} is correct")
    assert "Effect" not in str(fix.change)


def test_a_table_that_the_kinesis_client_derives_is_no_misspelling() -> None:
    table = "arn:aws:dynamodb:us-west-2:111122223333:table/clicks"
    assert resemblance(f"{table}-CoordinatorState", [table]) is None
    assert resemblance(f"{table}-archive", [table]) is not None
