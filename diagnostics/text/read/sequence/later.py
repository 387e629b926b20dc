"""Find what succeeded after a failure: the same operation, as far as the text shows it."""

from __future__ import annotations

import json
import re

from diagnostics.failure import Denial, Failure, OtherFailure, Trouble
from diagnostics.failure_details import Sequel
from diagnostics.text.read.cmdlets import operation_of_cmdlet
from diagnostics.text.read.log_lines import grave, speaker
from diagnostics.text.read.sequence.paste import CHOSEN, DOUBTED, EXPORTS, FAILS, RETRIES, Paste, quote
from diagnostics.text.read.sequence.places import SHORTEST_NAME, last_line, marks_of, thing_of
from diagnostics.text.read.sequence.successes import OTHERWISE, Success
from iam.arn import Arn, identity_of
from iam.lazy_pattern import regex


def what_came_after(failure: Failure, paste: Paste, *, alone: bool) -> Sequel | None:
    """Return what succeeded after the failure; None if the text shows no success.

    ``alone``: the text has no other failure, so words such as "again" can refer only to this one.
    """
    from diagnostics.text.read.sequence.answered import by_event_of_kubernetes, by_running_pod, by_session
    from diagnostics.text.read.sequence.left_out import by_left_out

    at = last_line(failure, paste)
    settled = _by_retry(failure, paste) or _by_event(failure, paste) or _by_dry_run(failure, paste, at)
    if settled is not None or at is None:
        return settled
    if (by_left_out_option := by_left_out(paste, at)) is not None:
        return by_left_out_option
    by_command = _by_command(paste, at)
    by_report = _by_report(failure, paste, at, alone=alone)
    others = (
        by_command if by_command is not None and by_command.otherwise else None,
        _by_loop(failure, paste, at),
        _by_creation(paste, at),
        _by_author(paste, at) if alone else None,
        by_session(failure, paste, at),
        by_event_of_kubernetes(paste, at),
        by_running_pod(paste, at),
        by_report,
        by_command,
        _by_operation(failure, paste),
        _by_its_command(failure, paste, at),
        _by_attempt(paste, at),
        _by_same_again(paste, at),
        _by_label(paste, at),
        _by_speaker(failure, paste, at),
        _by_provider(failure, paste, at),
        _by_thing(failure, paste, at),
        _by_request(failure, paste, at),
        _by_task(paste, at),
    )
    sure = next((each for each in others if each is not None and each.succeeded), None)
    return sure or by_command or by_report


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
    r"|downloaded|pulled|pushed|connected|ready|synced|deployed|resolved|mounted|published|joined|sent|delivered)\b|\u2705)",
    re.IGNORECASE,
)
_TERRAFORM_THING = regex(
    r"^[ │|]*(?:\S*\d\d:\d\d:\d\d\S* )?(?P<of>[\w.\[\]\"'-]{3,200}): "
    r"(?:(?P<begun>(?:Creating|Modifying|Destroying|Still (?:creating|modifying|destroying))\b)"
    r"|(?:Creation|Modifications|Destruction) complete\b)"
)


def _by_retry(failure: Failure, paste: Paste) -> Sequel | None:
    """Return what a program that continues after a failure later says about the same resource, without a failure."""
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
    begun = [found for line in paste.lines[:at] if (found := _TERRAFORM_THING.match(line))]
    unfinished = {each["of"] for each in begun if each["begun"]} - {each["of"] for each in begun if not each["begun"]}
    made = next(iter(unfinished)) if len(unfinished) == 1 else None
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


