"""Choose requests to test a new role with: some that it should be allowed, and some that must be denied."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from iam.account import Account
from iam.arn import Arn
from iam.creation.draft.role_draft import ChosenRecipe
from iam.creation.recipes.recipe import AccountFacts, RecipeError, as_list
from iam.creation.recipes.table import forbidden_try
from iam.creation.spec import RoleSpec
from iam.creation.statements.action_table import ActionTable, action_table
from iam.policy.decision import Outcome
from iam.policy.document import Document, PolicyError
from iam.policy.evaluate import evaluate
from iam.policy.match import has_wildcard, names_action
from iam.policy.operators import operator
from iam.policy.request import NamedPolicy, Policies, Request
from iam.policy.statements import ConditionBlock, Statement
from iam.questions.access_levels import EVERY_SERVICE, LevelActions, actions_of, service_access
from iam.sources.reader.account_reader import AccountReader

MOST_TRIES, MOST_FORBIDDEN = 24, 3
_EASIEST = {"List": 0, "Read": 1, "Write": 2}


@dataclass(frozen=True, slots=True)
class TryRequest:
    """A request with which a new role is tested, and whether it should be allowed."""

    action: str
    resource: str
    context: Mapping[str, tuple[str, ...]]
    allowed: bool


@dataclass(frozen=True, slots=True)
class TryRequests:
    """The requests with which a new role is tested.

    ``left_out`` is the number of further requests that were dropped.
    """

    tries: tuple[TryRequest, ...]
    left_out: int


def try_requests(
    spec: RoleSpec, chosen: Sequence[ChosenRecipe], facts: AccountFacts, account: Account, reader: AccountReader
) -> TryRequests:
    """Return the requests that recipes and statements should allow, and those that must be denied.

    For wildcards and managed policies, these are one allowed action of each service, and one write action that must be
    denied.
    """
    found = [request for each in chosen for request in _of_recipe(each, facts)]
    made = {each.recipe.document(each.answers, facts) for each in chosen}
    written = [each.document for each in spec.inline if each.document not in made]
    managed = [document for arn in spec.attached if (document := _managed(arn, account, reader)) is not None]
    intended = _Intended(spec, facts, (*made, *written, *managed))
    statements = _statements(written)
    table = action_table()
    promised = [request for each in statements for request in _promises(each, intended, table)]
    found += promised
    found += (request for request in _samples(_statements(managed), statements, facts) if intended.fits(request))
    if promised and all(request.allowed for request in found):
        found += _write_beside(promised, intended, table)
    if all(request.allowed for request in found) and not _names_action(NO_ROLES_OWN, (*made, *written, *managed)):
        found.append(TryRequest(NO_ROLES_OWN, "*", {}, False))
    once = {(request.action.lower(), request.resource): request for request in reversed(found)}
    found = [request for request in found if once[request.action.lower(), request.resource] is request]
    good = [request for request in found if request.allowed][: MOST_TRIES - MOST_FORBIDDEN]
    bad = [request for request in found if not request.allowed][:MOST_FORBIDDEN]
    return TryRequests((*good, *bad), len(found) - len(good) - len(bad))


def _of_recipe(chosen: ChosenRecipe, facts: AccountFacts) -> Iterator[TryRequest]:
    """Yield each action that a recipe names, and an action that the recipe must not allow."""
    try:
        statements = chosen.recipe.statements(chosen.answers, facts)
        forbidden = forbidden_try(chosen.recipe, dict(chosen.answers), facts)
    except RecipeError:
        return
    for statement in statements:
        resource = _concrete(as_list(statement.get("Resource", "*"))[0], facts)
        context = _context(statement.get("Condition") or {})
        yield from (TryRequest(action, resource, context, True) for action in as_list(statement["Action"]))
    if forbidden is not None:
        yield TryRequest(forbidden[0], _concrete(forbidden[1], facts), {}, False)


def _managed(arn: str, account: Account, reader: AccountReader) -> Document | None:
    policy = account.policy(arn)
    if policy is not None and policy.document is not None:
        return policy.document
    reading = reader.managed_policy(arn)
    return reading.value.document if reading.value else None


def _statements(documents: Iterable[Document]) -> list[Statement]:
    return [statement for document in documents for statement in document.readable_statements]


class _Intended:
    """The decisions of the role's own policies alone.

    Boundary, organization and resource policies are left out, because the test calls are meant to show their effect.
    """

    def __init__(self, spec: RoleSpec, facts: AccountFacts, documents: Iterable[Document]) -> None:
        self.facts = facts
        self._arn = spec.arn(facts.partition, facts.account_id)
        readable = (each for each in documents if not each.problems)
        self._policies = Policies(identity=tuple(NamedPolicy(each) for each in readable))

    def outcome(self, action: str, resource: str, context: Mapping[str, tuple[str, ...]]) -> Outcome:
        all_keys = {**circumstances(resource, self.facts), **context}
        return evaluate(Request(self._arn, action, resource, context=all_keys), self._policies).outcome

    def fits(self, request: TryRequest) -> bool:
        return (self.outcome(request.action, request.resource, request.context) is Outcome.ALLOWED) is request.allowed


def _promises(statement: Statement, intended: _Intended, table: ActionTable) -> Iterator[TryRequest]:
    """Yield each action that a statement names in full, on the first of its resources to which the action applies."""
    context: dict[str, tuple[str, ...]] = {}
    for block in statement.conditions:
        context |= _making_true(block)
    for action in statement.action or ():
        known = table.action(action)
        if has_wildcard(action) or not statement.resource:
            continue
        kinds = known.resource_types if known is not None else ()
        fitting = (each for each in statement.resource if any(kind.fits(each) for kind in kinds))
        resource = _concrete(next(fitting, statement.resource[0]), intended.facts)
        outcome = intended.outcome(action, resource, context)
        # An implicit deny here may only mean that the assumed values do not meet the conditions: it proves nothing.
        if outcome is not Outcome.IMPLICIT_DENY:
            yield TryRequest(known.name if known else action, resource, context, outcome is Outcome.ALLOWED)


def _write_beside(promised: Sequence[TryRequest], intended: _Intended, table: ActionTable) -> list[TryRequest]:
    """Return the best-known write action that no policy allows, on a named resource; none if every write is allowed."""
    for service in dict.fromkeys(request.action.partition(":")[0] for request in promised):
        on = [request for request in promised if request.action.startswith(f"{service}:")]
        writes = {
            known.name.partition(":")[2]: known.resource_types
            for name in table.of_service(service)
            if (known := table.action(name)) is not None and known.level == "Write"
        }
        for name in _by_fame(tuple(writes), WRITES):
            for request in on:
                fits = any(kind.fits(request.resource) for kind in writes[name])
                action = f"{service}:{name}"
                if fits and intended.outcome(action, request.resource, request.context) is Outcome.IMPLICIT_DENY:
                    return [TryRequest(action, request.resource, request.context, False)]
    return []


_ANY_VALUE: Mapping[str, Callable[[str], str]] = {
    "StringEquals": str,
    "StringEqualsIgnoreCase": str,
    "StringLike": lambda value: _filled(value),
    "ArnLike": lambda value: _filled(value),
    "Bool": str,
    "BinaryEquals": str,
    "NumericEquals": str,
    "NumericLessThanEquals": str,
    "NumericGreaterThanEquals": str,
    "DateEquals": str,
    "DateLessThanEquals": str,
    "DateGreaterThanEquals": str,
    "IpAddress": lambda value: value.partition("/")[0],
}
"""For each operator, a function that returns an example value that satisfies a condition.

   For other operators, the request is made without the key.
