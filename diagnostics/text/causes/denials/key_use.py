"""Causes that involve a KMS key: which actions a call needs on the key, and which policies must allow them.

Sources: KMS Developer Guide, "Troubleshooting key access" and "Key policies".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.claims.kinds import Quotes, Sentence, TextPart
from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import (
    AN_ALLOW_HELPS,
    affirmed,
    contains,
    reading,
    says,
    speaks_of,
)
from diagnostics.text.causes.denials.parts_of_the_denial import CALLED_SERVICE, Signs, accounts_differ
from diagnostics.text.read.identities.own_account import callers, callers_accounts
from diagnostics.text.read.messages.customer_keys import CUSTOMER_KEY_SAID
from diagnostics.who import Who
from iam.facts.key_actions import KEY_ACTIONS
from iam.lazy_pattern import regex
from iam.service_reference import has_resource_types
from iam.services import iam_prefix
from iam.words import listing

_NO_OWN_KEY = r"\"?KmsKeyId\"?(?: of (?:the |this )?\w+)?\W{1,8}(?:null|None|absent|missing|not set|unset|empty)\b"
_MANAGED_KEY = (
    r"KmsKeyId\]?'?\s+\[[^\]]{0,200}\bnull\b|\balias/aws/\w+"
    r"|(?<![\w/])aws/secretsmanager\b(?![^\n]{0,20}\bwork)"
    r"|\b(?:encryption|KMS)[ _-]?key\b\W{1,4}(?:default|DefaultEncryptionKey)\b|\bdefault (?:KMS |encryption )?key\b"
    r"|\b(?:created|made|stored)\b[^.\n]{0,30}\bwith (?:the )?defaults\b"
)
"""Pattern of signs that an AWS managed key encrypts the data: a secret without its own key, or the key's alias."""
_CUSTOMER_KEY_SAID = CUSTOMER_KEY_SAID.replace(" ", r"\s+")
_OWN_KEY_NAMED = r"\balias/(?!aws/)[\w/-]+|:key/[0-9a-f]{8}-|:key/mrk-"
# How services say that KMS refused them, or did not find the key, without naming KMS's action.
_KEY_REFUSED = r"ciphertext refers to a customer master key|KMS access was denied|Access to KMS is not allowed"


def _managed_key(signs: Signs) -> str:
    """The words that show that an AWS managed key encrypts the data; "" if the text names a customer managed key."""
    if signs.says(_OWN_KEY_NAMED) or signs.says(_CUSTOMER_KEY_SAID):
        return ""
    return signs.quote(_NO_OWN_KEY) or affirmed(signs.denial.text, _MANAGED_KEY)


_KEY_OF_TEXT = regex(r"arn:[\w-]+:kms:[\w-]+:(?P<account>\d{12}):(?:key|alias)/[\w/-]+")


_REFUSED_KEY = regex(
    r"\bKMS key \[?arn:[\w-]+:kms:[\w-]+:(?P<account>\d{12}):(?:key|alias)/[\w/-]+"
    r"(?=\]? (?:does not exist|is not|cannot))",
    re.IGNORECASE,
)
"""The key that a service's own message says it cannot use."""


