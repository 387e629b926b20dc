"""Find the KMS action that an allowed call on encrypted data needs, and that the policy in the text lacks."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.pasted.json_in_text import read_values
from diagnostics.access_denied.pasted.policies_in_text import KEY_ARN, PastedPolicy, documents_of
from diagnostics.failure import Denial
from diagnostics.fix import Fix, Note
from diagnostics.text.read.messages.service_sentences import sentence_in
from diagnostics.who import Who
from iam.arn import account_of
from iam.facts.next_actions import next_actions
from iam.lazy_pattern import regex
from iam.policy.decision import Fault
from iam.policy.match import names_action
from iam.services import iam_prefix
from iam.words import listing

_REFUSED_BY_KMS = regex(
    r"\bKMS\b[^\n.]{0,40}\b(?:Access ?Denied\w*|denied|403|refused)|\bAccess ?Denied\w*[^\n.]{0,60}\bKMS\b"
    r"|\bK(?:MS|ms)\.?AccessDenied|\bAccess to KMS is not allowed|\bAWSKMS; Status Code: \d+; Error Code: AccessDenied"
    r"|\bcaller might not have sufficient permissions for the CMK|\bciphertext refers to a customer master key",
)
_OWN_KEY = regex(
    r"\b(?:own|customer[- ]managed|our) (?:KMS |CMK )?key\b|\bCMK\b|\balias/(?!aws/)[\w/-]+"
    r"|:kms:[\w-]+:\d{12}:key/",
)
_ENCRYPTED = regex(r"\bencrypt\w*|\bSSE-KMS\b|\baws:kms\b")
_MANAGED = regex(r"\balias/aws/\w+|\baws/(?:s3|sqs|sns|secretsmanager)\b|\bSSE-S3\b|\bAES256\b")


def of_left_out_key_actions(denial: Denial, text: str) -> Finding | None:
    """Return a finding if the policy allows the call on encrypted data, but not every key action that the call needs.

    Only if the text says that KMS refused, or that a customer key encrypts the data, and AWS does not name the refused
    action. If AWS names the operation, KMS must have refused it, or the service's message must leave the cause open.
    The table `iam.facts.next_actions` has a page for the needs of each action. KMS Developer Guide, "Allowing users in
    other accounts to use a KMS key": both the key policy and the caller's policies must allow it
    (https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html).
    """
    if denial.stated_reason or denial.claims_trust or "authorized to perform" in text:
        return None
    refused = _REFUSED_BY_KMS.search(text) is not None
    if not refused and (not (_OWN_KEY.search(text) and _ENCRYPTED.search(text)) or _MANAGED.search(text)):
        return None
    if not _leaves_open(denial, text, refused=refused):
        return None
    values, written = read_values(text)
    pasted = documents_of(text, values, written, denial, "kms:Decrypt")
    own = [one for one in pasted if not one.names_principals and one.label in ("", "identity") and not one.filled]
    if denial.operation and any(one.listed for one in own):
        return None  # a person's list may leave something out
    found = [made for each in _by_holder(own) if (made := _lacking(denial, each, text, refused=refused)) is not None]
    return found[0] if len(found) == 1 else None


def _leaves_open(denial: Denial, text: str, *, refused: bool) -> bool:
    """Whether the policy may allow the refused call, and no table row about the message decides the cause."""
    if not (denial.action or denial.operation):
        return True
    sentence = sentence_in(text)
    decided = sentence is not None and any(each.decides for each in sentence.row.causes)
    return not decided and (refused or (denial.action is None and sentence is not None))


def _by_holder(own: list[PastedPolicy]) -> list[list[PastedPolicy]]:
    """Return the policies of each role or user.

    A policy without a holder belongs to the only role or user that the text names.
    """
    holders = {each.holders for each in own if each.holders}
    if len(holders) <= 1:
        return [own]
    return [[each for each in own if each.holders == holder] for holder in holders]


def _lacking(denial: Denial, own: list[PastedPolicy], text: str, *, refused: bool) -> Finding | None:
    """Return a finding if these policies allow the call, but not the key actions that it needs."""
    statements = [each for one in own for each in one.document.statements]
    if not statements or not all(one.whole for one in own):
        return None
    if any(each.effect != "Allow" or each.action is None for each in statements):
        return None
    allowed = list(dict.fromkeys(name for each in statements for name in each.action or ()))
    had = [each for each in allowed if each.lower().startswith("kms:")]
    for action in _calls(denial, allowed):
        needed = needed_on_key(action)
        left = [each for each in needed if not names_action(allowed, each)]
        if left and (had or refused or len(left) == len(needed)):
            return _finding(action, had, left, own, text)
    return _of_described_call(had, text) if had == allowed and not denial.operation else None


def _of_described_call(had: list[str], text: str) -> Finding | None:
    """Return a finding if statements on a key lack what the upload or download needs that the text describes in words.

    Amazon S3 User Guide, "Multipart upload API and permissions": an upload in several parts with a KMS key needs
    kms:Decrypt, too (https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html).
    """
    calls = [(action, words) for pattern, action, words in _IN_WORDS if pattern.search(text)]
    if len(calls) != 1 or _OBJECTS.search(text) is None:
        return None
    action, words = calls[0]
    left = [each for each in needed_on_key(action, in_parts=True) if not names_action(had, each)]
    if not left:
        return None
    said = f"the statement on the key allows {listing(had)}, but not {listing(left)}"
    sentence = (
        f"Most likely {listing(left)} on the key is missing: {words} that a KMS key encrypts needs this "
        f"permission, but the statement in the text allows {listing(had)}.{_other_side(text)}"
    )
    return _with_fix(said, sentence, left, text)


_IN_WORDS = (
    (regex(r"\b[Uu]pload(?:s|ing|ed)?\b"), "s3:putobject", "an upload in several parts (of a larger file)"),
    (regex(r"\b[Dd]ownload(?:s|ing|ed)?\b"), "s3:getobject", "a download"),
)
"""How people name a call on an object, and the action that it needs."""
_OBJECTS = regex(r"\bS3\b|\bs3:|\b[Bb]uckets?\b")
_ANOTHER_ACCOUNT = regex(
    r"\b(?:another|other|different|separate|central|foreign)(?: [\w-]+)? account|\bcross[- ]?account", re.IGNORECASE
)


def _other_side(text: str) -> str:
    """Return a sentence on the key policy: if the key is in another account, that policy must allow the use, too."""
    owners = {account_of(each) for each in KEY_ARN.findall(text)}
    if not _ANOTHER_ACCOUNT.search(text):
        return " The key policy must allow the use, too, or delegate the decision to IAM policies."
    where = f"in account {owners.pop()} " if len(owners) == 1 else ""
    return f" The key is in another account, so its key policy {where}must allow the caller the same actions."


def _calls(denial: Denial, allowed: list[str]) -> list[str]:
    """Return the allowed actions that may be the refused call.

    If KMS refused the call that AWS's message names, only that call's action counts.
    """
    named = denial.operation or (denial.action or "").partition(":")[2] or _operation_in_words(denial.text)
    of_it = [each for each in allowed if each.partition(":")[2].lower() == named.lower()]
    if of_it or (denial.action or "kms:").partition(":")[0] != "kms":
        return of_it
    services = {iam_prefix(found["service"]) for found in _SERVICE.finditer(denial.text)} - {"kms", None}
    return [each for each in allowed if each.partition(":")[0] in services] if len(services) == 1 else allowed


def _operation_in_words(text: str) -> str:
    """Return the operation on an object that a program's message describes: ``error putting object``; "" if none."""
    found = {operation for pattern, operation in _PROGRAMS_WORDS if pattern.search(text)}
    return found.pop() if len(found) == 1 else ""


