"""A fix as an edit in the tool that declares the role, because its next run would undo a change made elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from diagnostics.fix import Calls, Change, Fix, InlinePlace, Note, PolicyChange, ToolEdit, TrustChange
from diagnostics.tools import Tool, tool_of_name, tool_of_tag
from iam.account import Account, Role
from iam.changes.call import Call
from iam.policy.document import Document

_ROLE_KINDS: Mapping[Tool, str] = {
    Tool.TERRAFORM: "aws_iam_role",
    Tool.CLOUDFORMATION: "AWS::IAM::Role",
    Tool.SAM: "AWS::IAM::Role",
    Tool.CDK: "iam.Role",
    Tool.PULUMI: "aws.iam.Role",
    Tool.EKSCTL: "ClusterConfig",
    Tool.SERVERLESS: "serverless.yml",
    Tool.ANSIBLE: "amazon.aws.iam_role",
    Tool.CROSSPLANE: "Role (iam.aws.upbound.io)",
    Tool.ACK: "Role (iam.services.k8s.aws)",
}


_THROUGH_CLOUDFORMATION = (Tool.CDK, Tool.SAM, Tool.SERVERLESS, Tool.EKSCTL)
"""Tools that create roles in CloudFormation stacks. Marks of CloudFormation do not contradict the marks of these tools.
"""


def declaring_tool(role: Role) -> tuple[Tool, str] | None:
    """Return the tool that declares a role, and the tags or the name that show this; None if the tool is unknown.

    If the marks of two tools contradict each other, the first tool is used, and the reason names the other.
    """
    signs: dict[Tool, str] = {}
    for key, value in (role.tags or {}).items():
        tool = tool_of_tag(key, value)
        if tool is not None and tool in _ROLE_KINDS:
            signs.setdefault(tool, f"tag {key} = {value}")
    by_name = tool_of_name(role.name)
    if by_name is not None and by_name in _ROLE_KINDS:
        signs.setdefault(by_name, f"{by_name.value} generates names of this form")
    if any(tool in signs for tool in _THROUGH_CLOUDFORMATION):
        signs.pop(Tool.CLOUDFORMATION, None)
    if not signs:
        return None
    (tool, because), *others = signs.items()
    uncertain = [f"{reason} is a sign of {other.value}" for other, reason in others if reason.startswith("tag ")]
    uncertain += [reason for _, reason in others if not reason.startswith("tag ")]
    return tool, f"{because}; uncertain: {', '.join(uncertain)}" if uncertain else because


def with_tool_edit(fix: Fix, account: Account, subject: str = "") -> Fix:
    """Return the fix, in each of its forms, with the edit in the tool that declares its role.

    ``subject`` is the ARN of the role that the fix is for. If the change is not a call that a tool can declare, for
    example a note, the edit is the fix's title as a sentence; without ``subject`` such a fix has no edit.
    """
    arn = _role_of(fix) or subject
    role = account.role(arn) if arn else None
    declared = declaring_tool(role) if role is not None and not role.service_owned else None
    if role is None or declared is None or fix.in_tool is not None:
        return fix
    edit = tool_edit(*declared, role.name, list(_parts(fix)))
    if edit is None and subject == role.arn and _is_of(fix.change, role):
        edit = _edit(*declared, role.name, f"{fix.title.removesuffix('.')}.")
    forms = tuple(replace(form, in_tool=tool_edit(*declared, role.name, list(_parts(form)))) for form in fix.forms)
    return replace(fix, in_tool=edit, forms=forms)


def _is_of(change: Change, role: Role) -> bool:
    """Return whether the change edits the role or its permissions."""
    match change:
        case PolicyChange():
            return True
        case Note(informs=True):
            return False
    return change.target == role.arn


def edit_of_calls(tool: Tool, because: str, role: str, calls: Iterable[Call]) -> ToolEdit | None:
    """Return the edit of the tool's configuration that makes the same changes to a role as the calls.

    Return None if the tool's configuration declares nothing that the calls change.
    """
    return tool_edit(tool, because, role, [part for call in calls if (part := _of_call(call))])


def tool_edit(tool: Tool, because: str, role: str, parts: list[tuple[str, Any]]) -> ToolEdit | None:
    """Return the edit of these parts of a role, or None if the tool's language is not supported for any of them.

    ``parts`` are pairs of a kind (``trust``, ``statement``, ``policy``, ``attach`` …) and a value.
    """
    from diagnostics.tool_texts import text_of_part  # most roles are declared by no tool

    texts = [text for kind, value in parts if (text := text_of_part(tool, role, kind, value))]
    if not texts:
        return None
    return _edit(tool, because, role, "\n".join(texts))


def _edit(tool: Tool, because: str, role: str, text: str) -> ToolEdit:
    return ToolEdit(tool.value, because, f"{_ROLE_KINDS[tool]} of {role}", text)


def _role_of(fix: Fix) -> str:
    change = fix.change
    match change:
        case PolicyChange(place=InlinePlace() as place):
            return place.holder.arn
        case TrustChange():
            return change.target
        case Calls():
            return change.target
    return ""


def _parts(fix: Fix) -> Iterator[tuple[str, Any]]:
    change = fix.change
    match change:
        case PolicyChange(place=InlinePlace() as place):
            if "Statement" in change.shown:
                yield "policy", (place.name, Document.from_value(change.shown))
            else:
                yield "statement", (place.name, change.shown)
        case TrustChange():
            yield "trust", change.after
        case Calls():
            yield from (part for call in change.calls if (part := _of_call(call)))


def _of_call(call: Call) -> tuple[str, Any] | None:
    match call.operation:
        case "UpdateAssumeRolePolicy":
            return "trust", Document(call.text("PolicyDocument"))
        case "PutRolePolicy":
            return "policy", (call.text("PolicyName"), Document(call.text("PolicyDocument")))
        case "DeleteRolePolicy":
            return "remove", f"the inline policy {call.text('PolicyName')}"
        case "AttachRolePolicy":
            return "attach", call.text("PolicyArn")
        case "DetachRolePolicy":
            return "remove", f"the managed policy {call.text('PolicyArn')}"
        case "PutRolePermissionsBoundary":
            return "value", ("PermissionsBoundary", call.text("PermissionsBoundary"))
        case "DeleteRolePermissionsBoundary":
            return "remove", "the permissions boundary"
        case "UpdateRole" if call.parameters.get("MaxSessionDuration"):
            return "value", ("MaxSessionDuration", call.parameters["MaxSessionDuration"])
        case "TagRole":
            return "tags", {each["Key"]: each["Value"] for each in call.parameters.get("Tags") or ()}
        case "UntagRole":
            return "remove", f"the tags {', '.join(call.parameters.get('TagKeys') or ())}"
        case "DeleteRole":
            return "remove", "the role"
    return None
