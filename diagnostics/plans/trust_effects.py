"""Find the principals that can newly assume a role through a changed trust policy, or can no longer assume it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from diagnostics.effect_words import incomplete_words, is_own, when, whom
from iam.account import Account, Role
from iam.changes.plan import AccessGrant
from iam.claims import same_as_before
from iam.foreign_text import shortened
from iam.layers import organization_layers
from iam.policy.document import PolicyError
from iam.policy.request import NamedPolicy, Policies, Request
from iam.questions.access_question import AccessQuestion
from iam.questions.answers import AccessVerdict
from iam.questions.change.callers_of_resource import let_in
from iam.questions.change.effects import AccessEffect, EffectKind, Effects
from iam.questions.index import index_of
from iam.questions.principal_answer import answer
from iam.sources.reader.account_reader import AccountReader


@dataclass(frozen=True, slots=True)
class TrustEffects:
    """The effects of a changed trust policy, as sentences.

    ``said`` are all sentences; ``lost`` and ``gained`` are the ones about access that ends and access that begins.
    """

    said: tuple[str, ...]
    grants: tuple[AccessGrant, ...] = ()
    complete: bool = True
    lost: tuple[str, ...] = ()
    gained: tuple[str, ...] = ()


def trust_effects(was: Role, now: Role, account: Account, reader: AccountReader) -> TrustEffects:
    """Return the differences between the trust policies of ``now`` and ``was``. May block.

    They cover the principals that the policies name, and those in the ``account`` (as it is after the change) whose own
    policies allow them to assume the role.
    """
    had, has = _resource(was), _resource(now)
    if had is None or has is None:
        return TrustEffects(
            (f"The principals that may assume {shortened(now.name)} now were not computed.",), complete=False
        )
    try:
        # No principal is excluded: the request's own principal is one that no policy names.
        asked = Request(None, "sts:AssumeRole", now.arn)
        found = let_in(Policies(resource=had), Policies(resource=has), asked, account)
    except PolicyError as error:
        return TrustEffects((f"Who may assume {shortened(now.name)} could not be computed: {error}",), complete=False)
    others = [left for one in found.found if (left := _without_own(one, account)).principals]
    own = _own(had, has, now, account, reader) if others != list(found.found) else ()
    effects = [*others, *own]
    lost = tuple(_sentence(one, now, account) for one in effects if one.kind in _LOSES)
    gained = tuple(_sentence(one, now, account) for one in effects if one.kind not in _LOSES)
    said = tuple(_sentence(one, now, account) for one in effects)
    if not found.complete and said:
        said = (*said, f"There may be more: {incomplete_words(found).removeprefix('perhaps more, because ')}.")
    return TrustEffects(
        said or (_no_change(now, found),),
        tuple(_grant(who, one) for one in effects for who in one.principals),
        found.complete,
        lost,
        gained,
    )


def _no_change(role: Role, found: Effects) -> str:
    same = same_as_before("principals", complete=found.complete)
    reason = "" if found.complete else f" ({incomplete_words(found).removeprefix('perhaps more, because ')})"
    return f"Who can assume {shortened(role.name)}: {same}{reason}."


_DECIDED = (EffectKind.NEWLY_ALLOWED, EffectKind.NEWLY_DENIED)
_LOSES = (EffectKind.NEWLY_DENIED, EffectKind.TIGHTENED)


def _resource(role: Role) -> NamedPolicy | None:
    return None if role.trust is None else NamedPolicy(role.trust, f"trust policy of {role.name}", role.arn)


def _without_own(effect: AccessEffect, account: Account) -> AccessEffect:
    """Return the effect without the account's roles and users, if their own policies must be evaluated too."""
    if effect.action != "sts:AssumeRole" or effect.kind not in _DECIDED:
        return effect
    return replace(effect, principals=tuple(who for who in effect.principals if not is_own(who, account)))


def _own(
    had: NamedPolicy, has: NamedPolicy, role: Role, account: Account, reader: AccountReader
) -> Iterator[AccessEffect]:
    """Yield effects on the account's roles and users that may assume the role under only one of the trust policies."""
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
    return tuple(when((each,), ()) for each in one.conditions) + tuple(when((), (each,)) for each in one.unless)


_VERBS = {
    EffectKind.NEWLY_ALLOWED: "can now",
    EffectKind.NEWLY_DENIED: "can no longer",
    EffectKind.LOOSENED: "can now also",
    EffectKind.TIGHTENED: "can no longer",
}
_DOES = {
    "sts:AssumeRole": "assume {role}",
    "sts:AssumeRoleWithSAML": "assume {role}",
    "sts:AssumeRoleWithWebIdentity": "assume {role}",
    "sts:TagSession": "pass session tags to {role}",
    "sts:SetSourceIdentity": "pass a source identity to {role}",
    "sts:SetContext": "pass a context to {role}",
}


def _sentence(one: AccessEffect, role: Role, account: Account) -> str:
    does = _DOES.get(one.action, f"call {one.action} on {{role}}").format(role=shortened(role.name))
    clause = when(one.conditions, one.unless)
    condition = f" if {shortened(clause, 400)}" if clause else ""
    return f"{whom(one.principals, account)} {_VERBS[one.kind]} {does}{condition}."
