"""Recognize failures that a system other than AWS answered, or that are not refusals at all."""

from __future__ import annotations

import re
from dataclasses import replace

from diagnostics.failure import Denial, Failure, OtherFailure, Trouble
from diagnostics.text.known_messages.not_refusals.kafka import KAFKA
from diagnostics.text.known_messages.not_refusals.kms import KEY_STATE
from diagnostics.text.known_messages.not_refusals.mountpoint import OF_MOUNTS
from diagnostics.text.read.failure_identity import KEPT_TEXT
from diagnostics.text.read.forms import denials, systems
from diagnostics.text.read.forms.no_refusals import ROW_NAMES, is_heading, no_refusals
from iam.lazy_pattern import regex


def with_other_lines(failure: Failure, cleaned: str) -> Failure:
    """Return another system's failure with what other lines of the text say about it.

    Kafka's failure is a denial if MSK uses IAM.
    """
    if not isinstance(failure, OtherFailure) or failure.trouble is not Trouble.NOT_IAM or len(cleaned) > KEPT_TEXT:
        return failure
    if failure.detail == KAFKA and (denied := denials.in_prose(cleaned)):
        return replace(denied[1], text=failure.text)
    detail = systems.in_the_whole(failure.detail, cleaned)
    if detail == failure.detail:
        return failure
    return replace(failure, detail=detail, name=systems.subject_of(detail, cleaned) or failure.name)


_STORES_CODES = ("InvalidAccessKeyId", "SignatureDoesNotMatch")
_STORES_WORDS = regex(
    r"Access Key Id you provided does not exist|signature we calculated does not match", re.IGNORECASE
)


def of_actual_server(failure: Failure, cleaned: str) -> Failure:
    """Return a denial that has none of IAM's words as another server's failure, if the calls go to such a server.

    Such a server may be a store that only offers S3's API.
    """
    around = cleaned if len(cleaned) <= KEPT_TEXT else failure.text
    if isinstance(failure, OtherFailure) and failure.trouble is Trouble.CREDENTIALS:
        of_a_store = failure.code in _STORES_CODES or _STORES_WORDS.search(failure.text)
        if of_a_store and (systems.speaks_of_lookalike(around) or systems.other_endpoint(around)):
            return replace(failure, trouble=Trouble.NOT_IAM, detail=systems.STORES_KEYS)
        return failure
    if not isinstance(failure, Denial) or failure.principal or failure.stated_reason or failure.claims_trust:
        return failure
    code, operation = failure.code, failure.operation
    if (failure.action or "s3:").startswith(("s3:", "sts:AssumeRole")) and systems.speaks_of_lookalike(around):
        return OtherFailure(failure.text, Trouble.NOT_IAM, code, operation, detail=systems.LOOKALIKE)
    if host := systems.other_endpoint(around):
        return OtherFailure(failure.text, Trouble.NOT_IAM, code, operation, name=host, detail=systems.OTHER_ENDPOINT)
    return failure


_UNUSABLE = regex(r"\bKeyState\W{1,12}(?:PendingDeletion|Disabled)\b")
_OF_KEY = regex(r"KMS|\bkms:", re.IGNORECASE)
_KEY_ID = regex(r"\bkey/(?P<id>[0-9a-f-]{36}|mrk-[0-9a-f]{32})\b")


def of_unusable_key(failure: Failure, cleaned: str) -> Failure:
    """Return a refusal about a KMS key as one of the key's state, if the text shows that the key cannot be used.

    AWS's message must leave the reason open, and the text may name at most one key.
    """
    if not isinstance(failure, Denial) or failure.stated_reason or "KeyState" not in cleaned:
        return failure
    if _UNUSABLE.search(cleaned) is None:
        return failure
    about_key = _OF_KEY.search(f"{failure.code} {failure.action} {failure.resource} {failure.text}") is not None
    if not about_key or len({each["id"] for each in _KEY_ID.finditer(cleaned)}) > 1:
        return failure
    return OtherFailure(cleaned, Trouble.NOT_IAM, failure.code, failure.operation, detail=KEY_STATE)


def with_no_refusals(found: list[Failure], cleaned: str) -> list[Failure]:
    """Return the failures, with those added whose form says that nothing was denied, each at its place in the text.

    If such a failure is the only content of a record, the record is not read in another way, because the code says
    everything.
    """
    read = list(no_refusals(cleaned))
    found = [
        each
        for each in found
        if not (isinstance(each, OtherFailure) and each.detail in ROW_NAMES)
        or (not read and not is_heading(each.detail or "", cleaned))
    ]
    if any((failure.detail or "").startswith(OF_MOUNTS) for _, failure in read):
        found = [
            each for each in found if not (isinstance(each, OtherFailure) and each.detail == "the operating system")
        ]
    for place, failure in read:
        found = [each for each in found if not _reads_the_same(each, failure)]
        index = next((at for at, each in enumerate(found) if _place(each, cleaned) > place), len(found))
        found = [*found[:index], failure, *found[index:]]
    return found


def _reads_the_same(failure: Failure, form: OtherFailure) -> bool:
    """Whether a failure is, by its error code, the one that ``form`` describes.

    False if the failure names a caller or a kind of policy.
    """
    if isinstance(failure, Denial):
        if failure.principal or failure.stated_reason:
            return False
        return failure.code in (None, form.code) and failure.operation in (None, form.operation)
    if isinstance(failure, OtherFailure):
        return failure.detail == form.detail or (failure.trouble is Trouble.NOT_FOUND and failure.code == form.code)
    return False


def _place(failure: Failure, cleaned: str) -> int:
    """Return the position at which the text first states the failure; -1 if no mark of the failure is in the text."""
    marks: tuple[str | None, ...] = (failure.operation, failure.code)
    if isinstance(failure, Denial):
        marks = (failure.action, failure.operation, failure.code)
    return next((cleaned.find(mark) for mark in marks if mark and mark in cleaned), -1)
