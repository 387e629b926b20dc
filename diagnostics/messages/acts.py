"""A paste as a sequence: which failure succeeded later, and which one only follows from another.

A failure "works again" where the text shows the success of the same operation on the same thing: the program reports it
for the thing that failed, or the same command has an answer that is no failure. Any other success further down is
quoted and proves nothing. A clean-up call that fails after the call that it cleans up names that call.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from diagnostics.failure import Conflict, Denial, Failure, OtherFailure, Sequel, Trouble
from diagnostics.messages.log_lines import aside, continues, grave, oldest_first, speaker
from diagnostics.messages.shell import PROMPT
from iam.arn import Arn, identity_of
from iam.lazy_pattern import regex

_LONGEST = 400_000
_MOST_LINES = 12_000
_MOST_FAILURES = 50
_LONGEST_LINE = 2_000
_MOST_TRIES = 200
"""Places at which a JSON document may begin, and none does."""


@dataclass(frozen=True, slots=True)
class _Success:
    """How a program reports success, and what its failure and its success have in common.

    ``failed`` matches a line of the program's failure, ``succeeded`` a line of its success. Where both have a group
    ``of``, that is the thing (a stack, an image) which has to be the same. ``commands`` matches the program's command:
    the success is the same operation's where one such command, repeated, stands before both. ``again``: the words
    themselves say that it is the same, once more: so it is where the paste has one failure. ``says_so``: the line of
    the failure has words after which such a success can only be of the same thing. ``lone``: the success is of the same
    thing where the text speaks of one such thing only.
    """

    failed: re.Pattern[str]
    succeeded: re.Pattern[str]
    commands: re.Pattern[str] | None = None
    again: bool = False
    says_so: bool = False
    lone: bool = False


def _success(failed: str, succeeded: str, commands: str = "", *, says_so: bool = False, lone: bool = False) -> _Success:
    compiled = regex(commands) if commands else None
    return _Success(regex(failed, re.IGNORECASE), regex(succeeded), compiled, says_so=says_so, lone=lone)


_OTHERWISE = (
    r"\b(?:as|from|under|using|with|when|another|other|different|elsewhere|instead|locally|own|profile|admin\w*)\b"
)
"""Words of another identity or place: what worked so is no repetition."""
_FAILS_STILL = r"\b(?:denied|refused|still|tests?)\b"
_NO_DOUBT = (
    r"^(?![^\n]*(?:n['’]t\b|\bnot\b|\bnever\b|\bused to\b|\buntil\b|\bif\b|\bwhy\b|\bbut\b|\?|"
    + _FAILS_STILL
    + "|"
    + _OTHERWISE
    + r"))"
    r"[^\n]{0,160}?"
)
_AGAIN = _Success(
    regex(r"[\s\S]"),
    regex(
        _NO_DOUBT + r"(?:\b(?:again|second \S+|next (?:run|attempt|try)|re-?r[au]n|retr(?:y|ied))\b"
        r"(?:[^\n.]|\.(?=[.\w])|(?<=\.)\.){0,80}?"
        r"\b(?:worked|succeeded|passed|went through|launched|complete!|succeeds|passes|works|success)(?!\w)"
        r"|\bworks? (?:now|again)\b|\bnow (?:it )?works\b|\bis working (?:now|again)\b)[^\n]*",
        re.IGNORECASE,
    ),
    again=True,
)


_SUCCESSES = (
    _AGAIN,
    _success(
        r"\bassum(?:e|ing)[^\n]{0,400}:role/(?:[\w+=,.@-]+/)*(?P<of>[\w+=,.@-]+)",
        r"assumed-role/(?P<of>[\w+=,.@-]+)/[\w+=,.@-]+\"[^\n]*\}"
        r"|(?:[Ss]uccessfully |[Nn]ow )?\b[Aa]ssumed (?:the )?role (?:arn:\S+:role/)?(?P<of_role>[\w+=,.@/-]+)"
        r"|\"AssumedRoleUser\"[^\n]*assumed-role/(?P<of_user>[\w+=,.@-]+)/",
    ),
    _success(
        r"\bwith (?P<of>[\w.\[\]\"'-]{3,200}),",
        r"^[ │|]*(?P<of>[\w.\[\]\"'-]{3,200}): (?:Creation|Modifications|Destruction) complete\b[^\n]*",
    ),
    _success(
        r"\bError:|terraform|╷|│",
        r"\bApply complete! Resources:[^\n]*",
        r"(?:terraform|tofu|terragrunt)\b[^\n]*\bapply\b",
    ),
    _success(
        r"\bError:|terraform|╷|│",
        r"\bDestroy complete! Resources:[^\n]*",
        r"(?:terraform|tofu|terragrunt)\b[^\n]*\bdestroy\b",
    ),
    _success(r"❌ +(?P<of>[\w-]+)|_FAILED|\bcdk\b", r"✅ +(?P<of>[\w-]+)[^\n]*"),
    _success(
        r"(?:failed to create/update (?:the )?stack|--stack-name|\bstack(?: named)?)[ :=]+[\"'`]?(?P<of>[\w-]+)"
        r"|(?:CREATE|UPDATE|DELETE)_FAILED|ROLLBACK",
        r"Successfully created/updated stack[ :-]+(?P<of>[\w-]+)[^\n]*"
        r"|(?:CREATE|UPDATE)_COMPLETE\s+\|?\s*AWS::CloudFormation::Stack\s+\|?\s*(?P<of_row>[\w-]+)[^\n]*",
    ),
    _success(r"Could not assume role|configure-aws-credentials", r"Authenticated as assumedRoleId \S+"),
    _success(
        r"docker|\.dkr\.|denied: ", r"\bLogin Succeeded\b", r"(?:docker|podman) login\b|aws ecr get-login-password\b"
    ),
    _success(
        r"(?:failed to pull|pulling) image [\"'`]?(?P<of>[\w./:@-]+)|failed to pull|ErrImagePull|ImagePullBackOff",
        r"Successfully pulled image (?:\"(?P<of>[^\"\n]+)\")?[^\n]*",
    ),
    _success(
        r"externalsecret(?:\.[\w.-]+)?/(?P<of>[\w.-]+)|SecretSyncedError|external-?secrets",
        r"(?:externalsecret(?:\.[\w.-]+)?/(?P<of>[\w.-]+)[^\n]{0,200})?(?:\bSecretSynced\b|\bsecret synced\b)",
    ),
    # ECS developer guide, "Service event messages".
    _success(
        r"\bservice \(?(?P<of>[\w-]+)\)?(?: \([\w -]+\))? (?:failed to launch a task|was unable to |is unable to )",
        r"\bservice \(?(?P<of>[\w-]+)\)? has (?:started \d+ tasks?|reached a steady state)\b[^\n]*",
    ),
    _success(
        r"ResourceInitializationError|tasks? failed to start|CannotPull\w+|CannotStart\w+"
        r"|unable to (?:pull|place|assume)|deployment failed",
        r"\bservice \(?(?P<of>[\w-]+)\)? has reached a steady state\b[^\n]*",
        lone=True,
    ),
    # AWS CodeBuild User Guide, "Build phase transitions": a build that cannot set itself up has no phase BUILD.
    _success(
        r"\[Container\][^\n]*CLIENT_ERROR|Phase context status code|DOWNLOAD_SOURCE",
        r"Phase complete: BUILD State: SUCCEEDED",
        lone=True,
    ),
    # Kubernetes, "kubectl rollout status".
    _success(
        r"ErrImagePull|ImagePullBackOff|CreateContainerConfigError|CrashLoopBackOff|FailedMount|failed to pull",
        r"(?:deployment|statefulset|daemon set) \"(?P<of>[\w.-]+)\" successfully rolled out",
        lone=True,
    ),
    _success(
        r"(?P<of>[\w-]+)\s+\|?\s*(?:CREATE|UPDATE|DELETE)_FAILED",
        r"(?P<of>[\w-]+)\s+\|?\s*(?:CREATE|UPDATE|DELETE)_COMPLETE\s+\|?\s*AWS::[^\n]*",
    ),
    # The requests of a server's log: the same route.
    _success(
        r"\b(?P<of>(?:GET|POST|PUT|DELETE|PATCH|HEAD) \S+)\W{1,4}[45]\d\d\b",
        r"\b(?P<of>(?:GET|POST|PUT|DELETE|PATCH|HEAD) \S+)\W{1,4}20\d\b[^\n]*",
    ),
    _success(r"serverless|\bsls\b", r"Service deployed to stack[^\n]*", r"(?:npx )?(?:serverless|sls) deploy\b"),
    _success(r"pulumi|\berror:", r"\bUpdate succeeded\b|^\s*[+~] \d+ (?:created|updated)\b", r"pulumi up\b"),
    _success(r"retr(?:y|ying)|attempt", r"[^\n]{0,60}(?:succeeded (?:after|on)|retry succeeded)[^\n]{0,60}"),
    # AWS CLI User Guide, "Configuring IAM Identity Center authentication": what aws sso login prints
    # (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sso.html).
    _success(
        r"SSO (?:session|token)|Token has expired and refresh failed|UnauthorizedSSOToken",
        r"Successfully logged into Start URL[^\n]*",
        says_so=True,
    ),
    _success(
        r"no basic auth credentials|authorization token has expired", r"[^\n]{0,80}\bLogin Succeeded\b", says_so=True
    ),
    _success(
        r"toomanyrequests|no basic auth credentials|authorization token has expired|pull access denied",
        r"Status: (?:Downloaded newer image|Image is up to date) for [^\n]*",
        r"(?:sudo )?(?:docker|podman) pull\b",
    ),
    # A key that is just created, or a session that is renewed, and the caller's identity with it.
    _success(
        r"InvalidClientTokenId|security token included in the request|UnrecognizedClient|Expired",
        r"\"Arn\"\s*:\s*\"arn:[\w-]+:(?:iam|sts)::\d{12}:[^\"\n]+\"",
        says_so=True,
    ),
    # AWS CDK: it goes on with the caller's own credentials, and says so.
    _success(r"Proceeding anyway", r"\u2705 +[\w-]+[^\n]*", says_so=True),
)
_RETRIES = regex(
    r"\bretry(?:ing)?\b|\bretries\b|\battempt \d|\bwill (?:be )?(?:retried|retry|try again)\b|Proceeding anyway"
    r"|level=(?:debug|warn(?:ing)?)\b|\[?\b(?:DEBUG|WARN(?:ING)?)\b",
)
"""What programs write beside a failure that does not end them."""
_WENT_ON = regex(
    r"^(?!.*(?:n['’]t\b|\b(?:not|never|no|without|could|would|should|if|unless|to be)\b)).*"
    r"(?:\b(?:assumed|loaded|created|completed?|succeeded|succe\w+|attached|started|launched|fetched|read|written"
    r"|uploaded"
    r"|downloaded|pulled|pushed|connected|ready|synced|deployed|resolved|mounted|published|joined)\b|\u2705)",
    re.IGNORECASE,
)
_TERRAFORM_THING = regex(
    r"^[ │|]*(?P<of>[\w.\[\]\"'-]{3,200}): (?:Still )?(?:creating|modifying|destroying|Creating|Modifying|Destroying)"
)
_PROMPT = regex(rf"^(?:{PROMPT}|(?:\+{{1,2}}|##\[command\]|Run) +)(?P<command>(?:\w+=\S+ +)*[a-z][\w./-]* [^\n]+)$")
_FAILS = regex(
    r"error occurred|not authori[sz]ed|access ?denied|unauthorized|forbidden|\berror\b|exception|_FAILED|expired"
    r"|invalid|unable to|could not|no basic auth|toomanyrequests",
    re.IGNORECASE,
)
_UNFINISHED = regex(
    r"\^C|KeyboardInterrupt|\binterrupted\b|\b(?:killed|terminated)\b|timed? ?out|no such|not found|\busage:|truncated"
    r"|\.\.\.\s*$|…\s*$|\bfailed\b",
    re.IGNORECASE,
)
_ANSI = regex(r"\x1b\[[0-9;?]*[A-Za-z]")
_CHOICE = regex(r"\s--(?:profile|region|debug|output|query|no-cli-pager)(?:[ =][^\s-]\S*)?")
_CHOSEN = (
    ("profile", regex(r"--profile[ =](\S+)|\bAWS_PROFILE=(\S+)")),
    ("region", regex(r"--region[ =]([a-z]{2}(?:-[a-z]+)+-\d)|\bAWS_(?:DEFAULT_)?REGION=([a-z]{2}(?:-[a-z]+)+-\d)")),
)
_ELSEWHERE = regex(
    r"(?:cd|pushd|export|set|unset|source|kubectx|aws sso|aws configure|\S+ (?:workspace|stack) select)\b"
)
"""Commands after which the same command may be another one: another folder, other credentials."""


def _lines(text: str) -> list[str]:
    joined = re.sub(r"\\[ \t]*\r?\n[ \t]*", " ", _ANSI.sub("", text[:_LONGEST]))
    return [line.rstrip("\r")[:_LONGEST_LINE] for line in joined.split("\n")[:_MOST_LINES]]


@dataclass(frozen=True, slots=True)
class _Event:
    """An event of CloudTrail: ``time`` as it is written (ISO 8601), ``caller`` an ARN or empty."""

    operation: str
    time: str
    caller: str
    failed: bool


def _events(text: str) -> list[_Event]:
    """The events of a text that is CloudTrail's JSON: a list, an object with Records, or one object a line."""
    if '"eventName"' not in text or len(text) > _LONGEST:
        return []
    found: list[_Event] = []
    decoder, at, tries = json.JSONDecoder(), 0, 0
    while (
        tries < _MOST_TRIES
        and (start := min((place for mark in "[{" if (place := text.find(mark, at)) >= 0), default=-1)) >= 0
    ):
        try:
            value, at = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            at, tries = start + 1, tries + 1
            continue
        rows = value.get("Records", [value]) if isinstance(value, dict) else value
        found += [event for row in rows if isinstance(row, dict) and (event := _event(row)) is not None]
    return found


