"""Evaluate the text's policies with the role that the CDK could not assume before it continued without the role.

AWS CDK CLI, aws-auth/sdk-provider.ts: it prints a warning, and makes its calls with the credentials that are not
allowed to assume the bootstrap role (https://github.com/aws/aws-cdk-cli). AWS CDK Developer Guide, "Bootstrapping"
(https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.failure import Denial
from iam.arn import identity_of
from iam.lazy_pattern import regex

_NOT_ASSUMED = regex(
    r"\bcould not be used to assume '(?P<role>arn:[\w-]+:iam::\d{12}:role/[\w+=,.@/-]+)', but are for the right account"
)


def of_a_bootstrap_role(denial: Denial, evaluate: Callable[[Denial], Finding | None]) -> Finding | None:
    """Return what the caller's policies in the text lack to assume the bootstrap role.

    None if the text does not warn that this role could not be assumed, or has no policy about the role. ``evaluate``
    compares the policies with a request.
    """
    found = _NOT_ASSUMED.search(denial.pasted or denial.text)
    if found is None or denial.principal is None or (denial.action or "").lower() == "sts:assumerole":
        return None
    asked = replace(denial, action="sts:AssumeRole", resource=found["role"], operation=None, missing_action=None)
    first = evaluate(asked)
    if first is None or first.layer != "identity" or first.fix is None:
        return None
    name = identity_of(denial.principal)[2]
    lead = (
        f"The first failure decides: {name} could not assume {found['role']}, and continued with its own credentials."
    )
    return replace(first, sentence=f"{lead} {first.sentence}", leads=True)
