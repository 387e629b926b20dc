"""Read the cells of a row, or the named elements of a block, as a statement.

The form of a cell shows which element it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from diagnostics.text.templates.informal_lists import FIRST, VERB, actions_in, resources_at
from diagnostics.text.templates.policies import UNREAD_CONDITION
from diagnostics.text.templates.prose_conditions import condition_after
from iam.lazy_pattern import regex
from iam.service_reference import services

ELEMENT = regex(
    r"(?P<name>sid|effect|(?:not ?)?actions?|permissions?|(?:not ?)?resources?|principals?|service"
    r"|(?:request )?cond(?:itions?|\.)?)(?:[ \t]*[:=][ \t]*|[ \t]+(?=\S)|[ \t]*$)",
    re.IGNORECASE,
)
"""The name of an element of a statement, as in JSON or as the console's editor shows it."""
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
_BULLET = regex(r"(?:[-*•]|#{1,3}(?=[ \t])|\d{1,2}[.):]|[Ss]tatement[ \t]+\d{1,2}[.):]?)[ \t]*(?=\S)")
_LABELLED = regex(r"[A-Z]\w{1,40}:?[ \t]+(?=[a-z][a-z0-9-]{1,30}:)")
"""A statement's name before its actions, if only one space separates the columns."""
_NONE = regex(r"[-–—]?|none|n/a|\(none\)", re.IGNORECASE)
_COMMENT = regex(r"<-|←|#|//|\(")
_BEFORE_RESOURCES = regex(r"(?:on|for)[ \t]+|(?:->|→|=>)[ \t]*")
_ALL = regex(r"(?:all|any|every(?:thing)?)(?: resources?)?$", re.IGNORECASE)
LEADS = regex(
    r"[ \t]*(?:(?i:(?:only[ \t]+)?(?:if|when|where|unless)\b|(?:request )?cond(?:itions?|\.)?(?![\w-]))"
    r"|(?:For(?:All|Any)Values:)?(?:String|Arn|Numeric|Date|Bool|Null|(?:Not)?IpAddress)[A-Za-z]*[ \t:]+[\w-]+:)"
)
"""The beginning of a condition."""
_KEY_FIRST = regex(
    r"(?P<key>[a-z][\w-]*:[\w/.:-]+)[ \t]+(?P<operator>(?:For(?:All|Any)Values:)?"
    r"(?:String|Arn|Numeric|Date|Bool|Null|(?:Not)?IpAddress)[A-Za-z]*)[ \t:=]+",
)
"""A condition as the console's editor shows it: the key, the operator and the values."""
_A_KEY = regex(r"(?<![\w:.])[a-z][a-z0-9-]{1,40}:[A-Za-z][\w./-]{2,}")
_GLOBAL_KEY = regex(r"\bAWS:(?=[A-Z])")
OF_A_POLICY = regex(
    r"\b(?:polic(?:y|ies)|permissions?|statements?|role|user|allows?|allowed|grants?|granted|has|have|may|can"
    r"|boundary|SCPs?|RCPs?)\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Row:
    """The elements of a statement, as far as the cells read so far show them.

    ``service`` is the prefix for actions without one. ``without``: the actions are a NotAction. ``excepts``: the
    resources are a NotResource. ``labels`` counts the cells that are only names; ``named`` are the labeled elements.
    """

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
        """Read the cells, and return whether each is an element, a label or a comment."""
        kind = ""
        for number, cell in enumerate(cells):
            if number == 0 and (bullet := _BULLET.match(cell)):
                cell = cell[bullet.end() :]
            named = ELEMENT.match(cell)
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
        if labelled and OF_A_POLICY.search(labelled[0]):
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
        if not self.conditions and not LEADS.match(text) and not _KEY_FIRST.match(text):
            if _ALL.match(text):
                self.resources.append("*")
                return True
            before = _BEFORE_RESOURCES.match(text)
            named, end = resources_at(text, before.end() if before else 0)
            if named and (not self.resources or kind.endswith(("resource", "resources"))):
                self.resources += named
                text = text[end:].strip(" \t,;")
            if not text or _COMMENT.match(text):
                return True
        if LEADS.match(text) or self.conditions or _A_KEY.match(text):
            self.conditions.append(text)
            return True
        return False

    def statement(self, *, of_resource: bool) -> dict[str, Any] | None:
        """Return the statement; None if it has no actions, or is a Deny under conditions that cannot be read.

        ``of_resource``: the row is in a resource's own policy, where an Allow without a principal cannot be evaluated.
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
    """Return the conditions in a cell; None if a part of the cell cannot be read."""
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
