"""Causes for events and messages that do not arrive."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.failure import OtherFailure, Trouble
from diagnostics.text.causes.build_causes import contains, quoted
from diagnostics.who import Who
from iam.lazy_pattern import regex


def events_to_an_encrypted_topic(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield the cause if a key's condition keeps EventBridge from sending events to an encrypted topic.

    Amazon SNS Developer Guide, "Managing Amazon SNS encryption keys and costs": such conditions are not supported for
    events that EventBridge sends to encrypted topics (https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html).
    """
    parts = [
        quoted(failure.text, each)
        for each in (r"\bSNS\b", r"events\.amazonaws\.com", r"kms:(?:GenerateDataKey|Decrypt)")
    ]
    condition = quoted(failure.text, r"aws:Source(?:Account|Arn|OrgID)")
    if failure.trouble is not Trouble.UNRECOGNIZED or not condition or not all(parts):
        return
    # Only a statement with KMS actions is relevant: a topic's policy may have the condition.
    if not any("kms:" in each and condition in each for each in failure.text.split("Effect")):
        return
    yield FirstLook(
        f"AWS does not support {condition} where EventBridge sends to an encrypted topic, so a key policy statement "
        "with this condition does not allow the call. Add a statement for events.amazonaws.com without the condition "
        "to the key policy.",
        contains(condition, parts[1]),
        None,
        Who.RESOURCE_OWNER,
    )


