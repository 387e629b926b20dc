"""Where a failure is entered: the box or the form, one at a time."""

from __future__ import annotations

from collections.abc import Iterable

from textual import on
from textual.containers import Vertical
from textual.widget import Widget

from iam.account import Account
from screens.diagnose.box import PasteBox
from screens.diagnose.form import DenialForm
from screens.diagnose.names import NamesFound, collect_names
from screens.text import visible
from screens.widgets.line import Line
from screens.widgets.styles import FAINT, KEY, STRONG


class FailureInput(Vertical):
    """The box or the form below a line that says which, and how much the box contains."""

    DEFAULT_CSS = """
    FailureInput { height: 1fr; }
    FailureInput Line { height: 1; }
    FailureInput DenialForm { display: none; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.in_form = False
        self._for_role = ""
        self._names_of: Account | None = None

    def compose(self) -> Iterable[Widget]:
        yield Line(id="tabs")
        yield PasteBox(id="box")
        yield DenialForm(id="form")

    def on_mount(self) -> None:
        self._show_tabs()

    @property
    def box(self) -> PasteBox:
        return self.query_one(PasteBox)

    @property
    def form(self) -> DenialForm:
        return self.query_one(DenialForm)

    def turn(self, *, to_form: bool) -> None:
        self.in_form = to_form
        self.box.display = not to_form
        self.form.display = to_form
        self._show_tabs()

    def put_cursor(self) -> None:
        if self.in_form:
            self.form.focus_first_empty()
        else:
            self.box.focus()

    def name_role(self, name: str) -> None:
        """The role that texts without a principal are explained for; "" for none."""
        self._for_role = visible(name)
        self._show_tabs()

    def find_names(self, account: Account | None) -> None:
        """Let a worker collect what the form can suggest: once an account, and only when the form is in use."""
        if not self.in_form or self._names_of is account or account is None or account.progress is not None:
            return
        self._names_of = account
        self.run_worker(
            lambda: self.post_message(NamesFound(account, collect_names(account))),
            thread=True,
            exclusive=True,
            group="names",
            exit_on_error=False,
        )

    def on_names_found(self, message: NamesFound) -> None:
        message.stop()
        if message.account is self._names_of:
            self.form.offer(message.names)

    @on(PasteBox.Changed)
    def _show_tabs(self) -> None:
        size = "" if self.in_form else self.box.size_in_words
        about = [size] if size else []
        if self._for_role:
            about.append(f"for {self._for_role}, where the text names nobody")
        self.query_one("#tabs", Line).show(
            (" Text ", FAINT if self.in_form else STRONG),
            ("ctrl+t", KEY),
            (" Form ", STRONG if self.in_form else FAINT),
            ("   " + "   ".join(about), FAINT),
        )
