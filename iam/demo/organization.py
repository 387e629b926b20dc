"""The accounts of the demo's organization and a partner's account, each reached by assuming a role in it."""

from __future__ import annotations

from dataclasses import dataclass

from iam.credentials.live_accounts import LiveAccounts
from iam.demo.account.facts import ACCOUNT, PARTNER, REGIONS
from iam.demo.aws.sessions import session_for
from iam.demo.build import build_neighbours
from iam.demo.clock import CLOCK
from iam.demo.open import DemoReader, NeighbourReader, serve
from iam.sources.aws import errors as aws_errors
from iam.sources.aws.organization_tree import read_tree
from iam.sources.aws.session import FAILURES
from iam.sources.source_error import SourceError

VIA = "platform-access"
"""The role that is assumed in each of the other accounts."""


@dataclass(frozen=True, slots=True)
class ReachableDemo:
    """The demo accounts that ``own`` can reach. Implements `iam.credentials.reachable.Reachable`."""

    own: DemoReader

    def reader(self, account: str) -> NeighbourReader | DemoReader:
        """Return a reader for an account. Raises `SourceError` if the role in it cannot be assumed."""
        if account == ACCOUNT:
            return self.own
        role = f"arn:aws:iam::{account}:role/{VIA}"
        try:
            made = self.own.aws.client("sts").assume_role(RoleArn=role, RoleSessionName="rolescope")["Credentials"]
        except FAILURES as error:
            raise SourceError(aws_errors.why("sts:AssumeRole", error, None)) from error
        session = session_for(
            serve(self.own.world),
            access_key=made["AccessKeyId"],
            secret=made["SecretAccessKey"],
            token=made["SessionToken"],
            region=self.own.region,
        )
        return NeighbourReader(
            session, kind="demo", clock=CLOCK.now, regions=REGIONS, organization=False, world=self.own.world
        )


def open_demo_accounts(own: DemoReader) -> LiveAccounts:
    """Open the accounts of the demo's organization, and the partner's account.

    Raises `SourceError` if the caller may not read the organization.
    """
    reading, problems = read_tree(own.aws)
    tree = reading.value
    if tree is None or tree.members is None:
        whys = " ".join((reading.why or reading.note, *problems)).strip()
        raise SourceError(f"The accounts of the organization could not be read: {whys}")
    build_neighbours(own.world)
    return LiveAccounts(tree, [*(each.id for each in tree.members), PARTNER], ReachableDemo(own))
