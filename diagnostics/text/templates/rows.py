"""Read policies in tables, columns and named elements, as people copy them from a console or a wiki.

A row has actions and mostly an effect, a principal, a resource and conditions, each in a cell of its own:
``| Allow | s3:PutObject | arn:aws:s3:::b/* | |``. A block has the elements by name: ``Actions  PassRole``. The form of
a cell says what it contains; the line above says whose policy it is, and a header or an effect that it is one at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from diagnostics.text.read.tables import Line, lines_of
from diagnostics.text.templates.lists import FIRST, VERB, actions_in, resources_at
from diagnostics.text.templates.policies import LAYERS, UNREAD_CONDITION, WrittenPolicy
from diagnostics.text.templates.prose_conditions import condition_after
from iam.lazy_pattern import regex
from iam.service_reference import services

_ELEMENT = regex(
    r"(?P<name>sid|effect|(?:not ?)?actions?|permissions?|(?:not ?)?resources?|principals?|service"
    r"|(?:request )?cond(?:itions?|\.)?)(?:[ \t]*[:=][ \t]*|[ \t]+(?=\S)|[ \t]*$)",
    re.IGNORECASE,
)
"""The name of an element of a statement, as in JSON or as the console's editor shows it."""
_COLUMN = regex(
    r"#|no\.?|nr\.?|id|name|statement|sid|notes?|comments?|if|when|on|arn|allowed|(?:IAM )?service|effect"
    r"|(?:not ?)?actions?|permissions?|(?:on )?resources?(?: ARNs?)?|principals?|(?:request )?cond(?:itions?|\.)?"
    r"|(?:the )?(?:role|user|policy)(?: [\w+=,.@-]+)?",
    re.IGNORECASE,
)
"""The names of the columns of a table of statements: a table with another one is about something else."""
_OF_A_STATEMENT = regex(r"effect|(?:not ?)?actions?|permissions?|(?:on )?resources?(?: ARNs?)?", re.IGNORECASE)
_EFFECT = regex(r"(?P<effect>Allow|Deny|ALLOW|DENY)\b[ \t]*:?[ \t]*")
_ACTIONS = regex(
    rf"[\[\"'`]{{0,2}}(?P<actions>{FIRST}(?:[\"'`]?[ \t]*(?:,|;|/|\+|&|\band\b)[ \t]*[\"'`]?"
    rf"(?:[a-z][a-z0-9-]{{1,30}}:)?(?:{VERB}|(?<=:)\*)(?![\w:/*]))*)[\"'`\]]{{0,2}}"
    r"[ \t]*(?:$|,?[ \t]+(?:on|for)[ \t]+|(?:->|→|=>)[ \t]*|[ \t]+(?=arn:|\*(?:\s|$)))"
)
_SERVICES = regex(r"(?P<names>[a-z][a-z0-9-]+(?:,[ \t]*[a-z][a-z0-9-]+)*)[ \t]*:[ \t]*\*")
"""All actions of several services: ``ec2, ecs, s3 : *``."""
_PRINCIPAL = regex(
    r"[\"'`]?(?P<name>\*|arn:[\w-]+:(?:iam|sts)::\d{12}:\S+|[a-z0-9.-]+\.amazonaws\.com(?:\.cn)?)[\"'`]?,?"
)
_LABEL = regex(r"[\w .()\"'#-]{1,40}")
_AN_ACTION = regex(rf"(?<![\w:/.]){FIRST}")
_BULLET = regex(r"(?:[-*•]|\d{1,2}[.):]|[Ss]tatement[ \t]+\d{1,2}[.):]?)[ \t]*(?=\S)")
_LABELLED = regex(r"[A-Z]\w{1,40}:?[ \t]+(?=[a-z][a-z0-9-]{1,30}:)")
"""A statement's name before its actions, where the columns are only a space apart."""
_NONE = regex(r"[-–—]?|none|n/a|\(none\)", re.IGNORECASE)
_COMMENT = regex(r"<-|←|#|//|\(")
_ALL = regex(r"(?:all|any|every(?:thing)?)(?: resources?)?$", re.IGNORECASE)
_LEADS = regex(
    r"[ \t]*(?:(?i:(?:only[ \t]+)?(?:if|when|where|unless)\b|(?:request )?cond(?:itions?|\.)?(?![\w-]))"
    r"|(?:For(?:All|Any)Values:)?(?:String|Arn|Numeric|Date|Bool|Null|(?:Not)?IpAddress)[A-Za-z]*[ \t:]+[\w-]+:)"
)
"""How a condition begins."""
_KEY_FIRST = regex(
    r"(?P<key>[a-z][\w-]*:[\w/.:-]+)[ \t]+(?P<operator>(?:For(?:All|Any)Values:)?"
    r"(?:String|Arn|Numeric|Date|Bool|Null|(?:Not)?IpAddress)[A-Za-z]*)[ \t:=]+",
)
"""A condition as the console's editor shows it: the key, the operator and the values."""
_A_KEY = regex(r"(?<![\w:.])[a-z][a-z0-9-]{1,40}:[A-Za-z][\w./-]{2,}")
_GLOBAL_KEY = regex(r"\bAWS:(?=[A-Z])")
_MESSAGE = regex(
    r"authorized to|error occurred|AccessDenied|UnauthorizedOperation|\b(?:Exception|[Ss]tatus ?[Cc]ode)\b"
)
_OF_RESOURCE = regex(
    r"\b(?:bucket|key|queue|topic|secret|vault|repo(?:sitory)?|resource|domain|function|table|stream)(?:'s)?"
    r"(?: access| own)? polic(?:y|ies)\b|\bget-(?:bucket|resource|repository|key|function)?-?policy\b",
    re.IGNORECASE,
)
_OF_A_POLICY = regex(
    r"\b(?:polic(?:y|ies)|permissions?|statements?|role|user|allows?|allowed|grants?|granted|has|have|may|can"
    r"|boundary|SCPs?|RCPs?)\b",
    re.IGNORECASE,
)
_NOT_IN_FORCE = regex(
    r"n['’]t\b|\?|\b(?:not?|never|wants?|wanted|should|must|needs?|needed|requires?d?|propos\w+|plan\w*|suggest\w*|draft|lacks?"
    r"|recommend\w*|docs?|documentation|examples?|samples?|README|guide|denied|refused|fail\w*|missing|errors?|calls?"
    r"|called|costs?|pric\w+|before|old|previous\w*|former\w*|would|could|asks?|asked|to add|removed?"
    r"|deleted|CloudTrail|events?|compare|their account|staging account|test account)\b",
    re.IGNORECASE,
)
"""Words above rows that are wanted, proposed, denied, or about something else."""
_OF_SOMEBODY_ELSE = regex(r"\b(?:their|his|her|other|another)\b", re.IGNORECASE)
"""Words above the permissions of somebody who is not the caller; a limit or a resource's policy has an owner, too."""
_NAMED = (
    regex(r"\b(?:role|user|group)[ \t]+[\"'`]?([\w+=,.@-]{2,64}\w)", re.IGNORECASE),
    regex(r"(?<![\w/.-])([\w+=@-]{2,64})[\"'`]?(?:'s)?[ \t]+\(?(?:role|user|group)\b", re.IGNORECASE),
)
_ENTITY = regex(r":assumed-role/([\w+=,.@-]+)|:iam::\d{12}:(?:role|user)/(?:[\w+=,.@-]+/)*([\w+=,.@-]+)")
_WORD = regex(r"(?<![\w+=@./-])[\w+=@-]+(?:[.,][\w+=@-]+)*")
_LONGEST_HEADING = 200