def _event(row: dict[str, object]) -> _Event | None:
    operation, time, identity = row.get("eventName"), row.get("eventTime"), row.get("userIdentity")
    if not isinstance(operation, str) or not isinstance(time, str):
        return None
    caller = identity.get("arn") if isinstance(identity, dict) else None
    return _Event(operation, time, caller if isinstance(caller, str) else "", bool(row.get("errorCode")))


@dataclass(frozen=True, slots=True)
class _Command:
    """A command at a prompt: ``plain`` is without what chooses identity, Region and output."""

    line: int
    said: str
    plain: str


class _Paste:
    """The lines of a paste, with its commands, its reports of success and the lines of failures, each found once."""

    def __init__(self, text: str) -> None:
        self.lines = oldest_first(_lines(text))
        self.commands = [
            _Command(number, found["command"], _plain(found["command"]))
            for number, line in enumerate(self.lines)
            if (found := _PROMPT.match(line))
        ]
        self.prompts = [each.line for each in self.commands]
        self.reports = [
            (number, row, found)
            for number, line in enumerate(self.lines)
            for row in _SUCCESSES
            if (found := row.succeeded.search(line))
        ]
        self.retries = any(_RETRIES.search(line) for line in self.lines)
        self.failing = [number for number, line in enumerate(self.lines) if _FAILS.search(line)]
        self.events = _events(text)
        self.near = [" ".join(self.lines[number : number + 3]).lower() for number in self.failing]

    def fails(self, line: int) -> bool:
        return _FAILS.search(self.lines[line]) is not None

    def command_before(self, line: int) -> _Command | None:
        index = bisect_right(self.prompts, line) - 1
        return self.commands[index] if index >= 0 else None

    def choices(self, command: _Command) -> dict[str, str]:
        """The profile and the Region that a command names, or that were exported before it."""
        exported = (each.said for each in self.commands if each.line < command.line and _EXPORTS.match(each.said))
        before = " ".join(exported)
        return {name: _said(by, command.said) or _last_said(by, before) for name, by in _CHOSEN}

    def elsewhere(self, begin: int, end: int) -> bool:
        """Whether a command between two others may have changed what the second one is about."""
        return any(begin < each.line < end and _ELSEWHERE.match(each.said) for each in self.commands)

    def answer(self, command: _Command) -> str:
        end = bisect_right(self.prompts, command.line)
        return "\n".join(self.lines[command.line + 1 : self.prompts[end] if end < len(self.prompts) else None])


