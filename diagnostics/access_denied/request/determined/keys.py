"""Condition keys whose values the service determines, or which requests to the service never contain."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from diagnostics.access_denied.request.determined.created_resources import of_tags_of_ec2
from diagnostics.access_denied.request.determined.direct_calls import of_a_direct_call, of_the_calling_account
from diagnostics.access_denied.request.determined.mounts import of_a_mount
from diagnostics.access_denied.request.determined.network import of_the_network, of_the_region
from diagnostics.access_denied.request.determined.never_sent import never_sent_keys
from diagnostics.access_denied.request.determined.role_receiver import of_a_passed_role
from diagnostics.access_denied.request.determined.values_of_the_call import (
    of_a_cluster,
    of_a_delivery,
    of_a_directory_bucket,
    of_a_list_of_objects,
    of_records,
    without_mfa,
)
from diagnostics.failure import Denial
from iam.claims import Keys, Sourced, Values

Rule = Callable[[Denial, str, str], Iterator[tuple[str, Sourced[Values]]]]
"""A rule yields condition keys for the denial, its action and its resource, or a pattern for the resource."""
_RULES: tuple[Rule, ...] = (
    of_a_passed_role,
    of_a_delivery,
    of_a_directory_bucket,
    of_a_mount,
    of_the_network,
    of_a_direct_call,
    of_the_calling_account,
    of_tags_of_ec2,
    of_records,
    of_a_list_of_objects,
    of_a_cluster,
    without_mfa,
    of_the_region,
)


def determined_keys(denial: Denial, action: str, resource: str, asked: Iterable[str]) -> Keys:
    """Return the condition keys of the denied request that are known beyond what its text shows.

    ``asked`` are the condition keys in the text's policies. Keys that no such request contains are returned as absent,
    and their source says why. ``resource`` is the requested resource, or a pattern for it.
    """
    known = (pair for rule in _RULES for pair in rule(denial, action, resource))
    return {**dict(never_sent_keys(denial, action, resource, asked)), **dict(known)}
