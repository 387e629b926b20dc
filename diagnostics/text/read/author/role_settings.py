"""Find a setting that must be a role's ARN but is the ARN of something else.

Amazon EKS User Guide, "Assign IAM roles to Kubernetes service accounts"
(https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html); AWS SDKs and Tools Reference
Guide, "Assume role credential provider"
(https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from iam.lazy_pattern import regex

_NAME = (
    r"(?<![\w.-])(?P<setting>eks\.amazonaws\.com/role-arn|AWS_ROLE_ARN|role-to-assume|role_arn|rolearn|[Ii]amFleetRole"
    r"|spotIamFleetRole|(?:execution|task)RoleArn|(?:execution|task)_role_arn)\\?[\"']?[ \t]*[:=][ \t]*\\?[\"']?"
)
_SETTING = regex(
    _NAME + r"(?P<value>arn:[\w-]+:iam::(?:\d{12}|aws):(?P<kind>policy|user|group|instance-profile|oidc-provider)"
    r"/[\w+=,.@/:-]*[\w+=@-])"
)
_MALFORMED = regex(
    _NAME + r"(?P<value>arn:[\w-]+:(?:iam::\d{12}:role/arn:|iam:::+\d|iam:\d|iam::\d{12}:role:|iam::\d{12}:[Rr]oles/"
    r"|sts::\d{12}:assumed-role/)[\w+=,.@/:-]*[\w+=@-])"
)
"""ARNs with another one inside, with a colon too many or too few, or of a session."""
_KINDS = {
    "policy": "a policy",
    "user": "a user",
    "group": "a group",
    "instance-profile": "an instance profile",
    "oidc-provider": "an identity provider",
}
_RESTART = " Then restart the pods: they use the node's role until then, or no role."
_AFTERWARDS = (
    ("eks.amazonaws.com/", _RESTART),
    ("AWS_ROLE_ARN", _RESTART),
    ("rolearn", " aws-auth needs the role's ARN without a path."),
)
"""Further advice, by the beginning of the setting's name."""


@dataclass(frozen=True, slots=True)
class NoRole:
    """``said`` is the setting with its value as the text has it, ``sentence`` says what to write instead."""

    said: str
    sentence: str


MEANT = "the ARN of a role (arn:aws:iam::ACCOUNT:role/NAME)"


def no_roles(text: str) -> Iterator[NoRole]:
    """Yield the settings whose value is not a role's ARN, but a policy's, a user's or a malformed ARN."""
    for found in _MALFORMED.finditer(text):
        restart = next((said for named, said in _AFTERWARDS if found["setting"].startswith(named)), "")
        yield NoRole(
            found[0].strip("\\\"'"),
            f"{found['value']} is not the ARN of a role, which is arn:aws:iam::ACCOUNT:role/NAME: correct "
            f"{found['setting']}.{restart}",
        )
    for found in _SETTING.finditer(text):
        restart = next((said for named, said in _AFTERWARDS if found["setting"].startswith(named)), "")
        kind = _KINDS[found["kind"]]
        has = "the role that has this policy" if found["kind"] == "policy" else "the role itself"
        yield NoRole(
            found[0].strip("\\\"'"),
            f"{found['setting']} has the ARN of {kind}, which nobody can assume: write the ARN of {has} "
            f"(arn:aws:iam::ACCOUNT:role/NAME).{restart}",
        )
