"""A function's permission for one resource does not let another resource invoke the function."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import diagnosed

ROTATION = (
    "Error: creating Secrets Manager Secret Rotation (arn:aws:secretsmanager:eu-west-1:111122223333:secret:pg-AbCdEf): "
    "operation error Secrets Manager: RotateSecret, api error AccessDeniedException: Secrets Manager cannot invoke the "
    "specified Lambda function. Ensure that the function policy grants access to the principal "
    "secretsmanager.amazonaws.com.\n\n  with aws_secretsmanager_secret_rotation.pg,\n  on main.tf line 9\n"
)
NOTIFICATION = (
    "Error: creating S3 Bucket (acme-in) Notification: operation error S3: PutBucketNotificationConfiguration, api "
    "error InvalidArgument: Unable to validate the following destination configurations\n\n  with "
    "module.files[0].aws_s3_bucket_notification.inbox,\n  on s3.tf line 12\n"
)
ROTATES = """resource "aws_secretsmanager_secret_rotation" "pg" {
  secret_id           = aws_secretsmanager_secret.pg.id
  rotation_lambda_arn = aws_lambda_function.rotate.arn
  rotation_rules { automatically_after_days = 7 }
}
"""
NOTIFIES = """resource "aws_s3_bucket_notification" "inbox" {
  bucket = aws_s3_bucket.inbox.id
  lambda_function {
    lambda_function_arn = aws_lambda_function.thumbs.arn
    events              = ["s3:ObjectCreated:*"]
  }
}
"""


def permission(label: str, function: str, service: str, source: str) -> str:
    return (
        f'resource "aws_lambda_permission" "{label}" {{\n  action = "lambda:InvokeFunction"\n'
        f'  function_name = aws_lambda_function.{function}.arn\n  principal = "{service}.amazonaws.com"\n'
        f"  source_arn = {source}\n}}\n"
    )


OF_MYSQL = permission("rotate", "rotate", "secretsmanager", "aws_secretsmanager_secret.mysql.arn")
OF_PG = permission("rotate", "rotate", "secretsmanager", "aws_secretsmanager_secret.pg.arn")
SECOND = permission("pg", "rotate", "secretsmanager", "aws_secretsmanager_secret.pg.arn")
OF_OUTBOX = permission("s3", "thumbs", "s3", '"${aws_s3_bucket.outbox.arn}"')


@pytest.mark.parametrize(
    ("text", "change"),
    [
        (
            f"{ROTATION}{OF_MYSQL}{ROTATES}",
            "aws_lambda_permission.rotate to aws_secretsmanager_secret.pg.arn:",
        ),
        (
            f"{NOTIFICATION}{NOTIFIES}{OF_OUTBOX}",
            "aws_lambda_permission.s3 to aws_s3_bucket.inbox.arn:",
        ),
        # The permission is for this secret, a second one is, or it is one of another function or of no reference.
        (f"{ROTATION}{OF_PG}{ROTATES}", ""),
        (f"{ROTATION}{OF_MYSQL}{ROTATES}{SECOND}", ""),
        (f"{ROTATION}{OF_MYSQL.replace('lambda_function.rotate', 'lambda_function.other')}{ROTATES}", ""),
        (f"{ROTATION}{OF_MYSQL.replace('aws_secretsmanager_secret.mysql.arn', 'var.secret_arn')}{ROTATES}", ""),
        (f"{ROTATION}{OF_MYSQL}", ""),
    ],
)
def test_a_permission_for_another_source_is_compared_with_the_failed_resource(text: str, change: str) -> None:
    summary = diagnosed(text).verdict.summary
    assert change in summary if change else "source_arn of" not in summary
