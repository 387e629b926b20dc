"""Read resources of other services from a file: their policies, and the workloads that run with a role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from iam.arn import Arn, name_of
from iam.policy.document import Document
from iam.services import endpoint_service
from iam.sources.reader.reading import Reading
from iam.sources.resource_policies import has_no_policy, policy_holder
from iam.sources.snapshot.part import SnapshotPart

if TYPE_CHECKING:
    from iam.other_services import AccessPoint, Instance, InstanceAssociation, VpcEndpoint
    from iam.sources.reader.resources import Binding, KeyGrant, PublicAccessBlock, Workload, WorkloadRegions


class SnapshotResources(SnapshotPart):
    """Reads resources from a file. For a role, the resource policy is its trust policy."""

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
            "Rolescope.ResourcePolicies", why=f"The snapshot does not contain the policy of {policy_holder(arn)}."
        )

    def _trust_policy(self, arn: str, parts: Arn) -> Reading[Document]:
        if parts.account != self.account.id:
            return Reading(
                "RoleDetailList",
                why=(
                    "The snapshot does not contain the role's trust policy, because the role belongs to account "
                    f"{parts.account}."
                ),
            )
        found = self.account.role(arn)
        if found is not None and found.trust is None:
            return Reading("RoleDetailList", why=f"The snapshot does not contain the trust policy of {found.name}.")
        if found is not None:
            return Reading("RoleDetailList", found.trust)
        reading = self.role(name_of(arn))
        if reading.unreadable:
            return Reading("RoleDetailList", why=reading.why)
        return Reading("RoleDetailList", note="There is no such role.")

    def resource_policies(self) -> Reading[Mapping[str, Document]]:
        part = "Rolescope.ResourcePolicies"
        if self.snapshot.resource_policies is None:
            return Reading(part, why=self.not_in_file(part, "resource policies"))
        return Reading(part, {arn: policy for arn, policy in self.snapshot.resource_policies.items() if policy})

    def resources(self) -> Reading[tuple[str, ...]]:
        part = "Rolescope.ResourcePolicies"
        if self.snapshot.resource_policies is None:
            return Reading(part, why=self.not_in_file(part, "resources"))
        return Reading(part, tuple(self.snapshot.resource_policies))

    def listed_resources(self, service: str, region: str) -> Reading[tuple[str, ...]]:
        """Return the service's resources in the file. It is unknown whether the account has further resources."""
        reading = self.resources()
        if reading.value is None:
            return reading
        parsed = [(arn, Arn.parse(arn)) for arn in reading.value]
        found = tuple(
            arn for arn, parts in parsed if parts and parts.service == service and region in ("", parts.region)
        )
        return Reading(reading.call, found, note="The snapshot does not say whether it contains every resource.")

    def key_grants(self, key_arn: str) -> Reading[tuple[KeyGrant, ...]]:
        return Reading("snapshot", why="A snapshot contains no KMS grants.")

    def resource_tags(self, arn: str) -> Reading[Mapping[str, str]]:
        role = self.account.role(arn)
        if role is not None and role.tags is not None:
            return Reading("RoleDetailList", role.tags)
        return Reading("snapshot", why=f"The snapshot does not contain the tags of {arn}.")

    def public_access_block(self, bucket: str) -> Reading[PublicAccessBlock]:
        part, kept = "Rolescope.PublicAccessBlocks", self.snapshot.public_access_blocks
        if kept is None or bucket not in kept:
            return Reading(part, why=f"The snapshot does not show whether {bucket} blocks public access.")
        return Reading(part, kept[bucket])

    def access_point(self, arn: str) -> Reading[AccessPoint]:
        part, what = "Rolescope.AccessPoints", f"the access point {arn}"
        return self.one(part, self.snapshot.access_points, what, lambda one: one.arn == arn, "access_points")

    def vpc_endpoints(self, service: str) -> Reading[tuple[VpcEndpoint, ...]]:
        reading = self.all_of("Rolescope.VpcEndpoints", self.snapshot.vpc_endpoints, "VPC endpoints")
        if reading.value is None or not service:
            return reading
        return Reading(
            reading.call,
            tuple(one for one in reading.value if endpoint_service(one.service_name) == service),
        )

    def instances(self) -> Reading[tuple[Instance, ...]]:
        return self.all_of("Rolescope.Instances", self.snapshot.instances, "instances")

    def instance_association(self, instance_arn: str) -> Reading[InstanceAssociation]:
        part, what = "Rolescope.Instances", f"the instance {instance_arn}"
        listed, id = self.snapshot.instances, name_of(instance_arn)
        found = self.one(part, listed, what, lambda one: one.id == id, "instances")
        from iam.other_services import InstanceAssociation

        value = InstanceAssociation(instance_arn, None, found.value.instance_profile_arn) if found.value else None
        return Reading(part, value, why=found.why, note=found.note)

    def bindings(self, role_arn: str) -> Reading[tuple[Binding, ...]]:
        reading = self.all_bindings()
        found = tuple(one for one in reading.value or () if one.role_arn == role_arn)
        return reading if reading.value is None else replace(reading, value=found)

    def all_bindings(self, regions: tuple[str, ...] = ()) -> Reading[tuple[Binding, ...]]:
        """Return the bindings in the file, and the instances whose instance profile contains a role."""
        listed = self.snapshot.bindings
        if listed is None and not self.snapshot.instances:
            return Reading("Rolescope.Bindings", why=self.not_in_file("Rolescope.Bindings", "what runs with the role"))
        from iam.sources.reader.resources import Binding

        names = {profile.arn: profile.roles for profile in self.account.instance_profiles or ()}
        machines = [
            Binding("ec2", instance.id, "instance profile", role.arn, instance.region or "")
            for instance in self.snapshot.instances or ()
            for name in names.get(instance.instance_profile_arn or "", ())[-1:]
            if (role := self.account.role(name)) is not None
        ]
        if listed is None and not machines:
            return Reading("Rolescope.Bindings", why=self.not_in_file("Rolescope.Bindings", "what runs with the role"))
        note = "" if listed is not None else "The snapshot contains only instances, and no other workloads."
        known = {(one.service, one.name, one.role_arn) for one in machines}
        others = (one for one in listed or () if (one.service, one.name, one.role_arn) not in known)
        return Reading("Rolescope.Bindings", (*others, *machines), note=note)

    def workload_regions(self) -> Reading[WorkloadRegions]:
        part, found = "Rolescope.WorkloadRegions", self.snapshot.workload_regions
        if found is None or not found.read:
            from iam.sources.reader.resources import WorkloadRegions

            return Reading(part, WorkloadRegions((), ()), note=self.not_in_file(part, "which Regions are enabled"))
        return Reading(part, found)

    def workloads(self, kind: str, regions: tuple[str, ...] = ()) -> Reading[tuple[Workload, ...]]:
        """Return the workloads in the file, regardless of their Region."""
        part, listed = "Rolescope.Workloads", self.snapshot.workloads or {}
        its = listed.get(kind)
        if its is None:
            from iam.facts.workloads import KINDS  # most questions are not about workloads

            return Reading(part, why=f"The snapshot does not contain {KINDS[kind].title}.")
        note = self.snapshot.workload_gaps.get(kind) or ""
        return Reading(part, tuple(replace(one, kind=kind) for one in its if one.arn), note=note)
