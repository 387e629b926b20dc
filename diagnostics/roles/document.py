"""A role as Markdown and as JSON."""

from __future__ import annotations

from datetime import datetime

from diagnostics.roles.policies import details_state, policy_entries
from diagnostics.roles.read import RolesRead
from iam.account import Role
from iam.foreign_text import markdown_block, markdown_code, visible
from iam.policy.document import Document, PolicyError


def _time(when: datetime | None) -> str | None:
    return when.isoformat() if when else None


def _decoded(document: Document | None) -> object:
    if document is None:
        return None
    try:
        return document.value
    except PolicyError:
        return document.text


def role_value(session: RolesRead, role: Role) -> dict[str, object]:
    """Return the role as JSON. null means that something was not read, an empty list that there is none."""
    entries = policy_entries(session, role)
    return {
        "RoleName": role.name,
        "Arn": role.arn,
        "Path": role.path,
        "CreateDate": _time(role.created),
        "Description": role.description,
        "MaxSessionDuration": role.max_session_seconds,
        "LastUsed": _time(role.last_used.when) if role.last_used else None,
        "PermissionsBoundary": role.boundary_arn,
        "Tags": dict(role.tags) if role.tags is not None else None,
        "InstanceProfiles": list(role.instance_profiles) if role.instance_profiles is not None else None,
        "TrustPolicy": _decoded(role.trust),
        "Policies": None
        if not role.has_details
        else [
            {"Name": entry.name, "Kind": str(entry.kind), "Arn": entry.arn, "Document": _decoded(entry.document)}
            for entry in entries
        ],
    }


def role_markdown(session: RolesRead, role: Role) -> str:
    lines = [f"# Role {markdown_code(role.name)}", "", f"- ARN: {markdown_code(role.arn)}"]
    account = session.account
    if account:
        name = markdown_code(account.alias or account.id)
        lines.append(f"- Account: {name}, source {account.source}, as of {account.now:%Y-%m-%d %H:%M} UTC")
    if role.created:
        lines.append(f"- Created: {role.created:%Y-%m-%d}")
    if role.last_used is None:
        lines.append("- Last used: not read")
    else:
        lines.append(
            f"- Last used: {role.last_used.when:%Y-%m-%d %H:%M}"
            if role.last_used.when
            else "- Last used: never in the tracked time"
        )
    lines.append(f"- Boundary: {markdown_code(role.boundary_arn)}" if role.boundary_arn else "- Boundary: none")
    for key, value in (role.tags or {}).items():
        lines.append(f"- Tag {markdown_code(key)}: {markdown_code(value)}")
    lines += ["", "## Trust policy", ""]
    lines += markdown_block(role.trust.text, "json") if role.trust else ["Not readable."]
    lines += ["", "## Permissions", ""]
    state = details_state(session, role)
    if state:
        lines.append(visible(state))
    for entry in policy_entries(session, role):
        lines += [f"### {markdown_code(entry.name)} ({entry.kind_text})", ""]
        lines += markdown_block(entry.document.text, "json") if entry.document else [visible(entry.missing)]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"
