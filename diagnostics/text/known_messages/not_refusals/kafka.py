"""The row for Kafka's own ACLs."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system
from diagnostics.text.known_messages.refusals.msk import KAFKA_CODES, KAFKA_SIGNALS

KAFKA = "Kafka"

KAFKA_ROWS: tuple[System, ...] = (
    made_system(
        KAFKA,
        "Check the ACLs of the topic and the group in Kafka. If an MSK cluster uses IAM access control instead, the "
        "client's role lacks a kafka-cluster action on the topic, group, cluster or transactional ID.",
        rf"Not\s+authorized\s+to\s+access\s+(?:topics|group)|{KAFKA_CODES}",
        *KAFKA_SIGNALS,
        unless=r"kafka-cluster:|AWS_MSK_IAM|aws-msk-iam|MSK Connect",
        sure=False,
    ),
)
