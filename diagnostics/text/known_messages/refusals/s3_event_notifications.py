"""Messages of Amazon S3 about the destinations of event notifications."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import OwnRequest, ServiceSentence, UsualCause, row
from diagnostics.who import Who

_OWNER = ("aws:SourceAccount", "{account}")
"""The condition key with the account for which a service acts. Only services that document this key send it."""

S3_EVENT_NOTIFICATIONS: tuple[ServiceSentence, ...] = (
    row(
        "validate the following destination configurations",
        r"Unable to validate the following destination configurations",
        "Amazon S3, which delivers the event",
        "S3 is not allowed to deliver to the destination",
        "S3 is not allowed to deliver events: the destination's own policy must allow s3.amazonaws.com to deliver "
        "them. The policies of whoever configures the bucket are not the cause.",
        UsualCause(
            "The destination's policy does not let s3.amazonaws.com perform sns:Publish, sqs:SendMessage or "
            "lambda:InvokeFunction with this bucket as aws:SourceArn (and aws:SourceAccount), or the statement "
            "is added only after the notification.",
            None,
            Who.RESOURCE_OWNER,
        ),
        UsualCause(
            "Most likely the permission is added only after the notification: let the bucket notification "
            "depend on it (depends_on = [aws_lambda_permission.…], in CloudFormation DependsOn), and compare "
            "its source_arn with the bucket's ARN.",
            None,
            Who.CALLER,
            needs_evidence=True,
            shown_by=r"\A(?![\s\S]*\b(?:depends_on|DependsOn)\b)[\s\S]*?(?:\"?aws_lambda_permission\b"
            r"|\bAWS::Lambda::Permission\b|\baws_s(?:qs_queue|ns_topic)_policy\b)[\s\S]*?s3\.amazonaws\.com",
        ),
        UsualCause(
            "If the queue or topic is encrypted, the policy of its customer managed KMS key must let "
            "s3.amazonaws.com perform kms:GenerateDataKey and kms:Decrypt; an AWS managed key cannot be used.",
            None,
            Who.RESOURCE_OWNER,
        ),
        UsualCause(
            "The destination does not exist, is in a different Region from the bucket, or is a FIFO queue or topic.",
            None,
            Who.CALLER,
        ),
        UsualCause(
            "Encrypt the queue or topic with a customer managed KMS key whose policy lets s3.amazonaws.com "
            "perform kms:GenerateDataKey and kms:Decrypt, or use SSE-SQS for a queue. S3 cannot use the AWS "
            "managed key, and nobody can change that key's policy.",
            None,
            Who.RESOURCE_OWNER,
            shown_by=r"\balias/aws/(?:sqs|sns)\b",
            decides="The destination is encrypted with an AWS managed key, which S3 cannot use: change its "
            "encryption. The caller's policies are not the cause.",
        ),
        UsualCause(
            "Add to the key's policy: Principal s3.amazonaws.com, Action kms:GenerateDataKey and kms:Decrypt, "
            "with the bucket's account as aws:SourceAccount. Do not change the policy of the queue or "
            "topic.",
            None,
            Who.RESOURCE_OWNER,
            shown_by=r"(?=[\s\S]*(?:sqs:SendMessage|sns:Publish)[\s\S]{0,200}s3\.amazonaws\.com"
            r"|[\s\S]*s3\.amazonaws\.com[\s\S]{0,200}(?:sqs:SendMessage|sns:Publish))"
            r"[\s\S]*Kms(?:Master)?KeyId[\"']?\s*[:=]?\s*[\"']?(?:arn:[\w-]+:kms:|[0-9a-f]{8}-)"
            r"(?![\s\S]*kms:GenerateDataKey)",
            decides="The policy in the text lets S3 send, but the destination is encrypted with a customer "
            "managed KMS key: the key's policy must let s3.amazonaws.com use it.",
        ),
        page="https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html",
        asks=tuple(
            OwnRequest(
                "s3.amazonaws.com",
                action,
                f"{{{action.partition(':')[0]}_destination}}",
                keys=(("aws:SourceArn", "arn:{partition}:s3:::{bucket}"), _OWNER),
            )
            for action in ("lambda:InvokeFunction", "sns:Publish", "sqs:SendMessage")
        ),
    ),
)
