"""Read policies as people write them.

Examples are ``- dynamodb:PutItem, GetItem on table/orders``, ``it may s3:GetObject on …``, and ``Deny * s3:PutObject
vault/* StringNotEquals aws:SourceVpce vpce-1``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from diagnostics.text.templates.informal_lists import FIRST, SPLIT, VERB, actions_in, lists_in_lines, resources_at
from diagnostics.text.templates.policies import WrittenPolicy
from diagnostics.text.templates.prose_conditions import condition_after
from iam.lazy_pattern import regex
from iam.service_reference import action_names, resource_types, services

_NAME = rf"(?:[a-z][a-z0-9-]{{1,30}}:)?(?:{VERB}|(?<=:)\*)(?![\w:/*])"
_AND = r"(?:,|/|\+|&|\band\b|\bAND\b|\bund\b|\by\b)"
_GRANT = regex(
    r"(?<![\w:/.\"'-])[\[\"'`]{0,2}"
    rf"(?P<actions>{FIRST}(?:[\"'`]?[ \t]*{_AND}[ \t]*(?:and[ \t]+)?[\"'`]?{_NAME})*)[\"'`]?"
    r"(?P<rest>[ \t]*,?[ \t]*(?:\.\.\.|…|etc\b\.?))?[\]\"'`]{0,2}"
)
_LIST = regex(r"^[ \t]*[-*•][ \t]+(?:Allow\w*[ \t]+)?$")
_HEADING = regex(
    r"^[ \t#>]*(?:policy|statements?|allowed|granted|permissions?|actions?)[\w \t]{0,30}:[ \t]*(?:Allow\w*[ \t]+)?$",
    re.IGNORECASE,
)
_POLICY_LISTS = regex(r"^[ \t#>]*polic(?:y|ies)[ \t]*:[ \t]*$", re.IGNORECASE)
"""``policy:`` without further words before a list of actions."""
_OWNED = regex(
    r"^[ \t#>]*(?:(?:the|our|its|my|IAM|die|la|el)[ \t]+)?(?:[\w./-]{1,60}(?:'s)?[ \t]+){0,3}"
    r"(?:role|user|group|polic(?:y|ies)|permissions?|permission set|boundary|Rolle|Benutzer|Richtlinie|rol|usuario"
    r"|pol[ií]tica|politique)"
    r"(?:[ \t]+(?:policy|permissions|statements?|has|have|says|lists|(?:(?:of|del?|d[ao]|von|du) )?[\w./-]{1,60}))?"
    r"(?:[ \t]+only)?"
    r"[ \t]*:[ \t]*(?:Allow\w*[ \t:]+)?$",
    re.IGNORECASE,
)
"""``Lambda role:``, ``policy of hub:`` before a list of actions. An owner is named, so no resource is required."""
_POLICY_ABOVE = regex(
    r"^[ \t#>]*(?:our|the|its|my|this|role|IAM)[ \t]+(?:(?:own|IAM|role|identity|inline)[ \t]+)*"
    r"(?:policy|role|user|permissions)[ \t]+(?:has|have|allows|grants|says|is)[ \t]*:?[ \t]*$",
    re.IGNORECASE,
)
"""A line that only announces a policy's actions: ``our policy has``."""
_GRANTS = regex(
    r"\b(?:polic(?:y|ies)|allow(?:s|ed)?|grants|granted|permissions|actions of (?:the|our|its|my) [\w -]{1,40}"
    r"|has|have|gave|given|erlaubt|hat|Richtlinie|política"
    r"|permite|tiene|puse|autorise)\b",
    re.IGNORECASE,
)
_MODAL = regex(
    r"(?<!\bI )(?<!\bwe )(?<!\byou )(?<!\bthey )\b(?:may|can|darf|kann|puede|pueden|peut|pode)"
    r"(?:[ \t]+(?:only|just|also|still|do|use|call|perform|nur|auch|solo|sólo|usar))*[ \t]*$",
    re.IGNORECASE,
)
_ASKS = regex(
    r"\b(?:why|how|if|whether|so that|until|unless|once|warum|wieso|wie|ob|damit|por qué|para que)\b|[\"{}\[\]=<>?]",
    re.IGNORECASE,
)
_GRANTS_NOT = regex(
    r"[\"{}\[\]=<>?]|\w+-based|allows? the[ \t]*$|n't\b|\b(?:do|does|ca|is|has)nt\b"
    r"|\b(?:not?|none|never|because|lacks?|missing|needs?|needed|require[sd]?|den(?:y|ied|ies)|cannot|error|refus\w+"
    r"|add(?:ed|ing)?|should|must|may|if|whether|unless|does|do(?! [\w.-]+[ \t]*:)|did|ensure|sure|check|verify|try"
    r"|tried|without|failed|explicit|would|could|want|trust|bucket|queue|topic|key|repository|resource|secret|vault"
    r"|endpoint"
    r"|target|SCP|RCP|was|were|before|their|his|her|other|propos\w+|suggest\w*|recommend\w*|example|sample|draft|old"
    r"|previous(?:ly)?|former(?:ly)?|removed?|deleted?|until|nicht|kein\w*|fehlt|braucht|falta|necesita|sin)\b",
    re.IGNORECASE,
)
"""Words that show that a clause does not state what the caller's own policies allow: a question, advice, a denial,
another kind of policy.
"""
_DENIES = regex(
    r"\b(?P<deny>Deny|DENY|denies|blocks)(?:[ \t]+(?:in|of|from|statement)\b[^:;\n]{0,40}:)?[ \t:|]+"
    r"(?:(?P<all>Principal[ \t:=]+[\"']?\*[\"']?|\*|everyone|everybody|all)[ \t,:]+)?(?P<but>Not ?Actions?[ \t:=]*)?$"
)
_EXCEPT = regex(r"\bNot[ _]?Actions?[ \t:=]*$")
_OF_A_POLICY = regex(r"polic(?:y|ies)\b|statement|\bSCP\b|\bRCP\b|boundary|\bDeny|\bDENY", re.IGNORECASE)
_OF_RESOURCE = regex(
    r"\b(?:bucket|key|queue|topic|secret|vault|repo(?:sitory)?|resource|domain|function|table|stream)(?:'s)?"
    r"(?: access)? polic(?:y|ies)\b",
    re.IGNORECASE,
)
_SERVICE = r"(?!oidc\.)[a-z0-9.-]+\.amazonaws\.com(?:\.cn)?"
_PRINCIPAL = regex(
    rf"[ \t,]*(?:(?:for|to)[ \t]+)?(?:Principal(?:[ \t]+(?:is|AWS|Service))?[ \t:=]+[\"'`]?"
    rf"(?P<principal>\*|arn:[^\s\"',;]+|{_SERVICE})[\"'`]?|everyone|everybody|all principals)"
)
_GIVEN_TO = regex(
    r"\b(?:Allow|allows|ALLOW)[ \t:]+"
    r"(?:Principal[ \t:=]+(?:\{[ \t]*[\"']?(?:AWS|Service)[\"']?[ \t:=]+)?|(?:AWS|Service)[ \t:=]+)?"
    rf"[\"'`\[]{{0,2}}(?P<principal>\*|arn:[\w-]+:(?:iam|sts)::\d{{12}}:[^\s\"',;\]}}]+|{_SERVICE})[\"'`\]}} ]{{0,4}}"
    r"[ \t,:]+(?:to[ \t]+)?(?:do[ \t]+)?(?:[\"']?Actions?[\"']?[ \t:=]+)?$"
)
"""``Allow Principal arn:…:role/pull`` before the actions: a resource's own policy."""
_REFUSED_AFTER = regex(
    r"[ \t]*(?:is|was|are|were|gets?|but|call|calls|error)?[ \t]*"
    r"(?:den(?:y|ied)|refused|missing|not\b|fail|forbidden|fehlt|falta|verweigert)",
    re.IGNORECASE,
)
_CONTINUES = regex(r"^[ \t]*(?:[;,]|and\b|und\b|y\b)?[ \t]*$", re.IGNORECASE)
_CLAUSE = regex(r"[;,.?!]\s|\s[-–]\s|<-|←")
_SENTENCE = regex(r"[.;?!]\s")
_OWNER = regex(
    r"(?P<name>(?=[^\sA-Za-z]*[A-Za-z])[\w+=@.]*[-_\d][\w+=@.-]*)(?:'s)?(?: (?:user|role|group|policy))?(?: may| "
    r"can| has| have| darf)\b[^.;]*$"
)
"""A name with a dash, an underscore or a digit, before words such as "may" or "has": the owner of the permission.
"""

