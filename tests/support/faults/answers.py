"""What can happen to an answer of AWS's on its way: refusals, failures, and what a network makes of it.

`Faults` is a proxy's rule (`tests.support.accounts.over_http`); `InProcess` puts the same where botocore would send a
request, which costs a hundredth.
"""

from __future__ import annotations

import functools
import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from typing import Any

import botocore.session
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import (
    ConnectionClosedError,
    EndpointConnectionError,
    ReadTimeoutError,
    SSLError,
    UnauthorizedSSOTokenError,
    UnknownServiceError,
)
from botocore.parsers import create_parser
from moto.core.request import determine_request_protocol

from iam.demo.account.facts import ACCOUNT
from iam.demo.aws import wire
from iam.demo.aws.wire import AwsError, DemoCall
from tests.support.faults import misfits, virtual_wire
from tests.support.faults.slow_server import Behaviour
from tests.support.faults.virtual_wire import Piece

PORTAL = b"<!DOCTYPE html>\n<html><body>Log in to the hotel's network</body></html>"
LATE_SECONDS = 1.0
LATE_AT_MOST = 4
"""Answers that come late, after which they come in time: each of them is waited for."""
SLOW_SECONDS = 0.05
OTHER_ACCOUNT = b"444455556666"
_TOKEN = "the-second-page"
REMEMBERED = 20
WRITES = re.compile(r"(Create|Put|Attach|Detach|Delete|Add|Remove|Update|Tag|Untag|Set)")


class Fault(StrEnum):
    """Those of `PASSES` pass by: a client that is patient, or that knows what it is asked for, gets the answer.

    ``ENDED`` is on all calls from this one on; ``OTHERS`` is IAM's answer about another account, where it has ARNs of
    entities: in nothing else it could be seen.
    """

    DENIED = "denied"
    THROTTLED = "throttled"
    SLOWED = "throttled once"
    FAILED = "500"
    STUMBLED = "500 once"
    LATE = "too late"
    SLOW = "slow"
    GONE = "no answer"
    CUT = "cut off"
    HALF = "half of it"
    EMPTY = "empty"
    NOTHING = "nothing in it"
    LIST = "a list"
    PAGE = "a web page"
    REFUSAL = "a web page with 403"
    EXPIRED = "expired"
    CLOCK = "clock wrong"
    SECOND = "second page lost"
    TWICE = "throttled twice"
    LAPSED = "expired once"
    ENDED = "credentials end"
    SIGNED_OUT = "SSO session ended"
    DISABLED = "region disabled"
    NO_NAME = "no such host"
    TLS = "TLS refused"
    NEW = "new fields"
    OTHERS = "another account's"
    AGAIN = "the same page again"
    STALE = "second page's marker expired"
    ENDLESS = "pages without end"
    WORDS = "unknown words"
    DRIP = "drips"
    NO_END = "no end"
    TOO_LONG = "promises too much"
    ANOTHER = "another request's answer"
    LACKS = "a member missing"
    WORD = "an unknown word"
    KIND = "a value of another kind"
    NO_MARKER = "no marker"


SLOW_OR_ENDLESS: Mapping[Fault, Callable[[bytes], Iterator[Piece]]] = {
    Fault.DRIP: virtual_wire.drips,
    Fault.NO_END: virtual_wire.has_no_end,
    Fault.TOO_LONG: virtual_wire.promises_too_much,
}
"""Within this process alone, where they take no time: `slow_server` does the same over HTTP."""
MISFITS = frozenset({Fault.ANOTHER, Fault.LACKS, Fault.WORD, Fault.KIND, Fault.NO_MARKER})
"""Each in another way by each seed."""
SILENCE_SECONDS = 30.0
"""Of the virtual wire, after which a client tries again."""
PASSES = frozenset({Fault.SLOWED, Fault.STUMBLED, Fault.SLOW, Fault.TWICE, Fault.NEW})
TIMES = {Fault.SLOWED: 1, Fault.STUMBLED: 1, Fault.LAPSED: 1, Fault.TWICE: 2, Fault.LATE: LATE_AT_MOST}
"""How often a fault is met before it has passed."""

