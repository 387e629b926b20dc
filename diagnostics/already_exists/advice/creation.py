"""Create a role from what is known about the wanted role: as calls, or as values for a person to complete."""

from __future__ import annotations

from diagnostics.already_exists.study.documents import gives_everything, wide_open
from diagnostics.already_exists.wanted import Wanted
from diagnostics.already_exists.words import value_of
from diagnostics.commands import compact_json
from diagnostics.fix import iam_call
from diagnostics.new_role import NewRole
from iam.changes.plan import Call


def new_role(wanted: Wanted, name: str, instead_of: str = "") -> NewRole:
    """Return a new role with everything known about the wanted role, for a person to complete and review."""
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
    """Return whether everything about the role is known, and none of its policies would allow everything."""
    documents = [*((wanted.inline or {}).values()), *([wanted.trust] if wanted.trust else [])]
    return (
        wanted.trust is not None
        and not wanted.elsewhere
        and not any(wide_open(each) for each in documents)
        and not any(gives_everything(arn) for arn in wanted.attached or ())
    )


def creation_calls(wanted: Wanted, name: str) -> tuple[Call, ...]:
    """Return the calls that create a role. Requires that `whole` returns True for the role."""
    assert wanted.trust is not None  # otherwise the wanted role is not completely known
    optional = {
        "Path": wanted.path if wanted.path != "/" else None,
        "AssumeRolePolicyDocument": compact_json(value_of(wanted.trust)),
        "Description": wanted.description,
        "MaxSessionDuration": wanted.max_session_seconds,
        "PermissionsBoundary": wanted.boundary,
        "Tags": wanted.tags or None,
    }
    given = {parameter: value for parameter, value in optional.items() if value is not None}
    return (
        iam_call("CreateRole", RoleName=name, **given),
        *(
            iam_call("PutRolePolicy", RoleName=name, PolicyName=policy, PolicyDocument=compact_json(value_of(document)))
            for policy, document in (wanted.inline or {}).items()
        ),
        *(iam_call("AttachRolePolicy", RoleName=name, PolicyArn=arn) for arn in wanted.attached or ()),
    )
