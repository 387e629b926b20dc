"""Sentences about a bucket, topic, queue or log group that a service is not allowed to use."""

from __future__ import annotations

from diagnostics.text.read.service_messages.service_sentence import (
    OwnRequest,
    ServiceSentence,
    UsualCause,
    assumed_by,
    row,
)
from diagnostics.who import Who

_EXPORTS = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-export-snapshot.Troubleshooting.html"
_OF_EXPORT = UsualCause(
    "The role of the export task must trust export.rds.amazonaws.com (not rds.amazonaws.com), and needs s3:PutObject*, "
    "s3:GetObject*, s3:ListBucket, s3:DeleteObject* and s3:GetBucketLocation on the bucket and its objects.",
    "aws rds describe-export-tasks --query 'ExportTasks[].[ExportTaskIdentifier,IamRoleArn,S3Bucket,KmsKeyId]'",
    needs=("s3:PutObject", "s3:GetObject", "s3:ListBucket", "s3:DeleteObject", "s3:GetBucketLocation"),
)
_OF_MAIL = r"(?:\bSES\b|\bses\.amazonaws|\breceipt ?rules?\b)"
"""Signs that a sentence that several services use is from Amazon SES."""
# Amazon SES API Reference, "CreateReceiptRule": the errors mean a refusal, or something that does not exist.
# Amazon GuardDuty User Guide, "Exporting generated findings to Amazon S3": the conditions of its policies
# (https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_exportfindings.html).
_DETECTOR = (
    ("aws:SourceAccount", "{account}"),
    ("aws:SourceArn", "arn:{partition}:guardduty:{only_region}:{account}:detector/{detector}"),
)
# Amazon S3 API Reference, "JobManifestLocation", ObjectArn
# (https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_JobManifestLocation.html).
_MANIFEST = (
    r"\A(?=[\s\S]*?\bObjectArn\W{1,5}arn:[\w-]+:s3:::(?P<bucket>[a-z0-9][a-z0-9.-]+)/)(?=[\s\S]*?\"s3:GetObject)"
    r"(?![\s\S]*?\"Resource\"[^\]}]{0,600}?:s3:::(?:(?P=bucket)[/*\"]|\*))(?![\s\S]*?\"Resource\"\s*:\s*\[?\s*\"\*)"
)
_SES = "https://docs.aws.amazon.com/ses/latest/dg/receiving-email-permissions.html"
_GRANTED = (
    r"\A(?=[\s\S]*\"Effect\"\s*:\s*\"Allow\"[\s\S]{0,200}?delivery\.logs\.amazonaws\.com)"
    r"(?=[\s\S]*\bs3:PutObject\b)(?=[\s\S]*\bs3:GetBucketAcl\b)"
)
"""Signs that a bucket policy in the text lets the delivery of logs write."""
TARGETS: tuple[ServiceSentence, ...] = (
    # Amazon RDS API Reference, "StartExportTask": the actions of the role.
    row(
        "can't assume the iam role",
        r"RDS Export can't write the export task metadata because it can't assume the IAM role",
        "the role of the export task",
        "RDS cannot assume the role of the export task",
        "RDS cannot assume the role of the export task. The permissions of whoever starts the export are not the "
        "cause.",
        _OF_EXPORT,
        page=_EXPORTS,
        asks=assumed_by("export.rds.amazonaws.com"),
    ),
    row(
        ("failed to write the export task metadata", "iamrolemissingpermissions"),
        r"RDS Export failed to write the export task metadata|\bIamRoleMissingPermissions(?:Fault)?\b"
        r"|IAM role requires additional permissions to export to an Amazon S3 bucket",
        "the role of the export task",
        "the export task's role is not allowed to write to the bucket, or to use its key",
        "The role of the export task is not allowed to write to the bucket, or to use the KMS key.",
        _OF_EXPORT,
        UsualCause("The KMS key of the export must allow the role to perform kms:Encrypt, kms:Decrypt, "
                   "kms:GenerateDataKey*, kms:CreateGrant and kms:DescribeKey, or leave the decision to IAM "
                   "policies.", None, Who.RESOURCE_OWNER,
                   needs=("kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:CreateGrant", "kms:DescribeKey")),
        page=_EXPORTS,
        asks=assumed_by("export.rds.amazonaws.com"),
    ),
    row(
        ("kms key check failed", "s3 credential check failed"),
        r"KMS key check failed\. Check the credentials|S3 credential check failed\. Check the permissions",
        "the role of the export task",
        "the check of the export task's key or bucket failed",
        "The export task failed its check: its role is not allowed to use the KMS key, or the bucket.",
        _OF_EXPORT,
        UsualCause("The key is disabled, or its policy does not let both the role and the caller who starts the export "
                   "use the key.",
                   "aws kms describe-key --key-id KEY", Who.RESOURCE_OWNER),
        page=_EXPORTS,
    ),
    row(
        ("reading the manifest is forbidden", "reading the manifest caused an error"),
        r"Reading the manifest (?:is forbidden|caused an error:\s*(?:Access\s*Denied|Forbidden))",
        "the role of the S3 Batch Operations job",
        "the job's role is not allowed to read the manifest",
        "The role of the S3 Batch Operations job is not allowed to read the manifest, so no object was processed.",
        UsualCause("Allow the job's role s3:GetObject and s3:GetObjectVersion on the objects of {bucket}, or correct "
                   "the manifest's location.", None, shown_by=_MANIFEST,
                   decides="The policy in the text does not name {bucket}, the bucket of the manifest: allow the job's "
                   "role s3:GetObject and s3:GetObjectVersion there."),
        UsualCause("The job's role must trust batchoperations.s3.amazonaws.com, and needs s3:GetObject and "
                   "s3:GetObjectVersion on the manifest, and kms:Decrypt if a KMS key encrypts it. The bucket's policy "
                   "must not deny the role.", "aws s3control describe-job --account-id ACCOUNT --job-id JOB"),
        page="https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-iam-role-policies.html",
        asks=assumed_by("batchoperations.s3.amazonaws.com"),
        actions=("s3:GetObject",),
    ),
    row(
        ("could not write to bucket", "invalids3configuration"),
        rf"\bInvalidS3Configuration(?:Exception)?\b|Could not write to bucket(?=[\s\S]*{_OF_MAIL})"
        rf"|{_OF_MAIL}[\s\S]{{0,2000}}?Could not write to bucket",
        "Amazon SES, which stores the mail",
        "SES could not write to the bucket",
        "Amazon SES could not write to the bucket of the receipt rule: most likely the bucket's policy, or the KMS "
        "key's, does not allow the write. It is also possible that the bucket or key does not exist.",
        UsualCause("The bucket's policy must allow ses.amazonaws.com to perform s3:PutObject on its objects, with the "
                   "account as aws:SourceAccount and the receipt rule as aws:SourceArn. The policy of a customer "
                   "managed key must allow SES too. A rule that has its own role uses that role instead.",
                   "aws s3api get-bucket-policy --bucket BUCKET", Who.RESOURCE_OWNER),
        page=_SES,
    ),
    row(
        ("could not publish to sns topic", "invalidsnstopic"),
        rf"\bInvalidSnsTopic(?:Exception)?\b|Could not publish to SNS topic(?=[\s\S]*{_OF_MAIL})"
        rf"|{_OF_MAIL}[\s\S]{{0,2000}}?Could not publish to SNS topic",
        "Amazon SES, which publishes to the topic",
        "SES could not publish to the topic",
        "Amazon SES could not publish to the topic: most likely the topic's policy, or its KMS key's, does not allow "
        "SES to publish. Or there is no such topic.",
        UsualCause("A topic of another account must allow ses.amazonaws.com to perform sns:Publish in its policy. The "
                   "KMS key of an encrypted topic must allow ses.amazonaws.com to perform kms:GenerateDataKey* and "
                   "kms:Decrypt.",
                   "aws sns get-topic-attributes --topic-arn TOPIC", Who.RESOURCE_OWNER),
        page=_SES,
    ),
    row(
        ("could not invoke lambda function", "invalidlambdafunction"),
        rf"\bInvalidLambdaFunction(?:Exception)?\b|Could not invoke Lambda function(?=[\s\S]*{_OF_MAIL})"
        rf"|{_OF_MAIL}[\s\S]{{0,2000}}?Could not invoke Lambda function",
        "Amazon SES, which invokes the function",
        "SES could not invoke the function",
        "Amazon SES could not invoke the function of the receipt rule: most likely the function's own policy does not "
        "allow the call. Or there is no such function.",
        UsualCause("Add a statement to the function's policy: ses.amazonaws.com, lambda:InvokeFunction, the account as "
                   "aws:SourceAccount and the receipt rule as aws:SourceArn (aws lambda add-permission).",
                   "aws lambda get-policy --function-name FUNCTION", Who.RESOURCE_OWNER),
        page=_SES,
        actions=("lambda:InvokeFunction",),
    ),
    row(
        "guardduty service principal",
        r"GuardDuty service principal does not have permission to the KMS key or the resource",
        "GuardDuty, which exports the findings",
        "GuardDuty is not allowed to use the bucket or the KMS key",
        "GuardDuty is not allowed to write its findings: the bucket's policy, or the KMS key's, does not allow it.",
        UsualCause("The key's policy must allow guardduty.amazonaws.com to perform kms:GenerateDataKey, and the "
                   "bucket's policy s3:GetBucketLocation on the bucket and s3:PutObject on its objects, with the "
                   "account as aws:SourceAccount and the detector as aws:SourceArn. The key and the bucket must be in "
                   "the same Region.", None,
                   Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_exportfindings.html",
        asks=tuple(OwnRequest("guardduty.amazonaws.com", action, keys=_DETECTOR)
                   for action in ("kms:GenerateDataKey", "s3:GetBucketLocation", "s3:PutObject")),
    ),
    row(
        "iam role for your flow log",
        r"IAM role for your flow log does not have sufficient permissions",
        "the role of the flow log",
        "the flow log's role is not allowed to write to the log group",
        "The role of the flow log is not allowed to write to the log group, or does not trust the flow logs service.",
        UsualCause("The role must trust vpc-flow-logs.amazonaws.com, and needs logs:CreateLogGroup, "
                   "logs:CreateLogStream, logs:PutLogEvents, logs:DescribeLogGroups and logs:DescribeLogStreams.",
                   "aws ec2 describe-flow-logs --query 'FlowLogs[].[FlowLogId,DeliverLogsPermissionArn]'",
                   needs=("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogGroups",
                          "logs:DescribeLogStreams")),
        page="https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html",
        asks=assumed_by("vpc-flow-logs.amazonaws.com"),
    ),
    row(
        "access error",
        # Amazon EC2 API Reference, "FlowLog", deliverLogsErrorMessage
        # (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_FlowLog.html).
        r"DeliverLogsErrorMessage\W{1,8}Access error|\bflow logs?\b[^\n]{0,80}\bAccess error\b",
        "the role of the flow log",
        "the flow log is not allowed to write to its destination",
        "The flow log is not allowed to write to its destination. For a log group, its role lacks permissions or does "
        "not trust the flow logs service. For a bucket, the bucket's or its KMS key's policy does not allow it.",
        UsualCause("The role must trust vpc-flow-logs.amazonaws.com, and needs logs:CreateLogGroup, "
                   "logs:CreateLogStream, logs:PutLogEvents, logs:DescribeLogGroups and logs:DescribeLogStreams.",
                   "aws ec2 describe-flow-logs --query 'FlowLogs[].[FlowLogId,DeliverLogsPermissionArn]'",
                   needs=("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogGroups",
                          "logs:DescribeLogStreams")),
        # Amazon VPC User Guide, "Publish flow logs to Amazon S3"
        # (https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html).
        # Amazon S3 User Guide, "Controlling ownership of objects and disabling ACLs"
        # (https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html).
        UsualCause("If the delivery works without the condition on s3:x-amz-acl, limit the statement by "
                   "aws:SourceAccount and aws:SourceArn instead. Otherwise compare its Resource with the path "
                   "(AWSLogs/ACCOUNT/*), and look for a Deny.", None, Who.RESOURCE_OWNER,
                   shown_by=_GRANTED + r"(?=[\s\S]*\bs3:x-amz-acl\b)"
                   r"(?=[\s\S]*(?:BucketOwnerEnforced|\bACLs? (?:are |is )?(?:disabled|off)))",
                   decides="The bucket policy in the text allows both actions, but the write only with s3:x-amz-acl, "
                   "and the bucket's ACLs are disabled: most likely the delivery sends no such header. Take the "
                   "condition out."),
        UsualCause("Compare the statements' conditions (s3:x-amz-acl, aws:SourceAccount, aws:SourceArn) with the flow "
                   "log's account and ARN, their Resource with the path (AWSLogs/ACCOUNT/*), and look for a Deny. A "
                   "customer managed key of the bucket must also allow delivery.logs.amazonaws.com.", None,
                   Who.RESOURCE_OWNER,
                   shown_by=_GRANTED,
                   decides="The bucket policy in the text already lets delivery.logs.amazonaws.com perform both "
                   "actions: most likely a condition, the Resource or a Deny excludes this flow log."),
        UsualCause("For a bucket, its policy must let delivery.logs.amazonaws.com perform s3:PutObject on "
                   "AWSLogs/ACCOUNT/* and s3:GetBucketAcl. If a customer managed key encrypts the bucket, its key "
                   "policy must let the same service perform kms:GenerateDataKey*. This delivery uses no role.", None,
                   Who.RESOURCE_OWNER,
                   shown_by=r"\bLogDestinationType\W{1,8}s3\b|\b[Dd]estinations?\W{1,8}(?:arn:[\w-]+:)?s3\b"
                   r"|\bbucket\b(?![\s\S]*\blog group\b)",
                   decides="The flow log is not allowed to write to its bucket. The bucket policy does not let "
                   "delivery.logs.amazonaws.com write to it, or the key policy of the bucket's KMS key does "
                   "not let delivery.logs.amazonaws.com use the key."),
        page="https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html",
        asks=assumed_by("vpc-flow-logs.amazonaws.com"),
    ),
    row(
        "has not been granted",
        r"(?P<service>ElastiCache|MemoryDB) has not been granted (?P<what>READ|WRITE|READ_ACP) permissions",
        "{service}, which exports the snapshot",
        "{service} has no {what} permission on the bucket",
        "The bucket does not let {service} export the snapshot: {what} permission is missing on the bucket.",
        UsualCause("In its policy or ACL, the bucket must grant READ, WRITE and READ_ACP to the account that the "
                   "service uses in this Region, as the page says. The bucket must be in the Region of the snapshot.",
                   "aws s3api get-bucket-acl --bucket BUCKET", Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups-exporting.html",
    ),
    row(
        "resource access policy specified for the cloudwatch logs",
        r"Resource Access Policy specified for the CloudWatch Logs log group (?:(?P<group>\S+) )?does not grant "
        r"sufficient permissions",
        "OpenSearch Service, which writes the logs",
        "the resource policy of CloudWatch Logs does not allow OpenSearch Service",
        "The resource policy of CloudWatch Logs does not let OpenSearch Service write to the log group.",
        UsualCause("A resource policy must allow es.amazonaws.com to perform logs:PutLogEvents and "
                   "logs:CreateLogStream on the log group's ARN with :* at its end. If the same deployment creates the "
                   "resource policy, make the domain depend on that policy.",
                   "aws logs describe-resource-policies", Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/opensearch-service/latest/developerguide/audit-logs.html",
    ),
    row(
        "insufficientcloudwatchlogsresourcepolicy",
        r"\bInsufficientCloudWatchLogsResourcePolicy\b",
        "Route 53, which writes the query logs",
        "the resource policy of CloudWatch Logs does not allow Route 53",
        "The resource policy of CloudWatch Logs does not let Route 53 write the query logs, or the log group's KMS key "
        "does not.",
        UsualCause("A resource policy in us-east-1 must allow route53.amazonaws.com to perform logs:CreateLogStream "
                   "and logs:PutLogEvents on the log group's ARN. A new policy takes some time to take effect. The KMS "
                   "key of the log group must be enabled.", "aws logs describe-resource-policies --region us-east-1",
                   Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateQueryLoggingConfig.html",
    ),
    row(
        "unable to publish test message to notification target",
        r"Unable to publish test message to notification target (?P<target>arn:\S+?)?(?=[\s.,]|$)",
        "the role of the lifecycle hook",
        "Auto Scaling could not publish to the hook's target",
        "Auto Scaling could not publish a test message with the role of the lifecycle hook. The policies of whoever "
        "creates the hook are not the cause.",
        UsualCause("The hook's role must trust autoscaling.amazonaws.com, and be allowed sqs:SendMessage or "
                   "sns:Publish on the target (and its KMS key). A new role or target can take a few seconds to "
                   "become usable. A FIFO queue cannot be a target.",
                   "aws autoscaling describe-lifecycle-hooks --auto-scaling-group-name GROUP"),
        page="https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutLifecycleHook.html",
        asks=assumed_by("autoscaling.amazonaws.com"),
    ),
    row(
        "insufficient privileges for accessing data in s3",
        r"Insufficient privileges for accessing data in S3",
        "Amazon Personalize, or its role",
        "Personalize is not allowed to read the data",
        "Amazon Personalize is not allowed to read the data in S3: the bucket's policy, or the role of the job, does "
        "not allow it.",
        UsualCause("The bucket needs a policy that lets personalize.amazonaws.com read it.", None,
                   Who.RESOURCE_OWNER, shown_by=r"\bNoSuchBucketPolicy\b",
                   decides="The bucket has no policy, as the text shows, and Amazon Personalize needs a bucket policy "
                   "that lets personalize.amazonaws.com perform s3:GetObject on the objects and s3:ListBucket "
                   "on the bucket. The role needs its own Allow, too."),
        UsualCause("The bucket's policy must allow personalize.amazonaws.com to perform s3:GetObject and "
                   "s3:ListBucket, and the job's role needs the same. With a KMS key, both also need kms:Decrypt.",
                   "aws s3api get-bucket-policy --bucket BUCKET", Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/personalize/latest/dg/granting-personalize-s3-access.html",
    ),
    row(
        "insufficients3bucketpolicyfault",
        r"\bInsufficientS3BucketPolicyFault\b",
        "Amazon Redshift, which writes the audit logs",
        "the bucket does not let Redshift write its logs",
        "The bucket's policy does not let Redshift write the cluster's audit logs.",
        UsualCause("The bucket's policy must allow redshift.amazonaws.com to perform s3:GetBucketAcl on the bucket "
                   "and s3:PutObject on "
                   "its objects.", "aws s3api get-bucket-policy --bucket BUCKET", Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/redshift/latest/APIReference/API_EnableLogging.html",
    ),
    row(
        "insufficientsnstopicpolicy",
        r"\bInsufficientSnsTopicPolicy(?:Exception)?\b",
        "CloudTrail, which publishes to the topic",
        "the topic does not let CloudTrail publish",
        "The topic's policy does not let CloudTrail publish to it, or there is no such topic.",
        UsualCause("The topic's policy must allow cloudtrail.amazonaws.com to perform sns:Publish, with the trail as "
                   "aws:SourceArn. The KMS key of an encrypted topic must allow CloudTrail too.",
                   "aws sns get-topic-attributes --topic-arn TOPIC", Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html",
    ),
    row(
        "invocation failed due to error accessdenied",
        r"(?P<trigger>[A-Z]\w+) invocation failed due to error AccessDenied(?:Exception)?",
        "Cognito, which invokes the trigger's function",
        "the function's policy does not let Cognito invoke it",
        "Cognito is not allowed to invoke the function of the trigger {trigger}: most likely the function's own policy "
        "does not name the user pool.",
        UsualCause("Add a statement to the function's policy: cognito-idp.amazonaws.com, lambda:InvokeFunction, the "
                   "user pool's ARN as aws:SourceArn. The console adds this statement, but tools often do not (aws "
                   "lambda add-permission).",
                   "aws lambda get-policy --function-name FUNCTION", Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-identity-pools-working-with-aws-lambda-triggers.html",
        actions=("lambda:InvokeFunction",),
    ),
)  # fmt: skip
