"""Sentences about databases and backups: what the rest of the text decides, and texts that only resemble them."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.text.read.messages.service_sentences import sentence_in

EXPORT = (
    "ERROR:  could not upload to Amazon S3\nDETAIL:  Amazon S3 client returned 'Access Denied'.\n"
    'CONTEXT:  SQL function "query_export_to_s3" statement 1\n'
)
ROLES = '"AssociatedRoles": [{"RoleArn": "arn:aws:iam::444455556666:role/db", "FeatureName": "%s", "Status": "ACTIVE"}]'
VAULT = "arn:aws:backup:eu-central-1:444455556666:backup-vault:dr"


def answer(text: str) -> str:
    diagnoses = [collect_offline(failure) for failure in read_text(text)]
    return "\n".join(f"{each.verdict.summary} {' '.join(look.cause for look in each.first_look)}" for each in diagnoses)


KEYSPACES = (
    'cqlsh cassandra.us-east-1.amazonaws.com 9142 --ssl\ncode=2100 [Unauthorized] message="User '
    'arn:aws:iam::444455556666:user/load has no permissions."\n'
)
REGIONS = '{"Condition": {"StringEquals": {"aws:RequestedRegion": %s}}}'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (EXPORT + ROLES % "s3Import", "shows a role for s3Import only"),
        (EXPORT + ROLES % "Lambda", "A role for Lambda is not used"),
        (EXPORT + '"AssociatedRoles": []', "has no role at all"),
        (EXPORT + ROLES % "s3Export", "s3Export needs s3:PutObject"),
        (f"Access Denied trying to call AWS Backup service\nsource 111122223333, destination {VAULT}",
         f"let the access policy of {VAULT} allow the source account"),
        (f"Access Denied trying to call AWS Backup service\nSource vault: {VAULT}-a\nDestination: {VAULT}",
         f"let the access policy of {VAULT} allow the source account"),
        (f"Access Denied trying to call AWS Backup service\nSource vault: {VAULT}", "In the destination account, let"),
        ("copy to the vault dr failed: Access Denied trying to call AWS Backup service", "aws:PrincipalOrgID"),
        ("cassandra.Unauthorized: Error from server: code=2100 [Unauthorized] message=\"User "
         "arn:aws:iam::444455556666:user/load has no permissions.\"\nkeyspace: shop table: orders",
         "/keyspace/shop/table/orders"),
        (KEYSPACES + REGIONS % '"eu-west-1"', "to the endpoint of eu-west-1"),
        (KEYSPACES + "Condition: StringEquals aws:RequestedRegion eu-central-1", "call went to us-east-1"),
        (KEYSPACES.replace("us-east-1", "ap-south-1") + REGIONS % '["us-east-1"]', "call went to ap-south-1"),
        (KEYSPACES + REGIONS % '"us-east-1"', "names neither the action"),
        (KEYSPACES + REGIONS % '["eu-west-1", "us-east-1"]', "names neither the action"),
        ("com.datastax.oss.driver.api.core.servererrors.UnauthorizedException: User "
         "arn:aws:sts::444455556666:assumed-role/etl/x has no permissions.", "cassandra:Modify to write"),
    ],
)  # fmt: skip
def test_the_text_decides_what_is_missing(text: str, said: str) -> None:
    assert said in answer(text)


@pytest.mark.parametrize(
    "text",
    [
        "User hugo has no permissions.",
        "ERROR:  could not upload to Amazon S3\nDETAIL:  Amazon S3 client returned 'Unable to connect to endpoint'.",
        "Unauthorized: User load has no CREATE permission on <all keyspaces> or any of its parents",
        "AWS Backup copied both accounts of the same organization",
    ],
)
def test_what_only_resembles_a_sentence_is_not_read_as_one(text: str) -> None:
    assert sentence_in(text) is None
