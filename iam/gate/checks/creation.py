"""Check whether the account accepts a new role: its name, its instance profile, the quotas and sizes.

The order follows the document "aws-iam.md", §2.3.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from iam import field_rules as fields
from iam.account import Account
from iam.creation.draft.names import free_role_names
from iam.creation.spec import RoleSpec
from iam.facts import quotas
from iam.facts.quotas import Quota
from iam.gate.finding import TRY_IT, GateFinding, unreadable
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.reading import Reading
from iam.words import joined

SOON = timedelta(minutes=10)


def session_findings(reader: AccountReader) -> Iterator[GateFinding]:
    """Yield a finding if the caller's credentials expire soon, perhaps before all calls are made."""
    caller = reader.caller().value
    expires = caller.expires if caller is not None else None
    if expires is not None and expires - datetime.now(UTC) < SOON:
        text = (
            f"Your credentials expire at {expires.astimezone(UTC):%H:%M} UTC, perhaps before everything has been "
            "created."
        )
        yield GateFinding("session.ends", text, "Sign in again first; an interrupted creation can be resumed.")


# Names.


def name_findings(spec: RoleSpec, account: Account, reader: AccountReader) -> Iterator[GateFinding]:
    """Check whether the role's name is free. IAM ignores case and path here."""
    if not spec.name:
        return
    held = account.role_ignoring_case(spec.name)
    reading = reader.role(spec.name)
    if reading.value is not None:
        held = reading.value
    elif reading.absent and held is not None and held.name == spec.name:
        held = None  # deleted since the account was read
    if held is None and reading.unreadable and "roles" not in account.incomplete and account.roles:
        text = (
            f"The account's list has no role named {spec.name}, in any case or path, but reading a role of this name "
            "failed: "
        )
        yield GateFinding.fine("name", f"{text}{unreadable(reading)}")
        return
    if held is None and (reading.unreadable or "roles" in account.incomplete or not account.roles):
        names = reader.entity_names("role")
        if names.unreadable:
            text = f"It is unknown whether the name {spec.name} is free in every letter case: {unreadable(names)}"
            yield GateFinding.unseen("name", text, TRY_IT, "name")
            return
        other = next((each for each in names.value or () if each.name.lower() == spec.name.lower()), None)
        if other is not None:
            yield _taken(spec, other.name, other.path, account)
            return
    if held is not None:
        yield _taken(spec, held.name, held.path, account)
        return
    yield GateFinding.fine("name", f"The name {spec.name} is free, in any case and path.")


def _taken(spec: RoleSpec, name: str, path: str, account: Account) -> GateFinding:
    how = "has this name" if name == spec.name else f"is named {name}, and IAM ignores case in names"
    where = "" if path == spec.path else f", at path {path}, which IAM also ignores"
    text = f"A role {how}{where}."
    free = joined(free_role_names(spec.name, account), "or")
    way = (
        "See which entity has the name: adopt that entity, or choose another "
        f"name{f', such as {free}' if free else ''}."
    )
    return GateFinding("name.taken", text, way, "name", name)


def profile_findings(spec: RoleSpec, account: Account, reader: AccountReader) -> Iterator[GateFinding]:
    """Check whether the instance profile's name is free, or belongs to a profile to which the role can be added."""
    name = spec.instance_profile
    if not name:
        return
    reading = reader.instance_profile(name)
    held = reading.value
    if held is None and not reading.absent:
        held = account.instance_profile_ignoring_case(name)
        if held is None and account.instance_profiles is None:
            text = f"It is unknown whether an instance profile {name} exists: {unreadable(reading)}"
            yield GateFinding.unseen("profile", text, TRY_IT, "instance_profile")
            return
    if held is None and account.instance_profile_ignoring_case(name) is not None:
        other = account.instance_profile_ignoring_case(name)
        held = other if other is not None and other.name != name else None
    if held is None:
        yield GateFinding.fine("profile", f"The instance profile {name} is free.")
    elif held.roles and held.roles[0].lower() == spec.name.lower():
        yield GateFinding.fine(
            "profile", f"The instance profile {held.name} already contains the role {held.roles[0]}."
        )
    elif not held.roles:
        text = f"The instance profile {held.name} exists and is empty: the plan uses this profile and creates none."
        yield GateFinding("profile.empty", text, "", "instance_profile", held.name)
    else:
        text = f"The instance profile {held.name} contains the role {held.roles[0]}, and can contain only one role."
        way = "Name another profile: its name may differ from the role's."
        yield GateFinding("profile.other-role", text, way, "instance_profile", held.name)


# Quotas.


@dataclass(frozen=True, slots=True)
class _Count:
    """An account's quota for a kind of entity, and how many entities of that kind the plan creates."""

    quota: Quota
    words: str
    needed: int


class _Size(StrEnum):
    TRUST = "AssumeRolePolicySizeQuota"
    INLINE = "RolePolicySizeQuota"
    MANAGED = "PolicySizeQuota"
    ATTACHED = "AttachedPoliciesPerRoleQuota"


