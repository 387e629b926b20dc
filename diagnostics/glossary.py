"""Explanations of IAM terms. Each has four lines; the last is an example from the open account.

The explanations follow the IAM User Guide, "Terms and concepts", "Policies and permissions", "Permissions boundaries",
"Temporary security credentials" and "Apply least-privilege permissions".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from iam.account import TRACKED_DAYS, Account, Role
from iam.arn import name_of, resource_of
from iam.policy.named_principals import trusted_by
from iam.words import joined, listing, plural

Example = Callable[[Account, Role | None], str]


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the glossary.

    ``lines`` contains its three-sentence definition; `explained` adds an example. ``pattern`` matches the term in a
    text.
    """

    title: str
    pattern: str
    lines: tuple[str, str, str]
    example: Example

    def stands_in(self, text: str) -> bool:
        return re.search(self.pattern, text, re.IGNORECASE) is not None

    def explained(self, account: Account | None, role: Role | None) -> tuple[str, ...]:
        """Return the four lines, or three if the account has no example."""
        here = self.example(account, role) if account is not None else ""
        return (*self.lines, *([f"Here: {here}"] if here else []))


def _role_or_user(account: Account, role: Role | None) -> str:
    role = role or next((each for each in account.roles if not each.service_owned), None)
    user = next(iter(account.users or ()), None)
    parts = []
    if role is not None:
        who = listing(trusted_by(role.trust, account.id)) if role.trust is not None else ""
        parts.append(f"{role.name} is a role{f' for {who}' if who else ''}")
    if user is not None:
        parts.append(f"{user.name} is a user")
    return f"{joined(parts)}." if parts else ""


def _policies(account: Account, role: Role | None) -> str:
    role = _with(account, role, lambda each: each.trust is not None and each.has_details)
    if role is None or role.trust is None:
        return ""
    held = _policy_names(role)
    said = f"its permissions are {listing(held)}" if held else "it has no permissions policy"
    return f"the trust policy of {role.name} names {listing(trusted_by(role.trust, account.id)) or 'nobody'}; {said}."


def _boundary(account: Account, role: Role | None) -> str:
    if role is not None and role.has_details and role.boundary_arn is None:
        return f"{role.name} has no boundary; only its own policies and the organization's policies apply."
    role = _with(account, role, lambda each: each.boundary_arn is not None)
    if role is None or role.boundary_arn is None:
        return ""
    return f"{role.name} can do no more than {name_of(role.boundary_arn)} allows."


def _session(account: Account, role: Role | None) -> str:
    caller = account.caller_arn or ""
    kind, _, rest = resource_of(caller).partition("/")
    if kind == "assumed-role":
        name, _, session = rest.partition("/")
        return f"you are the session {session} of the role {name}."
    role = _with(account, role, lambda each: each.max_session_seconds is not None)
    if role is None or role.max_session_seconds is None:
        return ""
    hours = f"{role.max_session_seconds / 3600:g} h"
    return f"a session of {role.name} lasts at most {hours}, or 1 h if another role's session created it."


def _temporary(account: Account, role: Role | None) -> str:
    if ":assumed-role/" in (account.caller_arn or ""):
        return "you are using temporary credentials, which expire."
    if ":user/" in (account.caller_arn or ""):
        return f"you are the user {(account.caller_arn or '').rpartition('/')[2]}, not a role session."
    return ""


def _least_privilege(account: Account, role: Role | None) -> str:
    tracked = account.now - timedelta(days=TRACKED_DAYS)
    unused = [each.name for each in account.roles if not each.service_owned and _never_used(each, tracked)]
    if not unused:
        return ""
    return (
        f"{plural(len(unused), 'role')} unused for {TRACKED_DAYS} days, such as {unused[0]}: l shows what a role used."
    )


def _never_used(role: Role, since: datetime) -> bool:
    """Return whether the role is known to have existed since then without being used."""
    never = role.last_used is not None and role.last_used.when is None
    return never and role.created is not None and role.created <= since


def _with(account: Account, role: Role | None, has: Callable[[Role], bool]) -> Role | None:
    """Return the current role if it is an example (``has``); otherwise the first role that is an example, or None."""
    candidates: Iterator[Role] = (each for each in account.roles if not each.service_owned and has(each))
    return role if role is not None and has(role) else next(candidates, None)


def _policy_names(role: Role) -> list[str]:
    return [*(each.name for each in role.attached or ()), *(each.name for each in role.inline or ())]


TERMS: tuple[Term, ...] = (
    Term(
        "role or user",
        r"\broles?\b|\busers?\b",
        (
            "A user is one person or program with long-term credentials: access keys or a password.",
            (
                "A role has no long-term credentials. A principal that the role's trust policy allows can assume "
                "the role for a limited time."
            ),
            "Prefer roles for people and services; use a user only where a role cannot be assumed.",
        ),
        _role_or_user,
    ),
    Term(
        "trust or permissions policy",
        r"\btrust|\bpermissions?\b|\bpolic(y|ies)\b",
        (
            "The trust policy defines who may assume the role, in its Principal elements.",
            (
                "Permissions policies define what a session of the role may do; without such a policy, nothing is "
                "allowed."
            ),
            "The two are independent: trust grants no permissions, and permissions grant no trust.",
        ),
        _policies,
    ),
    Term(
        "boundary",
        r"\bboundar(y|ies)\b",
        (
            "A permissions boundary is a policy that limits what a role's or user's own policies can give.",
            (
                "The boundary grants nothing itself: an action is allowed only if the boundary and the own "
                "policies both allow it."
            ),
            "With a required boundary, people can create roles without giving themselves more permissions.",
        ),
        _boundary,
    ),
    Term(
        "session",
        r"\bsessions?\b",
        (
            "A session is one use of a role: it starts with AssumeRole, has a name, and ends at a fixed time.",
            (
                "CloudTrail records actions with the names of the role and the session. A session policy can only "
                "reduce permissions."
            ),
            (
                "A session stays valid after a change of the trust policy. To revoke sessions, a policy denies all "
                "sessions that began before a certain time."
            ),
        ),
        _session,
    ),
    Term(
        "temporary credentials",
        r"\bcredentials?\b|\btokens?\b|\bSTS\b",
        (
            "Credentials that STS returns for a session: a key (ASIA…), a secret key and a token, which belong "
            "together.",
            "These credentials expire after minutes or hours; an access key of a user (AKIA…) does not expire.",
            "A leaked credential stops working when it expires, so prefer roles to access keys.",
        ),
        _temporary,
    ),
    Term(
        "least privilege",
        r"\bleast.privilege\b|\bunused\b|\bfindings?\b|\breview\b",
        (
            "Each role has only the permissions that its task needs, on the resources that its task needs.",
            "Start from the permissions that were used: see last accessed information and CloudTrail.",
            "A permission that is not granted cannot be misused, by accident or after a leak.",
        ),
        _least_privilege,
    ),
)


def terms_for(text: str) -> tuple[Term, ...]:
    """Return all terms, those whose words occur in the text first."""
    return tuple(sorted(TERMS, key=lambda term: not term.stands_in(text)))
