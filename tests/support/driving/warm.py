"""Starts the command, in a terminal or without, and does not load Python's modules each time.

A process per test worker loads the terminal UI and builds the demo account once. For each start it forks a child, which
runs the command. The process has one thread, and ends with its worker.
"""

from __future__ import annotations

import json
import os
import pty
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from tempfile import TemporaryFile
from typing import Any, NoReturn

import pexpect
from ptyprocess import PtyProcess


def run_warm(arguments: list[str], environment: Mapping[str, str], given: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command without a terminal, with ``given`` as its standard input, and return what it wrote."""
    with TemporaryFile() as stdin, TemporaryFile() as stdout, TemporaryFile() as stderr:
        stdin.write(given.encode())
        stdin.seek(0)
        keeper = _request(["rolescope", *arguments], environment, *(each.fileno() for each in (stdin, stdout, stderr)))
        with keeper:
            keeper.recv(64)
            keeper.send(b"go")
            status = int(keeper.recv(64))
        out, err = (os.pread(each.fileno(), 1 << 24, 0).decode() for each in (stdout, stderr))
        return subprocess.CompletedProcess(arguments, status, out, err)


class WarmSpawn(pexpect.spawn):
    """A child of the warm process, used like one that pexpect started itself.

    What is read before a module is loaded is that of the worker, whatever environment is given: the locale, variables
    of Python, Textual and moto. ``/proc`` shows the warm process's arguments and environment.
    """

    def _spawnpty(self, args: list[str], **given: Any) -> PtyProcess:
        keeper = _request(args, given["env"])
        pid, (terminal,), _, _ = socket.recv_fds(keeper, 64, 1)
        child = _Child(int(pid), terminal, keeper)
        child.setwinsize(*given["dimensions"])
        keeper.send(b"go")
        return child


class _Child(PtyProcess):
    """A child of another process, which writes its exit status (a signal's is negative) to ``keeper``."""

    def __init__(self, pid: int, terminal: int, keeper: socket.socket) -> None:
        super().__init__(pid, terminal)
        self.keeper = keeper

    def isalive(self) -> bool:
        # Whoever lost the terminal waits for the end, as PtyProcess does.
        return not self._ended(None if self.flag_eof else 0)

    def wait(self) -> int | None:
        self._ended(None)
        return self.exitstatus

    def _ended(self, seconds: float | None) -> bool:
        if not self.terminated:
            self.keeper.settimeout(seconds)
            try:
                code = int(self.keeper.recv(64))
            except BlockingIOError:
                return False
            self.keeper.close()
            self.terminated, self.status = True, code
            self.exitstatus, self.signalstatus = (code, None) if code >= 0 else (None, -code)
        return True


def _request(arguments: list[str], environment: Mapping[str, str], *streams: int) -> socket.socket:
    """Ask for a child, in a terminal where no streams are given; return the socket of its parent process."""
    process, requests = _warm_process()
    assert process.poll() is None
    keeper, other = socket.socketpair()
    request = {"arguments": arguments, "environment": dict(environment), "folder": str(Path.cwd())}
    with other:
        socket.send_fds(requests, [json.dumps(request).encode()], [other.fileno(), *streams])
    return keeper


@cache
def _warm_process() -> tuple[subprocess.Popen[bytes], socket.socket]:
    """Start the process, and return it and the socket for requests."""
    ours, its = socket.socketpair()
    process = subprocess.Popen(
        [sys.executable, "-c", f"from {__name__} import serve; serve({its.fileno()})"],
        pass_fds=[its.fileno()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,  # ctrl+c is the worker's, at whose end this process ends
        env={**os.environ, "LANG": "C.UTF-8", "TEXTUAL_ANIMATIONS": "none", "ESCDELAY": "50"},
    )
    its.close()
    return process, ours


def serve(number: int) -> None:
    """Start a child for each request from the socket ``number``, until the other end is closed."""
    requests = socket.socket(fileno=number)
    _load()
    assert threading.active_count() == 1
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the keepers
    while True:
        message, (*files,), _, _ = socket.recv_fds(requests, 1 << 20, 4)
        if not message:
            return
        if os.fork() == 0:
            requests.close()
            _keep(json.loads(message), socket.socket(fileno=files[0]), files[1:])
        for file in files:
            os.close(file)


def _load() -> None:
    import iam.demo.open
    import screens

    for each in walk_packages(screens.__path__, "screens."):
        import_module(each.name)
    for name in ("tui.start", "tui.app", "tui.terminal.driver"):
        import_module(name)
    world = iam.demo.open.build()
    iam.demo.open.build = lambda: world


def _keep(request: dict[str, Any], keeper: socket.socket, streams: list[int]) -> NoReturn:
    """Start a child, and write its process number, its terminal, and at its end its exit status to ``keeper``."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    pid, terminal = (os.fork(), None) if streams else pty.fork()
    if pid == 0:
        keeper.recv(2)  # once its terminal has a size
        keeper.close()
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
        _run(request)
    socket.send_fds(keeper, [str(pid).encode()], [terminal] if terminal else [])
    if terminal:
        os.close(terminal)
    _, status = os.waitpid(pid, 0)
    with suppress(BrokenPipeError):
        keeper.send(str(os.waitstatus_to_exitcode(status)).encode())
    os._exit(0)


def _run(request: dict[str, Any]) -> NoReturn:
    """Run the command as Python would have started it."""
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["folder"])
    sys.argv = request["arguments"]
    signal.signal(signal.SIGINT, signal.default_int_handler)
    streams = (("stdin", "r", None), ("stdout", "w", None), ("stderr", "w", "backslashreplace"))
    for number, (name, mode, errors) in enumerate(streams):
        stream = open(number, mode, buffering=1, encoding="utf-8", errors=errors, closefd=False)  # noqa: SIM115  # as long as the process
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    from tui.cli import main

    sys.exit(main())  # past `serve`, so that Python ends as it does after any command
