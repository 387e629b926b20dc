"""Describe the effects of a change in words: ``s3:GetObject on arn:aws:s3:::assets/<any other name>``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from iam.arn import Arn, name_of
from iam.foreign_text import shortened
from iam.policy.principal import TRUST_ACTIONS, Kind, caller
from iam.policy.words import holding, unmet
from iam.questions.catalogue import PROBE
from iam.questions.change.compare import KEY_POLICY, RESOURCE_POLICY, TRUST_POLICY
from iam.questions.change.effects import ANOTHER_ACCOUNT, ANYBODY, AccessEffect, EffectKind, Effects
from iam.service_reference import Action, resource_types
from iam.service_reference import actions as known_actions
from iam.words import joined, listing

if TYPE_CHECKING:
    from iam.account import Account
    from iam.policy.request import Request
    from iam.policy.statements import ConditionBlock

MOST_SHOWN = 50
"""The maximum number of effects of one kind that are listed; any others are only counted."""
_MOST_NAMED = 3


def effect_lines(effects: Effects, kind: EffectKind, request: Request | None) -> tuple[str, ...]:
    """Return lines for the effects of one kind. The principal of the request is not repeated."""
    found = _distinct(effects, kind, request)
    if len(found) > MOST_SHOWN:
        found = (*found[:MOST_SHOWN], f"and {len(found) - MOST_SHOWN:,} more")
    return found


def effect_count(effects: Effects, kinds: Sequence[EffectKind], request: Request | None) -> int:
    """Return the number of effects of the given kinds, including those that `effect_lines` only counts."""
    return sum(len(_distinct(effects, kind, request)) for kind in kinds)


def _distinct(effects: Effects, kind: EffectKind, request: Request | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(effect_words(one, request) for one in effects.of(kind)))


def grouped_lines(effects: Effects, kinds: Sequence[EffectKind], request: Request | None) -> tuple[str, ...]:
    """Return sentences about the effects of the given kinds.

    One sentence covers everything that is gained or lost in one place under the same conditions: principals with the
    same effect are named together, and a large number of actions is counted.
    """
    places: dict[AccessEffect, list[AccessEffect]] = {}
    for one in effects.of(*kinds):
        places.setdefault(replace(one, kind=kinds[0], action="", witness=""), []).append(one)
    groups: dict[tuple[AccessEffect, tuple[str, ...]], list[AccessEffect]] = {}
    for place, same in places.items():
        actions = tuple(dict.fromkeys(each.action for each in same))
        groups.setdefault((replace(place, principals=()), actions), []).append(place)
    found: list[str] = []
    for (_, actions), alike in groups.items():
        principals = tuple(dict.fromkeys(who for each in alike for who in each.principals))
        effect = replace(alike[0], principals=principals)
        named = actions if len(actions) <= _MOST_APART else (_counted(actions, effect.resource),)
        found += [effect_words(replace(effect, action=action), request) for action in named]
    found = list(dict.fromkeys(found))
    rest = len(found) - MOST_SHOWN
    return (*found[:MOST_SHOWN], f"and {rest:,} more") if rest > 0 else tuple(found)


_MOST_APART = 4
"""The maximum number of actions listed by name; the rest are only counted."""


def _counted(actions: Sequence[str], resource: str) -> str:
    """Return the number of actions in words: ``all 53 actions of kms``, ``12 actions (s3:GetObject, … and 9 more)``."""
    services = {action.partition(":")[0] for action in actions}
    if len(services) == 1:
        service = services.pop()
        types = {each.name for each in resource_types(service).values() if each.fits(resource)}
        on_it = [each.name for each in known_actions(service).values() if _takes(each, types)]
        if types and set(on_it) <= set(actions):
            return f"all {len(actions)} actions of {service}"
    return f"{len(actions)} actions ({listing(list(actions), limit=_MOST_NAMED)})"


def _takes(action: Action, types: set[str]) -> bool:
    return any(each.name in types for each in action.resource_types)


def incomplete_words(effects: Effects) -> str:
    """Return a clause about what was not computed, or "" if everything was."""
    if effects.uncounted:
        return f"{effects.uncounted:,} more principals that it is attached to were not compared"
    if effects.uncovered:
        return f"perhaps more, because {listing(list(effects.uncovered), limit=_MOST_NAMED)} was not taken into account"
    return "" if effects.fully_computed else "perhaps more, because the change's other effects were not fully computed"


def effect_words(effect: AccessEffect, request: Request | None) -> str:
    trust = effect.action.lower() in TRUST_ACTIONS and request is not None and effect.resource == request.resource
    words = effect.action if trust else f"{effect.action} on {any_name(_in_any_region(effect), effect.witness)}"
    own = request is not None and effect.principals == (request.principal,)
    if effect.other_than:
        words += f" by any other {effect.other_than}"
    elif trust or not own:
        words += f" by {_principals(effect.principals)}"
    hangs = [each for each in (when(effect.conditions, effect.unless), provided_words(effect.provided)) if each]
    return f"{words}, if {' and '.join(hangs)}" if hangs else words


def _in_any_region(effect: AccessEffect) -> str:
    """Return the effect's resource, with ``<any Region>`` for a Region that represents all of them."""
    parts = effect.resource.split(":", 4)
    return ":".join((*parts[:3], "<any Region>", *parts[4:])) if effect.any_region and parts[3:] else effect.resource


