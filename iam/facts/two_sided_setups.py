"""Setups that need permissions on two sides, for texts that describe a problem but quote no error from AWS.

A KMS key's policy must allow the service that uses the key, and some services also check a second policy. Each row
cites the AWS pages that say so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from iam.lazy_pattern import regex

_DOCS = "https://docs.aws.amazon.com"
RETRIEVED = "2026-11-30"
"""The date on which the pages were read.

For three pages, a copy of June 2023 was read: AWS Config's and EC2 Auto Scaling's on key policies, and EventBridge's on
troubleshooting.
"""


@dataclass(frozen=True, slots=True)
class Described:
    """A setup: each of ``signs`` must match the text, and ``unless`` must not. ``sentence`` says what it needs.

    ``pages`` are the AWS pages that state it.
    """

    signs: tuple[re.Pattern[str], ...]
    unless: re.Pattern[str] | None
    sentence: str
    pages: tuple[str, ...]


def _row(signs: tuple[str, ...], sentence: str, *pages: str, unless: str = "") -> Described:
    patterns = tuple(regex(each, re.IGNORECASE) for each in signs)
    return Described(patterns, regex(unless, re.IGNORECASE) if unless else None, sentence, pages)


_OWN_KEY = (
    r"\bcustomer[- ]managed\b|\bCMKs?\b|\bown (?:KMS |encryption )?key|\bkms_?key|\bkms key\b|\bSSE-KMS\b|\baws:kms\b"
    r"|\bour (?:KMS )?key\b"
)
_IN_DATA_POLICY = (
    r"\b(?:is|are|am|I['’]m|listed|named|included|already) (?:(?!not\b|only\b)\w+ ){0,3}?"
    r"in (?:the |its |a |our |both )(?:(?!other\b)[\w']+ ){0,2}?data[- ]access[- ]polic"
    r"|\bdata[- ]access[- ]polic\w* (?:(?!not\b|only\b)\w+ ){0,3}?(?:names?|lists?|contains?|includes?|grants?)\b"
    r"(?! (?:no|only|another|other|none)\b)"
)
"""Words that say that a collection's data access policy names the caller."""
_ENCRYPTS = rf"(?:(?<!default )\bencrypt(?!ion \((?:SSE-SQS|SSE-S3|AES256))\w*|\bKMS\b|{_OWN_KEY})"


def _encrypted(thing: str, settings: str) -> str:
    """Return a pattern for a sentence with the thing and its encryption, or for the setting that selects its key."""
    return rf"(?:{thing})[^\n.;]{{0,80}}{_ENCRYPTS}|{_ENCRYPTS}[^\n.;]{{0,80}}(?:{thing})|{settings}"


_QUEUE = _encrypted(r"\bSQS\b|\bqueues?\b|\bDLQ\b|dead[- ]?letter", r"\bkms_master_key_id\b|QueueEncryption\.KMS")
_TOPIC = _encrypted(r"\bSNS\b|\btopics?\b", r"\bkms_master_key_id\b|\bKmsMasterKeyId\b")
_SQS_PAGE = f"{_DOCS}/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html"
_SNS_PAGE = f"{_DOCS}/sns/latest/dg/sns-key-management.html"


def _source(source: str, principal: str, things: str, kind: str, *pages: str, only: str = "") -> Described:
    """Return the row of a service that sends to an encrypted queue or topic.

    ``only`` is a clause that limits what the key policy must allow.
    """
    data_key = "kms:GenerateDataKey" if kind == "queue" else "kms:GenerateDataKey*"
    return _row(
        (source, things),
        f"The {kind}'s KMS key policy must allow {principal} to use {data_key} and kms:Decrypt{only}. The {kind}'s "
        "own policy is not enough. An AWS managed key cannot be used, because nobody can change its policy.",
        *pages,
        unless=r"kms:(?:GenerateDataKey|\*)|\bscheduler\b|\bPipes?\b|alias/aws/",
    )


_NOT_INVOKED = (
    r"\b(?:never|not|isn't|doesn't get|won't be) (?:been )?(?:invoked|triggered|called|executed)\b"
    r"|\b(?:does not|doesn't|never) (?:run|fire|trigger|start)s?\b|\bno invocations?\b|\bNumberOfNotificationsFailed\b"
)


