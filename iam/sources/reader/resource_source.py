"""Interface for reading resources, and what runs with a role."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from iam.protocols import Protocol

if TYPE_CHECKING:
    from iam.other_services import AccessPoint, Instance, InstanceAssociation, VpcEndpoint
    from iam.policy.document import Document
    from iam.sources.reader.reading import Reading
    from iam.sources.reader.resources import Binding, KeyGrant, PublicAccessBlock, Workload, WorkloadRegions


class ResourceSource(Protocol):
    """Reads resources of other services: their policies, and the workloads that run with a role."""

    def resource_policy(self, arn: str) -> Reading[Document]:
        """Read the policy of a bucket, key, queue, topic, function, secret, repository …, or a role's trust policy."""

    def resource_policies(self) -> Reading[Mapping[str, Document]]:
        """Return the resource policies that are available without a call, by resource ARN.

        These are the policies in a snapshot or in the demo, or policies that were read before. AWS has no call that
        lists them, so a source that does not know which resources have policies returns "not readable".
        """

    def resources(self) -> Reading[tuple[str, ...]]:
        """Return the ARNs of resources that may have a resource policy, as far as they can be listed.

        ``note`` lists the services that could not be read.
        """

    def listed_resources(self, service: str, region: str) -> Reading[tuple[str, ...]]:
        """Return the ARNs of the service's resources in a Region; ``region`` is "" for all Regions in use.

        The list is complete unless ``note`` says what is missing. If the list is incomplete, a resource that is not in
        it may still exist. Not readable for a service whose resources are not listed.
        """

    def key_grants(self, key_arn: str) -> Reading[tuple[KeyGrant, ...]]:
        """Read the grants of a KMS key (kms:ListGrants)."""

    def resource_tags(self, arn: str) -> Reading[Mapping[str, str]]: ...

    def public_access_block(self, bucket: str) -> Reading[PublicAccessBlock]: ...

    def access_point(self, arn: str) -> Reading[AccessPoint]:
        """Read the S3 access point with this ARN."""

    def vpc_endpoints(self, service: str) -> Reading[tuple[VpcEndpoint, ...]]:
        """Read the VPC endpoints for a service's actions (``s3``) in the Regions in use.

        If ``service`` is "", read all endpoints.
        """

    def instances(self) -> Reading[tuple[Instance, ...]]: ...

    def instance_association(self, instance_arn: str) -> Reading[InstanceAssociation]:
        """Read which instance profile the instance currently has; absent if the instance does not exist."""

    def bindings(self, role_arn: str) -> Reading[tuple[Binding, ...]]:
        """Read the functions, task definitions, associations and instances that run with the role."""

    def all_bindings(self, regions: tuple[str, ...] = ()) -> Reading[tuple[Binding, ...]]:
        """Read the bindings of all roles at once, for callers that need the bindings of many roles.

        If a task definition contains only the name of a role, the binding's ``role_arn`` is that name.
        """

    def workload_regions(self) -> Reading[WorkloadRegions]:
        """Return the enabled Regions in which `workloads` searches by default.

        If it is unknown which Regions are enabled, ``note`` says why.
        """

    def workloads(self, kind: str, regions: tuple[str, ...] = ()) -> Reading[tuple[Workload, ...]]:
        """Read the resources of a kind (`iam.facts.workloads.WORKLOAD_KINDS`), by default in `workload_regions`.

        The list is complete unless ``note`` says what is missing.
        """
