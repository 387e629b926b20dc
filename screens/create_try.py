"""Trying a new role: what it was made for is allowed, one thing that it must not do is denied, and it is assumed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from textual.message import Message

from diagnostics.access_levels import EVERY_SERVICE, LevelAccess, actions_of, service_access
from iam.account import Account, Role
from iam.assume import AssumeTry, assume_once
from iam.changes.recipe import Facts, RecipeError, as_list
from iam.changes.recipes import forbidden_try
from iam.changes.spec import RoleSpec
from iam.layers import gather
from iam.policy.decision import Decision, Layer, Outcome
from iam.policy.document import Document, PolicyError
from iam.policy.match import action_matcher
from iam.policy.request import Request
from iam.policy.statements import Statement
from iam.simulate import CrossCheck, SimulationResult, cross_check
from iam.sources.reader import AccountReader, Reading
from screens.create_draft import ChosenRecipe

WAITS = (1, 1, 2, 2, 4, 4, 8, 8)
"""Seconds between looks for a role that was just made: IAM shows it after some seconds, seldom a minute."""
MOST_TRIES = 24
_EASIEST = {"List": 0, "Read": 1, "Write": 2}


@dataclass(frozen=True, slots=True)
class Wish:
    """A request that the new role is to be tried with, and whether it is to be allowed."""

    action: str
    resource: str
    context: Mapping[str, tuple[str, ...]]
    allowed: bool


@dataclass(frozen=True, slots=True)
class Tried:
    """``good``: as it is to be; None where nobody could say. ``who`` names the witnesses."""

    wish: Wish
    good: bool | None
    who: str
    sentence: str


class TryFound(Message):
    """``waiting`` is a sentence while AWS does not show the role yet; ``tried`` None and no ``waiting``: the end.
    ``missing`` says at the end why the role could not be tried at all."""

    def __init__(self, number: int, tried: Tried | AssumeTry | None, *, waiting: str = "", missing: str = "") -> None:
        super().__init__()
        self.number, self.tried, self.waiting, self.missing = number, tried, waiting, missing


def run_tries(
    number: int,
    spec: RoleSpec,
    chosen: Sequence[ChosenRecipe],
    facts: Facts,
    account: Account,
    reader: AccountReader,
    post: Callable[[Message], object],
    pause: Callable[[float], bool],
) -> None:
    """Wait until the role is there, try it, and post each try. ``pause`` sleeps, and says True where it was stopped."""

    def wait(seconds: float, why: str) -> bool:
        post(TryFound(number, None, waiting=why))
        return pause(seconds)

    reading: Reading[Role] = reader.role(spec.name)
    for seconds in WAITS:
        if reading.value is not None or reading.unreadable:
            break
        if wait(seconds, f"AWS does not show the role yet: looking again in {seconds} s."):
            return
        reading = reader.role(spec.name)
    if reading.value is None:
        missing = reading.why or "AWS does not show the role: r reads the account again."
        post(TryFound(number, None, missing=missing))
        return
    arn = reading.value.arn
    simulator = reader.simulator()
    for wish in wishes(spec, chosen, facts, account, reader):
        if pause(0):
            return
        context = {**_circumstances(wish.resource, facts), **wish.context}
        request = Request(arn, wish.action, wish.resource, context=context)
        gathered = gather(request, account, reader)
        check = cross_check(gathered.request, gathered.policies, arn, simulator)
        post(TryFound(number, _tried(wish, check, gathered.policies.unread)))
    if not pause(0):
        post(TryFound(number, assume_once(reading.value, account, reader, wait)))
        post(TryFound(number, None))


_LAYERS: Mapping[str, str] = {
    Layer.IDENTITY: "its own policies",
    Layer.BOUNDARY: "its boundary",
    Layer.RESOURCE: "the resource's policy",
    Layer.SCP: "service control policies",
    Layer.RCP: "resource control policies",
}


def _tried(wish: Wish, check: CrossCheck, unread: frozenset[str]) -> Tried:
    outcomes, who = set(), []
    if isinstance(check.simulator, SimulationResult):
        outcomes.add(check.simulator.outcome)
        who.append("AWS's simulator")
    if _sure(check.local, unread):
        outcomes.add(check.local.outcome)
        who.append("local engine")
    if not outcomes:
        hidden = ", ".join(words for layer, words in _LAYERS.items() if layer in unread)
        text = f"{check.local.outcome} by all that could be read; not readable: {hidden}."
        return Tried(wish, None, "local engine", f"{text} {check.why}")
    verdicts = {outcome is Outcome.ALLOWED for outcome in outcomes}
    if len(verdicts) > 1:
        return Tried(wish, None, " and ".join(who), check.why)
    return Tried(wish, verdicts == {wish.allowed}, " and ".join(who), ", ".join(sorted(map(str, outcomes))))


def _sure(decision: Decision, unread: frozenset[str]) -> bool:
    """Whether what could not be read cannot change the outcome: a deny that is written stays, and so does that of a
    layer that was read whole, where no resource's policy may allow it all the same."""
    if not unread or decision.outcome is Outcome.EXPLICIT_DENY:
        return True
    denied = decision.outcome is not Outcome.ALLOWED and decision.decided_by is not None
    return denied and decision.decided_by not in unread and Layer.RESOURCE not in unread