def _plain(command: str) -> str:
    without = re.sub(r"^(?:\w+=\S+\s+)*", "", command)
    return " ".join(_CHOICE.sub("", f" {without}").split())


def in_sequence(failures: Sequence[Failure], text: str) -> tuple[Failure, ...]:
    """The failures of a paste, each with what came after it or before it."""
    if "\n" not in text.strip() or all(_is_of_another_system(each) for each in failures):
        return tuple(failures)
    paste, causes = _Paste(text), _Causes()
    found = []
    for index, failure in enumerate(failures):
        after = _after(failure, paste, alone=len(failures) == 1) if index < _MOST_FAILURES else None
        caused_by = causes.of(failure)
        if caused_by:
            after = replace(after or Sequel(), caused_by=caused_by)
        found.append(replace(failure, sequel=after) if after else failure)
    found = _with_asides(found, paste) if len(found) <= _MOST_FAILURES else found
    if len(found) > 1:
        found = [_overcome(each) for each in found]
    return tuple(sorted(found, key=_later))  # what was overcome comes last


def _overcome(failure: Failure) -> Failure:
    """The failure, beside others; one whose call worked in another way is no longer the one to explain."""
    if failure.sequel is None or not failure.sequel.otherwise:
        return failure
    return replace(failure, sequel=replace(failure.sequel, overcome=True))


