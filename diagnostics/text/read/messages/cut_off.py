"""Detect names and messages that a display, a column or a log's limit truncated."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from diagnostics.failure import CUT, Denial
from iam.arn import Arn
from iam.lazy_pattern import regex
from iam.service_reference import VARIABLE
from iam.service_reference import action as listed_action

MARK = regex(r"(?:\u2026|\.{3})[\"'`)\]]*$")
CUT_MESSAGE = regex(
    r"[Ee]ncoded (?:authorization )?(?:failure )?message:?\s*[\w+/=-]*[\s|\u2502]{0,9}"
    r"(?:\u2026|\.{2,}|<[^>\n]*>|\[[^\]\n]*\]|\((?:\w+ )?(?:cut|truncated)\b)"
)
"""EC2's encoded message, truncated in the text or replaced by a placeholder."""
SAYS_CUT = regex(
    r"\bcuts?\b(?! -|[- ]?over\b)|truncate[sd]?\b|\b(?:first|last|only|after) \d+ (?:chars?|characters|columns)\b"
    r"|\b(?:screen|line|log|view|terminal|window)\b[^\n.]{0,20}\bends? (?:here|there)\b",
    re.IGNORECASE,
)
"""Words that say that something was truncated."""
_CUT_WORDS = r"(?:\w+ )?(?:truncated|cut|snip(?:ped)?|trimmed)"
_IN_PLACE = (
    rf"(?:\[(?:\.{{3}}|\u2026|{_CUT_WORDS}[^\]\n]{{0,30}})\]"
    rf"|<{_CUT_WORDS}[^>\n]{{0,30}}>|\({_CUT_WORDS}[^)\n]{{0,30}}\))"
)
_PLACEHOLDER = regex(rf"(?:\.{{2,}}|\u2026)?{_IN_PLACE}[\"'`)\]]*$", re.IGNORECASE)
_FOLLOWED = regex(rf"[ \t]?{_IN_PLACE}", re.IGNORECASE)
"""Marks that logs write in place of the truncated part: ``[truncated]``, ``<snip>``."""
_CELL_ENDS = regex(r"[ \t]{0,200}[|\u2502](?:[^\n]|\n|$)")
_BORDER = regex(r"^[ \t]*[+|\u250c\u251c][-+=\u2500\u252c\u253c|]{10,}", re.MULTILINE)
_LINE_ENDS = regex(r"[ \t\u2502|]*(?:\n|$)")


def with_mark(denial: Denial) -> Denial:
    """Return the denial with "…" at the end of a resource that the text cuts off.

    A resource is cut off if it ends with a log's placeholder, within quotation marks that nothing closes, at the end of
    a table's cell, or, if the text says that something is cut, at the end of a line. A resource that is followed by a
    reason is complete.
    """
    resource = denial.resource
    if not resource or resource.endswith(CUT) or denial.stated_reason:
        return denial
    if found := _PLACEHOLDER.search(resource):
        return replace(denial, resource=f"{resource[: found.start()]}{CUT}")
    text = denial.pasted or denial.text
    at = text.rfind(resource)
    after = text[at + len(resource) :] if at >= 0 else ""
    cut = at >= 0 and (_ends_open(text, at, after) or _ends_unmarked(text, resource, after))
    if not cut and not resource_is_cut(denial):
        return denial
    return replace(denial, resource=f"{MARK.sub('', resource)}{CUT}")


def _ends_open(text: str, at: int, after: str) -> bool:
    """Whether the line ends within quotation marks that began right before the value."""
    mark = text[at - 1 : at]
    return mark in ('"', "'", "`") and _LINE_ENDS.match(after) is not None and mark not in after.partition("\n")[0]


def _ends_unmarked(text: str, resource: str, after: str) -> bool:
    """Whether the value is last in its line or cell, and the text says or shows that lines or cells are truncated."""
    if _FOLLOWED.match(after) or (_CELL_ENDS.match(after) and _BORDER.search(text)):
        return True
    return _LINE_ENDS.match(after) is not None and SAYS_CUT.search(text) is not None and text.count(resource) == 1


@dataclass(frozen=True, slots=True)
class CutMessage:
    """IAM's message, truncated within the caller's ARN; ``operation`` is "" if it names none."""

    caller: str
    operation: str

    @property
    def sentence(self) -> str:
        """Return what is missing, and where to get it."""
        call = f" The call was {self.operation}, which may also need other actions." if self.operation else ""
        return (
            f"The message is cut off within its caller, {self.caller}: the end of this name is missing, and so are the "
            f"action, the resource and the reason.{call} Get the full message (as JSON, or in a wider column), or the "
            "call's event in CloudTrail, before you look for a cause."
        )


