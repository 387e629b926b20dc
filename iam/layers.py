"""Every policy that has a say in a request, from the account and, for what it lacks, from its reader."""

from __future__ import annotations

from iam.account import (
    Account,
    Role,
    User,
    VpcEndpoint,
)
from iam.context import with_context
from iam.layer_policies import Gathered, Gathering, LayerReading
from iam.policy.document import Document
from iam.policy.request import NamedPolicy, Policies, Request
from iam.sources.reader import AccountReader

__all__ = [
    "Gathered",
    "LayerReading",
    "gather",
    "organization_layers",
    "principal_layers",
    "shared_layers",
]


def gather(
    request: Request,
    account: Account,
    reader: AccountReader,
    *,
    session_policy: Document | None = None,
    vpc_endpoint: str | VpcEndpoint | None = None,
) -> Gathered:
    """Collect the layers of a request.

    ``session_policy`` is the one that was passed when the session was made, if any. ``vpc_endpoint`` is the endpoint
    that the request goes through, or its id: without it, the request is taken to go through none. May block.
    """
    work = Gathering(request, account, reader)
    identity, boundary = work.principal_layers()
    tags = work.resource_tags()
    filled = with_context(request, account, work.entity, tags)
    policies = Policies(
        identity=identity,
        resource=work.resource(),
        boundary=boundary,
        session=None if session_policy is None else NamedPolicy(session_policy, "session policy"),
        scps=work.scps(),
        rcps=work.rcps(),
        vpc_endpoint=work.endpoint(vpc_endpoint),
        vpc_endpoint_type=work.endpoint_type,
        unread=frozenset(reading.layer for reading in work.readings if reading.unread),
    )
    return Gathered(filled, policies, work.entity, tuple(work.readings), work.principal_missing)


def principal_layers(
    entity: Role | User, account: Account, reader: AccountReader, documents: dict[str, tuple[Document | None, str]]
) -> Gathered:
    """What `gather` finds for one role or user of the account, whatever it asks for: identity policies and boundary.

    ``documents`` remembers managed policies by ARN, so that the next entity does not read them again. May block.
    """
    work = Gathering(Request(entity.arn, "", "*"), account, reader, documents=documents)
    identity, boundary = work.principal_layers()
    return work.gathered(Policies(identity=identity, boundary=boundary))


def organization_layers(request: Request, account: Account, reader: AccountReader) -> Gathered:
    """The SCPs and RCPs of a request, which are the same for every role and user of the account; service-linked roles
    are under neither. May block."""
    work = Gathering(request, account, reader)
    return work.gathered(Policies(scps=work.scps(), rcps=work.rcps()))


def shared_layers(request: Request, account: Account, reader: AccountReader) -> Gathered:
    """The same with the resource's own policy. May block."""
    work = Gathering(request, account, reader)
    return work.gathered(Policies(resource=work.resource(), scps=work.scps(), rcps=work.rcps()))
