"""Beside the form: what the role is so far, and the policy that the form writes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.containers import Vertical
from textual.widget import Widget

from diagnostics.access_levels import ServiceAccess
from diagnostics.sentences import statement_sentence
from iam.account import Account
from iam.changes.recipe import Facts, RecipeError
from iam.changes.recipes import trust_recipe
from iam.policy.document import Document, PolicyError
from screens.create_draft import CUSTOM, Draft, hours
from screens.text import plural, visible
from screens.widgets.document import DocumentView
from screens.widgets.facts import Facts as FactsView
from screens.widgets.line import Line, Piece
from screens.widgets.look import FAINT, PLAIN, STRONG, WARN
from screens.widgets.rules import Rule
from screens.widgets.together import Together


class Side(Vertical):
    """Summary above, document or levels below."""

    DEFAULT_CSS = """
    Side { width: 1fr; height: 1fr; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.summary = FactsView(most_lines=9, id="summary")
        self.rule = Rule(id="side-rule")
        self.view = DocumentView(id="side-document")
        self.together = Together(id="side-together")

    def compose(self) -> Iterable[Widget]:
        yield Line([(" SO FAR", STRONG)], id="side-title")
        yield self.summary
        yield self.rule
        yield self.view
        yield self.together

    def on_mount(self) -> None:
        self.together.display = False

    def show_summary(self, facts: Sequence[tuple[str, Piece]]) -> None:
        self.summary.show(facts)

    def show_document(self, title: str, document: Document | None, missing: str = "") -> None:
        self._turn(levels=False)
        self.rule.name_it(visible(title))
        if document is not None and document == self.view.document:
            return  # the same text, written anew: nothing is painted
        self.view.show(document, missing=missing)

    def show_levels(self, access: tuple[ServiceAccess, ...] | None, notes: Sequence[str]) -> None:
        self._turn(levels=True)
        self.rule.name_it("what it may do, by service and level")
        if (access, tuple(notes)) != (self.together.access, self.together.notes):
            self.together.show(access, notes)

    def _turn(self, *, levels: bool) -> None:
        if self.together.display != levels:
            self.together.display, self.view.display = levels, not levels

    def put_cursor(self) -> None:
        (self.together if self.together.display else self.view).focus()


def summary_of(draft: Draft, facts: Facts, account: Account | None) -> list[tuple[str, Piece]]:
    """(label, value) of what was answered."""
    told: list[tuple[str, Piece]] = [("trust", (visible(_who(draft, facts)), PLAIN))]
    may = [visible(arn.rpartition("/")[2]) for arn in draft.attached]
    if draft.copied is not None:
        may += [visible(each.name) for each in draft.copied.inline or ()]
    may += [visible(_recipe_words(each.recipe.title, each.answers)) for each in draft.recipes]
    if draft.values.get("perm.json", "").strip():
        may.append(visible(draft.get("perm.json.name", "permissions")))
    told.append(("may", (", ".join(may), PLAIN) if may else ("nothing yet", FAINT)))
    name = draft.get("name")
    told.append(("name", (visible(name), STRONG) if name else ("not yet", FAINT)))
    if draft.get("path", "/") != "/":
        told.append(("path", (visible(draft.get("path")), PLAIN)))
    boundary = draft.get("boundary")
    told.append(("boundary", (visible(boundary.rpartition("/")[2]), PLAIN) if boundary else ("none", FAINT)))
    if draft.profile:
        told.append(("instance profile", (visible(draft.profile), PLAIN)))
    if draft.tags:
        told.append(("tags", (visible(" ".join(f"{key}={value}" for key, value in draft.tags)), PLAIN)))
    if draft.get("description"):
        told.append(("description", (visible(draft.get("description")), PLAIN)))
    seconds = draft.session_seconds
    told.append(("session", (hours(seconds), PLAIN) if seconds is not None else ("?", WARN)))
    return told


def _recipe_words(title: str, answers: object) -> str:
    values = [value for value in answers.values() if value not in ("yes", "no")] if isinstance(answers, dict) else []
    return f"{title.lower()} ({values[0]})" if values else title.lower()


def _who(draft: Draft, facts: Facts) -> str:
    """The first statement of the trust policy in words, or the kind while it is not whole."""
    kind = "a custom policy" if draft.kind == CUSTOM else trust_recipe(draft.kind).title
    try:
        statements = draft.trust(facts).statements
    except (RecipeError, PolicyError):
        return f"{kind}, not whole yet"
    if not statements:
        return kind
    more = f" and {plural(len(statements) - 1, 'statement')} more" if len(statements) > 1 else ""
    return statement_sentence(statements[0]).removesuffix(".") + more
