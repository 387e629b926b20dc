"""The row for a shard iterator of Kinesis that is too old."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import NONE_MISSING, System, made_system

SHARD_ITERATORS: tuple[System, ...] = (
    # Amazon Kinesis Data Streams API reference, "GetShardIterator": an iterator expires after 5 minutes
    # (https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetShardIterator.html); Amazon DynamoDB API reference
    # of DynamoDB Streams, "GetShardIterator": after 15 minutes
    # (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetShardIterator.html).
    made_system(
        "the age of the shard iterator",
        "Call GetShardIterator again, use its iterator at once, and continue with the NextShardIterator of each "
        f"response. {NONE_MISSING}",
        r"\bExpiredIterator(?:Exception)?\b",
        "expirediterator",
        verdict="The shard iterator is too old: Kinesis accepts one for 5 minutes, DynamoDB Streams for 15. Get a new "
        "one and use it at once. Neither permissions nor credentials are the cause.",
        title="Get a new shard iterator and use it at once",
    ),
)
