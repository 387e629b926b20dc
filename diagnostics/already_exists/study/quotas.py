"""IAM quotas: the quota that a name conflict or LimitExceeded error concerns, its usage, and what to delete.

Names are those in LimitExceeded messages; the quotas themselves are in `iam.facts.quotas`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from diagnostics.already_exists.kinds import EntityKind
from diagnostics.already_exists.words import age, refused
from diagnostics.diagnosis import Evidence, Status, Step
from iam.account import Account, Role
from iam.facts import quotas
from iam.facts.quotas import Quota
from iam.lazy_pattern import regex
from iam.sources.reader.opened import OpenedAccount


@dataclass(frozen=True, slots=True)
class NamedQuota:
    """A quota, with its name in messages.

    ``text`` matches its name in LimitExceeded messages. ``kind`` is the kind of entity that an account's quota counts;
    ``of`` is the kind of entity that has its own quota. ``instead`` is an alternative to raising the quota.
    """

    words: str
    text: str
    fact: Quota
    kind: EntityKind | None = None
    instead: str = ""
    of: EntityKind | None = None


_UNKNOWN = Quota(None)

QUOTAS = (
    NamedQuota("roles in the account", "RolesPerAccount", quotas.ROLES, EntityKind.ROLE),
    NamedQuota(
        "instance profiles in the account",
        "InstanceProfilesPerAccount",
        quotas.INSTANCE_PROFILES,
        EntityKind.INSTANCE_PROFILE,
    ),
    NamedQuota(
        "customer managed policies in the account",
        "(?:Customer)?(?:Managed)?PoliciesPerAccount",
        quotas.CUSTOMER_POLICIES,
        EntityKind.POLICY,
    ),
    NamedQuota(
        "managed policies on one role",
        "PoliciesPerRole",
        quotas.POLICIES_OF_ROLE,
        instead="merge two policies into one (a permissions boundary does not count)",
    ),
    NamedQuota(
        "managed policies on one user",
        "PoliciesPerUser",
        quotas.POLICIES_OF_USER,
        instead="put the policies on a group",
    ),
    NamedQuota(
        "managed policies on one group",
        "PoliciesPerGroup",
        quotas.POLICIES_OF_GROUP,
        instead="merge two policies into one",
    ),
    NamedQuota(
        "characters of one trust policy",
        "ACLSizePerRole|AssumeRolePolicySize",
        quotas.TRUST_SIZE,
        instead="shorten the trust policy, or use EKS Pod Identity instead of long lists",
    ),
    NamedQuota(
        "OIDC providers in the account",
        "(?:OpenI[Dd]Connect|OIDC)ProvidersPerAccount",
        quotas.OIDC_PROVIDERS,
        EntityKind.OIDC_PROVIDER,
    ),
    NamedQuota(
        "users in the account",
        "UsersPerAccount",
        quotas.USERS,
        EntityKind.USER,
        "remove users that nobody needs; people can sign in through IAM Identity Center",
    ),
    NamedQuota("groups in the account", "GroupsPerAccount", quotas.GROUPS, EntityKind.GROUP),
    NamedQuota(
        "server certificates in the account",
        "ServerCertificatesPerAccount",
        quotas.SERVER_CERTIFICATES,
        EntityKind.SERVER_CERTIFICATE,
        "remove expired certificates, or keep certificates in AWS Certificate Manager",
    ),
    NamedQuota(
        "roles in one instance profile",
        "InstanceSessionsPerInstanceProfile",
        quotas.ROLES_OF_INSTANCE_PROFILE,
        instead="use another instance profile, or first remove the other role from this instance profile",
        of=EntityKind.INSTANCE_PROFILE,
    ),
    NamedQuota(
        "versions of one managed policy",
        "VersionsPerPolicy|can have up to 5 versions",
        quotas.VERSIONS_OF_POLICY,
        instead="delete the oldest version that is not the default",
        of=EntityKind.POLICY,
    ),
    NamedQuota(
        "characters of one role's inline policies",
        r"Maximum policy size of \d+ bytes exceeded for role",
        quotas.INLINE_SIZE_OF_ROLE,
        instead="move the largest inline policy into a managed policy",
    ),
    NamedQuota(
        "characters of one user's inline policies",
        r"Maximum policy size of \d+ bytes exceeded for user",
        quotas.INLINE_SIZE_OF_USER,
        instead="move the largest inline policy into a managed policy",
    ),
    NamedQuota(
        "characters of one group's inline policies",
        r"Maximum policy size of \d+ bytes exceeded for group",
        quotas.INLINE_SIZE_OF_GROUP,
        instead="move the largest inline policy into a managed policy",
    ),
    NamedQuota(
        "groups of one user",
        "GroupsPerUser",
        quotas.GROUPS_OF_USER,
        instead="merge groups, or put the policies on the user",
    ),
    NamedQuota(
        "access keys of one user",
        "AccessKeysPerUser",
        quotas.ACCESS_KEYS_OF_USER,
        instead="deactivate the older key, and delete it if nothing needs it",
    ),
    NamedQuota(
        "MFA devices of one user",
        "MFADevicesPerUser",
        quotas.MFA_DEVICES_OF_USER,
        instead="remove a device that is no longer used",
    ),
    NamedQuota(
        "signing certificates of one user",
        "SigningCertificatesPerUser",
        quotas.SIGNING_CERTIFICATES_OF_USER,
        instead="remove one that is no longer used",
    ),
    NamedQuota(
        "SSH keys of one user",
        "SSHPublicKeysPerUser",
        quotas.SSH_KEYS_OF_USER,
        instead="remove one that is no longer used",
    ),
    NamedQuota(
        "tags of one entity",
        r"TagsPer\w+",
        quotas.TAGS_OF_ENTITY,
        instead="remove an unused tag, or merge two tags into one",
    ),
    NamedQuota(
        "SAML providers in the account", "SAMLProvidersPerAccount", quotas.SAML_PROVIDERS, EntityKind.SAML_PROVIDER
    ),
    NamedQuota(
        "characters of one managed policy",
        "PolicySize",
        quotas.MANAGED_SIZE,
        instead="split the policy by service",
    ),
)

_NAMED = regex(r"Cannot\s+exceed\s+quota\s+for\s+(\w{1,80})")
_VALUE = regex(r"(?:quota for \w+:\s*|size of\s+|up to\s+)(\d{1,9})", re.IGNORECASE)


def quota_in_text(text: str) -> tuple[NamedQuota | None, int | None]:
    """Return the quota that a LimitExceeded text names, and the limit that it states. Both may be None.

    A quota that is not in the table has only its name.
    """
    value = _VALUE.search(text)
    named = _NAMED.search(text)
    if named:
        known = next((each for each in QUOTAS if re.fullmatch(each.text, named[1])), None)
        quota: NamedQuota | None = known or NamedQuota(named[1], named[1], _UNKNOWN)
    else:
        quota = next((each for each in QUOTAS if re.search(each.text, text)), None)
    return quota, int(value.group(1)) if value else None


def quota_of(kind: EntityKind | None) -> NamedQuota | None:
    """Return the quota for the number of entities of a kind in an account, or None."""
    wanted = EntityKind.ROLE if kind is EntityKind.SERVICE_LINKED_ROLE else kind
    return next((each for each in QUOTAS if each.kind is not None and each.kind is wanted), None)


@dataclass(frozen=True, slots=True)
class Fullness:
    """How full a quota is. None means unknown. ``account_limit`` is the limit now in force for this account."""

    quota: NamedQuota
    used: int | None
    limit: int | None
    account_limit: int | None = None

    @property
    def full(self) -> bool:
        return self.used is not None and self.limit is not None and self.used >= self.limit

    @property
    def has_room(self) -> bool:
        """Whether the quota is known not to be reached."""
        return self.used is not None and self.limit is not None and self.used < self.limit


def look_at_quota(
    quota: NamedQuota | None, opened: OpenedAccount, stated: int | None = None, reached: bool = False
) -> tuple[Fullness | None, Step]:
    """Return the usage of ``quota``, with the step that shows it.

    ``reached``: AWS denied a call because of the quota. ``stated`` is the limit given in the text.
    """
    title = "Quotas"
    if quota is None:
        return None, Step("quota", title, Status.SKIPPED, "no quota counts this kind of entity")
    summary: Mapping[str, int] | None = opened.account.summary
    call, why = "iam:GetAccountSummary", ""
    if summary is None:
        reading = opened.reader.account_summary()
        summary, call, why = reading.value, reading.call, refused(reading) if reading.why else ""
    used = summary.get(quota.fact.usage) if summary and quota.fact.usage else None
    limit = summary.get(quota.fact.limit) if summary and quota.fact.limit else None
    known = [each for each in (limit, stated) if each is not None]
    # If the account's summary does not count the use, the limit in the text is the one that was reached.
    reached_at = stated if reached and used is None and stated is not None else max(known, default=None)
    fullness = Fullness(quota, used, reached_at, limit)
    if reached:
        shown_use = f"; the account now has {used} of {limit}" if used is not None and limit is not None else ""
        return fullness, Step(
            "quota",
            title,
            Status.FAIL,
            f"AWS says that the quota for {quota.words} ({stated or limit or 'unknown'}) is reached{shown_use}",
            (
                Evidence(
                    f"{quota.words}: {used if used is not None else 'usage unknown'} of {fullness.limit}", call=call
                ),
            ),
        )
    if used is None or limit is None:
        unknown = why or "the account summary that was read has no figure for this quota"
        said = f"the usage of the quota for {quota.words} is unknown: {unknown}"
        return fullness, Step(
            "quota", title, Status.UNKNOWN, said, (Evidence(f"could not look: {unknown}", call=call),)
        )
    evidence = (Evidence(f"{quota.words}: {used} of {limit}", call=call),)
    if fullness.full:
        said = f"the quota is reached: {used} of {limit} {quota.words}"
        return fullness, Step("quota", title, Status.FAIL, said, evidence)
    return fullness, Step(
        "quota", title, Status.PASS, f"the quota is not reached: {used} of {limit} {quota.words}", evidence
    )


MOST_STALE = 10


def stale_roles(account: Account) -> tuple[Role, ...]:
    """Return roles that could be deleted. The role that has been unused for longest is first.

    They are not owned by a service, in no instance profile, and known to have been unused for at least a year.
    """
    sleeping = []
    for role in account.roles:
        if role.service_owned or role.last_used is None or role.instance_profiles:
            continue
        last = role.last_used.when or role.created
        if last is not None and (account.now - last).days >= 365:
            sleeping.append((last, role))
    return tuple(role for _, role in sorted(sleeping, key=lambda pair: pair[0])[:MOST_STALE])


def stale_words(role: Role, account: Account) -> str:
    when = role.last_used.when if role.last_used else None
    return f"{role.name}, " + (
        f"last used {age(when, account.now)}"
        if when
        else f"created {age(role.created, account.now)} and not used in 400 days"
    )
