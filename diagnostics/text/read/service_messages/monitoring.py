"""Sentences about monitoring an account: canaries, the CloudWatch agent, RUM, flow logs and other network logs."""

from __future__ import annotations

from diagnostics.text.read.service_messages.service_sentence import ServiceSentence, UsualCause, lacking, row
from diagnostics.who import Who
from iam.claims import Ground

_API = "https://docs.aws.amazon.com"
_WATCH = f"{_API}/AmazonCloudWatch/latest/monitoring"
MONITORING: tuple[ServiceSentence, ...] = (
    row(
        ("unable to fetch s3 bucket location", "unable to upload artifacts to s3"),
        r"Unable to fetch S3 bucket location: Access ?Denied"
        r"|Unable to upload artifacts to S3(?=[\s\S]{0,200}?(?:Access ?Denied|Forbidden|not authorized))",
        "the canary's role",
        "the canary's role is not allowed to write to the bucket of its artifacts",
        "The canary's role lacks s3:GetBucketLocation or s3:PutObject on the bucket of its artifacts, or "
        "s3:ListAllMyBuckets. The permissions of whoever made the canary do not matter.",
        UsualCause("Allow the canary's role s3:GetBucketLocation on the bucket, s3:PutObject on its objects and "
                   "s3:ListAllMyBuckets on * (visual monitoring: s3:GetObject, too).",
                   "aws synthetics get-canary --name CANARY --query 'Canary.[ExecutionRoleArn,ArtifactS3Location]'",
                   needs=("s3:GetBucketLocation", "s3:PutObject", "s3:ListAllMyBuckets")),
        UsualCause("With a customer managed KMS key the role needs kms:GenerateDataKey and kms:Decrypt on it. The "
                   "bucket's policy may require a kind of encryption that the canary does not use."),
        page=f"{_WATCH}/CloudWatch_Synthetics_Canaries_Troubleshoot.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    lacking(
        "ec2tagger",
        r"ec2tagger[^\n]{0,80}?(?:describe|retrieve)[^\n]{0,80}?(?:tags|volumes)?[^\n]{0,80}?UnauthorizedOperation",
        "the role of the CloudWatch agent (the instance's, or the pod's)",
        ("ec2:DescribeTags",),
        UsualCause("Allow that role to perform ec2:DescribeTags (and ec2:DescribeVolumes, if the agent adds volume "
                   "IDs) on *. CloudWatchAgentServerPolicy has both. Or remove append_dimensions from the agent's "
                   "configuration.", "aws sts get-caller-identity"),
        page=f"{_WATCH}/create-iam-roles-for-cloudwatch-agent.html",
    ),
    lacking(
        "dataplane.rum.",
        r"dataplane\.rum\.[\w-]+\.amazonaws\.com/\S* (?:\S+ ){0,4}?403\b|\b403\b[^\n]{0,80}dataplane\.rum\.",
        "the browser's role (of the app monitor's identity pool)",
        ("rum:PutRumEvents",),
        UsualCause("Allow the unauthenticated role of the identity pool to perform rum:PutRumEvents on this app "
                   "monitor's ARN, and let its trust policy name the identity pool. Without an identity pool, the app "
                   "monitor's resource policy must allow rum:PutRumEvents.",
                   "aws rum get-app-monitor --name MONITOR --query 'AppMonitor.AppMonitorConfiguration'"),
        page=f"{_WATCH}/CloudWatch-RUM-get-started-authorization.html",
    ),
    row(
        "is undeliverable",
        r"LogDestination:? (?P<bucket>\S+) is undeliverable",
        "the delivery of the flow log",
        "the bucket's default encryption names its KMS key by ID",
        "The default encryption of the bucket {bucket} names its KMS key by ID: set the key's ARN there, then create "
        "the flow log again.",
        UsualCause("In the bucket's default encryption (SSE-KMS) replace the key's ID with its ARN. The key policy "
                   "must also let delivery.logs.amazonaws.com use the key.",
                   "aws s3api get-bucket-encryption --bucket {bucket}", Who.RESOURCE_OWNER),
        page=f"{_API}/vpc/latest/userguide/flow-logs-troubleshooting.html",
        cause="not-iam",
        ground=Ground.LIKENESS,
    ),
    row(
        "logdestinationpermissionexception",
        r"\bLogDestinationPermissionException\b",
        "the delivery of the firewall's logs",
        "the log destination does not allow the delivery, or the caller is not allowed to set it up",
        "Network Firewall cannot send logs to the destination: the destination's policy does not let "
        "delivery.logs.amazonaws.com write, or the caller is not allowed to set up the delivery.",
        UsualCause("For a bucket, its policy must let delivery.logs.amazonaws.com perform s3:GetBucketAcl on it and "
                   "s3:PutObject on AWSLogs/ACCOUNT/*. For a log group, the resource policy of CloudWatch Logs must "
                   "let the same service perform logs:CreateLogStream and logs:PutLogEvents. The KMS key of the "
                   "destination must allow that service, too.",
                   None, Who.RESOURCE_OWNER),
        UsualCause("Whoever makes the call needs logs:CreateLogDelivery, GetLogDelivery, UpdateLogDelivery, "
                   "DeleteLogDelivery and ListLogDeliveries on *, and the actions that the destination's page lists.",
                   needs=("logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery",
                          "logs:DeleteLogDelivery", "logs:ListLogDeliveries")),
        page=f"{_API}/network-firewall/latest/developerguide/firewall-logging-permissions.html",
    ),
    row(
        ("action_needed", "action needed"),
        r"(?:KeySigningKey|\bKSK\b|key-signing key)[\s\S]{0,300}?(?:ACTION_NEEDED|Action needed)",
        "Route 53, by the KMS key of the key-signing key",
        "Route 53 has lost access to the KMS key of the key-signing key",
        "Route 53 can no longer use the KMS key of the key-signing key: it is disabled, is scheduled for deletion, or "
        "its policy lacks dnssec-route53.amazonaws.com. Act soon, or the zone stops resolving.",
        UsualCause("Enable the key or cancel its deletion, and let its policy allow dnssec-route53.amazonaws.com "
                   "kms:DescribeKey, kms:GetPublicKey and kms:Sign (kms:CreateGrant for AWS resources). Then activate "
                   "the key-signing key again.", "aws kms describe-key --key-id KEY --region us-east-1",
                   Who.RESOURCE_OWNER),
        page=f"{_API}/Route53/latest/DeveloperGuide/dns-configuring-dnssec-troubleshoot.html",
        cause="resource.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        "associated with the cloudfront distribution is invalid",
        r"The Lambda function associated with the CloudFront distribution is invalid or doesn.t have the required "
        "permissions",
        "CloudFront, which runs the function at the edge",
        "CloudFront cannot use the function of Lambda@Edge",
        "CloudFront cannot run the Lambda@Edge function: its role does not trust edgelambda.amazonaws.com, or the "
        "published version no longer exists.",
        UsualCause("The function's execution role must trust lambda.amazonaws.com and edgelambda.amazonaws.com. Check "
                   "that the version in the behavior still exists in us-east-1, and read its log in the Region nearest "
                   "to the viewer.", "aws cloudfront get-distribution-config --id DISTRIBUTION", Who.RESOURCE_OWNER),
        page=f"{_API}/AmazonCloudFront/latest/DeveloperGuide/lambda-edge-permissions.html",
    ),
)  # fmt: skip