@dataclass(slots=True)
class _Row:
    """The elements of a statement as far as the cells that were read show them."""

    effect: str = ""
    service: str = ""
    actions: list[str] = field(default_factory=list)
    without: bool = False
    principal: str = ""
    resources: list[str] = field(default_factory=list)
    excepts: bool = False
    conditions: list[str] = field(default_factory=list)
    labels: int = 0
    named: set[str] = field(default_factory=set)

    def read(self, cells: Sequence[str]) -> bool:
        """Read the cells; return whether each is an element, a label or a comment."""
        kind = ""
        for number, cell in enumerate(cells):
            if number == 0 and (bullet := _BULLET.match(cell)):
                cell = cell[bullet.end() :]
            named = _ELEMENT.match(cell)
            if named is not None:
                kind = re.sub(r"[^a-z]", "", named["name"].lower())
                self.named.add(kind.removeprefix("not").rstrip("s"))
                cell = cell[named.end() :]
                if not cell:
                    continue
            if not self._take(kind, cell.strip()):
                return False
            kind = "" if not kind.startswith(("cond", "requestcond")) else kind
        return True

    def _take(self, kind: str, text: str) -> bool:
        if _NONE.fullmatch(text) or kind == "sid":
            return True
        if kind == "service":
            self.service = text.lower()
            return self.service in services()
        if kind.startswith(("cond", "requestcond")):
            self.conditions.append(text)
            return True
        if kind in ("", "effect") and not self.effect and (effect := _EFFECT.match(text)):
            self.effect = effect["effect"].title()
            return not text[effect.end() :] or self._take("", text[effect.end() :])
        if kind.startswith("principal"):
            found = _PRINCIPAL.fullmatch(text)
            self.principal = found["name"] if found else ""
            return found is not None
        if not self.actions:
            return self._take_actions(kind, text)
        return self._take_rest(kind, text)

    def _take_actions(self, kind: str, text: str) -> bool:
        self.without = kind.startswith("not")
        of_actions = kind.endswith(("action", "actions", "permission", "permissions"))
        if of_actions and text == "*":
            self.actions = ["*"]
            return True
        if of_actions and self.service:
            self.actions = actions_in(text, self.service) or []
            return bool(self.actions)
        labelled = _LABELLED.match(text) if not kind else None
        if labelled and _OF_A_POLICY.search(labelled[0]):
            return False
        if listed := _ACTIONS.match(text, labelled.end() if labelled else 0):
            self.actions = actions_in(listed["actions"]) or []
            rest = text[listed.end() :]
            return bool(self.actions) and (not rest or self._take_rest("", rest))
        if several := _SERVICES.fullmatch(text):
            names = re.split(r",\s*", several["names"])
            self.actions, self.resources = [f"{each}:*" for each in names], ["*"]
            return all(each in services() for each in names)
        if not kind and (self.effect or self.labels) and (found := _PRINCIPAL.fullmatch(text)):
            self.principal = found["name"]
            return True
        self.labels += 1
        return not kind and self.labels <= _MOST_LABELS and _LABEL.fullmatch(text) is not None

    def _take_rest(self, kind: str, text: str) -> bool:
        if kind.startswith("notresource"):
            self.excepts = True
        if not self.conditions and not _LEADS.match(text) and not _KEY_FIRST.match(text):
            if _ALL.match(text):
                self.resources.append("*")
                return True
            named, end = resources_at(text, 0)
            if named and (not self.resources or kind.endswith(("resource", "resources"))):
                self.resources += named
                text = text[end:].strip(" \t,;")
            if not text or _COMMENT.match(text):
                return True
        if _LEADS.match(text) or self.conditions or _A_KEY.match(text):
            self.conditions.append(text)
            return True
        return False

    def statement(self, *, of_resource: bool) -> dict[str, Any] | None:
        """Return the statement; None if it has no actions, or is a Deny under conditions that cannot be read.

        ``of_resource``: it is in a resource's own policy, where an Allow without a principal cannot be evaluated.
        """
        deny = self.effect == "Deny"
        if not self.actions or not (self.resources or self.principal or self.conditions):
            return None
        found: dict[str, Any] = {
            "Effect": self.effect or "Allow",
            "NotAction" if self.without else "Action": self.actions,
        }
        if self.principal:
            of = "Service" if ".amazonaws.com" in self.principal else "AWS"
            found["Principal"] = "*" if self.principal == "*" else {of: [self.principal]}
        elif of_resource and deny:
            found["Principal"] = "*"
        elif of_resource:
            return None
        if not (self.principal and all(each.startswith("sts:") for each in self.actions)):
            found["NotResource" if self.excepts else "Resource"] = self.resources or ["..."]
        if self.conditions:
            condition = _conditions(" ".join(self.conditions), deny=deny)
            if condition is None:
                return None if deny else {**found, "Condition": UNREAD_CONDITION}
            found["Condition"] = condition
        return found


