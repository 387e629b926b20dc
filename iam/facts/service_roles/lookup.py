"""The contracts of service roles by name and by principal."""

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
    """The contracts whose first principal this is (``ssm.amazonaws.com``), the usual one first; empty where no page was
    read.
    """
    return _by_principal().get(short_principal(principal), ())


def service_role(name: str) -> ServiceRole | None:
    """The contract with this ID (``ssm-hybrid``), or the first one of a principal, in any case; None for neither."""
    text = name.strip().lower()
    return _by_id().get(text) or next(iter(uses_of(text)), None)


def trust_needs(service: str) -> tuple[str, ...]:
    """All that a trust policy has to allow a service: sts:AssumeRole, and more for two."""
    row = service_role(service)
    return row.trust_actions if row is not None else ("sts:AssumeRole",)


def guard_of(name: str) -> SourceGuard:
    """The guard of a contract's ID, or the one that fits every use of a principal.

    Where the uses of a principal present different resources of one service, any resource of that service fits.
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
    """The guard of a principal's first use, or of the first use that it has a part in."""
    row = service_role(principal)
    short = short_principal(principal)
    beside = (each for each in SERVICE_ROLES if short in map(short_principal, each.principals))
    row = row or next(beside, None)
    return row.guard if row is not None else SourceGuard()


def sends_source(principal: str) -> bool:
    """Whether AWS's page tests aws:SourceAccount or aws:SourceArn in the trust policy of the principal's usual role."""
    return bool(_usual_guard(principal))


def sends_account(principal: str) -> bool:
    """The same of aws:SourceAccount alone."""
    return _usual_guard(principal).account


def source_of(principal: str) -> tuple[str, str] | None:
    """Service and resource part of the aws:SourceArn (``states``, ``stateMachine:*``) that fits every use of the
    principal; None where none does.
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
"""What names a role with a guard: IDs, and principals in both spellings."""

# The resource type that the service presents, where it is not the one that people expect
# (EventBridge Scheduler guide, "Confused deputy prevention": the ARN of the schedule *group*).
_PRESENTED = {"scheduler": ("schedule-group", ("schedule",))}


def presented_for(service: str, patterns: tuple[str, ...]) -> str | None:
    """The ARN that the service of a principal presents as aws:SourceArn, where the patterns name another kind.

    ``arn:…:schedule/prod/*`` gives ``arn:…:schedule-group/prod``. None where nothing is known to be wrong.
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
