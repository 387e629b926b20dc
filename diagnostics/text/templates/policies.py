"""Read policy statements as templates and programs write them.

The languages are Terraform, CloudFormation, CDK, Pulumi, Python and JavaScript; strict JSON is read elsewhere. A
statement is a group in brackets with an action (an HCL block, an object, the arguments of ``PolicyStatement``), or a
mapping in YAML. Each statement is read by itself, so fragments and surrounding prose do no harm. A value that only a
deployment can compute becomes text with a placeholder: ``${aws_s3_bucket.data.arn}/*``.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from diagnostics.text.read.layout.yaml_text import load_yaml
from diagnostics.text.templates.elements import statement_of
from diagnostics.text.templates.reader import CLOSES, DEEPEST, TOKEN, Computed, Reader
from iam.lazy_pattern import regex

_MOST = 200


@dataclass(frozen=True, slots=True)
class WrittenPolicy:
    """Adjacent statements in a text, with the positions where they begin and end.

    ``whole``: every statement could be read completely. ``listed``: a person wrote the statements as a list of actions.
    ``owner`` is the name of the role or user that has them, "" if the text does not name it. ``layer`` is a name of
    ``LAYERS``, "" for any other policy, None if only the words before the policy can show it.
    """

    start: int
    end: int
    statements: tuple[dict[str, Any], ...]
    whole: bool
    listed: bool = False
    owner: str = ""
    layer: str | None = None


UNREAD_CONDITION = {"StringEquals": {"...": ["..."]}}
"""The conditions of a statement whose words could not be read."""
LAYERS = (
    ("boundary", regex(r"boundary", re.IGNORECASE)),
    ("rcp", regex(r"\bRCPs?\b|resource[ _]control", re.IGNORECASE)),
    (
        "scp",
        regex(
            r"\bSCPs?\b|service control|aws_organizations_policy|\borganizations (?:describe|list)-polic"
            r"|\b(?:attached to|on) (?:the )?(?:OU|organi[sz]ational unit)\b",
            re.IGNORECASE,
        ),
    ),
    ("session", regex(r"session[ -]policy|inline[ -]session", re.IGNORECASE)),
    (
        "vpce",
        regex(
            r"endpoint[ _]policy|aws_vpc_endpoint|\bdescribe-vpc-endpoints\b"
            r"|\b(?:vpc )?endpoint (?:(?:vpce|com\.amazonaws)[\w.-]*[ \t]+|\([^()\n]{1,60}\) ?){1,3}policy\b"
            r"|\bvpce-[0-9a-f]+(?:'s)?(?: \([^()\n]{1,80}\))? policy\b"
            r"|\b(?:vpc|gateway|interface) endpoints?\b(?:[^.;\n{}]|\.(?=\w)){0,60}?"
            r"(?:,| with| whose| and (?:its|their)| \()(?: ?(?:an?|the|its|their|this|custom|following)\b)* ?policy\b"
            r"|(?<!bucket )(?<!queue )(?<!topic )(?<!key )\bpolicy (?:document )?"
            r"(?:of|on|for) (?:the |our )?(?:(?:s3|vpc|gateway|interface) ){0,3}(?:endpoint\b|vpce-)",
            re.IGNORECASE,
        ),
    ),
)
"""The kind of policy that is named by the words before a document."""


def written_policies(text: str, read: Iterable[tuple[int, int]] = ()) -> Iterator[WrittenPolicy]:
    """Yield the policies in the text outside of ``read``, the spans of JSON that is already parsed."""
    if not _HINT.search(text):
        return
    spans = sorted(read)
    yield from _in_brackets(text, spans)
    yield from _in_yaml(text, spans)


def _inside(at: int, spans: list[tuple[int, int]]) -> bool:
    """Return whether the position is in one of the spans, which are sorted and do not overlap."""
    before = bisect_right(spans, (at, sys.maxsize)) - 1
    return before >= 0 and at < spans[before][1]


# In brackets: HCL, JavaScript and TypeScript, Python, relaxed JSON.

_HINT = regex(r"\b(?:[Nn]ot_?)?[Aa]ctions?[\"']?[ \t]{0,20}[:=]")


_KEY_IN_QUOTES = regex(r"(?:[Nn]ot)?[Aa]ctions?")


def _in_brackets(text: str, spans: list[tuple[int, int]]) -> Iterator[WrittenPolicy]:
    """Yield the policies in brackets. Statements in one list or block are one policy."""
    found: dict[int, list[tuple[int, int, dict[str, Any] | None]]] = {}
    whole: set[int] = set()
    for start, end, parent in _groups(text, spans):
        stop = end if text[end - 1] in "})]" else _end_of_cut(text, start, end)
        value, ended = Reader(text, stop).group(start)
        statement = statement_of(value) if isinstance(value, dict) else None
        statement = statement and with_stated_values(statement, text, start, stop)
        if statement is not None and not ended:
            whole.discard(parent)
            statement = statement if statement.keys() & {"Condition"} else None
        elif parent not in found:
            whole.add(parent)
        found.setdefault(parent, []).append((start, stop, statement))
    for parent, group in found.items():
        statements = tuple(each for _, _, each in group if each is not None)
        if statements:
            complete = parent in whole and len(statements) == len(group)
            yield WrittenPolicy(group[0][0], group[-1][1], statements, complete)


_ASSIGNED = r"(?<![\w.\"-]){name}[\"']?[ \t]*(?:=(?!=)|:)[ \t]*[\"'](?P<value>[^\"'\n${{]{{3,200}})[\"']"


_NAMED_VALUE = regex(r"\$\{(?:var|local|locals|props|this|params|data)\.(?P<name>[A-Za-z_]\w*)\}")


_SAID_BESIDE = regex(
    r"\b[Rr]esources?[\"']?[ \t]*[:=][ \t]*\[?[ \t]*(?P<expression>[A-Za-z_][\w.]*)[ \t]*\]?[ \t]*,?[ \t]*"
    r"(?://|#)[ \t]*(?:(?:is|e\.g\.|i\.e\.|=|->|→)[ \t]*)?(?P<arn>arn:[\w-]+:[^\s,;)]+)"
)


def with_stated_values(statement: dict[str, Any], text: str, start: int, stop: int) -> dict[str, Any]:
    """Return the statement with its computed resources replaced by their values, where the text gives them."""
    resources = statement.get("Resource")
    if not isinstance(resources, list) or not any("${" in each for each in resources):
        return statement
    end = text.find("\n", stop)
    beside = {
        Computed(each["expression"]).placeholder: each["arn"]
        for each in _SAID_BESIDE.finditer(text, start, end if end >= 0 else len(text))
    }

    def valued(found: re.Match[str]) -> str:
        stated = {each["value"] for each in re.finditer(_ASSIGNED.format(name=re.escape(found["name"])), text)}
        return stated.pop() if len(stated) == 1 else found[0]

    return {**statement, "Resource": [beside.get(each) or _NAMED_VALUE.sub(valued, each) for each in resources]}


_AFTER_A_CUT = regex(r"\n[ \t]*\n|\n(?=[^\s\"'{}\[\]])")


def _end_of_cut(text: str, start: int, end: int) -> int:
    """Return the end of an unclosed group: an empty line, or the start of a line of prose that is not indented."""
    found = _AFTER_A_CUT.search(text, start, end)
    return found.start() if found else end


def _groups(text: str, spans: list[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
    """Yield the start and end of each group in brackets that directly contains a statement's action.

    The third value is the start of the enclosing group, or the group's own start if there is none.
    """
    stack: list[int] = []
    flagged: set[int] = set()
    count = 0
    for token in TOKEN.finditer(text):
        at = token.start()
        if spans and _inside(at, spans):
            continue
        if token["open"]:
            stack.append(at)
        elif token["close"]:
            if not any(CLOSES[text[each]] == token["close"] for each in stack[-DEEPEST:]):
                continue
            while (opened := stack.pop()) is not None:
                if opened in flagged and count < _MOST:
                    count += 1
                    yield opened, token.end(), _parent(text, stack, opened)
                if CLOSES[text[opened]] == token["close"]:
                    break
        elif stack and (token["key"] or (token["words"] and _names_action(text, token))) and text[stack[-1]] != "[":
            flagged.add(stack[-1])
    for opened in stack:
        if opened in flagged and count < _MOST:
            count += 1
            yield opened, len(text), _parent(text, [each for each in stack if each < opened], opened)


def _names_action(text: str, token: re.Match[str]) -> bool:
    after = re.match(r"[ \t]{0,20}[:=]", text[token.end() : token.end() + 24])
    return after is not None and _KEY_IN_QUOTES.fullmatch(token["words"]) is not None


def _parent(text: str, stack: list[int], opened: int) -> int:
    """Return the start of the list or Terraform block that contains a statement; for an argument, its own start."""
    if not stack:
        return opened
    return stack[-1] if text[stack[-1]] in "[{" else opened


# YAML: CloudFormation, SAM, the Serverless Framework, Pulumi.

_YAML_KEY = regex(r"(?P<before>[ \t]*(?:-[ \t]+)?)[\"']?(?:Not)?Action[\"']?:(?=\s|$)", re.IGNORECASE)


def _in_yaml(text: str, spans: list[tuple[int, int]]) -> Iterator[WrittenPolicy]:
    """Yield the policies in YAML: mappings with an action, recognized by indentation.

    Mappings that follow each other in one list are one policy.
    """
    lines, places, at = text.expandtabs(4).split("\n"), [], 0
    for raw in text.split("\n"):
        places.append(at)
        at += len(raw) + 1
    places.append(len(text))
    group: list[tuple[int, int, int, dict[str, Any] | None]] = []
    read = count = 0
    for number, line in enumerate(lines):
        key = _YAML_KEY.match(line)
        if key is None or number < read or count >= _MOST or _inside(places[number] + len(key["before"]), spans):
            continue
        column = len(key["before"])
        count += 1
        first, last = _block(lines, number, column, read)
        read = last
        body = "\n".join(
            " " * column + each[column:] for each in lines[first:last] if not each.lstrip().startswith("#")
        )
        value = load_yaml(_as_yaml(body))
        statement = statement_of(value) if isinstance(value, dict) else None
        if group and (group[-1][1] != first or group[-1][2] != column):
            yield from _policy(group, places)
            group = []
        group.append((first, last, column, statement))
    yield from _policy(group, places)


_ALL_WITHOUT_QUOTES = regex(r"^([ \t-]*(?:Action|Resource|Principal)[ \t]*:[ \t]*)\*[ \t]*$", re.MULTILINE)


_CONDITION_IN_A_LINE = regex(
    r"^([ \t]*Condition[ \t]*:[ \t]*)"
    r"((?:For(?:All|Any)Values:)?(?:String|Arn|Numeric|Date|Bool|Null|IpAddress|NotIp)\w*)"
    r"[ \t]*:?[ \t]+([\w-]+:[\w/.:-]*\w)[ \t]*[:=][ \t]*(\[[^\]\n]*\]|[^\s\[][^\n]*?)[ \t]*$",
    re.MULTILINE,
)


def _as_yaml(body: str) -> str:
    """Return a statement in almost correct YAML as YAML: quote a bare *, and put braces around a one-line condition."""
    body = _ALL_WITHOUT_QUOTES.sub(r'\1"*"', body)
    return _CONDITION_IN_A_LINE.sub(r'\1{"\2": {"\3": \4}}', body)


def _policy(group: list[tuple[int, int, int, dict[str, Any] | None]], places: list[int]) -> Iterator[WrittenPolicy]:
    statements = tuple(each for *_, each in group if each is not None)
    if statements:
        yield WrittenPolicy(places[group[0][0]], places[group[-1][1]], statements, len(statements) == len(group))


def _block(lines: list[str], number: int, column: int, begin: int) -> tuple[int, int]:
    """Return the first and last line of the mapping whose keys are in this column.

    The dash before the first key is included.
    """

    def indent(line: str) -> int:
        return len(line) - len(line.lstrip())

    first = number
    while not lines[first].lstrip().startswith("- ") or indent(lines[first]) >= column:
        above = first - 1
        if above < begin or (
            lines[above].strip() and indent(lines[above]) < column and not _dash(lines[above], column)
        ):
            break
        first = above
    last = number + 1
    while last < len(lines):
        line = lines[last]
        if line.strip() and indent(line) < column and not line.lstrip().startswith("#"):
            break
        last += 1
    return first, last


def _dash(line: str, column: int) -> bool:
    """Return whether the line begins a list item with keys in this column."""
    found = re.match(r"[ \t]*-[ \t]+(?=[\w\"'])", line)
    return found is not None and found.end() == column


# The roles that Terraform attaches a policy to.

_HCL_BLOCK = regex(
    r"^[ \t│|+~]*(?:data|resource)[ \t]+\"(?P<type>aws_\w+)\"[ \t]+\"(?P<name>[^\"\n]+)\"[ \t]*\{", re.MULTILINE
)


_HCL_ATTRIBUTE = regex(
    r"^[ \t│|+~]*(?P<name>name|role|policy|policy_arn)[ \t]*=[ \t]*(?P<value>[^\n]{1,300})", re.MULTILINE
)


_HCL_ROLE = regex(r"aws_iam_role\.(?P<role>[\w-]+)\.(?:name|id)|\"(?P<name>[\w+=,.@-]{1,64})\"")


_HCL_POLICY = regex(r"(?P<address>data\.aws_iam_policy_document\.[\w-]+|aws_iam_policy\.[\w-]+)\.(?:json|arn)")


def holders_in(text: str) -> tuple[tuple[int, int, frozenset[str | None]], ...]:
    """Return the positions of Terraform blocks with a policy, and the names of the roles with that policy.

    The name is None if the text does not name the role.
    """
    if "aws_iam_role" not in text:
        return ()
    found = list(_HCL_BLOCK.finditer(text))
    if not found:
        return ()  # Terraform's messages name addresses, too
    ends = [*(each.start() for each in found[1:]), len(text)]
    places: dict[str, tuple[int, int]] = {}
    attributes: dict[str, dict[str, str]] = {}
    for block, end in zip(found, ends, strict=True):
        address = (
            "data." if block[0].lstrip(" \t│|+~").startswith("data") else ""
        ) + f"{block['type']}.{block['name']}"
        places[address] = (block.start(), end)
        said = _HCL_ATTRIBUTE.finditer(text, block.end(), end)
        attributes[address] = {each["name"]: each["value"].strip() for each in reversed(list(said))}
    holders: dict[str, set[str | None]] = {}
    for address, has in attributes.items():
        if not address.startswith(("aws_iam_role_policy.", "aws_iam_role_policy_attachment.")):
            continue
        role = _role_name(has.get("role", ""), attributes)
        for each in (address, *_addresses(has.get("policy", "")), *_addresses(has.get("policy_arn", ""))):
            holders.setdefault(each, set()).add(role)
    for address, has in attributes.items():
        if address.startswith("aws_iam_policy.") and address in holders:
            for each in _addresses(has.get("policy", "")):
                holders.setdefault(each, set()).update(holders[address])
    return tuple((*places[address], frozenset(names)) for address, names in holders.items() if address in places)


def _addresses(expression: str) -> list[str]:
    return [each["address"] for each in _HCL_POLICY.finditer(expression)]


def _role_name(expression: str, attributes: Mapping[str, Mapping[str, str]]) -> str | None:
    """Return the name of the role that an expression refers to, or None if the text does not show it."""
    found = _HCL_ROLE.match(expression)
    if found is None or found["name"]:
        return found["name"] if found else None
    name = _HCL_ROLE.fullmatch(attributes.get(f"aws_iam_role.{found['role']}", {}).get("name", ""))
    return name["name"] if name else None
