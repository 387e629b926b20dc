"""What the creation has worked out off the event loop: each question once, the answers as messages to the forms."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from textual.message import Message
from textual.widget import Widget
from textual.worker import get_current_worker

from iam.account import Account
from iam.creation.action_table import action_table
from iam.creation.recipes.recipe import RecipeError
from screens import messages
from screens.create.caller import demanded_boundary
from screens.create.document_check import examine
from screens.create.faults import permission_faults
from screens.create.grants import understand
from screens.create.names import ActionsRead, CreateNamesFound, create_names
from screens.create.state import Creation


class Background:
    """Workers of ``forms``, which gets their answers, and what was asked last."""

    def __init__(self, forms: Widget, creation: Creation) -> None:
        self._forms, self._creation = forms, creation
        self._number = 0
        self._names_of: Account | None = None
        self._copying: str | None = None
        self._understanding: tuple[object, ...] | None = None
        self._demand_asked: tuple[str, str] | None = None
        self._examined: dict[str, tuple[str, bool]] = {}
        self._table_asked = False

    def is_latest(self, number: int) -> bool:
        """Whether an answer of this number is one to what is chosen now."""
        return number == self._number

    def _run(self, group: str, work: Callable[[], object]) -> None:
        self._forms.run_worker(work, thread=True, exclusive=True, group=group, exit_on_error=False)

    def find_names(self) -> None:
        """What the fields are completed with."""
        session, post = self._creation.session, self._forms.post_message
        account, reader = session.account, session.reader
        if account is None or reader is None or session.loading or account is self._names_of:
            return
        self._names_of = account
        self._run("names", lambda: post(CreateNamesFound(account, create_names(account, reader))))

    def read_actions(self) -> None:
        """AWS's list of actions, which statements are judged by."""
        if not self._table_asked:
            self._table_asked = True
            post = self._forms.post_message
            self._run("actions", lambda: post(ActionsRead(action_table())))

    def examine(self, *, ask_aws: bool) -> None:
        """The documents that somebody wrote: by lint, or by AWS too. Each text once."""
        reader, post = self._creation.session.reader, self._forms.post_message
        for key, (document, kind) in self._creation.documents.items():
            told, asked = self._examined.get(key, ("", False))
            if (told == document.text and (asked or not ask_aws)) or document.problems:
                continue
            self._examined[key] = (document.text, ask_aws)
            work = partial(examine, key, document, kind, reader if ask_aws else None)
            self._run(f"examine {key}", partial(_posting, post, work))

    def find_copied(self) -> None:
        """The role whose permissions are copied, in its fullest form; read where it is not there yet."""
        session, draft, app = self._creation.session, self._creation.draft, self._forms.app
        name = draft.get("perm.copy")
        role = session.role(name) if name else None
        draft.copied = role if role is not None and role.has_details else None
        reader = session.reader
        if role is None or role.has_details or reader is None or self._copying == name:
            return
        self._copying = name
        self._run("copy", lambda: app.post_message(messages.RoleRead(name, reader.role(name))))

    def understand(self) -> None:
        """What the chosen permissions grant: worked out when they are others than last time."""
        session, draft, facts = self._creation.session, self._creation.draft, self._creation.facts
        reader, account = session.reader, session.account
        if reader is None or account is None:
            return
        wrong = {fault.field for fault in permission_faults(draft, facts, account)}
        arns = tuple(arn for arn in draft.attached if not any(draft.get(field) == arn for field in wrong))
        try:
            inline = draft.inline(facts)
        except RecipeError:
            inline = tuple(draft.copied.inline or ()) if draft.copied else ()
        if (arns, inline) == self._understanding and self._creation.understood is not None:
            return
        self._understanding = (arns, inline)
        self._number += 1
        number, forms, app = self._number, self._forms, self._forms.app
        known = {arn: policy.document for arn in arns if (policy := session.policy(arn)) and policy.document}

        def work() -> None:
            worker = get_current_worker()
            found = understand(
                number,
                arns,
                known,
                inline,
                reader,
                lambda arn, reading: app.post_message(messages.PolicyRead(arn, reading)),
                lambda: worker.is_cancelled,
            )
            if found is not None:
                forms.post_message(found)

        self._run("understand", work)

    def ask_for_boundary(self) -> None:
        """Whether the caller may create the role only with a boundary: asked before AWS would refuse."""
        session, draft, post = self._creation.session, self._creation.draft, self._forms.post_message
        account, reader = session.account, session.reader
        if account is None or reader is None or session.loading:
            return
        name, path = draft.get("name", "new-role"), draft.get("path", "/")
        if not path.startswith("/") or self._demand_asked == (name, path):
            return
        self._demand_asked = (name, path)
        self._run("boundary", lambda: post(demanded_boundary(name, path, account, reader)))


def _posting(post: Callable[[Message], object], work: Callable[[], Message]) -> None:
    post(work())