_ONLY = r"(?:(?:only|just|nur|solo|sólo)[ \t]+)?"
_ON = regex(
    rf"[ \t]*(?:,?[ \t]*(?:\((?=on\b|for\b|[Rr]esource))?(?:(?:but|aber|pero)[ \t]+)?{_ONLY}"
    r"(?:(?:on|for|auf|für|en|em|sobre|against)\b|[Rr]esources?\b[ \t]*(?:is\b|=|:)?|->|→|=>)[ \t]*"
    r"(?!resource\b)(?:(?:only|just|nur|the|all(?! resources)|of)\b[ \t]+)*|[ \t,]+(?=[\[\"'`(]?arn:)"
    r"|[ \t]+(?=(?:[\w.-]+(?:[ \t]*,[ \t]*|[ \t]+and[ \t]+))?[\w.-]+/\*|\*(?:[\s.,;)]|$))"
    r")"
)
_EVERYTHING = regex(r"(?:everything|anything|(?:all|any|every) (?:resources?|of them)|alles|todo)\b", re.IGNORECASE)
_IN_WORDS = regex(r"[A-Za-z' -]{1,30}?(?=[;,.)]|\s*$|[ \t]+and[ \t]+[a-z][a-z0-9-]{1,30}:[A-Z])")
"""A resource that has no name: ``on the bucket;``, ``on the bucket and s3:GetObject on its objects``."""
_CONTINUED = regex(r"arn:\S+[ \t]*(?:,|[ \t]and)[ \t]*\n[ \t]+(?=arn:)")
"""A list of resources that continues on the next line."""
_RESOURCE_BELOW = regex(
    r"^[^\n{]*\b(?:Allow|Deny)\b[^\n{]*[\w*\]]([ \t]*\n)[ \t]+(?=Resource[ \t]+(?:arn:|\*))", re.MULTILINE
)
"""``Allow s3:GetObject``, with ``Resource arn:…`` alone in the next line."""


