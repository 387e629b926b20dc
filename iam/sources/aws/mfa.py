"""Ask the user for MFA codes, for profiles with an ``mfa_serial``.

botocore's own prompt is never used: it would take the terminal from the UI.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError

AskCode = Callable[[str], str]
"""A function that is called with the device's ARN or serial number, and returns its current code.

It returns "" if no code is entered. It may block.
"""


class MfaCodeMissing(BotoCoreError):  # type: ignore[misc]  # botocore has no types
    """Raised if the profile requires an MFA code and none was entered."""

    fmt = "no MFA code of {serial} was given"


class MfaCodes:
    """Asks for MFA codes, one at a time.

    Many calls may wait for the same session. If the user does not answer, no further call asks until `forget` is
    called.
    """

    def __init__(self, ask: AskCode) -> None:
        self._ask = ask
        self._given_up = False
        self._lock = threading.Lock()

    def forget(self) -> None:
        """Allow asking again after the user did not answer."""
        self._given_up = False

    def code(self, serial: str) -> str:
        """Return the current code of an MFA device. Raises `MfaCodeMissing`. May block."""
        with self._lock:
            answer = "" if self._given_up else self._ask(serial)
            if not answer:
                self._given_up = True
                raise MfaCodeMissing(serial=serial)
            return answer


def ask_for_codes(session: boto3.Session, codes: MfaCodes) -> None:
    """Make ``codes`` ask for the MFA codes that the session's profile needs to assume roles and to renew sessions.

    botocore itself asks with ``getpass``, and only once.
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
