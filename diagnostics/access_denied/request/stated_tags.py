"""Tags that a text shows: those of the resource, and those of the caller or its session."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from diagnostics.text.near_pairs.similarity import slip
from iam.claims import Keys, Source, Sourced
from iam.lazy_pattern import regex
from iam.words import listing

_KEY = r"[A-Za-z][\w:./-]{0,120}"
_STATED_TAG = regex(
    r"\b(?:instance|bucket|table|queue|volume|secret|key|function|cluster|resource|snapshot|image|topic)s? "
    r"(?:has|have|carries|with|is tagged(?: with)?) (?:the |a )?(?:tags? )?"
    r"[\"'`]?(?P<key>[A-Za-z][\w:.-]{0,60})=(?P<value>[\w.:/-]{0,100}\w)",
    re.IGNORECASE,
)
_TAGGED = regex(
    r"\b(?:tagged|labelled)(?: with| as)? [\"'`]?(?P<key>[A-Za-z][\w:.-]{0,60})[ \t]*[=:][ \t]*"
    r"(?P<value>[\w./-]{0,100}\w)",
    re.IGNORECASE,
)
_STATED_TAGS = regex(
    r"(?:\b(?:instance|bucket|table|queue|volume|secret|key|function|cluster|resource|snapshot|image|topic"
    r"|(?:i|vol|snap|ami|sg|subnet|vpc|eni)-[0-9a-z]{2,17})(?:'s)?(?: has)? tags?(?: are| is|:)|^[ \t]*Tags:"
    r"|\baws (?!iam )[a-z0-9-]+ (?:list|describe|get)-(?:[a-z]+-)*tags?(?:-[a-z]+)*\b[^\n]{0,160}?(?:->|→|=>)"
    r"|(?<!iam )\b(?:describe|list|get)-(?!(?:role|user)-)[a-z-]+\b[^\n:=]{0,40}\btags?\b[^\n:=]{0,12}(?::|->|→|=>)"
    r"|\btags? (?:of|on|for) (?!(?:the )?(?:role|user|session|caller|principal)\b)(?:the )?[\w./-]{1,60}[ \t]*:)[ \t]*"
    r"(?P<tags>(?!Key\b)[A-Za-z][\w:.-]{0,60}[ \t]*[=:][ \t]*[\w./-]{1,100}"
    r"(?:(?:[ \t]*[,;][ \t]*|[ \t]{2,})[A-Za-z][\w:.-]{0,60}[ \t]*[=:][ \t]*[\w./-]{1,100}){0,20})",
    re.IGNORECASE | re.MULTILINE,
)
_PAIR = regex(r"[\"'`]?(?P<key>[A-Za-z][\w.-]{0,60})[\"'`]?[ \t]*[=:][ \t]*[\"'`]?(?P<value>[\w./-]{1,100})")
# How the AWS CLI prints tags: Key and Value, for KMS TagKey and TagValue, or a row of both if --query selects them.
_COMMAND = regex(
    r"\baws (?:--[\w-]+[ =]\S+ )*(?P<service>[a-z0-9-]+) "
    r"(?P<operation>(?:list|describe|get)-(?:[a-z]+-)*tags?(?:-[a-z]+)*)\b(?P<options>[^\n]*)\n"
    r"(?P<rows>\s*[{\[][\s\S]{0,4000}?(?=\n\s*\$ |\n\s*\n|\Z)|(?:(?![ \t]*[$#>%] )[^\n]*\S[^\n]*(?:\n|\Z)){1,60})"
)
_MEMBERS = regex(
    r"\"(?:Tag)?Key\"\s*:\s*\"(?P<key>[^\"\n]{1,128})\"\s*,"
    r"(?:\s*\"Resource(?:Id|Type|Arn|ARN)\"\s*:\s*\"[^\"\n]{0,256}\"\s*,){0,3}"
    r"\s*\"(?:Tag)?Value\"\s*:\s*\"(?P<value>[^\"\n]{0,256})\""
)
_LIST = regex(r"\[\s*\"(?P<key>[^\"\n]{1,128})\"\s*,\s*\"(?P<value>[^\"\n]{0,256})\"\s*\]")
_ROW = regex(rf"^[ \t|]*(?:TAGS?[ \t]+)?(?P<key>{_KEY})[ \t|]+(?P<value>[^\s|]+)[ \t|]*$", re.MULTILINE)
# What `aws ec2 describe-tags --output text` prints: the fields in the order of their names.
_EC2_ROW = regex(
    rf"^TAGS[ \t]+(?P<key>{_KEY})[ \t]+[a-z]+-[0-9a-f]{{8,17}}[ \t]+[a-z-]+[ \t]+(?P<value>[^\n]*\S)", re.MULTILINE
)
_ASKS_FOR_ROWS = regex(r"\[\s*(?:Tag)?Key\s*,\s*(?:Tag)?Value\s*\]")
_SELECTS = regex(r"\[\?|Name=(?:key|tag-key|tag:\S+),Values?=")
_ID = regex(r"(?<![\w-])[a-z]+-[0-9a-f]{8,17}(?![\w-])")
# Identity Center, "Attributes for access control", and STS's session tags are aws:PrincipalTag of the session
# (https://docs.aws.amazon.com/singlesignon/latest/userguide/attributesforaccesscontrol.html,
# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html).
_OF_CALLER = regex(
    r"(?:\battributes? for access[ -]control|\baccess[ -]control attributes?"
    r"|\b(?:session|principal) ?tags?(?: (?:from|of|in|set by|sent by) [^\n:=]{1,40}(?=:))?"
    r"|\b(?:role|user|caller|session|principal)(?:'s)? (?:(?:[\w+=,.@-]+ )?(?:has|have|carries) (?:the )?)?tags?"
    r"|\btags? (?:of|on|for) (?:(?:the|my|our|his|her|their) )?(?:role|user|session|caller|principal)\b"
    r"[^\n:=,]{0,40}(?=:))[\"']?(?: are| is)?[ \t]*[:=]?[ \t{(\[]*"
    r"(?P<tags>[\"'`]?(?!Key\b|Value\b)[A-Za-z][\w.-]{0,60}[\"'`]?[ \t]*[=:][ \t]*[\"'`]?[\w./-]{1,100}[\"'`]?"
    r"(?:[ \t]*[,;][ \t]*[\"'`]?[A-Za-z][\w.-]{0,60}[\"'`]?[ \t]*[=:][ \t]*[\"'`]?[\w./-]{1,100}[\"'`]?){0,20})",
    re.IGNORECASE,
)
_WANTS = regex(
    r"\b(?:requires?|needs?|must|should|wants?|expects?|unless|if|when|where|without|checks?|compares?)\b[^\n]{0,30}$",
    re.IGNORECASE,
)
"""Words that show that a policy or a person requires the tag that follows. The resource may lack such a tag."""


def stated_tags(text: str, resource: str = "", caller: str = "") -> Keys:
    """Return the tags that the text states: ``the instance has tag project=ferry``.

    ``resource`` and ``caller`` are ARNs. A list of tags that a command prints for another resource is left out.
    """
    found: dict[str, set[str]] = {}
    for match in _STATED_TAG.finditer(text):
        found.setdefault(match["key"], set()).add(match["value"])
    of_the_caller: dict[str, set[str]] = {}
    for match in _TAGGED.finditer(text):
        before = text[max(0, text.rfind("\n", 0, match.start()) + 1, match.start() - 80) : match.start()]
        if not _WANTS.search(before):
            owner = of_the_caller if _is_of_caller(before, caller) else found
            owner.setdefault(match["key"], set()).add(match["value"])
    for match in _STATED_TAGS.finditer(text):
        for pair in _PAIR.finditer(match["tags"]):
            found.setdefault(pair["key"], set()).add(pair["value"])
    for _, tags in _listed(text, resource):
        for key, value in tags:
            found.setdefault(key, set()).add(value)
    return {
        **_keys("aws:ResourceTag", found),
        **_keys("aws:PrincipalTag", of_the_caller),
        **_of_caller(text, caller),
    }


_CALLERS_WORDS = regex(
    r"\b(?:role|user|session|caller|principal|I|we)(?: [\w+=,.@-]+)?(?: (?:is|are|was|were|am|has been))?\s*\Z",
    re.IGNORECASE,
)


def _is_of_caller(before: str, caller: str) -> bool:
    """Return whether the words directly before "tagged" name the caller: ``the role is``, ``ana is``."""
    names = "|".join(map(re.escape, _names(caller)))
    named = names and re.search(
        rf"(?<![\w./:-])(?:{names})[\"'`]?(?: (?:is|was|has been))?\s*\Z", before, re.IGNORECASE
    )
    return bool(named) or _CALLERS_WORDS.search(before) is not None


def _of_caller(text: str, caller: str) -> Keys:
    found: dict[str, set[str]] = {}
    for each in _OF_CALLER.finditer(text):
        if _WANTS.search(text, max(0, text.rfind("\n", 0, each.start()) + 1, each.start() - 80), each.start()):
            continue
        for pair in _PAIR.finditer(each["tags"]):
            found.setdefault(pair["key"], set()).add(pair["value"].rstrip("."))
    name = caller.split("/")[-2 if ":assumed-role/" in caller else -1] if "/" in caller else ""
    for each in _COMMAND.finditer(text) if name else ():
        if each["service"] == "iam" and name in re.split(r"[ =\"']+", each["options"]):
            for key, value in _pairs(each):
                found.setdefault(key, set()).add(value)
    return _keys("aws:PrincipalTag", found)


def _keys(prefix: str, found: dict[str, set[str]]) -> Keys:
    return {
        f"{prefix}/{name}": Sourced(tuple(values), Source.TEXT, f"tag {name}={next(iter(values))}")
        for name, values in found.items()
        if len(values) == 1
    }


def of_services(tags: Keys, asked: Iterable[str]) -> Keys:
    """Return the service-specific keys in ``asked`` that test a resource's tags, with aws:ResourceTag's values.

    Service Authorization Reference: ``secretsmanager:ResourceTag/${TagKey}``, ``ssm:resourceTag/${TagKey}`` and others.
    """
    shown = {key.partition("/")[2]: had for key, had in tags.items() if key.startswith("aws:ResourceTag/")}
    return {
        f"{key.partition('/')[0]}/{name}": had
        for key in asked
        if ":resourcetag/" in key.lower()
        for name, had in shown.items()
        if name.lower() == key.partition("/")[2].lower()
    }


def tags_beside(text: str, asked: Iterable[str], resource: str, caller: str) -> Keys:
    """Return the tags in ``asked`` that the text has on the same line as a name: ``ana team = "data"``.

    ``resource`` and ``caller`` are ARNs, or names; the caller's names are those of its session and its role or user.
    """
    found: dict[str, dict[str, str]] = {}
    for key in asked:
        tag, of_caller = key.partition("/")[2], ":principaltag/" in key.lower()
        if not tag or not (of_caller or ":resourcetag/" in key.lower()):
            continue
        for name in _names(caller) if of_caller else _names(resource):
            pattern = (
                rf"(?<![\w./:-]){re.escape(name)}(?![\w-])(?P<between>[^\n]{{0,80}}?)(?<![\w/-])(?i:{re.escape(tag)})"
                r"[\"'`]?[ \t]*[:=][ \t]*[\"'`]?(?P<value>[\w./@+-]*\w)"
            )
            for each in re.finditer(pattern, text, re.IGNORECASE if of_caller else 0):
                if not _ONLY_WANTED.search(each["between"]):
                    found.setdefault(key, {})[each["value"]] = name
    return {
        key: Sourced((value,), Source.TEXT, f"tag {key.partition('/')[2]}={value} of {name}")
        for key, values in found.items()
        if len(values) == 1
        for value, name in values.items()
    }


def _names(arn: str) -> list[str]:
    """Return the names that a line may use for a resource or caller.

    These are parts of its ARN, without a secret's random suffix.
    """
    if ":assumed-role/" in arn:
        return arn.split("/")[-2:]
    whole = re.sub(r"^[a-z-]+[:/]", "", arn.split(":", 5)[-1]) if arn.startswith("arn:") else arn
    if ":secret:" in arn:
        whole = re.sub(r"-\w{6}$", "", whole)
    parts = dict.fromkeys((whole, whole.rpartition("/")[2]))
    return [each for each in parts if len(each) >= _SHORTEST and "*" not in each]


_SHORTEST = 3
_ONLY_WANTED = regex(
    r"\b(?:requires?|needs?|must|should|wants?|expects?|unless|if|when|where|polic(?:y|ies)|condition|allows?|not)\b",
    re.IGNORECASE,
)


def _listed(text: str, resource: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield the commands that may list all tags of the resource, with the tags."""
    own = set(_ID.findall(resource.rpartition("/")[2]))
    for each in _COMMAND.finditer(text):
        ids = set(_ID.findall(each["options"]))
        if each["service"] == "iam" or _SELECTS.search(each["options"]) or (own and ids and not own & ids):
            continue
        if tags := _pairs(each):
            yield f"{each['service']} {each['operation']}", tags


