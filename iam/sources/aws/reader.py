"""Read an account with boto3: from AWS itself, or from moto in the demo and in tests."""

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
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.trail_queries import TrailSettings
from iam.sources.reader.trail_query_source import TrailQuerySource
from iam.sources.source_error import SourceError


def open_aws(
    *, profile: str | None, region: str | None, endpoint_url: str | None, ask_code: AskCode = lambda serial: ""
) -> AwsReader:
    """Open the account of a profile, or of the default credential chain. Makes no call yet.

    ``ask_code`` returns the MFA codes that the profile requires; it is called in the thread that needs one. Raises
    `SourceError` if the profile or the configuration cannot be read.
    """
    try:
        # botocore itself reads only AWS_DEFAULT_REGION; the other SDKs read AWS_REGION, which many people set.
        session = boto3.Session(profile_name=profile, region_name=region or os.environ.get("AWS_REGION"))
        codes = MfaCodes(ask_code)
        ask_for_codes(session, codes)
        reader = AwsReader(session, endpoint_url=endpoint_url, codes=codes)
    except (BotoCoreError, ValueError) as error:
        raise aws_errors.source_error(error, profile) from error
    return reader


def trail_source(own: AccountReader, settings: TrailSettings) -> TrailQuerySource:
    """Return the reader for trail queries. An organization's trail is in another account, so it needs another profile.

    Raises `SourceError` if that profile does not exist.
    """
    if not settings.profile or own.kind != "aws":
        return own
    return open_aws(profile=settings.profile, region=None, endpoint_url=None)


class AwsReader(AwsEntities, AwsPolicies, AwsResources, AwsWorkloads, AwsEvidence, AwsTrailQueries, AwsOrganization):
    """Reads the account that a boto3 session belongs to. ``clock`` replaces the wall clock, for the demo and for tests.

    With ``organization`` False, the policies above the account are not read, because the organization's tree contains
    them.
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
                # The embedded AWS responds as soon as it gets processor time.
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
        """The Region that the reader was opened for. Services with Regional data are read in all of `Aws.regions`."""
        return self.aws.region

    @property
    def log(self) -> CallLog:
        """The log of all AWS calls that this reader makes."""
        return self.aws.log

    @property
    def credentials_end(self) -> datetime | None:
        """Return when the caller's current credentials expire, on the wall clock; None if unknown."""
        return self.aws.credentials_end

    def has_credentials(self) -> bool:
        """Return whether there are any credentials. Only a call shows whether they are valid."""
        try:
            return self.aws.session.get_credentials() is not None
        except BotoCoreError:
            return True  # there are credentials; the first call will report what is wrong with them

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
            warnings = (f"No Region is configured, so {self.aws.region} is used. Choose another with --region NAME.",)
        base = base_account(caller, self._kind, self.aws.region, self.clock(), warnings)
        reading = AccountReading(self, caller, base, organization=self._organization_too)
        self._readings.add(reading)
        yield from reading.states()

    def close(self) -> None:
        for reading in tuple(self._readings):
            reading.stop()
        self.aws.close()


__all__ = ["AwsReader", "SourceError", "open_aws"]
