"""What a pasted text says went wrong. The field names are those of ``parsed`` in the JSON format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from iam.lazy_pattern import regex

if TYPE_CHECKING:
    from diagnostics.tokens.token import Token
    from iam.policy.document import Document
    from iam.sources.reader.authorization import AuthorizationRecord

_RECORD_LINK = regex(r"region=(?P<region>[a-z0-9-]+)#/authorization-details/")


CUT = "…"
"""What an action ends with that the text does not have to its end: it only begins so."""


class Trouble(StrEnum):
    """What a failure that is neither a denial nor a name conflict is about."""

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


Values = tuple[tuple[str, tuple[str, ...]], ...]
"""Condition keys, each with its values."""


@dataclass(frozen=True, slots=True)
class MatchedStatement:
    """A statement that AWS's decoded message names; None and empty where it does not say."""

    sid: str | None
    effect: str | None
    actions: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    conditions: Values = ()


@dataclass(frozen=True, slots=True)
class DecodedMessage:
    """What a decoded authorization message tells besides who, what and on what. ``failures`` are AWS's own."""

    explicit: bool
    context: Values = ()
    statements: tuple[MatchedStatement, ...] = ()
    failures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sequel:
    """What the rest of a paste says of a failure.

    ``succeeded`` are the words of a later success of the same call; ``otherwise`` is in what that call was another one:
    ``profile``, ``region``, or empty. ``later`` are those of a success that may be of something else. ``caused_by`` is
    the action of the earlier failure from which this one follows.
    """

    succeeded: str = ""
    otherwise: str = ""
    later: str = ""
    caused_by: str = ""


@dataclass(frozen=True, slots=True)
class CredentialChain:
    """What a paste shows of the credentials that a program finds. Each field is empty or false where it shows nothing.

    ``exported`` are variables of the environment with keys; ``profile`` is AWS_PROFILE's, which they come before;
    ``signed_in`` is a sign-in of IAM Identity Center that worked. ``stored``: `aws configure list` says that the keys
    are from the credentials file. ``token_file`` is a web identity token's file that is not the one that EKS renews.
    ``unreachable``: in a container IMDS does not answer the request for a token; ``host_role`` is the role that it
    gives on the host. ``role`` is the role that the program was configured to take.
    """

    exported: tuple[str, ...] = ()
    profile: str = ""
    signed_in: bool = False
    stored: bool = False
    token_file: str = ""
    unreachable: bool = False
    host_role: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Denial:
    """A refused request. Every field is what the text carries, in its own spelling, or None.

    ``stated_reason`` is ``implicit:LAYER``, ``explicit:LAYER``, ``explicit:unknown`` or ``s3-block-public-access``.
    ``missing_action`` is the action that "no … allows", where it differs from the one performed. ``claims_trust``
    marks the texts of services that say that a role cannot be assumed by them; then ``service`` is the service
    principal's short name and ``resource`` the role, where the text has it. ``tokens`` are those of the whole paste,
    decoded; ``text`` holds none, only what they say. ``decoded`` is a decoded authorization message of the text,
    ``record`` AWS's own record of the denial as it was pasted. ``pasted`` is the whole paste where it has several
    failures and policies beside them; else empty.
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

    @property
    def authorization_region(self) -> str | None:
        """The region where AWS keeps its record under ``authorization_id``: the text's link to the console names it."""
        link = _RECORD_LINK.search(self.text) if self.authorization_id else None
        return link["region"] if link else None


@dataclass(frozen=True, slots=True)
class NewRole:
    """A role that was or is to be created, as far as it is known: None is unknown.

    ``instead_of`` is the name that was taken, where the role was to have that one.
    """

    name: str
    instead_of: str = ""
    path: str | None = None
    trust: Document | None = None
    attached: tuple[str, ...] = ()
    inline: Mapping[str, Document] | None = None
    boundary: str | None = None
    tags: Mapping[str, str] | None = None
    description: str | None = None
    max_session_seconds: int | None = None
    instance_profile: str | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """A name that is taken, as the text says.

    ``entity_type`` is None where the text does not say. ``wanted`` is the role that was to be created, where this
    program was to create it: then no text has to be read for it.
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


@dataclass(frozen=True, slots=True)
class OtherFailure:
    """Neither, but its cause may still be told. ``entity_type`` is as a conflict's, where the text tells one.

    ``chain`` is what the paste shows of the credentials that a program finds, for failures of credentials.
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