@dataclass(frozen=True, slots=True)
class _Stated:
    """A statement in a line: its beginning and end, and the name of its owner, "" if the line names none.

    ``layer`` is the word for a policy that limits the caller, "" for one that grants.
    """

    start: int
    end: int
    owner: str
    statement: dict[str, Any]
    whole: bool
    layer: str = ""


_OF_A_SIMULATION = regex(r"\b(?:simulate-(?:principal|custom)-policy|Test-IAM(?:Principal|Custom)Policy)\b[^\n]*")
"""The actions of a simulation. A simulation tests actions and does not allow them."""


def shorthand_policies(text: str, read: Iterable[tuple[int, int]] = ()) -> Iterator[WrittenPolicy]:
    """Return lists of actions outside ``read`` that the text allows or denies, each list as a statement.

    The lists of one owner are one policy; each Deny is a separate policy. A trust policy in words is a policy, too, and
    so is a lone Resource that, as the text says, belongs to a policy.
    """
    spans, service = tuple(read), _only_service(text)
    found: list[_Stated] = []
    alone: list[_Stated] = []
    at = 0
    text = lists_in_lines(text)
    for continued in (_CONTINUED, _RESOURCE_BELOW):
        text = continued.sub(lambda found: found[0].replace("\n", " "), text)
    lines = text.split("\n")
    owner, column, heading, read_all = "", 0, "", True
    for line in lines:
        line = _OF_A_SIMULATION.sub(lambda found: " " * len(found[0]), line)
        if line.strip() and (indent := len(line) - len(line.lstrip())) <= column:
            owner, column = heading_owner(line, text), indent
        below = _listed_below(heading, text)
        here = list(_in_line(line, at, spans, below=below)) or list(_without_prefix(line, at, spans, service))
        here = here or list(_of_verbs(line, at, spans, text))
        if not here and below and _GRANT.search(line):
            read_all = False
        elif line.strip() and not here and not _BULLET.match(line):
            heading = line
        elif here and below is False and _LIST.match(text[at : here[0].start]):
            here = []
        here = [each for each in here if not _is_shown(each.statement, text, spans)]
        here = [replace(each, owner=each.owner or _by_a_word(text[at : each.start], text) or owner) for each in here]
        found += here
        taken = (*spans, *((each.start, each.end) for each in here))
        alone += _trusts(line, at, taken)
        alone += () if here else _resource_alone(line, at, taken, text)
        at += len(line) + 1
    alone += _resource_lists(text, spans)
    allows = [each for each in found if each.statement["Effect"] == "Allow"]
    for whose in dict.fromkeys(map(_whose, allows)):
        own, owner = [each for each in allows if _whose(each) == whose], whose[0]
        whole = read_all and all(each.whole for each in own)
        statements = tuple(each.statement for each in own)
        yield WrittenPolicy(own[0].start, own[-1].end, statements, whole=whole, listed=True, owner=owner)
    for each in (*(one for one in found if one.statement["Effect"] == "Deny"), *alone):
        yield WrittenPolicy(each.start, each.end, (each.statement,), whole=each.whole, listed=True)


