"""Read which service account the pods of a Kubernetes manifest in the text run with.

Kubernetes documentation, "Configure Service Accounts for Pods": a pod that names none runs with default
(https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/). Argo Workflows, "Service
Accounts": the same is true of a workflow (https://argo-workflows.readthedocs.io/en/latest/service-accounts/).
CloudNativePG names the service account after the Cluster
(https://learn.microsoft.com/en-us/azure/aks/deploy-postgresql-ha).
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from diagnostics.text.read.layout.yaml_text import load_yaml
from iam.lazy_pattern import regex

_LONGEST = 40_000
_DEEPEST = 12
_START = regex(r"^(?P<indent>[ \t]*)apiVersion:[ \t]*[\"']?[\w./-]+[\"']?[ \t]*$", re.MULTILINE)
_GOES_ON = regex(r"[ \t]|[\w./-]+:(?:[ \t]|$)|-[ \t]|#|$")
_LEFT_OUT = regex(r"^[ \t#-]*(?:\.\.\.|…|<\w+>|\[?(?:snip|omitted|truncated|redacted)\b)", re.MULTILINE | re.IGNORECASE)
_UNSET = "default"
_RUNS_PODS = (
    "Pod",
    "Deployment",
    "StatefulSet",
    "DaemonSet",
    "ReplicaSet",
    "Job",
    "CronJob",
    "Workflow",
    "CronWorkflow",
)


@dataclass(frozen=True, slots=True)
class PodsOfManifest:
    """The pods of one manifest: its kind, name and namespace, and their service account.

    ``stated``: the manifest names the service account, or its operator derives it from the name. Otherwise the pods
    run with default, because the manifest names none.
    """

    kind: str
    name: str
    namespace: str
    account: str
    stated: bool


@lru_cache(maxsize=4)
def pods_of_manifests(text: str) -> tuple[PodsOfManifest, ...]:
    """Return the pods of the manifests in the text, in order; a manifest that is not complete YAML is left out."""
    if "apiVersion:" not in text:
        return ()
    found = (_pods(each, part) for part in _parts(text[:_LONGEST]) if isinstance(each := load_yaml(part), dict))
    return tuple(each for each in found if each is not None)


def _parts(text: str) -> Iterator[str]:
    """Yield the lines of each manifest, without the indentation that all of them have."""
    for start in _START.finditer(text):
        indent = start["indent"]
        lines: list[str] = []
        for line in text[start.start() :].splitlines():
            if lines and (line.strip() == "---" or line.startswith(f"{indent}apiVersion:")):
                break
            rest = line.removeprefix(indent) if line.strip() else ""
            if line.strip() and (not line.startswith(indent) or not _GOES_ON.match(rest)):
                break
            lines.append(line)
        yield textwrap.dedent("\n".join(lines))


def _pods(manifest: Mapping[str, Any], part: str) -> PodsOfManifest | None:
    kind, metadata = str(manifest.get("kind")), manifest.get("metadata")
    named = metadata if isinstance(metadata, dict) else {}
    name, namespace = str(named.get("name") or named.get("generateName") or ""), str(named.get("namespace") or "")
    accounts = set(_values(manifest.get("spec"), "serviceAccountName"))
    if len(accounts) == 1:
        return PodsOfManifest(kind, name, namespace, accounts.pop(), True)
    if accounts:
        return None
    if kind == "Cluster" and str(manifest.get("apiVersion")).startswith("postgresql.cnpg.io/"):
        return PodsOfManifest(kind, name, namespace, name, True) if name else None
    runs = kind in _RUNS_PODS and any(_values(manifest.get("spec"), "image"))
    if not runs or _LEFT_OUT.search(part):
        return None
    return PodsOfManifest(kind, name, namespace, _UNSET, False)


def _values(value: Any, name: str, depth: int = 0) -> Iterator[str]:
    """Yield the texts of the fields with this name, at any depth."""
    if depth > _DEEPEST:
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == name and isinstance(inner, str) and inner:
                yield inner
            else:
                yield from _values(inner, name, depth + 1)
    elif isinstance(value, list):
        for each in value:
            yield from _values(each, name, depth + 1)