def _pairs(command: re.Match[str]) -> list[tuple[str, str]]:
    """Return the tags that the command printed, as pairs of key and value."""
    rows = command["rows"]
    pattern = _MEMBERS if _MEMBERS.search(rows) else _LIST
    if command["service"] == "ec2" and _EC2_ROW.search(rows):
        pattern = _EC2_ROW
    elif _ASKS_FOR_ROWS.search(command["options"]) and not rows.lstrip().startswith(("{", "[")):
        pattern = _ROW
    return [(one["key"], one["value"]) for one in pattern.finditer(rows)]


_DESCRIBES_TAG = regex(
    r"\baws ec2 "
    r"describe-tags\b[^\n]*(?:Name=key,Values=|Name=tag-key,Values=)(?P<key>[\w:.-]{1,60})\b[^\n]*\n(?P<rows>(?:[^\n]+\n?){1,40})"
)


def listed_tag(text: str, resource: str) -> Keys:
    """Return the tag that `aws ec2 describe-tags` shows for this resource in rows of its ID and the tag's value."""
    found, id = _DESCRIBES_TAG.search(text), resource.rpartition("/")[2]
    if found is None or not re.fullmatch(r"[a-z]+-[0-9a-f]{8,17}", id):
        return {}
    row = re.search(rf"^[ \t]*{id}[ \t]+(?P<value>\S+)[ \t]*$", found["rows"], re.MULTILINE)
    if row is None:
        return {}
    said = f"describe-tags shows {found['key']} {row['value']} for {id}"
    return {f"aws:ResourceTag/{found['key']}": Sourced((row["value"],), Source.TEXT, said)}


