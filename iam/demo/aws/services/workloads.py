"""The account's running resources, their instance profiles, and the stacks that own them.

The calls are answered without moto's EC2, which takes a second to load.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from iam.demo.account.facts import ACCOUNT, HOME_REGION, arn
from iam.demo.account.load import DEMO
from iam.demo.aws.server import Handler
from iam.demo.aws.wire import AwsError, DemoCall
from iam.demo.aws.world import World

_Answer = Mapping[str, Any]


def _at_home(call: DemoCall) -> bool:
    """Whether the call is for the home Region, the only one in which anything runs."""
    return call.region == HOME_REGION


# EC2


def _instances(world: World, call: DemoCall) -> list[_Answer]:
    """Return the instances, each with its current profile."""
    profiles = {profile.arn: profile for profile in world.iam.instance_profiles.values()} if _at_home(call) else {}
    found: list[_Answer] = []
    for instance in DEMO.instances if _at_home(call) else ():
        _, arn = _association(world, instance)
        profile = profiles.get(arn)
        carried = {"IamInstanceProfile": {"Arn": profile.arn, "Id": profile.id}} if profile else {}
        found.append({**instance, **carried})
    return found


def _describe_instances(world: World, call: DemoCall) -> _Answer:
    chosen = _instances(world, call)
    if wanted := call.get("InstanceIds"):
        known = {one["InstanceId"] for one in chosen}
        for instance_id in wanted:
            if instance_id not in known:
                raise AwsError("InvalidInstanceID.NotFound", f"The instance ID '{instance_id}' does not exist")
        chosen = [one for one in chosen if one["InstanceId"] in wanted]
    for rule in call.get("Filters") or ():
        values = rule["Values"]
        if rule["Name"] == "iam-instance-profile.arn":
            chosen = [one for one in chosen if one.get("IamInstanceProfile", {}).get("Arn") in values]
        elif rule["Name"] == "instance-state-name":
            chosen = [one for one in chosen if one["State"]["Name"] in values]
    return {
        "Reservations": [
            {"ReservationId": f"r-{one['InstanceId'][2:]}", "OwnerId": ACCOUNT, "Instances": [one]} for one in chosen
        ]
    }


def _describe_associations(world: World, call: DemoCall) -> _Answer:
    return {
        "IamInstanceProfileAssociations": [
            {
                "AssociationId": _association(world, one)[0],
                "InstanceId": one["InstanceId"],
                "IamInstanceProfile": one["IamInstanceProfile"],
                "State": "associated",
            }
            for one in _instances(world, call)
            if one["IamInstanceProfile"] and one["InstanceId"] in _wanted(call, one["InstanceId"])
        ]
    }


def _wanted(call: DemoCall, default: str) -> Sequence[str]:
    named = [rule["Values"] for rule in call.get("Filters") or () if rule["Name"] == "instance-id"]
    return named[0] if named else [default]


def _association(world: World, instance: Mapping[str, Any]) -> tuple[str, str]:
    """Return the ID of the instance's association, and the profile's ARN."""
    id = instance["InstanceId"]
    given = instance["IamInstanceProfile"].get("Arn", "")
    return world.associations.get(id, (f"iip-assoc-{id[2:]:0>17}", given))


def _changed(world: World, call: DemoCall, instance: str, arn: str) -> _Answer:
    """Change the association of the instance; an empty ARN removes it."""
    before = world.associations.get(instance, ("", ""))[0]
    id = f"iip-assoc-{int(before[-4:] or '0', 16) + 1 if before else 1:0>17x}"
    world.associations[instance] = (id, arn) if arn else (id, "")
    profile = {"Arn": arn} if arn else {}
    described = {"AssociationId": id, "InstanceId": instance, "IamInstanceProfile": profile}
    return {"IamInstanceProfileAssociation": {**described, "State": "associating" if arn else "disassociating"}}


def _profile_named(world: World, call: DemoCall) -> str:
    name = (call.get("IamInstanceProfile") or {}).get("Name")
    found = next((each.arn for each in world.iam.instance_profiles.values() if each.name == name), None)
    if found is None:
        text = f"Value ({name}) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name"
        raise AwsError("InvalidParameterValue", text)
    return str(found)


def _associate(world: World, call: DemoCall) -> _Answer:
    id = str(call.get("InstanceId"))
    found = next((one for one in _instances(world, call) if one["InstanceId"] == id), None)
    if found is None:
        raise AwsError("InvalidInstanceID.NotFound", f"The instance ID '{id}' does not exist")
    if found["IamInstanceProfile"]:
        raise AwsError("IncorrectState", f"There is an existing association for instance {id}")
    return _changed(world, call, id, _profile_named(world, call))


def _associated(world: World, call: DemoCall) -> str:
    """Return the instance of the association in the call."""
    wanted = str(call.get("AssociationId"))
    for one in _instances(world, call):
        if one["IamInstanceProfile"] and _association(world, one)[0] == wanted:
            return str(one["InstanceId"])
    raise AwsError("InvalidAssociationID.NotFound", f"An invalid association-id of '{wanted}' was given")


def _replace_association(world: World, call: DemoCall) -> _Answer:
    return _changed(world, call, _associated(world, call), _profile_named(world, call))


def _disassociate(world: World, call: DemoCall) -> _Answer:
    return _changed(world, call, _associated(world, call), "")


def _describe_endpoints(world: World, call: DemoCall) -> _Answer:
    wanted = call.get("VpcEndpointIds")
    chosen = [one for one in DEMO.vpc_endpoints if _at_home(call) and (not wanted or one["VpcEndpointId"] in wanted)]
    fields = {"service-name": "ServiceName", "vpc-endpoint-id": "VpcEndpointId", "vpc-id": "VpcId"}
    for rule in call.get("Filters") or ():
        if name := fields.get(rule["Name"]):
            chosen = [one for one in chosen if one[name] in rule["Values"]]
    return {"VpcEndpoints": [{**one, "PolicyDocument": json.dumps(one["PolicyDocument"], indent=2)} for one in chosen]}


def _get_resources(world: World, call: DemoCall) -> _Answer:
    """Return the instances' tags, as the tagging API does."""
    tagged = {arn("ec2", f"instance/{one['InstanceId']}"): one["Tags"] for one in DEMO.instances if _at_home(call)}
    wanted = call.get("ResourceARNList") or list(tagged)
    return {"ResourceTagMappingList": [{"ResourceARN": one, "Tags": tagged[one]} for one in wanted if one in tagged]}