def wishes(
    spec: RoleSpec, chosen: Sequence[ChosenRecipe], facts: Facts, account: Account, reader: AccountReader
) -> Iterator[Wish]:
    """What recipes promise and what they must not do; of other policies one action of each service, and one write."""
    found: list[Wish] = []
    for each in chosen:
        try:
            for statement in each.recipe.statements(each.answers, facts):
                resources = as_list(statement.get("Resource", "*"))
                context = _context(statement.get("Condition") or {})
                for action in as_list(statement["Action"]):
                    found.append(Wish(action, _concrete(resources[0]), context, True))
            forbidden = forbidden_try(each.recipe, dict(each.answers), facts)
        except RecipeError:
            continue
        if forbidden is not None:
            found.append(Wish(forbidden[0], _concrete(forbidden[1]), {}, False))
    made = {each.recipe.document(each.answers, facts) for each in chosen}
    documents = [each.document for each in spec.inline if each.document not in made]
    for arn in spec.attached:
        policy = account.policy(arn)
        document = policy.document if policy else None
        if document is None:
            reading = reader.managed_policy(arn)
            document = reading.value.document if reading.value else None
        if document is not None:
            documents.append(document)
    found += _samples(documents)
    if all(wish.allowed for wish in found) and not _names_action(NOBODYS, (*made, *documents)):
        found.append(Wish(NOBODYS, "*", {}, False))
    yield from [wish for wish in found if wish.allowed][: MOST_TRIES - 3]
    yield from [wish for wish in found if not wish.allowed][:3]


NOBODYS = "iam:CreateUser"
"""What a role is tried with that has nothing of its own that it must not do."""


def _names_action(action: str, documents: Iterable[Document]) -> bool:
    """Whether a policy may allow the action, as far as its statements' actions tell."""
    for document in documents:
        try:
            statements = document.unplaced_statements
        except PolicyError:
            return True
        for statement in statements:
            named = any(action_matcher(pattern)(action.lower()) for pattern in statement.action or ())
            if statement.effect == "Allow" and (named or statement.action is None):
                return True
    return False


def _samples(documents: Sequence[Document]) -> Iterator[Wish]:
    """One read of each service that the policies allow, and a write of the first service that none of them allows."""
    statements: list[Statement] = []
    for document in documents:
        try:
            statements += document.unplaced_statements
        except PolicyError:
            continue
    if any(statement.effect == "Deny" for statement in statements):
        return  # what a Deny leaves of the samples is not known without asking
    forbidden: Wish | None = None
    for access in service_access(statements):
        if access.conditional:
            continue
        if access.service == EVERY_SERVICE:
            if not access.levels and access.resources == ("*",):
                yield from (Wish(action, "*", {}, True) for action in OF_EVERYTHING)
            continue
        if not access.levels:
            continue
        resource = next((each for each in access.resources if not each.startswith("all but")), "*")
        if len(access.resources) == 1 or resource == "*":
            yield Wish(f"{access.service}:{_easiest(access.levels)}", _concrete(resource), {}, True)
        if forbidden is None and not any(each.level == "Write" for each in access.levels):
            write = _a_write(access.service)
            if write:
                forbidden = Wish(f"{access.service}:{write}", _concrete(resource), {}, False)
    if forbidden is not None:
        yield forbidden


OF_EVERYTHING = ("s3:ListAllMyBuckets", NOBODYS)
"""What somebody who may do everything is tried with."""
READS = ("ListBucket", "GetObject", "GetItem", "List", "Describe", "Get")
WRITES = ("PutObject", "Put", "Create", "Update", "Delete")
"""Beginnings of the actions that people know, the best known first."""


def _easiest(levels: Sequence[LevelAccess]) -> str:
    """Of the actions at the lowest level that is allowed, the best known."""
    level = min(levels, key=lambda each: _EASIEST.get(each.level, 9))
    return _best_known(level.actions, READS)


def _a_write(service: str) -> str | None:
    names = [name for name, level in actions_of(service).values() if level == "Write"]
    return _best_known(names, WRITES) if names else None


def _best_known(names: Sequence[str], beginnings: Sequence[str]) -> str:
    for beginning in beginnings:
        for name in sorted(names, key=lambda each: (len(each), each)):
            if name.startswith(beginning):
                return name
    return names[0]


def _concrete(resource: str) -> str:
    """A resource that the pattern matches."""
    if resource == "*":
        return resource
    return re.sub(r"\*", "example", resource).replace("??????", "Ab1Cd2")


def _circumstances(resource: str, facts: Facts) -> dict[str, tuple[str, ...]]:
    """An ordinary request: over TLS, to the resource's region or the one in use, by nobody in between."""
    parts = resource.split(":")
    region = parts[3] if len(parts) > 3 and parts[3] else facts.region
    return {
        "aws:RequestedRegion": (region,),
        "aws:SecureTransport": ("true",),
        "aws:ViaAWSService": ("false",),
        "aws:PrincipalIsAWSService": ("false",),
    }


def _context(condition: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Keys and values that make the conditions of a recipe true."""
    found: dict[str, tuple[str, ...]] = {}
    for keys in condition.values():
        for key, value in keys.items():
            found[key] = (_concrete(as_list(value)[0]),)
    return found
