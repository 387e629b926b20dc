"""Find what succeeded after a failure: the same operation, as far as the text shows it."""

from __future__ import annotations

import re

from diagnostics.failure import Denial, Failure, OtherFailure, Trouble
from diagnostics.failure_details import Sequel
from diagnostics.text.read.layout.log_lines import grave, speaker
from diagnostics.text.read.sequence.ansible import by_task
from diagnostics.text.read.sequence.attempts import (
    OTHERWISE_DONE,
    TRIES_AGAIN,
    WELL,
    by_attempt,
    by_exit,
    by_label,
    by_named_call,
    by_repeated_line,
    by_same_again,
)
from diagnostics.text.read.sequence.doubtful_successes import is_doubtful
from diagnostics.text.read.sequence.dry_runs_and_loops import by_dry_run, by_its_command, by_loop
from diagnostics.text.read.sequence.failure_places import SHORTEST_NAME, last_line, marks_of, thing_of
from diagnostics.text.read.sequence.lines_and_commands import DOUBTED, FAILS, RETRIES, Paste, quote
from diagnostics.text.read.sequence.reported_successes import by_report
from diagnostics.text.read.sequence.same_command_elsewhere import by_command
from iam.arn import Arn, identity_of
from iam.lazy_pattern import regex


def what_came_after(failure: Failure, paste: Paste, *, alone: bool) -> Sequel | None:
    """Return what succeeded after the failure; None if the text shows no success.

    ``alone``: the text has no other failure, so words such as "again" can refer only to this one.
    """
    from diagnostics.text.read.sequence.option_left_out import by_left_out
    from diagnostics.text.read.sequence.success_messages import (
        by_event_of_kubernetes,
        by_response,
        by_running_pod,
        by_session,
        by_transfer,
    )

    at = last_line(failure, paste)
    settled = _by_retry(failure, paste) or _by_event(failure, paste) or by_dry_run(failure, paste, at)
    if settled is not None or at is None:
        return settled
    if (without_an_option := by_left_out(paste, at)) is not None:
        return without_an_option
    commanded = by_command(failure, paste, at)
    reported = by_report(failure, paste, at, alone=alone)
    others = (
        commanded if commanded is not None and commanded.otherwise else None,
        by_loop(failure, paste, at),
        _by_creation(paste, at),
        _by_author(paste, at) if alone else None,
        by_session(failure, paste, at),
        by_event_of_kubernetes(paste, at),
        by_running_pod(paste, at),
        reported,
        commanded,
        _by_operation(failure, paste),
        _by_verb(failure, paste, at),
        by_response(failure, paste, at),
        _by_row(failure, paste, at),
        by_its_command(failure, paste, at),
        by_attempt(paste, at),
        by_same_again(paste, at),
        by_label(paste, at),
        by_named_call(paste, at),
        by_repeated_line(paste, at, thing_of(failure)),
        by_exit(paste, at),
        _by_speaker(failure, paste, at),
        _by_provider(failure, paste, at),
        _by_thing(failure, paste, at),
        _by_request(failure, paste, at),
        by_transfer(failure, paste, at),
        by_task(paste, at),
    )
    of_it = [each for each in others if each is not None and not is_doubtful(each, paste, at)]
    sure = next((each for each in of_it if each.succeeded), None)
    return sure or next((each for each in (commanded, reported) if each in of_it), None)


def _by_event(failure: Failure, paste: Paste) -> Sequel | None:
    """Return a later CloudTrail event in the text for the same operation and caller, without an error."""
    if not failure.operation or not paste.events:
        return None
    of_it = [each for each in paste.events if each.operation == failure.operation]
    if isinstance(failure, Denial) and failure.principal:
        of_it = [each for each in of_it if each.caller and identity_of(each.caller) == identity_of(failure.principal)]
    failed = [each.time for each in of_it if each.failed]
    worked = [each.time for each in of_it if not each.failed]
    if not failed or not worked or max(worked) <= max(failed):
        return None
    with_mfa = any(each.mfa for each in of_it if each.time == max(worked)) and not any(
        each.mfa for each in of_it if each.failed
    )
    return Sequel(succeeded=f"{failure.operation} at {max(worked)} without an error", with_mfa=with_mfa)