def _is_of_another_system(failure: Failure) -> bool:
    return isinstance(failure, OtherFailure) and failure.trouble is Trouble.NOT_IAM


def _is_over(failure: Failure) -> bool:
    return failure.sequel is not None and failure.sequel.over


def _later(failure: Failure) -> int:
    """What stopped the program comes first, then what it went on after, then what was overcome."""
    if _is_over(failure):
        return 2
    sequel = failure.sequel
    return 1 if sequel is not None and (sequel.aside or sequel.overcome) else 0


# What did not stop the program.


def _with_asides(found: list[Failure], paste: _Paste) -> list[Failure]:
    """The failures, with what the text says of the program after each: it went on, or ended well all the same."""
    places = [_last_line(each, paste) for each in found]
    ended, applied = _ended(paste), _ended(paste, _APPLIED)
    stops = [number for number, line in enumerate(paste.lines) if grave(line) and not _GIVES_UP.search(line)]
    out: list[Failure] = []
    for index, (failure, at) in enumerate(zip(found, places, strict=True)):
        if at is None or _is_over(failure) or (failure.sequel is not None and failure.sequel.caused_by):
            out.append(failure)
            continue
        line = paste.lines[at]
        sequel = failure.sequel or Sequel()
        others = [paste.lines[place] for other, place in enumerate(places) if other != index and place is not None
                  and not _is_over(found[other])]  # fmt: skip
        went_on = continues(line) if aside(line) and not _RETRY.search(line) else ""
        if went_on and any(not aside(each) for each in others):
            sequel = replace(sequel, aside=went_on)
        elif aside(line) and not _RETRY.search(line) and any(grave(each) for each in others):
            sequel = replace(sequel, aside=_quote(line))
        elif went_on and isinstance(failure, Denial) and (stop := _stop(stops, failure, places, paste)):
            sequel = replace(sequel, stopped_by=stop)
        elif (end := _end(paste, at, applied if applied is not None and aside(line) else ended)) is not None:
            sequel = replace(sequel, ended=_quote(paste.lines[end]))
        out.append(replace(failure, sequel=sequel) if sequel != Sequel() else failure)
    return out


def _end(paste: _Paste, at: int, end: int | None) -> int | None:
    """The line that reports a good end, where it is after the failure, and no failure is after it."""
    return end if end is not None and at < end and not any(end < each for each in paste.failing) else None


_GIVES_UP = regex(r"\b(?:giving up|gave up|retries|attempts)\b", re.IGNORECASE)
_RETRY = regex(r"\bretry|\bretries\b|\battempt \d|will try again", re.IGNORECASE)


def _stop(stops: list[int], failure: Failure, places: list[int | None], paste: _Paste) -> str:
    """The last line that reports something grave and is of no failure that was recognized."""
    marks = _marks(failure)
    own = [
        each for each in stops if each not in places and not any(mark in paste.lines[each].lower() for mark in marks)
    ]
    telling = [each for each in own if not _EXITS.search(paste.lines[each])] or own
    return _quote(paste.lines[telling[-1]]) if telling else ""


_EXITS = regex(r"\bexit(?:ed|ing)?\b|\baborted\b", re.IGNORECASE)