"""


def _making_true(block: ConditionBlock) -> dict[str, tuple[str, ...]]:
    how = operator(block.operator)
    if how is None or how.negated or not block.values or how.base not in _ANY_VALUE:
        return {}
    return {block.key: (_ANY_VALUE[how.base](block.values[0]),)}


NO_ROLES_OWN = "iam:CreateUser"
"""The default action that must be denied, for a role without a more specific one."""


def _names_action(action: str, documents: Iterable[Document]) -> bool:
    """Whether a policy may allow the action, judged by the actions of its statements."""
    for document in documents:
        try:
            statements = document.unplaced_statements
        except PolicyError:
            return True
        for statement in statements:
            named = names_action(statement.action, action)
            if statement.effect == "Allow" and (named or statement.action is None):
                return True
    return False


def _samples(managed: Sequence[Statement], written: Sequence[Statement], facts: AccountFacts) -> Iterator[TryRequest]:
    """Yield one read for each service that wildcards and managed policies allow, and one write that must be denied.

    The write belongs to the first service in which no writes are allowed. Write actions that are named in full are
    tested separately.
    """
    if any(statement.effect == "Deny" for statement in (*managed, *written)):
        return  # which samples a Deny affects is unknown without an evaluation
    statements = [*managed, *_with_wildcards(written)]
    if any(_lists_buckets(statement) for statement in statements):
        yield TryRequest("s3:ListAllMyBuckets", "*", {}, True)
    forbidden: TryRequest | None = None
    for access in service_access(statements):
        if access.conditional:
            continue
        if access.service == EVERY_SERVICE:
            if not access.levels and access.resources == ("*",):
                yield from (TryRequest(action, "*", {}, True) for action in OF_EVERYTHING)
            continue
        if not access.levels:
            continue
        resource = next((each for each in access.resources if not each.startswith("all but")), "*")
        if len(access.resources) == 1 or resource == "*":
            yield TryRequest(f"{access.service}:{_easiest(access.levels)}", _concrete(resource, facts), {}, True)
        if forbidden is None and not any(each.level == "Write" for each in access.levels):
            write = _a_write(access.service)
            if write:
                forbidden = TryRequest(f"{access.service}:{write}", _concrete(resource, facts), {}, False)
    if forbidden is not None:
        yield forbidden


def _with_wildcards(written: Iterable[Statement]) -> Iterator[Statement]:
    """Yield the statements with only those of their actions that contain wildcards."""
    for statement in written:
        wild = None if statement.action is None else tuple(each for each in statement.action if has_wildcard(each))
        if wild is None or wild:
            yield replace(statement, action=wild)


OF_EVERYTHING = ("s3:ListAllMyBuckets", NO_ROLES_OWN)
"""Actions for testing a role that is allowed every action."""
READS = ("ListBucket", "GetObject", "GetItem", "List", "Describe", "Get")
WRITES = ("PutObject", "Put", "Create", "Update", "Delete")
"""Prefixes of well-known write actions, the best known first."""


def _lists_buckets(one: Statement) -> bool:
    """Whether a statement allows ``aws s3 ls``, the command that most people try first."""
    if one.effect != "Allow":
        return False
    named = names_action(one.action, "s3:ListAllMyBuckets")
    return named and "*" in (one.resource or ()) and not one.conditions


def _easiest(levels: Sequence[LevelActions]) -> str:
    """Return the best-known action at the lowest level that is allowed."""
    level = min(levels, key=lambda each: _EASIEST.get(each.level, 9))
    return _best_known(level.actions, READS)


def _a_write(service: str) -> str | None:
    names = [name for name, level in actions_of(service).values() if level == "Write"]
    return _best_known(names, WRITES) if names else None


def _best_known(names: Sequence[str], beginnings: Sequence[str]) -> str:
    return next(_by_fame(names, beginnings), names[0])


def _by_fame(names: Sequence[str], beginnings: Sequence[str]) -> Iterator[str]:
    for beginning in beginnings:
        for name in sorted(names, key=lambda each: (len(each), each)):
            if name.startswith(beginning):
                yield name


def _concrete(resource: str, facts: AccountFacts) -> str:
    """Return a resource that the pattern matches."""
    if resource == "*":
        return resource
    arn = Arn.parse(resource)
    if arn is not None:
        region = facts.region if arn.region == "*" else arn.region
        account = facts.account_id if arn.account == "*" else arn.account
        resource = str(replace(arn, region=region, account=account))
    return _filled(resource)


def _filled(pattern: str) -> str:
    """Return a text that the pattern matches."""
    return pattern.replace("*", "example").replace("??????", "Ab1Cd2").replace("?", "a")


def circumstances(resource: str, facts: AccountFacts) -> dict[str, tuple[str, ...]]:
    """Return the condition keys of an ordinary request: direct, over TLS, to the resource's or the current Region."""
    arn = Arn.parse(resource)
    region = (arn and arn.region) or facts.region
    return {
        "aws:RequestedRegion": (region,),
        "aws:SecureTransport": ("true",),
        "aws:ViaAWSService": ("false",),
        "aws:PrincipalIsAWSService": ("false",),
    }


def _context(condition: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return values of condition keys that meet the conditions of a recipe."""
    found: dict[str, tuple[str, ...]] = {}
    for keys in condition.values():
        for key, value in keys.items():
            found[key] = (_filled(as_list(value)[0]),)
    return found
