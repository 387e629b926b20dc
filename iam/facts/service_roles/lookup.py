"""Look up service roles by ID or by service principal."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from iam.facts.service_principals import short_principal
from iam.facts.service_roles.service_role import ServiceRole, SourceGuard
from iam.facts.service_roles.table import SERVICE_ROLES


@cache
def _by_principal() -> Mapping[str, tuple[ServiceRole, ...]]:
    found: dict[str, tuple[ServiceRole, ...]] = {}
    for row in SERVICE_ROLES:
        key = short_principal(row.principal)
        found[key] = (*found.get(key, ()), row)
    return {key: tuple(sorted(rows, key=lambda row: row.id != key)) for key, rows in found.items()}


@cache
def _by_id() -> Mapping[str, ServiceRole]:
    return {row.id: row for row in SERVICE_ROLES}


def uses_of(principal: str) -> tuple[ServiceRole, ...]:
    """Return the service roles for this principal (``ssm.amazonaws.com``), the most common first.

    The principal must be the first one that a role trusts. Empty for a service that is not in the table.
    """
    return _by_principal().get(short_principal(principal), ())


def service_role(name: str) -> ServiceRole | None:
    """Return the service role with this ID (``ssm-hybrid``), or the first one for this service principal.

    Case is ignored. None if nothing matches.
    """
    text = name.strip().lower()
    return _by_id().get(text) or next(iter(uses_of(text)), None)


def trust_needs(service: str) -> tuple[str, ...]:
    """Return all actions that a trust policy must allow the service: usually only sts:AssumeRole."""
    row = service_role(service)
    return row.trust_actions if row is not None else ("sts:AssumeRole",)


def guard_of(name: str) -> SourceGuard:
    """Return the condition that a trust policy should have for a service role's ID, or for every use of a principal.

    If a principal's service roles have different resources of one service as the source, any resource of that service
    is accepted.
    """
    text = name.strip().lower()
    row = service_role(text)
    if row is None:
        return SourceGuard()
    if not row.guard or (text == row.id and text != short_principal(row.principal)):
        return row.guard
    guards = [each.guard for each in uses_of(row.principal) if each.guard]
    sources = tuple(dict.fromkeys(source for guard in guards for source in guard.sources))
    services = {service for service, _ in sources}
    if len(sources) > 1:
        sources = ((services.pop(), "*"),) if len(services) == 1 else ()
    return SourceGuard(any(guard.account for guard in guards), sources, row.guard.external_id)


def _usual_guard(principal: str) -> SourceGuard:
    """Return the condition of the principal's first service role.

    If it has none, use the first service role that trusts the principal among others.
    """
    row = service_role(principal)
    short = short_principal(principal)
    beside = (each for each in SERVICE_ROLES if short in map(short_principal, each.principals))
    row = row or next(beside, None)
    return row.guard if row is not None else SourceGuard()


def sends_source(principal: str) -> bool:
    """Whether AWS's documented trust policy for the principal's usual role tests aws:SourceAccount or aws:SourceArn."""
    return bool(_usual_guard(principal))


def sends_account(principal: str) -> bool:
    """Whether AWS's documented trust policy for the principal's usual role tests aws:SourceAccount."""
    return _usual_guard(principal).account


def source_of(principal: str) -> tuple[str, str] | None:
    """Return the service and resource part of the aws:SourceArn (``states``, ``stateMachine:*``) that fits every use.

    None if there is no such value for the principal.
    """
    sources = guard_of(principal).sources
    return sources[0] if len(sources) == 1 else None


GUARDED = tuple(
    dict.fromkeys(
        name
        for row in SERVICE_ROLES
        if row.guard or row.guard.external_id
        for name in (row.id, short_principal(row.principal), row.principal)
    )
)
"""Service roles whose trust policy should have a condition: their IDs, and their principals in both spellings."""

# The resource type in the service's aws:SourceArn, if it is not the type that people expect (EventBridge Scheduler
# guide, "Confused deputy prevention": the ARN of the schedule *group*).
_PRESENTED = {"scheduler": ("schedule-group", ("schedule",))}


def presented_for(service: str, patterns: tuple[str, ...]) -> str | None:
    """Return the ARN that a service sends as aws:SourceArn, if ``patterns`` contain another resource type by mistake.

    For ``arn:…:schedule/prod/*``, return ``arn:…:schedule-group/prod``. None if no mistake is known.
    """
    known = _PRESENTED.get(short_principal(service))
    if known is None:
        return None
    right, wrong = known
    for pattern in patterns:
        match = re.fullmatch(r"(arn:[^:]*:[^:]*:[^:]*:[^:]*:)([\w-]+)/([^/*]+)(/.*)?", pattern)
        if match and match[2] in wrong:
            return f"{match[1]}{right}/{match[3]}"
    return None
