"""A program's own setting decides a denial: a call that it makes by default, or the credentials that it uses."""

from __future__ import annotations

import pytest

from iam.facts.program_settings import PROGRAM_SETTINGS
from tests.support.texts.answers import answer_to

RCLONE = (
    "rclone copy /data/a.tar store:archive-old/x/\n2025/06/01 10:00:00 ERROR : a.tar: Failed to copy: {}AccessDenied: "
    "Access Denied\n\tstatus code: 403, request id: 0A1B\n"
)
CREATE = (
    "User: arn:aws:iam::111122223333:user/{0} is not authorized to perform: s3:CreateBucket on resource: "
    '"arn:aws:s3:::{1}" because no identity-based policy allows the s3:CreateBucket action'
)
NEXTCLOUD = 'nextcloud.log: "message":"Creation of bucket \\"cloud-a\\" failed. '
MASTODON = (
    "Aws::S3::Errors::AccessDenied (Access Denied):\napp/models/media_attachment.rb:42\nmastodon-web method=POST\n"
)
BACKREST = (
    "ERROR: [039]: HTTP request failed with 403 (Forbidden): pgbackrest stanza-create\n{}\n<Message>User: arn:aws:sts::"
    "111122223333:assumed-role/{}/{} is not authorized to perform: s3:PutObject on resource: "
    '"arn:aws:s3:::pg/archive/a" because no identity-based policy allows the s3:PutObject action</Message>\n{}'
)
ANNOTATED = "eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/pg"


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        (RCLONE.format("failed to prepare upload: "), "set no_check_bucket = true"),
        (f"rclone sync a b:{CREATE.format('u', 'photos')}", "and do not allow s3:CreateBucket"),
        (RCLONE.format("failed to prepare upload: ") + "--s3-no-check-bucket", ""),
        (f"terraform apply: {CREATE.format('u', 'photos')}", ""),
    ],
)
def test_rclone_creates_the_bucket_of_an_upload(text: str, cause: str) -> None:
    assert cause in answer_to(text)
    assert ("no_check_bucket" in answer_to(text)) is bool(cause)


@pytest.mark.parametrize(
    ("policy", "lists"),
    [
        ('{"Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::cloud-a/*"}]}', True),
        ("", True),
        ('{"Statement":[{"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::cloud-a"}]}', False),
    ],
)
def test_nextcloud_creates_a_bucket_that_it_cannot_see(policy: str, lists: bool) -> None:
    answer = answer_to(f"{NEXTCLOUD}{CREATE.format('nc', 'cloud-a')}\n{policy}")
    assert ("only because it cannot see the bucket" in answer) is lists
    assert ("Allow s3:ListBucket on arn:aws:s3:::cloud-a" in answer) is lists


@pytest.mark.parametrize(
    ("more", "public"),
    [("S3_BUCKET=media", True), ("S3_PERMISSION=private", False), ("", True)],
)
def test_mastodon_uploads_with_a_public_acl(more: str, public: bool) -> None:
    assert ("needs s3:PutObjectAcl" in answer_to(MASTODON + more)) is public


@pytest.mark.parametrize(
    ("setting", "role", "session", "more", "kind"),
    [
        ("repo1-s3-key-type=auto", "nodes", "i-0a1b2c3d4e5f60718", ANNOTATED, "repo1-s3-key-type=web-id"),
        ("repo2-s3-key-type: auto", "nodes", "i-0a1b2c3d4e5f60718", "EKS Pod Identity", "repo2-s3-key-type=pod-id"),
        ("repo1-s3-key-type=auto", "db-host", "i-0a1b2c3d4e5f60718", "on a plain EC2 instance", ""),
        ("repo1-s3-key-type=auto", "pg", "botocore-1", ANNOTATED, ""),
        ("repo1-s3-key-type=web-id", "nodes", "i-0a1b2c3d4e5f60718", ANNOTATED, ""),
    ],
)
def test_pgbackrest_takes_the_nodes_role_in_a_pod(setting: str, role: str, session: str, more: str, kind: str) -> None:
    answer = answer_to(BACKREST.format(setting, role, session, more))
    assert kind in answer
    assert ("pgBackRest uses the instance's role" in answer) is bool(kind)


def test_each_setting_has_its_page() -> None:
    assert all(each.page.startswith("https://") for each in PROGRAM_SETTINGS)


KEDA = (
    "scale_handler keda error getting metric: User: arn:aws:sts::111122223333:assumed-role/scaler/1 is not authorized "
    "to perform: sqs:getqueueattributes on resource: arn:aws:sqs:eu-west-1:111122223333:jobs because no identity-based "
    "policy allows the sqs:getqueueattributes action\nkind: TriggerAuthentication\nspec:\n  podIdentity:\n    "
    "provider: aws\n"
)


@pytest.mark.parametrize(
    ("more", "operator"),
    [
        ("", True),
        ("    identityOwner: keda\n", True),
        ("    identityOwner: workload\n", False),
        ("    roleArn: arn:aws:iam::111122223333:role/jobs\n", False),
    ],
)
def test_keda_queries_with_its_operator_unless_told_otherwise(more: str, operator: bool) -> None:
    assert ("KEDA queries with its operator's role" in answer_to(KEDA + more)) is operator


PROWLER = "prowler aws {}\nAn error occurred (AccessDenied) when calling the PutObject operation: Access Denied"


@pytest.mark.parametrize(
    ("options", "by_the_role"),
    [
        ("-M csv -B reports -R arn:aws:iam::111122223333:role/Audit", True),
        ("--role arn:aws:iam::111122223333:role/Audit --output-bucket reports", True),
        ("-M csv -D reports -R arn:aws:iam::111122223333:role/Audit", False),
        ("-M csv -B reports", False),
    ],
)
def test_prowler_uploads_with_the_role_that_it_assumes(options: str, by_the_role: bool) -> None:
    assert ("prowler uploads its report with the role of -R" in answer_to(PROWLER.format(options))) is by_the_role
