"""Published ways to get another principal's rights, as data.

The IDs are those of pathfinding.cloud (Datadog Security Labs, Apache-2.0), from which only the actions of each way are
taken. A way without an ID cites a page of the service's documentation.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from iam.facts.workloads import BOUND, KINDS

_DOCS = "https://docs.aws.amazon.com"


@dataclass(frozen=True, slots=True)
class Need:
    """An action that a privilege escalation path needs.

    It must be allowed on all resources in ``on``, or on at least one in ``either``. If both are empty, it must be
    allowed on some resource of each type that the action requires. ``{arn}`` is the workload that runs with the role,
    ``{stranger}`` is another account that the caller may control.
    """

    action: str
    on: tuple[str, ...] = ()
    either: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PassingWay:
    """A service that runs the caller's code or configuration with a role that is passed to it.

    All of ``actions`` are needed in addition to iam:PassRole. ``exists`` is a kind of resource (`iam.facts.workloads`):
    a resource of this kind that can be changed must exist. ``further`` is another requirement; ``{role}`` in it is the
    role's name. ``trusted`` are the actions that the trust policy must allow the service.
    """

    service: str
    actions: tuple[str, ...]
    id: str = ""
    page: str = ""
    exists: str = ""
    further: str = ""
    trusted: tuple[str, ...] = ("sts:AssumeRole",)


def _ways(
    service: str, *rows: tuple[str, tuple[str, ...]], exists: str = "", further: str = ""
) -> tuple[PassingWay, ...]:
    prefix = {"ecs-tasks": "ecs", "tasks.apprunner": "apprunner"}.get(service, service)
    return tuple(
        PassingWay(
            f"{service}.amazonaws.com", tuple(f"{prefix}:{name}" for name in names), id, exists=exists, further=further
        )
        for id, names in rows
    )


# https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
_POD_TRUST = ("sts:AssumeRole", "sts:TagSession")
# https://docs.aws.amazon.com/rolesanywhere/latest/userguide/trust-model.html
_ANYWHERE_TRUST = ("sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession")
# The administration role that a StackSet is given does nothing but assume the execution role of each target account:
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-prereqs-self-managed.html
_EXECUTION_ROLE = "an execution role with its rights that trusts {role}"


# With the resources that each of them reads (dependent actions):
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2imagebuilder.html
_IMAGE = (
    *("imagebuilder:CreateComponent", "imagebuilder:GetComponent", "imagebuilder:CreateImageRecipe"),
    *("imagebuilder:GetImageRecipe", "imagebuilder:CreateImage"),
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
        ("ecs-002", ("CreateCluster", "RegisterTaskDefinition", "RunTask")),
        ("ecs-001", ("CreateCluster", "RegisterTaskDefinition", "CreateService")),
    ),
    # A cluster must exist: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
    # (ClusterNotFoundException), and for StartTask a container instance in it:
    # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_StartTask.html
    *_ways(
        "ecs-tasks",
        ("ecs-004", ("RegisterTaskDefinition", "RunTask")),
        ("ecs-003", ("RegisterTaskDefinition", "CreateService")),
        further="an ECS cluster",
    ),
    *_ways(
        "ecs-tasks",
        ("ecs-005", ("RegisterTaskDefinition", "StartTask")),
        further="an ECS cluster with a container instance",
    ),
    *_ways(
        "glue",
        ("glue-001", ("CreateDevEndpoint",)),
        ("glue-003", ("CreateJob", "StartJobRun")),
        ("glue-004", ("CreateJob", "CreateTrigger")),
    ),
    *_ways(
        "glue",
        ("glue-005", ("UpdateJob", "StartJobRun")),
        ("glue-006", ("UpdateJob", "CreateTrigger")),
        exists="glue-job",
    ),
    *_ways(
        "cloudformation",
        ("cloudformation-001", ("CreateStack",)),
    ),
    *_ways(
        "cloudformation",
        ("cloudformation-003", ("CreateStackSet", "CreateStackInstances")),
        further=_EXECUTION_ROLE,
    ),
    *_ways(
        "cloudformation",
        ("cloudformation-004", ("UpdateStackSet",)),
        exists="cloudformation-stack-set",
        further=_EXECUTION_ROLE,
    ),
    PassingWay(
        "cloudformation.amazonaws.com",
        ("cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet"),
        page=f"{_DOCS}/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html",
    ),
    PassingWay(
        "cloudformation.amazonaws.com",
        ("cloudformation:UpdateStack",),
        page=f"{_DOCS}/AWSCloudFormation/latest/APIReference/API_UpdateStack.html",
        exists="cloudformation-stack",
    ),
    *_ways(
        "codebuild",
        ("codebuild-001", ("CreateProject", "StartBuild")),
        ("codebuild-004", ("CreateProject", "StartBuildBatch")),
    ),
    PassingWay(
        "codebuild.amazonaws.com",
        ("codebuild:UpdateProject", "codebuild:StartBuild"),
        page=f"{_DOCS}/codebuild/latest/APIReference/API_UpdateProject.html",
        exists="codebuild-project",
    ),
    *_ways(
        "sagemaker",
        ("sagemaker-001", ("CreateNotebookInstance", "CreatePresignedNotebookInstanceUrl")),
        ("sagemaker-001", ("CreateNotebookInstance", "CreateNotebookInstanceLifecycleConfig")),
        ("sagemaker-002", ("CreateTrainingJob",)),
        ("sagemaker-003", ("CreateProcessingJob",)),
    ),
    # A notebook runs what is typed into it, or an existing lifecycle configuration:
    # https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreatePresignedNotebookInstanceUrl.html
    *_ways(
        "sagemaker",
        ("sagemaker-001", ("CreateNotebookInstance",)),
        further="a URL of the notebook, or a lifecycle configuration to run in it",
    ),
    *_ways("tasks.apprunner", ("apprunner-001", ("CreateService",))),
    # Closed to new customers: https://aws.amazon.com/blogs/big-data/migrate-workloads-from-aws-data-pipeline/
    *_ways(
        "datapipeline",
        ("datapipeline-001", ("CreatePipeline", "PutPipelineDefinition", "ActivatePipeline")),
        further="an account that used Data Pipeline before 25 July 2024",
    ),
    *_ways(
        "bedrock-agentcore",
        ("bedrock-001", ("CreateCodeInterpreter", "StartCodeInterpreterSession", "InvokeCodeInterpreter")),
    ),
    PassingWay(
        "bedrock-agentcore.amazonaws.com",
        ("bedrock-agentcore:CreateAgentRuntime", "bedrock-agentcore:InvokeAgentRuntime"),
        page=f"{_DOCS}/bedrock-agentcore-control/latest/APIReference/API_CreateAgentRuntime.html",
    ),
    PassingWay(
        "bedrock-agentcore.amazonaws.com",
        ("bedrock-agentcore:UpdateAgentRuntime", "bedrock-agentcore:InvokeAgentRuntime"),
        page=f"{_DOCS}/bedrock-agentcore-control/latest/APIReference/API_UpdateAgentRuntime.html",
        exists="agentcore-runtime",
    ),
    PassingWay(
        "lambda.amazonaws.com",
        ("lambda:UpdateFunctionConfiguration", "lambda:UpdateFunctionCode"),
        page=f"{_DOCS}/lambda/latest/api/API_UpdateFunctionConfiguration.html",
        further="a Lambda function to change, and something that invokes it",
    ),
    PassingWay(
        "ecs-tasks.amazonaws.com",
        ("ecs:RegisterTaskDefinition", "ecs:UpdateService"),
        page=f"{_DOCS}/AmazonECS/latest/APIReference/API_UpdateService.html",
        further="an ECS service to change",
    ),
    PassingWay(
        "ec2.amazonaws.com",
        ("ec2:AssociateIamInstanceProfile",),
        page=f"{_DOCS}/AWSEC2/latest/APIReference/API_AssociateIamInstanceProfile.html",
        further="an EC2 instance of the caller's without a profile",
    ),
    # Calls of any API, as the role.
    PassingWay(
        "states.amazonaws.com",
        ("states:CreateStateMachine", "states:StartExecution"),
        page=f"{_DOCS}/step-functions/latest/dg/supported-services-awssdk.html",
    ),
    PassingWay(
        "scheduler.amazonaws.com",
        ("scheduler:CreateSchedule",),
        page=f"{_DOCS}/scheduler/latest/UserGuide/managing-targets-universal.html",
    ),
    PassingWay(
        "scheduler.amazonaws.com",
        ("scheduler:UpdateSchedule",),
        page=f"{_DOCS}/scheduler/latest/UserGuide/managing-targets-universal.html",
        exists="scheduler-schedule",
    ),
    PassingWay(
        "ssm.amazonaws.com",
        ("ssm:CreateDocument", "ssm:StartAutomationExecution"),
        page=f"{_DOCS}/systems-manager/latest/userguide/automation-action-executeawsapi.html",
    ),
    PassingWay(
        "ssm.amazonaws.com",
        ("ssm:UpdateDocument", "ssm:StartAutomationExecution"),
        page=f"{_DOCS}/systems-manager/latest/userguide/automation-action-executeawsapi.html",
        further="an Automation runbook to change",
    ),
    PassingWay(
        "codepipeline.amazonaws.com",
        ("codepipeline:CreatePipeline",),
        page=f"{_DOCS}/codepipeline/latest/userguide/action-reference-Commands.html",
    ),
    PassingWay(
        "ecs-tasks.amazonaws.com",
        ("batch:RegisterJobDefinition", "batch:SubmitJob"),
        page=f"{_DOCS}/batch/latest/APIReference/API_ContainerProperties.html",
        further="a Batch job queue",
    ),
    PassingWay(
        "glue.amazonaws.com",
        ("glue:CreateSession", "glue:RunStatement"),
        page=f"{_DOCS}/glue/latest/dg/interactive-sessions-overview.html",
    ),
    PassingWay(
        "emr-serverless.amazonaws.com",
        ("emr-serverless:CreateApplication", "emr-serverless:StartJobRun"),
        page=f"{_DOCS}/emr-serverless/latest/APIReference/API_StartJobRun.html",
    ),
    PassingWay(
        "pods.eks.amazonaws.com",
        ("eks:CreatePodIdentityAssociation", "eks:CreateAccessEntry", "eks:AssociateAccessPolicy"),
        page=f"{_DOCS}/eks/latest/userguide/pod-identities.html",
        further="an EKS cluster with the Pod Identity agent",
        trusted=_POD_TRUST,
    ),
    PassingWay(
        "rolesanywhere.amazonaws.com",
        ("rolesanywhere:CreateTrustAnchor", "rolesanywhere:CreateProfile"),
        page=f"{_DOCS}/rolesanywhere/latest/userguide/getting-started.html",
        trusted=_ANYWHERE_TRUST,
    ),
    PassingWay(
        "credentials.iot.amazonaws.com",
        ("iot:CreateRoleAlias", "iot:CreateKeysAndCertificate", "iot:CreatePolicy", "iot:AttachPolicy"),
        page=f"{_DOCS}/iot/latest/developerguide/authorizing-direct-aws.html",
    ),
    PassingWay(
        "ec2.amazonaws.com",
        ("autoscaling:CreateLaunchConfiguration", "autoscaling:CreateAutoScalingGroup"),
        page=f"{_DOCS}/autoscaling/ec2/userguide/launch-configurations.html",
        further="an account that may still create launch configurations",  # none that is newer than 2024-10-01
    ),
    PassingWay(
        "ec2.amazonaws.com",
        (
            *("imagebuilder:CreateInfrastructureConfiguration", "imagebuilder:GetInfrastructureConfiguration"),
            *_IMAGE,
        ),
        page=f"{_DOCS}/imagebuilder/latest/userguide/manage-infra-config.html",
    ),
)
ALTERNATIVE_TYPES = {
    # An interpreter is AWS's own or a custom one: https://docs.aws.amazon.com/service-authorization/latest/reference/
    # list_amazonbedrockagentcore.html lists both as required.
    "bedrock-agentcore": frozenset({"code-interpreter"}),
    # The example policies of the Batch User Guide allow SubmitJob on the definition and the queue alone:
    # https://docs.aws.amazon.com/batch/latest/userguide/batch_user-policies.html
    "batch": frozenset({"job"}),
}
"""Resource types that a service's actions list as required, but that a way does not need, by service prefix."""