_STARTS_WITH_A_NAME = regex(
    r"[ \t#>*-]*(?:(?:the|role|user)[ \t]+)*[\"'`]?(?P<name>[\w+=,.@-]{2,64}?)[\"'`]?(?=[\s:(])"
)


def _name_at_start(heading: str, text: str) -> str:
    """Return the role or user whose name begins a heading, such as ``api-role: AWSX + inline:``."""
    found = _STARTS_WITH_A_NAME.match(heading) if _COLON.search(heading) else None
    return found["name"] if found is not None and found["name"] in _names_in(text) else ""


_BULLET = regex(r"[ \t]*[-*•][ \t]")
_LABEL = regex(r"[ \t*-]*(?:[A-Z][\w-]{1,40}:[ \t]*)?")
"""The text that may come before an action below a heading, such as a bullet or a statement's name."""
_HEADS = regex(r"[^\n:]{0,60}\b(?:role|user|policy|permissions|granted|allowed)\b[^\n:]{0,40}:[ \t]*", re.IGNORECASE)


_COLON = regex(r":[ \t]*\Z")
_HEADS_NOT = regex(
    r"(?<![\w-])(?:den(?:y|ied)|refused|fail\w*|needs?|needed|missing|lacks?|should|must|required?|requires|calls?"
    r"|called|would"
    r"|want\w*|propos\w+|suggest\w*|example|docs?|add|their|other|before|old|previous)(?![\w-])[^\n:]*:[ \t]*$",
    re.IGNORECASE,
)


def _listed_below(heading: str, text: str) -> bool | None:
    """Return whether the actions of a list below the heading are a policy's; None if the heading does not say so.

    The heading says so if it has words for a policy or a role, or the name of a role or user in the text.
    """
    if _HEADS_NOT.search(heading):
        return False
    heads = _OWNED.match(heading) or _HEADS.fullmatch(heading) or _name_at_start(heading, text)
    return True if _POLICY_ABOVE.search(heading) or (heads and not _GRANTS_NOT.search(heading)) else None


_ENTITY_HEADING = regex(
    r"[ \t#>*-]*(?:(?:role|user|group)[ \t]+)?[\"'`]?(?P<name>[\w+=,.@-]{2,64})[\"'`]?(?:'s)?"
    r"(?P<role>[ \t]+(?:role|user)|[ \t]*\([^()\n]{0,30}\b(?:role|user)\))?"
    r"(?:[ \t]+(?:(?:inline|identity|role)[ \t]+)?(?:policy|permissions?))?"
    r"(?:,[ \t]*(?:the[ \t]+)?[\w-]{2,20}[ \t]+(?:part|section|statements?))?[ \t]*:[ \t]*"
)


def heading_owner(line: str, text: str) -> str:
    """Return the role or user whose policies follow a line such as ``click-exec (execution role):``; else ""."""
    found = _ENTITY_HEADING.fullmatch(line)
    if found is None:
        return _name_at_start(line, text)
    known = rf"(?:assumed-role|role|user)/(?:[\w+=,.@-]+/)*{re.escape(found['name'])}(?![\w+=,.@-])"
    stated = found["role"] and re.search(r"[-_\d]", found["name"])
    return found["name"] if stated or re.search(known, text) else ""


_BY_A_WORD = regex(r"(?<![\w/:.-])(?P<word>[A-Za-z][a-zA-Z]{2,30})(?:'s)? (?:role|user)\b[^.;:\n]{0,40}$")
_NAMES = regex(r":assumed-role/([\w+=,.@-]+)|:iam::\d{12}:(?:role|user)/(?:[\w+=,.@-]+/)*([\w+=,.@-]+)")


def _by_a_word(before: str, text: str) -> str:
    """Return the role or user that the words name by ARN, or by a part of the name (``MWAA role has``); else ""."""
    own, found = _names_in(before), _BY_A_WORD.search(before)
    if len(own) == 1:
        return own.pop()
    if own or found is None:
        return ""
    word = found["word"].lower()
    named = {name for name in _names_in(text) if word in re.split(r"[^a-z0-9]+", name.lower())}
    return named.pop() if len(named) == 1 else ""


def _names_in(text: str) -> set[str]:
    return {name for pair in _NAMES.findall(text) for name in pair if name}