_MOST_LABELS = 2


def _conditions(text: str, *, deny: bool) -> dict[str, dict[str, list[str]]] | None:
    """Return the conditions in a cell; None if some of it cannot be read."""
    text = _KEY_FIRST.sub(r"\g<operator> \g<key> ", _GLOBAL_KEY.sub("aws:", text))
    found: dict[str, dict[str, list[str]]] = {}
    at = 0
    while text[at:].strip(" \t,;.)]}\"'`"):
        read = condition_after(text, at, deny=deny)
        if read is None:
            return None
        for operator, block in read[0].items():
            found.setdefault(operator, {}).update(block)
        at = read[1] + len(text[read[1] :]) - len(text[read[1] :].lstrip(" \t,;)]}\"'`"))
    return found


def row_policies(text: str, read: Iterable[tuple[int, int]] = ()) -> Iterator[WrittenPolicy]:
    """Yield the policies in rows and named elements outside of the spans ``read``.

    One that is only wanted, or is somebody else's, has no statements: its rows say nothing of the request.
    """
    spans = list(read)
    lines = [line for line in lines_of(text) if not any(start < line.end and line.start < end for start, end in spans)]
    at = 0
    while at < len(lines):
        group, at = _group(lines, at)
        if group is not None and (policy := group.policy(lines, text)) is not None:
            yield policy


