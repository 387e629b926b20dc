"""Findings grouped by cause: a policy's statement, another account, a service, a habit.

One change to the cause changes all of its findings. A finding that reports no more than another one about the same
principal is a duplicate: the JSON contains it, displayed lists do not.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from diagnostics.diagnosis import Evidence
from diagnostics.review.finding import Finding
from iam.account import Account
from iam.arn import name_of
from iam.facts.generated_roles import SetUp, set_up_of
from iam.policy.edits import as_list, statement_value
from iam.risks.risk import Severity
from iam.words import listing, plural

_WIDE, _PASSING = "permissions.", "permissions.passrole-any"
_PATH = "escalation.path"
_OF_SET_UP = ("permissions.wildcard-action", "permissions.wildcard-resource", "trust.confused-deputy")
"""Rules whose findings are only informational if one of AWS's tools (such as Control Tower) writes the role's
policies.
"""
_GRAVEST_FIRST = ("permissions.wildcard-resource",)
"""Rules that list the most severe statement first. Only this statement is the cause, whatever other statements a role
has."""
FOR_EMERGENCIES = "for emergencies"
"""The cause of findings about emergency roles. Such roles are meant to be unused, and they are kept."""
ONLY_PRINCIPAL = "the only principal"
"""The cause of findings about deleted principals if the trust policy names no other principal."""

HYGIENE = "hygiene"
"""The ID for the cause of all findings of the rules in `_HYGIENE`. The ID is shown instead of a rule."""
_HYGIENE = ("naming.outside", "support.no-role", "trust.confused-deputy", "users.direct-policy")
"""Rules of benchmarks and habits whose findings give nobody access. All of them together are one cause.

   A service that acts for any account gives no access, because iam:PassRole only passes roles of the caller's account:
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
"""
_HYGIENE_TITLE = "Hygiene: these give no access"


@dataclass(frozen=True, slots=True)
class Cause:
    """The findings of one rule with the same cause, or all hygiene findings.

    ``what`` names the cause in a few words, "" if the rule itself is the cause.
    """

    id: str
    rule: str
    title: str
    what: str
    findings: tuple[Finding, ...]

    @property
    def severity(self) -> Severity:
        """The highest severity of the findings that are not accepted, or of all findings if all are accepted."""
        opened = [one for one in self.findings if one.accepted is None]
        return min((one.severity for one in opened or self.findings), key=lambda each: each.rank)

    @property
    def accepted(self) -> bool:
        return all(one.accepted is not None for one in self.findings)

    @property
    def subjects(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.subject for one in self.findings))

    @property
    def who(self) -> str:
        return who_words(self.subjects)


def who_words(subjects: Sequence[str]) -> str:
    """Summarize the ARNs: ``web``, ``12 roles``, ``3 roles and users``."""
    if len(subjects) == 1:
        return name_of(subjects[0]) or subjects[0]
    kinds = {arn.split(":", 5)[-1].partition("/")[0] for arn in subjects}
    one, many = _KINDS.get(frozenset(kinds), ("entry", "entries"))
    return plural(len(subjects), one, many)


_KINDS = {
    frozenset({"role"}): ("role", "roles"),
    frozenset({"user"}): ("user", "users"),
    frozenset({"role", "user"}): ("role or user", "roles and users"),
    frozenset({"policy"}): ("policy", "policies"),
}


def with_set_up(one: Finding, account: Account) -> Finding:
    """Return the finding with the AWS tool that writes the role's policies, if the role's name shows one."""
    if not one.rule.startswith((_WIDE, "trust.", _PATH)) or ":role/" not in one.subject:
        return one
    found = _set_up_at(one.subject, account)
    if found is None or not found.writes:
        return one
    if one.rule == _PATH:
        reached = {_set_up_at(hop.on, account) for hop in one.path}
        return replace(one, set_up_by=found.tool, severity=Severity.LOW) if reached == {found} else one
    narrow = one.rule == _PASSING and one.severity.rank > Severity.HIGH.rank
    severity = Severity.INFO if one.rule in _OF_SET_UP or narrow else one.severity
    return replace(one, set_up_by=found.tool, severity=severity)


def _set_up_at(arn: str, account: Account) -> SetUp | None:
    role = account.role(arn)
    return set_up_of(role) if role is not None else None


def causes(findings: Iterable[Finding]) -> tuple[Cause, ...]:
    """Return the causes of findings other than duplicates, sorted by severity, rule and number of findings."""
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for one in findings:
        if one.double_of is None:
            groups.setdefault(_key(one), []).append(one)
    found = [
        Cause(_id(key), *rule_and_title(members[0].rule, members[0].title), _words(members), tuple(members))
        for key, members in groups.items()
    ]
    return tuple(sorted(found, key=lambda each: (each.severity.rank, each.rule, -len(each.findings))))


def rule_and_title(rule: str, title: str) -> tuple[str, str]:
    """Return the rule and title to show for a cause, given the rule and title of one of its findings."""
    return (HYGIENE, _HYGIENE_TITLE) if rule in _HYGIENE else (rule, title)


def cause_id(one: Finding) -> str:
    """Return the ID of a finding's cause. The ID stays the same as long as the cause does."""
    return _id(_key(one))


