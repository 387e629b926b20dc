"""Find why the resource of a refused call cannot exist: a nested ARN, an unfilled placeholder, a wrong owner."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from iam.arn import Arn
from iam.lazy_pattern import regex


class Flaw(Enum):
    """The reason why no resource can have an ARN."""

    NESTED = "nested"
    """The call got an ARN instead of a name."""
    UNFILLED = "unfilled"
    """A variable, an output or a template's reference has no value."""
    OWNER = "owner"
    """A template's transform has a prefix other than AWS's and no account."""


@dataclass(frozen=True, slots=True)
class UnusableName:
    """Why a resource's ARN is unusable.

    ``part`` is what is wrong in the ARN; ``name`` is the plain name that was meant, "" if unknown. ``sure``: ``part``
    cannot be a mask for a name.
    """

    flaw: Flaw
    part: str
    name: str = ""
    sure: bool = True
    parameter: str = ""


# What takes a name, by the service of the ARN: API references, the parameter of each.
_NAME_PARAMETER = {
    "firehose": "DeliveryStreamName",
    "kinesis": "StreamName",
    "logs": "logGroupName",
    "s3": "Bucket",
    "ecr": "repositoryName",
    "sagemaker": "its name parameter",
    "iam": "RoleName, UserName or PolicyName",
}
_INNER_ARN = regex(r"(?<=.)arn:[\w-]+:[\w-]+:[^\s]*")
# What shells, templates and programs leave where nobody filled a variable in. The number of the account is not looked
# at: people blank it so.
# ``$LATEST`` is a version of a function, ``$default`` a stage, ``_$folder$`` an object: names of AWS and its tools.
_UNFILLED = regex(
    r"\$(?!LATEST\b)[A-Z][A-Z0-9_]*\b(?!\$)|\$\{[^}]*\}|\{\{[^}]*\}\}|(?<=[/:])(?:undefined|null|None|NaN)(?=$|[/:])"
)
# References of CloudFormation, the CDK, Terraform, the Serverless Framework and Helm, and what programs print for
# nothing: no person masks a name so.
_REFERENCE = regex(
    r"\$\{(?:AWS::\w+|Token\[[^\]]*\][^}]*|(?:var|local|data|module|aws_\w+)\.[^}]+|(?:self|opt|env|ssm|cf|param):[^}]*)\}"
    r"|\{\{\s*\.[^}]*\}\}|(?<=[/:])(?:undefined|null|None|NaN)(?=$|[/:])|\[object Object\]"
)


def nested_arn(resource: str) -> UnusableName | None:
    """Return the flaw of an ARN that contains another ARN of the same service; None for any other ARN."""
    outer, found = Arn.parse(resource), _INNER_ARN.search(resource)
    inner = Arn.parse(found[0]) if found else None
    if inner is None or outer is None or outer.service != inner.service:
        return None
    if outer.service == "s3" and not outer.resource.startswith("arn:"):
        return None  # a key may be any text
    parameter = _NAME_PARAMETER.get(inner.service, "the parameter that names it")
    return UnusableName(Flaw.NESTED, str(inner), inner.id or inner.name, parameter=parameter)


def unfilled(resource: str) -> UnusableName | None:
    """Return the placeholder in a resource's name that was not filled in; None if there is none."""
    if (found := _REFERENCE.search(resource)) is not None:
        return UnusableName(Flaw.UNFILLED, found[0])
    arn = Arn.parse(resource)
    found = _UNFILLED.search(arn.resource) if arn is not None else None
    return UnusableName(Flaw.UNFILLED, found[0], sure=False) if found is not None else None


_TRANSFORM = regex(r"arn:[\w-]+:cloudformation:[\w-]*:(?P<owner>[a-z]{1,6}):transform/(?P<name>[\w-]+)")


def of_no_owner(resource: str) -> UnusableName | None:
    """Return the flaw of a transform that belongs to neither AWS nor an account; None for any other ARN.

    AWS CloudFormation User Guide, "Template transform": AWS's own transforms begin with AWS::, and a macro has its name
    alone (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/transform-section-structure.html).
    """
    found = _TRANSFORM.fullmatch(resource)
    if found is None or found["owner"] == "aws":
        return None
    return UnusableName(Flaw.OWNER, found["owner"], f"AWS::{found['name']}")


def unusable_name(resource: str) -> UnusableName | None:
    """Return why no resource can have this ARN; None if a resource can have it."""
    return nested_arn(resource) or unfilled(resource) or of_no_owner(resource)