def _is_shown(statement: dict[str, Any], text: str, spans: tuple[tuple[int, int], ...]) -> bool:
    """Return whether the statement has no resource, and a document in the text names its actions."""
    names = [name.partition(":")[2] for name in statement.get("Action", ())]
    without = statement["Resource"] == ["..."]
    return without and any(name in text[start:stop] for start, stop in spans for name in names)


_LAYER = regex(r"\b(boundary|SCP|RCP|session policy|inline policy|identity policy|role policy)\b", re.IGNORECASE)


def _whose(stated: _Stated) -> tuple[str, bool, str]:
    """Return the owner of a statement, whether it is in a resource's own policy, and the kind of policy."""
    return stated.owner, "Principal" in stated.statement, stated.layer


def _in_line(line: str, at: int, spans: tuple[tuple[int, int], ...], *, below: bool | None = None) -> Iterator[_Stated]:
    """Yield the statements of a line. ``below``: the heading says that a policy's actions follow."""
    granted, end, owner = False, 0, ""
    for each in _GRANT.finditer(line):
        if each.start() < end or any(start <= at + each.start() < stop for start, stop in spans):
            continue
        before = line[end : each.start()]
        deny = _denies(line[: each.start()], before)
        given = _GIVEN_TO.search(before) if deny is None else None
        granted = deny is None and (
            given is not None
            or (below and end == 0 and _LABEL.fullmatch(before) and _ON.match(line, each.end()) is not None)
            or _says_so(before, first=end == 0, before=granted, each=each, line=line)
        )
        end = each.end()
        granted = granted and _REFUSED_AFTER.match(line, each.end("actions")) is None
        actions = actions_in(each["actions"])
        if actions is None or (deny is None and not granted):
            continue
        statement, end = _statement(line, end, actions, deny)
        if deny is None and _EXCEPT.search(before):
            statement["NotAction"] = statement.pop("Action")
        if given is not None:
            statement["Principal"] = _principal_of(given["principal"])
        if deny is not None and statement["Resource"] == ["..."] and "Condition" not in statement:
            continue
        if deny is None and (named := _OWNER.search(before)):
            owner = named["name"]
        limits = _LAYER.findall(line[: each.start()])
        layer = limits[-1].lower() if limits else ""
        yield _Stated(at + each.start(), at + end, owner, statement, not each["rest"], layer)


def _denies(words: str, before: str) -> re.Match[str] | None:
    """Return the words for a Deny before the actions; None unless they are about a policy."""
    found = _DENIES.search(before)
    if found is None:
        return None
    return found if _OF_A_POLICY.search(words) else None


def _says_so(words: str, *, first: bool, before: bool, each: re.Match[str], line: str) -> bool:
    """Return whether the words before the actions say that a policy allows these actions."""
    if before and _CONTINUES.match(words):
        return True
    if first and (_LIST.match(words) or _HEADING.match(words)):
        return _ON.match(line, each.end()) is not None or _POLICY_LISTS.match(words) is not None
    if first and _OWNED.match(words) and not _GRANTS_NOT.search(words):
        return True
    sentence = _SENTENCE.split(words)[-1]
    if _MODAL.search(words) and not _ASKS.search(sentence):
        return True
    clause = _CLAUSE.split(words)[-1]
    return _GRANTS.search(clause) is not None and _GRANTS_NOT.search(clause) is None


def _statement(line: str, at: int, actions: list[str], deny: re.Match[str] | None) -> tuple[dict[str, Any], int]:
    """Return the statement with these actions, and the position of its end.

    The statement is for any resource if the line names none.
    """
    statement: dict[str, Any] = {"Effect": "Allow" if deny is None else "Deny"}
    statement["Action" if deny is None or not deny["but"] else "NotAction"] = actions
    principal = "*" if deny is not None and (deny["all"] or _OF_RESOURCE.search(line[:at])) else ""
    resources: list[str] = []
    if named := _PRINCIPAL.match(line, at):
        principal, at = named["principal"] or "*", named.end()
    begin = at
    resources, at = _resources(line, at)
    if not resources and (kind := _kind_in_words(line[begin:at], actions)):
        resources = [f"...:{kind}/*"]
    if named := _PRINCIPAL.match(line, at):
        principal, at = named["principal"] or "*", named.end()
    statement["Resource"] = resources or ["..."]
    if deny is not None and deny["but"] and not resources:
        statement["Resource"] = ["*"]
    if principal:
        statement["Principal"] = _principal_of(principal)
    if (condition := condition_after(line, at, deny=deny is not None)) is not None:
        statement["Condition"], at = condition
    return statement, at


