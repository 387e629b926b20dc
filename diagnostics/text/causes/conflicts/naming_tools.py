"""Tools that create entities, and how each tool takes over an existing entity.

Sources: Terraform, "Import"; Pulumi, "Importing resources"; CloudFormation User Guide, "Import AWS resources into a
stack"; CDK CLI, cdk import; Crossplane, "Import existing resources".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from diagnostics.failure import Conflict
from diagnostics.tools import TEXT_SIGNS, Tool


@dataclass(frozen=True, slots=True)
class NamingTool:
    """A tool: ``signs`` are its marks in a text, ``way`` is how it takes over an existing entity.

    ``replaced`` says what happens if the tool creates an entity before it removes the old one of the same name; "" if
    the tool does not do so.
    """

    name: str
    signs: re.Pattern[str]
    way: str
    replaced: str


def _tool(name: str, signs: str, way: str, replaced: str = "", *, of: Tool | None = None) -> NamingTool:
    """Return a tool. ``signs`` match its output.

    The signs of the tool ``of`` (`diagnostics.tools.TEXT_SIGNS`) also match its output; ``signs`` are then additional,
    weaker signs.
    """
    every = [TEXT_SIGNS[of].pattern] if of is not None else []
    every += [signs] if signs else []
    return NamingTool(name, re.compile("|".join(every), re.IGNORECASE | re.MULTILINE), way, replaced)


# The most specific first: several of them work through CloudFormation or Terraform.
TOOLS = (
    _tool(
        "SST",
        r"\bsst:aws|\bsst (?:deploy|dev)\b",
        "the transform of the component, with the resource option import and the existing name",
        "give the role no fixed name, or use deleteBeforeReplace",
    ),
    _tool(
        "Crossplane",
        r"upbound|managed resource|external-?name",
        "set the annotation crossplane.io/external-name of the managed resource to the existing name",
        of=Tool.CROSSPLANE,
    ),
    _tool(
        "Pulumi",
        "",
        "pulumi import, or the resource option import with its name",
        "give it no fixed name, or use deleteBeforeReplace",
        of=Tool.PULUMI,
    ),
    _tool(
        "ACK",
        r"iam\.services\.k8s",
        "annotate the resource with services.k8s.aws/adoption-policy: adopt",
        of=Tool.ACK,
    ),
    _tool(
        "Chalice",
        r"\bchalice\b",
        "manage_iam_role: false and iam_role_arn in .chalice/config.json, with the existing role's ARN",
    ),
    _tool("Zappa", r"\bzappa\b", "manage_roles: false and role_name in zappa_settings, with the existing role's name"),
    _tool(
        "eksctl",
        "",
        "name the existing role (attachRoleARN, serviceRoleARN, instanceRoleARN), or first remove the old stack of "
        "that service account or node group",
        of=Tool.EKSCTL,
    ),
    _tool(
        "Amplify",
        r"\bamplify (?:push|pull|init|env|add|update|publish)\b|\bampx\b|@aws-amplify|amplify-cli",
        "use the existing environment (amplify pull), or choose an environment name that was never used: Amplify "
        "derives its role names from it",
    ),
    _tool(
        "Serverless Framework",
        r"^serverless:",
        "give the function's role as provider.iam.role (an ARN), or use another stage or iam.role.name: two services "
        "share the name",
        of=Tool.SERVERLESS,
    ),
    _tool(
        "CDK",
        "",
        "cdk import, or refer to it with Role.fromRoleName; do not set roleName for the next role",
        of=Tool.CDK,
    ),
    _tool(
        "Terraform",
        r"tofu",
        "an import block (to: its address, id: a role's or user's name, a policy's ARN) or terraform import, then a "
        "plan that changes nothing",
        "use name_prefix instead of name with create_before_destroy",
        of=Tool.TERRAFORM,
    ),
    _tool(
        "Ansible",
        r"iam_role:|amazon\.aws",
        "its modules with state: present adopt what exists, in the same path; iam_role also creates an instance "
        "profile with the role's name (create_instance_profile: false prevents it)",
        of=Tool.ANSIBLE,
    ),
    _tool(
        "CloudFormation",
        r"CREATE_FAILED|cloudformation|\bstack\b(?! ?trace)|HandlerErrorCode|AWS::IAM::(?!Errors)",
        "import it into the stack (a change set of the type IMPORT, with DeletionPolicy: Retain), or leave out the "
        "name so that CloudFormation generates one",
        "a change that replaces it needs another name, or no name",
    ),
    _tool(
        "a Kubernetes operator",
        r"reconcil(?:e|ing|iation)|\bkubectl\b|controller-runtime|\boperator\b[^\n]{0,60}\b(?:pod|namespace|cluster)",
        "use the tool's own annotation or field for existing resources, if it has one; otherwise remove one of the two "
        "resources",
    ),
    _tool(
        "the script",
        r"botocore|\bboto3?\b|aws-sdk|when calling the Create|code: 'EntityAlreadyExists'|Aws::IAM|software\.amazon",
        "on EntityAlreadyExists, let the program read the existing resource instead of failing",
    ),
)
# Terraform AWS provider, each resource's "Import": these are imported by their ARN, the others by their name.
_IMPORTED_BY_ARN = ("oidc-provider", "saml-provider", "policy", "service-linked-role")


def way_to_import(tool: NamingTool, conflict: Conflict) -> str:
    """Return how the tool imports an existing entity, with the identifier that imports of this kind take."""
    if tool.name == "CDK" and (by := _IN_THE_CDK.get(conflict.entity_type or "")):
        return f"cdk import, or refer to it with {by}"
    return tool.way.replace("id = NAME", "id = ARN") if conflict.entity_type in _IMPORTED_BY_ARN else tool.way


# CDK API reference, module aws-iam (https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_iam-readme.html).
_IN_THE_CDK = {
    "oidc-provider": "OpenIdConnectProvider.fromOpenIdConnectProviderArn",
    "policy": "ManagedPolicy.fromManagedPolicyName",
    "user": "User.fromUserName",
    "group": "Group.fromGroupName",
    "instance-profile": "InstanceProfile.fromInstanceProfileName",
}
