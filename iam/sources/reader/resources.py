"""What is read of other services' resources: their policies, and what runs with a role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from iam.account import AccessPoint, Instance, InstanceAssociation, VpcEndpoint
from iam.policy.document import Document
from iam.protocols import Protocol
from iam.sources.reader.reading import Reading


@dataclass(frozen=True, slots=True)
class Binding:
    """Something that runs with a role: a function, a task definition, a Pod Identity association, an instance.

    ``service`` is lambda, ecs, eks or ec2; ``use`` says in which part (``execution role``, ``task role`` …). ``region``
    is empty where it is not known.
    """

    service: str
    name: str
    use: str
    role_arn: str
    region: str = ""


@dataclass(frozen=True, slots=True)
class Workload:
    """A resource that can run with roles, or hand out their sessions; some have none.

    ``kind`` is one of `iam.facts.workloads`. ``roles`` are ARNs, or names where AWS's answer has a name alone.
    ``region`` is empty where it is unknown, and then ``arn`` has a wildcard in its place. ``traits`` are those of the
    kind that the resource has.
    """

    kind: str
    arn: str
    region: str
    roles: tuple[str, ...]
    traits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkloadRegions:
    """The enabled Regions in which workloads are looked for, and those in which they are not."""

    read: tuple[str, ...]
    not_read: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PublicAccessBlock:
    """S3's four settings of Block Public Access, of a bucket."""

    block_public_acls: bool
    ignore_public_acls: bool
    block_public_policy: bool
    restrict_public_buckets: bool


@dataclass(frozen=True, slots=True)
class KeyGrant:
    """A grant on a KMS key: what the key's policy need not allow."""

    id: str
    grantee: str
    operations: tuple[str, ...]


class ResourceSource(Protocol):
    """What is read of other services' resources: their policies, and what runs with a role."""

    def resource_policy(self, arn: str) -> Reading[Document]:
        """The resource's own policy: bucket, key, queue, topic, function, secret, repository … or a role's trust."""

    def resource_policies(self) -> Reading[Mapping[str, Document]]:
        """The resource policies that can be had at once, by resource ARN: those of a snapshot, of the demo, or those
        read before. AWS has no call that lists them, so a source that would have to guess says "not readable".
        """

    def resources(self) -> Reading[tuple[str, ...]]:
        """ARNs of the account's resources that may have a policy of their own, as far as they can be listed. ``note``
        says which services could not be asked.
        """

    def listed_resources(self, service: str, region: str) -> Reading[tuple[str, ...]]:
        """ARNs of the service's resources in a Region; ``region`` is empty for each Region in use.

        Complete unless ``note`` says what is missing: only then is a resource that is not listed known to be absent.
        Unreadable for a service whose resources are not listed.
        """

    def key_grants(self, key_arn: str) -> Reading[tuple[KeyGrant, ...]]:
        """A KMS key's grants (kms:ListGrants)."""

    def resource_tags(self, arn: str) -> Reading[Mapping[str, str]]: ...

    def public_access_block(self, bucket: str) -> Reading[PublicAccessBlock]: ...

    def access_point(self, arn: str) -> Reading[AccessPoint]:
        """The S3 access point of this ARN."""

    def vpc_endpoints(self, service: str) -> Reading[tuple[VpcEndpoint, ...]]:
        """The endpoints that carry a service's actions (``s3``), in the regions in use; all for an empty name."""

    def instances(self) -> Reading[tuple[Instance, ...]]: ...

    def instance_association(self, instance_arn: str) -> Reading[InstanceAssociation]:
        """Which instance profile the instance has now; absent where there is no such instance."""

    def bindings(self, role_arn: str) -> Reading[tuple[Binding, ...]]:
        """Which functions, task definitions, associations and instances run with the role."""

    def all_bindings(self, regions: tuple[str, ...] = ()) -> Reading[tuple[Binding, ...]]:
        """The same of every role, read once: for who asks of many. Where a task definition gives a role's name alone,
        the binding's ``role_arn`` is that name.
        """

    def workload_regions(self) -> Reading[WorkloadRegions]:
        """In which of the enabled Regions `workloads` looks unless it is given others. ``note`` says why it is unknown
        which are enabled.
        """

    def workloads(self, kind: str, regions: tuple[str, ...] = ()) -> Reading[tuple[Workload, ...]]:
        """The resources of a kind (`iam.facts.workloads.WORKLOAD_KINDS`) in ``regions`` or those
        of `workload_regions`. Complete unless ``note`` says what is missing.
        """
