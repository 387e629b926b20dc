"""The log of all AWS calls in a run, shown on the Activity screen and used to explain what went wrong."""

from __future__ import annotations

import logging
import threading
import time
import weakref
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from iam.sources.aws.errors import DENIED_CODES, THROTTLED_CODES

LOG = logging.getLogger("rolescope.calls")

# Parameters that identify the entity of a call: only names, never a token, a document or a policy.
_SUBJECTS = (
    "RoleName",
    "UserName",
    "GroupName",
    "InstanceProfileName",
    "PolicyArn",
    "PolicySourceArn",
    "OpenIDConnectProviderArn",
    "SAMLProviderArn",
    "RoleArn",
    "Bucket",
    "KeyId",
    "QueueName",
    "QueueUrl",
    "TopicArn",
    "FunctionName",
    "SecretId",
    "repositoryName",
    "ResourceArn",
    "resourceArn",
    "PhysicalResourceId",
    "TargetId",
    "ChildId",
    "PolicyId",
    "Filter",
)
_KEPT = 5000


class LoggedOutcome(StrEnum):
    """The outcome of a call.

    ``ABSENT``: AWS says that the requested object does not exist, which does not count as an error.
    """

    RUNNING = "running"
    OK = "ok"
    ABSENT = "absent"
    DENIED = "denied"
    THROTTLED = "throttled"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class LoggedCall:
    """One AWS call.

    ``began`` is the same time as ``started``, on a clock that cannot be set (`time.monotonic`). ``seconds`` is None
    while the call runs. ``retries`` counts the attempts after the first, ``throttled`` those that AWS throttled.
    ``code`` is AWS's error code, or the name of the exception if no response came from AWS; None if the call succeeded.
    """

    number: int
    service: str
    operation: str
    region: str
    started: datetime
    began: float
    subject: str = ""
    outcome: LoggedOutcome = LoggedOutcome.RUNNING
    seconds: float | None = None
    retries: int = 0
    throttled: int = 0
    request_id: str | None = None
    code: str | None = None
    message: str = ""

    @property
    def name(self) -> str:
        """The call in the form ``iam:ListRoles``, like a permission, but with boto3's name for the service."""
        return f"{self.service}:{self.operation}"


class CallLog:
    """The calls of a run, newest last. Only the latest 5,000 are kept. Thread-safe."""

    def __init__(self) -> None:
        _LOGS.add(self)
        self._lock = threading.Lock()
        self._calls: deque[LoggedCall] = deque(maxlen=_KEPT)
        self._running: dict[int, LoggedCall] = {}
        self._number = 0

    def calls(self) -> tuple[LoggedCall, ...]:
        """Return the finished calls in the order in which they ended, then the running ones."""
        with self._lock:
            return (*self._calls, *self._running.values())

    @property
    def made(self) -> int:
        """The number of calls started so far."""
        with self._lock:
            return self._number

    def running(self) -> tuple[LoggedCall, ...]:
        with self._lock:
            return tuple(self._running.values())

    def watch(self, client: Any) -> None:
        """Record the calls of a boto3 client from now on."""
        events = client.meta.events
        # The emitter keeps strong references to the handlers, and lives as long as the client.
        events.register("before-parameter-build", note_subject)
        events.register_first("before-call", self._before_call)
        events.register("response-received", self._response_received)
        events.register("after-call", self._after_call)
        events.register("after-call-error", self._after_call_error)

    def _before_call(self, model: Any, params: Mapping[str, Any], context: dict[str, Any], **_: Any) -> None:
        with self._lock:
            self._number += 1
            call = LoggedCall(
                number=self._number,
                service=str(model.service_model.service_name),
                operation=str(model.name),
                region=str(context.get("client_region") or ""),
                started=datetime.now(UTC),
                began=time.monotonic(),
                subject=str(context.get("rolescope_subject") or ""),
            )
            self._running[call.number] = call
        context["rolescope_call"] = call.number

    def _response_received(
        self, context: dict[str, Any], parsed_response: Any = None, exception: Any = None, **_: Any
    ) -> None:
        code = _code(parsed_response)
        if code is None and exception is None:
            return
        with self._lock:
            number = context.get("rolescope_call", 0)
            call = self._running.get(number)
            if call is None:
                return
            slowed = call.throttled + (code in THROTTLED_CODES)
            self._running[number] = replace(call, retries=call.retries + 1, throttled=slowed)

    def _after_call(self, parsed: Any, context: dict[str, Any], **_: Any) -> None:
        code = _code(parsed)
        error = parsed.get("Error", {}) if isinstance(parsed, dict) and code else {}
        outcome = LoggedOutcome.OK
        if code is not None:
            outcome = LoggedOutcome.ERROR
            if code in DENIED_CODES:
                outcome = LoggedOutcome.DENIED
            elif code in THROTTLED_CODES:
                outcome = LoggedOutcome.THROTTLED
            elif _says_absent(code, str(error.get("Message") or "")):
                outcome = LoggedOutcome.ABSENT
        metadata = parsed.get("ResponseMetadata", {}) if isinstance(parsed, dict) else {}
        self._end(
            context,
            outcome=outcome,
            code=code,
            retries=int(metadata.get("RetryAttempts") or 0),
            request_id=metadata.get("RequestId"),
            message=str(error.get("Message") or "")[:500],
        )

    def _after_call_error(self, exception: Exception, context: dict[str, Any], **_: Any) -> None:
        self._end(context, outcome=LoggedOutcome.ERROR, code=type(exception).__name__, message=str(exception)[:500])

    def _end(self, context: dict[str, Any], **changes: Any) -> None:
        number = context.pop("rolescope_call", 0)
        with self._lock:
            call = self._running.pop(number, None)
            if call is None:
                return
            seconds = time.monotonic() - call.began
            # If there is no response, no further attempt followed the last failed one.
            changes.setdefault("retries", max(0, call.retries - 1))
            call = replace(call, seconds=seconds, **changes)
            self._calls.append(call)
        words = " ".join(filter(None, (call.name, call.subject, f"in {call.region}:", call.outcome, call.code)))
        LOG.debug("%s, %.0f ms, %d retries %s", words, seconds * 1000, call.retries, call.message)