@dataclass(frozen=True, slots=True)
class _Group:
    """Adjacent rows: the numbers of the first line and of the line after the last, and the statements."""

    first: int
    last: int
    rows: tuple[_Row, ...]
    whole: bool

    def policy(self, lines: Sequence[Line], text: str) -> WrittenPolicy | None:
        """Return the policy that the rows are, without statements if it is not in force; None if nothing says so."""
        above = _above(lines, self.first)
        header = _header(lines[above]) if above is not None else None
        if header is False:
            return None
        heading_at = _above(lines, above) if header and above is not None else above
        heading = lines[heading_at].text if heading_at is not None else ""
        if len(heading) > _LONGEST_HEADING or _MESSAGE.search(heading) or _AN_ACTION.search(heading):
            heading = ""
        words = f"{heading} {lines[above].text}" if header and above is not None else heading
        if _NOT_IN_FORCE.search(words):
            return self._unread(lines)
        owner = _owner(words, text)
        keyed = all({"action", "resource"} <= row.named or {"action", "principal"} <= row.named for row in self.rows)
        if not (keyed or owner or header or all(row.effect for row in self.rows) or _OF_A_POLICY.search(heading)):
            return None
        of_resource = _OF_RESOURCE.search(words) is not None
        statements = [row.statement(of_resource=of_resource) for row in self.rows]
        known = tuple(each for each in statements if each is not None)
        layer = next((name for name, said in LAYERS if said.search(words)), "")
        if not known or (_OF_SOMEBODY_ELSE.search(words) and not layer and not of_resource):
            return self._unread(lines)
        whole = self.whole and len(known) == len(statements)
        return replace(self._unread(lines), statements=known, whole=whole, owner=owner, layer=layer)

    def _unread(self, lines: Sequence[Line]) -> WrittenPolicy:
        """Return the rows as a policy without statements, so that nobody reads them in another way."""
        return WrittenPolicy(lines[self.first].start, lines[self.last - 1].end, (), whole=False, listed=True)