_ENDED = regex(
    r"\b(?:rc|exit(?:[ _-]?code|[ _-]?status)?|errors|failed|failures|denied)\s*[=:]\s*0\b(?!\.)"
    r"|\bexit(?:ed|ing)?(?: with)?(?: status| code)?[ :=]+0\b|\b(?:0|no) errors\b"
    r"|\bBUILD (?:SUCCESSFUL|SUCCESS)\b|\bFinished: SUCCESS\b"
    r"|\bJob succeeded\b|\b(?:finished|completed|ended|deployed) successfully\b"
    r"|\b(?:state|status|result|phase)\W{1,4}(?:SUCCEEDED|SUCCESS|COMPLETED)\b"
    r"|\b(?:[Dd]eployment|[Pp]ipeline|[Bb]ackup|[Bb]uild|[Rr]un|[Jj]ob|[Ss]ync) (?:has )?"
    r"(?:succeeded|completed|passed|finished ok)\b"
    r"|\bALARM\W{1,4}(?:-> ?|to )?OK\b|\bfrom ALARM to OK\b|\bExecutionSucceeded\b"
    r"|\b(?:listening on|ready to accept|[Ss]tarted \w+ in \d)",
)
_APPLIED = regex(r"\b(?:Apply|Destroy) complete!")
"""A run of Terraform that ended well, of which a warning before it is a part; another refusal may be another run's."""
_LAST_LINES = 4
_ASKS = regex(r"\?\s*$|^(?:is|are|do|does|did|should|can|why|what|which|who|how|so)\b", re.IGNORECASE)


def _ended(paste: _Paste, words: re.Pattern[str] = _ENDED) -> int | None:
    """The line, among the last ones of a program, that reports that its run ended well; None without one."""
    if any(not each.plain.startswith("echo $?") for each in paste.commands[1:]):
        return None
    written = [number for number, line in enumerate(paste.lines) if line.strip() and not _ASKS.search(line.strip())]
    return next(
        (
            number
            for number in reversed(written[-_LAST_LINES:])
            if words.search(paste.lines[number]) and not _DOUBTED.search(paste.lines[number])
        ),
        None,
    )


_DOUBTED = regex(r"\b(?:not|never|n['’]t|but|would|should|if|until|used to|expected|before)\b", re.IGNORECASE)


def reported_success(text: str) -> str:
    """Return the line by which a text without a failure reports success; empty where it has none, or a failure."""
    paste = _Paste(text)
    if paste.failing or any(grave(line) for line in paste.lines):
        return ""
    ended = _ended(paste)
    if ended is not None:
        return _quote(paste.lines[ended])
    reports = [found[0] for _, row, found in paste.reports if not (row.again or row.says_so)]
    return _quote(reports[-1]) if reports else ""


def _quote(line: str) -> str:
    return " ".join(line.split())[:96]


# What succeeded later.


def _after(failure: Failure, paste: _Paste, *, alone: bool) -> Sequel | None:
    retried = _by_retry(failure, paste)
    at = _last_line(failure, paste)
    if retried is not None or at is None:
        return retried or _by_event(failure, paste)
    by_event = _by_event(failure, paste)
    if by_event is not None:
        return by_event
    by_command = _by_command(paste, at)
    by_report = _by_report(failure, paste, at, alone=alone)
    others = (
        by_report,
        by_command,
        _by_operation(failure, paste),
        _by_attempt(paste, at),
        _by_speaker(failure, paste, at),
        _by_thing(failure, paste, at),
    )
    sure = next((each for each in others if each is not None and each.succeeded), None)
    return sure or by_command or by_report


def _last_line(failure: Failure, paste: _Paste) -> int | None:
    """The number of the last line that states the failure; None where no single line does."""
    wanted = _marks(failure)
    if isinstance(failure, OtherFailure) and failure.code and (said_by := speaker(failure.detail or "")):
        code = failure.code.lower()
        own = (each for each in reversed(paste.failing) if code in paste.lines[each].lower())
        return next((each for each in own if speaker(paste.lines[each]) == said_by), None)
    if isinstance(failure, Conflict):
        pairs = [(number, line.lower()) for number, line in enumerate(paste.lines)]
    else:
        pairs = list(zip(paste.failing, paste.near, strict=True))
    commands = set(paste.prompts)
    # A code says less than an action or a name: it is looked for where those are in no line.
    groups = (wanted[:1], wanted) if isinstance(failure, Denial) else (wanted,)
    found = next(
        (
            number
            for group in groups
            for number, near in reversed(pairs)
            if any(mark in near for mark in group) and number not in commands
        ),
        None,
    )
    if found is None and isinstance(failure, OtherFailure) and failure.trouble is Trouble.CREDENTIALS:
        return next((each for each in reversed(paste.failing) if _OF_CREDENTIALS.search(paste.lines[each])), None)
    return found


_OF_CREDENTIALS = regex(r"no basic auth|security token|credential|expired|InvalidClientTokenId", re.IGNORECASE)


def _marks(failure: Failure) -> list[str]:
    """The words by which the text states the failure, in lower case, at most two."""
    marks: list[str | None] = [failure.code, failure.operation]
    if isinstance(failure, Denial):
        marks = [failure.action, failure.operation, failure.code]
        if failure.claims_trust:  # the service's sentence names the role, and no action
            marks = [failure.resource or "assume", *marks]
    elif isinstance(failure, Conflict):
        marks = [failure.name, failure.code]
    else:
        marks += [failure.detail[:60] if failure.detail else None]
    if isinstance(failure, Denial) and not any(marks[1:]) and failure.resource:
        marks.append(failure.resource)
    return [mark.lower() for mark in marks if mark][:2]


