"""Reports of success that do not end a failure: of another place or program, or followed by words that it goes on."""

from __future__ import annotations

import re

from diagnostics.failure_details import Sequel
from diagnostics.text.read.sequence.lines_and_commands import Paste
from iam.lazy_pattern import regex
from iam.regions import A_REGION


def is_doubtful(sequel: Sequel, paste: Paste, at: int) -> bool:
    """Whether the success that was found does not show that the failure in line ``at`` is over."""
    if _names_another_place(sequel, paste, at):
        return True
    begin = sequel.succeeded[:_QUOTED_BEGIN]
    reported = next((each for each in range(at + 1, len(paste.lines)) if begin and begin in paste.lines[each]), None)
    if reported is None:
        return False
    return _lasts_below(reported, paste) or (not sequel.otherwise and _is_of_another_program(reported, paste, at))


_QUOTED_BEGIN = 40
_ACCOUNT = regex(r"(?<![\w.-])\d{12}(?![\w-])")


def _names_another_place(sequel: Sequel, paste: Paste, at: int) -> bool:
    """Whether a report of success names other accounts, or other Regions, than the line of the failure."""
    said = "" if sequel.otherwise else sequel.succeeded
    return any(
        (here := set(named.findall(paste.lines[at]))) and (there := set(named.findall(said))) and not here & there
        for named in (_ACCOUNT, A_REGION)
    )


def _lasts_below(reported: int, paste: Paste) -> bool:
    """Whether the author says, below the line that reports the success, that the failure goes on, or comes and goes."""
    from diagnostics.text.read.author.remarks import EARLIER, Remark, remark_of

    below = paste.lines[reported + 1 :]
    if any(_COMES_AND_GOES.search(line) for line in below):
        return True
    said = remark_of("\n".join(below), Remark.LASTS)
    return said is not None and re.search(EARLIER, said.words, re.IGNORECASE) is None


_PART = r"(?:half|a third|a quarter|some|most|many|part|\d+ ?%|one in \w+|\d+ (?:out )?of \d+)"
_CALLS = r"(?:requests?|calls?|runs?|jobs?|tries|attempts|invocations)"
_FAILS = r"(?:fails?|failing|refused|denied)"
_AT_TIMES = (
    r"(?:sometimes|intermittently|randomly|at random|now and then|again and again"
    r"|(?:every|each) (?:night|morning|hour|day|time|other|second|third))"
)
_COMES_AND_GOES = regex(
    rf"\b{_PART} (?:of )?(?:the |our |all )?{_CALLS}\b[^.\n]{{0,40}}\b(?:fail|work|succeed|refused|denied)"
    rf"|\b(?:{_FAILS}|works?|happens?)\b[^.\n]{{0,30}}\b{_AT_TIMES}\b|\b{_AT_TIMES}\b[^.\n]{{0,40}}\b{_FAILS}\b",
    re.IGNORECASE,
)


def _is_of_another_program(reported: int, paste: Paste, at: int) -> bool:
    """Whether a program with the SDK for Python failed, and then the AWS CLI at a prompt succeeded.

    The two may use different endpoints, settings and credentials.
    """
    command = paste.command_before(reported)
    if command is None or command.line < at or not _AWS_CLI.match(command.said):
        return False
    return _RAISED.search("\n".join(paste.lines[max(0, at - _FRAMES) : at + 1])) is not None


_FRAMES = 12
"""The number of lines above the error in which Python's traceback is looked for."""
_RAISED = regex(
    r"\bTraceback \(most recent call last\)|\b(?:botocore|boto3|s3transfer)\.(?:exceptions?|errorfactory)\b"
)
_AWS_CLI = regex(r"(?:\w+=\S+ +)*aws ")