def any_name(resource: str, witness: str = "") -> str:
    """Return a description of a resource that represents others: ``arn:aws:s3:::assets/<any other name>``.

    If only names of a certain form are meant (``bed?`` matches one character), ``witness`` is shown as an example.
    """
    if witness and PROBE not in witness and resource.count(PROBE) == 1:
        before, _, after = resource.partition(PROBE)
        if witness.startswith(before) and witness.endswith(after):
            return f"{before}<some other names, such as {witness[len(before) : len(witness) - len(after)]}>{after}"
    return resource.replace(PROBE, "<any other name>")


def when(conditions: Sequence[ConditionBlock], unless: Sequence[ConditionBlock]) -> str:
    """Return a clause with the conditions that must be met, and those that must not be met: ``aws:SourceVpc is vpc-1``.

    "" if there are none, or only the condition that the request uses TLS, as SDKs and the console do.
    """
    clauses = [*(_when(each, True) for each in conditions), *(_when(each, False) for each in unless)]
    return joined(each for each in clauses if each != _TLS)


_TLS = "the request uses TLS"


def _when(block: ConditionBlock, met: bool) -> str:
    if block.key.lower() == "aws:securetransport" and len(block.values) == 1:
        tls = (block.values[0].lower() == "true") is met
        return _TLS if tls else "the request uses plain HTTP"
    if met:
        return holding(block.operator, block.key, block.values)
    return as_fact(unmet(block.operator, block.key, block.values))


def as_fact(wish: str) -> str:
    """Turn a requirement into a statement of fact: ``aws:SourceVpc to be vpc-1`` into ``aws:SourceVpc is vpc-1``."""
    negated = wish.startswith("not ")
    for infinitive, present, other in _FACTS:
        if infinitive in wish:
            return wish.removeprefix("not ").replace(infinitive, other if negated else present, 1)
    return wish


_FACTS = (
    (" not to be", " is not", " is"),
    (" not to match", " does not match", " matches"),
    (" to be", " is", " is not"),
    (" to match", " matches", " does not match"),
)


def provided_words(provided: str) -> str:
    """Return a clause about what also decides but was not evaluated: ``account 444455556666 allows it too``."""
    if not provided:
        return ""
    if provided == RESOURCE_POLICY:
        return f"its {provided} (unread) does not deny it"
    if provided in (KEY_POLICY, TRUST_POLICY):
        return f"the {provided} of {'the key' if provided == KEY_POLICY else 'that role'} allows it"
    whose = "its account" if provided == ANOTHER_ACCOUNT else f"account {provided}"
    return f"{whose} allows it too"