_WENT_ON = regex(
    r"^(?!.*(?:n['’]t\b|\b(?:not|never|no|without|could|would|should|if|unless|to be)\b)).*"
    r"(?:\b(?:assumed|loaded|created|completed?|succe\w+|attached|started|launched|fetched|read|written|uploaded"
    r"|downloaded|pulled|pushed|connected|ready|synced|deployed|resolved|mounted|published|joined|sent|delivered)\b"
    r"|\u2705)",
    re.IGNORECASE,
)
_TERRAFORM_THING = regex(
    r"^[ │|]*(?:\S*\d\d:\d\d:\d\d\S* )?(?P<of>[\w.\[\]\"'-]{3,200}): "
    r"(?:(?P<begun>(?:Creating|Modifying|Destroying|Still (?:creating|modifying|destroying))\b)"
    r"|(?:Creation|Modifications|Destruction) complete\b)"
)


def _by_retry(failure: Failure, paste: Paste) -> Sequel | None:
    """Return a continuing program's later line about the same resource that reports no failure."""
    if not paste.retries:
        return None
    thing, marks = thing_of(failure), marks_of(failure)
    warned = [
        number
        for number, line in enumerate(paste.lines)
        if RETRIES.search(line)
        and FAILS.search(line)
        and any(mark in line.lower() for mark in (*marks, *([thing.lower()] if thing else ())))
    ]
    if not warned:
        return None
    at = warned[-1]
    made = _unfinished(paste, at)
    for line in paste.lines[at + 1 :]:
        if FAILS.search(line):
            if thing is not None and thing in line:
                return None
            continue
        ended = _TERRAFORM_THING.match(line)
        done = made is not None and ended is not None and ended["of"] == made and not ended["begun"]
        if done or (thing is not None and thing in line and _WENT_ON.search(line)):
            return Sequel(succeeded=quote(line))
    return None


def _unfinished(paste: Paste, at: int) -> str | None:
    """Return the address of the only thing that Terraform began and did not end before this line; None otherwise."""
    states = [found for line in paste.lines[:at] if (found := _TERRAFORM_THING.match(line))]
    begun = {each["of"] for each in states if each["begun"]} - {each["of"] for each in states if not each["begun"]}
    return begun.pop() if len(begun) == 1 else None


def _by_operation(failure: Failure, paste: Paste) -> Sequel | None:
    """Return a line after the text's last failure that says that the denied operation succeeded."""
    action = failure.action if isinstance(failure, Denial) else None
    name = (action or "").partition(":")[2]
    if len(name) < SHORTEST_NAME or not paste.failing:
        return None
    works = re.compile(rf"\b{re.escape(name)}\b(?:\W{{1,4}}| call )(?:{WELL}|ok)(?!\w)")
    for number in range(paste.failing[-1] + 1, len(paste.lines)):
        line = paste.lines[number]
        stated_of = DOUBTED.search(line) or OTHERWISE_DONE.search(line) or _STATES_A_POLICY.search(line)
        found = works.search(line)
        if found is None or stated_of or _ANOTHER_RUN.search(line, 0, found.start()):
            continue
        command = paste.command_before(number)
        if command is None or "simulate-" not in command.said:
            return Sequel(succeeded=quote(line))
    return None


_VERB = regex(r"[A-Z][a-z]+")


def _by_verb(failure: Failure, paste: Paste, at: int) -> Sequel | None:
    """Return a later line with the denied resource's ARN and the operation's verb in the past: "published … to ARN"."""
    if not isinstance(failure, Denial) or failure.claims_trust:
        return None
    verb, resource = _VERB.match((failure.action or "").partition(":")[2]), failure.resource or ""
    if verb is None or Arn.parse(resource) is None or "*" in resource:
        return None
    # Not the name of a setting (fs.s3a.assumed.role.arn=…), nor a session's ARN (assumed-role/…).
    done = re.compile(rf"(?<![\w.-]){verb[0].removesuffix('e')}ed\b(?![.-]\w|\s*=)", re.IGNORECASE)
    whole = re.compile(rf"{re.escape(resource)}(?![\w/:.-]*\w)")
    later = [line for line in paste.lines[at + 1 :] if whole.search(line)]
    if any(FAILS.search(line) for line in later):
        return None
    found = (line for line in later if done.search(line) and not DOUBTED.search(line) and "?" not in line)
    return next((Sequel(succeeded=quote(line)) for line in found), None)


