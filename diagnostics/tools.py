"""The tools that declare IAM entities: how to recognize one in a text, and the resource name that the text contains.

A logical name is what the tool calls the resource: Terraform's address, CloudFormation's logical ID, Pulumi's name,
eksctl's ``NAMESPACE/NAME``, Ansible's task, the name of a Kubernetes object.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from iam.lazy_pattern import regex


class Tool(StrEnum):
    """A tool that creates or declares IAM entities."""

    CLOUDFORMATION = "CloudFormation"
    CDK = "AWS CDK"
    SAM = "AWS SAM"
    SERVERLESS = "Serverless Framework"
    TERRAFORM = "Terraform"
    PULUMI = "Pulumi"
    EKSCTL = "eksctl"
    ANSIBLE = "Ansible"
    CROSSPLANE = "Crossplane"
    ACK = "ACK"
    ROLE_MANAGER = "a service's role template"
    CONSOLE = "the AWS console"
    SDK = "an SDK or the AWS CLI"

    @property
    def form(self) -> str:
        """The value for ``rolescope adopt --as``; empty for a tool that cannot adopt anything."""
        return _FORMS.get(self, "")


_FORMS = {
    Tool.CLOUDFORMATION: "cloudformation",
    Tool.CDK: "cdk",
    Tool.SAM: "sam",
    Tool.SERVERLESS: "serverless",
    Tool.TERRAFORM: "terraform",
    Tool.PULUMI: "pulumi",
    Tool.EKSCTL: "eksctl",
    Tool.ANSIBLE: "ansible",
    Tool.CROSSPLANE: "crossplane",
    Tool.ACK: "ack",
}

# The most specific first, because several of them use CloudFormation or Terraform.
TEXT_SIGNS: Mapping[Tool, re.Pattern[str]] = {
    tool: regex(signs, re.IGNORECASE)
    for tool, signs in {
        Tool.CROSSPLANE: r"crossplane|upbound\.io",
        Tool.PULUMI: r"pulumi|(?<!arn:)\baws:iam(?:/\w+)?:\w",
        Tool.ACK: r"services\.k8s\.aws|\back[- ](?:iam|controller)|\biam-controller\b",
        Tool.EKSCTL: r"\beksctl\b",
        Tool.SERVERLESS: r"serverless framework|\bserverless deploy|serverless\.(?:yml|com)|Serverless Error|\bsls\b",
        Tool.SAM: r"\bsam (?:deploy|sync|build|local)\b|samconfig|samcli|AWS::Serverless|aws-sam-cli",
        Tool.CDK: r"\bcdk\b|aws-cdk",
        Tool.TERRAFORM: (
            r"terraform|aws_iam_|opentofu|\btofu\b|terragrunt|with (?:module\.|aws_)|creating IAM|on \S+\.tf line"
        ),
        Tool.ANSIBLE: r"ansible|\biam_role:|fatal: \[|\bcommunity\.aws|amazon\.aws\.iam",
        Tool.CLOUDFORMATION: r"CREATE_FAILED|cloudformation|HandlerErrorCode|AWS::IAM::| in stack arn:",
    }.items()
}

_EVENTS = (
    # CDK and SAM write the construct's path and then the logical ID.
    regex(r"CREATE_FAILED\s*\|\s*AWS::IAM::\w+\s*\|\s*\S+\s*\(([A-Za-z0-9]+)\)"),
    regex(r"CREATE_FAILED[\s|]+AWS::IAM::\w+[\s|]+([A-Za-z0-9]+)\b"),
    regex(r"CREATE_FAILED:\s*([A-Za-z0-9]+)\s*\(AWS::IAM::\w+\)"),
    regex(r"([A-Za-z0-9]+)\s*\|?\s*AWS::IAM::\w+\s*\|?\s*CREATE_FAILED"),
    regex(r'"LogicalResourceId":\s*"([A-Za-z0-9]+)"(?=[^{}]*CREATE_FAILED)', re.DOTALL),
    regex(r'CREATE_FAILED(?=[^{}]*)[^{}]*"LogicalResourceId":\s*"([A-Za-z0-9]+)"', re.DOTALL),
    regex(r"resource\(s\) failed to create: \[([A-Za-z0-9]+)"),
    regex(r'^\s*"?([A-Za-z0-9]+)"?:\s*(?:\{\s*)?\r?\n?\s+"?Type"?:\s*["\']?AWS::IAM::\w+', re.MULTILINE),
)
_LOGICAL_NAMES: Mapping[Tool, tuple[re.Pattern[str], ...]] = {
    Tool.CLOUDFORMATION: _EVENTS,
    Tool.CDK: _EVENTS,
    Tool.SAM: _EVENTS,
    Tool.SERVERLESS: _EVENTS,
    Tool.TERRAFORM: (
        regex(r"\bwith\s+((?:module\.[\w.\[\]\"'-]+?\.)?aws_iam_\w+\.[\w-]+(?:\[[^\]\s]{1,200}\])?)"),
        regex(r"((?:module\.[\w.\[\]\"'-]+?\.)?aws_iam_\w+\.[\w-]+(?:\[[^\]\s]{1,200}\])?): Creating"),
        regex(r'in resource "(aws_iam_\w+" "[\w-]+)"'),
    ),
    Tool.PULUMI: (
        regex(r"urn:pulumi:\S+::aws:iam/\w+:\w+::([\w.-]+)"),
        regex(r"\baws:iam(?:/\w+)?:\w+\s+\(?([\w.-]+)\)?"),
    ),
    Tool.EKSCTL: (
        regex(r"iamserviceaccount(?:\(s\))?\s*[\"'(]?([\w-]+/[\w-]+)"),
        regex(r"nodegroup\s+[\"'(]([\w-]+)"),
    ),
    Tool.ANSIBLE: (regex(r"TASK \[([^\]\r\n]{1,200})\]"),),
    Tool.CROSSPLANE: (
        regex(r"\brole\.iam\.aws\.(?:m\.)?upbound\.io/([\w.-]+)", re.IGNORECASE),
        regex(r"upbound\.io[^\n]*[\"' ]name[\"']?[:=]\s*\{?\"?(?:name\"?:\s*\")?/?([\w.-]+)"),
    ),
    Tool.ACK: (
        regex(r"\brole\.iam\.services\.k8s\.aws/([\w.-]+)", re.IGNORECASE),
        regex(r'"Role":\s*\{"name":\s*"([\w.-]+)"'),
        regex(r'"(?:name|resource)":\s*"(?!Role")([\w.-]+)"'),
    ),
}


def tool_in(text: str) -> Tool | None:
    """Return the tool whose output the text appears to be, or None."""
    return next((tool for tool, signs in TEXT_SIGNS.items() if signs.search(text)), None)


def logical_name(text: str, tool: Tool) -> str | None:
    """Return the resource's logical name in the tool, or None if the text does not contain it."""
    for pattern in _LOGICAL_NAMES.get(tool, ()):
        if found := pattern.search(text):
            return found[1].replace('" "', ".")
    return None


