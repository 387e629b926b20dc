"""Say with which identity CodeBuild pulled a build image, if that was not the project's service role."""

from __future__ import annotations

import re

from diagnostics.failure import Denial
from diagnostics.text.read.identities.named_roles import named_roles
from iam.arn import account_of, identity_of
from iam.lazy_pattern import regex

_BUILD_IMAGE = regex(r"BUILD_CONTAINER_UNABLE_TO_PULL_IMAGE")
_OWN_CREDENTIALS = regex(r"\bimage_?pull_?credentials_?type\b[\"']?[ \t]*[=:][ \t]*[\"']?CODEBUILD\b", re.IGNORECASE)


def pulled_by_codebuild(denial: Denial) -> str:
    """Return a sentence on the credentials of CodeBuild itself, if it pulled the build image with them; "" otherwise.

    AWS CodeBuild User Guide, "Sample: Amazon ECR": an image of another account is pulled with the project's role
    (https://docs.aws.amazon.com/codebuild/latest/userguide/sample-ecr.html).
    """
    text = denial.pasted or denial.text
    home, kind, caller = identity_of(denial.principal or "")
    if _BUILD_IMAGE.search(text) is None or _OWN_CREDENTIALS.search(text) is None or kind != "role":
        return ""
    others = [each for each in named_roles(text) if each != caller]
    role = f" {others[0]}" if len(others) == 1 else ""
    if not role and account_of(denial.resource or "") == home:
        return ""
    return (
        f"CodeBuild pulled the image with its own credentials (imagePullCredentialsType CODEBUILD), not with the "
        f"project's service role{role}. Set imagePullCredentialsType to SERVICE_ROLE: an image of another account "
        f"needs it, and the "
        "repository policy then names that role."
    )
