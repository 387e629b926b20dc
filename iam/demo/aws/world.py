"""The state of a demo account: moto's backends, and data that moto does not store.

moto's backends are module globals, shared by everything in the process. A `World` owns its backends and installs them
only while it answers a request, under one lock: demo accounts do not see each other, a test's `mock_aws` does not see
them, and moto runs in one thread at a time.
"""

from __future__ import annotations

import copy
import string
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from types import ModuleType
from typing import Any

import moto.iam.models as iam_models
import moto.sts.models as sts_models
from moto.core.base_backend import BackendDict
from moto.iam.models import IAMBackend, iam_backends
from moto.moto_api._internal import mock_random

from iam.demo.account.events import DemoEvent
from iam.demo.account.facts import ACCOUNT
from iam.demo.account.load import DEMO
from iam.demo.clock import CLOCK

MOST_RECORDED = 1_000
"""The maximum numbers of changes and of denials that are stored. The oldest are dropped, because a demo may run for
days."""

_lock = threading.RLock()
# moto's own list of the backends with content, which its reset functions use.
_in_use: list[BackendDict[Any]] = vars(BackendDict)["_instances"]


@dataclass(frozen=True, slots=True)
class _StoredBackends:
    """The content of a service's global dictionary of backends, by account, while it is not installed."""

    backends: BackendDict[Any]
    held: dict[str, Any]
    buckets: dict[str, Any]


@dataclass(frozen=True, slots=True)
class DemoSession:
    """A role session, with the data that the evaluation of policies may need.

    ``policies`` are the session policies that were passed, as JSON texts; ``context`` contains the session's condition
    keys (MFA, external provider's claims, source identity).
    """

    role_name: str
    name: str
    expires: datetime
    policies: tuple[str, ...] = ()
    tags: tuple[tuple[str, str], ...] = ()
    context: tuple[tuple[str, str], ...] = ()
    chained: bool = False
    account: str = ACCOUNT


@dataclass
class World:
    """The state of a demo account.

    ``lazy`` contains, by service, the function that creates its data on first use. ``id_prefix`` is the prefix of the
    next ID. ``records`` contains AWS's records of denials, by authorization ID; ``associations`` contains changed
    associations, by instance: the association ID and the profile's ARN (both "" for none).

    ``next_failures`` contains, by operation, the failure that AWS returns next instead of carrying out the operation:
    throttling, an internal error, a closed connection. Each is returned once.

    ``account`` is the account of the call that is currently answered; ``neighbours`` are the other accounts that were
    built.
    """

    sessions: dict[str, DemoSession] = field(default_factory=dict)
    events: list[DemoEvent] = field(default_factory=lambda: [*DEMO.events])
    deletion_tasks: dict[str, str] = field(default_factory=dict)
    jobs: dict[str, str] = field(default_factory=dict)
    lazy: dict[str, Callable[[World], None]] = field(default_factory=dict)
    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    associations: dict[str, tuple[str, str]] = field(default_factory=dict)
    id_prefix: str = "AIDA"
    next_failures: dict[str, list[Exception]] = field(default_factory=dict)
    account: str = ACCOUNT
    neighbours: set[str] = field(default_factory=set)
    _kept: list[_StoredBackends] = field(default_factory=list)
    _inside: bool = False

    def record_event(self, event: DemoEvent) -> None:
        """Add an event of this run before all other events: they are stored with the newest first."""
        self.events.insert(0, event)
        del self.events[MOST_RECORDED : max(MOST_RECORDED, len(self.events) - len(DEMO.events))]

    def record_refusal(self, authorization_id: str, record: dict[str, Any]) -> None:
        self.records[authorization_id] = record
        for oldest in list(self.records)[:-MOST_RECORDED]:
            del self.records[oldest]

    @property
    def iam(self) -> IAMBackend:
        """IAM's backend for the account of the current call. Only valid inside `in_place`."""
        return self.iam_of(self.account)

    def iam_of(self, account: str) -> IAMBackend:
        """Return IAM's backend for an account, empty if the demo has no such account. Only valid inside `in_place`."""
        return iam_backends[account]["aws"]

    @contextmanager
    def answering(self, account: str) -> Iterator[None]:
        """Context manager: calls are answered for this account. Only valid inside `in_place`."""
        before, self.account = self.account, account
        try:
            yield
        finally:
            self.account = before

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Context manager: moto uses this world's backends, at this world's time. Blocks may be nested."""
        with _lock:
            if self._inside:
                yield
                return
            outer = _store()
            _restore(self._kept)
            self._inside = True
            try:
                with _replaced(*_OURS, (iam_models, "random_resource_id", self._new_id)):
                    yield
            finally:
                self._inside = False
                self._kept = _store()
                _restore(outer)

    def _new_id(self, size: int = 20) -> str:
        """Return an ID in AWS's form instead of moto's 20 small letters.

        The prefix identifies users, groups and so on.
        """
        return self.id_prefix + _letters()

    def copy(self) -> World:
        """Return an independent copy of this world."""
        with _lock:
            # Backends are global, by name: only their content is copied, not the dictionaries that moto refers to.
            kept = [_StoredBackends(one.backends, copy.deepcopy(one.held), dict(one.buckets)) for one in self._kept]
            return World(
                dict(self.sessions),
                list(self.events),
                dict(self.deletion_tasks),
                dict(self.jobs),
                dict(self.lazy),
                dict(self.records),
                dict(self.associations),
                neighbours=set(self.neighbours),
                _kept=kept,
            )


def _letters() -> str:
    return "".join(mock_random.choices(string.ascii_uppercase + "234567", k=17))


def _policy_id() -> str:
    return f"ANPA{_letters()}"


def _now() -> datetime:
    """Return the current time in UTC without a time zone, as moto stores it."""
    return CLOCK.now().replace(tzinfo=None)


_OURS = (
    (iam_models, "utcnow", _now),
    (sts_models, "utcnow", _now),
    (iam_models, "random_policy_id", _policy_id),
)
"""The functions of moto that are replaced while a demo account answers: module, name, replacement."""


@contextmanager
def _replaced(*functions: tuple[ModuleType, str, Callable[..., object]]) -> Iterator[None]:
    """Context manager: functions in modules are replaced.

    `unittest.mock.patch` takes much longer, and every AWS call would use it.
    """
    before = [vars(module)[name] for module, name, _ in functions]
    for module, name, function in functions:
        setattr(module, name, function)
    try:
        yield
    finally:
        for (module, name, _), function in zip(functions, before, strict=True):
            setattr(module, name, function)


def _store() -> list[_StoredBackends]:
    taken = [_StoredBackends(backends, dict(backends), dict(_bucket_owners(backends))) for backends in _in_use]
    for kept in taken:
        kept.backends.clear()
        _bucket_owners(kept.backends).clear()
    _in_use.clear()
    return taken


def _restore(taken: list[_StoredBackends]) -> None:
    for kept in taken:
        kept.backends.update(kept.held)
        _bucket_owners(kept.backends).update(kept.buckets)
        _in_use.append(kept.backends)


def _bucket_owners(backends: BackendDict[Any]) -> dict[str, Any]:
    """Return moto's map from bucket names to their owners. All accounts share one namespace for buckets."""
    return getattr(backends, "bucket_accounts", {})
