"""Find which pods a text's EKS Pod Identity associations are for, which pod it is about, and whether the agent runs.

Amazon EKS User Guide, "Learn how EKS Pod Identity grants pods access to AWS services": an association is for one
service account of one namespace (https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from diagnostics.text.near_pairs.similarity import slip
from diagnostics.text.read.identities.service_accounts import service_accounts
from diagnostics.text.read.identities.token_parts import token_parts
from iam.lazy_pattern import regex

_LONGEST = 20_000
_NAME = r"[a-z0-9](?:[a-z0-9.-]{0,61}[a-z0-9])?"
_ASSOCIATIONS = regex(r"pod[-_ ]?identity[-_ ]?associations?|podidentityassociation/|\bassociations?\b", re.IGNORECASE)
_IS = r"[\"']?(?:[ \t]*[:=][ \t]*|[ \t]+)[\"']?"
_NAMESPACE = rf"\bnamespace{_IS}(?P<namespace>{_NAME})(?![\w.])"
# "serviceAccountName" is a field of a pod.
_ACCOUNT = rf"\bservice(?:[-_]account(?:[-_]name)?|account){_IS}(?P<account>{_NAME})(?![\w.])"
# Both in one object of JSON, one block of HCL or YAML, or one command's options, in either order.
_PAIRS = (
    regex(rf"{_NAMESPACE}[^{{}}]{{0,200}}?{_ACCOUNT}", re.IGNORECASE),
    regex(rf"{_ACCOUNT}[^{{}}]{{0,200}}?{_NAMESPACE}", re.IGNORECASE),
)
_HEADING = regex(r"^[^\n]*\b(?:namespace|ns)\b[^\n]*\b(?:service[ _]?account(?:[ _]?name)?|sa)\b[^\n]*$", re.I | re.M)
_NAMESPACES = ("namespace", "ns")
_OF_ACCOUNT = regex(r"service[ _]?account(?:[ _]?name)?|sa")
_COLUMNS = regex(r"[ \t]*\|[ \t]*|\t+|[ ]{2,}")
_ARN = r"arn:[\w-]+:eks:[\w-]+:\d{12}:podidentityassociation/\S+"
_OF_OUTPUT = regex(rf"^(?:ASSOCIATIONS[ \t]+)?(?P<before>[^\n]*?)[ \t]*{_ARN}[ \t]*(?P<after>[^\n]*)$", re.MULTILINE)
_ID = regex(r"a-[a-z0-9]{4,}")
NO_AGENT = (
    "The EKS Pod Identity Agent is not among the add-ons that the text lists, and an association has no effect without "
    "the agent: add eks-pod-identity-agent to the cluster, then restart the pods."
)
"""A sentence on a cluster without the agent."""
_UNSET = "default"
"""The service account of a pod that sets none (Kubernetes documentation, "Configure Service Accounts for Pods":
https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/)."""
_ADD_ONS = ("coredns", "kube-proxy", "vpc-cni", "aws-node", "aws-ebs-csi-driver")
"""Names that lists of a cluster's add-ons, or of what runs on its nodes, usually have."""


@dataclass(frozen=True, slots=True)
class Pods:
    """The pods of one service account; "" for a part that the text does not show."""

    namespace: str = ""
    account: str = ""

    def __str__(self) -> str:
        place = f"in the namespace {self.namespace}" if self.namespace else ""
        return " ".join(filter(None, (f"the service account {self.account}" if self.account else "", place)))

    def may_be(self, other: Pods) -> bool:
        """Whether the two may be the same pods, as far as the text shows."""
        pairs = ((self.namespace, other.namespace), (self.account, other.account))
        return all(not one or not two or one == two for one, two in pairs)


@dataclass(frozen=True, slots=True)
class OtherAssociation:
    """An association that is not for the pod: ``of_pod`` is the pod's service account, ``associated`` the other one."""

    of_pod: Pods
    associated: Pods

    @property
    def sentence(self) -> str:
        return (
            f"The Pod Identity association in the text is for {self.associated}, but the pod runs with {self.of_pod}."
        )

    @property
    def remedy(self) -> str:
        """A sentence on what to change, so that the pod gets its role."""
        one, other = self.of_pod, self.associated
        differs = bool(other.account) and one.account != other.account
        if not differs or (one.namespace and other.namespace and one.namespace != other.namespace):
            return f"Create an association for {one}, or correct the existing association. Then restart the pods."
        set_name = f"Set serviceAccountName: {other.account} in the pod's template"
        if one.account == _UNSET:
            return f"{set_name}, and create the pods again: a pod that sets none runs with {_UNSET}."
        return f"{set_name}, or create an association for {one}, and restart the pods."