def _by_event(failure: Failure, paste: _Paste) -> Sequel | None:
    """A later event of CloudTrail in the text: the same operation of the same caller, without an error."""
    if not failure.operation or not paste.events:
        return None
    of_it = [each for each in paste.events if each.operation == failure.operation]
    if isinstance(failure, Denial) and failure.principal:
        of_it = [each for each in of_it if each.caller and identity_of(each.caller) == identity_of(failure.principal)]
    failed = [each.time for each in of_it if each.failed]
    worked = [each.time for each in of_it if not each.failed]
    if not failed or not worked or max(worked) <= max(failed):
        return None
    return Sequel(succeeded=f"{failure.operation} at {max(worked)} without an error")


def _by_retry(failure: Failure, paste: _Paste) -> Sequel | None:
    """What a program that goes on after a failure says later of the same thing: it names it, and no failure."""
    if not paste.retries:
        return None
    thing, marks = _thing_of(failure), _marks(failure)
    warned = [
        number
        for number, line in enumerate(paste.lines)
        if _RETRIES.search(line)
        and _FAILS.search(line)
        and any(mark in line.lower() for mark in (*marks, *([thing.lower()] if thing else ())))
    ]
    if not warned:
        return None
    at = warned[-1]
    made = next(
        (
            found["of"]
            for line in reversed(paste.lines[max(0, at - 12) : at])
            if (found := _TERRAFORM_THING.match(line))
        ),
        None,
    )
    for line in paste.lines[at + 1 :]:
        if _FAILS.search(line):
            if thing is not None and thing in line:
                return None
            continue
        done = made is not None and line.lstrip(" │|").startswith(f"{made}: ") and " complete" in line
        if done or (thing is not None and thing in line and _WENT_ON.search(line)):
            return Sequel(succeeded=" ".join(line.split())[:96])
    return None


def _by_operation(failure: Failure, paste: _Paste) -> Sequel | None:
    """A line after the last failure of the text in which the refused operation is said to have worked."""
    action = failure.action if isinstance(failure, Denial) else None
    name = (action or "").partition(":")[2]
    if len(name) < _SHORTEST_NAME or not paste.failing:
        return None
    works = re.compile(rf"\b{re.escape(name)}\b(?:\W{{1,4}}| call )(?:{_WELL}|ok)(?!\w)")
    for line in paste.lines[paste.failing[-1] + 1 :]:
        if works.search(line) and not _DOUBTED.search(line) and not _OTHERWISE_DONE.search(line):
            return Sequel(succeeded=_quote(line))
    return None


def _thing_of(failure: Failure) -> str | None:
    """How a log names what a denial is about: its whole name, which is long enough to be nothing else."""
    resource = failure.resource if isinstance(failure, Denial) else None
    arn = Arn.parse(resource or "")
    if arn is None:
        return resource if resource and len(resource) >= _SHORTEST_NAME else None
    names = (arn.resource.partition("/")[2] or arn.name, arn.resource)
    return next((name for name in names if len(name) >= _SHORTEST_NAME), None)


_SHORTEST_NAME = 5
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
"""Lines after a failure in which the result of its next attempt is looked for."""


def _by_attempt(paste: _Paste, at: int) -> Sequel | None:
    """The result of a later attempt, where the lines count the attempts or say that the program tries again."""
    tried = _NUMBERED.search(paste.lines[at])
    said_by = speaker(paste.lines[at])
    again = _TRIES_AGAIN.search(paste.lines[at]) is not None
    for number in range(at + 1, min(at + 1 + 4 * _FARTHEST, len(paste.lines))):
        line = paste.lines[number]
        if paste.fails(number) or _DOUBTED.search(line) or _OTHERWISE_DONE.search(line):
            if grave(line) or number in paste.prompts:
                return None
            continue
        counted = _NUMBERED.search(line)
        if tried and counted and counted["what"].lower() == tried["what"].lower():
            if int(counted["number"]) > int(tried["number"]) and _DONE_WELL.search(line):
                return Sequel(succeeded=_quote(line))
            continue
        if said_by and speaker(line) not in ("", said_by):
            continue
        if _TRIES_AGAIN.search(line) and not _DONE_WELL.search(line):
            again = True
            continue
        if again and number <= at + _FARTHEST:
            if _AT_ONCE.match(line) or (_TRIES_AGAIN.search(line) and _DONE_WELL.search(line)):
                return Sequel(succeeded=_quote(line))
            if number in paste.prompts or grave(line):
                return None
    return None


_OTHERWISE_DONE = regex(_OTHERWISE, re.IGNORECASE)


def _by_speaker(failure: Failure, paste: _Paste, at: int) -> Sequel | None:
    """The first line in which a program whose credentials were refused reports something else than a failure."""
    if not isinstance(failure, OtherFailure) or failure.trouble is not Trouble.CREDENTIALS:
        return None
    said_by = speaker(paste.lines[at])
    later = [each for each in range(at + 1, len(paste.lines)) if said_by and speaker(paste.lines[each]) == said_by]
    if not later or any(paste.fails(each) or grave(paste.lines[each]) for each in later):
        return None
    first = next((each for each in later if not _TRIES_AGAIN.search(paste.lines[each])), None)
    return Sequel(succeeded=_quote(paste.lines[first])) if first is not None else None


