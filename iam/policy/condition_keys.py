"""Which condition keys a request contains: always, for some callers, or only if they are sent.

A key without a known value is not simply absent. If AWS always sends the key, its value is unknown; if AWS sends it
with some calls, it may have a value. The rows follow "Availability" in the IAM User Guide: "AWS global condition
context keys" (reference_policies_condition-keys) and "IAM and AWS STS condition context keys"
(reference_policies_iam-condition-keys). A key without a row may be present in some calls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum

from iam.policy.principal import Kind


class Presence(Enum):
    """Whether a request contains a condition key whose value is unknown."""

    NEVER = "never"
    PERHAPS = "perhaps"
    IF_SENT = "if sent"  # may be present: if the caller, or a service that the caller uses, sends it
    ALWAYS = "always"


KeyPresence = Callable[[str], Presence]
"""A function that returns whether a kind of request contains a condition key, given in lower case."""


KnownAbsent = Callable[[str], bool]
"""A function that returns whether a condition key (in lower case) is known to be absent from a kind of request."""


def known_absent(presence: KeyPresence) -> KnownAbsent:
    """Return a function that is true for keys that, according to ``presence``, no request contains."""
    return lambda key: presence(key) is Presence.NEVER


def without(absent: KnownAbsent, presence: KeyPresence) -> KeyPresence:
    """Return ``presence`` changed so that the keys selected by ``absent`` are never present."""
    return lambda key: Presence.NEVER if absent(key) else presence(key)


_OF_AN_ENDPOINT = frozenset(
    {"aws:sourcevpc", "aws:sourcevpcarn", "aws:sourcevpce", "aws:vpceaccount", "aws:vpceorgid", "aws:vpcsourceip"}
)


def through_an_endpoint(keys: Iterable[str]) -> bool:
    """Whether these condition keys include one that only requests through a VPC endpoint have."""
    return any(key.lower() in _OF_AN_ENDPOINT for key in keys)


def of_an_endpoint(presence: KeyPresence) -> KeyPresence:
    """Return ``presence`` changed for requests through a VPC endpoint, which have no aws:SourceIp.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceip
    """
    return without(lambda key: key == "aws:sourceip", presence)


def presence(key: str, kind: Kind, action: str = "") -> Presence:
    """Return whether requests by this kind of caller contain the key. ``key`` and ``action`` are in lower case."""
    row = _ROWS.get(key) or next((row for start, row in _BEGINNINGS.items() if key.startswith(start)), None)
    if row is None:
        return Presence.PERHAPS
    found, kinds = row
    if key in _TEMPORARY and kind in _LONG_TERM:
        return Presence.IF_SENT  # absent with access keys, present with credentials from GetSessionToken
    if kinds is not None and kind not in kinds:
        return Presence.PERHAPS if kind is Kind.UNKNOWN else Presence.NEVER
    if found is Presence.IF_SENT and kind is Kind.SERVICE and key not in _ROWS:
        # the caller does not choose what a service sends (an ACL for log delivery, tags by Pod Identity)
        return Presence.PERHAPS
    if found is Presence.ALWAYS and key.startswith("sts:") and not action.startswith("sts:"):
        return Presence.PERHAPS
    return found


_SESSIONS = frozenset({Kind.ROLE, Kind.SESSION, Kind.FEDERATED_USER})
_LONG_TERM = frozenset({Kind.USER, Kind.ROOT})  # their credentials may also be temporary
_ACCOUNTS = _SESSIONS | _LONG_TERM
_TEMPORARY = frozenset({"aws:tokenissuetime", "aws:multifactorauthpresent", "aws:multifactorauthage"})
_SERVICES = frozenset({Kind.SERVICE})
_SIGNED = _ACCOUNTS | _SERVICES

# The presence for these kinds of callers; the key is absent for all other kinds. None means all kinds.
_Row = tuple[Presence, frozenset[Kind] | None]

_ROWS: dict[str, _Row] = {
    # Properties of the principal.
    "aws:principalarn": (Presence.ALWAYS, _ACCOUNTS),
    "aws:principalaccount": (Presence.ALWAYS, _ACCOUNTS),
    "aws:principalorgid": (Presence.PERHAPS, _ACCOUNTS),
    "aws:principalorgpaths": (Presence.PERHAPS, _ACCOUNTS),
    "aws:principalorgmasteraccountid": (Presence.PERHAPS, _ACCOUNTS),
    "aws:principalisawsservice": (Presence.ALWAYS, _SIGNED),
    "aws:principalservicename": (Presence.ALWAYS, _SERVICES),
    "aws:principalservicenameslist": (Presence.ALWAYS, _SERVICES),
    "aws:principaltype": (Presence.ALWAYS, None),
    "aws:userid": (Presence.ALWAYS, None),
    "aws:username": (Presence.ALWAYS, frozenset({Kind.USER})),
    # Properties of a session. "… only when the principal uses temporary credentials to make the request."
    "aws:tokenissuetime": (Presence.PERHAPS, _ACCOUNTS),
    "aws:multifactorauthpresent": (Presence.PERHAPS, _ACCOUNTS),
    "aws:multifactorauthage": (Presence.PERHAPS, _ACCOUNTS),
    "aws:federatedprovider": (Presence.PERHAPS, _SESSIONS),
    "aws:assumedroot": (Presence.PERHAPS, frozenset({Kind.ROOT})),
    "aws:sourceidentity": (Presence.IF_SENT, _SESSIONS),
    "ec2:sourceinstancearn": (Presence.PERHAPS, _SESSIONS),
    "ec2:roledelivery": (Presence.PERHAPS, _SESSIONS),
    "lambda:sourcefunctionarn": (Presence.PERHAPS, _SESSIONS),
    # Properties of the request.
    "aws:currenttime": (Presence.ALWAYS, None),
    "aws:epochtime": (Presence.ALWAYS, None),
    "aws:requestedregion": (Presence.ALWAYS, None),
    "aws:securetransport": (Presence.ALWAYS, None),
    "aws:viaawsservice": (Presence.ALWAYS, None),
    "aws:tagkeys": (Presence.IF_SENT, None),
    "aws:calledvia": (Presence.IF_SENT, _ACCOUNTS),
    "aws:calledviafirst": (Presence.IF_SENT, _ACCOUNTS),
    "aws:calledvialast": (Presence.IF_SENT, _ACCOUNTS),
    # Keys in requests to IAM and STS. Not all services support iam:PassedToService.
    "iam:permissionsboundary": (Presence.IF_SENT, None),
    "sts:externalid": (Presence.IF_SENT, None),
    "sts:sourceidentity": (Presence.IF_SENT, None),
    "sts:transitivetagkeys": (Presence.IF_SENT, None),
    "sts:rolesessionname": (Presence.ALWAYS, None),
}
_BEGINNINGS: dict[str, _Row] = {
    "aws:principaltag/": (Presence.PERHAPS, _ACCOUNTS),
    "aws:requesttag/": (Presence.IF_SENT, None),
    "s3:x-amz-": (Presence.IF_SENT, None),
    "s3:requestobjecttag": (Presence.IF_SENT, None),
}