def of_another_account(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the only key in the text is in another account and KMS does not say what is missing.

    AWS KMS Developer Guide, "Allowing users in other accounts to use a KMS key"
    (https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html).
    """
    text = signs.denial.text
    if signs.target is not None or signs.layer or "kms" not in text.lower():
        return
    refused = {each[0]: each["account"] for each in _REFUSED_KEY.finditer(text)}
    if signs.service not in ("kms", "") and not refused:
        return
    keys = refused or {each[0]: each["account"] for each in _KEY_OF_TEXT.finditer(text)}
    own, others = set(callers_accounts(text, callers(text, signs.denial.principal))), set(keys.values())
    if len(own) != 1 or len(others) != 1 or own & others:
        return
    caller = own.pop()
    key, account = next(iter(keys.items()))
    key = key[key.index("arn:") :]
    yield FirstLook(
        f"The caller belongs to account {caller}, and the key to {account}. If you meant to use credentials of "
        f"{account}, use those (profile, environment). Otherwise two policies must allow the call: the key's own, and "
        "the caller's for this key's ARN. KMS does not say which of the two lacks the Allow, or whether the key "
        "exists.",
        contains(key),
        f"aws kms describe-key --key-id {key}",
        Who.CALLER,
    )


def unusable_key(signs: Signs) -> Iterator[FirstLook]:
    """Yield causes for a KMS key that cannot be used.

    KMS developer guide, "Troubleshooting key access"; Lambda developer guide, "Troubleshoot execution issues".
    """
    if not (said := signs.quote(_KEY_REFUSED)):
        return
    because, role = Sentence(f"“{said}”", (Quotes(said),)), "the caller"
    own = "no identity-based policy" in signs.denial.text  # the key policy leaves the decision to the role's policies
    if not own and (managed := _managed_key(signs)):
        # Secrets Manager User Guide, "Access AWS Secrets Manager secrets from a different account"
        # (https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples_cross.html).
        yield FirstLook(
            "The data is encrypted with the AWS managed key of its account, which no other account can use, and whose "
            "policy cannot be changed. Its owner must encrypt it with a customer managed key (KmsKeyId) whose key "
            "policy allows the caller to perform kms:Decrypt.",
            contains(managed),
            None,
            Who.RESOURCE_OWNER,
        )
        return
    if signs.says(r"Fetching data key failed"):
        role = "the role of the session's target (the instance or the task)"
    elif signs.says(r"decrypt the environment variables|Lambda was unable to decrypt"):
        role = "the function's execution role"
        if not own and (anew := affirmed(signs.denial.text, _ROLE_MADE_ANEW)):
            yield FirstLook(
                "The role was created again with the same name, and Lambda's grant on the key belongs to the old role: "
                "set the function's role to another role, and then back. No policy has to change.",
                contains(anew),
                None,
                Who.CALLER,
            )
            return
        if not own:
            # re:Post, "How do I resolve Lambda KMS access denied errors": the grant of a role that was made anew.
            yield FirstLook(
                "If the function has no customer managed key, and its execution role was deleted and created again, "
                "the grant on the key belongs to the old role. Set the function's role to another role, and then back.",
                because,
                None,
                Who.CALLER,
            )
    elif signs.says("execution resource retrieval"):
        role = "the task's execution role"
    writing = (
        ""
        if re.search(r"kms:decrypt\b", signs.denial.text, re.IGNORECASE)
        else ", and for writing kms:GenerateDataKey,"
    )
    named = f" {signs.role}" if signs.role and role != "the caller" else ""
    key = f" on {signs.target}" if signs.target is not None and signs.target.service == "kms" else ""
    yield FirstLook(
        f"The data is encrypted with a KMS key, and {role}{named} is not allowed to use the key: allow {role} "
        f"kms:Decrypt{writing}{key} in its policies."
        + ("" if own else _IN_THE_KEY_POLICY)
        + (_READ_ENCRYPTED if signs.says(_WITHOUT_DECRYPTION) and signs.says(r"--with-decryption\b") else ""),
        because,
        _reading_of_the_key(signs) if role == "the caller" or signs.role else None,
        Who.ACCOUNT_ADMIN,
        asserts=AN_ALLOW_HELPS,
    )
    # KMS API reference, "Decrypt": the ciphertext names its key.
    if not own and (gone := signs.quote(r"master key that does not exist")):
        yield FirstLook(
            "The data names the key that encrypted it. That key was deleted, or the data was copied from another "
            "Region or account, whose key this caller is not allowed to use.",
            contains(gone),
            None,
            Who.RESOURCE_OWNER,
        )


# re:Post, "How do I resolve Lambda KMS access denied errors"
# (https://repost.aws/knowledge-center/lambda-kmsaccessdeniedexception-errors): also of a role that a stack makes again.
_ROLE_MADE_ANEW = (
    r"\bre-?(?:created|made|creating)\b[^.\n]{0,40}\brole\b[^.\n]*"
    r"|\b(?:deleted|destroyed|removed|dropped)\b[^.\n]{0,30}\b(?:re-?)?(?:created|made)\b[^.\n]{0,40}\brole\b[^.\n]*"
    r"|\brole\b[^.\n]{0,60}\b(?:re-?(?:created|made)"
    r"|(?:deleted|destroyed|removed|dropped)(?:,| and| then)+ (?:re-?)?(?:created|made))\b[^.\n]*"
)
# KMS Developer Guide, "Default key policy"
# (https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html).
_IN_THE_KEY_POLICY = (
    " The key policy must allow the action, too: the default key policy leaves the decision to IAM policies, but only "
    "in the key's own account."
)
_WITHOUT_DECRYPTION = r"\bssm get-parameter\S*(?![^\n]*--with-decryption)[^\n]*\n+[ \t]*[\"\[{]"
_READ_ENCRYPTED = " In the text, the same call succeeds without --with-decryption: no ssm action is missing."


def _reading_of_the_key(signs: Signs) -> str | None:
    """The command that shows what the caller's own policies allow on the key; None if the text names no key."""
    return signs.caller_read if signs.service == "kms" else signs.lists_policies


_KEY_POLICIES = r"no\s+resource-based\s+policies\s+allow"


def _is_kms(called: re.Match[str]) -> bool:
    return iam_prefix(called["name"].strip()) == "kms" or "kms" in called["name"].lower()


def keys(signs: Signs) -> Iterator[FirstLook]:
    if signs.service != "kms":
        return
    if re.fullmatch(r"[\w.-]+\.amazonaws\.com(?:\.cn)?", signs.denial.principal or ""):
        # SQS Developer Guide, "Enable compatibility between event sources from AWS services and encrypted queues".
        yield FirstLook(
            f"Allow {signs.denial.principal} to perform {signs.denial.action} in the key's own policy: a service has "
            "no IAM policies. A service that writes encrypted data needs kms:GenerateDataKey* and kms:Decrypt. The "
            "policy of an AWS managed key (alias/aws/…) cannot be changed: use a customer managed key.",
            says("the caller is a service", TextPart.PRINCIPAL, signs.denial.principal),
            reading("kms", "get-key-policy", ("key-id", signs.denial.resource), query="Policy"),
            Who.RESOURCE_OWNER,
            asserts=AN_ALLOW_HELPS,
        )
        return
    if signs.says(_KEY_POLICIES):
        yield FirstLook(
            "Check first whether the key exists in the account and the Region of the call: an alias belongs to one "
            "account and one Region. Then read the key policy: it must let the caller use the key, or leave this "
            "decision to the account's IAM policies.",
            speaks_of("the text names the key's policies", _KEY_POLICIES),
            reading("kms", "list-aliases", region=signs.region),
            Who.RESOURCE_OWNER,
            shown_by=("resource",),
        )
        return
    if signs.two_accounts is not None and signs.layer in ("", "identity"):
        ours, theirs = signs.two_accounts
        # KMS Developer Guide, "Allowing users in other accounts to use a KMS key"
        # (https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html).
        yield FirstLook(
            f"The key belongs to account {theirs}, so both sides must allow {signs.denial.action}: the caller's own "
            f"policies on the key's ARN, and the key policy for account {ours} or this caller.",
            accounts_differ(ours, theirs),
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
            asserts=AN_ALLOW_HELPS,
        )
    if wanted := KEY_ACTIONS.get(signs.denial.operation or ""):
        yield FirstLook(
            f"{signs.denial.operation} on an encrypted {wanted.thing} needs {listing(wanted.actions)} on the KMS key: "
            "allow all of them, or the next call is refused. Access to the key is missing, not access to the "
            f"{wanted.thing}.",
            signs.action_is,
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
            asserts=AN_ALLOW_HELPS,
        )
    elif signs.layer == "identity" and (called := CALLED_SERVICE.search(signs.denial.text)) and not _is_kms(called):
        yield FirstLook(
            f"The call to {called['name'].strip()} reads or writes encrypted data: the caller also needs "
            f"{signs.denial.action} on the data's KMS key.",
            contains(called[0].rstrip(";,)")),
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
            asserts=AN_ALLOW_HELPS,
        )
    elif not signs.layer and signs.two_accounts is None and has_resource_types(signs.action) and not signs.is_root:
        # KMS developer guide, "Key policies": most leave the decision to the IAM policies of the key's account.
        yield FirstLook(
            f"Allow {signs.denial.action} on the key's ARN in the caller's own policies. The key policy must allow the "
            "caller, too, unless it leaves this decision to IAM policies.",
            signs.action_is,
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
            asserts=AN_ALLOW_HELPS,
        )
