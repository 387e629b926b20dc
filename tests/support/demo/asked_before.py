"""Questions that a test asks the demo account, and that were answered before: the answer is the same.

What the demo's AWS says to a read depends on who asks, on the request, and on the account's state. Copies of one
account share what was answered until something is written to one of them. What botocore does on the way (signing,
moto's work, the parsing of XML) is most of the time of a call, and belongs to nobody's test but those of the demo
account itself.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.client import BaseClient

from iam.demo.aws import wire
from iam.demo.aws.server import Server
from iam.demo.aws.services import sts
from iam.demo.aws.world import World

READS = ("BatchGet", "Describe", "Get", "List", "Lookup", "Search", "Simulate", "Validate")
# What these tell is left behind by other reads (records of refusals, when a key was used last), and the last of them
# carries the deletion on.
_NO_READS = frozenset(
    {
        "GetRequestAuthorizationDetails",
        "GetRequestAuthorizationPolicy",
        "GetAccessKeyLastUsed",
        "GetServiceLinkedRoleDeletionStatus",
    }
)
# These leave what is read as it was: a report is one of the account as it is.
_NO_WRITES = frozenset({"DecodeAuthorizationMessage", "GenerateServiceLastAccessedDetails"})
_SKIPPED = ("request-created", "choose-signer", "before-sign", "response-received", "before-parse", "needs-retry")
_OURS = ("botocore.", "iam.sources.aws.")
# botocore puts the time and a number of the call there.
_HEADERS_OF_THE_CALL = frozenset({"User-Agent", "amz-sdk-invocation-id", "amz-sdk-request", "X-Amz-Date"})

_serving = threading.local()


_HttpAnswer = tuple[int, Mapping[str, str], bytes]


class _Answer(NamedTuple):
    http: AWSResponse
    parsed: dict[str, Any]


def _answers(world: World) -> dict[object, _Answer]:
    """By question, what worlds in this state answered."""
    return vars(world).setdefault("answers", {})  # type: ignore[no-any-return]


def _http_answers(world: World) -> dict[object, _HttpAnswer]:
    """By request, what servers of worlds in this state answered."""
    return vars(world).setdefault("http_answers", {})  # type: ignore[no-any-return]


def forget(world: World) -> None:
    """Whatever was answered may be untrue now."""
    vars(world).update(answers={}, http_answers={})


def _is_read(operation: str) -> bool:
    return operation.startswith(READS) and operation not in _NO_READS


@contextmanager
def remembered() -> Iterator[None]:
    """Answers are remembered in this block."""
    make, serve, copy, in_place = BaseClient._make_request, Server.__call__, World.copy, World.in_place

    def make_request(client: Any, model: Any, request: dict[str, Any], context: Any) -> Any:
        server = _is_read(model.name) and not model.has_streaming_output and _alone(client, model.name)
        if not server:
            return make(client, model, request, context)
        answers = _answers(server.world)
        key = _question(client, model.name, request)
        found = None if server.world.next_failures else answers.get(key)
        if found is None:
            before = _traces(server.world)
            found = _Answer(*make(client, model, request, context))
            if found.http.status_code < 500 and _traces(server.world) == before:
                answers[key] = _Answer(found.http, _copied(found.parsed))
            return found
        return found.http, _copied(found.parsed)

    def answered(server: Server, event_name: str, request: AWSPreparedRequest, **more: Any) -> AWSResponse:
        """Also another process's question, and one on whose way a test has put something."""
        world, operation = server.world, event_name.rpartition(".")[2]
        answers, key = _http_answers(world), _http_question(world, event_name, request)
        if _is_read(operation) and key in answers and not world.next_failures:
            return wire.raw(request.url, *answers[key])
        before = _traces(world)
        _serving.world = world
        try:
            found = serve(server, event_name, request, **more)
        finally:
            _serving.world = None
            if not _is_read(operation) and operation not in _NO_WRITES:
                forget(world)
        if _is_read(operation) and found.status_code < 500 and _traces(world) == before:
            given = found.status_code, found.headers, found.raw.getvalue()
            answers[key] = given  # into those that were thrown away, where somebody wrote meanwhile
        return found

    def copied(world: World) -> World:
        new = copy(world)
        vars(new)["answers"] = _answers(world)
        vars(new)["http_answers"] = _http_answers(world)
        return new

    def put_in_place(world: World) -> Any:
        if getattr(_serving, "world", None) is not world:  # a test that may change it
            forget(world)
        return in_place(world)

    BaseClient._make_request = make_request
    Server.__call__, World.copy, World.in_place = answered, copied, put_in_place  # type: ignore[method-assign]
    try:
        yield
    finally:
        BaseClient._make_request = make
        Server.__call__, World.copy, World.in_place = serve, copy, in_place  # type: ignore[method-assign]


@contextmanager
def looking_at(world: World) -> Iterator[None]:
    """The world is in place, to be looked at only: what it answered stays true."""
    before = getattr(_serving, "world", None)
    _serving.world = world
    try:
        with world.in_place():
            yield
    finally:
        _serving.world = before


def _alone(client: Any, operation: str) -> Server | None:
    """The demo's server that would answer, where nobody else has a say on the way: no fault that a test puts there."""
    handlers = client.meta.events._emitter._handlers
    name = f"{client.meta.service_model.service_id.hyphenize()}.{operation}"
    server = None
    for handler in handlers.prefix_search(f"before-send.{name}"):
        if isinstance(handler, Server):
            server = handler
            break  # the first that answers is the last that is asked
        if handler.__module__.startswith(_OURS):
            handler(event_name=f"before-send.{name}")  # it refuses where the reader was closed
        else:
            return None
    others = (each for event in _SKIPPED for each in handlers.prefix_search(f"{event}.{name}"))
    return server if all(_module(each).startswith(_OURS) for each in others) else None


def _module(handler: Any) -> str:
    return str(getattr(getattr(handler, "func", handler), "__module__", ""))


def _question(client: Any, operation: str, request: dict[str, Any]) -> object:
    headers = tuple(
        (name, str(value)) for name, value in request["headers"].items() if name not in _HEADERS_OF_THE_CALL
    )
    body, query = request["body"], request["query_string"]
    key = getattr(client._request_signer._credentials, "access_key", None)
    return key, sts.CLOCK.now(), operation, request["method"], request["url"], repr(query), repr(body), headers


def _http_question(world: World, event_name: str, request: AWSPreparedRequest) -> object:
    asked_by = str(request.headers.get("Authorization", "")).partition(",")[0]
    session = world.sessions.get(asked_by.partition("Credential=")[2].partition("/")[0])
    return event_name, sts.CLOCK.now(), asked_by, repr(session), request.method, request.url, request.body


def _traces(world: World) -> tuple[int, ...]:
    """What a read may leave behind."""
    return len(world.events), len(world.records), len(world.jobs), len(world.associations)


def _copied(value: Any) -> Any:
    """What the caller may change."""
    if isinstance(value, dict):
        return {key: _copied(each) for key, each in value.items()}
    return [_copied(each) for each in value] if isinstance(value, list) else value
