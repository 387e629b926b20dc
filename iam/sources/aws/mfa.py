"""MFA codes for profiles with an ``mfa_serial``: from whoever runs the program, never by botocore's own prompt, which
would take the terminal from the UI.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError

AskCode = Callable[[str], str]
"""Given the device's ARN or serial number, the code that it shows now; "" where nobody gives one. May block."""


class MfaCodeMissing(BotoCoreError):  # type: ignore[misc]  # botocore has no types
    """The profile asks for an MFA code, and nobody gave one."""

    fmt = "no MFA code of {serial} was given"


class MfaCodes:
    """Asks for codes, one question at a time. Who gives none is not asked again before `forget`: many calls wait for
    the same session.
    """

    def __init__(self, ask: AskCode) -> None:
        self._ask = ask
        self._given_up = False
        self._lock = threading.Lock()

    def forget(self) -> None:
        """The next session may be asked for again."""
        self._given_up = False

    def code(self, serial: str) -> str:
        """Raises `MfaCodeMissing`. May block."""
        with self._lock:
            answer = "" if self._given_up else self._ask(serial)
            if not answer:
                self._given_up = True
                raise MfaCodeMissing(serial=serial)
            return answer


def ask_for_codes(session: boto3.Session, codes: MfaCodes) -> None:
    """Have the roles that the session's profile assumes ask ``codes``, again too when a session of theirs has ended:
    botocore asks by ``getpass``, and once only.
    """
    provider: Any = session._session.get_component("credential_provider").get_provider("assume-role")
    load = provider._load_creds_via_assume_role

    def loaded(profile: str) -> Any:
        credentials = load(profile)
        refresh = credentials._refresh_using
        credentials._refresh_using = getattr(refresh, "_refresh", refresh)
        return credentials

    provider._prompter = lambda prompt: codes.code(prompt.removeprefix("Enter MFA code for ").rstrip(": "))
    provider._load_creds_via_assume_role = loaded
