"""The services that take roles, as the creation lists them."""

from __future__ import annotations

import re

from iam.creation.recipes.recipe import RecipeError
from iam.frozen import frozen
from iam.services import is_known_principal, nearest_principal


@frozen
class ServiceUse:
    """A service that takes roles; ``page`` is that of AWS's documentation which has its role's trust policy, below
    `DOCUMENTATION`. ``note`` is what to know of it."""

    id: str
    principal: str
    title: str
    page: str
    note: str = ""


DOCUMENTATION = "https://docs.aws.amazon.com/"

SERVICES: tuple[ServiceUse, ...] = (
    ServiceUse(
        "ec2",
        "ec2.amazonaws.com",
        "EC2 instance",
        "AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html",
        note="EC2 takes the role in an instance profile.",
    ),
    ServiceUse(
        "lambda", "lambda.amazonaws.com", "Lambda function", "lambda/latest/dg/lambda-intro-execution-role.html"
    ),
    ServiceUse(
        "ecs-tasks",
        "ecs-tasks.amazonaws.com",
        "ECS task, and ECS task execution",
        "AmazonECS/latest/developerguide/task-iam-roles.html",
    ),
    ServiceUse(
        "ecs", "ecs.amazonaws.com", "ECS infrastructure", "AmazonECS/latest/developerguide/infrastructure_IAM_role.html"
    ),
    ServiceUse(
        "codebuild",
        "codebuild.amazonaws.com",
        "CodeBuild project",
        "codebuild/latest/userguide/setting-up-service-role.html",
    ),
    ServiceUse(
        "codepipeline",
        "codepipeline.amazonaws.com",
        "CodePipeline pipeline",
        "codepipeline/latest/userguide/pipelines-create-service-role.html",
    ),
    ServiceUse(
        "codedeploy",
        "codedeploy.amazonaws.com",
        "CodeDeploy",
        "codedeploy/latest/userguide/getting-started-create-service-role.html",
    ),
    ServiceUse("glue", "glue.amazonaws.com", "Glue job or crawler", "glue/latest/dg/create-an-iam-role.html"),
    ServiceUse(
        "states",
        "states.amazonaws.com",
        "Step Functions state machine",
        "step-functions/latest/dg/procedure-create-iam-role.html",
    ),
    ServiceUse(
        "scheduler",
        "scheduler.amazonaws.com",
        "Scheduler",
        "scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html",
    ),
    ServiceUse(
        "events", "events.amazonaws.com", "EventBridge rule", "eventbridge/latest/userguide/eb-events-iam-roles.html"
    ),
    ServiceUse(
        "pipes", "pipes.amazonaws.com", "EventBridge pipe", "eventbridge/latest/userguide/eb-pipes-permissions.html"
    ),
    ServiceUse("sagemaker", "sagemaker.amazonaws.com", "SageMaker AI", "sagemaker/latest/dg/sagemaker-roles.html"),
    ServiceUse(
        "bedrock", "bedrock.amazonaws.com", "Amazon Bedrock", "bedrock/latest/userguide/agents-permissions.html"
    ),
    ServiceUse(
        "apigateway", "apigateway.amazonaws.com", "API Gateway", "apigateway/latest/developerguide/set-up-logging.html"
    ),
    ServiceUse(
        "firehose", "firehose.amazonaws.com", "Data Firehose stream", "firehose/latest/dev/controlling-access.html"
    ),
    ServiceUse(
        "cloudformation",
        "cloudformation.amazonaws.com",
        "CloudFormation stack",
        "AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html",
    ),
    ServiceUse("batch", "batch.amazonaws.com", "AWS Batch", "batch/latest/userguide/service_IAM_role.html"),
    ServiceUse("backup", "backup.amazonaws.com", "AWS Backup", "aws-backup/latest/devguide/iam-service-roles.html"),
    ServiceUse(
        "ssm", "ssm.amazonaws.com", "Systems Manager", "systems-manager/latest/userguide/automation-setup-iam.html"
    ),
    ServiceUse(
        "vpc-flow-logs", "vpc-flow-logs.amazonaws.com", "VPC flow logs", "vpc/latest/userguide/flow-logs-iam-role.html"
    ),
    ServiceUse(
        "eks",
        "eks.amazonaws.com",
        "EKS cluster, with Auto Mode or without",
        "eks/latest/userguide/auto-cluster-iam-role.html",
    ),
    ServiceUse(
        "eks-fargate-pods",
        "eks-fargate-pods.amazonaws.com",
        "EKS pods on Fargate",
        "eks/latest/userguide/pod-execution-role.html",
    ),
    ServiceUse(
        "rds",
        "rds.amazonaws.com",
        "RDS",
        "AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Integrating.Authorizing.IAM.CreateRole.html",
    ),
    ServiceUse(
        "monitoring-rds",
        "monitoring.rds.amazonaws.com",
        "RDS enhanced monitoring",
        "AmazonRDS/latest/UserGuide/USER_Monitoring.OS.Enabling.html",
    ),
    ServiceUse(
        "transfer", "transfer.amazonaws.com", "Transfer Family", "transfer/latest/userguide/requirements-roles.html"
    ),
    ServiceUse(
        "redshift", "redshift.amazonaws.com", "Redshift", "redshift/latest/mgmt/authorizing-redshift-service.html"
    ),
    ServiceUse("dms", "dms.amazonaws.com", "Database Migration Service", "dms/latest/userguide/security-iam.html"),
    ServiceUse(
        "s3", "s3.amazonaws.com", "S3 replication", "AmazonS3/latest/userguide/setting-repl-config-perm-overview.html"
    ),
    ServiceUse(
        "batchoperations-s3",
        "batchoperations.s3.amazonaws.com",
        "S3 Batch Operations",
        "AmazonS3/latest/userguide/batch-ops-iam-role-policies.html",
    ),
    ServiceUse(
        "rolesanywhere",
        "rolesanywhere.amazonaws.com",
        "IAM Roles Anywhere",
        "rolesanywhere/latest/userguide/trust-model.html",
    ),
    ServiceUse(
        "fis",
        "fis.amazonaws.com",
        "Fault Injection Service experiment",
        "fis/latest/userguide/getting-started-iam-service-role.html",
    ),
    ServiceUse(
        "apprunner",
        "tasks.apprunner.amazonaws.com",
        "App Runner instance",
        "apprunner/latest/dg/security_iam_service-with-iam.html",
    ),
    ServiceUse(
        "airflow",
        "airflow.amazonaws.com",
        "Managed Airflow (MWAA) environment",
        "mwaa/latest/userguide/mwaa-create-role.html",
    ),
    ServiceUse(
        "datasync",
        "datasync.amazonaws.com",
        "DataSync",
        "datasync/latest/userguide/cross-service-confused-deputy-prevention.html",
    ),
    ServiceUse(
        "personalize",
        "personalize.amazonaws.com",
        "Amazon Personalize",
        "personalize/latest/dg/set-up-required-permissions.html",
    ),
)

