"""A refusal as AWS printed it, from one that was typed by hand, mangled by a tracker, or cut off.

Only the fixed words of AWS's sentences are restored, and only where the rest of the sentence is recognized; names and
numbers are never guessed. The English sentences: IAM User Guide, "Troubleshoot access denied error messages"
(https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html).
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from diagnostics.messages.clean.known_words import VOCABULARY
from iam.lazy_pattern import regex

_LONGEST = 40_000
_ACTION = r"[a-z0-9-]{2,40}:[A-Za-z]\w+"


def as_printed(text: str) -> str:
    """The text with the fixed words of a refusal restored; as it is where none has to be."""
    if len(text) > _LONGEST:
        return text
    text = _without_escapes(text)
    text = _without_spaces(text)
    text = _of_powershell(text)
    text = _of_the_console(text)
    return _SCREENSHOT.sub(_of_a_screenshot, _without_typos(_with_its_beginning(text)))


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


_SPACED_ARN = regex(
    r"\barn[ ]?:[ ]?aws[\w-]*[ ]?:[ ]?[\w-]+[ ]?:[ ]?[\w-]*[ ]?:[ ]?(?:\d[\d -]{10,15}\d)?[ ]?:[ ]?"
    r"[\w-]+(?:[ ]?/[ ]?[\w+=,.@-]+)*"
)
_SPACED_ACTION = regex(
    r"(?P<before>\b(?:perform|execute|permissions?[ ]+to|action)[ ]?:?[ ]{0,3})"
    r"(?P<service>[a-z0-9-]{2,40})[ ]?:[ ]?(?P<name>[A-Z]\w+)",
    re.IGNORECASE,
)


def _without_spaces(text: str) -> str:
    if "arn :" in text or "arn: aws" in text or ": aws" in text:
        text = _SPACED_ARN.sub(_joined_arn, text)
    return _SPACED_ACTION.sub(r"\g<before>\g<service>:\g<name>", text) if " : " in text else text


def _joined_arn(found: re.Match[str]) -> str:
    return re.sub(r"[ ]", "", found[0]) if " :" in found[0] or ": " in found[0] else found[0]


# AWS Tools for PowerShell, "Cmdlet reference": the operation of each cmdlet
# (https://docs.aws.amazon.com/powershell/latest/reference/).
_CMDLETS = {
    "Get-S3Bucket": "ListBuckets",
    "Get-S3Object": "ListObjects",
    "Get-S3ObjectV2": "ListObjectsV2",
    "Read-S3Object": "GetObject",
    "Write-S3Object": "PutObject",
    "Remove-S3Object": "DeleteObject",
    "New-S3Bucket": "CreateBucket",
    "Remove-S3Bucket": "DeleteBucket",
    "Get-EC2Instance": "DescribeInstances",
    "New-EC2Instance": "RunInstances",
    "Start-EC2Instance": "StartInstances",
    "Stop-EC2Instance": "StopInstances",
    "Get-SECSecretValue": "GetSecretValue",
    "Get-SSMParameter": "GetParameter",
    "Get-SSMParameterValue": "GetParameters",
    "Get-IAMRole": "GetRole",
    "Get-IAMRoleList": "ListRoles",
    "Get-IAMUserList": "ListUsers",
    "New-IAMRole": "CreateRole",
    "Register-IAMRolePolicy": "AttachRolePolicy",
    "Use-STSRole": "AssumeRole",
    "Get-DDBTable": "DescribeTable",
    "Send-SQSMessage": "SendMessage",
    "Receive-SQSMessage": "ReceiveMessage",
    "Get-CFNStack": "DescribeStacks",
    "New-CFNStack": "CreateStack",
    "Get-ECRAuthorizationToken": "GetAuthorizationToken",
    "Invoke-KMSDecrypt": "Decrypt",
}
_CMDLET_REFUSED = regex(
    r"^(?P<cmdlet>[A-Z][a-z]+-[A-Z][A-Za-z0-9]+)[ ]?:[ ](?=Access Denied|The specified \w+ is not allowed|Forbidden)",
    re.MULTILINE,
)
_CMDLET_IDENTITY = regex(
    r"(Get-STSCallerIdentity\b[^\n]*\n[ \t]*)(?=arn:[\w-]+:(?:iam|sts)::\d{12}:\S+[ \t]*$)", re.MULTILINE
)


def _of_powershell(text: str) -> str:
    if "-" not in text or not any(cmdlet in text for cmdlet in ("Get-", "New-", "Write-", "Read-", "Remove-", "Use-")):
        return text
    text = _CMDLET_REFUSED.sub(_as_operation, text)
    return _CMDLET_IDENTITY.sub(r"\1Caller: ", text)


def _as_operation(found: re.Match[str]) -> str:
    operation = _CMDLETS.get(found["cmdlet"])
    if operation is None:
        return found[0]
    return f"{found[0]}An error occurred (AccessDenied) when calling the {operation} operation: "


_DENIES = regex(
    r"\b(?:an?|the)[ ](?P<kind>identity-based policy|resource-based policy|permissions boundary|session policy"
    r"|service control policy|resource control policy)[ ]explicitly[ ]den(?:ies|ied)(?:[ ]the[ ](?:action|request))?",
    re.IGNORECASE,
)


def _of_the_console(text: str) -> str:
    """The console's context that says "a permissions boundary explicitly denies the action"."""
    if "explicitly den" not in text or "Action:" not in text:
        return text
    return _DENIES.sub(lambda found: f"with an explicit deny in a {found['kind']}", text)


# The end of a sentence whose beginning was cut off: "…ized to perform: ecs:RunTask on resource: …".
_CUT_BEGINNING = regex(
    rf"(?:(?<=\n\n)|\A)[ \"'`]{{0,3}}(?:\u2026|\.{{3}})?"
    rf"(?:[a-z]{{0,8}}(?:ized|ised|zed|sed|ed|d)[ ])?to perform:?[ ](?=\"?{_ACTION})"
)


def _with_its_beginning(text: str) -> str:
    found = _CUT_BEGINNING.search(text)
    return text[: found.start()] + "not authorized to perform: " + text[found.end() :] if found else text


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


# A screenshot typed by hand: the colons and slashes are lost.
_SCREENSHOT = regex(
    r"\bUser:? arn aws (?P<service>iam|sts) (?P<account>\d{12}) (?P<kind>user|assumed-role|role) (?P<name>[\w+=,.@-]+)"
    r"(?: (?P<session>(?!is\b)[\w+=,.@-]+))? is not aut\w*ri[sz]ed to perform:? "
    r"(?P<prefix>[a-z][a-z0-9-]+)[ :](?P<action>[A-Z]\w+)",
    re.IGNORECASE,
)


def _of_a_screenshot(found: re.Match[str]) -> str:
    session = f"/{found['session']}" if found["session"] else ""
    who = f"arn:aws:{found['service']}::{found['account']}:{found['kind']}/{found['name']}{session}"
    return f"User: {who} is not authorized to perform: {found['prefix']}:{found['action']}"