_ERRORS: Mapping[Fault, tuple[str, str, int]] = {
    Fault.DENIED: ("AccessDenied", "User: arn:aws:iam::111122223333:user/x is not authorized to perform this", 403),
    Fault.THROTTLED: ("ThrottlingException", "Rate exceeded", 400),
    Fault.SLOWED: ("ThrottlingException", "Rate exceeded", 400),
    Fault.FAILED: ("InternalFailure", "An internal error occurred", 500),
    Fault.STUMBLED: ("InternalFailure", "An internal error occurred", 500),
    Fault.EXPIRED: ("ExpiredToken", "The security token included in the request is expired", 403),
    Fault.TWICE: ("ThrottlingException", "Rate exceeded", 400),
    Fault.LAPSED: ("ExpiredToken", "The security token included in the request is expired", 403),
    Fault.ENDED: ("ExpiredToken", "The security token included in the request is expired", 403),
    Fault.DISABLED: ("UnrecognizedClientException", "The security token included in the request is invalid.", 400),
    Fault.CLOCK: ("SignatureDoesNotMatch", "Signature not yet current: 20261127T100000Z is still later", 403),
}


_RAISED: Mapping[Fault, Callable[[str], Exception]] = {
    Fault.NO_NAME: lambda url: EndpointConnectionError(endpoint_url=url),
    Fault.TLS: lambda url: SSLError(endpoint_url=url, error="certificate verify failed: self-signed certificate"),
    Fault.SIGNED_OUT: lambda url: UnauthorizedSSOTokenError(),
}
"""What never becomes an answer, as botocore says it. Over HTTP the connection ends."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes over the wire: after ``delay`` seconds, ``body`` under a Content-Length of ``length``, or what
    ``pieces`` makes of it."""

    response: AWSResponse
    body: bytes
    length: int
    delay: float = 0.0
    pieces: Callable[[bytes], Iterator[Piece]] | None = None
    behaviour: Behaviour | None = None
    """Over HTTP alone: what sends the answer."""

    @classmethod
    def of(cls, response: AWSResponse) -> Reply:
        body = response.raw.read()
        return cls(response, body, len(body))