# IAM's message always goes on after its caller, and prints a session with its name.
_CALLER_CUT = regex(
    r"\bUser: (?P<arn>arn:[\w-]+:(?:sts|iam)::\d{12}:(?:assumed-role|user|role)/[\w+=,.@/-]*?)"
    r"(?:(?P<mark>\u2026|\.{3})|[ \t]*[|\u2502]|[ \t]*(?:\n|$))"
)


def cut_caller(text: str) -> CutMessage | None:
    """Return IAM's message, if the text cuts it off within its caller; None otherwise."""
    for found in _CALLER_CUT.finditer(text):
        begun = ":assumed-role/" in found["arn"] and found["arn"].count("/") == 1
        if found["mark"] or begun or (_BORDER.search(text) and "\n" not in found[0]):
            return CutMessage(f"{found['arn']}{CUT}", "")
    return None


_CUT_ANYWHERE = regex(
    r"(?:\bcalling[ \t]+the[ \t]+(?P<called>\w{3,60})[ \t]+operation(?:[ \t]\([^)\n]*\))?"
    r"|\b(?P<named>[A-Z][a-z]+[A-Z]\w{2,60}(?<!Exception)(?<!Error)))?"
    r"(?:: ?(?:\w*AccessDenied\w*|\w*Unauthorized\w*))?:? ?\bUser: ?"
    r"(?P<arn>arn:[\w-]*(?::[\w+=,.@-]*){0,4}(?::[\w+=,.@/-]*)?)[ \t]*[|\u2502]?[ \t]*(?:\n|$)"
)
_WHOLE_CALLER = regex(r"arn:[\w-]+:(?:iam::\d{12}:(?:user|role)/.+|sts::\d{12}:[\w-]+/[^/]+/.+|iam::\d{12}:root)")


def cut_in_caller(denial: Denial) -> CutMessage | None:
    """Return IAM's message if the text always cuts it off within the caller's ARN; else None."""
    text = denial.pasted or denial.text
    if denial.principal or denial.stated_reason or re.search(r"\bauthori[sz]ed\s+to\s+perform", text):
        return None
    found = next(_CUT_ANYWHERE.finditer(text), None)
    if found is None or _WHOLE_CALLER.fullmatch(found["arn"]):
        return None
    return CutMessage(f"{found['arn']}{CUT}", found["called"] or found["named"] or "")


_SENTENCE_CUT = regex(
    r"\bUser: (?P<caller>arn:[\w-]+:(?:sts|iam)::\d{12}:[\w+=,.@/-]+)"
    r"(?P<said>(?: [a-z]{1,12}){0,5}:?)"
    r"[ \t]*(?:\u2026|\.{3})?[ \t]*(?:\r?\n|$)"
)


def cut_sentence(denial: Denial) -> str:
    """Return the beginning of IAM's message, if the text cuts it off between its caller and its action; "" otherwise.

    The call may be known from the operation that the program names.
    """
    text = denial.pasted or denial.text
    if denial.stated_reason or denial.resource or _NAMES_ACTION.search(text):
        return ""
    found = _SENTENCE_CUT.search(text)
    if found is None or not _BEGINNING.startswith(found["said"]):
        return ""
    return f"User: {found['caller']}{found['said']}"


_BEGINNING = " is not authorized to perform:"


_NAMES_ACTION = regex(r"\bauthori[sz]ed\s+to\s+perform:?\s+\S*:")


def resource_is_cut(denial: Denial) -> bool:
    """Return whether the resource is truncated: with a mark, before an ARN's last part, or within its resource type."""
    resource = denial.resource or ""
    if "\u2026" in resource and MARK.search(resource):
        return True
    arn = Arn.parse(resource)
    if not resource.startswith("arn:") or not denial.text.rstrip().endswith(resource):
        return False
    if arn is None:
        return resource.split(":")[2:3] not in (["iam"], ["sts"])
    return _ends_within_a_kind(arn, denial.action or "")


def _ends_within_a_kind(arn: Arn, action: str) -> bool:
    """Return whether the ARN's last part is only the beginning of a resource type's fixed words.

    It is then not a resource of the action.
    """
    known = listed_action(action)
    if known is None or not arn.resource or any(each.fits(str(arn)) for each in known.resource_types):
        return False
    shapes = (each.arn.split(":", 5)[-1] for each in known.resource_types)
    fixed = (VARIABLE.split(shape)[0] for shape in shapes)
    return any(words.startswith(arn.resource) and words != arn.resource for words in fixed)
