"""Messages of Amazon SNS about encrypted topics and queues."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import OwnRequest, ServiceSentence, UsualCause, row
from diagnostics.who import Who
from iam.claims import Ground

SNS_ENCRYPTION: tuple[ServiceSentence, ...] = (
    # Amazon SNS Developer Guide, "Managing Amazon SNS encryption keys and costs": event sources and encrypted topics.
    row(
        ("authorization to access the sns topic encryption key", "service: awskms"),
        r"does not have authorization to access the SNS topic encryption key"
        # The history of an alarm: KMS refused the action that publishes.
        r"|Service: AWSKMS;[^)]{0,80}AccessDeniedException(?=[\s\S]{0,400}notificationResource\W{1,6}arn:[\w-]+:sns:)"
        r"|notificationResource\W{1,6}arn:[\w-]+:sns:[\s\S]{0,400}?Service: AWSKMS;[^)]{0,80}AccessDeniedException"
        # The console's history, in any language: the action's ARN before the error.
        r"|arn:[\w-]+:sns:[^\n]{0,160}\bnull \(Service: AWSKMS;[^)]{0,80}AccessDeniedException",
        "the service that publishes to the topic",
        "the topic's KMS key does not let the service use it",
        "CloudWatch Alarms is not allowed to use the encryption key of the topic: the key policy must allow "
        "cloudwatch.amazonaws.com. The permissions of whoever made the alarm are not the cause.",
        UsualCause(
            'Add to the key policy a statement for Principal {"Service": "cloudwatch.amazonaws.com"} with '
            'kms:GenerateDataKey* and kms:Decrypt on "*".',
            None,
            Who.RESOURCE_OWNER,
        ),
        UsualCause(
            "If the key is the AWS managed one (alias/aws/sns), nobody can change its policy: choose a customer "
            "managed key.",
            None,
            Who.RESOURCE_OWNER,
        ),
        UsualCause(
            "The policy of alias/aws/sns cannot be changed, whatever IAM allows an administrator.",
            None,
            Who.RESOURCE_OWNER,
            shown_by=r"(?<![\w/])(?:alias/)?aws/sns\b",
            decides="The topic is encrypted with the AWS managed key alias/aws/sns, whose policy nobody can "
            "change, so CloudWatch alarms cannot publish to it: choose a customer managed key whose policy "
            "allows cloudwatch.amazonaws.com kms:GenerateDataKey* and kms:Decrypt.",
        ),
        page="https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html",
        actions=("kms:GenerateDataKey", "kms:Decrypt"),
        asks=tuple(OwnRequest("cloudwatch.amazonaws.com", action) for action in ("kms:GenerateDataKey", "kms:Decrypt")),
        cause="resource.no-action",
        ground=Ground.LIKENESS,
    ),
    # Amazon SNS Developer Guide, "Configuring Amazon SNS encryption with encrypted Amazon SQS queue subscriptions".
    row(
        "kms.accessdeniedexception",
        r"KMS\.AccessDeniedException(?=[\s\S]{0,1500}\bproviderResponse\b)(?=[\s\S]{0,1500}\balias/aws/sqs\b)"
        r"|\bproviderResponse\b[\s\S]{0,1500}?KMS\.AccessDeniedException(?=[\s\S]{0,1500}\balias/aws/sqs\b)",
        "SNS, which delivers to the queue",
        "the queue's KMS key does not let SNS use it",
        "The queue is encrypted with the AWS managed key alias/aws/sqs, whose policy nobody can change, so SNS cannot "
        "use it. The queue's policy is not the cause.",
        UsualCause(
            "Encrypt the queue with SSE-SQS, or with a customer managed key whose policy lets sns.amazonaws.com "
            "perform kms:GenerateDataKey and kms:Decrypt.",
            None,
            Who.RESOURCE_OWNER,
        ),
        page="https://docs.aws.amazon.com/sns/latest/dg/sns-enable-encryption-for-topic-sqs-queue-subscriptions.html",
        actions=("kms:GenerateDataKey", "kms:Decrypt"),
        cause="resource.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        "kms.accessdeniedexception",
        r"KMS\.AccessDeniedException(?=[\s\S]{0,1500}\bproviderResponse\b)"
        r"|\bproviderResponse\b[\s\S]{0,1500}?KMS\.AccessDeniedException",
        "SNS, which delivers to the queue",
        "the queue's KMS key does not let SNS use it",
        "The queue's KMS key does not let SNS use it. KMS refused the delivery; the queue's policy did not.",
        UsualCause(
            'Add to the key policy a statement for Principal {"Service": "sns.amazonaws.com"} with '
            'kms:GenerateDataKey and kms:Decrypt on "*", and the topic as aws:SourceArn. The queue\'s policy '
            "must allow sqs:SendMessage as well.",
            None,
            Who.RESOURCE_OWNER,
        ),
        UsualCause(
            "With the AWS managed key alias/aws/sqs this is not possible: use a customer managed key, or SSE-SQS.",
            None,
            Who.RESOURCE_OWNER,
        ),
        page="https://docs.aws.amazon.com/sns/latest/dg/sns-enable-encryption-for-topic-sqs-queue-subscriptions.html",
        actions=("kms:GenerateDataKey", "kms:Decrypt"),
        cause="resource.no-action",
        ground=Ground.LIKENESS,
    ),
)
