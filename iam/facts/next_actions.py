"""Further actions that an operation needs. They would be denied next, once the denied action is allowed.

Each row names the page on which AWS documents the further permissions. If that page is the Service Authorization
Reference, it only lists the actions: no page was found that says that they are needed together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from iam.passed_roles import principal_passed_to
from iam.service_reference import action_names

SAME = "same"
"""Represents the resource of the denied request."""
ROLE = "role"
"""Represents the role that the operation passes to a service."""


@dataclass(frozen=True, slots=True)
class Need:
    """A further action.

    ``on`` is the resource: `SAME`, `ROLE`, ``*``, or the beginning of the resource part of its ARN. ``when`` says when
    the operation needs the action; "" means always. ``given`` are the parameters (only letters, in lower case) that
    cause the need or that name the resource. ``of_parts``: only uploads in several parts need it. ``by_default``: the
    account may have a default for these parameters, so that it is unknown whether the action is needed without them.
    ``page`` is AWS's page about this need, if it is not the page of the row.
    """

    action: str
    on: str = "*"
    when: str = ""
    given: tuple[str, ...] = ()
    by_default: bool = False
    of_parts: bool = False
    page: str = ""

    @property
    def kind(self) -> str:
        """The kind of resource, in words (``key/`` is a KMS key).

        "" if the resource is `SAME`, `ROLE` or ``*``.
        """
        if self.on in (SAME, ROLE, "*", ""):
            return ""
        return {"key/": "KMS key", "role/aws-service-role/": "service-linked role"}.get(self.on, self.on.strip("/:"))

    @property
    def words(self) -> str:
        on = f" on {self.kind}" if self.kind else ""
        return f"{self.action}{on}" + (f" where {self.when}" if self.when else "")


@dataclass(frozen=True, slots=True)
class NextActions:
    """The further actions that an operation needs, and AWS's page about them."""

    needs: tuple[Need, ...]
    page: str


_IAM = "https://docs.aws.amazon.com/IAM/latest/UserGuide"
_SAR = "https://docs.aws.amazon.com/service-authorization/latest/reference"
_MANAGED = "https://docs.aws.amazon.com/aws-managed-policy/latest/reference"
_KEYS = ("kmskeyid", "ssekmskeyid", "kmskeyarn", "kmsmasterkeyid", "keyid", "kmskey")
_TAGS = ("tags", "tagging", "tagspecifications", "tagset")
ROLES = (
    *("role", "rolearn", "servicerole", "servicerolearn", "taskrolearn", "jobrolearn", "executionrole"),
    *("executionrolearn", "iamrole", "iaminstanceprofile", "instanceprofile"),
)
"""Parameters that name the role, or the instance profile with the role, that the operation passes to a service."""
_ENCRYPTED = "a customer managed key encrypts it"


def _key(action: str, when: str = _ENCRYPTED, *, by_default: bool = False) -> Need:
    return Need(action, "key/", when, _KEYS, by_default)


def _tagged(action: str, on: str = SAME, page: str = "") -> Need:
    return Need(action, on, "it sets tags", _TAGS, page=page)


_KMS_READ = _key("kms:Decrypt", by_default=True)
_KMS_WRITE = _key("kms:GenerateDataKey", by_default=True)
_KMS_BOTH = (_KMS_WRITE, _KMS_READ)
_STREAMS = "https://docs.aws.amazon.com/streams/latest/dev/permissions-user-key-KMS.html"
_PASSING = f"{_IAM}/id_roles_use_passrole.html"
"""Every operation that assigns a role to a service: "The service then checks whether that user has the iam:PassRole
permission"."""
_PASS = Need("iam:PassRole", ROLE, given=ROLES, page=_PASSING)
_PASS_IF = Need("iam:PassRole", ROLE, "it sets a role", ROLES, page=_PASSING)


def _next(page: str, *needs: Need) -> NextActions:
    return NextActions(needs, page)


_OBJECTS = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html"
_PUT_OBJECT = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html"
_LAMBDA = "https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html"
_LAYERS = Need("lambda:GetLayerVersion", "layer:", "it has layers", ("layers",))
_VPC = tuple(
    Need(
        f"ec2:Describe{name}",
        "*",
        "it is in a VPC",
        ("vpcconfig",),
        page="https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html",
    )
    for name in ("Subnets", "SecurityGroups", "Vpcs")
)
_ECS = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/supported-iam-actions-tagging.html"
_PUSH = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html"
_UPLOADS = ("BatchCheckLayerAvailability", "UploadLayerPart", "CompleteLayerUpload", "PutImage")
_PULL = f"{_MANAGED}/AmazonEC2ContainerRegistryPullOnly.html"
_FINE_GRAINED = "https://docs.aws.amazon.com/athena/latest/ug/fine-grained-access-to-glue-resources.html"
_MANAGED_PASSWORD = "managemasteruserpassword"
_PASSWORD = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html"

