"""An account out of a file: read-only, without a network, and never taking "not in the file" for "not there"."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from iam.account import (
    Account,
    Event,
    Group,
    Instance,
    InstanceProfile,
    ManagedPolicy,
    OIDCProvider,
    Organization,
    OrganizationPolicy,
    Role,
    SAMLProvider,
    ServiceLastAccessed,
    StackResource,
    User,
    VpcEndpoint,
)
from iam.policy.document import Document
from iam.simulate import Simulator
from iam.sources.reader import (
    AccessKey,
    AuthorizationDetails,
    Binding,
    Caller,
    Credential,
    EntityName,
    EventPage,
    KeyGrant,
    LoginProfile,
    MfaDevice,
    PublicAccessBlock,
    Reading,
    ServerCertificate,
)
from iam.sources.resources import ArnParts, has_no_policy, policy_holder
from iam.sources.snapshot_file import Snapshot, load

if TYPE_CHECKING:
    from iam.policy.lint import Finding, PolicyKind

T = TypeVar("T")


def open_snapshot(path: str | Path) -> SnapshotReader:
    """The account that a file holds. Raises `SourceError` when the file cannot be read or is no snapshot."""
    return SnapshotReader(load(Path(path)))


class SnapshotReader:
    """Answers from a file's parts. A part that the file does not have makes its questions "not readable"."""

    kind = "snapshot"

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot

    @property
    def _account(self) -> Account:
        return self.snapshot.account

    def accounts(self) -> Iterator[Account]:
        yield self._account

    def clock(self) -> datetime:
        return self._account.now

    def close(self) -> None:
        """Nothing to give up: all was read when the file was opened."""

    def simulator(self) -> Simulator | None:
        return None

    def _not_in_file(self, part: str, what: str) -> str:
        return f"The snapshot does not tell {what}: it has no {part}."

    def _one(
        self, part: str, listed: tuple[T, ...] | None, what: str, wanted: Callable[[T], bool], kind: str
    ) -> Reading[T]:
        """One entry of a list: absent only where the file has the whole list."""
        found = next((entry for entry in listed or () if wanted(entry)), None)
        if found is not None:
            return Reading(part, found)
        if listed is None:
            return Reading(part, why=self._not_in_file(part, what))
        if kind in self._account.incomplete:
            return Reading(part, why=f"The snapshot holds only a part of {part}, and {what} is not in that part.")
        return Reading(part)

    def _all(self, part: str, listed: tuple[T, ...] | None, what: str) -> Reading[tuple[T, ...]]:
        if listed is None:
            return Reading(part, why=self._not_in_file(part, what))
        return Reading(part, listed)

    # IAM's entities.

    def caller(self) -> Reading[Caller]:
        arn = self._account.caller_arn
        if arn is None:
            return Reading(
                "Rolescope.Account.Caller", why=self._not_in_file("Rolescope.Account.Caller", "who saved it")
            )
        return Reading("Rolescope.Account.Caller", Caller(arn, self._account.id))

    def role(self, name: str) -> Reading[Role]:
        listed = self._account.roles
        found = self._account.role(name) or self._account.role_ignoring_case(name)
        wanted = found.name if found else name
        if not listed and "roles" in self._account.incomplete:
            return Reading("RoleDetailList", why=self._not_in_file("RoleDetailList", f"whether role {name} exists"))
        return self._one("RoleDetailList", listed, f"role {name}", lambda role: role.name == wanted, "roles")

    def roles(self) -> Reading[tuple[Role, ...]]:
        if "roles" in self._account.incomplete:
            return Reading("RoleDetailList", why="The snapshot holds only a part of the roles.")
        return Reading("RoleDetailList", self._account.roles)

    def user(self, name: str) -> Reading[User]:
        return self._one(
            "UserDetailList", self._account.users, f"user {name}", lambda user: _same(user.name, name), "users"
        )

    def group(self, name: str) -> Reading[Group]:
        return self._one(
            "GroupDetailList", self._account.groups, f"group {name}", lambda group: _same(group.name, name), "groups"
        )

    def instance_profile(self, name: str) -> Reading[InstanceProfile]:
        return self._one(
            "Rolescope.InstanceProfiles",
            self._account.instance_profiles,
            f"instance profile {name}",
            lambda profile: _same(profile.name, name),
            "instance_profiles",
        )

    def oidc_provider(self, arn: str) -> Reading[OIDCProvider]:
        return self._one(
            "Rolescope.OpenIDConnectProviders",
            self._account.oidc_providers,
            f"provider {arn}",
            lambda provider: provider.arn == arn,
            "oidc_providers",
        )

    def saml_provider(self, arn: str) -> Reading[SAMLProvider]:
        return self._one(
            "Rolescope.SAMLProviders",
            self._account.saml_providers,
            f"provider {arn}",
            lambda provider: provider.arn == arn,
            "saml_providers",
        )

    def server_certificate(self, name: str) -> Reading[ServerCertificate]:
        return Reading("snapshot", why="A snapshot holds no server certificates.")

    def mfa_devices(self, user: str | None = None) -> Reading[tuple[MfaDevice, ...]]:
        reading = self._all("Rolescope.MFADevices", self.snapshot.mfa_devices, "MFA devices")
        if reading.value is None or user is None:
            return reading
        return Reading(reading.call, tuple(device for device in reading.value if device.user == user))

    def login_profile(self, user: str) -> Reading[LoginProfile]:
        return self._one(
            "Rolescope.LoginProfiles",
            self.snapshot.login_profiles,
            f"whether {user} has a password",
            lambda profile: profile.user == user,
            "login_profiles",
        )

    def access_keys(self, user: str) -> Reading[tuple[AccessKey, ...]]:
        reading = self._all("Rolescope.AccessKeys", self.snapshot.access_keys, "access keys")
        if reading.value is None:
            return reading
        return Reading(reading.call, tuple(key for key in reading.value if key.user == user))

    def credentials(self, user: str) -> Reading[tuple[Credential, ...]]:
        return Reading("Rolescope", why=f"A snapshot does not say which certificates and SSH keys {user} has.")

    def customer_policy(self, name: str) -> Reading[ManagedPolicy]:
        return self._one(
            "Policies",
            self._account.policies,
            f"policy {name}",
            lambda policy: not policy.aws_managed and _same(policy.name, name),
            "policies",
        )

    def managed_policy(self, arn: str) -> Reading[ManagedPolicy]:
        found = self._account.policy(arn)
        if found is not None and found.document is not None:
            return Reading("Policies", found)
        if ":iam::aws:policy/" in arn:
            # Not every AWS-managed policy is in a file, so its absence says nothing.
            from iam.sources.aws_managed import listed_policy

            listed = listed_policy(arn)
            if listed is not None:
                note = f"The snapshot does not hold the document of {arn}: this is AWS's {listed.default_version_id}."
                return Reading("moto's list", listed, note=note)
            return Reading("Policies", why=f"The snapshot does not hold the document of the AWS-managed policy {arn}.")
        if found is not None:
            return Reading("Policies", found, note=f"The snapshot does not hold the document of {arn}.")
        return self._one(
            "Policies", self._account.policies, f"policy {arn}", lambda policy: policy.arn == arn, "policies"
        )

    def entity_names(self, kind: str) -> Reading[tuple[EntityName, ...]]:
        account = self._account
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
                    EntityName(kind, device.serial.rpartition("/")[2], device.serial, assigned_to=device.user or "")
                    for device in self.snapshot.mfa_devices
                    if ":mfa/" in device.serial
                ),
            )
        if kind == "account-alias" and account.alias:
            return Reading("Rolescope.Account.Alias", (EntityName(kind, account.alias, ""),))
        return Reading("snapshot", why=f"The snapshot holds no list of names of kind {kind}.")

    def account_summary(self) -> Reading[Mapping[str, int]]:
        if self._account.summary is None:
            return Reading("Rolescope.AccountSummary", why=self._not_in_file("Rolescope.AccountSummary", "the quotas"))
        return Reading("Rolescope.AccountSummary", self._account.summary)

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

    # Resources of other services.

    def resource_policies(self) -> Reading[Mapping[str, Document]]:
        part = "Rolescope.ResourcePolicies"
        if self.snapshot.resource_policies is None:
            return Reading(part, why=self._not_in_file(part, "resource policies"))
        return Reading(part, {arn: policy for arn, policy in self.snapshot.resource_policies.items() if policy})

    def resource_policy(self, arn: str) -> Reading[Document]:
        parts = ArnParts.of(arn)
        if parts is None:
            return Reading("snapshot", why=f"{arn} is not an ARN, so its resource policy cannot be looked up.")
        kept = self.snapshot.resource_policies or {}
        for candidate in (arn, policy_holder(arn)):
            if candidate in kept:
                return Reading("Rolescope.ResourcePolicies", kept[candidate])
        if has_no_policy(parts):
            return Reading("snapshot", note=f"This kind of resource of {parts.service} has no policy of its own.")
        if parts.service == "iam":
            return self._trust_policy(arn, parts)
        return Reading(
            "Rolescope.ResourcePolicies", why=f"The snapshot does not hold the policy of {policy_holder(arn)}."
        )

    def _trust_policy(self, arn: str, parts: ArnParts) -> Reading[Document]:
        if parts.account != self._account.id:
            return Reading(
                "RoleDetailList",
                why=f"The role belongs to account {parts.account}: the snapshot does not hold its trust.",
            )
        found = self._account.role(arn)
        if found is not None and found.trust is None:
            return Reading("RoleDetailList", why=f"The snapshot does not hold the trust policy of {found.name}.")
        if found is not None:
            return Reading("RoleDetailList", found.trust)
        reading = self.role(arn.rpartition("/")[2])
        if reading.unreadable:
            return Reading("RoleDetailList", why=reading.why)
        return Reading("RoleDetailList", note="There is no such role.")

    def key_grants(self, key_arn: str) -> Reading[tuple[KeyGrant, ...]]:
        return Reading("snapshot", why="A snapshot holds no grants of KMS keys.")

    def resource_tags(self, arn: str) -> Reading[Mapping[str, str]]:
        role = self._account.role(arn)
        if role is not None and role.tags is not None:
            return Reading("RoleDetailList", role.tags)
        return Reading("snapshot", why=f"The snapshot does not hold the tags of {arn}.")

    def resources(self) -> Reading[tuple[str, ...]]:
        part = "Rolescope.ResourcePolicies"
        if self.snapshot.resource_policies is None:
            return Reading(part, why=self._not_in_file(part, "resources"))
        return Reading(part, tuple(self.snapshot.resource_policies))

    def public_access_block(self, bucket: str) -> Reading[PublicAccessBlock]:
        part, kept = "Rolescope.PublicAccessBlocks", self.snapshot.public_access_blocks
        if kept is None or bucket not in kept:
            return Reading(part, why=f"The snapshot does not tell whether {bucket} blocks public access.")
        return Reading(part, kept[bucket])

    def vpc_endpoints(self, service: str) -> Reading[tuple[VpcEndpoint, ...]]:
        reading = self._all("Rolescope.VpcEndpoints", self.snapshot.vpc_endpoints, "VPC endpoints")
        if reading.value is None or not service:
            return reading
        return Reading(
            reading.call,
            tuple(one for one in reading.value if one.service_name.endswith((f".{service}", f".{service}-api"))),
        )

    def instances(self) -> Reading[tuple[Instance, ...]]:
        return self._all("Rolescope.Instances", self.snapshot.instances, "instances")

    def bindings(self, role_arn: str) -> Reading[tuple[Binding, ...]]:
        """Those that the file lists, and the instances whose profile holds the role."""
        role = self._account.role(role_arn)
        names = {
            profile.arn
            for profile in self._account.instance_profiles or ()
            if role is not None and role.name in profile.roles
        }
        listed = self.snapshot.bindings
        machines = [
            Binding("ec2", instance.id, "instance profile", role_arn)
            for instance in self.snapshot.instances or ()
            if instance.instance_profile_arn in names
        ]
        if listed is None and not machines:
            return Reading("Rolescope.Bindings", why=self._not_in_file("Rolescope.Bindings", "what runs with the role"))
        note = "" if listed is not None else "The snapshot tells only of instances."
        others = tuple(one for one in listed or () if one.role_arn == role_arn and one not in machines)
        return Reading("Rolescope.Bindings", (*others, *machines), note=note)

    # The organization and the evidence.

    def organization(self) -> Reading[Organization]:
        if not self.snapshot.organization_known:
            return Reading(
                "Rolescope.Organization", why=self._not_in_file("Rolescope.Organization", "the organization's policies")
            )
        if self._account.organization is None:
            return Reading("Rolescope.Organization", note="The account is in no organization.")
        return Reading("Rolescope.Organization", self._account.organization)

    def organization_policy(self, arn: str) -> Reading[OrganizationPolicy]:
        organization = self._account.organization
        for level in (*((organization and organization.scps) or ()), *((organization and organization.rcps) or ())):
            for policy in level.policies:
                if policy.arn == arn:
                    return Reading("Rolescope.Organization", policy)
        return Reading("Rolescope.Organization", why=f"The snapshot does not hold the policy {arn}.")

    def events(self, *, resource_name: str | None = None, event_name: str | None = None) -> Reading[tuple[Event, ...]]:
        reading = self._all("Rolescope.Events", self.snapshot.events, "CloudTrail's events")
        if reading.value is None:
            return reading
        found = (
            event
            for event in reading.value
            if (event_name is None or event.name == event_name)
            and (resource_name is None or resource_name in event.resources)
        )
        return Reading(reading.call, tuple(sorted(found, key=lambda event: event.time, reverse=True)))

    def recent_events(self) -> Iterator[EventPage]:
        reading = self.events()
        yield EventPage("", reading.value or (), why=reading.why)

    def stack_resources(self, physical_id: str) -> Reading[tuple[StackResource, ...]]:
        reading = self.all_stack_resources()
        if reading.value is None:
            return reading
        return Reading(reading.call, tuple(one for one in reading.value if one.physical_id == physical_id))

    def all_stack_resources(self) -> Reading[tuple[StackResource, ...]]:
        return self._all("Rolescope.StackResources", self.snapshot.stack_resources, "which stacks own what")

    def validate_policy(self, document: Document, kind: PolicyKind) -> Reading[tuple[Finding, ...]]:
        return Reading("snapshot", why="ValidatePolicy can only be asked of AWS, not of a snapshot.")

    def decode_authorization_message(self, blob: str) -> Reading[str]:
        return Reading("snapshot", why="An encoded message can only be decoded by AWS, not from a snapshot.")

    def authorization_details(self, authorization_id: str) -> Reading[tuple[AuthorizationDetails, ...]]:
        return Reading("snapshot", why="IAM's record of a denial can only be asked for from AWS, not from a snapshot.")


def _same(one: str, other: str) -> bool:
    return one.lower() == other.lower()
