"""Rules about upkeep: long sessions, old keys, providers about to expire, unattached policies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from diagnostics.diagnosis import Evidence
from diagnostics.fix import Fix, Note, calls_or_note, iam_call
from diagnostics.review.escalation.assume_target import saml_providers
from diagnostics.review.finding import Finding, Rule
from diagnostics.review.subject import ReviewedAccount
from diagnostics.who import Who
from iam.account import Group, ManagedPolicy, Role, User
from iam.ages import age
from iam.arn import name_of
from iam.changes.builders.policies import MOST_VERSIONS, oldest_version
from iam.policy.layer import Layer
from iam.risks.judged_account import statements
from iam.risks.risk import Severity
from iam.sources.reader.entities import AccessKey
from iam.words import listing, plural

_USER_GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
LONG_SESSION = Rule(
    "session.long",
    Severity.LOW,
    "Sessions can be long",
    _USER_GUIDE + "id_roles_update-role-settings.html",
)
OLD_KEY = Rule(
    "keys.old", Severity.MEDIUM, "An access key is old", _USER_GUIDE + "id-credentials-access-keys-update.html"
)
EXPIRING = Rule(
    "provider.expiring",
    Severity.MEDIUM,
    "An identity provider's metadata expires",
    _USER_GUIDE + "id_roles_providers_create_saml.html",
)
UNATTACHED = Rule(
    "policy.unattached", Severity.INFO, "The policy is not attached", _USER_GUIDE + "access_policies_manage-delete.html"
)
VERSIONS_FULL = Rule(
    "policy.versions-full",
    Severity.INFO,
    "The policy has no room for another version",
    _USER_GUIDE + "access_policies_managed-versioning.html",
)


def long_session(reviewed: ReviewedAccount, role: Role) -> Iterator[Finding]:
    """Report roles whose maximum session duration is longer than the limit.

    Sessions of services and of role chaining are shorter anyway; for roles used only by these, the fix is only a note.
    """
    hours = reviewed.limits.session_hours
    if role.max_session_seconds is None or role.max_session_seconds <= hours * 3600:
        return
    trust = reviewed.trust(role)
    for_people = trust is None or any(
        kind == "Federated" or (kind == "AWS" and ":role/" not in value)
        for one in statements(trust, Layer.RESOURCE)
        if one.principal is not None and not one.deny
        for kind, value in one.principal.pairs
    )
    length = f"{role.max_session_seconds / 3600:g} hours"
    why = (
        f"the limit is {hours}"
        if for_people
        else "only services and roles assume this role, and they do not need such long sessions"
    )
    yield LONG_SESSION.finding(
        role.arn,
        f"A session of {role.name} may last {length}: {why}.",
        [Evidence(f"MaxSessionDuration is {role.max_session_seconds}", arn=role.arn, call="iam:GetRole")],
        severity=None if for_people else Severity.INFO,
        fixes=[
            Fix(
                f"Shorten it to {hours} hours",
                Who.YOU,
                calls_or_note(role.arn, iam_call("UpdateRole", RoleName=role.name, MaxSessionDuration=hours * 3600)),
            )
        ],
    )


def old_key(reviewed: ReviewedAccount) -> Iterator[Finding]:
    """Report active access keys that are older than the limit, in one finding per user."""
    limit = timedelta(days=reviewed.limits.key_days)
    for user in reviewed.account.users or ():
        keys = reviewed.access_keys(user.name)
        old = [key for key in keys or () if key.active and key.created and reviewed.account.now - key.created > limit]
        if not old:
            continue
        oldest = min(old, key=lambda key: key.created or reviewed.account.now)
        yield OLD_KEY.finding(
            user.arn,
            f"The access key {oldest.id} of {user.name} was created {age(oldest.created, reviewed.account.now)} "
            "and has not been rotated since. Anyone who has copied the key can still use it.",
            [Evidence(f"{key.id} of {key.created:%Y-%m-%d}", arn=user.arn, call="iam:ListAccessKeys") for key in old],
            fixes=[
                deactivate(
                    *(user.arn, user.name, [oldest], f"Deactivate {oldest.id}"),
                    "First create a new key and use it, then watch for denied calls",
                )
            ],
        )


def deactivate(arn: str, user: str, keys: Iterable[AccessKey], title: str, *cautions: str) -> Fix:
    """Return a fix that makes access keys inactive. An inactive key can be activated again.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccessKey.html
    """
    calls = [iam_call("UpdateAccessKey", UserName=user, AccessKeyId=key.id, Status="Inactive") for key in keys]
    return Fix(title, Who.YOU, calls_or_note(arn, *calls), cautions=cautions)


def expiring(reviewed: ReviewedAccount) -> Iterator[Finding]:
    """Report SAML metadata that has expired, or will expire within the limit."""
    for provider in reviewed.account.saml_providers or ():
        if provider.valid_until is None:
            continue
        left = provider.valid_until - reviewed.account.now
        if left > timedelta(days=reviewed.limits.expiring_days):
            continue
        gone = left < timedelta(0)
        when = f"{provider.valid_until:%Y-%m-%d}"
        tense = f"expired on {when}" if gone else f"expires on {when}, in {left.days} days"
        by = [
            role.name
            for role in reviewed.roles
            if (trust := reviewed.trust(role)) is not None and provider.arn in saml_providers(trust)
        ]
        roles = f" to {listing(by, limit=5)}" if by else ""
        yield EXPIRING.finding(
            provider.arn,
            f"The metadata of {provider.name} {tense}. After that nobody can sign in{roles} with this provider.",
            [Evidence(f"valid until {when}", arn=provider.arn, call="iam:ListSAMLProviders")],
            severity=Severity.HIGH if gone else None,
            fixes=[
                Fix(
                    "Upload new metadata from the identity provider",
                    Who.YOU,
                    Note(
                        provider.arn,
                        f"aws iam update-saml-provider uploads the new file for {name_of(provider.arn)}.",
                        "Ask the identity provider's administrators for the new metadata file.",
                    ),
                )
            ],
        )


def _customer_policies(reviewed: ReviewedAccount) -> Iterator[ManagedPolicy]:
    return (policy for policy in reviewed.account.policies or () if not policy.aws_managed)


def unattached(reviewed: ReviewedAccount) -> Iterator[Finding]:
    """Report customer managed policies that are neither attached nor used as a boundary."""
    attached = _attached(reviewed)
    for policy in _customer_policies(reviewed):
        counted = policy.attachment_count is not None or attached is not None
        has_some = bool(policy.attachment_count or policy.boundary_usage_count) or policy.arn in (attached or ())
        if counted and not has_some:
            yield UNATTACHED.finding(
                policy.arn,
                f"{policy.name} is not attached to anything and is not used as a permissions boundary.",
                [Evidence("attached to 0 entities", arn=policy.arn, call="iam:ListPolicies")],
                fixes=[
                    Fix("Delete it", Who.YOU, calls_or_note(policy.arn, iam_call("DeletePolicy", PolicyArn=policy.arn)))
                ],
            )


def _attached(reviewed: ReviewedAccount) -> frozenset[str] | None:
    """Return the policies that are attached or used as boundaries, or None if not every principal was read."""
    account = reviewed.account
    if account.users is None or account.groups is None or account.incomplete:
        return None
    if not all(role.has_details for role in account.roles):
        return None
    holders: tuple[Role | User | Group, ...] = (*account.roles, *account.users, *account.groups)
    found = {policy.arn for holder in holders for policy in holder.attached or ()}
    bounded: tuple[Role | User, ...] = (*account.roles, *account.users)
    found |= {one.boundary_arn for one in bounded if one.boundary_arn}
    return frozenset(found)


def versions_full(reviewed: ReviewedAccount) -> Iterator[Finding]:
    """Report policies with five versions. One version must be deleted before the next change."""
    for policy in _customer_policies(reviewed):
        if len(policy.versions) < MOST_VERSIONS:
            continue
        oldest = oldest_version(policy)
        fixes = []
        if oldest is not None:
            call = iam_call("DeletePolicyVersion", PolicyArn=policy.arn, VersionId=oldest.id)
            fixes = [Fix(f"Delete its oldest version, {oldest.id}", Who.YOU, calls_or_note(policy.arn, call))]
        yield VERSIONS_FULL.finding(
            policy.arn,
            f"{policy.name} has {plural(len(policy.versions), 'version')}, the most that IAM allows: the next "
            "change must first delete a version.",
            [Evidence(f"{len(policy.versions)} versions", arn=policy.arn, call="iam:ListPolicyVersions")],
            fixes=fixes,
        )
