"""The row for the Session Manager plugin."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

SESSION_MANAGER_PLUGIN: tuple[System, ...] = (
    # AWS Systems Manager User Guide, "Troubleshooting Session Manager": plugin not found.
    made_system(
        "the Session Manager plugin",
        "Install the Session Manager plugin on this machine, and put it on the PATH. The denied ssm:TerminateSession "
        "that may follow is the clean-up of the session that the AWS CLI could not use.",
        r"SessionManagerPlugin\s+is\s+not\s+found",
        "sessionmanagerplugin is not found",
        title="Install the Session Manager plugin",
    ),
)