_OBJECT = r"[ \t]+(?:an?[ \t]+|the[ \t]+)?(?:S3[ \t]+)?(?:object|file|blob)s?\b"
_PROGRAMS_WORDS = (
    (regex(rf"\b(?:put|putting|upload|uploading|write|writing){_OBJECT}", re.IGNORECASE), "PutObject"),
    (regex(rf"\b(?:get|getting|download|downloading|read|reading){_OBJECT}", re.IGNORECASE), "GetObject"),
)
"""How a program's message names a call on an object, and the operation."""
_SERVICE = regex(r"\(Service: (?:AWS|Amazon)?(?P<service>\w+)[;,] Status Code: \d")
"""How the AWS SDK for Java names the service that responded."""


def needed_on_key(action: str, *, in_parts: bool = False) -> list[str]:
    """Return the key actions that an action on encrypted data needs; [] if the table names none."""
    known = next_actions(action) if "*" not in action else None
    needs = [each for each in (known.needs if known is not None else ()) if each.action.startswith("kms:")]
    return [each.action for each in needs if (each.by_default and not each.of_parts) or (in_parts and each.of_parts)]


def _finding(action: str, had: Sequence[str], left: list[str], own: Sequence[PastedPolicy], text: str) -> Finding:
    holders = sorted({holder for one in own for holder in one.holders})
    whose = f"the policy of {holders[0]}" if len(holders) == 1 else "the policy"
    said = f"{whose} allows {listing([action, *had])}, but not {listing(list(left))}"
    sentence = (
        f"In the text, {said}: {action} needs {'that' if len(left) == 1 else 'those'}, too, if a customer managed "
        "key encrypts the data. The key policy must allow the use, too."
    )
    return _with_fix(said, sentence, left, text)


def _with_fix(said: str, sentence: str, left: list[str], text: str) -> Finding:
    """Return the finding with the statement that allows these actions on the key."""
    keys = dict.fromkeys(KEY_ARN.findall(text))
    on = next(iter(keys)) if len(keys) == 1 else "KEY-ARN"
    statement = json.dumps({"Effect": "Allow", "Action": list(left), "Resource": on})
    note = Note("the policy in the text", f"Add the statement {statement}. The other statements stay.")
    fix = Fix(f"Allow {listing(list(left))} on the key", Who.ACCOUNT_ADMIN, note)
    return Finding(f"identity.{Fault.NO_ACTION.value}", said, sentence, fix=fix)
