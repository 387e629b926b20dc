"""The permissions that common tasks need: actions, resources, and managed policies; each with AWS's page."""

from __future__ import annotations

import re
from dataclasses import dataclass

from iam.lazy_pattern import regex


@dataclass(frozen=True, slots=True)
class Need:
    """A task, and a sentence that says which permissions it needs.

    A question is about the task if both patterns, ``first`` and ``second``, match in it; ``second`` may be None.
    ``page`` is AWS's documentation page.
    """

    first: re.Pattern[str]
    second: re.Pattern[str] | None
    sentence: str
    page: str


def _need(first: str, second: str, sentence: str, page: str) -> Need:
    return Need(regex(first, re.IGNORECASE), regex(second, re.IGNORECASE) if second else None, sentence, page)


_DOCS = "https://docs.aws.amazon.com"
_LAMBDA = f"{_DOCS}/lambda/latest/dg"
_LOGS_ONLY = "AWSLambdaBasicExecutionRole contains only the logging permissions."
_POLLS = "Lambda polls the source itself: the function needs no lambda action and no resource-based policy."

NEEDS = (
    _need(
        r"\bSCPs?\b|\bservice control polic\w+",
        r"\b(?:inline|identity|IAM|own|new|another|eigene|neue\w*|meine\w*)[ -](?:\w+ ){0,2}"
        r"(?:polic\w+|Richtlinie\w*)\b[^?]{0,80}\b(?:allow|permit|except|exempt|override|bypass|grant|erlauben|umgehen|aufheben)\w*[^?]{0,60}\?",
        "No: a Deny in an SCP overrides every Allow in the account, and no policy of a member account changes that. "
        "Only the organization's administrators can allow the action: by changing the SCP, or by moving the account. "
        "An SCP does not apply to the management account or to service-linked roles.",
        f"{_DOCS}/organizations/latest/userguide/orgs_manage_policies_scps.html",
    ),
    _need(
        r"arn:aws[\w-]*:iam::(?:\d{12}|[A-Z_<>{}]+):root\b",
        r"\broot user\b|\b(?:only|just) (?:the )?root\b",
        "As a principal, arn:aws:iam::ACCOUNT:root means the entire account, not only its root user. A role or user of "
        "that account can then make the call if its own policies allow it. To allow fewer principals, name individual "
        "roles or add a condition.",
        f"{_DOCS}/IAM/latest/UserGuide/reference_policies_elements_principal.html",
    ),
    _need(
        r"\bPassRole\b",
        r"\bCloudTrail\b|\beventName\b",
        "CloudTrail has no event for iam:PassRole, because PassRole is a permission, not an API call. Search for "
        "the calls that pass a role (RunInstances, CreateFunction, RegisterTaskDefinition, CreateStack) and have "
        "the role's ARN in requestParameters. These calls are management events, so the trail does not have to log "
        "data events.",
        f"{_DOCS}/IAM/latest/UserGuide/id_roles_use_passrole.html",
    ),
    _need(
        r"\b(?:glacier|deep archive|archived objects?)\b",
        r"\brestor\w*",
        "To restore archived objects, allow s3:RestoreObject on the objects; to read the restored copies, allow "
        "s3:GetObject. If a customer managed KMS key encrypts them, also allow kms:Decrypt on the key. Until a restore "
        "is complete, GetObject returns 403 InvalidObjectState: no permission is missing. The glacier:* actions are "
        "for vaults, not for buckets.",
        f"{_DOCS}/AmazonS3/latest/userguide/restoring-objects.html",
    ),
    _need(
        r"\bExportTableToPointInTime\b|\bexport-table-to-point-in-time\b",
        r"\bbucket\b|\bs3\b",
        "The export writes to the bucket with the caller's permissions: in addition to "
        "dynamodb:ExportTableToPointInTime on the table, allow s3:PutObject, s3:PutObjectAcl and "
        "s3:AbortMultipartUpload on the bucket's objects. If a customer managed KMS key encrypts the bucket, also "
        "allow kms:GenerateDataKey.",
        f"{_DOCS}/amazondynamodb/latest/developerguide/S3DataExport_Requesting.html",
    ),
    _need(
        r"\b(?:lambda|function)\b",
        r"dynamo(?:db)?[ -]?(?:table )?streams?\b|stream of (?:the |our )?(?:dynamo(?:db)? )?table",
        "The function's role needs dynamodb:GetRecords, dynamodb:GetShardIterator, dynamodb:DescribeStream and "
        "dynamodb:ListStreams on the table's stream (table/NAME/stream/*), plus the logging permissions: "
        f"AWSLambdaDynamoDBExecutionRole contains all of them. {_LOGS_ONLY} {_POLLS}",
        f"{_LAMBDA}/services-dynamodb-eventsourcemapping.html",
    ),
    _need(
        r"\b(?:lambda|function)\b",
        r"\bkinesis\b(?! ?(?:data )?firehose)",
        "The function's role needs kinesis:DescribeStream, kinesis:DescribeStreamSummary, kinesis:GetRecords, "
        "kinesis:GetShardIterator, kinesis:ListShards, kinesis:ListStreams and kinesis:SubscribeToShard on the stream, "
        f"plus the logging permissions: AWSLambdaKinesisExecutionRole contains all of them. {_LOGS_ONLY} {_POLLS}",
        f"{_LAMBDA}/services-kinesis-create.html",
    ),
    # Lambda polls a queue in another account: both accounts must allow it, and both must be in one Region.
    _need(
        r"arn:[\w-]+:sqs:[\w-]+:(?P<queue>\d{12}):(?=[\s\S]*arn:[\w-]+:(?:iam|lambda):[\w-]*:(?!(?P=queue))\d{12}:)"
        r"|arn:[\w-]+:(?:iam|lambda):[\w-]*:(?P<own>\d{12}):(?=[\s\S]*arn:[\w-]+:sqs:[\w-]+:(?!(?P=own))\d{12}:)",
        r"\b(?:lambda|function)\b",
        "Both accounts must allow access to the queue. In the function's account, the function's role needs "
        "sqs:ReceiveMessage, sqs:DeleteMessage and sqs:GetQueueAttributes on the queue's ARN. In the queue's account, "
        "the queue policy must allow that role the same three actions. Whoever creates the event source mapping needs "
        "lambda:CreateEventSourceMapping. Queue and function must be in one Region. With SSE-SQS no KMS permission is "
        "needed; a customer managed key needs kms:Decrypt on both sides.",
        f"{_LAMBDA}/with-sqs-cross-account-example.html",
    ),
    _need(
        r"\b(?:lambda|function)\b[^\n]*\b(?:trigger\w*|event source|poll\w*|consum\w*|mapping)|"
        r"\b(?:trigger\w*|event source|poll\w*|consum\w*|mapping)\b[^\n]*\b(?:lambda|function)\b",
        r"\bsqs\b",
        "The function's role needs sqs:ReceiveMessage, sqs:DeleteMessage and sqs:GetQueueAttributes on the queue, plus "
        "the logging permissions: AWSLambdaSQSQueueExecutionRole contains all of them. With a customer managed "
        f"key, it also needs kms:Decrypt. {_LOGS_ONLY} {_POLLS}",
        f"{_LAMBDA}/with-sqs.html",
    ),
    _need(
        r"\b(?:lambda|function)\b",
        r"\b(?:trigger\w*|invoke\w*|call\w*)\b[^\n]*\b(?:s3|sns|eventbridge|api gateway|bucket|rule|alb)\b"
        r"|\b(?:s3|sns|eventbridge|api gateway|bucket|rule|alb)\b[^\n]*\b(?:trigger\w*|invoke\w*|call\w*)\b",
        "The function's resource-based policy must allow the service (aws lambda add-permission: its principal, such "
        "as s3.amazonaws.com, lambda:InvokeFunction, and the source's ARN). The function's role needs no permission "
        "to be invoked, only permissions for the calls that the code makes.",
        f"{_LAMBDA}/access-control-resource-based.html",
    ),
    _need(
        r"\b(?:lambda|function)\b",
        r"\bVPC\b",
        "The function's role needs ec2:CreateNetworkInterface, ec2:DescribeNetworkInterfaces, ec2:DescribeSubnets, "
        'ec2:DeleteNetworkInterface, ec2:AssignPrivateIpAddresses and ec2:UnassignPrivateIpAddresses on "*": '
        "AWSLambdaVPCAccessExecutionRole contains them and the logging permissions.",
        f"{_LAMBDA}/configuration-vpc.html",
    ),
    _need(
        r"\b(?:lambda|function)\b",
        r"\b(?:logs?|cloudwatch logs)\b(?!:)",
        "To write logs, the function's role needs logs:CreateLogGroup, logs:CreateLogStream and logs:PutLogEvents: "
        "AWSLambdaBasicExecutionRole contains them.",
        f"{_LAMBDA}/lambda-intro-execution-role.html",
    ),
    _need(
        r"\b(?:lambda|function)\b",
        r"\bMSK\b|\bkafka\b",
        "The function's role needs kafka:DescribeCluster, kafka:DescribeClusterV2, kafka:GetBootstrapBrokers, the "
        "network actions of a function in a VPC, and the logging permissions: AWSLambdaMSKExecutionRole contains all "
        "of them. With IAM access control, the role also needs kafka-cluster:Connect, kafka-cluster:DescribeGroup, "
        "kafka-cluster:AlterGroup, kafka-cluster:DescribeTopic, kafka-cluster:ReadData and "
        "kafka-cluster:DescribeClusterDynamicConfiguration.",
        f"{_LAMBDA}/with-msk-permissions.html",
    ),
    _need(
        r"\bsqs\b|\bqueues?\b",
        r"\bconsum\w*|\breceiv\w*|\bworkers?\b|\bpoll\w*|\bread\w*",
        "A consumer needs sqs:ReceiveMessage, sqs:DeleteMessage, sqs:ChangeMessageVisibility and "
        "sqs:GetQueueAttributes on the queue's ARN, and sqs:GetQueueUrl if it looks the queue up by name (the batch "
        "calls need no other actions). With a customer managed key, it also needs kms:Decrypt.",
        f"{_DOCS}/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html",
    ),
    _need(
        r"\bsqs\b|\bqueues?\b",
        r"\bproduc\w*|\bsend\w*|\bpublish\w*|\benqueu\w*|\bwrit\w*",
        "A producer needs sqs:SendMessage on the queue's ARN (SendMessageBatch needs no other action), and "
        "sqs:GetQueueUrl if it looks the queue up by name. With a customer managed key, it also needs "
        "kms:GenerateDataKey and kms:Decrypt.",
        f"{_DOCS}/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html",
    ),
    _need(
        r"\becr\b|\bcontainer (?:image|registry)",
        r"\bpush\w*",
        'To push, allow ecr:GetAuthorizationToken on "*" and, on the repository, ecr:BatchCheckLayerAvailability, '
        "ecr:InitiateLayerUpload, ecr:UploadLayerPart, ecr:CompleteLayerUpload, ecr:PutImage and ecr:BatchGetImage.",
        f"{_DOCS}/AmazonECR/latest/userguide/image-push-iam.html",
    ),
    _need(
        r"\becr\b",
        r"\bpull\w*|\bread\w*|\bdownload\w*",
        'To pull, allow ecr:GetAuthorizationToken on "*" and, on the repository, ecr:BatchGetImage and '
        "ecr:GetDownloadUrlForLayer (AmazonEC2ContainerRegistryPullOnly has them for every repository). On ECS, the "
        "task's execution role pulls the image; on EKS, the node's role.",
        f"{_DOCS}/AmazonECR/latest/userguide/security-iam-awsmanpol.html",
    ),
    _need(
        r"\becs exec\b|execute[ -]?command",
        "",
        "ECS Exec needs ssmmessages:CreateControlChannel, ssmmessages:CreateDataChannel, "
        "ssmmessages:OpenControlChannel and ssmmessages:OpenDataChannel in the task role, and ecs:ExecuteCommand for "
        "the person.",
        f"{_DOCS}/AmazonECS/latest/developerguide/task-iam-roles.html",
    ),
    _need(
        r"\bexecution role\b",
        r"\btask role\b",
        "ECS itself uses the execution role, to pull the image, write the logs and read the secrets that the task "
        "definition names (AmazonECSTaskExecutionRolePolicy). The code in the container uses the task role to call "
        "AWS. Both roles trust ecs-tasks.amazonaws.com.",
        f"{_DOCS}/AmazonECS/latest/developerguide/task-iam-roles.html",
    ),
    _need(
        r"session manager|\bssm\b[^\n]{0,30}\bsessions?\b|start-session",
        "",
        "The instance's role needs AmazonSSMManagedInstanceCore. The person needs ssm:StartSession on the instance "
        "and on the session document (SSM-SessionManagerRunShell), and ssm:TerminateSession and ssm:ResumeSession on "
        "their own sessions.",
        f"{_DOCS}/systems-manager/latest/userguide/getting-started-restrict-access-quickstart.html",
    ),
    _need(
        r"\bs3:PutObject\b(?=[\s\S]*\bbucket)|\bbucket\b(?=[\s\S]*\bs3:PutObject\b)",
        r"(?=[\s\S]*\b(?:customer[ -](?:managed[ -])?key|CMK|SSE-KMS)\b)(?<!\d)(?P<ours>\d{12})(?!\d)"
        r"[\s\S]*?(?<!\d)(?!(?P=ours))\d{12}(?!\d)",
        "Both accounts must allow the use of the key, just as both must allow the use of the bucket. The role's "
        "policy must allow kms:GenerateDataKey (for multipart uploads also kms:Decrypt) on the key's ARN, and the key "
        "policy must allow the role or its account the same actions. An AWS managed key (aws/s3) cannot be used from "
        "another account.",
        "https://repost.aws/knowledge-center/cross-account-access-denied-error-s3",
    ),
    _need(
        r"\brole[ -]chain\w*|\bassumes\b[\s\S]{0,200}?\bassumes\b|\bsecond hop\b",
        r"\bduration[ -]?seconds\b|\bMaxSessionDuration\b|\bsession (?:duration|length)\b|\b\d+ ?(?:h|hours)\b",
        "If a role is assumed with another role's credentials (role chaining), the session lasts at most one hour, "
        "whatever the role's MaxSessionDuration is. A longer --duration-seconds fails. Request 3600 seconds and "
        "assume the role again before each hour ends, or let the first user assume the last role directly.",
        f"{_DOCS}/IAM/latest/UserGuide/id_roles.html",
    ),
    _need(
        r"\bs3 batch\b|\bbatch operations?\b",
        r"\bs3\b",
        "The role of an S3 Batch Operations job must trust batchoperations.s3.amazonaws.com. To copy, it needs "
        "s3:GetObject, s3:GetObjectTagging and s3:ListBucket on the source, s3:PutObject and s3:PutObjectTagging on "
        "the destination, s3:GetObject and s3:GetObjectVersion on the manifest, and s3:PutObject on the report. "
        "Whoever creates the job needs s3:CreateJob, and iam:PassRole on the role.",
        f"{_DOCS}/AmazonS3/latest/userguide/batch-ops-iam-role-policies.html",
    ),
    _need(
        # DataSync, replication and AWS Backup use a role of their own, with other permissions.
        r"\A(?![\s\S]*\b(?:DataSync|replicat\w+|AWS Backup|Transfer Family)\b)[\s\S]*\bs3\b",
        r"\bsync\b|\bdownload\w*|\bupload\w*|(?<![\w-])copy(?![\w-])|\bcp\b",
        "aws s3 sync and cp --recursive need s3:ListBucket on the bucket (arn:aws:s3:::BUCKET), and on its objects "
        "(arn:aws:s3:::BUCKET/*) s3:GetObject to download, s3:PutObject to upload and s3:DeleteObject with "
        "--delete. For only one folder, name arn:aws:s3:::BUCKET/FOLDER/* instead of all objects, and limit "
        "s3:ListBucket with the condition StringLike s3:prefix FOLDER/*. With a customer managed key, reading also "
        "needs kms:Decrypt, and writing needs kms:GenerateDataKey.",
        f"{_DOCS}/AmazonS3/latest/userguide/using-with-s3-policy-actions.html",
    ),
    _need(
        r"secrets? ?manager|\bsecretsmanager\b",
        r"\bread\w*|\bget\w*|\bfetch\w*|\bload\w*|\baccess\b",
        "To read a secret, allow secretsmanager:GetSecretValue on its ARN (NAME-?????? covers the random end). If "
        "a customer managed key encrypts it, also allow kms:Decrypt on the key. If the secret is in another "
        "account, the secret's resource policy must also allow the caller.",
        f"{_DOCS}/secretsmanager/latest/userguide/auth-and-access_examples.html",
    ),
    _need(
        r"\bSecureString\b|\bparameter store\b|\bssm parameters?\b",
        "",
        "To read a parameter, allow ssm:GetParameter on parameter/NAME (ssm:GetParameters for several, "
        "ssm:GetParametersByPath for a path). For a SecureString that is encrypted with a customer managed key, also "
        "allow kms:Decrypt on that key.",
        f"{_DOCS}/systems-manager/latest/userguide/sysman-paramstore-access.html",
    ),
    _need(
        r"\bdynamo(?:db)?\b",
        r"\bindex(?:es)?\b|\bGSIs?\b|\bquer\w*|\bread\w*|\bscan\w*",
        "To read a table, allow dynamodb:GetItem, dynamodb:BatchGetItem, dynamodb:Query and, if needed, "
        "dynamodb:Scan on table/NAME. For its indexes, which are separate resources, allow dynamodb:Query and "
        "dynamodb:Scan on table/NAME/index/*.",
        f"{_DOCS}/amazondynamodb/latest/developerguide/iam-policy-specific-table-indexes.html",
    ),
    _need(
        r"\bpre-?signed\b",
        "",
        "A presigned URL acts as whoever signed it: the signer needs the action (s3:GetObject, s3:PutObject) when the "
        "URL is used. Whoever opens the URL needs no credentials. The URL expires at the latest with the signer's "
        "session.",
        f"{_DOCS}/AmazonS3/latest/userguide/using-presigned-url.html",
    ),
    _need(
        r"\brole chaining\b|\bchain(?:ing|ed)? (?:of )?roles?\b",
        "",
        "A session of a role that is assumed from another role's session lasts at most one hour, whatever the role's "
        "maximum is. Assume the role directly, or let a profile (role_arn) renew the session.",
        f"{_DOCS}/IAM/latest/UserGuide/id_roles.html",
    ),
    _need(
        r"\bMFA\b",
        r"\btrust polic|\brole\b|\brequire|\bassume",
        "A trust policy can require MFA (Bool on aws:MultiFactorAuthPresent). Users meet that condition if they "
        "assume the role with a code (--serial-number, --token-code). Access keys without a code, service "
        "sessions, and SAML or OIDC sessions do not meet it.",
        f"{_DOCS}/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html",
    ),
    _need(
        r"\bsns\b|\btopics?\b",
        r"\bpublish\w*|\bsend\w*",
        "A publisher needs sns:Publish on the topic's ARN (PublishBatch needs no other action). If a customer managed "
        "key encrypts the topic, the publisher also needs kms:GenerateDataKey and kms:Decrypt on the key.",
        f"{_DOCS}/sns/latest/dg/sns-key-management.html",
    ),
    _need(
        r"\bPutMetricData\b|\bcustom metrics?\b",
        "",
        'Allow cloudwatch:PutMetricData on "*", and limit it with a condition on cloudwatch:namespace.',
        f"{_DOCS}/AmazonCloudWatch/latest/monitoring/iam-cw-condition-keys-namespace.html",
    ),
    _need(
        r"\bversion(?:ed|ing)\b|\bobject versions?\b",
        r"\bs3\b|\bbucket\b|\bobject",
        "Calls that name no version need s3:GetObject and s3:DeleteObject (which then adds a delete marker). Calls "
        "that name a version (versionId) need s3:GetObjectVersion and s3:DeleteObjectVersion. To list versions, the "
        "caller needs s3:ListBucketVersions.",
        f"{_DOCS}/AmazonS3/latest/userguide/using-with-s3-policy-actions.html",
    ),
    _need(
        r"\bstep functions?\b|\bstate machines?\b",
        r"\brole\b|\binvok\w*|\bcall\w*",
        "The state machine's role trusts states.amazonaws.com and needs the actions of its tasks: "
        "lambda:InvokeFunction, sqs:SendMessage, sns:Publish and so on, on the resources that the tasks name. A task "
        "that waits for a job to finish (.sync) needs more, such as events:PutRule, events:PutTargets and "
        "events:DescribeRule.",
        f"{_DOCS}/step-functions/latest/dg/service-integration-iam-templates.html",
    ),
    _need(
        r"\befs\b|\belastic file system\b",
        r"\bmount\w*|\bwrit\w*|\bread\w*",
        "A client that mounts with IAM needs elasticfilesystem:ClientMount on the file system; to write, it also "
        "needs elasticfilesystem:ClientWrite; for root access, elasticfilesystem:ClientRootAccess. Allow these "
        "actions in the client's role (on ECS, the task role) or in the file system's policy.",
        f"{_DOCS}/efs/latest/ug/iam-access-control-nfs-efs.html",
    ),
    _need(
        r"\bathena\b",
        r"\bquer\w*|\bneed\w*|\bpermission",
        "A query runs with the caller's permissions. The caller needs athena:StartQueryExecution, GetQueryExecution "
        "and GetQueryResults on the workgroup; glue:GetDatabase, GetTable and GetPartitions on catalog, database and "
        "table; s3:GetObject and s3:ListBucket on the data; and on the results' bucket also s3:GetBucketLocation and "
        "s3:PutObject.",
        f"{_DOCS}/athena/latest/ug/managed-policies.html",
    ),
    _need(
        r"\bcloudfront\b",
        r"\binvalidat\w*",
        "Allow cloudfront:CreateInvalidation on the distribution's ARN "
        "(arn:aws:cloudfront::ACCOUNT:distribution/ID). To wait until it is complete, also allow "
        "cloudfront:GetInvalidation.",
        "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudfront.html",
    ),
    _need(
        r"\bfirehose\b",
        r"\bs3\b|\bbucket\b",
        "Firehose's role must trust firehose.amazonaws.com. It needs s3:AbortMultipartUpload, "
        "s3:GetBucketLocation, s3:GetObject, s3:ListBucket, s3:ListBucketMultipartUploads and s3:PutObject on the "
        "bucket and its objects.",
        f"{_DOCS}/firehose/latest/dev/controlling-access.html",
    ),
    _need(
        r"\bx-?ray\b",
        "",
        'To send traces, allow xray:PutTraceSegments and xray:PutTelemetryRecords on "*": AWSXRayDaemonWriteAccess '
        "contains them.",
        f"{_DOCS}/xray/latest/devguide/security_iam_id-based-policy-examples.html",
    ),
    _need(
        r"\bcloudwatch agent\b",
        "",
        "Attach CloudWatchAgentServerPolicy to the CloudWatch agent's role: it covers metrics, logs, and the agent's "
        "parameters.",
        f"{_DOCS}/AmazonCloudWatch/latest/monitoring/create-iam-roles-for-cloudwatch-agent.html",
    ),
    _need(
        r"\brds\b|\baurora\b|\bdatabase\b",
        r"\biam (?:database )?auth\w*|\brds-db\b|\bauth[- ]token\b",
        "IAM database authentication needs rds-db:connect on "
        "arn:aws:rds-db:REGION:ACCOUNT:dbuser:DBI-RESOURCE-ID/USER, and a database user that is created for it "
        "(rds_iam, AWSAuthenticationPlugin). No rds action is needed to connect.",
        f"{_DOCS}/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html",
    ),
    _need(
        r"\bterraform\b|\btofu\b",
        r"\bbackend\b|\bstate\b",
        "The S3 backend needs s3:ListBucket on the bucket, and s3:GetObject and s3:PutObject on the state's key. With "
        "use_lockfile, it also needs s3:GetObject, s3:PutObject and s3:DeleteObject on KEY.tflock; with a lock table, "
        "dynamodb:DescribeTable, GetItem, PutItem and DeleteItem.",
        "https://developer.hashicorp.com/terraform/language/backend/s3",
    ),
    _need(
        r"\bscheduler\b|\beventbridge\b|\bevent rule\b",
        r"\brole\b|\btarget\b",
        "The target's role trusts the service (scheduler.amazonaws.com for schedules, events.amazonaws.com for rules) "
        "and allows the call to the target, such as states:StartExecution, ecs:RunTask (with iam:PassRole for the "
        "task's roles) or lambda:InvokeFunction. Whoever creates the rule or schedule needs iam:PassRole on that role.",
        f"{_DOCS}/eventbridge/latest/userguide/eb-use-identity-based.html",
    ),
    _need(
        r"\bbedrock\b|\bconverse\b|\binvokemodel\b",
        r"\bneed\w*|\bpermission|\baction|\ballow",
        "Allow bedrock:InvokeModel (Converse needs it too) and, to stream, bedrock:InvokeModelWithResponseStream, on "
        "the foundation model's ARN. For an inference profile, also allow these actions on the profile's ARN, and on "
        "the model in each of the profile's Regions.",
        f"{_DOCS}/bedrock/latest/userguide/inference-prereq.html",
    ),
    _need(
        r"\b(?:other|another|second|different|cross)[- ]account|\bcross-account\b",
        r"\bassume\w*|\brole\b",
        "Both sides must allow the call: the role's trust policy names the caller or its account, and the caller's "
        "own policy allows sts:AssumeRole on the role's ARN.",
        f"{_DOCS}/IAM/latest/UserGuide/access_policies-cross-account-resource-access.html",
    ),
    _need(
        r"\bpass(?:ing)?[ -]?role\b|\bPassRole\b",
        "",
        "Whoever gives a role to a service needs iam:PassRole on the role's ARN (narrow the permission with "
        "iam:PassedToService). The role's trust policy must name that service. PassRole is not an API call itself.",
        f"{_DOCS}/IAM/latest/UserGuide/id_roles_use_passrole.html",
    ),
    _need(
        r"\b(?:which|what|how|who|where|see|find)\b[^\n]{0,60}\bpolic(?:y|ies)\b[^\n]{0,60}"
        r"\b(?:gave|gives?|grants?|allows?|access|comes? from)\b",
        "",
        "Find the role first (aws lambda get-function-configuration --query Role, or the instance's profile). aws iam "
        "list-attached-role-policies and list-role-policies list its policies; aws iam simulate-principal-policy "
        "names the statement that allows an action (MatchedStatements). A resource's own policy may allow the action "
        "too.",
        f"{_DOCS}/IAM/latest/UserGuide/access_policies_testing-policies.html",
    ),
    _need(
        r"\bpermissions? boundar(?:y|ies)\b",
        r"\b(?:grants?|gives?|allows?|enough|needs?|difference|override\w*)\b",
        "A permissions boundary grants nothing: an action needs an Allow in the identity's own policies and in the "
        "boundary.",
        f"{_DOCS}/IAM/latest/UserGuide/access_policies_boundaries.html",
    ),
    _need(
        r"\bSCPs?\b|\bservice control polic",
        r"\b(?:grants?|gives?|allows?|enough|management account|root|apply|applies|affects?|override\w*)\b",
        "An SCP grants nothing: it limits what the identities of member accounts may do, including their root users. "
        "It does not apply to the management account or to service-linked roles.",
        f"{_DOCS}/organizations/latest/userguide/orgs_manage_policies_scps.html",
    ),
    _need(
        r"\b(?:how long|propagat\w*|immediate\w*|at once|instant\w*|takes? effect|delay)\b",
        r"\b(?:polic(?:y|ies)|role|permission|change|key)\b",
        "IAM changes are eventually consistent: most take effect within seconds, some later, and no call shows "
        "when. Existing sessions use the changed policies of their role, without a new sign-in.",
        f"{_DOCS}/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency",
    ),
)
"""The tasks. More specific tasks come first, because the first one that matches a question answers it."""


def need_of(text: str) -> Need | None:
    """Return the task that a question is about, with the permissions it needs, or None if no row matches."""
    return next(
        (each for each in NEEDS if each.first.search(text) and (each.second is None or each.second.search(text))), None
    )
