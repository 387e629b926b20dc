"""Refusals that a program reports by the HTTP status alone."""

from __future__ import annotations

import pytest

from diagnostics.failure import Denial, OtherFailure
from diagnostics.text.read.parse import parse

JAVA = "software.amazon.awssdk.services.s3.model.S3Exception: (Service: S3, Status Code: 403, Request ID: A)"
KEY = "arn:aws:s3:::lake/data/x.parquet"


@pytest.mark.parametrize(
    ("text", "action", "resource"),
    [
        (f"{JAVA}\n\tat software.amazon.awssdk.services.s3.DefaultS3Client.headObject(x.java:1)",
         "s3:GetObject", None),
        (f"{JAVA}\n\tat software.amazon.awssdk.services.s3.DefaultS3Client.headBucket(x.java:1)",
         "s3:ListBucket", None),
        ("Aws::S3::Errors::Forbidden (Aws::S3::Errors::Forbidden)\n  app/x.rb:10:in `head_object'",
         "s3:GetObject", None),
        ("Error performing GET https://s3.eu-west-1.amazonaws.com/lake/data/x.parquet in 37ms - Server returned "
         "non-2xx status code: 403 Forbidden: <Error><Code>AccessDenied</Code></Error>", "s3:GetObject", KEY),
        ("source: Error performing LIST https://lake.s3.us-east-1.amazonaws.com?list-type=2: Client error with status "
         "403 Forbidden: No Body", "s3:ListBucket", "arn:aws:s3:::lake"),
        ("HTTP Error: HTTP GET error on 'https://lake.s3.amazonaws.com/data/x.parquet' (HTTP 403)",
         "s3:GetObject", KEY),
        ("Error performing GET https://lake.s3.cn-north-1.amazonaws.com.cn/data/x.parquet in 37ms - Server returned "
         "non-2xx status code: 403 Forbidden", "s3:GetObject", KEY.replace("arn:aws:", "arn:aws-cn:")),
        ("HTTP Error: HTTP GET error on 's3://lake/data/x.parquet' (HTTP 403) "
         "as arn:aws-us-gov:iam::111122223333:role/x",
         "s3:GetObject", KEY.replace("arn:aws:", "arn:aws-us-gov:")),
        ("HTTP Error: HTTP GET error on 'https://lake.s3.amazonaws.com/?list-type=2&prefix=data%2F' (HTTP "
         "403)", "s3:ListBucket", "arn:aws:s3:::lake"),
        ("Code: 499. DB::Exception: Failed to get object info: No response body.. HTTP response code: 403: while "
         "reading data/x.parquet (S3_ERROR) s3('https://lake.s3.eu-west-1.amazonaws.com/data/x.parquet')",
         "s3:GetObject", KEY),
        ("IO Error: Failed to read 's3://lake/data/x.parquet' Error: HTTP 403 Forbidden", None, KEY),
    ],
)  # fmt: skip
def test_the_status_and_the_method_are_a_refusal(text: str, action: str | None, resource: str | None) -> None:
    (failure,) = parse(text)
    assert isinstance(failure, Denial)
    assert (failure.action, failure.resource, failure.principal) == (action, resource, None)


@pytest.mark.parametrize(
    "text",
    [
        "HTTP 403 Forbidden from https://internal.shop.example/report",
        "requests.exceptions.HTTPError: 403 Client Error: Forbidden for url: https://api.github.com/repos/a/b",
        "status code: 403, the badge reader is broken",
    ],
)
def test_another_servers_403_is_none_of_awss(text: str) -> None:
    assert all(isinstance(failure, OtherFailure) for failure in parse(text))


@pytest.mark.parametrize(
    ("operation", "address", "resource"),
    [
        ("GetBucketLocation", "https://film-media.s3.amazonaws.com/?location", "arn:aws:s3:::film-media"),
        ("PutObject", "https://s3.eu-west-1.amazonaws.com/film-media/a/b.jpg", "arn:aws:s3:::film-media/a/b.jpg"),
        (
            "GetObject",
            "https://film-media.s3.cn-north-1.amazonaws.com.cn/a.jpg",
            "arn:aws-cn:s3:::film-media/a.jpg",
        ),
        ("ListTopics", "https://sns.eu-west-1.amazonaws.com", None),
    ],
)
def test_the_address_of_the_sdk_for_php_names_the_resource(operation: str, address: str, resource: str | None) -> None:
    denial, *_ = parse(
        f'Error executing "{operation}" on "{address}"; AWS HTTP error: Client error: `GET {address}` resulted in a '
        "`403 Forbidden` response: AccessDenied (client): Access Denied"
    )
    assert isinstance(denial, Denial)
    assert denial.resource == resource


@pytest.mark.parametrize(
    "text",
    [
        "ERROR Forbidden: null\n    at Request.extractError (/var/task/node_modules/aws-sdk/lib/services/s3.js:711:35)",
        "S3Exception: Service returned error code 403: Forbidden, Error type: Unknown, Protocol response: HTTP 403 "
        "Forbidden\n    at "
        "aws.sdk.kotlin.services.s3.serde.HeadObjectOperationDeserializerKt.throwHeadObjectError(A.kt:1)",
    ],
)
def test_a_head_request_that_an_sdk_prints_without_a_code_is_read(text: str) -> None:
    denial, *_ = parse(text)
    assert isinstance(denial, Denial)
    assert (denial.action, denial.operation) == ("s3:GetObject", "HeadObject")


def test_a_forbidden_null_of_another_service_is_no_head_request() -> None:
    denial, *_ = parse("code: 'Forbidden' Forbidden: null at services/sqs.js AccessDenied")
    assert not isinstance(denial, Denial) or denial.operation is None
