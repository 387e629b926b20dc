"""Collect the policies that decide a request and can be evaluated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from iam.layers import Gathered, gather
from iam.policy.document import Document, PolicyError
from iam.policy.evaluate import ready
from iam.policy.layer import Layer
from iam.policy.request import NamedPolicy, Request
from iam.sources.reader.opened import OpenedAccount

if TYPE_CHECKING:
    from iam.other_services import VpcEndpoint


def gathered_for(
    request: Request,
    opened: OpenedAccount,
    *,
    session_policy: Document | None = None,
    vpc_endpoint: VpcEndpoint | str | None = None,
) -> tuple[Gathered, tuple[str, ...]]:
    """Return the policies that decide the request and can be read, and a sentence about each that cannot be evaluated.

    A policy that AWS would reject is left out, and its layer counts as unread.
    """
    found = gather(
        request,
        opened.account,
        opened.reader,
        session_policy=session_policy,
        vpc_endpoint=vpc_endpoint,
        accounts=opened.accounts,
    )
    faults: list[str] = []
    unread = set(found.policies.unread)

    def good(group: Iterable[NamedPolicy], layer: Layer) -> tuple[NamedPolicy, ...]:
        kept = []
        for policy in group:
            try:
                ready(policy, layer)
            except PolicyError as error:
                faults.append(str(error))
                unread.add(layer)
            else:
                kept.append(policy)
        return tuple(kept)

    def one(policy: NamedPolicy | None, layer: Layer) -> NamedPolicy | None:
        return next(iter(good((policy,), layer)), None) if policy is not None else None

    policies = found.policies
    policies = replace(
        policies,
        identity=good(policies.identity, Layer.IDENTITY),
        resource=one(policies.resource, Layer.RESOURCE),
        boundary=None if policies.boundary is None else good(policies.boundary, Layer.BOUNDARY) or None,
        session=None if policies.session is None else good(policies.session, Layer.SESSION) or None,
        scps=None if policies.scps is None else tuple(good(level, Layer.SCP) for level in policies.scps),
        rcps=None if policies.rcps is None else tuple(good(level, Layer.RCP) for level in policies.rcps),
        vpc_endpoint=None if policies.vpc_endpoint is None else good(policies.vpc_endpoint, Layer.VPC_ENDPOINT) or None,
    )
    if faults:
        policies = replace(policies, unread=frozenset(unread))
    return replace(found, policies=policies), tuple(faults)
