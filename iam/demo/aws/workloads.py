"""What runs in the account, and which stack owns what: reads only, answered without moto's EC2, a second to load."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from iam.demo.account.facts import ACCOUNT, HOME_REGION, arn, role_arn
from iam.demo.account.resources import (
    CLUSTER,
    ENDPOINT_ID,
    ENDPOINT_POLICY,
    FUNCTIONS,
    INSTANCES,
    POD_IDENTITIES,
    STACK_CREATED,
    STACK_ID,
    STACK_NAME,
    STACK_RESOURCES,
    TASK_DEFINITIONS,
    VPC_ID,
    SeedFunction,
    SeedInstance,
    SeedTaskDefinition,
)
from iam.demo.aws.server import Handler
from iam.demo.aws.wire import AwsError, Call
from iam.demo.aws.world import World


def _at_home(call: Call) -> bool:
    """Everything that runs, runs in the home region."""
    return call.region == HOME_REGION


# EC2


def _profile_arn(world: World, name: str) -> dict[str, str]:
    profile = world.iam.instance_profiles.get(name)
    return {"Arn": profile.arn, "Id": profile.id} if profile else {}


def _instance(world: World, instance: SeedInstance) -> Mapping[str, Any]:
    return {
        "InstanceId": instance.id,
        "InstanceType": "t3.small",
        "LaunchTime": instance.launched,
        "State": {"Code": 16, "Name": instance.state},
        "VpcId": VPC_ID,
        "IamInstanceProfile": _profile_arn(world, instance.profile),
        "MetadataOptions": {"HttpTokens": "required", "HttpEndpoint": "enabled", "HttpPutResponseHopLimit": 1},
        "Tags": [{"Key": key, "Value": value} for key, value in instance.tags.items()],
    }


def _describe_instances(world: World, call: Call) -> Mapping[str, Any]:
    chosen = [one for one in INSTANCES if _at_home(call)]
    if wanted := call.get("InstanceIds"):
        known = {one.id for one in chosen}
        for instance_id in wanted:
            if instance_id not in known:
                raise AwsError("InvalidInstanceID.NotFound", f"The instance ID '{instance_id}' does not exist")
        chosen = [one for one in chosen if one.id in wanted]
    for rule in call.get("Filters") or ():
        values = rule["Values"]
        if rule["Name"] == "iam-instance-profile.arn":
            chosen = [one for one in chosen if _profile_arn(world, one.profile).get("Arn") in values]
        elif rule["Name"] == "instance-state-name":
            chosen = [one for one in chosen if one.state in values]
    return {
        "Reservations": [
            {"ReservationId": f"r-{one.id[2:]}", "OwnerId": ACCOUNT, "Instances": [_instance(world, one)]}
            for one in chosen
        ]
    }


def _describe_associations(world: World, call: Call) -> Mapping[str, Any]:
    return {
        "IamInstanceProfileAssociations": [
            {
                "AssociationId": f"iip-assoc-{one.id[2:]:0>17}",
                "InstanceId": one.id,
                "IamInstanceProfile": _profile_arn(world, one.profile),
                "State": "associated",
            }
            for one in INSTANCES
            if _at_home(call)
        ]
    }


def _describe_endpoints(world: World, call: Call) -> Mapping[str, Any]:
    endpoint = {
        "VpcEndpointId": ENDPOINT_ID,
        "VpcEndpointType": "Gateway",
        "VpcId": VPC_ID,
        "ServiceName": f"com.amazonaws.{HOME_REGION}.s3",
        "State": "available",
        "OwnerId": ACCOUNT,
        "RouteTableIds": ["rtb-0e7f8a9b0c1d2e3f4"],
        "PolicyDocument": json.dumps(ENDPOINT_POLICY, indent=2),
    }
    chosen = _at_home(call) and ENDPOINT_ID in (call.get("VpcEndpointIds") or [ENDPOINT_ID])
    fields = {"service-name": "ServiceName", "vpc-endpoint-id": "VpcEndpointId", "vpc-id": "VpcId"}
    for rule in call.get("Filters") or ():
        if name := fields.get(rule["Name"]):
            chosen = chosen and endpoint[name] in rule["Values"]
    return {"VpcEndpoints": [endpoint] if chosen else []}


def _get_resources(world: World, call: Call) -> Mapping[str, Any]:
    """The tagging API, which tells of the instances' tags."""
    tagged = {arn("ec2", f"instance/{one.id}"): one.tags for one in INSTANCES if _at_home(call)}
    wanted = call.get("ResourceARNList") or list(tagged)
    return {
        "ResourceTagMappingList": [
            {"ResourceARN": one, "Tags": [{"Key": key, "Value": value} for key, value in tagged[one].items()]}
            for one in wanted
            if one in tagged
        ]
    }


