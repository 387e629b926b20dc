"""Messages of AWS Batch about its service role, compute environments and Spot Fleet's role."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, assumed_by, row
from diagnostics.who import Who
from iam.claims import Ground

_DOCS = "https://docs.aws.amazon.com"
_BATCH = f"{_DOCS}/batch/latest/userguide"

BATCH_SERVICE_ROLE: tuple[ServiceSentence, ...] = (
    row(
        "service_role_permissions",
        r"MISCONFIGURATION:SERVICE_ROLE_PERMISSIONS",
        "AWS Batch's service role",
        "AWS Batch's service role lacks permissions",
        "AWS Batch's service role lacks permissions, not the job's role or whoever submits the job.",
        UsualCause(
            "The compute environment has its own service role, with an old or narrow policy: use the "
            "service-linked role AWSServiceRoleForBatch, or allow that role the actions of AWSBatchServiceRole.",
            "aws batch describe-compute-environments --query "
            "'computeEnvironments[].[computeEnvironmentName,serviceRole,statusReason]'",
        ),
        page="https://docs.aws.amazon.com/batch/latest/userguide/job_stuck_in_runnable.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
)

BATCH_COMPUTE_ENVIRONMENTS: tuple[ServiceSentence, ...] = (
    # AWS Batch User Guide, "Jobs stuck in RUNNABLE status": the instances must be able to register with the cluster.
    row(
        "none of the instances joined the underlying ecs cluster",
        r"none of the instances joined the underlying ECS Cluster",
        "the container instances of the compute environment",
        "no instance of the compute environment joined its ECS cluster",
        "The instances start but do not join the ECS cluster: most often their subnet does not reach ECS, or their "
        "instance profile lacks AmazonEC2ContainerServiceforEC2Role. Batch's service role and the job's role are not "
        "the cause.",
        UsualCause("The instances need a way to ECS: a public IP address and an internet gateway, a NAT gateway, or "
                   "VPC endpoints for ecs, ecs-agent, ecs-telemetry, ecr.api, ecr.dkr, logs and S3.",
                   "aws batch describe-compute-environments --query "
                   "'computeEnvironments[].[computeEnvironmentName,computeResources.subnets,"
                   "computeResources.securityGroupIds]'", Who.RESOURCE_OWNER),
        UsualCause("computeResources.instanceRole must name an instance profile whose role trusts ec2.amazonaws.com "
                   "and has AmazonEC2ContainerServiceforEC2Role.",
                   "aws batch describe-compute-environments --query "
                   "'computeEnvironments[].[computeEnvironmentName,computeResources.instanceRole]'"),
        UsualCause("A custom image or launch template starts no ECS agent, or joins another cluster: use an "
                   "ECS-optimized image, and let Batch set ECS_CLUSTER. Then disable and enable the compute "
                   "environment.", None, Who.RESOURCE_OWNER),
        page=f"{_BATCH}/job_stuck_in_runnable.html",
    ),
    # AWS Batch User Guide, "INVALID compute environment".
    row(
        "client_error - not authorized to perform sts:assumerole",
        r"CLIENT_ERROR - Not authorized to perform sts:AssumeRole",
        "AWS Batch, which assumes the service role",
        "AWS Batch cannot assume the service role of the compute environment",
        "AWS Batch cannot assume the compute environment's service role: its name or ARN is wrong (often the path is "
        "missing), or the role does not trust batch.amazonaws.com.",
        UsualCause("Give the compute environment the role's full ARN with its path (…:role/service-role/…): aws batch "
                   "update-compute-environment --service-role ARN. The role must exist and trust batch.amazonaws.com. "
                   "Those who submit jobs need no further permission.",
                   "aws batch describe-compute-environments --query "
                   "'computeEnvironments[].[computeEnvironmentName,serviceRole,statusReason]'"),
        page=f"{_BATCH}/invalid_compute_environment.html",
        cause="trust.principal-mismatch",
        ground=Ground.LIKENESS,
        asks=assumed_by("batch.amazonaws.com"),
    ),
    row(
        ("iamfleetrole is invalid", "iamfleetroleinvalid"),
        r"SpotFleetRequestConfig\.IamFleetRole is invalid|\biamFleetRoleInvalid\b",
        "the role of the Spot Fleet",
        "EC2 does not accept the Spot Fleet's role",
        "EC2 cannot use the Spot Fleet role: its name or ARN is wrong, it does not trust spotfleet.amazonaws.com, or "
        "it lacks permissions to launch or end instances.",
        UsualCause("Use the role's full ARN (in AWS Batch, spotIamFleetRole of the compute environment). The role "
                   "must exist, trust spotfleet.amazonaws.com, and have AmazonEC2SpotFleetTaggingRole.",
                   "aws batch describe-compute-environments --query "
                   "'computeEnvironments[].[computeEnvironmentName,computeResources.spotIamFleetRole]'"),
        page=f"{_BATCH}/invalid_compute_environment.html",
        cause="trust.principal-mismatch",
        ground=Ground.LIKENESS,
        asks=assumed_by("spotfleet.amazonaws.com"),
    ),
)  # fmt: skip
