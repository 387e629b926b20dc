"""Zappa's message for a function that it could not read."""

from __future__ import annotations

from diagnostics.text.causes.build_causes import Said
from diagnostics.who import Who

ZAPPA_MESSAGES = (
    # Zappa reads a function before it updates it, and treats any error as a missing function
    # (https://github.com/zappa/Zappa/blob/master/zappa/cli.py).
    Said(
        r"Couldn't get function \S+ in [a-z-]+-\d - have you deployed yet",
        "Zappa calls lambda:GetFunction first and prints this message for any error, including a denial: check that "
        "the deploying user is allowed lambda:GetFunction and lambda:GetFunctionConfiguration. If it is, check the "
        "Region, account and stage.",
        None,
        Who.ACCOUNT_ADMIN,
    ),
)
