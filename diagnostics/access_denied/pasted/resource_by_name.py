"""Find the resource of a call by its name in a command or code, if the message names none but a policy is shown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from diagnostics.access_denied.pasted.policies_in_text import PastedPolicy
from diagnostics.access_denied.request.called_names import named_thing
from diagnostics.access_denied.request.templates import letters
from diagnostics.failure import Denial
from iam.lazy_pattern import regex
from iam.policy.match import names_action
from iam.service_reference import ResourceType
from iam.service_reference import action as known_action

_ONE_NAME = regex(r"(?P<type>(?:[\w-]+[/:])?)\$\{\w+\}")
"""The resource part of an ARN with one name: ``workgroup/${WorkGroupName}``."""
_OPTION = regex(r"(?<![\w-])--(?P<option>[a-z][a-z-]+)(?:[ \t]+|=)[\"']?(?P<value>[\w./:@+=-]*\w)")
_INDIRECT = regex(r"(?:^|:)alias/|[${}*<>]")
"""A name that refers to another name (an alias), or a placeholder that was not filled in."""
_QUALIFIED = regex(r"\bqualifier\b", re.IGNORECASE)
"""An option that adds a version or alias to a function's ARN."""
_ENDINGS = regex(r"(?:name|arn|id|url)$")
_WITH_SUFFIX = "secretsmanager"
"""The service that ends the ARN of a named thing with six random characters."""


def resource_by_name(denial: Denial, action: str, outside: str, pasted: Sequence[PastedPolicy]) -> str | None:
    """Return the ARN of the thing that the call names, in the Region and account that the text's policy names.

    ``outside`` is the text around the policies. None if the policies name no single resource of that type, or if the
    call and the sentences around it name none, or several.
    """
    known, text = known_action(action), denial.pasted or denial.text
    places = {
        place
        for each in _named_in(pasted, action)
        for kind in (known.resource_types if known is not None else ())
        if (place := _place(kind, each)) is not None
    }
    if len(places) != 1:
        return None
    thing, start = places.pop()
    name = named_thing(thing, text, denial.operation) or _by_option(thing, text) or _in_prose(thing, outside)
    if not name or _INDIRECT.search(name) or (":function:" in start and _QUALIFIED.search(text)):
        return None
    if name.startswith("arn:"):
        return name
    name = name.rpartition("/")[2] if "://" in name else name.removeprefix("/")
    return f"{start}{name}-??????" if f":{_WITH_SUFFIX}:" in start else f"{start}{name}"


def _named_in(pasted: Sequence[PastedPolicy], action: str) -> Iterator[str]:
    for one in pasted:
        for each in one.document.statements:
            if each.effect == "Allow" and each.action and names_action(each.action, action):
                yield from each.resource or ()


def _place(kind: ResourceType, written: str) -> tuple[str, str] | None:
    """Return the type's name in letters, and the text before the name in ``written``; None if it is no such ARN."""
    parts = written.split(":", 5)
    form = _ONE_NAME.fullmatch(kind.arn.split(":", 5)[-1])
    if form is None or len(parts) < 6 or "*" in "".join(parts[:5]) or not kind.fits(written):
        return None
    if not parts[5].startswith(form["type"]) or parts[5][len(form["type"]) :][:1] in ("", "*"):
        return None
    return letters(kind.name), ":".join([*parts[:5], form["type"]])


def _by_option(thing: str, text: str) -> str:
    """Return the value of the only option in the text that names a resource of this type; "" if there is none."""
    found = {
        each["value"] for each in _OPTION.finditer(text) if _ENDINGS.sub("", letters(each["option"])).endswith(thing)
    }
    return found.pop() if len(found) == 1 else ""


_WORKS = regex(
    r"\b(?:works?|worked|fine|succeed\w*|passes|unlike|except|other|another|not the|allow\w*|polic\w+)\b", re.IGNORECASE
)
"""Words in a sentence that may be about a resource other than the refused call's."""
_SENTENCE = regex(r"(?:[^.!?\n]|[.!?](?=\S))+")


def _in_prose(thing: str, outside: str) -> str:
    """Return the only name that sentences give after the type: "the project web-release"; "" otherwise.

    The name is in quotes, or has a hyphen, a digit, a slash or an underscore. ``thing`` is in lower-case letters.
    """
    after = re.compile(
        rf"(?<![$-])\b{re.escape(thing)} (?:named |called )?(?:[\"'`“](?P<quoted>[\w./-]*\w)[\"'`”]"
        r"|(?P<plain>(?=/?[\w.]*[-_/\d])/?\w(?:[\w./-]*\w)?)(?![\w:*]))",
        re.IGNORECASE,
    )
    sentences = [each[0] for each in _SENTENCE.finditer(outside) if not _WORKS.search(each[0])]
    found = {each["quoted"] or each["plain"] for sentence in sentences for each in after.finditer(sentence)}
    return found.pop() if len(found) == 1 else ""
