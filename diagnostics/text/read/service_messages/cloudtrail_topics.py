"""Messages of CloudTrail about the topic to which it publishes."""

from __future__ import annotations

from diagnostics.text.read.service_messages.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who

TRAIL_TOPICS: tuple[ServiceSentence, ...] = (
    row(
        "insufficientsnstopicpolicy",
        r"\bInsufficientSnsTopicPolicy(?:Exception)?\b",
        "CloudTrail, which publishes to the topic",
        "the topic does not let CloudTrail publish",
        "The topic's policy does not let CloudTrail publish to it, or there is no such topic.",
        UsualCause(
            "The topic's policy must allow cloudtrail.amazonaws.com to perform sns:Publish, with the trail as "
            "aws:SourceArn. The KMS key of an encrypted topic must allow CloudTrail too.",
            "aws sns get-topic-attributes --topic-arn TOPIC",
            Who.RESOURCE_OWNER,
        ),
        page="https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html",
    ),
)
