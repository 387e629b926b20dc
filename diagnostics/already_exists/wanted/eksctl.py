"""Find the role that ``eksctl create iamserviceaccount`` in a pasted text creates.

https://docs.aws.amazon.com/eks/latest/eksctl/iamserviceaccounts.html
"""

from __future__ import annotations

import re
import shlex

from diagnostics.already_exists.kinds import EntityKind
from diagnostics.already_exists.wanted.entity import NOTHING_STATED, Wanted, fits
from iam.lazy_pattern import regex

_COMMAND = regex(r"\beksctl[ \t]+create[ \t]+iamserviceaccount\b(?P<rest>[^\n;|&>]{3,4000})")


def from_eksctl(text: str, kind: EntityKind | None, name: str | None) -> Wanted:
    """Return the role of the first such command that matches the kind and name, or `NOTHING_STATED` if none does."""
    for match in _COMMAND.finditer(re.sub(r"\\\r?\n[ \t]*", " ", text)):
        try:
            words = shlex.split(match["rest"])
        except ValueError:
            continue
        options = _options(words)
        said, account = options.get("role-name", [None])[0], options.get("name", [None])[0]
        if account is None or not fits(EntityKind.ROLE, said, kind, name):
            continue
        namespace = options.get("namespace", ["default"])[0]
        return Wanted(
            "the pasted command of eksctl",
            EntityKind.ROLE,
            said,
            attached=tuple(arn for arn in options.get("attach-policy-arn", ()) if arn) or None,
            service_account=f"{namespace}:{account}",
        )
    return NOTHING_STATED


def _options(words: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    name = ""
    for word in words:
        if word.startswith("--"):
            name, _, value = word[2:].partition("=")
            found.setdefault(name, [])
            if value:
                found[name].append(value)
        elif name:
            found[name].append(word)
    return {name: values for name, values in found.items() if values}
