"""Compare the Kubernetes group of an access entry with the group that a binding in the text is for."""

from __future__ import annotations

import re

from iam.lazy_pattern import regex

_GROUPS = regex(
    r"\bkubernetes_?groups[\"']?\s*[:=]\s*\[(?P<entry>[^\]]*)\]|^[ \t]*groups:[ \t]*\n(?P<mapped>(?:[ \t]*- "
    r"[^\n]+\n?)+)|--kubernetes-groups[ =](?P<option>[\w:.-]+)",
    re.IGNORECASE | re.MULTILINE,
)
_GROUP = regex(r"[A-Za-z][\w:.-]*")
_SUBJECT = regex(
    r"\bkind:[ \t]*Group\b[ \t]*\n(?:[ \t]*(?!-|name:)[^\n]*\n)*[ \t]*name:[ \t]*[\"']?(?P<after>[\w:.-]+)"
    r"|\bname:[ \t]*[\"']?(?P<before>[\w:.-]+)[\"']?[ \t]*\n[ \t]*kind:[ \t]*Group\b|--group[ =](?P<option>[\w:.-]+)"
)


def other_group(text: str) -> tuple[str, str] | None:
    """Return the only group of the entry and the only one of the bindings in the text, if they differ; else None.

    Amazon EKS User Guide, "Create access entries": the names of the groups in bindings must be those of the entry
    (https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html).
    """
    given = {
        name
        for found in _GROUPS.finditer(text)
        for name in _GROUP.findall(next(filter(None, found.groups()), ""))
        if not name.startswith("system:")
    }
    bound = {next(filter(None, each.groups())) for each in _SUBJECT.finditer(text)}
    return (given.pop(), bound.pop()) if len(given) == len(bound) == 1 and not given & bound else None
