"""Find the result of an Ansible task that was tried again."""

from __future__ import annotations

from diagnostics.failure_details import Sequel
from diagnostics.text.read.sequence.lines_and_commands import Paste, quote
from iam.lazy_pattern import regex

_FARTHEST = 8
"""The maximum number of lines between the line that announces another try and the error after it."""


def result_of_a_task(text: str) -> Sequel | None:
    """Return the result of an Ansible task that ended well after an unknown error; None if the text has none."""
    paste = Paste(text) if "FAILED - RETRYING" in text else None
    return by_task(paste, paste.failing[-1]) if paste is not None and paste.failing else None


_TASK_TRIED = regex(r"\W*FAILED - RETRYING: (?:\[(?P<host>[^\]\n]+)\]: )?[^\n]*\(\d+ retries left\)")
_TASK_DONE = regex(r"\W*(?:changed|ok): \[(?P<host>[^\]\n]+)\]")
_NEXT_TASK = regex(r"\W*(?:TASK|PLAY|RUNNING HANDLER)\b|\W*(?:fatal|failed): \[")


def by_task(paste: Paste, at: int) -> Sequel | None:
    """Return the result of an Ansible task that was tried again on the same host, if it ended well.

    Ansible, "Retrying a task until a condition is met"
    (https://docs.ansible.com/ansible/latest/playbook_guide/playbooks_loops.html).
    """
    above = reversed(paste.lines[max(0, at - _FARTHEST) : at + 1])
    tried = next((found for line in above if (found := _TASK_TRIED.match(line)) or _NEXT_TASK.match(line)), None)
    for line in paste.lines[at + 1 :] if tried is not None else ():
        if _NEXT_TASK.match(line):
            return None
        done = _TASK_DONE.match(line)
        if done is not None and tried is not None and tried["host"] in (None, done["host"]):
            return Sequel(succeeded=quote(line))
    return None
