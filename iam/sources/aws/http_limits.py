"""Limit every HTTP response that botocore reads, both in time and in size.

botocore's ``read_timeout`` limits the time between two reads of the socket, and nothing limits the size. A response
that arrives one byte at a time is read forever, and a response without an end is read until the memory is full.
Importing this module extends, once for the process, the classes with which botocore reads. The limits then apply to the
clients made here, to those that botocore makes itself to get credentials (STS, SSO), and to the metadata services.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPResponse
from io import BufferedReader, RawIOBase
from typing import Any

from botocore.awsrequest import AWSHTTPConnection, AWSHTTPSConnection
from botocore.exceptions import BotoCoreError, ConnectionClosedError
from botocore.httpsession import URLLib3Session

CALL_SECONDS = 60.0
"""The maximum duration of a call in seconds, including all attempts and the pauses between them."""
RESPONSE_BYTES = 64 * 2**20
"""The maximum size of a response in bytes, including headers.

The largest response that AWS sends here, 1,000 roles with their policies, is far smaller.
"""
_LONGEST_PAUSE = 20.0
"""The longest pause between two attempts, in seconds (botocore's ``ExponentialBackoff``)."""
_DEADLINE = "rolescope_deadline"
"""The key in a call's botocore context under which the deadline for all of its attempts is stored."""

clock = time.monotonic


class LimitExceeded(BotoCoreError):  # type: ignore[misc]  # botocore has no types
    """Raised if a response exceeds a limit. botocore does not retry this error."""


class NotReadInTime(LimitExceeded):
    """Raised if the call takes longer than ``seconds``."""

    fmt = "not read within {seconds:g} s"


class ResponseTooLarge(LimitExceeded):
    """Raised if the response, or the size that it announces, exceeds ``megabytes`` (of 2**20 bytes)."""

    fmt = "more than {megabytes:g} MB"


def _too_large() -> ResponseTooLarge:
    return ResponseTooLarge(megabytes=RESPONSE_BYTES / 2**20)


class _Current(threading.local):
    deadline: float | None = None


_current = _Current()


def _check_time(deadline: float) -> float:
    """Return the number of seconds left. Raises `NotReadInTime` if there are none."""
    left = deadline - clock()
    if left <= 0:
        raise NotReadInTime(seconds=CALL_SECONDS)
    return left


class _LimitedReader(RawIOBase):
    """Reads a socket until the deadline or the maximum number of bytes."""

    def __init__(self, raw: RawIOBase, sock: Any, deadline: float) -> None:
        self._raw, self._sock, self._deadline = raw, sock, deadline
        self._silence: float | None = sock.gettimeout()
        self._received = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = max(_check_time(self._deadline), 0.001)  # 0 would mean not to wait at all
        self._sock.settimeout(left if self._silence is None else min(left, self._silence))
        try:
            count: int | None = self._raw.readinto(buffer)
        except TimeoutError:
            _check_time(self._deadline)
            raise
        self._received += count or 0
        if self._received > RESPONSE_BYTES:
            raise _too_large()
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class LimitedResponse(HTTPResponse):
    """An HTTP response that raises `LimitExceeded` if any part, such as a header or a chunk, exceeds its limit."""

    def __init__(self, sock: Any, *arguments: Any, **options: Any) -> None:
        super().__init__(sock, *arguments, **options)
        deadline = _current.deadline or clock() + CALL_SECONDS
        self.fp = BufferedReader(_LimitedReader(self.fp.detach(), sock, deadline))

    def begin(self) -> None:
        super().begin()
        if self.length is not None and self.length > RESPONSE_BYTES:
            raise _too_large()


@contextmanager
def within_limits(context: dict[str, Any]) -> Iterator[None]:
    """Context manager: the responses that this thread reads are limited.

    ``context`` is the botocore context of the call's requests; the deadline counts from the first one. Raises
    `LimitExceeded` instead of the error that botocore converts it to.
    """
    deadline = context.setdefault(_DEADLINE, clock() + CALL_SECONDS)
    _check_time(deadline)
    before, _current.deadline = _current.deadline, deadline
    try:
        yield
    except BotoCoreError as error:
        cause = error.kwargs.get("error")
        if isinstance(cause, LimitExceeded):
            raise cause from None
        _check_time(deadline)
        raise
    finally:
        _current.deadline = before


_send = URLLib3Session.send


def _send_within_limits(session: URLLib3Session, request: Any) -> Any:
    with within_limits({} if request.context is None else request.context):
        response = _send(session, request)
        if not request.stream_output and request.method != "HEAD":
            _check_length(response)
        return response


def _check_length(response: Any) -> None:
    """Raise botocore's error if the connection ended before the end of the response, which botocore does not check."""
    promised = response.headers.get("Content-Length", "")
    if promised.isdigit() and len(response.content) < int(promised):
        raise ConnectionClosedError(endpoint_url=response.url)


def end_retries_in_time(client: Any) -> None:
    """Make a client stop retrying if the pause before the next attempt could exceed the call's deadline."""
    # Handlers of a more specific event are called first: this is the one that botocore's own retries use.
    event = f"needs-retry.{client.meta.service_model.service_id.hyphenize()}"
    client.meta.events.register_first(event, _no_time_left)


def _no_time_left(attempts: int, request_dict: Mapping[str, Any], **_: Any) -> bool | None:
    """Return False to end the retries, or None to leave the decision to botocore."""
    deadline = request_dict["context"].get(_DEADLINE)
    pause = min(2.0 ** (attempts - 1), _LONGEST_PAUSE)
    return False if deadline is not None and clock() + pause >= deadline else None


URLLib3Session.send = _send_within_limits
for _connection in (AWSHTTPConnection, AWSHTTPSConnection):
    _connection.response_class = LimitedResponse
