"""Rules about what will break at a known date, such as providers that expire or quotas that are used up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from diagnostics.diagnosis import Evidence
from diagnostics.fix import Fix, Note
from diagnostics.review.finding import Finding, Rule
from diagnostics.review.subject import ReviewedAccount
from diagnostics.who import Who
from iam.account import Role
from iam.arn import name_of
from iam.field_rules import INLINE_SIZE, MANAGED_SIZE, size
from iam.policy.document import Document
from iam.policy.layer import Layer
from iam.risks.judged_account import statements
from iam.risks.risk import Severity
from iam.words import plural

_USER_GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
PROVIDER_EXPIRES = Rule(
    "forecast.provider-expires",
    Severity.LOW,
    "Nobody can sign in once the provider's metadata expires",
    _USER_GUIDE + "id_roles_providers_create_saml.html",
)
QUOTA = Rule(
    "forecast.quota",
    Severity.LOW,
    "A quota fills up",
    _USER_GUIDE + "reference_iam-quotas.html",
)

CERTIFICATE_EXPIRES = Rule(
    "forecast.certificate-expires",
    Severity.MEDIUM,
    "A server certificate expires",
    _USER_GUIDE + "id_credentials_server-certs.html",
)

# Usage in GetAccountSummary, its quota there, and what it counts.
_QUOTAS = (
    ("Roles", "RolesQuota", "roles"),
    ("Users", "UsersQuota", "users"),
    ("Groups", "GroupsQuota", "groups"),
    ("Policies", "PoliciesQuota", "customer managed policies"),
    ("InstanceProfiles", "InstanceProfilesQuota", "instance profiles"),
    ("ServerCertificates", "ServerCertificatesQuota", "server certificates"),
    ("PolicyVersionsInUse", "PolicyVersionsInUseQuota", "policy versions in use"),
)


def provider_expires(reviewed: ReviewedAccount, role: Role) -> Iterator[Finding]:
    """Report a role used to sign in through a SAML provider whose metadata expires on a known day."""
    trust = reviewed.trust(role)
    if trust is None:
        return
    providers = {each.arn: each for each in reviewed.account.saml_providers or ()}
    for one in statements(trust, Layer.RESOURCE):
        for kind, value in one.principal.pairs if one.principal is not None and not one.deny else ():
            provider = providers.get(value) if kind == "Federated" else None
            if provider is None or provider.valid_until is None:
                continue
            left = provider.valid_until - reviewed.account.now
            if timedelta(0) <= left <= timedelta(days=reviewed.limits.forecast_days):
                yield PROVIDER_EXPIRES.finding(
                    role.arn,
                    f"Starting {provider.valid_until:%Y-%m-%d}, in {left.days} days, nobody can sign in to "
                    f"{role.name} with {provider.name}: the provider's metadata expires.",
                    [Evidence(f"names {name_of(value)}", "trust", trust.name, role.arn, one.statement.index)],
                    fixes=[
                        Fix(
                            "Upload new metadata before that date",
                            Who.YOU,
                            Note(
                                provider.arn,
                                "aws iam update-saml-provider uploads the identity provider's new file.",
                                "Ask the identity provider's administrators for the new metadata.",
                            ),
                        )
                    ],
                    cause=provider.arn,
                )
                return


def certificate_expires(reviewed: ReviewedAccount) -> Iterator[Finding]:
    """Report server certificates in IAM that expire. Load balancers and CloudFront then reject connections."""
    for certificate in reviewed.server_certificates():
        if certificate.expires is None:
            continue
        left = certificate.expires - reviewed.account.now
        if left > timedelta(days=reviewed.limits.forecast_days):
            continue
        gone = left < timedelta(0)
        when = f"expired on {certificate.expires:%Y-%m-%d}"
        if not gone:
            when = f"expires on {certificate.expires:%Y-%m-%d}, in {plural(left.days, 'day')}"
        yield CERTIFICATE_EXPIRES.finding(
            certificate.arn,
            f"The server certificate {certificate.name} {when}: after that, clients reject it.",
            [Evidence(when, arn=certificate.arn, call="iam:GetServerCertificate")],
            severity=Severity.HIGH if gone else None,
            fixes=[
                Fix(
                    "Replace the certificate with one from AWS Certificate Manager, which renews certificates "
                    "automatically",
                    Who.YOU,
                    Note(
                        certificate.arn,
                        "Request a new certificate (aws acm request-certificate), use it in the load balancers, "
                        "then delete the old one.",
                        "Certificates are requested in ACM and used in load balancers, not with IAM calls.",
                    ),
                )
            ],
        )


def quota(reviewed: ReviewedAccount) -> Iterator[Finding]:
    """Report quotas used beyond the configured share, with the day on which roles run out at the current pace."""
    summary = reviewed.account.summary or {}
    for used_key, quota_key, what in _QUOTAS:
        used, most = summary.get(used_key), summary.get(quota_key)
        if used is None or not most or used < reviewed.limits.quota_share * most:
            continue
        when = _day_full(reviewed, most - used) if used_key == "Roles" else None
        pace = f" At the rate of the last 90 days, the quota is reached on {when:%Y-%m-%d}." if when else ""
        yield QUOTA.finding(
            reviewed.arn("root"),
            f"The account has {used:,} of {most:,} {what}: {plural(max(0, most - used), 'more', 'more')} can "
            f"be created.{pace}",
            [Evidence(f"{used_key} {used:,}, {quota_key} {most:,}", call="iam:GetAccountSummary")],
            severity=Severity.HIGH if used >= most else None,
            fixes=[
                Fix(
                    f"Request a higher quota for {what}, or delete unused ones",
                    Who.ACCOUNT_ADMIN,
                    Note(
                        reviewed.arn("root"), "Service Quotas, service IAM; rule:use.never lists roles to delete.", _ASK
                    ),
                )
            ],
        )
    yield from _of_roles(reviewed)
    for policy in reviewed.account.policies or ():
        if not policy.aws_managed and policy.document is not None:
            yield from _of_size(reviewed, policy.arn, policy.name, [policy.document], MANAGED_SIZE, "its document")


def _day_full(reviewed: ReviewedAccount, left: int) -> datetime | None:
    now = reviewed.account.now
    lately = sum(1 for role in reviewed.account.roles if role.created and now - role.created <= timedelta(days=90))
    if lately < 2 or left <= 0:
        return None
    days = left * 90 / lately
    return now + timedelta(days=days) if days < 3650 else None


def _of_roles(reviewed: ReviewedAccount) -> Iterator[Finding]:
    """Report the quotas of single roles: attached policies, characters of inline policies and of the trust policy."""
    summary = reviewed.account.summary or {}
    most = summary.get("AttachedPoliciesPerRoleQuota")
    for role in reviewed.roles:
        there = len(role.attached or ())
        if most and there >= reviewed.limits.quota_share * most:
            left = max(0, most - there)
            yield QUOTA.finding(
                role.arn,
                f"{role.name} has {there} attached policies of {most}: {plural(left, 'more', 'more')} can be attached.",
                [Evidence(f"{there} attached", arn=role.arn, call="iam:ListAttachedRolePolicies")],
                fixes=[Fix("Combine policies, or request a higher quota", Who.YOU, Note(role.arn, "", _SPLIT))],
            )
        inline = [each.document for each in role.inline or ()]
        yield from _of_size(
            reviewed,
            role.arn,
            role.name,
            inline,
            summary.get("RolePolicySizeQuota", INLINE_SIZE),
            "its inline policies",
        )
        trusted = summary.get("AssumeRolePolicySizeQuota")
        if role.trust is not None and trusted:
            yield from _of_size(reviewed, role.arn, role.name, [role.trust], trusted, "its trust policy")


_ASK = "IAM calls cannot raise quotas: request an increase in Service Quotas."
_SPLIT = "You have to decide which statements belong together, because rolescope does not split a document by itself."
_TO_DO = {
    "its document": "Split the policy by service, or use wildcards for similar actions",
    "its inline policies": "Turn one of the inline policies into a managed policy",
    "its trust policy": "Use conditions on tags or paths instead of long lists, or request a higher quota",
}


def _of_size(
    reviewed: ReviewedAccount, arn: str, name: str, documents: Sequence[Document], most: int, what: str
) -> Iterator[Finding]:
    # White space does not count, so no document has more characters that count than it has characters.
    share = reviewed.limits.quota_share * most
    if sum(len(document.text) for document in documents) < share:
        return
    there = sum(map(size, documents))
    if there >= share:
        yield QUOTA.finding(
            arn,
            f"{name}: {what} may have {most:,} characters, and {plural(there, 'is', 'are')} used.",
            [Evidence(f"{there:,} characters without white space", arn=arn)],
            fixes=[Fix(_TO_DO[what], Who.YOU, Note(arn, "", _SPLIT))],
        )