# Lambda


def _list_functions(world: World, call: DemoCall) -> _Answer:
    return {"Functions": [*DEMO.functions] if _at_home(call) else []}


def _function(world: World, call: DemoCall) -> _Answer:
    wanted = str(call.get("FunctionName")).removeprefix(arn("lambda", "function:")).partition(":")[0]
    found = next((one for one in DEMO.functions if one["FunctionName"] == wanted and _at_home(call)), None)
    if found is None:
        where = f"arn:aws:lambda:{call.region}:{ACCOUNT}:function:{wanted}"
        raise AwsError("ResourceNotFoundException", f"Function not found: {where}", 404)
    return found


def _get_function(world: World, call: DemoCall) -> _Answer:
    return {"Configuration": _function(world, call)}


def _get_function_policy(world: World, call: DemoCall) -> _Answer:
    policy = (DEMO.contents.resource_policies or {}).get(_function(world, call)["FunctionArn"])
    if policy is None:
        raise AwsError("ResourceNotFoundException", "The resource you requested does not exist.", 404)
    return {"Policy": json.dumps(policy.value), "RevisionId": "6f1c2b30-7a4e-11f0-9d2e-0a1b2c3d4e5f"}


# ECS


def _list_task_definitions(world: World, call: DemoCall) -> _Answer:
    family = call.get("familyPrefix")
    chosen = [one for one in DEMO.task_definitions if _at_home(call) and family in (None, one["family"])]
    return {"taskDefinitionArns": [one["taskDefinitionArn"] for one in chosen]}


def _describe_task_definition(world: World, call: DemoCall) -> _Answer:
    wanted = str(call.get("taskDefinition"))
    for one in DEMO.task_definitions:
        names = (one["taskDefinitionArn"], one["family"], f"{one['family']}:{one['revision']}")
        if _at_home(call) and wanted in names:
            return {"taskDefinition": one}
    raise AwsError("ClientException", "Unable to describe task definition.")


# EKS


def _list_clusters(world: World, call: DemoCall) -> _Answer:
    clusters = dict.fromkeys(one["clusterName"] for one in DEMO.pod_identities)
    return {"clusters": [*clusters] if _at_home(call) else []}


