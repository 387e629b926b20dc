"""Quotas of IAM: which one a name conflict or LimitExceeded is about, how full it is, and what could go.

Names are those of GetAccountSummary and of LimitExceeded's texts; codes and the highest values that are approved
without a person are from the page "IAM and AWS STS quotas" and Service Quotas.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from diagnostics.already_exists.kinds import EntityKind
from diagnostics.already_exists.words import age, refused
from diagnostics.diagnosis import Evidence, Status, Step
from iam.account import Account, Role
from iam.sources.reader import OpenedAccount


@dataclass(frozen=True, slots=True)
class Quota:
    """One quota. ``text`` matches its name in LimitExceeded's messages; ``usage`` and ``limit`` are GetAccountSummary's
    keys (usage is None for what is counted per entity); ``code`` is None for what cannot be raised. ``kind`` is what a
    quota of the account counts, ``of`` the kind of entity that has a quota for itself."""

    words: str
    text: str
    usage: str | None
    limit: str | None
    code: str | None
    highest: int | None
    kind: EntityKind | None = None
    instead: str = ""
    of: EntityKind | None = None


def _fixed(words: str, text: str, highest: int, instead: str) -> Quota:
    """A quota that nobody raises, of something that has parts."""
    return Quota(words, text, None, None, None, highest, instead=instead)


QUOTAS = (
    Quota("roles in the account", "RolesPerAccount", "Roles", "RolesQuota", "L-FE177D64", 10_000, EntityKind.ROLE),
    Quota(
        "instance profiles in the account",
        "InstanceProfilesPerAccount",
        "InstanceProfiles",
        "InstanceProfilesQuota",
        "L-6E65F664",
        10_000,
        EntityKind.INSTANCE_PROFILE,
    ),
    Quota(
        "customer managed policies in the account",
        "(?:Customer)?(?:Managed)?PoliciesPerAccount",
        "Policies",
        "PoliciesQuota",
        "L-E95E4862",
        10_000,
        EntityKind.POLICY,
    ),
    Quota(
        "managed policies on one role",
        "PoliciesPerRole",
        None,
        "AttachedPoliciesPerRoleQuota",
        "L-0DA4ABF3",
        25,
        instead="merge two policies into one (a permissions boundary takes no place)",
    ),
    Quota(
        "managed policies on one user",
        "PoliciesPerUser",
        None,
        "AttachedPoliciesPerUserQuota",
        "L-4019AD8B",
        20,
        instead="put the policies on a group",
    ),
    Quota(
        "managed policies on one group",
        "PoliciesPerGroup",
        None,
        "AttachedPoliciesPerGroupQuota",
        None,
        10,
        instead="merge two policies into one",
    ),
    Quota(
        "characters of one trust policy",
        "ACLSizePerRole|AssumeRolePolicySize",
        None,
        "AssumeRolePolicySizeQuota",
        "L-C07B4B0D",
        8_192,
        instead="shorten the trust policy, or use EKS Pod Identity in place of long lists",
    ),
    Quota(
        "OIDC providers in the account",
        "(?:OpenI[Dd]Connect|OIDC)ProvidersPerAccount",
        None,
        None,
        "L-858F3967",
        700,
        EntityKind.OIDC_PROVIDER,
    ),
    Quota(
        "users in the account",
        "UsersPerAccount",
        "Users",
        "UsersQuota",
        None,
        5_000,
        EntityKind.USER,
        instead="remove users that nobody needs; people can sign in through IAM Identity Center",
    ),
    Quota("groups in the account", "GroupsPerAccount", "Groups", "GroupsQuota", "L-F4A5425F", 500, EntityKind.GROUP),
    Quota(
        "server certificates in the account",
        "ServerCertificatesPerAccount",
        "ServerCertificates",
        "ServerCertificatesQuota",
        "L-BF35879D",
        20,
        EntityKind.SERVER_CERTIFICATE,
        instead="remove expired ones, or keep certificates in AWS Certificate Manager",
    ),
    Quota(
        "roles in one instance profile",
        "InstanceSessionsPerInstanceProfile",
        None,
        None,
        None,
        1,
        instead="use another instance profile, or take the other role out of this one first",
        of=EntityKind.INSTANCE_PROFILE,
    ),
    Quota(
        "versions of one managed policy",
        "VersionsPerPolicy|can have up to 5 versions",
        None,
        "VersionsPerPolicyQuota",
        None,
        5,
        instead="delete the oldest version that is not the default",
        of=EntityKind.POLICY,
    ),
    Quota(
        "characters of one role's inline policies",
        r"Maximum policy size of \d+ bytes exceeded for role",
        None,
        "RolePolicySizeQuota",
        None,
        10_240,
        instead="move the largest inline policy into a managed policy",
    ),
    _fixed(
        "characters of one user's inline policies",
        r"Maximum policy size of \d+ bytes exceeded for user",
        2_048,
        "move the largest inline policy into a managed policy",
    ),
    _fixed(
        "characters of one group's inline policies",
        r"Maximum policy size of \d+ bytes exceeded for group",
        5_120,
        "move the largest inline policy into a managed policy",
    ),
    _fixed("groups of one user", "GroupsPerUser", 10, "merge groups, or put the policies on the user"),
    _fixed(
        "access keys of one user", "AccessKeysPerUser", 2, "deactivate the older key, and delete it if none misses it"
    ),
    _fixed("MFA devices of one user", "MFADevicesPerUser", 8, "take off a device that is not used any more"),
    _fixed(
        "signing certificates of one user", "SigningCertificatesPerUser", 2, "take off one that is not used any more"
    ),
    _fixed("SSH keys of one user", "SSHPublicKeysPerUser", 5, "take off one that is not used any more"),
    _fixed("tags of one entity", r"TagsPer\w+", 50, "take off a tag that nobody reads, or merge two into one"),
    Quota("SAML providers in the account", "SAMLProvidersPerAccount", None, None, None, None, EntityKind.SAML_PROVIDER),
    Quota(
        "characters of one managed policy",
        "PolicySize",
        None,
        "PolicySizeQuota",
        None,
        6_144,
        instead="split the policy by service",
    ),
)

_NAMED = re.compile(r"Cannot\s+exceed\s+quota\s+for\s+(\w{1,80})")
_VALUE = re.compile(r"(?:quota for \w+:\s*|size of\s+|up to\s+)(\d{1,9})", re.IGNORECASE)


def quota_in_text(text: str) -> tuple[Quota | None, int | None]:
    """The quota that a LimitExceeded text names, and the value it states. Of one that is not known here, the name."""
    value = _VALUE.search(text)
    named = _NAMED.search(text)
    if named:
        known = next((each for each in QUOTAS if re.fullmatch(each.text, named[1])), None)
        quota: Quota | None = known or Quota(named[1], named[1], None, None, None, None)
    else:
        quota = next((each for each in QUOTAS if re.search(each.text, text)), None)
    return quota, int(value.group(1)) if value else None


def quota_of(kind: EntityKind | None) -> Quota | None:
    """The quota on how many entities of a kind an account may have."""
    wanted = EntityKind.ROLE if kind is EntityKind.SERVICE_LINKED_ROLE else kind
    return next((each for each in QUOTAS if each.kind is not None and each.kind is wanted), None)


@dataclass(frozen=True, slots=True)
class Fullness:
    """How full a quota is; None for what is not known."""

    quota: Quota
    used: int | None
    limit: int | None

    @property
    def full(self) -> bool:
        return self.used is not None and self.limit is not None and self.used >= self.limit

    @property
    def has_room(self) -> bool:
        """Whether more fits, as far as is known."""
        return self.used is not None and self.limit is not None and self.used < self.limit


def look_at_quota(
    quota: Quota | None, opened: OpenedAccount, stated: int | None = None, reached: bool = False
) -> tuple[Fullness | None, Step]:
    """How full ``quota`` is. ``reached`` says that AWS refused a call because of it; ``stated`` is the limit
    that its text names."""
    title = "Quotas"
    if quota is None:
        return None, Step("quota", title, Status.SKIPPED, "no quota counts this kind of entity")
    summary: Mapping[str, int] | None = opened.account.summary
    call, why = "iam:GetAccountSummary", ""
    if summary is None:
        reading = opened.reader.account_summary()
        summary, call, why = reading.value, reading.call, refused(reading) if reading.why else ""
    used = summary.get(quota.usage) if summary and quota.usage else None
    limit = summary.get(quota.limit) if summary and quota.limit else None
    known = [each for each in (limit, stated) if each is not None]
    fullness = Fullness(quota, used, max(known) if known else None)
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
        unknown = why or "the summary does not count them"
        said = f"how full the quota for {quota.words} is is unknown: {unknown}"
        return fullness, Step(
            "quota", title, Status.UNKNOWN, said, (Evidence(f"could not look: {unknown}", call=call),)
        )
    evidence = (Evidence(f"{quota.words}: {used} of {limit}", call=call),)
    if fullness.full:
        said = f"the quota is reached: {used} of {limit} {quota.words}"
        return fullness, Step("quota", title, Status.FAIL, said, evidence)
    return fullness, Step("quota", title, Status.PASS, f"there is room: {used} of {limit} {quota.words}", evidence)


MOST_STALE = 10


def stale_roles(account: Account) -> tuple[Role, ...]:
    """Roles that could go, the longest unused first: not the services' own, in no instance profile, older than a year,
    and known not to have been used in that time."""
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