NEXT_ACTIONS: Mapping[str, NextActions] = {
    "kms:reencryptfrom": _next(
        "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-requirements.html",
        Need("kms:ReEncryptTo", "key/"),
        *(
            Need(f"kms:{name}", "key/", "EBS encrypts a volume or snapshot with it")
            for name in ("CreateGrant", "Decrypt", "DescribeKey", "GenerateDataKeyWithoutPlaintext")
        ),
    ),
    "kms:generatedatakeywithoutplaintext": _next(
        "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-requirements.html",
        *(
            Need(f"kms:{name}", "key/", "EBS encrypts a volume or snapshot with it")
            for name in ("CreateGrant", "Decrypt", "DescribeKey", "ReEncryptFrom", "ReEncryptTo")
        ),
    ),
    "ec2:runinstances": _next(
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ExamplePolicies_EC2.html",
        *(
            Need("ec2:RunInstances", f"{kind}/", given=given)
            for kind, given in (
                ("image", ("imageid",)),
                ("instance", ()),
                ("subnet", ("subnetid",)),
                ("security-group", ("securitygroupids", "vpcsecuritygroupids")),
                ("network-interface", ()),
                ("volume", ()),
            )
        ),
        Need("ec2:RunInstances", "key-pair/", "it names a key pair", ("keyname",)),
        _tagged("ec2:CreateTags", "instance/"),
        Need("iam:PassRole", ROLE, "it has an instance profile", ROLES),
    ),
    "ec2:createvolume": _next(
        "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-requirements.html",
        _tagged(
            "ec2:CreateTags",
            "volume/",
            "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html",
        ),
        *(
            _key(f"kms:{name}", by_default=True)
            for name in ("CreateGrant", "Decrypt", "DescribeKey", "GenerateDataKeyWithoutPlaintext")
        ),
        *(_key(f"kms:ReEncrypt{side}", by_default=True) for side in ("From", "To")),
    ),
    "lambda:createfunction": _next(
        _LAMBDA,
        _PASS,
        _tagged("lambda:TagResource"),
        _LAYERS,
        *_VPC,
        _key("kms:CreateGrant"),
        _key("kms:Encrypt"),
    ),
    "lambda:updatefunctionconfiguration": _next(
        _LAMBDA, _PASS_IF, _LAYERS, *_VPC, _key("kms:CreateGrant"), _key("kms:Encrypt")
    ),
    "ecs:registertaskdefinition": _next(_ECS, _PASS_IF, _tagged("ecs:TagResource")),
    "ecs:runtask": _next(_ECS, _PASS_IF, _tagged("ecs:TagResource", "task/")),
    "ecs:createservice": _next(_ECS, _PASS_IF, _tagged("ecs:TagResource")),
    "eks:createcluster": _next(
        f"{_SAR}/list_amazonelastickubernetesservice.html",
        _PASS,
        Need("iam:CreateServiceLinkedRole", "role/aws-service-role/", "it is the account's first cluster"),
        _key("kms:CreateGrant", "its secrets are encrypted"),
        _tagged("eks:TagResource"),
    ),
    "rds:createdbinstance": _next(
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html",
        _tagged("rds:AddTagsToResource"),
        Need(
            "iam:CreateServiceLinkedRole",
            "role/aws-service-role/",
            "it is the account's first database",
            page="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAM.ServiceLinkedRoles.html",
        ),
        _key("kms:CreateGrant"),
        Need("kms:DescribeKey", "key/", f"{_ENCRYPTED}, or RDS manages the password", (*_KEYS, _MANAGED_PASSWORD)),
        *(
            Need(f"secretsmanager:{name}", "secret:", "RDS manages the password", (_MANAGED_PASSWORD,), page=_PASSWORD)
            for name in ("CreateSecret", "TagResource")
        ),
        *(
            Need(
                f"kms:{name}",
                "key/",
                "the password's secret has a customer managed key",
                ("masterusersecretkmskeyid",),
                page=_PASSWORD,
            )
            for name in ("Decrypt", "GenerateDataKey", "CreateGrant")
        ),
        Need("iam:PassRole", ROLE, "it has enhanced monitoring", ("monitoringrolearn",), page=_PASSING),
    ),
    "s3:getobject": _next(_OBJECTS, _KMS_READ),
    "s3:putobject": _next(
        _OBJECTS,
        _KMS_WRITE,
        Need("kms:Decrypt", "key/", "the upload has several parts and is encrypted", of_parts=True),
        Need("s3:PutObjectTagging", SAME, "it sets tags", ("tagging",), page=_PUT_OBJECT),
        Need(
            "s3:PutObjectAcl",
            SAME,
            "it sets an ACL",
            ("acl", "grants", "grantread", "grantfullcontrol", "canned_acl", "aws_default_acl", "s3_acl"),
            page=_PUT_OBJECT,
        ),
    ),
    "sqs:sendmessage": _next(
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html",
        _KMS_WRITE,
        _KMS_READ,
    ),
    "sqs:receivemessage": _next(
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html",
        *(
            Need(f"sqs:{name}", SAME, when, page=f"{_MANAGED}/AWSLambdaSQSQueueExecutionRole.html")
            for name, when in (
                ("DeleteMessage", "the program deletes what it has read"),
                ("GetQueueAttributes", "it is a Lambda event source"),
            )
        ),
        _KMS_READ,
    ),
    "sns:publish": _next("https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html", _KMS_WRITE, _KMS_READ),
    "kinesis:putrecord": _next(_STREAMS, _KMS_WRITE),
    "kinesis:putrecords": _next(_STREAMS, _KMS_WRITE),
    "kinesis:getrecords": _next(_STREAMS, _KMS_READ),
    # Streams of Amazon Data Firehose since April 2026, according to AWS's notice of the change, which is quoted in
    # https://github.com/ministryofjustice/modernisation-platform/issues/12957.
    "firehose:putrecord": _next("https://docs.aws.amazon.com/firehose/latest/dev/encryption.html", *_KMS_BOTH),
    "firehose:putrecordbatch": _next("https://docs.aws.amazon.com/firehose/latest/dev/encryption.html", *_KMS_BOTH),
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
    # A program that writes logs needs these actions together.
    "logs:createloggroup": _next(
        f"{_MANAGED}/AWSLambdaBasicExecutionRole.html",
        Need("logs:CreateLogStream", "log-group:"),
        Need("logs:PutLogEvents", "log-group:"),
        Need("logs:PutRetentionPolicy", "log-group:", "a retention is set"),
        _tagged(
            "logs:TagResource",
            "log-group:",
            "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html",
        ),
    ),
    "logs:createlogstream": _next(f"{_MANAGED}/AWSLambdaBasicExecutionRole.html", Need("logs:PutLogEvents", SAME)),
    "glue:gettable": _next(
        "https://docs.aws.amazon.com/glue/latest/dg/glue-specifying-resource-arns.html",
        Need("glue:GetTable", "catalog"),
        Need("glue:GetTable", "database/"),
        Need("glue:GetTable", "table/"),
        Need(
            "lakeformation:GetDataAccess",
            "*",
            "Lake Formation protects the table",
            page="https://docs.aws.amazon.com/athena/latest/ug/lf-athena-user-permissions.html",
        ),
    ),
    "glue:getdatabase": _next(
        "https://docs.aws.amazon.com/glue/latest/dg/glue-specifying-resource-arns.html",
        Need("glue:GetDatabase", "catalog"),
        Need("glue:GetDatabase", "database/"),
    ),
    "athena:startqueryexecution": _next(
        "https://docs.aws.amazon.com/athena/latest/ug/example-policies-workgroup.html",
        Need("athena:GetQueryExecution", SAME),
        Need("athena:GetQueryResults", SAME),
        *(Need(f"glue:{name}", "catalog", page=_FINE_GRAINED) for name in ("GetDatabase", "GetTable")),
        *(
            Need(f"glue:{name}", "database/", given=("database",), page=_FINE_GRAINED)
            for name in ("GetDatabase", "GetTable")
        ),
        Need("glue:GetTable", "table/", page=_FINE_GRAINED),
        *(
            Need(
                f"s3:{name}",
                "",
                "the results are in a bucket",
                ("outputlocation",),
                by_default=True,
                page=f"{_MANAGED}/AmazonAthenaFullAccess.html",
            )
            for name in ("GetBucketLocation", "PutObject", "GetObject")
        ),
    ),
    "athena:getqueryresults": _next(
        "https://docs.aws.amazon.com/athena/latest/APIReference/API_GetQueryResults.html",
        Need("s3:GetObject", "", "the results are in a bucket", by_default=True),
        Need(
            "kms:Decrypt",
            "key/",
            "the results are encrypted with a customer managed key",
            by_default=True,
            page="https://docs.aws.amazon.com/athena/latest/ug/encryption.html",
        ),
    ),
    "states:createstatemachine": _next(
        _PASSING, _PASS, _tagged("states:TagResource", page=f"{_SAR}/list_awsstepfunctions.html")
    ),
    "glue:createjob": _next(
        "https://docs.aws.amazon.com/glue/latest/dg/attach-policy-iam-user.html",
        _PASS,
        _tagged("glue:TagResource", page="https://docs.aws.amazon.com/glue/latest/dg/monitor-tags.html"),
    ),
    "codebuild:createproject": _next(_PASSING, _PASS),
    "codebuild:updateproject": _next(_PASSING, _PASS_IF),
    "scheduler:createschedule": _next(
        f"{_MANAGED}/AmazonEventBridgeSchedulerFullAccess.html",
        _PASS,
    ),
    "sagemaker:createtrainingjob": _next(
        "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html",
        _PASS,
        _tagged("sagemaker:AddTags", page=f"{_MANAGED}/AmazonSageMakerFullAccess.html"),
    ),
    "firehose:createdeliverystream": _next(
        "https://docs.aws.amazon.com/firehose/latest/APIReference/API_CreateDeliveryStream.html",
        _PASS_IF,
        _tagged("firehose:TagDeliveryStream"),
    ),
    "batch:registerjobdefinition": _next(
        _PASSING, _PASS_IF, _tagged("batch:TagResource", "job-definition/", f"{_SAR}/list_awsbatch.html")
    ),
    "sns:createtopic": _next(
        "https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html", _tagged("sns:TagResource")
    ),
    "sqs:createqueue": _next(
        "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html",
        _tagged("sqs:TagQueue"),
    ),
    "dynamodb:createtable": _next(
        "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html",
        _tagged("dynamodb:TagResource"),
        *(
            _key(f"kms:{name}")
            for name in (
                *("Encrypt", "Decrypt", "ReEncryptFrom", "ReEncryptTo", "GenerateDataKey"),
                *("GenerateDataKeyWithoutPlaintext", "DescribeKey", "CreateGrant"),
            )
        ),
    ),
    # The AWS CDK grants both actions to readers of a configuration
    # (https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_appconfig-readme.html).
    "appconfig:startconfigurationsession": _next(
        "https://docs.aws.amazon.com/appconfig/2019-10-09/APIReference/API_appconfigdata_StartConfigurationSession.html",
        Need("appconfig:GetLatestConfiguration", SAME),
    ),
    "secretsmanager:createsecret": _next(
        "https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html",
        _tagged(
            "secretsmanager:TagResource",
            page="https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html",
        ),
        _key("kms:GenerateDataKey"),
        _key("kms:Decrypt"),
    ),
    "ssm:putparameter": _next(
        "https://docs.aws.amazon.com/systems-manager/latest/userguide/secure-string-parameter-kms-encryption.html",
        _tagged("ssm:AddTagsToResource"),
        _key("kms:Encrypt", "it is a SecureString with a customer managed key"),
        Need("kms:GenerateDataKey", "key/", "it is an advanced SecureString with a customer managed key"),
    ),
    "cloudformation:createstack": _next(
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/control-access-with-iam.html",
        Need("cloudformation:DescribeStacks", SAME),
        Need("cloudformation:DescribeStackEvents", SAME),
        Need("iam:PassRole", ROLE, "it has a service role", ROLES, page=_PASSING),
    ),
    "cloudformation:createchangeset": _next(
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/control-access-with-iam.html",
        Need("cloudformation:DescribeChangeSet", SAME),
        Need("cloudformation:ExecuteChangeSet", SAME),
        Need("cloudformation:DescribeStacks", SAME),
        Need("iam:PassRole", ROLE, "it has a service role", ROLES, page=_PASSING),
    ),
    "iam:createrole": _next(
        f"{_IAM}/id_roles_create_for-service.html",
        _tagged("iam:TagRole", page=f"{_IAM}/id_tags_roles.html"),
        Need("iam:AttachRolePolicy", SAME),
        Need("iam:PutRolePolicy", SAME, "it has inline policies"),
        Need("iam:PassRole", SAME, "a service receives the role", page=_PASSING),
    ),
    "iam:createinstanceprofile": _next(
        f"{_IAM}/troubleshoot_iam-ec2.html",
        Need("iam:AddRoleToInstanceProfile", SAME),
        _tagged("iam:TagInstanceProfile", page=f"{_IAM}/id_tags_instance-profiles.html"),
        Need(
            "iam:PassRole",
            ROLE,
            page="https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddRoleToInstanceProfile.html",
        ),
    ),
    "ecr:getauthorizationtoken": _next(
        _PUSH,
        Need("ecr:BatchGetImage", "repository/", "it pulls or pushes"),
        Need("ecr:GetDownloadUrlForLayer", "repository/", "it pulls", page=_PULL),
        *(Need(f"ecr:{name}", "repository/", "it pushes") for name in ("InitiateLayerUpload", *_UPLOADS)),
    ),
    "ecr:initiatelayerupload": _next(
        _PUSH, *(Need(f"ecr:{name}", SAME) for name in _UPLOADS), Need("ecr:BatchGetImage", SAME)
    ),
    # IAM User Guide, "Service bearer tokens": the service requests one on the caller's behalf.
    "codeartifact:getauthorizationtoken": _next(
        f"{_IAM}/id_credentials_bearer.html", Need("sts:GetServiceBearerToken")
    ),
    "ecr-public:getauthorizationtoken": _next(
        "https://docs.aws.amazon.com/AmazonECR/latest/public/public-registry-auth.html",
        Need("sts:GetServiceBearerToken"),
    ),
    "ecr:batchgetimage": _next(_PULL, Need("ecr:GetDownloadUrlForLayer", SAME)),
    "sts:assumerole": _next(
        f"{_IAM}/id_session-tags.html",
        Need("sts:TagSession", SAME, "the call sets session tags", _TAGS),
        Need(
            "sts:SetSourceIdentity",
            SAME,
            "the call sets a source identity",
            ("sourceidentity",),
            page=f"{_IAM}/id_credentials_temp_control-access_monitor.html",
        ),
    ),
    "route53:changeresourcerecordsets": _next(
        "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/access-control-managing-permissions.html",
        Need("route53:ListResourceRecordSets", SAME),
        Need("route53:ListHostedZones"),
        Need("route53:GetChange", "change/"),
    ),
    "elasticloadbalancing:createloadbalancer": _next(
        f"{_MANAGED}/ElasticLoadBalancingFullAccess.html",
        _tagged(
            "elasticloadbalancing:AddTags",
            page="https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/tagging-resources-during-creation.html",
        ),
        Need("ec2:DescribeSubnets"),
        Need("ec2:DescribeSecurityGroups"),
        Need("iam:CreateServiceLinkedRole", "role/aws-service-role/", "it is the account's first load balancer"),
    ),
    "dynamodb:getitem": _next(
        "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html", _KMS_READ
    ),
}
"""Maps a denied action, in lower case, to the further actions that the operation needs."""


