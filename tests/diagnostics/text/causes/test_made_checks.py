"""A check that the text has with its output is not proposed again, and its output is used."""

from __future__ import annotations

import pytest

from diagnostics.claims.kinds import Sentence
from diagnostics.diagnose import collect_offline, read_text
from diagnostics.diagnosis import FirstLook
from diagnostics.failure import OtherFailure, Trouble
from diagnostics.text.causes.made_checks import without_made_checks
from diagnostics.who import Who

CHECK = "aws iam get-role --role-name app --query Role.Arn"


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("$ aws iam get-role --role-name app\n{ \"Role\": { \"RoleName\": \"app\" } }", True),
        ("$ aws iam get-role --role-name app --query Role.Arn --output text\narn:aws:iam::111122223333:role/app", True),
        ("$ aws iam get-role --role-name app\nAn error occurred (NoSuchEntity) when calling the GetRole", True),
        ("$ aws iam get-role --role-name app --query Role.Tags\n[]", False),
        ("$ aws iam get-role --role-name api\n{ \"Role\": { \"RoleName\": \"api\" } }", False),
        ("$ aws iam get-role-policy --role-name app --policy-name p\n{ \"RoleName\": \"app\" }", False),
        ("aws iam get-role --role-name app", False),
    ],
)  # fmt: skip
def test_a_made_check_is_left_out(text: str, made: bool) -> None:
    look = FirstLook("a cause", Sentence("why"), CHECK, Who.CALLER)
    (found,) = without_made_checks((look,), OtherFailure(text, Trouble.UNRECOGNIZED))
    assert (found.check is None) is made


DENIED = (
    "An error occurred (AccessDenied) when calling the {op} operation: User: arn:aws:sts::111122223333:assumed-role/o/a"
    ' is not authorized to perform: s3:{op} on resource: "arn:aws:s3:::pics" because public policies are prevented by '
    "the {setting} setting in S3 Block Public Access.\n"
)
ASKED = "$ aws s3api get-public-access-block --bucket {}\n"
NO_SETTING = (
    "An error occurred (NoSuchPublicAccessBlockConfiguration) when calling the GetPublicAccessBlock operation: The "
    "public access block configuration was not found"
)
OF_ACCOUNT = "aws s3control get-public-access-block --account-id 111122223333"
OF_BUCKET = "aws s3api get-public-access-block --bucket pics"


@pytest.mark.parametrize(
    ("op", "setting", "shown", "check"),
    [
        ("PutBucketPolicy", "BlockPublicPolicy", ASKED.format("pics") + NO_SETTING, OF_ACCOUNT),
        ("PutBucketPolicy", "BlockPublicPolicy", ASKED.format("pics") + '{"PublicAccessBlockConfiguration": '
         '{"BlockPublicAcls": true, "BlockPublicPolicy": false}}', OF_ACCOUNT),
        ("PutBucketPolicy", "BlockPublicPolicy", ASKED.format("pics") + '{"PublicAccessBlockConfiguration": '
         '{"BlockPublicAcls": false, "BlockPublicPolicy": true}}', None),
        ("PutBucketPolicy", "BlockPublicPolicy", ASKED.format("docs") + NO_SETTING, OF_BUCKET),
        ("PutBucketPolicy", "BlockPublicPolicy", "", OF_BUCKET),
    ],
)  # fmt: skip
def test_the_buckets_setting_decides_whose_block_it_is(op: str, setting: str, shown: str, check: str | None) -> None:
    looks = collect_offline(read_text(DENIED.format(op=op, setting=setting) + shown)[0]).first_look
    assert looks[0].check == check
    assert ("The account's setting of Block Public Access refuses" in looks[0].cause) is (check == OF_ACCOUNT)


APPLIED = (
    "{setting}: Creating...\naws_s3_bucket_policy.docs: Creating...\n{setting}: Creation complete after 1s [id=pics]\n"
)
OFF = 'resource "aws_s3_bucket_public_access_block" "docs" {\n  block_public_policy = false\n}\n'


@pytest.mark.parametrize(
    ("setting", "configured", "early"),
    [
        ("aws_s3_bucket_public_access_block.docs", OFF, True),
        ('module.www.aws_s3_bucket_public_access_block.b["x"]', OFF, True),
        ("aws_s3_bucket_public_access_block.docs", OFF.replace("false", "true"), False),
        ("aws_s3_bucket_public_access_block.docs", "", False),
        (
            "aws_s3_bucket_public_access_block.docs",
            f"{OFF}depends_on = [aws_s3_bucket_public_access_block.docs]",
            False,
        ),
        ("aws_s3_bucket_versioning.docs", OFF, False),
    ],
)
def test_a_policy_put_before_its_setting_is_off_has_to_wait(setting: str, configured: str, *, early: bool) -> None:
    denied = DENIED.format(op="PutBucketPolicy", setting="BlockPublicPolicy")
    (failure, *_) = read_text(f"{APPLIED.format(setting=setting)}{denied}{configured}")
    said = collect_offline(failure).first_look[0].cause
    assert (f"Add depends_on = [{setting}]" in said) is early
