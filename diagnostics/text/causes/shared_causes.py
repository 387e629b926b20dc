"""Common causes that denials and other failures share."""

from __future__ import annotations

from diagnostics.diagnosis import FirstLook
from diagnostics.fix import Who
from diagnostics.text.causes.look import SERVICE_ROLES, Said, contains, quoted, reading, speaks_of

PROVIDERS = reading("iam", "list-open-id-connect-providers")

UNCHECKED_TOKEN = Said(
    r"certificate doesn'?t match[^.\n]{0,40}thumbprint|verification key from your identity(?: provider)?",
    "AWS cannot check the token's signature: the issuer's certificate is not the one registered with the provider in "
    "IAM, or its keys (…/.well-known/openid-configuration) cannot be fetched from the internet.",
    PROVIDERS,
    Who.ACCOUNT_ADMIN,
)
"""What STS says about a web identity token before it evaluates any trust policy."""

MISSING_SERVICE_ROLE = FirstLook(
    "The service is used for the first time in this account (or its role was deleted), and the caller is not allowed "
    "to create that role: have it created once, with iam:CreateServiceLinkedRole.",
    speaks_of("the text mentions a service-linked role", r"service[- ]linked role|AWSServiceRoleFor"),
    SERVICE_ROLES,
    Who.ACCOUNT_ADMIN,
)


def pull_without_batch(text: str) -> FirstLook | None:
    """A denied pull, and a policy with ecr:Get* and without ecr:BatchGetImage.

    Amazon ECR User Guide, "AWS managed policies for Amazon ECR": AmazonEC2ContainerRegistryPullOnly
    (https://docs.aws.amazon.com/AmazonECR/latest/userguide/security-iam-awsmanpol.html).
    """
    said = quoted(text, r"\bpull\w*[^\n]{0,60}\bECR\b[^\n]{0,60}?(?:denied|403|forbidden|refused)")
    if not said or not quoted(text, r"\becr:Get\*") or quoted(text, r"\becr:(?:\*|Batch)"):
        return None
    return FirstLook(
        "ecr:Get* does not match ecr:BatchGetImage, which a pull needs. Add ecr:BatchGetImage on the repository; "
        "ecr:GetDownloadUrlForLayer and ecr:GetAuthorizationToken are matched already.",
        contains(said),
        None,
        Who.ACCOUNT_ADMIN,
    )
