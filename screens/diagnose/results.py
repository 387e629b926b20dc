"""The results of a run, shown as they are found: verdict, questions, fixes, steps, and the selected one's evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from textual import events, on
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget

from diagnostics.diagnosis import PASTED, FirstLook, Part, Status, Step, Verdict
from diagnostics.fix import Fix
from diagnostics.report import shown_looks
from screens.diagnose.evidence import EvidencePane, Subject
from screens.diagnose.fixes import Fixes
from screens.diagnose.looks import Looks
from screens.diagnose.questions import Questions
from screens.diagnose.run import Run
from screens.diagnose.steps import Lanes, Steps, lanes_of, tally
from screens.diagnose.verdict import VerdictView
from screens.text import plural
from screens.widgets.pane import Pane
from screens.widgets.rows import Rows
from screens.widgets.strips import plain

MOST_LOOKS, MOST_FIXES, LEAST_STEPS, LEAST_EVIDENCE = 3, 4, 4, 6
"""Heights in lines: the maximum for common causes and for fixes, the minimum for steps and for evidence."""
FIXES_COME = "evaluating each fix with its change made (esc stops)"


class Results(Vertical):
    """Shows a `Run`. The cursor goes to the step that decided, unless the operator has moved it."""

    DEFAULT_CSS = """
    Results { height: 1fr; }
    Results #answer, Results #course { height: auto; }
    Results Steps { height: 1; }
    Results EvidencePane { height: 1fr; }
    """

    @dataclass(eq=False, repr=False)
    class Opened(Message):
        """``enter`` was pressed on a step, a fix or a common cause: show it full-screen."""

        subjects: Sequence[Subject]
        index: int

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._shown_run: Run | None = None
        self._moved, self._of_another = False, False
        self.name_of: Callable[[str], str] | None = None
        """Returns the name of an account of the organization, or "". None if only one account is open."""

    def compose(self) -> Iterable[Widget]:
        with Pane(title="Answer", id="answer"):
            yield VerdictView(id="verdict")
            yield Questions(id="questions")
            yield Looks(id="looks")
            yield Fixes(id="fixes")
        with Pane(title="Steps", id="course", classes="-bare"):
            yield Lanes()
            yield Steps(id="steps")
        with Pane(id="subject"):
            yield EvidencePane(id="evidence")

    @property
    def verdict(self) -> VerdictView:
        return self.query_one(VerdictView)

    @property
    def questions(self) -> Questions:
        return self.query_one(Questions)

    @property
    def steps(self) -> Steps:
        return self.query_one(Steps)

    @property
    def fixes(self) -> Fixes:
        return self.query_one(Fixes)

    @property
    def looks(self) -> Looks:
        return self.query_one(Looks)

    @property
    def evidence(self) -> EvidencePane:
        return self.query_one(EvidencePane)

    @property
    def subject(self) -> Subject | None:
        """The step, fix or common cause whose evidence is shown."""
        return self.evidence.subject

    # A run

    def begin(self, run: Run, *, again: bool) -> None:
        """Start showing a run. ``again``: it is for the same failure with other answers, so the questions stay."""
        self._shown_run, self._moved = run, False
        self.steps.set_rows(())
        self._show_lanes(run)
        self.fixes.set_rows(())
        self.looks.set_rows(())
        self._fit()
        self._show(None)
        if not again:
            self.call_later(self.questions.ask, (), {})
        self.show_progress(run)

    def show(self, run: Run) -> None:
        """Show all parts that a run has found so far."""
        self._shown_run, self._moved = run, False
        self._show_lanes(run)
        self.steps.set_rows(run.steps)
        self.fixes.set_rows(run.fixes)
        self._fit()
        self._show(self.steps.current)
        self.finish(run)

    def add(self, run: Run, part: Part) -> None:
        """Draw a part that was just found."""
        match part:
            case Step():
                self._show_lanes(run)
                self.steps.add_row(part)
                self.show_looks(run)
                if len(run.steps) == 1 or self.subject is self.steps.current:
                    self._show(self.steps.current)  # the step's number has changed
                self.show_progress(run)
            case Verdict():
                self._show_verdict(run)
            case Fix():
                self.fixes.add_row(part)
                self._fit()

    def _show_lanes(self, run: Run) -> None:
        """Show a lane for each account, once both accounts are known. Earlier steps move into the lanes."""
        lanes = lanes_of(run.steps, self.name_of) if self.name_of is not None else ()
        if lanes != self.steps.lanes:
            self.steps.lanes = self.fixes.lanes = lanes
            self.query_one(Lanes).set_lanes(lanes)
            self.steps.refresh()
            self._fit()

    def show_looks(self, run: Run) -> None:
        """Show the common causes that the steps neither confirm nor rule out. If the cause is certain, show none."""
        looks = shown_looks(run.diagnosis) if run.verdict is not None or run.ended else run.looks
        if tuple(self.looks.rows) != looks:
            self.looks.set_rows(looks, self.looks.cursor)
            self._fit()

    def finish(self, run: Run) -> None:
        """Show that the run has ended, and how."""
        self._show_verdict(run)

    def show_progress(self, run: Run, waiting_for: str = "") -> None:
        """Show the work in progress, while there is no verdict."""
        if waiting_for:
            self.verdict.say("waiting for the account", waiting_for)
            self._name_answer()
        elif run.verdict is None and not run.ended:
            so_far = f", {plural(len(run.steps), 'step')} so far" if run.steps else ""
            self.verdict.say("", f"looking for the cause{so_far} (esc stops)")
            self._name_answer()

    def _show_verdict(self, run: Run) -> None:
        notes = run.notes
        if run.verdict is None:
            sentence = " ".join(notes) or "The diagnosis ended without a verdict: the steps show what was found."
            self.verdict.say("no verdict", sentence, trouble=True)
            self._name_answer()
            return
        self.verdict.show(run.verdict, notes, "" if run.ended else FIXES_COME)
        self._name_answer()
        self.show_looks(run)
        self.call_later(self._ask, run)
        self._fit()
        if not self._moved:
            index = deciding_step(run.steps, run.verdict)
            if index is not None:
                self.steps.point_at(index)
            self._show(self._of_steps())

    def _of_steps(self) -> Subject | None:
        """Return what to show while the cursor is in the steps: the step under the cursor.

        If no step decided the verdict and the user chose none, return a common cause or a fix.
        """
        run, step = self._shown_run, self.steps.current
        if self._moved or run is None or run.verdict is None or deciding_step(run.steps, run.verdict) is not None:
            return step
        return self.looks.current or self.fixes.current or step

    async def _ask(self, run: Run) -> None:
        if run is self._shown_run and run.verdict is not None:
            await self.questions.ask(run.verdict.questions, run.context)
            self._fit()
            self.screen.refresh_bindings()

    def name_answer(self, *, of_another: bool) -> None:
        """Show what the answer is about.

        ``of_another``: since the answer was found, a different failure was entered.
        """
        self._of_another = of_another
        self._name_answer()

    def _name_answer(self) -> None:
        title = "Earlier answer" if self._of_another else "Answer"
        self.query_one("#answer", Pane).name_it(title, aside=self.verdict.head)
        run = self._shown_run
        self.query_one("#course", Pane).name_it(
            "Steps", aside=tally(run.steps) if run is not None and run.ended else ""
        )

    def on_resize(self) -> None:
        self._fit()

    def _fit(self) -> None:
        """Distribute the height: show every step if possible, but reserve space for the evidence.

        While steps are being found, their list already has all its space. A new step then draws one line and moves
        nothing.
        """
        self.fixes.styles.height = min(max(len(self.fixes.rows), 1), MOST_FIXES)
        self.fixes.display = bool(self.fixes.rows)
        self.looks.styles.height = min(max(len(self.looks.rows), 1), MOST_LOOKS)
        self.looks.display = bool(self.looks.rows)
        above = [each for each in (self.verdict, self.questions, self.looks, self.fixes) if each.display]
        chrome = sum(pane.chrome for pane in self.query(Pane)) + bool(self.steps.lanes)
        left = self.size.height - chrome - sum(int(each.styles.height.value) for each in above if each.styles.height)
        evidence = max(LEAST_EVIDENCE, left * 2 // 5)
        room = max(LEAST_STEPS, left - evidence)
        going_on = self._shown_run is not None and self._shown_run.verdict is None and not self._shown_run.ended
        self.steps.styles.height = room if going_on else min(max(len(self.steps.rows), 1), room)

    # Moving

    def go_to(self, subjects: Sequence[Subject], index: int) -> None:
        """Focus the list that contains this step, fix or common cause, with the cursor on it."""
        lists: tuple[Rows[Any], ...] = (self.steps, self.fixes, self.looks)
        for rows in lists:
            if tuple(rows.rows) == tuple(subjects):
                rows.move_to(index)

    def replace_fix(self, fix: Fix, form: Fix) -> None:
        """Show another form of a fix on the same line, with the cursor on it."""
        rows = list(self.fixes.rows)
        at = rows.index(fix)
        rows[at] = form
        self.fixes.set_rows(rows, at)
        self._show(form)

    def _show(self, subject: Subject | None) -> None:
        of_fix = isinstance(self.subject, Fix) or isinstance(subject, Fix)
        self.evidence.show(subject)
        if of_fix:  # what `p` does depends on the fix
            self.screen.refresh_bindings()
        title = self.query_one("#subject", Pane)
        if isinstance(subject, Step):
            title.name_it(plain(subject.title), aside=f"step {self.steps.cursor + 1} of {len(self.steps.rows)}")
        elif isinstance(subject, Fix):
            title.name_it(f"Fix {self.fixes.cursor + 1}, as a difference" if subject.after else "Fix")
        elif isinstance(subject, FirstLook):
            title.name_it("A common cause of this error")
        else:
            title.name_it("")

    @on(Rows.Highlighted)
    def _highlighted(self, message: Rows.Highlighted) -> None:
        message.stop()
        self._moved = self._moved or message.rows is self.steps
        self._show(message.rows.current)

    @on(Rows.Chosen)
    def _chosen(self, message: Rows.Chosen) -> None:
        message.stop()
        if message.stands:
            self.post_message(self.Opened(tuple(message.rows.rows), message.index))

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        if event.widget is self.steps:
            self._show(self._of_steps())
        elif isinstance(event.widget, Fixes | Looks):
            self._show(event.widget.current)
        elif self.questions in event.widget.ancestors:
            # While an answer is applied, the focus is on the fixes. Show the step with the questions again.
            self._show(self.steps.current)


def deciding_step(steps: Sequence[Step], verdict: Verdict | None) -> int | None:
    """Return the index of the step that decided the verdict, or None.

    If the text decided, return the step about the policies in the text. Otherwise, return the step of the cause's
    layer, if that step failed or its result is unknown. Otherwise, return the first of these that exists: a step with
    evidence about that layer, the last step that failed, or the unknown step that the verdict depends on.
    """
    if verdict is not None and verdict.by_text:
        pasted = next((index for index, step in enumerate(steps) if step.id == PASTED), None)
        if pasted is not None:
            return pasted  # the layer of this cause was not read
    layer = verdict.cause.partition(".")[0] if verdict else ""
    failed = [index for index, step in enumerate(steps) if step.status is Status.FAIL]
    unknown = [index for index, step in enumerate(steps) if step.status is Status.UNKNOWN]
    for index in (*failed, *unknown):
        if steps[index].id == layer:
            return index
    for index in failed:
        if any(each.layer == layer for each in steps[index].evidence):
            return index
    return failed[-1] if failed else _lacking_step(steps, unknown, verdict)


def _lacking_step(steps: Sequence[Step], unknown: Sequence[int], verdict: Verdict | None) -> int | None:
    """Return the index of the step with an unknown result that the verdict depends on, or None.

    Return the first of these that exists: the step about the policy that the verdict calls unreadable, the step with
    the questions, or the first step with an unknown result.
    """
    if verdict is not None and verdict.cause == "unreadable":
        by_id = {steps[index].id: index for index in unknown}
        found = next((by_id[layer] for layer in verdict.unread if layer in by_id), None)
        if found is not None:
            return found
    if verdict is not None and verdict.questions:
        asking = [index for index in unknown if steps[index].id == "conditions"]
        unknown = [*asking, *unknown]
    return unknown[0] if unknown else None
