"""The usual causes beside the steps of an account that was read: what they found to be so, and what they ruled out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from diagnostics.diagnosis import FirstLook, LookState, Status, Step
from iam.frozen import replace


def weighed(looks: Iterable[FirstLook], steps: Sequence[Step]) -> tuple[FirstLook, ...]:
    """The usual causes, what was ruled out last. A cause is ruled out when every step that tells of it, or may rule it
    out, passes or does not apply, and found when one that tells of it fails; what no step tells of stays open."""
    found = [_weighed(look, steps) for look in looks]
    return tuple(sorted(found, key=lambda look: look.state is LookState.RULED_OUT))


def _weighed(look: FirstLook, steps: Sequence[Step]) -> FirstLook:
    telling = [step for step in steps if step.id in (*look.told_by, *look.ruled_out_by)]
    failed = next((step for step in telling if step.status is Status.FAIL and step.id in look.told_by), None)
    if failed is not None:
        return replace(look, state=LookState.FOUND, why=f"{failed.title}: {failed.summary}")
    if telling and all(step.status in (Status.PASS, Status.SKIPPED) for step in telling):
        why = "; ".join(f"{step.title}: {step.summary}" for step in telling)
        return replace(look, state=LookState.RULED_OUT, why=why)
    return look
