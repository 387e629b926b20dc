"""The row for a queue that the called account and Region does not have."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

QUEUE_NAMES: tuple[System, ...] = (
    # Amazon SQS API Reference, "GetQueueUrl": QueueDoesNotExist, as the SDKs print it
    # (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueUrl.html).
    made_system(
        "the queue's name, Region and account",
        "Compare the name (a name, not an ARN), the Region and the account with aws sqs list-queues, run where the "
        "program runs. If the program does not need the queue, leave its setting out.",
        r"\((?:QueueDoesNotExist|AWS\.SimpleQueueService\.NonExistentQueue)\)\s+when\s+calling"
        r"|\b(?:AWS\.SimpleQueueService\.NonExistentQueue|QueueDoesNotExist(?:Exception)?)\b\W{1,3}"
        r"The\s+specified\s+queue\s+does\s+not\s+exist",
        "queuedoesnotexist",
        "nonexistentqueue",
        # SQS says so of both: "does not exist or you do not have access to it".
        unless=r"is\s+not\s+authorized\s+to\s+perform|not\s+have\s+(?:access|permissions?)",
        verdict="The account and Region of the call have no queue with this name: correct the name, Region or account "
        "in the program's settings, or create the queue. This is not a permissions problem.",
        title="Correct the queue's name, Region or account, or create it",
        regional=True,
    ),
)
