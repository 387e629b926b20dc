"""Which roles may effectively do something: the filter's ``can:``, an action or an access level of a service.

Boundaries, SCPs and Denies count, as for who-can. Reads policies, so it runs in a worker.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from diagnostics.assumptions import Assumptions, ask_assuming
from iam.questions.answers import AccessVerdict
from iam.questions.catalogue import catalogue
from iam.questions.index import AccountIndex
from iam.questions.who_can import QuestionError, who_can
from iam.words import listing

LEVELS: Mapping[str, str] = {
    "list": "List",
    "read": "Read",
    "write": "Write",
    "tagging": "Tagging",
    "permissions": "Permissions management",
}
"""The access levels of AWS's actions, by the word in the filter.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_understand-policy-summary-access-level-summaries.html
"""


@dataclass(frozen=True, slots=True)
class AbleRoles:
    """The names of roles that may, also under conditions, and of those of which not enough could be read."""

    may: frozenset[str]
    unknown: frozenset[str]


def able_roles(index: AccountIndex, value: str, assumptions: Assumptions) -> AbleRoles:
    """The roles that may do ``s3:write`` or ``iam:PassRole`` to some resource. Raises `QuestionError`."""
    service, _, rest = value.partition(":")
    level = LEVELS.get(rest.lower())
    action = f"{service}:*" if level else value
    if not level and not catalogue().matching(action.lower()):
        raise QuestionError(f"can:{value} names no action that AWS lists, nor one of {listing(tuple(LEVELS))}.")
    answer, _ = ask_assuming(lambda known: who_can(index, action, "*", known), {}, assumptions.for_request(action, "*"))
    wanted = catalogue().level(level) & catalogue().service(service.lower()) if level else 0
    may: set[str] = set()
    unknown: set[str] = set()
    for one in answer.principals:
        if one.kind != "role" or (level and not one.action_set & wanted):
            continue
        if one.granted:
            may.add(one.name)
        elif one.verdict is AccessVerdict.UNKNOWN:
            unknown.add(one.name)
    return AbleRoles(frozenset(may), frozenset(unknown))


__all__ = ["AbleRoles", "QuestionError", "able_roles"]
