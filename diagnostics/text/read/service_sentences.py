"""Sentences in which a service reports a denial in prose, outside IAM's grammar.

Each row states who was denied, which actions on what, and what is usually behind it. ``page`` is where AWS, or the
program's maintainer, documents the permissions or the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from diagnostics.who import Who
from iam.claims import Ground
from iam.lazy_pattern import regex
from iam.service_reference import services


@dataclass(frozen=True, slots=True)
class UsualCause:
    """The common cause of a sentence. ``check`` is a command that only reads, or None.

    ``told_by`` matches words elsewhere in the text that put this cause before the others, and fill its ``{name}``.
    ``decides`` is the verdict if these words are present: then this is the only cause. Without them, a cause with
    ``decides`` or ``only_told`` is not shown.
    """

    sentence: str
    check: str | None = None
    who: Who = Who.ACCOUNT_ADMIN
    told_by: str = ""
    decides: str = ""
    only_told: bool = False


@dataclass(frozen=True, slots=True)
class ServiceSentence:
    """A sentence in which a service reports a denial.

    ``signals`` are phrases in lower case; every text that ``pattern`` matches contains one. ``refused`` says whose
    permissions are missing, ``reason`` is the stated reason in a few words, ``summary`` the verdict. ``cause`` is the
    verdict's code, ``ground`` what it rests on. ``actions`` are those that the sentence requires. ``retrieved`` is the
    date on which the page was opened; empty if it has not been opened yet.
    """

    signals: tuple[str, ...]
    pattern: re.Pattern[str]
    refused: str
    reason: str
    summary: str
    causes: tuple[UsualCause, ...]
    page: str
    actions: tuple[str, ...] = ()
    cause: str = "unreadable"
    ground: Ground = Ground.NOTHING

    @property
    def retrieved(self) -> str:
        return "2026-11-29" if self.page in _OPENED else "2026-11-30" if self.page in _OPENED_LATER else ""

    @property
    def action(self) -> str | None:
        """The action, if the sentence requires exactly one; else None."""
        return self.actions[0] if len(self.actions) == 1 else None


def _row(
    signals: str | tuple[str, ...],
    pattern: str,
    refused: str,
    reason: str,
    summary: str,
    *causes: UsualCause,
    page: str,
    actions: tuple[str, ...] = (),
    cause: str = "unreadable",
    ground: Ground = Ground.NOTHING,
) -> ServiceSentence:
    spaced = regex(pattern.replace(" ", r"\s+"), re.IGNORECASE)
    named = (signals,) if isinstance(signals, str) else signals
    return ServiceSentence(named, spaced, refused, reason, summary, causes, page, actions, cause, ground)


def _lacking(
    signals: str | tuple[str, ...],
    pattern: str,
    refused: str,
    actions: tuple[str, ...],
    *causes: UsualCause,
    page: str,
    on: str = "",
) -> ServiceSentence:
    """A row in which a role is said to lack actions: the caller of the operation that failed does not need them."""
    needed = ", ".join(actions)
    summary = f"{refused[0].upper()}{refused[1:]} lacks permissions{f' {on}' if on else ''}: it needs {needed}."
    return _row(
        signals,
        pattern,
        refused,
        f"{refused} lacks permissions",
        summary,
        *causes,
        page=page,
        actions=actions,
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    )


_KARPENTER = "https://github.com/aws/karpenter-provider-aws/blob/main/pkg/controllers/nodeclass/validation.go"
_OPENED = frozenset(
    (
        _KARPENTER,
        "https://docs.aws.amazon.com/bedrock/latest/userguide/model-lifecycle.html",
        "https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/runtime-permissions.html",
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
        "https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html",
        "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaVPCAccessExecutionRole.html",
        "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaDynamoDBExecutionRole.html",
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-CWL.html",
        "https://docs.aws.amazon.com/bedrock/latest/userguide/model-access.html",
        "https://repost.aws/knowledge-center/bedrock-resolve-marketplace-permission",
        "https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html",
        "https://docs.aws.amazon.com/batch/latest/userguide/job_stuck_in_runnable.html",
        "https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html",
        "https://repost.aws/articles/ARt46qw01wR9OiksidJR0fMg",
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html",
        "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html",
        "https://docs.aws.amazon.com/dms/latest/userguide/security-iam.html",
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html",
    )
)
_OPENED_LATER = frozenset(
    (
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-files-security-iam.html",
        "https://docs.aws.amazon.com/amazonq/latest/qbusiness-ug/making-sigv4-authenticated-api-calls.html",
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-CloudWatchLogs.html",
        "https://docs.aws.amazon.com/msk/latest/developerguide/kafka-actions.html",
        "https://docs.aws.amazon.com/eks/latest/userguide/add-ons-aws-ebs-csi-driver.html",
        "https://repost.aws/knowledge-center/cloudformation-tagging-permission-error",
        "https://docs.aws.amazon.com/codebuild/latest/userguide/troubleshooting.html",
        "https://docs.aws.amazon.com/codepipeline/latest/userguide/troubleshooting.html",
        "https://docs.aws.amazon.com/apprunner/latest/dg/service-source-image.html",
        "https://repost.aws/knowledge-center/transfer-family-permission-errors",
        "https://docs.aws.amazon.com/bedrock/latest/userguide/kb-permissions.html",
        "https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys-permissions.html",
        "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonAthenaFullAccess.html",
    )
)
_LAMBDA = "https://docs.aws.amazon.com/lambda/latest/dg"
_LISTS_FUNCTIONS = "aws lambda list-functions --query 'Functions[].[FunctionName,Role]'"
_EXECUTION_ROLE = (
    r"(?:execution role|role defined for the function) do(?:es)?(?: not|n't) have (?:the )?permissions? to call "
)
_KINESIS = (
    *("kinesis:DescribeStream", "kinesis:DescribeStreamSummary", "kinesis:GetRecords", "kinesis:GetShardIterator"),
    "kinesis:ListShards",
)
_DYNAMODB = ("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams")
_LATE = UsualCause(
    "The policy is attached only after the function or the mapping is created, or was attached a moment ago: make the "
    "mapping depend on it, and try again.",
    None,
    Who.CALLER,
)


def _execution_role(
    signal: str, call: str, policy: str, actions: tuple[str, ...], on: str, page: str
) -> ServiceSentence:
    """A row of Lambda's check of the function's role."""
    return _lacking(
        signal,
        _EXECUTION_ROLE + call,
        "the function's execution role",
        actions,
        UsualCause(
            f"The function's own execution role lacks the actions {on} (whoever deploys does not need them): "
            f"attach {policy} to the role, or allow {', '.join(actions)}.",
            _LISTS_FUNCTIONS,
        ),
        _LATE,
        page=page if page.startswith("https:") else f"{_LAMBDA}/{page}",
        on=on,
    )


_KAFKA = (
    r"(?:(?:Topic|Group|Cluster|TransactionalId)Authorization(?:Exception|Failed)"
    r"|Not authorized to access (?:topics|group|cluster))"
)
_MSK = r"(?:kafka-cluster:|AWS_MSK_IAM|aws-msk-iam|MSK Connect)"
_NAMED_ACTION = r"(?-i:[a-z][a-z0-9-]{1,30}:[A-Z][A-Za-z]{2,}\b)"


# Karpenter's AWS provider, pkg/controllers/nodeclass/validation.go: EC2 refused a dry run, in whatever layer.
def _karpenter(operation: str) -> ServiceSentence:
    return _row(
        ("controller isn't authorized to call", f"{operation.lower()}authcheckfailed"),
        rf"Controller isn't authorized to call (?:ec2:)?{operation}\b|{operation}AuthCheckFailed",
        "Karpenter's controller",
        f"EC2 refused the controller's dry run of {operation}",
        f"EC2 refused Karpenter's dry run of {operation} to the controller's role. Karpenter does not say which kind "
        "of policy refused: look at the event in CloudTrail.",
        UsualCause(
            "The controller's policy belongs to another Karpenter version: use the policy of the installed version. "
            f"Its conditions on request tags must match what this version sends with {operation}."
        ),
        UsualCause(
            "A service control policy denies this call, for example to everybody except AWS services: the dry run is "
            "the controller's own call.",
            f"aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue={operation}",
            Who.CALLER,
        ),
        page=_KARPENTER,
        actions=(f"ec2:{operation}",),
    )


# Amazon EventBridge User Guide, "Amazon Data Firehose stream target" and "EventBridge Pipes batching and
# concurrency": a
# batch is sent with the target's batch API; "Using resource-based policies for Amazon EventBridge".
_TARGETS = (
    ("firehose", "firehose:PutRecord and firehose:PutRecordBatch (which sends a batch)", False),
    ("kinesis", "kinesis:PutRecord and kinesis:PutRecords (which sends a batch)", False),
    ("states", "states:StartExecution (states:StartSyncExecution, where the call waits for the result)", False),
    ("events", "events:PutEvents", False),
    ("sqs", "sqs:SendMessage", True),
    ("sns", "sns:Publish", True),
    ("lambda", "lambda:InvokeFunction", True),
)
"""A target's service, the actions that it needs, and whether its own policy can allow a rule."""
_INVOKED = (
    r"(?:not (?:allowed|permitted|authori[sz]ed)|lack of permissions?|no permissions?) to invoke (?:the )?"
    r"(?:cross account )?target\b[^\n]{0,40}?"
)
# EventBridge User Guide, "Using resource-based policies for Amazon EventBridge"
# (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html).
_IN_ITS_POLICY = (
    " A rule uses the target's own policy instead: let events.amazonaws.com do it there. A target of another account "
    "needs it on both sides."
)


def _of_target(service: str, actions: str, own: bool) -> UsualCause:
    makers, rule = ("pipe or schedule", _IN_ITS_POLICY) if own else ("pipe, schedule or rule", "")
    return UsualCause(
        f"Allow the role of the {makers} {actions} on the target.{rule} Whoever made it needs no such permission.",
        told_by=_INVOKED.replace(" ", r"\s+") + rf"arn:[\w-]+:{service}:",
        decides=f"What invokes {{arn}} is not allowed to: it needs {actions}.",
    )