def _by_operation(failure: Failure, paste: Paste) -> Sequel | None:
    """Return a line after the text's last failure that says that the denied operation succeeded."""
    action = failure.action if isinstance(failure, Denial) else None
    name = (action or "").partition(":")[2]
    if len(name) < SHORTEST_NAME or not paste.failing:
        return None
    works = re.compile(rf"\b{re.escape(name)}\b(?:\W{{1,4}}| call )(?:{_WELL}|ok)(?!\w)")
    for number in range(paste.failing[-1] + 1, len(paste.lines)):
        line = paste.lines[number]
        told_of = DOUBTED.search(line) or _OTHERWISE_DONE.search(line) or _STATES_A_POLICY.search(line)
        found = works.search(line)
        if found is None or told_of or _ANOTHER_RUN.search(line, 0, found.start()):
            continue
        command = paste.command_before(number)
        if command is None or "simulate-" not in command.said:
            return Sequel(succeeded=quote(line))
    return None


_ANOTHER_RUN = regex(
    r"\b(?:yesterday|earlier|last (?:week|month|night)|simulat\w*|staging|prod(?:uction)?|dev|qa|sandbox)\b",
    re.IGNORECASE,
)
"""Words of a line whose success is of another place, of another day or of the policy simulator."""
_STATES_A_POLICY = regex(r"\b(?:allow(?:s|ed)?|grants?|granted|polic(?:y|ies)|permissions?)\b", re.IGNORECASE)
"""Words of a line whose "ok" is about what a policy contains."""
# EC2 API Reference, "RunInstances": DryRunOperation means that the caller has the permissions
# (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html).
_DRY_RUN = regex(
    r"\(DryRunOperation\) when calling the (?P<operation>\w+) operation"
    r"|(?P<cmdlet>[A-Z][a-z]+-[A-Z]\w+) : Request would have succeeded, but DryRun flag is set"
)


def _by_dry_run(failure: Failure, paste: Paste, at: int | None) -> Sequel | None:
    """Return a later dry run of the denied operation that would have succeeded."""
    action = (failure.action or "") if isinstance(failure, Denial) else ""
    called = failure.operation or action.partition(":")[2]
    if at is None or not called:
        return None
    from diagnostics.text.read.sequence.left_out import missing_options, options_of

    for number in range(at + 1, len(paste.lines)):
        found = _DRY_RUN.search(paste.lines[number])
        tried = (found["operation"] or operation_of_cmdlet(found["cmdlet"]) or "") if found is not None else ""
        if found is not None and tried.lower() == called.lower():
            one, other = paste.command_before(at), paste.command_before(number)
            if one and other and missing_options(options_of(one.plain), options_of(other.plain)):
                continue
            return Sequel(succeeded=quote(found[0]), dry=True)
    return None


_INLINE_ANSWER = regex(r"\s(?:->|=>|→)\s+(?P<answer>\S.*)$")


def _by_its_command(failure: Failure, paste: Paste, at: int) -> Sequel | None:
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


_NUMBERED = regex(
    r"\b(?P<what>attempt|try|retry|run|build|pull|push|deploy(?:ment)?|execution|invocation|sync|poll)"
    r"(?:[ _-]?(?:#|no\.? ?|nr\.? ?))?[ _-]?(?P<number>\d{1,5})\b",
    re.IGNORECASE,
)
_TRIES_AGAIN = regex(
    r"\bretry\b|\bretrying\b|\bretries\b|\bretried\b|\battempt \d|\btry(?:ing)? again\b|\bback(?:ing)?[- ]?off\b"
    r"|\bnext (?:try|attempt)\b|\bsleep(?:ing)? \d",
    re.IGNORECASE,
)
_WELL = (
    r"(?:OK|(?i:success|successful|successfully|succeeded|passed|done|worked|complete|completed|synced|healthy)|✓|✅)"
)
_DONE_WELL = regex(
    rf"(?:\b|(?<=[✓✅])|(?=[✓✅])){_WELL}(?!\w)|\bStatus: (?:Downloaded|Image is up)|\bAssumedRoleId\b"
    r"|\bHTTP(?:/[\d.]+)? 20[0-6]\b|\b(?:status(?:[_ ]?code)?|http\.status_code)\W{1,3}20[0-6]\b"
    r"|\b20[0-6] (?:OK|Created|Accepted)\b"
)
_AT_ONCE = regex(
    r"\W{0,3}(?:(?:20\d\d-\d\d-\d\d[T ])?\d\d:\d\d:\d\d[.,\dZ]*\W{0,3})?(?:\[?(?:INFO|DEBUG|NOTICE)\]?\W{0,3})?"
    + r"(?:(?:OK|(?i:success|successful|successfully|succeeded)|✓|✅)(?!\w)|[A-Z][a-z]+(?:Succeeded|Completed)\b)"
)
_FARTHEST = 8
"""How many lines after a failure the result of its next attempt is searched for."""


