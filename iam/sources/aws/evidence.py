"""What other services know of a role or of a denial: events, stacks, endpoints, instances, users of a role."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

from iam.account import Event, Instance, ServiceLastAccessed, StackResource, VpcEndpoint
from iam.arn import name_of
from iam.sources import shapes
from iam.sources.aws.entities import NOT_THERE
from iam.sources.aws.session import Aws, home_region
from iam.sources.reader import AuthorizationCheck, AuthorizationDetails, Binding, Reading

T = TypeVar("T")

# LookupEvents gives 50 a page and takes two calls a second: the newest 200 tell what a diagnosis needs.
_EVENTS_AT_MOST = 200
_TASK_DEFINITIONS_AT_MOST = 100
_JOB_SECONDS = 60.0


def _in_regions(
    aws: Aws, regions: tuple[str, ...], call: str, question: Callable[[str], Iterator[T]]
) -> Reading[tuple[T, ...]]:
    """One question in several regions. A region that cannot be read is said in ``note``, or in ``why`` where nothing
    was found in the others: what is there may then be in the region that could not be read."""
    found: list[T] = []
    missing: dict[str, list[str]] = {}
    for region in regions:
        reading = aws.read(call, partial(_all, question, region))
        if reading.value is not None:
            found += reading.value
        else:
            missing.setdefault(reading.why, []).append(region)
    said = " ".join(f"{', '.join(where)}: {why}" for why, where in missing.items())
    if said and not found:
        return Reading(call, why=said)
    return Reading(call, tuple(found), note=said)


def _all(question: Callable[[str], Iterator[T]], region: str) -> list[T]:
    return list(question(region))


def events(
    aws: Aws, regions: tuple[str, ...], resource_name: str | None, event_name: str | None
) -> Reading[tuple[Event, ...]]:
    """LookupEvents takes one attribute; the other is looked for in its answers. IAM's own events are in the
    partition's home region."""
    lookup = [{"AttributeKey": "ResourceName", "AttributeValue": resource_name}] if resource_name else []
    if not lookup and event_name:
        lookup = [{"AttributeKey": "EventName", "AttributeValue": event_name}]

    def question(region: str) -> Iterator[Event]:
        arguments: dict[str, Any] = {"PaginationConfig": {"MaxItems": _EVENTS_AT_MOST}}
        if lookup:
            arguments["LookupAttributes"] = lookup
        for entry in aws.pages("cloudtrail", "lookup_events", "Events", region=region, **arguments):
            event = cloudtrail_event(entry)
            if event is not None and (event_name is None or event.name == event_name):
                yield event

    where = tuple(dict.fromkeys((home_region(aws.region), *regions)))
    reading = _in_regions(aws, where, "cloudtrail:LookupEvents", question)
    if reading.value is None:
        return reading
    unique = {(event.detail or event, event.time): event for event in reading.value}
    newest_first = tuple(sorted(unique.values(), key=lambda event: event.time, reverse=True))
    return Reading(reading.call, newest_first, note=reading.note)


def cloudtrail_event(entry: Mapping[str, Any]) -> Event | None:
    """One entry of LookupEvents; None for one without a time."""
    when = shapes.time(entry, "EventTime", "LookupEvents")
    if when is None:
        return None
    detail = entry.get("CloudTrailEvent")
    try:
        record = json.loads(detail) if isinstance(detail, str) else {}
    except (ValueError, RecursionError):
        record = {}
    agent = record.get("userAgent") if isinstance(record, dict) else None
    return Event(
        name=str(entry.get("EventName") or ""),
        time=when,
        username=entry.get("Username"),
        resources=tuple(str(one["ResourceName"]) for one in entry.get("Resources") or () if one.get("ResourceName")),
        user_agent=agent if isinstance(agent, str) else None,
        detail=detail if isinstance(detail, str) else None,
    )


