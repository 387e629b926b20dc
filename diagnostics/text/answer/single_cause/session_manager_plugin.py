"""A session of Session Manager that does not start because the plugin is missing on the operator's machine."""

from __future__ import annotations

import re

from diagnostics.failure import Denial
from diagnostics.text.answer.single_cause.decision import Decision, decide
from diagnostics.who import Who
from iam.lazy_pattern import regex

_NO_PLUGIN = regex(
    r"^[^\n]*\bsession-manager-plugin\b[^\n]{0,20}\b(?:not found|not recognized|No such file)[^\n]*"
    r"|SessionManagerPlugin is not found[^\n]{0,80}|^[^\n]*\bno session-manager-plugin in \([^\n]*",
    re.IGNORECASE | re.MULTILINE,
)


_NOT_STARTED = regex(r"to perform: ssm:StartSession\b|\baws ssm terminate-session\b")


def without_the_plugin(denial: Denial) -> Decision | None:
    """Return the decision for a session that the AWS CLI ends because it does not find the Session Manager plugin.

    AWS Systems Manager User Guide, "Install the Session Manager plugin for the AWS CLI"
    (https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-install-plugin.html); AWS
    CLI, awscli/customizations/sessionmanager.py
    (https://github.com/aws/aws-cli/blob/v2/awscli/customizations/sessionmanager.py).
    """
    missing = _NO_PLUGIN.search(denial.text)
    if missing is None or (denial.action or "").lower() != "ssm:terminatesession" or _NOT_STARTED.search(denial.text):
        return None
    return decide(
        "not-iam",
        f"“{' '.join(missing[0].split())}”",
        "Install the Session Manager plugin on this machine: StartSession was allowed, and the AWS CLI only tried to "
        "end the session because it did not find the plugin. Allowing ssm:TerminateSession would not help.",
        "Install the Session Manager plugin",
        Who.CALLER,
        "this machine",
        "AWS Systems Manager User Guide, “Install the Session Manager plugin”. The plugin must be in the PATH: run "
        "session-manager-plugin to check this.",
    )
