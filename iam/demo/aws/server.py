"""Answer the demo's requests in place of AWS.

For each call, the server determines the caller, checks the permission and the parameters, and returns the response.

It intercepts the requests of one session just before botocore sends them (event ``before-send``), so nothing else in
the process is affected, and nothing ever reaches the network.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from moto.core.exceptions import ServiceException

from iam.demo.account.facts import ACCOUNT
from iam.demo.aws import wire
from iam.demo.aws.moto_side import by_moto
from iam.demo.aws.wire import AwsError, DemoCall
from iam.demo.aws.world import World

Answer = Mapping[str, Any]
Handler = Callable[[World, DemoCall], Answer]
Guard = Callable[[World, DemoCall], Answer | None]
After = Callable[[World, DemoCall], None]
Key = tuple[str, str]
T = TypeVar("T")


class Server:
    """Answers the requests for one `World`.

    ``handlers`` answer operations without moto. ``guards`` check a call before moto: they raise AWS's error, return a
    response, or return None to continue. ``after`` runs when moto has answered a call without an error. ``authorize``
    raises an error if the caller lacks the permission. ``failed`` is called for every error. ``elsewhere`` replaces
    ``handlers`` for the organization's other accounts.
    """

    def __init__(
        self,
        world: World,
        *,
        handlers: Mapping[Key, Handler],
        guards: Mapping[Key, tuple[Guard, ...]],
        after: Mapping[Key, tuple[After, ...]],
        authorize: Callable[[World, DemoCall], None],
        failed: Callable[[World, DemoCall, AwsError], None],
        elsewhere: Mapping[Key, Handler],
    ) -> None:
        self.world = world
        self._handlers = handlers
        self._guards = guards
        self._after = after
        self._authorize = authorize
        self._failed = failed
        self._elsewhere = elsewhere

    def __call__(self, event_name: str, request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        """Answer the request in a botocore event."""
        call = wire.read(event_name, request)
        session = self.world.sessions.get(call.access_key or "")
        account = session.account if session is not None else ACCOUNT
        with self.world.in_place(), self.world.answering(account):
            try:
                return self._answer(call, request)
            except AwsError as error:
                self._failed(self.world, call, error)
                return wire.write(call, error)

    def _answer(self, call: DemoCall, request: AWSPreparedRequest) -> AWSResponse:
        key = (call.service, call.operation)
        if seed := self.world.lazy.pop(call.service, None):
            with self.world.answering(ACCOUNT):
                seed(self.world)
        if failures := self.world.next_failures.get(call.operation):
            raise failures.pop(0)
        self._authorize(self.world, call)
        for guard in _of(self._guards, key):
            answer = guard(self.world, call)
            if answer is not None:
                return wire.write(call, answer)
        if handler := (self._handlers if self.world.account == ACCOUNT else self._elsewhere).get(key):
            try:
                response = wire.write(call, handler(self.world, call))
            except ServiceException as error:  # raised by moto's backends, which handlers use
                raise AwsError(error.code, error.message) from error
        else:
            response = by_moto(self.world, call.operation, request)
        if response.status_code < 300:
            for step in _of(self._after, key):
                step(self.world, call)
        return response


def _of(steps: Mapping[Key, tuple[T, ...]], key: Key) -> tuple[T, ...]:
    """Return the steps for all operations of the service (``*``), followed by those for this operation."""
    return (*steps.get((key[0], "*"), ()), *steps.get(key, ()))
