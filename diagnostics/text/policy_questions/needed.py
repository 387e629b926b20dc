"""Answer whether an action is needed or can be removed. An Allow does not prove use."""

from __future__ import annotations

import re
from collections.abc import Sequence

from iam.lazy_pattern import regex
from iam.policy.document import Document
from iam.policy.match import names_action
from iam.words import listing

_ACTION = r"(?<![\w:/.-])[a-z][a-z0-9-]{1,40}:[A-Z]\w+"
_AND = rf"(?:{_ACTION}(?:,| and| or)?\s+)*"
_NEEDED = (
    # "does the role need X", "can we drop X", "is X required"
    regex(
        r"\b(?:needs?|requires?|remove|drop|revoke|omit|without|take (?:away|out)|get rid of)\s+"
        r"(?:(?:the|its|our|this|that|any|permission|action|right|really|still|for)\s+)*"
        rf"[\"'`]?{_AND}{_ACTION}",
        re.IGNORECASE,
    ),
    regex(
        rf"{_ACTION}[\"'`]?(?:\s+[\w*]+){{0,5}}?\s+(?:needed|required|necessary|used|gone|removed"
        r"|dropped)\b",
        re.IGNORECASE,
    ),
)
_MANAGED = regex(r"\b(?:Amazon|AWS|CloudWatch)(?!ServiceRoleFor)[A-Z]\w+")


def asks_if_needed(question: str) -> bool:
    """Return whether the question names an action and asks if it is needed."""
    return any(pattern.search(question) for pattern in _NEEDED)


def whether_needed(actions: Sequence[str], document: Document, text: str) -> str:
    """Return how to find out whether the actions are needed; "" if the text's policies allow none of them.

    IAM User Guide, "Refine permissions in AWS using last accessed information"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed.html).
    """
    allows = [each for each in document.statements if each.effect == "Allow"]
    had = [each for each in actions if any(names_action(one.action or (), each) for one in allows)]
    if not had:
        return ""
    named = listing(had)
    others = listing(list(dict.fromkeys(_MANAGED.findall(text))), limit=3)
    beside = (
        f" The text also names {others}. If a policy there also allows the action, the removal changes nothing."
        if others
        else ""
    )
    return (
        f"The policy in the text allows {named}, but this does not show that the role needs the permission. Look "
        "up the last use (aws iam generate-service-last-accessed-details --granularity ACTION_LEVEL, or "
        "CloudTrail). If the permission was not used, remove it, and then run every program that uses the role "
        f"once.{beside}"
    )