def stack_resources(aws: Aws, regions: tuple[str, ...], physical_id: str) -> Reading[tuple[StackResource, ...]]:
    """IAM resources do not carry CloudFormation's tags: the stacks themselves are asked, region by region."""

    def question(region: str) -> Iterator[StackResource]:
        client = aws.client("cloudformation", region)
        try:
            listed = client.describe_stack_resources(PhysicalResourceId=physical_id)["StackResources"]
        except client.exceptions.ClientError as error:
            # "Stack for X does not exist": CloudFormation has no code of its own for "belongs to no stack".
            if error.response.get("Error", {}).get("Code") == "ValidationError":
                return
            raise
        for entry in listed:
            if entry.get("PhysicalResourceId") != physical_id:
                continue
            status = _stack_status(aws, client, str(entry.get("StackId") or entry.get("StackName")))
            yield StackResource(
                stack_name=str(entry.get("StackName") or ""),
                stack_status=status,
                resource_type=str(entry.get("ResourceType") or ""),
                physical_id=physical_id,
                stack_id=entry.get("StackId"),
                region=region,
            )

    return _in_regions(aws, regions, "cloudformation:DescribeStackResources", question)


def all_stack_resources(aws: Aws, regions: tuple[str, ...]) -> Reading[tuple[StackResource, ...]]:
    """The IAM resources of every stack: two calls a stack, whatever the number of roles."""

    def question(region: str) -> Iterator[StackResource]:
        for stack in aws.pages("cloudformation", "list_stacks", "StackSummaries", region=region):
            status = str(stack.get("StackStatus") or "")
            if status == "DELETE_COMPLETE":
                continue
            name = str(stack.get("StackId") or stack.get("StackName"))
            listed = aws.pages(
                "cloudformation", "list_stack_resources", "StackResourceSummaries", region=region, StackName=name
            )
            for entry in listed:
                if str(entry.get("ResourceType") or "").startswith("AWS::IAM::") and entry.get("PhysicalResourceId"):
                    yield StackResource(
                        stack_name=str(stack.get("StackName") or ""),
                        stack_status=status,
                        resource_type=str(entry["ResourceType"]),
                        physical_id=str(entry["PhysicalResourceId"]),
                        stack_id=stack.get("StackId"),
                        region=region,
                    )

    return _in_regions(aws, regions, "cloudformation:ListStackResources", question)


def _stack_status(aws: Aws, client: Any, stack: str) -> str:
    """The stack's status, or an empty text where it cannot be read."""
    reading = aws.read(
        "cloudformation:DescribeStacks",
        lambda: str(client.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]),
    )
    return reading.value or ""


def vpc_endpoints(aws: Aws, service: str) -> Reading[tuple[VpcEndpoint, ...]]:
    """The endpoints of the region in use for a service, or of all services for an empty name."""

    def read() -> tuple[VpcEndpoint, ...]:
        found = []
        for entry in aws.pages("ec2", "describe_vpc_endpoints", "VpcEndpoints"):
            name = str(entry.get("ServiceName") or "")
            if not service or name.endswith((f".{service}", f".{service}-api")):
                found.append(shapes.vpc_endpoint(entry, "DescribeVpcEndpoints"))
        return tuple(found)

    return aws.read("ec2:DescribeVpcEndpoints", read)


def instances(aws: Aws, regions: tuple[str, ...]) -> Reading[tuple[Instance, ...]]:
    def question(region: str) -> Iterator[Instance]:
        for reservation in aws.pages("ec2", "describe_instances", "Reservations", region=region):
            for entry in reservation.get("Instances") or ():
                found = shapes.instance(entry, "DescribeInstances", region)
                if found.state != "terminated":
                    yield found

    return _in_regions(aws, regions, "ec2:DescribeInstances", question)


