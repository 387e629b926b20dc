"""Responses that come slowly, without an end or with too much in them, in no time: a socket with a clock of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from io import BufferedReader, RawIOBase
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from iam.demo.aws import wire
from iam.sources.aws.http_limits import LimitedResponse, within_limits

Piece = tuple[float, bytes]
"""Seconds until some bytes come."""


class _Late(threading.local):
    seconds: float = 0.0


_late = _Late()


def clock() -> float:
    """Return `time.monotonic` and what this thread has waited for sockets like these."""
    return time.monotonic() + _late.seconds


class _Raw(RawIOBase):
    def __init__(self, sock: VirtualSocket) -> None:
        self._sock = sock

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._sock.recv_into(buffer)


class VirtualSocket:
    """The receiving half of a socket, as `http.client` uses it."""

    def __init__(self, pieces: Iterator[Piece], timeout: float) -> None:
        self._pieces, self._timeout = pieces, timeout
        self._wait, self._left = 0.0, b""

    def gettimeout(self) -> float:
        return self._timeout

    def settimeout(self, seconds: float) -> None:
        self._timeout = seconds

    def makefile(self, mode: str) -> BufferedReader:
        return BufferedReader(_Raw(self))

    def recv_into(self, buffer: Any) -> int:
        if not self._left:
            self._wait, self._left = next(self._pieces, (0.0, b""))
        if self._wait > self._timeout:
            self._wait -= self._timeout
            _late.seconds += self._timeout
            raise TimeoutError
        _late.seconds, self._wait = _late.seconds + self._wait, 0.0
        count = min(len(self._left), len(buffer))
        buffer[:count], self._left = self._left[:count], self._left[count:]
        return count


def receive(request: AWSPreparedRequest, pieces: Iterator[Piece], silence: float) -> AWSResponse:
    """Read a response as botocore's session does. Raises `LimitExceeded`, and `TimeoutError` after ``silence``."""
    with within_limits(request.context):
        response = LimitedResponse(VirtualSocket(pieces, silence), method=request.method)
        response.begin()
        return wire.raw(request.url, response.status, dict(response.getheaders()), response.read())


def head(length: int | None = None) -> bytes:
    """Return a status line and headers; without a ``length`` the body ends with the connection."""
    return b"HTTP/1.1 200 OK\r\n" + (b"Content-Length: %d\r\n" % length if length is not None else b"") + b"\r\n"


def drips(body: bytes) -> Iterator[Piece]:
    """A byte a second, of a body that is long enough to take longer than a call may."""
    yield 0.0, head()
    yield from ((1.0, bytes((each,))) for each in body.ljust(1000))


def has_no_end(body: bytes) -> Iterator[Piece]:
    yield 0.0, head() + body
    while True:
        yield 0.0, b" " * 65536


def promises_too_much(body: bytes) -> Iterator[Piece]:
    yield 0.0, head(2**40) + body
    yield 1e9, b""
