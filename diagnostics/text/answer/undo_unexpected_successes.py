"""Say how to undo a call that a test expects to be denied, and that succeeded.

Only calls that a single command undoes are covered; no command undoes a deletion.
"""

from __future__ import annotations

from diagnostics.text.answer.key_state import key_state
from iam.lazy_pattern import regex

# AWS CLI Command Reference, "cloudtrail start-logging"
# (https://docs.aws.amazon.com/cli/latest/reference/cloudtrail/start-logging.html); AWS Config
# Developer Guide, "Starting the customer managed configuration recorder"
# (https://docs.aws.amazon.com/config/latest/developerguide/managing-recorder_console-start.html).
_UNDONE_BY = {
    "cloudtrail:stoplogging": ("The trail records nothing now", "aws cloudtrail start-logging --name"),
    "config:stopconfigurationrecorder": (
        "AWS Config records nothing now",
        "aws configservice start-configuration-recorder --configuration-recorder-name",
    ),
}
_COMMAND = regex(
    r"\b(?:stop-logging|stop-configuration-recorder)\b[^\n]{0,40}?"
    r"--(?:configuration-recorder-)?name[ =](?P<name>[\w./:-]+)"
)


def undone_by(action: str, text: str) -> str:
    """Return the sentence with the command that undoes the call; "" if none is known for its action."""
    if action.startswith("kms:"):
        state = key_state(text)
        return state.undo if state is not None else ""
    state_now, command = _UNDONE_BY.get(action.lower(), ("", ""))
    named = _COMMAND.search(text)
    return f"{state_now}: first undo this ({command} {named['name'] if named else 'NAME'})." if command else ""
