"""The findings by severity. The proof and the fixes of the selected finding are shown below the list."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import Input
from textual.worker import get_current_worker

from diagnostics.access_tree import REACH
from diagnostics.fix import Fix
from diagnostics.review.causes import Cause, causes
from diagnostics.review.finding import Acceptance, Finding
from diagnostics.review.limits import Limits
from diagnostics.review.overview import overview
from diagnostics.review.plans import fixes_of
from diagnostics.review.report.beside import beside_lines
from diagnostics.review.report.text import folded_unread, headline
from diagnostics.review.rules.habits import NAMING, OWNER, owner_keys, usual_form, usual_name
from diagnostics.review.run import Review, concluded
from diagnostics.review.smallest import PATH_RULES
from iam.arn import Arn, name_of
from iam.foreign_text import shortened
from iam.words import listing
from screens.commands import (
    Command,
    CommandSituation,
    bindings,
    every,
    unprotected,
    with_account,
    with_role,
    with_several_accounts,
)
from screens.copy.menu import Copy, copy_menu
from screens.diagnose.fix_plan import objection_to, planner_of
from screens.export.menu import stamped
from screens.frame.base import PANES
from screens.frame.list_screen import FilterLine, ListScreen
from screens.messages import OpenRole, ReadAgain, ReviewChanged, RightSizeRole
from screens.plan.planning import PlansChanges
from screens.review.accept import NOTE, acceptances, write_accepted
from screens.review.detail import FindingDetail, title_of
from screens.review.export import export_review
from screens.review.filter import HELP, Test, parse
from screens.review.overview import OverviewScreen
from screens.review.rows import COLUMNS, FindingRows, Shown, id_of, lines_of, row_id
from screens.review.run import ReviewRun, ReviewWent
from screens.review.smallest import SmallestFound, look_for_set
from screens.session import Session
from screens.text import marks, plural, some_of, visible
from screens.widgets.line import Line, Piece
from screens.widgets.modal import Menu, MenuChoice, Prompt, TextWindow
from screens.widgets.pane import Pane
from screens.widgets.styles import FAINT, KEY, STRONG, WARN
from screens.widgets.table import NONE_CHOSEN, VirtualTable, fitted
from screens.worker_failures import run_in_thread

if TYPE_CHECKING:
    from iam.account import Role
    from iam.changes.plan import Plan
    from iam.sources.reader.opened import OpenedAccount

IN_MOTION = "More severe findings may follow; the first line is chosen when the review ends, or with j"
TAGS_NOTE = "key=value, key=value; other tags are kept"
COMMANDS = (
    Command("review.filter", "/", "filter", "Filter the list; the terms are listed below.", show_in_footer=True),
    Command(
        "review.accounts",
        "*",
        "all accounts",
        "Review all open accounts: causes that they share, principals from outside with access, and names that "
        "no longer exist.",
        allowed=with_several_accounts,
        show_in_footer=True,
    ),
    Command("review.plan", "p", "plan", "Turn a fix for the finding into a plan.", show_in_footer=True, changes=True),
    Command(
        "review.fixes", "f", "fixes", "List the finding's fixes; enter turns one into a plan.", show_in_footer=True
    ),
    Command("review.smallest", "C", "close all paths", "Find the fewest changes that close every path."),
    Command(
        "review.right-size",
        "l",
        "right-size",
        "Reduce the role's policies to what the role used, and replay its recorded calls on the result.",
        allowed=every(with_role, unprotected),
        show_in_footer=True,
    ),
    Command(
        "review.tag",
        "t",
        "tag",
        "Tag the finding's role, or the roles of the marked findings.",
        allowed=with_account,
        show_in_footer=True,
        changes=True,
    ),
    Command("review.open", "right", "open", "List the findings with this cause.", palette=False),
    Command("review.close", "left", "close", "Collapse the findings with this cause.", palette=False),
    Command("review.accept", "z", "accept", "Accept the finding, or all marked findings.", show_in_footer=True),
    Command("review.mark", "space", "mark", "Mark or unmark the finding.", show_in_footer=True),
    Command(
        "review.again",
        "r",
        "review again",
        "Read the account and review it again, or restart a stopped review.",
        allowed=with_account,
        show_in_footer=True,
    ),
    Command("review.who-can", "w", "who can", "Ask who can do something.", allowed=with_account, show_in_footer=True),
    Command(
        "review.overview", "", "bars", "Show findings by team and rule, and roles by last use.", show_in_footer=True
    ),
    Command(
        "review.beside",
        "",
        "Access Analyzer",
        "Show what only Access Analyzer found, what only this review found, and what both found.",
        show_in_footer=True,
    ),
    Command(
        "review.unread", "!", "not read", "Show what could not be read, and which rules are incomplete because of it."
    ),
    Command("review.export", "e", "export", "Save as Markdown, CSV, JSON or SARIF.", show_in_footer=True),
    Command("review.copy", "y", "copy", "Copy the reason, the ARN, the statement or the fix.", show_in_footer=True),
    Command(
        "review.back",
        "escape",
        "back",
        "Stop the review; then clear the filter; then unmark all findings.",
        palette=False,
        show_in_footer=True,
    ),
)


class ReviewScreen(ListScreen, PlansChanges):
    MODE = "review"
    DECLARED = (*COMMANDS, *PANES)
    BINDINGS: ClassVar[list[BindingType]] = bindings(COMMANDS)
    DEFAULT_CSS = """
    ReviewScreen #review-state, ReviewScreen #review-unread { height: 1; }
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.tests: list[Test] = []
        self.problem = ""
        self.shown: Sequence[Finding] = ()
        """The findings that pass the filter."""
        self.lines: Sequence[Shown] = ()
        """The lines of the table for these findings."""
        self._opened: frozenset[str] = frozenset()
        self._order: dict[tuple[str, str], int] = {}
        """The place of each finding, by key, since the reader moved the cursor. Empty: sorted by severity."""
        self._shown_at = ""
        """The line on which `show` left the cursor. If the cursor is on another line, the user moved it."""
        self._return_to: Sequence[str] = ()
        """The reader's position when the account was reviewed again: the line, and the lines below it."""
        self._mixed = False
        """Whether a more severe cause is below a less severe one because it was found later."""

    @property
    def run(self) -> ReviewRun | None:
        kept = self.session.review
        return kept if isinstance(kept, ReviewRun) and kept.account is self.session.account else None

    def compose_body(self) -> Iterable[Widget]:
        with Pane(title="Review", classes="-bare"):
            yield Line(id="review-state")
            yield Line(id="review-unread")
            yield FilterLine()
            yield VirtualTable(COLUMNS, sorts=True)
        with Pane(id="review-finding"):
            yield FindingDetail(id="review-detail")

    def words(self) -> str:
        lines = "\n".join(f"{word:<18}{meaning}" for word, meaning in HELP)
        return (
            "The policy engine checked each finding, with boundaries, SCPs and conditions. Access that is not "
            f"possible is not reported. {marks().unknown} marks a finding that depends on a condition or on what "
            f"could not be read, {marks().passed} an accepted finding. Filter terms:\n{lines}"
        )

    def on_mount(self) -> None:
        self.session_changed()

    def give_up(self) -> None:
        self._stop()

    def session_changed(self) -> None:
        account = self.session.account
        if self.is_mounted and self.in_view and account is not None and account.progress is None:
            if self.run is None:
                self._begin()
                return
            if not self.run.ended and not self.run.stopped and not self._working:
                self._go()
        self.show()

    # Reviewing

    def _begin(self) -> None:
        session = self.session
        if session.account is None or session.reader is None:
            return
        if self._order:
            self._return_to = [row.id for row in self.table.rows[self.table.cursor :]]
        session.review = ReviewRun(
            session.account,
            session.reader,
            session.review_limits or Limits(),
            session.accepted_path,
            session.review,
        )
        self._go()

    def _go(self) -> None:
        run = self.run
        if run is None:
            return
        self.show()

        def work() -> None:
            worker = get_current_worker()
            try:
                run.go(self.post_message, lambda: worker.is_cancelled)
            except Exception:
                run.stopped = True  # otherwise the next data that arrives would start it again
                self.call_later(self.show)
                raise

        run_in_thread(self, work, "review")

    @property
    def _working(self) -> bool:
        run = self.run
        if run is not None and run.going:
            return True  # also if the screen Start began it
        return any(worker.group == "review" and not worker.is_finished for worker in self.workers)

    def _stop(self) -> None:
        self.workers.cancel_group(self, "review")

    def on_review_went(self, message: ReviewWent) -> None:
        message.stop()
        run = message.run
        run.review, run.progress, run.warnings = message.review, message.progress, message.warnings
        run.ended = message.progress is None
        if run is self.run:
            self.show()
            if run.ended:
                self._return_to = ()
                self._tell()

    def _tell(self) -> None:
        """Inform the role list and an open role about new findings."""
        run = self.run
        if run is not None:
            self.session.findings = run.review.by_subject()
            self.session.reviewed = run.reviewed
            self.app.post_message(ReviewChanged())

    # Showing

    def show(self) -> None:
        run = self.run
        findings = run.review.findings if run is not None else ()
        chosen = [one for one in findings if all(test(one) for test in self.tests)]
        found = self._in_place(causes(chosen))
        ranks = [cause.severity.rank for cause in found]
        self._mixed = ranks != sorted(ranks)
        self.shown = chosen
        before, self.lines = self._line(), lines_of(found, self._opened)
        self.query_one("#review-state", Line).show(*self._state(run))
        unread = self._unread(run)
        self.query_one("#review-unread", Line).display = bool(unread)
        self.query_one("#review-unread", Line).show(*unread)
        listed, every = (sum(one.double_of is None for one in those) for those in (chosen, findings))
        count = self.problem or f"{listed:,} of {plural(every, 'finding')}"
        self.query_one(FilterLine).count.show((visible(count), WARN if self.problem else FAINT))
        below = (one for each in found if each.id in self._opened for one in each.findings)
        rows = FindingRows(self.lines, self._opened, frozenset(map(row_id, below)))
        self.table.show(rows, empty=self._nothing(run), columns=fitted(COLUMNS, rows))
        if self.table.unchosen and not self._in_motion:
            self.say("")  # remove the sentence that nothing was found or chosen yet
        self.table.choose_none(self._in_motion)
        self._put_cursor(before)
        self.show_detail()
        self.refresh_bindings()

    # The order: the most severe first until the reader moves the cursor; after that, new findings come last

    def _in_place(self, found: Sequence[Cause]) -> Sequence[Cause]:
        """Return the causes in the order in which they are listed now, with new ones after them."""
        order, new = self._order, len(self._order)
        if not order:
            return found
        placed = [
            replace(cause, findings=tuple(sorted(cause.findings, key=lambda one: order.get(one.key, new))))
            for cause in found
        ]
        placed.sort(key=lambda cause: min(order.get(one.key, new) for one in cause.findings))
        for cause in placed:
            for one in cause.findings:
                order.setdefault(one.key, len(order))
        return placed

    def _keep_order(self) -> None:
        """Keep the present order of the list from now on, because the reader has moved to a line."""
        if not self._order and self.run is not None:
            found = (one.key for cause in causes(self.run.review.findings) for one in cause.findings)
            self._order = {key: place for place, key in enumerate(dict.fromkeys(found))}

    @property
    def _in_motion(self) -> bool:
        """Whether more severe findings may still be added at the top, and the reader has not moved to a line."""
        run = self.run
        return run is not None and not (run.ended or run.stopped or self._order or self._return_to)

    def _put_cursor(self, before: Shown | None) -> None:
        """Keep the cursor on its line, or on the first line until the reader moves it."""
        if self.table.unchosen:
            self._shown_at = ""
            return
        lines = {id_of(each): each for each in self.lines}
        wanted = next((id for id in self._return_to if id in lines), None)
        if wanted is None and not self._order:
            wanted = next(iter(lines), None)
        elif wanted is None and before is not None and id_of(before) not in lines:
            # Another finding with the same cause was found, or only one is left.
            keys = {one.key for one in _findings_of(before)}
            wanted = next((id for id, line in lines.items() if keys & {one.key for one in _findings_of(line)}), None)
        if wanted is not None:
            self.table.go_to(wanted)
        self._shown_at = self.table.row.id if self.table.row is not None else ""

    def to_the_top(self) -> None:
        """Sort by severity again, with the cursor on the first line."""
        self._order, self._return_to = {}, ()
        self.show()

    def _state(self, run: ReviewRun | None) -> list[Piece]:
        if run is None:
            return [(" reading the account ...", FAINT)]
        pieces: list[Piece] = [(f" {headline(run.review)}", STRONG)]
        if new := run.new:
            names = list(dict.fromkeys(visible(name_of(one.subject) or one.subject) for one in new))
            pieces += [(f" {marks().dot} {len(new):,} new: {shortened(listing(names, limit=2), 40)}", WARN)]
        if self._mixed:
            pieces += [(f" {marks().dot} newest last: ", WARN), ("4", KEY), (" sorts", FAINT)]
        if run.ended and run.review.beside is not None and run.review.beside.theirs:
            more = f"{len(run.review.beside.theirs):,} more:"
            return [*pieces, (f" {marks().dot} {more} ", FAINT), (":access analyzer", KEY)]
        if run.ended:
            return pieces
        if run.stopped or not self._working:
            return [*pieces, (f"  {marks().dot} stopped: r restarts it", WARN)]
        progress = run.progress
        where = ""
        if progress is not None:
            of = f" {progress.done:,} of {progress.of:,}" if progress.of else ""
            where = f" {progress.what.lower()}{of}"
        return [*pieces, (f"  {marks().dot} not complete, escape stops:{where}", WARN)]

    def _unread(self, run: ReviewRun | None) -> list[Piece]:
        if run is None:
            return []
        if run.warnings:
            return [(f" ! {visible(run.warnings[0])}", WARN)]
        if not run.ended or not run.review.unread:
            return []
        silenced = len({rule for one in run.review.unread for rule in one.rules})
        words = f" {marks().unknown} {plural(silenced, 'rule')} could not check everything"
        return [(words, WARN), ("  !", KEY), (" shows what was not read", FAINT)]

    def _nothing(self, run: ReviewRun | None) -> str:
        if self.session.account is None:
            return visible(self.session.failure) or "The account has not been read yet."
        if run is None or not run.ended:
            return "No findings yet."
        return "No finding matches: escape shows all." if self.tests else "No findings."

    def show_detail(self) -> None:
        if self.table.row is not None and self.table.row.id != self._shown_at:
            self._keep_order()
            self._return_to = ()
        line = self._line()
        one = line.findings[0] if isinstance(line, Cause) else line
        title = visible(title_of(one)) if one else IN_MOTION if self.table.unchosen and self.lines else ""
        self.query_one("#review-finding", Pane).name_it(title)
        self.query_one(FindingDetail).show(one, line if isinstance(line, Cause) else None)

    def _line(self) -> Shown | None:
        """Return the line under the cursor; None if the list is empty."""
        row = self.table.row if self.is_mounted else None
        if row is None:
            return None
        if isinstance(self.table.rows, FindingRows):
            return self.lines[self.table.cursor]
        return next((each for each in self.lines if id_of(each) == row.id), None)  # the list is sorted by a column

    def _finding(self) -> Finding | None:
        """Return the finding under the cursor; for a cause, its first finding."""
        line = self._line()
        return line.findings[0] if isinstance(line, Cause) else line

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Keep the order of the list while the focus is in the details below it."""
        if isinstance(event.widget, FindingDetail) and self.table.row is not None:
            self._keep_order()

    def _chosen(self) -> list[Finding]:
        """Return the findings of the marked lines, or else those of the line under the cursor."""
        marked = self.table.marked
        line = self._line()
        lines = [each for each in self.lines if id_of(each) in marked] if marked else []
        if not lines and line is not None:
            lines = [line]
        found = (one for each in lines for one in _findings_of(each))
        return list({one.key: one for one in found}.values())

    def on_input_changed(self, message: Input.Changed) -> None:
        message.stop()
        self.tests, self.problem = parse(message.value, self.session.account)
        if self._order:
            self._order = {}
            self._keep_order()
        self.show()

    def set_filter(self, words: str) -> None:
        self.query_one(Input).value = words

    # Commands

    def role_in_attention(self) -> Role | None:
        one = self._finding()
        return self.session.role(one.subject) if one is not None else None

    def situation(self) -> CommandSituation:
        return CommandSituation(
            self.session, self.role_in_attention(), len(self.table.marked) if self.is_mounted else 0
        )

    def why_not(self, command: Command) -> str:
        objection = super().why_not(command)
        if objection or not self.is_mounted:
            return objection
        one, run = self._finding(), self.run
        match command.action:
            case "plan" | "fixes" | "accept" | "copy" | "mark" if one is None:
                none = "There are no findings yet." if self._in_motion else "There are no findings."
                return NONE_CHOSEN if self.lines else none
            case "open" | "close" if not any(isinstance(each, Cause) for each in self.lines):
                return "Every cause has one finding."
            case "tag" if not self._roles():
                return "The finding is not about a role."
            case "back" if not self._leavable:
                return "There is nothing to stop, clear or unmark. 1 to 5 open the other screens."
            case "fixes" if one is not None and not one.fixes:
                return "The finding has no fix."
            case "smallest" if run is None or not run.ended:
                return "The review has not ended."
            case "smallest" if run is not None and not any(each.rule in PATH_RULES for each in run.review.findings):
                return "No path leads to administrator access."
            case "plan" if one is not None and not one.fixes:
                return "There is no fix to plan."
            case "plan" if len(self._chosen()) > 1:
                return ""
            case "plan" if one is not None and one.rule not in (OWNER.id, NAMING.id):
                return objection_to(one.fixes[0]) if all(map(objection_to, one.fixes)) else ""
            case "accept" if self.session.accepted_path is None:
                return "There is no file for accepted findings."
            case "export" | "overview" if run is None:
                return "Nothing has been reviewed yet."
            case "beside" if run is None or run.review.beside is None:
                return "Access Analyzer is queried after the review."
            case "unread" if run is None or not run.review.unread:
                return "No read has failed so far."
        return ""

    @property
    def _leavable(self) -> bool:
        field = self.query_one(Input)
        return (
            bool(self.making_plan or self._working or field.value or self.table.marked)
            or self.focused is not self.table
        )

    def on_virtual_table_chosen(self, message: VirtualTable.Chosen) -> None:
        """Expand or collapse a cause, or go to the entity of a finding."""
        message.stop()
        line = self._line()
        if isinstance(line, Cause):
            self._open(line, opened=line.id not in self._opened)
            return
        one = line
        if one is None:
            return
        arn = Arn.parse_entity(one.subject, "role")
        if arn is not None and self.session.role(one.subject) is not None:
            self.app.post_message(OpenRole(arn.name, over=True))
            return
        self.app.push_screen(TextWindow(one.title, "\n".join(("", one.subject, "", one.summary))))

    def _open(self, cause: Cause, *, opened: bool) -> None:
        self._keep_order()
        self._opened = self._opened | {cause.id} if opened else self._opened - {cause.id}
        self.show()

    def action_open(self) -> None:
        if isinstance(line := self._line(), Cause):
            self._open(line, opened=True)

    def action_close(self) -> None:
        line = self._line()
        cause = next((each for each in self.lines if isinstance(each, Cause) and line in (each, *each.findings)), None)
        if cause is not None:
            self._open(cause, opened=False)
            self.table.go_to(id_of(cause))

    def action_mark(self) -> None:
        self._keep_order()
        row = self.table.row
        if row:
            self.table.mark(self.table.marked ^ {row.id})
            self.table.action_down()

    def action_again(self) -> None:
        """Resume a review that was stopped; otherwise read the account again, which starts a new review."""
        if self.run is None or self.run.ended or self._working:
            self._stop()
            self.app.post_message(ReadAgain())
            return
        self._begin()

    def action_who_can(self) -> None:
        from screens.who_can.screen import WhoCanScreen

        one = self._finding()
        question = _question_about(one.subject) if one is not None else ""
        self.app.push_screen(WhoCanScreen(self.session, question, ask=bool(question)))

    def action_accounts(self) -> None:
        from screens.review.several import SeveralReviewScreen

        self.app.push_screen(SeveralReviewScreen(self.session, self.session.review_limits or Limits()))

    def action_beside(self) -> None:
        run = self.run
        if run is not None and run.review.beside is not None:
            lines = "\n".join(beside_lines(run.review.beside))
            self.app.push_screen(TextWindow("Compared with Access Analyzer", lines))

    def action_unread(self) -> None:
        run = self.run
        if run is not None:
            unread = folded_unread(run.review.unread)
            lines = [f"{one.what}\n  incomplete rules: {', '.join(one.rules)}\n" for one in unread]
            self.app.push_screen(TextWindow("What could not be read", "\n".join(lines)))

    def action_overview(self) -> None:
        run = self.run
        if run is not None:
            parts = overview(run.reviewed, run.review.findings)
            self.app.push_screen(OverviewScreen(self.session, parts, self, ended=run.ended))

    def on_overview_screen_chosen(self, message: OverviewScreen.Chosen) -> None:
        message.stop()
        self.set_filter(message.words)
        self.set_focus(self.table)

    def action_export(self) -> None:
        run = self.run
        if run is not None:
            shown = replace(run.review, findings=tuple(self.shown))
            export_review(self, shown, stamped("review", self.session.now), self.session.version)

    def action_copy(self) -> None:
        one = self._finding()
        if one is None:
            return
        copies = [Copy("s", "the reason", one.summary, states=True), Copy("a", "the ARN", one.subject)]
        copies += [Copy("f", f"the fix: {fix.title}", fix.text) for fix in one.fixes[:1] if fix.text]
        copy_menu(self, copies)

    def action_right_size(self) -> None:
        if role := self.role_in_attention():
            self.app.post_message(RightSizeRole(role.name))

    def action_accept(self) -> None:
        self._keep_order()
        chosen = self._chosen()
        path = self.session.accepted_path
        if not chosen or path is None:
            return
        account = self.session.account
        by = name_of(account.caller_arn) if account is not None and account.caller_arn else ""

        def answered(answer: str | None) -> None:
            if not answer or not answer.strip():
                return
            given = acceptances(chosen, answer, by)

            def work() -> None:
                trouble = write_accepted(path, given)
                self.app.call_from_thread(lambda: self._accepted(trouble, len(given)))

            run_in_thread(self, work, "accept", exclusive=False)

        what = plural(len(chosen), "finding")
        if len(chosen) == 1:
            what = f"{chosen[0].rule} of {visible(name_of(chosen[0].subject) or chosen[0].subject)}"
        self.app.push_screen(Prompt(f"Accept {what}: the reason", "", NOTE, typed=self.session.typed), answered)

    def _accepted(self, trouble: str, count: int) -> None:
        run = self.run
        if trouble:
            self.say(trouble, trouble=True)
            return
        self.table.mark(frozenset())
        if run is not None:
            accepted = run.accepted()
            run.review = _with_accepted(run, accepted.acceptances)
            self._tell()
        self.show()
        self.say(f"{plural(count, 'finding')} accepted, in {self.session.accepted_path}.")

    def _roles(self) -> list[str]:
        """Return the names of the roles of the marked findings, or of the current one."""
        found = (self.session.role(each.subject) for each in self._chosen())
        return list(dict.fromkeys(role.name for role in found if role is not None and not role.service_owned))

    def action_tag(self) -> None:
        names, run = self._roles(), self.run
        keys = owner_keys(run.reviewed) if run is not None else []
        title = names[0] if len(names) == 1 else plural(len(names), "role")
        note = TAGS_NOTE if len(names) == 1 else f"{TAGS_NOTE}. The roles: {some_of(names)}."
        self._ask(f"{title}: put tags on", f"{keys[0]}=" if keys else "", note, names, "tag")

    def _ask(self, title: str, value: str, note: str, names: list[str], change: str) -> None:
        from diagnostics.plans.role_change import ROLE_CHANGES, change_plan

        make = ROLE_CHANGES[change].make

        def answered(typed_text: str | None) -> None:
            if typed_text and (typed_text := typed_text.strip()) and make is not None:
                wanted = typed_text
                self.plan_change(lambda opened: change_plan(names, make(wanted), opened), "Creating the plan ...")

        self.app.push_screen(Prompt(title, value, note, typed=self.session.typed), answered)

    def action_plan(self) -> None:
        self._keep_order()
        one = self._finding()
        if one is None:
            return
        if one.rule == OWNER.id and self._roles():
            self.action_tag()
            return
        role, run = self.role_in_attention(), self.run
        if one.rule == NAMING.id and role is not None and run is not None:
            name = usual_name(role.name, usual_form(run.reviewed)) or role.name
            self._ask(f"{role.name}: rename", name, "the new role's name", [role.name], "rename")
            return
        if len(several := self._chosen()) > 1:
            self._plan_all(several)
            return
        if len(one.fixes) == 1:
            self._plan(one.fixes[0], one)
            return
        planned = [(number, fix) for number, fix in enumerate(one.fixes) if not objection_to(fix)]
        choices = [
            MenuChoice(str(number), fix.title, _why(fix), str(key)) for key, (number, fix) in enumerate(planned, 1)
        ]

        def chosen(answer: str | None) -> None:
            if answer is not None:
                self._plan(one.fixes[int(answer)], one)

        self.app.push_screen(Menu("Which fix", choices), chosen)

    def action_fixes(self) -> None:
        """List the fixes of the finding, including those that cannot be carried out here."""
        self._keep_order()
        one = self._finding()
        if one is None:
            return
        choices = [
            MenuChoice(str(at), fix.title, objection_to(fix) or _why(fix), str(at + 1) if at < 9 else "")
            for at, fix in enumerate(one.fixes)
        ]

        def chosen(answer: str | None) -> None:
            if answer is not None:
                self._plan(one.fixes[int(answer)], one)

        self.app.push_screen(Menu(f"Fixes: {one.title}", choices), chosen)

    def action_smallest(self) -> None:
        """Find the smallest set of changes that closes every path. They can be planned together or one by one."""
        run = self.run
        if run is None:
            return
        self.say("Finding the fewest changes that close every path ...")

        def work() -> None:
            worker = get_current_worker()
            look_for_set(run, self.post_message, lambda: worker.is_cancelled)

        run_in_thread(self, work, "fixes")

    def on_smallest_found(self, message: SmallestFound) -> None:
        message.stop()
        fixes = tuple(each.fix for each in message.found.changes)
        if message.run is not self.run or not self.in_view:
            return
        self.say(message.found.sentence)
        if not fixes:
            return
        choices = [MenuChoice("all", "All of them, in one plan", message.found.sentence, "a")] if len(fixes) > 1 else []
        changes = message.found.changes[:9]
        choices += [MenuChoice(str(at), each.fix.title, each.gain, str(at + 1)) for at, each in enumerate(changes)]

        def chosen(answer: str | None) -> None:
            if answer is not None:
                taken = message.found.changes if answer == "all" else (changes[int(answer)],)
                subjects = [key[1] for each in taken for key in each.closes]
                self._make_plan(tuple(each.fix for each in taken), subjects)

        self.app.push_screen(Menu("The fewest changes that close every path", choices), chosen)

    def _plan(self, fix: Fix, of: Finding) -> None:
        objection = objection_to(fix)
        if objection:
            self.say(objection, trouble=True)
            return
        self._make_plan((fix,), (of.subject,))

    def _make_plan(self, fixes: Sequence[Fix], subjects: Collection[str], said: str = "Creating the plan ...") -> None:
        """Plan the fixes. If the review has ended, the plan says which findings of the subjects appear afterwards."""
        plan_of, run = planner_of(fixes[0], fixes if len(fixes) > 1 else ()), self.run

        def planner(opened: OpenedAccount) -> Plan:
            from diagnostics.review.afterwards import with_afterwards

            plan = plan_of(opened)
            if run is None or not run.ended:
                return plan
            return with_afterwards(plan, run.reviewed, run.review.findings, subjects)

        self.plan_change(planner, said)

    def _plan_all(self, findings: Sequence[Finding]) -> None:
        """Make one plan with a fix for each finding, as far as its fix can be made here."""
        fixes, left = fixes_of(findings)
        if not fixes:
            self.say("None of these findings has a fix that can be planned here.", trouble=True)
            return
        self._make_plan(
            fixes,
            [one.subject for one in findings],
            f"Creating the plan, without {plural(left, 'finding')} ..." if left else "Creating the plan ...",
        )

    def stop_work(self) -> bool:
        working = self._working
        if working:
            if self.run is not None:
                self.run.stopped = True
            self._stop()
            self.call_after_refresh(self.show)
        return working

    def leave(self) -> None:
        """Stay on this screen: it is a main screen, with nothing below it."""
        self.set_focus(self.table)

    def title_of(self, command: Command) -> str:
        if command.action == "back" and self.is_mounted and (self.making_plan or self._working):
            return "stop"
        return super().title_of(command)


def _question_about(subject: str) -> str:
    """Return the who-can question for the subject of a finding.

    It asks who can reach the role, what the user can reach, or who may change the policy.
    """
    kind, _, name = subject.rpartition(":")[2].partition("/")
    name = name.rpartition("/")[2]
    forms = {"role": f"assume {name}", "user": f"{REACH} {name}", "policy": f"iam:CreatePolicyVersion on {subject}"}
    return forms.get(kind, "") if name else ""


def _why(fix: Fix) -> str:
    """Return in a few words what is known about a fix before its plan is made."""
    evaluated = {True: "evaluated: this finding goes away", False: "evaluated: the finding remains", None: ""}[
        fix.verified
    ]
    return ". ".join(filter(None, (evaluated, *fix.cautions)))


def _findings_of(line: Shown) -> tuple[Finding, ...]:
    return line.findings if isinstance(line, Cause) else (line,)


def _with_accepted(run: ReviewRun, given: Iterable[Acceptance]) -> Review:
    plain = [one.accepted_by(None) for one in run.review.findings]
    return replace(concluded(run.reviewed, plain, given), beside=run.review.beside)