def other_association(text: str, account: str = "", namespace: str = "") -> OtherAssociation | None:
    """Return the association that is meant for the pod and does not match it.

    None if an association matches, or if none is similar. ``account`` is the pod's service account, and ``namespace``
    its namespace, if the failure names them.
    """
    text = text[:_LONGEST]
    if not _ASSOCIATIONS.search(text):
        return None
    found = [*_associations(text)]
    associated = [pods for pods, _ in found]
    spans = [span for _, span in found]
    of_pod = Pods(namespace, account) if account else _pod(_without(text, spans), spans, text)
    if not associated or of_pod is None or any(each.may_be(of_pod) for each in associated):
        return None
    near = [each for each in associated if _is_near(each, of_pod)]
    chosen = near or (associated if len(associated) == 1 else [])
    return OtherAssociation(of_pod, chosen[0]) if len(chosen) == 1 else None


def _is_near(one: Pods, other: Pods) -> bool:
    """Whether an association has the same service account in another namespace, or a similar service account."""
    if one.account and one.account == other.account:
        return True
    return bool(one.account and other.account and slip(one.account, other.account, parts=True))


def lacks_agent(text: str) -> bool:
    """Return whether the text has an association and a list of add-ons without the Pod Identity Agent.

    Amazon EKS User Guide, "Set up the Amazon EKS Pod Identity Agent": each node needs it
    (https://docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-setup.html).
    """
    text = text[:_LONGEST]
    listed = sum(re.search(rf"(?<![\w-]){each}(?![\w-])", text) is not None for each in _ADD_ONS) > 1
    return listed and "pod-identity-agent" not in text and any(True for _ in _associations(text))


Span = tuple[int, int]


def _associations(text: str) -> Iterator[tuple[Pods, Span]]:
    for pattern in _PAIRS:
        for each in pattern.finditer(text):
            start = max(text.rfind("\n\n", 0, each.start()), 0)
            if _ASSOCIATIONS.search(text, start, min(len(text), each.end() + 200)):
                yield Pods(each["namespace"].lower(), each["account"].lower()), each.span()
    for cells, span in _rows(text):
        if any(each.startswith("arn:") or _ID.fullmatch(each) for each in cells.values()):
            yield Pods(cells["namespace"], cells["account"]), span
    for each in _OF_OUTPUT.finditer(text):
        names = [one for one in f"{each['before']} {each['after']}".split() if not _ID.fullmatch(one)]
        if len(names) == 1:
            yield Pods("", names[0]), each.span()
        elif each[0].startswith("ASSOCIATIONS") and len(names) > 1:
            yield Pods(*names[-2:]), each.span()


def _rows(text: str) -> Iterator[tuple[dict[str, str], Span]]:
    """Yield the cells of each table row that has a namespace and a service account, and the row's place.

    These two cells are keyed "namespace" and "account", the other cells by their column number.
    """
    for heading in _HEADING.finditer(text):
        names = [each.lower() for each in _COLUMNS.split(heading[0].strip(" \t|"))]
        named = [
            "namespace" if each in _NAMESPACES else "account" if _OF_ACCOUNT.fullmatch(each) else str(i)
            for i, each in enumerate(names)
        ]
        at = heading.end() + 1
        for line in text[at:].split("\n"):
            cells = _COLUMNS.split(line.strip(" \t|"))
            if len(cells) == len(named) and {"namespace", "account"} <= set(named):
                yield dict(zip(named, cells, strict=True)), (at, at + len(line))
            elif line.strip(" \t-+|"):
                break
            at += len(line) + 1


def _without(text: str, spans: list[Span]) -> str:
    for start, end in spans:
        text = text[:start] + re.sub(r"[^\n]", " ", text[start:end]) + text[end:]
    return text


def _pod(rest: str, spans: list[Span], text: str) -> Pods | None:
    """Return the pod in the other parts of the text, if these have one service account or one namespace."""
    rows = {Pods(cells["namespace"], cells["account"]) for cells, span in _rows(text) if span not in spans}
    if len(rows) == 1:
        return rows.pop()
    parts = token_parts(rest)
    namespaces, accounts = parts.get("namespace", ()), parts.get("account", ())
    account = accounts[0] if len(accounts) == 1 else service_accounts(rest).of_pod
    found = Pods(namespaces[0] if len(namespaces) == 1 else "", account)
    return found if found.account else None
