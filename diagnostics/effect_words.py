"""Effects of a change in words: ``s3:GetObject on arn:aws:s3:::assets/<any other name>``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iam.arn import name_of
from iam.policy.principal import TRUST_ACTIONS, Kind, caller
from iam.questions.catalogue import PROBE
from iam.questions.change.effects import ANOTHER_ACCOUNT, AccessEffect, EffectKind, Effects
from iam.words import listing

if TYPE_CHECKING:
    from iam.policy.request import Request
    from iam.policy.statements import ConditionBlock

MOST_SHOWN = 50
"""Effects of a kind that are told one by one; of more the number."""
_MOST_NAMED = 3


def effect_lines(effects: Effects, kind: EffectKind, request: Request | None) -> tuple[str, ...]:
    """The effects of a kind, as seen from a request: whose principal is not named again."""
    found = tuple(dict.fromkeys(effect_words(one, request) for one in effects.of(kind)))
    if len(found) > MOST_SHOWN:
        found = (*found[:MOST_SHOWN], f"and {len(found) - MOST_SHOWN:,} more")
    return found


def incomplete_words(effects: Effects) -> str:
    """What was not computed, in one clause; empty where all was."""
    if effects.uncounted:
        return f"{effects.uncounted:,} more principals that carry it were not looked at"
    return "" if effects.fully_computed else "perhaps more: not fully computed"


def effect_words(effect: AccessEffect, request: Request | None) -> str:
    trust = effect.action.lower() in TRUST_ACTIONS and request is not None and effect.resource == request.resource
    words = effect.action if trust else f"{effect.action} on {any_name(effect.resource)}"
    own = request is not None and effect.principals == (request.principal,)
    if effect.other_than:
        words += f" by any other {effect.other_than}"
    elif trust or not own:
        words += f" by {_principals(effect.principals)}"
    if effect.conditions:
        words += f", if {listing(list(map(_condition, effect.conditions)), 'and')}"
    if effect.unless:
        words += f", unless {listing(list(map(_condition, effect.unless)), 'or')}"
    return words


def any_name(resource: str) -> str:
    """A resource that stands for any of its kind, in words: ``arn:aws:s3:::assets/<any other name>``."""
    return resource.replace(PROBE, "<any other name>")


def _condition(block: ConditionBlock) -> str:
    return f"{block.operator} {block.key} {'/'.join(block.values)}"


def _principals(principals: tuple[str, ...]) -> str:
    if len(principals) == 1:
        return principal_words(principals[0])
    named = [name_of(each) if PROBE not in each else principal_words(each) for each in principals[:_MOST_NAMED]]
    left = len(principals) - len(named)
    return listing([*named, f"{left:,} more"] if left else named, "and")


def principal_words(principal: str) -> str:
    """A principal that stands for others, in words; any other as it is."""
    who = caller(principal)
    if who.account == ANOTHER_ACCOUNT:
        return "any other account"
    if PROBE in principal:
        kind = {Kind.USER: "user", Kind.ROLE: "role", Kind.SERVICE: "service"}.get(who.kind, "principal")
        return f"any other {kind} of account {who.account}" if who.account else f"any other {kind}"
    return f"the root user of account {who.account}" if who.kind is Kind.ROOT else principal