# CloudTrail User Guide, "CloudTrail record contents": errorCode is there only if the call failed
# (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html).
_ERROR_COLUMN = regex(r"\bevent_?name\b.*\berror_?code\b", re.IGNORECASE)
_NO_ERROR = regex(r"\(null\)|\bnull\b|\bNone\b")


def _by_row(failure: Failure, paste: Paste, at: int) -> Sequel | None:
    """Return the later row of a table of CloudTrail's events with the same operation and no error."""
    name = (failure.action or "").partition(":")[2] if isinstance(failure, Denial) else ""
    if not name or not any(_ERROR_COLUMN.search(line) for line in paste.lines[:at]):
        return None
    of_it = [line for line in paste.lines[at + 1 :] if re.search(rf"\b{name}\b", line)]
    last = of_it[-1] if of_it else ""
    return Sequel(succeeded=quote(last)) if _NO_ERROR.search(last) and not FAILS.search(last) else None


_ANOTHER_RUN = regex(
    r"\b(?:yesterday|earlier|last (?:week|month|night)|simulat\w*|staging|prod(?:uction)?|dev|qa|sandbox)\b",
    re.IGNORECASE,
)
"""Words of a line about a success in another place, on another day or in the policy simulator."""
_STATES_A_POLICY = regex(r"\b(?:allow(?:s|ed)?|grants?|granted|polic(?:y|ies)|permissions?)\b", re.IGNORECASE)
"""Words of a line with an "ok" about what a policy contains."""
_CREATING = regex(r"\b(?:creating|updating|modifying)\b[^\n(]{0,80}\((?P<of>[^)\n]{1,120})\)")


def _by_creation(paste: Paste, at: int) -> Sequel | None:
    """Return Terraform's later line that says that the failed resource was created, by its ID or by its address.

    Its address is the one that was begun and not ended before the failure, if there is only one.
    """
    thing, address = _CREATING.search(paste.lines[at]), _address_of(paste, at)
    if thing is None and not address:
        return None
    made = address or _unfinished(paste, at)
    its_id = re.compile(rf"\[id=(?:arn:\S*[:/])?{re.escape(thing['of'])}\]" if thing is not None else r"(?!)")
    for line in paste.lines[at + 1 :]:
        done = _TERRAFORM_THING.match(line)
        if done is not None and not done["begun"] and (done["of"] == made or its_id.search(line)):
            return Sequel(succeeded=quote(line))
    return None


_WITH_ADDRESS = regex(r"^[ \t|\u2502]*with (?P<of>[\w.\[\]\"'-]{3,200})(?:,|[ \t]*$)")
"""Terraform's line with the address of the resource that an error is about."""
_FARTHEST_ADDRESS = 4


def _address_of(paste: Paste, at: int) -> str:
    """Return the address that Terraform prints with the error in this line; "" if it prints none."""
    near = paste.lines[max(0, at - 1) : at + 1 + _FARTHEST_ADDRESS]
    return next((found["of"] for line in near if (found := _WITH_ADDRESS.match(line))), "")


def _by_author(paste: Paste, at: int) -> Sequel | None:
    """Return the line after the text's last failure in which its author says that it is solved."""
    from diagnostics.text.read.author.remarks import Remark, remark_of

    later = "\n".join(paste.lines[max(at, *paste.failing) + 1 :]) if paste.failing else ""
    said = remark_of(later, Remark.SOLVED)
    return Sequel(succeeded=said.words, stated=True) if said is not None else None


