"""The pane beside the form: a summary of the role so far, and the policy that the form writes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from textual.containers import Vertical
from textual.widget import Widget

from diagnostics.sentences import statement_sentence
from iam import field_rules as fields
from iam.account import Account
from iam.arn import name_of
from iam.creation.draft.places import Place, What
from iam.creation.draft.role_draft import CUSTOM, RoleDraft, hours
from iam.creation.recipes.recipe import AccountFacts, RecipeError
from iam.creation.recipes.table import trust_recipe
from iam.policy.document import Document, PolicyError
from iam.questions.access_levels import ServiceAccess
from screens.create.state import CreationState
from screens.create.steps import CreateStep
from screens.text import plural, visible
from screens.widgets.access import AccessView
from screens.widgets.document import DocumentView
from screens.widgets.facts import FactsView
from screens.widgets.line import Piece
from screens.widgets.pane import Pane
from screens.widgets.styles import FAINT, PLAIN, STRONG, WARN


class Side(Vertical):
    """The summary, and below it a document or the access levels."""

    DEFAULT_CSS = """
    Side { width: 1fr; height: 1fr; }
    Side #so-far { height: auto; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.summary = FactsView(most_lines=9, id="summary")
        self.view = DocumentView(id="side-document")
        self.together = AccessView(id="side-together")
        self.written = Pane(self.view, self.together, id="written")

    def compose(self) -> Iterable[Widget]:
        yield Pane(self.summary, title="Summary", id="so-far", classes="-bare")
        yield self.written

    def on_mount(self) -> None:
        self.together.display = False

    def tell(self, creation: CreationState, step: CreateStep, cursor: Place | None, *, levels: bool) -> None:
        """Show the summary, and the policy that the step's form writes.

        With ``levels``, show the combined permissions that were chosen instead of the policy.
        """
        draft, facts = creation.draft, creation.facts
        self.summary.show(summary_of(draft, facts, creation.account))
        if step is not CreateStep.MAY:
            self.show_document("trust policy", *draft.trust_so_far(facts), limit=creation.most_characters_of_trust)
        elif levels and not _writes_one(draft, cursor):
            together = creation.together
            notes = together.notes if together else ()
            if permissions_of(draft) and not (together and together.access):
                notes = (*notes, "Incomplete statements are not counted.")
            self.show_levels(together.access if together else (), notes)
        else:
            title, document, why, statement = _policy_in_attention(creation, cursor)
            self.show_document(title, document, why, limit=creation.most_characters_of_inline, statement=statement)

    def show_document(
        self, title: str, document: Document | None, missing: str = "", *, limit: int = 0, statement: int | None = None
    ) -> None:
        """Show the document, with ``statement`` highlighted.

        If lines were added to the same document, scroll to them. A different document opens at its first condition,
        because the operator should read the conditions before anyone may assume the role.
        """
        self._turn(levels=False)
        size = f"{fields.size(document):,} of {limit:,} characters" if document is not None else ""
        self.written.name_it(visible(title[:1].upper() + title[1:]), aside=size)
        before = self.view.document
        if document is None or document != before:  # the same text in a new object: nothing is drawn
            self.view.show(document, missing=missing)
        if document is None:
            return
        if statement != (self.view.statement.index if self.view.statement else None):
            self.view.light(statement)
        changed = _changed(before.text, document.text) if before is not None else None
        if changed is None and document != before:
            changed = _first_condition(document)
        if changed is not None:
            self.view.show_lines(*changed)

    def show_levels(self, access: tuple[ServiceAccess, ...] | None, notes: Sequence[str]) -> None:
        self._turn(levels=True)
        self.written.name_it("What it may do", "by service and level")
        if (access, tuple(notes)) != (self.together.access, self.together.notes):
            self.together.show(access, notes)

    def _turn(self, *, levels: bool) -> None:
        if self.together.display != levels:
            self.together.display, self.view.display = levels, not levels

    def put_cursor(self) -> None:
        (self.together if self.together.display else self.view).focus()


def _first_condition(document: Document) -> tuple[int, int] | None:
    """Return the first line of the first condition (from 0) and the line after it; None if there is none."""
    if document.problems:
        return None
    for index in range(len(document.unplaced_statements)):
        span = document.element_span(index, "Condition")
        if span is not None:
            return span.first_line - 1, span.last_line
    return None


def _changed(before: str, after: str) -> tuple[int, int] | None:
    """Return the range of new lines, with one more on either side.

    Return None if nothing is new, or if this is a different document.
    """
    old, new = before.split("\n"), after.split("\n")
    start = _alike(old, new)
    end = len(new) - _alike(old[start:][::-1], new[start:][::-1])
    if old == new or end - start > len(new) // 2:
        return None
    return max(0, start - 1), min(len(new) - 1, end)