@dataclass
class Faults:
    """Puts ``fault`` on every call that is ``on`` (service, operation), after the first ``since``; ``seen`` counts all
    calls."""

    fault: Fault | None = None
    on: tuple[str, str] | None = None
    since: int = 0
    seen: dict[tuple[str, str], int] = field(default_factory=dict)
    met: int = 0
    """How often the call was made since the fault was put on it."""
    dice: Random = field(default_factory=Random)
    others: dict[tuple[str, str], dict[str, tuple[Mapping[str, Any], Reply]]] = field(default_factory=dict)
    """Answers of each call, by its parameters in words: some, for `Fault.ANOTHER`."""

    def put(self, fault: Fault | None, on: tuple[str, str] | None, since: int = 0, seed: int = 0) -> None:
        self.fault, self.on, self.since, self.met = fault, on, since, 0
        self.seen = {}
        self.dice = Random(seed)

    def __call__(
        self,
        service: str,
        operation: str,
        request: AWSPreparedRequest,
        carry_out: Callable[[], AWSResponse],
    ) -> Reply | None:
        key = (service, operation)
        self.seen[key] = self.seen.get(key, 0) + 1
        meant = key == self.on and self.seen[key] > self.since
        fault = self.fault if meant or (self.fault is Fault.ENDED and self.met) else None
        if fault is None:
            reply = Reply.of(carry_out())
            if self.fault is None:
                self._remember(key, request, reply)
            return reply
        self.met += 1
        if self.met > TIMES.get(fault, self.met):
            return Reply.of(carry_out())
        call = wire.read(f"before-send.{service}.{operation}", request)
        if fault in SLOW_OR_ENDLESS:
            whole = Reply.of(carry_out())
            return Reply(whole.response, whole.body, whole.length, pieces=SLOW_OR_ENDLESS[fault])
        if fault in MISFITS:
            return self._misfit(fault, call, carry_out)
        return _spoiled(fault, call, carry_out)

    def _remember(self, key: tuple[str, str], request: AWSPreparedRequest, reply: Reply) -> None:
        kept = self.others.setdefault(key, {})
        if len(kept) < REMEMBERED and reply.response.status_code < 300:
            parameters = wire.read(f"before-send.{key[0]}.{key[1]}", request).parameters
            kept.setdefault(repr(parameters), (parameters, reply))

    def _misfit(self, fault: Fault, call: DemoCall, carry_out: Callable[[], AWSResponse]) -> Reply:
        """The answer, with something in it that does not fit; as it is where nothing can be seen to be wrong."""
        whole = Reply.of(carry_out())
        if whole.response.status_code >= 300 or call.model.output_shape is None:
            return whole
        if fault is Fault.ANOTHER:
            return self._another(call) or whole
        if fault is Fault.NO_MARKER:
            return _without_marker(call, whole, self.dice)
        parsed = _parsed(call, whole)
        if fault is Fault.KIND:
            return _of_another_kind(call, whole, parsed, self.dice)
        spoil = misfits.without_a_member if fault is Fault.LACKS else misfits.with_a_new_word
        return Reply.of(wire.write(call, parsed)) if spoil(call, parsed, self.dice) else whole

    def _another(self, call: DemoCall) -> Reply | None:
        """The answer to the same question about something else, or to another question of the same service."""
        event = next((key for key in self.others if key == self.on), None)
        same = (
            [reply for given, reply in self.others[event].values() if misfits.is_seen_to_be_of_another(call, given)]
            if event
            else []
        )
        if same and self.dice.random() < 0.7:
            return self.dice.choice(same)
        if not _is_xml(call):
            return self.dice.choice(same) if same else None
        other = [
            reply
            for (service, operation), kept in self.others.items()
            if self.on is not None and service == self.on[0] and operation != call.operation
            for _, reply in kept.values()
        ]
        return self.dice.choice(other or same) if other or same else None


