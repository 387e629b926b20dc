"""Rules about who may assume a role: strangers, other accounts, services that act for anybody, deleted principals.

Each rule evaluates whether an unwanted principal can assume the role with everything that it can provide. A stranger
can choose tags, session names and MFA, but not an organization or an external ID.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from diagnostics.diagnosis import Evidence
from diagnostics.fix import Fix, Note, TrustChange
from diagnostics.review.causes import ONLY_PRINCIPAL
from diagnostics.review.finding import Finding, Rule
from diagnostics.review.rules.shared import entry_of
from diagnostics.review.rules.trust_edits import for_this_account, of_account, with_condition
from diagnostics.review.subject import ReviewedAccount, evidence
from diagnostics.who import Who
from iam.account import Role
from iam.arn import Arn
from iam.foreign_text import shortened
from iam.gate.checks.contracts import role_breaches
from iam.policy.edits import nobody_may_assume, without_principals
from iam.policy.request import NamedPolicy
from iam.policy.risks.service_contracts import ACTIONS
from iam.risks import federation
from iam.risks import trust as risks
from iam.risks.judged_account import allows
from iam.risks.risk import Severity
from iam.words import listing, plural

_USER_GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
_STILL_NEEDED = "Only you can tell whether the role is still needed."
ORPHAN = Rule(
    "trust.orphan-principal",
    Severity.MEDIUM,
    "The trust policy names a principal that was deleted",
    _USER_GUIDE + "reference_policies_elements_principal.html#principal-roles",
)
PROVIDER_MISSING = Rule(
    "trust.provider-missing",
    Severity.MEDIUM,
    "The trust policy names an identity provider that does not exist",
    _USER_GUIDE + "id_roles_providers_create_oidc.html",
)
CONTRACT = Rule(
    "trust.service-contract",
    Severity.LOW,
    "The role does not fit the service that assumes it",
    _USER_GUIDE + "id_roles_create_for-service.html",
)


def public(reviewed: ReviewedAccount, role: Role) -> Iterator[Finding]:
    """Report a role that anybody may assume; the fix trusts only this account, or the organization."""
    for risk in risks.public(reviewed, role):
        found, trust = entry_of(reviewed, role, risk), reviewed.trust(role)
        assert trust is not None
        indexes = [each.statement for each in found.evidence if each.statement is not None]
        here = for_this_account(trust.document, indexes, reviewed.arn("root"))
        change = TrustChange(role.arn, trust.document, here)
        fixes = [Fix("Let only this account assume the role", Who.YOU, change)]
        if (organization := reviewed.account.organization) is not None:
            after = with_condition(trust.document, indexes, "aws:PrincipalOrgID", organization.id)
            if after is not None:
                change = TrustChange(role.arn, trust.document, after)
                fixes.append(Fix(f"Require the organization {organization.id}", Who.YOU, change))
        yield replace(found, fixes=(*fixes, *found.fixes))


def external(reviewed: ReviewedAccount, role: Role) -> Iterator[Finding]:
    """Report a role that another account may assume; the fix requires an external ID, or excludes the account."""
    for risk in risks.external(reviewed, role):
        found, trust = entry_of(reviewed, role, risk), reviewed.trust(role)
        assert trust is not None
        account = found.cause.removeprefix("account ")
        after = without_principals(trust.document, of_account(account))
        fixes = list(found.fixes)
        if after is None or after.value != trust.document.value:
            nobody = ("No other principal may assume the role: afterwards, nobody can",) if after is None else ()
            change = TrustChange(role.arn, trust.document, after or nobody_may_assume())
            title = f"Do not let account {account} assume {shortened(role.name, 40)}"
            fixes.append(Fix(title, Who.YOU, change, cautions=nobody))
        yield replace(found, fixes=tuple(fixes))


def wide(reviewed: ReviewedAccount, role: Role) -> Iterator[Finding]:
    """Report a role that accepts too many tokens; the fix names the subjects that CloudTrail recorded."""
    for risk in federation.wide(reviewed, role):
        found, trust = entry_of(reviewed, role, risk), reviewed.trust(role)
        assert trust is not None
        seen = federation.seen_subjects(reviewed, role)
        after = federation.with_subjects(trust, seen)
        if after is None:
            yield found
            continue
        title = f"Accept only {plural(len(seen), 'subject')} that CloudTrail recorded"
        change = TrustChange(role.arn, trust.document, after)
        cautions = (f"Every subject but {listing(seen, limit=3)} loses access",)
        yield replace(found, fixes=(Fix(title, Who.YOU, change, cautions=cautions), *found.fixes))


def contract(reviewed: ReviewedAccount, role: Role) -> Iterator[Finding]:
    """Report what the role lacks although its service requires it, by AWS's documents (`iam.facts.service_roles`)."""
    trust = reviewed.trust(role)
    if trust is None:
        return
    for breach in role_breaches(role, reviewed.account):
        proof = [Evidence(f"AWS's page on {breach.row.title}: {breach.row.url}", arn=role.arn)]
        why = "It depends on the use of the service which of these the role needs: compare them with AWS's page."
        fix = Fix(breach.way_out, Who.YOU, Note(role.arn, f"{breach.text} {breach.row.url}", why))
        used = role.last_used.when if breach.code == ACTIONS and role.last_used is not None else None
        if used is not None and reviewed.account.now - used <= timedelta(days=reviewed.limits.unused_days):
            continue  # the service works with what it has
        yield CONTRACT.finding(role.arn, f"{role.name}: {breach.text}", proof, fixes=[fix])


