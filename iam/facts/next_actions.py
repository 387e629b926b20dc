"""What one operation needs beyond the action of its name: the denials that follow once the first one is fixed.

Each row names the page on which AWS documents the further permissions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

SAME = "same"
"""The resource of the refused request."""
ROLE = "role"
"""The role that the operation hands to a service."""


@dataclass(frozen=True, slots=True)
class Need:
    """A further action.

    ``on`` is `SAME`, `ROLE`, ``*`` or the beginning of the resource part of its ARNs; ``when`` is empty where the
    operation always asks for it.
    """

    action: str
    on: str = "*"
    when: str = ""

    @property
    def kind(self) -> str:
        """The kind of another resource that it is on, in words (``key/`` is a KMS key); empty for none."""
        if self.on in (SAME, ROLE, "*", ""):
            return ""
        return {"key/": "KMS key", "role/aws-service-role/": "service-linked role"}.get(self.on, self.on.strip("/:"))

    @property
    def words(self) -> str:
        on = f" on {self.kind}" if self.kind else ""
        return f"{self.action}{on}" + (f" where {self.when}" if self.when else "")


@dataclass(frozen=True, slots=True)
class NextActions:
    """The further actions of an operation, and AWS's page on them."""

    needs: tuple[Need, ...]
    page: str


_IAM = "https://docs.aws.amazon.com/IAM/latest/UserGuide"
_SAR = "https://docs.aws.amazon.com/service-authorization/latest/reference"
_KMS_READ = Need("kms:Decrypt", "key/", "it is encrypted with a customer managed key")
_KMS_WRITE = Need("kms:GenerateDataKey", "key/", "it is encrypted with a customer managed key")
_PASS = Need("iam:PassRole", ROLE)
_PASS_IF = Need("iam:PassRole", ROLE, "it sets a role")


def _next(page: str, *needs: Need) -> NextActions:
    return NextActions(needs, page)


_OBJECTS = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html"
_LAMBDA = f"{_SAR}/list_awslambda.html"
_ECS = f"{_SAR}/list_amazonelasticcontainerservice.html"
_PULL = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html"

