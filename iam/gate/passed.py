"""The token that is required to run a plan. It proves that the plan passed the gate."""

from __future__ import annotations

from iam.changes.plan import Plan


class NotPassed(Exception):
    """Raised if the plan does not pass the gate. ``str()`` is one sentence that says why, and what to do."""


_SEAL = object()


class Passed:
    """A plan that passed the gate. Only `iam.gate.verdict` creates it."""

    __slots__ = ("plan",)

    def __init__(self, plan: Plan, seal: object) -> None:
        if seal is not _SEAL:
            raise TypeError("Only the gate lets a plan through: see iam.gate.verdict.")
        self.plan = plan
