"""Between the creation and the Diagnose screen: a name that is taken, and the role that is to have another name."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from iam.changes.plan import document_text
from iam.creation.recipes.recipe import AccountFacts, RecipeError
from iam.policy.document import Document, PolicyError
from screens.create.draft import CUSTOM, Draft, hours

if TYPE_CHECKING:
    from diagnostics.failure import Conflict, NewRole


def conflict_of(draft: Draft, facts: AccountFacts) -> Conflict:
    """The name that is taken, and the role that is wanted."""
    from diagnostics.failure import Conflict

    name = draft.get("name")
    text = (
        "An error occurred (EntityAlreadyExists) when calling the CreateRole operation: "
        f"Role with name {name} already exists."
    )
    wanted = wanted_role(draft, facts)
    return Conflict(text, "EntityAlreadyExists", "role", name, "CreateRole", path=wanted.path, wanted=wanted)


def wanted_role(draft: Draft, facts: AccountFacts) -> NewRole:
    """The role of the answers. Those that are missing or wrong are left out: that part of it is unknown then."""
    from diagnostics.failure import NewRole

    trust: Document | None = None
    inline: dict[str, Document] = {}
    with suppress(RecipeError):
        trust = draft.trust(facts)
    with suppress(RecipeError):
        inline = {policy.name: policy.document for policy in draft.inline(facts)}
    return NewRole(
        draft.get("name"),
        path=draft.get("path", "/"),
        trust=trust,
        attached=tuple(draft.attached),
        inline=inline,
        boundary=draft.get("boundary") or None,
        tags=dict(draft.tags),
        description=draft.get("description") or None,
        max_session_seconds=draft.session_seconds,
        instance_profile=draft.profile or None,
    )


def draft_of(new: NewRole) -> dict[str, str]:
    """The answers that a creation begins with, by field."""
    values = {
        "name": new.name,
        "trust.kind": CUSTOM if new.trust else "service",
        "trust.custom": new.trust.text if new.trust else "",
        "path": new.path or "/",
        "description": new.description or "",
        "session": hours(new.max_session_seconds or 3600),
        "boundary": new.boundary or "",
    }
    values |= {f"perm.managed.{number}": arn for number, arn in enumerate(new.attached)}
    values |= {f"tags.{number}": f"{key}={value}" for number, (key, value) in enumerate((new.tags or {}).items())}
    inline = new.inline or {}
    if inline:
        values["perm.json.name"] = next(iter(inline)) if len(inline) == 1 else ""
        values["perm.json"] = _joined(tuple(inline.values()))
    return values


def _joined(documents: tuple[Document, ...]) -> str:
    """One policy that says what several say: the form has room for one. Sids, which must differ, go."""
    if len(documents) == 1:
        return documents[0].text
    statements: list[object] = []
    for document in documents:
        with suppress(PolicyError):
            held = document.value.get("Statement") if isinstance(document.value, dict) else None
            statements += held if isinstance(held, list) else [held] if held else []
    plain = [
        {key: value for key, value in each.items() if key != "Sid"} if isinstance(each, dict) else each
        for each in statements
    ]
    return document_text({"Version": "2012-10-17", "Statement": plain})