ALSO_ALLOWED = {"eks.amazonaws.com": ("sts:TagSession",)}
"""What a service's role allows beside sts:AssumeRole for some uses of it: EKS Auto Mode tags its sessions (EKS User
Guide, "Amazon EKS Auto Mode cluster IAM role")."""

LET_IN_BESIDE = {
    "edgelambda.amazonaws.com": ("lambda.amazonaws.com",),
    "airflow.amazonaws.com": ("airflow-env.amazonaws.com",),
}
"""Lambda@Edge replicates a function of Lambda's, and both take its role (CloudFront Developer Guide, "Set up IAM
permissions and roles for Lambda@Edge"). An environment of MWAA takes its role by two principals (MWAA User Guide,
"Cross-service confused deputy prevention")."""

_PRINCIPAL = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.amazonaws\.com(?:\.cn)?")


def service_principal(name: str) -> str:
    """``lambda`` or ``lambda.amazonaws.com`` as the principal. Raises `RecipeError`."""
    text = name.strip().lower()
    known = next((each for each in SERVICES if text in (each.id, each.principal)), None)
    if known is not None:
        return known.principal
    if re.fullmatch(r"[a-z0-9-]+", text):
        text = f"{text}.amazonaws.com"
        # Of a principal that is written out the check says the same: a service may be newer than the list.
        if not is_known_principal(text) and (meant := nearest_principal(text)) is not None:
            raise RecipeError("service", f"There is no service {name[:60]} that takes roles. Did you mean {meant}?")
    if not _PRINCIPAL.fullmatch(text):
        raise RecipeError("service", f"A service is named like lambda.amazonaws.com, and {name[:60]} is not.")
    return text
