"""What if a policy is added or removed: who gains and loses access, and which recorded calls would be denied."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import ClassVar

from textual.binding import BindingType
from textual.css.query import NoMatches
from textual.widget import Widget
from textual.widgets import Input

from diagnostics.differences.asked import FORM, answer_lines, read_question
from diagnostics.differences.recorded import recorded_calls
from diagnostics.differences.whole import Tell, compare_access
from diagnostics.review.limits import Limits
from diagnostics.review.subject import ReviewedAccount
from diagnostics.right_size.trail import TrailFiles
from iam.account import Account
from iam.sources.reader.account_reader import AccountReader
from screens.commands import Command, bindings
from screens.difference.screen import DifferenceScreen
from screens.session import Session
from screens.widgets.form.line_input import QuestionInput
from screens.widgets.pane import Pane

COMMANDS = (Command("what-if.ask", "n", "question", "Ask another question.", show_in_footer=True),)

EXAMPLES = """
scp.json at ou-1a2b-3c4d                   add an SCP or RCP there
policy.json at orders-api-lambda           inline, boundary or trust policy
policy.json at arn:aws:iam::…:policy/NAME  a new version of it
remove NAME at orders-api-lambda           remove it from this role
remove at arn:aws:iam::…:policy/NAME       remove it from everyone
scp.json at ou-1a2b-3c4d with trail/       also check recorded calls
"""


class WhatIfScreen(DifferenceScreen):
    MODE = "review"
    AUTO_FOCUS = "#what-if-question"
    DECLARED = (*COMMANDS, *DifferenceScreen.DECLARED)
    BINDINGS: ClassVar[list[BindingType]] = bindings(COMMANDS)
    DEFAULT_CSS = """
    WhatIfScreen #what-if { height: auto; }
    WhatIfScreen #what-if-question { margin: 0 1; }
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.question = ""

    def compose_body(self) -> Iterable[Widget]:
        with Pane(title="What if", id="what-if"):
            draft = self.session.typed.drafts.get("What if")
            yield QuestionInput(draft.values["text"] if draft else "", placeholder=FORM, id="what-if-question")
        yield from super().compose_body()

    @property
    def title_of_answer(self) -> str:
        return "Effect"

    def on_mount(self) -> None:
        self.show_text(EXAMPLES)

    def words(self) -> str:
        return (
            "Name a policy file, and where the policy goes. Give the ARN of a managed policy, SCP or RCP to "
            "replace it. Or name where to attach the policy: a role, a user, a group, or a target in the "
            "organization (r-…, ou-…, an account ID). Or remove a policy. The access of every role and user is "
            "compared before and after the change, with every layer evaluated. With CloudTrail files, the recorded "
            "calls of the roles are evaluated again. Nothing is changed in AWS."
        )

    def note_typed(self) -> None:
        """Store a question that was typed but not asked."""
        with suppress(NoMatches):
            text = self.query_one("#what-if-question", Input).value
            self.session.typed.put("What if", {"text": "" if text == self.question else text})

    def on_input_submitted(self, message: Input.Submitted) -> None:
        message.stop()
        self.question = message.value
        self.begin()

    def action_ask(self) -> None:
        self.set_focus(self.query_one(Input))

    def found(self, account: Account, reader: AccountReader, limits: Limits, tell: Tell) -> Iterable[str]:
        question = read_question(self.question, account)
        changed = question.changed(account)
        before, after = (ReviewedAccount(one, reader, limits) for one in (account, changed.account))
        access = compare_access(before, after, tell)
        recorded = None
        if question.trail is not None:
            trail = TrailFiles((question.trail,), None, account)

            def asked(done: int) -> None:
                tell(f"{done:,} records read", 0, 0)

            recorded = recorded_calls(trail, before, after, asked)
        return answer_lines(changed, access, recorded, before)
