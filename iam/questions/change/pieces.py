"""Divide the resources of actions that no statement distinguishes into pieces whose resources are treated alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import cache
from typing import TYPE_CHECKING

from iam import service_reference
from iam.arn import is_account
from iam.policy.compiled import CompiledStatement
from iam.policy.layer import Layer
from iam.policy.principal import WITH_IDENTITY
from iam.questions.action_classes import named_by
from iam.questions.catalogue import PROBE, catalogue, first
from iam.questions.change.effects import ANOTHER_ACCOUNT
from iam.questions.change.placed import Placed
from iam.questions.change.sides import Effect, Sides
from iam.regions import regions
from iam.service_reference import ResourceType

if TYPE_CHECKING:
    from iam.policy.arn_regions import Cutter, Piece

Record = Callable[[Effect, int, str, str, str], None]
"""A function that records an effect: its actions, the resource to show, the resource's pattern, and one full name."""


def compare_part(sides: Sides, part: int, bases: tuple[str, ...], resources: Iterable[str], record: Record) -> bool:
    """Record the changes for a set of actions that no statement distinguishes, on resources that match ``bases``.

    ``part`` is the set (a bit mask). ``resources`` are also compared by name. Returns False if there are too many
    pieces.
    """
    if part & catalogue().without_resource:
        for each in sides.effects(_name(part), "*"):
            record(each, part, "*", "*", "*")
        return True
    naming = [placed for placed in sides.placed if named_by(placed.one) & part]
    settled = [
        text for placed in naming if _settles(sides, placed) for text in sides.patterns(placed.one, open_too=False)
    ]
    if not all(text.strip("*") for text in settled):
        return True
    from iam.policy.arn_regions import Cutter  # slow to import, and not needed if nothing changes

    places = _regions_named(placed.one for placed in naming)
    cutter = Cutter(_elements(sides, naming), PROBE, _regions(sides), settled, places)
    work = _Cutting(sides, record, cutter, bases)
    named = [text for placed in naming if _names(placed.one) for text in sides.patterns(placed.one, open_too=False)]
    anywhere = any(map(_is_of_any_account, bases))
    # A guardrail on all resources has an effect where access that it limits is granted, possibly under another
    # account's ID.
    accounts = _accounts((*bases, *named) if anywhere else bases, sides.owner)
    if anywhere and _tell_accounts_apart(sides, naming):
        number = next(each for each in _MADE_UP if each not in accounts)
        accounts[number] = ANOTHER_ACCOUNT
    for kind, actions in _by_type(part):
        for resource in resources:
            if resource != "*" and kind.fits(resource):
                for each in sides.effects(_name(actions), resource):
                    record(each, actions, resource, resource, resource)
        for account, written in accounts.items():
            work.in_account(kind, account, written, actions)
    return work.complete


