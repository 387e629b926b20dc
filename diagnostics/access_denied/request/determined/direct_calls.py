"""Condition keys that say whether a program calls a service itself, and KMS's keys on that."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.access_denied.request.command import commands_in
from diagnostics.access_denied.request.templates import descriptions
from diagnostics.failure import Denial
from iam.arn import account_of
from iam.claims import Source, Sourced, Values
from iam.lazy_pattern import regex


def of_a_direct_call(denial: Denial, action: str, resource: str) -> Iterator[tuple[str, Sourced[Values]]]:
    """Yield the keys of a call that the text's command or program makes itself."""
    if any(each.performs(action) for each in commands_in(denial.text)):
        yield "aws:ViaAWSService", Sourced(("false",), Source.COMMAND, "the command calls the service itself")
        yield from _direct_call(action.lower(), "the command calls KMS itself")
    elif action.lower().startswith("kms:") and _is_sent(denial.text, action):
        yield from _direct_call(action.lower(), "the program calls KMS itself")


def of_the_calling_account(denial: Denial, action: str, resource: str) -> Iterator[tuple[str, Sourced[Values]]]:
    """Yield kms:CallerAccount."""
    if action.lower().startswith("kms:") and denial.principal and (account := account_of(denial.principal)):
        yield "kms:CallerAccount", Sourced((account,), Source.TEXT, denial.principal)


def _is_sent(text: str, action: str) -> bool:
    """Return whether the program in the text itself calls the operation of KMS."""
    name = action.partition(":")[2].lower()
    if any((each[1] or each[2] or name).lower() == name for each in _SENT_TO_KMS.finditer(text)):
        return True
    described = (each for each in descriptions(text) if each.operation and each.source is Source.COMMAND)
    return any(each.describes(action) for each in described)


_SENT_TO_KMS = regex(
    r"\boperation error KMS: (\w+)|\bwhen calling the (\w+) operation\b"
    r"|\(Service: (?:AWSKMS; |Kms, )(?![^\n]*HandlerErrorCode)"
)
"""How the SDKs for Go, Python and Java report an operation of KMS that the program itself called.

A service that uses a key for the program reports its own operation.
"""


def _direct_call(action: str, why: str) -> Iterator[tuple[str, Sourced[Values]]]:
    """Yield kms:ViaService and kms:GrantIsForAWSResource for a call that goes directly to KMS.

    AWS KMS Developer Guide, "AWS KMS condition keys", kms:ViaService and kms:GrantIsForAWSResource
    (https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html).
    """
    if action.startswith("kms:"):
        yield "kms:ViaService", Sourced((), Source.COMMAND, why)
    if action == "kms:creategrant":
        yield "kms:GrantIsForAWSResource", Sourced(("false",), Source.COMMAND, why)
