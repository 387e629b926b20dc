"""A server on this machine whose responses are slow, endless, too large or cut off."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Send = Callable[[bytes], None]
Behaviour = Callable[[Send, threading.Event, bytes], None]
"""Sends a response, or a part of one, until the event is set. Given are the bytes of an ordinary response."""

PAUSE = 0.02
"""Seconds between two bytes of a response that drips."""
BLOCK = b" " * 65536


def _drip(send: Send, over: threading.Event, content: bytes) -> None:
    for byte in content:
        send(bytes((byte,)))
        if over.wait(PAUSE):
            return


def _headers(content: bytes, length: int | None) -> bytes:
    kind = b"Transfer-Encoding: chunked" if length is None else b"Content-Length: %d" % length
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n%s\r\n\r\n" % kind


def never_answers(send: Send, over: threading.Event, content: bytes) -> None:
    over.wait()


def drips_the_status_line(send: Send, over: threading.Event, content: bytes) -> None:
    _drip(send, over, b"HTTP/1.1 200 " + b"O" * 60_000)


def drips_headers(send: Send, over: threading.Event, content: bytes) -> None:
    send(b"HTTP/1.1 200 OK\r\n")
    _drip(send, over, b"X-Filler: " + b"x" * 60_000)


def continues_for_ever(send: Send, over: threading.Event, content: bytes) -> None:
    while not over.wait(PAUSE):
        send(b"HTTP/1.1 100 Continue\r\n\r\n")


def drips_the_body(send: Send, over: threading.Event, content: bytes) -> None:
    send(_headers(content, 500_000))
    _drip(send, over, content.ljust(500_000))


def drips_chunks(send: Send, over: threading.Event, content: bytes) -> None:
    send(_headers(content, None))
    while not over.wait(PAUSE):
        send(b"1\r\n \r\n")


def drips_a_chunk_size(send: Send, over: threading.Event, content: bytes) -> None:
    send(_headers(content, None))
    _drip(send, over, b"0" * 60_000)


def stops_in_the_middle(send: Send, over: threading.Event, content: bytes) -> None:
    send(_headers(content, len(content)) + content[: len(content) // 2])
    over.wait()


def promises_more(send: Send, over: threading.Event, content: bytes) -> None:
    send(_headers(content, len(content) + 1000) + content)


def promises_more_than_fits(send: Send, over: threading.Event, content: bytes) -> None:
    send(_headers(content, 2**40) + content)
    over.wait()


def sends_for_ever(send: Send, over: threading.Event, content: bytes) -> None:
    send(b"HTTP/1.1 200 OK\r\n\r\n")
    while not over.is_set():
        send(BLOCK)


def sends_chunks_for_ever(send: Send, over: threading.Event, content: bytes) -> None:
    send(_headers(content, None))
    while not over.is_set():
        send(b"10000\r\n" + BLOCK + b"\r\n")


BEHAVIOURS: tuple[Behaviour, ...] = (
    never_answers,
    drips_the_status_line,
    drips_headers,
    continues_for_ever,
    drips_the_body,
    drips_chunks,
    drips_a_chunk_size,
    stops_in_the_middle,
    promises_more,
    promises_more_than_fits,
    sends_for_ever,
    sends_chunks_for_ever,
)


@contextmanager
def server(behaviour: Behaviour, content: bytes) -> Iterator[str]:
    """The URL of a server that treats every request alike; all of its threads end with the block."""
    over = threading.Event()
    listening = socket.create_server(("127.0.0.1", 0))
    listening.settimeout(0.05)
    threads: list[threading.Thread] = []

    def respond(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(2)
            connection.recv(65536)
            behaviour(connection.sendall, over, content)

    def accept() -> None:
        while not over.is_set():
            try:
                connection, _ = listening.accept()
            except TimeoutError:
                continue
            threads.append(threading.Thread(target=respond, args=(connection,), daemon=True))
            threads[-1].start()

    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        over.set()
        accepting.join()
        for thread in threads:
            thread.join()
        listening.close()


def seconds_of(call: Callable[[], object]) -> float:
    began = time.monotonic()
    call()
    return time.monotonic() - began