def _by_attempt(paste: Paste, at: int) -> Sequel | None:
    """Return the result of a later attempt, if the lines count attempts or say that the program tries again."""
    tried = _NUMBERED.search(paste.lines[at])
    said_by = speaker(paste.lines[at])
    again = says_again = _TRIES_AGAIN.search(paste.lines[at]) is not None
    answer, made = _answer_of(paste.lines[at]), _name_made(paste, at)
    for number in range(at + 1, min(at + 1 + 4 * _FARTHEST, len(paste.lines))):
        line = paste.lines[number]
        if says_again and number <= at + _FARTHEST and not paste.fails(number) and _reported(paste, at, number):
            return Sequel(succeeded=quote(line))
        if paste.fails(number) or DOUBTED.search(line) or _OTHERWISE_DONE.search(line):
            if grave(line) or number in paste.prompts:
                return None
            continue
        counted = _NUMBERED.search(line)
        if tried and counted and counted["what"].lower() == tried["what"].lower():
            well = _DONE_WELL.search(line) or _JSON_ANSWER.match(line, counted.end())
            if int(counted["number"]) > int(tried["number"]) and well:
                return Sequel(succeeded=quote(line))
            continue
        if said_by and speaker(line) not in ("", said_by):
            continue
        if _TRIES_AGAIN.search(line) and not _DONE_WELL.search(line):
            again = True
            continue
        if again and number <= at + _FARTHEST:
            if (answer is not None and answer.search(line)) or (made is not None and made.search(line)):
                return Sequel(succeeded=quote(line))
            if _APPLIED.search(line):
                return Sequel(succeeded=quote(line))
            if _AT_ONCE.match(line) or (_TRIES_AGAIN.search(line) and _DONE_WELL.search(line)):
                return Sequel(succeeded=quote(line))
            if number in paste.prompts or grave(line):
                return None
    return None


_JSON_ANSWER = regex(r"[^\w{]{0,4}\{\s*\"(?!error|message|__type|code)", re.IGNORECASE)
_APPLIED = regex(r"\bApply complete!")
"""Terraform applies nothing completely whose creation fails for good."""
_CREATING = regex(r"\b(?:creating|updating|modifying)\b[^\n(]{0,80}\((?P<of>[^)\n]{1,120})\)")


def _by_creation(paste: Paste, at: int) -> Sequel | None:
    """Return Terraform's later line that the thing whose creation failed is made: by its ID, or by its address.

    Its address is the one that was begun and not ended before the failure, if there is only one.
    """
    thing = _CREATING.search(paste.lines[at])
    if thing is None:
        return None
    states = [found for line in paste.lines[:at] if (found := _TERRAFORM_THING.match(line))]
    begun = {each["of"] for each in states if each["begun"]} - {each["of"] for each in states if not each["begun"]}
    made = next(iter(begun)) if len(begun) == 1 else None
    its_id = re.compile(rf"\[id=(?:arn:\S*[:/])?{re.escape(thing['of'])}\]")
    for line in paste.lines[at + 1 :]:
        done = _TERRAFORM_THING.match(line)
        if done is not None and not done["begun"] and (done["of"] == made or its_id.search(line)):
            return Sequel(succeeded=quote(line))
    return None


