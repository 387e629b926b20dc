"""Texts with which CDK, SAM, eksctl, Serverless Framework, Ansible, Crossplane or ACK adopt a role.

Terraform, CloudFormation and Pulumi have their own exports (`iam.changes.export`). Each text says in a comment what to
run. It declares the role as it is, so the role does not change.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from typing import Any

from iam.changes.export.cloudformation import template_text
from iam.creation.spec import RoleSpec
from iam.policy.document import PolicyError

_EKS = re.compile(r"oidc\.eks\.[^/]+/id/[0-9A-Z]+:sub", re.IGNORECASE)
_SERVICE_ACCOUNT = re.compile(r"system:serviceaccount:([^:*?]+):([^:*?]+)")


def logical_id(name: str) -> str:
    """Return a CloudFormation logical ID with the letters and digits of the name."""
    found = "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", name))
    return found if found[:1].isalpha() else f"Role{found}"


def object_name(name: str) -> str:
    """Return a Kubernetes object name (RFC 1123): lower case, digits, dots and dashes."""
    return re.sub(r"[^a-z0-9.-]+", "-", name.lower()).strip("-.") or "role"


def to_cdk(spec: RoleSpec, logical: str) -> str:
    """Return a CDK construct for the role, and the ``cdk import`` command with its mapping file.

    CDK CLI reference, "cdk import".
    """
    logical = logical or logical_id(spec.name)
    mapping = json.dumps({logical: {"RoleName": spec.name}})
    properties = _lines(_camel(_properties(spec)), 0)
    return (
        f"// cdk import STACK --resource-mapping mapping.json   with mapping.json: {mapping}\n"
        f"const role = new iam.CfnRole(this, {json.dumps(logical)}, {properties});\n"
        f"role.overrideLogicalId({json.dumps(logical)});\n"
        "role.applyRemovalPolicy(cdk.RemovalPolicy.RETAIN);\n"
    )


def to_sam(spec: RoleSpec, logical: str) -> str:
    """Return a resource for the SAM template, and the commands that import it into the stack."""
    logical = logical or logical_id(spec.name)
    resource = {"Type": "AWS::IAM::Role", "DeletionPolicy": "Retain", "Properties": _properties(spec)}
    body = {"Transform": "AWS::Serverless-2016-10-31", "Resources": {logical: resource}}
    importing = [
        {"ResourceType": "AWS::IAM::Role", "LogicalResourceId": logical, "ResourceIdentifier": {"RoleName": spec.name}}
    ]
    return (
        "# Add the resource to the stack's template (aws cloudformation get-template --template-stage\n"
        "# Processed), import it, add it to template.yaml, then run sam deploy.\n"
        "# aws cloudformation create-change-set --change-set-type IMPORT --change-set-name adopt \\\n"
        "#   --stack-name STACK --capabilities CAPABILITY_NAMED_IAM --template-body file://FILE \\\n"
        f"#   --resources-to-import {shlex.quote(json.dumps(importing))}\n{template_text(body)}"
    )


def to_serverless(spec: RoleSpec, arn: str) -> str:
    """Return the setting that makes all functions use the role.

    Serverless Framework, "IAM permissions for functions".
    """
    body = {"provider": {"iam": {"role": arn}}}
    return (
        f"# serverless.yml: the functions use the existing role {spec.name}, and the framework creates none.\n"
        f"{template_text(body)}"
    )


def to_eksctl(spec: RoleSpec, arn: str, logical: str) -> str:
    """Return the part of a cluster's configuration that uses the existing role (eksctl, "Config file schema")."""
    services, subject = _trusted(spec)
    namespace, _, account = logical.partition("/")
    if subject is not None or account:
        namespace, account = (namespace, account) if account else (subject or ("", ""))
        service_account = {"metadata": {"namespace": namespace, "name": account}, "attachRoleARN": arn}
        body: dict[str, Any] = {"iam": {"serviceAccounts": [service_account]}}
    elif "ec2.amazonaws.com" in services:
        body = {"managedNodeGroups": [{"name": logical or "NAME", "iam": {"instanceRoleARN": arn}}]}
    elif "eks-fargate-pods.amazonaws.com" in services:
        body = {"iam": {"fargatePodExecutionRoleARN": arn}}
    else:
        body = {"iam": {"serviceRoleARN": arn}}
    return f"# ClusterConfig: eksctl uses the existing role and creates none.\n{template_text(body)}"


def to_ansible(spec: RoleSpec, logical: str) -> str:
    """Return Ansible tasks that declare the role as it is (module amazon.aws.iam_role)."""
    module: dict[str, Any] = {
        "state": "present",
        "name": spec.name,
        "path": spec.path,
        "assume_role_policy_document": spec.trust.text,
        "managed_policies": list(spec.attached),
        "purge_policies": False,
        "purge_tags": False,
        "create_instance_profile": False,
        "max_session_duration": spec.max_session_seconds,
    }
    module |= {"description": spec.description} if spec.description else {}
    module |= {"boundary": spec.boundary_arn} if spec.boundary_arn else {}
    module |= {"tags": dict(spec.tags)} if spec.tags else {}
    tasks = [{"name": logical or f"Adopt the role {spec.name}", "amazon.aws.iam_role": module}]
    for policy in spec.inline:
        inline = {
            "state": "present",
            "iam_type": "role",
            "iam_name": spec.name,
            "policy_name": policy.name,
            "policy_json": policy.document.text,
        }
        tasks.append({"name": f"Inline policy {policy.name}", "amazon.aws.iam_policy": inline})
    return template_text(tasks)


