"""Advice on errors that a service's documentation explains, with the values from the text."""

from __future__ import annotations

import re

from iam.lazy_pattern import regex

_ROOT = regex(r"(?<![\w-])r-[0-9a-z]{4,32}(?![\w-])")
_TYPE = regex(r"(?<!\w)(?:[A-Z]+_)+POLICY(?:_EC2)?(?!\w)")
_ENABLED = regex(r"\"Type\"\s*:\s*\"(?P<type>\w+)\"\s*,\s*\"Status\"\s*:\s*\"ENABLED\"")
# AWS Organizations API Reference, "CloseAccount"
# (https://docs.aws.amazon.com/organizations/latest/APIReference/API_CloseAccount.html).
_CLOSED = regex(r"\bclose account quota\b|\bCLOSE_ACCOUNT_QUOTA_EXCEEDED\b", re.IGNORECASE)


def known_code(code: str, message: str, text: str) -> str:
    """Return the advice on the error; "" if this module does not cover the error."""
    if code == "PolicyTypeNotEnabledException":
        return _of_policy_type(text)
    if _CLOSED.search(message):
        return (
            "An organization can close 10% of its member accounts (at least 10, at most 1,000) within any 30 days: "
            "wait until the oldest of the last closures is 30 days old."
        )
    return ""


def _of_policy_type(text: str) -> str:
    """Return the advice if a policy's type is not enabled in the organization's root.

    AWS SDK for Python, PolicyTypeNotEnabledException
    (https://docs.aws.amazon.com/botocore/latest/reference/services/organizations/client/exceptions/PolicyTypeNotEnabledException.html).
    """
    roots = set(_ROOT.findall(text))
    enabled = {each["type"] for each in _ENABLED.finditer(text)}
    types = [each for each in dict.fromkeys(_TYPE.findall(text)) if each not in enabled]
    root = roots.pop() if len(roots) == 1 else "ROOT"
    kind = types[0] if len(types) == 1 else "TYPE"
    shown = f" (the text shows only {', '.join(sorted(enabled))})" if enabled else ""
    return (
        f"Policies of this type are not enabled in the root{shown}: aws organizations enable-policy-type --root-id "
        f"{root} --policy-type {kind}, in the management account, then make the call again. The policy itself is not "
        "at fault."
    )
