"""The row for keys in a program's code."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.profiles import NOT_CALLED
from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

KEYS_IN_CODE: tuple[System, ...] = (
    # AWS SDK for JavaScript 3, @smithy/signature-v4: accessKeyId and secretAccessKey must be strings
    # (https://github.com/smithy-lang/smithy-typescript/tree/main/packages/signature-v4).
    made_system(
        "the keys in the program's code",
        "Check whether the variables have a value where the code runs (server, build or browser), and whether .env is "
        "loaded before the client is created. If the program has a role or a profile, set no credentials in the code: "
        f"the SDK finds them automatically. {NOT_CALLED}",
        r"Resolved\s+credential\s+object\s+is\s+not\s+valid",
        "resolved credential object is not valid",
        verdict="The code gives the SDK for JavaScript credentials without accessKeyId or secretAccessKey: most likely "
        "the variables that it reads are undefined there.",
        title="Give the client keys that are defined, or none",
    ),
)
