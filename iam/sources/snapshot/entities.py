"""Read IAM's entities from a file. Data that is missing in the file is unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from iam.account import Group, InstanceProfile, ManagedPolicy, OIDCProvider, Role, SAMLProvider, User
from iam.arn import name_of
from iam.sources.reader.reading import Reading
from iam.sources.snapshot.part import SnapshotPart, same_name

if TYPE_CHECKING:
    from iam.sources.reader.entities import (
        AccessKey,
        Credential,
        EntityName,
        LoginProfile,
        MfaDevice,
        PasswordPolicy,
        ServerCertificate,
    )


class SnapshotEntities(SnapshotPart):
    """Reads IAM's own entities from a file."""

    def roles(self) -> Reading[tuple[Role, ...]]:
        if "roles" in self.account.incomplete:
            return Reading("RoleDetailList", why="The snapshot contains only part of the roles.")
        return Reading("RoleDetailList", tuple(self.account.roles))

    def user(self, name: str) -> Reading[User]:
        return self.one(
            "UserDetailList", self.account.users, f"user {name}", lambda user: same_name(user.name, name), "users"
        )

    def group(self, name: str) -> Reading[Group]:
        return self.one(
            "GroupDetailList", self.account.groups, f"group {name}", lambda group: same_name(group.name, name), "groups"
        )

    def instance_profile(self, name: str) -> Reading[InstanceProfile]:
        return self.one(
            "Rolescope.InstanceProfiles",
            self.account.instance_profiles,
            f"instance profile {name}",
            lambda profile: same_name(profile.name, name),
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
        return Reading("snapshot", why="A snapshot contains no server certificates.")

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

    def password_policy(self) -> Reading[PasswordPolicy]:
        part, found = "Rolescope.PasswordPolicy", self.snapshot.password_policy
        if found is None:
            return Reading(part, why=self.not_in_file(part, "the password policy"))
        return Reading(part, found)

    def access_keys(self, user: str) -> Reading[tuple[AccessKey, ...]]:
        reading = self.all_of("Rolescope.AccessKeys", self.snapshot.access_keys, "access keys")
        if reading.value is None:
            return reading
        return Reading(reading.call, tuple(key for key in reading.value if key.user == user))

    def credentials(self, user: str) -> Reading[tuple[Credential, ...]]:
        return Reading("Rolescope", why=f"A snapshot does not say which certificates and SSH keys {user} has.")

    def entity_names(self, kind: str) -> Reading[tuple[EntityName, ...]]:
        from iam.sources.reader.entities import EntityName

        account = self.account
        lists: Mapping[str, tuple[str, Sequence[Role | User | Group | ManagedPolicy | InstanceProfile] | None, str]] = {
            "role": ("RoleDetailList", account.roles, "roles"),
            "user": ("UserDetailList", account.users, "users"),
            "group": ("GroupDetailList", account.groups, "groups"),
            "policy": ("Policies", account.policies, "policies"),
            "instance-profile": ("Rolescope.InstanceProfiles", account.instance_profiles, "instance_profiles"),
        }
        if kind in lists:
            part, listed, name = lists[kind]
            if listed is None or name in account.incomplete:
                return Reading(part, why=f"The snapshot does not contain all {name.replace('_', ' ')}.")
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
        return Reading("snapshot", why=f"The snapshot contains no list of names of kind {kind}.")

    def account_summary(self) -> Reading[Mapping[str, int]]:
        if self.account.summary is None:
            return Reading("Rolescope.AccountSummary", why=self.not_in_file("Rolescope.AccountSummary", "the quotas"))
        return Reading("Rolescope.AccountSummary", self.account.summary)