def _by_report(failure: Failure, paste: _Paste, at: int, *, alone: bool) -> Sequel | None:
    """The first success that the same program reports after the last failure of the text."""
    last = max((each for each in paste.failing if each > at), default=at)
    # What a failure's own words tie to it is over, whatever else fails later.
    around = "\n".join(paste.lines[max(0, at - 12) : at + 5])
    later: Sequel | None = None
    for number, row, found in paste.reports:
        if number <= at or (number < last and not (row.says_so or row.lone)) or not row.failed.search(around):
            continue
        said = " ".join(found[0].split())[:96]
        if row.says_so:
            if row.failed.search(paste.lines[at]) and not _chosen_between(paste, at, number):
                return Sequel(succeeded=said)
            continue
        if row.again:
            if alone and not _chosen_between(paste, at, number):
                return Sequel(succeeded=said)
            continue
        if row.lone and _only_one(row, paste) and _may_be(found, paste, at):
            return Sequel(succeeded=said)
        if _same_thing(row, found, paste, at) or _same_command(row, paste, at, number) or _names(failure, said):
            return Sequel(succeeded=said)
        later = later or Sequel(later=said)
    return later


def _by_thing(failure: Failure, paste: _Paste, at: int) -> Sequel | None:
    """The last line in which the same program reports that it did something with the thing that was refused."""
    thing, said_by = _thing_of(failure), speaker(paste.lines[at])
    if thing is None or not said_by:
        return None
    later = [each for each in range(at + 1, len(paste.lines)) if speaker(paste.lines[each]) == said_by]
    if any(paste.fails(each) or grave(paste.lines[each]) for each in later):
        return None
    done = (each for each in reversed(later) if thing in paste.lines[each] and _WENT_ON.search(paste.lines[each]))
    return next((Sequel(succeeded=_quote(paste.lines[each])) for each in done), None)


def _only_one(row: _Success, paste: _Paste) -> bool:
    """Whether all successes of this kind in the text are of one thing."""
    return len({found.groupdict().get("of") for _, each, found in paste.reports if each is row}) == 1


_SERVICE_NAMED = regex(
    r"\bservice \(?(?P<name>[\w-]+)\)?(?= (?:has (?:started|reached|stopped|begun)|failed|was unable|is unable"
    r"|deployment|\())"
)


def _may_be(found: re.Match[str], paste: _Paste, at: int) -> bool:
    """Whether the failure's line names no other service than the success."""
    named = {each["name"] for each in _SERVICE_NAMED.finditer(paste.lines[at])}
    return not named or found.groupdict().get("of") in (None, *named)


def _same_thing(row: _Success, found: re.Match[str], paste: _Paste, at: int) -> bool:
    """Whether failure and success name one thing: the nearest one that a line of the failure names."""
    worked = next((value for name, value in found.groupdict().items() if name.startswith("of") and value), None)
    if worked is None:
        return False
    for number in (*range(at, at + 5), *range(at - 1, max(-1, at - 4), -1)):
        if number >= len(paste.lines):
            continue
        failed = [each["of"] for each in row.failed.finditer(paste.lines[number]) if each.groupdict().get("of")]
        if failed:
            return worked in failed
    return False


def _same_command(row: _Success, paste: _Paste, at: int, number: int) -> bool:
    """Whether the same program command, run again in the same directory, is the one that failed and the one that later
    succeeded.
    """
    one, other = paste.command_before(at), paste.command_before(number)
    if row.commands is None or one is None or other is None or not row.commands.match(one.plain):
        return False
    return one.said == other.said and one.line != other.line and not paste.elsewhere(one.line, other.line)


def _chosen_between(paste: _Paste, at: int, number: int) -> bool:
    """Whether another profile, Region or other keys were chosen between a failure and a success."""
    chosen = (each.said for each in paste.commands if at < each.line < number)
    one, other = paste.command_before(at), paste.command_before(number)
    if one is not None and other is not None and paste.choices(one)["region"] != paste.choices(other)["region"]:
        return True
    return any(_EXPORTS.match(each) or ("--profile" in each and "sso login" not in each) for each in chosen)


def _names(failure: Failure, said: str) -> bool:
    """Whether a report of success names the operation that failed."""
    named = [failure.operation, getattr(failure, "action", None)]
    return any(each and each.rpartition(":")[2].lower() in said.lower() for each in named)


def _by_command(paste: _Paste, at: int) -> Sequel | None:
    """The same command of the AWS CLI further down, with an answer that is complete and no failure."""
    failed = paste.command_before(at)
    if failed is None or at - failed.line > 40 or not failed.plain.startswith("aws "):
        return None
    for again in paste.commands:
        if again.line <= at or again.plain != failed.plain or not _answered(paste.answer(again)):
            continue
        said = " ".join(again.said.split())[:96]
        one, other = paste.choices(failed), paste.choices(again)
        otherwise = next((name for name, _ in _CHOSEN if one[name] != other[name]), "")
        if not otherwise and paste.elsewhere(failed.line, again.line):
            return Sequel(later=said)
        return Sequel(succeeded=said, otherwise=otherwise)
    return None


