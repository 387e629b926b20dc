"""Answer a denial by what the author says about it: it is intended, rare, or does not occur for another identity."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.diagnosis import PASTED, Part, Step, Verdict
from diagnostics.failure import Denial
from diagnostics.text.answer.sequel import settled_first
from diagnostics.text.read.author.difference import Difference
from diagnostics.text.read.author.other_resource import works_on
from diagnostics.text.read.author.remarks import Remark, Stated, remark_of
from diagnostics.text.read.messages.additions_to_message import differences
from diagnostics.text.read.sequence.lines_and_commands import FAILS
from iam.arn import identity_of
from iam.lazy_pattern import regex
from iam.ownership import permission_set_of


def with_remarks(denial: Denial, parts: Iterator[Part]) -> Iterator[Part]:
    """Yield the parts, changed by the remark that matters most; a refusal that is intended needs no fix."""
    if (meant := intended(denial)) is not None:
        yield from _without_fixes(settled_first(_of_an_intention(meant), parts, alone=True))
    elif sentence := _of_another_identity(denial):
        yield from settled_first(sentence, parts, alone=not (denial.stated_reason or "").startswith("explicit"))
    elif sentence := _of_another_resource(denial) or _of_rare_failures(denial):
        yield from _unless_shown(sentence, parts)
    else:
        yield from parts


def intended(denial: Denial) -> Stated | None:
    """Return the remark below the refusal that says that the refusal is intended; None if the text has none.

    Above the refusal, such words describe the purpose of a policy.
    """
    said = remark_of(denial.text, Remark.INTENDED)
    if said is None:
        return None
    refused = [at for at, line in enumerate(denial.text.split("\n")) if FAILS.search(line)]
    return said if refused and said.line > max(refused) and not _of_another_deed(said, denial) else None


_READS = regex(r"\b(?:read|see|view|download|list|look at|decrypt)\b", re.IGNORECASE)
_WRITES = regex(r"\b(?:write|upload|change|create|delete|edit|modify|overwrite|remove|deploy|publish)\b", re.IGNORECASE)
_READING = regex(r"^(?:Get|List|Head|Describe|Download|Batch(?:Get|Check)|Scan|Query|Select|Lookup|Search)")
_WRITING = regex(r"^(?:Put|Upload|Create|Complete|Update|Delete|Copy|Write|Send|Publish|Modify|Run|Start)")


def _of_another_deed(said: Stated, denial: Denial) -> bool:
    """Whether the remark forbids only reading and the refused call writes, or the other way round."""
    call = denial.operation or (denial.action or "").partition(":")[2]
    reads, writes = _READS.search(said.words) is not None, _WRITES.search(said.words) is not None
    return (reads and not writes and _WRITING.match(call) is not None) or (
        writes and not reads and _READING.match(call) is not None
    )


def _without_fixes(parts: Iterator[Part]) -> Iterator[Part]:
    return (each for each in parts if isinstance(each, Step | Verdict))


def _unless_shown(sentence: str, parts: Iterator[Part]) -> Iterator[Part]:
    """Yield the parts; the verdict begins with the sentence, unless policies in the text show why the call fails."""
    shown = False
    for part in parts:
        shown = shown or (isinstance(part, Step) and part.id == PASTED)
        yield from (part,) if shown or not isinstance(part, Verdict) else settled_first(sentence, iter((part,)))


def _of_an_intention(said: Stated) -> str:
    whom = f"ask {said.name} to make the call" if said.name else "if you need this access, ask whoever decides on it"
    return f"According to the text, this refusal is intended (“{said.words}”): change no policy, and {whom}."


def _of_another_identity(denial: Denial) -> str:
    """Return a sentence on the identity with which the call works; "" if the text names none, or only the caller."""
    said = remark_of(denial.text, Remark.ANOTHER_WORKS) or remark_of(denial.text, Remark.ANOTHER_BEFORE)
    caller = identity_of(denial.principal or "")[2]
    if said is None or not caller or said.name.lower() in caller.lower():
        return ""
    lacks, reserved = denial.missing_action or denial.action, permission_set_of(caller)
    caller = f"the permission set {reserved}" if reserved else caller
    otherwise = f" Only if the call should not be made as {said.name}, allow {caller} {lacks}." if lacks else ""
    does = f"According to the text, the call works as {said.name}"
    if said.remark is Remark.ANOTHER_BEFORE:
        does = f"The author was signed in as {said.name} before"
    return (
        f"{does} (“{said.words}”), but {caller} made this call: if {said.name} should make this call, use its "
        f"credentials.{otherwise}"
    )


def _of_another_resource(denial: Denial) -> str:
    """Return a sentence on the resource for which the same call works; "" if the text names none, or names a Deny."""
    said = works_on(denial)
    if said is None or (denial.stated_reason or "").partition(":")[0] == "explicit":
        return ""
    return (
        f"According to the text (“{said.words}”), the same caller is allowed to do this on {said.name}: most "
        "likely the allowing statement names only that resource. Compare the statement's Resource with "
        f"{denial.resource}, and add the missing resource."
    )


_DEPLOYS = regex(
    r"\b(?:CREATE|UPDATE)_FAILED\b|\bCustom::|\bError: (?:creating|updating|putting)\b|\b(?:deploy\w*|CDK|apply)\b"
)


def _of_rare_failures(denial: Denial) -> str:
    """A sentence on a failure that happens only sometimes, if no policy allows the call; "" for any other.

    IAM User Guide, "Changes that I make are not always immediately visible"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency).
    """
    said = remark_of(denial.text, Remark.NOW_AND_THEN)
    if said is None or (denial.stated_reason or "").partition(":")[0] != "implicit":
        return ""
    if any(each.difference is Difference.AGAIN for each in differences(denial.text)):
        return ""
    if _DEPLOYS.search(denial.text):
        return (
            f"The call fails only now and then (“{said.words}”): most likely the policy is attached, but the "
            "program sometimes makes the call before the policy takes effect. Make the call depend on that policy. "
            "Or put all permissions of a shared role into one policy that is created first. Or wait a few seconds "
            "and retry."
        )
    return (
        f"The call fails only now and then (“{said.words}”), so the permission is not always missing. Compare a "
        "failed call with a successful call: caller, resource, Region and time."
    )