def _group(lines: Sequence[Line], at: int) -> tuple[_Group | None, int]:
    """Return the rows that begin at a line, if any do, and the number of the next line to read."""
    rows: list[_Row] = []
    first = at
    while at < len(lines):
        if rows and lines[at].is_rule:
            at += 1
            continue
        row, end = _row(lines, at)
        if row is None:
            break
        rows.append(row)
        at = end
    if not rows:
        return None, first + 1
    next_ = lines[at] if at < len(lines) and _follows(lines, at) and lines[at].indent == lines[first].indent else None
    asks = next_ is not None and next_.text.rstrip().endswith("?")
    follows = next_ is not None and not asks and (len(next_.cells) > 1 or _AN_ACTION.search(next_.text) is not None)
    return _Group(first, at, tuple(rows), whole=not follows), at


def _row(lines: Sequence[Line], at: int) -> tuple[_Row | None, int]:
    """Return the statement that begins at a line, and the number of the line after it."""
    row, end = _Row(), at + 1
    begin = lines[at]
    if _MESSAGE.search(begin.text) or not begin.text.strip():
        return None, at
    joined = begin.text
    while joined.rstrip().endswith(",") and end < len(lines) and _follows(lines, end):
        joined, end = f"{joined.rstrip()} {lines[end].text.strip()}", end + 1
    cells = replace(begin, text=joined).cells
    named = {"cells": list(cells)}
    if (element := _ELEMENT.match(joined.lstrip())) and not _is_header(cells):
        seen = {_name_of(element)}
        while end < len(lines) and _follows(lines, end):
            another = _ELEMENT.match(lines[end].text.lstrip())
            if another is None or _name_of(another) in seen - {"cond"}:
                break
            seen.add(_name_of(another))
            named["cells"] += lines[end].cells
            end += 1
    if not row.read(named["cells"]) or not row.actions:
        return None, at
    indent = begin.indent
    while end < len(lines) and _follows(lines, end) and _LEADS.match(lines[end].text):
        inner = lines[end]
        row.conditions.append(inner.text.strip())
        end += 1
        while end < len(lines) and _follows(lines, end) and lines[end].indent > max(indent, inner.indent):
            row.conditions.append(lines[end].text.strip())
            end += 1
    return (row, end) if row.resources or row.principal or row.conditions else (None, at)


def _name_of(element: re.Match[str]) -> str:
    name = re.sub(r"[^a-z]", "", element["name"].lower()).removeprefix("not").removeprefix("request")
    return "cond" if name.startswith("cond") else name.rstrip("s")


def _follows(lines: Sequence[Line], at: int) -> bool:
    """Return whether a line continues the text of the line before it."""
    return bool(lines[at].text.strip()) and lines[at].start == lines[at - 1].end + 1


def _is_header(cells: Sequence[str]) -> bool:
    return len(cells) > 1 and all(not each or _COLUMN.fullmatch(each) for each in cells)


def _header(line: Line) -> bool | None:
    """Return whether a line names the columns of a table of statements; False if it names those of another table."""
    cells = [each for each in line.cells if each]
    if not any(map(_OF_A_STATEMENT.fullmatch, cells)):
        return None
    return _is_header(cells) if len(cells) > 1 else None


def _above(lines: Sequence[Line], at: int) -> int | None:
    """Return the number of the line with words above a line: not a rule, and at most one empty line away."""
    empty = 0
    for number in range(at - 1, -1, -1):
        if lines[number].end + 1 != lines[number + 1].start:
            return None
        if lines[number].is_rule:
            continue
        if lines[number].text.strip():
            return number
        empty += 1
        if empty > 1:
            return None
    return None


def _owner(words: str, text: str) -> str:
    """Return the role, user or group of which the words above the rows say that it has them; "" if they name none."""
    known = {name for pair in _ENTITY.findall(text) for name in pair if name}
    named = {each for form in _NAMED for each in form.findall(words)}
    found = {each for each in named if each in known or re.search(r"[-_\d]", each)}
    found |= {each for each in _WORD.findall(words) if each in known}
    return found.pop() if len(found) == 1 else ""
