"""Recognize one failure that a text states more than once, and count it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from diagnostics.failure import Denial, Failure, OtherFailure, Trouble
from diagnostics.text.read.layout.log_lines import speaker
from iam.arn import identity_of

KEPT_TEXT = 20_000
"""The maximum number of characters of the pasted text that is stored with a failure."""


def identity(failure: Failure) -> Failure:
    """Return what two texts about the same failure have in common: the failure without its text and error code.

    The encoded message, which differs each time, is left out if principal, action and resource are known.
    """
    if isinstance(failure, Denial) and failure.principal and failure.action and failure.resource:
        failure = replace(failure, encoded_message=None, authorization_id=None)
    if isinstance(failure, OtherFailure) and failure.detail:
        said_by = speaker(failure.detail)
        failure = replace(failure, detail=said_by if said_by and failure.code else failure.detail.rstrip(". "))
    if isinstance(failure, Denial):
        # The sessions of one role get the same answer.
        principal = failure.principal
        if principal and failure.action:
            principal = "/".join(identity_of(principal))
        # Objects of one folder get the same answer.
        if (failure.action or "").startswith("s3:") and failure.resource and failure.resource.count("/") > 1:
            failure = replace(failure, resource=failure.resource.rpartition("/")[0])
        operation = None if failure.action and not failure.claims_trust else failure.operation
        failure = replace(failure, pasted="", repairs=(), principal=principal, operation=operation)
    if isinstance(failure, OtherFailure) and failure.trouble is Trouble.NOT_IAM:
        failure = replace(failure, operation=None)
    return replace(failure, text="", code=None, count=1, sequel=None)


def fold(failures: Iterable[Failure]) -> list[Failure]:
    """Return each failure once, in the order of first appearance, and counted."""
    first: dict[Failure, Failure] = {}
    for failure in failures:
        key = identity(failure)
        if known := first.get(key):
            first[key] = replace(known, code=known.code or failure.code, count=known.count + failure.count)
        else:
            first[key] = replace(failure, text=failure.text[:KEPT_TEXT])
    return list(first.values())
