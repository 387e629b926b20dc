"""The row for PowerShell's execution policy."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

POWERSHELL: tuple[System, ...] = (
    # PowerShell documentation, "about_Execution_Policies"
    # (https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_execution_policies).
    made_system(
        "PowerShell's execution policy",
        "Allow the script for this session (Set-ExecutionPolicy -Scope Process RemoteSigned), or unblock a downloaded "
        "file (Unblock-File). If a group policy sets it, ask the Windows administrator. No call to AWS was made.",
        r"running\s+scripts\s+is\s+disabled\s+on\s+this\s+system|about_Execution_Policies|\bPSSecurityException\b"
        r"|\.ps1\s+is\s+not\s+digitally\s+signed",
        "running scripts is disabled",
        "about_execution_policies",
        "pssecurityexception",
        "is not digitally signed",
        flags=re.IGNORECASE,
        verdict="PowerShell did not load the script: PowerShell's execution policy does not allow it. AWS was not "
        "called, and no permission is missing.",
        title="Let PowerShell run the script",
    ),
)