@dataclass
class _Cutting:
    """The state of one comparison.

    ``said`` are the actions for which an effect on all resources of a type was recorded. ``outcomes`` caches effects by
    the statements that match. ``unfelt`` lists where nothing changes for resources that no statement names. ``own`` are
    the effects on resources in the owner's account.
    """

    sides: Sides
    record: Record
    cutter: Cutter
    bases: tuple[str, ...]
    complete: bool = True
    said: dict[tuple[str, object, str], int] = field(default_factory=dict)
    outcomes: dict[object, tuple[Effect, ...]] = field(default_factory=dict)
    unfelt: set[tuple[str, str]] = field(default_factory=set)
    own: set[tuple[str, object, str]] = field(default_factory=set)

    def in_account(self, kind: ResourceType, account: str, written: str, actions: int) -> None:
        """Record the changes to the resources of a type in an account, piece by piece.

        ``written`` is the account, or the pattern of the accounts that it represents.
        """
        from iam.policy.arn_regions import TooTangled, meet, space, within

        try:
            everything = space(kind, self.sides.account.partition, account)
            regions = dict.fromkeys(each for text in self.bases for each in meet(everything, text))
        except TooTangled:
            self.complete = False
            return
        apart = _is_apart(kind)
        if written != account and everything.split(":", 5)[4] != account:
            return  # the type's ARNs contain no account
        like = account, everything.split(":", 4)[3]
        unnamed = not apart and tuple(regions) == (everything,) and not self.cutter.is_near(everything)
        if unnamed and like in self.unfelt:
            return
        pieces, complete = self.cutter.cut(regions)
        self.complete = self.complete and complete
        recorded: dict[tuple[str, object, str], list[Piece]] = {}
        for piece in pieces:
            resource, effects = self._decided(piece, account, actions, apart=apart)
            for each in effects:
                place = each.kind, each.way, each.provided
                of_kind = recorded.setdefault(place, [])
                if any(within(other.region, piece.filled) for other in of_kind):
                    continue
                of_kind.append(piece)
                left = actions
                if piece.region == everything:
                    said = self.said.get(place, 0)
                    left, self.said[place] = actions & ~said, said | actions
                if left:
                    texts = self.cutter.said(piece, resource), piece.pattern
                    if written == account:
                        self.own.add((*place[:2], piece.pattern.replace(f":{account}:", ":", 1)))
                    elif written == ANOTHER_ACCOUNT and (
                        (*place[:2], piece.pattern.replace(f":{account}:", ":", 1)) in self.own
                    ):
                        continue  # the decision is the same as in the owner's account
                    else:
                        texts = _with_account(texts[0], written), _with_account(texts[1], written)
                        each = replace(each, provided=written)
                    self.record(each, left, *texts, resource)
        # If no resource of this type can be in the account, that shows nothing about the other types.
        if unnamed and pieces and not recorded and self.complete and self.sides.complete:
            self.unfelt.add(like)

    def _decided(self, piece: Piece, account: str, actions: int, *, apart: bool) -> tuple[str, tuple[Effect, ...]]:
        """Return a resource of the piece, and the effects on it.

        ``apart``: AWS has rules of its own for such resources, so effects are not shared with other pieces.
        """
        in_a_region = bool(piece.region.split(":", 4)[3])  # which determines aws:RequestedRegion
        alike = (piece.matched, account, in_a_region)
        outcome = None if apart else self.outcomes.get(alike)
        if outcome == ():
            return "", ()
        resource = self.cutter.witness(piece)
        if resource is None:
            self.complete = False
            return "", ()
        if not resource:  # only in Regions that do not exist
            return "", ()
        if outcome is None:
            outcome = self.sides.effects(_name(actions), resource)
            if not apart:
                self.outcomes[alike] = outcome
        return resource, outcome


def _regions(sides: Sides) -> tuple[str, ...]:
    """Return the Regions of the account's partition, the most likely Regions of a resource first."""
    known = regions(sides.account.partition)
    usual = [each for each in ("us-east-1", "eu-central-1", "ap-south-1", "us-east-2") if each in known]
    asked = (*sides.request.resource.split(":", 4)[3:4], *(sides.known.lookup("aws:requestedregion") or ()))
    own = [each for each in (*asked, sides.account.region) if each and each in known]
    return tuple(dict.fromkeys((*own, *usual, *known)))


def _name(actions: int) -> str:
    return catalogue().names[first(actions)]


def _names(one: CompiledStatement) -> bool:
    """Whether the statement allows the resources that it names, or denies all others."""
    return not one.deny or (one.resource is not None and one.resource.negated)


def _settles(sides: Sides, placed: Placed) -> bool:
    """Whether a statement denies its resources unconditionally, before and after the change."""
    layers = [Layer.IDENTITY, Layer.BOUNDARY, Layer.SESSION]
    if not sides.who.service_linked:
        layers.append(Layer.SCP)
    one = placed.one
    denies = one.deny and not one.conditions and one.resource is not None and not one.resource.negated
    return denies and placed.before and placed.after and sides.who.kind in WITH_IDENTITY and placed.place[0] in layers