ROWS: tuple[ServiceSentence, ...] = (
    _row(
        ("unable to get object metadata from s3", "s3 uri that you provided can't be accessed"),
        r"Unable to get object metadata from S3|The S3 URI that you provided can't be accessed",
        "whoever made the call",
        "the S3 object cannot be read with the caller's permissions",
        "The service reads the S3 object with the caller's permissions, and could not: the object key is wrong, the "
        "bucket is in another Region, or a permission is missing.",
        UsualCause("Allow the caller s3:GetObject on the object (and kms:Decrypt where it is encrypted with a customer "
                   "managed key). The bucket must be in the Region of the call."),
        UsualCause("The key is written differently (letter case, + for blanks, a leading slash): list it.", None,
                   Who.CALLER),
        # Amazon S3 User Guide, "Event message structure": the key is URL-encoded
        # (https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html).
        UsualCause("S3's event notifications contain the key URL-encoded, so the program asks for an object that does "
                   "not exist: decode it first (Python: urllib.parse.unquote_plus). No permission is missing.", None,
                   Who.CALLER, told_by=r"\bkey[\"']?\s*[=:]\s*[^\n]*%[0-9A-F]{2}", only_told=True,
                   decides="The key is URL-encoded, as S3's event notifications contain it: decode it first (Python: "
                   "urllib.parse.unquote_plus). No permission is missing."),
        page="https://docs.aws.amazon.com/rekognition/latest/APIReference/API_S3Object.html",
    ),
    _row(
        "s3 location could not be accessed by the data access role",
        r"Provided (?P<which>Input|Output) S3 location could not be accessed by the data access role",
        "the data access role",
        "the data access role may not use the {which} location",
        "The job's data access role may not use its {which} location: change that role, not the caller's policies.",
        UsualCause("Allow the data access role s3:GetObject and s3:ListBucket on the input, and s3:PutObject on the "
                   "output; it must trust comprehend.amazonaws.com."),
        page="https://docs.aws.amazon.com/comprehend/latest/dg/security_iam_id-based-policy-examples.html",
    ),
    _row(
        "failed to connect to s3 endpoint",
        r"Failed to connect to S3 endpoint(?=[\s\S]*(?:\bDMS\b|:dms:|Error Level|replication task))",
        "the role of the DMS endpoint",
        "the endpoint's own role is refused",
        "DMS could not use S3 with the role of its endpoint (ServiceAccessRoleArn): change that role, not the caller's "
        "policies.",
        UsualCause("The endpoint's role must trust dms.amazonaws.com and be allowed s3:ListBucket on the bucket, and "
                   "on its objects s3:PutObject, s3:PutObjectTagging and s3:DeleteObject (as a source s3:GetObject).",
                   "aws dms describe-endpoints --query 'Endpoints[].S3Settings.ServiceAccessRoleArn'",
                   Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Target.S3.html",
    ),
    _row(
        "permission denied on s3 path",
        r"Permission denied on S3 path: (?P<path>s3://\S+)",
        "whoever runs the query",
        "the data at {path} may not be read",
        "Whoever runs the query may not read the data at {path}; for locations that Lake Formation manages, the "
        "registered role may not.",
        UsualCause("Allow whoever runs the query s3:GetObject on the objects and s3:ListBucket on the bucket (and "
                   "kms:Decrypt). For a location that Lake Formation manages: a data location grant and SELECT there."),
        page="https://docs.aws.amazon.com/athena/latest/ug/s3-permissions.html",
    ),
    _row(
        "credentials.iot",
        r"\bcredentials\.iot\.[\w.-]*amazonaws\.com(?=[\s\S]{0,600}(?:\b403\b|Access ?Denied|Forbidden))"
        r"|(?:\b403\b|Access ?Denied|Forbidden)[\s\S]{0,600}?\bcredentials\.iot\.[\w.-]*amazonaws\.com",
        "the device's certificate, or the alias's role",
        "the role alias gives no credentials",
        "AWS IoT gave the device no credentials: the certificate's policy, or the trust of the role alias's role, does "
        "not allow it.",
        UsualCause("The certificate's IoT policy must allow iot:AssumeRoleWithCertificate on the role alias's ARN.",
                   "aws iot list-attached-policies --target CERTIFICATE-ARN"),
        UsualCause("The role that the alias names must trust credentials.iot.amazonaws.com (sts:AssumeRole).",
                   "aws iot describe-role-alias --role-alias ALIAS"),
        page="https://docs.aws.amazon.com/iot/latest/developerguide/authorizing-direct-aws.html",
    ),
    _row(
        "allows firehose to assume the role",
        r"trust policy for the provided IAM role allows (?:Firehose|Kinesis Firehose) to assume the role",
        "the stream's delivery role",
        "Firehose could not assume its role, or the role may not write to the bucket",
        "The role of the Firehose stream is refused, not the caller: by its trust policy, its own policies, or the "
        "bucket's.",
        UsualCause("Its trust policy must let firehose.amazonaws.com do sts:AssumeRole, and its policies must allow "
                   "s3:PutObject, s3:GetBucketLocation, s3:ListBucket, s3:ListBucketMultipartUploads and "
                   "s3:AbortMultipartUpload on the bucket and its objects."),
        UsualCause("The bucket is encrypted with a KMS key that the role may not use (kms:GenerateDataKey, "
                   "kms:Decrypt), or the bucket's policy denies the role."),
        page="https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html",
    ),
    _row(
        "are not specified, please see documentation",
        r"(?:Both |Neither )?(?P<role>aurora_\w+_role) and aws_default_s3_role are not specified",
        "the Aurora cluster",
        "the cluster has no role for S3",
        "The Aurora cluster has no role for S3: attach one to the cluster, and name it in its parameter group. The "
        "database user lacks no permission.",
        UsualCause("Attach a role that trusts rds.amazonaws.com (aws rds add-role-to-db-cluster), and set {role} or "
                   "aws_default_s3_role in the cluster's parameter group to its ARN.",
                   "aws rds describe-db-clusters --query 'DBClusters[].[DBClusterIdentifier,AssociatedRoles]'"),
        page="https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Integrating.Authorizing.IAM.AddRoleToDBCluster.html",
    ),
    _row(
        "instance management role is not configured",
        r"Systems Manager's instance management role is not configured for account",
        "the instance",
        "the instance has no role for Systems Manager",
        "The instance has no role for Systems Manager: neither an instance profile, nor the account's default role in "
        "this Region.",
        UsualCause("Attach an instance profile whose role has AmazonSSMManagedInstanceCore, or turn on Default Host "
                   "Management Configuration in this Region. No statement for this action helps.",
                   "aws ssm get-service-setting --setting-id "
                   "/ssm/managed-instance/default-ec2-instance-management-role"),
        page="https://docs.aws.amazon.com/systems-manager/latest/userguide/fleet-manager-default-host-management-configuration.html",
        cause="instance-profile.missing",
    ),
    _row(
        "access denied when calling bedrock",
        r"Access denied when calling Bedrock\.? Check your request permissions",
        "the agent's service role",
        "the agent was not allowed to call Bedrock",
        "The agent's service role most likely lacks an action on its model: read that role's policies, not the "
        "caller's.",
        UsualCause("With a streamed answer (streamFinalResponse) the agent's service role also needs "
                   "bedrock:InvokeModelWithResponseStream on its model.",
                   told_by=r"streamFinalResponse|streamingConfigurations|\bstream(?:ing|ed)\b", only_told=True),
        UsualCause("Allow the agent's service role bedrock:InvokeModel on its model or inference profile."),
        page="https://docs.aws.amazon.com/bedrock/latest/userguide/agents-permissions.html",
    ),
    # Firehose API Reference, "StartDeliveryStreamEncryption": the call creates the grant on the key.
    _row(
        "grant for the cmk to this delivery stream",
        r"The grant for the CMK to this delivery stream might have been revoked",
        "the stream",
        "the stream's grant on its KMS key is missing, or the caller is not allowed to use the key",
        "Firehose cannot use the KMS key of the stream's own encryption: its grant is missing, or the caller is not "
        "allowed to use the key.",
        UsualCause("Create the grant again: turn on the stream's encryption with the key (aws firehose "
                   "start-delivery-stream-encryption) as a caller with kms:CreateGrant on it, whose session is at most "
                   "6 hours old."),
        UsualCause("The key is disabled or is to be deleted.", "aws kms describe-key --key-id KEY", Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/firehose/latest/APIReference/API_StartDeliveryStreamEncryption.html",
    ),
    # The text names the role and its actions: whoever made the call is not refused.
    _row(
        (" role requires", " role needs", " role must have", " role is missing", " role lacks"),
        rf"(?:the|your|its) (?P<refused>(?:[\w-]+ ){{0,3}}?role) (?:requires?|needs?|must have|is missing|lacks)"
        rf"(?: the)?(?: following| required)?(?: permissions?| actions?)?(?: for| to(?: perform| call)?)?:? "
        rf"[\"'`\[]?(?P<asked>{_NAMED_ACTION}(?:[\"'`,\s]+(?:and )?[\"'`]?{_NAMED_ACTION}){{0,11}})",
        "the {refused}",
        "the {refused} lacks {asked}",
        "The text says that the {refused} lacks {asked}: change that role, not the caller's policies.",
        UsualCause("Allow the {refused} {asked}; an action that supports no resources (ecr:GetAuthorizationToken) "
                   "needs Resource \"*\"."),
        UsualCause("The call was given the wrong role, or the role's policy was attached a moment ago.", None,
                   Who.CALLER),
        page="https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/runtime-permissions.html",
        cause="identity.no-action",
        ground=Ground.PARTLY,
    ),
    _row(
        "identity region is",
        r"called from endpoint (?P<called>[a-z]{2}(?:-[a-z]+)+-\d), but your identity region is "
        r"(?P<home>[a-z]{2}(?:-[a-z]+)+-\d)",
        "the call in this Region",
        "the call went to {called}, and the identity Region is {home}",
        "The call went to the wrong Region: to {called}, while the account's identity Region in this service is "
        "{home}. No policy is missing.",
        UsualCause("Call the endpoint of {home} (--region {home}), or leave this resource out in {called}: users, "
                   "groups and the subscription exist only in the identity Region.", None, Who.CALLER),
        page="https://docs.aws.amazon.com/quicksight/latest/APIReference/API_CreateAccountSubscription.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
    _row(
        ("has the environment been bootstrapped", "please run 'cdk bootstrap'", "region has not been bootstrapped"),
        r"(?:SSM parameter (?P<parameter>/cdk-bootstrap/\S+) not found\. )?Has the environment been bootstrapped\?"
        r"|Please run 'cdk bootstrap'|given region has not been bootstrapped",
        "the CDK, or its lookup role",
        "the CDK finds no bootstrap stack here",
        "The CDK finds no bootstrap stack in this account and Region: bootstrap it, or use another.",
        UsualCause("Let an administrator run npx cdk bootstrap aws://ACCOUNT/REGION once: it creates roles, a bucket "
                   "and a stack, which AmplifyBackendDeployFullAccess and other policies for deploying do not allow. "
                   "Afterwards the deployer's own permissions suffice.",
                   "aws cloudformation describe-stacks --stack-name CDKToolkit", Who.ACCOUNT_ADMIN,
                   told_by=r"given region has not been bootstrapped"
                   r"|cdk bootstrap\b[^\n]{0,60}\b(?:denied|refused|fails)",
                   decides="The account is not bootstrapped for the CDK in this Region: an administrator must do that "
                   "once. Check first that account and Region are the intended ones."),
        UsualCause("The account and Region were never bootstrapped, or with a different qualifier: cdk bootstrap "
            "aws://ACCOUNT/REGION creates the stack CDKToolkit with its roles, bucket and version parameter.",
                   "aws cloudformation describe-stacks --stack-name CDKToolkit", Who.ACCOUNT_ADMIN),
        UsualCause("The credentials belong to another account, or this is the wrong Region.",
                   "aws sts get-caller-identity", Who.CALLER),
        UsualCause("The caller is not allowed to read the parameter: it needs ssm:GetParameter on "
                   "/cdk-bootstrap/*, or must be allowed to assume the bootstrap roles (sts:AssumeRole on cdk-*)."),
        page="https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html",
    ),
    _row(
        "with on-demand throughput",
        r"Invocation of model ID (?P<model>\S+) with on-demand throughput isn.t supported",
        "the call of the model",
        "the model is called by its own ID, and supports only inference profiles",
        "The model {model} is called through an inference profile only: no policy is missing yet.",
        UsualCause("Call the inference profile instead of the model: its ID is the model's with a prefix such as "
                   "us., eu. or global.", "aws bedrock list-inference-profiles", Who.CALLER),
        UsualCause("Then the caller needs bedrock:InvokeModel on the inference profile and on the model in each "
                   "Region to which the profile can route."),
        page="https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
    _row(
        "marked by provider as legacy",
        r"This Model is marked by provider as Legacy",
        "the call of the model",
        "the model is Legacy, and closed to accounts that have not used it recently",
        "The model's provider has marked it Legacy, and the account has not used it recently: no policy is missing.",
        UsualCause("Call an active model or its inference profile: change the model ID.",
                   "aws bedrock list-foundation-models --query 'modelSummaries[].[modelId,modelLifecycle.status]' "
                   "--output text", Who.CALLER),
        page="https://docs.aws.amazon.com/bedrock/latest/userguide/model-lifecycle.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
    _row(
        "use case details have not been submitted",
        r"Model use case details have not been submitted for this account",
        "the account, which has not sent Anthropic's form",
        "Anthropic's use-case form is missing",
        "The account has not sent Anthropic's use-case form, which is required once: no policy is missing.",
        UsualCause("Submit the form once for the account, or in the organization's management account: in the Bedrock "
                   "console's model catalog, or with PutUseCaseForModelAccess. Then wait up to 15 minutes.", None,
                   Who.ACCOUNT_ADMIN),
        page="https://docs.aws.amazon.com/bedrock/latest/userguide/model-access.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
    _row(
        ("waflogdestinationpermissionissue", "deliver logs to the configured destination"),
        r"WAFLogDestinationPermissionIssue(?:Exception)?|Unable to deliver logs to the configured destination",
        "the delivery of AWS WAF's logs",
        "the log destination does not allow the delivery",
        "The log destination does not let delivery.logs.amazonaws.com write the web ACL's logs, or whoever turns them "
        "on is not allowed to change its policy.",
        UsualCause("A log group: the resource policy of CloudWatch Logs must let delivery.logs.amazonaws.com do "
            "logs:CreateLogStream and logs:PutLogEvents on it. AWS WAF adds that by itself until the policy is full "
            "(10 per Region, 5,120 characters each): create a policy of your own for this log group.",
                   "aws logs describe-resource-policies", Who.RESOURCE_OWNER),
        UsualCause("A bucket: its policy must let delivery.logs.amazonaws.com do s3:PutObject on AWSLogs/ACCOUNT/* and "
            "s3:GetBucketAcl. The destination's name must begin with aws-waf-logs-.", None,
                   Who.RESOURCE_OWNER),
        UsualCause("The caller lacks logs:CreateLogDelivery, logs:PutResourcePolicy, logs:DescribeResourcePolicies or "
                   "logs:DescribeLogGroups, with which AWS WAF sets the policy for it."),
        page="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-CWL.html",
    ),
    _row(
        "logs role arn must be set in account settings",
        r"CloudWatch Logs role ARN must be set in account settings",
        "API Gateway, which writes the logs",
        "API Gateway has no CloudWatch Logs role in this Region",
        "API Gateway's account settings name no CloudWatch Logs role in this Region, but a stage with logging needs "
        "one. The permissions of whoever deploys are not the cause.",
        UsualCause("Create a role that trusts apigateway.amazonaws.com, attach "
                   "AmazonAPIGatewayPushToCloudWatchLogs, and set its ARN once per Region: AWS::ApiGateway::Account, "
                   "aws apigateway update-account, or cloudWatchRole: true in the CDK.",
                   "aws apigateway get-account"),
        UsualCause("The same stack makes the setting after the stage: make the stage depend on it.", None,
                   Who.CALLER),
        page="https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html",
    ),
    _execution_role(
        "permissions to call",
        r"(?:ReceiveMessage|DeleteMessage|GetQueueAttributes) on (?:AWS |Amazon )?SQS",
        "AWSLambdaSQSQueueExecutionRole",
        ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"),
        "on the queue",
        "services-sqs-configure.html",
    ),
    _execution_role(
        "permissions to call",
        r"\w+ on (?:AWS |Amazon )?Kinesis",
        "AWSLambdaKinesisExecutionRole",
        _KINESIS,
        "on the stream",
        "with-kinesis.html",
    ),
    _execution_role(
        "permissions to call",
        r"(?:GetRecords|GetShardIterator|DescribeStream|ListStreams) on (?:AWS |Amazon )?DynamoDB",
        "AWSLambdaDynamoDBExecutionRole",
        _DYNAMODB,
        "on the table's stream",
        "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaDynamoDBExecutionRole.html",
    ),
    _execution_role(
        "permissions to call",
        r"\w+ on (?:AWS |Amazon )?EC2",
        "AWSLambdaVPCAccessExecutionRole",
        ("ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets",
         "ec2:DeleteNetworkInterface", "ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses"),
        "in the VPC",
        "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaVPCAccessExecutionRole.html",
    ),
    _row(
        "permissions to call",
        _EXECUTION_ROLE + r"\w+ on \w+",
        "the function's execution role",
        "the function's execution role lacks permissions",
        "The function's execution role lacks the action that the text names; whoever deploys does not need it.",
        UsualCause(
            "The function's own execution role lacks the permission; whoever deploys the function does not need it.",
            _LISTS_FUNCTIONS,
        ),
        _LATE,
        page=f"{_LAMBDA}/lambda-intro-execution-role.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    *(
        _lacking(
            "please ensure the role can perform",
            rf"Cannot access stream (?P<resource>arn:[\w-]+:{service}:\S+?)\.? Please ensure the role can perform",
            "the function's execution role",
            actions,
            UsualCause(f"The function's own execution role lacks the actions on the stream{part} (whoever deploys "
                       f"does not need them): {policy} has them.", _LISTS_FUNCTIONS),
            _LATE,
            page=f"{_LAMBDA}/{page}",
            on="on the stream",
        )
        for service, policy, page, part, actions in (
            ("kinesis", "AWSLambdaKinesisExecutionRole", "with-kinesis.html", "", _KINESIS),
            ("dynamodb", "AWSLambdaDynamoDBExecutionRole", "with-ddb.html", " (table/NAME/stream/*)", _DYNAMODB),
        )
    ),
    _row(
        ("permission to access the ecr image", "permission to access the specified image"),
        r"(?:Lambda|function) does not have permission to access the (?:ECR|specified) image",
        "Lambda, which pulls the image",
        "the repository's policy does not let Lambda pull the image",
        "The ECR repository's policy does not let lambda.amazonaws.com pull the image. The function's execution role "
        "does not pull it.",
        UsualCause("Add a statement to the repository's policy: Principal {\"Service\": \"lambda.amazonaws.com\"}, "
                   "ecr:BatchGetImage and ecr:GetDownloadUrlForLayer. For functions of another account add a condition "
                   "on aws:sourceArn (arn:aws:lambda:REGION:ACCOUNT:function:*), and let that account pull "
                   "too. A statement for an account or a role alone is not enough.", None, Who.RESOURCE_OWNER),
        UsualCause("In the same account Lambda adds this statement by itself, if whoever creates the function may do "
                   "ecr:GetRepositoryPolicy and ecr:SetRepositoryPolicy on the repository. A tool that manages the "
                   "policy then removes it again."),
        page=f"{_LAMBDA}/images-create.html",
        actions=("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"),
        cause="resource.no-action",
        ground=Ground.LIKENESS,
    ),
    _row(
        "function url authorization issues",
        r"Forbidden\. For troubleshooting Function URL authorization issues",
        "the caller of the function URL",
        "the function URL does not allow the caller",
        "The function's resource-based policy does not allow the caller of its URL, or the request is not signed "
        "although the URL's auth type is AWS_IAM. The function's execution role is not the cause.",
        UsualCause("Allow both lambda:InvokeFunctionUrl and lambda:InvokeFunction in the function's resource-based "
                   "policy: function URLs created since October 2025 need both. With AWS_IAM, the own policies of a "
                   "caller in the function's account can allow them instead.",
                   "aws lambda list-functions --query 'Functions[].FunctionName'", Who.RESOURCE_OWNER),
        UsualCause("The URL's auth type is AWS_IAM and the request is not signed (SigV4), or its signer's policies "
                   "do not allow both actions. With the auth type NONE, the policy must allow everybody (\"*\").",
                   None, Who.CALLER),
        page=f"{_LAMBDA}/urls-auth.html",
        actions=("lambda:InvokeFunctionUrl", "lambda:InvokeFunction"),
    ),
    _lacking(
        ("aws marketplace actions", "model access is denied due to"),
        r"not authorized to perform the required AWS Marketplace actions"
        r"|Model access is denied due to (?=[^\n]{0,600}aws-marketplace:)",
        "the caller of the model",
        ("aws-marketplace:ViewSubscriptions", "aws-marketplace:Subscribe"),
        UsualCause("The first call of a third-party model subscribes the account in AWS Marketplace: allow "
                   "aws-marketplace:ViewSubscriptions and aws-marketplace:Subscribe to this caller, or let an "
                   "administrator call the model once. It is needed once for each model and account.",
                   "aws bedrock list-foundation-models --query 'modelSummaries[].modelId'"),
        UsualCause("The permissions were granted just now: a subscription takes some minutes; wait and try again.",
                   None, Who.CALLER),
        UsualCause("The organization denies AWS Marketplace (an SCP), or the account has no valid payment method.",
                   "aws organizations describe-organization", Who.ORG_ADMIN),
        page="https://repost.aws/knowledge-center/bedrock-resolve-marketplace-permission",
        on="in AWS Marketplace, once for each model and account",
    ),
    _lacking(
        "unable to use connection",
        r"Unable to use Connection: (?P<resource>arn:\S+?)\.? The provided role does not have sufficient permissions",
        "the service role of the pipeline or build",
        ("codeconnections:UseConnection", "codestar-connections:UseConnection"),
        UsualCause("The service role lacks codeconnections:UseConnection on the connection (or "
            "codestar-connections:UseConnection: the prefix in the policy must be that of the connection's ARN). The "
            "person in the console does not need it.",
                   "aws codepipeline list-pipelines"),
        UsualCause("The policy allows it for another connection, or under a condition on the repository "
            "(codeconnections:FullRepositoryId) that does not match.", "aws codeconnections list-connections"),
        page="https://docs.aws.amazon.com/dtconsole/latest/userguide/security-iam.html",
        on="on the connection",
    ),
    _lacking(
        "not authorized to access connection",
        r"User is not authorized to access connection (?P<resource>arn:\S+[\w])",
        "the build project's service role",
        ("codeconnections:UseConnection", "codeconnections:GetConnection", "codeconnections:GetConnectionToken"),
        UsualCause("“User” is the build project's service role here: allow it codeconnections:GetConnection and "
                   "codeconnections:GetConnectionToken (and UseConnection) on the connection, with the prefix of the "
                   "connection's ARN.", "aws codebuild list-projects"),
        page="https://docs.aws.amazon.com/codebuild/latest/userguide/connections-github-app.html",
        on="on the connection",
    ),
    _lacking(
        "calling glue",
        r"Access was denied when calling Glue",
        "the delivery stream's role",
        ("glue:GetTable", "glue:GetTableVersion", "glue:GetTableVersions"),
        UsualCause("The role in the data format conversion lacks the actions on the catalog, the database and the "
                   "table.", "aws firehose list-delivery-streams"),
        UsualCause("Lake Formation protects the database or table: grant the role DESCRIBE and SELECT there as "
                   "well as in IAM.", "aws lakeformation list-permissions", Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html",
        on="on Glue's catalog, database and table",
    ),
    # Athena's own sentence; AWS managed policy AmazonAthenaFullAccess: the Glue actions that queries use.
    _lacking(
        "create partitions on glue catalog",
        r"not authorized to create partitions on Glue catalog",
        "the caller of the query",
        ("glue:CreatePartition", "glue:BatchCreatePartition"),
        UsualCause("Allow whoever runs the query glue:CreatePartition and glue:BatchCreatePartition (and "
                   "glue:UpdatePartition where partitions are overwritten) on the catalog, the database and the table. "
                   "The S3 location in the message is only where data may have to be removed before the next try."),
        page="https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonAthenaFullAccess.html",
        on="on Glue's catalog, database and table",
    ),
    _lacking(
        "used to encrypt/decrypt the kinesis stream",
        r"does not have access to the KMS Key used to encrypt/decrypt the Kinesis Stream",
        "the delivery stream's role",
        ("kms:Decrypt",),
        UsualCause("The source stream is encrypted: allow the delivery stream's role kms:Decrypt on that key, in the "
                   "role's policies and in the key's.", "aws firehose list-delivery-streams"),
        page="https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html",
        on="on the source stream's key",
    ),
    _row(
        "access the log destination",
        r"state machine IAM Role is not authorized to access the Log Destination",
        "the state machine's role",
        "the state machine's role is not allowed to deliver logs",
        "The state machine's role, or the resource policy of CloudWatch Logs, does not let Step Functions deliver its "
        "logs.",
        UsualCause("The state machine's role needs logs:CreateLogDelivery, logs:GetLogDelivery, "
                   "logs:UpdateLogDelivery, logs:DeleteLogDelivery, logs:ListLogDeliveries, logs:PutResourcePolicy, "
                   "logs:DescribeResourcePolicies and logs:DescribeLogGroups on Resource \"*\".",
                   "aws stepfunctions list-state-machines"),
        UsualCause("CloudWatch Logs' resource policies are full (10 per Region, 5,120 characters each): name the "
                   "log group /aws/vendedlogs/states/…, or remove old policies.",
                   "aws logs describe-resource-policies"),
        page="https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html",
        actions=("logs:CreateLogDelivery", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies",
                 "logs:DescribeLogGroups"),
    ),
    _lacking(
        ("create managed-rule", "create managed rule"),
        r"not authorized to create managed[- ]rules?",
        "the state machine's role",
        ("events:PutRule", "events:PutTargets", "events:DescribeRule"),
        UsualCause("Step Functions waits for a job, a task or a nested run (.sync) with a rule of EventBridge: the "
                   "state machine's role needs events:PutRule, events:PutTargets and events:DescribeRule on it.",
                   "aws events list-rules --name-prefix StepFunctions --query 'Rules[].Name'"),
        page="https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html",
        on="on the rule that Step Functions manages",
    ),
    _row(
        ("verify/create output bucket", "when writing output to url"),
        r"Unable to verify/create output bucket(?: (?P<bucket>[a-z0-9][a-z0-9.-]{2,62}))?"
        r"|Access denied when writing output to url: s3://(?P<written>[a-z0-9][a-z0-9.-]{2,62})",
        "the caller of the query",
        "the caller is not allowed to use the query's output location",
        "The caller of the query is not allowed to write its results to the output location, or the bucket does not "
        "exist in this Region. Athena calls S3 with the caller's own permissions.",
        UsualCause("The workgroup encrypts the results with a KMS key (SSE_KMS): the caller also needs "
                   "kms:GenerateDataKey and kms:Decrypt on that key, in its policies and in the key policy. The "
                   "bucket's own default encryption does not matter for it.",
                   "aws athena list-work-groups --query 'WorkGroups[].Name'",
                   told_by=r"\b(?:SSE|CSE)_KMS\b", only_told=True),
        UsualCause("The caller lacks s3:GetBucketLocation and s3:ListBucket on the output bucket, or s3:PutObject, "
                   "s3:GetObject, s3:ListMultipartUploadParts and s3:AbortMultipartUpload on its objects, or the use "
                   "of its KMS key. AmazonAthenaFullAccess covers only buckets named aws-athena-query-results-*.",
                   "aws athena list-work-groups --query 'WorkGroups[].Name'"),
        UsualCause("The program assumes the role {role} for the query: give the permissions to that role.", None,
                   only_told=True,
                   told_by=r"\bassume_?role(?:_?arn)?[\"']?\s*[:=]\s*[\"']?arn:[\w-]+:iam::\d{12}:role/(?P<role>[\w+=,.@/-]+)"),
        UsualCause("The output location names a bucket that does not exist or is in another Region; the work group's "
                   "own location overrides the client's.", "aws athena list-work-groups", Who.CALLER),
        page="https://docs.aws.amazon.com/athena/latest/ug/troubleshooting-athena.html",
    ),
    _row(
        "requester is not authorized to access requested permissions",
        r"Resource does not exist or requester is not authorized to access requested permissions",
        "the caller of Lake Formation",
        "the resource does not exist in Lake Formation, or the caller is not allowed to grant on it",
        "Lake Formation names two possible reasons and does not say which applies: the database, table or location "
        "does not exist there (a location must be registered), or the caller is not allowed to grant the permission. "
        "An S3 policy is not the cause.",
        UsualCause("Lake Formation protects the table, database or location. The grantor must be its administrator "
                   "or have the permission with the grant option, as well as lakeformation:GrantPermissions in IAM.",
                   "aws lakeformation list-permissions", Who.RESOURCE_OWNER),
        UsualCause("The location is not registered with Lake Formation (lakeformation:RegisterResource), or the "
                   "name of the database or table is mistyped or belongs to another catalog.",
                   "aws lakeformation list-resources", Who.RESOURCE_OWNER),
        UsualCause("The role with which a location is registered must trust lakeformation.amazonaws.com, and the trust "
                   "policy in the text names only {service}. Add lakeformation.amazonaws.com to it, and register the "
                   "location before the grant "
                   "(https://docs.aws.amazon.com/lake-formation/latest/dg/registration-role.html).", None,
                   Who.RESOURCE_OWNER, only_told=True,
                   told_by=r"(?=[\s\S]*\b(?:un)?register\w*\b)(?![\s\S]*lakeformation\.amazonaws\.com)"
                   r"[\s\S]*\"Service\"\s*:\s*\[?\s*\"(?P<service>[\w.-]+\.amazonaws\.com)\""),
        page="https://docs.aws.amazon.com/lake-formation/latest/dg/troubleshooting.html",
    ),
    _row(
        "service_role_permissions",
        r"MISCONFIGURATION:SERVICE_ROLE_PERMISSIONS",
        "AWS Batch's service role",
        "AWS Batch's service role lacks permissions",
        "AWS Batch's service role lacks permissions, not the job's role or whoever submits the job.",
        UsualCause("The compute environment has its own service role, with an old or narrow policy: use the "
                   "service-linked role AWSServiceRoleForBatch, or AWSBatchServiceRole's actions.",
                   "aws batch describe-compute-environments --query "
                   "'computeEnvironments[].[computeEnvironmentName,serviceRole,statusReason]'"),
        page="https://docs.aws.amazon.com/batch/latest/userguide/job_stuck_in_runnable.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    _lacking(
        "ensure you have the right aws permissions",
        r"Access Denied\. Please ensure you have the right AWS permissions",
        "the EFS CSI driver's controller",
        ("elasticfilesystem:CreateAccessPoint", "elasticfilesystem:DescribeAccessPoints",
         "elasticfilesystem:DeleteAccessPoint", "elasticfilesystem:TagResource",
         "elasticfilesystem:DescribeFileSystems", "elasticfilesystem:DescribeMountTargets"),
        UsualCause("The role of the controller's service account (efs-csi-controller-sa, by Pod Identity or IRSA) "
                   "lacks them: attach AmazonEFSCSIDriverPolicy to it. Without its own role, the controller uses the "
                   "node's role."),
        UsualCause("The role's policy is older than the driver: newer versions tag access points "
                   "(elasticfilesystem:TagResource).", "aws iam list-roles --query 'Roles[].RoleName'"),
        UsualCause("The driver sets tags of your own (controller.tags), but AmazonEFSCSIDriverPolicy allows only the "
                   "key efs.csi.aws.com/cluster: leave them out, or allow elasticfilesystem:CreateAccessPoint and "
                   "elasticfilesystem:TagResource with them in a policy of your own.",
                   told_by=r"controller\.tags|controller:\s+tags:|--tags[= ]"),
        page="https://docs.aws.amazon.com/eks/latest/userguide/efs-csi.html",
        on="on the file system",
    ),
    _row(
        "s3files",
        r"access denied by server while mounting(?=[\s\S]{0,2000}\bs3files\b)"
        r"|\bs3files\b[\s\S]{0,2000}?access denied by server while mounting",
        "the client that mounts the S3 file system",
        "the client's role is not allowed to mount the S3 file system",
        "S3 Files refused the mount: the role of the mounting client needs s3files:ClientMount (and "
        "s3files:ClientWrite to write). EFS permissions (elasticfilesystem:) do not apply to it.",
        UsualCause("Attach AmazonS3FilesClientFullAccess, AmazonS3FilesClientReadWriteAccess or "
                   "AmazonS3FilesClientReadOnlyAccess to the role that mounts. With the EFS CSI driver that is the "
                   "role of efs-csi-node-sa: AmazonEFSCSIDriverPolicy contains no s3files actions."),
        UsualCause("The file system's own policy denies it, or requires another access point or principal.", None,
                   Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-files-security-iam.html",
        actions=("s3files:ClientMount",),
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    _row(
        "access denied by server while mounting",
        r"access denied by server while mounting \S*(?:fs-[0-9a-f]{8,}|\.efs\.|127\.0\.0\.1:/)",
        "the client that mounts the file system",
        "the file system policy does not let the client mount it",
        "EFS refused the mount: the file system policy, or the client's role, does not allow "
        "elasticfilesystem:ClientMount for this way of mounting. Security groups cause a timeout, not this answer.",
        UsualCause("The file system has a policy, and the mount does not identify itself: mount with the options tls "
                   "and iam (amazon-efs-utils), in Kubernetes as mountOptions.", "aws efs describe-file-systems",
                   Who.CALLER),
        UsualCause("The client's role lacks elasticfilesystem:ClientMount (and ClientWrite, ClientRootAccess), or the "
            "policy requires TLS, an access point or another principal.",
                   "aws efs describe-file-systems", Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html",
        actions=("elasticfilesystem:ClientMount",),
    ),
    _row(
        ("invalidvolume.notfound", "resource that is already deleted"),
        r"Could not create volume[^\n]{0,300}"
        r"(?:InvalidVolume\.NotFound|IdempotentParameterMismatch[^\n]{0,120}deleted)",
        "the EBS CSI driver's controller",
        "the volume was accepted and then deleted by EBS",
        "EBS accepted the volume and then deleted it. Often the driver's role is not allowed to use the KMS key that "
        "encrypts the volume; then no call is refused, and CloudTrail shows no denial.",
        UsualCause("Allow the role of ebs-csi-controller-sa kms:Decrypt, kms:GenerateDataKeyWithoutPlaintext, "
                   "kms:DescribeKey, kms:ReEncrypt* and kms:CreateGrant on the key, in its policy and in the key "
                   "policy. AmazonEBSCSIDriverPolicy contains no KMS actions.", None),
        UsualCause("The storage class names no key, so the account's default EBS key is used. If the key is disabled "
                   "or pending deletion, the volume is deleted, too.",
                   "aws ec2 get-ebs-default-kms-key-id", Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/eks/latest/userguide/add-ons-aws-ebs-csi-driver.html",
    ),
    # Amazon MSK Developer Guide, "Semantics of IAM authorization policy actions and resources".
    _row(
        ("authorizationexception", "authorizationfailed", "not authorized to access"),
        rf"{_KAFKA}(?=[\s\S]{{0,4000}}{_MSK})|{_MSK}[\s\S]{{0,4000}}?{_KAFKA}",
        "the client of the MSK cluster",
        "the client's role lacks a kafka-cluster action",
        "The cluster uses IAM access control: the client's role lacks a kafka-cluster action. Kafka's ACLs do not "
        "decide.",
        UsualCause("Allow the client's role kafka-cluster:CreateTopic on the topic's ARN "
                   "(arn:aws:kafka:REGION:ACCOUNT:topic/CLUSTER/UUID/TOPIC), or create the topic beforehand: "
                   "kafka-cluster:WriteData does not include it.", None,
                   told_by=r"creating topic|create(?:d)? topic|CreateTopics|topic\b[^\n]{0,40}\bdoes not exist",
                   decides="The client's role is not allowed to create the topic: it lacks kafka-cluster:CreateTopic. "
                   "The cluster uses IAM access control, so Kafka's ACLs are not the cause."),
        UsualCause("A consumer group needs kafka-cluster:AlterGroup and kafka-cluster:DescribeGroup on the group's ARN "
                   "(group/CLUSTER/UUID/GROUP), in addition to the topic's actions.", None,
                   told_by=r"GroupAuthorization|access group",
                   decides="The client's role is not allowed to use the consumer group: allow kafka-cluster:AlterGroup "
                   "and kafka-cluster:DescribeGroup on the group's ARN."),
        UsualCause("An idempotent producer needs kafka-cluster:WriteDataIdempotently on the cluster's ARN, in addition "
                   "to WriteData on the topic; or set enable.idempotence=false.", None,
                   told_by=r"ClusterAuthorization[\s\S]{0,2000}idempoten|idempoten[\s\S]{0,2000}ClusterAuthorization",
                   decides="The client's role lacks kafka-cluster:WriteDataIdempotently on the cluster, which an "
                   "idempotent producer needs. The cluster uses IAM access control, not Kafka's ACLs."),
        UsualCause("WriteData and ReadData also need kafka-cluster:DescribeTopic on the topic, and every action needs "
                   "kafka-cluster:Connect on the cluster. Transactions need DescribeTransactionalId and "
                   "AlterTransactionalId; idempotent writes WriteDataIdempotently on the cluster."),
        UsualCause("A statement names the cluster's ARN for an action on topics or groups, or another name or UUID.",
                   None),
        page="https://docs.aws.amazon.com/msk/latest/developerguide/kafka-actions.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    _row(
        "given key id is not accessible",
        r"Given key ID is not accessible",
        "the caller",
        "the caller is not allowed to use the KMS key of the volume, snapshot or image",
        "The caller is not allowed to use a KMS key: that of the source, or that of the new volume, snapshot or image, "
        "whose default is the account's EBS key in its Region.",
        UsualCause("Allow the caller kms:DescribeKey, kms:CreateGrant, kms:Decrypt, kms:ReEncrypt* and "
                   "kms:GenerateDataKeyWithoutPlaintext on both keys; a key of another account must allow it in its "
                   "key policy, too.",
                   "aws ec2 get-ebs-default-kms-key-id"),
        UsualCause("The source is encrypted with another account's AWS managed key (aws/ebs): nobody else can use it. "
                   "Its owner must copy it with a customer managed key and share that.", None, Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/ebs/latest/userguide/ebs-copy-snapshot.html",
        actions=("kms:DescribeKey", "kms:CreateGrant", "kms:Decrypt"),
    ),
    _row(
        "could not access model data",
        r"Could not access model data at (?P<resource>s3://\S+?)\.?(?=\s|$)",
        "the model's execution role",
        "the model's execution role cannot read the model data",
        "SageMaker cannot read the model data with the model's execution role: the role lacks s3:GetObject on it, does "
        "not trust sagemaker.amazonaws.com, or the file is in another Region.",
        UsualCause("Allow the execution role s3:GetObject on the file and s3:ListBucket on the bucket, and "
                   "kms:Decrypt on its key; another account's bucket must allow the role, too."),
        UsualCause("The file does not exist under this name, or its bucket is in a different Region than the endpoint.",
                   None, Who.CALLER),
        UsualCause("The role's trust policy does not name sagemaker.amazonaws.com, or its ARN lacks the path "
                   "(service-role/).", None, Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html",
        actions=("s3:GetObject",),
    ),
    _row(
        "any privilege on specified resource",
        r"Principal does not have any privilege on specified resource",
        "the caller",
        "Lake Formation has no grant for the caller",
        "Lake Formation has no grant for the caller on the database, table or columns: IAM's permissions alone are not "
        "enough.",
        UsualCause("Let a data lake administrator grant the caller's role SELECT and DESCRIBE on the table and "
                   "DESCRIBE on the database (aws lakeformation grant-permissions); for a resource link also on its "
                   "target.",
                   "aws lakeformation list-permissions", Who.RESOURCE_OWNER),
        UsualCause("In IAM the caller needs lakeformation:GetDataAccess on \"*\".", None),
        page="https://docs.aws.amazon.com/lake-formation/latest/dg/troubleshooting.html",
    ),
    # Amazon CloudWatch Logs User Guide, "Encrypt log data in CloudWatch Logs using AWS Key Management Service".
    _row(
        "kms key does not exist or is not allowed to be used with",
        r"KMS key does not exist or is not allowed to be used with \S* ?['\"]?"
        r"(?P<group>arn:[\w-]+:logs:(?P<region>[\w-]+):\d{12}:log-group:[^\s'\",;)]+)",
        "CloudWatch Logs",
        "the KMS key does not let CloudWatch Logs use it",
        "The KMS key's policy does not let CloudWatch Logs use the key for this log group: add a statement for "
        "logs.{region}.amazonaws.com to the key policy. What the caller's own policies allow is not the cause.",
        UsualCause('Add to the key policy a statement for Principal {"Service": "logs.{region}.amazonaws.com"} with '
                   'kms:Encrypt*, kms:Decrypt*, kms:ReEncrypt*, kms:GenerateDataKey* and kms:Describe* on "*". Best '
                   "with a condition that kms:EncryptionContext:aws:logs:arn is {group}. The default key policy has no "
                   "such statement.",
                   None, Who.RESOURCE_OWNER),
        UsualCause("The key is in a Region other than {region}, is disabled or pending deletion, or is not symmetric. "
                   "Or it was made a moment ago: try again.", None, Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
        actions=("kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"),
    ),
    # Amazon SNS Developer Guide, "Managing Amazon SNS encryption keys and costs": event sources and encrypted topics.
    _row(
        ("authorization to access the sns topic encryption key", "notificationresource"),
        r"does not have authorization to access the SNS topic encryption key"
        # The history of an alarm: KMS refused the action that publishes.
        r"|Service: AWSKMS;[^)]{0,80}AccessDeniedException(?=[\s\S]{0,400}notificationResource\W{1,6}arn:[\w-]+:sns:)"
        r"|notificationResource\W{1,6}arn:[\w-]+:sns:[\s\S]{0,400}?Service: AWSKMS;[^)]{0,80}AccessDeniedException",
        "the service that publishes to the topic",
        "the topic's KMS key does not let the service use it",
        "CloudWatch Alarms is not allowed to use the encryption key of the topic: the key policy must allow "
        "cloudwatch.amazonaws.com. The permissions of whoever made the alarm are not the cause.",
        UsualCause("Add to the key policy a statement for Principal {\"Service\": \"cloudwatch.amazonaws.com\"} with "
                   "kms:GenerateDataKey* and kms:Decrypt on \"*\".", None, Who.RESOURCE_OWNER),
        UsualCause("If the key is the AWS managed one (alias/aws/sns), nobody can change its policy: choose a customer "
                   "managed key.", None, Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html",
        actions=("kms:GenerateDataKey", "kms:Decrypt"),
        cause="resource.no-action",
        ground=Ground.LIKENESS,
    ),
    # Amazon SNS Developer Guide, "Configuring Amazon SNS encryption with encrypted Amazon SQS queue subscriptions".
    _row(
        "kms.accessdeniedexception",
        r"KMS\.AccessDeniedException(?=[\s\S]{0,1500}\bproviderResponse\b)(?=[\s\S]{0,1500}\balias/aws/sqs\b)"
        r"|\bproviderResponse\b[\s\S]{0,1500}?KMS\.AccessDeniedException(?=[\s\S]{0,1500}\balias/aws/sqs\b)",
        "SNS, which delivers to the queue",
        "the queue's KMS key does not let SNS use it",
        "The queue is encrypted with the AWS managed key alias/aws/sqs, whose policy nobody can change, so SNS cannot "
        "use it. The queue's policy is not the cause.",
        UsualCause("Encrypt the queue with SSE-SQS, or with a customer managed key whose policy lets "
                   "sns.amazonaws.com do kms:GenerateDataKey and kms:Decrypt.", None, Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/sns/latest/dg/sns-enable-encryption-for-topic-sqs-queue-subscriptions.html",
        actions=("kms:GenerateDataKey", "kms:Decrypt"),
        cause="resource.no-action",
        ground=Ground.LIKENESS,
    ),
    _row(
        "kms.accessdeniedexception",
        r"KMS\.AccessDeniedException(?=[\s\S]{0,1500}\bproviderResponse\b)"
        r"|\bproviderResponse\b[\s\S]{0,1500}?KMS\.AccessDeniedException",
        "SNS, which delivers to the queue",
        "the queue's KMS key does not let SNS use it",
        "The queue's KMS key does not let SNS use it: the delivery failed at KMS, and not at the queue's policy.",
        UsualCause("Add to the key policy a statement for Principal {\"Service\": \"sns.amazonaws.com\"} with "
                   "kms:GenerateDataKey and kms:Decrypt on \"*\", and the topic as aws:SourceArn. The queue's policy "
                   "must allow sqs:SendMessage as well.", None, Who.RESOURCE_OWNER),
        UsualCause("With the AWS managed key alias/aws/sqs that is not possible: use a customer managed key, or "
                   "SSE-SQS.", None, Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/sns/latest/dg/sns-enable-encryption-for-topic-sqs-queue-subscriptions.html",
        actions=("kms:GenerateDataKey", "kms:Decrypt"),
        cause="resource.no-action",
        ground=Ground.LIKENESS,
    ),
    _row(
        "aws backup does not have permission",
        r"AWS Backup does not have permission to (?:\w+ ){1,4}(?P<resource>arn:[^\s,;]*[\w*])",
        "the backup job's role",
        "the backup job's role lacks permissions",
        "The role of the backup job lacks permissions on the resource, not the person in the console or AWS Backup's "
        "service-linked role.",
        UsualCause("The job's role lacks the policy for this kind of resource: for S3 "
                   "AWSBackupServiceRolePolicyForS3Backup and AWSBackupServiceRolePolicyForS3Restore, which the "
                   "default role does not have.", "aws backup list-backup-plans"),
        page="https://repost.aws/articles/ARt46qw01wR9OiksidJR0fMg",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    _row(
        "validate the following destination configurations",
        r"Unable to validate the following destination configurations",
        "Amazon S3, which delivers the event",
        "S3 is not allowed to deliver to the destination",
        "S3 is not allowed to deliver events: the destination's own policy must allow s3.amazonaws.com. The policies "
        "of whoever configures the bucket are not the cause.",
        UsualCause("The destination's policy does not let s3.amazonaws.com do sns:Publish, sqs:SendMessage or "
                   "lambda:InvokeFunction with this bucket as aws:SourceArn (and aws:SourceAccount), or it is added "
                   "only after the notification.", None, Who.RESOURCE_OWNER),
        UsualCause("The queue or topic is encrypted: the policy of a customer managed KMS key must let "
                   "s3.amazonaws.com do kms:GenerateDataKey and kms:Decrypt; an AWS managed key cannot be used.",
                   None, Who.RESOURCE_OWNER),
        UsualCause("The destination does not exist, is in a different Region than the bucket, or is a FIFO queue or "
                   "topic.", None, Who.CALLER),
        UsualCause("Encrypt the queue or topic with a customer managed KMS key whose policy lets s3.amazonaws.com do "
                   "kms:GenerateDataKey and kms:Decrypt, or a queue with SSE-SQS. S3 cannot use the AWS managed key, "
                   "and nobody can change that key's policy.", None, Who.RESOURCE_OWNER,
                   told_by=r"\balias/aws/(?:sqs|sns)\b",
                   decides="The destination is encrypted with an AWS managed key, which S3 cannot use: change its "
                   "encryption. The caller's policies are not the cause."),
        UsualCause("Add to the key's policy: Principal s3.amazonaws.com, Action kms:GenerateDataKey and kms:Decrypt, "
                   "with the bucket's account as aws:SourceAccount. The policy of the queue or topic stays.", None,
                   Who.RESOURCE_OWNER,
                   told_by=r"(?=[\s\S]*(?:sqs:SendMessage|sns:Publish)[\s\S]{0,200}s3\.amazonaws\.com"
                   r"|[\s\S]*s3\.amazonaws\.com[\s\S]{0,200}(?:sqs:SendMessage|sns:Publish))"
                   r"[\s\S]*Kms(?:Master)?KeyId[\"']?\s*[:=]?\s*[\"']?(?:arn:[\w-]+:kms:|[0-9a-f]{8}-)"
                   r"(?![\s\S]*kms:GenerateDataKey)",
                   decides="The policy in the text lets S3 send, but the destination is encrypted with a customer "
                   "managed KMS key: the key's policy must let s3.amazonaws.com use it."),
        page="https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html",
    ),
    _row(
        "to invoke",
        rf"{_INVOKED}(?P<arn>arn:[\w-]+:(?:{'|'.join(each[0] for each in _TARGETS)}):[^\s\"',]+)",
        "what invokes the target",
        "the target may not be invoked",
        "What invokes {arn} is not allowed to.",
        *(_of_target(*each) for each in _TARGETS),
        page="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-custom-bus-target-firehose.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    _row(
        "could not deliver test message to specified",
        r"Could not deliver test message to specified (?P<kind>Firehose|Kinesis|destination)",
        "the role that CloudWatch Logs delivers with",
        "CloudWatch Logs could not deliver with the role",
        "CloudWatch Logs could not deliver a test message to the {kind} target: its role cannot be assumed, lacks the "
        "action, or the stream is not active yet.",
        UsualCause("The role of the subscription filter must trust logs.amazonaws.com (older ones "
                   "logs.REGION.amazonaws.com) and allow firehose:PutRecord or kinesis:PutRecord on the stream. "
                   "Whoever "
                   "makes the filter needs iam:PassRole on it.", None),
        UsualCause("The role or the stream was made a moment ago: wait until the stream is ACTIVE and try again.", None,
                   Who.CALLER),
        page="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html",
    ),
    _row(
        ("table_import_from_s3", "query_export_to_s3"),
        r"HTTP 403\. Permission denied[\s\S]{0,400}?(?P<call>table_import_from_s3|query_export_to_s3)"
        r"|aws_s3\.(?P<asked_call>table_import_from_s3|query_export_to_s3)[\s\S]{0,400}?HTTP 403\. Permission denied",
        "the role of the database",
        "the database's role may not use the bucket",
        "The role that is attached to the database may not use the bucket: change that role, not the caller's policies "
        "or the database's grants.",
        UsualCause("For an import the role with the feature s3Import needs s3:GetObject on the objects and "
                   "s3:ListBucket on the bucket, for an export the one with s3Export s3:PutObject and "
                   "s3:AbortMultipartUpload. With a KMS key it needs kms:Decrypt or kms:GenerateDataKey, too.",
                   "aws rds describe-db-instances --query 'DBInstances[].[DBInstanceIdentifier,AssociatedRoles]'"),
        page="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PostgreSQL.S3Import.html",
    ),
    _row(
        ("access policy allows access to the lambda function", "lambda.invokeaccessdenied"),
        r"access policy allows access to the Lambda function|\bLambda\.InvokeAccessDenied\b",
        "the stream's delivery role",
        "Firehose's role may not invoke the function",
        "The delivery role of the Firehose stream is not allowed to invoke the function that transforms its records: "
        "change that role, not the function's execution role.",
        UsualCause("Allow the delivery role lambda:InvokeFunction and lambda:GetFunctionConfiguration on the "
                   "function's ARN with its version (function:NAME:$LATEST, or function:NAME:*). A function of another "
                   "account must allow the role in its own policy, too.",
                   "aws firehose describe-delivery-stream --delivery-stream-name STREAM"),
        page="https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html",
        actions=("lambda:InvokeFunction",),
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    _row(
        "must be assumable",
        r"role must be assumable (?:with|by) (?P<principals>[\w.-]+\.amazonaws\.com(?:\.cn)?"
        r"(?:(?: as well as|,| and) [\w.-]+\.amazonaws\.com(?:\.cn)?){0,3})",
        "the service",
        "the role's trust policy must name {principals}",
        "The role's trust policy must let {principals} assume it: add what is missing to its principals. The "
        "permissions of whoever made the call are not the cause.",
        UsualCause("In the trust policy write Principal {\"Service\": […]} with {principals}, and Action "
                   "sts:AssumeRole. A trust policy that was changed a moment ago takes some seconds: try again.", None,
                   Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-edge-permissions.html",
        cause="trust.principal-mismatch",
        ground=Ground.LIKENESS,
    ),
    _row(
        "no_permissions",
        r"ERROR_CODE\W{1,40}(?:\w+\W{1,12}){0,6}?NO_PERMISSIONS",
        "EventBridge, which calls the target",
        "EventBridge is not allowed to call the target",
        "EventBridge is not allowed to call the rule's target: the target's own policy, or the role of the target, "
        "does not allow it.",
        UsualCause("The policy of a function, topic, queue or log group must allow events.amazonaws.com, with the "
                   "rule as aws:SourceArn; such a target has no RoleArn.", "aws events list-rules",
                   Who.RESOURCE_OWNER),
        UsualCause("Other targets (Kinesis, Step Functions, ECS, another bus) are called with the target's RoleArn: "
                   "that role lacks the action, or does not trust events.amazonaws.com.", "aws events list-rules"),
        page="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html",
    ),
    _row(
        "is not configured properly",
        r"IAM Role (?P<resource>arn:[\w-]+:iam::\d{12}:role/(?:\S+/)?dms-[\w+=,.@-]+) is not configured properly",
        "DMS's service role",
        "the role that DMS needs is missing or incomplete",
        "The role that DMS needs by this name is missing, does not trust dms.amazonaws.com, or lacks its policy.",
        UsualCause("The role must have exactly this name, trust dms.amazonaws.com and have its managed policy "
            "(AmazonDMSVPCManagementRole for dms-vpc-role).",
                   "aws iam list-roles --query \"Roles[?starts_with(RoleName,'dms-')].RoleName\""),
        UsualCause("The role was created a moment ago, by the same stack or deployment. IAM needs some seconds: "
                   "make the DMS resource depend on the role's policy attachment, and try again.", None, Who.CALLER),
        page="https://docs.aws.amazon.com/dms/latest/userguide/security-iam.html",
    ),
    _lacking(
        "service-linked role for ec2 spot instances",
        r"permission to create the service-linked role for EC2 Spot Instances",
        "the caller of the launch",
        ("iam:CreateServiceLinkedRole",),
        UsualCause("The account has no AWSServiceRoleForEC2Spot yet: somebody with iam:CreateServiceLinkedRole has to "
            "create it once (aws iam create-service-linked-role --aws-service-name spot.amazonaws.com). Then the "
            "launch needs nothing more.",
                   "aws iam get-role --role-name AWSServiceRoleForEC2Spot"),
        UsualCause("If the launching role should create it by itself, allow iam:CreateServiceLinkedRole, preferably "
                   "with the condition iam:AWSServiceName = spot.amazonaws.com."),
        page="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/service-linked-roles-spot-instance-requests.html",
        on="to create AWSServiceRoleForEC2Spot",
    ),
    _row(
        "authorized to use launch template",
        r"not authorized to use launch template",
        "the caller of the launch",
        "the caller is not allowed to launch with the launch template",
        "The caller is not allowed to launch with this launch template: the launch that it describes is evaluated with "
        "the caller's own permissions, and something in it is not allowed.",
        UsualCause("The caller lacks ec2:RunInstances on one of the resources of the template (image, subnet, security "
                   "group, key pair, the template itself), ec2:CreateTags for its tags, or iam:PassRole on its "
                   "instance profile's role.", "aws ec2 describe-launch-templates --query "
                   "'LaunchTemplates[].[LaunchTemplateName,DefaultVersionNumber]'"),
        UsualCause("The template was deleted, is in another Region or account, or names an image or key that is.",
                   "aws ec2 describe-launch-templates", Who.CALLER),
        page="https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-launch-template-permissions.html",
    ),
    _row(
        "access denied for bucket",
        r"Access Denied for bucket: (?P<bucket>[a-z0-9][\w.-]{2,62}?)\.? Please check S3\s*bucket permission",
        "Elastic Load Balancing, which writes the logs",
        "the bucket does not take the logs of Elastic Load Balancing",
        "Elastic Load Balancing could not write to the bucket: its policy, its encryption or its Region is the cause, "
        "not the permissions of whoever turned the logs on.",
        UsualCause("The bucket's policy must let logdelivery.elasticloadbalancing.amazonaws.com (in older Regions the "
            "Region's ELB account) do s3:PutObject on BUCKET/PREFIX/AWSLogs/ACCOUNT/*, with exactly the prefix that "
            "the load balancer has.", None, Who.RESOURCE_OWNER),
        UsualCause("The bucket is encrypted with a KMS key (an Application Load Balancer supports only SSE-S3), or is "
                   "in a different Region than the load balancer.", None, Who.RESOURCE_OWNER),
        UsualCause("Change the bucket's default encryption to SSE-S3 (AES256; in CDK BucketEncryption.S3_MANAGED). No "
                   "policy of the bucket or of its KMS key makes SSE-KMS work for these logs.", None,
                   Who.RESOURCE_OWNER,
                   told_by=r"(?:BucketEncryption\.KMS\b|(?:sse_?algorithm|SSE)[\"']?\s*[:=]\s*[\"']?aws:kms|\bSSE-KMS\b"
                   r"|\bKMSMasterKeyID[\"']?\s*[:=])(?![\s\S]*(?:\bNLB\b|network ?load ?balancer))",
                   decides="The bucket is encrypted with a KMS key, and an Application Load Balancer writes logs only "
                   "to buckets with SSE-S3: change the bucket's default encryption."),
        page="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html",
    ),
    _row(
        "logdestination permission",
        r"Access Denied for LogDestination: (?P<destination>\S+?)\.? Please check LogDestination permission",
        "the delivery of the logs",
        "the log destination does not allow the delivery",
        "The destination's own policy does not let delivery.logs.amazonaws.com write, or whoever creates the flow log "
        "is not allowed to change that policy.",
        UsualCause("The bucket's policy must let delivery.logs.amazonaws.com do s3:PutObject on AWSLogs/ACCOUNT/* and "
            "s3:GetBucketAcl, and the policy of its KMS key kms:GenerateDataKey*.", None,
                   Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html",
    ),
    _row(
        ("insufficientencryptionpolicy", "insufficient permissions to access s3 bucket"),
        r"InsufficientEncryptionPolicy(?:Exception)?|Insufficient permissions to access S3 bucket \S+ or KMS key",
        "CloudTrail, which writes the trail",
        "the trail's KMS key or bucket does not let CloudTrail write",
        "The KMS key of the trail, or its bucket, does not let CloudTrail write: the policies of whoever makes the "
        "trail are not the cause.",
        UsualCause("The key policy must let cloudtrail.amazonaws.com do kms:GenerateDataKey* and kms:DescribeKey, with "
                   "the trail's ARN as aws:SourceArn. The key must be in the bucket's Region.",
                   None, Who.RESOURCE_OWNER),
        UsualCause("The bucket's policy must let cloudtrail.amazonaws.com do s3:GetBucketAcl on the bucket and "
                   "s3:PutObject on PREFIX/AWSLogs/ACCOUNT/*.", None, Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
        cause="resource.no-action",
        ground=Ground.LIKENESS,
    ),
    _row(
        ("insufficients3bucketpolicy", "incorrect s3 bucket policy"),
        r"InsufficientS3BucketPolicy(?:Exception)?|Incorrect S3 bucket policy is detected for bucket",
        "CloudTrail, which writes the trail",
        "the bucket's policy does not let CloudTrail write",
        "The bucket's policy does not let CloudTrail write this trail.",
        UsualCause("The bucket's policy must let cloudtrail.amazonaws.com do s3:GetBucketAcl on the bucket and "
                   "s3:PutObject on PREFIX/AWSLogs/ACCOUNT/*, and its aws:SourceArn must name this trail (an "
                   "organization's trail also needs the organization's path).", "aws cloudtrail describe-trails",
                   Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html",
    ),
    _row(
        "insufficient delivery policy to s3 bucket",
        r"Insufficient delivery policy to s3 bucket: (?P<bucket>[a-z0-9][\w.-]{2,62})",
        "AWS Config, which delivers to the bucket",
        "the bucket's policy does not let AWS Config deliver",
        "The bucket's policy does not let AWS Config deliver to it, or the recorder's role is not allowed to "
            "write there.",
        UsualCause("The bucket's policy must let config.amazonaws.com do s3:GetBucketAcl and s3:ListBucket on the "
                   "bucket and s3:PutObject on PREFIX/AWSLogs/ACCOUNT/Config/*.",
                   "aws configservice describe-delivery-channels", Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html",
    ),
    _row(
        "role arn does not have required permissions",
        r"The role ARN does not have required permissions(?: set| configured)?",
        "API Gateway's CloudWatch role",
        "API Gateway's CloudWatch role is incomplete",
        "The CloudWatch role in API Gateway's account settings does not trust apigateway.amazonaws.com, or lacks "
        "AmazonAPIGatewayPushToCloudWatchLogs.",
        UsualCause("The role trusts another service, lacks AmazonAPIGatewayPushToCloudWatchLogs, or was created a "
                   "moment ago.", "aws apigateway get-account", Who.ACCOUNT_ADMIN),
        page="https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html",
    ),
    _row(
        "invalid permissions on lambda function",
        r"Invalid permissions on Lambda function",
        "API Gateway, which invokes the function",
        "API Gateway is not allowed to invoke the function",
        "The function's resource-based policy does not let API Gateway invoke it for this method and path.",
        UsualCause("The function's policy lacks a statement for apigateway.amazonaws.com with lambda:InvokeFunction, "
                   "or its aws:SourceArn names another API, stage, method or path, or another version or alias of the "
                   "function.", _LISTS_FUNCTIONS, Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html",
        actions=("lambda:InvokeFunction",),
    ),
    _row(
        "given cloudwatch logs permission to execute your function",
        r"Make sure you have given CloudWatch Logs permission to execute your function",
        "CloudWatch Logs, which invokes the function",
        "CloudWatch Logs is not allowed to invoke the function",
        "The function's resource-based policy does not let CloudWatch Logs invoke it.",
        UsualCause("The function's policy lacks a statement for logs.amazonaws.com with lambda:InvokeFunction and "
                   "this log group (with :*) as aws:SourceArn, or the statement is added only after the subscription "
                   "filter.",
                   _LISTS_FUNCTIONS, Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html",
        actions=("lambda:InvokeFunction",),
    ),
    _row(
        "cannot invoke the specified lambda function",
        r"Secrets Manager cannot invoke the specified Lambda function",
        "Secrets Manager, which invokes the rotation function",
        "Secrets Manager is not allowed to invoke the rotation function",
        "The rotation function's resource-based policy does not let Secrets Manager invoke it.",
        UsualCause("The function's policy lacks a statement for secretsmanager.amazonaws.com with "
                   "lambda:InvokeFunction, or its condition names another secret or account.", _LISTS_FUNCTIONS,
                   Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot_rotation.html",
        actions=("lambda:InvokeFunction",),
    ),
    _row(
        "s3serviceexception",
        r"S3ServiceException:\s*Access\s*Denied(?:,\s*Status\s*403|(?=[\s\S]{0,2000}\b(?:redshift|UNLOAD|COPY)\b))"
        r"|\b(?:redshift|UNLOAD|COPY)\b[\s\S]{0,2000}S3ServiceException:\s*Access\s*Denied",
        "the role of the COPY or UNLOAD command",
        "the role of the COPY or UNLOAD command is not allowed to use the bucket",
        "The role that the COPY or UNLOAD command names is not allowed to read or write the bucket; the database's "
        "user and the person at the client are not the cause.",
        UsualCause("The role in the command (IAM_ROLE) lacks s3:GetObject and s3:ListBucket (UNLOAD: s3:PutObject), "
                   "or the use of the bucket's KMS key, or the bucket's policy refuses it.",
                   "aws redshift describe-clusters --query 'Clusters[].[ClusterIdentifier,IamRoles]'"),
        page="https://docs.aws.amazon.com/redshift/latest/dg/s3serviceexception-error.html",
        cause="unreadable",
    ),
    _row(
        "saslauthenticationexception",
        r"SaslAuthenticationException:\s*\[[0-9a-f-]{36}\]:\s*Access denied",
        "the client of the MSK cluster",
        "the cluster does not accept the client's IAM identity",
        "Amazon MSK refused the client's IAM identity: it lacks kafka-cluster:Connect on the cluster, or runs with the "
        "wrong credentials.",
        UsualCause("The client's role lacks kafka-cluster:Connect on the cluster's ARN (and the actions on its "
                   "topics and groups), or the cluster policy of another account's cluster does not allow it.",
                   "aws kafka list-clusters-v2"),
        page="https://docs.aws.amazon.com/msk/latest/developerguide/iam-access-control.html",
        actions=("kafka-cluster:Connect",),
    ),
    _row(
        "does not have permission to publish with sns",
        r"Role does not have (?:a )?permission to publish with SNS",
        "the user pool's SMS role",
        "the user pool's SMS role is incomplete",
        "The role with which the user pool sends SMS lacks sns:Publish, or does not trust cognito-idp.amazonaws.com "
        "with the external ID that the pool sends.",
        UsualCause("The SMS role needs sns:Publish on \"*\", and a trust policy for cognito-idp.amazonaws.com with the "
                   "pool's external ID.", "aws cognito-idp list-user-pools --max-results 60"),
        page="https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-settings-sms-settings.html",
    ),
    _row(
        "give you permission to perform operations",
        r"role (?P<resource>arn:\S+) does not give you permission to perform operations in the following AWS service",
        "CodeDeploy's service role",
        "CodeDeploy's service role lacks permissions",
        "The deployment group's service role lacks permissions in the service that the text names; whoever starts the "
        "deployment does not need them.",
        UsualCause("The deployment group's service role lacks AWSCodeDeployRole (for ECS AWSCodeDeployRoleForECS, for "
                   "Lambda AWSCodeDeployRoleForLambda), with launch templates also ec2:RunInstances, ec2:CreateTags "
                   "and iam:PassRole.", "aws deploy list-applications"),
        page="https://docs.aws.amazon.com/codedeploy/latest/userguide/getting-started-create-service-role.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    _row(
        "does not include the required permissions",
        r"IAM role ARN value is invalid or does not include the required permissions for:? (?P<feature>\w+)",
        "the role that is passed to the database",
        "the role that is passed to the database is missing or incomplete",
        "The role that is passed to RDS for this feature does not exist, does not trust RDS's service, or lacks the "
        "feature's permissions.",
        UsualCause("Enhanced Monitoring's role trusts monitoring.rds.amazonaws.com and has "
                   "AmazonRDSEnhancedMonitoringRole; other features' roles trust rds.amazonaws.com.",
                   "aws iam list-roles --query 'Roles[].[RoleName,AssumeRolePolicyDocument]'"),
        UsualCause("The role was created a moment ago: IAM needs some seconds. Try again.", None, Who.CALLER),
        page="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Monitoring.OS.Enabling.html",
    ),
    _row(
        "enhanced zero click role creation",
        r"policy's default version was not created by enhanced zero click role creation",
        "CodeBuild's console, which changes the service role",
        "the console cannot change the policy of the service role",
        "CodeBuild's console wants to change the policy of the service role, which somebody else has edited. No "
        "permission of the caller is missing.",
        UsualCause("Clear “Allow CodeBuild to modify this service role so it can be used with this build project” when "
                   "you edit the project, each time. Then check that the role's own policies suffice, or choose a new "
                   "service role.", None, Who.CALLER),
        page="https://docs.aws.amazon.com/codebuild/latest/userguide/troubleshooting.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
    # The actions and the other account's image: CodeBuild User Guide, "Amazon ECR sample"
    # (https://docs.aws.amazon.com/codebuild/latest/userguide/sample-ecr.html).
    _row(
        "build_container_unable_to_pull_image",
        r"BUILD_CONTAINER_UNABLE_TO_PULL_IMAGE(?=[\s\S]{0,600}\.dkr\.ecr\.)|\.dkr\.ecr\.[\s\S]{0,600}?BUILD_CONTAINER_UNABLE_TO_PULL_IMAGE",
        "CodeBuild, which pulls the build image",
        "CodeBuild cannot pull the build image from ECR",
        "CodeBuild cannot pull the build image from ECR: start with the repository's policy and the project's image "
        "credentials, not with the caller.",
        UsualCause("Let the repository's policy allow codebuild.amazonaws.com ecr:GetDownloadUrlForLayer, "
                   "ecr:BatchGetImage and ecr:BatchCheckLayerAvailability. Or let the project pull with its service "
                   "role (imagePullCredentialsType: SERVICE_ROLE), which then needs them and "
                   "ecr:GetAuthorizationToken. For another account's image only the service role works.",
                   "aws codebuild list-projects", Who.RESOURCE_OWNER),
        UsualCause("The image does not exist in this Region, or is larger than the disk of the compute type.", None,
                   Who.CALLER),
        page="https://docs.aws.amazon.com/codebuild/latest/userguide/troubleshooting.html",
    ),
    _row(
        "error calling getbucketacl",
        r"Error calling GetBucketAcl: Either the bucket owner has changed or the service role",
        "the build project's service role",
        "the bucket has another owner, or the service role lacks s3:GetBucketAcl",
        "CodeBuild checks who owns the bucket: it has another owner now, or the project's service role lacks "
        "s3:GetBucketAcl and s3:GetBucketLocation.",
        UsualCause("Check that the bucket is still yours (a bucket that was deleted can be created by others). Then "
                   "allow the service role s3:GetBucketAcl and s3:GetBucketLocation on it.",
                   "aws codebuild list-projects"),
        page="https://docs.aws.amazon.com/codebuild/latest/userguide/troubleshooting.html",
        actions=("s3:GetBucketAcl", "s3:GetBucketLocation"),
    ),
    _row(
        "could not access the codecommit repository",
        r"Could not access the CodeCommit repository (?P<name>[\w.-]+?)\.? Make sure that the pipeline IAM role",
        "the pipeline's service role",
        "the pipeline's service role cannot read the repository {name}",
        "The pipeline's service role lacks CodeCommit permissions on the repository {name}. Whoever started the "
        "pipeline does not need them.",
        UsualCause("Allow the pipeline's service role codecommit:GetBranch, codecommit:GetCommit, "
                   "codecommit:GetRepository, codecommit:UploadArchive, codecommit:GetUploadArchiveStatus and "
                   "codecommit:CancelUploadArchive on the repository.", "aws codepipeline list-pipelines"),
        page="https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodeCommit.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    _row(
        "failed to pull your application image",
        r"Failed to pull your application image\. Be sure you configure your service with a valid access role",
        "App Runner, which pulls the image",
        "App Runner cannot pull the image with its access role",
        "App Runner pulls a private ECR image with the service's access role, not with the instance role: that role is "
        "missing or incomplete.",
        UsualCause("Give the service an access role that trusts build.apprunner.amazonaws.com and has "
                   "AWSAppRunnerServicePolicyForECRAccess.",
                   "aws apprunner list-services --query 'ServiceSummaryList[].ServiceArn'"),
        page="https://docs.aws.amazon.com/apprunner/latest/dg/service-source-image.html",
    ),
    # AWS Transfer Family User Guide, "Creating a session policy": the session may do what role and policy both allow.
    _row(
        ("remote open(", "remote mkdir(", "remote readdir("),
        r"remote (?:open|mkdir|readdir)\([^\n]{0,300}Permission denied"
        r"(?=[\s\S]{0,2000}(?:Transfer Family|\baws transfer\b|scope-?down))"
        r"|(?:Transfer Family|\.server\.transfer\.)[\s\S]{0,2000}?remote (?:open|mkdir|readdir)\([^\n]{0,300}"
        r"Permission denied",
        "the user's role, as the user's session policy limits it",
        "Transfer Family refuses it to the user",
        "Transfer Family refused it: the user may do only what the user's role and session policy both allow.",
        UsualCause("The session policy in the text names ${transfer:UserName}, and gives nothing in a home folder of "
                   "another name: write ${transfer:HomeDirectory}/* for objects, and ${transfer:HomeFolder}/* as "
                   "s3:prefix.", None, Who.RESOURCE_OWNER, told_by=r"\$\{transfer:UserName\}", only_told=True),
        UsualCause("Compare the session policy's actions and paths with the call and the user's home folder. What the "
                   "role alone may do does not count.",
                   "aws transfer describe-user --server-id SERVER --user-name USER", Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/transfer/latest/userguide/users-policies-session.html",
    ),
    _row(
        ("unable to assumerole", "unable to assume role"),
        r"(?:Transfer Family|\btransfer\b|\bSFTP\b|AUTH_FAILURE)[\s\S]{0,300}?Unable to AssumeRole"
        r"|Unable to AssumeRole(?=[\s\S]{0,300}(?:Transfer Family|\bSFTP\b|AUTH_FAILURE))",
        "AWS Transfer Family",
        "Transfer Family cannot assume the user's role",
        "Transfer Family cannot assume the role of the user who signs in: the role's trust policy must let "
        "transfer.amazonaws.com do sts:AssumeRole.",
        UsualCause("Add transfer.amazonaws.com to the trust policy of the user's role. Conditions on aws:SourceArn or "
                   "aws:SourceAccount there must name this server and account.",
                   "aws transfer list-servers --query 'Servers[].[ServerId,IdentityProviderType]'",
                   Who.RESOURCE_OWNER),
        page="https://repost.aws/knowledge-center/transfer-family-permission-errors",
        cause="trust.principal-mismatch",
        ground=Ground.LIKENESS,
    ),
    _row(
        "is not able to call specified bedrock embedding model",
        r"Knowledge base role (?P<role>\S+) is not able to call specified bedrock embedding model"
        r"(?: (?P<resource>arn:\S+?))?(?=[:\s]|$)",
        "the knowledge base's service role",
        "the knowledge base's service role cannot call the embedding model",
        "The knowledge base's service role {role} cannot call the embedding model: the caller's own policies are not "
        "the cause.",
        UsualCause("Allow that role bedrock:InvokeModel on the embedding model's ARN. It must trust "
                   "bedrock.amazonaws.com.", None),
        UsualCause("The role or its policy was created a moment ago: wait some seconds, and let the knowledge base "
                   "depend on the policy.", None, Who.CALLER),
        page="https://docs.aws.amazon.com/bedrock/latest/userguide/kb-permissions.html",
        actions=("bedrock:InvokeModel",),
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    # A bucket with ABAC: Amazon S3 API Reference, "PutBucketAbac"
    # (https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAbac.html).
    _row(
        ("performing a tagging operation", "unauthorizedtaggingoperation"),
        r"permissions error performing a tagging operation|\bUnauthorizedTaggingOperation\b",
        "the principal with which CloudFormation makes the stack",
        "the stack's principal lacks the permission to tag the resource",
        "CloudFormation puts the stack's tags on the resource, and the principal of the stack is not allowed to tag "
        "it: the stack's service role, or without one whoever called CloudFormation.",
        UsualCause("Allow that principal s3:PutBucketTagging on the bucket, or s3:TagResource if the bucket uses tags "
                   "for access control (ABAC). Where a Lambda function deploys the stack, it is the function's role, "
                   "and not yours.", None,
                   told_by=r"\bService: (?:Amazon )?S3\b|AWS::S3::Bucket", only_told=True),
        UsualCause("Allow that principal the tagging action of the resource's service (often TagResource; for EC2 "
                   "ec2:CreateTags). The stack's event names the call. If the stack has no role, CloudTrail names the "
                   "principal.",
                   "aws cloudformation describe-stacks --query 'Stacks[].[StackName,RoleARN]' --output text"),
        page="https://repost.aws/knowledge-center/cloudformation-tagging-permission-error",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    # AWS Lambda API Reference, "UpdateFunctionCode": the code's object is read with the caller's credentials.
    _row(
        "your access has been denied by s3",
        r"Your access has been denied by S3, please make sure your request credentials have permission to "
        r"(?P<call>Get\w+) for (?P<path>[\w./+=@-]+?)\.(?=\s|$)",
        "the caller",
        "S3 refuses {call} on {path} to the caller",
        "Lambda accepted the call itself: S3 refuses it the code {path}, which it reads with the caller's permissions "
        "(s3:{call}), not with the function's role.",
        UsualCause("Check first that {path} exists: without s3:ListBucket on the bucket, S3 answers 403 instead of "
                   "404. If other objects of the bucket work, compare this one with them (its KMS key, tags, owner).",
                   None, Who.CALLER),
        UsualCause("Allow the caller s3:{call} on {path}, and kms:Decrypt if a KMS key encrypts it. The bucket of "
                   "another account must allow it in its policy, too."),
        page="https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionCode.html",
        actions=("s3:GetObject",),
    ),
    *map(_karpenter, ("CreateFleet", "CreateLaunchTemplate", "RunInstances")),
    # VM Import/Export User Guide, "Required permissions"; IAM User Guide, "Grant a user permissions to pass a role".
    _row(
        "or does not have sufficient permissions",
        r"service role (?P<role>[\w+=,.@-]+) (?:provided )?does not exist or does not have sufficient permissions",
        "the service, or whoever called it",
        "the service could not use the role {role}",
        "The service could not use the role {role}, and does not say why: the caller may not pass it, it does not "
        "trust the service, it lacks permissions, or no such role is in this account.",
        UsualCause("The role was never used, so look here first: its trust policy must let the service assume it, and "
                   "the caller needs iam:PassRole on it.", "aws iam get-role --role-name ROLE --query Role",
                   told_by=r"\bnever (?:been )?used\b|\bno activity\b|RoleLastUsed\W{1,4}\{\s*\}", only_told=True),
        UsualCause("For VM Import the trust policy must let vmie.amazonaws.com do sts:AssumeRole with sts:ExternalId = "
                   "vmimport, and the caller needs iam:PassRole on the role. For an import the role needs "
                   "s3:GetBucketLocation, s3:GetObject and s3:ListBucket on the bucket, and ec2:CopySnapshot, "
                   "ec2:ModifySnapshotAttribute, ec2:RegisterImage and ec2:Describe*.",
                   told_by=r"\bImport(?:Image|Snapshot|Instance)\b|\bvmimport\b|\bvmie\b", only_told=True),
        UsualCause("Allow the caller iam:PassRole on the role, let the role's trust policy name the service, and allow "
                   "the role what the service does with it."),
        page="https://docs.aws.amazon.com/vm-import/latest/userguide/required-permissions.html",
    ),
    # Amazon Q Business User Guide, "Making authenticated Amazon Q Business API calls using IAM Identity Center".
    _row(
        "user is not authorized for this service call",
        r"\b(?:Chat(?:Sync)?|ListConversations|ListMessages|DeleteConversation|PutFeedback)\b[^\n]{0,120}?"
        r"User is not authorized for this service call",
        "the caller, perhaps without the user that the application asks for",
        "Q Business asks for the credentials that fit its application",
        "Call with the credentials that the application asks for. One with IAM Identity Center wants a user's identity "
        "in the session for Chat, ChatSync, ListConversations, ListMessages, DeleteConversation and PutFeedback, which "
        "no policy replaces.",
        UsualCause("With IAM Identity Center: exchange the user's token (sso-oidc create-token-with-iam), then assume "
                   "a role with its identity context (sts assume-role --provided-contexts). With IAM federation: use "
                   "the credentials of the signed-in user. With anonymous access: a role with qbusiness:Chat, "
                   "ChatSync and PutFeedback, without a user.", None, Who.CALLER),
        page="https://docs.aws.amazon.com/amazonq/latest/qbusiness-ug/making-sigv4-authenticated-api-calls.html",
        cause="not-iam",
        ground=Ground.LIKENESS,
    ),
    # CloudWatch Logs User Guide, "Logs sent to CloudWatch Logs": the log group's resource policy.
    _row(
        "access denied for this delivery destination",
        r"Access Denied for this Delivery Destination",
        "the log delivery service, at the destination",
        "the destination does not accept the delivery",
        "CreateDelivery found that the destination does not accept the logs: its own policy has to allow the log "
        "delivery service. More logs: actions for the caller alone do not help.",
        UsualCause("For a log group add a resource policy (aws logs put-resource-policy): delivery.logs.amazonaws.com "
                   "may do logs:CreateLogStream and logs:PutLogEvents on the log group and its streams, with "
                   "aws:SourceAccount and aws:SourceArn. A name below /aws/vendedlogs/ gives no permission by itself.",
                   "aws logs describe-resource-policies", Who.RESOURCE_OWNER),
        UsualCause("CloudWatch Logs adds such a policy by itself if the caller may do logs:PutResourcePolicy, "
                   "logs:DescribeResourcePolicies and logs:DescribeLogGroups. A bucket needs its own bucket policy, "
                   "and another account's destination a delivery destination policy."),
        page="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-CloudWatchLogs.html",
        actions=(),
    ),
    # Amazon Bedrock User Guide, "Control permissions for generating and using Amazon Bedrock API keys".
    _row(
        "invalid api key format",
        r"Invalid API Key format: Must start with pre-?defined prefix",
        "Amazon Bedrock",
        "Bedrock did not accept the form of the API key",
        "Amazon Bedrock did not accept the API key: what the program sends does not begin as a Bedrock API key does.",
        UsualCause("Let the proxy leave out the client's Authorization header, or use a version of it that does: it "
                   "takes that token for a Bedrock API key. Without one the proxy's own role signs the request. "
                   "Neither the role nor a model lacks a permission.", None, Who.CALLER,
                   told_by=r"without (?:an? |the )?[`\"']?Authorization|Authorization header|x-litellm-api-key"
                   r"|\bforward\w*\b[^\n]{0,40}\b(?:headers?|Authorization|token)|\bOAuth token\b",
                   decides="Bedrock got a bearer token that is no Bedrock API key: most likely the client's own "
                   "Authorization header, which the proxy passes on."),
        UsualCause("See what the program sends as its bearer token (AWS_BEARER_TOKEN_BEDROCK): an empty value, another "
                   "provider's key, or a token of the sign-in is no Bedrock API key.", None, Who.CALLER),
        UsualCause("If a tool makes the key from a role's credentials, that role needs bedrock:CallWithBearerToken: "
                   "see whether its policies allow it."),
        page="https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys-permissions.html",
    ),
    # AWS CloudFormation User Guide, "Grant self-managed permissions".
    _row(
        "role with trust relationship to role",
        r"Account (?P<account>\d{12}) should have '(?P<name>[\w+=,.@-]+)' role with trust relationship to Role "
        r"'(?P<by>[\w+=,.@-]+)'",
        "the StackSet's administration role",
        "the target account has no such execution role, or it does not trust the administration role",
        "CloudFormation found no role {name} in account {account} that trusts {by} of the StackSet's account. The "
        "permissions of whoever starts the operation do not count.",
        UsualCause("In account {account} create the role {name} with the permissions that the stack needs, and with a "
                   "trust policy for {by}'s ARN in the administrator account. Service-managed StackSets need no such "
                   "roles.", None, Who.RESOURCE_OWNER),
        UsualCause("{by} lacks sts:AssumeRole on the role {name}.", None),
        page="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-prereqs-self-managed.html",
        actions=("sts:AssumeRole",),
    ),
    # Amazon SQS API Reference, "Common errors", and "SendMessage": the queue's URL.
    _row(
        "queue does not exist or you do not have access to it",
        r"The specified queue does not exist or you do not have access to it",
        "the caller",
        "SQS has no such queue for this caller",
        "SQS has no queue at the URL of the call, or the caller has no access to it. Compare the account, the Region "
        "and the name in the URL with the queue's ARN first.",
        UsualCause("The URL is of another account or Region, or the name is misspelt: https://sqs.REGION.amazonaws.com/"
                   "ACCOUNT/NAME has the same values as arn:aws:sqs:REGION:ACCOUNT:NAME.",
                   "aws sqs get-queue-url --queue-name NAME --queue-owner-aws-account-id ACCOUNT", Who.CALLER),
        UsualCause("The queue is another account's, and its policy does not allow the caller.", None,
                   Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/"
        "sqs-queue-message-identifiers.html",
    ),
    # AWS Backup Developer Guide, "IAM service roles".
    _row(
        "insufficient privileges to perform this action",
        r"\b(?:backup|copy|restore) job failed[\s\S]{0,200}?Insufficient privileges to perform this action"
        r"|Insufficient privileges to perform this action(?=[\s\S]{0,300}\bAWS Backup\b)",
        "the backup job's role",
        "the backup job's role lacks permissions",
        "AWS Backup works with the role that the plan or job names, and that role lacks permissions: those of whoever "
        "starts the job do not count.",
        UsualCause("Attach AWSBackupServiceRolePolicyForBackup to the job's role, for restores "
                   "AWSBackupServiceRolePolicyForRestores, and for S3 the policies for S3 backups. The role must trust "
                   "backup.amazonaws.com.", "aws backup list-backup-jobs --by-state FAILED"),
        UsualCause("Or the vault's access policy, an SCP or the key's policy denies the role.", None,
                   Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/aws-backup/latest/devguide/iam-service-roles.html",
    ),
    # AWS Billing User Guide, "Overview of managing access permissions": activating access to the console.
    _row(
        "billing information",
        r"(?:permissions? to access billing information for this account"
        r"|this account allows IAM and federated users to access billing information)",
        "the user or role in the console",
        "the account may not let its users and roles into Billing",
        "The Billing pages open only where the account lets IAM users and roles in, which no policy changes. Check "
        "that first: only the account's root user can activate it.",
        UsualCause("Sign in as the account's root user, open Account, and activate “IAM user and role access to "
                   "Billing information”. Then policies count, AdministratorAccess too. AWS's message lists this as "
                   "its first condition.", None, Who.RESOURCE_OWNER),
        UsualCause("If it is active, the user or role lacks a Billing action, or an SCP denies it.", None),
        page="https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/control-access-billing.html",
    ),
    _row(
        ("service-linked role", "service linked role"),
        r"(?:permissions?|authorized) to create (?:(?:a|the) )?service[- ]linked role"
        r"(?: (?:for|in) [\w .-]{2,60}?(?=[.,;:\"'\n]|$)"
        r"|(?=[.,;:\"'\n]|$))|Failed (?:creating|to create) (?:a |the )?service[- ]linked role",
        "the caller",
        "the caller is not allowed to create a service-linked role",
        "The service has no service-linked role in this account yet, and the caller is not allowed to create it "
        "(iam:CreateServiceLinkedRole).",
        UsualCause("A custom resource calls with the role of its Lambda function: allow that role "
                   "iam:CreateServiceLinkedRole, best with iam:AWSServiceName = the service's principal. Or create the "
                   "service-linked role once beforehand. The deployer's own permissions do not count.",
                   None, told_by=r"\bcustom resource\b", only_told=True),
        UsualCause("The service is used for the first time in this account (or its role was deleted), and the "
                   "caller is not allowed to create that role: have it created once, with iam:CreateServiceLinkedRole.",
                   "aws iam list-roles --path-prefix /aws-service-role/ --query 'Roles[].RoleName'"),
        page="https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html",
        actions=("iam:CreateServiceLinkedRole",),
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FoundSentence:
    """A sentence of the table, and its words in a text.

    ``principal`` is the ARN or name of the denied identity, if the sentence has it. ``in_table`` is False for a row
    that the grammar of prose produced (`diagnostics.text.read.refusals_in_own_words`). ``says_who`` is False if the
    sentence does not name the denied identity. ``granted``: all actions in it are said to be a policy's.
    """

    row: ServiceSentence
    words: str
    start: int
    resource: str | None = None
    principal: str | None = None
    in_table: bool = True
    says_who: bool = True
    granted: bool = False


def _filled(row: ServiceSentence, groups: Mapping[str, str | None]) -> ServiceSentence:
    """The row with the words of the text in the places of its ``{name}``."""

    def fill(written: str) -> str:
        return _with_names(written, groups)

    causes = tuple(replace(each, sentence=fill(each.sentence), decides=fill(each.decides)) for each in row.causes)
    return replace(row, refused=fill(row.refused), reason=fill(row.reason), summary=fill(row.summary), causes=causes)


def _with_names(written: str, groups: Mapping[str, str | None]) -> str:
    """Return the sentence with the words of the text in the places of its ``{name}``."""
    for name, value in groups.items():
        written = written.replace(f"{{{name}}}", " ".join((value or "").split()))
    return written


def _decided(row: ServiceSentence, text: str) -> ServiceSentence:
    """Return the row with the one cause that the rest of the text decides, or without those that need such words."""
    causes = []
    for cause in row.causes:
        told = re.search(cause.told_by, text, re.IGNORECASE) if cause.told_by else None
        filled = replace(cause, sentence=_with_names(cause.sentence, told.groupdict())) if told else cause
        if told and cause.decides:
            return replace(row, causes=(filled,), summary=cause.decides)
        if told or not (cause.decides or cause.only_told):
            causes.append(filled)
    return replace(row, causes=tuple(causes))


_PROGRAMS = regex(r"Exception|\b(?:ERROR|Error)\b|\berror:|denied|failed|cannot|CREATE_FAILED|\bStatus(?:Reason)?\b")
_PERSONS = regex(r"\b(?:I|we|our|my|added|fixed)\b", re.IGNORECASE)


def _is_printed(text: str, found: re.Match[str]) -> bool:
    """Whether a program printed the line of the sentence."""
    end = text.find("\n", found.end())
    line = text[text.rfind("\n", 0, found.start()) + 1 : end if end >= 0 else len(text)]
    return _PROGRAMS.search(line) is not None and _PERSONS.search(line) is None


@lru_cache(maxsize=16)
def sentence_in(text: str) -> FoundSentence | None:
    """Return the first row whose sentence is in the text, or None."""
    low = " ".join(text.lower().split())
    for row in ROWS:
        if not any(signal in low for signal in row.signals) or not (match := row.pattern.search(text)):
            continue
        groups = match.groupdict()
        if "asked" in groups and not _is_printed(text, match):
            continue  # what a person says that a role needs is no refusal
        if any(prefix not in services() for prefix in re.findall(r"([a-z][a-z0-9-]*):", groups.get("asked") or "")):
            continue  # the actions of another system
        words = " ".join(match[0].split())[:96]
        found = _decided(_filled(row, groups) if groups else row, text)
        return FoundSentence(found, words, match.start(), groups.get("resource"))
    return None


SIGNALS = tuple(dict.fromkeys(signal for row in ROWS for signal in row.signals))
