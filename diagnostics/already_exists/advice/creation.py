"""A role that is still to be created, as what was wanted tells it: as commands, or as what a creation begins with."""

from __future__ import annotations

from diagnostics.already_exists.commands import compact_json, iam, tag_list
from diagnostics.already_exists.study.documents import gives_everything, wide_open
from diagnostics.already_exists.wanted import Wanted
from diagnostics.already_exists.words import value_of
from diagnostics.diagnosis import NewRole


def new_role(wanted: Wanted, name: str, instead_of: str = "") -> NewRole:
    """All that was told, for a person to complete and to judge."""
    return NewRole(
        name,
        instead_of,
        wanted.path,
        wanted.trust,
        wanted.attached or (),
        wanted.inline,
        wanted.boundary,
        wanted.tags,
        wanted.description,
        wanted.max_session_seconds,
    )


def whole(wanted: Wanted) -> bool:
    """Whether everything of the role was told, and none of it would open something to everything."""
    documents = [*((wanted.inline or {}).values()), *([wanted.trust] if wanted.trust else [])]
    return (
        wanted.trust is not None
        and not wanted.elsewhere
        and not any(wide_open(each) for each in documents)
        and not any(gives_everything(arn) for arn in wanted.attached or ())
    )


def create_commands(wanted: Wanted, name: str) -> list[str]:
    """The commands that create a role that is `whole`. Raises `Untypable` for values that cannot be pasted."""
    assert wanted.trust is not None  # else it is not whole
    target = ("role-name", name)
    seconds = str(wanted.max_session_seconds) if wanted.max_session_seconds is not None else None
    lines = [
        iam(
            "create-role",
            target,
            ("path", wanted.path if wanted.path != "/" else None),
            ("assume-role-policy-document", compact_json(value_of(wanted.trust))),
            ("description", wanted.description),
            ("max-session-duration", seconds),
            ("permissions-boundary", wanted.boundary),
            ("tags", tag_list(wanted.tags) if wanted.tags else None),
        )
    ]
    for policy, document in (wanted.inline or {}).items():
        given = (("policy-name", policy), ("policy-document", compact_json(value_of(document))))
        lines.append(iam("put-role-policy", target, *given))
    return [*lines, *(iam("attach-role-policy", target, ("policy-arn", arn)) for arn in wanted.attached or ())]
