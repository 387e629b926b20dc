"""Read what a text shows about who may use an EKS cluster: its access entries, access policies and their scopes.

Amazon EKS User Guide, "Associate access policies with access entries" and "Review access policy permissions"
(https://docs.aws.amazon.com/eks/latest/userguide/access-policies.html,
https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase

from iam.lazy_pattern import regex

_LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class ClusterAccess:
    """What the text shows about a cluster's access. Fields are empty if it shows nothing.

    ``entries`` are the principals of list-access-entries. ``policies`` are names of access policies, ``namespaces``
    what they are limited to. ``no_policies``: the list of the entry's policies is shown, and is empty. ``mode`` is the
    authentication mode. ``entry`` is the ARN whose entry is shown. ``has_config_map``: the text names aws-auth.
    """

    entries: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    namespaces: tuple[str, ...] = ()
    of_the_cluster: bool = False
    no_policies: bool = False
    mode: str = ""
    cluster: str = ""
    entry: str = ""
    has_config_map: bool = False

    def leaves_out(self, what: str) -> bool:
        """Return whether the resource is cluster-scoped, so that none of the policies includes it in any scope."""
        return what in _OF_THE_CLUSTER and bool(self.policies) and all(each in _OF_NAMESPACES for each in self.policies)

    def covers(self, namespace: str) -> bool:
        """Whether one of the policies applies to the namespace (empty: to the cluster), as far as the text shows."""
        if self.of_the_cluster or not self.namespaces:
            return True
        return bool(namespace) and any(fnmatchcase(namespace, each) for each in self.namespaces)

    @property
    def only_reads(self) -> bool:
        """Whether all policies only allow reading: the text shows at least one, and its name says so."""
        return bool(self.policies) and all(each in _VIEWS for each in self.policies)


_VIEWS = frozenset(("AmazonEKSViewPolicy", "AmazonEKSAdminViewPolicy"))
# "Review access policy permissions": the tables of these policies have no resource of the cluster but namespaces.
_OF_NAMESPACES = frozenset(("AmazonEKSViewPolicy", "AmazonEKSEditPolicy", "AmazonEKSAdminPolicy"))
_OF_THE_CLUSTER = frozenset(
    (
        "nodes",
        "persistentvolumes",
        "storageclasses",
        "volumeattachments",
        "csidrivers",
        "customresourcedefinitions",
        "clusterroles",
        "clusterrolebindings",
        "ingressclasses",
        "priorityclasses",
        "apiservices",
        "validatingwebhookconfigurations",
        "mutatingwebhookconfigurations",
    )
)
_POLICY = regex(r"\barn:[\w-]+:eks::aws:cluster-access-policy/(?P<name>\w+)")
_NONE_LISTED = regex(r"\bassociatedAccessPolicies[\"']?\s*:\s*\[\s*\]")
# JSON, YAML, HCL, the CLI's shorthand and its columns of --output text.
_SCOPE = regex(
    r"\btype[\"']?\s*[:=]\s*[\"']?(?P<type>cluster|namespace)\b|^ACCESSSCOPE\s+(?P<column>cluster|namespace)\b",
    re.MULTILINE,
)
_NAMESPACES = regex(
    r"\bnamespaces[\"']?\s*[:=]\s*(?:\[(?P<list>[^\]]{0,2000})\]|(?P<items>(?:\s*\n\s*-\s+[\"']?[\w.*-]+[\"']?)+)"
    r"|(?P<short>[a-z0-9][\w.*-]*(?:,[\w.*-]+)*))"
)
_IN_WORDS = regex(
    r"\bscopes?d?\b(?:[ \t]*[:=(]|[ \t]+(?:to|is|only))*[ \t]*(?:the )?namespaces?(?:[ \t]*[:=])?[ \t]+"
    r"(?:only )?[\"'`(]*(?P<names>[a-z0-9][a-z0-9.*-]*(?:(?:,[ \t]*| and )[a-z0-9][a-z0-9.*-]*)*)"
    r"|\b(?:only |limited |scoped )+(?:in|to|for) (?:the )?namespaces? [\"'`]?(?P<only>[a-z0-9][a-z0-9.*-]*)"
)
"""``scope namespace web``, ``scoped to the namespace web``: how a person writes an access policy's scope."""
_COLUMN = regex(r"^NAMESPACES\s+(?P<name>[\w.*-]+)[ \t]*$", re.MULTILINE)
_NAME = regex(r"[a-z0-9*][\w.*-]*")
_MODE = regex(
    r"\bauthentication_?[mM]ode\b[\"']?(?:\s*[:=]\s*[\"']?|[^\n\w]*\n\s*[\"']?)(?P<mode>API_AND_CONFIG_MAP|CONFIG_MAP|API)\b"
    # The columns of --output text.
    r"|\bauthenticationMode\b[^\n]{0,80}\n(?:[A-Z0-9_.-]+[ \t]+){0,5}(?P<column>API_AND_CONFIG_MAP|CONFIG_MAP|API)"
    r"(?=[ \t]*(?:\n|$)|\t)"
)
_CONFIG_MAP = regex(r"\baws-auth\b|\bmap(?:Users|Roles)\b")
_ENTRIES = regex(
    r"\blist-access-entries\b(?P<options>[^\n]*)\n(?P<answer>(?:(?!^[^\n]{0,60}[$#%>\u276f] +\w)[^\n]*\n?){1,80})",
    re.MULTILINE,
)
_PRINCIPAL = regex(r"\barn:[\w-]+:iam::\d{12}:(?:role|user)/[\w+=,.@/-]*[\w+=@-]")
_CLUSTER = regex(
    r"--cluster(?:-name)?[ =](?P<option>[A-Za-z0-9][\w-]{0,99})|\bclusterName\"\s*:\s*\"(?P<json>[\w-]+)\""
    r"|\beks\s+describe-cluster\b[^\n]*--name[ =](?P<described>[A-Za-z0-9][\w-]{0,99})"
    r"|:cluster/(?P<arn>[A-Za-z0-9][\w-]{0,99})"
)
_ENTRY = regex(
    r"(?:--principal-arn[ =]|\bprincipal_?arn[\"']?\s*[:=]\s*[\"']?)"
    r"(?P<arn>arn:[\w-]+:iam::\d{12}:(?:role|user)/[\w+=,.@/-]+)"
)


