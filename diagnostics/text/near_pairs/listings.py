"""Find a name in a call that a list in the text does not contain, although the list contains a similar name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.text.near_pairs.corrections import corrected
from diagnostics.text.near_pairs.difference_and_advice import Basis, NearPair
from diagnostics.text.near_pairs.named_values import Paste, commands
from diagnostics.text.near_pairs.request_or_policy import Side
from diagnostics.text.near_pairs.similarity import slip
from iam.arn import Arn
from iam.lazy_pattern import regex
from iam.services import iam_prefix

_WORD = regex(r"[\w/.@+:=-]*[\w/]")
_OPTION = regex(
    r"--(?:[\w-]*(?:name|names|id|url|arn|bucket|cluster|key|prefix|path)|role|table|stream)[ =][\"']?"
    r"(?P<value>[\w/.@+:=-]{3,300}\w)"
)
_ADDRESS = regex(
    r"s3[an]?://(?P<bucket>[a-z0-9][\w.-]{2,62})|sqs\.[\w-]+\.amazonaws\.com(?:\.cn)?/\d{12}/(?P<queue>[\w.-]+)"
    r"|\.dkr\.ecr\.[\w-]+\.amazonaws\.com(?:\.cn)?/(?P<repository>[\w./-]+\w)"
)
_SERVICES = {"bucket": "s3", "queue": "sqs", "repository": "ecr"}
_THING = (
    r"(?:name|named|role|user|group|stack|cluster|function|database|table|queue|secret|bucket|stream|parameter|repository"
    r"|instance profile|key)"
)
_GONE = r" (?:does not exist|doesn't exist|was not found|is not found|not found|cannot be found|could not be found)"
_MISSING = regex(
    rf"\b{_THING}\W{{1,3}}(?:with (?:name|id) )?"
    rf"(?:[\"'`](?P<quoted>[\w/.@+-]{{3,200}})[\"'`]|(?P<plain>[\w/.@+-]{{3,200}})){_GONE}",
    re.IGNORECASE,
)
_PROFILE_OPTION = regex(r"--iam-instance-profile[ =][\"']?Name=(?P<name>[\w+=,.@-]+)")
_OBJECT = regex(r"s3://[a-z0-9][\w.-]{2,62}/(?P<key>[^\s\"'`]*[^\s\"'`/])")
_CREATES = regex(r"create|put-bucket|mb$")


def of_lists(paste: Paste) -> Iterator[NearPair]:
    """Yield a name in a call that is missing from a command's list, with the similar name in that list."""
    if not any(each.side is Side.LISTED for each in paste.stretches):
        return
    listed: dict[str, dict[str, str]] = {}
    paths: dict[str, str] = {}
    for each in paste.stretches:
        if each.side is Side.LISTED:
            names = listed.setdefault(_service(each.command.split()[1]), {})
            for found in _WORD.finditer(paste.text[each.start : each.end]):
                for name in _names(found[0]):
                    names.setdefault(name, each.place)
                if (arn := Arn.parse(found[0])) is not None and arn.service == "iam" and arn.resource.count("/") > 1:
                    paths[arn.name] = found[0]
    for service, name, place in _asked(paste):
        names = listed.get(service, {})
        if name in names or f"{name}/" in names:
            continue
        for other, where in names.items():
            if difference := slip(name, other):
                code = "resource.not-found" if paste.denial is not None else "not-iam"
                whole = paths.get(other, "")
                yield NearPair("name", name, place, other, where, difference, Basis.LISTED, code, whole)


def _service(name: str) -> str:
    """Return the IAM prefix of an AWS CLI command's service; the service's name itself if no prefix is known."""
    return "s3" if name == "s3api" else iam_prefix(name) or name


def _names(word: str) -> Iterator[str]:
    """The names that a word of a list may represent: the last parts of an ARN or URL, or the word itself."""
    if (arn := Arn.parse(word)) is not None:
        yield _of_arn(arn)
        yield arn.name
    elif "://" in word:
        yield word.rpartition("/")[2]
    else:
        yield word


_KIND = regex(r"[a-z][\w-]*[:/]")
_SECRET_END = regex(r"-[A-Za-z0-9]{6}$")


def _of_arn(arn: Arn) -> str:
    """The name under which lists show an ARN's resource: without its type, log stream or a secret's random suffix."""
    if arn.service == "s3":
        return arn.resource.partition("/")[0]
    name = _KIND.sub("", arn.resource, count=1)
    if arn.service == "logs":
        return re.sub(r":\*?$|:log-stream.*", "", name)
    if arn.service == "ssm":
        return f"/{name}" if "/" in name else name
    return _SECRET_END.sub("", name) if arn.service == "secretsmanager" else name


