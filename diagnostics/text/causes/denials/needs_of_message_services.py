"""Further permissions that services for messages, events and logs need: rows of `known.Known`.

The Service Authorization Reference lists the resources that an action supports. The contents of managed policies are
from their published text.
"""

from __future__ import annotations

from diagnostics.text.causes.denials.service_fact_row import DOCS, SAR, Known, known_row
from diagnostics.who import Who

MESSAGES: tuple[Known, ...] = (
    known_row(
        r"sns:publish$",
        r"(?:resource:?\s*|PhoneNumber\W{1,4})\+\d{7,15}|\bPhoneNumber\b",
        'An SMS to a phone number has no topic: sns:Publish must be allowed on Resource "*"; a statement that names '
        "topics does not cover it.",
        f"{DOCS}/sns/latest/dg/sns-using-identity-based-policies.html",
        gone=r"resource:? [\"']?arn:[\w-]+:sns:[\w-]*:\d*:\w",
    ),
    known_row(
        r"sqs:(?:startmessagemovetask|listmessagemovetasks|cancelmessagemovetask)$",
        r"",
        "A redrive needs sqs:StartMessageMoveTask, ReceiveMessage, DeleteMessage and GetQueueAttributes on "
        "the dead-letter queue, sqs:SendMessage on the destination, and kms:Decrypt and GenerateDataKey for "
        "encrypted queues.",
        f"{DOCS}/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html",
    ),
    # Spring Cloud AWS, "SQS Support", queueNotFoundStrategy
    # (https://docs.awspring.io/spring-cloud-aws/docs/3.3.0/reference/html/index.html#sqs-integration).
    known_row(
        r"sqs:createqueue$",
        r"awspring|spring-cloud-aws|@SqsListener|SqsTemplate",
        "Spring Cloud AWS creates a queue if no queue of this name is found. Check that the queue exists under this "
        "name, in this account and Region, and that the role is allowed sqs:GetQueueUrl and sqs:GetQueueAttributes on "
        "it. With queueNotFoundStrategy FAIL the program never creates one. Allow sqs:CreateQueue only if the program "
        "should create the queue.",
        "https://docs.awspring.io/spring-cloud-aws/docs/3.3.0/reference/html/index.html",
    ),
    known_row(
        r"events:putevents$",
        r"",
        "PutEvents is checked on the event bus (event-bus/NAME). A bus in another account needs both an Allow for this "
        "action in the caller's policies and one in the bus's own policy.",
        f"{DOCS}/eventbridge/latest/userguide/eb-event-bus-perms.html",
    ),
    known_row(
        r"ses:send(?:raw|bulk|templated)?email$",
        r"configuration-set/",
        "The email is sent with a configuration set, perhaps the identity's default one: SES checks the action on "
        "identity/… and on configuration-set/NAME. Allow both.",
        f"{SAR}/list_amazonsesv2.html",
    ),
    # Directus, "Email" (https://directus.io/docs/configuration/email): EMAIL_VERIFY_SETUP.
    known_row(
        r"ses:send(?:raw)?email$",
        r"identity/invalid@invalid\b(?!\.)",
        "No mail was refused: invalid@invalid is the sender that the program makes up for a test when it starts. Real "
        "senders are checked on their own identities. Turn the test off (Directus: EMAIL_VERIFY_SETUP=false), or allow "
        "the action on that identity, too.",
        "https://directus.io/docs/configuration/email",
        who=Who.CALLER,
    ),
    known_row(
        r"ses:sendrawemail$",
        r"",
        "SMTP and most libraries send with ses:SendRawEmail, not with ses:SendEmail: allow both on the identity.",
        f"{DOCS}/ses/latest/dg/control-user-access.html",
    ),
    known_row(
        r"mediaconvert:createjob$|iam:passrole$",
        r"MediaConvert",
        "A job accesses its files with a role: the caller needs mediaconvert:CreateJob, and iam:PassRole on that role, "
        "which must trust mediaconvert.amazonaws.com.",
        f"{DOCS}/mediaconvert/latest/ug/iam-role.html",
    ),
    known_row(
        r"logs:putsubscriptionfilter$",
        r":logs:[\w-]+:\d{12}:destination:",
        "The access policy of the destination does not list the caller's account: add that account to the policy, in "
        "the destination's account (aws logs put-destination-policy, or the parameter of the stack that created the "
        "destination). Without that, the caller's own policies are not enough.",
        f"{DOCS}/AmazonCloudWatch/latest/logs/CrossAccountSubscriptions.html",
        who=Who.RESOURCE_OWNER,
        layers=("", "resource"),
    ),
    known_row(
        r"logs:putsubscriptionfilter$",
        r"",
        "A filter to Kinesis or Firehose also needs iam:PassRole on the role that CloudWatch Logs uses. If the "
        "destination is in another account, its destination policy must allow the caller, and the caller needs the "
        "action on the destination, too.",
        f"{DOCS}/AmazonCloudWatch/latest/logs/SubscriptionFilters.html",
        gone=r":logs:[\w-]+:\d{12}:destination:",
    ),
    known_row(
        r"logs:(?:createlogdelivery|putresourcepolicy|describeresourcepolicies|listlogdeliveries|getlogdelivery|updatelogdelivery|deletelogdelivery)$",
        r"",
        "Turning on a service's logs needs the caller to have logs:CreateLogDelivery, GetLogDelivery, "
        "UpdateLogDelivery, DeleteLogDelivery, ListLogDeliveries, PutResourcePolicy, DescribeResourcePolicies "
        'and DescribeLogGroups, all on "*".',
        f"{DOCS}/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-CWL.html",
    ),
    known_row(
        r"logs:describeloggroups$",
        r"",
        'logs:DescribeLogGroups lists groups: allow it on Resource "*" (or log-group:*), not on a single log group.',
        f"{SAR}/list_amazoncloudwatchlogs.html",
    ),
)