def quota_findings(spec: RoleSpec, account: Account, reader: AccountReader) -> Iterator[GateFinding]:
    """Check the quotas of the account and the role (IAM User Guide, "IAM and AWS STS quotas")."""
    reading = reader.account_summary()
    if reading.value is None and account.summary is not None:
        reading = Reading(reading.call, account.summary)
    if reading.value is None:
        text = f"The usage of the account's quotas is unknown: {unreadable(reading)}"
        yield GateFinding.unseen("quota", text, TRY_IT)
    summary = reading.value or {}
    profile = spec.instance_profile
    made = profile is not None and account.instance_profile_ignoring_case(profile) is None
    counts = (
        _Count(quotas.ROLES, "roles", 1),
        _Count(quotas.INSTANCE_PROFILES, "instance profiles", int(made)),
        _Count(quotas.CUSTOMER_POLICIES, "customer policies", len(spec.new_policies)),
    )
    full = False
    for count in counts:
        used, limit = summary.get(count.quota.usage), summary.get(count.quota.limit)
        if used is None or limit is None or not count.needed or used + count.needed <= limit:
            continue
        full = True
        way = (
            f"Delete {count.words} that nobody uses, or request an increase (quota {count.quota.code} of IAM, in "
            "us-east-1)."
        )
        yield GateFinding("quota", f"The account has {used} of {limit} {count.words}.", way, "name", count.quota.code)
    yield from size_findings(spec, account, dict(summary))
    if summary and not full:
        used, limit = summary.get("Roles"), summary.get("RolesQuota")
        if used is not None and limit is not None:
            yield GateFinding.fine("quota", f"The quota is not reached: {used} of {limit} roles.")


def size_findings(
    spec: RoleSpec, account: Account, summary: dict[str, int], was: RoleSpec | None = None
) -> Iterator[GateFinding]:
    """Yield a finding for everything that exceeds its quota.

    ``was`` is the role before the change. Parts that do not grow are not checked, because IAM has accepted them. If the
    account's own quota is unknown, exceeding AWS's default is only a note.
    """
    trust = fields.size(spec.trust)
    limit = summary.get(_Size.TRUST, fields.TRUST_SIZE)
    if limit < trust <= fields.LARGEST_TRUST_SIZE and (was is None or trust > fields.size(was.trust)):
        known = _Size.TRUST in summary
        may = f"may have {limit:,} in this account" if known else f"may have {limit:,}, unless the quota was raised"
        text = f"The trust policy has {trust:,} characters without white space, and {may}."
        code = quotas.TRUST_SIZE.code
        way = f"Shorten it, or request an increase (quota {code} of IAM, up to {fields.LARGEST_TRUST_SIZE:,})."
        yield GateFinding("size.trust" if known else "size.unknown", text, way, "trust", code)
    inline = _inline_size(spec)
    limit = summary.get(_Size.INLINE, fields.INLINE_SIZE)
    if inline > limit and (was is None or inline > _inline_size(was)):
        text = f"The inline policies have {inline:,} characters in total; the maximum is {limit:,}."
        largest = max(spec.inline, key=lambda each: fields.size(each.document))
        way = f"Make {largest.name}, the largest, a managed policy."
        yield GateFinding("size.inline", text, way, "inline", largest.name)
    limit = summary.get(_Size.MANAGED, fields.MANAGED_SIZE)
    for policy in spec.new_policies:
        if limit < fields.size(policy.document) <= fields.MANAGED_SIZE:
            size = fields.size(policy.document)
            text = f"The policy {policy.name} has {size:,} characters; the maximum is {limit:,}."
            yield GateFinding("size.managed", text, "Split it by service.", "policies", policy.name)
    attached = _attached_count(spec, account)
    limit = summary.get(_Size.ATTACHED, fields.ATTACHED_POLICIES)
    if attached > limit and (was is None or attached > _attached_count(was, account)):
        known = _Size.ATTACHED in summary or attached > _MOST_ATTACHED
        may = f"may have {limit}" if known else f"may have {limit}, unless the quota was raised"
        text = f"The role would have {attached} managed policies, and {may}."
        code = quotas.POLICIES_OF_ROLE.code
        way = (
            f"Merge some (a boundary is not counted), or request an increase (quota {code} of IAM, up to "
            f"{_MOST_ATTACHED})."
        )
        yield GateFinding("quota.attached" if known else "size.unknown", text, way, "attached", code)


_MOST_ATTACHED = quotas.MOST_POLICIES_OF_ROLE
"""The highest quota that an account can get for managed policies per role."""


def _inline_size(spec: RoleSpec) -> int:
    return sum(fields.size(each.document) for each in spec.inline)


def _attached_count(spec: RoleSpec, account: Account) -> int:
    return len(spec.all_attached(account.partition, account.id))