def orphan(reviewed: ReviewedAccount, role: Role) -> Iterator[Finding]:
    """Report deleted principals. IAM shows their unique IDs, and does not trust a new principal with the same name."""
    trust = reviewed.trust(role)
    if trust is None:
        return
    found: dict[str, Evidence] = {}
    for one in allows(trust):
        assert one.principal is not None
        for kind, value in one.principal.pairs:
            if kind == "AWS" and _is_gone(reviewed, value):
                found[value] = evidence(trust, one, "Principal", f"names {shortened(value)}", "trust")
    if found:
        after = without_principals(trust.document, lambda kind, value: kind == "AWS" and value in found)
        names, is_one = listing(list(map(shortened, found))), len(found) == 1
        gone = f"The trust policy of {role.name} names {names}, which no longer exist{'s' if is_one else ''}."
        entry = "this entry" if is_one else "these entries"
        if after is None:
            yield ORPHAN.finding(
                role.arn,
                f"{gone} The trust policy names nobody else, so nobody can assume the role.",
                found.values(),
                cause=ONLY_PRINCIPAL,
                fixes=[_of_nobody(role)],
            )
            return
        yield ORPHAN.finding(
            role.arn,
            f"{gone} Nobody can use {entry}, not even a new principal with the same name.",
            found.values(),
            fixes=[Fix("Remove the deleted principal", Who.YOU, TrustChange(role.arn, trust.document, after))],
        )


def _is_gone(reviewed: ReviewedAccount, value: str) -> bool:
    account = reviewed.account
    if value.isdigit() or value == "*":
        return False
    arn = Arn.parse_principal(value)
    if arn is None:
        # IAM shows only a deleted principal by its ID. It would show the ID of an existing principal as an ARN.
        return value[:4] in ("AROA", "AIDA") and value not in reviewed.index.by_id
    listed = {"role": account.roles, "user": account.users}.get(arn.type)
    if arn.account != account.id or listed is None or f"{arn.type}s" in account.incomplete:
        return False
    return value not in reviewed.index.by_arn


def _of_nobody(role: Role) -> Fix:
    """Return the fix for a role whose trust policy names nobody except the deleted principal."""
    how = f"x on the role deletes it. If {role.name} is still needed, name in its trust policy who may assume the role."
    return Fix("Delete the role, or name who may assume it", Who.YOU, Note(role.arn, how, _STILL_NEEDED))


def _without_provider(role: Role, trust: NamedPolicy, provider: str) -> Fix:
    """Return the fix that removes a nonexistent provider from the trust policy; nobody loses access."""
    after = without_principals(trust.document, lambda kind, value: kind == "Federated" and value == provider)
    cautions = ("To make sign-in work again, create the provider instead",)
    change = TrustChange(role.arn, trust.document, after or nobody_may_assume())
    return Fix("Remove the provider that does not exist", Who.YOU, change, cautions=cautions)


def provider_missing(reviewed: ReviewedAccount, role: Role) -> Iterator[Finding]:
    """Report a Federated principal whose ARN is that of a provider that is not in the account."""
    trust = reviewed.trust(role)
    if trust is None:
        return
    account = reviewed.account
    for one in allows(trust):
        assert one.principal is not None
        for kind, value in one.principal.pairs:
            arn = Arn.parse_principal(value) if kind == "Federated" else None
            if arn is None or arn.type not in ("oidc-provider", "saml-provider"):
                continue
            listed = account.oidc_providers if arn.type == "oidc-provider" else account.saml_providers
            if arn.account == account.id and listed is not None and value not in {each.arn for each in listed}:
                yield PROVIDER_MISSING.finding(
                    role.arn,
                    f"The trust policy of {role.name} names the provider {shortened(arn.id)}, which does not exist in "
                    "the account, so nobody can sign in with it.",
                    [evidence(trust, one, "Principal", f"names {shortened(value)}", "trust")],
                    fixes=[_without_provider(role, trust, value)],
                )
                return
