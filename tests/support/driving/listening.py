"""Runs commands, and writes down each name that is looked up and each address that is connected to:
``python -m tests.support.driving.listening FILE [--closed] < ARGUMENTS``, with a JSON list of arguments a line. ``ui``
in the place of a list walks through the screens of the account that ``--endpoint-url URL`` behind it means.

``--closed``: nothing is let out, as on a machine without a network.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from pathlib import Path
from typing import Any

NAMES = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo")


def listen(file: Path, *, closed: bool) -> None:
    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event in NAMES:
            _note(file, str(arguments[0]))
        elif event in ("socket.connect", "socket.sendto"):
            if arguments[0].family == socket.AF_UNIX:
                return
            _note(file, ":".join(map(str, arguments[1][:2])))
        elif event == "subprocess.Popen":
            _note(file, f"program {arguments[0]}")
        else:
            return
        if closed:
            raise OSError("no network here")

    sys.addaudithook(hook)


def _note(file: Path, line: str) -> None:
    with file.open("a") as out:
        out.write(line + "\n")


async def walk(url: str) -> None:
    from iam.sources.aws.reader import open_aws
    from tests.support.driving.seeing import running, seen

    reader = open_aws(endpoint_url=url, region="us-east-1", profile=None)
    async with running(reader) as pilot:
        for key, words in (("4", "SEVERITY"), ("5", "AWS calls"), ("2", "ctrl+r")):
            await pilot.press(key)
            await seen(pilot, words)


def main() -> None:
    from tui.cli import main as rolescope
    from tui.exit_status import ACCOUNT_UNREADABLE

    closed = "--closed" in sys.argv
    listen(Path(sys.argv[1]), closed=closed)
    for line in sys.stdin:
        arguments = json.loads(line)
        if arguments[0] == "ui":
            asyncio.run(walk(arguments[-1]))
        else:
            status = rolescope(arguments)
            if status == ACCOUNT_UNREADABLE and not closed:
                sys.exit(f"{arguments} read no account")


if __name__ == "__main__":
    main()
