"""Restore a denial as AWS printed it, if it was typed by hand, garbled by an issue tracker, or cut off.

Only the fixed words of AWS's sentences are restored, and only if the rest of the sentence is recognized. Other modules
restore names and numbers (`nearest_action`, `typed_arns`). The English sentences: IAM User Guide, "Troubleshoot access
denied error messages" (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html).
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from diagnostics.text.read.clean.known_words import VOCABULARY
from diagnostics.text.read.clean.nearest_action import meant_action
from diagnostics.text.read.messages.cmdlets import operation_of_cmdlet, service_of_cmdlet
from iam.lazy_pattern import regex
from iam.service_reference import action as listed_action
from iam.service_reference import action_names, services

_LONGEST = 40_000
_ACTION = r"[a-z0-9-]{2,40}:[A-Za-z]\w+"


def as_printed(text: str) -> str:
    """Return the text with the fixed words of a denial restored; unchanged if there is nothing to restore."""
    if len(text) > _LONGEST:
        return text
    text = _without_escapes(text)
    text = _without_spaces(text)
    text = _of_powershell(text)
    return _without_typos(_with_its_beginning(_of_the_console(text)))


# Trackers write a backslash before marks that they would format.
_ESCAPED = regex(r"(?<!\\)\\([-_.*])")
_ABOUT = regex(r"arn:|authori|denied", re.IGNORECASE)
_PARTED_ACCOUNT = regex(r"(arn:[\w-]+:[\w-]*:[\w-]*:)(\d{1,4}(?:[- ]\d{1,4}){2,4})(?=:)")


def _without_escapes(text: str) -> str:
    if "\\" in text:
        lines = text.split("\n")
        text = "\n".join(_ESCAPED.sub(r"\1", line) if _ABOUT.search(line) else line for line in lines)
    return _PARTED_ACCOUNT.sub(_joined_account, text) if "arn:" in text else text


def _joined_account(found: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", found[2])
    return f"{found[1]}{digits}" if len(digits) == 12 else found[0]


_COLON_LOST = regex(
    r"(?P<before>\b(?:perf\w{1,4}|pref\w{1,4}|execute|the):?[ ]{1,3})(?P<service>[A-Za-z][A-Za-z0-9-]{1,30})[ .;]{1,2}"
    r"(?P<name>[A-Z][A-Za-z]\w+|[a-z]+[A-Z]\w+)(?=[ \n]|$)"
)
_SPACED_ACTION = regex(
    r"(?P<before>\b(?:perform|execute|permissions?[ ]+to|action)[ ]?:?[ ]{0,3})"
    r"(?P<service>[a-z0-9-]{2,40})[ ]?:[ ]?(?P<name>[A-Z]\w+)",
    re.IGNORECASE,
)

_CONTRACTED = regex(r"\b(?P<verb>is|are|was|were)n['’]t(?=[ ]+(?:authori[sz]ed|allowed|permitted)[ ]+to[ ]+perform\b)")

# Dictated: "athena colon get query results".
_SPOKEN = regex(
    r"\b(?P<service>[a-z0-9-]{2,40}) colon (?P<words>[A-Za-z0-9]{1,40}(?: [A-Za-z0-9]{1,40}){0,7})", re.IGNORECASE
)


def _without_spaces(text: str) -> str:
    text = _CONTRACTED.sub(r"\g<verb> not", text)
    text = _SPACED_ACTION.sub(_joined, text)
    if " colon " in text:
        text = _SPOKEN.sub(_as_written, text)
    return _COLON_LOST.sub(_with_colon, text)


def _joined(found: re.Match[str]) -> str:
    known = found["service"].lower() in services()
    return f"{found['before']}{found['service']}:{found['name']}" if known else found[0]


def _as_written(found: re.Match[str]) -> str:
    service, words = found["service"].lower(), found["words"].split(" ")
    names = action_names(service) if service in services() else {}
    for last in range(len(words), 0, -1):
        if name := names.get("".join(words[:last]).lower()):
            return " ".join((f"{service}:{name}", *words[last:]))
    return found[0]


def _with_colon(found: re.Match[str]) -> str:
    written = f"{found['service'].lower()}:{found['name']}"
    if found["service"].lower() not in services() or not (listed_action(written) or meant_action(written)):
        return found[0]
    return f"{found['before']}{written}"


_CMDLET_REFUSED = regex(
    r"^(?P<cmdlet>[A-Z][a-z]+-[A-Z][A-Za-z0-9]+)[ ]?:[ ](?=Access ?Denied|The specified \w+ is not allowed|Forbidden"
    r"|You are not authorized|You don['’]t have permissions? to|Unauthorized)",
    re.MULTILINE,
)
_CMDLET_IDENTITY = regex(
    r"(Get-STSCallerIdentity\b[^\n]*\n[ \t]*)(?=arn:[\w-]+:(?:iam|sts)::\d{12}:\S+[ \t]*$)", re.MULTILINE
)


def _of_powershell(text: str) -> str:
    if "-" not in text:
        return text
    text = _CMDLET_REFUSED.sub(_as_operation, text)
    return _CMDLET_IDENTITY.sub(r"\1Caller: ", text)


def _as_operation(found: re.Match[str]) -> str:
    operation, service = operation_of_cmdlet(found["cmdlet"]), service_of_cmdlet(found["cmdlet"])
    if operation is None:
        return found[0]
    said = f"An error occurred (AccessDenied) when calling the {operation} operation"
    return f"{found[0]}{said}{f' (Service: {service}; )' if service else ''}: "


_DENIES = regex(
    r"\b(?:an?|the)[ ](?P<kind>identity-based policy|resource-based policy|permissions boundary|session policy"
    r"|service control policy|resource control policy)[ ]explicitly[ ]den(?:ies|ied)(?:[ ]the[ ](?:action|request))?",
    re.IGNORECASE,
)


# Amazon S3's console, of each of its lists.
_WANTED = regex(
    r"After you or your AWS administrator (?:has|have) updated your permissions to allow the (?P<action>[a-z0-9-]+:\w+)"
    r" actions?[^.\n]{0,80}\."
)


def _of_the_console(text: str) -> str:
    """Return the text with the console's sentences in IAM's words.

    The console's sentences name the action that the console needs, or say "a permissions boundary explicitly denies the
    action".
    """
    if "updated your permissions" in text:
        text = _WANTED.sub(r"You are not authorized to perform: \g<action>.", text)
    if "Service:" in text and "Action:" in text:
        text = _APART.sub(_with_service, text)
    if "explicitly den" not in text or "Action:" not in text:
        return text
    return _DENIES.sub(lambda found: f"with an explicit deny in a {found['kind']}", text)


_APART = regex(r"(?P<before>\bService:[ \t]*(?P<service>[a-z0-9-]{2,40})\s+Action:[ \t]*)(?P<name>[A-Z]\w+)(?![\w:])")
"""The console's box names the service and the action in two fields."""


