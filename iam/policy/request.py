"""A request to be evaluated, and the policies that apply to it, by layer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from iam.policy.document import Document


@dataclass(frozen=True, slots=True)
class Request:
    """One AWS request: its principal, action and resource, and the values of its condition keys.

    ``principal`` is an ARN (user, role, assumed-role session, federated user, account root), a service principal
    (``lambda.amazonaws.com``), the ARN of an identity provider (web identity and SAML calls), or None for an anonymous
    caller. ``resource`` is an ARN or ``*``. ``context`` maps condition keys, whose case is ignored, to their values. An
    absent key has no value, which differs from an empty value. ``resource_account`` is 12 digits; if it is None, the
    account in the resource's ARN is used, or else the principal's.
    """

    principal: str | None
    action: str
    resource: str = "*"
    resource_account: str | None = None
    context: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class HolderKind(StrEnum):
    ROLE = "role"
    USER = "user"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Holder:
    """The role, user or group in which an inline policy is embedded."""

    kind: HolderKind
    name: str
    arn: str


@dataclass(frozen=True, slots=True)
class NamedPolicy:
    """A policy document and its name.

    ``arn`` is None for inline policies and for documents of unknown origin. ``holder`` is the role, user or group of an
    inline policy; for a group's policy it is the group, not the caller.
    """

    document: Document
    name: str | None = None
    arn: str | None = None
    holder: Holder | None = None


MOST_SESSION_POLICIES = 11
"""The maximum number of session policies that one session can have: one inline policy and ten managed ones.

STS API Reference, "AssumeRole": Policy, PolicyArns:
https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
"""


class EndpointType(StrEnum):
    """The kinds of VPC endpoints that have policies, spelled as in EC2's API."""

    GATEWAY = "Gateway"
    INTERFACE = "Interface"


@dataclass(frozen=True, slots=True)
class Policies:
    """The policies of one request, by layer.

    None means that the layer is absent (no boundary is set, no session policy was passed, the account is in no
    organization …). An empty tuple means that the layer exists but has no policies, so it allows nothing. A layer that
    exists but could not be read is None and named in ``unread``: a Decision then considers only the policies that were
    read.

    ``session`` are the policies passed when the session was created, at most `MOST_SESSION_POLICIES`; an action is
    allowed if one of them allows it. ``scps`` and ``rcps`` contain one tuple for each level, the organization's root
    first. ``vpc_endpoint_type`` is None if unknown.
    """

    identity: tuple[NamedPolicy, ...] = ()
    resource: NamedPolicy | None = None
    boundary: tuple[NamedPolicy, ...] | None = None
    session: tuple[NamedPolicy, ...] | None = None
    scps: tuple[tuple[NamedPolicy, ...], ...] | None = None
    rcps: tuple[tuple[NamedPolicy, ...], ...] | None = None
    vpc_endpoint: tuple[NamedPolicy, ...] | None = None
    vpc_endpoint_type: EndpointType | None = None
    unread: frozenset[str] = frozenset()

    def mapped(self, change: Callable[[NamedPolicy], NamedPolicy]) -> Policies:
        """Return a copy in which ``change`` was applied to every policy of every layer."""

        def each(group: Iterable[NamedPolicy]) -> tuple[NamedPolicy, ...]:
            return tuple(map(change, group))

        return replace(
            self,
            identity=each(self.identity),
            resource=self.resource and change(self.resource),
            boundary=None if self.boundary is None else each(self.boundary),
            session=None if self.session is None else each(self.session),
            scps=None if self.scps is None else tuple(map(each, self.scps)),
            rcps=None if self.rcps is None else tuple(map(each, self.rcps)),
            vpc_endpoint=None if self.vpc_endpoint is None else each(self.vpc_endpoint),
        )
