"""Who may assume a role by another trust policy who could not before, and the reverse."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from iam.account import Account, Role
from iam.arn import Arn
from iam.changes.plan import AccessGrant
from iam.foreign_text import shortened
from iam.layers import organization_layers
from iam.policy.document import PolicyError
from iam.policy.request import NamedPolicy, Policies, Request
from iam.policy.statements import ConditionBlock
from iam.policy.words import unmet, wish
from iam.questions.access_question import AccessQuestion
from iam.questions.answers import AccessVerdict
from iam.questions.catalogue import PROBE
from iam.questions.change.effects import ANOTHER_ACCOUNT, AccessEffect, EffectKind
from iam.questions.change.let_in import let_in
from iam.questions.index import index_of
from iam.questions.principal_answer import answer
from iam.sources.reader import AccountReader
from iam.words import joined, listing

MOST_NAMED = 6


@dataclass(frozen=True, slots=True)
class TrustEffects:
    said: tuple[str, ...]
    grants: tuple[AccessGrant, ...] = ()
    complete: bool = True


def trust_effects(was: Role, now: Role, account: Account, reader: AccountReader) -> TrustEffects:
    """What the trust policy of ``now`` changes against that of ``was``, for those whom it names and for those of the
    ``account`` (as it is after the change) whose own policies let them assume the role. May block."""
    had, has = _resource(was), _resource(now)
    if had is None or has is None:
        return TrustEffects((f"Who may assume {shortened(now.name)} now was not computed.",), complete=False)
    try:
        # Nobody is left out: the request's own principal is one that nobody names.
        asked = Request(None, "sts:AssumeRole", now.arn)
        found = let_in(Policies(resource=had), Policies(resource=has), asked, account)
    except PolicyError as error:
        return TrustEffects((f"Who may assume {shortened(now.name)} could not be computed: {error}",), complete=False)
    others = [left for one in found.found if (left := _without_own(one, account)).principals]
    own = _own(had, has, now, account, reader) if others != list(found.found) else ()
    effects = [*others, *own]
    said = tuple(_sentences(effects, now, account))
    if not found.fully_computed:
        said = (*said, "There may be more: who may assume it was not fully computed.")
    return TrustEffects(
        said or (f"The same may assume {shortened(now.name)} as before.",),
        tuple(_grant(who, one) for one in effects for who in one.principals),
        found.fully_computed,
    )


_DECIDED = (EffectKind.NEWLY_ALLOWED, EffectKind.NEWLY_DENIED)


def _resource(role: Role) -> NamedPolicy | None:
    return None if role.trust is None else NamedPolicy(role.trust, f"trust policy of {role.name}", role.arn)


def _without_own(effect: AccessEffect, account: Account) -> AccessEffect:
    """The effect without the account's roles and users, where their own policies say whom of them it is about."""
    if effect.action != "sts:AssumeRole" or effect.kind not in _DECIDED:
        return effect
    return replace(effect, principals=tuple(who for who in effect.principals if not _is_own(who, account)))


def _is_own(who: str, account: Account) -> bool:
    arn = Arn.parse_entity(who, "role", "user")
    return arn is not None and arn.account == account.id


def _own(
    had: NamedPolicy, has: NamedPolicy, role: Role, account: Account, reader: AccountReader
) -> Iterator[AccessEffect]:
    """The roles and users of the account that may assume the role by one of the trust policies alone."""
    asked = Request(f"arn:{account.partition}:iam::{account.id}:root", "sts:AssumeRole", role.arn)
    shared = organization_layers(asked, account, reader).policies
    question = AccessQuestion("sts:AssumeRole", role.arn, account)
    changed: dict[EffectKind, list[str]] = {kind: [] for kind in _DECIDED}
    for principal in index_of(account, reader).principals:
        could, can = (
            answer(question, principal, replace(shared, resource=trust)).verdict in _MAY for trust in (had, has)
        )
        if could is not can:
            changed[_DECIDED[0] if can else _DECIDED[1]].append(principal.entity.arn)
    for kind, arns in changed.items():
        if arns:
            yield AccessEffect(kind, tuple(sorted(arns)), "sts:AssumeRole", role.arn)


_MAY = (AccessVerdict.ALLOWED, AccessVerdict.CONDITIONAL)


def _grant(who: str, one: AccessEffect) -> AccessGrant:
    return AccessGrant(who, one.kind.value, (one.action,), 1, one.resource, _wishes(one))


def _wishes(one: AccessEffect) -> tuple[str, ...]:
    return (*_said(one.conditions), *(unmet(each.operator, each.key, each.values) for each in one.unless))


def _said(blocks: Sequence[ConditionBlock]) -> list[str]:
    return [wish(block.operator, block.key, block.values) for block in blocks]


_VERBS = {
    EffectKind.NEWLY_ALLOWED: "may {do} now",
    EffectKind.NEWLY_DENIED: "may {do} no more",
    EffectKind.LOOSENED: "may {do} under fewer or other conditions",
    EffectKind.TIGHTENED: "may {do} under more conditions",
}
_DOES = {
    "sts:AssumeRole": "assume {role}",
    "sts:AssumeRoleWithSAML": "assume {role}",
    "sts:AssumeRoleWithWebIdentity": "assume {role}",
    "sts:TagSession": "pass session tags to {role}",
    "sts:SetSourceIdentity": "tell {role} a source identity",
    "sts:SetContext": "tell {role} a context",
}
_MET = {EffectKind.NEWLY_ALLOWED: "needs", EffectKind.LOOSENED: "also with", EffectKind.TIGHTENED: "no more with"}
_UNMET = {EffectKind.NEWLY_ALLOWED: "not with", EffectKind.LOOSENED: "no longer needs", EffectKind.TIGHTENED: "needs"}


def _sentences(effects: Sequence[AccessEffect], role: Role, account: Account) -> Iterator[str]:
    for one in effects:
        does = _DOES.get(one.action, f"call {one.action} on {{role}}").format(role=shortened(role.name))
        told = [
            f"{words[one.kind]} {joined([shortened(each, 120) for each in _said(blocks)])}"
            for words, blocks in ((_MET, one.conditions), (_UNMET, one.unless))
            if blocks and one.kind in words
        ]
        whom = listing(list(_names(one.principals, account)), limit=MOST_NAMED)
        if whom.startswith(_NO_NAMES):
            whom = f"{whom[0].upper()}{whom[1:]}"
        yield f"{whom} {_VERBS[one.kind].format(do=does)}{''.join(f'; {each}' for each in told)}."


_NO_NAMES = ("account ", "every", "this account", "whoever ")


def _names(principals: Sequence[str], account: Account) -> Iterator[str]:
    """Principals for a sentence; one that stands for any name is said so."""
    probes = {who for who in principals if who.endswith(f"/{PROBE}") and _is_own(who, account)}
    if probes:
        kinds = [f"{kind}s" for kind in ("role", "user") if any(f":{kind}/" in who for who in probes)]
        yield f"this account's {joined(kinds)} that their own policies let"
    for who in principals:
        arn = Arn.parse(who)
        if who in probes:
            continue
        if arn is None:
            yield "every service of AWS" if who.startswith(PROBE) else shortened(who)
        elif "-provider/" in who:
            yield f"whoever has a token of {shortened(who.partition('-provider/')[2])}"
        elif arn.account == ANOTHER_ACCOUNT:
            yield "everybody in any other account"
        elif who.endswith(f"/{PROBE}"):
            yield f"account {arn.account}"
        else:
            yield shortened(who.rpartition("/")[2] if _is_own(who, account) else who, 100)
