"""Answer how the conditions of one statement are combined, and what two statements would do instead.

   IAM User Guide, "Conditions with multiple context keys or values"
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html).
"""

from __future__ import annotations

import re

from iam.lazy_pattern import regex
from iam.policy.document import Document, Statement
from iam.words import listing

_COMBINED = regex(
    r"\b(?:and|or|both|either|all|any)\b[^\n?]{0,60}\b(?:conditions?|holds?|match(?:es)?|met|true)\b"
    r"|\bconditions?\b[^\n?]{0,60}\b(?:and|or|both|either|together|combined|all|any)\b"
    r"|\b(?:two|2|separate|several|split) (?:\w+ )?statements\b|(?-i:\bAND\b|\bOR\b)|\b(?:AND|OR)ed\b",
    re.IGNORECASE,
)
_WANTS_ALL = regex(
    r"(?-i:\bAND\b)(?![^\n]{0,80}\b(?:OR\b|or (?:either|just|only)\b))|\b(?:requires?|demand\w*|must) both\b"
    r"|\b(?:still|even so) (?:be )?(?:read|reach|access|download)\w*|\bcan be (?:read|reached|downloaded)\b"
    r"|\bis he right\b|\bwhy (?:does|can|is) (?:it|this|he|she|they)\b[^\n]{0,40}\b(?:work|allowed|read)\w*",
    re.IGNORECASE,
)
"""Words that show that the author wants every condition to be required, or reports a request that should be denied."""
_NEGATED = regex(r"^(?:ForA\w+:)?(?:StringNot|Not|ArnNot|NumericNot|DateNot)\w*", re.IGNORECASE)


def conditions_combined(rest: str, document: Document) -> str:
    """Return how the conditions of the only statement with several keys are combined; "" if the text does not ask.

    ``rest`` is the text without its policies.
    """
    several = [each for each in document.statements if len({one.key.lower() for one in each.conditions}) > 1]
    if len(several) != 1 or not _COMBINED.search(rest):
        return ""
    statement = several[0]
    which = f"statement {statement.sid or statement.index + 1}"
    keys = listing([one.key for one in statement.conditions])
    negated = all(_NEGATED.match(one.operator) for one in statement.conditions)
    if statement.effect == "Deny" and negated and _WANTS_ALL.search(rest):
        return (
            f"This Deny is too narrow to require all of {keys}: its conditions are combined with AND, so {which} "
            f"denies only requests that fail {_all_of(statement)}. A request that satisfies any one of {keys} is "
            "not denied. Write a separate Deny statement for each key, and exempt the calls that AWS services make "
            "(aws:PrincipalIsAWSService, aws:ViaAWSService)."
        )
    if statement.effect == "Deny" and negated:
        return (
            f"Keep one statement: its conditions are combined with AND, so {which} denies only requests that fail "
            f"{_all_of(statement)}. A request that satisfies any of {keys} is not denied. With separate Deny "
            "statements, a request would have to satisfy all of them. A Deny allows nothing, so an Allow is still "
            "needed. Calls that AWS services make for a caller may be denied, too, unless aws:ViaAWSService "
            "exempts them."
        )
    verb = "denies" if statement.effect == "Deny" else "allows"
    return (
        f"The conditions of one statement are combined with AND: {which} {verb} only requests that meet all of "
        f"{keys}. Several values of one key are alternatives (OR), and separate statements are also alternatives."
    )


def _all_of(statement: Statement) -> str:
    shown = [f"{one.key} ({listing(one.values, 'or', limit=2)})" for one in statement.conditions]
    return f"both {listing(shown)}" if len(shown) == 2 else f"all of {listing(shown)}"