@dataclass(frozen=True, slots=True)
class RunningWay:
    """A workload that already runs with a role and can be made to do something else.

    ``kind`` is its kind (`iam.facts.workloads`). The workload must have the trait ``requires``; if it lacks the trait
    ``hopes``, the escalation path is uncertain. ``further`` is another requirement. The role's trust policy must trust
    the service (`RUNS_AS`).
    """

    kind: str
    needs: tuple[Need, ...]
    id: str = ""
    page: str = ""
    requires: str = ""
    hopes: str = ""
    further: str = ""

    @property
    def actions(self) -> tuple[str, ...]:
        return tuple(need.action for need in self.needs)


def _on(*actions: str) -> tuple[Need, ...]:
    """Return a `Need` for each of these actions on the workload that runs with the role."""
    return tuple(Need(action, ("{arn}",)) for action in actions)


def _new(*actions: str) -> tuple[Need, ...]:
    """Return a `Need` for each of these actions on a resource with any name."""
    return tuple(Need(action) for action in actions)


# Documents of AWS that run what the caller writes:
# https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-command-ssm-plugin-reference.html
_SCRIPTS = tuple(
    f"arn:{{partition}}:ssm:*:{owner}:document/{name}"
    for owner in ("", "{account}")
    for name in ("AWS-RunShellScript", "AWS-RunPowerShellScript", "AWS-RunRemoteScript", "AWS-RunDocument")
)
_SEND = Need("ssm:SendCommand", ("{arn}",), _SCRIPTS)

