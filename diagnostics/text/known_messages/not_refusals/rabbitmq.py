"""Rows for RabbitMQ, also on Amazon MQ."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

RABBITMQ: tuple[System, ...] = (
    # RabbitMQ documentation, "Authentication, Authorisation, Access Control"
    # (https://www.rabbitmq.com/docs/access-control); also Amazon MQ's brokers. A refused login comes before its
    # permissions.
    made_system(
        "the login to RabbitMQ",
        "Compare the user name and password that the program uses with the broker's user. After a change or rotation, "
        "check that the broker's user really got the new password, and restart programs that started with the old "
        "one. No IAM policy counts for this login.",
        r"Login\s+was\s+refused\s+using\s+authentication\s+mechanism\s+(?:AMQ)?PLAIN\b",
        "login was refused using authentication mechanism",
        flags=re.IGNORECASE,
        verdict="RabbitMQ refused the login: most likely the user name or the password is wrong or out of date. No IAM "
        "permission is missing.",
        title="Check the user name and password at the broker",
    ),
    made_system(
        "RabbitMQ",
        "Check the broker's own users and permissions (virtual host, configure, write, read): they are not in IAM, not "
        "even on Amazon MQ.",
        r"\bACCESS_REFUSED\b(?!\s*-\s*Login\s+was\s+refused\s+using\s+authentication\s+mechanism\s+(?:AMQ)?PLAIN\b)",
        "access_refused",
    ),
)
