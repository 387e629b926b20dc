"""Explain a Deny with NotPrincipal, which denies every caller with a permissions boundary."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.pasted.fixes.caller_arn import arn_to_name
from diagnostics.access_denied.pasted.policies_in_text import PastedPolicy
from diagnostics.failure import Denial
from diagnostics.fix import Fix, Note
from diagnostics.who import OWNERS, Who
from iam.arn import identity_of
from iam.lazy_pattern import regex
from iam.policy.match import names_action
from iam.policy.statements import Statement

_BOUNDARY = regex(r"\b(?:permissions? ?boundar(?:y|ies)|boundary)\b", re.IGNORECASE)


_NO_BOUNDARY = regex(r"\b(?:no|without|not?) (?:a |any )?(?:permissions? )?boundar", re.IGNORECASE)


def with_a_boundary(
    statements: Iterable[tuple[int, Statement]], denial: Denial, action: str, word: str
) -> Finding | None:
    """Return a finding on a Deny with NotPrincipal, if the text says that the caller has a permissions boundary.

    Such a Deny denies every caller with a boundary. Return None for other texts. IAM User Guide, "AWS JSON policy
    elements: NotPrincipal"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html).
    """
    text = denial.pasted or denial.text
    if denial.principal is None or not _BOUNDARY.search(text) or _NO_BOUNDARY.search(text):
        return None
    for number, each in statements:
        named = names_action(each.action, action) if each.action is not None else True
        if each.effect != "Deny" or each.not_principal is None or not named:
            continue
        which = f"statement {each.sid or number + 1}"
        name = identity_of(denial.principal)[2]
        said = f"{which} denies {action} with NotPrincipal, and {name} has a permissions boundary"
        why = (
            "A Deny with NotPrincipal always denies a principal with a permissions boundary, whatever NotPrincipal "
            "lists"
        )
        exempt = {"ArnNotEquals": {"aws:PrincipalArn": arn_to_name(denial.principal)}}
        text = (
            f'Write "Principal": "*" with the condition {json.dumps(exempt)} instead of NotPrincipal, with every '
            "ARN that NotPrincipal lists. The boundary's Allow statements are not the cause."
        )
        note = Note("the policy in the text", text)
        return Finding(
            f"{word}.explicit-deny",
            said,
            f"In the text's policy, {said}. {why}.",
            fix=Fix(f"Replace NotPrincipal in {which}", OWNERS.get(word, Who.ACCOUNT_ADMIN), note),
        )
    return None


def numbered(pasted: Sequence[PastedPolicy]) -> Iterator[tuple[int, Statement]]:
    for one in pasted:
        yield from enumerate(one.document.statements)
