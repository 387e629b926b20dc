"""S3's bare "Access Denied", and the programs that say in their own words which call it refused."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.failure import Denial
from tests.support.denials.pasted import diagnosed

BARE = "An error occurred (AccessDenied) when calling the {} operation: Access Denied"
AMAZON = "com.amazonaws.services.s3.model.AmazonS3Exception: "
JAVA_1 = (
    "com.amazonaws.services.s3.model.AmazonS3Exception: {} (Service: Amazon S3; Status Code: 403; Error Code: {}; "
    "Request ID: 7R2M0ZB8ZC1ZQ5ZP; S3 Extended Request ID: kJ8=; Proxy: null)"
)
DENIED = JAVA_1.format("Access Denied", "AccessDenied")
JAVA_2 = (
    "software.amazon.awssdk.services.s3.model.S3Exception: Access Denied (Service: S3, Status Code: 403, Request ID: "
    "7R2M0ZB8ZC1ZQ5ZP, Extended Request ID: kJ8=)"
)
S3A = "java.nio.file.AccessDeniedException: "
FRAMES = (
    "\tat com.amazonaws.services.s3.AmazonS3Client.invoke(AmazonS3Client.java:5456)\n"
    "\tat com.amazonaws.services.s3.AmazonS3Client.{}(AmazonS3Client.java:1372)\n"
)


def denial(text: str) -> Denial:
    found = read_text(text)[0]
    assert isinstance(found, Denial)
    return found


@pytest.mark.parametrize(
    ("text", "action", "resource"),
    [
        (
            f"{S3A}s3a://lake/a.csv: getFileStatus on s3a://lake/a.csv: {JAVA_1.format('Forbidden', '403 Forbidden')}",
            "s3:GetObject",
            "arn:aws:s3:::lake/a.csv",
        ),
        (f"{S3A}getFileStatus on s3a://lake/raw: {DENIED}:AccessDenied", "s3:ListBucket", "arn:aws:s3:::lake"),
        (
            f"{S3A}getFileStatus on s3a://lake/raw: {AMAZON}Access Denied; request: HEAD "
            f"https://lake.s3.eu-west-1.amazonaws"
            ".com raw {} Hadoop 3.3.4; (Service: Amazon S3; Status Code: 403; Error Code: 403 Forbidden; Request ID: "
            "7R2M)",
            "s3:GetObject",
            "arn:aws:s3:::lake/raw",
        ),
        (f"{S3A}PUT 0-byte object  on out/_temporary/0: {DENIED}:AccessDenied", "s3:PutObject", None),
        (f"{S3A}delete on s3a://lake/out/_temporary: {JAVA_2}:AccessDenied", "s3:DeleteObject", None),
        (
            f"{S3A}x.csv: open s3a://lake/raw/x.csv at 0 on s3a://lake/raw/x.csv: {DENIED}:AccessDenied",
            "s3:GetObject",
            "arn:aws:s3:::lake/raw/x.csv",
        ),
        (f"{S3A}initiate MultiPartUpload on out/p.parquet: {JAVA_2}:AccessDenied", "s3:PutObject", None),
        (
            "org.apache.hadoop.fs.s3a.AWSS3IOException: delete on s3a://lake/out: "
            "com.amazonaws.services.s3.model.MultiObjectDeleteException: One or more objects could not be deleted "
            "(Service: null; Status Code: 200; Error Code: null; Request ID: 7R2M; S3 Extended Request ID: kJ8=)"
            ":null: AccessDenied: out/part-0: Access Denied",
            "s3:DeleteObject",
            None,
        ),
        (f"{DENIED}\n{FRAMES.format('getObjectMetadata')}", "s3:GetObject", None),
        (f"{DENIED}\n{FRAMES.format('initiateMultipartUpload')}", "s3:PutObject", None),
        (
            f"com.amazon.ws.emr.hadoop.fs.shaded.{DENIED}\n"
            "\tat com.amazon.ws.emr.hadoop.fs.s3.lite.call.ListObjectsV2Call.perform(ListObjectsV2Call.java:26)",
            "s3:ListBucket",
            None,
        ),
        (f"{S3A}innerMkdirs on s3a://lake/t/_delta_log: {DENIED}", "s3:PutObject", None),
        (
            "MetaException(message:Got exception: java.nio.file.AccessDeniedException lake: getFileStatus on lake: "
            "Access "
            "Denied (Service: Amazon S3; Status Code: 403; Error Code: AccessDenied; Request ID: 8N4Q))",
            "s3:ListBucket",
            None,
        ),
        (
            f"{DENIED}, S3 Extended Request ID: abc (Path: s3://raw/sales/part-0.parquet)",
            "s3:GetObject",
            "arn:aws:s3:::raw/sales/part-0.parquet",
        ),
        (f"PutS3Object[id=1] Failed to put FlowFile to Amazon S3 due to {DENIED}", "s3:PutObject", None),
        ('caller=sidecar.go:410 err="upload 01HTE: upload s3 object: Access Denied."', "s3:PutObject", None),
        (f"java.lang.IllegalStateException: delete on close failed\n{DENIED}", None, None),
    ],
)
def test_the_call_is_read_from_the_words_of_hadoop(text: str, action: str | None, resource: str | None) -> None:
    found = denial(text)
    assert (found.action, found.resource) == (action, resource)


def test_a_policy_without_the_call_of_s3a_is_the_cause() -> None:
    text = f"{S3A}delete on s3a://lake/out: {JAVA_2}:AccessDenied\nPolicy: s3:GetObject, s3:PutObject, s3:ListBucket."
    assert "does not allow s3:DeleteObject" in collect_offline(denial(text)).verdict.summary


@pytest.mark.parametrize(
    ("operation", "words"),
    [
        ("GetObject", "or the object does not exist"),
        ("PutObject", "what the upload sends"),
        ("CreateMultipartUpload", "what the upload sends"),
        ("DeleteObject", "not s3:DeleteObject"),
        ("CreateBucket", "tries to create the bucket"),
    ],
)
def test_a_bare_answer_has_the_usual_causes_of_its_action(operation: str, words: str) -> None:
    looks = collect_offline(denial(BARE.format(operation))).first_look
    assert words in looks[0].cause
    assert [look for look in looks[1:] if "compare that account" in look.cause] or operation == "CreateBucket"


def test_a_reason_that_s3_states_is_not_replaced() -> None:
    text = (
        "An error occurred (AccessDenied) when calling the GetObject operation: User: "
        "arn:aws:iam::111122223333:user/mo "
        'is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::lake/a" because no identity-based '
        "policy "
        "allows the s3:GetObject action"
    )
    answer = collect_offline(denial(text))
    assert not [look for look in answer.first_look if "or the object does not exist" in look.cause]


@pytest.mark.parametrize(
    "text",
    [
        "OSError: Generic S3 error: Error performing GET "
        "https://s3.eu-west-1.amazonaws.com/lake/_delta_log/_last_checkpoint "
        "in 84.3ms - Server returned non-2xx status code: 403 Forbidden: "
        "<Error><Code>AccessDenied</Code><Message>Access "
        "Denied</Message></Error>",
        'datalake.HTTPException: HTTP Error: HTTP GET error on "https://lake.s3.amazonaws.com/a.parquet" (HTTP 403)',
    ],
)
def test_an_address_in_a_programs_error_is_no_unsigned_link(text: str) -> None:
    causes = [look.cause for look in collect_offline(denial(text)).first_look]
    assert not any("has no signature" in each or "AWS's own words" in each for each in causes)
    assert "or the object does not exist" in causes[0]


@pytest.mark.parametrize(
    ("text", "of_s3a"),
    [
        (f"{S3A}getFileStatus on s3a://lake/raw: {JAVA_1.format('Forbidden', '403 Forbidden')}", True),
        (f"{S3A}getFileStatus on s3a://lake/raw: {DENIED}:AccessDenied", False),
        ("An error occurred (403) when calling the HeadObject operation: Forbidden", False),
    ],
)
def test_s3a_asks_for_the_headers_of_folders(text: str, of_s3a: bool) -> None:
    causes = " ".join(look.cause for look in collect_offline(denial(text)).first_look)
    assert ("headers of each path, also of a folder" in causes) is of_s3a


HAD = f"{S3A}innerMkdirs on s3a://lake/t: {DENIED}\nThe role allows s3:PutObject, s3:GetObject and s3:ListBucket.\n"


@pytest.mark.parametrize(
    ("around", "of_the_key"),
    [
        ("The bucket is KMS encrypted.", True),
        ("Default encryption: SSE-KMS with our customer managed key.", True),
        ("SSE-KMS; it also has kms:GenerateDataKey and kms:Decrypt.", False),
        ("The bucket uses SSE-S3.", False),
    ],
)
def test_a_key_that_no_action_of_the_text_covers_comes_first(around: str, of_the_key: bool) -> None:
    answer = collect_offline(denial(HAD + around))
    said = " ".join((answer.verdict.summary, *(look.cause for look in answer.first_look[:1])))
    assert ("Most likely the key is the cause" in said or "also needs kms:GenerateDataKey" in said) is of_the_key


@pytest.mark.parametrize(
    ("around", "encoded"),
    [
        ("key from the S3 event: 'in/Q1+sum+%282024%29.pdf', the role has s3:GetObject on arn:aws:s3:::in/*", True),
        ("Triggered by S3. Key: reports/a%20b.csv", True),
        ("S3 event, key reports/a.csv", False),
        ("key = unquote_plus(event key), event key: 'a+b.csv'", False),
        ("key: a%20b.csv", False),
    ],
)
def test_the_key_of_an_event_is_decoded_first(around: str, encoded: bool) -> None:
    causes = [look.cause for look in collect_offline(denial(f"{BARE.format('GetObject')}\n{around}")).first_look]
    assert any("have the key URL-encoded" in each for each in causes) is encoded


@pytest.mark.parametrize(
    ("around", "network"),
    [
        ("The bucket policy has a Deny unless aws:sourceVpce = vpce-0a1b2c3d4e5f60718.", True),
        (
            "The bucket's policy denies all access unless it comes through vpce-0a1b2c3d4e5f60718.",
            True,
        ),
        ("The bucket policy only allows our IP addresses.", True),
        ("The bucket policy allows the role arn:aws:iam::111122223333:role/etl.", False),
        ("We have a VPC endpoint for S3.", False),
    ],
)
def test_a_network_that_the_buckets_policy_requires_is_checked_first(around: str, network: bool) -> None:
    hive = f"MetaException(message:Got exception: java.io.IOException com.amazon.ws.emr.hadoop.fs.shaded.{DENIED})\n"
    causes = [look.cause for look in collect_offline(denial(hive + around)).first_look]
    assert any("admits only certain networks, as the text says" in each for each in causes) is network


@pytest.mark.parametrize(
    ("around", "foreign"),
    [
        ("The partner uploaded it from account 778899001122 into our bucket; ACLs enabled (ObjectWriter).", True),
        ("The partner uploaded it from account 778899001122 into our bucket; BucketOwnerEnforced.", False),
        ("Our job uploaded it; ACLs enabled (ObjectWriter).", False),
    ],
)
def test_an_object_of_another_account_is_that_accounts(around: str, foreign: bool) -> None:
    text = f"An error occurred (403) when calling the HeadObject operation: Forbidden\n{around}"
    causes = [look.cause for look in collect_offline(denial(text)).first_look]
    assert any("belong to the account that uploaded them" in each for each in causes) is foreign


@pytest.mark.parametrize(
    ("around", "demanded"),
    [
        ("The bucket policy requires an aws:kms encryption header.", True),
        ("The bucket policy denies uploads without server-side-encryption.", True),
        ("The bucket policy allows the role.", False),
    ],
)
def test_a_header_that_the_policy_demands_is_sent(around: str, demanded: bool) -> None:
    text = (
        f"Failed to put FlowFile to Amazon S3 due to {DENIED}\nThe user has s3:PutObject on arn:aws:s3:::in/*. {around}"
    )
    causes = [look.cause for look in collect_offline(denial(text)).first_look]
    assert any("demands encryption in the request" in each for each in causes) is demanded


@pytest.mark.parametrize(
    ("around", "tagged"),
    [
        ("All files with tags fail, others work.", True),
        ("It is denied for objects that have tags.", True),
        ("All files fail.", False),
        ("Only tagged files fail although the role has s3:GetObjectTagging.", False),
    ],
)
def test_a_copy_takes_tags_along(around: str, tagged: bool) -> None:
    looks = collect_offline(denial(f"{BARE.format('CopyObject')}\n{around}")).first_look
    assert any("only objects with tags fail" in look.cause for look in looks) is tagged


@pytest.mark.parametrize(
    ("bucket", "around", "named"),
    [
        ("ml-data", "execution role: AmazonSageMakerFullAccess", True),
        ("my-sagemaker-data", "execution role: AmazonSageMakerFullAccess", False),
        ("ml-data", "role: AmazonSageMakerFullAccess and AmazonS3ReadOnlyAccess", False),
        ("ml-data", "role: AWSGlueServiceRole", True),
        ("ml-data", "role: AdministratorAccess", False),
    ],
)
def test_a_managed_policy_for_certain_buckets_covers_no_other(bucket: str, around: str, named: bool) -> None:
    text = (
        f'pd.read_csv("s3://{bucket}/train.csv")\nbotocore.exceptions.ClientError: An error occurred (403) when '
        f"calling the HeadObject operation: Forbidden\n{around}"
    )
    causes = [look.cause for look in collect_offline(denial(text)).first_look]
    assert any(f"arn:aws:s3:::{bucket}/* to the role" in each for each in causes) is named


@pytest.mark.parametrize(
    ("settings", "left"),
    [
        ("fs.native-s3.enabled=true\nhive.s3.iam-role=arn:aws:iam::111122223333:role/wh", True),
        ("fs.native-s3.enabled=true\ns3.iam-role=arn:aws:iam::111122223333:role/wh", False),
        ("hive.s3.iam-role=arn:aws:iam::111122223333:role/wh", False),
    ],
)
def test_settings_of_trinos_old_client_are_named(settings: str, left: bool) -> None:
    text = f"io.trino.spi.TrinoException: Failed to list location: s3://wh/db\nCaused by: {JAVA_2}\n{settings}"
    causes = [look.cause for look in collect_offline(denial(text)).first_look]
    assert any("Rename hive.s3.iam-role" in each for each in causes) is left


GET_DENIED = "An error occurred (AccessDenied) when calling the GetObject operation: Access Denied\n"


@pytest.mark.parametrize(
    "text",
    [
        f"{GET_DENIED}The vendor (account 111122223333) uploads the files to our bucket; ours are fine.",
        f"{GET_DENIED}Account 111122223333 writes into our bucket. Only for those objects it fails. Object Writer.",
        "User: arn:aws:sts::777788889999:assumed-role/audit/x is not authorized to perform: s3:GetObject on resource: "
        '"arn:aws:s3:::shared/b" because no resource-based policy allows the s3:GetObject action\nIt was uploaded by '
        "account 444455556666. ObjectOwnership: ObjectWriter",
    ],
)
def test_objects_of_another_uploader_belong_to_it(text: str) -> None:
    looks = diagnosed(text).first_look
    assert any("belong to the account that uploaded them" in each.cause for each in looks)


@pytest.mark.parametrize(
    "text",
    [
        f"{GET_DENIED}The vendor (account 111122223333) uploads to our bucket (BucketOwnerEnforced); ours are fine.",
        f"{GET_DENIED}The vendor has read access to our bucket.",
    ],
)
def test_without_acls_no_object_belongs_to_its_uploader(text: str) -> None:
    assert all("belong to the account" not in each.cause for each in diagnosed(text).first_look)


@pytest.mark.parametrize("sent", ["We upload to the vendor's bucket", "Every night we copy files to their bucket"])
def test_objects_in_the_bucket_of_another_account_belong_to_the_uploader(sent: str) -> None:
    text = f"{GET_DENIED}{sent}, and they cannot open our objects. Their bucket is set to Object Writer."
    assert any("Upload with --acl bucket-owner-full-control" in each.cause for each in diagnosed(text).first_look)


@pytest.mark.parametrize(
    ("call", "first"),
    [
        ('dd.read_csv("s3://lake/raw/x_*.csv", storage_options={"anon": True})', "the requests are anonymous"),
        ("spark.read.csv('s3a://lake/raw/x_*.csv')", "the caller needs s3:ListBucket on arn:aws:s3:::lake,"),
        ("spark.read.csv('s3a://lake/raw/x_1.csv')", None),
    ],
)
def test_an_asterisk_lists_the_bucket(call: str, first: str | None) -> None:
    causes = [look.cause for look in diagnosed(f"{call}\n{BARE.format('ListObjectsV2')}").first_look]
    assert (first in causes[0]) if first else not any("makes the program list" in each for each in causes)