_CHANGE_TAGS = (
    *("tagresource", "untagresource", "addtagstoresource", "removetagsfromresource", "changetagsforresource"),
)


def _tags_of(action: str) -> NextActions | None:
    """Return the actions that change the tags that an action reads; None if the service has no such action."""
    service = action.partition(":")[0]
    known = action_names(service)
    names = [known[each] for each in _CHANGE_TAGS if each in known]
    if not names:
        return None
    return NextActions(tuple(Need(f"{service}:{name}", SAME, "tags are changed") for name in names), _SAR)


def _read_back(action: str) -> NextActions | None:
    """Return the action that reads the S3 setting that ``action`` writes; None if there is none."""
    read = action_names("s3").get(f"get{action.lower().removeprefix('s3:put')}")
    return (
        NextActions((Need(f"s3:{read}", SAME, "a tool reads it back"),), f"{_SAR}/list_amazons3.html") if read else None
    )


_PASSES = NextActions((_PASS_IF,), _PASSING)


def next_actions(action: str | None) -> NextActions | None:
    """Return the further actions needed once this action is allowed.

    None if the table has no row for the action and the action passes no role to a service.
    """
    known = NEXT_ACTIONS.get((action or "").lower())
    if known is None and (action or "").lower().endswith(":listtagsforresource"):
        return _tags_of(action or "")
    if (
        known is None
        and (action or "").lower().startswith("s3:put")
        and not (action or "").lower().startswith("s3:puto")
    ):
        return _read_back(action or "")
    return _PASSES if known is None and action and principal_passed_to(action) else known
