"""A part of a role in the language of each tool that declares roles."""

from __future__ import annotations

import json
from typing import Any

from diagnostics.tools import Tool
from iam.arn import name_of
from iam.changes.export.cloudformation import template_text
from iam.changes.export.terraform import hcl_document
from iam.policy.document import Document, PolicyError


def text_of_part(tool: Tool, role: str, kind: str, value: Any) -> str:
    """Return a changed part of a role as the tool declares it; "" if the tool's language is not supported.

    ``kind`` is ``trust``, ``statement``, ``policy``, ``attach``, ``tags``, ``value`` or ``remove``.
    """
    writer = _WRITERS.get(tool)
    if writer is None:
        return ""
    return f"Remove {value}." if kind == "remove" else writer(role, kind, value)


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
    return (
        "eksctl generates this role and overwrites changes to it. Set attachRoleARN to a role of your own, and "
        "change that role."
    )


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
