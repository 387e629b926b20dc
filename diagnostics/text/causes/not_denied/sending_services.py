"""The cause of undelivered events if the target's policy allows another service than the one that sends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from diagnostics.diagnosis import FirstLook
from diagnostics.failure import OtherFailure, Trouble
from diagnostics.text.causes.build_causes import contains, matches, quoted
from diagnostics.text.causes.not_denied.undelivered import NOT_SENT
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.words import listing


@dataclass(frozen=True, slots=True)
class _Sender:
    """A service that sends events: its name, its words in a text, its principal, and the actions that it performs."""

    name: str
    words: str
    principal: str
    actions: tuple[str, ...]


# Amazon SNS Developer Guide, "Managing Amazon SNS encryption keys and costs", has the principals of event sources
# (https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html). EventBridge User Guide, "Using resource-based
# policies for Amazon EventBridge" (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html).
# Amazon S3 User Guide, "Granting permissions to publish event notification messages to a destination"
# (https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html).
_TO_ALL = ("sns:Publish", "sqs:SendMessage", "lambda:InvokeFunction")
_SENDERS = (
    _Sender(
        "EventBridge",
        r"\bEventBridge\b(?! (?:Scheduler|Pipes?))|\bCloudWatch Events\b|\baws_cloudwatch_event_\w+"
        r"|\bAWS::Events::Rule\b|arn:[\w-]+:events:[\w-]+:\d*:rule/",
        "events.amazonaws.com",
        _TO_ALL,
    ),
    _Sender(
        "a CloudWatch alarm",
        r"\bCloudWatch (?:metric )?alarms?\b|\baws_cloudwatch_metric_alarm\b|\bAWS::CloudWatch::Alarm\b"
        r"|arn:[\w-]+:cloudwatch:[\w-]+:\d*:alarm:",
        "cloudwatch.amazonaws.com",
        ("sns:Publish",),
    ),
    _Sender(
        "S3",
        r"\b(?:S3|bucket) (?:event )?notifications?\b|\bs3:ObjectCreated\b|\baws_s3_bucket_notification\b",
        "s3.amazonaws.com",
        _TO_ALL,
    ),
    _Sender(
        "SNS",
        r"\bSNS\b|arn:[\w-]+:sns:",
        "sns.amazonaws.com",
        ("sqs:SendMessage",),
    ),
)
_POLICY_ACTION = regex(r"\b(?:sns:Publish|sqs:SendMessage|lambda:InvokeFunction)\b")
_NAMED = regex(
    r"[\"']?(?<!\w)Service[\"']?\s*[:=]\s*(?P<names>\[[^\]]{0,300}\]|[\"']?[\w.-]+\.amazonaws\.com)"
    r"|\btype\s*=\s*\"Service\"\s+identifiers\s*=\s*(?P<listed>\[[^\]]{0,300}\])"
)
_PRINCIPAL = regex(r"[\w.-]+\.amazonaws\.com")


def another_service(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield the cause if the text's policy names service principals, and the only service that sends is not one.

    A policy that names a sender of the text is not compared: another sender may be the one that fails.
    """
    text = failure.text
    if failure.trouble is not Trouble.UNRECOGNIZED or not (lost := quoted(text, NOT_SENT)):
        return
    actions = set(_POLICY_ACTION.findall(text))
    named = {one for each in _NAMED.finditer(text) for one in _PRINCIPAL.findall(each["names"] or each["listed"])}
    senders = [each for each in _SENDERS if actions.intersection(each.actions) and matches(text, each.words)]
    if len(actions) != 1 or not named or len(senders) != 1 or senders[0].principal in text:
        return
    (sender,), (action,) = senders, actions
    allowed = listing(sorted(named))
    yield FirstLook(
        f"Most likely the policy names the wrong service: {sender.name} sends as {sender.principal}, and the policy "
        f"in the text allows {allowed}. Allow {action} to {sender.principal} there.",
        contains(*sorted(named), lost),
        None,
        Who.RESOURCE_OWNER,
    )
