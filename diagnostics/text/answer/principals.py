"""Find what is wrong with a principal that AWS rejects, as far as its ARN in the text shows it.

Sources: IAM User Guide, "AWS JSON policy elements: Principal" (no wildcard within a principal's ARN):
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html; IAM Identity Center User
Guide, "Referencing permission sets in resource policies, Amazon EKS cluster config maps, and AWS KMS key policies":
https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from iam.lazy_pattern import regex
from iam.regions import known_regions

_SSO = "aws-reserved/sso.amazonaws.com/"
_PRINCIPAL = regex(
    r"arn:(?P<partition>[\w*-]+):(?:iam|sts)::(?P<account>[\w*]*):(?P<kind>role|user|assumed-role)/(?P<name>[\w+=,.@*?/-]+)"
)
_OF_CONDITION = regex(r"aws:PrincipalA(?:rn|RN)|Arn(?:Not)?Like|\bresources?\b[\"']?\s*[:=]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PrincipalFault:
    """A rejected principal.

    ``words`` are its ARN as in the text, ``sentence`` says what is wrong, ``title`` what to do.
    """

    words: str
    sentence: str
    title: str
    note: str
    check: str | None = None


def principal_fault(text: str) -> PrincipalFault | None:
    """Return the first mistake in a principal's ARN in the text; None if there is none."""
    for found in _PRINCIPAL.finditer(text):
        before = text[max(0, found.start() - 200) : found.start()]
        if _OF_CONDITION.search(before.rpartition("\n\n")[2][-80:]) or found["kind"] == "assumed-role":
            continue
        name = found["name"].rstrip(".")
        if "*" in name or "?" in name:
            return _wildcard(found[0], name, found["partition"], found["account"])
        if (role := re.search(r"AWSReservedSSO_[\w+=,.@-]+_[0-9a-f]{16}$", name)) and (
            fault := _permission_set(found[0], name, role[0], text)
        ):
            return fault
    return _just_created(text)


_MADE = r"(?:\bcreat\w*|\bchanged|CREATE_COMPLETE|\badded)\b"


def _just_created(text: str) -> PrincipalFault | None:
    """A principal that the text creates before the policy that names it.

    IAM User Guide, "Changes that I make are not always immediately visible"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency).
    """
    refused = _REFUSED.search(text)
    before = text[: refused.start()] if refused else ""
    for arn in dict.fromkeys(found[0] for found in _PRINCIPAL.finditer(text[len(before) :])):
        name = arn.rpartition("/")[2]
        made = re.search(
            rf"[^\n]{{0,160}}{_MADE}[^\n]{{0,160}}(?<![\w+=,.@-]){re.escape(name)}(?![\w+=,.@-])"
            rf"|create-(?:role|user)\b[^\n]{{0,160}}(?<![\w+=,.@-]){re.escape(name)}(?![\w+=,.@-])"
            rf"|(?<![\w+=,.@-]){re.escape(name)}(?![\w+=,.@-])[^\n]{{0,120}}(?:\bcreated\b|Creation complete)",
            before,
        )
        if made is not None:
            return PrincipalFault(
                " ".join(made[0].split())[:96],
                f"The text creates {arn} just before the policy that names it: most likely AWS could not find it yet.",
                "Run it again; the policy stays as it is",
                "A new role or user takes some seconds to be found. Let the program wait or try again after it creates "
                "one.",
            )
    return None


_REFUSED = regex(
    r"MalformedPolicy|Invalid principal|invalid principals|InvalidPolicy|unsupported principal", re.IGNORECASE
)


def _wildcard(arn: str, name: str, partition: str, account: str) -> PrincipalFault:
    role = name.rpartition("/")[2]
    path = f"{_SSO}*" if role.startswith("AWSReservedSSO_") else ""
    meant = f"arn:{partition}:iam::{account}:role/{path}{role}" if path else arn
    return PrincipalFault(
        arn,
        f"A principal's ARN cannot contain a wildcard: AWS looks for a role or user with exactly the name {arn}.",
        "Name the exact ARN, or match aws:PrincipalArn in a condition",
        f'Principal "*" (with type AWS) and the condition ArnLike on aws:PrincipalArn = {meant}.',
    )


def _assigned_again(role: str, text: str) -> str:
    """The one other role of the same permission set that the text has; empty if there is none."""
    others = set(re.findall(rf"{re.escape(role.rpartition('_')[0])}_[0-9a-f]{{16}}(?![0-9a-f])", text)) - {role}
    return others.pop() if len(others) == 1 else ""


def _permission_set(arn: str, name: str, role: str, text: str) -> PrincipalFault | None:
    """A permission set's role has a path with the Region of Identity Center, except in us-east-1."""
    read = f"aws iam get-role --role-name {role} --query Role.Arn --output text"
    regions = [each for each in known_regions() if each != "us-east-1" and re.search(rf"\b{each}\b", text)]
    region = regions[0] if len(regions) == 1 else "REGION"
    if current := _assigned_again(role, text):
        return PrincipalFault(
            arn,
            f"The policy names {role}, and the text also has {current}: most likely the permission set was made or "
            "assigned again, which creates a new role, so the old one does not exist any more.",
            "Name the permission set's current role",
            f"Name the ARN of {current}. To be independent of the suffix, name the account as principal, with ArnLike "
            f"on aws:PrincipalArn = …/{current.rpartition('_')[0]}_*.",
            f"aws iam get-role --role-name {current} --query Role.Arn --output text",
        )
    if not name.startswith(_SSO):
        missing = f"lacks the path {_SSO}{region}/"
    elif name == f"{_SSO}{role}":
        missing = f"outside us-east-1 such a path ends with Identity Center's Region ({_SSO}{region}/)"
    else:
        return None
    return PrincipalFault(
        arn,
        f"AWS finds no role with this ARN. It looks like a permission set's role, but {missing}.",
        "Write the role's ARN as IAM has it",
        f"Get it with {read}. A tool that builds the ARN itself must read it instead.",
        read,
    )