def _asked(paste: Paste) -> Iterator[tuple[str, str, str]]:
    """The service, name and place of each name in the denied call, its command or the configuration."""
    text, denial = paste.text, paste.denial
    called = [(_service(service), operation, options) for service, operation, options in commands(text)]
    if any(_CREATES.search(operation) for _, operation, _ in called):
        return
    if denial is not None and (arn := Arn.parse(denial.resource or "")) is not None:
        if "create" in (denial.action or "").lower():
            return
        yield _service(arn.service), _of_arn(arn), "the call"
    for service, operation, options in called:
        for found in _OPTION.finditer(options):
            value = found["value"]
            arn = Arn.parse(value)
            name = _of_arn(arn) if arn is not None else value.rpartition("/")[2] if "://" in value else value
            yield service, name, f"the command aws {service} {operation}"
    for found in _ADDRESS.finditer(text):
        kind = found.lastgroup or ""
        if paste.at(found.start()).side is Side.REQUEST:
            yield _SERVICES[kind], re.sub(r":[\w.-]+$", "", found[kind]), "the call"
    for named in paste.arns:
        if named.side is Side.REQUEST and (arn := Arn.parse(named.value)) is not None:
            yield _service(arn.service), _of_arn(arn), "the call"
    for profile in _PROFILE_OPTION.finditer(text):
        yield "iam", profile["name"], "the call"
    for found in _OBJECT.finditer(text):
        if paste.at(found.start()).command != "aws s3 ls":
            key = found["key"].rstrip(".,;:)")  # a sentence may end after it
            yield from (("s3", key, "the call"), ("s3", key.rpartition("/")[2], "the call"))
    missing = [found["quoted"] or found["plain"] for found in _MISSING.finditer(text)]
    for each in paste.stretches:
        if each.side is Side.LISTED:
            yield from ((_service(each.command.split()[1]), name, "the call") for name in missing)


_STATED_LIST = regex(
    r"^[^\n]{0,40}\b(?:list|exist(?:s|ing)?|available)\b[^\n:]{0,40}:?[ \t]*\n"
    r"(?P<names>(?:[ \t]*[-*]?[ \t]*[\w./@+-]{3,200}[ \t]*(?:\n|$))+)",
    re.MULTILINE | re.IGNORECASE,
)
_SET_NAME = regex(
    r"(?<![\w-])(?P<setting>[A-Z][A-Z0-9_]*(?:ID|NAME|ARN|TABLE|BUCKET|QUEUE|SECRET|PARAMETER|STREAM|TOPIC|FUNCTION))"
    r"[=:][ \t]*[\"']?(?P<value>[\w./@+-]{3,200})"
)
NOT_THERE = regex(
    r"NotFound|NoSuch|DoesNotExist|\b(?:not found|does not exist|can't find|cannot find)\b", re.IGNORECASE
)


def of_stated_lists(paste: Paste) -> Iterator[NearPair]:
    """Yield a name in a setting and the similar name that a list has instead, if AWS did not find a resource."""
    lists = (
        [found["names"].split() for found in _STATED_LIST.finditer(paste.text)] if NOT_THERE.search(paste.text) else []
    )
    names = [name for each in lists for name in each if name.strip("-*")]
    for found in _SET_NAME.finditer(paste.text) if names else ():
        if found["value"] in names:
            continue
        for other in names:
            if difference := slip(found["value"], other):
                place = f"the setting {found['setting']}"
                yield NearPair("name", found["value"], place, other, "the list", difference, Basis.LISTED, "not-iam")


_PROFILE = regex(r"^[ \t#]*\[(?:profile )?(?P<name>[\w.@+-]+)\][ \t]*$", re.MULTILINE)
_USED = regex(
    r"(?<![\w-])--profile[ =][\"']?(?P<option>[\w.@+-]+)|\bAWS_PROFILE=[\"']?(?P<variable>[\w.@+-]+)"
    r"|config profile \((?P<missing>[^)\n]+)\) could not be found"
)


def of_profiles(paste: Paste) -> Iterator[NearPair]:
    """Yield a profile that the configuration in the text does not define, with the similar profile that it defines."""
    had = dict.fromkeys(found["name"] for found in _PROFILE.finditer(paste.text))
    for found in _USED.finditer(paste.text) if had else ():
        name = found["option"] or found["variable"] or found["missing"]
        if name in had:
            continue
        for other in had:
            if difference := slip(name, other):
                code = "credentials.invalid"
                yield NearPair("profile", name, "the call", other, "the configuration", difference, Basis.LISTED, code)


def said_names(paste: Paste) -> Iterator[NearPair]:
    """Yield the name that the text says is right, if the denied resource has a similar name."""
    denial = paste.denial
    arn = Arn.parse((denial.resource or "") if denial is not None else "")
    for part, name, difference in corrected(paste.text, arn.resource) if arn is not None else ():
        place = "the text’s own correction"
        yield NearPair("name", part, "the call", name, place, difference, Basis.SAID, "resource.not-found")
