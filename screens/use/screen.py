"""The ways to assume a role: the answer at the top, the list below it, and the details of the selected way.

Ways can be searched, tested and used here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from textual.app import SuspendNotSupported
from textual.binding import BindingType
from textual.message import Message
from textual.widget import Widget
from textual.worker import get_current_worker

from diagnostics.assumptions import Assumption
from diagnostics.json_versions import versioned
from diagnostics.use.assuming import ways_assuming
from diagnostics.use.attempt import Attempt, attempt
from diagnostics.use.chain import shortest_chain
from diagnostics.use.own_session import with_own_session
from diagnostics.use.report import as_json, chain_command, denial_text, duration_words, headline, hop_words
from diagnostics.use.side import calling_side
from diagnostics.use.way import CHAINED_SECONDS, Method, RoleWays, SessionValues, Way
from diagnostics.use.ways import MAY_BE_LIMITED
from diagnostics.use.words import unfilled
from iam.account import Account, Role
from iam.break_glass import is_break_glass
from iam.credentials.profile_file import profile_change
from iam.credentials.role_session import RoleSession
from iam.credentials.subshell import run_shell
from iam.foreign_text import json_text
from iam.own_command import own_command
from iam.questions.index import index_of
from iam.sources.reader.account_reader import AccountReader
from screens.commands import Command, CommandSituation, bindings
from screens.copy.menu import Copy, copy_menu
from screens.export.documents import Export, file_name
from screens.export.menu import export_menu
from screens.export.tables import table_texts
from screens.frame.base import PANES
from screens.frame.header import caller_name
from screens.frame.list_screen import ListScreen
from screens.messages import DiagnoseText
from screens.session import Session
from screens.text import marks, visible
from screens.use.detail import WayDetail
from screens.use.profile import ChangesProfiles, ProfileChanged
from screens.use.session_values import CHOICES, values_in_words, with_value
from screens.widgets.confirm import YES, Confirm, question
from screens.widgets.headline import Headline
from screens.widgets.mfa_code import MfaCodeWindow
from screens.widgets.modal import Menu, MenuChoice, Prompt
from screens.widgets.pane import Pane
from screens.widgets.styles import BAD, FAINT, GOOD, PLAIN, STRONG, WARN
from screens.widgets.table import Column, Row, VirtualTable, fitted
from screens.worker_failures import Answer, run_in_thread

if TYPE_CHECKING:
    from rich.style import Style

    from iam.credentials.assume_request import AssumeRequest
    from iam.credentials.profile_file import WrittenProfile

MOST_UNREAD = 2
"""The maximum number of sentences about unread data below the answer."""
COLUMNS = (
    Column("", 1, mark=True),
    Column("METHOD", 11, grow=4),
    Column("WHO", 20, grow=3),
    Column("WHY", 20, grow=4, drop=1),
)


def not_a_file(situation: CommandSituation) -> str:
    return "Roles cannot be assumed in a snapshot." if situation.session.kind == "snapshot" else ""


def on_aws(situation: CommandSituation) -> str:
    if situation.session.kind == "demo":
        return "The demo's sessions work only inside rolescope, not in a shell or profile."
    return not_a_file(situation)


COMMANDS = (
    Command("use.copy", "y", "copy", "Copy the command, the profile or the steps.", show_in_footer=True),
    Command("use.tell", "i", "set a value", "Set the external ID, an MFA code, tags …", show_in_footer=True),
    Command(
        "use.attempt",
        "T",
        "try it",
        "Assume the role for 15 minutes, after one question, and show the result.",
        show_in_footer=True,
        allowed=not_a_file,
    ),
    Command(
        "use.shell",
        "$",
        "open a shell",
        "Open a shell with a session of the role; exit returns here.",
        show_in_footer=True,
        allowed=on_aws,
    ),
    Command(
        "use.write-profile",
        "M",
        "write profile",
        "Add a profile to the AWS configuration; shown as a difference first.",
        show_in_footer=True,
        allowed=on_aws,
    ),
    Command(
        "use.take-back",
        "u",
        "remove profile",
        "Remove from the AWS configuration a profile that rolescope wrote, in this run or an earlier one.",
        allowed=on_aws,
    ),
    Command(
        "use.own-session",
        "Q",
        "my session policy",
        "Ask CloudTrail whether your own session has a session policy.",
        allowed=not_a_file,
    ),
    Command(
        "use.diagnose",
        "d",
        "why denied",
        "Diagnose the denial that AWS returned or would return, and show what would allow the request.",
    ),
    Command("use.export", "e", "export", "Save the list as Markdown, CSV or JSON."),
    Command("use.back", "escape", "back", "Go back.", palette=False, show_in_footer=True),
)


@dataclass(eq=False, repr=False)
class WaysJudged(Answer):
    """The ways to assume the role were evaluated.

    They include the chain of roles if one was searched for (``searching``: the search is running), and what CloudTrail
    says about the caller's own session, if it was queried.
    """

    ways: RoleWays
    searching: bool
    own_session: str
    assumed: tuple[Assumption, ...] = ()
    """The assumptions that the ways depend on."""


@dataclass(eq=False, repr=False)
class TryEnded(Message):
    """An attempt to assume the role ended; with ``shell``, it was made to create a session for a shell."""

    result: Attempt
    shell: bool = False


class UseScreen(ListScreen, ChangesProfiles):
    MODE = "roles"
    WORK = "ways"
    DECLARED = (*COMMANDS, *PANES)
    BINDINGS: ClassVar[list[BindingType]] = bindings(COMMANDS)
    DEFAULT_CSS = """
    UseScreen #use-who { height: auto; }
    UseScreen VirtualTable { max-height: 30vh; }
    """

    def __init__(self, session: Session, role_name: str) -> None:
        super().__init__(session)
        self.role_name = role_name
        self.entered = SessionValues()
        self.ways: RoleWays | None = None
        self.searching = False
        self.tried: Attempt | None = None
        self.ask_my_session = False
        """Whether to query CloudTrail for how the caller's own session was created."""
        self.own_session = ""
        """CloudTrail's answer, in a sentence."""
        self.assumed: tuple[Assumption, ...] = ()
        self.written: WrittenProfile | None = None
        """The profile that was written on this screen."""
        self._go_on: bool | None = None
        """The operation (a shell or a try) to continue once the ways are evaluated with an MFA code or a reason."""
        self._agreed = False
        """Whether the operator answered a question for this try: then it is not confirmed again."""

    def compose_body(self) -> Iterable[Widget]:
        with Pane(id="use-who"):
            yield Headline(id="use-answer")
            yield VirtualTable(COLUMNS, sorts=True, id="use-ways")
        with Pane(id="use-way"):
            yield WayDetail(id="use-detail")

    def words(self) -> str:
        return (
            "Each row is one principal in one statement of the trust policy. A row works for you if the trust "
            "policy, your own policies, your permissions boundary and the organization's policies all allow the "
            f"call. {marks().unknown} marks a row that depends on an unknown value: i sets the value. "
            f"{marks().none} marks a row for other principals. T creates a session of 15 minutes and discards it. "
            "The filter assume:me on Roles lists the roles that you may assume."
        )

    def role_in_attention(self) -> Role | None:
        return self.session.role(self.role_name)

    def on_mount(self) -> None:
        self._name_it(self.session.account.caller_arn if self.session.account is not None else None)
        self.query_one(Headline).say("", "Evaluating the trust policy ...")
        self.judge()

    # Judging

    @property
    def assumptions_used(self) -> Sequence[Assumption]:
        return self.assumed

    def assumptions_changed(self) -> None:
        self.judge()

    def ask_again(self) -> None:
        self.judge()

    def judge(self) -> None:
        role, account, reader = self.role_in_attention(), self.session.account, self.session.reader
        if role is None or account is None or reader is None:
            self.say("The role has not been read: r tries again.", trouble=True)
            return
        entered, ask_my_session = self.entered, self.ask_my_session
        assumed = self.session.assumptions.for_request("sts:AssumeRole", role.arn)
        self.just_read()
        run_in_thread(self, lambda: self._judge(role, account, reader, entered, ask_my_session, assumed), "ways")

    def _judge(
        self,
        role: Role,
        account: Account,
        reader: AccountReader,
        entered: SessionValues,
        ask_my_session: bool,
        assumed: Sequence[Assumption],
    ) -> None:
        worker, break_glass = get_current_worker(), self.session.break_glass
        side, own_session = calling_side(account, reader), ""
        if ask_my_session and side is not None:
            side, own_session = with_own_session(side, reader)
        ways, entered, used = ways_assuming(role, side, account, entered, assumed)
        search = side is not None and ways.may_have_chain
        if worker.is_cancelled:
            return
        self.post_message(WaysJudged(ways, search, own_session, used))
        if side is not None and search:
            chain = shortest_chain(
                role, side, index_of(account, reader), entered, lambda: worker.is_cancelled, break_glass
            )
            if not worker.is_cancelled:
                self.post_message(WaysJudged(replace(ways, chain=chain), False, own_session, used))

    def on_ways_judged(self, message: WaysJudged) -> None:
        message.stop()
        self.ways, self.searching, self.own_session = message.ways, message.searching, message.own_session
        self.assumed = message.assumed
        self.show()
        shell = self._go_on
        self._go_on = shell if self.searching else None
        if shell is not None and not self.searching:
            self._assume(shell=shell)

    # Showing

    def show(self) -> None:
        ways = self.ways
        if ways is None:
            return
        self.show_answer(ways)
        self.table.styles.height = max(2, len(ways.ways) + 1)
        rows = [_row(number, way) for number, way in enumerate(ways.ways)]
        self.table.show(rows, empty="its trust policy allows nobody", columns=fitted(COLUMNS, rows))
        if self.table.cursor == 0 and ways.spoken_of is not None:
            self.table.go_to(str(ways.ways.index(ways.spoken_of)))
        self.show_detail()

    def action_export(self) -> None:
        if self.ways is not None:
            texts = table_texts(COLUMNS, self.table.rows)
            texts["json"] = json_text(versioned("use", as_json(self.ways))) + "\n"
            title = f"Export the ways to use {self.role_name}"
            export_menu(self, Export(title, f"use-{file_name(self.role_name)}", texts))

    def show_answer(self, ways: RoleWays) -> None:
        best, text = ways.best, headline(ways)
        mark, style = _mark(best.works if best is not None else False)
        if best is not None:
            text = f"{text} {best.command}"
        elif ways.chain:
            text = f"{text} {chain_command(ways.chain)} --exec -- COMMAND"
            mark, style = _mark(None)
        notes = []
        if ways.chain:
            hops = [f"{_mark(hop.way.works)[0]} {hop_words(hop)}" for hop in ways.chain]
            notes.append(
                f"{', then '.join(hops)}; for at most {duration_words(CHAINED_SECONDS)} (the limit of role chaining)"
            )
        if self.searching:
            notes.append("Looking for a chain of roles ...")
        if self.tried is not None:
            sign, _ = _mark(self.tried.good)
            notes.append(f"{sign} {self.tried.sentence}")
        if self.assumed:
            notes.append(f"assuming {', '.join(each.words for each in self.assumed)} (A changes it)")
        if values_in_words(self.entered):
            notes.append(f"set: {values_in_words(self.entered)}")
        role = self.role_in_attention()
        if ways.reason:
            notes.append(ways.reason)
        elif best is None and not self.searching and not ways.chain and ways.caller:
            notes.append("the roles that you may assume: assume:me on Roles, or :my roles")
        elif best is not None and role is not None and is_break_glass(role, self.session.break_glass):
            notes.append("a break-glass role: T and $ ask for the reason")
        if self.own_session:
            notes.append(self.own_session)
        if best is not None or ways.chain:
            unread = [sentence for sentence in ways.unread if sentence != MAY_BE_LIMITED]
            notes += [f"not read: {sentence}" for sentence in unread[:MOST_UNREAD]]
            if ways.may_be_limited:
                notes.append("it is unknown whether your session has a session policy (Q asks CloudTrail)")
            if (more := len(unread) - MOST_UNREAD) > 0:
                notes.append(f"{more} more could not be read: {own_command('use', self.role_name)} lists them")
        self._name_it(ways.caller)
        self.query_one(Headline).set(("", FAINT), (text, STRONG), notes, (mark, style))

    def _name_it(self, caller: str | None) -> None:
        name = caller_name(caller) if caller else "an unknown caller"
        self.query_one("#use-who", Pane).name_it(visible(f"Use {self.role_name}"), visible(f"as {name}"))

    def show_detail(self) -> None:
        way = self.chosen
        self.query_one(WayDetail).show(way, headline(self.ways) if self.ways is not None else "")
        self.query_one("#use-way", Pane).name_it(visible(f"{way.method}, {_who(way)}") if way else "")
        self.refresh_bindings()

    @property
    def chosen(self) -> Way | None:
        row = self.table.row
        return self.ways.ways[int(row.id)] if row is not None and self.ways is not None else None

    def on_virtual_table_chosen(self, message: VirtualTable.Chosen) -> None:
        message.stop()
        self.query_one(WayDetail).focus()

    # Commands

    def action_copy(self) -> None:
        way = self.chosen
        if way is None:
            return
        copies = [Copy("c", "the command", way.command)] if way.command else []
        copies += [Copy("p", "the profile", way.profile)] if way.profile else []
        copies += [Copy("s", "the steps", "\n".join(way.steps))] if way.steps else []
        if self.ways is not None and self.ways.chain:
            copies.append(Copy("h", "the chain", chain_command(self.ways.chain)))
        copies.append(Copy("a", "the role's ARN", self.ways.role if self.ways is not None else ""))
        copy_menu(self, copies)

    def action_tell(self) -> None:
        """Ask which value to set, then for the value itself, and evaluate the ways again with that value."""

        def chosen(what: str | None) -> None:
            choice = CHOICES.get(what or "")
            if choice is not None:
                self.app.push_screen(Prompt(choice.label, note=choice.detail), lambda text: given(choice.id, text))

        def given(what: str, text: str | None) -> None:
            if text is None:
                return
            entered, trouble = with_value(self.entered, what, text.strip())
            if trouble:
                self.say(trouble, trouble=True)
            else:
                self.entered, self.tried = entered, None
                self.judge()

        self.app.push_screen(Menu("Set a value", tuple(CHOICES.values())), chosen)

    def action_own_session(self) -> None:
        self.ask_my_session = True
        self.say("Asking CloudTrail how your session was created ...")
        self.judge()

    def action_attempt(self) -> None:
        self._agreed = False
        self._assume(shell=False)

    def action_shell(self) -> None:
        self._assume(shell=True)

    def _assume(self, *, shell: bool) -> None:
        ways, reader = self.ways, self.session.reader
        if ways is None or reader is None:
            return
        way = ways.best
        path = [(ways.role, way)] if way is not None else [(hop.role, hop.way) for hop in ways.chain]
        hops = [(role, way.request) for role, way in path if way.request is not None]
        if not hops:
            self.say(f"Not tried: {headline(ways)}", trouble=True)
            return
        role = self.role_in_attention()
        if role is not None and is_break_glass(role, self.session.break_glass) and not self.entered.reason:
            self._ask_for_reason(shell)
            return
        if "mfa" in path[0][1].hangs_on:
            self._ask_for_code(hops[0][1].mfa_serial, shell)
            return
        if shell or self._agreed:
            self._agreed = False
            self._call(reader, hops, shell)
            return

        def answered(answer: str | None) -> None:
            if answer == YES:
                self._call(reader, hops, shell)

        times = "" if len(hops) == 1 else f" {len(hops)} times, from role to role"
        text = (
            f"Calls sts:AssumeRole{times}, for a session of 15 minutes that is discarded. Nothing in the account "
            "changes. CloudTrail records the call."
        )
        self.app.push_screen(Confirm(f"Try it: assume {visible(ways.role)}", text, question("assume it")), answered)

    def _call(self, reader: AccountReader, hops: Sequence[tuple[str, AssumeRequest]], shell: bool) -> None:
        self.say("Assuming the role ..." if shell else "Trying ...")
        run_in_thread(self, lambda: self.post_message(TryEnded(attempt(reader, hops, keep=shell), shell)), "try")

    def _ask_for_reason(self, shell: bool) -> None:
        """Ask for a reason, which is required to assume an emergency role."""

        def answered(text: str | None) -> None:
            if text and text.strip():
                self._go_on, self._agreed = shell, True
                self.entered = replace(self.entered, reason=text.strip())
                self.judge()

        note = "used as session name or source identity, if the trust policy allows it"
        self.app.push_screen(
            Prompt("This is a break-glass role: why do you need it?", note=note, typed=self.session.typed), answered
        )

    def _ask_for_code(self, serial: str, shell: bool) -> None:
        """Ask for the MFA code that the way needs, and continue with it."""
        if not serial:
            self.say(
                "Your MFA device could not be read. On the command line, pass it as --mfa-serial ARN.", trouble=True
            )
            return

        def answered(code: str) -> None:
            if code:
                self._go_on, self._agreed = shell, True
                self.entered = replace(self.entered, mfa_code=code)
                self.judge()

        self.app.push_screen(MfaCodeWindow(serial, answered))

    def on_try_ended(self, message: TryEnded) -> None:
        message.stop()
        session = message.result.session
        self.tried = replace(message.result, session=None)
        # A code is valid for one call.
        self.entered = replace(self.entered, mfa_code="")
        if message.shell and session is not None:
            self._run_shell(session)
        self.say("" if message.result.good else "d explains why." if message.result.error else "", trouble=False)
        self.show()

    def _run_shell(self, session: RoleSession) -> None:
        """Suspend the screen and run the shell. Nothing else runs in the event loop until the shell is closed."""
        connection = getattr(self.session.reader, "aws", None)
        if connection is None:
            return
        try:
            with self.app.suspend():
                status = run_shell(session, connection.region, connection.endpoint_url)
            self.tried = Attempt(True, f"The shell ended with exit status {status}; its session was {session.arn}.")
        except (OSError, SuspendNotSupported) as error:
            self.tried = Attempt(None, f"The shell could not be started: {error}")
        self.call_later(self.run_action, "app.redraw")

    # A profile in the AWS configuration

    def action_write_profile(self) -> None:
        """Ask for the profile's name, show the change, and write it if the operator agrees."""
        way = self.chosen
        if way is None or not (way.for_me and way.profile):
            self.say("This row is not for you, so it has no profile: choose another row.", trouble=True)
        elif missing := unfilled(way.profile):
            self.say(f"The profile needs {missing}: y copies the lines, to fill them in.", trouble=True)
        else:
            lines = way.profile
            note = "for aws --profile NAME …; no keys or tokens are written"
            self.app.push_screen(
                Prompt("Name of the profile", self.role_name, note), lambda name: self._write_profile(name, lines)
            )

    def _write_profile(self, name: str | None, lines: str) -> None:
        if name:
            self.change_profile(lambda: profile_change(name.strip(), lines))

    def on_profile_changed(self, message: ProfileChanged) -> None:
        self.written = message.written

    def action_take_back(self) -> None:
        """Remove a profile that was written by this run or an earlier one. If there are several, ask which."""
        if self.written is not None:  # the file has not been read again yet
            self.change_profile(self.written.taken_back)
            return
        kept = {each.time.isoformat(): each for each in self.session.written_profiles}
        if not kept:
            self.say("rolescope has not written any profile: M writes one.", trouble=True)
            return
        if len(kept) == 1:
            self.change_profile(next(iter(kept.values())).taken_back)
            return
        choices = [
            MenuChoice(key, each.name, f"{each.time:%Y-%m-%d %H:%M} in {each.path}") for key, each in kept.items()
        ]
        self.app.push_screen(
            Menu("Which profile should be removed?", choices),
            lambda key: self.change_profile(kept[key].taken_back) if key else None,
        )

    def action_diagnose(self) -> None:
        """Diagnose the denial that the attempt returned, or else the denial that the chosen way would lead to."""
        text = self.tried.error if self.tried is not None else ""
        if not text and self.ways is not None and self.chosen is not None:
            text = denial_text(self.ways, self.chosen)
        if text:
            self.app.post_message(DiagnoseText(text))
        else:
            self.say("Nothing is denied here: T tries it.", trouble=True)


def _mark(works: bool | None) -> tuple[str, Style]:
    if works is None:
        return marks().unknown, WARN
    return (marks().passed, GOOD) if works else (marks().failed, BAD)


def _row(number: int, way: Way) -> Row:
    mark = marks().none if way.for_others else _mark(way.works)[0]
    style = GOOD if way.works and way.for_me else PLAIN
    return Row(str(number), (mark, str(way.method), visible(_who(way)), visible(way.why)), style)


def _who(way: Way) -> str:
    """Return a few words about who can use the way: the name of a provider or a principal."""
    text = way.principal
    if way.method in (Method.WEB_IDENTITY, Method.SAML):
        return text.partition("-provider/")[2] or text
    if text.endswith(":root"):
        return f"account {text.split(':')[4]}"
    return text.rpartition("/")[2] if text.startswith("arn:") else text