_ECHOED = regex(r"\+{1,2} \S|\b(?:curl|wget|aws|docker|kubectl) (?:[a-z-]+ [a-z-]+|-)")
"""A command that a shell or a log repeats before it is run."""


def _reports_well(line: str) -> bool:
    """Whether a line reports that something succeeded. A command, or another attempt, is not a report."""
    return not (TRIES_AGAIN.search(line) or _ECHOED.search(line)) and _WENT_ON.search(line) is not None


def _by_speaker(failure: Failure, paste: Paste, at: int) -> Sequel | None:
    """Return the first line by which a program whose credentials were rejected reports that something went well."""
    if not isinstance(failure, OtherFailure) or failure.trouble is not Trouble.CREDENTIALS:
        return None
    said_by = speaker(paste.lines[at])
    later = [each for each in range(at + 1, len(paste.lines)) if said_by and speaker(paste.lines[each]) == said_by]
    if not later or any(paste.fails(each) or grave(paste.lines[each]) for each in later):
        return None
    first = next((each for each in later if _reports_well(paste.lines[each])), None)
    return Sequel(succeeded=quote(paste.lines[first])) if first is not None else None


_PROVIDER = regex(
    r"\b(?:credentials?[ _-]?(?:chain|provider)\w*|\w*(?:Credentials?)?Provider)\b[^\n]{0,80}?"
    r"(?:->|=>|→|:)\s*(?:OK|ok|found|resolved|loaded|success)\b"
)


def _by_provider(failure: Failure, paste: Paste, at: int) -> Sequel | None:
    """Return a line, after the failure, which shows that another provider of the credential chain found credentials."""
    if not isinstance(failure, Denial) or not (failure.action or "").startswith("sts:AssumeRole"):
        return None
    if not any("rovider" in line or "chain" in line for line in paste.lines[max(0, at - 5) : at + 1]):
        return None
    later = (line for line in paste.lines[at + 1 :] if _PROVIDER.search(line) and not FAILS.search(line))
    return next((Sequel(succeeded=quote(line)) for line in later), None)


def _by_thing(failure: Failure, paste: Paste, at: int) -> Sequel | None:
    """Return the last line in which the same program reports an operation on the denied resource."""
    thing, said_by = thing_of(failure), speaker(paste.lines[at])
    if thing is None or not said_by:
        return None
    later = [each for each in range(at + 1, len(paste.lines)) if speaker(paste.lines[each]) == said_by]
    failed = [each for each in later if paste.fails(each) or grave(paste.lines[each])]
    good = [each for each in later if each not in failed and thing in paste.lines[each]]
    done = next((each for each in reversed(good) if _WENT_ON.search(paste.lines[each])), None)
    if done is None or any(each < done or thing in paste.lines[each] for each in failed):
        return None
    return Sequel(succeeded=quote(paste.lines[done]))


_METHODS = {"s3:GetObject": "GET", "s3:PutObject": "PUT", "s3:DeleteObject": "DELETE"}
_LOGGER = regex(r"\b(?:ERROR|WARN(?:ING)?|INFO|DEBUG)\]?:?\s+\[?(?P<name>[A-Za-z][\w.-]+)")


def _by_request(failure: Failure, paste: Paste, at: int) -> Sequel | None:
    """Return a later successful request for the same S3 object by the same logger."""
    logger = _logger(paste.lines[at])
    thing = Arn.parse(failure.resource or "") if isinstance(failure, Denial) else None
    method = _METHODS.get(failure.action or "") if isinstance(failure, Denial) else None
    if not logger or thing is None or method is None or "*" in thing.resource:
        return None
    worked = re.compile(rf"\b{method} (?:s3://)?{re.escape(thing.resource)} (?:HTTP/[\d.]+ )?20\d\b")
    for line in paste.lines[at + 1 :]:
        if _logger(line) == logger and worked.search(line):
            return Sequel(succeeded=quote(line))
    return None


def _logger(line: str) -> str:
    """Return the logger or program that a log line names; "" if it names none."""
    named = _LOGGER.search(line)
    return named["name"] if named is not None else speaker(line)
