"""Writes a role as Markdown, as JSON and as AWS CLI commands, for tickets and other programs."""

from __future__ import annotations

from diagnostics.json_versions import versioned
from diagnostics.roles.document import role_markdown, role_value
from diagnostics.roles.policies import policy_entries
from iam.account import Role
from iam.foreign_text import json_text
from screens.export.documents import Export, file_name
from screens.role.copies import aws_command
from screens.session import Session


def role_export(session: Session, role: Role) -> Export:
    texts = {
        "md": role_markdown(session, role),
        "json": json_text(versioned("role", role_value(session, role))) + "\n",
        "sh": "".join(
            f"{line}\n"
            for line in dict.fromkeys(
                line
                for entry in (policy_entries(session, role) or (None,))
                for line in aws_command(role, entry).split("\n")
            )
        ),
    }
    texts |= _adoptions(session, role)
    return Export(f"Export {role.name}", f"role-{file_name(role.name)}", texts)


def _adoptions(session: Session, role: Role) -> dict[str, str]:
    """Return the code or commands that bring the role under the control of other tools, by file name ending.

    Empty if the role cannot be adopted.
    """
    from iam.changes.plan import PlanError
    from iam.creation.adoption import adopted

    if session.account is None:
        return {}
    try:
        return {
            "tf": adopted(role, session.account, "terraform"),
            "yaml": adopted(role, session.account, "cloudformation"),
            "pulumi.sh": adopted(role, session.account, "pulumi"),
        }
    except PlanError:
        return {}
