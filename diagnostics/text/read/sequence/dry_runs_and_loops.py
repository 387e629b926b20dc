"""Find a later success of the failed operation: in a dry run, a loop, or a command with its output."""

from __future__ import annotations

import re

from diagnostics.failure import Denial, Failure, OtherFailure
from diagnostics.failure_details import Sequel
from diagnostics.text.read.messages.cmdlets import operation_of_cmdlet
from diagnostics.text.read.sequence.lines_and_commands import FAILS, Paste, quote
from iam.lazy_pattern import regex
from iam.words import joined

# EC2 API Reference, "RunInstances": DryRunOperation means that the caller has the permissions
# (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html).
_DRY_RUN = regex(
    r"\(DryRunOperation\) when calling the (?P<operation>\w+) operation"
    r"|(?P<cmdlet>[A-Z][a-z]+-[A-Z]\w+) : Request would have succeeded, but DryRun flag is set"
)


_FURTHER = {"ec2:createtags": ("the tags", "tag"), "iam:passrole": ("the role", "profile")}
"""Actions that a launch, a copy or a snapshot needs only for a part of it: that part, and the word for it in a call.

Amazon EC2 User Guide, "Grant permission to tag Amazon EC2 resources during creation"
(https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html).
"""


def by_dry_run(failure: Failure, paste: Paste, at: int | None) -> Sequel | None:
    """Return a later dry run of the denied operation that would have succeeded."""
    action = (failure.action or "") if isinstance(failure, Denial) else ""
    called = failure.operation or action.partition(":")[2]
    if at is None or not called:
        return None
    from diagnostics.text.read.sequence.option_left_out import given_in_code, missing_options, options_of

    needs_more = bool(action) and action.partition(":")[2].lower() != called.lower()
    for number in range(at + 1, len(paste.lines)):
        found = _DRY_RUN.search(paste.lines[number])
        tried = (found["operation"] or operation_of_cmdlet(found["cmdlet"]) or "") if found is not None else ""
        if found is None or tried.lower() != called.lower():
            continue
        one, other = paste.command_before(at), paste.command_before(number)
        if one and other:
            if missing_options(options_of(one.plain), options_of(other.plain)):
                continue
        elif (given := given_in_code(paste, at)) and (again := given_in_code(paste, number, at)) is not None:
            if left_out := sorted(given - again):
                return Sequel(left_out=joined(left_out), dry=True)
        elif needs_more:
            what, word = _FURTHER.get(action.lower(), ("", ""))
            if what and word not in "\n".join(paste.lines[at + 1 : number]).lower():
                return Sequel(left_out=what, dry=True)
            continue  # the action that was refused may be needed only for what the dry run left out
        return Sequel(succeeded=quote(found[0]), dry=True)
    return None


_INLINE_ANSWER = regex(r"\s(?:->|=>|→)\s+(?P<answer>\S.*)$")


def by_its_command(failure: Failure, paste: Paste, at: int) -> Sequel | None:
    """Return a later AWS CLI command for the same operation and resource, with its output after an arrow."""
    if not isinstance(failure, OtherFailure) or not failure.name:
        return None
    called = re.search(r"\b[A-Z][a-z]+(?:[A-Z][a-z]+)+\b", paste.lines[at])
    operation = failure.operation or (called[0] if called else "")
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", operation).lower()
    for command in paste.commands:
        answer = _INLINE_ANSWER.search(command.said)
        if command.line <= at or not words or answer is None or FAILS.search(answer["answer"]):
            continue
        if re.match(rf"aws \S+ {re.escape(words)}\b", command.plain) and failure.name in command.said:
            return Sequel(succeeded=quote(command.said))
    return None


_LOOP = regex(
    r"\b(?:(?P<until>until|while !) [^\n;]{0,40}?|for \w+ in (?P<tries>[^;\n]{1,80}); ?do )aws (?P<service>[\w-]+) "
    r"(?P<call>[a-z]+(?:-[a-z0-9]+)+)(?P<rest>[^\n]*)"
)
_TRACED = regex(r"(?:\S*\d\d:\d\d:\d\d\S* )?\+ (?!sleep\b|for\b|break\b)(?P<command>\S[^\n]*)")


def by_loop(failure: Failure, paste: Paste, at: int) -> Sequel | None:
    """Return the traced command after a shell loop that repeats the denied call until it succeeds.

    A loop with a fixed number of tries ended with a success only if fewer tries than that failed.
    """
    for line in paste.lines[:at]:
        loop = _LOOP.search(line)
        if loop is None or loop["call"].replace("-", "").lower() != (failure.operation or "").lower():
            continue
        if not loop["until"] and not (_tries(loop["tries"]) > failure.count and "&& break" in loop["rest"]):
            continue
        following = next((each for each in paste.lines[at + 1 :] if each.strip()), "")
        return Sequel(succeeded=quote(following)) if _TRACED.match(following) else None
    return None


def _tries(words: str) -> int:
    """Return how often a loop over these words runs; 0 if the words do not say so."""
    counted = re.fullmatch(r"\{1\.\.(\d{1,4})\}|\$\(seq (?:1 )?(\d{1,4})\)", words.strip())
    if counted:
        return int(counted[1] or counted[2])
    return 0 if re.search(r"[$`{*(]", words) else len(words.split())
