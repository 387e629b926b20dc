"""Find a success that a program reports after a failure, using the words of `success_rows`."""

from __future__ import annotations

import re

from diagnostics.failure import Failure
from diagnostics.failure_details import Sequel
from diagnostics.text.read.sequence.lines_and_commands import CHOSEN, EXPORTS, Paste, on_other_hosts, quote
from diagnostics.text.read.sequence.success_rows import Success
from iam.lazy_pattern import regex


def reports_success(paste: Paste, at: int, number: int) -> bool:
    """Whether the line reports the success of the operation in the failure's line."""
    if _of_another_registry(paste, at, number) or _is_past(paste, number):
        return False
    rows = [(row, found) for place, row, found in paste.reports if place == number and not row.again]
    failed = paste.lines[at]
    return any(
        row.failed.search(failed) and ("of" not in row.failed.groupindex or _same_thing(row, found, paste, at))
        for row, found in rows
    )


def by_report(failure: Failure, paste: Paste, at: int, *, alone: bool) -> Sequel | None:
    """Return the first success that the same program reports after the text's last failure."""
    last = max((each for each in paste.failing if each > at), default=at)
    # What a failure's own words tie to it is over, whatever else fails later.
    around = "\n".join(paste.lines[max(0, at - 12) : at + 5])
    later: Sequel | None = None
    for number, row, found in paste.reports:
        if number <= at or not row.failed.search(around) or _is_past(paste, number):
            continue
        if _at_another_place(paste, at, number) or _fails_again(row, found, paste, number):
            continue
        if number < last and not (row.says_so or row.lone or _stays_over(row, found, paste, at, number)):
            continue
        said = quote(_sentence_of(row, found[0]))
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
                return Sequel(succeeded=said, run_again=True)
            continue
        if row.lone and _only_one(row, paste) and _may_be(found, paste, at):
            return Sequel(succeeded=said)
        if _same_thing(row, found, paste, at) or _same_command(row, paste, at, number) or _names(failure, said):
            return Sequel(succeeded=said)
        later = later or (None if row.named else Sequel(later=said))
    return later


def _fails_again(row: Success, found: re.Match[str], paste: Paste, number: int) -> bool:
    """Whether a line below the success reports the row's failure for the same resource again."""
    named = {value for name, value in found.groupdict().items() if name.startswith("of") and value}
    failed = (each for line in paste.lines[number + 1 :] for each in row.failed.finditer(line))
    return bool(named) and any(each.groupdict().get("of") in named for each in failed)


_SENTENCES = regex(r"(?<=[.!?;]) +(?=[A-Z])")


def _sentence_of(row: Success, said: str) -> str:
    """Return, from a line with several sentences, the one that reports the success."""
    return next((each for each in _SENTENCES.split(said) if row.succeeded.search(each)), said)


def _only_one(row: Success, paste: Paste) -> bool:
    """Return whether all successes of this kind in the text are for one resource."""
    return len({found.groupdict().get("of") for _, each, found in paste.reports if each is row}) == 1


_SERVICE_NAMED = regex(
    r"\bservice \(?(?P<name>[\w-]+)\)?(?= (?:has (?:started|reached|stopped|begun)|failed|was unable|is unable"
    r"|deployment|\())"
)


def _may_be(found: re.Match[str], paste: Paste, at: int) -> bool:
    """Whether the failure's line names no service, or only the one that the success names."""
    named = {each["name"] for each in _SERVICE_NAMED.finditer(paste.lines[at])}
    return not named or found.groupdict().get("of") in (None, *named)


def _same_thing(row: Success, found: re.Match[str], paste: Paste, at: int) -> bool:
    """Return whether the failure and the success name the same resource: the nearest one in a line of the failure."""
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
    """Return whether the line is about an earlier time or version.

    It is from the shell's history, is said to precede what the text shows above it, or says that an older version
    works, which changes nothing for the version that failed.
    """
    if _OLDER_WORKS.search(paste.lines[number]):
        return True
    command = paste.command_before(number)
    of_history = command is not None and _HISTORY.match(command.said) is not None
    above = next((line for line in reversed(paste.lines[:number]) if line.strip()), "")
    return of_history or _EARLIER.search(paste.lines[number]) is not None or _LAST_KNOWN.search(above) is not None


