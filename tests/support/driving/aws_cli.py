"""Scripts of the AWS CLI, carried out by bash on a demo account, with a stand-in in the place of ``aws``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any

import boto3
from botocore import xform_name
from botocore.exceptions import ClientError

from iam.demo.aws.world import World
from iam.demo.open import session

# Starts in a fiftieth of a second, where one that loads boto3 takes most of one.
STAND_IN = """#!{python} -IS
import json, socket, sys
link = socket.create_connection(("127.0.0.1", {port}))
link.sendall(json.dumps(sys.argv[1:]).encode() + b"\\n")
status, out, error = json.loads(link.makefile().read())
sys.stdout.write(out)
sys.stderr.write(error)
sys.exit(status)
"""


def run_script(script: str, world: World, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    """The script's end, as the organization's administrator ran it."""
    stand_in = tmp_path / "bin" / "aws"
    stand_in.parent.mkdir(exist_ok=True)
    (tmp_path / "script.sh").write_text(script)
    as_admin = session(world)
    with _answering(lambda words: _made(words, as_admin)) as port:
        stand_in.write_text(STAND_IN.format(python=sys.executable, port=port))
        stand_in.chmod(0o755)
        return subprocess.run(
            ["bash", str(tmp_path / "script.sh")],
            env={**os.environ, "PATH": f"{stand_in.parent}:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            timeout=120,
        )


def _made(words: list[str], session: boto3.Session) -> str:
    """What the CLI prints: the words are read as its own parser would. Raises for words that it would not take."""
    service, operation, *rest = words
    if operation == "wait":
        return ""
    client = session.client(service)
    model = client.meta.service_model
    name = next(each for each in model.operation_names if xform_name(each, "-") == operation)
    members = model.operation_model(name).input_shape.members
    options = {xform_name(member, "-"): (member, shape.type_name) for member, shape in members.items()}
    arguments: dict[str, Any] = {}
    query = ""
    while rest:
        option, equals, value = rest.pop(0).removeprefix("--").partition("=")
        if option.startswith("no-"):
            arguments[options[option.removeprefix("no-")][0]] = False
            continue
        if option in options and options[option][1] == "boolean":
            arguments[options[option][0]] = True
            continue
        if not equals:
            value = rest.pop(0)
            assert not value.startswith("--"), value
        if option in ("query", "output"):
            query = value if option == "query" else query
            continue
        member, kind = options[option]
        arguments[member] = {"list": json.loads, "integer": int}.get(kind, str)(value)
    answer = getattr(client, xform_name(name))(**arguments)
    for part in query.split(".") if query else ():
        answer = answer[part]
    return f"{answer}\n" if query else ""


@contextmanager
def _answering(printed: Callable[[list[str]], str]) -> Iterator[int]:
    """The port at which words are answered with the exit status, the output, and what goes to standard error."""

    class Handler(StreamRequestHandler):
        def handle(self) -> None:
            words = json.loads(self.rfile.readline())
            try:
                answer = 0, printed(words), ""
            except (AssertionError, ClientError, LookupError, StopIteration, ValueError) as error:
                answer = 1, "", f"{type(error).__name__}: {error}\n"
            self.wfile.write(json.dumps(answer).encode())

    with ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