def to_crossplane(spec: RoleSpec, logical: str) -> str:
    """Return a managed resource that adopts the existing role (Crossplane, "Import existing resources")."""
    parameters: dict[str, Any] = {
        "path": spec.path,
        "assumeRolePolicy": spec.trust.text,
        "maxSessionDuration": spec.max_session_seconds,
    }
    parameters |= {"description": spec.description} if spec.description else {}
    parameters |= {"permissionsBoundary": spec.boundary_arn} if spec.boundary_arn else {}
    parameters |= {"tags": dict(spec.tags)} if spec.tags else {}
    metadata = {
        "name": logical or object_name(spec.name),
        "annotations": {"crossplane.io/external-name": spec.name},
    }
    body = {
        "apiVersion": "iam.aws.upbound.io/v1beta1",
        "kind": "Role",
        "metadata": metadata,
        "spec": {"deletionPolicy": "Orphan", "forProvider": parameters},
    }
    said = "# kubectl apply -f FILE: Crossplane adopts the role, and keeps it when the resource is deleted.\n"
    return f"{said}{template_text(body)}"


def to_ack(spec: RoleSpec, logical: str) -> str:
    """Return a resource that adopts the role (AWS Controllers for Kubernetes, "Adopting existing AWS resources")."""
    declared: dict[str, Any] = {
        "name": spec.name,
        "path": spec.path,
        "assumeRolePolicyDocument": spec.trust.text,
        "maxSessionDuration": spec.max_session_seconds,
    }
    declared |= {"description": spec.description} if spec.description else {}
    declared |= {"permissionsBoundary": spec.boundary_arn} if spec.boundary_arn else {}
    declared |= {"policies": list(spec.attached)} if spec.attached else {}
    declared |= {"inlinePolicies": {each.name: each.document.text for each in spec.inline}} if spec.inline else {}
    declared |= {"tags": [{"key": key, "value": value} for key, value in spec.tags.items()]} if spec.tags else {}
    annotations = {
        "services.k8s.aws/adoption-policy": "adopt",
        "services.k8s.aws/adoption-fields": json.dumps({"name": spec.name}),
        "services.k8s.aws/deletion-policy": "retain",
    }
    body = {
        "apiVersion": "iam.services.k8s.aws/v1alpha1",
        "kind": "Role",
        "metadata": {"name": logical or object_name(spec.name), "annotations": annotations},
        "spec": declared,
    }
    said = "# kubectl apply -f FILE: the controller adopts the role, and keeps it when the resource is deleted.\n"
    return f"{said}{template_text(body)}"


def _properties(spec: RoleSpec) -> dict[str, Any]:
    """Return the role as properties of AWS::IAM::Role."""
    properties: dict[str, Any] = {
        "RoleName": spec.name,
        "Path": spec.path,
        "AssumeRolePolicyDocument": spec.trust.value,
        "MaxSessionDuration": spec.max_session_seconds,
    }
    properties |= {"Description": spec.description} if spec.description else {}
    properties |= {"PermissionsBoundary": spec.boundary_arn} if spec.boundary_arn else {}
    properties |= {"ManagedPolicyArns": list(spec.attached)} if spec.attached else {}
    if spec.inline:
        properties["Policies"] = [
            {"PolicyName": each.name, "PolicyDocument": each.document.value} for each in spec.inline
        ]
    if spec.tags:
        properties["Tags"] = [{"Key": key, "Value": value} for key, value in spec.tags.items()]
    return properties


def _camel(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return the properties under CDK's names; policy documents are left unchanged."""
    renamed: dict[str, Any] = {}
    for key, value in properties.items():
        name = key[0].lower() + key[1:]
        if key in ("Policies", "Tags"):
            value = [{part[0].lower() + part[1:]: held for part, held in each.items()} for each in value]
        renamed[name] = value
    return renamed


def _lines(value: Any, depth: int) -> str:
    return json.dumps(value, indent=2, ensure_ascii=True).replace("\n", "\n" + "  " * depth)


def _trusted(spec: RoleSpec) -> tuple[frozenset[str], tuple[str, str] | None]:
    """Return the services that may assume the role, and the Kubernetes service account whose token may, or None."""
    services: set[str] = set()
    account: tuple[str, str] | None = None
    try:
        for statement in spec.trust.readable_statements:
            services |= {value for kind, value in statement.principal or () if kind == "Service"}
            for block in statement.conditions:
                if _EKS.fullmatch(block.key):
                    found = (_SERVICE_ACCOUNT.fullmatch(value) for value in block.values)
                    account = next(((match[1], match[2]) for match in found if match), account)
    except PolicyError:
        return frozenset(services), account
    return frozenset(services), account