def pattern_id(one: Finding, account: str) -> str:
    """Return an ID for a finding's cause that ignores the account ID ``account``, and so is the same in any account."""
    return _id([part.replace(account, "{account}") for part in _key(one)])


def cause_words(one: Finding) -> str:
    """Return a short description of a finding's cause, or "" if the rule itself is the cause."""
    return _words((one,))


def _id(key: Sequence[str]) -> str:
    return hashlib.sha256("\0".join(key).encode("utf-8", "replace")).hexdigest()[:12]


def _key(one: Finding) -> tuple[str, ...]:
    if one.rule in _HYGIENE:
        return (HYGIENE,)
    if one.set_up_by:
        return one.rule, "set-up", one.set_up_by
    if one.cause:
        return one.rule, "cause", one.cause
    if _leads_elsewhere(one):
        return one.rule, "hop", one.severity.value, *one.path[0].actions, one.path[0].on
    proofs = causing_statements(one)
    if proofs and one.rule in _GRAVEST_FIRST:
        return one.rule, statement_content(proofs[0])
    if proofs:
        return (one.rule, *sorted(set(map(statement_content, proofs))))
    return (one.rule, "") if not one.evidence or one.evidence[0].document is None else (one.rule, one.subject)


def _leads_elsewhere(one: Finding) -> bool:
    """Return whether the first step of an escalation leads to a resource that others may reach in the same way."""
    return bool(one.path) and one.path[0].on not in (one.subject, "*")


def causing_statements(one: Finding) -> list[Evidence]:
    """Return the statements that cause the finding; for an escalation, those of its first step."""
    evidence = one.path[0].evidence if one.path else one.evidence
    return [each for each in evidence if each.statement is not None and each.document is not None]


def statement_content(each: Evidence) -> str:
    """Return a statement's content without its Sid, which is equal for the same statement in different policies."""
    assert each.document is not None and each.statement is not None
    said = {key: part for key, part in statement_value(each.document, each.statement).items() if key != "Sid"}
    return f"{each.layer} {json.dumps(said, sort_keys=True)}"


def _is_managed(each: Evidence) -> bool:
    return each.arn is not None and ":policy/" in each.arn


def _words(findings: Sequence[Finding]) -> str:
    """Return a short description of the findings' cause: the managed policy that they share, or their statements."""
    one = findings[0]
    if one.rule in _HYGIENE:
        rules = list(dict.fromkeys(each.rule for each in findings))
        return listing(rules) if len(rules) > 1 else ""
    if one.set_up_by:
        return f"as {one.set_up_by} sets it up"
    if one.cause:
        return name_of(one.cause) if one.cause.startswith("arn:") else one.cause
    if _leads_elsewhere(one):
        hop = one.path[0]
        return f"{listing(list(hop.actions))} on {name_of(hop.on) or hop.on}"
    shared = {each.arn for other in findings for each in causing_statements(other)[:1]}
    for each in causing_statements(one):
        if _is_managed(each) and len(shared) == 1:
            return f"{each.policy}, statement {each.sid or (each.statement or 0) + 1}"
        assert each.document is not None and each.statement is not None
        said = statement_value(each.document, each.statement)
        actions = as_list(said.get("Action", said.get("NotAction")))
        return f"a statement on {listing([str(action) for action in actions], limit=2)}"
    return ""