# Lambda


def _configuration(function: SeedFunction) -> Mapping[str, Any]:
    return {
        "FunctionName": function.name,
        "FunctionArn": function.arn,
        "Role": role_arn(function.role),
        "Runtime": "python3.13",
        "Handler": "app.handler",
        "State": "Active",
        "LastModified": "2026-09-02T08:00:00.000+0000",
    }


def _list_functions(world: World, call: Call) -> Mapping[str, Any]:
    return {"Functions": [_configuration(one) for one in FUNCTIONS if _at_home(call)]}


def _function(call: Call) -> SeedFunction:
    wanted = str(call.get("FunctionName")).removeprefix(arn("lambda", "function:")).partition(":")[0]
    found = next((one for one in FUNCTIONS if one.name == wanted and _at_home(call)), None)
    if found is None:
        where = f"arn:aws:lambda:{call.region}:{ACCOUNT}:function:{wanted}"
        raise AwsError("ResourceNotFoundException", f"Function not found: {where}", 404)
    return found


def _get_configuration(world: World, call: Call) -> Mapping[str, Any]:
    return _configuration(_function(call))


def _get_function(world: World, call: Call) -> Mapping[str, Any]:
    return {"Configuration": _configuration(_function(call))}


def _get_function_policy(world: World, call: Call) -> Mapping[str, Any]:
    function = _function(call)
    if function.policy is None:
        raise AwsError("ResourceNotFoundException", "The resource you requested does not exist.", 404)
    return {"Policy": json.dumps(function.policy), "RevisionId": "6f1c2b30-7a4e-11f0-9d2e-0a1b2c3d4e5f"}


# ECS


def _list_task_definitions(world: World, call: Call) -> Mapping[str, Any]:
    family = call.get("familyPrefix")
    chosen = [one for one in TASK_DEFINITIONS if _at_home(call) and family in (None, one.family)]
    return {"taskDefinitionArns": [one.arn for one in chosen]}


def _describe_task_definition(world: World, call: Call) -> Mapping[str, Any]:
    wanted = str(call.get("taskDefinition"))
    for one in TASK_DEFINITIONS:
        if _at_home(call) and wanted in (one.arn, one.family, f"{one.family}:{one.revision}"):
            return {"taskDefinition": _task_definition(one)}
    raise AwsError("ClientException", "Unable to describe task definition.")


def _task_definition(one: SeedTaskDefinition) -> Mapping[str, Any]:
    return {
        "taskDefinitionArn": one.arn,
        "family": one.family,
        "revision": one.revision,
        "taskRoleArn": role_arn(one.task_role),
        "executionRoleArn": role_arn(one.execution_role),
        "networkMode": "awsvpc",
        "status": "ACTIVE",
        "requiresCompatibilities": ["FARGATE"],
        "containerDefinitions": [
            {
                "name": one.family,
                "image": f"{ACCOUNT}.dkr.ecr.{HOME_REGION}.amazonaws.com/{one.family}:3.2",
                "secrets": [{"name": "DB", "valueFrom": arn("secretsmanager", "secret:orders/db-Ab12Cd")}],
            }
        ],
    }


# EKS


def _list_clusters(world: World, call: Call) -> Mapping[str, Any]:
    return {"clusters": [CLUSTER] if _at_home(call) else []}


