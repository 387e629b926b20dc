"""IAM's entities out of a file: of what the file does not hold nothing is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from iam.account import (
    Account,
    Group,
    InstanceProfile,
    ManagedPolicy,
    OIDCProvider,
    Role,
    SAMLProvider,
    ServiceLastAccessed,
    User,
)
from iam.arn import name_of
from iam.simulator import Simulator
from iam.sources.reader import (
    AccessKey,
    Caller,
    Credential,
    EntityName,
    LoginProfile,
    MfaDevice,
    Reading,
    ServerCertificate,
)
from iam.sources.snapshot.contents import Contents

if TYPE_CHECKING:
    pass

T = TypeVar("T")


class SnapshotEntities:
    """What a file tells of IAM's own entities."""

    kind = "snapshot"

    def __init__(self, snapshot: Contents) -> None:
        self.snapshot = snapshot

    @property
    def account(self) -> Account:
        return self.snapshot.account

    def accounts(self) -> Iterator[Account]:
        yield self.account

    def clock(self) -> datetime:
        return self.account.now

    def close(self) -> None:
        """Nothing to give up: all was read when the file was opened."""

    def simulator(self) -> Simulator | None:
        return None

    def not_in_file(self, part: str, what: str) -> str:
        return f"The snapshot does not tell {what}: it has no {part}."

    def one(
        self, part: str, listed: tuple[T, ...] | None, what: str, wanted: Callable[[T], bool], kind: str
    ) -> Reading[T]:
        """One entry of a list: absent only where the file has the whole list."""
        found = next((entry for entry in listed or () if wanted(entry)), None)
        if found is not None:
            return Reading(part, found)
        if listed is None:
            return Reading(part, why=self.not_in_file(part, what))
        if kind in self.account.incomplete:
            return Reading(part, why=f"The snapshot holds only a part of {part}, and {what} is not in that part.")
        return Reading(part)

    def all_of(self, part: str, listed: tuple[T, ...] | None, what: str) -> Reading[tuple[T, ...]]:
        if listed is None:
            return Reading(part, why=self.not_in_file(part, what))
        return Reading(part, listed)

    # IAM's entities.

    def caller(self) -> Reading[Caller]:
        arn = self.account.caller_arn
        if arn is None:
            return Reading("Rolescope.Account.Caller", why=self.not_in_file("Rolescope.Account.Caller", "who saved it"))
        return Reading("Rolescope.Account.Caller", Caller(arn, self.account.id))

    def role(self, name: str) -> Reading[Role]:
        listed = self.account.roles
        found = self.account.role(name) or self.account.role_ignoring_case(name)
        wanted = found.name if found else name
        if not listed and "roles" in self.account.incomplete:
            return Reading("RoleDetailList", why=self.not_in_file("RoleDetailList", f"whether role {name} exists"))
        return self.one("RoleDetailList", listed, f"role {name}", lambda role: role.name == wanted, "roles")

    def roles(self) -> Reading[tuple[Role, ...]]:
        if "roles" in self.account.incomplete:
            return Reading("RoleDetailList", why="The snapshot holds only a part of the roles.")
        return Reading("RoleDetailList", self.account.roles)

    def user(self, name: str) -> Reading[User]:
        return self.one(
            "UserDetailList", self.account.users, f"user {name}", lambda user: _same(user.name, name), "users"
        )

    def group(self, name: str) -> Reading[Group]:
        return self.one(
            "GroupDetailList", self.account.groups, f"group {name}", lambda group: _same(group.name, name), "groups"
        )

    def instance_profile(self, name: str) -> Reading[InstanceProfile]:
        return self.one(
            "Rolescope.InstanceProfiles",
            self.account.instance_profiles,
            f"instance profile {name}",
            lambda profile: _same(profile.name, name),
            "instance_profiles",
        )

    def oidc_provider(self, arn: str) -> Reading[OIDCProvider]:
        return self.one(
            "Rolescope.OpenIDConnectProviders",
            self.account.oidc_providers,
            f"provider {arn}",
            lambda provider: provider.arn == arn,
            "oidc_providers",
        )

    def saml_provider(self, arn: str) -> Reading[SAMLProvider]:
        return self.one(
            "Rolescope.SAMLProviders",
            self.account.saml_providers,
            f"provider {arn}",
            lambda provider: provider.arn == arn,
            "saml_providers",
        )

    def server_certificate(self, name: str) -> Reading[ServerCertificate]:
        return Reading("snapshot", why="A snapshot holds no server certificates.")

    def mfa_devices(self, user: str | None = None) -> Reading[tuple[MfaDevice, ...]]:
        reading = self.all_of("Rolescope.MFADevices", self.snapshot.mfa_devices, "MFA devices")
        if reading.value is None or user is None:
            return reading
        return Reading(reading.call, tuple(device for device in reading.value if device.user == user))

    def login_profile(self, user: str) -> Reading[LoginProfile]:
        return self.one(
            "Rolescope.LoginProfiles",
            self.snapshot.login_profiles,
            f"whether {user} has a password",
            lambda profile: profile.user == user,
            "login_profiles",
        )

    def access_keys(self, user: str) -> Reading[tuple[AccessKey, ...]]:
        reading = self.all_of("Rolescope.AccessKeys", self.snapshot.access_keys, "access keys")
        if reading.value is None:
            return reading
        return Reading(reading.call, tuple(key for key in reading.value if key.user == user))

    def credentials(self, user: str) -> Reading[tuple[Credential, ...]]:
        return Reading("Rolescope", why=f"A snapshot does not say which certificates and SSH keys {user} has.")

    def customer_policy(self, name: str) -> Reading[ManagedPolicy]:
        return self.one(
            "Policies",
            self.account.policies,
            f"policy {name}",
            lambda policy: not policy.aws_managed and _same(policy.name, name),
            "policies",
        )

    def managed_policy(self, arn: str) -> Reading[ManagedPolicy]:
        found = self.account.policy(arn)
        if found is not None and found.document is not None:
            return Reading("Policies", found)
        if ":iam::aws:policy/" in arn:
            # Not every AWS-managed policy is in a file, so its absence says nothing.
            from iam import aws_managed_policies
            from iam.sources.aws.managed_policies import LIST

            listed = aws_managed_policies.find(arn)
            if listed is not None:
                note = f"The snapshot does not hold the document of {arn}: this is AWS's {listed.default_version_id}."
                return Reading(LIST, listed, note=note)
            return Reading("Policies", why=f"The snapshot does not hold the document of the AWS-managed policy {arn}.")
        if found is not None:
            return Reading("Policies", found, note=f"The snapshot does not hold the document of {arn}.")
        return self.one(
            "Policies", self.account.policies, f"policy {arn}", lambda policy: policy.arn == arn, "policies"
        )

    def entity_names(self, kind: str) -> Reading[tuple[EntityName, ...]]:
        account = self.account
        lists: Mapping[
            str, tuple[str, tuple[Role | User | Group | ManagedPolicy | InstanceProfile, ...] | None, str]
        ] = {
            "role": ("RoleDetailList", account.roles, "roles"),
            "user": ("UserDetailList", account.users, "users"),
            "group": ("GroupDetailList", account.groups, "groups"),
            "policy": ("Policies", account.policies, "policies"),
            "instance-profile": ("Rolescope.InstanceProfiles", account.instance_profiles, "instance_profiles"),
        }
        if kind in lists:
            part, listed, name = lists[kind]
            if listed is None or name in account.incomplete:
                return Reading(part, why=f"The snapshot does not hold all {name.replace('_', ' ')}.")
            return Reading(
                part,
                tuple(
                    EntityName(kind, entity.name, entity.arn, entity.path, entity.created)
                    for entity in listed
                    if not (isinstance(entity, ManagedPolicy) and entity.aws_managed)
                ),
            )
        if kind == "oidc-provider" and account.oidc_providers is not None:
            return Reading(
                "Rolescope.OpenIDConnectProviders",
                tuple(EntityName(kind, provider.url, provider.arn) for provider in account.oidc_providers),
            )
        if kind == "saml-provider" and account.saml_providers is not None:
            return Reading(
                "Rolescope.SAMLProviders",
                tuple(
                    EntityName(kind, provider.name, provider.arn, expires=provider.valid_until)
                    for provider in account.saml_providers
                ),
            )
        if kind == "virtual-mfa-device" and self.snapshot.mfa_devices is not None:
            return Reading(
                "Rolescope.MFADevices",
                tuple(
                    EntityName(kind, name_of(device.serial), device.serial, assigned_to=device.user or "")
                    for device in self.snapshot.mfa_devices
                    if ":mfa/" in device.serial
                ),
            )
        if kind == "account-alias" and account.alias:
            return Reading("Rolescope.Account.Alias", (EntityName(kind, account.alias, ""),))
        return Reading("snapshot", why=f"The snapshot holds no list of names of kind {kind}.")

    def account_summary(self) -> Reading[Mapping[str, int]]:
        if self.account.summary is None:
            return Reading("Rolescope.AccountSummary", why=self.not_in_file("Rolescope.AccountSummary", "the quotas"))
        return Reading("Rolescope.AccountSummary", self.account.summary)

    def last_accessed(self, arn: str) -> Reading[tuple[ServiceLastAccessed, ...]]:
        found = (self.snapshot.last_accessed or {}).get(arn)
        if found is None:
            return Reading("Rolescope.LastAccessed", why=f"The snapshot does not tell which services {arn} used.")
        return Reading("Rolescope.LastAccessed", found)

    def deletion_status(self, role_name: str) -> Reading[str]:
        status = self.snapshot.deletions.get(role_name)
        if status is None:
            return Reading("Rolescope.Deletions", why="The snapshot does not tell whether a deletion was running.")
        return Reading("Rolescope.Deletions", status)


def _same(one: str, other: str) -> bool:
    return one.lower() == other.lower()
