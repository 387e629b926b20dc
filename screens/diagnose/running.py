"""The part of the Diagnose screen that runs: reads the text, explains a failure, takes what comes, asks again."""

from __future__ import annotations

from collections.abc import Mapping

from textual import on
from textual.worker import get_current_worker

from diagnostics.diagnosis import Verdict
from diagnostics.failure import Conflict, Failure
from screens.diagnose.ask import Ask
from screens.diagnose.earlier_runs import NOTHING_TOLD, Runs
from screens.diagnose.form import Form
from screens.diagnose.plan import PlansFixes
from screens.diagnose.questions import Questions
from screens.diagnose.results import Results
from screens.diagnose.run import FailuresRead, Job, PartFound, Run, RunEnded, empty_or_binary, explain, read_failures
from screens.diagnose.verdict import VerdictView
from screens.session import Session


class RunsDiagnoses(PlansFixes):
    """Starts workers and takes their messages; whatever carries an old number is not shown."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.runs = Runs()
        self.waiting = False
        """Whether a run waits for the account to be read."""
        self.role: str | None = None
        """The role that texts are explained for which name nobody."""
        self.ran_with_role = False
        self.handed: Conflict | None = None
        """The conflict that another screen handed on: its text stands in the box, and says less than it."""

    @property
    def ask(self) -> Ask:
        return self.query_one(Ask)

    @property
    def results(self) -> Results:
        return self.query_one(Results)

    @property
    def notice(self) -> VerdictView:
        return self.query_one("#notice", VerdictView)

    @property
    def run_shown(self) -> Run | None:
        return self.runs.current

    def show_reading(self) -> None:
        """The text is being read: nothing else is in sight."""
        raise NotImplementedError

    def show_results(self) -> None:
        """Bring the results into sight."""
        raise NotImplementedError

    def complain(self, sentence: str) -> None:
        """Say on the screen, and not only for a moment, why nothing was explained."""
        raise NotImplementedError

    def action_failures(self) -> None:
        """The failures of the text, to choose one."""
        raise NotImplementedError

    @on(Form.Submitted)
    def action_run(self) -> None:
        if self.ask.in_form:
            entered = self.ask.form.entered()
            if entered.denial is None:
                self.complain(entered.objection)
            else:
                self.runs.read(())
                self.start(entered.denial, entered.context)
            return
        text = self.ask.box.whole
        objection = empty_or_binary(text)
        if objection:
            self.complain(objection)
            return
        if self.handed is not None and self.handed.text == text:
            self.runs.read((self.handed,))
            self.start(self.handed)
            return
        number = self.runs.next_number()
        self.show_reading()
        self.run_worker(
            lambda: read_failures(number, text, self.post_message),
            thread=True,
            exclusive=True,
            group="diagnose",
            exit_on_error=False,
        )

    def on_failures_read(self, message: FailuresRead) -> None:
        message.stop()
        if message.number != self.runs.number:
            return
        self.runs.read(message.failures)
        if message.kept != message.text and self.ask.box.whole == message.text:
            # Nobody needs the token any more: what it says stands in its place, and reads the same.
            self.ask.box.take(message.kept)
        if len(message.failures) == 1:
            self.start(message.failures[0])
        else:
            self.action_failures()

    def start(
        self,
        failure: Failure,
        answers: Mapping[str, tuple[str, ...]] = NOTHING_TOLD,
        before: Verdict | None = None,
        again: int = 0,
        made: str = "",
    ) -> None:
        """Explain one failure; whatever ran before is told to stop. ``before`` is the verdict before a change, ``made``
        the role that was created since."""
        session, results = self.session, self.results
        same = self.run_shown is not None and self.run_shown.failure is failure
        answering = same and results.questions.has_focus_within
        run = self.runs.begin(failure, answers)
        run.before, run.again, run.made = before, again, made
        self.ran_with_role = self.role is not None
        self.waiting = session.loading
        results.begin(run, again=same)
        self.show_results()
        if not answering:
            results.steps.focus()
        if self.waiting:
            self.workers.cancel_group(self, "diagnose")
            self._show_waiting(run)
            return
        run.offline = session.account is None or session.reader is None
        job = Job(run.number, failure, session.account, session.reader, run.context, self.role)

        def work() -> None:
            worker = get_current_worker()
            explain(job, self.post_message, lambda: worker.is_cancelled)

        self.run_worker(work, thread=True, exclusive=True, group="diagnose", exit_on_error=False)

    def session_changed(self) -> None:
        run = self.run_shown
        if self.waiting and run is not None:
            if self.session.loading:
                self._show_waiting(run)
            else:
                self.start(run.failure, run.context, run.before, run.again, run.made)
        self.look_for_created()
        self.ask.find_names(self.session.account)

    def _show_waiting(self, run: Run) -> None:
        account = self.session.account
        progress = account.progress if account and account.progress else "it is being opened"
        self.results.show_progress(run, f"The failure is explained as soon as the account is read: {progress}.")

    def on_part_found(self, message: PartFound) -> None:
        message.stop()
        run = self.run_shown
        if run is not None and message.number == run.number and not run.ended:
            run.take(message.part)
            self.results.add(run, message.part)
            self.refresh_bindings()

    def on_run_ended(self, message: RunEnded) -> None:
        message.stop()
        run = self.run_shown
        if message.number != self.runs.number:
            return
        if run is None or run.number != message.number:
            # The reading of the text broke, before there was anything to explain.
            self.complain(message.trouble)
            return
        run.trouble = message.trouble
        if message.trouble:
            self.session.note("explaining a failure", message.trouble)
        self._finish(run)

    def stop_run(self, run: Run) -> None:
        self.workers.cancel_group(self, "diagnose")
        run.stopped = True
        self._finish(run)

    def _finish(self, run: Run) -> None:
        """Nothing more comes."""
        run.ended = True
        self.waiting = False
        self.runs.keep(run)
        self.results.finish(run)
        self.look_again(run)
        self.refresh_bindings()

    @on(Questions.Answered)
    def _answered(self, message: Questions.Answered) -> None:
        message.stop()
        if self.run_shown is not None:
            self.start(self.run_shown.failure, message.answers)

    def explain_since(self, run: Run, made: str) -> None:
        self.start(run.failure, run.context, made=made)

    def evaluate_again(self, run: Run, before: Verdict, again: int) -> None:
        self.start(run.failure, run.context, before, again)