def _alike(one: list[str], other: list[str]) -> int:
    """Return the number of equal lines at the beginning."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (line, its) in pairs if line != its), min(len(one), len(other)))


_OF_STATEMENTS = (What.STATEMENT, What.EFFECT, What.STATEMENTS_NAME)


def _writes_one(draft: RoleDraft, cursor: Place | None) -> bool:
    """Return whether the cursor is in a field that belongs to a policy that is being written."""
    if cursor is None or cursor.what is What.EFFECT:
        return cursor is not None and _statement(draft, cursor) is not None
    return cursor.what in (What.RECIPE_ANSWER, What.STATEMENT, What.STATEMENTS_NAME)


def _statement(draft: RoleDraft, cursor: Place) -> int | None:
    """Return the index of the statement that contains the cursor, or None."""
    if cursor.what is What.STATEMENTS_NAME:
        return None
    return next((index for index, each in enumerate(draft.statements) if each.slot == cursor.slot), None)


def _policy_in_attention(creation: CreationState, cursor: Place | None) -> tuple[str, Document | None, str, int | None]:
    """Return the policy under the cursor: title, document, the reason if there is none, and the statement's index.

    The policy may come from a recipe, statements, a managed policy or typed text.
    """
    draft = creation.draft
    if cursor is not None and cursor.what in (What.RECIPE, What.RECIPE_ANSWER):
        for each in draft.recipes:
            if each.slot == cursor.slot:
                try:
                    return each.recipe.title, each.recipe.document(each.answers, creation.facts), "", None
                except RecipeError as error:
                    return each.recipe.title, None, f"No policy yet: {error}", None
    if cursor is not None and cursor.what in _OF_STATEMENTS:
        missing = "Choose Allow or Deny to write a statement."
        return "statements", draft.statements_policy, missing, _statement(draft, cursor)
    if cursor is not None and cursor.what is What.ATTACHED:
        arn = draft.text(cursor)
        policy = creation.session.policy(arn) if arn else None
        name = name_of(arn) or "managed policy"
        return name, policy.document if policy else None, "Choose a managed policy to see its text.", None
    own = Document(draft.policy) if draft.policy.strip() else None
    return "custom policy", own, "Choose a recipe, or paste a policy.", None


def summary_of(draft: RoleDraft, facts: AccountFacts, account: Account | None) -> list[tuple[str, Piece]]:
    """Return the answers as pairs of a label and a value."""
    shown: list[tuple[str, Piece]] = [("trust", (visible(_who(draft, facts)), PLAIN))]
    may = permissions_of(draft)
    shown.append(("permissions", (", ".join(may), PLAIN) if may else ("none yet", FAINT)))
    shown.append(("name", (visible(draft.name), STRONG) if draft.name else ("not set", FAINT)))
    if draft.full_path != "/":
        shown.append(("path", (visible(draft.path), PLAIN)))
    boundary = draft.boundary
    shown.append(("boundary", (visible(name_of(boundary)), PLAIN) if boundary else ("none", FAINT)))
    tags = " ".join(f"{key}={value}" for key, value in draft.tags)
    for label, text in (
        ("instance profile", draft.instance_profile),
        ("tags", tags),
        ("description", draft.description.strip()),
    ):
        if text:
            shown.append((label, (visible(text), PLAIN)))
    seconds = draft.session_seconds
    shown.append(("session", (hours(seconds), PLAIN) if seconds is not None else ("?", WARN)))
    return shown


def permissions_of(draft: RoleDraft) -> list[str]:
    """Return a few words for each of the permissions."""
    found = [name_of(arn) for arn in draft.attached]
    found += [each.name for each in (draft.copied.inline or () if draft.copied is not None else ())]
    found += [_recipe_words(each.recipe.title, each.answers) for each in draft.recipes]
    if draft.statements:
        found.append(draft.statements_name or "statements")
    if draft.policy.strip():
        found.append(draft.policy_name or "permissions")
    return [visible(each) for each in found]


def _recipe_words(title: str, answers: Mapping[str, str]) -> str:
    values = [value for value in answers.values() if value not in ("yes", "no")]
    return f"{title.lower()} ({values[0]})" if values else title.lower()


def _who(draft: RoleDraft, facts: AccountFacts) -> str:
    """Return the trust policy's first statement in words, or the kind of trust while it is incomplete."""
    kind = "a custom policy" if draft.trust_kind == CUSTOM else trust_recipe(draft.trust_kind).title
    try:
        statements = draft.trust(facts).statements
    except (RecipeError, PolicyError):
        return f"{kind} (incomplete)"
    if not statements:
        return kind
    more = f" and {plural(len(statements) - 1, 'statement')} more" if len(statements) > 1 else ""
    return statement_sentence(statements[0]).removesuffix(".") + more