def _invokes(source: str, principal: str, *pages: str) -> Described:
    """Return the row of a service that calls a function asynchronously.

    Only the function's own policy can allow these calls.
    """
    return _row(
        (source, r"\bLambda\b|\bfunction\b", _NOT_INVOKED),
        f"Most likely the function's resource-based policy does not allow {principal} to invoke the function: add "
        f"that permission (aws lambda add-permission --principal {principal} --action lambda:InvokeFunction, with "
        "the source's ARN). The permissions of your own role and of the function's role do not matter.",
        *pages,
        unless=r"add-permission|AddPermission|AWS::Lambda::Permission|aws_lambda_permission|resource(?:-based)? policy",
    )


_REFUSED = r"\b40[13]\b|\bforbidden\b|\bdenied\b|\bno access\b|\b(?:not |un)authori[sz]ed\b|\bno permission"
DESCRIBED: tuple[Described, ...] = (
    _source(r"\bEventBridge\b(?! Scheduler)|events\.amazonaws\.com|\bevents\.Rule\b|aws_cloudwatch_event",
            "events.amazonaws.com", _QUEUE, "queue", _SQS_PAGE,
            f"{_DOCS}/eventbridge/latest/userguide/eb-troubleshooting.html"),
    _source(r"\bEventBridge\b(?! Scheduler)|events\.amazonaws\.com|\bevents\.Rule\b|aws_cloudwatch_event",
            "events.amazonaws.com", _TOPIC, "topic", _SNS_PAGE,
            only=", without a condition on aws:SourceArn or aws:SourceAccount"),
    _source(r"\b(?:S3|bucket) (?:event )?notifications?\b|s3\.amazonaws\.com|aws_s3_bucket_notification",
            "s3.amazonaws.com", _QUEUE, "queue", _SQS_PAGE),
    _source(r"\b(?:S3|bucket) (?:event )?notifications?\b|s3\.amazonaws\.com|aws_s3_bucket_notification",
            "s3.amazonaws.com", _TOPIC, "topic", _SNS_PAGE),
    _source(r"\bCloudWatch alarms?\b|cloudwatch\.amazonaws\.com|aws_cloudwatch_metric_alarm|\balarms? (?:action|state)",
            "cloudwatch.amazonaws.com", _TOPIC, "topic", _SNS_PAGE),
    _source(r"\bSNS\b[^\n]{0,80}\b(?:subscription|subscri|to (?:the |an? )?(?:SQS|queue))|sns\.amazonaws\.com"
            r"|aws_sns_topic_subscription", "sns.amazonaws.com", _QUEUE, "queue", _SQS_PAGE,
            f"{_DOCS}/sns/latest/dg/sns-dead-letter-queues.html"),
    _row(
        (r"EventBridge Scheduler|scheduler\.amazonaws\.com|aws_scheduler_schedule|\bScheduler::Schedule\b",
         _encrypted(r"\bschedules?\b", r"\bkms_key_arn\b|\bKmsKeyArn\b"), r"\brole|\btrust\b|RoleArn"),
        "The schedule's execution role also needs kms:Decrypt on the customer managed key, in its own policies. A "
        "key policy that allows only certain principals must also name that role. Access to the target is not "
        "enough.",
        f"{_DOCS}/scheduler/latest/UserGuide/encryption-rest.html",
        unless=r"kms:(?:Decrypt|\*)",
    ),
    _row(
        (r"InvalidVolume\.NotFound|\bvolumes?\b[^\n]{0,80}\b(?:does not exist|not found|disappear\w*|is gone)",
         r"\bsnapshots?\b|\brestor\w+|\bCreateVolume\b|\bCSI\b|\bPVCs?\b|\bvelero\b", _OWN_KEY),
        "The role that creates the volume needs these actions on the key: kms:CreateGrant, kms:Decrypt, "
        "kms:DescribeKey, kms:GenerateDataKeyWithoutPlaintext and kms:ReEncrypt*. EC2 checks the key asynchronously: "
        "CreateVolume can appear to succeed, and the volume fails later.",
        f"{_DOCS}/ebs/latest/userguide/ebs-encryption-requirements.html",
        f"{_DOCS}/AWSEC2/latest/APIReference/API_CreateVolume.html",
        unless=r"kms:(?:CreateGrant|\*)",
    ),
    _row(
        (r"\bauto ?scaling\b|\bASGs?\b|AutoScalingGroup", r"\blaunch\w*|\bterminat\w*|\bstart\w*",
         _encrypted(r"\b(?:EBS|volumes?|AMIs?|snapshots?|root device)\b", r"\bKmsKeyId\b|\bkms_key_id\b")),
        "Auto Scaling's service-linked role (by default AWSServiceRoleForAutoScaling) needs the key. The key "
        "policy must allow that role kms:Encrypt, kms:Decrypt, kms:ReEncrypt*, kms:GenerateDataKey* and "
        "kms:DescribeKey. A second statement must allow kms:CreateGrant if kms:GrantIsForAWSResource is true. If "
        "the key is in another account, the key policy must allow your account to use the key and create grants, "
        "and you must create a grant for that role.",
        f"{_DOCS}/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html",
        unless=r"kms:(?:CreateGrant|\*)|AWSServiceRoleForAutoScaling",
    ),
    _row(
        (r"\b(?:ALB|application load balancer)s?\b|load_balancer_type\s*=\s*\"application\"",
         r"\baccess[_ -]?logs?\b|\bconnection[_ -]?logs?\b",
         _encrypted(r"\bbucket\b|\blogs?\b", r"\bSSE-KMS\b|\baws:kms\b")),
        "Change the bucket's default encryption to SSE-S3 (AES256): an Application Load Balancer writes its logs "
        "only to such a bucket. It does not support SSE-KMS, whatever the policies of the bucket and the key allow.",
        f"{_DOCS}/elasticloadbalancing/latest/application/enable-access-logging.html",
        f"{_DOCS}/elasticloadbalancing/latest/application/enable-connection-logging.html",
        unless=r"\b(?:NLB|network load balancer)\b",
    ),
    _row(
        (r"\baws_cloudtrail\b|cloudtrail\.amazonaws\.com|\btrail\b[^\n.]{0,80}\b(?:deliver\w*|encrypt\w*|bucket)\b"
         r"|\bCloudTrail\b[^\n.]{0,60}\b(?:deliver\w*|cannot write|encrypt\w*)\b",
         _encrypted(r"\btrail\b|\blogs?\b|\bbucket\b", r"\bkms_key_id\b|\bKMSKeyId\b")),
        "The key policy must allow cloudtrail.amazonaws.com to use kms:DescribeKey, and kms:GenerateDataKey* if "
        "kms:EncryptionContext:aws:cloudtrail:arn names the account's trails. AWS recommends a condition that "
        "aws:SourceArn is the trail. If the bucket has an S3 Bucket Key, kms:Decrypt is also needed.",
        f"{_DOCS}/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
        unless=r"kms:(?:GenerateDataKey|\*)",
    ),
    _row(
        (r"config\.amazonaws\.com|aws_config_delivery_channel|configuration recorder"
         r"|\bAWS Config\b[^\n.]{0,60}\bdeliver\w*",
         _encrypted(r"\bbucket\b", r"\bs3_kms_key_arn\b|\bS3KmsKeyArn\b")),
        "If AWS Config uses its service-linked role, the key policy must allow config.amazonaws.com to use "
        "kms:Decrypt and kms:GenerateDataKey (aws:SourceAccount = the account): the service-linked role itself cannot "
        "use the key. If AWS Config uses a role of your own, the key policy can allow that role instead.",
        f"{_DOCS}/config/latest/developerguide/s3-kms-key-policy.html",
        unless=r"kms:(?:GenerateDataKey|\*)",
    ),
    _row(
        (r"\bflow[_ -]?logs?\b", _encrypted(r"\bbucket\b|\bS3\b", r"\bSSE-KMS\b")),
        "The policy of the customer managed key must allow delivery.logs.amazonaws.com to use kms:Encrypt, "
        "kms:Decrypt, kms:ReEncrypt*, kms:GenerateDataKey* and kms:DescribeKey. The bucket's encryption setting must "
        "name the key by its ARN, not by its ID. AWS managed keys are not supported.",
        f"{_DOCS}/vpc/latest/userguide/flow-logs-s3-cmk-policy.html",
        f"{_DOCS}/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-S3.html",
        unless=r"kms:(?:GenerateDataKey|\*)",
    ),
    _row(
        (r"\breplicat\w+[^\n.]{0,60}\bbuckets?\b|\bbuckets?\b[^\n.]{0,60}\breplicat\w+|\bS3\b[^\n.]{0,20}\breplication\b",
         r"\bfail\w*|\bnot replicat\w+|\bnever (?:arrive|replicat)\w*|\bFAILED\b|" + _REFUSED,
         _encrypted(r"\bbuckets?\b|\breplica\w*\b|\bobjects?\b", r"\bSSE-KMS\b|\baws:kms\b|\bReplicaKmsKeyID\b")),
        "The replication role also needs the KMS keys: in its policy, allow kms:Encrypt and kms:GenerateDataKey on "
        "the destination's key, and kms:Decrypt on the source's key. If a key is in another account, its key "
        "policy must also allow the role. The replication rule must select SSE-KMS objects and name the "
        "destination's key.",
        f"{_DOCS}/AmazonS3/latest/userguide/replication-config-for-kms-objects.html",
        unless=r"kms:(?:Encrypt|GenerateDataKey|\*)",
    ),
    _row(
        (r"\bCloudFront\b", r"\bOAC\b|\borigin access control\b|cloudfront\.amazonaws\.com", _REFUSED,
         _encrypted(r"\bbucket\b|\borigin\b|\bobjects?\b", r"\bSSE-KMS\b|\baws:kms\b")),
        "The policy of the bucket's KMS key must allow cloudfront.amazonaws.com to use kms:Decrypt (for uploads also "
        "kms:Encrypt and kms:GenerateDataKey*), with aws:SourceArn = the distribution's ARN. The bucket policy alone "
        "is not enough, and an AWS managed key cannot be used.",
        f"{_DOCS}/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html",
        unless=r"kms:(?:Decrypt|\*)",
    ),
    _row(
        (r"\bLambda\b|\bfunction\b",
         r"\b(?:in|inside|attach(?:ed|ing)? (?:\w+ ){0,2}to|moved (?:\w+ ){0,2}(?:in)?to)"
         r" (?:a |the |our |its |my )?(?:private )?(?:VPC|subnets?)\b|\bVPC[- ](?:Lambda"
         r"|function)",
         r"\bhangs?\b|\btim(?:es|ed) out\b|\btimeout\b|Task timed out"),
        "Most likely the function cannot reach the service. In a VPC, a function has no public address, so the "
        "call needs a NAT gateway or a VPC endpoint of the service. A call without permission is denied "
        "immediately and does not time out.",
        f"{_DOCS}/lambda/latest/dg/configuration-vpc-internet.html",
        unless=r"\bNAT\b|\bendpoint|\bRDS\b|\bdatabase\b|\bPostgres\w*|\bMySQL\b|\bRedis\b",
    ),
    _row(
        (r"\bLambda\b|/aws/lambda/",
         r"\bno (?:log groups?|log streams?|logs)\b(?! retention)|\blog group\b[^\n.]{0,40}\b(?:missing|does not exist"
         r"|never created)|\blogs? (?:of \S+ |of (?:the |my )?function )?(?:is |are )?(?:missing|empty)\b"),
        "Most likely the function's execution role lacks logs:CreateLogGroup, logs:CreateLogStream and "
        "logs:PutLogEvents: attach AWSLambdaBasicExecutionRole to it. Without them, Lambda still works, but writes no "
        "logs.",
        f"{_DOCS}/lambda/latest/dg/monitoring-cloudwatchlogs.html",
        unless=r"AWSLambda\w*ExecutionRole|logs:(?:CreateLog|Put|\*)|subscription|retention",
    ),
    _invokes(r"\bSNS\b", "sns.amazonaws.com", f"{_DOCS}/lambda/latest/dg/with-sns.html"),
    _invokes(r"\bEventBridge\b(?! Scheduler)", "events.amazonaws.com",
             f"{_DOCS}/eventbridge/latest/userguide/eb-use-resource-based.html"),
    _invokes(r"\bCloudWatch Logs\b[^\n.]{0,30}\bsubscription|\bsubscription filters?\b", "logs.amazonaws.com",
             f"{_DOCS}/AmazonCloudWatch/latest/logs/SubscriptionFilters.html"),
    # Calls that a program or the CDK makes without mentioning them.
    _row(
        (r"\bmlflow-app/|\bMLflow Apps?\b", _REFUSED),
        "The role with which the program runs needs sagemaker:CallMlflowAppApi on the MLflow App's ARN. An App "
        "requires only that action; the sagemaker-mlflow: actions are for tracking servers.",
        f"{_DOCS}/service-authorization/latest/reference/list_amazonsagemaker.html",
        f"{_DOCS}/service-authorization/latest/reference/list_amazonsagemakerwithmlflow.html",
        unless=r"sagemaker:(?:CallMlflowAppApi|\*)",
    ),
    _row(
        (r"\bnew efs\.FileSystem\(|\befs\.FileSystem\(", r"\bmount\w*\b"),
        "Allow elasticfilesystem:ClientMount in the file system's policy. The policy that the CDK creates by default "
        "(with the feature flag denyAnonymousAccess, or after a grant) allows only ClientWrite and ClientRootAccess, "
        "so clients that mount without IAM are denied. Instead, you can set allowAnonymousAccess: true, or call "
        "fileSystem.grantReadWrite(taskRole) and mount with IAM authorization and encryption in transit.",
        f"{_DOCS}/efs/latest/ug/iam-access-control-nfs-efs.html",
        "https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/aws-efs/lib/efs-file-system.ts",
        unless=r"\bClientMount\b|ClientAction\.MOUNT|allowAnonymousAccess",
    ),
    _row(
        (r"\bTestBotAlias\b|\bTSTALIASID\b", r"\bLambda\b",
         r"\bresource(?:-based)? policy\b|\bAddPermission\b|add-permission|AWS::Lambda::Permission|\bSourceArn\b"),
        "In the function's resource-based policy, also add a permission for the test alias: principal "
        "lexv2.amazonaws.com, aws:SourceArn = arn:aws:lex:REGION:ACCOUNT:bot-alias/BOT-ID/TSTALIASID. TestBotAlias "
        "has its own ARN, so a statement for the published alias does not match it. bot-alias/BOT-ID/* covers both.",
        f"{_DOCS}/lexv2/latest/dg/lambda.html",
    ),
    _row(
        (r"\blog_retention_days\b|\bretention_in_days\b|\bretentionInDays\b",
         r"\bfluent[- ]?bit\b|\bfluentd\b|\bcloudwatch_logs\b|\bCloudWatch agent\b|\bamazon-cloudwatch-agent\b",
         r"\bnever expires?\b|\bno retention\b|\bretention\b[^\n]{0,60}\b(?:ignored|not (?:applied|set|changed))\b"
         r"|_(?:days|in_days)\b[^\n]{0,30}\b(?:ignored|not (?:applied|set|used)|no effect)\b"),
        "Most likely the role that the agent runs with lacks logs:PutRetentionPolicy: a separate call sets the "
        "retention, and logs arrive without that call. Allow the action on the log group, and look for the denied "
        "call in CloudTrail or in the agent's log. Fluent Bit sets the retention only of log groups that it creates: "
        "for an existing log group, use aws logs put-retention-policy.",
        "https://github.com/aws/aws-for-fluent-bit/issues/700",
        f"{_DOCS}/AmazonCloudWatch/latest/monitoring/CloudWatch-Agent-Configuration-File-Details.html",
        unless=r"logs:(?:PutRetentionPolicy|\*)",
    ),
    # The provider opensearch signs with a Region and credentials of its own settings
    # (https://github.com/opensearch-project/terraform-provider-opensearch/blob/main/docs/index.md).
    _row(
        (r"\bOpenSearch Serverless\b|\baoss\b", _REFUSED, _IN_DATA_POLICY, r"\bprovider \"opensearch\""),
        "The text says that the data access policy names the caller: find out how the provider signs. If it has no "
        "aws_region, set aws_region to the collection's Region (aws_signature_service is aoss). Compare the identity "
        "of its credentials or role (aws sts get-caller-identity) with the policy's Principal.",
        f"{_DOCS}/opensearch-service/latest/developerguide/serverless-clients.html",
    ),
    _row(
        (r"\bOpenSearch Serverless\b|\baoss\b", _REFUSED, _IN_DATA_POLICY),
        "The text says that the data access policy names the caller: find out how the program signs. It must sign for "
        "the service name aoss and for the collection's Region. The identity that signs (aws sts get-caller-identity "
        "in the same place) must be the policy's Principal. IAM must also allow aoss:APIAccessAll.",
        f"{_DOCS}/opensearch-service/latest/developerguide/serverless-clients.html",
        unless=r"\bResourceType\b",
    ),
    # Two policies are checked.
    _row(
        (r"\bOpenSearch Serverless\b|\baoss\b", _REFUSED, r"AdministratorAccess|aoss:(?:APIAccessAll|\*)|\bAction \*"),
        "Name your role or user as a principal in a data access policy of the collection. IAM permissions alone, "
        "even an administrator's, give access neither to the collection's indexes nor to its Dashboards.",
        f"{_DOCS}/opensearch-service/latest/developerguide/serverless-data-access.html",
        unless=r"\bResourceType\b",
    ),
    _row(
        (r"\bOpenSearch Serverless\b|\baoss\b", _REFUSED, r"\brole\b|\bpolicy\b|\bprincipal\b"),
        "OpenSearch Serverless checks two policies. In IAM, the role needs aoss:APIAccessAll on the collection, "
        "and for Dashboards also aoss:DashboardsAccessAll on dashboards/default. In OpenSearch Serverless, a data "
        "access policy of the collection must name the role.",
        f"{_DOCS}/opensearch-service/latest/developerguide/security-iam-serverless.html",
        f"{_DOCS}/opensearch-service/latest/developerguide/serverless-data-access.html",
        "https://repost.aws/knowledge-center/opensearch-serverless-troubleshoot",
    ),
    _row(
        (r"\bfunction URLs?\b", r"\bAWS_IAM\b", r"\b403\b|Forbidden|AccessDenied",
         r"\brole(?:'s)? (?:statement|policy)\b[^\n]{0,60}\n?\s*\"?Action\"?\s*:\s*\[(?:(?!InvokeFunctionUrl"
         r"|\*)[^\]])*\]"),
        "Allow the role that signs the request to perform lambda:InvokeFunctionUrl on the function: the role's "
        "statement in the text lacks that action. URLs created since October 2025 also need lambda:InvokeFunction. A "
        "function policy that names only the account leaves the decision to the role's own policies.",
        f"{_DOCS}/lambda/latest/dg/urls-auth.html",
    ),
    _row(
        (r"lambda:InvokeFunctionUrl", r"\b403\b|Forbidden|AccessDenied"),
        "Wherever lambda:InvokeFunctionUrl is allowed, also allow the same principal to perform "
        "lambda:InvokeFunction: URLs created since October 2025 need both. In the function's policy, use aws "
        "lambda add-permission --action lambda:InvokeFunction --invoked-via-function-url, which allows only "
        "invocations through the function URL.",
        f"{_DOCS}/lambda/latest/dg/urls-auth.html",
        unless=r"lambda:InvokeFunction(?!Url)|InvokedViaFunctionUrl",
    ),
    _row(
        (r"\bguardduty\b", r"\bfargate\b|\bECS\b|\btasks?\b", r"\bsidecar\b|\bagent\b|runtime monitoring",
         r"\bexecution role\b"),
        "The task execution role also pulls GuardDuty's agent image, from a repository that GuardDuty owns: allow the "
        "role ecr:BatchCheckLayerAvailability, ecr:GetDownloadUrlForLayer and ecr:BatchGetImage on that repository, "
        "too, and ecr:GetAuthorizationToken on \"*\". AmazonECSTaskExecutionRolePolicy has all four.",
        f"{_DOCS}/guardduty/latest/ug/prereq-runtime-monitoring-ecs-support.html",
        unless=r"(?:has|have|attached|with|uses?) (?:the )?AmazonECSTaskExecutionRolePolicy",
    ),
)  # fmt: skip
SENTENCES = frozenset(each.sentence for each in DESCRIBED)
