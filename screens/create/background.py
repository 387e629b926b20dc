"""The background work of creating a role.

Each question is computed once, and the answer is posted to the forms as a message.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from textual.message import Message
from textual.widget import Widget
from textual.worker import get_current_worker

from diagnostics.drafts import has_external_id
from diagnostics.masking.kinds import without_credentials
from iam.account import Account
from iam.creation.draft.document_check import CheckedDocument, check_document
from iam.creation.draft.faults import permission_faults
from iam.creation.draft.kept import drafts_path, kept, text_of
from iam.creation.draft.places import Place, What
from iam.creation.draft.role_draft import RoleDraft
from iam.creation.draft.suggestions import Suggestions, suggestions
from iam.creation.granted import GrantedTogether, granted_together
from iam.creation.recipes.recipe import RecipeError
from iam.creation.statements.action_table import ActionTable, action_table
from iam.gate.checks.caller import DemandedBoundary, demanded_boundary
from iam.policy.document import Document
from iam.policy.lint import PolicyKind
from iam.sources.reader.account_reader import AccountReader
from screens import messages
from screens.create.state import CreationState
from screens.worker_failures import Answer, run_in_thread


@dataclass(eq=False, repr=False)
class SuggestionsFound(Answer):
    """The suggestions for the fields in this account were computed."""

    account: Account
    names: Suggestions


@dataclass(eq=False, repr=False)
class ActionsRead(Message):
    """AWS's list of actions was loaded."""

    table: ActionTable


@dataclass(eq=False, repr=False)
class DocumentChecked(Answer):
    """A document was checked: the findings, and the place of the document."""

    place: Place
    checked: CheckedDocument


@dataclass(eq=False, repr=False)
class PermissionsUnderstood(Message):
    """The chosen permissions are evaluated: what they grant is known.

    ``number`` identifies the choice.
    """

    number: int
    together: GrantedTogether


@dataclass(eq=False, repr=False)
class BoundaryDemanded(Answer):
    """The message that says whether the caller may create the role only with a permissions boundary."""

    demanded: DemandedBoundary


@dataclass(eq=False, repr=False)
class DraftsKept(Message):
    """The unfinished drafts of an earlier run were read; empty if there are none."""

    drafts: tuple[RoleDraft, ...]


