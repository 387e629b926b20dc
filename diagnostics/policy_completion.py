"""Complete a policy that is being typed: elements, actions, condition keys, and ARNs from the account."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest

from iam.creation.draft.suggestions import Suggestions
from iam.creation.statements.action_table import ActionTable
from iam.policy.lint.reference import GLOBAL_KEYS
from iam.policy.operators import FORMS

LIMIT = 20
_ELEMENTS = (
    *("Sid", "Effect", "Action", "NotAction", "Resource", "NotResource"),
    *("Principal", "NotPrincipal", "Condition"),
)
"""https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html"""
_OPERATORS = tuple(dict.fromkeys(name for form in FORMS for name in (form.name, *form.aliases, *form.negated)))


@dataclass(frozen=True, slots=True)
class TypedPlace:
    """The cursor's position in a document: inside a string that begins with ``text``.

    ``path`` are the enclosing keys, the outermost first; ``is_key`` is True if the string is itself a key.
    """

    path: tuple[str, ...]
    text: str
    is_key: bool


def typed_place(before: str) -> TypedPlace | None:
    """Return the position at the end of ``before``, the text up to the cursor; None if the cursor is not in a string.

    The JSON may be incomplete or malformed.
    """
    frames: list[tuple[bool, str]] = []  # (whether it is an object, the key that it is currently at)
    awaits_key, at, end = False, 0, len(before)
    while at < end:
        sign = before[at]
        if sign == '"':
            begin = at = at + 1
            while at < end and before[at] != '"':
                at += 2 if before[at] == "\\" else 1
            text = before[begin:at]
            if at >= end:
                path = tuple(key for is_object, key in frames if is_object and key)
                is_key = awaits_key and bool(frames) and frames[-1][0]
                return TypedPlace(path[:-1] if is_key and frames[-1][1] else path, text, is_key)
            if awaits_key and frames and frames[-1][0]:
                frames[-1] = True, text
                awaits_key = False
        elif sign in "{[":
            frames.append((sign == "{", ""))
            awaits_key = sign == "{"
        elif sign in "}]":
            if frames:
                frames.pop()
            awaits_key = False
        elif sign == "," and frames and frames[-1][0]:
            frames[-1] = True, ""
            awaits_key = True
        at += 1
    return None


@dataclass(frozen=True, slots=True)
class PolicyNames:
    """The names offered as completions in policies of an account."""

    table: ActionTable
    names: Suggestions

    def candidates(self, place: TypedPlace) -> Sequence[str]:
        """Return completions, the likeliest first; empty if none is known or the string is already complete."""
        text = place.text.lower()
        if place.is_key:
            found: Iterable[str] = self._keys(place.path)
        else:
            found = self._values(place)
        matched = {name for name in found if text in name.lower() and name.lower() != text}
        return nsmallest(LIMIT, matched, key=lambda name: (not name.lower().startswith(text), len(name), name))

    def _keys(self, path: Sequence[str]) -> Iterable[str]:
        if not path:
            return ("Version", "Id", "Statement")
        if len(path) > 1 and path[-2] == "Condition":
            names = (key.name for key in self.table.keys.values())
            return dict.fromkeys((*GLOBAL_KEYS, *names))
        return _KEYS.get(path[-1], ())

    def _values(self, place: TypedPlace) -> Iterable[str]:
        path, typed = place.path, place.text
        last = path[-1] if path else ""
        if last in ("Action", "NotAction"):
            return self.table.names(typed) if typed else ()
        if last in ("Resource", "NotResource"):
            return self._arns() if typed else ()
        if len(path) > 1 and path[-2] in ("Principal", "NotPrincipal"):
            return self.names.get({"AWS": "principal", "Service": "service"}.get(last, ""), ())
        if last.lower() == "aws:requestedregion":
            return self.names.get("region", ())
        if last.lower() in ("aws:principalarn", "aws:sourcearn"):
            return self._arns()
        return _VALUES.get(last, ())

    def _arns(self) -> Iterable[str]:
        """Return the account's own roles and policies, and the ARNs in its policies."""
        of_services = (arn for kind, arns in self.names.items() if kind.startswith("arn:") for arn in arns)
        return dict.fromkeys((*self.names.get("role", ()), *self.names.get("policy", ()), *of_services))


_KEYS: Mapping[str, Sequence[str]] = {
    "Statement": _ELEMENTS,
    "Principal": ("AWS", "Service", "Federated", "CanonicalUser"),
    "NotPrincipal": ("AWS", "Service", "Federated", "CanonicalUser"),
    "Condition": (*_OPERATORS, *(f"{name}IfExists" for name in _OPERATORS if name != "Null")),
}
_VALUES: Mapping[str, Sequence[str]] = {"Effect": ("Allow", "Deny"), "Version": ("2012-10-17",)}
