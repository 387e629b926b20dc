"""Workloads that run with a role: kinds of resources, calls that list them, and where responses contain roles.

The calls are documented in each service's API reference. Lambda functions, EC2 instances, ECS task definitions and EKS
Pod Identity associations are read as bindings (`iam.sources.reader.Binding`); `BOUND` assigns them to kinds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_API = "https://docs.aws.amazon.com"


@dataclass(frozen=True, slots=True)
class WorkloadCall:
    """One call in a chain of calls: the next call is made once for each item that this call returns.

    ``items`` is the JMESPath of the items in the response. ``given`` are the parameters. A string that begins with a
    number is a path in the item that the call with this number returned (``0.name``; ``0`` alone is the item itself).
    Any other value is passed unchanged. ``at_once`` is the number of items passed to one call, if the operation takes a
    list. ``service`` is boto3's name of the service, if it differs from the kind's.
    """

    operation: str
    items: str
    given: Mapping[str, object] = field(default_factory=dict)
    at_once: int = 1
    service: str = ""


@dataclass(frozen=True, slots=True)
class WorkloadKind:
    """A kind of resource that runs with roles, or that hands out role sessions.

    ``service`` is boto3's name. ``arn``, ``roles`` and ``profiles`` are paths in the items of the calls, such as
    ``1.roleArn`` for the second call; ``arn`` may be a template with such paths in braces. If paths are separated by
    bars, the first with a value is used. A role is an ARN or a name, a profile the ARN or name of an instance profile.
    ``traits`` are properties of the resource that an escalation path requires: by name, the path that must have a
    value, or, after ``=``, the value that it must have.
    """

    id: str
    title: str
    service: str
    page: str
    calls: tuple[WorkloadCall, ...]
    arn: str
    roles: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    traits: Mapping[str, str] = field(default_factory=dict)

    def operations(self) -> tuple[tuple[str, str, str], ...]:
        """Return boto3's service name, the operation, and the path of the items, for each call."""
        return tuple((call.service or self.service, call.operation, call.items) for call in self.calls)

    def always(self, number: int) -> str:
        """Return the member that the response of a call must contain: its items, or the one with the resource's ARN."""
        items = self.calls[number].items
        return re.split(r"[.\[]", self.arn.partition(".")[2] if items == "@" else items)[0]


