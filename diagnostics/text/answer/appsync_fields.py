"""Compare the directives of a refused AppSync field, as a schema in the text has them, with the caller's mode.

AWS AppSync Developer Guide, "Configuring authorization and authentication to secure your GraphQL APIs": a field without
a directive accepts only the API's default mode
(https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html).
"""

from __future__ import annotations

import re

from iam.lazy_pattern import regex

_REFUSED = regex(r"Not\s+Authorized\s+to\s+access\s+(?P<field>\w+)\s+on\s+type\s+(?P<type>\w+)", re.IGNORECASE)
_MODES = (
    ("@aws_iam", "AWS_IAM", regex(r"\barn:[\w-]+:(?:sts|iam)::\d{12}:(?:assumed-role|role|user)/|\bSigV4\b")),
    ("@aws_api_key", "API_KEY", regex(r"\bx-api-key\b|\bda2-[a-z0-9]{26}\b", re.IGNORECASE)),
)
_DEFAULT = regex(
    r"\bdefault\w*\b[^\n:=]{0,40}[:=]\s*[\"']?(?P<mode>AMAZON_COGNITO_USER_POOLS|AWS_IAM|API_KEY|OPENID\w+|AWS_LAMBDA)"
)
_DIRECTIVE = regex(r"@aws_\w+")


def refused_field(text: str) -> str:
    """Return which directive the refused field lacks for the caller's mode; "" if the text does not show it."""
    refused = _REFUSED.search(text)
    if refused is None:
        return ""
    name = refused["field"]
    line = re.search(
        rf"^[^\n\"]*\b{name}(?:\([^)\n]*\))?\s*:\s*(?P<of>\[?\w+[!\]]*)(?P<directives>[^\n}}]*)", text, re.MULTILINE
    )
    used = [(directive, mode) for directive, mode, shown in _MODES if shown.search(text)]
    if line is None or len(used) != 1:
        return ""
    ((directive, mode),) = used
    allowed, default = _DIRECTIVE.findall(line["directives"]), _DEFAULT.search(text)
    if directive in allowed or (not allowed and (default is None or default["mode"] == mode)):
        return ""
    only = ", ".join(allowed) or (default["mode"] if default is not None else "")
    has = f"allows only {only}" if allowed else f"has no directive, so it allows only {only}"
    of = line["of"].strip("[]!")
    return (
        f"The field {name} {has}, and the caller uses {mode}: add {directive} to the field, and to the type {of} if it "
        "is a type of the schema. The caller's policies are not the cause."
    )
