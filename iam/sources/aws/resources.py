"""Read resources of other services: their policies and settings, and the workloads that run with a role."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from iam.arn import Arn, name_of
from iam.other_services import AccessPoint, Instance, InstanceAssociation, VpcEndpoint
from iam.policy.document import Document
from iam.services import endpoint_service
from iam.sources.aws.resource_arns import resource_arns, service_arns
from iam.sources.aws.resource_policies import resource_policy
from iam.sources.aws.session import NOT_THERE, Aws, AwsPart, home_region
from iam.sources.json_evidence import ACCESS_POINT, INSTANCE, PUBLIC_ACCESS_BLOCK, VPC_ENDPOINT
from iam.sources.json_values import document_of
from iam.sources.reader.reading import Reading
from iam.sources.reader.resources import Binding, KeyGrant, PublicAccessBlock

_TASK_DEFINITIONS_AT_MOST = 100
"""The maximum number of task definitions that are read in a Region. Each takes one call."""
_LISTED_AT_MOST = 1000


class AwsResources(AwsPart):
    """Reads resources. `resource_policy` always reads a policy again; `resource_policies` returns those read before."""

    def __init__(self, aws: Aws) -> None:
        super().__init__(aws)
        self._resource_policies: dict[str, Document] = {}

    def resource_policy(self, arn: str) -> Reading[Document]:
        caller = self.caller()
        if caller.value is None:
            return Reading(caller.call, why=caller.why)
        parts = Arn.parse(arn)
        if parts is not None and parts.service == "iam":
            return self._trust_policy(arn, parts, caller.value.account)
        reading = resource_policy(self.aws, arn, caller.value.account)
        if reading.value is not None:
            with self._lock:
                self._resource_policies[arn] = reading.value
        return reading

    def _trust_policy(self, arn: str, parts: Arn, account_id: str) -> Reading[Document]:
        call = "iam:GetRole"
        if not parts.resource.startswith("role/"):
            return Reading(call, note="Of IAM's own resources, only roles have a policy: their trust policy.")
        if parts.account != account_id:
            return Reading(
                call,
                why=(
                    f"The role belongs to account {parts.account}, so its trust policy can be read only in that "
                    "account."
                ),
            )
        name = name_of(arn)

        def read() -> Document | None:
            role = self._iam.get_role(RoleName=name)["Role"]
            return document_of(role.get("AssumeRolePolicyDocument"))

        return self.aws.read(call, read, absent=("NoSuchEntity",), note="There is no such role.")

    def resource_policies(self) -> Reading[Mapping[str, Document]]:
        """Return the policies that this run has read so far."""
        with self._lock:
            known = dict(self._resource_policies)
        if not known:
            return Reading("", why="AWS has no call that lists resource policies, and none has been read yet.")
        return Reading("", known, note="Only the resource policies that were looked up in this run are included.")

    def resources(self) -> Reading[tuple[str, ...]]:
        caller = self.caller()
        if caller.value is None:
            return Reading(caller.call, why=caller.why)
        return resource_arns(self.aws, caller.value)

    def listed_resources(self, service: str, region: str) -> Reading[tuple[str, ...]]:
        caller = self.caller()
        if caller.value is None:
            return Reading(caller.call, why=caller.why)
        return service_arns(self.aws, caller.value, service, region)

    def key_grants(self, key_arn: str) -> Reading[tuple[KeyGrant, ...]]:
        parts = Arn.parse(key_arn)
        region = parts.region if parts else None
        return self.aws.read(
            "kms:ListGrants",
            lambda: tuple(
                KeyGrant(entry["GrantId"], entry.get("GranteePrincipal", ""), tuple(entry.get("Operations", ())))
                for entry in self.aws.pages("kms", "list_grants", "Grants", region=region, KeyId=key_arn)
            ),
            absent=("NotFoundException",),
        )

    def resource_tags(self, arn: str) -> Reading[Mapping[str, str]]:
        """Read a resource's tags with the tagging API, which returns only resources that have, or have had, a tag."""
        parts = Arn.parse(arn)
        if parts is None:
            return Reading("tag:GetResources", why=f"{arn} is not an ARN, so its tags cannot be looked up.")
        client = self.aws.client("resourcegroupstaggingapi", parts.region or home_region(self.aws.region))

        def read() -> Mapping[str, str] | None:
            found = client.get_resources(ResourceARNList=[arn])["ResourceTagMappingList"]
            return {tag["Key"]: tag["Value"] for tag in found[0]["Tags"]} if found else None

        return self.aws.read("tag:GetResources", read)

    def public_access_block(self, bucket: str) -> Reading[PublicAccessBlock]:
        client = self.aws.client("s3")

        def read() -> PublicAccessBlock:
            answer = client.get_public_access_block(Bucket=bucket)
            return PUBLIC_ACCESS_BLOCK.read(answer["PublicAccessBlockConfiguration"])

        return self.aws.read(
            "s3:GetBucketPublicAccessBlock", read, absent=("NoSuchPublicAccessBlockConfiguration", "NoSuchBucket")
        )

    def access_point(self, arn: str) -> Reading[AccessPoint]:
        call, parts = "s3:GetAccessPoint", Arn.parse(arn)
        if parts is None or not parts.region or not parts.account:
            return Reading(call, why="Multi-Region Access Points are not read by rolescope.")
        client = self.aws.client("s3control", parts.region)
        given = {"AccountId": parts.account, "Name": name_of(arn)}
        reading = self.aws.read(call, lambda: client.get_access_point(**given), absent=("NoSuchAccessPoint",))
        if reading.value is None:
            return Reading(call, why=reading.why, note=reading.note)
        return Reading(call, replace(ACCESS_POINT.read(reading.value), arn=arn))

    def vpc_endpoints(self, service: str) -> Reading[tuple[VpcEndpoint, ...]]:
        def question(region: str) -> Iterator[VpcEndpoint]:
            for entry in self.aws.pages("ec2", "describe_vpc_endpoints", "VpcEndpoints", region=region):
                found = VPC_ENDPOINT.read(entry)
                if not service or endpoint_service(found.service_name) == service:
                    yield found

        return self.aws.in_regions("ec2:DescribeVpcEndpoints", question)

    def instances(self) -> Reading[tuple[Instance, ...]]:
        return self.aws.in_regions("ec2:DescribeInstances", self._instances)

    def _instances(self, region: str) -> Iterator[Instance]:
        for reservation in self.aws.pages("ec2", "describe_instances", "Reservations", region=region):
            for entry in reservation.get("Instances") or ():
                found = replace(INSTANCE.read(entry), region=region)
                if found.state != "terminated":
                    yield found

    def instance_association(self, instance_arn: str) -> Reading[InstanceAssociation]:
        arn = Arn.parse(instance_arn)
        region, id = (arn.region, name_of(instance_arn)) if arn is not None else (None, instance_arn)

        def read() -> InstanceAssociation:
            client = self.aws.client("ec2", region)
            wanted = [{"Name": "instance-id", "Values": [id]}]
            operation, key = "describe_iam_instance_profile_associations", "IamInstanceProfileAssociations"
            for each in self.aws.pages("ec2", operation, key, region=region, Filters=wanted):
                if each["InstanceId"] == id and each["State"] not in ("disassociating", "disassociated"):
                    return InstanceAssociation(instance_arn, each["AssociationId"], each["IamInstanceProfile"]["Arn"])
            client.describe_instances(InstanceIds=[id])  # raises an error if the instance does not exist
            return InstanceAssociation(instance_arn)

        return self.aws.read("ec2:DescribeIamInstanceProfileAssociations", read, absent=("InvalidInstanceID.NotFound",))

    def bindings(self, role_arn: str) -> Reading[tuple[Binding, ...]]:
        """Read what runs with a role.

        ``note`` lists the services that could not be read. If none could, it is not readable.
        """
        profiles = self._profiles_of(name_of(role_arn))
        reading = self._read_bindings(dict.fromkeys(profiles.value or (), role_arn), profiles.why)
        if reading.value is None:
            return reading
        meant = (role_arn, name_of(role_arn))
        return replace(
            reading, value=tuple(replace(one, role_arn=role_arn) for one in reading.value if one.role_arn in meant)
        )

    def all_bindings(self, regions: tuple[str, ...] = ()) -> Reading[tuple[Binding, ...]]:
        profiles = self.aws.read(
            "iam:ListInstanceProfiles",
            lambda: {
                str(entry["Arn"]): str(role["Arn"])
                for entry in self.aws.pages("iam", "list_instance_profiles", "InstanceProfiles")
                for role in entry.get("Roles") or ()
            },
        )
        return self._read_bindings(profiles.value or {}, profiles.why, regions)

    def _read_bindings(
        self, profiles: Mapping[str, str], unread: str, regions: tuple[str, ...] = ()
    ) -> Reading[tuple[Binding, ...]]:
        """Read the workloads that run with a role, whichever role it is.

        ``profiles`` are the instance profiles to look for: their ARNs, each with its role's ARN. ``unread`` says why
        ``profiles`` is empty. Without ``regions``, reads the Regions in use.
        """
        cut: list[str] = []
        questions: list[tuple[str, Callable[[str], Iterator[Binding]]]] = [
            ("lambda:ListFunctions", self._functions),
            ("ecs:DescribeTaskDefinition", partial(self._task_definitions, cut)),
            ("eks:ListPodIdentityAssociations", self._pod_identities),
        ]
        if profiles:
            questions.append(("ec2:DescribeInstances", partial(self._machines, profiles)))
        readings = [self.aws.in_regions(call, question, regions or None) for call, question in questions]
        texts = [text for reading in readings for text in (reading.why, reading.note)]
        missing, call = " ".join(text for text in (*texts, *cut, unread) if text), questions[0][0]
        if all(reading.unreadable for reading in readings):
            return Reading(call, why=missing)
        return Reading(call, tuple(one for reading in readings for one in reading.value or ()), note=missing)

    def _functions(self, region: str) -> Iterator[Binding]:
        for entry in self.aws.pages("lambda", "list_functions", "Functions", region=region):
            yield Binding("lambda", str(entry["FunctionName"]), "execution role", str(entry["Role"]), region)

    def _task_definitions(self, cut: list[str], region: str) -> Iterator[Binding]:
        """Yield the bindings of task definitions, the newest of each family first.

        If there are more than are read, a sentence is added to ``cut``.
        """
        client = self.aws.client("ecs", region)
        order: dict[str, Any] = {"status": "ACTIVE", "sort": "DESC", "PaginationConfig": {"MaxItems": _LISTED_AT_MOST}}
        arns = list(self.aws.pages("ecs", "list_task_definitions", "taskDefinitionArns", region=region, **order))
        newest = {arn.rpartition(":")[0]: arn for arn in reversed(arns)}.values()
        first = list(dict.fromkeys((*newest, *arns)))
        if len(first) > _TASK_DEFINITIONS_AT_MOST:
            cut.append(f"Only {_TASK_DEFINITIONS_AT_MOST} of ECS's task definitions in {region} were checked.")
        for arn in first[:_TASK_DEFINITIONS_AT_MOST]:
            entry = client.describe_task_definition(taskDefinition=arn)["taskDefinition"]
            for key, use in (("taskRoleArn", "task role"), ("executionRoleArn", "execution role")):
                if role := entry.get(key):  # both fields may contain a name instead of an ARN
                    yield Binding("ecs", f"{entry['family']}:{entry['revision']}", use, str(role), region)

    def _pod_identities(self, region: str) -> Iterator[Binding]:
        describe = self.aws.client("eks", region).describe_pod_identity_association
        for cluster in self.aws.pages("eks", "list_clusters", "clusters", region=region):
            listed = self.aws.pages(
                "eks", "list_pod_identity_associations", "associations", region=region, clusterName=cluster
            )
            for entry in listed:
                detail = describe(clusterName=cluster, associationId=entry["associationId"])["association"]
                where = f"{cluster}: {detail['namespace']}/{detail['serviceAccount']}"
                yield Binding("eks", where, "pod identity", str(detail["roleArn"]), region)

    def _machines(self, role_of: Mapping[str, str], region: str) -> Iterator[Binding]:
        for found in self._instances(region):
            if role := role_of.get(found.instance_profile_arn or ""):
                yield Binding("ec2", found.id, "instance profile", role, region)

    def _profiles_of(self, role_name: str) -> Reading[tuple[str, ...]]:
        return self.aws.read(
            "iam:ListInstanceProfilesForRole",
            lambda: tuple(
                str(entry["Arn"])
                for entry in self.aws.pages(
                    "iam", "list_instance_profiles_for_role", "InstanceProfiles", RoleName=role_name
                )
            ),
            absent=NOT_THERE,
        )
