"""Rewrite the CDK's warnings about bootstrap roles, where its question is the failure.

The CDK CLI warns that it cannot assume a role of the bootstrap stack and goes on. If there is no such stack, the role
does not exist, and the question whether the environment is bootstrapped is the failure
(https://github.com/aws/aws-cdk-cli, aws-auth/sdk-provider.ts).
"""

from __future__ import annotations

import re

from iam.lazy_pattern import regex
from iam.regions import REGION_NAME

_WARNING = regex(
    r"^[^\n]*\bcould not be used to assume '[^'\n]{0,80}role/cdk-[^'\n]{1,60}-role-(?P<account>\d{12}|[xX*]{6,14})-"
    rf"(?P<region>{REGION_NAME})', but are for the right account[^\n]*\n",
    re.IGNORECASE | re.MULTILINE,
)
_QUESTION = regex(r"\bHas the environment been bootstrapped\?")


def with_environment_for_warnings(text: str) -> str:
    """Return the text rewritten: without the warnings, and with their environment after the question.

    The environment, ``(aws://ACCOUNT/REGION)``, is not in the original text, so no pattern whose match is shown as a
    quote may cover it. It is left out if the warnings are about more than one. A text without a question that ends in
    "bootstrapped?", or without such a warning, is returned unchanged.
    """
    if " bootstrapped?" not in text:
        return text
    environments = {
        f"(aws://{each['account'] if each['account'].isdigit() else 'ACCOUNT'}/{each['region']})"
        for each in _WARNING.finditer(text)
    }
    if not environments:
        return text
    rest = _WARNING.sub("", text)
    if len(environments) > 1:
        return rest
    return _QUESTION.sub(f"Has the environment been bootstrapped? {environments.pop()}", rest)