_SOLVED = regex(
    r"^\W{0,4}(?:(?:edit|update|upd|eta)\d?\b[\s:.-]{1,4})?(?:(?:it|that|this)(?:['’]?s| is) )?"
    r"(?:all )?(?:now )?"
    r"(?:solved|resolved|fixed|gelöst|behoben|résolu|resuelto|solucionado)"
    r"(?=\W*$|[,.:;!]| -| (?:now|it|this|that|after|when|once|thanks|jetzt"
    r"|by (?:the|my|adding|using|removing|setting))\b)",
    re.IGNORECASE,
)


def _by_author(paste: Paste, at: int) -> Sequel | None:
    """Return the line after the text's last failure in which its author says that it is solved."""
    for line in paste.lines[max(at, *paste.failing) + 1 :] if paste.failing else ():
        if _SOLVED.match(line) and "?" not in line:
            return Sequel(succeeded=quote(line), told=True)
    return None


_CALLED = regex(r"\bwhen calling the (?:Create|Update|Put|Register|Start)(?P<thing>[A-Z]\w{3,60}) operation\b")


def _reported(paste: Paste, at: int, number: int) -> bool:
    """Whether the line reports the success of what the line of the failure says."""
    if _of_another_registry(paste, at, number):
        return False
    rows = [(row, found) for place, row, found in paste.reports if place == number and not row.again]
    failed = paste.lines[at]
    return any(
        row.failed.search(failed) and ("of" not in row.failed.groupindex or _same_thing(row, found, paste, at))
        for row, found in rows
    )


_LOOP = regex(
    r"\b(?:(?P<until>until|while !) [^\n;]{0,40}?|for \w+ in (?P<tries>[^;\n]{1,80}); ?do )aws (?P<service>[\w-]+) "
    r"(?P<call>[a-z]+(?:-[a-z0-9]+)+)(?P<rest>[^\n]*)"
)
_TRACED = regex(r"(?:\S*\d\d:\d\d:\d\d\S* )?\+ (?!sleep\b|for\b|break\b)(?P<command>\S[^\n]*)")


def _by_loop(failure: Failure, paste: Paste, at: int) -> Sequel | None:
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


def _answer_of(line: str) -> re.Pattern[str] | None:
    """What the answer of the operation that failed contains: the ARN of the thing. None where the line names none."""
    called = _CALLED.search(line)
    return re.compile(rf'"{called["thing"]}Arn"\s*:\s*"arn:') if called else None


def _name_made(paste: Paste, at: int) -> re.Pattern[str] | None:
    """What the answer of the command before the failure contains: the name that it gives. None without a name."""
    command = next((line for line in reversed(paste.lines[max(0, at - 4) : at]) if _CREATES.search(line)), "")
    given = _CREATES.search(command)
    return re.compile(rf'"\w*Name"\s*:\s*"{re.escape(given["name"])}"') if given else None


_CREATES = regex(
    r"\baws [\w-]+ (?:create|update|put|register|start)-[\w-]+ [^\n]*?--[\w-]*name[ =](?P<name>[\w.-]{3,100})"
)
_SAME_AGAIN = regex(
    r"\b(?:the )?same (?:command|call|one|thing|step)?(?: (?:run|tried))? (?:again|once more|later)\W{0,3}\s*"
    r"(?:->|=>|→|:|,)\s*(?:ok(?:ay)?|successful|success|succeeded|works?|worked|fine|done|no error)\b(?![^\n]*\?)",
    re.IGNORECASE,
)


_ELSEWHERE = regex(r"(?i:profile|region)\b|\b(?:from|on|with|as|in|by) (?!the same)")


def _by_same_again(paste: Paste, at: int) -> Sequel | None:
    """Return the author's line, before any other failure, that the same command worked when run again."""
    for line in paste.lines[at + 1 :]:
        if _SAME_AGAIN.search(line) and not DOUBTED.search(line) and not _ELSEWHERE.search(line):
            return Sequel(succeeded=quote(line))
        if FAILS.search(line):
            return None
    return None


