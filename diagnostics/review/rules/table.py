"""Every rule of the review, with its scope and the data that it needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from diagnostics.review.finding import Finding
from diagnostics.review.rules import care, escalation, forecast, habits, hygiene, outside, passing, recent, trust, use
from diagnostics.review.rules.shared import entry_of, finding_of
from diagnostics.review.subject import ReviewedAccount
from iam.account import Role
from iam.questions.index import Principal
from iam.risks import federation
from iam.risks import trust as risks_of_trust
from iam.risks.permissions import PASS_ROLE
from iam.risks.risk import RiskRule
from iam.risks.table import PRINCIPAL_RISKS, ROLE_RISKS, PrincipalRisk, RoleRisk

OfRole = Callable[[ReviewedAccount, Role], Iterator[Finding]]
OfPrincipal = Callable[[ReviewedAccount, Principal], Iterator[Finding]]
OfAccount = Callable[[ReviewedAccount], Iterator[Finding | None]]


@dataclass(frozen=True, slots=True)
class Entry:
    """A rule with its function. ``needs`` are the parts of an account without which it is incomplete or finds nothing.

    See `ReviewedAccount.unread`.
    """

    rule: RiskRule
    needs: tuple[str, ...]
    of_role: OfRole | None = None
    of_principal: OfPrincipal | None = None
    of_account: OfAccount | None = None


_OF_PRINCIPAL = ("permissions", "roles", "users", "service control policies")


def _role(rule: RiskRule, look: OfRole, *needs: str) -> Entry:
    return Entry(rule, needs, of_role=look)


def _role_risk(rule: RiskRule, *needs: str) -> Entry:
    look: RoleRisk = ROLE_RISKS[rule]

    def asked(reviewed: ReviewedAccount, role: Role) -> Iterator[Finding]:
        return (entry_of(reviewed, role, risk) for risk in look(reviewed, role))

    return Entry(rule, needs, of_role=asked)


def _principal_risk(rule: RiskRule) -> Entry:
    look: PrincipalRisk = PRINCIPAL_RISKS[rule]
    return Entry(
        rule, _OF_PRINCIPAL, of_principal=lambda reviewed, principal: map(finding_of, look(reviewed, principal))
    )


def _principal(rule: RiskRule, look: OfPrincipal, *needs: str) -> Entry:
    return Entry(rule, needs, of_principal=look)


def _account(rule: RiskRule, look: OfAccount, *needs: str) -> Entry:
    return Entry(rule, needs, of_account=look)


ENTRIES: tuple[Entry, ...] = (
    _role(risks_of_trust.PUBLIC, trust.public, "trust", "roles", "resource control policies"),
    _role(risks_of_trust.EXTERNAL, trust.external, "trust", "roles", "resource control policies"),
    _role(federation.WIDE, trust.wide, "trust", "roles", "resource control policies"),
    _role_risk(federation.AUDIENCE, "trust", "roles"),
    _role_risk(risks_of_trust.DEPUTY, "trust", "roles", "resource control policies"),
    _role_risk(risks_of_trust.SOURCE, "trust", "roles"),
    _role(trust.CONTRACT, trust.contract, "trust", "roles"),
    _role(trust.ORPHAN, trust.orphan, "trust", "roles", "users"),
    _role(trust.PROVIDER_MISSING, trust.provider_missing, "trust", "roles", "OIDC providers", "SAML providers"),
    _role_risk(federation.GITHUB_SUBJECT, "trust", "roles", "web identity events"),
    _role(forecast.PROVIDER_EXPIRES, forecast.provider_expires, "trust", "roles", "SAML providers"),
    _role(use.NEVER, use.never, "last used", "roles"),
    _role(use.STALE, use.stale, "last used", "roles"),
    _role(use.BREAK_GLASS, use.break_glass, "last used", "roles"),
    _role(care.LONG_SESSION, care.long_session, "roles"),
    *(_principal_risk(rule) for rule in PRINCIPAL_RISKS if rule is not PASS_ROLE),
    _principal(PASS_ROLE, passing.pass_any, *_OF_PRINCIPAL),
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
        "workloads",
        "changes",
    ),
    _account(
        outside.OUTSIDE_ADMIN,
        outside.outside_admin,
        *("permissions", "trust", "roles", "users", "service control policies", "resource control policies"),
        *("bindings", "workloads", "changes"),
    ),
    _account(recent.OPENED, recent.opened, "recorded changes", "trust", "roles", "users"),
    _account(habits.BOUNDARY, habits.boundary, "permissions", "roles"),
    _account(habits.OWNER, habits.owner, "roles"),
    _account(habits.NAMING, habits.naming, "roles"),
    _account(care.OLD_KEY, care.old_key, "users", "access keys"),
    _account(hygiene.ROOT_KEY, hygiene.root_key, "summary"),
    _account(hygiene.ROOT_MFA, hygiene.root_mfa, "summary"),
    _account(hygiene.NO_MFA, hygiene.no_mfa, "users", "passwords"),
    _account(hygiene.UNUSED, hygiene.unused_credentials, "users", "access keys", "last accessed"),
    _account(hygiene.TWO_KEYS, hygiene.two_keys, "users", "access keys"),
    _account(hygiene.DIRECT, hygiene.direct_policies, "users"),
    _account(hygiene.PASSWORD_POLICY, hygiene.password_policy, "users", "password policy"),
    _account(hygiene.NO_ANALYZER, hygiene.no_analyzer, "Access Analyzer"),
    _account(use.ANALYZED, use.analyzed, "Access Analyzer"),
    _account(hygiene.SUPPORT, hygiene.no_support, "roles", "users", "permissions"),
    _account(care.EXPIRING, care.expiring, "SAML providers"),
    _account(care.UNATTACHED, care.unattached, "policies", "permissions", "users"),
    _account(care.VERSIONS_FULL, care.versions_full, "policies"),
    _account(forecast.CERTIFICATE_EXPIRES, forecast.certificate_expires, "server certificates"),
    _account(forecast.QUOTA, forecast.quota, "summary"),
)

RULES: Mapping[str, RiskRule] = {entry.rule.id: entry.rule for entry in ENTRIES}


def rules_by_need() -> Mapping[str, tuple[str, ...]]:
    """Return the IDs of the rules by the part of an account that they need."""
    found: dict[str, list[str]] = {}
    for entry in ENTRIES:
        for need in entry.needs:
            found.setdefault(need, []).append(entry.rule.id)
    return {need: tuple(ids) for need, ids in found.items()}
