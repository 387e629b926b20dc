"""Answer whom an SCP or an RCP limits: the management account, service-linked roles, root users, administrators.

AWS Organizations User Guide, "Service control policies (SCPs)" and "Resource control policies (RCPs)"
(https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html,
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from iam.facts.global_services import ENDPOINTS
from iam.lazy_pattern import regex
from iam.policy.document import Document, Statement
from iam.policy.match import names_action
from iam.words import listing


@dataclass(frozen=True, slots=True)
class _Subject:
    """A subject that a question names. ``limited``: an SCP or RCP applies to it. ``scp`` and ``rcp`` are the words."""

    pattern: re.Pattern[str]
    limited: bool
    scp: str
    rcp: str


def _subject(pattern: str, *, limited: bool, scp: str, rcp: str = "") -> _Subject:
    return _Subject(regex(pattern, re.IGNORECASE), limited, scp, rcp or scp)


_SUBJECTS = (
    _subject(
        r"\b(?:management|payer|master|paying|billing)(?:\s*\([^)\n]{1,20}\))?\s+account\b|\bpayer\b",
        limited=False,
        scp="the users and roles of the management account",
        rcp="the resources of the management account",
    ),
    _subject(
        r"\bservice[- ]linked\b|\bAWSServiceRoleFor\w*|\bSLRs?\b",
        limited=False,
        scp="service-linked roles",
        rcp="calls by service-linked roles",
    ),
    _subject(r"\broot users?\b|\baccount roots?\b", limited=True, scp="the root users of member accounts"),
    _subject(
        r"\bdelegated admin\w*",
        limited=True,
        scp="delegated administrators",
    ),
    _subject(
        r"(?<!delegated )\b(?:account )?admin(?:istrator)?s?\b(?! account)|\bAdministratorAccess\b",
        limited=True,
        scp="administrators of member accounts",
    ),
)
_OF_PRINCIPALS = regex(r"\bSCPs?\b|\bservice control polic", re.IGNORECASE)
_OF_RESOURCES = regex(r"\bRCPs?\b|\bresource control polic", re.IGNORECASE)
_ATTACHED = regex(
    r"\b(?:attach|apply|put|enable|roll|deploy)\w*\b[^.?\n]{0,60}"
    r"\b(?:root of the org\w*|org\w* root|OUs?|organi[sz]ational units?|whole org\w*|entire org\w*)\b",
    re.IGNORECASE,
)
_APPLIES = regex(
    r"\b(?:hits?|appl(?:y|ies|ied)|(?:affect|limit|restrict|block|impact|cover|lock|touch|exclude|exempt|reach)(?:e?[sd])?"
    r"|breaks?|broken|den(?:y|ies|ied)|stops?|bound|subject|count|hurt)\b",
    re.IGNORECASE,
)


def reach_of_guardrail(rest: str, asked: list[str], document: Document | None) -> str:
    """Say whether an SCP or RCP limits the subjects that the questions name; "" if they ask for something else.

    Args:
        rest: The text without its policies.
        asked: The questions in it.
        document: The policies in the text, or None.
    """
    if asked and (shown := _in_the_management_account(rest, _kind(rest, document))):
        return shown
    questions = " ".join(asked) if any(map(_APPLIES.search, asked)) else ""
    named = [each for each in _SUBJECTS if each.pattern.search(questions)]
    kind = _kind(rest, document)
    if not kind or not any(each.pattern.search(questions) for each in _SUBJECTS[:4]):
        return ""
    words = {True: "rcp", False: "scp"}[kind == "RCP"]
    free = [getattr(each, words) for each in named if not each.limited]
    bound = [getattr(each, words) for each in named if each.limited]
    parts: list[str] = []
    if free:
        where = ", even if it is attached to the root" if _SUBJECTS[0] in named else ""
        parts.append(f"{'' if bound else 'No: '}an {kind} does not limit {listing(free, 'or')}{where}.")
    if bound:
        parts.append(f"{'' if free else 'Yes: '}an {kind} limits {listing(bound)}.")
    elif kind == "SCP":
        parts.append("It limits every other user and role of the member accounts below, including their root users.")
    said = " ".join(f"{each[0].upper()}{each[1:]}" for each in parts)
    return f"{said}{_global_services(document)}"


_MANAGEMENT = regex(r"\b(?:Master|Management)AccountId\b\W{1,6}(?P<account>\d{12})")


def _in_the_management_account(rest: str, kind: str) -> str:
    """Return that an SCP does not count if the text shows that the call was made in the management account; else ""."""
    found = _MANAGEMENT.search(rest)
    if kind != "SCP" or found is None:
        return ""
    account = found["account"]
    if not re.search(rf"\barn:[\w-]+:(?:sts|iam)::{account}:|\brecipientAccountId\W{{1,6}}{account}\b", rest):
        return ""
    return (
        f"The call was made in account {account}, which is the organization's management account: an SCP never "
        "limits the users and roles of that account, even if the SCP is attached to the root. Nothing is broken. "
        "Limit who has administrator access there, and keep workloads in member accounts."
    )


def _kind(rest: str, document: Document | None) -> str:
    """Return SCP or RCP; "" if the text does not show which it is. A statement of an SCP has no Principal."""
    of_principals, of_resources = _OF_PRINCIPALS.search(rest), _OF_RESOURCES.search(rest)
    if of_principals is not None or of_resources is not None:
        return "" if of_principals and of_resources else "SCP" if of_principals else "RCP"
    if document is None or not _ATTACHED.search(rest):
        return ""
    return "RCP" if any(each.principal for each in document.statements) else "SCP"


_OFTEN_USED = ("account", "budgets", "ce", "globalaccelerator", "shield", "waf")
_MOST = 6


def _global_services(document: Document | None) -> str:
    """Name the global services that a Deny by Region refuses everywhere, because their Region is not allowed."""
    for each in document.statements if document is not None else ():
        regions = _allowed_regions(each)
        if each.effect != "Deny" or each.not_action is None or not regions:
            continue
        refused = [
            service
            for endpoint in ENDPOINTS
            if endpoint.partition == "aws" and not _covers(regions, endpoint.region)
            for service in endpoint.services
            if not names_action(each.not_action, f"{service}:*")
        ]
        if refused:
            shown = sorted(refused, key=lambda service: (service not in _OFTEN_USED, service))
            return (
                " In the limited accounts, the Deny also refuses services with a single endpoint outside the "
                f"allowed Regions: {listing(shown, limit=_MOST)}. Add the services that you use to NotAction, and "
                "try the policy on one OU first."
            )
    return ""


def _allowed_regions(statement: Statement) -> tuple[str, ...]:
    """Return the Regions that a Deny exempts, if its only condition is about the Region; else ()."""
    conditions = statement.conditions
    if len(conditions) != 1 or conditions[0].key.lower() != "aws:requestedregion":
        return ()
    return tuple(conditions[0].values) if "not" in conditions[0].operator.lower() else ()


def _covers(regions: tuple[str, ...], region: str) -> bool:
    return any(re.fullmatch(re.escape(each).replace(r"\*", ".*"), region) for each in regions)