def _kind_in_words(words: str, actions: list[str]) -> str:
    """Return the type of resource that words name, such as ``on the verified identity`` of SES; "" if it is unclear."""
    service = actions[0].partition(":")[0]
    if service in ("s3", "*") or any(not each.startswith(f"{service}:") for each in actions):
        return ""
    said = [each for each in re.findall(r"[a-z]+", words.lower()) if each not in ("only", "alone", "itself")]
    found = {
        name
        for name, kind in resource_types(service).items()
        if said and name.split("-") == said[-len(name.split("-")) :] and f":{name}/${{" in kind.arn
    }
    return found.pop() if len(found) == 1 else ""


def _principal_of(name: str) -> str | dict[str, list[str]]:
    if name == "*":
        return "*"
    return {"Service" if ".amazonaws.com" in name else "AWS": [name]}


def _resources(line: str, at: int) -> tuple[list[str], int]:
    """Return the resources that follow the actions, and their end. A resource may be only a part of an ARN."""
    begin = _ON.match(line, at)
    if begin is None:
        return [], at
    if everything := _EVERYTHING.match(line, begin.end()):
        return ["*"], everything.end()
    named, end = resources_at(line, begin.end())
    words = _IN_WORDS.match(line, begin.end())
    return (named, end) if named else ([], words.end() if words else at)


_PERFORMS = regex(r"to perform:? [\"'`]?(?P<service>[a-z][a-z0-9-]{1,30}):[A-Z]\w+")
_BARE = regex(rf"(?<![\w:/.-])[A-Z][a-z]+[A-Z]\w{{2,50}}(?:[ \t]*{_AND}[ \t]*[A-Z][a-z]\w{{2,50}})*(?![\w:/-])")


def _only_service(text: str) -> str:
    """Return the service prefix of the actions in IAM's messages in the text; "" if there is not exactly one."""
    named = {found["service"] for found in _PERFORMS.finditer(text)}
    return named.pop() if len(named) == 1 else ""


def _without_prefix(line: str, at: int, spans: tuple[tuple[int, int], ...], service: str) -> Iterator[_Stated]:
    """Yield the statements of a line that names actions without the service: ``the role has PutObject on a/*``."""
    if service not in services() or "arn:" in line.partition(" on ")[0] or _PERFORMS.search(line):
        return
    known = action_names(service)

    def prefixed(found: re.Match[str]) -> str:
        names = SPLIT.split(found[0])
        return f"{service}:{found[0]}" if all(name.lower() in known for name in names) else found[0]

    written = _BARE.sub(prefixed, line)
    if written == line or any(start < at + len(line) and at < stop for start, stop in spans):
        return
    for each in _in_line(written, at, ()):
        yield _Stated(at, at + len(line), each.owner, each.statement, each.whole)


# What a person writes without the names of actions.

_VERBS = {
    "read": ("Get*", "List*", "Describe*", "Head*", "BatchGet*", "Query", "Scan"),
    "get": ("Get*",),
    "download": ("Get*",),
    "list": ("List*",),
    "write": ("Put*", "Delete*", "Abort*", "Update*", "Create*", "Send*", "Publish*", "BatchWrite*"),
    "put": ("Put*",),
    "upload": ("Put*",),
    "delete": ("Delete*",),
}
"""The verbs of a sentence, each with the prefixes of the action names that the verb means."""
_BY_VERB = regex(
    r"\b(?P<verb>read|get|download|list|write|put|upload|delete)(?:s|ing)?\b"
    r"(?:[ \t/]+(?:and[ \t]+)?(?:access|rights|permissions?|only|objects?|files?|them|it|anything|everything)\b)*"
    r"[^.,;:\n]{0,40}?\b(?:on|to|in|into|under|below|from)[ \t]+"
    r"(?:(?:the|only|just|bucket|table|queue|topic)[ \t]+)*(?=[\[\"'`(]{0,2}(?:arn:|\*|s3://|[\w.${}]*[/*-]))"
)
_SAYS_RIGHTS = regex(
    r"\b(?:polic(?:y|ies)|role|user|permissions?|statement|grants?)\b[^.;\n]{0,60}?"
    r"(?::|\b(?:lets?|allows?|may|can only|only (?:lets?|allows?|has|covers)|has|have|grants?)\b)",
    re.IGNORECASE,
)
_NAMED_SERVICE = regex(r"(?<![\w:.-])(?P<name>[a-zA-Z][a-z0-9-]{1,14})[ \t]+$")


