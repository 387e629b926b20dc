"""Open the demo account with a reader, or with boto3 sessions for tests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import boto3

from iam.demo.account.facts import HOME_REGION, NOW, REGIONS
from iam.demo.account.load import DEMO
from iam.demo.aws.authorization import records
from iam.demo.aws.authorization.authorize import ORG_ADMIN_ROLE, ORG_ADMIN_SESSION, authorize
from iam.demo.aws.checks import quotas
from iam.demo.aws.server import Server
from iam.demo.aws.services import (
    access_analyzer,
    identity,
    identity_center,
    last_accessed,
    organizations,
    simulator,
    sts,
    trail,
    trail_query,
    validation,
    workloads,
)
from iam.demo.aws.sessions import session_for
from iam.demo.aws.world import DemoSession, World
from iam.demo.build import build
from iam.demo.clock import CLOCK
from iam.sources.aws.reader import AwsReader
from iam.sources.reader.reading import Reading
from iam.sources.reader.resources import Workload, WorkloadRegions
from iam.sources.source_error import SourceError

ORG_ADMIN = "org-admin"
_ORG_ADMIN_KEY = "ASIAHARBORORGADMIN01"


def open_demo(*, as_user: str | None = None, region: str | None = None) -> DemoReader:
    """Open the demo account as the org-admin role or as one of its users. Needs no credentials and no network.

    Raises `SourceError` if the account does not have this user.
    """
    keys = _keys()
    if as_user is not None and as_user not in (*keys, ORG_ADMIN):
        choices = ", ".join((*keys, ORG_ADMIN))
        raise SourceError(f"The demo account has no user {as_user}: choose one of {choices}.")
    return reader(build(), as_user=as_user, region=region)


def reader(world: World, *, as_user: str | None = None, region: str | None = None) -> DemoReader:
    """Return a reader for an existing world."""
    opened = session(world, as_user=as_user, region=region)
    return DemoReader(opened, kind="demo", clock=CLOCK.now, regions=REGIONS, world=world)


class DemoReader(AwsReader):
    """The reader for the demo account.

    It returns the workloads without using moto, whose thirty services would take ten seconds to load.
    """

    def __init__(self, session: boto3.Session, *, world: World, **options: Any) -> None:
        super().__init__(session, **options)
        self.world = world

    def workload_regions(self) -> Reading[WorkloadRegions]:
        return Reading("demo", WorkloadRegions(REGIONS, ()))

    def workloads(self, kind: str, regions: tuple[str, ...] = ()) -> Reading[tuple[Workload, ...]]:
        if kind != "cloudformation-stack":
            return Reading("demo", ())
        return Reading("demo", (Workload(kind, DEMO.stack["StackId"], HOME_REGION, (), ()),))


class NeighbourReader(DemoReader):
    """The reader for one of the demo's other accounts, which have no workloads."""

    def workloads(self, kind: str, regions: tuple[str, ...] = ()) -> Reading[tuple[Workload, ...]]:
        return Reading("demo", ())


def session(world: World, *, as_user: str | None = None, region: str | None = None) -> boto3.Session:
    """Return a boto3 session for one of the account's identities."""
    region = region or HOME_REGION
    if as_user is None or as_user == ORG_ADMIN:
        world.sessions[_ORG_ADMIN_KEY] = DemoSession(
            ORG_ADMIN_ROLE, ORG_ADMIN_SESSION, expires=NOW + timedelta(hours=4)
        )
        return session_for(serve(world), access_key=_ORG_ADMIN_KEY, token="demo", region=region)
    return session_for(serve(world), access_key=_keys()[as_user], region=region)


def _keys() -> dict[str, str]:
    """Return the access key of each user."""
    return {key.user: key.id for key in DEMO.contents.access_keys or ()}


def serve(world: World) -> Server:
    """Return a server for the world, with all of the demo's additions to moto."""
    return Server(
        world,
        handlers={
            **access_analyzer.HANDLERS,
            **identity.HANDLERS,
            **last_accessed.HANDLERS,
            **simulator.HANDLERS,
            **identity_center.HANDLERS,
            **organizations.HANDLERS,
            **quotas.HANDLERS,
            **records.HANDLERS,
            **sts.HANDLERS,
            **trail.HANDLERS,
            **trail_query.HANDLERS,
            **validation.HANDLERS,
            **workloads.HANDLERS,
        },
        guards={**identity.GUARDS, **trail_query.GUARDS},
        after=identity.AFTER,
        authorize=authorize,
        failed=trail.record_refusal,
        # Only the demo's own account has workloads, a trail in Athena, and answers about the organization.
        elsewhere={
            **identity.HANDLERS,
            **last_accessed.HANDLERS,
            **simulator.HANDLERS,
            **quotas.HANDLERS,
            **records.HANDLERS,
            **sts.HANDLERS,
            **trail.HANDLERS,
            **validation.HANDLERS,
            **workloads.NOTHING_RUNS,
        },
    )
