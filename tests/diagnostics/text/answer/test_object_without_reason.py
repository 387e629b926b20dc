"""S3 refuses HeadObject without a reason: the answer depends on what the text shows about the object and policies."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

HEAD = "An error occurred (403) when calling the HeadObject operation: Forbidden\n"
ABSENT, OPEN = "Most likely the object does not exist", "The object may not exist: without s3:ListBucket on the bucket"
OTHER = "The object's owner is not the account whose buckets the text lists"
PAYS = "repeat the call with --request-payer requester"
OWNERS = (
    "$ aws s3api list-objects-v2 --bucket lake --prefix a/1 --fetch-owner --query 'Contents[].Owner.ID'\n[ \"{}\" ]\n"
    '$ aws s3api list-buckets --query Owner.ID\n"c02f"\n'
)


@pytest.mark.parametrize(
    ("around", "said"),
    [
        ("role warmer:\n  s3:GetObject, s3:PutObject on arn:aws:s3:::lake/*\n", ABSENT),
        ("# the role's policy:\n#   s3:GetObject, s3:PutObject  on arn:aws:s3:::lake/*\n", ABSENT),
        ("the role has s3:GetObject on the objects, the key is new\n", ABSENT),
        ("", OPEN),
        ("this public dataset is for everybody, and our role has AmazonS3ReadOnlyAccess\n", PAYS),
        ("Registry of Open Data says it is there; caller: AdministratorAccess\n", PAYS),
        ("our public data set, read with AdministratorAccess\n", OPEN),
        ("--request-payer requester is set; public dataset; AmazonS3FullAccess\n", OPEN),
        (OWNERS.format("7b1e"), OTHER),
    ],
)
def test_the_answer_to_a_head(around: str, said: str) -> None:
    (failure, *_) = read_text(f"{HEAD}{around}")
    assert said in collect_offline(failure).verdict.summary


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}{OWNERS.format('c02f')}",
        f"{HEAD}role warmer:\n  s3:GetObject on arn:aws:s3:::lake/*\n  s3:ListBucket on arn:aws:s3:::lake\n",
        f"{HEAD}the role has s3:* on arn:aws:s3:::lake/*\n",
        HEAD.replace("HeadObject", "GetObject").replace("403", "AccessDenied"),
        "$ aws s3 ls s3://lake/a/\n2026-01-01 10:00:00        120 1.csv\n$ aws s3 cp s3://lake/a/1.csv .\n" + HEAD,
    ],
)
def test_nothing_is_said_of_another_owner_or_of_a_missing_object(text: str) -> None:
    summary = collect_offline(read_text(text)[-1]).verdict.summary
    assert OTHER not in summary
    assert ABSENT not in summary


@pytest.mark.parametrize(
    ("bucket", "twice"),
    [
        ("arn:aws:s3:eu-west-1:111122223333:accesspoint/reports", True),
        ("reports-metabcdefghijkl-s3alias", True),
        ("reports-accesspoint", False),
    ],
)
def test_a_request_through_an_access_point_is_checked_twice(bucket: str, twice: bool) -> None:
    text = f"$ aws s3 cp s3://{bucket}/a.csv .\n{HEAD}"
    assert ("through an access point twice" in collect_offline(read_text(text)[0]).verdict.summary) is twice