_TIME_FIRST = regex(r"^[^\w\n]{0,3}(?:\d{4}-\d\d-\d\d[T ]?)?(?:\d\d:\d\d(?::\d\d)?[.,\d]*Z?)?[^\w\n]{0,3}")
_RESULT = regex(
    r"\s*(?:\.{2,}|[:…|>=\[(-])[\s.:…|>=\[(-]*"
    r"(?:\b(?:FAIL|FAILED|FAILURE)\b|✗|✖|❌|[A-Z]\w*(?:Exception|Denied\w*|Error)\b|An error occurred)"
    r"|\s{2,}(?:[A-Z]\w*(?:Exception|Denied|Error)|InvalidClientTokenId|UnrecognizedClient\w*)\b"
)
_WENT_WELL = regex(
    r"[\s.:…|>=\[(-]*(?:ok|done|success|successful|successfully|succeeded|pass(?:ed)?|completed?|✓|✅|✔️?)"
    r"[\s\])]*(?:\(?(?:in |after )?[\d.,:]+ ?(?:ms|s|sec\w*|m|min\w*)\)?)?[\s.]*$"
    r"|\s{2,}arn:[\w-]+:(?:iam|sts)::\d{12}:\S+$",
    re.IGNORECASE,
)
_SHORTEST_LABEL = 8


def _by_label(paste: Paste, at: int) -> Sequel | None:
    """Return the later line with the words that introduce the failure in its line, and a good result in its place."""
    line = _TIME_FIRST.sub("", paste.lines[at], count=1)
    result = _RESULT.search(line)
    label = line[: result.start()].strip() if result is not None else ""
    if len(label) < _SHORTEST_LABEL or " " not in label or FAILS.search(label):
        return None
    well = [
        number
        for number, each in enumerate(paste.lines)
        if label in each
        and (said := _TIME_FIRST.sub("", each, count=1)).startswith(label)
        and _WENT_WELL.match(said, len(label)) is not None
    ]
    # One before the failure: the same words are of one thing after another.
    return Sequel(succeeded=quote(paste.lines[well[0]])) if well and well[0] > at else None


_OTHERWISE_DONE = regex(OTHERWISE, re.IGNORECASE)


def _by_speaker(failure: Failure, paste: Paste, at: int) -> Sequel | None:
    """Return the first line without a failure by a program whose credentials were rejected."""
    if not isinstance(failure, OtherFailure) or failure.trouble is not Trouble.CREDENTIALS:
        return None
    said_by = speaker(paste.lines[at])
    later = [each for each in range(at + 1, len(paste.lines)) if said_by and speaker(paste.lines[each]) == said_by]
    if not later or any(paste.fails(each) or grave(paste.lines[each]) for each in later):
        return None
    first = next((each for each in later if not _TRIES_AGAIN.search(paste.lines[each])), None)
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


def _by_report(failure: Failure, paste: Paste, at: int, *, alone: bool) -> Sequel | None:
    """Return the first success that the same program reports after the text's last failure."""
    last = max((each for each in paste.failing if each > at), default=at)
    # What a failure's own words tie to it is over, whatever else fails later.
    around = "\n".join(paste.lines[max(0, at - 12) : at + 5])
    later: Sequel | None = None
    for number, row, found in paste.reports:
        if number <= at or not row.failed.search(around) or _is_past(paste, number):
            continue
        if number < last and not (row.says_so or row.lone or _stays_over(row, found, paste, at, number)):
            continue
        said = quote(found[0])
        if row.says_so:
            if (
                row.failed.search(paste.lines[at])
                and not _chosen_between(paste, at, number)
                and not _of_another_registry(paste, at, number)
            ):
                return Sequel(succeeded=said)
            continue
        if row.again:
            if alone and not _chosen_between(paste, at, number) and not _of_another_call(failure, found[0], paste, at):
                return Sequel(succeeded=said)
            continue
        if row.lone and _only_one(row, paste) and _may_be(found, paste, at):
            return Sequel(succeeded=said)
        if _same_thing(row, found, paste, at) or _same_command(row, paste, at, number) or _names(failure, said):
            return Sequel(succeeded=said)
        later = later or (None if row.named else Sequel(later=said))
    return later


