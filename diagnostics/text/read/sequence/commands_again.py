"""Find a command of the AWS CLI, or a dry run, that later succeeded with the operation that failed."""

from __future__ import annotations

import json
import re

from diagnostics.failure import Denial, Failure, OtherFailure
from diagnostics.failure_details import Sequel
from diagnostics.text.read.messages.cmdlets import operation_of_cmdlet
from diagnostics.text.read.sequence.paste import CHOSEN, FAILS, Paste, on_other_hosts, quote
from iam.lazy_pattern import regex
from iam.words import joined

# EC2 API Reference, "RunInstances": DryRunOperation means that the caller has the permissions
# (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html).
_DRY_RUN = regex(
    r"\(DryRunOperation\) when calling the (?P<operation>\w+) operation"
    r"|(?P<cmdlet>[A-Z][a-z]+-[A-Z]\w+) : Request would have succeeded, but DryRun flag is set"
)


_FURTHER = {"ec2:createtags": ("the tags", "tag"), "iam:passrole": ("the role", "profile")}
"""What of a launch, a copy or a snapshot needs a further action, and the word that a call with it has.

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
    """The traced command after a shell's loop that repeats the denied call until it succeeds.

    A loop with a fixed number of tries ended with a success only where fewer of them failed.
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
    """How often a loop over these words runs; 0 where that is not written there."""
    counted = re.fullmatch(r"\{1\.\.(\d{1,4})\}|\$\(seq (?:1 )?(\d{1,4})\)", words.strip())
    if counted:
        return int(counted[1] or counted[2])
    return 0 if re.search(r"[$`{*(]", words) else len(words.split())


_ASKS_IF_DONE = regex(
    r"\b(?:do|does|should|must) (?:I|we|they) still (?:need|have to)\b|\bstill (?:needed|necessary|required)\b[^\n]*\?"
    r"|\b(?:can|may|should) (?:I|we) (?:close|leave it|ignore)\b"
    r"|\b(?:is|are) (?:that|this|it|we) (?:done|solved|fixed)\b"
    r"|\bdo (?:I|we) (?:really )?need (?:a|an|any|another|to)\b[^\n?]{0,40}\b(?:polic\w+|permissions?|ticket|IAM)\b",
    re.IGNORECASE,
)
"""A question that shows that the author's task is already done, such as "can we ignore this?"."""


def by_command(paste: Paste, at: int) -> Sequel | None:
    """Return the same AWS CLI command further down, with complete output that is not a failure."""
    failed = paste.command_before(at)
    if failed is None or at - failed.line > 40 or not failed.plain.startswith("aws "):
        return None
    for again in paste.commands:
        if again.line <= at or again.plain != failed.plain or not _answered(paste.answer(again)):
            continue
        said = quote(again.said)
        one, other = paste.choices(failed), paste.choices(again)
        otherwise = next((name for name, _ in CHOSEN if one[name] != other[name]), "")
        if not otherwise and on_other_hosts(failed, again):
            return Sequel(succeeded=quote(f"{again.host}: {again.said}"), otherwise="host")
        if not otherwise and paste.elsewhere(failed.line, again.line):
            return Sequel(later=said)
        settled = bool(otherwise) and any(map(_ASKS_IF_DONE.search, paste.lines[again.line + 1 :]))
        return Sequel(succeeded=said, otherwise=otherwise, settled=settled)
    return None


def worked_elsewhere(text: str, operation: str) -> bool:
    """Whether a command that fails with this operation succeeds before or after it in another Region, with its profile.

    Both name their Region, and nothing between them may have changed the credentials.
    """
    paste = Paste(text)
    failed = [each for each in paste.commands if f"calling the {operation} operation" in paste.answer(each)]
    for one in failed:
        for other in paste.commands:
            same = other.plain == one.plain and not on_other_hosts(one, other) and _answered(paste.answer(other))
            chosen, there = paste.choices(one), paste.choices(other)
            if not same or chosen["profile"] != there["profile"] or not (chosen["region"] and there["region"]):
                continue
            begin, end = sorted((one.line, other.line))
            if chosen["region"] != there["region"] and not paste.elsewhere(begin, end):
                return True
    return False


_UNFINISHED = regex(
    r"\^C|KeyboardInterrupt|\binterrupted\b|\b(?:killed|terminated)\b|timed? ?out|no such|not found|\busage:|truncated"
    r"|\.\.\.\s*$|…\s*$|\bfailed\b(?![\"']?\s*:\s*(?:0|\[\s*\]|false|null)\b)",
    re.IGNORECASE,
)


def _answered(answer: str) -> bool:
    """Return whether a command's output shows success: no output at all may have been truncated."""
    text = answer.strip()
    if not text or FAILS.search(text) or _UNFINISHED.search(text):
        return False
    if text[0] not in "{[":
        return True
    try:
        json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return False
    return True
