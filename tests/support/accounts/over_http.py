"""The demo account, or a plain moto, behind a real HTTP port: so that another process can change it, and be killed."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import sleep
from urllib.parse import parse_qs

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from moto import mock_aws
from moto.core.botocore_stubber import BotocoreStubber
from moto.core.request import normalize_request
from moto.core.routing import get_service_router
from moto.core.utils import get_service_model
from werkzeug.exceptions import MethodNotAllowed, NotFound

from iam.demo.aws.world import World
from iam.demo.open import serve
from tests.support.faults.answers import WRITES, Reply

Spoil = Callable[[str, str, AWSPreparedRequest, Callable[[], AWSResponse]], Reply | None]
"""A proxy: given the service, the operation, the request and what carries it out, it says what goes back, or None
where the connection ends."""

REGIONAL = ("dynamodb", "ecr", "kinesis", "kms", "secretsmanager", "sns")
"""Services that moto knows by a host name with the region in it."""

SIGNED_AS = {
    "access-analyzer": ("accessanalyzer",),
    "bedrock": ("bedrock", "bedrock-agent"),
    "bedrock-agentcore": ("bedrock-agentcore-control",),
    "elasticmapreduce": ("emr",),
    "es": ("es", "opensearch"),
    "states": ("stepfunctions",),
    "tagging": ("resourcegroupstaggingapi",),
}
"""The services, by botocore's names, that sign by another name or share one."""


@contextmanager
def served(world: World, cut: Callable[[int, bool], bool]) -> Iterator[tuple[str, list[str]]]:
    """The account's URL, and the write calls that it carried out.

    ``cut(number, after)`` is asked before and after each write call: True means that the connection ends there.
    """
    with _listening(serve(world), cut) as found:
        yield found


@contextmanager
def behind_proxy(world: World, spoil: Spoil) -> Iterator[tuple[str, list[str]]]:
    """The account's URL behind a proxy that spoils answers, and the write calls that were carried out."""
    with _listening(serve(world), lambda number, after: False, spoil) as found:
        yield found


@contextmanager
def plain_moto() -> Iterator[str]:
    """The URL of moto as its own server gives it, empty, without anything of the demo's."""
    moto = BotocoreStubber()
    moto.enabled = True

    def answer(event: str, request: AWSPreparedRequest) -> AWSResponse:
        response = moto(event, request)
        assert response is not None
        return response

    with mock_aws(), _listening(answer, lambda number, after: False) as (url, _):
        yield url


@contextmanager
def _listening(
    answer: Callable[[str, AWSPreparedRequest], AWSResponse],
    cut: Callable[[int, bool], bool],
    spoil: Spoil = lambda service, operation, request, carry_out: Reply.of(carry_out()),
) -> Iterator[tuple[str, list[str]]]:
    made: list[str] = []
    lock, over = threading.Lock(), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            target = self.headers.get("X-Amz-Target", "").rpartition(".")[2]
            named = target or parse_qs(body.decode()).get("Action", [""])[0]
            service, operation = self._called(named, body)
            writes = WRITES.match(operation) is not None
            with lock:
                if writes and cut(len(made), False):
                    return
                prepared = self._prepared(service, body)

                def carry_out() -> AWSResponse:
                    response = answer(f"before-send.{service}.{operation}", prepared)
                    if writes:
                        made.append(operation)
                    return response

                reply = spoil(service, operation, prepared, carry_out)
                if writes and cut(len(made) - 1, True):
                    return
            if reply is None:
                return
            if reply.behaviour is not None:
                self.close_connection = True
                with suppress(OSError):  # the client gave up
                    reply.behaviour(self.wfile.write, over, reply.body)
                return
            sleep(reply.delay)
            self.send_response(reply.response.status_code)
            for name, value in reply.response.headers.items():
                if name.lower() not in ("content-length", "transfer-encoding"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(reply.length))
            self.end_headers()
            self.wfile.write(reply.body)

        do_GET = do_PUT = do_DELETE = do_HEAD = do_POST  # the standard library's names

        def _prepared(self, service: str, body: bytes) -> AWSPreparedRequest:
            where = self._scope()[2] if self._scope()[3] in REGIONAL else ""
            url = f"https://{service}.{where}{'.' if where else ''}amazonaws.com{self.path}"
            return AWSPreparedRequest(self.command, url, dict(self.headers.items()), body, False)

        def _scope(self) -> list[str]:
            """The signature's key, date, region and service."""
            found = self.headers.get("Authorization", "").partition("Credential=")[2].split("/")
            return found if len(found) > 3 else ["", "", "", "sts"]

        def _called(self, named: str, body: bytes) -> tuple[str, str]:
            """The service and the operation: by its name, or by method and path where no header and no field has it."""
            services = SIGNED_AS.get(self._scope()[3], (self._scope()[3],))
            for service in services:
                if named:
                    if named in get_service_model(service).operation_names:
                        return service, named
                    continue
                with suppress(NotFound, MethodNotAllowed):
                    request = normalize_request(self._prepared(service, body))
                    return service, str(get_service_router(service).match(request)[0].name)
            raise LookupError(f"{self.command} {self.path} is no operation of {', '.join(services)}")

        def log_message(self, format: str, *args: object) -> None:
            """Nothing on the test's standard error."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            if not isinstance(sys.exception(), ConnectionError):  # the client was killed
                super().handle_error(request, client_address)  # type: ignore[arg-type]  # socketserver's own types

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", made
    finally:
        over.set()
        server.shutdown()
        server.server_close()
