"""Programs that run anywhere: how to recognize each, whose permissions it uses, and where to find its policy."""

from __future__ import annotations

from diagnostics.text.programs.program_row import Program, program_row

# What Terraform says if its backend failed.
_STATE = (
    r"\bError (?:loading|refreshing|saving|persisting|uploading|inspecting|reading) (?:the )?states?\b(?! store)"
    r"|the state lock\b|Unable to retrieve item from DynamoDB table|configuring (?:the )?(?:backend|S3 Backend)"
    r"|Failed to (?:load|save|persist|upload|unlock) (?:the )?(?:\w+ )?state\b|Error unlocking S3 state"
    r"|failed to get (?:existing workspaces|configured named states)|error inspecting states in the \"s3\" backend"
    r"|Unable to list objects in S3 bucket \"|failed to (?:un)?lock (?:s3\b|both S3|DynamoDB)"
)
_OF_THE_BACKEND = (
    "what the backend's own block names (keys, a profile, assume_role), or else the environment, the files in "
    "~/.aws or the role of the instance or task, and not the credentials of the provider"
)

ELSEWHERE: tuple[Program, ...] = (
    program_row(
        "Fluent Bit",
        r"\[output:\w+:[\w.-]+\]|\[(?:cloudwatch|firehose|kinesis) \d+\]|fluent-?bit",
        r"logs:|s3:|firehose:|kinesis:|es:|aoss:|aps:|sts:assumerole",
        "the keys of its environment or files, or else the role of its service account, task or instance (in EKS the "
        "node's), which it uses to assume the plugin's role_arn, if one is set",
        "that role lacks the policy: for CloudWatch Logs CloudWatchAgentServerPolicy",
        "https://docs.fluentbit.io/manual/administration/aws-credentials",
        "https://repost.aws/knowledge-center/cloudwatch-stream-container-logs-eks",
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-setup-logs-FluentBit.html",
    ),
    program_row(
        "The CloudWatch agent",
        r"cloudwatch-?agent|\bcwagent\b",
        r"logs:|cloudwatch:|ec2:describe|ecs:|ssm:getparameter|xray:|sts:assumerole",
        "the keys of a file or of its environment if it has them (common-config.toml names its own file), or else the "
        "role of its task (ECS), of its service account or node (EKS) or of the instance, which it uses to assume "
        "the role_arn of its configuration, if one is set",
        "CloudWatchAgentServerPolicy is not attached, or the parameter's name does not begin with AmazonCloudWatch-, "
        "as that policy requires",
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Agent-Credentials-Preference.html",
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/create-iam-roles-for-cloudwatch-agent.html",
        "https://repost.aws/knowledge-center/cloudwatch-stream-container-logs-eks",
    ),
    program_row(
        "Vector",
        r"\bvector::(?:topology|sinks|internal_events|sources)\b|component_type=\"?aws_\w+|\bvectordotdev\b",
        r"logs:",
        "the keys or the assume_role of its sink's auth, or else what the AWS SDK finds where it runs (environment, "
        "files, the role of its service account, task or instance)",
        "the policy has logs:PutLogEvents alone: Vector also needs logs:DescribeLogStreams on the group, for its "
        'health check logs:DescribeLogGroups on "*", and with create_missing_group and create_missing_stream (both '
        "are the default) logs:CreateLogGroup and logs:CreateLogStream",
        "https://vector.dev/docs/reference/configuration/sinks/aws_cloudwatch_logs/",
        needs="logs:DescribeLogStreams logs:PutLogEvents",
    ),
    program_row(
        "The CloudWatch exporter YACE",
        r"\byace\b|yet-another-cloudwatch-exporter",
        r"cloudwatch:|tag:|[\w-]+:(?:describe|list|get)|sts:assumerole",
        "the default credential chain where it runs, or the role that its job names",
        "the policy lacks tag:GetResources, cloudwatch:GetMetricData, cloudwatch:GetMetricStatistics or "
        "cloudwatch:ListMetrics, or other actions that the namespace needs",
        "https://github.com/prometheus-community/yet-another-cloudwatch-exporter/blob/master/README.md",
    ),
    program_row(
        "Ray's cluster launcher",
        r"\bray (?:up|submit|down|attach|exec|monitor)\b|\bray-(?:autoscaler|head|worker)-v1\b|ray/autoscaler/",
        r"iam:|ec2:",
        "the credentials of the shell in which ray up or ray submit runs; on a node of the cluster that is the node's "
        "instance profile (by default ray-autoscaler-v1)",
        "the command ran on a node of the cluster, whose role ray-autoscaler-v1 has only the policies for EC2 and S3: "
        "run ray up and ray submit where your own credentials are. To let the head node do this, allow its role "
        "iam:GetInstanceProfile on the instance profile and iam:PassRole on the role of the nodes",
        "https://docs.ray.io/en/latest/cluster/vms/user-guides/launching-clusters/aws.html",
        trap=r"iam:",
    ),
    program_row(
        "Terragrunt",
        r"Initializing remote state for the s3 backend|Remote state S3 bucket|\bterragrunt\b[^\n]{0,99}\bremote "
        r"state\b",
        r"s3:(?!getobject|putobject|deleteobject)|dynamodb:|sts:assumerole",
        "its iam_role (--iam-assume-role), the profile of remote_state, or else the environment, when it prepares the "
        "state's bucket and lock table; older versions do not assume the role_arn of remote_state there, and Terraform "
        "does",
        "its own identity lacks what it reads of the bucket (s3:GetBucketVersioning and others) and of the lock table "
        "(dynamodb:DescribeTable): set iam_role in terragrunt.hcl to the role of remote_state, or update Terragrunt. "
        "disable_init = true in remote_state leaves these calls out",
        "https://terragrunt.gruntwork.io/docs/features/authentication/",
        "https://terragrunt.gruntwork.io/docs/reference/config-blocks-and-attributes/#remote_state",
    ),
    program_row(
        "Terraform's S3 backend",
        _STATE,
        r"dynamodb:",
        _OF_THE_BACKEND,
        "they lack dynamodb:DescribeTable, dynamodb:GetItem, dynamodb:PutItem or dynamodb:DeleteItem on the lock "
        "table: locking needs all of them. force-unlock is only for a lock that was taken and could not be released. "
        "use_lockfile locks in the bucket instead (Terraform calls locking with DynamoDB "
        "deprecated, OpenTofu keeps it)",
        "https://developer.hashicorp.com/terraform/language/backend/s3",
        "https://developer.hashicorp.com/terraform/language/state/locking",
        "https://opentofu.org/docs/language/settings/backends/s3/",
    ),
    program_row(
        "Terraform's S3 backend",
        _STATE,
        r"s3:|kms:|sts:assumerole",
        _OF_THE_BACKEND,
        "they lack s3:ListBucket on the bucket, or s3:GetObject and s3:PutObject on the state's key; with use_lockfile "
        "they need both and s3:DeleteObject on KEY.tflock, for workspaces s3:DeleteObject on their keys (for OpenTofu "
        "on KEY, too), and with kms_key_id kms:Encrypt, kms:Decrypt and kms:GenerateDataKey",
        "https://developer.hashicorp.com/terraform/language/backend/s3",
        "https://opentofu.org/docs/language/settings/backends/s3/",
        needs="s3:ListBucket s3:GetObject s3:PutObject",
    ),
    program_row(
        "Grafana Loki",
        r"(?<![\w.:/-])loki(?![\w.:/-])|failed to flush chunks: store put chunk"
        r"|\b(?:pod|deploy(?:ment)?|sts|statefulset)/loki\b|\bLokiServiceAccountRole\b"
        r"|\bloki-(?:\d|write|read|backend|ingester|compactor|querier|ruler|index-gateway)\b",
        r"s3:",
        "the keys in its configuration, or else the role of its service account (IRSA)",
        "the policy lacks s3:ListBucket on one of its buckets (chunks, ruler), or s3:PutObject, s3:GetObject and "
        "s3:DeleteObject on their objects",
        "https://grafana.com/docs/loki/latest/setup/install/helm/deployment-guides/aws",
        needs="s3:ListBucket s3:GetObject s3:PutObject s3:DeleteObject",
    ),
    program_row(
        "Grafana Mimir or Tempo",
        r"(?<![\w.:/-])(?:mimir|tempo)(?![\w.:/-])|\bcaller=sanity_check\.go"
        r"|\bmimir-(?:\d|ingester|compactor|ruler|alertmanager"
        r"|store-gateway)\b|\btempo-(?:\d|ingester|compactor|querier)\b"
        r"|unable to successfully send a request to object storage",
        r"s3:",
        "the keys in its configuration, or else what the pod has: IRSA, Pod Identity (newer versions) or the node's "
        "role",
        "the policy lacks s3:ListBucket on one of its buckets (for Mimir blocks, ruler and alertmanager), or "
        "s3:PutObject, s3:GetObject and s3:DeleteObject on their objects",
        "https://grafana.com/docs/mimir/latest/configure/configure-object-storage-backend",
        "https://grafana.com/docs/tempo/latest/configuration/hosted-storage/s3.md",
        needs="s3:ListBucket s3:GetObject s3:PutObject s3:DeleteObject",
    ),
    program_row(
        "restic",
        r"(?<![\w./:-])restic(?![\w./:-])|unable to create lock in backend",
        r"s3:",
        "the keys in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or else those of the environment where it runs",
        "the key may only read: restic writes a lock under locks/ even to list or restore. Run it with --no-lock, or "
        "allow s3:PutObject and s3:DeleteObject on locks/* only. A backup needs s3:ListBucket, s3:GetObject and "
        "s3:PutObject, and forget or prune also s3:DeleteObject",
        "https://manpages.ubuntu.com/manpages/jammy/man1/restic-unlock.1.html",
    ),
    program_row(
        "Snowflake",
        r"\bError assuming AWS_ROLE\b|\bSTORAGE[ _]INTEGRATION\b|\bsnowflake\b",
        r"sts:assumerole$",
        "a user of Snowflake's own account, and sends an external ID: DESC INTEGRATION shows both "
        "(STORAGE_AWS_IAM_USER_ARN, STORAGE_AWS_EXTERNAL_ID)",
        "the role's trust policy names another user or another sts:ExternalId than DESC INTEGRATION shows. CREATE OR "
        "REPLACE STORAGE INTEGRATION gives it a new external ID, ALTER keeps the old one: write the new one into the "
        "trust policy",
        "https://docs.snowflake.com/en/user-guide/data-load-s3-config-storage-integration",
        trap=r"sts:assumerole$",
    ),
    program_row(
        "SOPS",
        r"\bsops\b|failed to get the data key",
        r"kms:|sts:assumerole",
        "the default credentials where it runs, or the profile or the role that the file names for its key",
        "the caller is not allowed to use the file's KMS key (kms:Decrypt, and kms:Encrypt to write), or the key "
        "belongs to another account and the file names no role for it",
        "https://getsops.io/docs/usage/identities/amazon-aws-kms/",
    ),
    program_row(
        "Vault's seal",
        r"\bseal\s+[\"']awskms|awskms\W{1,4}(?:seal|wrapper)|parsing Seal configuration|auto-?unseal"
        r"|failed to decrypt encrypted stored keys",
        r"kms:",
        "its server's credentials: the seal stanza, the environment, files, or the instance's or task's role",
        "the role lacks kms:Encrypt, kms:Decrypt or kms:DescribeKey on the seal's key, or that key's policy refuses it",
        "https://developer.hashicorp.com/vault/docs/configuration/seal/awskms",
    ),
    program_row(
        "ECS",
        r"failed to initialize logging driver|log driver awslogs|awslogs-(?:group|create-group|region)"
        r"|failed to validate logger args",
        r"logs:",
        "the task's execution role, or, on EC2 without an execution role, the container instance's role; never the "
        "task role",
        "that role lacks logs:CreateLogStream and logs:PutLogEvents, which AmazonECSTaskExecutionRolePolicy has (for "
        "an instance's role, AmazonEC2ContainerServiceforEC2Role); with awslogs-create-group also allow "
        "logs:CreateLogGroup",
        "https://repost.aws/knowledge-center/ecs-container-logs-cloudwatch",
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html",
        foreign=r"\bdocker(?: run\b|[ -]compose\b)|--log-driver",
    ),
    program_row(
        "Prometheus' CloudWatch exporter",
        r"(?<!another-)cloudwatch[-_]exporter|io\.prometheus\.cloudwatch",
        r"cloudwatch:|tag:|sts:assumerole",
        "the credentials that the AWS SDK for Java finds where it runs, or the role_arn of its configuration",
        "the policy lacks cloudwatch:ListMetrics, cloudwatch:GetMetricStatistics or cloudwatch:GetMetricData, or with "
        "aws_tag_select tag:GetResources",
        "https://github.com/prometheus/cloudwatch_exporter/blob/master/README.md",
    ),
    program_row(
        "Fluentd",
        r"\bfluentd\b|out_cloudwatch_logs|fluent-plugin-cloudwatch",
        r"logs:|sts:assumerole",
        "the keys or the role of its configuration (aws_sts_role_arn with aws_use_sts, web_identity_credentials), or "
        "else the credentials where it runs",
        "the policy lacks logs:DescribeLogGroups, logs:DescribeLogStreams, logs:CreateLogGroup, logs:CreateLogStream, "
        "logs:PutLogEvents or logs:PutRetentionPolicy, or to read logs:GetLogEvents and logs:DescribeLogStreams",
        "https://github.com/fluent-plugins-nursery/fluent-plugin-cloudwatch-logs/blob/master/README.md",
    ),
    program_row(
        "Packer",
        r"\bpacker\b|==> amazon-ebs|\bamazon-(?:ebs|chroot|instance|ebssurrogate|ebsvolume)\b[:.]",
        r"ec2:|iam:passrole|iam:getinstanceprofile|kms:|ec2-instance-connect:",
        "the credentials of whoever runs packer build, or the role of assume_role, and not the instance profile of the "
        "build's instance",
        "the policy lacks one of EC2's actions for the build (key pair, security group, image, snapshot, tags), with "
        "an instance profile iam:PassRole and iam:GetInstanceProfile, or for encryption kms:ReEncrypt* and "
        "kms:GenerateDataKey* (another account's key also needs kms:CreateGrant and kms:DescribeKey)",
        "https://developer.hashicorp.com/packer/integrations/hashicorp/amazon",
    ),
    program_row(
        "eksctl",
        r"\beksctl\s+(?:create|delete|get|upgrade|update|scale|utils|enable|drain|register)\b",
        r"cloudformation:|eks:|ec2:|iam:|ssm:|kms:|logs:|autoscaling:",
        "the credentials of whoever runs it",
        "the policies allow less than the four policies that its documentation lists: all of EC2 and CloudFormation, "
        "eks:*, and its IAM actions on roles, instance profiles and OIDC providers",
        "https://docs.aws.amazon.com/eks/latest/eksctl/minimum-iam-policies.html",
    ),
    program_row(
        "The Docker registry's S3 driver",
        r"s3aws:|registry/storage/driver|storage-drivers?/s3|\bREGISTRY_STORAGE_S3",
        r"s3:",
        "the keys of its configuration (accesskey, secretkey), or else the role that it has where it runs",
        "the policy lacks s3:ListBucket, s3:GetBucketLocation or s3:ListBucketMultipartUploads on the bucket, or "
        "s3:PutObject, s3:GetObject, s3:DeleteObject, s3:ListMultipartUploadParts or s3:AbortMultipartUpload on its "
        "objects",
        "https://distribution.github.io/distribution/storage-drivers/s3/",
    ),
    program_row(
        "Thanos",
        r"\bthanos\b(?!-io/objstore)|\bcaller=sidecar\.go",
        r"s3:|kms:",
        "the keys in its objstore configuration, or else those of its environment or of ~/.aws/credentials, or else "
        "the instance's role; with aws_sdk_auth the AWS SDK's own chain",
        "the policy lacks s3:ListBucket on the bucket, or s3:GetObject, s3:PutObject or s3:DeleteObject on its "
        "objects; with SSE-KMS also kms:Encrypt, kms:Decrypt and kms:GenerateDataKey on the key",
        "https://thanos.io/tip/thanos/storage.md/",
        needs="s3:ListBucket s3:GetObject s3:PutObject s3:DeleteObject",
    ),
    program_row(
        "Nextflow",
        r"\bn\s?e\s?x\s?t\s?f\s?l\s?o\s?w\b(?=[\s\S]{0,20000}\b(?:aws[ .]?batch|batch:))"
        r"|\b(?:aws[ .]?batch\b|batch:\w)(?=[\s\S]{0,20000}\bnextflow\b)",
        r"batch:|s3:|ec2:|ecs:|ecr:",
        "the credentials of whoever runs nextflow; its tasks use the instance role of the compute environment, or the "
        "role of aws.batch.jobRole",
        "the policy lacks one of the actions that the manual lists for Batch (such as batch:SubmitJob, "
        "batch:RegisterJobDefinition and batch:TagResource), EC2, ECS, ECR or the bucket",
        "https://www.nextflow.io/docs/latest/aws.html",
    ),
    program_row(
        "kOps",
        r"(?<![\w./-])kops(?![\w./-])|executor\.go:\d+\] error running task|error determining default DNS zone",
        r"ec2:|s3:|iam:|route53:|autoscaling:|elasticloadbalancing:|sqs:|events:",
        "the credentials of whoever runs kops",
        "the group or user lacks one of AmazonEC2FullAccess, AmazonRoute53FullAccess, AmazonS3FullAccess, "
        "IAMFullAccess, AmazonVPCFullAccess, AmazonSQSFullAccess and AmazonEventBridgeFullAccess",
        "https://kops.sigs.k8s.io/getting_started/aws/",
        foreign=r"\bnodeup\b",
    ),
    program_row(
        "Grafana",
        r"\bgrafana\b(?![ -]?(?:loki|mimir|tempo|agent|alloy))|tsdb\.cloudwatch",
        r"cloudwatch:|logs:|tag:|ec2:describe|oam:|pi:getresourcemetrics",
        "the data source's credentials: its keys or those that Grafana finds, which it uses to assume the Assume "
        "Role ARN, if one is set",
        "the policy lacks an action of metrics (cloudwatch:ListMetrics, cloudwatch:GetMetricData, tag:GetResources), "
        "of logs (logs:DescribeLogGroups, logs:StartQuery, logs:GetQueryResults) or of EC2, which the manual allows on "
        '"*"',
        "https://grafana.com/docs/grafana/latest/datasources/aws-cloudwatch/configure/",
    ),
    program_row(
        "The SSM agent",
        r"amazon-ssm-agent|\bSSM ?Agent\b",
        r"ssm:(?:update(?:instance|association)|getparameter|getdocument|getmanifest|getdeployablepatch"
        r"|put(?:inventory|compliance|configure)|list(?:instance)?associations|describe(?:association|document)\b)"
        r"|ssmmessages:|ec2messages:",
        "the instance's role, or without one the role of Default Host Management Configuration; outside EC2 the role "
        "of its activation",
        "AmazonSSMManagedInstanceCore is not attached to the instance's role",
        "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonSSMManagedInstanceCore.html",
        "https://docs.aws.amazon.com/cli/latest/reference/ssm/register-default-host-management-configuration.html",
        "https://docs.aws.amazon.com/cli/latest/reference/ssm/update-managed-instance-role.html",
    ),
)
