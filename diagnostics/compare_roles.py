"""Compare what two roles may do, with the differences as lines of text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial, reduce
from operator import or_

from diagnostics.effect_words import any_name, when
from iam.account import Account, Role
from iam.arn import Arn
from iam.layers import organization_layers, principal_layers
from iam.policy.document import Document, PolicyError
from iam.policy.named_principals import trusted_by
from iam.policy.request import NamedPolicy, Policies, Request
from iam.questions.catalogue import catalogue
from iam.questions.change.compare import Changed, access_change
from iam.questions.change.settled import settled
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.opened import OpenedAccount
from iam.words import listing, plural

MOST_NAMED, MOST_LINES = 4, 12


@dataclass(frozen=True, slots=True)
class RolesCompared:
    """The result of a comparison. A line contains actions with resources, or a principal that may assume a role.

    ``otherwise`` is what both roles may do, but under different conditions. ``doubts`` are sentences about what was
    left out.
    """

    only_first: tuple[str, ...] = ()
    only_second: tuple[str, ...] = ()
    otherwise: tuple[str, ...] = ()
    trusted_by_first: tuple[str, ...] = ()
    trusted_by_second: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


def compare_roles(
    first: Role, second: Role, account: Account, reader: AccountReader, other: OpenedAccount | None = None
) -> RolesCompared:
    """Compare two roles by identity policies, boundary and the organization's policies, without resource policies.

    ``other`` is the second role's account if it is a different one. Its account ID in the second role's policies then
    counts as equal to the first account's. May block.
    """
    request = Request(first.arn, "*", "*")
    theirs = other.account if other is not None else account
    sides = {first.arn: OpenedAccount(account, reader), second.arn: other or OpenedAccount(account, reader)}
    doubts: dict[str, None] = {}

    def policies(role: Role) -> Policies:
        side = sides[role.arn]
        shared = organization_layers(Request(role.arn, "*", "*"), side.account, side.reader)
        own = principal_layers(role, side.account, side.reader, {})
        unread = (each for each in (*own.readings, *shared.readings) if each.unread)
        doubts.update(dict.fromkeys(f"Not counted: {each.why}" for each in unread))
        found = replace(own.policies, scps=shared.policies.scps, rcps=shared.policies.rcps)
        return found if side.account.id == account.id else found.mapped(partial(_moved, theirs.id, account.id))

    unread = [role.name for role in (first, second) if role.trust is None]
    doubts.update((f"The trust policy of {name} could not be read.", None) for name in unread)
    sides_trust = ((first, account), (second, theirs))
    firsts, seconds = ((), ()) if unread else (trusted_by(role.trust, its.id) for role, its in sides_trust)
    trusted = RolesCompared(
        trusted_by_first=tuple(each for each in firsts if each not in seconds),
        trusted_by_second=tuple(each for each in seconds if each not in firsts),
    )
    try:
        before, of_first = settled(policies(first), first, account)
        after, of_second = settled(policies(second), second, account)
        change = access_change(before, after, request, account, entity=first)
    except PolicyError as error:
        return replace(trusted, doubts=(*doubts, f"The permissions could not be compared: {error}"))
    if keys := sorted({*of_first, *of_second}):
        doubts[f"{listing(keys)} may differ from session to session; the same value was assumed for both roles."] = None
    if not change.fully_computed:
        doubts["There may be more differences, because not everything was computed."] = None
    return replace(
        trusted,
        only_first=_lines(change.newly_denied),
        only_second=_lines(change.newly_allowed),
        otherwise=_lines((*change.loosened, *change.tightened)),
        doubts=tuple(doubts),
    )


def _moved(before: str, after: str, policy: NamedPolicy) -> NamedPolicy:
    """Return the policy with one account ID replaced by another."""
    text = policy.document.text
    return replace(policy, document=Document(text.replace(before, after))) if before in text else policy


def _lines(changed: Iterable[Changed]) -> tuple[str, ...]:
    """Return a line for each resource and condition, such as ``iam:PassRole on …, if iam:PassedToService is …``.

    If the changes concern more than half of all actions, the first line gives the number of these actions.
    """
    changed = tuple(changed)
    number, every = reduce(or_, (one.actions for one in changed), 0).bit_count(), len(catalogue().names)
    by_place: dict[tuple[str, str], dict[str, None]] = {}
    for one in changed:
        place = any_name(one.pattern or one.resource), when(one.conditions, one.unless)
        by_place.setdefault(place, {}).update(dict.fromkeys(one.names()))
    by_region: dict[tuple[tuple[str, ...], str, str], list[tuple[str, str]]] = {}
    for (resource, clause), actions in by_place.items():
        arn = Arn.parse(resource)
        region = arn.region if arn is not None else ""
        elsewhere = resource.replace(f":{region}:", "::", 1) if region else resource
        by_region.setdefault((tuple(sorted(actions)), elsewhere, clause), []).append((region, resource))
    differences = sorted(by_region.items(), key=lambda each: -len(each[0][0]))
    lines = [
        f"{_actions(list(actions))} on {places[0][1]}{_also_in(places)}" + (f", if {clause}" if clause else "")
        for (actions, _, clause), places in differences[:MOST_LINES]
    ]
    if 2 * number > every:
        lines.insert(0, f"{number:,} of the {every:,} actions that AWS lists, each on at least one resource:")
    if len(differences) > MOST_LINES:
        lines.append(f"and something on {plural(len(differences) - MOST_LINES, 'more resource')}")
    return tuple(lines)


def _also_in(places: list[tuple[str, str]]) -> str:
    """Return the other Regions of the same resource, such as `` (and in eu-west-1)``."""
    return f" (and in {listing([region for region, _ in places[1:]])})" if len(places) > 1 else ""


def _actions(names: list[str]) -> str:
    if len(names) <= MOST_NAMED:
        return listing(names)
    return f"{', '.join(names[: MOST_NAMED - 1])} and {len(names) - MOST_NAMED + 1:,} more actions"
