"""The row for mail servers."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

MAIL_SERVERS: tuple[System, ...] = (
    made_system(
        "the mail server",
        "Check the mail server's accounts, and who may send as whom.",
        r"^\s*5\d\d[ -]5\.7\.\d",
        "5.7.",
    ),
)
