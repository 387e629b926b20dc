"""A key of one account and a call that most likely comes from another one."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import diagnosed

KEY = "arn:aws:kms:eu-west-1:111122223333:key/9a7d1c8e-1b1e-4b5c-a1fd-6cf0d2a3b4c5"
REFUSALS = (
    f"An error occurred (KMSKeyNotAccessibleFault) when calling the CopyDBSnapshot operation: The source snapshot KMS "
    f"key [{KEY}] does not exist, is not enabled or you do not have permissions to access it.\n",
    f"{KEY}: FAILED\nfailed to decrypt data key: operation error KMS: Decrypt, api error AccessDeniedException: The "
    "ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not "
    "allowed to access.\n",
)


@pytest.mark.parametrize("refused", REFUSALS)
@pytest.mark.parametrize("said", ["the restore runs in the dr account 444455556666", "argocd, account 444455556666"])
def test_both_accounts_must_allow_the_key(refused: str, said: str) -> None:
    answer = diagnosed(f"{refused}\n{said}")
    assert answer.verdict.cause == "resource.no-action"
    assert "The key is in account 111122223333, and the text also has account 444455556666" in answer.verdict.summary


@pytest.mark.parametrize("refused", REFUSALS)
@pytest.mark.parametrize(
    "said",
    [
        "everything is in one account",
        "order 202612011120 failed",
        "accounts 444455556666 and 777788889999 share it",
        'key policy: {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::444455556666:root"}, "Action": "kms:*"}',
    ],
)
def test_no_account_is_taken_for_the_callers_without_need(refused: str, said: str) -> None:
    assert "the text also has account" not in diagnosed(f"{refused}\n{said}").verdict.summary


SECRET = "arn:aws:secretsmanager:ap-south-1:{}:secret:shared/mail-Ab12Cd"
NO_KMS = (
    "$ aws secretsmanager get-secret-value --secret-id {}\nAn error occurred (AccessDeniedException) when calling the "
    "GetSecretValue operation: Access to KMS is not allowed\n"
    "caller: arn:aws:sts::444455556666:assumed-role/mailer/i-1\n"
)


@pytest.mark.parametrize(
    ("said", "own"), [("", True), ("our role has kms:Decrypt on *", False), ("the secret's policy names us", True)]
)
def test_the_key_of_a_secret_of_another_account_must_allow_the_caller(said: str, own: bool) -> None:
    answer = diagnosed(f"{NO_KMS.format(SECRET.format('777788889999'))}{said}")
    assert answer.verdict.summary.startswith("The secret is in account 777788889999, and its KMS key refuses mailer of")
    assert ("In 444455556666, also allow mailer" in answer.fixes[0].change.text) is own  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("account", "said"),
    [
        ("444455556666", ""),
        ("777788889999", '"KmsKeyId": null'),
        ("777788889999", "the key policy there already allows our role"),
    ],
)
def test_a_secret_of_the_caller_or_with_a_known_key_is_not_decided_so(account: str, said: str) -> None:
    summary = diagnosed(f"{NO_KMS.format(SECRET.format(account))}{said}").verdict.summary
    assert "its KMS key refuses" not in summary


@pytest.mark.parametrize(
    "said",
    [
        '"KmsKeyId": null',
        "$ aws secretsmanager describe-secret --secret-id shared/mail --query KmsKeyId --profile theirs\nnull",
        "it is encrypted with aws/secretsmanager",
        "describe-secret shows no KmsKeyId",
    ],
)
def test_a_secret_with_awss_own_key_needs_another_key(said: str) -> None:
    answer = diagnosed(f"{NO_KMS.format(SECRET.format('777788889999'))}{said}")
    assert answer.verdict.summary.startswith("Let account 777788889999 give the secret a customer managed key")
    assert "update-secret" in answer.fixes[0].change.text  # type: ignore[union-attr]
    own = diagnosed(f"{NO_KMS.format(SECRET.format('444455556666'))}{said}")
    assert "no other account can use" not in own.verdict.summary


@pytest.mark.parametrize(
    "said",
    [
        "Last week we changed it from aws/secretsmanager to our own key.",
        "It had aws/secretsmanager. $ aws secretsmanager update-secret --secret-id shared/mail --kms-key-id "
        "arn:aws:kms:eu-west-1:777788889999:key/1111aaaa-22bb-33cc-44dd-5555eeee6666",
    ],
)
def test_a_secret_whose_key_was_changed_needs_a_new_version(said: str) -> None:
    answer = diagnosed(f"{NO_KMS.format(SECRET.format('777788889999'))}{said}")
    assert answer.verdict.summary.startswith("Write a new version of the secret")
    back = diagnosed(
        f"{NO_KMS.format(SECRET.format('777788889999'))}$ aws secretsmanager update-secret --kms-key-id "
        "alias/aws/secretsmanager"
    )
    assert back.verdict.summary.startswith("Let account 777788889999 give the secret a customer managed key")


CIPHERTEXT = (
    "An error occurred (AccessDenied) when calling the GetObject operation: User: "
    "arn:aws:sts::444455556666:assumed-role/loader/i-1 is not authorized to perform: kms:Decrypt on the resource "
    "associated with this ciphertext because the resource does not exist in this Region, no resource-based policies "
    "allow access, or a resource-based policy explicitly denies access\n"
)


@pytest.mark.parametrize(
    "said",
    [
        "the bucket belongs to our vendor, account 777788889999",
        "their bucket policy (777788889999) names our role, and the role may do kms:Decrypt on *",
    ],
)
def test_data_of_another_account_needs_its_key_policy(said: str) -> None:
    summary = diagnosed(f"{CIPHERTEXT}{said}").verdict.summary
    assert summary.startswith(
        "Ask account 777788889999 to let its KMS key's policy allow loader to perform kms:Decrypt"
    )


@pytest.mark.parametrize(
    "said",
    [
        "the bucket is ours",
        "our accounts are 444455556666 and 777788889999",
        "their key policy (777788889999) already names our role",
        "the vendor has 777788889999 and 777788880000",
    ],
)
def test_data_whose_account_or_key_policy_is_known_is_not(said: str) -> None:
    assert not diagnosed(f"{CIPHERTEXT}{said}").verdict.summary.startswith("Ask account")


@pytest.mark.parametrize(
    "said",
    [
        "the bucket belongs to our vendor, account 777788889999; default encryption is aws/s3",
        "their bucket (777788889999) uses the AWS managed key, bucket policy names our role",
        "vendor 777788889999: head-object shows SSE-KMS with an AWS-managed KMS key",
    ],
)
def test_data_with_awss_own_key_must_be_encrypted_again(said: str) -> None:
    answer = diagnosed(f"{CIPHERTEXT}{said}")
    assert answer.verdict.summary.startswith("Ask account 777788889999 to encrypt the data again with a customer")
    assert "nobody can change its policy" in answer.verdict.summary
    assert "Copy the existing objects over themselves" in str(answer.fixes[0].change)


@pytest.mark.parametrize(
    "said",
    [
        "the bucket belongs to our vendor, account 777788889999; not encrypted with aws/s3 but with their CMK",
        "their account 777788889999 moved from aws/s3 to a customer managed key last week",
        "vendor 777788889999, the log is in /opt/aws/s3",
    ],
)
def test_a_managed_key_that_is_not_used_is_no_cause(said: str) -> None:
    assert "encrypt the data again" not in diagnosed(f"{CIPHERTEXT}{said}").verdict.summary


HEAD = "An error occurred (403) when calling the HeadObject operation: Forbidden\n"
READERS = (
    '{"Principal": {"AWS": "arn:aws:iam::444455556666:role/loader"}, "Effect": "Allow", "Action": "s3:GetObject"}\n'
)


@pytest.mark.parametrize(
    "shown",
    [
        '"SSEKMSKeyId": "arn:aws:kms:eu-west-1:777788889999:alias/aws/s3"',
        '{"KeyMetadata": {"Arn": "arn:aws:kms:eu-west-1:777788889999:key/9a7d1c8e-1b1e", "KeyManager": "AWS"}}',
    ],
)
def test_a_shown_key_of_aws_serves_no_other_account(shown: str) -> None:
    other = diagnosed(f"{HEAD}{READERS}{shown}").verdict.summary
    assert other.startswith("Ask account 777788889999 to encrypt the data again with a customer managed key")
    same = diagnosed(f"{HEAD}{READERS}{shown}".replace("444455556666", "777788889999")).verdict.summary
    assert "encrypt the data again" not in same
