"""Say whether an Allow's condition on tag keys forces tags: with ForAllValues, a request without tags is allowed, too.

IAM User Guide, "Set operators for multivalued context keys": ForAllValues is also true if the request has no such key
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html).
"""

from __future__ import annotations

import re

from diagnostics.text.policy_questions.not_action import which
from iam.lazy_pattern import regex
from iam.policy.document import Document
from iam.policy.statements import ConditionBlock, Statement

_FORCES = regex(
    r"\b(?:forc(?:es?|ed|ing)|enforc\w*|requires?|required|mandatory|must|guarantee\w*|ensures?|make sure"
    r"|without (?:a |the |any )?tags?|untagged|compulsory|obligatory)\b",
    re.IGNORECASE,
)
_TAG_KEYS = "aws:tagkeys"


def untagged_requests(rest: str, document: Document) -> str:
    """Return why the condition forces no tags, if the text asks whether it does; else "".

    ``rest`` is the text without the policy.
    """
    if not _FORCES.search(rest):
        return ""
    for statement in document.statements:
        keys = next((each for each in statement.conditions if _limits_keys(each)), None)
        if statement.effect == "Allow" and keys is not None and not _tests_presence(statement):
            wanted = [f'"aws:RequestTag/{each}": "?*"' for each in keys.values]
            return (
                f"No: {which(statement, document)} also allows a request without tags, because ForAllValues is true "
                f"when the request has none. It only limits which tag keys may be used. To force the tags, add "
                f'"StringLike": {{{", ".join(wanted[:4])}}} to the condition.'
            )
    return ""


def _limits_keys(condition: ConditionBlock) -> bool:
    return condition.key.lower() == _TAG_KEYS and condition.operator.lower().startswith("forallvalues:")


def _tests_presence(statement: Statement) -> bool:
    """Whether another condition of the statement needs a tag of the request, so that it may force what is asked."""
    return any(
        each.key.lower().startswith("aws:requesttag/")
        or (each.key.lower() == _TAG_KEYS and not each.operator.lower().startswith("forallvalues:"))
        for each in statement.conditions
    )