def _of_verbs(line: str, at: int, spans: tuple[tuple[int, int], ...], text: str) -> Iterator[_Stated]:
    """Yield the statements of a line such as ``role: s3 read on *, write on arn:aws:s3:::a/*``."""
    service = ""
    end = 0
    for each in _BY_VERB.finditer(line):
        begin = max((stop.end() for stop in _SENTENCE.finditer(line, 0, each.start())), default=0)
        says, sentence = _SAYS_RIGHTS.search(line, begin, each.start() + 1), _SENTENCE.split(line[begin:])[0]
        if (
            says is None
            or _VERBS_NOT.search(sentence)
            or any(start <= at + says.start() < stop for start, stop in spans)
        ):
            continue
        if each.start() < end:
            continue
        named = _NAMED_SERVICE.search(line[: each.start()])
        service = named["name"].lower() if named and named["name"].lower() in services() else service
        resources, end = ([], each.end()) if _PATH.match(line, each.end()) else resources_at(line, each.end())
        arn = next((one for one in resources if one.startswith("arn:")), "")
        of = service or (arn.split(":")[2] if arn else "s3" if _OF_S3.search(text) else "")
        if not resources or of not in services():
            continue
        actions = [f"{of}:{name}" for name in _VERBS[each["verb"].lower()]]
        yield _Stated(
            at + each.start(), at + end, "", {"Effect": "Allow", "Action": actions, "Resource": resources}, True
        )


_PATH = regex(r"[\"'`]?(?:/|https?:|[\w.-]+\.(?:com|org|io|net)\b)")
"""A file's path, or a web address."""
_OF_S3 = regex(r"(?<![\w:])s3:[A-Z]\w+|\barn:[\w-]+:s3:::")
_VERBS_NOT = regex(
    r"n't\b|\b(?:not|cannot|never|no|if|should|must|needs?|want|how|why|because|trying|failed|error|denied)\b|\?"
)

_ALONE = regex(
    r"(?<!on )\b[Rr]esources?\b[\"']?(?:[ \t]+(?:of|in)[ \t]+[\w' -]{2,40}?)?[ \t]*(?:(?:is|are|was)\b|=|:)?[ \t]*"
    r"(?=[\[\"'`]{0,2}arn:)|\bonly(?:[ \t]+(?P<service>[\w-]{2,20}))?[ \t]+(?:statement|permission|grant|policy)s?"
    r"(?:[ \t]+(?:of|in|it)[ \t]+[\w' -]{2,30}?)?[ \t]+"
    r"(?:(?:is|are)[ \t]+(?:on|for)|names?|covers?|has)[ \t]+(?:[Rr]esources?[ \t]+)?"
    r"|\b(?:polic(?:y|ies)|statement|permissions?)[ \t]+(?:only[ \t]+|just[ \t]+)?"
    r"(?:covers?|names?|applies to|(?:is|are) (?:limited|scoped|restricted) to)[ \t]+(?:only[ \t]+)?"
)
_LIST_OF_RESOURCES = regex(
    r"^(?P<before>[ \t]*)(?:-[ \t]+)?Resource:[ \t]*\n"
    r"(?P<items>(?:(?P=before)[ \t]*-[ \t]+(?:!Sub[ \t]+)?[\"']?arn:[^\s\"']+[\"']?[ \t]*(?:\n|$)){1,20})",
    re.MULTILINE,
)
_HAS_ACTIONS = regex(r"^[ \t-]*[\"']?(?:Not)?Action[\"']?[ \t]*:", re.MULTILINE)
_ARN_OF_ITEM = regex(r"arn:[^\s\"']+")


def _resource_lists(text: str, spans: tuple[tuple[int, int], ...]) -> Iterator[_Stated]:
    """Yield a Resource in YAML that lists ARNs, if the text shows no actions next to it."""
    if "Task" in text or _HAS_ACTIONS.search(text):
        return
    for each in _LIST_OF_RESOURCES.finditer(text):
        if not any(start <= each.start() < stop for start, stop in spans):
            named = _ARN_OF_ITEM.findall(each["items"])
            yield _Stated(each.start(), each.end(), "", {"Effect": "Allow", "Resource": named}, True)


