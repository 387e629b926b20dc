"""Data classes that describe the ways to assume a role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from iam.credentials.assume_request import AssumeRequest

DEFAULT_SECONDS = 3600
CHAINED_SECONDS = 3600
"""The maximum duration of a session created by another role's session (IAM User Guide, "Role chaining")."""


class Method(StrEnum):
    """How a role is assumed. ``SERVICE``: by an AWS service that the role was passed to. ``CONSOLE``: Switch Role."""

    ASSUME_ROLE = "AssumeRole"
    WEB_IDENTITY = "AssumeRoleWithWebIdentity"
    SAML = "AssumeRoleWithSAML"
    SERVICE = "service"
    CONSOLE = "console"

    @property
    def action(self) -> str:
        """The action that a trust policy must allow for this method."""
        return f"sts:{self}" if self in (Method.WEB_IDENTITY, Method.SAML) else "sts:AssumeRole"


@dataclass(frozen=True, slots=True)
class SessionValues:
    """The values that the operator entered for a new session. ``seconds`` is None for the default duration.

    ``reason`` is the reason for using an emergency role: it becomes the session name or the source identity.
    ``context`` are further condition keys, such as a token's claims or the source IP address of the call.
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
    """Something that a way to assume a role requires.

    ``value`` is None if it is unknown here. ``words`` states the condition as a fact: ``sts:ExternalId is
    hl-7Q2-audit``.
    """

    what: str
    value: str | None
    words: str
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """The layer that denies (``identity``, ``trust``, ``scp`` …), and the statement at fault.

    The statement is a Deny, or the Allow that comes closest; ``statement`` is its index, from 0. ``action`` is the
    denied action.
    """

    layer: str
    policy: str | None = None
    statement: int | None = None
    sid: str | None = None
    action: str = "sts:AssumeRole"


@dataclass(frozen=True, slots=True)
class Way:
    """A way to assume a role: one principal in one statement of its trust policy.

    ``works``: whether it works for the current caller (for services and tokens: for that service or token holder), or
    None if it depends on ``hangs_on``: condition keys, ``mfa``, or layers that could not be read. ``for_me``: it is a
    way for the current caller. ``request`` is the AssumeRole call. ``steps`` are paragraphs, each a sentence or lines
    to copy. ``seconds`` is the maximum session duration for this way.
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

    def need_words(self, need: WayNeed) -> str:
        """Return a requirement in words, with whether the current caller meets it if that is known."""
        if self.for_me and self.works and not need.secret:
            return f"{need.words} (met)"
        return f"{need.words} (not known)" if self.for_me and need.what in self.hangs_on else need.words

    @property
    def for_others(self) -> bool:
        """Whether the way may work for a service or a token holder, but not for the current caller."""
        return not self.for_me and self.works is not False


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a chain: ``principal`` (a user, role or session) assumes ``role`` in this way."""

    principal: str
    role: str
    way: Way


@dataclass(frozen=True, slots=True)
class RoleWays:
    """All ways to assume a role.

    ``chain`` is the shortest chain of roles to it, if the caller cannot assume it directly. ``unread`` are sentences
    about unread data that could change the result. ``reason`` says where a given reason is passed. ``may_be_limited``:
    the caller's session may have a session policy, which was not checked yet.
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
        """The caller's own way to call AssumeRole: one that works, else one that may work; None if there is neither."""
        mine = [way for way in self.ways if way.method is Method.ASSUME_ROLE and way.for_me and way.works is not False]
        return min(mine, key=lambda way: way.works is None, default=None)

    @property
    def spoken_of(self) -> Way | None:
        """The way that the answer describes.

        It is the first of these that exists: a way of the caller that may work, a way with a token that may work, a way
        of the caller that does not work, or any way.
        """
        mine = (way for way in self.ways if way.method is Method.ASSUME_ROLE and way.for_me)
        tokens = (
            way for way in self.ways if way.method in (Method.WEB_IDENTITY, Method.SAML) and way.works is not False
        )
        return self.best or next(tokens, None) or next(mine, None) or next(iter(self.ways), None)

    @property
    def may_have_chain(self) -> bool:
        """Whether a chain may lead to the role: the caller has no way of its own, and some way uses AssumeRole."""
        return self.best is None and any(way.method is Method.ASSUME_ROLE for way in self.ways)

    @property
    def refused(self) -> bool:
        """Whether nobody except a service can assume the role: all other ways are denied, and there is no chain."""
        by_hand = [way for way in self.ways if way.method is not Method.SERVICE]
        return not self.chain and all(way.works is False for way in by_hand)
