"""Findings that other findings cover: they report no more than another finding about the same principal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from diagnostics.diagnosis import Evidence
from diagnostics.review.causes import FOR_EMERGENCIES, ONLY_PRINCIPAL, causing_statements, statement_content
from diagnostics.review.finding import Finding
from iam.policy.edits import as_list, statement_value
from iam.risks.risk import Severity

_WIDE, _ADMIN = "permissions.", "permissions.admin"
_PATH, _OUTSIDE = "escalation.path", "trust.outside-admin"
_ENTRIES = {
    "trust.public": "any account",
    "trust.external-without-id": "account ",
    "trust.wide-subject": "tokens of ",
}
"""Rules about access from outside → the beginning of the cause of the corresponding `trust.outside-admin` finding."""
_USE = ("use.unused-service", "use.unused-action")
_MISSING, _TOKENS = "trust.provider-missing", ("trust.missing-audience", "trust.wide-subject")
_ORPHAN = "trust.orphan-principal"
_EXPIRING, _SIGNED_IN = "provider.expiring", "forecast.provider-expires"
_OLD_KEY, _UNUSED_KEY = "keys.old", "users.unused-credentials"
_IDLE = ("use.never", "use.stale")
_EVERY_ACTION, _EVERY_RESOURCE = "permissions.wildcard-action", "permissions.wildcard-resource"
_OF_IDLE = (_EVERY_ACTION, _EVERY_RESOURCE)
"""Rules about wide permissions in a role's policies. If the role is unused, deleting it removes these findings."""


def without_doubles(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings, with duplicates marked.

    A duplicate reports no more than another finding about the same principal. Duplicates are: wide permissions from
    statements that also give full access or open a path to it; permissions that an administrator does not use; access
    from outside, if the principals that have it reach full access through it; a sign-in that ends with its provider's
    metadata; tokens of a provider that does not exist; the age of unused keys.

    If a role should be deleted, that finding covers the role's wide permissions and gets their severity. A finding that
    nobody can use a role covers the finding that the role is unused. A path that one of AWS's tools creates is covered
    by the full access at its end. Accepting the covering finding also accepts its duplicates.
    """
    kept = _with_covered_severity(tuple(findings))
    said: dict[str, list[Finding]] = {}
    for one in kept:
        if one.rule in (_ADMIN, _PATH, _OUTSIDE, _EVERY_ACTION, _EXPIRING, _MISSING, _UNUSED_KEY, _ORPHAN, *_IDLE):
            said.setdefault(one.subject, []).append(one)
    marked = [_marked(one, said.get(_said_at(one), ())) for one in kept]
    doubles = {one.key: one.double_of for one in marked if one.double_of is not None}
    return tuple(_at_the_end(one, doubles) for one in marked)


def _said_at(one: Finding) -> str:
    """Return the subject whose findings may cover this one."""
    if one.rule == _PATH and one.set_up_by:
        return one.path[-1].on
    return one.cause if one.rule == _SIGNED_IN else one.subject


def _at_the_end(one: Finding, doubles: Mapping[tuple[str, str], tuple[str, str]]) -> Finding:
    """Return the findings. A duplicate of a duplicate becomes a duplicate of the last finding in the chain."""
    end = one.double_of
    while end is not None and end in doubles:
        end = doubles[end]
    return one if end == one.double_of else replace(one, double_of=end)


def _with_covered_severity(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return the findings. Those about unused entities get the severity of what they cover, at most medium."""
    gravest: dict[str, Severity] = {}
    for one in findings:
        graver = one.severity.rank < Severity.MEDIUM.rank
        if one.accepted is None and not graver and one.rule in (_OF_IDLE if ":role/" in one.subject else (_OLD_KEY,)):
            known = gravest.get(one.subject, one.severity)
            gravest[one.subject] = min(known, one.severity, key=lambda each: each.rank)
    return tuple(
        replace(one, severity=min(one.severity, gravest.get(one.subject, one.severity), key=lambda each: each.rank))
        if _is_to_go(one)
        else one
        for one in findings
    )


def _is_to_go(one: Finding) -> bool:
    """Return whether the finding recommends deleting an unused role (not an emergency role) or an unused key.

    False if the finding was accepted.
    """
    return one.accepted is None and one.cause != FOR_EMERGENCIES and one.rule in (*_IDLE, _UNUSED_KEY)


def _keys(one: Finding) -> set[str]:
    """Return the IDs of the access keys that a finding is about. Each piece of its evidence begins with such an ID."""
    return {each.text.partition(" ")[0] for each in one.evidence}


def _names_one_provider(each: Evidence) -> bool:
    assert each.document is not None and each.statement is not None
    principal = statement_value(each.document, each.statement).get("Principal")
    return isinstance(principal, dict) and len(as_list(principal.get("Federated"))) == 1


def _marked(one: Finding, others: Iterable[Finding]) -> Finding:
    double = next((other for other in others if _says_all(other, one)), None)
    key = double.key if double is not None else None
    accepted = one.accepted or (double.accepted if double is not None else None)
    if double is not None and double.rule == _MISSING and double.severity.rank > one.severity.rank:
        one = replace(one, severity=double.severity)  # as long as the provider does not exist
    return one if key == one.double_of else replace(one, double_of=key, accepted=accepted)


def _says_all(other: Finding, one: Finding) -> bool:
    """Return whether the finding ``other`` covers everything in ``one``, a finding about the same principal.

    The severity must be the same too.
    """
    if one.rule == _ADMIN and other.rule == _OUTSIDE:
        # What matters is who can assume such a role; its permissions are those that the set-up writes.
        return bool(one.set_up_by) and other.severity.rank <= Severity.MEDIUM.rank
    if _MISSING in (one.rule, other.rule):
        # Nobody has tokens of a provider that does not exist, however severe the finding would be for an existing one.
        same = {statement_content(each) for each in causing_statements(one)} <= {
            statement_content(each) for each in causing_statements(other)
        }
        alone = all(map(_names_one_provider, causing_statements(one)))
        return other.rule == _MISSING and one.rule in _TOKENS and same and alone
    if one.rule == _PATH and one.set_up_by:
        return other.rule == _ADMIN
    if one.rule in (_ADMIN, _PATH, _OUTSIDE) or other.severity.rank > one.severity.rank:
        return False
    if other.rule == _ORPHAN:
        return other.cause == ONLY_PRINCIPAL and one.rule in _IDLE and _is_to_go(one)
    if other.rule in _IDLE:
        return one.rule in _OF_IDLE and _is_to_go(other)
    if _UNUSED_KEY in (one.rule, other.rule):
        return one.rule == _OLD_KEY and _keys(one) <= _keys(other) and _is_to_go(other)
    if _EXPIRING in (one.rule, other.rule):
        return (other.rule, one.rule) == (_EXPIRING, _SIGNED_IN)
    if one.rule in _USE:
        return other.rule == _ADMIN and set(other.hangs_on) <= set(one.hangs_on)
    if other.rule == _OUTSIDE:
        return other.cause.startswith(_ENTRIES.get(one.rule, "\0")) and one.cause in ("", other.cause)
    if not one.rule.startswith(_WIDE):
        return False
    if other.rule == _EVERY_ACTION and one.rule != _EVERY_RESOURCE:
        return False
    proofs = set(map(statement_content, causing_statements(one)))
    if not proofs or not proofs <= set(map(statement_content, causing_statements(other))):
        return False
    # A path shows the same statements, whatever else it depends on.
    return other.rule == _PATH or set(other.hangs_on) <= set(one.hangs_on)