def _answered(answer: str) -> bool:
    """Whether a command's answer shows that it worked: nothing at all may have been cut off."""
    text = answer.strip()
    if not text or _FAILS.search(text) or _UNFINISHED.search(text):
        return False
    if text[0] not in "{[":
        return True
    try:
        json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return False
    return True


_EXPORTS = regex(r"(?:export|set)\b")


def _last_said(pattern: re.Pattern[str], text: str) -> str:
    found = [next(filter(None, each.groups()), "") for each in pattern.finditer(text)]
    return found[-1] if found else ""


def _said(pattern: re.Pattern[str], line: str) -> str:
    found = pattern.search(line)
    return next(filter(None, found.groups()), "") if found else ""


# What follows from another failure.

_MAKES = regex(
    r"(?P<service>[\w-]+):(?:Create|Put|Run|Attach|Register|Start|Add|Update|Modify|Request|Upload"
    r"|Associate)(?P<thing>\w+)",
    re.IGNORECASE,
)
_CLEANS = regex(
    r"(?P<service>[\w-]+):(?:Delete|Detach|Remove|Terminate|Deregister|Release|Revoke|Disassociate|Abort|Stop|Cancel)"
    r"(?P<thing>\w+)",
    re.IGNORECASE,
)
_ROLLS_BACK = regex(r"roll(?:ing|ed)?[ _-]?back|clean(?:ing)?[ _-]?up", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _FollowUp:
    """An action that programs call after another one failed; ``page`` says so."""

    action: re.Pattern[str]
    after: re.Pattern[str]
    page: str


def _follow_up(action: str, after: str, page: str) -> _FollowUp:
    return _FollowUp(regex(action, re.IGNORECASE), regex(after, re.IGNORECASE), page)


_FOLLOW_UPS = (
    _follow_up(
        "ssm:terminatesession",
        "ssm:(?:start|resume)session",
        "https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-troubleshooting.html",
    ),
    _follow_up(
        "s3:abortmultipartupload",
        r"s3:putobject|s3:createmultipartupload|kms:.*",
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html",
    ),
    _follow_up(
        "logs:(?:createlogstream|putlogevents)",
        "logs:createloggroup",
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html",
    ),
    _follow_up(
        "cloudformation:(?:describestacks|describestackevents|gettemplate|deletechangeset)",
        r"cloudformation:(?:create|update|delete|execute)\w+",
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html",
    ),
)


class _Causes:
    """The failures so far, and which of them a further one follows from."""

    def __init__(self) -> None:
        self.before: dict[str, list[Denial]] = {}
        self.last: Failure | None = None
        self.rolls_back = False

    def of(self, failure: Failure) -> str:
        """The action of the earlier failure from which this one follows; empty where none is known. In order."""
        last, self.last = self.last, failure
        if isinstance(failure, OtherFailure):
            return _role_not_taken(failure, last)
        if not isinstance(failure, Denial) or not failure.action:
            return ""
        cause = self._follows(failure, failure.action)
        self.before.setdefault(failure.action.lower(), []).append(failure)
        return cause

    def _follows(self, failure: Denial, action: str) -> str:
        for row in _FOLLOW_UPS:
            if row.action.fullmatch(action):
                return self._earlier(failure, [each for each in self.before if row.after.fullmatch(each)])
        cleans = _CLEANS.fullmatch(action)
        if cleans is None or not _ROLLS_BACK.search(failure.text):
            return ""
        made = [each for each in self.before if (found := _MAKES.fullmatch(each)) and _of_one(found, cleans)]
        return self._earlier(failure, made)

    def _earlier(self, failure: Denial, actions: list[str]) -> str:
        found = (each for action in actions for each in reversed(self.before[action]) if _agree(each, failure))
        cause = next(found, None)
        return (cause.action or "") if cause is not None else ""


def _role_not_taken(failure: OtherFailure, last: Failure | None) -> str:
    """Credentials that are missing right after a role could not be assumed."""
    if failure.trouble is not Trouble.CREDENTIALS or not isinstance(last, Denial) or not last.action:
        return ""
    if failure.principal and last.principal and failure.principal != last.principal:
        return ""
    return last.action if last.action.lower().startswith("sts:assumerole") else ""


def _of_one(one: re.Match[str], other: re.Match[str]) -> bool:
    """Whether two actions of a service are about one kind of thing."""
    return (one["service"].lower(), one["thing"].lower()) == (other["service"].lower(), other["thing"].lower())


def _agree(one: Denial, other: Denial) -> bool:
    """Whether both may be of one caller and of one thing, as far as the text names them."""
    if one.principal and other.principal and identity_of(one.principal) != identity_of(other.principal):
        return False
    ours, theirs = Arn.parse(one.resource or ""), Arn.parse(other.resource or "")
    if ours is None or theirs is None:
        return True
    if ours.account != theirs.account and ours.account and theirs.account:
        return False
    if ours.region != theirs.region and ours.region and theirs.region:
        return False
    if (ours.service, _kind(ours)) != (theirs.service, _kind(theirs)):
        return True
    first, second = sorted((ours.resource.rstrip(":*/"), theirs.resource.rstrip(":*/")), key=len)
    return second == first or second.startswith((f"{first}:", f"{first}/"))


def _kind(arn: Arn) -> str:
    """The type that comes before the name; empty where the resource is only a name (a topic, a bucket with a key)."""
    kind, *names = re.split(r"[:/]", arn.resource)
    return kind if names and arn.service != "s3" else ""
