"""The accounts that a session can reach: its own, and others through roles with the same name or through profiles."""

from __future__ import annotations

from dataclasses import dataclass

import boto3

from iam.credentials.profiles import ProfilesError, configured_profiles
from iam.sources.aws import errors as aws_errors
from iam.sources.aws.reader import AwsReader, open_aws
from iam.sources.aws.session import FAILURES
from iam.sources.source_error import SourceError

SESSION_NAME = "rolescope"


@dataclass(frozen=True, slots=True)
class ReachableAccounts:
    """Provides readers for the accounts of an organization.

    ``own`` reads the account of the caller's credentials. ``via`` is the name of the role that is assumed in every
    other account; "" to use the profiles of the AWS configuration.
    """

    own: AwsReader
    via: str = ""

    def reader(self, account: str) -> AwsReader:
        """Return a reader for an account. The reader does not read the account's organization.

        Raises `SourceError` if the account cannot be reached, or if STS denies the call.
        """
        try:
            caller = self.own.aws.caller()
        except FAILURES as error:
            raise aws_errors.source_error(error, self.own.aws.profile) from error
        if account == caller.account:
            return self._of(self.own.aws.session)
        if self.via:
            return self._of(self._assumed(account, caller.arn.split(":")[1]))
        profile = by_profiles().get(account)
        if profile is None:
            raise SourceError(f"No profile of the AWS configuration belongs to account {account}: give --via ROLE.")
        return self._of(
            open_aws(profile=profile, region=self.own.region, endpoint_url=self.own.aws.endpoint_url).aws.session
        )

    def _of(self, session: boto3.Session) -> AwsReader:
        return AwsReader(session, endpoint_url=self.own.aws.endpoint_url, organization=False)

    def _assumed(self, account: str, partition: str) -> boto3.Session:
        """Return a session of the role, which is not written to disk."""
        role = f"arn:{partition}:iam::{account}:role/{self.via.strip('/')}"
        try:
            made = self.own.aws.client("sts").assume_role(RoleArn=role, RoleSessionName=SESSION_NAME)["Credentials"]
        except FAILURES as error:
            raise SourceError(aws_errors.why("sts:AssumeRole", error, self.own.aws.profile)) from error
        return boto3.Session(
            made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"], region_name=self.own.region
        )


def by_profiles() -> dict[str, str]:
    """Return the accounts of the configured profiles, each with the name of its first profile."""
    found: dict[str, str] = {}
    try:
        for profile in configured_profiles():
            if profile.account is not None:
                found.setdefault(profile.account, profile.name)
    except ProfilesError:
        return {}
    return found