NEXT_ACTIONS: Mapping[str, NextActions] = {
    "ec2:runinstances": _next(
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ExamplePolicies_EC2.html",
        *(
            Need("ec2:RunInstances", f"{kind}/")
            for kind in ("image", "instance", "subnet", "security-group", "network-interface", "volume")
        ),
        Need("ec2:RunInstances", "key-pair/", "it names a key pair"),
        Need("ec2:CreateTags", "instance/", "it sets tags"),
        Need("iam:PassRole", ROLE, "it has an instance profile"),
    ),
    "ec2:createvolume": _next(
        f"{_SAR}/list_amazonec2.html",
        Need("ec2:CreateTags", "volume/", "it sets tags"),
        Need("ec2:AttachVolume", "volume/", "the volume is attached afterwards"),
        Need("kms:CreateGrant", "key/", "it is encrypted with a customer managed key"),
    ),
    "lambda:createfunction": _next(
        _LAMBDA,
        _PASS,
        Need("lambda:TagResource", SAME, "it sets tags"),
        Need("lambda:GetLayerVersion", "layer:", "it has layers"),
        Need("ec2:DescribeSubnets", "*", "it is in a VPC"),
        Need("ec2:DescribeSecurityGroups", "*", "it is in a VPC"),
    ),
    "lambda:updatefunctionconfiguration": _next(
        _LAMBDA, _PASS_IF, Need("lambda:GetLayerVersion", "layer:", "it has layers")
    ),
    "ecs:registertaskdefinition": _next(_ECS, _PASS_IF, Need("ecs:TagResource", SAME, "it sets tags")),
    "ecs:runtask": _next(_ECS, _PASS_IF, Need("ecs:TagResource", "task/", "it sets tags")),
    "ecs:createservice": _next(_ECS, _PASS_IF, Need("ecs:TagResource", SAME, "it sets tags")),
    "eks:createcluster": _next(
        f"{_SAR}/list_amazonelastickubernetesservice.html",
        _PASS,
        Need("iam:CreateServiceLinkedRole", "role/aws-service-role/", "it is the account's first cluster"),
        Need("kms:CreateGrant", "key/", "its secrets are encrypted"),
    ),
    "rds:createdbinstance": _next(
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAM.Create.html",
        Need("rds:AddTagsToResource", SAME, "it sets tags"),
        Need("iam:CreateServiceLinkedRole", "role/aws-service-role/", "it is the account's first database"),
        Need("kms:CreateGrant", "key/", "it is encrypted with a customer managed key"),
        Need("secretsmanager:CreateSecret", "secret:", "RDS manages the password"),
        Need("iam:PassRole", ROLE, "it has enhanced monitoring"),
    ),
    "s3:getobject": _next(_OBJECTS, _KMS_READ),
    "s3:putobject": _next(
        _OBJECTS,
        _KMS_WRITE,
        Need("kms:Decrypt", "key/", "the upload has several parts and is encrypted"),
        Need("s3:PutObjectTagging", SAME, "it sets tags"),
        Need("s3:PutObjectAcl", SAME, "it sets an ACL"),
    ),
    "sqs:sendmessage": _next(
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html",
        _KMS_WRITE,
        _KMS_READ,
    ),
    "sqs:receivemessage": _next(
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html",
        Need("sqs:DeleteMessage", SAME, "the program deletes what it has read"),
        Need("sqs:GetQueueAttributes", SAME, "it is a Lambda event source"),
        _KMS_READ,
    ),
    "sns:publish": _next("https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html", _KMS_WRITE, _KMS_READ),
    "kinesis:putrecord": _next(
        "https://docs.aws.amazon.com/streams/latest/dev/permissions-user-key-KMS.html", _KMS_WRITE
    ),
    "secretsmanager:getsecretvalue": _next(
        "https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html", _KMS_READ
    ),
    "ssm:getparameter": _next(
        "https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-access.html",
        Need("kms:Decrypt", "key/", "it is a SecureString with a customer managed key"),
    ),
    "ssm:startsession": _next(
        "https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-restrict-access-quickstart.html",
        Need("ssm:StartSession", "document/"),
        Need("kms:GenerateDataKey", "key/", "sessions are encrypted with a key"),
    ),
    "logs:createloggroup": _next(
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-identity-based-access-control-cwl.html",
        Need("logs:CreateLogStream", "log-group:"),
        Need("logs:PutLogEvents", "log-group:"),
        Need("logs:PutRetentionPolicy", "log-group:", "a retention is set"),
        Need("logs:TagResource", "log-group:", "it sets tags"),
    ),
    "logs:createlogstream": _next(
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-identity-based-access-control-cwl.html",
        Need("logs:PutLogEvents", SAME),
    ),
    "glue:gettable": _next(
        "https://docs.aws.amazon.com/glue/latest/dg/glue-specifying-resource-arns.html",
        Need("glue:GetTable", "catalog"),
        Need("glue:GetTable", "database/"),
        Need("glue:GetTable", "table/"),
        Need("glue:GetDatabase", "database/"),
        Need("glue:GetPartitions", "table/", "the table has partitions"),
        Need("lakeformation:GetDataAccess", "*", "Lake Formation protects the table"),
    ),
    "glue:getdatabase": _next(
        "https://docs.aws.amazon.com/glue/latest/dg/glue-specifying-resource-arns.html",
        Need("glue:GetDatabase", "catalog"),
        Need("glue:GetDatabase", "database/"),
        Need("glue:GetTable", "table/"),
    ),
    "athena:startqueryexecution": _next(
        "https://docs.aws.amazon.com/athena/latest/ug/example-policies-workgroup.html",
        Need("athena:GetQueryExecution", SAME),
        Need("athena:GetQueryResults", SAME),
        Need("glue:GetTable", "table/"),
        Need("glue:GetDatabase", "database/"),
        Need("s3:GetBucketLocation", "", "the results are in a bucket"),
        Need("s3:PutObject", "", "the results are in a bucket"),
    ),
    "states:createstatemachine": _next(
        f"{_SAR}/list_awsstepfunctions.html", _PASS, Need("states:TagResource", SAME, "it sets tags")
    ),
    "cloudformation:createstack": _next(
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/control-access-with-iam.html",
        Need("cloudformation:DescribeStacks", SAME),
        Need("cloudformation:DescribeStackEvents", SAME),
        Need("iam:PassRole", ROLE, "it has a service role"),
    ),
    "cloudformation:createchangeset": _next(
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/control-access-with-iam.html",
        Need("cloudformation:DescribeChangeSet", SAME),
        Need("cloudformation:ExecuteChangeSet", SAME),
        Need("cloudformation:DescribeStacks", SAME),
        Need("iam:PassRole", ROLE, "it has a service role"),
    ),
    "iam:createrole": _next(
        f"{_SAR}/list_awsidentityandaccessmanagementiam.html",
        Need("iam:TagRole", SAME, "it sets tags"),
        Need("iam:AttachRolePolicy", SAME),
        Need("iam:PutRolePolicy", SAME, "it has inline policies"),
        Need("iam:PassRole", SAME, "a service receives the role"),
    ),
    "iam:createinstanceprofile": _next(
        f"{_SAR}/list_awsidentityandaccessmanagementiam.html",
        Need("iam:AddRoleToInstanceProfile", SAME),
        Need("iam:TagInstanceProfile", SAME, "it sets tags"),
        Need("iam:PassRole", ROLE),
    ),
    "ecr:getauthorizationtoken": _next(
        _PULL,
        Need("ecr:BatchGetImage", "repository/", "it pulls"),
        Need("ecr:GetDownloadUrlForLayer", "repository/", "it pulls"),
        Need("ecr:InitiateLayerUpload", "repository/", "it pushes"),
        Need("ecr:PutImage", "repository/", "it pushes"),
    ),
    "ecr:initiatelayerupload": _next(
        _PULL,
        Need("ecr:BatchCheckLayerAvailability", SAME),
        Need("ecr:UploadLayerPart", SAME),
        Need("ecr:CompleteLayerUpload", SAME),
        Need("ecr:PutImage", SAME),
    ),
    "ecr:batchgetimage": _next(_PULL, Need("ecr:GetDownloadUrlForLayer", SAME)),
    "sts:assumerole": _next(
        f"{_IAM}/id_session-tags.html",
        Need("sts:TagSession", SAME, "the call sets session tags"),
        Need("sts:SetSourceIdentity", SAME, "the call sets a source identity"),
    ),
    "route53:changeresourcerecordsets": _next(
        f"{_SAR}/list_amazonroute53.html",
        Need("route53:ListResourceRecordSets", SAME),
        Need("route53:ListHostedZones"),
        Need("route53:GetChange", "change/"),
    ),
    "elasticloadbalancing:createloadbalancer": _next(
        f"{_SAR}/list_elasticloadbalancingv2.html",
        Need("elasticloadbalancing:AddTags", SAME, "it sets tags"),
        Need("ec2:DescribeSubnets"),
        Need("ec2:DescribeSecurityGroups"),
        Need("iam:CreateServiceLinkedRole", "role/aws-service-role/", "it is the account's first load balancer"),
    ),
    "dynamodb:getitem": _next(
        "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html", _KMS_READ
    ),
}
"""By the refused action in lower case."""


def next_actions(action: str | None) -> NextActions | None:
    """What follows once the action is allowed; None where no row has it."""
    return NEXT_ACTIONS.get((action or "").lower())