Call = WorkloadCall
WORKLOAD_KINDS: tuple[WorkloadKind, ...] = (
    WorkloadKind(
        "codebuild-project",
        "CodeBuild projects",
        "codebuild",
        f"{_API}/codebuild/latest/APIReference/API_Project.html",
        (Call("ListProjects", "projects[]"), Call("BatchGetProjects", "projects[]", {"names": "0"}, at_once=100)),
        "1.arn",
        ("1.serviceRole",),
        traits={"batch builds": "1.buildBatchConfig"},
    ),
    WorkloadKind(
        "cloudformation-stack",
        "CloudFormation stacks",
        "cloudformation",
        f"{_API}/AWSCloudFormation/latest/APIReference/API_Stack.html",
        (Call("DescribeStacks", "Stacks[]"),),
        "0.StackId",
        ("0.RoleARN",),
    ),
    WorkloadKind(
        "cloudformation-stack-set",
        "CloudFormation StackSets",
        "cloudformation",
        f"{_API}/AWSCloudFormation/latest/APIReference/API_StackSet.html",
        (
            Call("ListStackSets", "Summaries[]", {"Status": "ACTIVE"}),
            Call("DescribeStackSet", "StackSet", {"StackSetName": "0.StackSetName"}),
        ),
        "1.StackSetARN",
        ("1.AdministrationRoleARN", "1.ExecutionRoleName"),
    ),
    WorkloadKind(
        "glue-job",
        "Glue jobs",
        "glue",
        f"{_API}/glue/latest/webapi/API_Job.html",
        (Call("GetJobs", "Jobs[]"),),
        "arn:{partition}:glue:{region}:{account}:job/{0.Name}",
        ("0.Role",),
    ),
    WorkloadKind(
        "glue-dev-endpoint",
        "Glue development endpoints",
        "glue",
        f"{_API}/glue/latest/webapi/API_DevEndpoint.html",
        (Call("GetDevEndpoints", "DevEndpoints[]"),),
        "arn:{partition}:glue:{region}:{account}:devEndpoint/{0.EndpointName}",
        ("0.RoleArn",),
    ),
    WorkloadKind(
        "glue-session",
        "Glue interactive sessions",
        "glue",
        f"{_API}/glue/latest/webapi/API_Session.html",
        (Call("ListSessions", "Sessions[]"),),
        "arn:{partition}:glue:{region}:{account}:session/{0.Id}",
        ("0.Role",),
        traits={"running": "0.Status=READY"},
    ),
    WorkloadKind(
        "sagemaker-notebook",
        "SageMaker notebook instances",
        "sagemaker",
        f"{_API}/sagemaker/latest/APIReference/API_DescribeNotebookInstance.html",
        (
            Call("ListNotebookInstances", "NotebookInstances[]"),
            Call("DescribeNotebookInstance", "@", {"NotebookInstanceName": "0.NotebookInstanceName"}),
        ),
        "1.NotebookInstanceArn",
        ("1.RoleArn",),
        traits={"running": "1.NotebookInstanceStatus=InService"},
    ),
    WorkloadKind(
        "sagemaker-domain",
        "SageMaker domains",
        "sagemaker",
        f"{_API}/sagemaker/latest/APIReference/API_DescribeDomain.html",
        (Call("ListDomains", "Domains[]"), Call("DescribeDomain", "@", {"DomainId": "0.DomainId"})),
        "1.DomainArn",
        ("1.DefaultUserSettings.ExecutionRole", "1.DefaultSpaceSettings.ExecutionRole"),
    ),
    WorkloadKind(
        "sagemaker-user-profile",
        "SageMaker user profiles",
        "sagemaker",
        f"{_API}/sagemaker/latest/APIReference/API_DescribeUserProfile.html",
        (
            Call("ListUserProfiles", "UserProfiles[]"),
            Call(
                "DescribeUserProfile",
                "@",
                {"DomainId": "0.DomainId", "UserProfileName": "0.UserProfileName"},
            ),
            Call("DescribeDomain", "@", {"DomainId": "0.DomainId"}),
        ),
        "1.UserProfileArn",
        ("1.UserSettings.ExecutionRole|2.DefaultUserSettings.ExecutionRole",),
    ),
    WorkloadKind(
        "apprunner-service",
        "App Runner services",
        "apprunner",
        f"{_API}/apprunner/latest/api/API_InstanceConfiguration.html",
        (
            Call("ListServices", "ServiceSummaryList[]"),
            Call("DescribeService", "Service", {"ServiceArn": "0.ServiceArn"}),
        ),
        "1.ServiceArn",
        ("1.InstanceConfiguration.InstanceRoleArn",),
    ),
    WorkloadKind(
        "bedrock-agent",
        "Bedrock agents",
        "bedrock-agent",
        f"{_API}/bedrock/latest/APIReference/API_agent_Agent.html",
        (Call("ListAgents", "agentSummaries[]"), Call("GetAgent", "agent", {"agentId": "0.agentId"})),
        "1.agentArn",
        ("1.agentResourceRoleArn",),
    ),
    WorkloadKind(
        "agentcore-code-interpreter",
        "AgentCore code interpreters",
        "bedrock-agentcore-control",
        f"{_API}/bedrock-agentcore-control/latest/APIReference/API_GetCodeInterpreter.html",
        (
            Call("ListCodeInterpreters", "codeInterpreterSummaries[]", {"type": "CUSTOM"}),
            Call("GetCodeInterpreter", "@", {"codeInterpreterId": "0.codeInterpreterId"}),
        ),
        "1.codeInterpreterArn",
        ("1.executionRoleArn",),
    ),
    WorkloadKind(
        "agentcore-runtime",
        "AgentCore runtimes",
        "bedrock-agentcore-control",
        f"{_API}/bedrock-agentcore-control/latest/APIReference/API_GetAgentRuntime.html",
        (
            Call("ListAgentRuntimes", "agentRuntimes[]"),
            Call("GetAgentRuntime", "@", {"agentRuntimeId": "0.agentRuntimeId"}),
        ),
        "1.agentRuntimeArn",
        ("1.roleArn",),
    ),
    WorkloadKind(
        "step-functions-state-machine",
        "Step Functions state machines",
        "stepfunctions",
        f"{_API}/step-functions/latest/apireference/API_DescribeStateMachine.html",
        (
            Call("ListStateMachines", "stateMachines[]"),
            Call("DescribeStateMachine", "@", {"stateMachineArn": "0.stateMachineArn"}),
        ),
        "1.stateMachineArn",
        ("1.roleArn",),
    ),
    WorkloadKind(
        "eventbridge-rule",
        "EventBridge rules",
        "events",
        f"{_API}/eventbridge/latest/APIReference/API_Target.html",
        (
            Call("ListEventBuses", "EventBuses[]"),
            Call("ListRules", "Rules[]", {"EventBusName": "0.Name"}),
            Call("ListTargetsByRule", "Targets[]", {"EventBusName": "0.Name", "Rule": "1.Name"}),
        ),
        "1.Arn",
        ("1.RoleArn", "2.RoleArn"),
    ),
    WorkloadKind(
        "scheduler-schedule",
        "EventBridge schedules",
        "scheduler",
        f"{_API}/scheduler/latest/APIReference/API_Target.html",
        (
            Call("ListSchedules", "Schedules[]"),
            Call("GetSchedule", "@", {"GroupName": "0.GroupName", "Name": "0.Name"}),
        ),
        "1.Arn",
        ("1.Target.RoleArn",),
    ),
    WorkloadKind(
        "pipes-pipe",
        "EventBridge pipes",
        "pipes",
        f"{_API}/eventbridge/latest/pipes-reference/API_DescribePipe.html",
        (Call("ListPipes", "Pipes[]"), Call("DescribePipe", "@", {"Name": "0.Name"})),
        "1.Arn",
        ("1.RoleArn",),
    ),
    WorkloadKind(
        "codepipeline-pipeline",
        "CodePipeline pipelines",
        "codepipeline",
        f"{_API}/codepipeline/latest/APIReference/API_PipelineDeclaration.html",
        (Call("ListPipelines", "pipelines[]"), Call("GetPipeline", "@", {"name": "0.name"})),
        "1.metadata.pipelineArn",
        ("1.pipeline.roleArn", "1.pipeline.stages[].actions[].roleArn"),
    ),
    WorkloadKind(
        "batch-job-definition",
        "Batch job definitions",
        "batch",
        f"{_API}/batch/latest/APIReference/API_ContainerProperties.html",
        (Call("DescribeJobDefinitions", "jobDefinitions[]", {"status": "ACTIVE"}),),
        "0.jobDefinitionArn",
        (
            "0.containerProperties.jobRoleArn",
            "0.ecsProperties.taskProperties[].taskRoleArn",
            "0.nodeProperties.nodeRangeProperties[].container.jobRoleArn",
            "0.nodeProperties.nodeRangeProperties[].ecsProperties.taskProperties[].taskRoleArn",
        ),
    ),
    WorkloadKind(
        "batch-compute-environment",
        "Batch compute environments",
        "batch",
        f"{_API}/batch/latest/APIReference/API_ComputeEnvironmentDetail.html",
        (Call("DescribeComputeEnvironments", "computeEnvironments[]"),),
        "0.computeEnvironmentArn",
        ("0.serviceRole",),
        ("0.computeResources.instanceRole",),
    ),
    WorkloadKind(
        "emr-cluster",
        "EMR clusters",
        "emr",
        f"{_API}/emr/latest/APIReference/API_Cluster.html",
        (
            Call("ListClusters", "Clusters[]", {"ClusterStates": ("STARTING", "BOOTSTRAPPING", "RUNNING", "WAITING")}),
            Call("DescribeCluster", "Cluster", {"ClusterId": "0.Id"}),
        ),
        "1.ClusterArn",
        (),
        ("1.Ec2InstanceAttributes.IamInstanceProfile",),
    ),
    WorkloadKind(
        "emr-serverless-job-run",
        "EMR Serverless job runs",
        "emr-serverless",
        f"{_API}/emr-serverless/latest/APIReference/API_JobRunSummary.html",
        (
            Call("ListApplications", "applications[]"),
            Call(
                "ListJobRuns",
                "jobRuns[]",
                {"applicationId": "0.id", "states": ("SUBMITTED", "PENDING", "SCHEDULED", "RUNNING")},
            ),
        ),
        "1.arn",
        ("1.executionRole",),
    ),
    WorkloadKind(
        "ecs-task",
        "ECS tasks",
        "ecs",
        f"{_API}/AmazonECS/latest/APIReference/API_Task.html",
        (
            Call("ListClusters", "clusterArns[]"),
            Call("ListTasks", "taskArns[]", {"cluster": "0"}),
            Call("DescribeTasks", "tasks[]", {"cluster": "0", "tasks": "1"}, at_once=100),
            Call("DescribeTaskDefinition", "taskDefinition", {"taskDefinition": "2.taskDefinitionArn"}),
        ),
        "2.taskArn",
        ("2.overrides.taskRoleArn|3.taskRoleArn",),
        traits={"execute command": "2.enableExecuteCommand"},
    ),
    WorkloadKind(
        "eks-access-entry",
        "EKS access entries",
        "eks",
        f"{_API}/eks/latest/APIReference/API_AccessEntry.html",
        (
            Call("ListClusters", "clusters[]"),
            Call("ListAccessEntries", "accessEntries[]", {"clusterName": "0"}),
            Call("DescribeAccessEntry", "accessEntry", {"clusterName": "0", "principalArn": "1"}),
        ),
        "2.accessEntryArn",
        ("2.principalArn",),
    ),
    WorkloadKind(
        "ec2-launch-template",
        "launch templates",
        "ec2",
        f"{_API}/AWSEC2/latest/APIReference/API_ResponseLaunchTemplateData.html",
        (
            Call("DescribeLaunchTemplates", "LaunchTemplates[]"),
            Call(
                "DescribeLaunchTemplateVersions",
                "LaunchTemplateVersions[]",
                {"LaunchTemplateId": "0.LaunchTemplateId", "Versions": ("$Default", "$Latest")},
            ),
        ),
        "arn:{partition}:ec2:{region}:{account}:launch-template/{0.LaunchTemplateId}",
        (),
        ("1.LaunchTemplateData.IamInstanceProfile.Arn", "1.LaunchTemplateData.IamInstanceProfile.Name"),
    ),
    WorkloadKind(
        "autoscaling-group",
        "Auto Scaling groups with a launch template",
        "autoscaling",
        f"{_API}/autoscaling/ec2/APIReference/API_AutoScalingGroup.html",
        (
            Call("DescribeAutoScalingGroups", "AutoScalingGroups[]"),
            Call(
                "DescribeLaunchTemplateVersions",
                "LaunchTemplateVersions[]",
                {"LaunchTemplateId": "0.LaunchTemplate.LaunchTemplateId", "Versions": ("$Default", "$Latest")},
                service="ec2",
            ),
        ),
        "0.AutoScalingGroupARN",
        (),
        ("1.LaunchTemplateData.IamInstanceProfile.Arn", "1.LaunchTemplateData.IamInstanceProfile.Name"),
    ),
    WorkloadKind(
        "launch-configuration",
        "launch configurations",
        "autoscaling",
        f"{_API}/autoscaling/ec2/APIReference/API_LaunchConfiguration.html",
        (Call("DescribeLaunchConfigurations", "LaunchConfigurations[]"),),
        "0.LaunchConfigurationARN",
        (),
        ("0.IamInstanceProfile",),
    ),
    WorkloadKind(
        "imagebuilder-infrastructure",
        "Image Builder infrastructure configurations",
        "imagebuilder",
        f"{_API}/imagebuilder/latest/APIReference/API_InfrastructureConfigurationSummary.html",
        (Call("ListInfrastructureConfigurations", "infrastructureConfigurationSummaryList[]"),),
        "0.arn",
        (),
        ("0.instanceProfileName",),
    ),
    WorkloadKind(
        "iot-role-alias",
        "IoT role aliases",
        "iot",
        f"{_API}/iot/latest/apireference/API_RoleAliasDescription.html",
        (
            Call("ListRoleAliases", "roleAliases[]"),
            Call("DescribeRoleAlias", "roleAliasDescription", {"roleAlias": "0"}),
        ),
        "1.roleAliasArn",
        ("1.roleArn",),
    ),
    WorkloadKind(
        "rolesanywhere-profile",
        "Roles Anywhere profiles",
        "rolesanywhere",
        f"{_API}/rolesanywhere/latest/APIReference/API_ProfileDetail.html",
        (Call("ListProfiles", "profiles[]"),),
        "0.profileArn",
        ("0.roleArns[]",),
        traits={"enabled": "0.enabled"},
    ),
    WorkloadKind(
        "ssm-managed-node",
        "Systems Manager hybrid nodes",
        "ssm",
        f"{_API}/systems-manager/latest/APIReference/API_InstanceInformation.html",
        (Call("DescribeInstanceInformation", "InstanceInformationList[?ResourceType == 'ManagedInstance'][]"),),
        "arn:{partition}:ssm:{region}:{account}:managed-instance/{0.InstanceId}",
        ("0.IamRole",),
    ),
    WorkloadKind(
        "transfer-user",
        "Transfer Family users",
        "transfer",
        f"{_API}/transfer/latest/APIReference/API_ListedUser.html",
        (Call("ListServers", "Servers[]"), Call("ListUsers", "Users[]", {"ServerId": "0.ServerId"})),
        "1.Arn",
        ("1.Role",),
    ),
    WorkloadKind(
        "lambda-url",
        "Lambda function URLs",
        "lambda",
        f"{_API}/lambda/latest/api/API_FunctionUrlConfig.html",
        (
            Call("ListFunctions", "Functions[]"),
            Call("ListFunctionUrlConfigs", "FunctionUrlConfigs[]", {"FunctionName": "0.FunctionName"}),
        ),
        "0.FunctionArn",
        ("0.Role",),
        traits={"public": "1.AuthType=NONE"},
    ),
)
KINDS: Mapping[str, WorkloadKind] = {kind.id: kind for kind in WORKLOAD_KINDS}
BOUND: Mapping[str, tuple[str, str]] = {
    "lambda": ("lambda-function", "arn:{partition}:lambda:{region}:{account}:function:{name}"),
    "ec2": ("ec2-instance", "arn:{partition}:ec2:{region}:{account}:instance/{name}"),
    "ecs": ("ecs-task-definition", "arn:{partition}:ecs:{region}:{account}:task-definition/{name}"),
    "eks": ("eks-pod-identity", "arn:{partition}:eks:{region}:{account}:cluster/{name}"),
}
"""The kind, and the ARN of the resource to change, for each service of a binding."""
