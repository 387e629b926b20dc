"""A small account in memory, behind the reader's interface."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from iam.access_analyzer import AnalyzerReport
from iam.account import Account, AttachedPolicy, InlinePolicy, LastUsed, ManagedPolicy, PolicyVersion, Role, Unreadable
from iam.organization.levels import Organization
from iam.other_services import ServiceLastAccessed, StackResource
from iam.policy.document import Document
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.entities import EntityName
from iam.sources.reader.evidence import EventPage
from iam.sources.reader.reading import Reading
from iam.sources.reader.resources import Binding, Workload, WorkloadRegions
from iam.sources.source_error import SourceError
from tui.app import RolescopeApp
from tui.configuration import Configuration

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
ACCOUNT_ID = "111122223333"


def document(*statements: Mapping[str, Any]) -> Document:
    return Document.from_value({"Version": "2012-10-17", "Statement": list(statements)})


def trust(**principal: Any) -> Document:
    return document({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})


def allow(action: str | Sequence[str], resource: str | Sequence[str] = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def role(name: str, *, path: str = "/", **fields: Any) -> Role:
    given: dict[str, Any] = {
        "trust": trust(Service="lambda.amazonaws.com"),
        "inline": (),
        "attached": (),
        "tags": {},
        "created": NOW - timedelta(days=100),
        "last_used": LastUsed(None),
        "max_session_seconds": 3600,
        "instance_profiles": (),
    }
    given.update(fields)
    return Role(name=name, arn=f"arn:aws:iam::{ACCOUNT_ID}:role{path}{name}", path=path, **given)


def managed(name: str, *documents: Document, aws: bool = False) -> ManagedPolicy:
    owner = "aws" if aws else ACCOUNT_ID
    versions = tuple(
        PolicyVersion(f"v{number}", each, number == len(documents), NOW - timedelta(days=30 - number))
        for number, each in enumerate(documents, 1)
    )
    return ManagedPolicy(
        name, f"arn:aws:iam::{owner}:policy/{name}", versions=versions, default_version_id=f"v{len(documents)}"
    )


BASIC_EXECUTION = managed(
    "AWSLambdaBasicExecutionRole",
    document(allow(["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"])),
    aws=True,
)
ASSETS_READ = managed(
    "app-assets-read",
    document(allow(["s3:GetObject", "s3:ListBucket"], ["arn:aws:s3:::harbor-assets", "arn:aws:s3:::harbor-assets/*"])),
    document(allow("s3:GetObject", "arn:aws:s3:::harbor-assets/*")),
)
BOUNDARY = managed("DeveloperBoundary", document(allow(["s3:*", "lambda:*"])))

ROLES = (
    role(
        "orders-api-lambda",
        path="/app/",
        attached=(AttachedPolicy(BASIC_EXECUTION.name, BASIC_EXECUTION.arn),),
        inline=(
            InlinePolicy(
                "orders-table-rw",
                document(
                    allow(
                        ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"],
                        f"arn:aws:dynamodb:us-east-1:{ACCOUNT_ID}:table/orders",
                        Sid="Orders",
                    )
                ),
            ),
        ),
        tags={"team": "orders", "env": "prod"},
        last_used=LastUsed(NOW - timedelta(minutes=1), "us-east-1"),
    ),
    role(
        "web-frontend-ec2",
        path="/app/",
        trust=trust(Service="ec2.amazonaws.com"),
        attached=(AttachedPolicy(ASSETS_READ.name, ASSETS_READ.arn),),
        instance_profiles=("web-frontend-ec2",),
        last_used=LastUsed(NOW - timedelta(hours=2), "us-east-1"),
    ),
    role(
        "ci-pipeline-builder",
        path="/ci/",
        trust=trust(Service="codebuild.amazonaws.com"),
        boundary_arn=BOUNDARY.arn,
        last_used=LastUsed(NOW - timedelta(days=200)),
    ),
    role(
        "break-glass-admin",
        path="/human/",
        trust=trust(AWS=f"arn:aws:iam::{ACCOUNT_ID}:root"),
        created=NOW - timedelta(days=900),
    ),
    role(
        "AWSServiceRoleForECS",
        path="/aws-service-role/ecs.amazonaws.com/",
        trust=trust(Service="ecs.amazonaws.com"),
    ),
)


class FakeReader:
    """Yields the account in one state or in several; single reads come from what it was made with."""

    kind = "demo"
    neighbours = None

    def __init__(
        self,
        roles: Sequence[Role] = ROLES,
        *,
        policies: Sequence[ManagedPolicy] = (ASSETS_READ, BOUNDARY),
        on_demand: Sequence[ManagedPolicy] = (BASIC_EXECUTION,),
        unreadable: Sequence[Unreadable] = (),
        kind: str = "demo",
        failure: str = "",
        details: Mapping[str, Role] | None = None,
        pages: int = 1,
    ) -> None:
        self.kind = kind
        self.roles, self.policies, self.unreadable, self.failure = (
            tuple(roles),
            tuple(policies),
            tuple(unreadable),
            failure,
        )
        self.on_demand = {policy.arn: policy for policy in on_demand}
        self.details = details or {}
        self.pages = pages
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> Callable[..., Reading[Any]]:
        """Whatever else an account can be asked for cannot be read here."""
        if name.startswith("_") or not callable(getattr(AccountReader, name, None)):
            raise AttributeError(name)
        return lambda *_, **__: Reading(name, why="It cannot be read here.")

    def recent_events(self) -> Iterator[EventPage]:
        return iter(())

    def simulator(self) -> None:
        return None

    def access_analyzer(self) -> Reading[AnalyzerReport]:
        return Reading("access-analyzer:ListAnalyzers", AnalyzerReport())

    def account(self, count: int, progress: str | None) -> Account:
        return Account(
            ACCOUNT_ID,
            "demo",
            NOW,
            alias="harbor-prod",
            caller_arn=f"arn:aws:iam::{ACCOUNT_ID}:user/carla",
            region="us-east-1",
            roles=self.roles[:count],
            policies=self.policies,
            unreadable=self.unreadable,
            progress=progress,
        )

    def accounts(self) -> Iterator[Account]:
        if self.failure:
            raise SourceError(self.failure)
        size = -(-len(self.roles) // self.pages)
        for page in range(1, self.pages):
            yield self.account(page * size, f"{page * size} roles read")
        yield self.account(len(self.roles), None)

    def clock(self) -> datetime:
        return NOW

    def close(self) -> None:
        """Nothing is under way."""

    def role(self, name: str) -> Reading[Role]:
        self.asked.append(name)
        return Reading("iam:GetRole", self.details.get(name))

    def managed_policy(self, arn: str) -> Reading[ManagedPolicy]:
        self.asked.append(arn)
        return Reading("iam:GetPolicy", self.on_demand.get(arn))

    def entity_names(self, kind: str) -> Reading[tuple[EntityName, ...]]:
        return Reading("iam:List", ())

    def organization(self) -> Reading[Organization]:
        return Reading("organizations:DescribeOrganization")

    def permission_set_accounts(self, name: str, region: str) -> Reading[tuple[str, ...]]:
        return Reading("sso:ListAccountsForProvisionedPermissionSet", why="It cannot be read.")

    def stack_resources(self, physical_id: str) -> Reading[tuple[StackResource, ...]]:
        return Reading("cloudformation:DescribeStackResources", ())

    def all_bindings(self, regions: tuple[str, ...] = ()) -> Reading[tuple[Binding, ...]]:
        return Reading("lambda:ListFunctions", ())

    def workload_regions(self) -> Reading[WorkloadRegions]:
        return Reading("ec2:DescribeRegions", WorkloadRegions(("us-east-1",), ()))

    def workloads(self, kind: str, regions: tuple[str, ...] = ()) -> Reading[tuple[Workload, ...]]:
        return Reading(kind, ())

    def resources(self) -> Reading[tuple[str, ...]]:
        return Reading("tag:GetResources", ())

    def aws_managed_policies(self) -> Reading[tuple[str, ...]]:
        return Reading("iam:ListPolicies", ())

    def resource_policy(self, arn: str) -> Reading[Document]:
        found = next((each.trust for each in self.roles if each.arn == arn), None)
        return Reading("iam:GetRole", found)

    def lookup_events(self, attribute: str, value: str, *, since: datetime, region: str = "") -> Iterator[EventPage]:
        """Yield nothing: no event is recorded."""
        return iter(())

    def last_accessed(self, arn: str) -> Reading[tuple[ServiceLastAccessed, ...]]:
        return Reading(
            "iam:GenerateServiceLastAccessedDetails",
            (ServiceLastAccessed("dynamodb", NOW - timedelta(days=1)), ServiceLastAccessed("logs", None)),
        )


def options(**changes: Any) -> argparse.Namespace:
    given = {
        "demo": True,
        "as_user": None,
        "snapshot": None,
        "profile": None,
        "region": None,
        "endpoint_url": None,
        "mfa_code": None,
        "write": False,
        "no_mouse": False,
        "role": None,
        "filter": None,
    }
    given.update(changes)
    return argparse.Namespace(**given)


def make_app(reader: Any = None, *, configuration: Configuration | None = None, **changes: Any) -> RolescopeApp:
    """The application on the fake account. ``reader`` is only as much of an AccountReader as the screens need.

    Drafts are kept for accounts of AWS alone, unless the configuration says so: tests of the demo share a home.
    """
    used: AccountReader = reader if reader is not None else FakeReader()  # type: ignore[assignment]  # see above
    drafts = getattr(used, "kind", "") == "aws"
    return RolescopeApp(options(**changes), lambda *_: used, configuration or Configuration(drafts=drafts))
