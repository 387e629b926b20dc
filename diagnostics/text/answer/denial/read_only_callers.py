"""Refusals that may be intended, because by its name the caller is meant only to read or to plan."""

from __future__ import annotations

from diagnostics.failure import Denial
from iam.arn import identity_of
from iam.lazy_pattern import regex
from iam.service_reference import action

_GETS = regex(r":(?:Get|Describe|List)[A-Z]")
"""The names of actions that return something. Some of these actions are not listed as reading, for example a login."""


def may_be_intended(denial: Denial, missing: str, who: str) -> str:
    """Say that the refusal may be intended, up to “Only if the owner agrees,”; "" if the caller may make changes.

    ``who`` is the denied role, user or permission set, and ``missing`` the action.
    """
    known = action(missing)
    changes = known is not None and known.level not in ("Read", "List") and not _GETS.search(missing)
    plans = _ONLY_PLANS.search(who) is not None and _PLANNED.search(denial.text) is not None
    if not changes or not (plans or _ONLY_READS.search(who)) or _takes_a_lock(denial, missing):
        return ""
    return (
        f"By its name, this identity is meant only to {'plan' if plans else 'read'}, so the refusal may be intended: "
        f"make the call with {_for_changes(denial)}. Only if the owner agrees,"
    )


def _for_changes(denial: Denial) -> str:
    """Return the identity to make the call with.

    This is a similarly named identity from the text, or any identity that is intended for changes.
    """
    from diagnostics.text.answer.sibling_roles import role_for_changes  # few callers only read

    name = identity_of(denial.principal or "")[2]
    word = _ONLY_PLANS.search(name) or _ONLY_READS.search(name)
    other = role_for_changes(name, word, denial.pasted or denial.text) if word is not None else ""
    return f"{other}, which the text names" if other else "an identity that may make changes"


def _takes_a_lock(denial: Denial, missing: str) -> bool:
    """Whether the action locks Terraform's state: even a plan writes the lock.

    Terraform, "Backend Type: s3", "Permissions Required": items of the lock table, or the object KEY.tflock
    (https://developer.hashicorp.com/terraform/language/backend/s3).
    """
    of_a_table = missing.lower().startswith("dynamodb:") and _LOCK_TABLE.search(denial.text)
    return bool(of_a_table) or (denial.resource or "").endswith(".tflock")


_LOCK_TABLE = regex(r"\bstate lock\b|\bUnable to retrieve item from DynamoDB table\b")


_ONLY_READS = regex(
    r"(?:Read|View)(?:er)?-?Only(?![a-z])|(?<![a-z])(?:[Rr]ead|[Vv]iew)[_-]?only(?![a-z])"
    r"|(?<![A-Za-z])(?:ro|RO)(?![A-Za-z])|(?<![A-Za-z])(?:[Vv]iewer|[Aa]uditor)s?(?![a-z])"
    r"|(?<=[a-z])(?:Viewer|Auditor)(?![a-z])"
)
"""Names of roles, users and permission sets that are intended to be read-only."""


_ONLY_PLANS = regex(r"(?<![A-Za-z])[Pp]lan(?:ner)?(?![a-z])|(?<=[a-z])Plan(?:ner)?(?![a-z])")


_PLANNED = regex(
    r"\b(?:[Tt]erraform|[Tt]ofu|[Aa]tlantis|[Tt]erragrunt|Error: (?:creating|updating|deleting|putting))\b"
)
"""Tools that plan a change before they apply it."""