def _associations(call: Call) -> list[Mapping[str, Any]]:
    if call.get("clusterName") != CLUSTER or not _at_home(call):
        raise AwsError("ResourceNotFoundException", f"No cluster found for name: {call.get('clusterName')}.", 404)
    found: list[Mapping[str, Any]] = []
    for number, (namespace, account, role) in enumerate(POD_IDENTITIES):
        identifier = f"a-{number:0>10}harborpod"
        found.append(
            {
                "clusterName": CLUSTER,
                "namespace": namespace,
                "serviceAccount": account,
                "roleArn": role_arn(role),
                "associationId": identifier,
                "associationArn": arn("eks", f"podidentityassociation/{CLUSTER}/{identifier}"),
            }
        )
    return found


def _list_associations(world: World, call: Call) -> Mapping[str, Any]:
    # AWS's list leaves the role out: only the description has it.
    return {
        "associations": [{key: value for key, value in one.items() if key != "roleArn"} for one in _associations(call)]
    }


def _describe_association(world: World, call: Call) -> Mapping[str, Any]:
    for one in _associations(call):
        if one["associationId"] == call.get("associationId"):
            return {"association": one}
    raise AwsError("NotFoundException", "No association found.", 404)


# CloudFormation


def _stack() -> Mapping[str, Any]:
    return {
        "StackId": STACK_ID,
        "StackName": STACK_NAME,
        "StackStatus": "UPDATE_COMPLETE",
        "CreationTime": STACK_CREATED,
        "Tags": [{"Key": "team", "Value": "reporting"}],
    }


def _describe_stack_resources(world: World, call: Call) -> Mapping[str, Any]:
    physical, stack = call.get("PhysicalResourceId"), call.get("StackName")
    owned = any(one.physical_id == physical for one in STACK_RESOURCES) if physical else stack in (STACK_NAME, STACK_ID)
    if not owned or not _at_home(call):
        what = f"Stack for {physical}" if physical else f"Stack with id {stack}"
        raise AwsError("ValidationError", f"{what} does not exist")
    return {
        "StackResources": [
            {
                "StackId": STACK_ID,
                "StackName": STACK_NAME,
                "LogicalResourceId": one.logical_id,
                "PhysicalResourceId": one.physical_id,
                "ResourceType": one.type,
                "ResourceStatus": "CREATE_COMPLETE",
                "Timestamp": STACK_CREATED,
            }
            for one in STACK_RESOURCES
        ]
    }


def _describe_stacks(world: World, call: Call) -> Mapping[str, Any]:
    name = call.get("StackName")
    if name not in (None, STACK_NAME, STACK_ID) or (name and not _at_home(call)):
        raise AwsError("ValidationError", f"Stack with id {name} does not exist")
    return {"Stacks": [_stack()] if _at_home(call) else []}


HANDLERS: Mapping[tuple[str, str], Handler] = {
    ("cloudformation", "DescribeStackResources"): _describe_stack_resources,
    ("cloudformation", "DescribeStacks"): _describe_stacks,
    ("ec2", "DescribeIamInstanceProfileAssociations"): _describe_associations,
    ("ec2", "DescribeInstances"): _describe_instances,
    ("ec2", "DescribeVpcEndpoints"): _describe_endpoints,
    ("ecs", "DescribeTaskDefinition"): _describe_task_definition,
    ("ecs", "ListTaskDefinitions"): _list_task_definitions,
    ("eks", "DescribePodIdentityAssociation"): _describe_association,
    ("eks", "ListClusters"): _list_clusters,
    ("eks", "ListPodIdentityAssociations"): _list_associations,
    ("lambda", "GetFunction"): _get_function,
    ("lambda", "GetFunctionConfiguration"): _get_configuration,
    ("lambda", "GetPolicy"): _get_function_policy,
    ("lambda", "ListFunctions"): _list_functions,
    ("resourcegroupstaggingapi", "GetResources"): _get_resources,
}
