"""Find the answers of services and controllers that show that the same operation succeeded after a failure."""

from __future__ import annotations

import re

from diagnostics.failure import Denial, Failure
from diagnostics.failure_details import Sequel
from diagnostics.text.read.sequence.lines_and_commands import FAILS, Paste, quote
from iam.arn import Arn, identity_of
from iam.lazy_pattern import regex

# AWS STS API Reference, "AssumedRoleUser": the answer to AssumeRole has both fields
# (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumedRoleUser.html).
_ROLE_ID = regex(r"\bAssumedRoleId\b")
_SESSION = regex(r"\barn:[\w-]+:sts::(?P<account>\d{12}):assumed-role/(?P<role>[\w+=,.@-]+)/[\w+=,.@-]+")
_NEAR = 3
"""The maximum number of lines between two fields of one answer."""


def by_session(failure: Failure, paste: Paste, at: int) -> Sequel | None:
    """Return the session that STS issued for the role in a later attempt, after the role could not be assumed."""
    if not isinstance(failure, Denial) or not (failure.action or "").lower().startswith("sts:assumerole"):
        return None
    role = Arn.parse(failure.resource or "")
    if role is None:
        return None
    wanted = (role.account, identity_of(failure.resource or "")[2] or role.name)
    for number in range(at + 1, len(paste.lines)):
        session = _SESSION.search(paste.lines[number])
        if (
            session is not None
            and (session["account"], session["role"]) == wanted
            and _says_assumed(paste.lines[number])
        ):
            return Sequel(succeeded=quote(session[0]), external_id=_external_id(paste, at, number))
        if not _ROLE_ID.search(paste.lines[number]):
            continue
        for near in range(max(at + 1, number - _NEAR), min(len(paste.lines), number + _NEAR + 1)):
            session = _SESSION.search(paste.lines[near])
            if session is not None and (session["account"], session["role"]) == wanted:
                return Sequel(succeeded=quote(session[0]), external_id=_external_id(paste, at, number))
    return None


_ASSUMED = regex(r"\b[Aa]ssumed\b(?!-role| by)|\b[Ll]ogged in as\b")


def _says_assumed(line: str) -> bool:
    """Return whether a program's line says that it has the session, and not what was refused to the session."""
    return _ASSUMED.search(line) is not None and FAILS.search(line) is None


_SENT = regex(r"--external-id[ =][\"']?(?P<id>[\w+=,.@:/-]{2,200})")
_REQUIRED = regex(r"\bsts:ExternalId\b[\"']?\s*[:=]\s*\[?\s*[\"']?(?P<id>[\w+=,.@:/-]{2,200})", re.IGNORECASE)


def _external_id(paste: Paste, at: int, end: int) -> str:
    """Return the external ID that the last command between these lines sent, if a trust policy in the text needs it."""
    sent = [found["id"] for line in paste.lines[at + 1 : end] if (found := _SENT.search(line))]
    required = {found["id"] for line in paste.lines for found in _REQUIRED.finditer(line)}
    return sent[-1] if sent and sent[-1] in required else ""


_AGE = r"(?P<age>\d{1,4}[dhms](?:\d{1,3}[hms])?)(?: \(x\d+ over [\dhms]+\))?"
# kubectl describe (type, reason, age, from, message) and kubectl get events (last seen, type, reason, object, message):
# https://kubernetes.io/docs/reference/kubectl/generated/kubectl_events/.
_EVENTS = (
    regex(rf"\s*(?P<type>Normal|Warning)\s+(?P<reason>[A-Z]\w+)\s+{_AGE}\s+(?P<by>\S+)\s+\S"),
    regex(rf"\s*(?:\S+\s+)?{_AGE}\s+(?P<type>Normal|Warning)\s+(?P<reason>[A-Z]\w+)\s+(?P<by>\S+)\s+\S"),
)
_WELL = regex(
    r"\w*(?:Succeeded|Success\w*|Reconciled|Synced|SyncCompleted|Ensured\w*|Provisioned)$|Issued$"
    r"|Updated$|Ready$|(?:Created|Updated|Deleted)ExternalResource$"
)
"""Event reasons with which controllers report that a failed operation succeeded."""
# A container starts only after its pod's volumes are mounted and its image is pulled (Kubernetes, "Pod Lifecycle":
# https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/).
_STARTED = regex(r"(?:Started|Created)$")
_AFTER = {
    "FailedMount": _STARTED,
    "FailedAttachVolume": regex(r"(?:SuccessfulAttachVolume|Started|Created)$"),
    "FailedCreatePodSandBox": _STARTED,
    "Failed": regex(r"(?:Pulled|Started)$"),
    "BackOff": regex(r"(?:Pulled|Started)$"),
}
"""For each warning's reason, the reasons of later events that show that the operation succeeded."""
_BEFORE_IT_RUNS = regex(
    r"\b(?:FailedMount|FailedAttachVolume|FailedCreatePodSandBox|ErrImagePull|ImagePullBackOff"
    r"|MountVolume\.SetUp failed|failed to mount|[Ff]ailed to pull image)\b"
)
_POD = regex(r"\bpod[ /](?:[a-z0-9-]+/)?(?P<name>[a-z0-9][a-z0-9.-]{3,200}[a-z0-9])")
_RUNS = regex(r"\s*(?:\S+\s+)?(?P<name>[a-z0-9][a-z0-9.-]+)\s+(?P<ready>\d+)/(?P<all>\d+)\s+Running\b")