def dead_letters(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield causes for records that Lambda cannot deliver to a dead-letter queue or a destination.

    AWS Lambda Developer Guide, "Capturing records of Lambda asynchronous invocations"
    (https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html); Amazon SQS Developer Guide,
    "Key management"
    (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html).
    """
    if failure.trouble is not Trouble.UNRECOGNIZED:
        return
    if not (said := quoted(failure.text, r"DeadLetterErrors|DestinationDeliveryFailures")):
        return
    key = quoted(failure.text, r"encryptionMasterKey|KmsMasterKeyId|kms_master_key_id|QueueEncryption\.KMS|kms\.Key\b")
    if key and not quoted(failure.text, r"kms:(?:GenerateDataKey|\*)"):
        yield FirstLook(
            "The queue or topic is encrypted with a KMS key: the function's execution role also needs "
            "kms:GenerateDataKey and kms:Decrypt on that key. In the CDK, queue.grantSendMessages(fn) or "
            "key.grantEncryptDecrypt(fn) adds these actions; the property deadLetterQueue adds only sqs:SendMessage.",
            contains(said, key),
            None,
            Who.ACCOUNT_ADMIN,
        )
        return
    yield FirstLook(
        "Lambda sends with the function's execution role: it needs sqs:SendMessage on the queue (or sns:Publish, "
        "lambda:InvokeFunction, events:PutEvents). For an encrypted target it also needs kms:GenerateDataKey and "
        "kms:Decrypt on the key.",
        contains(said),
        None,
        Who.ACCOUNT_ADMIN,
    )


_SENDERS = (
    r"\b(?:EventBridge|CloudWatch alarms?|S3 (?:event|notification)s?|SNS"
    r"|(?:events|sns|s3|cloudwatch)\.amazonaws\.com)\b"
)


NOT_SENT = (
    r"(?:FailedInvocations|NumberOfNotificationsFailed|InvocationsFailed\w*)(?!\W{1,6}0\b)|nothing arrives?"
    r"|never arrives?"
    r"|(?:not|n't) (?:arrive|deliver)\w*|no messages?\b"
)


_SOURCE = regex(
    r"aws:SourceArn[\"']?\s*[:=]\s*\[?\s*[\"']?(?P<arn>arn:[\w-]+:[\w-]+:[\w-]*:\d*:[\w./:+=@-]*[\w+=@-])(?!\*)",
    re.IGNORECASE,
)
_ARN = regex(r"arn:[\w-]+:[\w-]+:[\w-]*:\d*:[\w./:+=@-]*[\w+=@-]")
_RESOURCE = regex(r"\bResource[\"']?\s*[:=]\s*(?:\[[^\]]{0,2000}\]|[\"']?[^\s\"',}]+)")
_KIND_OF_NAME = regex(r"^(?:[a-z][a-z-]*[:/])?")


def other_source(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield the cause if a resource's policy admits a service for one source only, but the text is about another.

    IAM User Guide, "The confused deputy problem": aws:SourceArn is the resource on whose behalf the service calls
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html).
    """
    if failure.trouble is not Trouble.UNRECOGNIZED or not (said := quoted(failure.text, NOT_SENT)):
        return
    wanted = {each["arn"] for each in _SOURCE.finditer(failure.text)}
    if len(wanted) != 1 or not quoted(failure.text, r"\bamazonaws\.com\b"):
        return
    source = wanted.pop()
    outside = _RESOURCE.sub(" ", failure.text)  # a policy's Resource is what it protects, not the source
    others = {each for each in _ARN.findall(outside) if each != source and _alike(each, source)}
    if len(others) != 1 or _ARN.findall(failure.text).count(source) != 1:
        return
    other = others.pop()
    yield FirstLook(
        f"The policy allows the service only for aws:SourceArn {source}. The text is about {other}, which does not "
        f"match: write {other} in the policy, if that is the source.",
        contains(source, other, said),
        None,
        Who.RESOURCE_OWNER,
    )


def _alike(one: str, other: str) -> bool:
    """Whether two ARNs are of one kind of resource in one service."""
    ours, theirs = one.split(":", 5), other.split(":", 5)
    kinds = [_KIND_OF_NAME.match(each[5]) for each in (ours, theirs)]
    return ours[2] == theirs[2] and [each[0] for each in kinds if each][:1] == [each[0] for each in kinds if each][1:]


_TOPIC_RECEIVES = r"\bNumberOf(?:NotificationsDelivered|MessagesPublished)\W{1,6}[1-9]"


def managed_key_of_events(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield the cause if a queue or topic is encrypted with an AWS managed key, which event sources cannot use.

    Amazon SQS Developer Guide, "Key management": event sources need a customer managed key
    (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html).
    """
    if failure.trouble is not Trouble.UNRECOGNIZED:
        return
    key, sender, lost = (quoted(failure.text, each) for each in (r"\balias/aws/(?:sqs|sns)\b", _SENDERS, NOT_SENT))
    if key and sender and lost:
        kind = "queue" if key.endswith("sqs") else "topic"
        if kind == "topic" and quoted(failure.text, _TOPIC_RECEIVES):
            return  # its key allows the sender
        instead = " (or SSE-SQS)" if kind == "queue" else ""
        yield FirstLook(
            f"The {kind} is encrypted with the AWS managed key, which {sender} cannot use: nobody can change that "
            f"key's policy. Use a customer managed key{instead} whose policy lets the sending service perform "
            "kms:GenerateDataKey* and kms:Decrypt.",
            contains(key, sender),
            None,
            Who.RESOURCE_OWNER,
        )


_WRITER = (
    r"(?:\bService[\"']?\s*[:=]\s*[\"'\[\s]*|\b(?:allows?|lets?|for)\s+)[\"']?"
    r"((?:s3|logging\.s3|sns|events|delivery\.logs|cloudtrail|config|cloudwatch|ses)\.amazonaws\.com)\b"
)
_KEY_ACTIONS = {
    # Amazon S3 User Guide, "Configuring Amazon S3 Inventory".
    "s3.amazonaws.com": "kms:GenerateDataKey (to a queue or topic also kms:Decrypt)",
    # AWS CloudTrail User Guide, "Configure AWS KMS key policies for CloudTrail".
    "cloudtrail.amazonaws.com": "kms:GenerateDataKey* and kms:DescribeKey",
    # AWS Config Developer Guide, "Permissions for the KMS Key"
    # (https://docs.aws.amazon.com/config/latest/developerguide/s3-kms-key-policy.html).
    "config.amazonaws.com": "kms:GenerateDataKey and kms:Decrypt",
    # Amazon SQS Developer Guide, "Key management": what writes to an encrypted queue or topic needs both.
    "sns.amazonaws.com": "kms:GenerateDataKey and kms:Decrypt",
    "events.amazonaws.com": "kms:GenerateDataKey and kms:Decrypt",
    "cloudwatch.amazonaws.com": "kms:GenerateDataKey and kms:Decrypt",
    "ses.amazonaws.com": "kms:GenerateDataKey and kms:Decrypt",
}
"""The service that writes, and the actions that it needs on the key."""
# Amazon S3 User Guide, "Enabling Amazon S3 server access logging"
# (https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html).
_ACCESS_LOGS = "For server access logs AWS supports only SSE-S3 on the bucket: set AES256 as its default encryption."
_OWN_KEY = (
    r"\bSSE-KMS\b|\baws:kms\b|\bCMK\b|\bcustomer[- ]managed (?:KMS )?key\b|\bKms(?:Master)?KeyId\b|kms_master_key_id"
)
_KEY_POLICY = (
    r"\bkey policy(?P<of> of (?:[\w/'-]+ ?){1,6}| \([^)\n]*\))?\s*(?:[:=]|has|allows|names|is|(?=\{))"
    r"(?P<policy>(?:(?!\bkey policy of)(?:[^\n]|\n(?!\s*\n))){10,1500})"
)
_REFUSED_WRITE = (
    rf"{NOT_SENT}|\bAccess ?Denied\b|\b(?:no|without) (?:\w+ )?(?:reports?|files?|objects?|logs?|inventory)\b"
    r"|\bnothing is (?:written|there)\b"
)


def key_without_the_service(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield the cause if a service writes to a destination encrypted with a KMS key whose policy does not name it.

    Amazon S3 User Guide, "Configuring Amazon S3 Inventory", "Grant Amazon S3 permission to use your customer managed
    key" (https://docs.aws.amazon.com/AmazonS3/latest/userguide/configure-inventory.html); AWS KMS Developer Guide,
    "Default key policy": the account's statement leaves the decision to IAM policies, and services have none
    (https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html).
    """
    if failure.trouble is not Trouble.UNRECOGNIZED:
        return
    text = failure.text
    writers = {each[1] for each in re.finditer(_WRITER, text)}
    own = list(re.finditer(_KEY_POLICY, text, re.IGNORECASE))
    encrypted, lost = quoted(text, _OWN_KEY), quoted(text, _REFUSED_WRITE)
    if len(writers) != 1 or not (encrypted and lost):
        return
    writer = writers.pop()
    closed = [each for each in own if writer not in each["policy"]]
    if len(closed) != 1 or any(each["of"] is None for each in own[1:]):
        return
    policy = closed[0]["policy"]
    if not re.search(r"\broot\b|\broles?\b|arn:|\bkms:", policy) or re.search(r"\"AWS\"\s*:\s*\"\*\"", policy):
        return
    which = (closed[0]["of"] or "").rstrip() if len(own) > 1 else ""
    more = f" {_ACCESS_LOGS}" if writer == "logging.s3.amazonaws.com" else ""
    # EventBridge's calls to an encrypted topic do not support it (see `events_to_an_encrypted_topic`).
    narrowed = "" if writer == "events.amazonaws.com" else ", best with aws:SourceAccount"
    actions = _KEY_ACTIONS.get(writer, "the actions that its page lists")
    yield FirstLook(
        f"The key policy{which or ' in the text'} does not name {writer}, which must encrypt what it writes: add a "
        f'statement for Principal {{"Service": "{writer}"}} with {actions}{narrowed}. The account\'s root statement '
        f"covers IAM's roles and users, and no service.{more}",
        contains(lost, encrypted),
        None,
        Who.RESOURCE_OWNER,
    )
