"""Checks of policy variables: whether they are complete, have a name, and are used where AWS resolves them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from iam.policy.lint.finding import ERROR, WARNING, LintSeverity, Part, Policy, Text
from iam.policy.lint.reference import GLOBAL_KEYS, key_type
from iam.policy.operators import operator
from iam.policy.words import unlikeness

_variable = re.compile(r"\$\{([^{}]*)\}")
_special = ("*", "?", "$")


def check(policy: Policy) -> None:
    live = policy.value.get("Version") == "2012-10-17"
    for part in policy.statements:
        for text in _elsewhere(part):
            for variable in _variable.findall(text.text):
                message = f"${{{variable}}} is plain text here: variables work only in resources and condition values."
                policy.say(text.path, "VARIABLE_UNSUPPORTED_IN_ELEMENT", ERROR, message)
        for element in ("Resource", "NotResource"):
            for text in part.texts(element):
                _text(policy, text, live)
        for written, _, _, values in part.conditions():
            parts = operator(written)
            for text in values:
                _text(policy, text, live)
                if parts and not parts.base.startswith(("String", "Arn")) and _variable.search(text.text):
                    message = f"{written} supports no variables: only String and Arn operators do."
                    policy.say(text.path, "INVALID_VARIABLE_FOR_OPERATOR", ERROR, message)


def _elsewhere(part: Part) -> Iterator[Text]:
    for element in ("Action", "NotAction", "Sid", "Effect"):
        yield from part.texts(element)
    for element in ("Principal", "NotPrincipal"):
        for _, text in part.principals(element):
            yield text


def _text(policy: Policy, text: Text, live: bool) -> None:
    written = text.text
    if "${" not in written:
        return

    def say(code: str, message: str, severity: LintSeverity = ERROR) -> None:
        policy.say(text.path, code, severity, message)

    if not live:
        say("VARIABLE_UNSUPPORTED_IN_VERSION", "Without the Version 2012-10-17, the variable is plain text.")
    if "${" in _variable.sub("", written):
        say("MISSING_BRACE_IN_VARIABLE", "A variable has no closing brace.")
    for inner in _variable.findall(written):
        if inner in _special:
            continue
        name, comma, default = inner.partition(",")
        if not name.strip():
            say("EMPTY_VARIABLE", "A variable has no name: ${} has no meaning.")
        elif " " in name.strip() or (not comma and name != name.strip()):
            say("UNSUPPORTED_SPACE_IN_VARIABLE", f"The variable {name.strip()[:60]!r} has a blank in its name.")
        elif name.lower().startswith("aws:") and not name.endswith("/") and key_type(name) is None:
            near = min(GLOBAL_KEYS, key=lambda known: unlikeness(known.lower(), name.lower()))
            hint = f" Did you mean ${{{near}}}?" if unlikeness(near.lower(), name.lower()) < 30 else ""
            without = "its default is always used" if comma else "the statement never applies"
            code, severity = ("UNKNOWN_VARIABLE_WITH_DEFAULT", WARNING) if comma else ("UNKNOWN_VARIABLE", ERROR)
            say(code, f"No request has {name[:60]}, so {without}.{hint}", severity)
        if comma and not re.fullmatch(r"\s*'.*'\s*", default, re.DOTALL):
            say("MISSING_QUOTE_IN_VARIABLE", "A variable's default value must be in single quotes.")
