"""Test a new role: intended actions are allowed, a forbidden action is denied, and the role can be assumed.

AWS's simulator and the local engine evaluate the actions. If the caller may assume the role, allowed list and describe
operations are also called.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from iam.account import Account, Role
from iam.creation.after.calls import CallResult, call_reads
from iam.creation.after.tries import TryRequest, circumstances, try_requests
from iam.creation.draft.role_draft import ChosenRecipe
from iam.creation.recipes.recipe import AccountFacts
from iam.creation.spec import RoleSpec
from iam.credentials.assume import AssumeTry, assume_once
from iam.credentials.role_session import RoleSession
from iam.layers import gather
from iam.policy.decision import Decision, Outcome
from iam.policy.layer import Layer
from iam.policy.request import Request
from iam.simulator import CrossCheck, SimulationResult, cross_check
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.reading import Reading

WAITS = (1, 1, 2, 2, 4, 4, 8, 8)
"""The delays in seconds between reads of a role that was just created. IAM shows it after seconds, seldom a minute."""


@dataclass(frozen=True, slots=True)
class TryResult:
    """The result of one test.

    ``good``: the result is as intended; None if unknown. ``who`` names the sources of the result.
    """

    request: TryRequest
    good: bool | None
    who: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """An event that says that AWS does not show the role or its permissions yet."""

    sentence: str


@dataclass(frozen=True, slots=True)
class TriesEnd:
    """The end of the tests. If the role could not be tested at all, ``missing`` says why.

    ``left_out`` is the number of tests that were dropped because there were too many.
    """

    missing: str = ""
    left_out: int = 0


TryEvent = Waiting | TryResult | AssumeTry | CallResult | TriesEnd


def try_role(
    spec: RoleSpec,
    chosen: Sequence[ChosenRecipe],
    facts: AccountFacts,
    account: Account,
    reader: AccountReader,
    tell: Callable[[TryEvent], object],
    pause: Callable[[float], bool],
) -> None:
    """Wait until the role exists, test it, and call ``tell`` with each result.

    ``pause`` sleeps for the given number of seconds, and returns True if the tests were stopped.
    """

    def wait(seconds: float, why: str) -> bool:
        tell(Waiting(why))
        return pause(seconds)

    reading = _awaited(spec.name, reader, wait)
    if reading is None:
        return
    if reading.value is None:
        tell(TriesEnd(reading.why or "IAM does not show the role yet: r reads the account again."))
        return
    arn = reading.value.arn
    simulator = reader.simulator()
    requests = try_requests(spec, chosen, facts, account, reader)
    results: list[TryResult] = []
    for each in requests.tries:
        if pause(0):
            return
        context = {**circumstances(each.resource, facts), **each.context}
        request = Request(arn, each.action, each.resource, context=context)
        gathered = gather(request, account, reader)
        check = cross_check(gathered.request, gathered.policies, arn, simulator)
        results.append(_result(each, check, gathered.policies.unread))
        tell(results[-1])
    if pause(0):
        return
    sessions: list[RoleSession] = []
    tell(assume_once(reading.value, account, reader, wait, sessions.append))
    to_call = [(each.request, each.good is True) for each in results if each.request.allowed and each.good is not False]
    for session in sessions:
        for called in call_reads(session, getattr(reader, "aws", None), to_call, wait):
            tell(called)
    if not pause(0):
        tell(TriesEnd(left_out=requests.left_out))


def _awaited(name: str, reader: AccountReader, wait: Callable[[float, str], bool]) -> Reading[Role] | None:
    """Return the role as soon as AWS shows it; None if the wait was stopped."""
    for seconds in WAITS:
        reading = reader.role(name)
        if reading.value is not None or reading.unreadable:
            return reading
        if wait(seconds, f"IAM does not show the role yet: checking again in {seconds} s."):
            return None
    return reader.role(name)


_LAYERS: Mapping[str, str] = {
    Layer.IDENTITY: "its own policies",
    Layer.BOUNDARY: "its boundary",
    Layer.RESOURCE: "the resource's policy",
    Layer.SCP: Layer.SCP.policies,
    Layer.RCP: Layer.RCP.policies,
}


def _result(request: TryRequest, check: CrossCheck, unread: frozenset[str]) -> TryResult:
    outcomes, who = set(), []
    if isinstance(check.simulator, SimulationResult):
        outcomes.add(check.simulator.outcome)
        who.append("AWS's simulator")
    if _sure(check.local, unread):
        outcomes.add(check.local.outcome)
        who.append("local engine")
    if not outcomes:
        hidden = ", ".join(words for layer, words in _LAYERS.items() if layer in unread)
        text = f"{check.local.outcome} by the policies that could be read; unreadable: {hidden}."
        return TryResult(request, None, "local engine", f"{text} {check.why}")
    verdicts = {outcome is Outcome.ALLOWED for outcome in outcomes}
    if len(verdicts) > 1:
        return TryResult(request, None, " and ".join(who), check.why)
    return TryResult(request, verdicts == {request.allowed}, " and ".join(who), ", ".join(sorted(map(str, outcomes))))


def _sure(decision: Decision, unread: frozenset[str]) -> bool:
    """Whether unread policies cannot change the outcome.

    An explicit deny is final. An implicit deny by a completely read layer is final too, unless an unread resource
    policy may still allow the request.
    """
    if not unread or decision.outcome is Outcome.EXPLICIT_DENY:
        return True
    denied = decision.outcome is not Outcome.ALLOWED and decision.decided_by is not None
    return denied and decision.decided_by not in unread and Layer.RESOURCE not in unread
