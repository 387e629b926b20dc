"""Decide a refused use of a KMS key whose account is not that of the caller."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from diagnostics.failure import Denial
from diagnostics.text.answer.single_cause.decision import Decision, caller_arn, decide
from diagnostics.text.answer.single_cause.default_keys import described_without_a_key
from diagnostics.text.read.identities.own_account import only_account
from diagnostics.who import Who
from iam.arn import account_of, name_of
from iam.lazy_pattern import regex

_UNUSABLE = regex(
    r"refers\s+to\s+a\s+customer\s+master\s+key\s+that\s+does\s+not\s+exist"
    r"|\bkey\b[^\n]{0,160}?\bdoes\s+not\s+exist,?\s+(?:is\s+not\s+enabled|or\s+you)",
    re.IGNORECASE,
)
"""Messages of services about a key that the caller cannot use or that is missing.

KMS does not say which of the two applies.
"""
_KEY = regex(r"\barn:[\w-]+:kms:[\w-]+:(?P<owner>\d{12}):key/[\w-]+")
_NUMBER = regex(r"(?<![\w-])\d{12}(?![\w-])")
_IS_ACCOUNT = r"\b(?:accounts?|acct)\b[^\n\d]{{0,30}}{0}|\barn:[\w-]+:[\w-]*:[\w-]*:{0}:|\b{0}(?:\$| account\b)"
"""Places where a number is an account number, and not a time or an order."""


def of_a_key_of_another_account(denial: Denial) -> Decision | None:
    """Return the decision for a text that names no caller, one KMS key, and one account beside the key's.

    AWS KMS Developer Guide, "Allowing users in other accounts to use a KMS key": the key policy in the key's account
    and the caller's policies must both allow the use
    (https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html).
    """
    text = denial.pasted or denial.text
    said, keys = _UNUSABLE.search(text), {each[0]: each["owner"] for each in _KEY.finditer(text)}
    if said is None or len(keys) != 1:
        return None
    ((key, owner),) = keys.items()
    others = set(_NUMBER.findall(text)) - {owner}
    if denial.principal or len(others) != 1 or only_account(text):
        return None  # `described_policies` compares the account of a known caller
    other = others.pop()
    if not re.search(_IS_ACCOUNT.format(other), text, re.IGNORECASE):
        return None
    if re.search(rf'"(?:AWS|Principal)"[^\n]{{0,80}}{other}', text):
        return None  # the key policy in the text names the account
    action = denial.action if (denial.action or "").startswith("kms:") else "the use of the key"
    return decide(
        "resource.no-action",
        f"“{' '.join(said[0].split())}”",
        f"The key is in account {owner}, and the text also has account {other}. If the call comes from that "
        "account, most likely the key policy does not allow it. For a cross-account call, the key policy and the "
        f"caller's policies must both allow {action}.",
        f"Let the key policy allow account {other}, and let the caller's policies allow {action}",
        Who.RESOURCE_OWNER,
        "the KMS key's policy",
        f"First run aws sts get-caller-identity where the call is made. In {owner}, let the policy of {key} allow "
        f"that role or account; in {other}, allow the role {action} on this ARN. KMS gives the same answer for a "
        "key that does not exist in the Region: aws kms describe-key shows the key's state.",
    )


_DATA_REFUSED = regex(r"\bAccess to KMS is not allowed\b")
_SECRET = regex(r"\barn:[\w-]+:secretsmanager:[a-z0-9-]+:(?P<owner>\d{12}):secret:[\w/+=.@-]+")
_MANAGED = regex(
    r"\b(?:no|without(?: a)?) KmsKeyId\b|KmsKeyId\b[^\n]{0,60}\n[ \t]*(?:null|None)\b"
    r"|KmsKeyId\b[^\n]{0,30}(?:\bnull\b|\bNone\b|not set|empty)|(?<![\w/])aws/secretsmanager\b|\balias/aws/"
)
_KEY_POLICY = regex(r"\"Principal\"[\s\S]{0,300}kms:|\bkey policy\b[^\n.]{0,60}\b(?:names|allows|lists|has)\b")
_OWN_ALLOWS = regex(r"\bkms:(?:Decrypt|\*)")


def of_a_secret_of_another_account(denial: Denial) -> Decision | None:
    """Return the decision for a secret whose KMS key is refused to a caller of an account other than the secret's.

    AWS Secrets Manager User Guide, "Access AWS Secrets Manager secrets from a different account": the secret must have
    a customer managed key whose policy allows the caller, and the caller's policies must allow kms:Decrypt
    (https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples_cross.html).
    """
    text, caller = denial.pasted or denial.text, account_of(denial.principal or "")
    secrets = {each[0]: each["owner"] for each in _SECRET.finditer(text)}
    said = _DATA_REFUSED.search(text)
    if said is not None and (stated := _OLD_VERSION.search(text)) is not None:
        return _of_a_version_with_the_old_key(secrets, stated[0])
    if said is None or len(secrets) != 1:
        return None
    ((secret, owner),) = secrets.items()
    managed = found[0] if (found := _MANAGED.search(text)) is not None else described_without_a_key(text)
    if managed:
        if (changed := _KEY_CHANGED.search(text)) is not None:
            return _of_versions_with_the_old_key(secret, owner, " ".join(changed[0].split()))
        return _with_awss_own_key(secret, owner, caller, managed, text)
    if caller in (None, owner) or _KEY_POLICY.search(text):
        return None
    who = name_of(caller_arn(denial))
    own = "" if _OWN_ALLOWS.search(text) else f" In {caller}, also allow {who} kms:Decrypt on that key's ARN."
    return decide(
        "resource.no-action",
        f"“{said[0]}”, and the secret is in account {owner}",
        f"The secret is in account {owner}, and its KMS key refuses {who} of account {caller}: most likely the key "
        f"policy in {owner} does not allow this caller kms:Decrypt. With the default key aws/secretsmanager, no "
        "other account can read a secret.",
        f"In {owner}, let the key policy allow {who}, or give the secret a customer managed key",
        Who.RESOURCE_OWNER,
        "the KMS key of the secret",
        f"Ask the secret's owner for its key: aws secretsmanager describe-secret --secret-id {secret} --query "
        f"KmsKeyId. If the output names a key, let that key's policy allow {caller_arn(denial)} to perform "
        "kms:Decrypt. If the output is empty, encrypt the secret with a customer managed key whose policy allows "
        f"this.{own}",
    )


_PRINCIPAL = regex(r"\barn:[\w-]+:(?:iam|sts)::(?P<account>\d{12}):(?:role|user|assumed-role)/[\w+=,.@/-]*[\w+=@-]")
_KEY_CHANGED = regex(
    r"\bsecretsmanager\s+update-secret\b[^\n]{0,200}?--kms-key-id[ =]+(?!\S*alias/aws/)\S+"
    r"|\b(?:switched|changed|moved|migrated|replaced|updated|re-?encrypted)\b[^\n.]{0,60}\b(?:from\s+)?"
    r"(?:the\s+(?:default|AWS[- ]managed)\s+key\b|(?:alias/)?aws/secretsmanager\b)[^\n.]{0,20}\b(?:to|with|by|for)\b",
    re.IGNORECASE,
)
"""Words that say that the secret had the AWS managed key before, and has another one now."""


_OLD_VERSION = regex(
    r"\bThis\s+version\s+of\s+(?:the\s+)?secret\s+is\s+not\s+encrypted\s+with\s+the\s+current\s+KMS\s+key"
)
_FIRST_LOOK_AT_VERSIONS = (
    "First look at the keys of its versions: aws secretsmanager list-secret-version-ids --secret-id {secret} (the "
    "field KmsKeyIds). A change of the key encrypts the old versions again only for a caller that has kms:Decrypt "
    "on the old key and kms:Encrypt on the new one."
)


def _of_a_version_with_the_old_key(secrets: Mapping[str, str], words: str) -> Decision:
    """Return the decision for a version of which Secrets Manager says that it does not have the secret's current key.

    The pages are those of `_of_versions_with_the_old_key`.
    """
    secret = next(iter(secrets)) if len(secrets) == 1 else "SECRET"
    where = f"In {secrets[secret]}, write" if len(secrets) == 1 else "Write"
    decision = decide(
        "resource.no-action",
        f"“{' '.join(words.split())}”",
        "Write a new version of the secret (put-secret-value, with the same value): the version that is read still has "
        "the key from before the change, and the caller is not allowed to use that one.",
        f"{where} the secret's value again",
        Who.RESOURCE_OWNER,
        "the secret",
        f"{_FIRST_LOOK_AT_VERSIONS.format(secret=secret)} Whoever writes the value needs kms:GenerateDataKey on the "
        "new key. The caller then needs kms:Decrypt on it, in its own policies and in the key policy.",
    )
    return replace(decision, nearer=True)


def _of_versions_with_the_old_key(secret: str, owner: str, words: str) -> Decision:
    """Return the decision for a secret whose key was changed: its versions may still have the AWS managed key.

    AWS Secrets Manager User Guide, "Change the encryption key for a secret": existing versions keep the old key, too,
    and are not encrypted again without kms:Decrypt on it
    (https://docs.aws.amazon.com/secretsmanager/latest/userguide/manage_update-encryption-key.html); API Reference,
    "UpdateSecret", KmsKeyId, which requires kms:Encrypt on the new key.
    """
    decision = decide(
        "resource.no-action",
        f"“{words}”: the secret's key was changed",
        "Write a new version of the secret (put-secret-value, with the same value): most likely the current version is "
        "older than the change of the key, and still has aws/secretsmanager, which no other account can use.",
        f"In {owner}, write the secret's value again",
        Who.RESOURCE_OWNER,
        "the secret",
        f"{_FIRST_LOOK_AT_VERSIONS.format(secret=secret)} If AWSCURRENT has the new key only, compare that key's "
        "policy and the caller's kms:Decrypt with its ARN.",
    )
    return replace(decision, nearer=True)


def _with_awss_own_key(secret: str, owner: str, caller: str | None, words: str, text: str) -> Decision | None:
    """Return the decision for a secret that has the AWS managed key; None if no other account is shown.

    Nobody can change the policy of an AWS managed key: AWS Secrets Manager User Guide, the page above.
    """
    roles = {each["account"]: each[0] for each in _PRINCIPAL.finditer(text) if each["account"] != owner}
    others = {caller} if caller else set(roles)
    if len(others) != 1 or owner in others:
        return None
    other = others.pop()
    who = roles.get(other or "", f"the role of account {other}")
    decision = decide(
        "resource.no-action",
        f"“{' '.join(words.split())}”: the secret has the AWS managed key aws/secretsmanager",
        f"Let account {owner} give the secret a customer managed key: now the secret has AWS's own key "
        "aws/secretsmanager, which no other account can use, and whose policy nobody can change.",
        f"In {owner}, encrypt the secret with a customer managed key",
        Who.RESOURCE_OWNER,
        "the secret",
        f"Create a key whose policy lets {who} perform kms:Decrypt. Then run aws secretsmanager update-secret "
        f"--secret-id {secret} --kms-key-id KEY-ARN, which encrypts the secret's versions again. The secret's "
        f"resource policy and the policies in {other} (secretsmanager:GetSecretValue, kms:Decrypt on the key) are "
        "still needed.",
    )
    return replace(decision, nearer=True)


_OF_CIPHERTEXT = regex(
    r"resource associated with this ciphertext because the resource does not exist in this Region,? no resource-based "
    r"policies allow access,? or a resource-based policy explicitly denies"
)
_AWSS_OWN = regex(
    r"(?<![\w/])(?:alias/)?aws/(?:s3|ebs|rds|dynamodb|sqs|sns|kinesis|glue|backup|elasticfilesystem|es|ssm)\b(?!/)"
    r"|\bAWS[- ]managed (?:KMS )?key\b",
    re.IGNORECASE,
)
_NOT_USED = regex(
    r"(?:\b(?:no|not|never|without|instead of|rather than|than|from|until|before)\b|n['’]t\b)[^\n.,;:]{0,30}\Z",
    re.IGNORECASE,
)
"""Words before an AWS managed key that say that the data is not, or no longer, encrypted with it."""
_OF_ITS_OWNER = regex(
    r"\b(?:partners?|vendors?|customers?|suppliers?|owners?|their|other|another|foreign|owned|belongs?|shared|cross)\b",
    re.IGNORECASE,
)


def of_data_of_another_account(denial: Denial) -> Decision | None:
    """Return the decision for data of another account whose KMS key, in KMS's words, does not allow the caller.

    The page of `of_a_key_of_another_account`; Amazon S3 User Guide, "Using server-side encryption with AWS KMS keys":
    the AWS managed key aws/s3 is for the account of the bucket only
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html).
    """
    text, caller = denial.pasted or denial.text, account_of(denial.principal or "")
    said = _OF_CIPHERTEXT.search(" ".join(text.split()))
    others = set(_NUMBER.findall(text)) - {caller}
    if said is None or caller is None or len(others) != 1 or _KEY.search(text) or _MANAGED.search(text):
        return None
    other = others.pop()
    lines = [line for line in text.split("\n") if other in line]
    if not any(_OF_ITS_OWNER.search(line) for line in lines) or _KEY_POLICY.search(text):
        return None
    who, action = caller_arn(denial), denial.action or "kms:Decrypt"
    named = list(_AWSS_OWN.finditer(text))
    if named and not any(_NOT_USED.search(text[max(0, each.start() - 50) : each.start()]) for each in named):
        return _of_data_with_awss_own_key(other, who, action, named[0][0])
    own = "the caller's side allows it already" if _OWN_ALLOWS.search(text) else f"in {caller}, allow it {action} too"
    return decide(
        "resource.no-action",
        f"KMS names only reasons on the key's side, and the text also has account {other}",
        f"Ask account {other} to let its KMS key's policy allow {name_of(who)} to perform {action}: most likely the "
        "data is encrypted with a key of that account. KMS gives no reason on the caller's side.",
        f"In {other}, let the key policy allow {who}",
        Who.RESOURCE_OWNER,
        "the policy of the KMS key",
        f"In {other}, head-object or the bucket's encryption shows the key. The key policy must allow {who}, or "
        f"account {caller}, to perform {action} ({own}). With the AWS managed key aws/s3, no other account can "
        "read the data: encrypt the data again with a customer managed key. If the key policy names the caller, "
        "the key is in another Region, or a Deny in the key policy applies.",
    )


_AWSS_OWN_ALIAS = regex(r"\barn:[\w-]+:kms:[\w-]+:(?P<owner>\d{12}):alias/aws/[\w-]+")
_AWSS_OWN_KEY = regex(
    r"\barn:[\w-]+:kms:[\w-]+:(?P<owner>\d{12}):key/[\w-]+\"[^{}]*\"KeyManager\"\s*:\s*\"AWS\""
    r"|\"KeyManager\"\s*:\s*\"AWS\"[^{}]*\barn:[\w-]+:kms:[\w-]+:(?P<owner_before>\d{12}):key/[\w-]+"
)
"""The output of ``aws kms describe-key`` for an AWS managed key."""


def of_data_with_a_shown_key_of_aws(denial: Denial) -> Decision | None:
    """Return the decision for a read from another account of data that a command shows with an AWS managed key.

    The pages of `of_data_of_another_account`. The text shows the alias in the key's ARN (``head-object``), or the
    output of ``describe-key``.
    """
    text = denial.pasted or denial.text
    if denial.action not in ("s3:GetObject", "kms:Decrypt") or (denial.stated_reason or "").startswith("explicit"):
        return None
    shown = _AWSS_OWN_ALIAS.search(text) or _AWSS_OWN_KEY.search(text)
    if shown is None:
        return None
    owner = shown["owner"] or shown["owner_before"]
    caller = account_of(denial.principal or "")
    others = {each["account"]: each[0] for each in _PRINCIPAL.finditer(text) if each["account"] != owner}
    if caller == owner or (caller is None and len(others) != 1):
        return None
    who = caller_arn(denial) if caller is not None else next(iter(others.values()))
    return _of_data_with_awss_own_key(owner, who, "kms:Decrypt", " ".join(shown[0].split()))


def _of_data_with_awss_own_key(other: str, who: str, action: str, words: str) -> Decision:
    """Return the decision for data that the text says is encrypted with another account's AWS managed key.

    The pages of `of_data_of_another_account`: nobody can change the policy of an AWS managed key.
    """
    return replace(
        decide(
            "resource.no-action",
            f"“{words}”: the data has an AWS managed key of account {other}",
            f"Ask account {other} to encrypt the data again with a customer managed key: an AWS managed key works only "
            "in its own account, and nobody can change its policy. No policy of the caller or the bucket helps.",
            f"In {other}, encrypt the data again with a customer managed key",
            Who.RESOURCE_OWNER,
            "the data and its KMS key",
            f"In {other}, let the policy of a customer managed key allow {who} to perform {action}, and make this "
            "key the bucket's default encryption. Copy the existing objects over themselves; otherwise they keep "
            f"their old key. In the caller's account, allow {name_of(who)} {action} on that key's ARN. SSE-S3 also "
            "works, if no KMS key is required.",
        ),
        nearer=True,
    )
