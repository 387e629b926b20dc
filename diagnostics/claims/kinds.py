"""The kinds of claims. Each is a proposition that a sentence asserts to be true, or (``holds`` False) to be false."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum


class TextPart(StrEnum):
    """The parts of a failure that a text can state.

    ``OWN_WORDS`` is a reason in a service's own words; ``TRUST`` is a statement that a service cannot assume a role.
    """

    ACTION = "action"
    PRINCIPAL = "principal"
    RESOURCE = "resource"
    REASON = "reason"
    OPERATION = "operation"
    SERVICE = "service"
    OWN_WORDS = "own words"
    TRUST = "trust"
    ENCODED = "encoded message"
    NAME = "name"
    KIND = "kind of entity"
    STACK = "stack"
    TROUBLE = "trouble"
    TOKEN = "token"


@dataclass(frozen=True, slots=True)
class _OfRequest:
    """A proposition on the request or the change as a whole. Subclasses have the same fields."""

    holds: bool = True


@dataclass(frozen=True, slots=True)
class _OfLayer:
    """A proposition on one layer. ``layer`` is its word in cause codes (``identity``, ``vpce`` …)."""

    layer: str
    holds: bool = True


class LayerRefuses(_OfLayer):
    """A layer by itself refuses the request."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class OneRefuses:
    """At least one of these layers denies the request; if ``layers`` is empty, at least one of those read."""

    layers: tuple[str, ...] = ()
    holds: bool = True


class LayerRead(_OfLayer):
    """Everything in the layer that takes part in the decision could be read."""

    __slots__ = ()


class LayerPresent(_OfLayer):
    """The request has a policy of this layer."""

    __slots__ = ()


class NamesCaller(_OfLayer):
    """A statement of the layer names the caller, so that at most its conditions keep the caller out."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class ConditionFails:
    """A condition on a key that ends with ``key`` is not met in the layer's nearest statements.

    With ``had``, the request's value of that key also matches this regular expression.
    """

    layer: str
    key: str
    had: str = ""
    holds: bool = True


class TextBlames(_OfLayer):
    """The text itself names this layer as the one that denied the request."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class TextStates:
    """The text states this part of the request."""

    part: TextPart
    holds: bool = True


@dataclass(frozen=True, slots=True)
class Says:
    """The parsed value of this part of the text contains ``value``, ignoring case."""

    part: TextPart
    value: str
    holds: bool = True


@dataclass(frozen=True, slots=True)
class Mentions:
    """The text contains words that match a regular expression."""

    pattern: str
    holds: bool = True


class TextDenies(_OfRequest):
    """The text itself says that the denial is an explicit deny, so that no Allow can help."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Quotes:
    """The text contains these words, regardless of line breaks."""

    words: str
    holds: bool = True


@dataclass(frozen=True, slots=True)
class Exists:
    """The account has an entity. ``kind`` is that of the JSON format (``role``, ``instance-profile`` …)."""

    kind: str
    name: str
    holds: bool = True


@dataclass(frozen=True, slots=True)
class KeyKnown:
    """The value of a condition key, or of ``resource``, is known."""

    key: str
    holds: bool = True


class DenyDecides(_OfRequest):
    """An explicit deny refuses the request, so that no Allow can help."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """A step lists this name among its findings."""

    step: str
    name: str
    holds: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """A step that looks for something (``changes``) found it."""

    step: str
    holds: bool = True


class WitnessesAgree(_OfRequest):
    """AWS's policy simulator and the local engine returned the same result."""

    __slots__ = ()


class EnoughAlone(_OfRequest):
    """The request is allowed with this change alone."""

    __slots__ = ()


class AllowsMore(_OfRequest):
    """The change allows more than the request."""

    __slots__ = ()


Claim = (
    LayerRefuses
    | OneRefuses
    | LayerRead
    | LayerPresent
    | NamesCaller
    | ConditionFails
    | TextBlames
    | TextStates
    | Says
    | Mentions
    | TextDenies
    | Quotes
    | Exists
    | KeyKnown
    | DenyDecides
    | Shown
    | Found
    | WitnessesAgree
    | EnoughAlone
    | AllowsMore
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A displayed sentence with its claims."""

    text: str
    claims: tuple[Claim, ...] = ()


def opposite(claim: Claim) -> Claim:
    """Return the negated claim."""
    return replace(claim, holds=not claim.holds)


def joined(sentences: tuple[Sentence, ...]) -> str:
    """Return the sentences as one text."""
    return " ".join(each.text for each in sentences)
