"""The connection to AWS: clients with retries and time limits, and methods for reading."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from datetime import datetime
from enum import Enum, auto
from typing import Any, TypeVar

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.handlers import json_decode_policies
from botocore.parsers import ResponseParserError

from iam.facts.global_services import iam_region, partition_of_region
from iam.sources.aws import answers
from iam.sources.aws import errors as aws_errors
from iam.sources.aws.calls import CallLog
from iam.sources.aws.http_limits import end_retries_in_time
from iam.sources.aws.mfa import MfaCodes
from iam.sources.reader.caller_identity import CallerIdentity
from iam.sources.reader.reading import Reading

T = TypeVar("T")

# AWS publishes no rate limits for IAM, so few calls run at once, and retries are adaptive (aws-iam.md §7.1).
PARALLEL_CALLS = 4
# The connections of one client: a diagnosis, calls that it abandoned, the reading of the account and a plan may all
# have calls in progress. A connection beyond this number is closed after use, each time with a warning.
_CONNECTIONS = 50
_RETRIES = {"mode": "adaptive", "total_max_attempts": 8}
# The first call must quickly show whether the network and the endpoint can be reached.
_FIRST_RETRIES = {"mode": "standard", "total_max_attempts": 2}
# An optional call either returns within some seconds or is given up.
_WITNESS_RETRIES = {"mode": "standard", "total_max_attempts": 3}
WITNESS_RESTS_SECONDS = 30.0
"""Seconds for which an optional call is not repeated after it timed out or AWS throttled all of its attempts."""
WITNESS_SECONDS = 10.0
"""The maximum time to wait for an optional call, in seconds. The result is valid without it."""
_CONNECT_SECONDS = 5
_READ_SECONDS = 30  # without data: this leaves time for a second attempt within `http_limits.CALL_SECONDS`
_FIRST_READ_SECONDS = 15
HOME_REGION = "us-east-1"

# Calls that are made even after the reader was closed: a query whose result nobody needs would continue, and cost
# money.
_ENDS_QUERIES = (".StopQueryExecution", ".CancelQuery")

# The maximum page size of IAM's lists.
PAGE = {"PageSize": 1000}
_AGAIN = "the same page again"
PAGES = 10_000
"""The maximum number of pages to read. No list that is read here is longer: an account has at most 10,000 roles."""
EMPTY_PAGES = 1_000
"""The maximum number of empty pages in a row. AWS may return some when it filters, but not endlessly."""
# botocore's names for the providers that read credentials from a profile.
_WEB_IDENTITY = "assume-role-with-web-identity"
_OF_PROFILES = ("shared-credentials-file", "config-file", "assume-role", "sso", "login", "custom-process")
# IAM's error codes for "does not exist".
NOT_THERE = ("NoSuchEntity", "NoSuchEntityException")

# OSError: a file with a token cannot be read. The last three: the response is not from AWS (an --endpoint-url that
# leads elsewhere or is invalid, a captive portal).
FAILURES = (ClientError, BotoCoreError, OSError, ResponseParserError, ValueError, LookupError)


class ReaderClosed(BotoCoreError):  # type: ignore[misc]  # botocore has no types
    """Raised if the reader is closed while a call is running."""

    fmt = "The reading was stopped."


def _carry_out(asked: Future[T], ask: Callable[[], T]) -> None:
    try:
        asked.set_result(ask())
    except BaseException as error:
        asked.set_exception(error)


def home_region(region: str) -> str:
    """Return the Region in which the partition of ``region`` records events of global services such as IAM and STS."""
    return iam_region(partition_of_region(region))


def unread_regions(readings: Mapping[str, Reading[Any]]) -> str:
    """Return the Regions that could not be read, with the reasons, as sentences. ``readings`` is by Region."""
    missing: dict[str, list[str]] = {}
    for region, reading in readings.items():
        if reading.value is None:
            missing.setdefault(reading.why, []).append(region)
    return " ".join(f"{', '.join(where)}: {why}" for why, where in missing.items())


def by_token(ask: Callable[..., Mapping[str, Any]], *keys: str, token: str = "NextToken") -> Iterator[Any]:
    """Yield the pages of an operation that has no paginator in botocore. ``keys`` name the lists in a page.

    Raises `NotAnAnswer` if the pages do not end.
    """

    def pages() -> Iterator[Mapping[str, Any]]:
        given: dict[str, Any] = {}
        while True:
            page = ask(**given)
            yield page
            more = page.get(token)
            if not more:
                return
            if more == given.get(token):
                raise answers.NotAnAnswer(reason=_AGAIN)
            given = {token: more}

    return that_end(pages(), *keys)


def that_end(pages: Iterable[Any], *keys: str) -> Iterator[Any]:
    """Yield the pages, which contain their lists under ``keys``.

    Raises `NotAnAnswer` if the pages do not end, even if each has a new marker.
    """
    before: list[Any] = []
    nothing = 0
    for number, page in enumerate(pages, 1):
        yield page
        listed = [found for key in keys if (found := page.get(key))]
        nothing = 0 if listed else nothing + 1
        if listed and listed == before:
            raise answers.NotAnAnswer(reason=_AGAIN)
        if nothing >= EMPTY_PAGES or number >= PAGES:
            raise answers.NotAnAnswer(reason=f"a list that does not end ({number:,} pages)")
        before = listed


class Patience(Enum):
    """How long a client waits and retries.

    ``FIRST``: for the call that checks whether AWS can be reached. ``WITNESS``: for optional calls that only add to a
    result.
    """

    USUAL = auto()
    FIRST = auto()
    WITNESS = auto()

    @property
    def retries(self) -> dict[str, Any]:
        return {Patience.FIRST: _FIRST_RETRIES, Patience.WITNESS: _WITNESS_RETRIES}.get(self, _RETRIES)

    @property
    def read_seconds(self) -> float:
        return _READ_SECONDS if self is Patience.USUAL else _FIRST_READ_SECONDS


class Aws:
    """The clients of a session, each created once. Thread-safe.

    ``regions`` are the Regions in which services with Regional data are read; by default only the session's own.
    ``witness_seconds`` is the maximum time to wait for an optional call (`witness`); None for no limit.
    """

    def __init__(
        self,
        session: boto3.Session,
        *,
        endpoint_url: str | None = None,
        regions: tuple[str, ...] | None = None,
        log: CallLog | None = None,
        codes: MfaCodes | None = None,
        witness_seconds: float | None = WITNESS_SECONDS,
    ) -> None:
        self.session = session
        self._witness_seconds = witness_seconds
        self._codes = codes
        self.profile: str | None = session.profile_name if session.profile_name != "default" else None
        self.configured_region: str | None = session.region_name
        self.region: str = self.configured_region or HOME_REGION
        self.regions = regions or (self.region,)
        self.log = log or CallLog()
        self._endpoint_url = endpoint_url
        self._clients: dict[tuple[str, str, Patience], Any] = {}
        self._slowed: dict[str, tuple[float, str]] = {}
        self._lock = threading.Lock()
        self._caller: CallerIdentity | None = None
        self._credentials_used: Any = None
        self._caller_lock = threading.Lock()
        self._closed = threading.Event()

    def close(self) -> None:
        """Stop retrying: running calls end after their current attempt."""
        self._closed.set()

    def _refuse_when_closed(self, event_name: str = "", **_: Any) -> None:
        if self._closed.is_set() and not event_name.endswith(_ENDS_QUERIES):
            raise ReaderClosed()

    def client(self, service: str, region: str | None = None, *, patience: Patience = Patience.USUAL) -> Any:
        key = (service, region or self.region, patience)
        with self._lock:
            if key not in self._clients:
                client = self.session.client(
                    service,
                    region_name=key[1],
                    endpoint_url=self._endpoint_url,
                    config=Config(
                        retries=patience.retries,
                        connect_timeout=_CONNECT_SECONDS,
                        read_timeout=patience.read_seconds,
                        max_pool_connections=_CONNECTIONS,
                        user_agent_extra="rolescope",
                        # An endpoint that is not AWS's has no separate hostname for each bucket.
                        s3={"addressing_style": "path"} if self._endpoint_url else None,
                    ),
                )
                # Policy documents are not decoded: the simulator's line numbers refer to the stored text.
                client.meta.events.unregister("after-call.iam", json_decode_policies)
                client.meta.events.register_first("before-send", self._refuse_when_closed)
                end_retries_in_time(client)
                self.log.watch(client)
                answers.watch(client, lambda: self._caller.account if self._caller else "")
                self._clients[key] = client
            return self._clients[key]

    def client_with(self, service: str, access_key: str, secret_key: str, token: str) -> Any:
        """Return a client for a service with other credentials. It is not cached and not used for anything else."""
        client = self.session.client(
            service,
            region_name=self.region,
            endpoint_url=self._endpoint_url,
            aws_access_key_id=access_key,
            aws_secret_access_key=secret_key,
            aws_session_token=token,
            config=Config(
                retries=_FIRST_RETRIES,
                connect_timeout=_CONNECT_SECONDS,
                read_timeout=_FIRST_READ_SECONDS,
                user_agent_extra="rolescope",
                s3={"addressing_style": "path"} if self._endpoint_url else None,
            ),
        )
        end_retries_in_time(client)
        answers.watch(client, any_read=True)
        return client

    @property
    def endpoint_url(self) -> str | None:
        """The URL of the endpoint, if it is not AWS's own; else None."""
        return self._endpoint_url

    def read(
        self, call: str, question: Callable[[], T | None], *, absent: tuple[str, ...] = (), note: str = ""
    ) -> Reading[T]:
        """Return the result of ``question`` as a `Reading`, even if it fails.

        ``absent`` are the error codes that mean "does not exist"; ``note`` then says so.
        """
        try:
            return Reading(call, question())
        except FAILURES as error:
            code = aws_errors.code_of(error)
            if code in absent:
                return Reading(call, note=note or aws_errors.message_of(error))
            why = aws_errors.why(call, error, self.profile)
            if code in aws_errors.THROTTLED_CODES:
                self._slowed[call] = time.monotonic(), why
            return Reading(call, why=why)
        except (NotImplementedError, ImportError):
            # Only moto, inside this process, responds like this; AWS would return an error of its own.
            return Reading(call, why=f"The embedded AWS does not have {call}.")

    def witness(self, call: str, ask: Callable[[], Reading[T]]) -> Reading[T]:
        """Return the result of the optional call ``ask``; not readable if it takes longer than ``witness_seconds``.

        After such a timeout, or if AWS throttled all attempts, ``call`` is not repeated for `WITNESS_RESTS_SECONDS`:
        the same reason is returned again.
        """
        slowed, why = self._slowed.get(call, (0.0, ""))
        if why and time.monotonic() - slowed < WITNESS_RESTS_SECONDS:
            return Reading(call, why=why)
        asked: Future[Reading[T]] = Future()
        # Not a thread of a pool: the process would wait for a pool's threads at its end.
        threading.Thread(target=_carry_out, args=(asked, ask), name="rolescope-witness", daemon=True).start()
        try:
            return asked.result(self._witness_seconds)
        except FutureTimeout:
            if asked.done():  # the result arrived at the last moment, or the timeout was raised by the call itself
                return asked.result()
            why = f"{call} did not answer within {self._witness_seconds:.0f} s, so rolescope stopped waiting."
            self._slowed[call] = time.monotonic(), why
            return Reading(call, why=why)

    def pages(
        self,
        service: str,
        operation: str,
        key: str,
        region: str | None = None,
        *,
        patience: Patience = Patience.USUAL,
        **arguments: Any,
    ) -> Iterator[Any]:
        """Yield the items of a list, from all its pages."""
        client = self.client(service, region, patience=patience)
        for page in that_end(client.get_paginator(operation).paginate(**arguments), key):
            yield from page.get(key) or ()

    def in_regions(
        self, call: str, question: Callable[[str], Iterator[T]], regions: tuple[str, ...] | None = None
    ) -> Reading[tuple[T, ...]]:
        """Call ``question`` for each of the Regions, and return the combined results.

        A Region that cannot be read is reported in ``note``. If the other Regions returned nothing, the result is not
        readable, and ``why`` reports the Region: the objects may be in that Region.
        """
        readings = {
            region: self.read(call, lambda: list(question(region)))  # noqa: B023 - called at once
            for region in regions or self.regions
        }
        found = tuple(one for reading in readings.values() for one in reading.value or ())
        said = unread_regions(readings)
        return Reading(call, why=said) if said and not found else Reading(call, found, note=said)

    def caller(self) -> CallerIdentity:
        """Return the caller's identity. It is read once.

        Raises botocore's errors: without the identity nothing else can be read.
        """
        with self._caller_lock:
            if self._caller is None:
                self._caller = self._identity()
            return self._caller

    def forget(self) -> None:
        """Discard the caller's identity, because the credentials may have changed.

        If an MFA code was not entered, the user is asked again.
        """
        if self._codes is not None:
            self._codes.forget()
        with self._caller_lock:
            self._caller = None

    @property
    def credentials_end(self) -> datetime | None:
        """Return when the current credentials expire. botocore renews them if it can.

        None if they do not expire, or if this is not known yet.
        """
        return self._expiry(self._credentials_used)

    @staticmethod
    def _expiry(credentials: Any) -> datetime | None:
        expires = getattr(credentials, "_expiry_time", None)
        return expires if isinstance(expires, datetime) else None

    def _identity(self) -> CallerIdentity:
        try:
            answer = self.client("sts", patience=Patience.FIRST).get_caller_identity()
        except ClientError as error:
            # AWS can be reached, so this call may wait as long as the others.
            if aws_errors.code_of(error) not in aws_errors.THROTTLED_CODES:
                raise
            answer = self.client("sts").get_caller_identity()
        method, key_id, expires = self._credentials()
        prefix = str(key_id or "")[:4]
        return CallerIdentity(
            arn=answer["Arn"],
            account=answer["Account"],
            user_id=answer.get("UserId", ""),
            method=method,
            profile=self.profile,
            key_kind={"AKIA": "long-term", "ASIA": "temporary"}.get(prefix),
            key_id=key_id,
            expires=expires,
            source_profile=self.session.profile_name if self._of_profile(method) else None,
        )

    def _of_profile(self, method: str | None) -> bool:
        """Whether the credentials came from the selected profile.

        A token file is taken from the environment first, unless the profile was selected by name (botocore's
        AssumeRoleWithWebIdentityProvider).
        """
        if method == _WEB_IDENTITY:
            variables = self.session._session.instance_variables()
            return variables.get("profile") is not None or "AWS_WEB_IDENTITY_TOKEN_FILE" not in os.environ
        return method in _OF_PROFILES

    def _credentials(self) -> tuple[str | None, str | None, datetime | None]:
        """Return the credential provider, the access key's ID and its expiry. Never returns the secret key."""
        credentials = self.session.get_credentials()
        if credentials is None:
            return None, None, None
        self._credentials_used = credentials
        return credentials.method, credentials.access_key, self._expiry(credentials)


class AwsPart:
    """A part of the reader for an AWS account. All parts share one connection."""

    def __init__(self, aws: Aws) -> None:
        self.aws = aws
        self._lock = threading.Lock()

    @property
    def _iam(self) -> Any:
        return self.aws.client("iam")

    def forget(self) -> None:
        """Discard cached results, so that they are read again."""
        self.aws.forget()

    def caller(self) -> Reading[CallerIdentity]:
        return self.aws.read("sts:GetCallerIdentity", self.aws.caller)
