"""Read the values that commands of the AWS CLI and kubectl printed in a text, each with the name of its field.

AWS CLI User Guide, "Setting the output format" and "Filtering output"
(https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-output-format.html, .../cli-usage-filter.html): ``--query``
is a JMESPath expression, and what is printed has the form of that expression. Kubernetes, "JSONPath Support"
(https://kubernetes.io/docs/reference/kubectl/jsonpath/).
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from diagnostics.text.read.layout.tables import cells_of
from diagnostics.text.read.layout.yaml_text import load_yaml
from iam.lazy_pattern import regex

_LONGEST = 60_000
_LONGEST_OUTPUT = 20_000
_DEEPEST = 60
_COMMAND = regex(r"(?<![\w/.-])(?P<program>aws|kubectl)(?:\.exe)?[ \t]+(?P<words>[^\n]*)")
_JOINED = regex(r"[\\`^][ \t]*\r?\n[ \t]*")
_ARROW = regex(r"[ \t]+(?:->|=>|→|⇒|#)[ \t]+(?P<printed>\S[^\n]*)$|[ \t]+#[ \t]*$")
_ENDS = regex(r"[ \t]*\r?\n[ \t]*\r?\n|^[^\n]{0,60}(?<![-=])[$#%❯>] +[a-z./]", re.MULTILINE)
"""Where the lines of an output without brackets end: an empty line, or the next prompt."""
_EMPTY_LINE = regex(r"\s*?\n[ \t]*\r?\n")
_ERROR = regex(r"[^\n]*?An error occurred \((?P<code>[\w.]+)\)")
_PAIR = regex(r"(?<![\w.:/-])(?P<name>[A-Za-z][\w./-]*):[ \t]+(?P<value>[^\s,;]+)")
_FIELD = regex(r"[A-Z][A-Za-z0-9]+|[a-z]+(?:[A-Z]\w*)?")
_JSON_PATH = regex(r"\{\.?(?P<path>[^}]*)\}")


@dataclass(frozen=True, slots=True)
class Field:
    """A value that a command printed. ``path`` names its fields, the outermost first, without positions in lists."""

    path: tuple[str, ...]
    value: str

    @property
    def name(self) -> str:
        """The innermost field's name, as AWS's API spells it; "" if the text does not show it."""
        return self.path[-1] if self.path else ""


@dataclass(frozen=True, slots=True)
class Output:
    """A command with what it printed.

    ``options`` are its options, without their dashes. ``empty`` has the paths of the lists and objects without a
    member; ``error`` is the code with which AWS refused the call, or "". ``at`` is the position of the command.
    """

    program: str
    service: str
    operation: str
    options: Mapping[str, str]
    at: int
    fields: tuple[Field, ...] = ()
    empty: tuple[tuple[str, ...], ...] = ()
    error: str = ""
    words: tuple[str, ...] = field(default=(), compare=False)

    @property
    def command(self) -> str:
        """The command without its options: ``aws kms describe-key``."""
        return f"{self.program} {self.service} {self.operation}"

    def values(self, *names: str) -> tuple[str, ...]:
        """Return the values of the fields with one of these names, in order."""
        return tuple(each.value for each in self.fields if each.name in names)

    @property
    def nothing(self) -> bool:
        """Whether the command printed an empty result: a list or object without members, and no other value."""
        return bool(self.empty) and not any(path[0] not in _PAGING for path in self._named)

    @property
    def _named(self) -> Iterator[tuple[str, ...]]:
        return (each.path for each in self.fields if each.path)


_PAGING = ("NextToken", "nextToken", "IsTruncated", "Marker", "ResponseMetadata")


def printed_values(text: str, *names: str) -> tuple[str, ...]:
    """Return the different values that commands in the text printed: of the fields with one of these names, or all."""
    found = (each for made in outputs(text) for each in made.fields if not names or each.name in names)
    return tuple(dict.fromkeys(each.value for each in found))


@lru_cache(maxsize=4)
def outputs(text: str) -> tuple[Output, ...]:
    """Return the commands of a text that printed something, in order."""
    if "aws " not in text and "kubectl " not in text:
        return ()
    joined = _JOINED.sub(lambda each: " " * len(each[0]), text[:_LONGEST])
    places = list(_COMMAND.finditer(joined))
    ends = [*(joined.rfind("\n", 0, each.start()) + 1 for each in places), len(joined)][1:]
    return tuple(
        found for place, end in zip(places, ends, strict=True) if (found := _output(place, joined, end)) is not None
    )


def _output(place: re.Match[str], text: str, end: int) -> Output | None:
    """Return the command at this place with what it printed before ``end``; None if it printed nothing."""
    line = place["words"]
    arrow = _ARROW.search(line)
    names, options = _named(_words(line[: arrow.start()] if arrow else line))
    if len(names) < 2:
        return None
    below = text[place.end() : max(place.end(), min(end, place.end() + _LONGEST_OUTPUT))]
    above = (arrow["printed"] or "") if arrow else ""
    printed = f"{above}\n{below}".lstrip()
    made = Output(place["program"], names[0], names[1], options, place.start(), words=tuple(names[2:]))
    if (refused := _ERROR.match(printed)) is not None:
        return replace(made, error=refused["code"])
    label = _label_of(made)
    value = _json(printed) if printed[:1] in ("{", "[", '"') else _yaml(printed, made)
    fields: list[Field] = []
    empty: list[tuple[str, ...]] = []
    if value is not None:
        _collect(label, value, fields, empty)
    elif above or not _EMPTY_LINE.match(below):
        fields.extend(_of_lines(_until_end(printed), label))
    return replace(made, fields=tuple(fields), empty=tuple(empty)) if fields or empty else None


def _words(line: str) -> list[str]:
    line = re.sub(r"\s*\)[\s-]*$", "", line)
    try:
        return shlex.split(line)
    except ValueError:  # a quotation mark without its end
        return line.split()


def _named(words: list[str]) -> tuple[list[str], dict[str, str]]:
    """Return the words that belong to no option, and the options with their values."""
    names: list[str] = []
    options: dict[str, str] = {}
    waiting = ""
    for word in words:
        if word in ("|", "&&", ";", "||", ">", ")"):
            break
        if re.match(r"-{1,2}[a-z]", word):
            waiting, _, value = word.lstrip("-").partition("=")
            options[waiting] = value
            waiting = "" if value else waiting
        elif waiting:
            options[waiting], waiting = word, ""
        else:
            names.append(word)
    return names, options


def _json(printed: str) -> Any:
    try:
        return json.JSONDecoder(strict=False).raw_decode(printed)[0]
    except (ValueError, RecursionError):
        return None


def _yaml(printed: str, made: Output) -> Any:
    """Return the object that the command printed in YAML; None if it printed none, or if the object is not complete."""
    if "yaml" not in (made.options.get("o"), made.options.get("output")):
        return None
    found = load_yaml(_until_end(printed))
    return found if isinstance(found, dict | list) else None


def _until_end(printed: str) -> str:
    stop = _ENDS.search(printed)
    return printed[: stop.start()] if stop else printed


@dataclass(frozen=True, slots=True)
class _Label:
    """The form of an output: a ``path``; or a list of ``each``; or ``columns``; or an object with ``keys``."""

    path: tuple[str, ...] = ()
    each: _Label | None = None
    columns: tuple[_Label, ...] = ()
    keys: Mapping[str, _Label] = field(default_factory=dict)

    @property
    def plain(self) -> bool:
        return self.each is None and not self.columns and not self.keys


def _label_of(made: Output) -> _Label:
    if made.program == "kubectl":
        kind = next((options for name, options in made.options.items() if name in ("o", "output")), "")
        found = _JSON_PATH.search(kind)
        return _Label(tuple(re.split(r"(?<!\\)\.", found["path"])) if found else ())
    query = made.options.get("query")
    if not query:
        return _Label()
    import jmespath  # comes with botocore, which reads answers by it
    from jmespath.exceptions import JMESPathError

    try:
        return _label(jmespath.compile(query).parsed, _Label())
    except JMESPathError:
        return _Label()


def _label(node: Mapping[str, Any], base: _Label) -> _Label:
    """Return the form of what a JMESPath expression selects from a value of the form ``base``."""
    children: list[Mapping[str, Any]] = node.get("children") or []
    match node["type"]:
        case "field":
            return _Label((*base.path, str(node["value"])))
        case "subexpression" | "pipe" | "index_expression":
            for each in children:
                base = _label(each, base)
            return base
        case "index" | "slice":
            return base.each or base
        case "projection" | "filter_projection" | "value_projection":
            inner = _label(children[0], base)
            return _Label(each=_label(children[1], inner.each or inner))
        case "flatten":
            return _label(children[0], base)
        case "multi_select_list":
            return _Label(columns=tuple(_label(each, base) for each in children))
        case "multi_select_dict":
            return _Label(keys={str(each["value"]): _label(each["children"][0], base) for each in children})
        case "identity" | "current":
            return base
        case _:
            return _Label()


def _collect(label: _Label, value: Any, fields: list[Field], empty: list[tuple[str, ...]], depth: int = 0) -> None:
    if depth > _DEEPEST:
        return
    if isinstance(value, dict | list) and not value:
        empty.append(label.path if label.each is None else label.each.path)
    elif isinstance(value, dict):
        for name, inner in value.items():
            _collect(label.keys.get(name) or _Label((*label.path, str(name))), inner, fields, empty, depth + 1)
    elif isinstance(value, list):
        fits = len(label.columns) == len(value)
        for at, inner in enumerate(value):
            _collect(label.columns[at] if fits else label.each or label, inner, fields, empty, depth + 1)
    elif value is not None:
        fields.append(Field(label.path, str(value).lower() if isinstance(value, bool) else str(value)))


def _of_lines(printed: str, label: _Label) -> Iterator[Field]:
    """Yield the values of AWS CLI output in text, table or YAML format.

    A value may be in a column of the query or a table, follow its name, or be on a line of its own.
    """
    columns = label.columns or (label.each.columns if label.each else ())
    header: tuple[str, ...] = ()
    for line in printed.splitlines():
        cells = tuple(each for each in cells_of(line) if each)
        words = tuple(line.split())
        pairs = list(_PAIR.finditer(line))
        if "|" in line and len(cells) == 2 and _FIELD.fullmatch(cells[0]):
            yield Field((*label.path, cells[0]), cells[1])
        elif "|" in line and header and len(cells) == len(header):
            yield from (Field((name,), cell) for name, cell in zip(header, cells, strict=True))
        elif "|" in line and len(cells) > 1 and all(map(_FIELD.fullmatch, cells)):
            header = cells
        elif columns and len(row := words if len(words) == len(columns) else cells) == len(columns):
            yield from (Field(column.path, cell) for column, cell in zip(columns, row, strict=True))
        elif pairs:
            yield from (Field((*label.path, each["name"]), each["value"].strip("\"'")) for each in pairs)
        elif label.plain or label.each:
            yield from (Field((label.each or label).path, each) for each in words)
