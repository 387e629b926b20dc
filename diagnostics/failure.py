"""The failure that a pasted text describes. The field names are those of ``parsed`` in the JSON format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from iam.lazy_pattern import regex

if TYPE_CHECKING:
    from diagnostics.text.tokens.token import Token
    from iam.policy.document import Document
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


Values = tuple[tuple[str, tuple[str, ...]], ...]
"""Condition keys, each with its values."""


@dataclass(frozen=True, slots=True)
class MatchedStatement:
    """A statement that AWS's decoded message contains.

    Fields are None or empty if the message does not contain them.
    """

    sid: str | None
    effect: str | None
    actions: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    conditions: Values = ()


@dataclass(frozen=True, slots=True)
class DecodedMessage:
    """The content of a decoded authorization message other than principal, action and resource.

    ``failures`` are the failures that AWS lists.
    """

    explicit: bool
    context: Values = ()
    statements: tuple[MatchedStatement, ...] = ()
    failures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sequel:
    """What the rest of the pasted text shows about a failure.

    ``succeeded`` is the text of a later success of the same call; ``otherwise`` is how that call differed: ``profile``,
    ``region``, or empty. ``later`` is the text of a success that may be of a different call. ``caused_by`` is the
    action of the earlier failure that caused this one. ``aside`` is the text that shows that the program continued
    after this failure and was stopped by another; ``stopped_by`` is the line about something else that stopped it.
    ``ended`` is the line that says that the program continued, or that its run ended well, all the same. ``overcome``:
    the call worked in another way, and the text has another failure that has to be explained. ``made_by`` is the
    program or caller that had this failure, and ``stopped`` the other one, whose failure has to be explained.
    ``emptied`` is the variable that a shell set to an empty value because of the failure. ``now`` is the line with
    another failure after the later success. ``settled``: the call was made otherwise, and the author asks whether more
    is needed. ``dry``: the later success is a dry run; ``told``:
    it is the author's word. ``fails_otherwise`` is the line in which the same call later fails for another reason.
    ``recent``: the text has a policy, key or role made or changed before; ``changed`` is the line with such a change
    between the failure and the success. ``with_mfa``: CloudTrail's event of the
    success has MFA, and that of the failure has none.
    """

    succeeded: str = ""
    otherwise: str = ""
    later: str = ""
    caused_by: str = ""
    aside: str = ""
    stopped_by: str = ""
    ended: str = ""
    overcome: bool = False
    stopped: str = ""
    made_by: str = ""
    emptied: str = ""
    now: str = ""
    settled: bool = False
    dry: bool = False
    told: bool = False
    fails_otherwise: str = ""
    recent: bool = False
    changed: str = ""
    with_mfa: bool = False

    @property
    def over(self) -> bool:
        """Whether the same call succeeded later, so that nothing has to be explained."""
        return bool(self.succeeded) and (self.settled or bool(self.now) or not self.otherwise)

    @property
    def beside(self) -> bool:
        """Whether another failure in the text has to be explained instead of this one."""
        return bool(self.caused_by or self.aside or self.made_by or self.overcome or self.fails_otherwise)


@dataclass(frozen=True, slots=True)
class CredentialChain:
    """What a pasted text shows about the credentials that a program finds.

    A field is empty or False if nothing is known. ``exported`` are environment variables that contain keys; ``profile``
    is the value of AWS_PROFILE, over which they take precedence. ``signed_in``: a sign-in to IAM Identity Center
    succeeded. ``stored``: `aws configure list` shows that the keys come from the credentials file. ``token_file`` is a
    web identity token file other than the one that EKS renews. ``unreachable``: in a container, IMDS does not answer
    the request for a token; ``host_role`` is the role that it returns on the host. ``role`` is the role that the
    program was configured to assume. ``retired`` is the text that shows that an access key was made inactive or
    deleted. ``half_session``: the key is of a session, and no session token is given with it. ``unsigned_token`` is the
    text on a presigned URL where the same session's key works otherwise; ``long_lived_works`` is the text that says
    that a key without a session works, ``no_keys`` the text by which no keys are set. ``home`` is the partition of the
    identity that the same keys belong to, ``region`` the Region that `aws configure list` shows. ``spoken`` is the one
    partition other than ``aws`` that the text's ARNs have, and ``called`` the Region that its first command names.
    """

    exported: tuple[str, ...] = ()
    profile: str = ""
    signed_in: bool = False
    stored: bool = False
    token_file: str = ""
    unreachable: bool = False
    host_role: str = ""
    role: str = ""
    retired: str = ""
    half_session: bool = False
    unsigned_token: str = ""
    long_lived_works: str = ""
    no_keys: str = ""
    home: str = ""
    region: str = ""
    spoken: str = ""
    called: str = ""


@dataclass(frozen=True, slots=True)
class Repair:
    """A name or number that is misspelled in the text, because it was typed, scanned or mangled.

    ``said`` is the text's spelling, ``read`` the corrected one.
    """

    said: str
    read: str


@dataclass(frozen=True, slots=True)
class Denial:
    """A denied request. Every field has the value and spelling of the text, or is None if the text does not contain it.

    ``stated_reason`` is ``implicit:LAYER``, ``explicit:LAYER``, ``explicit:unknown`` or ``s3-block-public-access``.
    ``missing_action`` is the action in "no … allows", if it differs from the performed action. ``claims_trust`` marks
    service messages that say that the service cannot assume a role; then ``service`` is the short name of the service
    principal and ``resource`` is the role, if the text contains it. ``tokens`` are the decoded tokens in the pasted
    text; ``text`` contains only their claims. ``decoded`` is a decoded authorization message from the text, and
    ``record`` is AWS's own record of the denial as pasted. ``pasted`` is the complete pasted text if it contains
    several failures and policies next to them; else empty. ``repairs`` are the values that the text misspells: the
    other fields have them corrected.
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
class NewRole:
    """A role that was or will be created. None means unknown.

    ``instead_of`` is the originally intended name, if that one was taken.
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
    """A name conflict that the text reports.

    ``entity_type`` is None if the text does not contain it. ``wanted`` is the role to be created if this program was to
    create it; in that case there is no text to parse.
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