def bindings(
    aws: Aws, regions: tuple[str, ...], role_arn: str, profile_arns: tuple[str, ...]
) -> Reading[tuple[Binding, ...]]:
    """Who runs with the role. Each service that cannot be asked is named in ``note``; all of them: unreadable."""
    name = name_of(role_arn)

    def functions(region: str) -> Iterator[Binding]:
        for entry in aws.pages("lambda", "list_functions", "Functions", region=region):
            if entry.get("Role") == role_arn:
                yield Binding("lambda", str(entry["FunctionName"]), "execution role", role_arn)

    def tasks(region: str) -> Iterator[Binding]:
        client = aws.client("ecs", region)
        arns = aws.pages(
            "ecs",
            "list_task_definitions",
            "taskDefinitionArns",
            region=region,
            status="ACTIVE",
            sort="DESC",
            PaginationConfig={"MaxItems": _TASK_DEFINITIONS_AT_MOST},
        )
        for arn in arns:
            entry = client.describe_task_definition(taskDefinition=arn)["taskDefinition"]
            task = f"{entry['family']}:{entry['revision']}"
            # Both fields take a name where an ARN is meant.
            if entry.get("taskRoleArn") in (role_arn, name):
                yield Binding("ecs", task, "task role", role_arn)
            if entry.get("executionRoleArn") in (role_arn, name):
                yield Binding("ecs", task, "execution role", role_arn)

    def associations(region: str) -> Iterator[Binding]:
        client = aws.client("eks", region)
        for cluster in aws.pages("eks", "list_clusters", "clusters", region=region):
            listed = aws.pages(
                "eks", "list_pod_identity_associations", "associations", region=region, clusterName=cluster
            )
            for entry in listed:
                detail = client.describe_pod_identity_association(
                    clusterName=cluster, associationId=entry["associationId"]
                )["association"]
                if detail.get("roleArn") == role_arn:
                    where = f"{cluster}: {entry.get('namespace')}/{entry.get('serviceAccount')}"
                    yield Binding("eks", where, "pod identity", role_arn)

    def machines(region: str) -> Iterator[Binding]:
        for reservation in aws.pages("ec2", "describe_instances", "Reservations", region=region):
            for entry in reservation.get("Instances") or ():
                found = shapes.instance(entry, "DescribeInstances", region)
                if found.instance_profile_arn in profile_arns and found.state != "terminated":
                    yield Binding("ec2", found.id, "instance profile", role_arn)

    questions: list[tuple[str, Callable[[str], Iterator[Binding]]]] = [
        ("lambda:ListFunctions", functions),
        ("ecs:DescribeTaskDefinition", tasks),
        ("eks:ListPodIdentityAssociations", associations),
    ]
    if profile_arns:
        questions.append(("ec2:DescribeInstances", machines))
    found: list[Binding] = []
    missing: list[str] = []
    answered = 0
    for call, question in questions:
        reading = _in_regions(aws, regions, call, question)
        answered += reading.value is not None
        found += reading.value or ()
        missing += [text for text in (reading.why, reading.note) if text]
    if not answered:
        return Reading("lambda:ListFunctions", why=" ".join(missing))
    return Reading("lambda:ListFunctions", tuple(found), note=" ".join(missing))


def last_accessed(aws: Aws, arn: str) -> Reading[tuple[ServiceLastAccessed, ...]]:
    """A job of IAM's: started, then asked for until it is done (some seconds, a minute at most here)."""
    client = aws.client("iam")

    def read() -> tuple[ServiceLastAccessed, ...]:
        job = client.generate_service_last_accessed_details(Arn=arn)["JobId"]
        found: list[ServiceLastAccessed] = []
        began, pause, marker = time.monotonic(), 0.1, None
        while True:
            arguments = {"JobId": job, **({"Marker": marker} if marker else {})}
            answer = client.get_service_last_accessed_details(**arguments)
            if answer["JobStatus"] == "IN_PROGRESS":
                if time.monotonic() - began > _JOB_SECONDS:
                    raise TimeoutError
                time.sleep(pause)
                pause = min(pause * 2, 4.0)
                continue
            if answer["JobStatus"] == "FAILED":
                raise RuntimeError(str((answer.get("Error") or {}).get("Message") or "the job failed"))
            for entry in answer["ServicesLastAccessed"]:
                when = shapes.time(entry, "LastAuthenticated", "GetServiceLastAccessedDetails")
                found.append(ServiceLastAccessed(str(entry.get("ServiceNamespace") or ""), when))
            marker = answer.get("Marker") if answer.get("IsTruncated") else None
            if marker is None:
                return tuple(found)

    call = "iam:GenerateServiceLastAccessedDetails"
    try:
        return aws.read(call, read, absent=NOT_THERE)
    except TimeoutError:
        return Reading(
            call, why=f"IAM's last-accessed report was not ready after {_JOB_SECONDS:.0f} s; ask again later."
        )
    except RuntimeError as error:
        return Reading(call, why=f"IAM could not make the last-accessed report: {error}.")