def _elements(sides: Sides, naming: list[Placed]) -> Iterator[tuple[str, ...]]:
    """Yield the resource patterns that distinguish resources.

    Patterns of statements that differ only in their resources are grouped. Patterns with unset variables, which may
    match or not, come one by one.
    """
    if sides.own:
        yield tuple(sides.own)
    together: dict[object, dict[str, None]] = {}
    for placed in naming:
        one = placed.one
        if one.resource is None:
            continue
        if _settles(sides, placed):  # the cutter skips resources that are settled by patterns without "?"
            counting = tuple(text for text in sides.patterns(one, open_too=False) if "?" in text)
            yield from [counting] if counting else []
            continue
        fixed = dict.fromkeys(sides.patterns(one, open_too=False))
        if one.resource.negated:
            yield tuple(fixed)
        else:
            statement = one.statement
            alike = (placed.place, one.deny, placed.before, placed.after, statement.conditions)
            whom = (statement.principal, statement.not_principal)
            together.setdefault((alike, whom), {}).update(fixed)
        for text in sides.patterns(one):
            if text not in fixed:
                yield (text,)
    yield from map(tuple, filter(None, together.values()))


def _regions_named(statements: Iterable[CompiledStatement]) -> tuple[str, ...]:
    """Return the Regions in conditions on aws:RequestedRegion, because they distinguish resources.

    Usually, AWS derives a request's Region from the resource's ARN.
    """
    return tuple(
        value
        for one in statements
        for condition in one.conditions
        if condition.key == "aws:requestedregion"
        for value in condition.block.values
    )


def _accounts(bases: Iterable[str], owner: str) -> dict[str, str]:
    """Return the accounts whose resources the patterns name, including the owner's, each as written in the patterns.

    An account pattern with wildcards that does not match the owner is represented by one account.
    """
    found = {owner: owner}
    for pattern in bases:
        parts = pattern.split(":", 5)
        written = parts[4] if len(parts) > 5 else ""
        if is_account(written):
            found.setdefault(written, written)
        elif _SOME_ACCOUNTS.fullmatch(written) and not fnmatchcase(owner, written):
            rest = _DIGITS - len(written.replace("*", ""))
            number = written.replace("*", "0" * rest, 1).replace("*", "").replace("?", "0")
            if is_account(number):
                found.setdefault(number, written)
    return found


def _is_of_any_account(pattern: str) -> bool:
    parts = pattern.split(":", 5)
    return len(parts) <= 5 or not parts[4].strip("*")


def _tell_accounts_apart(sides: Sides, naming: list[Placed]) -> bool:
    """Whether a statement applies only to resources of the owner's account, or only to resources of other accounts."""
    keys = ("aws:resourceaccount", "aws:resourceorgid", "aws:resourceorgpaths", "s3:resourceaccount")
    return any(
        any(condition.key in keys for condition in placed.one.conditions)
        or any(f":{sides.owner}:" in text for text in sides.patterns(placed.one))
        for placed in naming
    )


def _with_account(arn: str, written: str) -> str:
    parts = arn.split(":", 5)
    return ":".join((*parts[:4], written, *parts[5:]))


_DIGITS = 12
_MADE_UP = ("000000000000", "999999999999", "999999999998")
"""Account IDs that represent an account that no statement names."""
_SOME_ACCOUNTS = re.compile(r"[\d*?]*\d[\d*?]*")


def _is_apart(kind: ResourceType) -> bool:
    """Return whether AWS has special rules for the service of this resource type."""
    return kind.arn.split(":", 3)[2] in ("iam", "kms", "sts")


def _by_type(actions: int) -> Iterator[tuple[ResourceType, int]]:
    """Yield the resource types that the actions support, required ones first, each with its actions."""
    known = catalogue()
    for service in known.services_of(actions):
        start = known.services[service][0]
        for kind, taking in _types(service):
            if fit := actions & taking << start:
                yield kind, fit


@cache
def _types(service: str) -> tuple[tuple[ResourceType, int], ...]:
    """Return a service's resource types, each with the actions that support it.

    The actions are bits, counted from the service's first action.
    """
    start = catalogue().services[service][0]
    taking: dict[tuple[bool, int, str], tuple[ResourceType, int]] = {}
    for action in service_reference.actions(service).values():
        at = (catalogue().position(action.name) or start) - start
        for kind in action.resource_types:
            key = (kind.name not in action.required, len(kind.arn), kind.name)
            taking[key] = kind, taking.get(key, (kind, 0))[1] | 1 << at
    return tuple(taking[key] for key in sorted(taking))