_ELEMENT = regex(r"[ \t]*Resource[ \t]*[:=]|[ \t]*resources[ \t]*=")
"""The element of a statement at the start of its line."""
_OF_STATEMENT = regex(r"(?<![\w:/-])(?:polic(?:y|ies)|statements?|permissions?|role|grants?)(?![\w/])", re.IGNORECASE)


def _resource_alone(line: str, at: int, spans: tuple[tuple[int, int], ...], text: str) -> Iterator[_Stated]:
    """Yield a Resource that the line attributes to a policy without naming its actions.

    Such a line is ``its only logs statement is on …``.
    """
    for each in _ALONE.finditer(line):
        says = _OF_STATEMENT.search(line) or (_ELEMENT.match(line) and "Task" not in text)
        if any(start <= at + each.start() < stop for start, stop in spans) or not says:
            continue
        resources, end = resources_at(line, each.end())
        service = (each["service"] or "").lower()
        if not resources or (each["service"] and service not in services()):
            continue
        statement: dict[str, Any] = {"Effect": "Allow", "Resource": resources}
        if service:
            statement["Action"] = [f"{service}:*"]
        yield _Stated(at + each.start(), at + end, "", statement, True)


_TRUSTED = rf"(?:arn:[\w-]+:(?:iam|sts)::\d{{12}}:(?:root|role|user|assumed-role)[^\s\"'`,;)]*|{_SERVICE})"
_TRUSTS = regex(
    r"\btrusts?(?:[ \t]+(?:polic(?:y|ies)|relationships?))?"
    r"(?:[ \t]+(?:of|on|for)[ \t]+(?:(?:the|role)[ \t]+){0,2}(?:arn:\S+|(?!(?:the|role)\b(?!/))[\w+=,.@/-]{1,64}))?"
    r"[ \t:]*"
    r"(?:(?:only|just|names?|allows?|lists?|has|trusts?|is|says|[Pp]rincipals?|AWS)\b[ \t:=]*){0,4}[\"'`\[{]{0,2}"
    rf"(?P<principals>{_TRUSTED}(?:[\"'`]?[ \t]*(?:,|\band\b)[ \t]*[\"'`]?{_TRUSTED})*)"
)
_STS_ACTION = r"sts:(?:AssumeRole\w*|TagSession|SetSourceIdentity|SetContext)"
_STS = regex(
    r"[ \t\"'`,:(]{0,4}(?:(?:with|for|to do)[ \t]+)?"
    rf"{_STS_ACTION}(?:[ \t]*(?:,|\+|&|\band\b)[ \t]*{_STS_ACTION})*"
)
_EXTERNAL_ID = regex(
    r"[ \t,;:(]{0,4}(?:(?:and|with|where|if|condition)\b[ \t:]*){0,2}sts:ExternalId[\"'`]?[ \t]*(?:(?:is|equals)\b|="
    r"|:)?"
    r"[ \t]*"
    r"[\"'`]?(?P<value>[\w+=,.@:/-]{2,})[\"'`]?"
)
_TRUSTS_NOT = regex(
    r"n't\b|\b(?:not|should|must|needs? to|has to|add|if|whether|does|no|check|verify|ensure|review"
    r"|confirm|make sure|be sure)\b[^.;]{0,30}$",
    re.IGNORECASE,
)


def _trusts(line: str, at: int, spans: tuple[tuple[int, int], ...]) -> Iterator[_Stated]:
    """Yield a trust policy in words: ``deployer trusts arn:aws:iam::111122223333:root``."""
    for each in _TRUSTS.finditer(line):
        if any(start <= at + each.start() < stop for start, stop in spans) or _TRUSTS_NOT.search(line[: each.start()]):
            continue
        names = [name.rstrip(".:") for name in re.split(r"[\"'`\s,]+|\band\b", each["principals"]) if name]
        people = [name for name in names if name.startswith("arn:")]
        called = [name for name in names if not name.startswith("arn:")]
        principal = {**({"AWS": people} if people else {}), **({"Service": called} if called else {})}
        stated = _STS.match(line, each.end())
        actions = re.findall(r"sts:\w+", stated[0]) if stated else ["sts:*"]
        end = stated.end() if stated else each.end()
        statement: dict[str, Any] = {"Effect": "Allow", "Principal": principal, "Action": actions}
        if (condition := condition_after(line, end, deny=False)) is not None:
            statement["Condition"], end = condition
        elif asked := _EXTERNAL_ID.match(line, end):
            statement["Condition"], end = {"StringEquals": {"sts:ExternalId": [asked["value"]]}}, asked.end()
        yield _Stated(at + each.start(), at + end, "", statement, True)