def _by_thing(failure: Failure, paste: Paste, at: int) -> Sequel | None:
    """Return the last line in which the same program reports an operation on the denied resource."""
    thing, said_by = thing_of(failure), speaker(paste.lines[at])
    if thing is None or not said_by:
        return None
    later = [each for each in range(at + 1, len(paste.lines)) if speaker(paste.lines[each]) == said_by]
    if any(paste.fails(each) or grave(paste.lines[each]) for each in later):
        return None
    done = (each for each in reversed(later) if thing in paste.lines[each] and _WENT_ON.search(paste.lines[each]))
    return next((Sequel(succeeded=quote(paste.lines[each])) for each in done), None)


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
    """The logger or the program that a log line names; "" if it names none."""
    named = _LOGGER.search(line)
    return named["name"] if named is not None else speaker(line)


def result_of_a_task(text: str) -> Sequel | None:
    """Return the good result of an Ansible task whose last error is one that is not known; None if there is none."""
    paste = Paste(text) if "FAILED - RETRYING" in text else None
    return _by_task(paste, paste.failing[-1]) if paste is not None and paste.failing else None


_TASK_TRIED = regex(r"\W*FAILED - RETRYING: (?:\[(?P<host>[^\]\n]+)\]: )?[^\n]*\(\d+ retries left\)")
_TASK_DONE = regex(r"\W*(?:changed|ok): \[(?P<host>[^\]\n]+)\]")
_NEXT_TASK = regex(r"\W*(?:TASK|PLAY|RUNNING HANDLER)\b|\W*(?:fatal|failed): \[")


def _by_task(paste: Paste, at: int) -> Sequel | None:
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


def _only_one(row: Success, paste: Paste) -> bool:
    """Return whether all successes of this kind in the text are for one resource."""
    return len({found.groupdict().get("of") for _, each, found in paste.reports if each is row}) == 1


_SERVICE_NAMED = regex(
    r"\bservice \(?(?P<name>[\w-]+)\)?(?= (?:has (?:started|reached|stopped|begun)|failed|was unable|is unable"
    r"|deployment|\())"
)


def _may_be(found: re.Match[str], paste: Paste, at: int) -> bool:
    """Whether the failure's line names no other service than the success."""
    named = {each["name"] for each in _SERVICE_NAMED.finditer(paste.lines[at])}
    return not named or found.groupdict().get("of") in (None, *named)


def _same_thing(row: Success, found: re.Match[str], paste: Paste, at: int) -> bool:
    """Return whether failure and success name the same resource: the nearest one that a line of the failure names."""
    worked = next((value for name, value in found.groupdict().items() if name.startswith("of") and value), None)
    if worked is None:
        named = {each["of"] for line in paste.lines for each in row.failed.finditer(line) if each.groupdict().get("of")}
        near = paste.lines[max(0, at - 3) : at + 5]
        return len(named) == 1 and any(name in line for line in near for name in named)
    for number in (*range(at, at + 5), *range(at - 1, max(-1, at - 4), -1)):
        if number >= len(paste.lines):
            continue
        failed = [each["of"] for each in row.failed.finditer(paste.lines[number]) if each.groupdict().get("of")]
        if failed:
            return worked in failed
    return False


def _stays_over(row: Success, found: re.Match[str], paste: Paste, at: int, number: int) -> bool:
    """Return whether the success is for the failed resource, and no later failure names that resource."""
    named = [value for name, value in found.groupdict().items() if name.startswith("of") and value]
    later = (paste.lines[each] for each in paste.failing if each > number)
    return _same_thing(row, found, paste, at) and not any(value in line for line in later for value in named)


def _is_past(paste: Paste, number: int) -> bool:
    """Return whether the line is from the shell's history, or is said to precede what the text shows above it."""
    command = paste.command_before(number)
    of_history = command is not None and _HISTORY.match(command.said) is not None
    return of_history or _EARLIER.search(paste.lines[number]) is not None


