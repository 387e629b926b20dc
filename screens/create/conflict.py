"""Between the creation and the Diagnose screen: a name that is taken, and the role that is to have another name."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from iam.changes.plan import document_text
from iam.creation.recipes.recipe import Facts, RecipeError
from iam.policy.document import Document, PolicyError
from screens.create.draft import CUSTOM, Draft, hours

if TYPE_CHECKING:
    from diagnostics.failure import NewRole


def conflict_text(draft: Draft, facts: Facts) -> str:
    """What AWS would say of a name that is taken, and the calls that were to make the role: as diagnosing takes them.

    Answers that are missing or wrong are left out: then that part of what was wanted is not known.
    """
    name = draft.get("name")
    error = "An error occurred (EntityAlreadyExists) when calling the CreateRole operation: "
    commands = "\n".join(shlex.join(["aws", "iam", *words]) for words in _commands(draft, facts))
    return f"{commands}\n{error}Role with name {name} already exists."


def _commands(draft: Draft, facts: Facts) -> Iterator[list[str]]:
    role = ["--role-name", draft.get("name")]
    created = ["create-role", *role, "--path", draft.get("path", "/")]
    with suppress(RecipeError):
        created += ["--assume-role-policy-document", _one_line(draft.trust(facts))]
    if draft.values.get("description", "").strip():
        created.append(f"--description={draft.values['description']}")
    if draft.session_seconds is not None:
        created += ["--max-session-duration", str(draft.session_seconds)]
    if draft.get("boundary"):
        created += ["--permissions-boundary", draft.get("boundary")]
    if draft.tags:
        created += ["--tags", *(f"Key={key},Value={value}" for key, value in draft.tags)]
    yield created
    with suppress(RecipeError):
        for policy in draft.inline(facts):
            yield [
                "put-role-policy",
                *role,
                "--policy-name",
                policy.name,
                "--policy-document",
                _one_line(policy.document),
            ]
    for arn in draft.attached:
        yield ["attach-role-policy", *role, "--policy-arn", arn]
    if draft.profile:
        yield ["add-role-to-instance-profile", "--instance-profile-name", draft.profile, *role]


def _one_line(document: Document) -> str:
    return " ".join(document.text.split("\n"))


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
