"""Determine whether access is public: whether somebody about whom nothing is known meets its conditions.

S3's rules are used for every service (Amazon S3 User Guide, "The meaning of public",
https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html). A condition makes access
non-public only if it requires a fixed value of a key that a stranger cannot choose. A condition on an address range
makes it non-public only if the range is no wider than /8 (IPv4) or /32 (IPv6).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import replace

from iam.policy.conditions import Condition
from iam.policy.operators import operator
from iam.policy.principal import caller
from iam.policy.request import Request
from iam.policy.statements import ConditionBlock
from iam.questions.catalogue import PROBE
from iam.questions.change.effects import ANYBODY, AccessEffect

_STRANGER_ACCOUNT = "100000000001"
_STRANGER: dict[str, tuple[str, ...] | None] = {
    "aws:principalorgid": ("o-rolescopeprobe",),
    "aws:principalorgpaths": ("o-rolescopeprobe/r-probe/",),
    "aws:principalaccount": (_STRANGER_ACCOUNT,),
    "aws:userid": ("AROAROLESCOPEPROBE000:rolescope-probe",),
    "aws:principalisawsservice": ("false",),
    "aws:principalservicename": None,
    "aws:principalservicenameslist": None,
    "aws:sourcearn": None,
    "aws:sourceaccount": None,
    "aws:sourceowner": None,
    "aws:sourceorgid": None,
    "aws:sourceorgpaths": None,
    "aws:sourcevpc": None,
    "aws:sourcevpce": None,
    "aws:sourcevpcarn": None,
    "aws:vpcsourceip": None,
    "aws:vpceaccount": None,
    "aws:vpceorgid": None,
    "aws:vpceorgpaths": None,
    "kms:calleraccount": (_STRANGER_ACCOUNT,),
    "s3:dataaccesspointaccount": None,
    "s3:dataaccesspointarn": None,
    "s3:x-amz-server-side-encryption-aws-kms-key-id": None,
    "elasticfilesystem:accessedviamounttarget": ("false",),
}
"""By condition key in lower case: the values in a stranger's request of keys that the stranger cannot choose.

   None if the request lacks the key.
"""
_WIDEST = {4: 8, 6: 32}
"""The shortest prefix length of an address range that does not count as public, by IP version."""


def open_to_strangers(effect: AccessEffect) -> AccessEffect | None:
    """Return the part of the access that any account or callers without credentials have; None if there is none."""
    principals = tuple(label for label in effect.principals if _represents_strangers(label))
    if not principals:
        return None
    if not all(_met(each, True) for each in effect.conditions) or not all(_met(each, False) for each in effect.unless):
        return None
    return replace(effect, principals=principals, sample=_as_stranger(effect, principals[0]))


def _represents_strangers(label: str) -> bool:
    account = "".join(label.split(":", 5)[4:5])
    return label == ANYBODY or (bool(account) and not account.isdigit())


def _as_stranger(effect: AccessEffect, label: str) -> Request | None:
    """Return the same request made by a stranger.

    Callers that the policy does not distinguish share one request, so ``effect.request`` may be that of another caller.
    """
    request = effect.request
    if request is None or request.principal is None:
        return request
    named = {caller(each).account for each in effect.principals if not _represents_strangers(each)}
    own = caller(request.principal).account
    if own is not None and own not in (*named, request.resource_account):
        return request
    kept = {key: had for key, had in request.context.items() if not key.lower().startswith("aws:principal")}
    if label == ANYBODY:
        return replace(request, principal=None, context=kept)
    principal = f"{label.split('::')[0]}::{_STRANGER_ACCOUNT}:role/{PROBE}"
    kept |= {"aws:PrincipalAccount": (_STRANGER_ACCOUNT,), "aws:PrincipalArn": (principal,)}
    return replace(request, principal=principal, context=kept)


def _met(block: ConditionBlock, wanted: bool) -> bool:
    """Return whether a stranger can make a condition true or, if not ``wanted``, false."""
    key = block.key.lower()
    if key == "aws:sourceip":
        return _address_met(block, wanted)
    if key not in _STRANGER:
        return True  # the caller can choose this value, or it is the same for all callers
    values = _STRANGER[key]
    return Condition(block, False).holds(lambda _: values) is wanted


def _address_met(block: ConditionBlock, wanted: bool) -> bool:
    """Return whether anyone outside the account can have an address that satisfies the condition.

    They can if the condition only excludes ranges, or if a range that it accepts is wide.
    """
    parts = operator(block.operator)
    if parts is None or parts.base != "IpAddress":
        return True
    inside = wanted is not parts.negated
    return not inside or any(map(_is_wide, _networks(block.values)))


def _networks(values: Iterable[str]) -> Iterable[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    for text in values:
        try:
            yield ipaddress.ip_network(text, strict=False)
        except ValueError:
            continue


def _is_wide(network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> bool:
    return network.prefixlen < _WIDEST[network.version]
