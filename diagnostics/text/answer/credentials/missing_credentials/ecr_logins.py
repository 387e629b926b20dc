"""Rows for a registry (Amazon ECR) to which no login, or a wrong one, was sent."""

from __future__ import annotations

from diagnostics.text.answer.credentials.credential_fault import WHO, CredentialFault, fault
from iam.claims import Ground

LOGIN_NOT_SENT: tuple[CredentialFault, ...] = (
    # kaniko, README, "Pushing to Amazon ECR" (https://github.com/GoogleContainerTools/kaniko#pushing-to-amazon-ecr).
    fault(
        r"\.dkr[.-]ecr[\s\S]{0,300}?\b401\b|no basic auth credentials|checking push permission",
        "Most likely kaniko sent ECR no login, because its config.json names no credential helper for {registry}. Add "
        "one: the pod's role is used only then, and no permission was checked.",
        "Name the ECR helper in /kaniko/.docker/config.json",
        '{"credHelpers": {"{registry}": "ecr-login"}}  # beside the auths of other registries',
        "kaniko's image contains the helper ecr-login, which signs in with the pod's own role (or with keys in the "
        "environment). That role then needs ecr:GetAuthorizationToken and the actions of a push.",
        check=None,
        speaker=r"\A(?![\s\S]*\becr-login\b)(?=[\s\S]*\.dkr[.-]ecr)[\s\S]*?\bkaniko\b",
        ground=Ground.PARTLY,
        needs="registry",
    ),
    # ECR User Guide, "Troubleshooting Docker commands and issues when using Amazon ECR"
    # (https://docs.aws.amazon.com/AmazonECR/latest/userguide/common-errors-docker.html).
    fault(
        r"login attempt to https?://\S*\.dkr[.-]ecr[\s\S]{0,120}\b40[01]\b|\.dkr[.-]ecr[\s\S]{0,300}401 Unauthorized"
        r"|\.dkr[.-]ecr\S*[^\n]{0,60}authentication\s+required",
        "The registry did not accept the login: either no login was sent, or its password is for another Region or "
        "account, has expired, or was changed on the way. The registry checked no permission on the repository.",
        "Log in to this registry again",
        "aws ecr get-login-password{region_option} | docker login --username AWS --password-stdin {registry}",
        "The password is for another Region, is older than twelve hours, or is empty because get-login-password failed "
        "before the pipe. Windows PowerShell 5 adds a line break in the pipe: use cmd or PowerShell 7 on Windows.",
        check=WHO,
        ground=Ground.PARTLY,
    ),
)
