"""Read groups in brackets: HCL, JavaScript and TypeScript, Python, relaxed JSON."""

from __future__ import annotations

import re
from typing import Any

from iam.lazy_pattern import regex

DEEPEST = 30


_LONGEST_GROUP = 8_000


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


TOKEN = regex(
    r"(?P<comment>(?:(?<=\s)|(?<![^\n]))(?:#|//)[^\n]*|/\*(?:[^*]|\*(?!/)){0,4000}\*/)"
    r"|(?P<string>(?:(?<![\w\"'`])|(?<=\w)(?=`))(?P<prefix>[fFrRbBuU]?)(?P<quote>[\"'`])(?P<words>(?:\\.|(?!(?P=quote))[^\n\\])*)(?P=quote))"
    r"|(?P<open>[{(\[])|(?P<close>[})\]])"
    r"|(?P<key>(?<![\w.])(?:[Nn]ot_?)?[Aa]ctions?(?=[ \t]{0,20}[:=](?!=)))"
)


CLOSES = {"{": "}", "(": ")", "[": "]"}


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
        if depth > DEEPEST or self.end - start > _LONGEST_GROUP:
            return None, False
        return self._list(depth) if listed or opened == "[" else self._mapping(CLOSES[opened], depth)

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
            token = TOKEN.match(self.text, self.at, self.end)
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
            if added := _ADDED.match(self.text, self.at, self.end) if "\n" in more else None:
                self.at = added.end()
            if self.text[self.at] in " \t\r" or self.text[self.at] in more:
                self.at += 1
                continue
            token = TOKEN.match(self.text, self.at, self.end)
            if token is None or not token["comment"]:
                return
            self.at = token.end()


_ADDED = regex(r"(?<=[ \t])\+[ \t]+(?=[A-Za-z_\"{\[])")
"""The sign before additions in Terraform's plan."""


_KEY = regex(
    r"(?:(?P<quote>[\"'])(?P<quoted>[^\"'\n]{1,200})(?P=quote)|(?P<plain>[A-Za-z_][\w.-]{0,80}))[ \t]{0,40}"
    r"(?::(?!:)|=(?![=>])|=>)"
)


_BLOCK = regex(r"(?P<name>[A-Za-z_]\w{0,60})(?:[ \t]{1,9}\"[^\"\n]{0,100}\"){0,2}[ \t]{0,9}\{")


_ATTRIBUTE = regex(r"[A-Za-z_]\w{0,30}[ \t]*=(?![=>])")
"""The next attribute of HCL, if two are on one line."""


_NEXT = regex(r"(?P<space>\s*)(?P<continues>\+(?![ \t]+[\w\"]{1,40}[ \t]*=(?!=))|[.?)])?")


_WORD = regex(r"[A-Za-z_$][\w.$-]*(?:\[[^\[\]\n]{0,80}\](?:\.[\w.]+)?)?|\d[\w.]*")


_TAG = regex(r"[\w.]*(?:interpolate|sub|raw)")


_MAKES_A_LIST = regex(r"(?:\w+\.)?(?:List|Set|Arrays|jsii)\.(?:of|asList|Strings)|&?jsii\.Strings|listOf|setOf")


_PLAIN = regex(
    r"(?<![\w.:])(?:[a-z][a-z0-9-]{1,40}:(?:\*|[A-Z][\w*]*)|arn:aws[\w-]*:[^\s,\]})\"']+)(?=[ \t]*(?:[,\]})\n]|\Z))"
)
"""An action or ARN without quotes, as in YAML: ``Action: [ec2:DescribeImages, ec2:DescribeInstances]``."""


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
    """Return whether a part of an expression is an operator other than plus, so that the result is not a literal."""
    return isinstance(part, Computed) and part != "+" and not re.match(r"[\w$(\[{]", part)


_OF_NULL = ["=", "=", "null", "?"]


def _chosen(parts: list[Any]) -> Any:
    """Return the value of Terraform's ``x == null ? a : x`` if x is set, which is x; None for other expressions.

    The text may give the value of x elsewhere. Terraform, "Conditional Expressions"
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
