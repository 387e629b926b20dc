"""Read policy statements as templates and programs write them.

The languages are Terraform, CloudFormation, CDK, Pulumi, Python and JavaScript; strict JSON is read elsewhere. A
statement is a group in brackets with an action (an HCL block, an object, the arguments of ``PolicyStatement``), or a
mapping in YAML. Each is read by itself, so that fragments and surrounding prose do no harm. What only a deployment can
compute becomes a text with a placeholder: ``${aws_s3_bucket.data.arn}/*``.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from diagnostics.text.templates.cloudformation import load_yaml
from iam.lazy_pattern import regex

_MOST = 200
_DEEPEST = 30
_LONGEST_GROUP = 8_000
ELEMENTS = {
    "sid": "Sid",
    "effect": "Effect",
    "action": "Action",
    "actions": "Action",
    "notaction": "NotAction",
    "notactions": "NotAction",
    "resource": "Resource",
    "resources": "Resource",
    "notresource": "NotResource",
    "notresources": "NotResource",
    "principal": "Principal",
    "principals": "Principal",
    "notprincipal": "NotPrincipal",
    "notprincipals": "NotPrincipal",
    "condition": "Condition",
    "conditions": "Condition",
}
"""The names of a statement's elements in other languages, in lower case → IAM's names (Terraform AWS provider,
"aws_iam_policy_document"; AWS CDK, "PolicyStatementProps"; IAM User Guide, "IAM JSON policy element reference").
"""


@dataclass(frozen=True, slots=True)
class WrittenPolicy:
    """Adjacent statements in a text, with the positions where they begin and end.

    ``whole``: every statement could be read completely. ``listed``: a person wrote them as a list of actions.
    ``owner`` is the name of who has them, "" if the text names nobody.
    """

    start: int
    end: int
    statements: tuple[dict[str, Any], ...]
    whole: bool
    listed: bool = False
    owner: str = ""


class Computed(str):
    """The source text of an expression that only a deployment can compute."""

    __slots__ = ()

    @property
    def placeholder(self) -> str:
        if found := _OBJECTS_OF.fullmatch(self):
            return f"${{{found['bucket']}.bucketArn}}/{found['keys']}"
        name = re.sub(r"[^\w.*-]+", "_", self).strip("_")[:80] or "computed"
        return f"${{{name}}}"


_OBJECTS_OF = regex(r"(?P<bucket>[\w.]{1,80})\.(?:arnForObjects|arn_for_objects)\([\"'](?P<keys>[^\"']{0,80})[\"']\)")


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
_TOKEN = regex(
    r"(?P<comment>(?:(?<=\s)|(?<![^\n]))(?:#|//)[^\n]*|/\*(?:[^*]|\*(?!/)){0,4000}\*/)"
    r"|(?P<string>(?:(?<![\w\"'`])|(?<=\w)(?=`))(?P<prefix>[fFrRbBuU]?)(?P<quote>[\"'`])(?P<words>(?:\\.|(?!(?P=quote))[^\n\\])*)(?P=quote))"
    r"|(?P<open>[{(\[])|(?P<close>[})\]])"
    r"|(?P<key>(?<![\w.])(?:[Nn]ot_?)?[Aa]ctions?(?=[ \t]{0,20}[:=](?!=)))"
)
_KEY_IN_QUOTES = regex(r"(?:[Nn]ot)?[Aa]ctions?")
_CLOSES = {"{": "}", "(": ")", "[": "]"}


def _in_brackets(text: str, spans: list[tuple[int, int]]) -> Iterator[WrittenPolicy]:
    """Yield the policies in brackets. Statements in one list or block are one policy."""
    found: dict[int, list[tuple[int, int, dict[str, Any] | None]]] = {}
    whole: set[int] = set()
    for start, end, parent in _groups(text, spans):
        stop = end if text[end - 1] in "})]" else _end_of_cut(text, start, end)
        value, ended = Reader(text, stop).group(start)
        statement = statement_of(value) if isinstance(value, dict) else None
        statement = statement and with_told_values(statement, text, start, stop)
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


def with_told_values(statement: dict[str, Any], text: str, start: int, stop: int) -> dict[str, Any]:
    """Return the statement with the values of computed resources that the text tells.

    It sets the variable, or a comment names the ARN.
    """
    resources = statement.get("Resource")
    if not isinstance(resources, list) or not any("${" in each for each in resources):
        return statement
    end = text.find("\n", stop)
    beside = {
        Computed(each["expression"]).placeholder: each["arn"]
        for each in _SAID_BESIDE.finditer(text, start, end if end >= 0 else len(text))
    }

    def valued(found: re.Match[str]) -> str:
        told = {each["value"] for each in re.finditer(_ASSIGNED.format(name=re.escape(found["name"])), text)}
        return told.pop() if len(told) == 1 else found[0]

    return {**statement, "Resource": [beside.get(each) or _NAMED_VALUE.sub(valued, each) for each in resources]}


_AFTER_A_CUT = regex(r"\n[ \t]*\n|\n(?=[^\s\"'{}\[\]])")


def _end_of_cut(text: str, start: int, end: int) -> int:
    """Return where an unclosed group ends: at an empty line, or before a line of prose that is not indented."""
    found = _AFTER_A_CUT.search(text, start, end)
    return found.start() if found else end


def _groups(text: str, spans: list[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
    """Yield the start and end of each group in brackets that directly contains a statement's action.

    The third value is the start of the enclosing group, or the group's own start if there is none.
    """
    stack: list[int] = []
    flagged: set[int] = set()
    count = 0
    for token in _TOKEN.finditer(text):
        at = token.start()
        if spans and _inside(at, spans):
            continue
        if token["open"]:
            stack.append(at)
        elif token["close"]:
            if not any(_CLOSES[text[each]] == token["close"] for each in stack[-_DEEPEST:]):
                continue
            while (opened := stack.pop()) is not None:
                if opened in flagged and count < _MOST:
                    count += 1
                    yield opened, token.end(), _parent(text, stack, opened)
                if _CLOSES[text[opened]] == token["close"]:
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
    """Return the start of the list or Terraform block that contains a statement; of an argument, its own start."""
    if not stack:
        return opened
    return stack[-1] if text[stack[-1]] in "[{" else opened


class Reader:
    """Reads a group in brackets in any of the languages. Whatever is not a literal becomes `Computed`."""

    def __init__(self, text: str, end: int) -> None:
        self.text = text
        self.end = min(len(text), end)
        self.at = 0

    def group(self, start: int, depth: int = 0, *, listed: bool = False) -> tuple[Any, bool]:
        """Return the value in the brackets that open at ``start``, and whether they are closed.

        ``listed``: the brackets contain a list.
        """
        opened = self.text[start]
        self.at = start + 1
        if depth > _DEEPEST or self.end - start > _LONGEST_GROUP:
            return None, False
        return self._list(depth) if listed or opened == "[" else self._mapping(_CLOSES[opened], depth)

    def _list(self, depth: int) -> tuple[Any, bool]:
        values: list[Any] = []
        while True:
            self.space(",;\n")
            if self.at >= self.end:
                return values, False
            if self.text[self.at] in "])}":
                self.at += 1
                return values, True
            values.append(self._value(depth, listed=True))

    def _mapping(self, closes: str, depth: int) -> tuple[Any, bool]:
        found: dict[str, Any] = {}
        while True:
            self.space(",;\n")
            if self.at >= self.end:
                return found, False
            if self.text[self.at] in "})]":
                ended = self.text[self.at] == closes
                self.at += 1
                return found, ended
            self.entry(found, depth)

    def entry(self, found: dict[str, Any], depth: int, *, brief: bool = False) -> None:
        """Read a member into ``found``. With ``brief``, stop reading a value as soon as it cannot be a literal."""
        key = _KEY.match(self.text, self.at, self.end)
        if key is not None:
            self.at = key.end()
            name = key["quoted"] or key["plain"]
            found[name] = self._value(depth, brief=brief)
            return
        block = _BLOCK.match(self.text, self.at, self.end)
        if block is not None:
            value, _ = self.group(block.end() - 1, depth + 1)
            found.setdefault(block["name"], [])
            if isinstance(found[block["name"]], list):
                found[block["name"]].append(value)
            return
        self._value(depth)

    def _value(self, depth: int, *, listed: bool = False, brief: bool = False) -> Any:
        parts: list[Any] = []
        begin = self.at
        while self.at < self.end:
            self.space("")
            character = self.text[self.at : self.at + 1]
            if character in ("", ",", ";", "}", ")", "]"):
                break
            if character == "\n":
                following = _NEXT.match(self.text, self.at, self.end)
                if parts and not (following and following["continues"]) and not (listed and not parts):
                    break
                self.at = following.end("space") if following else self.at + 1
                continue
            if parts and not isinstance(parts[-1], Computed) and _ATTRIBUTE.match(self.text, self.at, self.end):
                break
            token = _TOKEN.match(self.text, self.at, self.end)
            if token is not None and token["string"]:
                self.at = token.end()
                parts.append(_string(token))
            elif character in "{([":
                call = bool(parts) and isinstance(parts[-1], Computed)
                start = self.at
                lists = call and character == "(" and _MAKES_A_LIST.fullmatch(parts[-1]) is not None
                value, _ = self.group(start, depth + 1, listed=lists)
                if lists:
                    parts[-1] = value
                else:
                    parts.append(Computed(self.text[start : self.at]) if call else value)
            elif plain := _PLAIN.match(self.text, self.at, self.end):
                self.at = plain.end()
                parts.append(plain[0])
            elif cut := _CUT.match(self.text, self.at, self.end):
                self.at = cut.end()
                parts.append(cut[0])
            else:
                word = _WORD.match(self.text, self.at, self.end)
                self.at = word.end() if word else self.at + 1
                parts.append(Computed(word[0] if word else character))
                if brief and _operates(parts[-1]):
                    break
        if self.at == begin:
            self.at += 1
        return _joined(parts)

    def space(self, more: str) -> None:
        while self.at < self.end:
            if self.text[self.at] in " \t\r" or self.text[self.at] in more:
                self.at += 1
                continue
            token = _TOKEN.match(self.text, self.at, self.end)
            if token is None or not token["comment"]:
                return
            self.at = token.end()


_KEY = regex(
    r"(?:(?P<quote>[\"'])(?P<quoted>[^\"'\n]{1,200})(?P=quote)|(?P<plain>[A-Za-z_][\w.-]{0,80}))[ \t]{0,40}"
    r"(?::(?!:)|=(?![=>])|=>)"
)
_BLOCK = regex(r"(?P<name>[A-Za-z_]\w{0,60})(?:[ \t]{1,9}\"[^\"\n]{0,100}\"){0,2}[ \t]{0,9}\{")
_ATTRIBUTE = regex(r"[A-Za-z_]\w{0,30}[ \t]*=(?![=>])")
"""The next attribute of HCL, where somebody wrote two on one line."""
_NEXT = regex(r"(?P<space>\s*)(?P<continues>[+.?)])?")
_WORD = regex(r"[A-Za-z_$][\w.$-]*(?:\[[^\[\]\n]{0,80}\](?:\.[\w.]+)?)?|\d[\w.]*")
_TAG = regex(r"[\w.]*(?:interpolate|sub|raw)")
_MAKES_A_LIST = regex(r"(?:\w+\.)?(?:List|Set|Arrays|jsii)\.(?:of|asList|Strings)|&?jsii\.Strings|listOf|setOf")
_PLAIN = regex(
    r"(?<![\w.:])(?:[a-z][a-z0-9-]{1,40}:(?:\*|[A-Z][\w*]*)|arn:aws[\w-]*:[^\s,\]})\"']+)(?=[ \t]*(?:[,\]})\n]|\Z))"
)
"""An action or ARN without quotes, as YAML writes it: ``Action: [ec2:DescribeImages, ec2:DescribeInstances]``."""
_CUT = regex(r"(?:\.\.\.|…)(?!\w)")
"""The mark for an omitted part; ``...`` directly before a name spreads its members instead."""


def _string(token: re.Match[str]) -> str:
    words = re.sub(r"\\(.)", r"\1", token["words"])
    if token["prefix"] in ("f", "F"):
        words = re.sub(r"(?<!\{)\{([^{}]{1,100})\}(?!\})", r"${\1}", words).replace("{{", "{").replace("}}", "}")
    elif token["quote"] == '"':
        words = words.replace("$${", "${").replace("&{", "${")  # Terraform's ways to write a policy variable
    return _EXPRESSION.sub(lambda found: Computed(found["expression"]).placeholder, words)


_EXPRESSION = regex(
    r"\$\{(?!(?:aws|s3|ec2|iam|kms|saml|sts|graph|cognito|accounts)[\w.-]*:)(?P<expression>[^{}]{1,200})\}"
)


def _operates(part: Any) -> bool:
    """Return whether a part of an expression is an operator other than plus, so that the result is no literal."""
    return isinstance(part, Computed) and part != "+" and not re.match(r"[\w$(\[{]", part)


_OF_NULL = ["=", "=", "null", "?"]


def _chosen(parts: list[Any]) -> Any:
    """Return what Terraform's ``x == null ? a : x`` is where x is given: x itself; None for other expressions.

    What x is, the text may tell elsewhere. Terraform, "Conditional Expressions"
    (https://developer.hashicorp.com/terraform/language/expressions/conditionals).
    """
    written = [str(each) if isinstance(each, Computed) else None for each in parts]
    last = parts[-1] if parts else None
    if written[1:5] != _OF_NULL or not isinstance(last, Computed) or written[-2:] != [":", written[0]]:
        return None
    return last


def _joined(parts: list[Any]) -> Any:
    """Combine the parts of an expression into one value: a literal as it is, texts and computed parts joined by +."""
    parts = [each for each in parts if each != "+" or not isinstance(each, Computed)]
    if (chosen := _chosen(parts)) is not None:
        return chosen
    if any(map(_operates, parts)):
        return Computed("computed")  # a choice or another operation, whose parts are not joined
    if len(parts) == 2 and isinstance(parts[0], Computed) and _TAG.fullmatch(parts[0]) and isinstance(parts[1], str):
        return parts[1]
    if len(parts) == 1:
        return parts[0]
    texts = [each for each in parts if isinstance(each, str)]
    if not texts or len(texts) != len(parts):
        return Computed("computed")
    if all(isinstance(each, Computed) for each in texts):
        return Computed(" ".join(texts) if texts[0] == "new" else "".join(texts))
    whole = ""
    for each in texts:
        whole += each.placeholder if isinstance(each, Computed) else each
    return whole


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
    """Return a statement that a person wrote almost in YAML: a bare *, and a condition on one line."""
    body = _ALL_WITHOUT_QUOTES.sub(r'\1"*"', body)
    return _CONDITION_IN_A_LINE.sub(r'\1{"\2": {"\3": \4}}', body)


def _policy(group: list[tuple[int, int, int, dict[str, Any] | None]], places: list[int]) -> Iterator[WrittenPolicy]:
    statements = tuple(each for *_, each in group if each is not None)
    if statements:
        end = places[group[-1][1]] if group[-1][1] < len(places) else places[-1]
        yield WrittenPolicy(places[group[0][0]], end, statements, len(statements) == len(group))


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
    """Return whether the line begins a list item whose keys are in this column."""
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
    """Return the positions of Terraform blocks with a policy, and the names of the roles that it is attached to.

    None in place of a name is a role whose name the text does not show.
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


# One statement, in the form of IAM's JSON.


def statement_of(value: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the statement with IAM's names; None if it is not a statement, or its effect is unknown."""
    statement = {"Effect": "Allow", **elements_of(value)}
    if not statement.keys() & {"Action", "NotAction"} or statement["Effect"] not in ("Allow", "Deny"):
        return None
    actions = statement.get("Action", statement.get("NotAction", []))
    of_trust = "Principal" in statement and all(each.lower().startswith(("sts:", "${")) for each in actions)
    if statement["Effect"] == "Deny" and {"Principal", "Condition"} <= statement.keys():
        statement.setdefault("Resource", ["*"])  # left out by who wrote down a resource's own policy
    if not statement.keys() & {"Resource", "NotResource"} and not of_trust:
        return None  # an argument of Lambda's AddPermission, an action of another system, or cut off
    return statement if names_actions(statement) else None


def names_actions(statement: Mapping[str, Any]) -> bool:
    """Return whether one of the statement's actions has the form of an IAM action, or is computed."""
    actions = statement.get("Action", statement.get("NotAction", []))
    return any(re.fullmatch(r"\*|[\w-]+:[\w*?]+|.*\$\{.*", each) for each in actions)


def elements_of(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return the elements of a statement that the value has, with IAM's names and in the form of IAM's JSON."""
    found: dict[str, Any] = {}
    for name, had in value.items():
        element = ELEMENTS.get(re.sub(r"[^a-z]", "", str(name).lower()))
        if element is not None:
            found.setdefault(element, had)
    statement: dict[str, Any] = {}
    if "Effect" in found:
        statement["Effect"] = str(found["Effect"]).rpartition(".")[2].capitalize()
    if isinstance(sid := found.get("Sid"), str) and not isinstance(sid, Computed):
        statement["Sid"] = sid
    for name in ("Action", "NotAction", "Resource", "NotResource"):
        if name in found:
            statement[name] = list(_texts(found[name]))
    for name in ("Principal", "NotPrincipal"):
        if name in found:
            statement[name] = _principals(found[name])
    if "Condition" in found:
        statement["Condition"] = _conditions(found["Condition"])
    return statement


def text_of(value: Any) -> str | None:
    """Return a value as text, with placeholders for computed parts; None if it is not a text."""
    if isinstance(value, Computed):
        return value.placeholder
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, str):
        return value
    if isinstance(value, dict) and len(value) == 1:
        ((name, inner),) = value.items()
        return _function(str(name).removeprefix("Fn::"), inner)
    return None


def _function(name: str, inner: Any) -> str:
    """Return a CloudFormation function's value as text (CloudFormation Template Reference, "Intrinsic functions")."""
    match name, inner:
        case ("Sub", str()) | ("Sub", [str(), *_]):
            return inner if isinstance(inner, str) else str(inner[0])
        case "Join", [str() as separator, list() as parts]:
            return separator.join(text_of(each) or "${computed}" for each in parts)
        case "GetAtt", [str() as resource, str() as attribute]:
            return f"${{{resource}.{attribute}}}"
        case (("Ref" | "GetAtt"), str()):
            return f"${{{inner}}}"
        case _:
            return f"${{{name}}}"


def _texts(value: Any) -> Iterator[str]:
    for each in value if isinstance(value, list) else [value]:
        yield text_of(each) or "${computed}"


_PRINCIPAL = regex(
    r"(?P<kind>Service|Account|Arn|Any|StarPrincipal|AccountRoot|WebIdentity|Federated|OpenIdConnect)\w*\("
    r"\s*[\"']?(?P<value>[\w.:/*@+=,-]*)"
)


def _principals(value: Any) -> Any:
    """Return principals in IAM's form. They are given as Terraform blocks, CDK classes, or in that form already."""
    found: dict[str, list[str]] = {}
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, str) and not isinstance(each, Computed):
            if each == "*":
                return "*"
            found.setdefault("AWS", []).append(each)
        elif isinstance(each, Computed):
            kind, name = _class_principal(each)
            if kind == "*":
                return "*"
            found.setdefault(kind, []).append(name)
        elif isinstance(each, dict) and "type" in each:
            listed = list(_texts(each.get("identifiers", [])))
            if each["type"] == "*":
                return "*"
            found.setdefault(text_of(each["type"]) or "AWS", []).extend(listed)
        elif isinstance(each, dict):
            for kind, names in each.items():
                found.setdefault(str(kind), []).extend(_texts(names))
    return found


def _class_principal(written: str) -> tuple[str, str]:
    """Return the kind and value of the principal that a CDK class represents.

    See AWS CDK, "aws-cdk-lib.aws_iam", principals.
    """
    match = _PRINCIPAL.search(written)
    kind, value = (match["kind"], match["value"]) if match else ("", "")
    match kind:
        case "Service":
            return "Service", value or "${service}"
        case "Any" | "StarPrincipal":
            return "*", "*"
        case "WebIdentity" | "Federated" | "OpenIdConnect":
            return "Federated", value or "${provider}"
        case _:
            return "AWS", value or "${principal}"


def _conditions(value: Any) -> dict[str, dict[str, list[str]]]:
    from diagnostics.text.templates.prose_conditions import condition_after  # it reads policies, too

    found: dict[str, dict[str, list[str]]] = {}
    for each in value if isinstance(value, list) else [value]:
        in_words = condition_after(each, 0, deny=False) if isinstance(each, str) else None
        if in_words is not None and isinstance(each, str) and in_words[1] == len(each.rstrip()):
            found |= in_words[0]
        elif not isinstance(each, dict):
            found.setdefault("StringEquals", {})["${computed}"] = ["${computed}"]
        elif "test" in each and "variable" in each:
            operator, key = text_of(each["test"]) or "", text_of(each["variable"]) or ""
            found.setdefault(operator, {})[key] = list(_texts(each.get("values", [])))
        else:
            for operator, block in each.items():
                for key, values in block.items() if isinstance(block, dict) else [("${computed}", "${computed}")]:
                    found.setdefault(str(operator), {})[str(key)] = list(_texts(values))
    return found
