"""Every rule of the review: what it looks at, and what it needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from diagnostics.review.finding import Finding, Rule
from diagnostics.review.rules import care, escalation, federation, forecast, habits, permissions, recent, trust, use
from diagnostics.review.subject import ReviewedAccount
from iam.account import Role
from iam.questions.index import Principal

OfRole = Callable[[ReviewedAccount, Role], Iterator[Finding]]
OfPrincipal = Callable[[ReviewedAccount, Principal], Iterator[Finding]]
OfAccount = Callable[[ReviewedAccount], Iterator[Finding | None]]


@dataclass(frozen=True, slots=True)
class Entry:
    """A rule with its function. ``needs`` names the parts of an account without which it is silent, in part or as a
    whole (see `ReviewedAccount.unread`)."""

    rule: Rule
    needs: tuple[str, ...]
    of_role: OfRole | None = None
    of_principal: OfPrincipal | None = None
    of_account: OfAccount | None = None


def _role(rule: Rule, look: OfRole, *needs: str) -> Entry:
    return Entry(rule, needs, of_role=look)


def _principal(rule: Rule, look: OfPrincipal, *needs: str) -> Entry:
    return Entry(rule, needs, of_principal=look)


def _account(rule: Rule, look: OfAccount, *needs: str) -> Entry:
    return Entry(rule, needs, of_account=look)


ENTRIES: tuple[Entry, ...] = (
    _role(trust.PUBLIC, trust.public, "trust", "roles", "resource control policies"),
    _role(trust.EXTERNAL, trust.external, "trust", "roles", "resource control policies"),
    _role(federation.WIDE, federation.wide, "trust", "roles", "resource control policies"),
    _role(federation.AUDIENCE, federation.audience, "trust", "roles"),
    _role(trust.DEPUTY, trust.deputy, "trust", "roles", "resource control policies"),
    _role(trust.CONTRACT, trust.contract, "trust", "roles"),
    _role(trust.ORPHAN, trust.orphan, "trust", "roles", "users"),
    _role(trust.PROVIDER_MISSING, trust.provider_missing, "trust", "roles", "OIDC providers", "SAML providers"),
    _role(federation.GITHUB_SUBJECT, federation.github_subject, "trust", "roles", "web identity events"),
    _role(forecast.PROVIDER_EXPIRES, forecast.provider_expires, "trust", "roles", "SAML providers"),
    _role(use.NEVER, use.never, "last used", "roles"),
    _role(use.STALE, use.stale, "last used", "roles"),
    _role(use.BREAK_GLASS, use.break_glass, "last used", "roles"),
    _role(care.LONG_SESSION, care.long_session, "roles"),
    _principal(permissions.ADMIN, permissions.admin, "permissions", "roles", "users", "service control policies"),
    _principal(
        permissions.WILDCARD_ACTION,
        permissions.wildcard_action,
        "permissions",
        "roles",
        "users",
        "service control policies",
    ),
    _principal(
        permissions.WILDCARD_RESOURCE,
        permissions.wildcard_resource,
        "permissions",
        "roles",
        "users",
        "service control policies",
    ),
    _principal(
        permissions.NOT_ACTION, permissions.not_action, "permissions", "roles", "users", "service control policies"
    ),
    _principal(
        permissions.NOT_RESOURCE, permissions.not_resource, "permissions", "roles", "users", "service control policies"
    ),
    _principal(
        permissions.PASS_ROLE, permissions.pass_role, "permissions", "roles", "users", "service control policies"
    ),
    _principal(use.UNUSED_SERVICE, use.unused_service, "permissions", "roles", "users", "last accessed"),
    _principal(
        use.UNUSED_ACTION, use.unused_action, "permissions", "roles", "users", "last accessed", "actions last accessed"
    ),
    _account(
        escalation.PATH,
        escalation.path,
        "permissions",
        "trust",
        "roles",
        "users",
        "service control policies",
        "bindings",
    ),
    _account(recent.OPENED, recent.opened, "recorded changes", "trust", "roles", "users"),
    _account(habits.BOUNDARY, habits.boundary, "permissions", "roles"),
    _account(habits.OWNER, habits.owner, "roles"),
    _account(habits.NAMING, habits.naming, "roles"),
    _account(care.OLD_KEY, care.old_key, "users", "access keys"),
    _account(care.EXPIRING, care.expiring, "SAML providers"),
    _account(care.UNATTACHED, care.unattached, "policies", "permissions", "users"),
    _account(care.VERSIONS_FULL, care.versions_full, "policies"),
    _account(forecast.CERTIFICATE_EXPIRES, forecast.certificate_expires, "server certificates"),
    _account(forecast.QUOTA, forecast.quota, "summary"),
)

RULES: Mapping[str, Rule] = {entry.rule.id: entry.rule for entry in ENTRIES}


def rules_by_need() -> Mapping[str, tuple[str, ...]]:
    """The ids of the rules by what they need."""
    found: dict[str, list[str]] = {}
    for entry in ENTRIES:
        for need in entry.needs:
            found.setdefault(need, []).append(entry.rule.id)
    return {need: tuple(ids) for need, ids in found.items()}
