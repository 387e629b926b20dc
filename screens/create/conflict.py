"""Between the creation and the Diagnose screen: a name that is taken, and the role that is to have another name."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from iam.changes.plan import document_text
from iam.creation.draft import CUSTOM, RoleDraft, hours, tag_rows
from iam.creation.recipes.recipe import AccountFacts, RecipeError
from iam.policy.document import Document, PolicyError

if TYPE_CHECKING:
    from diagnostics.diagnosis import NewRole


def conflict_text(draft: RoleDraft, facts: AccountFacts) -> str:
    """What AWS would say of a name that is taken, and the calls that were to make the role: as diagnosing takes them.

    Answers that are missing or wrong are left out: then that part of what was wanted is not known.
    """
    error = "An error occurred (EntityAlreadyExists) when calling the CreateRole operation: "
    commands = "\n".join(shlex.join(["aws", "iam", *words]) for words in _commands(draft, facts))
    return f"{commands}\n{error}Role with name {draft.name} already exists."


def _commands(draft: RoleDraft, facts: AccountFacts) -> Iterator[list[str]]:
    role = ["--role-name", draft.name]
    created = ["create-role", *role, "--path", draft.full_path]
    with suppress(RecipeError):
        created += ["--assume-role-policy-document", _one_line(draft.trust(facts))]
    if draft.description.strip():
        created.append(f"--description={draft.description}")
    if draft.session_seconds is not None:
        created += ["--max-session-duration", str(draft.session_seconds)]
    if draft.boundary:
        created += ["--permissions-boundary", draft.boundary]
    if draft.tags:
        created += ["--tags", *(f"Key={key},Value={value}" for key, value in draft.tags)]
    yield created
    with suppress(RecipeError):
        for policy in draft.inline(facts):
            document = _one_line(policy.document)
            yield ["put-role-policy", *role, "--policy-name", policy.name, "--policy-document", document]
    for arn in draft.attached:
        yield ["attach-role-policy", *role, "--policy-arn", arn]
    if draft.instance_profile:
        yield ["add-role-to-instance-profile", "--instance-profile-name", draft.instance_profile, *role]


def _one_line(document: Document) -> str:
    return " ".join(document.text.split("\n"))


def draft_of(new: NewRole) -> RoleDraft:
    """The draft that a creation begins with."""
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
    """One policy that says what several say: the form has room for one. Sids, which must differ, go."""
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