# A function runs when somebody invokes it: https://docs.aws.amazon.com/lambda/latest/dg/lambda-invocation.html
_INVOKED = "something that invokes the function"
# A session or a command reaches an instance through its agent:
# https://docs.aws.amazon.com/systems-manager/latest/userguide/managed_instances.html
_AGENT = "an instance that Systems Manager manages"
_LAYER = Need("lambda:UpdateFunctionConfiguration", ("{arn}",))
_THEIR_LAYER = (_LAYER, Need("lambda:GetLayerVersion", ("arn:{partition}:lambda:*:{stranger}:layer:*:*",)))
_OWN_LAYER = (_LAYER, *_new("lambda:PublishLayerVersion", "lambda:GetLayerVersion"))
_LAYERS = f"{_DOCS}/lambda/latest/dg/adding-layers.html"

RUNNING: tuple[RunningWay, ...] = (
    RunningWay("lambda-function", _on("lambda:UpdateFunctionCode", "lambda:InvokeFunction"), "lambda-004"),
    RunningWay("lambda-function", _on("lambda:UpdateFunctionCode", "lambda:AddPermission"), "lambda-005"),
    RunningWay("lambda-function", _on("lambda:UpdateFunctionCode"), "lambda-003", further=_INVOKED),
    *(
        RunningWay("lambda-function", (*layer, *_on(*invoke)), page=_LAYERS, further="" if invoke else _INVOKED)
        for invoke in (("lambda:InvokeFunction",), ())
        for layer in (_THEIR_LAYER, _OWN_LAYER)
    ),
    RunningWay("ec2-instance", _on("ssm:StartSession"), "ssm-001", further=_AGENT),
    RunningWay("ec2-instance", (_SEND,), "ssm-002", further=_AGENT),
    # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-connect-prerequisites.html
    RunningWay(
        "ec2-instance",
        _on("ec2-instance-connect:SendSSHPublicKey"),
        "ec2instanceconnect-003",
        further="EC2 Instance Connect on the instance, and a network path to its SSH port",
    ),
    RunningWay(
        "ec2-instance", _on("ec2:ModifyInstanceAttribute", "ec2:StopInstances", "ec2:StartInstances"), "ec2-002"
    ),
    RunningWay("codebuild-project", _on("codebuild:StartBuild"), "codebuild-002"),
    RunningWay("codebuild-project", _on("codebuild:StartBuildBatch"), "codebuild-003", requires="batch builds"),
    RunningWay("cloudformation-stack", _on("cloudformation:UpdateStack"), "cloudformation-002"),
    RunningWay(
        "cloudformation-stack",
        _on("cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet"),
        "cloudformation-005",
    ),
    RunningWay("glue-dev-endpoint", _on("glue:UpdateDevEndpoint"), "glue-002"),
    RunningWay(
        "glue-session",
        _on("glue:RunStatement"),
        page=f"{_DOCS}/glue/latest/webapi/API_RunStatement.html",
        requires="running",
    ),
    RunningWay(
        "sagemaker-notebook",
        _on("sagemaker:StartNotebookInstance", "sagemaker:CreatePresignedNotebookInstanceUrl"),
        "sagemaker-004",
    ),
    RunningWay(
        "sagemaker-notebook",
        _on("sagemaker:CreatePresignedNotebookInstanceUrl"),
        "sagemaker-004",
        hopes="running",
    ),
    RunningWay(
        "sagemaker-notebook",
        (
            Need("sagemaker:CreateNotebookInstanceLifecycleConfig"),
            *_on("sagemaker:StopNotebookInstance", "sagemaker:UpdateNotebookInstance"),
            *_on("sagemaker:StartNotebookInstance"),
        ),
        "sagemaker-005",
    ),
    RunningWay(
        "sagemaker-user-profile",
        _on("sagemaker:CreatePresignedDomainUrl"),
        page=f"{_DOCS}/sagemaker/latest/APIReference/API_CreatePresignedDomainUrl.html",
        further="a domain that users sign in to with IAM",
    ),
    RunningWay("apprunner-service", _on("apprunner:UpdateService"), "apprunner-002"),
    RunningWay(
        "agentcore-code-interpreter",
        _on("bedrock-agentcore:StartCodeInterpreterSession", "bedrock-agentcore:InvokeCodeInterpreter"),
        "bedrock-002",
    ),
    RunningWay(
        "step-functions-state-machine",
        _on("states:UpdateStateMachine", "states:StartExecution"),
        page=f"{_DOCS}/step-functions/latest/apireference/API_UpdateStateMachine.html",
    ),
    RunningWay(
        "batch-job-definition",
        (Need("batch:SubmitJob", ("{arn}", "arn:{partition}:batch:*:{account}:job-queue/*")),),
        page=f"{_DOCS}/batch/latest/APIReference/API_ContainerOverrides.html",
        further="a Batch job queue",
    ),
    RunningWay(
        "emr-cluster",
        _on("elasticmapreduce:AddJobFlowSteps"),
        page=f"{_DOCS}/emr/latest/APIReference/API_AddJobFlowSteps.html",
    ),
    RunningWay(
        "ecs-task",
        (Need("ecs:ExecuteCommand", ("{arn}", "{cluster}")),),
        page=f"{_DOCS}/AmazonECS/latest/developerguide/ecs-exec.html",
        requires="execute command",
    ),
    RunningWay(
        "ec2-launch-template",
        _on("ec2:CreateLaunchTemplateVersion", "ec2:ModifyLaunchTemplate"),
        "ec2-004",
        further="a launch from the template",
    ),
    RunningWay(
        "imagebuilder-infrastructure",
        (*_on("imagebuilder:GetInfrastructureConfiguration"), *_new(*_IMAGE)),
        page=f"{_DOCS}/imagebuilder/latest/userguide/manage-infra-config.html",
    ),
    RunningWay(
        "iot-role-alias",
        _new("iot:CreateKeysAndCertificate", "iot:CreatePolicy", "iot:AttachPolicy"),
        page=f"{_DOCS}/iot/latest/developerguide/authorizing-direct-aws.html",
    ),
    RunningWay(
        "rolesanywhere-profile",
        _new("rolesanywhere:CreateTrustAnchor"),
        page=f"{_DOCS}/rolesanywhere/latest/userguide/trust-model.html",
        requires="enabled",
    ),
    RunningWay(
        "ssm-managed-node",
        _on("ssm:StartSession"),
        page=f"{_DOCS}/systems-manager/latest/userguide/getting-started-restrict-access-examples.html",
    ),
    RunningWay(
        "ssm-managed-node",
        (_SEND,),
        page=f"{_DOCS}/systems-manager/latest/userguide/run-command-setting-up.html",
    ),
    RunningWay(
        "eks-pod-identity",
        (
            Need("eks:CreateAccessEntry", ("{arn}",)),
            Need("eks:AssociateAccessPolicy", ("arn:{partition}:eks:*:{account}:access-entry/{name}/*",)),
        ),
        page=f"{_DOCS}/eks/latest/userguide/access-policies.html",
    ),
)
RUNNING_BY_KIND: dict[str, tuple[RunningWay, ...]] = {
    kind: tuple(way for way in RUNNING if way.kind == kind) for kind in (*KINDS, *(kind for kind, _ in BOUND.values()))
}
"""The ways by kind of workload; empty for kinds that only show who uses a role."""


