"""An account behind boto3: AWS itself, or moto as the demo and the tests run it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from weakref import WeakSet

import boto3
from botocore.exceptions import BotoCoreError

from iam.account import Account
from iam.organization.accounts import Accounts
from iam.sources.aws import errors as aws_errors
from iam.sources.aws.account import AccountReading, base_account
from iam.sources.aws.calls import CallLog
from iam.sources.aws.entities import AwsEntities
from iam.sources.aws.evidence import AwsEvidence
from iam.sources.aws.mfa import AskCode, MfaCodes, ask_for_codes
from iam.sources.aws.organization import AwsOrganization
from iam.sources.aws.policies import AwsPolicies
from iam.sources.aws.resources import AwsResources
from iam.sources.aws.session import FAILURES, WITNESS_SECONDS, Aws
from iam.sources.aws.trail_query.source import AwsTrailQueries
from iam.sources.aws.workloads import AwsWorkloads
from iam.sources.reader import AccountReader, SourceError
from iam.sources.reader.trail_queries import TrailQuerySource, TrailSettings


def open_aws(
    *, profile: str | None, region: str | None, endpoint_url: str | None, ask_code: AskCode = lambda serial: ""
) -> AwsReader:
    """The account that a profile, or the ordinary chain of credentials, reaches. ``ask_code`` gives the MFA codes that
    the profile asks for, in whatever thread needs them.

    No call is made yet. Raises `SourceError` when the profile or the configuration cannot be read.
    """
    try:
        # botocore itself knows AWS_DEFAULT_REGION alone; the other SDKs, and people, set AWS_REGION.
        session = boto3.Session(profile_name=profile, region_name=region or os.environ.get("AWS_REGION"))
        codes = MfaCodes(ask_code)
        ask_for_codes(session, codes)
        reader = AwsReader(session, endpoint_url=endpoint_url, codes=codes)
    except (BotoCoreError, ValueError) as error:
        raise aws_errors.source_error(error, profile) from error
    return reader


def trail_source(own: AccountReader, settings: TrailSettings) -> TrailQuerySource:
    """Who asks the trail: an organization's lies in an account of its own, which another profile reaches. Raises
    `SourceError` where there is no such profile.
    """
    if not settings.profile or own.kind != "aws":
        return own
    return open_aws(profile=settings.profile, region=None, endpoint_url=None)


class AwsReader(AwsEntities, AwsPolicies, AwsResources, AwsWorkloads, AwsEvidence, AwsTrailQueries, AwsOrganization):
    """Reads the account of a boto3 session. ``clock`` replaces the wall clock, for the demo and for tests.

    Without ``organization`` the account is read without the policies around it, which the tree of an organization has.
    """

    def __init__(
        self,
        session: boto3.Session,
        *,
        kind: str = "aws",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        endpoint_url: str | None = None,
        regions: tuple[str, ...] | None = None,
        log: CallLog | None = None,
        codes: MfaCodes | None = None,
        organization: bool = True,
    ) -> None:
        super().__init__(
            Aws(
                session,
                endpoint_url=endpoint_url,
                regions=regions,
                log=log,
                codes=codes,
                # The embedded AWS answers as soon as it has a processor.
                witness_seconds=None if kind == "demo" else WITNESS_SECONDS,
            )
        )
        self._kind = kind
        self._clock = clock
        self._organization_too = organization
        self._readings: WeakSet[AccountReading] = WeakSet()

    neighbours: Accounts | None = None

    @property
    def kind(self) -> str:
        return self._kind

    @property
    def region(self) -> str:
        """The region that the reader was opened for; regional services are asked in all of `Aws.regions`."""
        return self.aws.region

    @property
    def log(self) -> CallLog:
        """Every AWS call of this reader."""
        return self.aws.log

    @property
    def credentials_end(self) -> datetime | None:
        """When the caller's present credentials end, by the wall clock."""
        return self.aws.credentials_end

    def has_credentials(self) -> bool:
        """Whether there are credentials at all; whether they are any good only a call tells."""
        try:
            return self.aws.session.get_credentials() is not None
        except BotoCoreError:
            return True  # there are some, and the first call will say what is wrong with them

    def clock(self) -> datetime:
        return self._clock()

    def accounts(self) -> Iterator[Account]:
        self.forget()
        try:
            caller = self.aws.caller()
        except FAILURES as error:
            raise aws_errors.source_error(error, self.aws.profile) from error
        warnings: tuple[str, ...] = ()
        if self.aws.configured_region is None:
            warnings = (f"No region is configured: {self.aws.region} is used. Choose one with --region NAME.",)
        base = base_account(caller, self._kind, self.aws.region, self.clock(), warnings)
        reading = AccountReading(self, caller, base, organization=self._organization_too)
        self._readings.add(reading)
        yield from reading.states()

    def close(self) -> None:
        for reading in tuple(self._readings):
            reading.stop()
        self.aws.close()


__all__ = ["AwsReader", "SourceError", "open_aws"]