def decode_authorization_message(aws: Aws, blob: str) -> Reading[str]:
    return aws.read(
        "sts:DecodeAuthorizationMessage",
        lambda: str(aws.client("sts").decode_authorization_message(EncodedMessage=blob)["DecodedMessage"]),
    )


def deletion_status(aws: Aws, role_name: str) -> Reading[str]:
    """IAM gives a deletion's status only for its task id, and CloudTrail keeps that id with the event."""
    call = "iam:GetServiceLinkedRoleDeletionStatus"
    started = events(aws, (), None, "DeleteServiceLinkedRole")
    if started.value is None:
        return Reading(call, why=f"The deletion's task is found through CloudTrail. {started.why}")
    for event in started.value:
        task = _deletion_task(event)
        if task and f"/{role_name}/" in task:
            return aws.read(call, partial(_task_status, aws, task), absent=NOT_THERE)
    return Reading(call, note="CloudTrail holds no deletion of this role in the last 90 days.")


def _task_status(aws: Aws, task: str) -> str:
    return str(aws.client("iam").get_service_linked_role_deletion_status(DeletionTaskId=task)["Status"])


def _deletion_task(event: Event) -> str | None:
    """The id, which looks like ``task/aws-service-role/SERVICE/ROLE/UUID``."""
    try:
        record = json.loads(event.detail or "{}")
    except (ValueError, RecursionError):
        return None
    response = record.get("responseElements") if isinstance(record, dict) else None
    task = response.get("deletionTaskId") if isinstance(response, dict) else None
    return task if isinstance(task, str) else None


def authorization_details(aws: Aws, authorization_id: str) -> Reading[tuple[AuthorizationDetails, ...]]:
    """IAM's record of a denial, kept for about a day in the region where it happened."""

    def read() -> tuple[AuthorizationDetails, ...]:
        evaluations = aws.pages(
            "iam-toolbox", "get_request_authorization_details", "evaluations", authorizationId=authorization_id
        )
        return tuple(_authorization(entry) for entry in evaluations)

    return aws.read(
        "iam:GetRequestAuthorizationDetails", read, absent=("ResourceNotFoundException", "NotFoundException")
    )


def _authorization(entry: Mapping[str, Any]) -> AuthorizationDetails:
    context = {
        str(key): tuple(str(one) for one in value) if isinstance(value, list) else (str(value),)
        for key, value in (entry.get("context") or {}).items()
    }
    checks = tuple(
        AuthorizationCheck(
            kind=str(check.get("checkType") or ""),
            effect=str(check.get("evaluatedEffect") or ""),
            target=check.get("targetArn"),
            policies=tuple(str(policy.get("uri") or "") for policy in check.get("matchedPolicies") or ()),
        )
        for check in entry.get("checks") or ()
    )
    return AuthorizationDetails(
        action=str(entry.get("action") or ""),
        resource=str(entry.get("resource") or ""),
        effect=str(entry.get("evaluatedEffect") or ""),
        context=context,
        checks=checks,
    )


def utc_now() -> datetime:
    return datetime.now(UTC)
