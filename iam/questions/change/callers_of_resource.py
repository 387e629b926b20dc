"""Compute which classes of callers gain or lose access through a change to a resource-based policy.

This includes a role's trust policy. Only the resource's side is compared: the callers' own policies, if there are any,
are assumed to allow the action.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from iam.account import Account
from iam.organization.accounts import Accounts
from iam.policy.compiled import CompiledStatement, compiled
from iam.policy.condition_keys import KnownAbsent, without
from iam.policy.document import Document
from iam.policy.principal import TRUST_ACTIONS, WITH_IDENTITY, Kind, caller
from iam.policy.request import NamedPolicy, Policies, Request
from iam.policy.shared_providers import COGNITO
from iam.questions.access_question import AccessQuestion, applicable_policies
from iam.questions.catalogue import catalogue
from iam.questions.change.callers import CallerClass, callers
from iam.questions.change.compare import access_change
from iam.questions.change.effects import AccessEffect, EffectKind, Effects, effects_of, together
from iam.questions.change.key_values import Surroundings, Tested, TooManyValues, points
from iam.questions.change.sides import open_keys, replace_hidden, witness
from iam.questions.change.unknown_values import Compared, TooManyWorlds, Unknown, Way, compared

_EVERYTHING = NamedPolicy(
    Document('{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}')
)
_BY_TOKEN = frozenset({"sts:assumerolewithsaml", "sts:assumerolewithwebidentity"})


def let_in(
    before: Policies, after: Policies, request: Request, account: Account, accounts: Accounts | None = None
) -> Effects:
    """Return how the change affects principals other than the caller of the request.

    With several ``accounts``, the organization of each caller's account is known. Raises `PolicyError`.
    """
    trust = request.action.lower() in TRUST_ACTIONS
    sides = tuple(
        replace(policies, identity=(_EVERYTHING,), boundary=None, session=None, scps=None)
        for policies in (before, after)
    )
    partition = callers(sides, account, trust=trust)
    work = _LettingIn(sides[0], sides[1], request, account, trust, accounts=accounts)
    alike: dict[object, list[CallerClass]] = {}
    for each in partition.classes:
        if not _is_behind(each.label, request):
            alike.setdefault(work.signature(each), []).append(each)
    found = [work.effects(group) for group in alike.values()]
    return together((*_without_existing(found, account), Effects(uncovered=partition.uncovered)))


def who_may(policies: Policies, request: Request, account: Account) -> Effects:
    """Return everyone to whom a resource-based policy gives access, as the effects of adding the policy.

    Raises `PolicyError`.
    """
    return let_in(replace(policies, resource=None), policies, request, account)


def others_let_in(policies: Policies, request: Request, account: Account, absent: KnownAbsent) -> Iterator[LetIn]:
    """Yield a caller for each class of callers from other accounts that a role's trust policy currently accepts.

    ``request`` contains the condition keys of such a caller; ``absent`` says which other keys (in lower case) the
    caller does not have. Raises `PolicyError`.
    """
    after = replace(policies, identity=(_EVERYTHING,))
    work = _LettingIn(replace(after, resource=None), after, request, account, True, absent)
    for each in callers((after,), account, trust=True).classes:
        parts = each.label.split(":")
        if each.kind not in WITH_IDENTITY or len(parts) < 5 or parts[4] == account.id:
            continue
        for one in work.effects([each]).found:
            if one.request is not None and one.action == request.action:
                yield LetIn(parts[4], one.request.principal or "")
                break


@dataclass(frozen=True, slots=True)
class LetIn:
    """A caller that a policy accepts.

    ``account`` is its account ID, or what represents it in the label of a `CallerClass`. ``principal`` is its ARN.
    """

    account: str
    principal: str


class _LettingIn:
    """A change of a resource-based policy, evaluated for one class of callers after another.

    With ``absent``, it is evaluated as of now, for the values of the request and without the absent keys.
    """

    def __init__(
        self,
        before: Policies,
        after: Policies,
        request: Request,
        account: Account,
        trust: bool,
        absent: KnownAbsent | None = None,
        accounts: Accounts | None = None,
    ) -> None:
        self._accounts = accounts
        self._before, self._after, self._account, self._trust = before, after, account, trust
        self._resource, self._owner = request.resource, request.resource_account or account.id
        self._action, self._context, self._absent = request.action, request.context, absent
        self._open = open_keys(before, after, {}, always_tls=True) if absent is None else frozenset[str]()
        self._statements = tuple(_statements((before, after)))

    def _request(self, each: CallerClass, action: str) -> Request:
        context = each.context if self._absent is None else {**self._context, **each.context}
        number = caller(each.principal).account
        # A label without the account ID represents any account, whose organization is unknown.
        known = self._accounts if number and number in each.label else None
        question = AccessQuestion(action, self._resource, self._account, context, self._owner, known, self._account)
        return question.request(each.principal, each.entity, action, self._resource)

    def _unknown(self, each: CallerClass) -> Unknown:
        unknown, absent = each.unknown, self._absent
        if absent is not None:
            presence = without(lambda key: key not in unknown.hidden and absent(key), unknown.presence)
            unknown = replace(unknown, presence=presence)
        return replace_hidden(unknown, self._open)

    def signature(self, each: CallerClass) -> object:
        """Return a value that is equal for two classes if every statement decides alike for both."""
        unknown = self._unknown(each)
        asked = unknown.asked(self._request(each, self._action))
        said: list[object] = [asked.caller.kind, asked.caller.account == self._owner]
        of_caller: dict[Tested, None] = {}
        for one in self._statements:
            if any("${" in text for text in (*(one.statement.resource or ()), *(one.statement.not_resource or ()))):
                return each.label, each.principal
            said.append(one.names_caller(asked, False))
            for condition in one.conditions:
                if condition.templates:
                    return each.label, each.principal
                if asked.lookup(condition.block.key) is not None or unknown.absent(condition.key):
                    said.append(condition.holds(asked.lookup))
                elif condition.key in ("aws:principalarn", "aws:username"):
                    of_caller[Tested(condition.block.operator, condition.key, condition.block.values)] = None
                else:
                    said.append(unknown.presence(condition.key))
        if of_caller:
            but = unknown.but.get("aws:principalarn", frozenset())
            try:
                found = points("caller", tuple(of_caller), Surroundings(False, unknown.shape, 0, but))
            except TooManyValues:
                return each.label, each.principal
            said.append(frozenset(point.truths for point in found))
        return tuple(said)

    def effects(self, group: list[CallerClass]) -> Effects:
        """Return the effects for classes of callers with the same signature."""
        labels = tuple(each.label for each in group)
        found = self._of_trust(group[0]) if self._trust else self._of_resource(group[0])
        return replace(found, found=tuple(replace(one, principals=labels) for one in found.found))

    def _of_resource(self, each: CallerClass) -> Effects:
        asked = Request(each.principal, self._action, self._resource, self._owner, each.context)
        sides = self._before, self._after
        if each.kind is Kind.FEDERATED_USER:  # a federated user's permissions are those of the session policy
            sides = replace(sides[0], session=(_EVERYTHING,)), replace(sides[1], session=(_EVERYTHING,))
        change = access_change(*sides, asked, self._account, entity=each.entity, unknown=self._unknown(each))
        return effects_of(change, each.label)

    def _of_trust(self, each: CallerClass) -> Effects:
        effects: list[AccessEffect] = []
        complete = True
        for action in _trust_actions(self._statements):
            if not can_make(each.principal or "", action):
                continue
            asked = self._request(each, action)
            sides = [applicable_policies(policies, action, self._resource) for policies in (self._before, self._after)]
            try:
                found = compared(asked, sides[0], sides[1], self._unknown(each))
            except TooManyWorlds:
                complete = False
                continue
            complete = complete and found.complete
            effects += [
                AccessEffect(
                    kind, (each.label,), action, self._resource, self._resource, way.met, way.unmet,
                    sample=witness(asked, way),
                )
                for kind, way in kinds_of(found)
            ]  # fmt: skip
        return Effects(tuple(effects), complete)


def kinds_of(found: Compared) -> list[tuple[EffectKind, Way]]:
    """Return the ways in which a decision changes, each with the kind of effect."""
    gained = EffectKind.LOOSENED if found.before else EffectKind.NEWLY_ALLOWED
    lost = EffectKind.TIGHTENED if found.after else EffectKind.NEWLY_DENIED
    return [*((gained, way) for way in found.gained), *((lost, way) for way in found.lost)]


def _without_existing(found: list[Effects], account: Account) -> list[Effects]:
    """Return the effects without existing roles and users whose effect is already stated for all callers like them."""
    existing = {one.arn for one in account.roles} | {one.arn for one in account.users or ()}
    said = {
        (one.kind, one.action, one.resource, one.conditions, one.unless, ":user/" in who)
        for effects in found
        for one in effects.found
        for who in one.principals
        if who not in existing and caller(who).account == account.id
    }
    kept = []
    for effects in found:
        left = []
        for one in effects.found:
            meaning = (one.kind, one.action, one.resource, one.conditions, one.unless)
            principals = tuple(
                who for who in one.principals if who not in existing or (*meaning, ":user/" in who) not in said
            )
            left += [replace(one, principals=principals)] if principals else []
        kept.append(replace(effects, found=tuple(left)))
    return kept


def _statements(sides: Iterable[Policies]) -> Iterable[CompiledStatement]:
    for policies in sides:
        own = (policies.resource,) if policies.resource is not None else ()
        for policy in (*own, *(policy for level in policies.rcps or () for policy in level)):
            yield from compiled(policy.document).statements


def _trust_actions(statements: Iterable[CompiledStatement]) -> list[str]:
    """Return the AssumeRole actions that a statement names, in AWS's spelling."""
    named = {action for action in TRUST_ACTIONS if any(one.action.names(action) for one in statements)}
    known = catalogue()
    return [known.names[position] for action in sorted(named) if (position := known.position(action)) is not None]


def _is_behind(principal: str, request: Request) -> bool:
    """Return whether the principal is the request's principal, or the role whose session made the request."""
    one, other = caller(principal), caller(request.principal)
    return principal == request.principal or (
        (one.kind, other.kind) == (Kind.ROLE, Kind.SESSION) and (one.account, one.name) == (other.account, other.name)
    )


def can_make(principal: str, action: str) -> bool:
    """Whether a principal can call the action. Callers with an identity provider's token can only call STS with it."""
    low = action.lower()
    if low not in TRUST_ACTIONS or low in ("sts:tagsession", "sts:setsourceidentity", "sts:setcontext"):
        return True
    return (principal == COGNITO or caller(principal).kind is Kind.PROVIDER) is (low in _BY_TOKEN)
