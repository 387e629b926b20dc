"""The kinds of claims: each is a proposition that a sentence holds to be true, or (``holds`` False) to be false."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum


class TextPart(StrEnum):
    """What a text can state of a failure.

    ``OWN_WORDS`` is a reason in words of a service's own, ``TRUST`` that a service cannot assume a role.
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
    """A proposition on the request or the change as a whole. Claims of one kind have the fields of their base."""

    holds: bool = True


@dataclass(frozen=True, slots=True)
class _OfLayer:
    """A proposition on one layer. ``layer`` is the word of cause codes (``identity``, ``vpce`` …)."""

    layer: str
    holds: bool = True


class LayerRefuses(_OfLayer):
    """A layer by itself refuses the request."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class OneRefuses:
    """At least one of these layers refuses the request; without layers, at least one of all that were read."""

    layers: tuple[str, ...] = ()
    holds: bool = True


class LayerRead(_OfLayer):
    """Everything of a layer that has a say could be read."""

    __slots__ = ()


class LayerPresent(_OfLayer):
    """The request has a policy of this layer."""

    __slots__ = ()


class NamesCaller(_OfLayer):
    """A statement of the layer names the caller, so that at most its conditions keep the caller out."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class ConditionFails:
    """A condition on a key that ends with ``key`` keeps the request out of the layer's nearest statements.

    With ``had`` the request's value of that key also matches this regular expression.
    """

    layer: str
    key: str
    had: str = ""
    holds: bool = True


class TextBlames(_OfLayer):
    """The text itself names this layer as what refused."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class TextStates:
    """The text states this part of the request."""

    part: TextPart
    holds: bool = True


@dataclass(frozen=True, slots=True)
class Says:
    """This part of what was read from the text contains ``value``, whatever its letter case."""

    part: TextPart
    value: str
    holds: bool = True


@dataclass(frozen=True, slots=True)
class Mentions:
    """The text has words that a regular expression matches."""

    pattern: str
    holds: bool = True


class TextDenies(_OfRequest):
    """The text itself says that an explicit deny refused, so that no Allow can help."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Quotes:
    """These words are in the text, wherever its lines break."""

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
    """A step shows this name among what it found."""

    step: str
    name: str
    holds: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """A step that looks for something (``changes``) found it."""

    step: str
    holds: bool = True


class WitnessesAgree(_OfRequest):
    """AWS's policy simulator and the local engine gave the same answer."""

    __slots__ = ()


class EnoughAlone(_OfRequest):
    """The request is allowed with this change and no other."""

    __slots__ = ()


class AllowsMore(_OfRequest):
    """The change allows something besides the request."""

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
    """A sentence as it is shown, with what it claims."""

    text: str
    claims: tuple[Claim, ...] = ()


def opposite(claim: Claim) -> Claim:
    """Return the claim turned around."""
    return replace(claim, holds=not claim.holds)


def joined(sentences: tuple[Sentence, ...]) -> str:
    """Return the sentences as one text."""
    return " ".join(each.text for each in sentences)
