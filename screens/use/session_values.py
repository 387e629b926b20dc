"""The values that the operator can set on the screen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from diagnostics.use.way import SessionValues
from iam.credentials.assume_request import is_mfa_code
from screens.widgets.modal import MenuChoice

_NAME = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)
_CHOICES = (
    MenuChoice("external_id", "external ID", "sts:ExternalId, as the trust policy requires", "e"),
    MenuChoice("mfa_code", "MFA code", "the six digits that your device shows now; used once", "m"),
    MenuChoice("session_name", "session name", "2 to 64 letters, digits and +=,.@_-", "n"),
    MenuChoice("tag", "session tag", "KEY=VALUE; the role must allow session tags", "t"),
    MenuChoice("source_identity", "source identity", "2 to 64 letters, digits and +=,.@_-", "s"),
    MenuChoice("reason", "reason", "why you use a break-glass role; becomes the session name or source identity", "r"),
    MenuChoice("seconds", "duration", "seconds, from 900 to 43200", "d"),
    MenuChoice(
        "context", "condition key", "KEY=VALUE, for example aws:SourceIp=203.0.113.7, or a claim of a token", "c"
    ),
    MenuChoice("nothing", "clear all values", "press enter on the empty line", "f"),
)
CHOICES: Mapping[str, MenuChoice] = {choice.id: choice for choice in _CHOICES}


def with_value(entered: SessionValues, what: str, text: str) -> tuple[SessionValues, str]:
    """Return the values with one added, or removed if the text is empty, and a sentence on what is wrong with the text.

    The sentence is "" if nothing is wrong.
    """
    if what == "nothing":
        return SessionValues(), ""
    if what in ("session_name", "source_identity") and text and not _NAME.fullmatch(text):
        return entered, f"The {CHOICES[what].label} must have {CHOICES[what].detail}."
    if what == "mfa_code" and text and not is_mfa_code(text):
        return entered, "The MFA code must be six digits."
    if what == "seconds":
        if text and not (text.isascii() and text.isdigit() and 900 <= int(text) <= 43200):
            return entered, "The duration must be 900 to 43200 seconds."
        return replace(entered, seconds=int(text) if text else None), ""
    if what in ("tag", "context"):
        key, separator, value = text.partition("=")
        if not separator or not key.strip():
            return entered, f"Enter the {CHOICES[what].label} as KEY=VALUE."
        if what == "tag":
            return replace(entered, tags=tuple({**dict(entered.tags), key: value}.items())), ""
        return replace(entered, context={**entered.context, key.strip(): (value,)}), ""
    if what == "reason":
        return replace(entered, reason=text), ""
    if what == "external_id":
        return replace(entered, external_id=text), ""
    if what == "mfa_code":
        return replace(entered, mfa_code=text), ""
    return (
        replace(entered, session_name=text) if what == "session_name" else replace(entered, source_identity=text)
    ), ""


def values_in_words(entered: SessionValues) -> str:
    """Return the values that were set, in words and without the MFA code itself; "" if none was set."""
    parts = [f"external ID {entered.external_id}"] if entered.external_id else []
    parts += ["an MFA code"] if entered.mfa_code else []
    parts += [f"session name {entered.session_name}"] if entered.session_name else []
    parts += [f"tag {key}={value}" for key, value in entered.tags]
    parts += [f"source identity {entered.source_identity}"] if entered.source_identity else []
    parts += [f"reason {entered.reason}"] if entered.reason else []
    parts += [f"{entered.seconds} seconds"] if entered.seconds is not None else []
    parts += [f"{key}={', '.join(values)}" for key, values in entered.context.items()]
    return ", ".join(parts)
