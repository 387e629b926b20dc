"""Roles that AWS's own tools create: their names, and the page that documents the names.

A name is an indication, not a proof: anybody can use it. Findings about such a role are still reported; they only add
that the tool writes the role's name and policies.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from iam.account import Role
from iam.regions import REGION_NAME


@dataclass(frozen=True, slots=True)
class SetUp:
    """A tool that creates roles. ``pattern`` matches the names of its roles.

    ``writes``: the tool also writes the policies of its roles.
    """

    tool: str
    pattern: str
    page: str
    writes: bool = True
    managed_from: bool = False
    """Whether, according to the page, the role trusts another account that manages this one."""
    path: str = ""
    """The path in the ARNs of the roles, without slashes, as the page shows it; "" if the page shows none."""
    compiled: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "compiled", re.compile(self.pattern))


_AWS = "https://docs.aws.amazon.com/"
SET_UPS: tuple[SetUp, ...] = (
    SetUp(
        "AWS Control Tower",
        r"AWSControlTower(Execution|Admin|StackSetRole|CloudTrailRole|ConfigAggregatorRoleForOrganizations)"
        r"|aws-controltower-[A-Za-z]+Role",
        _AWS + "controltower/latest/userguide/roles-how.html",
        managed_from=True,
    ),
    SetUp(
        "Account Factory for Terraform",
        r"AWSAFT(Admin|Execution|Service)",
        _AWS + "controltower/latest/userguide/aft-required-roles.html",
        managed_from=True,
    ),
    SetUp(
        "AWS Organizations",
        r"OrganizationAccountAccessRole",
        _AWS + "organizations/latest/userguide/orgs_manage_accounts_access.html",
        managed_from=True,
    ),
    SetUp(
        "CloudFormation StackSets",
        r"AWSCloudFormationStackSet(Administration|Execution)Role",
        _AWS + "AWSCloudFormation/latest/UserGuide/stacksets-prereqs-self-managed.html",
        managed_from=True,
    ),
    SetUp(
        "CloudFormation StackSets",
        r"stacksets-exec-[0-9a-f]{32}",
        _AWS + "AWSCloudFormation/latest/UserGuide/stacksets-custom-execution-role.html",
        managed_from=True,
    ),
    SetUp(
        "the CDK's bootstrap",
        rf"cdk-[a-z0-9]{{1,10}}-(cfn-exec|deploy|file-publishing|image-publishing|lookup)-role-\d{{12}}-{REGION_NAME}",
        _AWS + "cdk/v2/guide/bootstrapping-env.html",
    ),
    SetUp(
        "AWS Amplify",
        r"amplify-[A-Za-z0-9]+-[A-Za-z0-9]+-[A-Za-z0-9]{5,8}-(auth|unauth)Role|amplifyconsole-backend-role",
        "https://docs.amplify.aws/gen1/javascript/tools/cli/reference/iam/",
    ),
    SetUp(
        "AWS Elastic Beanstalk",
        r"aws-elasticbeanstalk-(ec2|service)-role",
        _AWS + "elasticbeanstalk/latest/dg/concepts-roles.html",
    ),
    SetUp(
        "Systems Manager Quick Setup",
        r"AWS-QuickSetup-[\w+=,.@-]+|AmazonSSMRoleForInstancesQuickSetup",
        _AWS + "systems-manager/latest/userguide/systems-manager-quick-setup.html",
    ),
    SetUp(
        "the SageMaker console",
        r"AmazonSageMaker-ExecutionRole-\d{8}T\d{6}|AmazonSageMakerServiceCatalogProducts\w+Role",
        _AWS + "sagemaker/latest/dg/sagemaker-roles.html",
        path="service-role",
    ),
    SetUp(
        "Amazon EMR",
        r"EMR_(EC2_|AutoScaling_|Notebooks_)?DefaultRole",
        _AWS + "emr/latest/ManagementGuide/emr-iam-roles.html",
    ),
    SetUp(
        "AWS Backup",
        r"AWSBackupDefaultServiceRole",
        _AWS + "aws-backup/latest/devguide/iam-service-roles.html",
        path="service-role",
    ),
    SetUp("AWS DMS", r"dms-(vpc|cloudwatch-logs)-role", _AWS + "dms/latest/userguide/security-iam.html"),
    SetUp(
        "Amazon ECS",
        r"ecs(TaskExecution|Instance|Events|Autoscale)Role",
        _AWS + "AmazonECS/latest/developerguide/security-ecs-iam-role-overview.html",
    ),
    SetUp("Amazon RDS", r"rds-monitoring-role", _AWS + "AmazonRDS/latest/UserGuide/USER_Monitoring.OS.Enabling.html"),
    SetUp(
        "the CloudTrail console",
        r"CloudTrail_CloudWatchLogs_Role",
        _AWS + "awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html",
    ),
    SetUp(
        "the CodePipeline console",
        rf"AWSCodePipelineServiceRole-{REGION_NAME}-[\w+=,.@-]+",
        _AWS + "codepipeline/latest/userguide/pipelines-create-service-role.html",
        path="service-role",
    ),
    SetUp(
        "the CodeBuild console",
        r"codebuild-[\w+=,.@-]+-service-role",
        _AWS + "codebuild/latest/userguide/setting-up-service-role.html",
        path="service-role",
    ),
    SetUp(
        "the EventBridge console",
        r"Amazon_EventBridge_(Invoke|Pipe|Scheduler)_[\w+=,.@-]+",
        _AWS + "eventbridge/latest/userguide/eb-use-identity-based.html",
    ),
    SetUp(
        "Amazon Cognito",
        r"Cognito_\w+(Auth|Unauth)_Role",
        _AWS + "cognito/latest/developerguide/iam-roles.html",
    ),
    SetUp("eksctl", r"eksctl-[\w+=,.@-]+", "https://docs.aws.amazon.com/eks/latest/eksctl/what-is-eksctl.html"),
    SetUp(
        "CloudFormation",
        r"[A-Za-z][\w-]*-[A-Za-z0-9]+-(?=[A-Za-z0-9]*[A-Z])(?=[A-Za-z0-9]*\d)[A-Za-z0-9]{12,13}",
        _AWS + "AWSCloudFormation/latest/TemplateReference/aws-properties-name.html",
        writes=False,
    ),
    SetUp(
        "Terraform",
        r"[\w+=,.@-]*\d{20}[0-9a-f]{6,12}",
        "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role",
        writes=False,
    ),
)


def set_up_of(role: Role) -> SetUp | None:
    """Return the tool that probably created the role, judged by the role's name, or None."""
    return _named(role.name)


def path_of(name: str) -> tuple[str, str]:
    """Return the path of the roles that a tool creates with such a name, and the tool; ("", "") if none is known."""
    set_up = _named(name)
    return (set_up.path, set_up.tool) if set_up is not None and set_up.path else ("", "")


@lru_cache(maxsize=8192)
def _named(name: str) -> SetUp | None:
    return next((each for each in SET_UPS if each.compiled.fullmatch(name)), None)