_OLDER_WORKS = regex(
    r"\b(?:roll(?:ing|ed)?[ -]?back|downgrad(?:e|ed|ing)|revert(?:ed|ing)?|go(?:ing|ne)? back|back (?:to|on))\b"
    r"[^\n]{0,40}?(?:\bv?\d+\.\d|\b(?:version|release|chart|provider|image|tag)\b)",
    re.IGNORECASE,
)
_HISTORY = regex(r"(?:history|fc -l)\b")
_EARLIER = regex(r"\b(?:before (?:it|this|that)|beforehand|the step before|earlier|davor|antes)\b", re.IGNORECASE)
_LAST_KNOWN = regex(
    r"\b(?:last|latest|previous|most recent|letzte[rs]?|vorige[rs]?)\b[^\n]{0,30}"
    r"\b(?:lines?|entry|entries|log-?ins?|sign-?ins?|runs?|output|zeilen?|eintrag|anmeldung|lauf)\b[^\n]{0,60}:\s*$",
    re.IGNORECASE,
)
"""Words above a line of a log that was read after the failure, and may have been written before it."""
_MOVES = regex(r"\b(?:docker|podman|buildah|crane|skopeo|nerdctl)\b[^\n|]*\b(?:push|pull|copy)\b")
_REGISTRY = regex(r"\b\d{12}\.dkr\.ecr(?:-fips)?\.[a-z0-9-]+\.amazonaws\.com\b|\bpublic\.ecr\.aws\b")


def _of_another_registry(paste: Paste, at: int, number: int) -> bool:
    """Whether failure and sign-in name different registries. A sign-in is for one registry."""
    failed = set(_REGISTRY.findall("\n".join(paste.lines[max(0, at - 3) : at + 1])))
    failed = failed or {found[0] for line in paste.lines if _MOVES.search(line) and (found := _REGISTRY.search(line))}
    signed = set(_REGISTRY.findall("\n".join(paste.lines[max(at + 1, number - 2) : number + 1])))
    return bool(failed and signed) and not failed & signed


def _same_command(row: Success, paste: Paste, at: int, number: int) -> bool:
    """Return whether the same command, run again in the same directory, failed first and succeeded later."""
    one, other = paste.command_before(at), paste.command_before(number)
    if row.commands is None or one is None or other is None or not row.commands.match(one.plain):
        return False
    same = one.said == other.said and one.line != other.line and not on_other_hosts(one, other)
    return same and not paste.elsewhere(one.line, other.line)


_PLACE = regex(
    r"(?<!\S)(?:--?(?P<option>region|profile|stage|env|environment|context|kube-context|cluster|account|target"
    r"|workspace|chdir|var-file|s|c|e)[ =]"
    r"|(?P<variable>(?:[A-Z][A-Z_]*_)?(?:REGION|PROFILE|STAGE|ENV|ACCOUNT|WORKSPACE))=)(?P<value>\S+)"
)
"""The options and variables by which a command chooses an account, a Region or an environment."""


def _at_another_place(paste: Paste, at: int, number: int) -> bool:
    """Whether the commands of a failure and of a success choose different accounts, Regions or environments."""
    one, other = paste.command_before(at), paste.command_before(number)
    if one is None or other is None or one.line == other.line:
        return False
    here, there = (
        {each["option"] or each["variable"]: each["value"] for each in _PLACE.finditer(command.said)}
        for command in (one, other)
    )
    return any(here[name] != there[name] for name in here.keys() & there.keys())


def _chosen_between(paste: Paste, at: int, number: int) -> bool:
    """Whether another profile, Region or key was chosen between a failure and a success."""
    chosen = (each.said for each in paste.commands if at < each.line < number)
    one, other = paste.command_before(at), paste.command_before(number)
    if one is not None and other is not None and paste.choices(one)["region"] != paste.choices(other)["region"]:
        return True
    if one is None and _region_above(paste, at) != _region_above(paste, number):
        return True
    return any(EXPORTS.match(each) or ("--profile" in each and "sso login" not in each) for each in chosen)


_REGION = dict(CHOSEN)["region"]


def _region_above(paste: Paste, number: int) -> str:
    """Return the Region in the nearest AWS CLI command above that has no prompt; "" if it names none."""
    lines = (line for line in reversed(paste.lines[:number]) if _COMMAND.match(line))
    found = _REGION.search(next(lines, ""))
    return next(filter(None, found.groups()), "") if found is not None else ""


_COMMAND = regex(r"\baws (?P<service>[a-z0-9-]+) (?P<call>[a-z][a-z0-9-]+)")


def _of_another_call(failure: Failure, said: str, paste: Paste, at: int) -> bool:
    """Whether a report of success names an AWS CLI command other than the one that failed."""
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
