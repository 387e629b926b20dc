"""Who may assume a role: strangers, other accounts, services that act for anybody, and what is no longer there.

Each rule asks the engine whether somebody who should not get in does, with what such a caller can bring along: tags,
session names and MFA are a stranger's own to choose, an organization or an external ID is not.
"""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.diagnosis import Evidence
from diagnostics.fix import Fix, Note, TrustChange, Who
from diagnostics.review.finding import Finding, Rule
from diagnostics.review.subject import ReviewedAccount, evidence
from iam.account import Role
from iam.arn import Arn
from iam.foreign_text import shortened
from iam.gate.checks.contracts import role_breaches
from iam.policy.document import Document
from iam.policy.edits import as_list, as_written
from iam.policy.request import NamedPolicy
from iam.risks.judged_account import allows
from iam.risks.risk import Severity
from iam.words import listing

_USER_GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
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


def contract(reviewed: ReviewedAccount, role: Role) -> Iterator[Finding]:
    """What AWS's page of the service lists and the role lacks (`iam.facts.service_roles`)."""
    trust = reviewed.trust(role)
    if trust is None:
        return
    for breach in role_breaches(role, reviewed.account):
        proof = [Evidence(f"AWS's page of {breach.row.title}: {breach.row.url}", arn=role.arn)]
        fix = Fix(breach.way_out, Who.YOU, Note(role.arn, f"{breach.text} {breach.row.url}"))
        yield CONTRACT.finding(role.arn, f"{role.name}: {breach.text}", proof, fixes=[fix])


def orphan(reviewed: ReviewedAccount, role: Role) -> Iterator[Finding]:
    """IAM shows the unique ID of a principal that was deleted; one made anew under the name is not let in."""
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
        fix = _without_principals(role, trust, set(found))
        yield ORPHAN.finding(
            role.arn,
            f"The trust policy of {role.name} names {listing(list(map(shortened, found)))}, which no longer "
            "exists. Nobody can use this entry, not even a new principal with the same name.",
            found.values(),
            fixes=[fix] if fix else [],
        )


def _is_gone(reviewed: ReviewedAccount, value: str) -> bool:
    account = reviewed.account
    if value.isdigit() or value == "*":
        return False
    arn = Arn.parse_principal(value)
    if arn is None:
        # Only a deleted principal is shown by its ID. The ID of one that is there would be shown as its ARN.
        return value[:4] in ("AROA", "AIDA") and value not in reviewed.index.by_id
    listed = {"role": account.roles, "user": account.users}.get(arn.type)
    if arn.account != account.id or listed is None or f"{arn.type}s" in account.incomplete:
        return False
    return value not in reviewed.index.by_arn


def _without_principals(role: Role, trust: NamedPolicy, gone: set[str]) -> Fix | None:
    """The trust policy without them, where something is left."""
    value = trust.document.value
    kept = []
    for statement in as_list(value.get("Statement")):
        named = statement.get("Principal")
        if isinstance(named, dict) and any(each in gone for each in as_list(named.get("AWS"))):
            left = [each for each in as_list(named["AWS"]) if each not in gone]
            others = {kind: values for kind, values in named.items() if kind != "AWS"}
            if not left and not others:
                continue
            statement = {**statement, "Principal": {**others, **({"AWS": as_written(left)} if left else {})}}
        kept.append(statement)
    if not kept:
        note = "Nobody would be able to assume the role: name a principal, or delete the role."
        return Fix("Name a principal that exists, or delete the role", Who.YOU, Note(role.arn, note))
    after = Document.from_value({**value, "Statement": kept})
    return Fix("Remove the deleted principal", Who.YOU, TrustChange(role.arn, trust.document, after))


def provider_missing(reviewed: ReviewedAccount, role: Role) -> Iterator[Finding]:
    """A Federated principal by the ARN of a provider that is not in the account."""
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
                    fixes=[
                        Fix(
                            "Create the provider, or name an existing one",
                            Who.YOU,
                            Note(role.arn, f"There is no {arn.type} {arn.id} in account {account.id}."),
                        )
                    ],
                )
                return
