"""Failures of the demo account pasted into the real screen: what the operator sees of verdict, evidence and fix.

Several texts share one application: a start costs more than a diagnosis. The suite takes every fifth failure; the
command line shows all of them (``tests/tui/commands/diagnose/test_demo_proofs.py``), and so does this screen in
``python -m tests.screens.diagnose.test_every_demo_failure``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

from textual.pilot import Pilot

from diagnostics.diagnosis import Step
from screens.diagnose.run import Run
from screens.diagnose.screen import DiagnoseScreen
from screens.messages import DiagnoseRole
from tests.support.demo.proofs import Case, cases, lacking
from tests.support.driving.diagnosing import WIDE, answered, diagnose_screen, seen, type_text, until
from tests.support.driving.read_once import ReadOnce
from tests.support.driving.seeing import unframed
from tui.app import RolescopeApp

CASES = tuple(cases())
FEW = 5


async def look_into(pilot: Pilot[Any], screen: DiagnoseScreen, case: Case) -> Run:
    """As an operator does: empty box, the role under the cursor, the text pasted, questions answered in place."""
    await pilot.press("f2")
    app = pilot.app
    assert isinstance(app, RolescopeApp)
    account = screen.session.account
    role = account.role(case.failure.role) if account is not None and case.failure.role else None
    if role is not None:
        screen.post_message(DiagnoseRole(role.arn))
        await pilot.pause()
    run = await answered(pilot, case.text)
    for key, values in case.proof.answers.items():
        await until(pilot, lambda key=key: f"? {key[:20]}" in seen(app), f"the question for {key}")  # type: ignore[misc]
        await pilot.press("i")
        await type_text(pilot, ", ".join(values))
        await pilot.press("enter")
        before = run
        await until(
            pilot,
            lambda before=before: screen.run_shown is not before and screen.run_shown and screen.run_shown.ended,  # type: ignore[misc]
            "the answer's run",
        )
        assert screen.run_shown is not None
        run = screen.run_shown
        await pilot.pause()
        shown = screen.results.subject
        assert isinstance(shown, Step), f"after an answer the step that decided is below, not {shown}"
        await pilot.press("escape")
    return run


def pane_text(screen: DiagnoseScreen) -> str:
    """Every line of the pane below the steps, also those to which one has to scroll."""
    return " ".join("".join(text for text, _ in row) for row in screen.results.evidence.lines)


async def faults_of(pilot: Pilot[Any], app: RolescopeApp, screen: DiagnoseScreen, case: Case) -> list[str]:
    """What the screen lacks of what must be seen."""
    failure, proof = case.failure, case.proof
    run = await look_into(pilot, screen, case)
    faults = []
    verdict = run.verdict
    if verdict is None or verdict.cause != failure.cause:
        return [f"the cause is {verdict}"]
    if f"{failure.cause} · {verdict.confidence.value}" not in seen(app):
        faults.append("verdict and certainty are not in sight")
    if not case.bare and "because no" in case.text and verdict.confidence.value == "unknown":
        faults.append("the text names the layer, and still nothing is sure")
    step = screen.results.steps.current
    if step is None or step.id != proof.step:
        faults.append(f"the chosen step is {step.id if step else None}, not {proof.step}")
    evidence = pane_text(screen)
    faults += [f"the evidence does not show {word!r}" for word in lacking(proof.shows, evidence)]
    if proof.element and lacking((f"· {proof.element}",), evidence):
        faults.append(f"the evidence does not name the element {proof.element}")
    line = next((line for line in seen(app).splitlines() if unframed(line).startswith(" FIX 1")), "")
    # Of a long title the heads of ARNs give way first.
    if run.fixes[0].title.partition("arn:")[0].strip()[:40] not in line:
        faults.append(f"the first fix is not in sight: {line}")
    await pilot.press("f")
    faults += [f"the first fix does not say {word!r}" for word in lacking(proof.fix, pane_text(screen))]
    if "── Fix 1" not in seen(app) and "── Fix ──" not in seen(app):
        faults.append("the first fix is not below the steps")
    return faults


async def unseen(reader: Any, some: Iterable[Case]) -> dict[str, list[str]]:
    """Return what the screen lacks, by case."""
    faults: dict[str, list[str]] = {}
    async with diagnose_screen(ReadOnce(reader), WIDE) as (app, pilot, screen):
        for case in some:
            found = await faults_of(pilot, app, screen, case)
            if found:
                faults[case.name] = found
    return faults


async def stated_wrong(reader: Any, some: Iterable[Case]) -> dict[str, str]:
    """Return the wrong causes that somebody with few rights is shown, by case."""
    faults: dict[str, str] = {}
    async with diagnose_screen(ReadOnce(reader), WIDE) as (app, pilot, screen):
        for case in some:
            run = await look_into(pilot, screen, case)
            failure = case.failure
            assert run.verdict is not None
            cause = run.verdict.cause
            if cause not in (failure.cause, *failure.also, "unreadable") or f"{cause} · " not in seen(app):
                faults[case.name] = str(run.verdict)
            if cause == "unreadable" and not any(step.status.value == "unknown" for step in run.steps):
                faults[case.name] = "nothing says what could not be read"
        assert not app.session.troubles
    return faults


async def test_verdict_evidence_and_fix_are_seen(demo_reader: Any) -> None:
    assert await unseen(demo_reader, CASES[::FEW]) == {}


async def test_carla_who_may_read_little_is_never_told_a_wrong_cause(demo_reader_as: Any) -> None:
    assert await stated_wrong(demo_reader_as("carla"), [case for case in CASES if not case.bare][::FEW]) == {}


if __name__ == "__main__":
    from iam.demo.open import open_demo

    print(len(CASES), asyncio.run(unseen(open_demo(as_user=None, region=None), CASES)))
    print(asyncio.run(stated_wrong(open_demo(as_user="carla", region=None), [case for case in CASES if not case.bare])))
