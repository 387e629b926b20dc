"""The row for the role of code for SageMaker."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, documented

SAGEMAKER_ROLES: tuple[System, ...] = (
    # SageMaker Python SDK, get_execution_role in session.py (https://github.com/aws/sagemaker-python-sdk), and Amazon
    # SageMaker AI Developer Guide, "How to use SageMaker AI execution roles": passing roles
    # (https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html).
    documented(
        "the role for SageMaker",
        "The code runs as {name}, which is not a role, so get_execution_role() has none to return: write the ARN of a "
        "SageMaker execution role in its place.",
        'role = "arn:aws:iam::ACCOUNT:role/NAME": a role that trusts sagemaker.amazonaws.com, and that the caller may '
        "pass (iam:PassRole). get_execution_role() is for code that runs in SageMaker (a notebook, Studio). "
        "iam:GetRole does not help.",
        "The current AWS identity is not a role: {name}, therefore it cannot be used as a SageMaker execution role",
        title="Write the execution role's ARN instead of get_execution_role()",
    ),
)
