"""The failure that a pasted text describes. The field names are those of ``parsed`` in the JSON format."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from iam.lazy_pattern import regex

if TYPE_CHECKING:
    from diagnostics.failure_details import CredentialChain, DecodedMessage, Repair, Sequel
    from diagnostics.new_role import NewRole
    from diagnostics.text.tokens.token import Token
    from iam.sources.reader.authorization import AuthorizationRecord

_RECORD_LINK = regex(r"region=(?P<region>[a-z0-9-]+)#/authorization-details/")


CUT = "…"
"""The last character of an action that is truncated in the text: only its beginning is known."""


class Trouble(StrEnum):
    """The kind of a failure that is neither a denial nor a name conflict."""

    CREDENTIALS = "credentials"  # expired, invalid or wrongly signed credentials, clock, wrong region
    QUOTA = "quota"  # LimitExceeded
    SESSION_DURATION = "session-duration"
    PROTECTED_ROLE = "protected-role"  # UnmodifiableEntity of service-linked and reserved roles
    EMPTY_PROFILE = "empty-profile"  # an instance profile without a role, or none attached
    DELETE_CONFLICT = "delete-conflict"
    CONCURRENT = "concurrent-modification"
    NOT_FOUND = "not-found"  # NoSuchEntity
    INVALID_PRINCIPAL = "invalid-principal"  # a policy names a principal that IAM cannot find
    MALFORMED_POLICY = "malformed-policy"  # a document that AWS does not take as a policy
    SERVICE_ROLE_MISSING = "service-role-missing"  # a service-linked role that the account does not have yet
    THROTTLING = "throttling"
    NOT_IAM = "not-iam"  # looks like a denial and is none of IAM's
    UNRECOGNIZED = "unrecognized"


@dataclass(frozen=True, slots=True)
class Denial:
    """A denied request. Every field has the value and spelling of the text, or is None if the text does not contain it.

    ``stated_reason`` is ``implicit:LAYER``, ``explicit:LAYER``, ``explicit:unknown`` or ``s3-block-public-access``.
    ``missing_action`` is the action in "no … allows", if it differs from the performed action. ``claims_trust`` marks
    service messages that say that the service cannot assume a role; then ``service`` is the short name of the service
    principal and ``resource`` is the role, if the text contains it. ``tokens`` are the decoded tokens in the pasted
    text; ``text`` contains only their claims. ``decoded`` is a decoded authorization message from the text, and
    ``record`` is AWS's own record of the denial as pasted. ``pasted`` is the complete pasted text if it contains
    several failures, and policies or a printed session next to them; else empty. ``repairs`` are the values that the
    text misspells: the other fields have them corrected.
    """

    text: str
    code: str | None = None
    principal: str | None = None
    action: str | None = None
    resource: str | None = None
    operation: str | None = None
    stated_reason: str | None = None
    policy_arn: str | None = None
    missing_action: str | None = None
    encoded_message: str | None = None
    authorization_id: str | None = None
    claims_trust: bool = False
    service: str | None = None
    decoded: DecodedMessage | None = None
    record: AuthorizationRecord | None = None
    count: int = 1
    tokens: tuple[Token, ...] = ()
    sequel: Sequel | None = None
    pasted: str = ""
    repairs: tuple[Repair, ...] = ()

    @property
    def authorization_region(self) -> str | None:
        """The Region of AWS's record ``authorization_id``, from the console link in the text; None if unknown."""
        link = _RECORD_LINK.search(self.text) if self.authorization_id else None
        return link["region"] if link else None


@dataclass(frozen=True, slots=True)
class Conflict:
    """A name conflict that the text reports.

    ``entity_type`` is None if the text does not contain it. ``wanted`` is the role to be created if this program was to
    create it; in that case there is no text to parse. ``pasted`` is the complete pasted text if it contains several
    failures; else empty.
    """

    text: str
    code: str | None = None
    entity_type: str | None = None
    name: str | None = None
    operation: str | None = None
    owner_stack: str | None = None
    path: str | None = None
    count: int = 1
    wanted: NewRole | None = None
    sequel: Sequel | None = None
    pasted: str = ""


@dataclass(frozen=True, slots=True)
class OtherFailure:
    """A failure that is neither a denial nor a name conflict, but may have a cause that can be found.

    ``entity_type`` is the same as in `Conflict`. ``chain`` is set for credential failures: what the pasted text shows
    about the credentials that a program finds.
    """

    text: str
    trouble: Trouble
    code: str | None = None
    operation: str | None = None
    principal: str | None = None
    name: str | None = None
    detail: str | None = None
    entity_type: str | None = None
    count: int = 1
    tokens: tuple[Token, ...] = ()
    sequel: Sequel | None = None
    chain: CredentialChain | None = None


Failure = Denial | Conflict | OtherFailure


def kind_of(failure: Failure) -> str:
    """Return the ``kind`` of the JSON format: ``access-denied``, ``entity-already-exists`` or ``other``."""
    if isinstance(failure, Denial):
        return "access-denied"
    return "entity-already-exists" if isinstance(failure, Conflict) else "other"
