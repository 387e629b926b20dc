"""Rewrite the CDK's warnings about bootstrap roles, if its question is the failure.

The CDK CLI warns that it cannot assume a role of the bootstrap stack, and continues. If there is no such stack, the
role does not exist, and the question whether the environment is bootstrapped is the failure
(https://github.com/aws/aws-cdk-cli, aws-auth/sdk-provider.ts).
"""

from __future__ import annotations

import re

from iam.lazy_pattern import regex
from iam.regions import REGION_NAME

_WARNING = regex(
    r"^[^\n]*\bcould not be used to assume '[^'\n]{0,80}role/cdk-(?P<qualifier>[a-z0-9]{1,10})-[^'\n]{1,60}-role-"
    rf"(?P<account>\d{{12}}|[xX*]{{6,14}})-(?P<region>{REGION_NAME})', but are for the right account[^\n]*\n",
    re.IGNORECASE | re.MULTILINE,
)
_QUESTION = regex(r"\bHas the environment been bootstrapped\?")


def with_environment_for_warnings(text: str) -> str:
    """Return the text rewritten: without the warnings, and with their environment after the question.

    The environment, ``(aws://ACCOUNT/REGION)``, followed by the option for a custom qualifier, is not in the original
    text, so no pattern whose match is shown as a quote may cover it. It is left out if the warnings are about more than
    one environment. A text without a question that ends in "bootstrapped?", or without such a warning, is returned
    unchanged.
    """
    if " bootstrapped?" not in text:
        return text
    environments = set(map(_environment, _WARNING.finditer(text)))
    if not environments:
        return text
    rest = _WARNING.sub("", text)
    if len(environments) > 1:
        return rest
    return _QUESTION.sub(f"Has the environment been bootstrapped? {environments.pop()}", rest)


_DEFAULT = "hnb659fds"


def _environment(found: re.Match[str]) -> str:
    """Return the environment of a warning, with the option of ``cdk bootstrap`` for a custom qualifier.

    AWS CDK Developer Guide, "Customize AWS CDK bootstrapping"
    (https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-customizing.html).
    """
    account = found["account"] if found["account"].isdigit() else "ACCOUNT"
    own = "" if found["qualifier"] == _DEFAULT else f" --qualifier {found['qualifier']}"
    return f"(aws://{account}/{found['region']}{own})"