def _associations(call: DemoCall) -> list[_Answer]:
    found = [one for one in DEMO.pod_identities if _at_home(call) and one["clusterName"] == call.get("clusterName")]
    if not found:
        raise AwsError("ResourceNotFoundException", f"No cluster found for name: {call.get('clusterName')}.", 404)
    return found


def _list_associations(world: World, call: DemoCall) -> _Answer:
    # AWS's list does not contain the role; only the description does.
    return {
        "associations": [{key: value for key, value in one.items() if key != "roleArn"} for one in _associations(call)]
    }


def _describe_association(world: World, call: DemoCall) -> _Answer:
    for one in _associations(call):
        if one["associationId"] == call.get("associationId"):
            return {"association": one}
    raise AwsError("NotFoundException", "No association found.", 404)


# CloudFormation

_STACK_NAMES = (DEMO.stack["StackName"], DEMO.stack["StackId"])


def _describe_stack_resources(world: World, call: DemoCall) -> _Answer:
    physical, stack = call.get("PhysicalResourceId"), call.get("StackName")
    owned = {one["PhysicalResourceId"] for one in DEMO.stack_resources}
    if not (physical in owned if physical else stack in _STACK_NAMES) or not _at_home(call):
        what = f"Stack for {physical}" if physical else f"Stack with id {stack}"
        raise AwsError("ValidationError", f"{what} does not exist")
    return {"StackResources": [*DEMO.stack_resources]}


def _describe_stacks(world: World, call: DemoCall) -> _Answer:
    name = call.get("StackName")
    if name not in (None, *_STACK_NAMES) or (name and not _at_home(call)):
        raise AwsError("ValidationError", f"Stack with id {name} does not exist")
    return {"Stacks": [DEMO.stack] if _at_home(call) else []}


HANDLERS: Mapping[tuple[str, str], Handler] = {
    ("cloudformation", "DescribeStackResources"): _describe_stack_resources,
    ("cloudformation", "DescribeStacks"): _describe_stacks,
    ("ec2", "AssociateIamInstanceProfile"): _associate,
    ("ec2", "DescribeIamInstanceProfileAssociations"): _describe_associations,
    ("ec2", "DisassociateIamInstanceProfile"): _disassociate,
    ("ec2", "ReplaceIamInstanceProfileAssociation"): _replace_association,
    ("ec2", "DescribeInstances"): _describe_instances,
    ("ec2", "DescribeVpcEndpoints"): _describe_endpoints,
    ("ecs", "DescribeTaskDefinition"): _describe_task_definition,
    ("ecs", "ListTaskDefinitions"): _list_task_definitions,
    ("eks", "DescribePodIdentityAssociation"): _describe_association,
    ("eks", "ListClusters"): _list_clusters,
    ("eks", "ListPodIdentityAssociations"): _list_associations,
    ("lambda", "GetFunction"): _get_function,
    ("lambda", "GetFunctionConfiguration"): _function,
    ("lambda", "GetPolicy"): _get_function_policy,
    ("lambda", "ListFunctions"): _list_functions,
    ("resourcegroupstaggingapi", "GetResources"): _get_resources,
}


def _no_stack(world: World, call: DemoCall) -> _Answer:
    raise AwsError("ValidationError", f"Stack for {call.get('PhysicalResourceId')} does not exist")


def _none_listed(name: str) -> Handler:
    return lambda world, call: {name: []}


_LISTS = {
    ("accessanalyzer", "ListAnalyzers"): "analyzers",
    ("cloudformation", "DescribeStacks"): "Stacks",
    ("ec2", "DescribeIamInstanceProfileAssociations"): "IamInstanceProfileAssociations",
    ("ec2", "DescribeInstances"): "Reservations",
    ("ec2", "DescribeVpcEndpoints"): "VpcEndpoints",
    ("ecs", "ListTaskDefinitions"): "taskDefinitionArns",
    ("eks", "ListClusters"): "clusters",
    ("lambda", "ListFunctions"): "Functions",
    ("resourcegroupstaggingapi", "GetResources"): "ResourceTagMappingList",
}
NOTHING_RUNS: Mapping[tuple[str, str], Handler] = {
    **{key: _none_listed(name) for key, name in _LISTS.items()},
    ("cloudformation", "DescribeStackResources"): _no_stack,
}
"""Responses for an account in which nothing runs."""
