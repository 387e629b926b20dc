"""An account out of a file: read-only, without a network, and never taking "not in the file" for "not there"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from iam.account import (
    Event,
    Instance,
    Organization,
    OrganizationPolicy,
    StackResource,
    VpcEndpoint,
)
from iam.arn import Arn, name_of
from iam.policy.document import Document
from iam.sources.reader import (
    AuthorizationDetails,
    Binding,
    EventPage,
    KeyGrant,
    PublicAccessBlock,
    Reading,
)
from iam.sources.resource_policies import has_no_policy, policy_holder
from iam.sources.snapshot.entities import SnapshotEntities
from iam.sources.snapshot.read import load

if TYPE_CHECKING:
    from iam.policy.lint import Finding, PolicyKind


def open_snapshot(path: str | Path) -> SnapshotReader:
    """The account that a file holds. Raises `SourceError` when the file cannot be read or is no snapshot."""
    return SnapshotReader(load(Path(path)))


class SnapshotReader(SnapshotEntities):
    """Answers from a file's parts. A part that the file does not have makes its questions "not readable"."""

    # Resources of other services.

    def resource_policies(self) -> Reading[Mapping[str, Document]]:
        part = "Rolescope.ResourcePolicies"
        if self.snapshot.resource_policies is None:
            return Reading(part, why=self.not_in_file(part, "resource policies"))
        return Reading(part, {arn: policy for arn, policy in self.snapshot.resource_policies.items() if policy})

    def resource_policy(self, arn: str) -> Reading[Document]:
        parts = Arn.parse(arn)
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

    def _trust_policy(self, arn: str, parts: Arn) -> Reading[Document]:
        if parts.account != self.account.id:
            return Reading(
                "RoleDetailList",
                why=f"The role belongs to account {parts.account}: the snapshot does not hold its trust.",
            )
        found = self.account.role(arn)
        if found is not None and found.trust is None:
            return Reading("RoleDetailList", why=f"The snapshot does not hold the trust policy of {found.name}.")
        if found is not None:
            return Reading("RoleDetailList", found.trust)
        reading = self.role(name_of(arn))
        if reading.unreadable:
            return Reading("RoleDetailList", why=reading.why)
        return Reading("RoleDetailList", note="There is no such role.")

    def key_grants(self, key_arn: str) -> Reading[tuple[KeyGrant, ...]]:
        return Reading("snapshot", why="A snapshot holds no grants of KMS keys.")

    def resource_tags(self, arn: str) -> Reading[Mapping[str, str]]:
        role = self.account.role(arn)
        if role is not None and role.tags is not None:
            return Reading("RoleDetailList", role.tags)
        return Reading("snapshot", why=f"The snapshot does not hold the tags of {arn}.")

    def resources(self) -> Reading[tuple[str, ...]]:
        part = "Rolescope.ResourcePolicies"
        if self.snapshot.resource_policies is None:
            return Reading(part, why=self.not_in_file(part, "resources"))
        return Reading(part, tuple(self.snapshot.resource_policies))

    def public_access_block(self, bucket: str) -> Reading[PublicAccessBlock]:
        part, kept = "Rolescope.PublicAccessBlocks", self.snapshot.public_access_blocks
        if kept is None or bucket not in kept:
            return Reading(part, why=f"The snapshot does not tell whether {bucket} blocks public access.")
        return Reading(part, kept[bucket])

    def vpc_endpoints(self, service: str) -> Reading[tuple[VpcEndpoint, ...]]:
        reading = self.all_of("Rolescope.VpcEndpoints", self.snapshot.vpc_endpoints, "VPC endpoints")
        if reading.value is None or not service:
            return reading
        return Reading(
            reading.call,
            tuple(one for one in reading.value if one.service_name.endswith((f".{service}", f".{service}-api"))),
        )

    def instances(self) -> Reading[tuple[Instance, ...]]:
        return self.all_of("Rolescope.Instances", self.snapshot.instances, "instances")

    def bindings(self, role_arn: str) -> Reading[tuple[Binding, ...]]:
        """Those that the file lists, and the instances whose profile holds the role."""
        role = self.account.role(role_arn)
        names = {
            profile.arn
            for profile in self.account.instance_profiles or ()
            if role is not None and role.name in profile.roles
        }
        listed = self.snapshot.bindings
        machines = [
            Binding("ec2", instance.id, "instance profile", role_arn)
            for instance in self.snapshot.instances or ()
            if instance.instance_profile_arn in names
        ]
        if listed is None and not machines:
            return Reading("Rolescope.Bindings", why=self.not_in_file("Rolescope.Bindings", "what runs with the role"))
        note = "" if listed is not None else "The snapshot tells only of instances."
        others = tuple(one for one in listed or () if one.role_arn == role_arn and one not in machines)
        return Reading("Rolescope.Bindings", (*others, *machines), note=note)

    # The organization and the evidence.

    def organization(self) -> Reading[Organization]:
        if not self.snapshot.organization_known:
            return Reading(
                "Rolescope.Organization", why=self.not_in_file("Rolescope.Organization", "the organization's policies")
            )
        if self.account.organization is None:
            return Reading("Rolescope.Organization", note="The account is in no organization.")
        return Reading("Rolescope.Organization", self.account.organization)

    def organization_policy(self, arn: str) -> Reading[OrganizationPolicy]:
        organization = self.account.organization
        for level in (*((organization and organization.scps) or ()), *((organization and organization.rcps) or ())):
            for policy in level.policies:
                if policy.arn == arn:
                    return Reading("Rolescope.Organization", policy)
        return Reading("Rolescope.Organization", why=f"The snapshot does not hold the policy {arn}.")

    def events(self, *, resource_name: str | None = None, event_name: str | None = None) -> Reading[tuple[Event, ...]]:
        reading = self.all_of("Rolescope.Events", self.snapshot.events, "CloudTrail's events")
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
        return self.all_of("Rolescope.StackResources", self.snapshot.stack_resources, "which stacks own what")

    def validate_policy(self, document: Document, kind: PolicyKind) -> Reading[tuple[Finding, ...]]:
        return Reading("snapshot", why="ValidatePolicy can only be asked of AWS, not of a snapshot.")

    def decode_authorization_message(self, blob: str) -> Reading[str]:
        return Reading("snapshot", why="An encoded message can only be decoded by AWS, not from a snapshot.")

    def authorization_details(self, authorization_id: str) -> Reading[tuple[AuthorizationDetails, ...]]:
        return Reading("snapshot", why="IAM's record of a denial can only be asked for from AWS, not from a snapshot.")