def _with_service(found: re.Match[str]) -> str:
    known = found["name"].lower() in action_names(found["service"]) if found["service"] in services() else False
    return f"{found['before']}{found['service']}:{found['name']}" if known else found[0]


# The end of a sentence whose beginning was cut off: "…ized to perform: ecs:RunTask on resource: …".
_CUT_BEGINNING = regex(
    rf"(?:(?<=\n\n)|\A)[ \"'`]{{0,3}}(?:\u2026|\.{{3}})?"
    rf"(?:(?:[a-z]{{0,8}}(?:ized|ised|zed|sed|ed|d)[ ])?to )?perform:?[ ](?=\"?{_ACTION})"
)


def _with_its_beginning(text: str) -> str:
    if found := _CUT_BEGINNING.search(text):
        return text[: found.start()] + "not authorized to perform: " + text[found.end() :]
    return _with_both_edges(text)


# A picture whose left edge is missing: each line begins with dots, and may end within a word.
_CUT_LEFT = regex(
    rf"^[ \"'`]{{0,3}}(?:\u2026|\.{{2,}})[ ]?(?:n?o?t )?(?:[a-z]{{0,6}}ori[sz]ed )?"
    rf"(?:to )?perform:?[ ](?=\"?{_ACTION})",
    re.MULTILINE,
)
_DOTS = regex(r"^[ ]*(?:\u2026|\.{2,})[ ]*")
_CUT_NAME = regex(r"^:\S*[ ]*")  # the rest of a name whose middle is missing
_CUT_WORDS = (
    (regex(r"^(?:(?:on )?re|r?e)?s?o[u]rce: ?(?=arn:)"), "on resource: "),
    (regex(r"^(?:b?e|be)?cause no "), "because no "),
    (regex(r"^(?:w?i)?th an explicit"), "with an explicit"),
    (regex(r"\bexplicit d(?:e(?:n(?:y(?: i(?:n)?)?)?)?)?$"), "explicit deny in"),
    (regex(r"\bno (identity|resource)-based p(?:o(?:l(?:i(?:c(?:y)?)?)?)?)?$"), r"no \1-based policy allows it"),
)


