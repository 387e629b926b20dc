"""Convert a draft's name conflict into a failure to diagnose, and the role of a diagnosis into a draft."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from diagnostics.failure import Conflict
from diagnostics.new_role import NewRole
from iam.changes.plan import document_text
from iam.creation.draft.role_draft import CUSTOM, RoleDraft, hours, tag_rows
from iam.creation.recipes.recipe import AccountFacts, RecipeError
from iam.policy.document import Document, PolicyError

if TYPE_CHECKING:
    from diagnostics.failure import Conflict
    from diagnostics.new_role import NewRole


def conflict_of(draft: RoleDraft, facts: AccountFacts) -> Conflict:
    """Return the name conflict to explain, with the role that the draft describes."""
    name = draft.name
    text = (
        "An error occurred (EntityAlreadyExists) when calling the CreateRole operation: "
        f"Role with name {name} already exists."
    )
    wanted = wanted_role(draft, facts)
    return Conflict(text, "EntityAlreadyExists", "role", name, "CreateRole", path=wanted.path, wanted=wanted)


def wanted_role(draft: RoleDraft, facts: AccountFacts) -> NewRole:
    """Return the role that the answers describe.

    If an answer is missing or invalid, the part of the role that it determines is unknown.
    """
    trust: Document | None = None
    inline: dict[str, Document] = {}
    with suppress(RecipeError):
        trust = draft.trust(facts)
    with suppress(RecipeError):
        inline = {policy.name: policy.document for policy in draft.inline(facts)}
    return NewRole(
        draft.name,
        path=draft.full_path,
        trust=trust,
        attached=tuple(draft.attached),
        inline=inline,
        boundary=draft.boundary or None,
        tags=dict(draft.tags),
        description=draft.description.strip() or None,
        max_session_seconds=draft.session_seconds,
        instance_profile=draft.instance_profile or None,
    )


def draft_of(new: NewRole) -> RoleDraft:
    """Return a draft of this role, with which to start creating it."""
    inline = new.inline or {}
    return RoleDraft(
        trust_kind=CUSTOM if new.trust else "service",
        trust_policy=new.trust.text if new.trust else "",
        attached_rows=dict(enumerate(new.attached)),
        policy_name=next(iter(inline)) if len(inline) == 1 else "",
        policy=_joined(tuple(inline.values())) if inline else "",
        name=new.name,
        path=new.path or "/",
        description=new.description or "",
        session=hours(new.max_session_seconds or 3600),
        boundary=new.boundary or "",
        tag_rows=tag_rows(new.tags or {}),
    )


def _joined(documents: tuple[Document, ...]) -> str:
    """Combine several policies into one with all their statements, because the form has room for only one policy.

    Sids are dropped, because they could be the same in two policies.
    """
    if len(documents) == 1:
        return documents[0].text
    statements: list[object] = []
    for document in documents:
        with suppress(PolicyError):
            written = document.value.get("Statement") if isinstance(document.value, dict) else None
            statements += written if isinstance(written, list) else [written] if written else []
    plain = [
        {key: value for key, value in each.items() if key != "Sid"} if isinstance(each, dict) else each
        for each in statements
    ]
    return document_text({"Version": "2012-10-17", "Statement": plain})
