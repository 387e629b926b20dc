"""The published ways to another principal's rights, as data.

The ids are those of pathfinding.cloud (Datadog Security Labs, Apache-2.0), from which only the facts are taken: which
actions make a way. A way without an id follows from the documentation of the service.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PassingWay:
    """A service that runs what the caller gives it, as the role that it is passed. All of ``actions`` are needed
    beside iam:PassRole.
    """

    service: str
    actions: tuple[str, ...]
    id: str = ""


def _ways(service: str, *rows: tuple[str, tuple[str, ...]]) -> tuple[PassingWay, ...]:
    prefix = {"ecs-tasks": "ecs", "tasks.apprunner": "apprunner"}.get(service, service)
    return tuple(
        PassingWay(f"{service}.amazonaws.com", tuple(f"{prefix}:{name}" for name in names), id) for id, names in rows
    )


PASSING: tuple[PassingWay, ...] = (
    *_ways(
        "lambda",
        ("lambda-001", ("CreateFunction", "InvokeFunction")),
        ("lambda-002", ("CreateFunction", "CreateEventSourceMapping")),
        ("lambda-006", ("CreateFunction", "AddPermission")),
    ),
    *_ways("ec2", ("ec2-001", ("RunInstances",)), ("ec2-003", ("RequestSpotInstances",))),
    *_ways(
        "ecs-tasks",
        ("ecs-004", ("RegisterTaskDefinition", "RunTask")),
        ("ecs-003", ("RegisterTaskDefinition", "CreateService")),
        ("ecs-005", ("RegisterTaskDefinition", "StartTask")),
    ),
    *_ways(
        "glue",
        ("glue-001", ("CreateDevEndpoint",)),
        ("glue-003", ("CreateJob", "StartJobRun")),
        ("glue-004", ("CreateJob", "CreateTrigger")),
        ("glue-005", ("UpdateJob", "StartJobRun")),
        ("glue-006", ("UpdateJob", "CreateTrigger")),
    ),
    *_ways(
        "cloudformation",
        ("cloudformation-001", ("CreateStack",)),
        ("cloudformation-003", ("CreateStackSet", "CreateStackInstances")),
        ("cloudformation-004", ("UpdateStackSet",)),
        ("cloudformation-005", ("CreateChangeSet", "ExecuteChangeSet")),
    ),
    *_ways(
        "codebuild",
        ("codebuild-001", ("CreateProject", "StartBuild")),
        ("codebuild-004", ("CreateProject", "StartBuildBatch")),
    ),
    *_ways(
        "sagemaker",
        ("sagemaker-001", ("CreateNotebookInstance",)),
        ("sagemaker-002", ("CreateTrainingJob",)),
        ("sagemaker-003", ("CreateProcessingJob",)),
    ),
    *_ways("tasks.apprunner", ("apprunner-001", ("CreateService",))),
    *_ways("datapipeline", ("datapipeline-001", ("CreatePipeline", "PutPipelineDefinition", "ActivatePipeline"))),
    *_ways(
        "bedrock-agentcore",
        ("bedrock-001", ("CreateCodeInterpreter", "StartCodeInterpreterSession", "InvokeCodeInterpreter")),
    ),
    # Calls of any API, as the role: Step Functions Developer Guide, "AWS SDK integrations"; EventBridge Scheduler User
    # Guide, "Universal targets"; Systems Manager User Guide, "aws:executeAwsApi".
    *_ways("states", ("", ("CreateStateMachine", "StartExecution"))),
    *_ways("scheduler", ("", ("CreateSchedule",))),
    *_ways("ssm", ("", ("StartAutomationExecution",))),
)


@dataclass(frozen=True, slots=True)
class RunningWay:
    """What runs as a role already, and can be made to do something else. ``service`` is that of a binding."""

    service: str
    actions: tuple[str, ...]
    id: str


RUNNING: tuple[RunningWay, ...] = (
    RunningWay("lambda", ("lambda:UpdateFunctionCode",), "lambda-003"),
    RunningWay("ec2", ("ssm:StartSession",), "ssm-001"),
    RunningWay("ec2", ("ssm:SendCommand",), "ssm-002"),
    RunningWay("ec2", ("ec2-instance-connect:SendSSHPublicKey",), "ec2instanceconnect-003"),
)


@dataclass(frozen=True, slots=True)
class UserWay:
    """Credentials of a user."""

    action: str
    gives: str
    id: str


OF_USERS: tuple[UserWay, ...] = (
    UserWay("iam:CreateAccessKey", "an access key", "iam-002"),
    UserWay("iam:CreateLoginProfile", "a password", "iam-004"),
    UserWay("iam:UpdateLoginProfile", "a new password", "iam-006"),
)