def by_running_pod(paste: Paste, at: int) -> Sequel | None:
    """Return the later row of ``kubectl get pods`` that shows the pod with the failed volume or image as running."""
    line = paste.lines[at]
    named = {each["name"] for each in _POD.finditer(line)} if _BEFORE_IT_RUNS.search(line) else set()
    for row in paste.lines[at + 1 :] if named else ():
        runs = _RUNS.match(row)
        if runs is not None and runs["name"] in named and runs["ready"] == runs["all"]:
            return Sequel(succeeded=quote(row))
    return None


_SECONDS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}


def by_event_of_kubernetes(paste: Paste, at: int) -> Sequel | None:
    """Return the later event of the same controller, or for the same object, that reports a success."""
    failed = _event(paste.lines[at])
    if failed is None or failed[0] != "Warning":
        return None
    events = [(line, event) for line in paste.lines if (event := _event(line)) is not None and event[2] == failed[2]]
    later = _AFTER.get(failed[1])
    worked = [
        (event[3], line)
        for line, event in events
        if event[0] == "Normal" and (_WELL.match(event[1]) or (later is not None and later.match(event[1])))
    ]
    refused = min(event[3] for _, event in events if event[0] == "Warning")
    if not worked or min(worked)[0] >= refused:
        return None
    return Sequel(succeeded=quote(min(worked)[1]))


def _event(line: str) -> tuple[str, str, str, int] | None:
    """Return the type, reason, source or object, and age in seconds of a Kubernetes event."""
    found = next((event for form in _EVENTS if (event := form.match(line)) is not None), None)
    return (found["type"], found["reason"], found["by"], _age(found["age"])) if found is not None else None


def _age(written: str) -> int:
    parts = regex(r"(\d+)([dhms])").findall(written)
    return sum(int(count) * _SECONDS[unit] for count, unit in parts)


_NOT_THERE = regex(
    r"\bAn error occurred \((?:NoSuch\w+|\w*NotFound\w*|\w*DoesNotExist|[\w.]*NonExistentQueue|404)\) when"
    r" calling the (?:Get|Head|Describe|List)\w+ operation"
)
_READS = regex(r"\s*(?:\S{0,20}[$#>%] +)?aws [\w-]+ (?:get|head|describe|list|ls)[\w-]*(?P<values> [^\n]*)$")
_OPTION = regex(r"--[\w-]+")
_NAME = regex(r"\w[\w./-]{4,200}")


def not_found(paste: Paste) -> list[int]:
    """Return the lines, by number, in which a reading call of the AWS CLI does not find the resource."""
    return [number for number, line in enumerate(paste.lines) if _NOT_THERE.search(line)]


def missing_thing(failure: Failure, paste: Paste, at: int, lines: list[int]) -> str:
    """Return the line of a later command that shows that the named resource does not exist; "" if there is none.

    ``lines`` are those of `not_found`. Return "" if the failure states its reason: IAM denies what it does not allow,
    whether or not the resource exists.
    """
    if isinstance(failure, Denial) and (failure.stated_reason or (failure.principal and failure.action)):
        return ""
    for number in (each for each in lines if each > at):
        above = reversed(paste.lines[max(at, number - _NEAR) : number])
        command = next((found for line in above if (found := _READS.match(line)) is not None), None)
        if command is None or "--profile" in command["values"] or "--region" in command["values"]:
            continue
        named = _names(_OPTION.sub(" ", command["values"]))
        if named & _names(paste.lines[at]):
            return quote(paste.lines[number])
    return ""


def _names(words: str) -> set[str]:
    """Return the words that may be the name of a resource: long words that contain more than letters."""
    found = (each.strip("./-").removeprefix("s3://") for each in _NAME.findall(words))
    return {each for each in found if not each.isalpha()}


# Boto3 Developer Guide, "Error handling": ResponseMetadata is in each response
# (https://docs.aws.amazon.com/boto3/latest/guide/error-handling.html). A call that creates something may return its ARN
# alone; one that describes it returns more.
_RESPONSE = regex(
    r"\{\s*[\"'](?P<thing>[A-Z]\w+)Arn[\"']:\s*[\"'](?P<arn>arn:[^\"'\s]+)[\"'],\s*[\"']ResponseMetadata[\"']:"
    r"[^\n]{0,400}?[\"']HTTPStatusCode[\"']:\s*20\d\b"
)

_MAKING = regex(r"[A-Z][a-z]+")


def by_response(failure: Failure, paste: Paste, at: int) -> Sequel | None:
    """Return the later response of the call that creates the denied resource, recognized by the resource's ARN."""
    if not isinstance(failure, Denial):
        return None
    thing = _MAKING.sub("", (failure.action or "").partition(":")[2], count=1)
    for line in paste.lines[at + 1 :]:
        made = _RESPONSE.search(line)
        if made is not None and made["thing"] == thing and made["arn"] == failure.resource:
            return Sequel(succeeded=quote(made[0]))
    return None


# AWS CLI User Guide, "Using high-level (s3) commands in the AWS CLI"
# (https://docs.aws.amazon.com/cli/latest/userguide/cli-services-s3-commands.html).
_TRANSFERS = {
    "s3:PutObject": r"(?:upload|copy|move): \S+ to s3://{}(?!\S)",
    "s3:GetObject": r"(?:download|copy): s3://{} to \S",
}


def by_transfer(failure: Failure, paste: Paste, at: int) -> Sequel | None:
    """Return the line of `aws s3` that reports the later transfer of the refused object."""
    thing = Arn.parse(failure.resource or "") if isinstance(failure, Denial) else None
    form = _TRANSFERS.get(failure.action or "") if isinstance(failure, Denial) else None
    if thing is None or form is None or "*" in thing.resource or "/" not in thing.resource:
        return None
    done = re.compile(rf"\b{form.format(re.escape(thing.resource))}")
    return next((Sequel(succeeded=quote(line)) for line in paste.lines[at + 1 :] if done.search(line)), None)