_HISTORY = regex(r"(?:history|fc -l)\b")
_EARLIER = regex(r"\b(?:before (?:it|this|that)|beforehand|the step before|earlier|davor|antes)\b", re.IGNORECASE)
_MOVES = regex(r"\b(?:docker|podman|buildah|crane|skopeo|nerdctl)\b[^\n|]*\b(?:push|pull|copy)\b")
_REGISTRY = regex(r"\b\d{12}\.dkr\.ecr(?:-fips)?\.[a-z0-9-]+\.amazonaws\.com\b|\bpublic\.ecr\.aws\b")


def _of_another_registry(paste: Paste, at: int, number: int) -> bool:
    """Whether the failure and the sign-in name registries, and none in common: a sign-in is for one registry."""
    failed = set(_REGISTRY.findall("\n".join(paste.lines[max(0, at - 3) : at + 1])))
    failed = failed or {found[0] for line in paste.lines if _MOVES.search(line) and (found := _REGISTRY.search(line))}
    signed = set(_REGISTRY.findall("\n".join(paste.lines[max(at + 1, number - 2) : number + 1])))
    return bool(failed and signed) and not failed & signed


def _same_command(row: Success, paste: Paste, at: int, number: int) -> bool:
    """Return whether the same command, run again in the same directory, failed first and succeeded later."""
    one, other = paste.command_before(at), paste.command_before(number)
    if row.commands is None or one is None or other is None or not row.commands.match(one.plain):
        return False
    return one.said == other.said and one.line != other.line and not paste.elsewhere(one.line, other.line)


def _chosen_between(paste: Paste, at: int, number: int) -> bool:
    """Whether another profile, Region or other keys were chosen between a failure and a success."""
    chosen = (each.said for each in paste.commands if at < each.line < number)
    one, other = paste.command_before(at), paste.command_before(number)
    if one is not None and other is not None and paste.choices(one)["region"] != paste.choices(other)["region"]:
        return True
    return any(EXPORTS.match(each) or ("--profile" in each and "sso login" not in each) for each in chosen)


_COMMAND = regex(r"\baws (?P<service>[a-z0-9-]+) (?P<call>[a-z][a-z0-9-]+)")


def _of_another_call(failure: Failure, said: str, paste: Paste, at: int) -> bool:
    """Whether a report of success names a command of the AWS CLI that is not the one that failed."""
    named = _COMMAND.search(said)
    if named is None:
        return False
    failed = paste.command_before(at)
    if failed is not None and failed.plain.startswith(named[0]):
        return False
    return named["call"].replace("-", "") != (failure.operation or "").lower()


def _names(failure: Failure, said: str) -> bool:
    """Whether a report of success names the operation that failed."""
    named = [failure.operation, getattr(failure, "action", None)]
    return any(each and each.rpartition(":")[2].lower() in said.lower() for each in named)


def _by_command(paste: Paste, at: int) -> Sequel | None:
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
        if not otherwise and paste.elsewhere(failed.line, again.line):
            return Sequel(later=said)
        settled = bool(otherwise) and any(map(_ASKS_IF_DONE.search, paste.lines[again.line + 1 :]))
        return Sequel(succeeded=said, otherwise=otherwise, settled=settled)
    return None


_ASKS_IF_DONE = regex(
    r"\b(?:do|does|should|must) (?:I|we|they) still (?:need|have to)\b|\bstill (?:needed|necessary|required)\b[^\n]*\?"
    r"|\b(?:can|may|should) (?:I|we) (?:close|leave it|ignore)\b"
    r"|\b(?:is|are) (?:that|this|it|we) (?:done|solved|fixed)\b"
    r"|\bdo (?:I|we) (?:really )?need (?:a|an|any|another|to)\b[^\n?]{0,40}\b(?:polic\w+|permissions?|ticket|IAM)\b",
    re.IGNORECASE,
)
"""A question that shows that the author's task is already done, such as "can we ignore this?"."""
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