def _with_both_edges(text: str) -> str:
    """Return the text with a denial's paragraph as one sentence, if the paragraph's left edge is cut off.

    The right edge may be cut off too.
    """
    begin = _CUT_LEFT.search(text)
    if begin is None:
        return text
    end = text.find("\n\n", begin.end())
    end = len(text) if end < 0 else end
    lines = []
    for line in text[begin.end() : end].rstrip("\n").split("\n"):
        bare = _CUT_NAME.sub("", _DOTS.sub("", line)).rstrip()
        for cut, whole in _CUT_WORDS:
            bare = cut.sub(whole, bare)
        lines.append(f"{bare}\u2026" if re.search(r"arn:[\w-]+:\S*$", bare) else bare)
    return f"{text[: begin.start()]}not authorized to perform: {' '.join(lines)}{text[end:]}"


# Typed by hand: the fixed words of a refusal with letters left out, doubled or exchanged.
_FIXED = ("authorized", "authorised", "perform", "because", "resource", "identity-based", "resource-based", "policy")
_FIXED_WORDS = (*_FIXED, "allows", "action", "permissions", "boundary", "explicit", "session", "service", "control")
_NEAR = 0.75
_VERY_NEAR = 0.85
_TYPED = regex(r"\bnot[ ]+(?P<authorized>a[a-z]{6,11})[ ]+to[ ]+(?P<perform>p[a-z]{4,9})\b[ ]*:?", re.IGNORECASE)
_BOXED = regex(r"[\u2502\u2503\u2551\u250f\u256d\u250c]")
# A word beside a line's end may be half of one.
_WORD = regex(r"(?<=[ \"'(])(?<![\n\r][ ])[a-z]{5,12}(?:-[a-z]{4,6})?(?![\w/.@=+-]|:\w|[ \t]*[|\u2502]?[ ]*[\n\r])")
_OTHER_WORDS = frozenset(
    (
        *("authorize", "authorizes", "authorizer", "performed", "performs", "performing", "allowing", "actual"),
        *("explicitly", "controlled", "controller", "controls", "boundaries", "identities", "resourced", "cause"),
    )
)
_SHORT_WORD = 6
_DENIED_HEAD = regex(r"\bAc{1,2}es|error oc", re.IGNORECASE)
_CODE = regex(r"\bAc{1,2}es{1,2} ?[Dd]en{1,2}i?ed(?P<end>Exception)?\b")
_CALLED = regex(
    r"\b(?P<begin>An? )?error oc{1,2}ur{1,2}e?d? \((?P<code>\w+)\)(?: when)?"
    r" calling the (?P<call>[A-Z]\w+) op[a-z]{4,9}\b"
)


def _without_typos(text: str) -> str:
    if _DENIED_HEAD.search(text):
        text = _CODE.sub(_denied, text)
        text = _CALLED.sub(_called, text)
    found = next((each for each in _TYPED.finditer(text) if _means_refused(each)), None)
    if found is None or _BOXED.search(text):
        return text
    end = text.find("\n", found.end())
    end = end + 1 if end >= 0 else len(text)
    return text[: found.start()] + _WORD.sub(_restored, text[found.start() : end]).replace(
        "identity based", "identity-based"
    ) + text[end:]  # fmt: skip


_SPELLED_WELL = ("AccessDenied", "AccessDeniedException", "Access Denied", "Access denied")


def _denied(found: re.Match[str]) -> str:
    if found[0] in _SPELLED_WELL:
        return found[0]
    return f"AccessDenied{found['end'] or ''}" if " " not in found[0] else "Access Denied"


def _called(found: re.Match[str]) -> str:
    well = f"error occurred ({found['code']}) when calling the {found['call']} operation"
    return found[0] if found[0].endswith(well) else f"An {well}"


def _means_refused(found: re.Match[str]) -> bool:
    return _like(found["authorized"], "authorized") >= _NEAR and _like(found["perform"], "perform") >= _NEAR


def _like(word: str, fixed: str) -> float:
    return SequenceMatcher(None, word.lower(), fixed).ratio()


def _restored(found: re.Match[str]) -> str:
    word = found[0]
    known = word.lower()
    if known in VOCABULARY or known.rstrip("s") in VOCABULARY or known in _OTHER_WORDS:
        return word
    near = max(_FIXED_WORDS, key=lambda each: _like(word, each))
    return near if _like(word, near) >= (_VERY_NEAR if len(word) > _SHORT_WORD else _NEAR + 0.05) else word