def _principals(principals: tuple[str, ...]) -> str:
    if len(principals) == 1:
        return principal_words(principals[0])
    named = [name_of(each) if _is_plain(each) else principal_words(each) for each in principals[:_MOST_NAMED]]
    left = len(principals) - len(named)
    return listing([*named, f"{left:,} more"] if left else named, "and")


def _is_plain(principal: str) -> bool:
    return PROBE not in principal and principal != ANYBODY and not principal.endswith(":root")


def principal_words(principal: str) -> str:
    """Return a description of a principal that represents several; any other principal is returned unchanged."""
    if principal == ANYBODY:
        return "anyone, even without AWS credentials"
    if accounts := _of_other_accounts(principal):
        return accounts
    who = caller(principal)
    kinds = {Kind.USER: "user", Kind.ROLE: "role", Kind.SERVICE: "service", Kind.FEDERATED_USER: "federated user"}
    kind = kinds.get(who.kind, "principal")
    if PROBE in principal:
        return f"any other {kind} of account {who.account}" if who.account else f"any other {kind}"
    return f"account {who.account}" if who.kind is Kind.ROOT else principal


def _of_other_accounts(principal: str) -> str:
    """Return a description if the principal represents those in unnamed accounts or an account pattern; else ""."""
    parts = principal.split(":", 5)
    if len(parts) < 6 or not (parts[4] == ANOTHER_ACCOUNT or "*" in parts[4] or "?" in parts[4]):
        return ""
    kind = parts[5].partition("/")[0].replace("-", " ")
    other = parts[4] == ANOTHER_ACCOUNT
    if kind == "root":
        return "any other account" if other else f"any account {parts[4]}"
    return f"any {kind} of any other account" if other else f"any {kind} of an account {parts[4]}"


def whom(principals: Sequence[str], account: Account) -> str:
    """Return the principals affected by a change to a role's trust policy, as words for the start of a sentence."""
    words = listing(list(dict.fromkeys(_names(principals, account))), limit=_MOST_IN_A_SENTENCE)
    return f"{words[0].upper()}{words[1:]}" if words.startswith(_NO_NAMES) else words


_MOST_IN_A_SENTENCE = 6
_NO_NAMES = ("account ", "any", "roles ", "users ", "whoever ")


def _names(principals: Sequence[str], account: Account) -> Iterator[str]:
    """Yield the principals as they appear in a sentence.

    A principal that represents any name is described instead.
    """
    probes = {who for who in principals if who.endswith(f"/{PROBE}") and is_own(who, account)}
    if probes:
        kinds = [f"{kind}s" for kind in ("role", "user") if any(f":{kind}/" in who for who in probes)]
        yield f"{joined(kinds)} of this account whose own policies allow it"
    for who in principals:
        arn = Arn.parse(who)
        if who in probes:
            continue
        if accounts := _of_other_accounts(who):
            yield accounts
        elif arn is None:
            yield "any other AWS service" if who.startswith(PROBE) else shortened(who)
        elif "-provider/" in who:
            yield f"anyone with a token of {_provider(who)}"
        elif arn.resource == "root":
            yield f"account {arn.account}"
        elif who.endswith(f"/{PROBE}"):
            yield f"any other {arn.type} of account {arn.account}"
        else:
            yield shortened(who.rpartition("/")[2] if is_own(who, account) else who, 100)


def _provider(arn: str) -> str:
    name = arn.partition("-provider/")[2]
    return "any other identity provider" if name == PROBE else shortened(name)


def is_own(principal: str, account: Account) -> bool:
    """Return whether the principal is a role or user of the account."""
    arn = Arn.parse_entity(principal, "role", "user")
    return arn is not None and arn.account == account.id