def rests_on(actions: Collection[str], kinds: Collection[str]) -> bool:
    """Return whether the actions give somebody a role's rights only if workloads of one of these kinds exist."""
    running = (way.actions for kind in kinds for way in RUNNING_BY_KIND[kind])
    changing = (way.actions for way in PASSING if way.exists in kinds)
    return any(set(needed) <= set(actions) for needed in (*running, *changing))


@dataclass(frozen=True, slots=True)
class Runs:
    """How a workload gets sessions of its role: through a service principal that needs the ``trusted`` actions.

    ``name`` is the kind's name for people, ``source`` the form of aws:SourceArn, "" if AWS does not document it.
    ``hands_out``: the workload runs no code, but gives sessions to its callers.
    """

    name: str
    service: str
    trusted: tuple[str, ...] = ("sts:AssumeRole",)
    source: str = ""
    hands_out: bool = False


RUNS_AS: dict[str, Runs] = {
    "agentcore-code-interpreter": Runs("AgentCore code interpreter", "bedrock-agentcore.amazonaws.com"),
    "apprunner-service": Runs("App Runner service", "tasks.apprunner.amazonaws.com"),
    "batch-job-definition": Runs("Batch job definition", "ecs-tasks.amazonaws.com"),
    "cloudformation-stack": Runs("CloudFormation stack", "cloudformation.amazonaws.com"),
    # https://docs.aws.amazon.com/codebuild/latest/userguide/cross-service-confused-deputy-prevention.html
    "codebuild-project": Runs("CodeBuild project", "codebuild.amazonaws.com", source="{arn}"),
    "ec2-instance": Runs("EC2 instance", "ec2.amazonaws.com"),
    "ec2-launch-template": Runs("launch template", "ec2.amazonaws.com"),
    "ecs-task": Runs("ECS task", "ecs-tasks.amazonaws.com"),
    "eks-pod-identity": Runs("a pod of EKS cluster", "pods.eks.amazonaws.com", _POD_TRUST),
    # https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-iam-role-for-ec2.html
    "emr-cluster": Runs("EMR cluster", "ec2.amazonaws.com"),
    "glue-dev-endpoint": Runs("Glue development endpoint", "glue.amazonaws.com"),
    "glue-session": Runs("Glue session", "glue.amazonaws.com"),
    "imagebuilder-infrastructure": Runs("Image Builder infrastructure", "ec2.amazonaws.com"),
    "iot-role-alias": Runs("IoT role alias", "credentials.iot.amazonaws.com", hands_out=True),
    "lambda-function": Runs("Lambda function", "lambda.amazonaws.com"),
    "rolesanywhere-profile": Runs(
        "Roles Anywhere profile",
        "rolesanywhere.amazonaws.com",
        _ANYWHERE_TRUST,
        "arn:{partition}:rolesanywhere:*:{account}:trust-anchor/rolescope-probe",
        hands_out=True,
    ),
    "sagemaker-notebook": Runs("SageMaker notebook", "sagemaker.amazonaws.com"),
    "sagemaker-user-profile": Runs("SageMaker user profile", "sagemaker.amazonaws.com"),
    "ssm-managed-node": Runs("Systems Manager node", "ssm.amazonaws.com"),
    # https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html
    "step-functions-state-machine": Runs("Step Functions state machine", "states.amazonaws.com", source="{arn}"),
}
"""How workloads get sessions of their roles, by kind of workload. Kinds that cannot get one are absent."""


@dataclass(frozen=True, slots=True)
class UserWay:
    """A way to get credentials of a user: an access key or a password.

    A user has at most two keys; a password is not enough if an MFA device is required. ``password`` is whether the user
    must already have a password; None for a key.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateLoginProfile.html (EntityAlreadyExists)
    https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateLoginProfile.html (NoSuchEntity)
    https://docs.aws.amazon.com/IAM/latest/APIReference/API_EnableMFADevice.html
    """

    action: str
    gives: str
    id: str
    password: bool | None = None


OF_USERS: tuple[UserWay, ...] = (
    UserWay("iam:CreateAccessKey", "an access key", "iam-002"),
    UserWay("iam:CreateLoginProfile", "a password", "iam-004", password=False),
    UserWay("iam:UpdateLoginProfile", "a new password", "iam-006", password=True),
)
