"""What is said of the ways into a role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from iam.credentials.assume_request import AssumeRequest

DEFAULT_SECONDS = 3600
CHAINED_SECONDS = 3600
"""The longest session of a role that another role's session assumes (IAM User Guide, "Role chaining")."""


class Method(StrEnum):
    """How a role is entered. ``SERVICE``: by an AWS service that is given the role. ``CONSOLE``: Switch Role."""

    ASSUME_ROLE = "AssumeRole"
    WEB_IDENTITY = "AssumeRoleWithWebIdentity"
    SAML = "AssumeRoleWithSAML"
    SERVICE = "service"
    CONSOLE = "console"

    @property
    def action(self) -> str:
        """The action that a trust policy must allow for it."""
        return f"sts:{self}" if self in (Method.WEB_IDENTITY, Method.SAML) else "sts:AssumeRole"


@dataclass(frozen=True, slots=True)
class ToldValues:
    """What the operator gives of a session that is to be. ``seconds`` None: as long as is usual.

    ``reason`` is why a role for emergencies is used: it becomes the session's name or the source identity. ``context``
    are further condition keys, such as a token's claims or the address that the call comes from.
    """

    external_id: str = ""
    mfa_serial: str = ""
    mfa_code: str = field(default="", repr=False)
    session_name: str = ""
    tags: tuple[tuple[str, str], ...] = ()
    source_identity: str = ""
    seconds: int | None = None
    reason: str = ""
    context: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WayNeed:
    """Something that a way asks for.

    ``value`` is None where nobody can tell it from here. ``words``: the condition as a fact, ``sts:ExternalId is
    hl-7Q2-audit``.
    """

    what: str
    value: str | None
    words: str
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """Which layer refuses, in the words of the formats (``identity``, ``trust``, ``scp`` …), and by which statement: of
    a Deny, or the nearest Allow. ``statement`` counts from 0. ``action`` is what is refused.
    """

    layer: str
    policy: str | None = None
    statement: int | None = None
    sid: str | None = None
    action: str = "sts:AssumeRole"


@dataclass(frozen=True, slots=True)
class Way:
    """One way into a role: one principal of one statement of its trust policy.

    ``works`` is for whoever asks, and for a service or a token's bearer for those; None where it hangs on ``hangs_on``:
    condition keys, ``mfa``, or layers that could not be read. ``for_me``: the way is one of whoever asks. ``request``
    is what AssumeRole would be called with. ``steps`` are paragraphs: a sentence, or lines to copy. ``seconds`` is the
    longest session here.
    """

    method: Method
    principal: str
    statement: int | None
    sid: str | None
    works: bool | None
    why: str
    seconds: int
    for_me: bool = False
    refusal: Refusal | None = None
    hangs_on: tuple[str, ...] = ()
    needs: tuple[WayNeed, ...] = ()
    command: str = ""
    profile: str = ""
    steps: tuple[str, ...] = ()
    request: AssumeRequest | None = None

    @property
    def for_others(self) -> bool:
        """Open, as far as is known, but not to whoever asks: to a service, to the bearer of a token."""
        return not self.for_me and self.works is not False


@dataclass(frozen=True, slots=True)
class Hop:
    """One link of a chain: ``principal`` (a user, role or session) assumes ``role`` in the way that is said."""

    principal: str
    role: str
    way: Way


@dataclass(frozen=True, slots=True)
class RoleWays:
    """Every way into a role. ``chain`` is the shortest from the caller to it, where none of the ways is the caller's.

    ``unread`` are sentences on what could not be read and has a say. ``reason`` says where a told reason went.
    ``may_be_limited``: the caller's session may have a session policy, which nobody was asked about yet.
    """

    role: str
    caller: str | None
    ways: tuple[Way, ...]
    chain: tuple[Hop, ...] = ()
    unread: tuple[str, ...] = ()
    reason: str = ""
    may_be_limited: bool = False

    @property
    def best(self) -> Way | None:
        """A way for the caller itself to use AssumeRole: one that works, else one that may work; None if none can."""
        mine = [way for way in self.ways if way.method is Method.ASSUME_ROLE and way.for_me and way.works is not False]
        return min(mine, key=lambda way: way.works is None, default=None)

    @property
    def spoken_of(self) -> Way | None:
        """The way that the answer is about: the caller's own, open or not, else one by a token, else the first."""
        mine = (way for way in self.ways if way.method is Method.ASSUME_ROLE and way.for_me)
        tokens = (
            way for way in self.ways if way.method in (Method.WEB_IDENTITY, Method.SAML) and way.works is not False
        )
        return self.best or next(tokens, None) or next(mine, None) or next(iter(self.ways), None)

    @property
    def may_have_chain(self) -> bool:
        """Whether another role may get in where the caller does not: some way is by AssumeRole."""
        return self.best is None and any(way.method is Method.ASSUME_ROLE for way in self.ways)

    @property
    def refused(self) -> bool:
        """Whether nobody who calls by hand gets in: no way but those of services is open, or may be."""
        by_hand = [way for way in self.ways if way.method is not Method.SERVICE]
        return not self.chain and all(way.works is False for way in by_hand)
