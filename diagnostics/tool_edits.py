"""A fix as an edit in the tool that declares the role: the tool's next run would undo a change made elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from diagnostics.fix import Calls, Change, Fix, InlinePlace, Note, PolicyChange, ToolEdit, TrustChange
from diagnostics.tools import Tool, tool_of_name, tool_of_tag
from iam.account import Account, Role
from iam.arn import name_of
from iam.changes.call import Call
from iam.changes.export.cloudformation import template_text
from iam.changes.export.terraform import hcl_document
from iam.policy.document import Document, PolicyError

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
"""Tools that create roles in CloudFormation stacks: marks of CloudFormation do not contradict theirs."""


def declaring_tool(role: Role) -> tuple[Tool, str] | None:
    """Return the tool that declares a role, according to its tags or name, and how that is known; None if unknown.

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
    """Return the calls for a role as an edit in the tool, or None if the tool declares nothing that they change."""
    return tool_edit(tool, because, role, [part for call in calls if (part := _of_call(call))])


def tool_edit(tool: Tool, because: str, role: str, parts: list[tuple[str, Any]]) -> ToolEdit | None:
    """Return the edit of these parts of a role, or None if the tool's language is not supported for any of them.

    ``parts`` are pairs of a kind (``trust``, ``statement``, ``policy``, ``attach`` …) and a value.
    """
    texts = [text for kind, value in parts if tool in _WRITERS and (text := _text(tool, role, kind, value))]
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


def _text(tool: Tool, role: str, kind: str, value: Any) -> str:
    if kind == "remove":
        return f"Remove {value}."
    writer = _WRITERS[tool]
    return writer(role, kind, value)


def _value(document: Document) -> Any:
    try:
        return document.value
    except PolicyError:
        return document.text


def _as_cloudformation(role: str, kind: str, value: Any) -> str:
    """Return the changed properties of the AWS::IAM::Role resource."""
    match kind:
        case "trust":
            return template_text({"AssumeRolePolicyDocument": _value(value)})
        case "statement":
            document = {"Version": "2012-10-17", "Statement": [value[1]]}
            return template_text({"Policies": [{"PolicyName": value[0], "PolicyDocument": document}]})
        case "policy":
            return template_text({"Policies": [{"PolicyName": value[0], "PolicyDocument": _value(value[1])}]})
        case "attach":
            return template_text({"ManagedPolicyArns": [value]})
        case "tags":
            return template_text({"Tags": [{"Key": key, "Value": held} for key, held in value.items()]})
    return template_text({value[0]: value[1]})


def _as_terraform(role: str, kind: str, value: Any) -> str:
    match kind:
        case "trust":
            return f"assume_role_policy = {hcl_document(value.text)}"
        case "statement":
            document = json.dumps({"Version": "2012-10-17", "Statement": [value[1]]})
            return f"# aws_iam_role_policy {value[0]}: add the statement\npolicy = {hcl_document(document)}"
        case "policy":
            return f"# aws_iam_role_policy {value[0]}\npolicy = {hcl_document(value[1].text)}"
        case "attach":
            return (
                f'resource "aws_iam_role_policy_attachment" "{name_of(value)}" {{\n'
                f"  role       = {json.dumps(role)}\n  policy_arn = {json.dumps(value)}\n}}"
            )
        case "tags":
            return f"tags = {hcl_document(json.dumps(value)).removeprefix('jsonencode(').removesuffix(')')}"
    names = {"PermissionsBoundary": "permissions_boundary", "MaxSessionDuration": "max_session_duration"}
    return f"{names[value[0]]} = {json.dumps(value[1])}"


def _as_cdk(role: str, kind: str, value: Any) -> str:
    match kind:
        case "trust":
            body = json.dumps(_value(value), indent=2)
            return f"(role.node.defaultChild as iam.CfnRole).assumeRolePolicyDocument = {body};"
        case "statement":
            return f"role.addToPolicy(iam.PolicyStatement.fromJson({json.dumps(value[1], indent=2)}));"
        case "policy":
            body = json.dumps(_value(value[1]), indent=2)
            return f"role.attachInlinePolicy(new iam.Policy(this, {json.dumps(value[0])}, {{ document: " + (
                f"iam.PolicyDocument.fromJson({body}) }}));"
            )
        case "attach":
            found = f"iam.ManagedPolicy.fromManagedPolicyArn(this, {json.dumps(name_of(value))}, {json.dumps(value)})"
            return f"role.addManagedPolicy({found});"
        case "tags":
            return "\n".join(
                f"cdk.Tags.of(role).add({json.dumps(key)}, {json.dumps(held)});" for key, held in value.items()
            )
    name = value[0][0].lower() + value[0][1:]
    return f"(role.node.defaultChild as iam.CfnRole).{name} = {json.dumps(value[1])};"


