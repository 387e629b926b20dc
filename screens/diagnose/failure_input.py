"""The input of a failure: the box or the form, only one of them at a time."""

from __future__ import annotations

from collections.abc import Iterable

from textual import on
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from iam.account import Account
from screens.diagnose.box import PasteBox
from screens.diagnose.form import DenialForm
from screens.diagnose.names import NamesFound, collect_names
from screens.text import visible
from screens.widgets.line import Line, Piece
from screens.widgets.pane import Pane
from screens.widgets.plain_lines import PlainLines
from screens.widgets.strips import strip, wrap
from screens.widgets.styles import FAINT, KEY, PLAIN, STRONG
from screens.worker_failures import run_in_thread

WAYS_IN = (
    (
        "paste",
        "an error from any tool, even wrapped or cut off: the CLI, an SDK, Terraform, CloudFormation, kubectl, a log",
    ),
    ("paste", "a CloudTrail event, an encoded authorization message, or a token (JWT or SAML), which is decoded here"),
    ("ctrl+t", "if there is no text, fill in the principal, the action and the resource"),
    ("ctrl+n", "choose one of the account's latest denials from CloudTrail"),
)
LINES_WHILE_EMPTY = 4
"""The height of the box while it is empty. The kinds of input are listed below it."""


class Tabs(Line):
    """The line ``Text ctrl+t Form``, with a summary of the box's text. A click on the other tab switches to it."""

    def on_click(self) -> None:
        self.post_message(self.Clicked())

    class Clicked(Message):
        """The operator clicked the other tab."""


class Ways(PlainLines):
    """A list of the kinds of input that can be explained, with the key for each."""

    def lines(self, width: int) -> list[list[Piece]]:
        rows: list[list[Piece]] = [[]]
        for key, words in WAYS_IN:
            for count, part in enumerate(wrap(words, max(8, width - 11))):
                rows.append([(f" {key if count == 0 else '':<8}", PLAIN if key == "paste" else KEY), (part, FAINT)])
        return rows

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self.lines(width))

    def render_line(self, y: int) -> Strip:
        lines = self.lines(self.across)
        return strip(lines[y] if y < len(lines) else [], self.across, self.base)


class FailureInput(Pane):
    """The box or the form, below a line that names it and says how much text the box contains.

    While the box is empty, the kinds of input are listed below it.
    """

    DEFAULT_CSS = """
    FailureInput { height: 1fr; }
    FailureInput Line { height: 1; }
    FailureInput DenialForm { display: none; }
    FailureInput #ways { height: auto; display: none; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(title="What failed", id=id)
        self.in_form = False
        self._for_role = ""
        self._names_of: Account | None = None

    def compose(self) -> Iterable[Widget]:
        yield Tabs(id="tabs")
        yield PasteBox(id="box")
        yield Ways(id="ways")
        yield DenialForm(id="form")

    def on_mount(self) -> None:
        self._show_tabs()

    @property
    def box(self) -> PasteBox:
        return self.query_one(PasteBox)

    @property
    def form(self) -> DenialForm:
        return self.query_one(DenialForm)

    @property
    def given(self) -> str:
        """The text in the box, or the answers in the form."""
        if not self.in_form:
            return self.box.whole
        return "\n".join(f"{field}: {text}" for field, text in self.form.texts().items())

    def turn(self, *, to_form: bool) -> None:
        self.in_form = to_form
        self.box.display = not to_form
        self.form.display = to_form
        self._show_tabs()

    def on_tabs_clicked(self, message: Tabs.Clicked) -> None:
        message.stop()
        self.turn(to_form=not self.in_form)
        self.put_cursor()

    def put_cursor(self) -> None:
        if self.in_form:
            self.form.focus_first_empty()
        else:
            self.box.focus()

    def name_role(self, name: str) -> None:
        """Set the role for which texts without a principal are explained; "" for none."""
        self._for_role = visible(name)
        self._show_tabs()

    def find_names(self, account: Account | None) -> None:
        """Collect the form's suggestions in a worker, once for each account and only if the form is used."""
        if not self.in_form or self._names_of is account or account is None or account.progress is not None:
            return
        self._names_of = account
        run_in_thread(self, lambda: self.post_message(NamesFound(account, collect_names(account))), "names")

    def on_names_found(self, message: NamesFound) -> None:
        message.stop()
        if message.account is self._names_of:
            self.form.offer(message.names)

    @on(PasteBox.Changed)
    def _show_tabs(self) -> None:
        # Not by a CSS class of this pane: each change of a class would restyle everything in the form.
        empty = not self.in_form and not self.box.text
        self.box.styles.height = LINES_WHILE_EMPTY if empty else "1fr"
        self.query_one(Ways).display = empty
        size = "" if self.in_form else self.box.size_in_words
        clears = (("   f2", KEY), (" clears", FAINT)) if size else ()
        about = f"   for {self._for_role}, if the text names no principal" if self._for_role else ""
        self.query_one("#tabs", Line).show(
            (" Text ", FAINT if self.in_form else STRONG),
            ("ctrl+t", KEY),
            (" Form ", STRONG if self.in_form else FAINT),
            (f"   {size}" if size else "", FAINT),
            *clears,
            (about, FAINT),
        )
