"""The row for the session of aws login."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, documented

AWS_LOGIN: tuple[System, ...] = (
    # AWS CLI User Guide, "Sign in through the AWS CLI": aws login; the messages are botocore's, exceptions.py
    # (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sign-in.html).
    documented(
        "the session of aws login",
        "The session of aws login has expired, or the password or role has changed since: run aws login again, with "
        "the profile that the command uses.",
        "aws login --profile PROFILE opens the browser; on a machine without one, aws login --remote. The call itself "
        "was not made.",
        "Your session has expired or credentials have changed. Please reauthenticate using 'aws login'",
        "Unable to load a existing login session for session {name}. Please reauthenticate with 'aws login'",
        title="Run aws login",
    ),
)