def cluster_access(text: str) -> ClusterAccess:
    """Return what the text shows about the cluster's access; an empty record if it shows nothing."""
    text = text[:_LONGEST]
    if not any(
        sign in text for sign in ("access-polic", "access-entr", "access entr", "AccessPolicies", "uthentication")
    ):
        return ClusterAccess()
    mode, cluster, entry = _MODE.search(text), _CLUSTER.search(text), _ENTRY.search(text)
    return ClusterAccess(
        entries=_entries(text),
        policies=tuple(dict.fromkeys(each["name"] for each in _POLICY.finditer(text))),
        namespaces=_namespaces(text),
        of_the_cluster=any("cluster" in (each["type"], each["column"]) for each in _SCOPE.finditer(text)),
        no_policies=_NONE_LISTED.search(text) is not None,
        mode=(mode["mode"] or mode["column"]) if mode else "",
        cluster=next(filter(None, cluster.groups()), "") if cluster else "",
        entry=entry["arn"] if entry else "",
        has_config_map=_CONFIG_MAP.search(text) is not None,
    )


def _entries(text: str) -> tuple[str, ...]:
    found = _ENTRIES.search(text)
    return tuple(dict.fromkeys(_PRINCIPAL.findall(found["answer"]))) if found else ()


def _namespaces(text: str) -> tuple[str, ...]:
    if "cluster-access-policy/" not in text:
        return ()
    found = [
        name
        for each in _NAMESPACES.finditer(text)
        for name in _NAME.findall(each["list"] or each["items"] or each["short"] or "")
    ]
    found += [each["name"] for each in _COLUMN.finditer(text)]
    found += [
        name
        for each in _IN_WORDS.finditer(text)
        for name in re.split(r",\s*| and ", (each["names"] or each["only"]).rstrip("."))
    ]
    return tuple(dict.fromkeys(found))