# Tag keys and values with which tools and teams mark what they created. AWS itself sets none of these: CloudFormation
# adds no tags to IAM entities (its schemas say cloudFormationSystemTags: false).
_MARKS = (
    (regex(r"cloudformation|\bcfn\b", re.I), Tool.CLOUDFORMATION),
    (regex(r"aws-?cdk|\bcdk\b", re.I), Tool.CDK),
    (regex(r"terraform|terragrunt|opentofu|\btofu\b|\btf[-_]?(state|module|workspace)", re.I), Tool.TERRAFORM),
    (regex(r"pulumi", re.I), Tool.PULUMI),
    (regex(r"eksctl", re.I), Tool.EKSCTL),
    (regex(r"crossplane|upbound", re.I), Tool.CROSSPLANE),
    (regex(r"services\.k8s\.aws|\back[- ]controller", re.I), Tool.ACK),
    (regex(r"ansible", re.I), Tool.ANSIBLE),
    (regex(r"serverless[-_ ]?framework|^serverless$", re.I), Tool.SERVERLESS),
    (regex(r"aws-?sam|^sam(-cli)?$", re.I), Tool.SAM),
)
_MARKING_KEYS = regex(
    r"managed[-_ ]?by|provisioned|provisioner|created[-_ ]?(by|with)|deployed[-_ ]?(by|with)|iac|tool|source|origin",
    re.I,
)

# Names that tools generate: CloudFormation's end in 12 or 13 capital letters and digits after the logical ID, CDK's
# logical IDs in 8 hexadecimal digits; CDK's bootstrap roles and Terraform's name_prefix have other forms.
_NAMES = (
    (regex(r"^cdk-[a-z0-9]{1,10}-[a-z-]+-\d{12}-[a-z0-9-]+$"), Tool.CDK),
    (regex(r"[A-Za-z0-9]+[0-9A-F]{8}-[A-Za-z0-9]{12,13}$"), Tool.CDK),
    (regex(r"^eksctl-.+"), Tool.EKSCTL),
    (regex(r"^.+-[A-Za-z][A-Za-z0-9]*-(?=[A-Z0-9]*\d)[A-Z0-9]{12,13}$"), Tool.CLOUDFORMATION),
    (regex(r"(^|[-_])(terraform-)?20\d{24}$|^terraform-"), Tool.TERRAFORM),
)


def tool_of_tag(key: str, value: str) -> Tool | None:
    """Return the tool that a tag indicates, or None."""
    for pattern, tool in _MARKS:
        if pattern.search(key) or (_MARKING_KEYS.search(key) and pattern.search(value)):
            return tool
    return None


def tool_of_name(name: str) -> Tool | None:
    """Return the tool that generates names of this form, or None."""
    return next((tool for pattern, tool in _NAMES if pattern.search(name[:128])), None)
