"""What a change to policies newly allows and newly denies.

Only what a statement names that is not in both can change. So the actions of those statements are decided before and
after, on their own resources with the wildcards filled in by a name that nobody chose: only a pattern that covers them
all matches such a name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from iam.account import Account, Role, User
from iam.policy.compiled import Compiled, CompiledStatement
from iam.policy.possible import holds_in_all
from iam.policy.request import Policies, Request
from iam.policy.variables import plain, template
from iam.questions.action_classes import applicable, classes, documents_of, named_by
from iam.questions.catalogue import PROBE, catalogue, example_arn, first
from iam.questions.principal_answer import Question, fitting, known_absent


@dataclass(frozen=True, slots=True)
class Changed:
    """A set of actions on a resource. ``rolescope-probe`` in it stands for any name."""

    resource: str
    actions: int

    def names(self) -> tuple[str, ...]:
        return tuple(catalogue().actions(self.actions))


@dataclass(frozen=True, slots=True)
class AccessChange:
    """``newly_allowed`` is what no condition could make allowed before and is possible now, ``newly_denied`` the
    reverse; ``loosened`` is what was allowed under conditions and now is without, ``tightened`` the reverse."""

    newly_allowed: tuple[Changed, ...] = ()
    newly_denied: tuple[Changed, ...] = ()
    loosened: tuple[Changed, ...] = ()
    tightened: tuple[Changed, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.newly_allowed or self.newly_denied or self.loosened or self.tightened)


def access_change(
    before: Policies,
    after: Policies,
    request: Request,
    account: Account,
    *,
    entity: Role | User | None = None,
    resources: Iterable[str] = (),
) -> AccessChange:
    """What another set of policies changes for the request's principal (role, user or session).

    The request's context is given to every question; its action and resource play no part. ``resources`` are asked for
    besides those that the changed statements name. Raises `PolicyError` for a document that cannot be evaluated.
    """
    question = Question("*", "*", account, request.context, request.resource_account)
    documents = [*documents_of(before), *documents_of(after)]
    changed = _different(list(documents_of(before)), list(documents_of(after)))
    if not changed:
        return AccessChange()
    wanted: dict[str, int] = {}
    for one in changed:
        actions = named_by(one)
        for named, fit in _resources(one, account, actions):
            wanted[named] = wanted.get(named, 0) | fit
        for more in resources:
            wanted[more] = wanted.get(more, 0) | applicable(actions, more)
    found: dict[str, dict[str, int]] = {"newly_allowed": {}, "newly_denied": {}, "loosened": {}, "tightened": {}}
    for resource, actions in wanted.items():
        for part in classes(actions, documents, resource):
            action = catalogue().names[first(part)]
            asked = question.request(request.principal or "*", entity, action, resource)
            asked = replace(asked, principal=request.principal)
            kind = _compared(asked, before, after, entity, account)
            if kind:
                found[kind][resource] = found[kind].get(resource, 0) | part
    return AccessChange(
        **{kind: tuple(Changed(where, what) for where, what in its.items()) for kind, its in found.items()}
    )


def _compared(
    request: Request, before: Policies, after: Policies, entity: Role | User | None, account: Account
) -> str | None:
    absent = known_absent(entity, account)
    was, surely_was = holds_in_all(request, fitting(before, request.action, request.resource), absent)
    now, surely_now = holds_in_all(request, fitting(after, request.action, request.resource), absent)
    if was != now:
        return "newly_allowed" if now else "newly_denied"
    if surely_was != surely_now:
        return "loosened" if surely_now else "tightened"
    return None


def _different(before: list[Compiled], after: list[Compiled]) -> list[CompiledStatement]:
    """The statements that stand in one of both only, wherever they stand there."""
    sides = []
    for documents in (before, after):
        sides.append({_meaning(one): one for document in documents for one in document.statements})
    first_side, second_side = sides
    return [
        *(one for meaning, one in first_side.items() if meaning not in second_side),
        *(one for meaning, one in second_side.items() if meaning not in first_side),
    ]


def _meaning(one: CompiledStatement) -> object:
    return replace(one.statement, index=0, sid=None, first_line=0, last_line=0)


def _resources(one: CompiledStatement, account: Account, actions: int) -> Iterator[tuple[str, int]]:
    """The resources to decide a changed statement's actions on, with the actions that can work on each."""
    element = one.resource
    patterns = ("*",) if element is None or element.negated else element.patterns
    if element is not None and element.negated:
        patterns = (*patterns, *element.patterns)
    for pattern in patterns:
        if pattern.strip("*"):
            resource = _filled(pattern, account)
            yield resource, applicable(actions, resource)
            continue
        known = catalogue()
        yield "*", actions & known.without_resource
        for service in known.services:
            of_service = actions & known.service(service) & ~known.without_resource
            if of_service:
                example = example_arn(known.names[first(of_service)], account.partition, account.id)
                yield example, of_service


def _filled(pattern: str, account: Account) -> str:
    """The pattern with a name that nobody chose in place of its wildcards and variables."""
    variables = template(pattern)
    text = plain(variables.open(lambda _: None)) if variables is not None else pattern
    parts = text.split(":", 5)
    if len(parts) == 6:
        for place, value in ((1, account.partition), (3, account.region or "us-east-1"), (4, account.id)):
            if parts[place] == "*":
                parts[place] = value
    return ":".join(parts).replace("**", "*").replace("*", PROBE).replace("?", "x")