class InProcess:
    """The handler of botocore's event ``before-send`` that puts `Faults` between a session and its server.

    What was answered is kept until something is written: a matrix asks the same ten thousand times.
    """

    def __init__(self, server: Callable[[str, AWSPreparedRequest], AWSResponse], faults: Faults) -> None:
        self._server, self._faults = server, faults
        self._answered: dict[tuple[object, ...], Reply] = {}
        self._written = False
        self._lock = threading.Lock()

    def begin_again(self) -> None:
        """The account is as it was at first."""
        self._written = False

    def __call__(self, event_name: str, request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        service, _, operation = event_name.removeprefix("before-send.").partition(".")
        with self._lock:
            reply = self._faults(service, operation, request, lambda: self._carry_out(event_name, operation, request))
        if reply is None and self._faults.fault in _RAISED:
            raise _RAISED[self._faults.fault](request.url)
        if reply is None or len(reply.body) < reply.length:
            raise ConnectionClosedError(endpoint_url=request.url)
        if reply.delay >= LATE_SECONDS:
            raise ReadTimeoutError(endpoint_url=request.url)
        if reply.pieces is not None:
            try:
                return virtual_wire.receive(request, reply.pieces(reply.body), SILENCE_SECONDS)
            except TimeoutError:
                raise ReadTimeoutError(endpoint_url=request.url) from None
        headers = {**reply.response.headers, "Content-Length": str(reply.length)}
        return wire.raw(request.url, reply.response.status_code, headers, reply.body)

    def _carry_out(self, event_name: str, operation: str, request: AWSPreparedRequest) -> AWSResponse:
        if WRITES.match(operation):
            self._written = True
        signed_by = str(request.headers.get("Authorization", "")).partition(",")[0]
        key = (event_name, request.url, request.body, signed_by)
        found = None if self._written else self._answered.get(key)
        if found is None:
            found = Reply.of(self._server(event_name, request))
            if not self._written:
                self._answered[key] = found
        return wire.raw(request.url, found.response.status_code, found.response.headers, found.body)


def _spoiled(fault: Fault, call: DemoCall, carry_out: Callable[[], AWSResponse]) -> Reply | None:
    url = call.request.url
    if fault in _ERRORS:
        code, message, status = _ERRORS[fault]
        return Reply.of(wire.write(call, AwsError(code, message, status)))
    if fault in _RAISED:
        return None
    if fault is Fault.GONE:
        carry_out()
        return None
    if fault in (Fault.SECOND, Fault.STALE, Fault.AGAIN, Fault.ENDLESS):
        return _pages(fault, call, carry_out)
    whole = Reply.of(carry_out())
    match fault:
        case Fault.LATE:
            return Reply(whole.response, whole.body, whole.length, LATE_SECONDS)
        case Fault.SLOW:
            return Reply(whole.response, whole.body, whole.length, SLOW_SECONDS)
        case Fault.CUT:
            return Reply(whole.response, whole.body[: whole.length // 2], whole.length)
        case Fault.HALF:
            return Reply(whole.response, whole.body[: whole.length // 2], whole.length // 2)
        case Fault.EMPTY:
            return Reply.of(wire.raw(url, 200, {}, b""))
        case Fault.WORDS:
            return whole if whole.response.status_code >= 300 else _with_unknown_words(call, whole)
        case Fault.NEW:
            return _with_body(whole, _with_new_fields(call, whole.body))
        case Fault.OTHERS:
            seen = call.service == "iam" and b"<Arn>" in whole.body
            return _with_body(whole, whole.body.replace(ACCOUNT.encode(), OTHER_ACCOUNT) if seen else whole.body)
        case Fault.NOTHING:
            name = call.operation
            nothing = f"<{name}Response><{name}Result/></{name}Response>" if _is_xml(call) else "{}"
            return Reply.of(wire.raw(url, 200, {}, nothing))
        case Fault.LIST:
            return Reply.of(wire.raw(url, 200, {}, "<Other/>" if _is_xml(call) else "[]"))
        case Fault.PAGE:
            return Reply.of(wire.raw(url, 200, {"Content-Type": "text/html"}, PORTAL))
        case _:
            return Reply.of(wire.raw(url, 403, {"Content-Type": "text/html"}, PORTAL))


def _with_body(reply: Reply, body: bytes) -> Reply:
    return Reply(reply.response, body, len(body))


def _with_new_fields(call: DemoCall, body: bytes) -> bytes:
    """The answer of an AWS that has learned to say more. A policy that is the whole body stays as it is."""
    if _is_xml(call):
        return re.sub(rb"<(\w+Result|member|item)>(?=\s*<)", rb"<\1><NewField><Inner>x</Inner></NewField>", body)
    try:
        value = json.loads(body)
    except ValueError:
        return body
    if isinstance(value, dict) and "Statement" not in value:
        value["newField"] = {"inner": ["x"]}
        items = (each for listed in value.values() if isinstance(listed, list) for each in listed)
        for each in items:
            if isinstance(each, dict) and len(each) > 1:  # a union has one member
                each["newField"] = "x"
    return json.dumps(value).encode()


def _parsed(call: DemoCall, reply: Reply) -> dict[str, Any]:
    answer = {"status_code": 200, "headers": reply.response.headers, "body": reply.body}
    parsed: dict[str, Any] = create_parser(_protocol(call)).parse(answer, call.model.output_shape)
    parsed.pop("ResponseMetadata", None)
    return parsed


def _with_unknown_words(call: DemoCall, reply: Reply) -> Reply:
    """The answer of an AWS that has learned new words: for every value of a fixed list another stands."""
    shape = call.model.output_shape
    return reply if shape is None else Reply.of(wire.write(call, _new_words(_parsed(call, reply), shape)))


def _new_words(value: Any, shape: Any) -> Any:
    match shape.type_name:
        case "structure":
            return {name: _new_words(each, shape.members[name]) for name, each in value.items()}
        case "list":
            return [_new_words(each, shape.member) for each in value]
        case "map":
            return {name: _new_words(each, shape.value) for name, each in value.items()}
        case "string" if shape.enum:
            return "SOMETHING_NEW"
    return value


def _without_marker(call: DemoCall, whole: Reply, dice: Random) -> Reply:
    """The half of a list that says that it goes on, but not where; or where, but not that it goes on."""
    paginator, flag = _paginators(call.model.service_model.service_name).get(call.operation), misfits.flag_of(call)
    if paginator is None or not flag:
        return whole
    parsed = _parsed(call, whole)
    for key in _list(paginator["result_key"]):
        if isinstance(found := parsed.get(key), list):
            parsed[key] = found[: len(found) // 2]
    marker = _list(paginator["output_token"])[0].split(" ")[0]
    left = {flag: True} if dice.random() < 0.5 else {marker: _TOKEN}
    return Reply.of(
        wire.write(call, {**{key: each for key, each in parsed.items() if key not in (flag, marker)}, **left})
    )


def _of_another_kind(call: DemoCall, whole: Reply, parsed: dict[str, Any], dice: Random) -> Reply:
    """Of XML the text is changed: what writes it would not write such a thing."""
    if not _is_xml(call):
        if not misfits.of_another_kind(call, parsed, dice):
            return whole
        return _with_body(whole, json.dumps(parsed, default=str).encode())
    lists = [name for name, shape in call.model.output_shape.members.items() if shape.type_name == "list"]
    if not lists:
        return whole
    name = dice.choice(lists).encode()
    return _with_body(
        whole,
        re.sub(
            rb"<%s>.*</%s>|<%s ?/>" % (name, name, name), rb"<%s>x</%s>" % (name, name), whole.body, flags=re.DOTALL
        ),
    )


def _protocol(call: DemoCall) -> str:
    return str(determine_request_protocol(call.model.service_model, call.request.content_type))


def _is_xml(call: DemoCall) -> bool:
    return "json" not in _protocol(call)


@functools.cache
def _paginators(service: str) -> Mapping[str, Any]:
    loader = botocore.session.get_session().get_component("data_loader")
    try:
        return dict(loader.load_service_model(service, "paginators-1")["pagination"])
    except (UnknownServiceError, LookupError):
        return {}


def _pages(fault: Fault, call: DemoCall, carry_out: Callable[[], AWSResponse]) -> Reply:
    """The half of a list, and a token for the rest; what is asked with the token is cut off, refused, or empty with the
    same token, or with another each time. Else the whole answer."""
    paginator = _paginators(call.model.service_model.service_name).get(call.operation)
    if paginator is None:
        return Reply.of(carry_out())
    inputs, outputs, keys = (_list(paginator[key]) for key in ("input_token", "output_token", "result_key"))
    if (token := str(call.get(inputs[0]) or "")).startswith(_TOKEN):
        if fault is Fault.STALE:
            return Reply.of(wire.write(call, AwsError("ValidationError", "Invalid Marker", 400)))
        if fault is Fault.SECOND:
            return Reply(wire.raw(call.request.url, 200, {}, b""), b"{", 100)
        more = {str(more): True for more in _list(paginator.get("more_results") or [])}
        next_token = f"{token}." if fault is Fault.ENDLESS else token
        return Reply.of(wire.write(call, {**{key: [] for key in keys}, outputs[0].split(" ")[0]: next_token, **more}))
    whole = Reply.of(carry_out())
    if whole.response.status_code >= 300:
        return whole
    parsed = _parsed(call, whole)
    for key in keys:
        if isinstance(found := parsed.get(key), list):
            parsed[key] = found[: len(found) // 2]
    parsed[outputs[0].split(" ")[0]] = _TOKEN
    if more := paginator.get("more_results"):
        parsed[more] = True
    return Reply.of(wire.write(call, parsed))


def _list(given: str | list[str]) -> list[str]:
    return [given] if isinstance(given, str) else given
