"""The texts that can be copied from a role."""

from __future__ import annotations

import shlex

from diagnostics.roles.policies import PolicyEntry
from iam.account import Role
from iam.foreign_text import json_text
from screens.copy.menu import Copy
from screens.widgets.document import DocumentView


def role_copies(role: Role, entry: PolicyEntry | None, view: DocumentView | None) -> list[Copy]:
    """Return the texts that can be copied from a role, its chosen policy, and the statement under the cursor."""
    copies = [Copy("n", "name", role.name), Copy("a", "ARN", role.arn)]
    if role.trust is not None:
        copies.append(Copy("t", "trust policy", role.trust.text))
    if entry is not None and entry.document is not None:
        copies.append(Copy("p", f"policy {entry.name}", entry.document.text))
    if entry is not None and entry.arn:
        copies.append(Copy("r", "policy ARN", entry.arn))
    if view is not None and view.document is not None and view.statement is not None:
        whose = "the trust policy" if view.document is role.trust else entry.name if entry is not None else "the policy"
        copies.append(Copy("s", f"statement {view.statement.index + 1} of {whose}", statement_text(view)))
    copies.append(Copy("c", "aws command", aws_command(role, entry)))
    return copies


def statement_text(view: DocumentView) -> str:
    """Return the statement under the cursor as JSON."""
    assert view.document is not None and view.statement is not None
    statements = view.document.value["Statement"]
    chosen = statements[view.statement.index] if isinstance(statements, list) else statements
    return json_text(chosen)


def aws_command(role: Role, entry: PolicyEntry | None) -> str:
    """Return the AWS CLI commands that read what the screen shows; names are quoted for the shell."""
    name = shlex.quote(role.name)
    commands = [f"aws iam get-role --role-name {name}"]
    if entry is None:
        commands.append(f"aws iam list-attached-role-policies --role-name {name}")
        commands.append(f"aws iam list-role-policies --role-name {name}")
    elif entry.arn is None:
        commands.append(f"aws iam get-role-policy --role-name {name} --policy-name {shlex.quote(entry.name)}")
    else:
        version = entry.policy.default_version_id if entry.policy else None
        commands.append(
            f"aws iam get-policy-version --policy-arn {shlex.quote(entry.arn)} --version-id {shlex.quote(version)}"
            if version
            else f"aws iam get-policy --policy-arn {shlex.quote(entry.arn)}"
        )
    return "\n".join(commands)
