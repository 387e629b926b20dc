"""Evaluate every recorded call again, with the draft instead of the current policies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from diagnostics.right_size.calls import RecordedCall
from diagnostics.right_size.layers import RoleLayers
from iam.policy.edits import statements_of
from iam.policy.layer import Layer
from iam.policy.unknown_keys import Certainty, Possibility

MOST_REFUSED = 200
_REMEMBERED = 50_000
_ORDER = (Certainty.NEVER, Certainty.IF, Certainty.CERTAIN)


def is_less_allowed(now: Possibility, was: Possibility) -> bool:
    """Return whether a request is denied now but was not before, or was certainly allowed but is not now."""
    return _ORDER.index(now.certainty) < _ORDER.index(was.certainty)


def allowing_statement(was: Possibility) -> dict[str, Any] | None:
    """Return the first identity policy statement that allows a request, as JSON; None if there is none."""
    for one in was.statements:
        if one.layer is Layer.IDENTITY and one.effect == "Allow":
            return dict(statements_of(one.policy.document.value)[one.statement])
    return None


@dataclass(frozen=True, slots=True)
class RefusedCall:
    """Equal calls that are allowed today and that the draft would deny. ``statement`` would allow them again."""

    action: str
    resource: str
    calls: int
    statement: Mapping[str, Any]


@dataclass
class Replay:
    """The result of a replay, as numbers of calls.

    ``allowed``: the draft allows these calls as much as today. ``refused``: it does not; these calls are grouped.
    ``not_granted``: today's policies do not allow these calls either, so a policy that was not read or has changed
    since allowed them.
    """

    allowed: int = 0
    refused: list[RefusedCall] = field(default_factory=list)
    refused_calls: int = 0
    not_granted: int = 0
    not_granted_actions: dict[str, int] = field(default_factory=dict)

    @property
    def calls(self) -> int:
        return self.allowed + self.refused_calls + self.not_granted


def replay(calls: Iterable[RecordedCall], before: RoleLayers, after: RoleLayers) -> Replay:
    """Evaluate the calls of one role under two sets of policies. Raises `PolicyError`. May block."""
    replaying = Replaying(before, after)
    for call in calls:
        replaying.take(call)
    return replaying.ended()


class Replaying:
    """A replay that receives the calls one by one."""

    def __init__(self, before: RoleLayers, after: RoleLayers) -> None:
        self._before, self._after = before, after
        self._text = before.text() + after.text()
        self._answers: dict[object, tuple[str, str]] = {}
        self._refused: dict[tuple[str, str], RefusedCall] = {}
        self.found = Replay()

    def ended(self) -> Replay:
        self.found.refused = sorted(self._refused.values(), key=lambda each: (-each.calls, each.action, each.resource))
        return self.found

    def take(self, call: RecordedCall) -> None:
        """Evaluate a call. A call that AWS denied is ignored: it is not evidence of use."""
        if call.refused:
            return
        context = {key: values for key, values in call.context.items() if key.lower() in self._text}
        key = (call.action, call.resources, tuple(context.items()))
        answer = self._answers.get(key)
        if answer is None:
            if len(self._answers) > _REMEMBERED:
                self._answers.clear()
            answer = self._answers[key] = self._asked(call, context)
        outcome, resource = answer
        found = self.found
        if outcome == "allowed":
            found.allowed += not call.dependent
        elif outcome == "not granted":
            found.not_granted += not call.dependent
            if not call.dependent:
                found.not_granted_actions[call.action] = found.not_granted_actions.get(call.action, 0) + 1
        else:
            found.refused_calls += not call.dependent
            had = self._refused.get((call.action, resource))
            if had is not None:
                self._refused[call.action, resource] = RefusedCall(
                    had.action, had.resource, had.calls + 1, had.statement
                )
            elif len(self._refused) < MOST_REFUSED:
                possibility = self._before.asked(call.action, resource, context)
                statement = _statement(call.action, resource, possibility)
                self._refused[call.action, resource] = RefusedCall(call.action, resource, 1, statement)

    def _asked(self, call: RecordedCall, context: Mapping[str, tuple[str, ...]]) -> tuple[str, str]:
        """Return the result for the call, and the resource that decides it.

        A call without a resource is evaluated for any resource.
        """
        worst = ("allowed", "*")
        for resource in call.resources or ("*",):
            was = self._before.asked(call.action, resource, context)
            if not was.allowed:
                return ("not granted", resource)
            now = self._after.asked(call.action, resource, context)
            if is_less_allowed(now, was):
                worst = ("refused", resource)
        return worst


def _statement(action: str, resource: str, was: Possibility) -> dict[str, Any]:
    """Return a statement that would allow the call again, under today's conditions."""
    found: dict[str, Any] = {"Effect": "Allow", "Action": action, "Resource": resource}
    written = (allowing_statement(was) or {}).get("Condition")
    return {**found, "Condition": written} if written else found
