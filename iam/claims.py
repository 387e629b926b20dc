"""Decide how certain a statement about a case may be, from the sources of the values that it is based on.

Every value carries its source (`Sourced`). *certain*, *likely*, *unknown*, *verified*, *complete* and the words *only*,
*nobody*, *nothing else*, *the same as before* and *ruled out* are computed here, from those sources and from the data
that was read. Other modules call these functions and write none of those words themselves. A guess is never certain,
and a change that depends on a guess is never verified.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, StrEnum
from typing import Any, Generic, TypeVar

T = TypeVar("T")
U = TypeVar("U")


class Source(StrEnum):
    """Where a value comes from. The values are spelled as in the JSON of ``diagnose`` (``request``)."""

    TEXT = "text"
    COMMAND = "command"
    TEMPLATE = "template"
    ACCOUNT = "account"
    CLOUDTRAIL = "cloudtrail"
    AWS_RECORD = "aws-record"
    OPERATOR = "operator"
    DEFAULT = "default"
    GUESS = "guess"


_ASSUMED = frozenset({Source.DEFAULT, Source.GUESS})


@dataclass(frozen=True, slots=True)
class Sourced(Generic[T]):
    """A value with its source. ``read_from`` is the text or the name of the record in which the value was found.

    ``others`` are the other possible values of a guess or default; None means that any value is possible. Only this
    module and the policy engine use the value without its source (`tests/iam/test_claims.py`): all other code compares
    it with `satisfies`, converts it with `into`, and shows it with `words`.
    """

    _value: T
    source: Source
    read_from: str = ""
    others: tuple[T, ...] | None = None

    @property
    def known(self) -> bool:
        """Whether the source states the value, so that it is neither a guess nor a default."""
        return self.source not in _ASSUMED

    @property
    def settled(self) -> bool:
        """Whether no other value is possible: it is known, or is a default without a documented alternative."""
        return self.known or self.others == ()

    def satisfies(self, test: Callable[[T], bool]) -> bool:
        """Whether ``test`` is true for the value."""
        return test(self._value)

    def into(self, change: Callable[[T], U]) -> Sourced[U]:
        """Return the value and its alternatives, converted with ``change``. The source stays the same."""
        others = None if self.others is None else tuple(map(change, self.others))
        return Sourced(change(self._value), self.source, self.read_from, others)

    @property
    def words(self) -> str:
        """The value as text for display."""
        return ", ".join(self._value) if isinstance(self._value, tuple) else str(self._value)

    @property
    def as_json(self) -> dict[str, Any]:
        """Return the value as it appears under ``request`` in the JSON of ``diagnose``."""
        value = list(self._value) if isinstance(self._value, tuple) else self._value
        return {"value": value, "source": self.source.value, "from": self.read_from}


Values = tuple[str, ...]
Keys = Mapping[str, Sourced[Values]]
"""Condition keys with their values, each with its source."""


class AskedValues:
    """The values of a request without their sources, as the policy engine takes them.

    A request has ``who`` (the principal), ``what`` (the action), ``on`` (the resource) and ``keys`` (condition keys),
    or some of them. The certainty of a result and of its fixes is computed from the fields with sources, never from
    these values.
    """

    __slots__ = ()

    @property
    def principal(self) -> str | None:
        return _value(self, "who")

    @property
    def action(self) -> str | None:
        return _value(self, "what")

    @property
    def resource(self) -> str | None:
        return _value(self, "on")

    @property
    def context(self) -> Mapping[str, Values]:
        keys: Keys = getattr(self, "keys", {})
        return {key: sourced._value for key, sourced in keys.items()}


def _value(asked: AskedValues, name: str) -> str | None:
    sourced: Sourced[str] | None = getattr(asked, name, None)
    return None if sourced is None else sourced._value


def sourced(values: Mapping[str, Values], source: Source, read_from: str = "") -> dict[str, Sourced[Values]]:
    """Return each condition key's values together with their source.

    ``read_from`` says where in the source the values were read; if it is "", the values themselves are used for this.
    """
    return {key: Sourced(had, source, read_from or ", ".join(had)) for key, had in values.items()}


def degraded(sourced: Sourced[T], source: Source, others: tuple[T, ...] | None = None) -> Sourced[T]:
    """Return the same value with another source, such as a guess instead of the text."""
    return replace(sourced, source=source, others=others)


# Certainty.


class Confidence(StrEnum):
    """How certain a result is. All commands use these words."""

    CERTAIN = "certain"
    LIKELY = "likely"
    UNKNOWN = "unknown"


class Ground(Enum):
    """What a claim is based on. If a ground is ``sure`` and every value is known, the claim is certain."""

    STATED = "AWS states it in the message or in its record"
    RULE = "AWS documents it, independent of the policies"
    READ = "the data was read, and the reading was complete"
    CONFIRMED = "the local engine and AWS's simulator agree"
    EVALUATED = "only the local engine evaluated it"
    PARTLY = "AWS states a part of the claim; the rest is open"
    LIKENESS = "names, order or habit suggest it"
    NOTHING = "nothing tells"

    @property
    def sure(self) -> bool:
        return self in _SURE


_SURE = frozenset({Ground.STATED, Ground.RULE, Ground.READ, Ground.CONFIRMED})


def confidence(
    ground: Ground, *, rests_on: Iterable[Sourced[Any]] = (), hangs_on: Collection[object] = ()
) -> Confidence:
    """Return how certain a claim is.

    It is certain only if its ground is ``sure``, every value in ``rests_on`` is settled, and ``hangs_on`` (open
    questions, and unread layers that could change it) is empty.
    """
    if ground is Ground.NOTHING:
        return Confidence.UNKNOWN
    if ground.sure and not hangs_on and all(each.settled for each in rests_on):
        return Confidence.CERTAIN
    return Confidence.LIKELY


def at_most_likely(found: Confidence) -> Confidence:
    """Return the confidence, but ``likely`` instead of ``certain``."""
    return Confidence.LIKELY if found is Confidence.CERTAIN else found


def verified(allowed: bool, *, rests_on: Iterable[Sourced[Any]] = (), hangs_on: Collection[object] = ()) -> bool | None:
    """Return whether a change is known to help: True, False, or None if that is uncertain.

    ``allowed`` says whether the request is allowed after the change. The result is uncertain if the request is allowed
    only because something unknown (``hangs_on``), a guess or a default is assumed to be right.
    """
    if not allowed:
        return False
    return None if hangs_on or not all(each.settled for each in rests_on) else True


# Sensitivity.


def sensitive(
    weak: Mapping[str, Sourced[T]],
    outcome: Callable[[str, T | None], Hashable],
    base: Hashable,
) -> Iterator[str]:
    """Yield the names of assumed values that matter: another possible value changes ``outcome`` from ``base``.

    ``outcome`` is called with the name and each of ``others``. If any value is possible, it is called with the name and
    None instead: it then evaluates the request as if the value were unknown.
    """
    for name, assumed in weak.items():
        if assumed.settled:
            continue
        tried: tuple[T | None, ...] = (None,) if assumed.others is None else assumed.others
        if any(outcome(name, other) != base for other in tried):
            yield name


# Words that claim completeness.


def only(names: str, *, complete: bool) -> str:
    """Return ``only NAMES`` if the list of these names is complete, else ``NAMES``."""
    return f"only {names}" if complete else names


def nobody(what: str, *, complete: bool) -> str:
    """Return ``Nobody WHAT``, or ``Nobody among those that could be read WHAT`` if the list is incomplete."""
    return f"Nobody {what}" if complete else f"Nobody among those that could be read {what}"


def nothing_else(what: str, *, complete: bool) -> str:
    """Return ``nothing else WHAT``, with ``as far as was compared`` if not everything was compared."""
    return f"nothing else {what}".rstrip() if complete else f"nothing else {what}, as far as was compared"


def nothing_limits(unread: Sequence[str]) -> str:
    """Return a clause that says that nothing else limits access. ``unread`` are the layers that could not be read."""
    if not unread:
        return "no boundary, SCP or Deny limits that"
    return f"nothing that was read limits that; not read: {', '.join(unread)}"


def same_as_before(who: str, *, complete: bool) -> str:
    """Return ``the same WHO as before``, or a weaker text if not everything was compared."""
    return f"the same {who} as before" if complete else f"no difference in {who}, as far as was compared"


RULED_OUT = "ruled out"
"""The description of a cause for which `ruled_out` returns True."""


def ruled_out(refuted: bool, *, rests_on: Iterable[Sourced[Any]] = ()) -> bool:
    """Whether a cause is ruled out: it is refuted by values that were read, and none of them is a guess."""
    return refuted and all(each.settled for each in rests_on)
