"""What the words of IAM mean, four lines each, the last with an example of the account that is open.

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
    """``lines`` are three sentences; `explained` adds the account's own example. ``pattern`` finds its words."""

    title: str
    pattern: str
    lines: tuple[str, str, str]
    example: Example

    def stands_in(self, text: str) -> bool:
        return re.search(self.pattern, text, re.IGNORECASE) is not None

    def explained(self, account: Account | None, role: Role | None) -> tuple[str, ...]:
        """The four lines; three where the account has no example."""
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
    return f"the trust policy of {role.name} lets in {listing(trusted_by(role.trust, account.id)) or 'nobody'}; {said}."


def _boundary(account: Account, role: Role | None) -> str:
    if role is not None and role.has_details and role.boundary_arn is None:
        return f"{role.name} has none: its policies alone decide, within the organization's."
    role = _with(account, role, lambda each: each.boundary_arn is not None)
    if role is None or role.boundary_arn is None:
        return ""
    return f"{role.name} may at most what {name_of(role.boundary_arn)} allows, whatever its policies say."


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
    return f"a session of {role.name} lasts {hours} at most, and 1 h where another role's session made it."


def _temporary(account: Account, role: Role | None) -> str:
    if ":assumed-role/" in (account.caller_arn or ""):
        return "you work with temporary credentials: they end by themselves."
    if ":user/" in (account.caller_arn or ""):
        return f"you are the user {(account.caller_arn or '').rpartition('/')[2]}, and not a role's session."
    return ""


def _least_privilege(account: Account, role: Role | None) -> str:
    tracked = account.now - timedelta(days=TRACKED_DAYS)
    unused = [each.name for each in account.roles if not each.service_owned and _never_used(each, tracked)]
    if not unused:
        return ""
    return f"{plural(len(unused), 'role')} not used in {TRACKED_DAYS} days, such as {unused[0]}: l shows what one used."


def _never_used(role: Role, since: datetime) -> bool:
    """Whether it is known that it was there since then, and not used."""
    never = role.last_used is not None and role.last_used.when is None
    return never and role.created is not None and role.created <= since


def _with(account: Account, role: Role | None, has: Callable[[Role], bool]) -> Role | None:
    """The role in attention where it is an example, else the account's first that is one."""
    candidates: Iterator[Role] = (each for each in account.roles if not each.service_owned and has(each))
    return role if role is not None and has(role) else next(candidates, None)


def _policy_names(role: Role) -> list[str]:
    return [*(each.name for each in role.attached or ()), *(each.name for each in role.inline or ())]


TERMS: tuple[Term, ...] = (
    Term(
        "role or user",
        r"\broles?\b|\busers?\b",
        (
            "A user is one person or program, with keys or a password of its own that last.",
            "A role has none: whoever its trust policy lets in becomes it for a while, and is nobody else meanwhile.",
            "People and services use roles; a user is for what cannot.",
        ),
        _role_or_user,
    ),
    Term(
        "trust or permissions policy",
        r"\btrust|\bpermissions?\b|\bpolic(y|ies)\b",
        (
            "The trust policy says who may become the role; its Principal is the difference.",
            "Permissions policies say what one may do then; without one, nothing.",
            "Both have to allow: being let in gives no rights, and rights let nobody in.",
        ),
        _policies,
    ),
    Term(
        "boundary",
        r"\bboundar(y|ies)\b",
        (
            "A permissions boundary is a policy that limits what a role's or user's own policies can give.",
            "It gives nothing itself: allowed is what both allow.",
            "It lets people make roles who must not make themselves stronger by that.",
        ),
        _boundary,
    ),
    Term(
        "session",
        r"\bsessions?\b",
        (
            "A session is one use of a role: it begins with AssumeRole, has a name, and ends at a fixed time.",
            "CloudTrail tells what was done by role and session name; a session policy can only take rights away.",
            "It goes on when the role's trust changes: revoking it is a policy that denies what began before.",
        ),
        _session,
    ),
    Term(
        "temporary credentials",
        r"\bcredentials?\b|\btokens?\b|\bSTS\b",
        (
            "What STS gives for a session: a key (ASIA…), a secret, and a token, which are good together.",
            "They end after minutes or hours and cannot be renewed by themselves; an access key (AKIA…) stays.",
            "A leak ends with them, so prefer them to keys wherever something can assume a role.",
        ),
        _temporary,
    ),
    Term(
        "least privilege",
        r"\bleast.privilege\b|\bunused\b|\bfindings?\b|\breview\b",
        (
            "Each role has what its work needs, on what it works on, and nothing else.",
            "One gets there from what was used: last accessed, CloudTrail, and the conditions of a statement.",
            "What is not there cannot be misused, by accident or after a leak.",
        ),
        _least_privilege,
    ),
)


def terms_for(text: str) -> tuple[Term, ...]:
    """All terms, those whose words stand in a text first."""
    return tuple(sorted(TERMS, key=lambda term: not term.stands_in(text)))
