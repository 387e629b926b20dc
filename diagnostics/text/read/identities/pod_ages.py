"""Find a pod that started before its service account got a role: EKS gives the role only to pods that start later.

Amazon EKS Pod Identity Webhook, README (https://pkg.go.dev/github.com/aws/amazon-eks-pod-identity-webhook): new pods
are changed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from iam.lazy_pattern import regex

_SECONDS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
_ROW = regex(
    r"^[ \t]*(?:[a-z0-9-]+[ \t]+)?(?P<pod>[a-z0-9][a-z0-9.-]+)[ \t]+\d+/\d+[ \t]+\w+[ \t]+\d+(?:[ \t]\([^)\n]*\))?"
    r"[ \t]+(?P<age>(?:\d+[dhms]){1,2})\b",
    re.MULTILINE,
)
"""A row of ``kubectl get pods``: name, ready, status, restarts and age."""
_CHANGED = regex(
    r"\b(?:annotat\w+|associate\w*|association\w*|role-arn|IRSA|service ?account)\b"
    r"(?![^.\n]{0,60}(?:n['\u2019]t\b|\bnot\b|\?))"
    r"[^.\n]{0,40}?"
    r"\b(?P<when>this (?:morning|afternoon|evening)|today|just now|a (?:minute|moment) ago|an hour ago|yesterday"
    r"|(?P<count>\d+) ?(?P<unit>min|minutes?|hours?|h|m|d|days?) ago)\b",
    re.IGNORECASE,
)
_UNITS = regex(r"(\d+)([dhms])")
_AGO = {"yesterday": 2 * 86_400, "just now": 600, "a minute ago": 600, "a moment ago": 600, "an hour ago": 7_200}


@dataclass(frozen=True, slots=True)
class OlderPod:
    """A pod with its age as ``kubectl`` prints it, and when the role was set, in the author's words."""

    pod: str
    age: str
    when: str

    @property
    def reason(self) -> str:
        """A clause that says why the pod has no role."""
        return f"the pod {self.pod} is {self.age} old, and its role was set {self.when}, so it started without"


def older_pod(text: str) -> OlderPod | None:
    """Return the pod, if the text shows one that is older than the change to its service account or association."""
    changed, rows = _CHANGED.search(text), [*_ROW.finditer(text)]
    if changed is None or not rows:
        return None
    when = changed["when"].lower()
    ago = int(changed["count"]) * _SECONDS[changed["unit"][0]] if changed["count"] else _AGO.get(when, 86_400)
    if any(_age(each["age"]) <= ago for each in rows):
        return None
    return OlderPod(rows[0]["pod"], rows[0]["age"], changed["when"])


def _age(written: str) -> int:
    return sum(int(count) * _SECONDS[unit] for count, unit in _UNITS.findall(written))
