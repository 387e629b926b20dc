"""Read the exit status with which a program ended because of a signal. A denied call sends no signal."""

from __future__ import annotations

import re

from iam.lazy_pattern import regex

_STATUS = regex(
    r"\b(?:exit(?:ed)?(?:[ _-]?(?:code|status))?|status code|exitCode|rc|Error)\b(?: with| status| code){0,2}\W{0,3}"
    r"(?P<status>13[479]|143)\b",
    re.IGNORECASE,
)
# A signal's exit status is 128 and its number (GNU Bash Reference Manual, "Exit Status":
# https://www.gnu.org/software/bash/manual/bash.html#Exit-Status); Kubernetes, "Assign Memory Resources to Containers
# and Pods" (https://kubernetes.io/docs/tasks/configure-pod-container/assign-memory-resource/) shows 137 with OOMKilled.
_MEANINGS = {
    "134": "the program aborted itself (SIGABRT)",
    "137": "something killed the program (SIGKILL), often because it needed more memory than its limit",
    "139": "the program crashed (SIGSEGV)",
    "143": "something ended the program from outside (SIGTERM), such as a timeout or a cancelled job",
}


def signal_words(line: str) -> str:
    """Return a sentence about the signal that ended a program, by its exit status; "" if the line has none."""
    found = _STATUS.search(line)
    return (
        f"Exit status {found['status']}: {_MEANINGS[found['status']]}. A missing permission is not the cause."
        if found
        else ""
    )
