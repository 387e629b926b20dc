"""What can happen to an answer of AWS's on its way: refusals, failures, and what a network makes of it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import botocore.session
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import UnknownServiceError
from botocore.parsers import create_parser
from moto.core.request import determine_request_protocol

from iam.demo.aws import wire
from iam.demo.aws.wire import AwsError, DemoCall

PORTAL = b"<!DOCTYPE html>\n<html><body>Log in to the hotel's network</body></html>"
LATE_SECONDS = 1.0
LATE_AT_MOST = 4
"""Answers that come late, after which they come in time: each of them is waited for."""
SLOW_SECONDS = 0.05
_TOKEN = "the-second-page"


class Fault(StrEnum):
    """``SLOWED``, ``STUMBLED`` and ``SLOW`` pass by: a client that is patient gets the answer."""

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
    PAGE = "a web page"
    REFUSAL = "a web page with 403"
    EXPIRED = "expired"
    CLOCK = "clock wrong"
    SECOND = "second page lost"


PASSES = frozenset({Fault.SLOWED, Fault.STUMBLED, Fault.SLOW})

_ERRORS: Mapping[Fault, tuple[str, str, int]] = {
    Fault.DENIED: ("AccessDenied", "User: arn:aws:iam::111122223333:user/x is not authorized to perform this", 403),
    Fault.THROTTLED: ("ThrottlingException", "Rate exceeded", 400),
    Fault.SLOWED: ("ThrottlingException", "Rate exceeded", 400),
    Fault.FAILED: ("InternalFailure", "An internal error occurred", 500),
    Fault.STUMBLED: ("InternalFailure", "An internal error occurred", 500),
    Fault.EXPIRED: ("ExpiredToken", "The security token included in the request is expired", 403),
    Fault.CLOCK: ("SignatureDoesNotMatch", "Signature not yet current: 20261127T100000Z is still later", 403),
}


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes over the wire: after ``delay`` seconds, ``body`` under a Content-Length of ``length``."""

    response: AWSResponse
    body: bytes
    length: int
    delay: float = 0.0

    @classmethod
    def of(cls, response: AWSResponse) -> Reply:
        body = response.raw.read()
        return cls(response, body, len(body))


@dataclass
class Faults:
    """Puts ``fault`` on every call that is ``on`` (service as in a signature, operation); ``seen`` has all calls."""

    fault: Fault | None = None
    on: tuple[str, str] | None = None
    seen: dict[tuple[str, str], int] = field(default_factory=dict)
    met: int = 0
    """How often the call was made since the fault was put on it."""

    def put(self, fault: Fault | None, on: tuple[str, str] | None) -> None:
        self.fault, self.on, self.met = fault, on, 0
        self.seen = {}

    def __call__(
        self,
        service: str,
        operation: str,
        request: AWSPreparedRequest,
        carry_out: Callable[[], AWSResponse],
    ) -> Reply | None:
        key = (service, operation)
        self.seen[key] = self.seen.get(key, 0) + 1
        fault = self.fault if key == self.on else None
        if fault is None:
            return Reply.of(carry_out())
        self.met += 1
        passed = self.met > (LATE_AT_MOST if fault is Fault.LATE else 1)
        if fault in (Fault.SLOWED, Fault.STUMBLED, Fault.LATE) and passed:
            return Reply.of(carry_out())
        return _spoiled(fault, wire.read(f"before-send.{service}.{operation}", request), carry_out)


def _spoiled(fault: Fault, call: DemoCall, carry_out: Callable[[], AWSResponse]) -> Reply | None:
    url = call.request.url
    if fault in _ERRORS:
        code, message, status = _ERRORS[fault]
        return Reply.of(wire.write(call, AwsError(code, message, status)))
    if fault is Fault.GONE:
        carry_out()
        return None
    if fault is Fault.SECOND:
        return _pages(call, carry_out)
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
        case Fault.NOTHING:
            name = call.operation
            nothing = f"<{name}Response><{name}Result/></{name}Response>" if _is_xml(call) else "{}"
            return Reply.of(wire.raw(url, 200, {}, nothing))
        case Fault.PAGE:
            return Reply.of(wire.raw(url, 200, {"Content-Type": "text/html"}, PORTAL))
        case _:
            return Reply.of(wire.raw(url, 403, {"Content-Type": "text/html"}, PORTAL))


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


def _pages(call: DemoCall, carry_out: Callable[[], AWSResponse]) -> Reply:
    """The half of a list, and a token for the rest; what is asked with the token is cut off. Else the whole answer."""
    paginator = _paginators(call.model.service_model.service_name).get(call.operation)
    if paginator is None:
        return Reply.of(carry_out())
    inputs, outputs, keys = (_list(paginator[key]) for key in ("input_token", "output_token", "result_key"))
    if call.get(inputs[0]) == _TOKEN:
        return Reply(wire.raw(call.request.url, 200, {}, b""), b"{", 100)
    whole = Reply.of(carry_out())
    if whole.response.status_code >= 300:
        return whole
    parsed = create_parser(_protocol(call)).parse(
        {"status_code": 200, "headers": whole.response.headers, "body": whole.body}, call.model.output_shape
    )
    parsed.pop("ResponseMetadata", None)
    for key in keys:
        if isinstance(found := parsed.get(key), list):
            parsed[key] = found[: len(found) // 2]
    parsed[outputs[0].split(" ")[0]] = _TOKEN
    if more := paginator.get("more_results"):
        parsed[more] = True
    return Reply.of(wire.write(call, parsed))


def _list(given: str | list[str]) -> list[str]:
    return [given] if isinstance(given, str) else given