_LOGS: weakref.WeakSet[CallLog] = weakref.WeakSet()


def calls_under_way() -> tuple[LoggedCall, ...]:
    """Return the calls in all logs that are still running, the longest-running first."""
    return tuple(sorted((call for log in tuple(_LOGS) for call in log.running()), key=lambda call: call.began))


LONG_SECONDS = 2.0
"""The number of seconds after which a running call is shown."""


def long_wait() -> tuple[str, str]:
    """Return the longest wait, as "waiting 12 s for iam:ListRoles", and a note on its attempts.

    Both are "" if no call takes long.
    """
    for call in calls_under_way()[:1]:
        seconds = time.monotonic() - call.began
        if seconds >= LONG_SECONDS:
            tried = f", attempt {call.retries + 1}" if call.retries else ""
            slowed = f", throttled by AWS {call.throttled} times" if call.throttled else ""
            return f"waiting {int(seconds)} s for {call.name}", f"{tried}{slowed}"
    return "", ""


def calls_so_far() -> str:
    """Return ``47 AWS calls so far, now iam:GetPolicy``, or "" while no call is running."""
    running = calls_under_way()
    return f"{sum(log.made for log in tuple(_LOGS))} AWS calls so far, now {running[-1].name}" if running else ""


def note_subject(params: Mapping[str, Any], context: dict[str, Any], **_: Any) -> None:
    """Store the entity that a call is about in the call's context, before its parameters are serialized."""
    for key in _SUBJECTS:
        value = params.get(key)
        if isinstance(value, str):
            context["rolescope_subject"] = value
            return


def _says_absent(code: str, message: str) -> bool:
    """Whether an error means that the requested object does not exist."""
    if "NoSuch" in code or "NotFound" in code or code == "AWSOrganizationsNotInUseException":
        return True
    # CloudFormation has no separate error code for this: "Stack with id X does not exist", "Stack for X does not
    # exist".
    return code == "ValidationError" and message.rstrip(". ").endswith("does not exist")


def _code(parsed: Any) -> str | None:
    """Return the error code of a parsed response, or None for a success."""
    if not isinstance(parsed, dict):
        return None
    status = parsed.get("ResponseMetadata", {}).get("HTTPStatusCode", 200)
    error = parsed.get("Error")
    if isinstance(error, dict) and error.get("Code"):
        return str(error["Code"])
    return str(status) if isinstance(status, int) and status >= 300 else None
