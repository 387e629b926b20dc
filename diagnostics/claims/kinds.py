"""The kinds of claims. A claim says that a proposition is true or, if ``holds`` is False, that it is false."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum


class TextPart(StrEnum):
    """The parts of a failure that a text can state.

    ``OWN_WORDS`` is a reason in the service's own words; ``TRUST`` says that a service cannot assume a role.
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


class StatedFact(StrEnum):
    """A fact that a text can state.

    TRUSTED: the role's trust policy names the caller.
    ACCOUNT_TRUSTED: the trust policy names the caller's account.
    NOT_TRUSTED: the trust policy names only other principals.
    DELETED_TRUSTED: the trust policy names the ID of a user or role that was deleted.
    MAY_ASSUME: the caller's policies allow sts:AssumeRole on the role.
    BOUNDARY_REQUIRED: new roles must have a permissions boundary.
    FOREIGN_REGISTRY: the image's registry belongs to another account.
    MAY_PULL: the role that pulls the image is allowed ECR's read actions.
    VPC_ORIGIN: the access point accepts requests only from its VPC.
    ALIAS_NAMED: a statement names the alias of a KMS key.
    SERVES: the distribution serves other objects of the bucket.
    JUST_ATTACHED: a policy was attached to the caller less than a minute before the denial.
    HAS_ACCESS_ENTRY: the caller has an access entry of the EKS cluster.
    """

    TRUSTED = "trusted"
    ACCOUNT_TRUSTED = "account-trusted"
    NOT_TRUSTED = "not-trusted"
    DELETED_TRUSTED = "deleted-trusted"
    MAY_ASSUME = "may-assume"
    BOUNDARY_REQUIRED = "boundary-required"
    FOREIGN_REGISTRY = "foreign-registry"
    MAY_PULL = "may-pull"
    VPC_ORIGIN = "vpc-origin"
    ALIAS_NAMED = "alias-named"
    SERVES = "serves"
    JUST_ATTACHED = "just-attached"
    HAS_ACCESS_ENTRY = "has-access-entry"


@dataclass(frozen=True, slots=True)
class _OfRequest:
    """A claim about the entire request or change. Subclasses have the same fields."""

    holds: bool = True


@dataclass(frozen=True, slots=True)
class _OfLayer:
    """A claim about one layer. ``layer`` is its word in cause codes (``identity``, ``vpce`` …)."""

    layer: str
    holds: bool = True


@dataclass(frozen=True, slots=True)
class _OfWords:
    """A claim about one text: a regular expression, words, a condition key or a step's ID."""

    words: str
    holds: bool = True


class LayerRefuses(_OfLayer):
    """The claim that a layer by itself denies the request."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class OneRefuses:
    """The claim that at least one of these layers denies the request.

    If ``layers`` is empty, the claim is about all layers that were read.
    """

    layers: tuple[str, ...] = ()
    holds: bool = True


class LayerRead(_OfLayer):
    """The claim that everything in the layer that affects the decision could be read."""

    __slots__ = ()


class LayerPresent(_OfLayer):
    """The claim that a policy of this layer applies to the request."""

    __slots__ = ()


class NamesCaller(_OfLayer):
    """The claim that a statement in the layer names the caller, so that only its conditions can exclude the caller."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class ConditionFails:
    """The claim that a condition is not met in the layer's most nearly matching statements. Its key ends with ``key``.

    If ``had`` is given, the request's value for that key also matches this regular expression.
    """

    layer: str
    key: str
    had: str = ""
    holds: bool = True


class TextBlames(_OfLayer):
    """The claim that the text itself names this layer as the one that denied the request."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class TextStates:
    """The claim that the text states this part of the request."""

    part: TextPart
    holds: bool = True


@dataclass(frozen=True, slots=True)
class Says:
    """The claim that the parsed value of this part of the text contains ``value``, ignoring letter case."""

    part: TextPart
    value: str
    holds: bool = True


class Mentions(_OfWords):
    """The claim that the text contains words that match a regular expression."""

    __slots__ = ()


class TextDenies(_OfRequest):
    """The claim that the text itself reports an explicit deny, so that no Allow can help."""

    __slots__ = ()


class Quotes(_OfWords):
    """The claim that the text contains these words, ignoring line breaks."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Tells:
    """The claim that the text states this fact about the present case."""

    fact: StatedFact
    holds: bool = True


@dataclass(frozen=True, slots=True)
class Exists:
    """The claim that the account has an entity.

    ``kind`` is as in the JSON format (``role``, ``instance-profile`` …).
    """

    kind: str
    name: str
    holds: bool = True


class KeyKnown(_OfWords):
    """The claim that the value of a condition key, or of ``resource``, is known."""

    __slots__ = ()


class DenyDecides(_OfRequest):
    """The claim that an explicit deny decides the request, so that no Allow can help."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """The claim that a step lists this name among its findings."""

    step: str
    name: str
    holds: bool = True


class Found(_OfWords):
    """The claim that a step that searches for something (such as ``changes``) found it."""

    __slots__ = ()


class WitnessesAgree(_OfRequest):
    """The claim that AWS's policy simulator and the local engine returned the same result."""

    __slots__ = ()


class EnoughAlone(_OfRequest):
    """The claim that the request is allowed with this change alone."""

    __slots__ = ()


class AllowsMore(_OfRequest):
    """The claim that the change allows more than the request."""

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
    | Tells
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
    """A sentence to display, with the claims that it makes."""

    text: str
    claims: tuple[Claim, ...] = ()


def opposite(claim: Claim) -> Claim:
    """Return the negated claim."""
    return replace(claim, holds=not claim.holds)


def joined(sentences: tuple[Sentence, ...]) -> str:
    """Return the sentences as one text."""
    return " ".join(each.text for each in sentences)
