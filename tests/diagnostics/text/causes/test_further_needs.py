"""The call needs a further action by what it sets, and the text's list of actions lacks it."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import causes, diagnosed

PUT = "An error occurred (AccessDenied) when calling the PutObject operation: Access Denied\n"
PART = "operation error S3: UploadPart, https response error StatusCode: 403, api error AccessDenied: Access Denied\n"
KEY = "key arn:aws:kms:eu-west-1:444455556666:key/1111"


@pytest.mark.parametrize(
    ("text", "action"),
    [
        (f"{PUT}aws s3api put-object --bucket b --key k --tagging team=x\nmay do: s3:PutObject", "s3:PutObjectTagging"),
        (f"{PUT}Actions of the role: s3:PutObject, s3:ListBucket\nput_object(Tagging='a=b')", "s3:PutObjectTagging"),
        (f"{PUT}s3:PutObject on b/*\nput_object(ACL='bucket-owner-full-control')", "s3:PutObjectAcl"),
        (f"{PUT}s3:PutObject on b/*\n    canned_acl      bucket-owner-full-control", "s3:PutObjectAcl"),
        (f"{PUT}s3:PutObject on b/*\nAWS_DEFAULT_ACL = 'public-read'", "s3:PutObjectAcl"),
        (f"{PART}s3:PutObject, kms:GenerateDataKey\nbucket encrypted with {KEY}", "kms:Decrypt"),
        (f"{PART}s3:PutObject on b/*\nServerSideEncryption=aws:kms", "kms:Decrypt"),
    ],
)
def test_the_action_that_the_list_lacks_is_named(text: str, action: str) -> None:
    assert f"and not {action}, which the call needs too" in causes(text)[0]


@pytest.mark.parametrize(
    "text",
    [
        f"{PUT}may do: s3:PutObject, s3:PutObjectTagging\n--tagging team=x",
        f"{PUT}may do: s3:PutObject\nno tags on anything",
        f"{PUT}may do: s3:GetObject\n--tagging team=x",
        f'{PUT}may do: s3:PutObject\nresource "aws_s3_bucket" "b" {{\n  acl = "private"\n  tags = {{ a = "b" }}\n}}',
        f"{PART}s3:PutObject, kms:GenerateDataKey, kms:Decrypt\n{KEY}",
        f"{PART}s3:PutObject\nno encryption but S3's own",
        f"{PUT}s3:PutObject\n{KEY}",
    ],
)
def test_a_list_that_has_it_and_a_call_that_sets_nothing_are_left_alone(text: str) -> None:
    assert "which the call needs too" not in " ".join(causes(text))


def test_what_the_call_lacks_comes_before_whose_permissions_a_program_uses() -> None:
    text = (
        f"Velero: error putting object b/x.gz: {PUT}  config:\n    tagging: team=x\nmay do: s3:PutObject, s3:GetObject"
    )
    assert causes(text)[0].startswith("Allow s3:PutObjectTagging")
    assert not causes(text.replace("tagging:", "region:"))[0].startswith("Allow")


UPLOADER = (
    f'{PUT}config:\n  tagging: "a=b"\n'
    '{"Statement": [{"Effect": "Allow", "Action": %s, "Resource": "arn:aws:s3:::backups/*"}]}'
)


@pytest.mark.parametrize(
    ("actions", "lacks"),
    [
        ('["s3:PutObject", "s3:GetObject"]', True),
        ('["s3:PutObject", "s3:PutObjectTagging"]', False),
        ('["s3:PutObject*"]', False),
        ('["s3:GetObject"]', False),
    ],
)
def test_what_a_setting_requires_is_looked_for_in_the_policy(actions: str, lacks: bool) -> None:
    answer = diagnosed(UPLOADER % actions)
    assert answer.verdict.summary.startswith("Allow s3:PutObjectTagging on arn:aws:s3:::backups/*") is lacks