_NO_TAGS = regex(
    r"(?<![\w-])[\"']?[Tt]ag(?:s|[Ss]et|List|s-all)?[\"']?[ \t]*[:=][ \t]*(?:\[\s*\]|\{\s*\}|null\b|none\b|empty\b)"
    r"|\b(?:has|have|with|carries) no tags?\b|\bis untagged\b",
    re.IGNORECASE,
)


def stated_no_tags(text: str, asked: Iterable[str], resource: str = "") -> Keys:
    """Return which of the resource's tags in ``asked`` are absent: the text shows no tags, or a list without them.

    Tag keys are compared case-insensitively, as the names of condition keys are (IAM User Guide, "Tags for AWS Identity
    and Access Management resources": https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html).
    """
    keys = [key for key in asked if ":resourcetag/" in key.lower()]
    if not keys:
        return {}
    if (found := _NO_TAGS.search(text)) is not None:
        said = f"the text shows {' '.join(found[0].split())}"
        return {key: Sourced((), Source.TEXT, said) for key in keys}
    absent: dict[str, Sourced[tuple[str, ...]]] = {}
    for command, tags in _listed(text, resource):
        had = {key.lower() for key, _ in tags}
        for key in keys:
            name = key.partition("/")[2]
            if name.lower() not in had:
                absent[key] = Sourced((), Source.TEXT, f"aws {command} shows {_nearest(name, tags)}")
    return absent


def _nearest(name: str, tags: list[tuple[str, str]]) -> str:
    """Return, as a clause, the tag whose key is nearly the same; the keys of all tags if there is none."""
    for key, value in tags:
        if difference := slip(name, key):
            return (
                f"{key}={value} instead ({difference}): correct the key on the resource, and in the place that "
                "sets the tag"
            )
    return f"the keys {listing([key for key, _ in tags], 'and', limit=5)}"