class Background:
    """Run workers for ``forms``, post their results to it, and store the last question of each kind."""

    def __init__(self, forms: Widget, creation: CreationState) -> None:
        self._forms, self._creation = forms, creation
        self._number = 0
        self._waiting = False
        self._names_of: Account | None = None
        self._copying: tuple[str, object] | None = None
        """The name of the requested role, and the session's ``roles_read`` that will contain the role."""
        self._understanding: tuple[object, ...] | None = None
        self._demand_asked: tuple[str, str] | None = None
        self._checked: dict[Place, tuple[str, bool]] = {}
        self._table_asked = False
        self._kept_asked: set[str] = set()
        self.kept_known = False
        """Whether the drafts of an earlier run were read and added to the creation's."""

    def takes(self, number: int) -> bool:
        """Return whether an answer with this number is for the current choice.

        If it is, record that the forms no longer wait for an answer.
        """
        latest = number == self._number
        self._waiting = self._waiting and not latest
        return latest

    def _run(self, group: str, work: Callable[[], object]) -> None:
        run_in_thread(self._forms, work, group)

    def find_names(self) -> None:
        """Compute the suggestions for the fields once for each state of the account."""
        session, post = self._creation.session, self._forms.post_message
        account, reader = session.account, session.reader
        if account is None or reader is None or session.loading or account is self._names_of:
            return
        self._names_of = account
        self._run("names", lambda: post(SuggestionsFound(account, suggestions(account, reader))))

    def read_actions(self) -> None:
        """Load AWS's list of actions, with which statements are checked."""
        if not self._table_asked:
            self._table_asked = True
            post = self._forms.post_message
            self._run("actions", lambda: post(ActionsRead(action_table())))

    def check_documents(self, *, ask_aws: bool) -> None:
        """Check the documents that the operator wrote, with lint and, if ``ask_aws``, with AWS.

        Each text is checked only once.
        """
        reader, post = self._creation.session.reader, self._forms.post_message
        for place, (document, kind) in self._creation.draft.documents.items():
            text, asked = self._checked.get(place, ("", False))
            if (text == document.text and (asked or not ask_aws)) or document.problems:
                continue
            self._checked[place] = (document.text, ask_aws)
            work = partial(_check, place, document, kind, reader if ask_aws else None, post)
            self._run(f"check {place.what}", work)

    def find_copied(self) -> None:
        """Load the role whose permissions are copied, with all its details, if it is not loaded yet."""
        session, draft, app = self._creation.session, self._creation.draft, self._forms.app
        name = draft.copied_role
        role = session.role(name) if name else None
        draft.copied = role if role is not None and role.has_details else None
        reader = session.reader
        into = session.roles_read
        if role is None or role.has_details or reader is None:
            return
        if self._copying is not None and self._copying[0] == name and self._copying[1] is into:
            return
        self._copying = name, into
        self._run("copy", lambda: app.post_message(messages.RoleRead(name, reader.role(name), into)))

    def understand(self) -> None:
        """Compute what the chosen permissions grant, if they changed since the last computation."""
        session, draft, facts = self._creation.session, self._creation.draft, self._creation.facts
        reader, account = session.reader, session.account
        if reader is None or account is None:
            return
        faults = permission_faults(draft, facts, account)
        wrong = {draft.text(fault.place) for fault in faults if fault.place.what is What.ATTACHED}
        arns = tuple(arn for arn in draft.attached if arn not in wrong)
        try:
            inline = draft.inline(facts)
        except RecipeError:
            inline = tuple(draft.copied.inline or ()) if draft.copied else ()
        # Every screen is informed of what this work reads, and then calls this method: that must not start the work
        # again.
        if (arns, inline) == self._understanding and (self._waiting or self._creation.together is not None):
            return
        self._understanding, self._waiting = (arns, inline), True
        self._number += 1
        number, forms, app = self._number, self._forms, self._forms.app
        into = session.policies_read
        known = {arn: policy.document for arn in arns if (policy := session.policy(arn)) and policy.document}

        def work() -> None:
            worker = get_current_worker()
            found = granted_together(
                arns,
                known,
                inline,
                reader,
                lambda arn, reading: app.post_message(messages.PolicyRead(arn, reading, into)),
                lambda: worker.is_cancelled,
            )
            if found is not None:
                forms.post_message(PermissionsUnderstood(number, found))

        self._run("understand", work)

    def note(self) -> None:
        """Store the unfinished drafts for the next run, without credentials in their free text."""
        typed, unfinished = self._creation.session.typed, self._creation.unfinished
        if not self.kept_known:
            return  # otherwise the drafts of another run would be overwritten
        typed.roles = _without_credentials(text_of(unfinished))
        typed.unfinished = tuple(each.name for each in unfinished)
        external = [_external_id(each) for each in unfinished]
        typed.put("Create", {"external ID": next(filter(None, external), "")})

    def keep(self) -> None:
        """Store the unfinished drafts and write them to disk."""
        if self.kept_known:
            self.note()
            self._run("keep", self._creation.session.typed.save)

    def find_kept(self) -> None:
        """Read the drafts of an earlier run."""
        typed, post = self._creation.session.typed, self._forms.post_message
        label = typed.label
        if not label or not typed.on or label in self._kept_asked:
            return
        self._kept_asked.add(label)

        def work() -> None:
            post(DraftsKept(kept(drafts_path(label))))

        self._run("kept", work)

    def ask_for_boundary(self) -> None:
        """Check in advance whether the caller may create the role only with a boundary."""
        session, draft, post = self._creation.session, self._creation.draft, self._forms.post_message
        account, reader = session.account, session.reader
        if account is None or reader is None or session.loading:
            return
        name, path = draft.name or "new-role", draft.full_path
        if not path.startswith("/") or self._demand_asked == (name, path):
            return
        self._demand_asked = (name, path)
        self._run("boundary", lambda: post(BoundaryDemanded(demanded_boundary(name, path, account, reader))))


def _without_credentials(text: str) -> str:
    """Return the text of drafts, with credentials removed from descriptions and tags.

    Names and policies stay as typed: a name of 40 characters may look like a secret key.
    """
    if not text:
        return ""
    drafts = json.loads(text)
    for draft in drafts:
        draft["description"] = without_credentials(draft["description"])
        draft["tag_rows"] = {row: without_credentials(tag) for row, tag in draft["tag_rows"].items()}
        answers = draft["trust_answers"].items()
        draft["trust_answers"] = {
            kind: {key: "" if _is_secret(key, text) else text for key, text in each.items()} for kind, each in answers
        }
    return json.dumps(drafts)


def _is_secret(key: str, text: str) -> bool:
    """Return whether an answer is an external ID, or a policy that contains one."""
    return bool(text) and (key == "external_id" or has_external_id(text))


def _external_id(draft: RoleDraft) -> str:
    """Return the external ID, or the policy with one, that would be lost with the draft; "" if there is none."""
    answers = (pair for each in draft.trust_answers.values() for pair in each.items())
    return next((text for key, text in answers if _is_secret(key, text)), "")


def _check(
    place: Place,
    document: Document,
    kind: PolicyKind,
    reader: AccountReader | None,
    post: Callable[[Message], object],
) -> None:
    post(DocumentChecked(place, check_document(document, kind, reader)))