def _as_pulumi(role: str, kind: str, value: Any) -> str:
    match kind:
        case "trust":
            return f"assumeRolePolicy: JSON.stringify({json.dumps(_value(value), indent=2)}),"
        case "statement":
            document = {"Version": "2012-10-17", "Statement": [value[1]]}
            body = json.dumps(document, indent=2)
            return f"// aws.iam.RolePolicy {value[0]}: add the statement\npolicy: JSON.stringify({body}),"
        case "policy":
            return (
                f"// aws.iam.RolePolicy {value[0]}\npolicy: JSON.stringify({json.dumps(_value(value[1]), indent=2)}),"
            )
        case "attach":
            given = f"{{ role: {json.dumps(role)}, policyArn: {json.dumps(value)} }}"
            return f"new aws.iam.RolePolicyAttachment({json.dumps(name_of(value))}, {given});"
        case "tags":
            return f"tags: {json.dumps(value)},"
    return f"{value[0][0].lower() + value[0][1:]}: {json.dumps(value[1])},"


def _as_eksctl(role: str, kind: str, value: Any) -> str:
    match kind:
        case "statement":
            return template_text({"attachPolicy": {"Version": "2012-10-17", "Statement": [value[1]]}})
        case "policy":
            return template_text({"attachPolicy": _value(value[1])})
        case "attach":
            return template_text({"attachPolicyARNs": [value]})
        case "tags":
            return template_text({"tags": value})
        case "value" if value[0] == "PermissionsBoundary":
            return template_text({"permissionsBoundary": value[1]})
    return "eksctl writes this itself: give it a role of your own with attachRoleARN, and change that."


def _as_serverless(role: str, kind: str, value: Any) -> str:
    match kind:
        case "statement":
            return template_text({"provider": {"iam": {"role": {"statements": [value[1]]}}}})
        case "policy":
            statements = _value(value[1])
            listed = statements.get("Statement") if isinstance(statements, dict) else statements
            return template_text({"provider": {"iam": {"role": {"statements": listed}}}})
        case "attach":
            return template_text({"provider": {"iam": {"role": {"managedPolicies": [value]}}}})
        case "tags":
            return template_text({"provider": {"iam": {"role": {"tags": value}}}})
        case "value" if value[0] == "PermissionsBoundary":
            return template_text({"provider": {"iam": {"role": {"permissionsBoundary": value[1]}}}})
    properties = {"AssumeRolePolicyDocument": _value(value)} if kind == "trust" else {value[0]: value[1]}
    extension = {"IamRoleLambdaExecution": {"Properties": properties}}
    return template_text({"resources": {"extensions": extension}})


def _as_ansible(role: str, kind: str, value: Any) -> str:
    match kind:
        case "trust":
            return template_text({"assume_role_policy_document": value.text})
        case "statement" | "policy":
            whole = {"Version": "2012-10-17", "Statement": [value[1]]} if kind == "statement" else None
            text = json.dumps(whole, indent=2) if whole is not None else value[1].text
            module = {"iam_type": "role", "iam_name": role, "policy_name": value[0], "policy_json": text}
            return template_text({"amazon.aws.iam_policy": {"state": "present", **module}})
        case "attach":
            return template_text({"managed_policies": [value]})
        case "tags":
            return template_text({"tags": value})
    names = {"PermissionsBoundary": "boundary", "MaxSessionDuration": "max_session_duration"}
    return template_text({names[value[0]]: value[1]})


def _as_crossplane(role: str, kind: str, value: Any) -> str:
    def provided(**parameters: Any) -> str:
        return template_text({"spec": {"forProvider": parameters}})

    match kind:
        case "trust":
            return provided(assumeRolePolicy=value.text)
        case "statement" | "policy":
            whole = {"Version": "2012-10-17", "Statement": [value[1]]} if kind == "statement" else _value(value[1])
            return f"# RolePolicy {value[0]}\n" + provided(policy=json.dumps(whole, indent=2), role=role)
        case "attach":
            return "# RolePolicyAttachment\n" + provided(policyArn=value, role=role)
        case "tags":
            return provided(tags=value)
    return provided(**{value[0][0].lower() + value[0][1:]: value[1]})


def _as_ack(role: str, kind: str, value: Any) -> str:
    match kind:
        case "trust":
            return template_text({"spec": {"assumeRolePolicyDocument": value.text}})
        case "statement" | "policy":
            whole = {"Version": "2012-10-17", "Statement": [value[1]]} if kind == "statement" else _value(value[1])
            return template_text({"spec": {"inlinePolicies": {value[0]: json.dumps(whole, indent=2)}}})
        case "attach":
            return template_text({"spec": {"policies": [value]}})
        case "tags":
            return template_text({"spec": {"tags": [{"key": key, "value": held} for key, held in value.items()]}})
    return template_text({"spec": {value[0][0].lower() + value[0][1:]: value[1]}})


_WRITERS = {
    Tool.TERRAFORM: _as_terraform,
    Tool.CLOUDFORMATION: _as_cloudformation,
    Tool.SAM: _as_cloudformation,
    Tool.CDK: _as_cdk,
    Tool.PULUMI: _as_pulumi,
    Tool.EKSCTL: _as_eksctl,
    Tool.SERVERLESS: _as_serverless,
    Tool.ANSIBLE: _as_ansible,
    Tool.CROSSPLANE: _as_crossplane,
    Tool.ACK: _as_ack,
}
