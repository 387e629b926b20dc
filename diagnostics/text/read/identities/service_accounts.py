"""Find which service account a pod runs with, and which one has the role, as far as the text shows.

Kubernetes documentation, "Configure Service Accounts for Pods": a pod that names none runs with default
(https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from diagnostics.text.read.identities.manifests import pods_of_manifests
from diagnostics.text.read.printed_values import printed_values
from iam.lazy_pattern import regex

_NAME = r"[a-z0-9](?:[a-z0-9.-]{0,61}[a-z0-9])?"
# "serviceAccountName: x", "Service Account:  x", '"serviceAccountName": "x"'.
_OF_POD = regex(
    rf"(?:\bserviceAccount(?:Name)?[\"']?[ \t]*[:=][ \t]*[\"']?|^[ \t]*Service Account:[ \t]+)(?P<said>{_NAME})"
    r"(?![\w.-])",
    re.MULTILINE,
)
_ROLE = r"eks\.amazonaws\.com/role-arn"
_ANNOTATED = regex(
    rf"\b(?:get|describe|annotate)\s+(?:-n\s+\S+\s+)?(?:sa|serviceaccounts?)[ /](?P<asked>{_NAME})\b[\s\S]{{0,400}}?"
    rf"{_ROLE}|\bkind:\s*ServiceAccount\b(?:(?!\bkind:)[\s\S]){{0,300}}?\bname:\s*(?P<before>{_NAME})(?:(?!\bkind:)[\s\S])"
    rf"{{0,300}}?{_ROLE}"
    rf"|{_ROLE}(?:(?!\bkind:)[\s\S]){{0,200}}?\n[ \t]*name:\s*(?P<after>{_NAME})\b"
)
_WORKLOAD = r"(?:deploy(?:ments?)?|sts|statefulsets?|ds|daemonsets?|cronjobs?|cj|jobs?)(?:\.apps)?\b"
_UNSET = regex(
    rf"^[^\n]*\bget\b[^\n]*\b{_WORKLOAD}[^\n]*(?:\bgrep\b[^\n|]*\bserviceacc\w*[^\n]*|\.serviceAccount(?:Name)?\}}[^\n]*)\n"
    r"(?:[ \t]*[(<]?(?:nothing|no output|no match\w*|empty|none)[)>]?)?[ \t]*(?:\n|\Z)"
    r"|^(?![^\n]*\b(?:if|whether|check|make sure|ensure|unless)\b)[^\n]*(?:"
    r"\b(?:no|without|without an?|lacks|lacks an?|forgot(?: the)?)[ \t]+[`\"']?serviceAccountName\b"
    r"|\bserviceAccountName\b[`\"']?[^\n.:=]{0,25}\b(?:not set|unset|not there|missing|absent|left out))",
    re.MULTILINE | re.IGNORECASE,
)
"""Signs that a workload names no service account: a command that printed nothing, or the author's words."""


# Flux, "Flux custom resource definitions" of each controller: a controller's service account has the controller's name
# (https://fluxcd.io/flux/components/).
_CONTROLLERS = {
    ("imagerepository", "image.toolkit.fluxcd.io"): "image-reflector-controller",
    ("imagepolicy", "image.toolkit.fluxcd.io"): "image-reflector-controller",
    ("imageupdateautomation", "image.toolkit.fluxcd.io"): "image-automation-controller",
    ("gitrepository", "source.toolkit.fluxcd.io"): "source-controller",
    ("ocirepository", "source.toolkit.fluxcd.io"): "source-controller",
    ("helmrepository", "source.toolkit.fluxcd.io"): "source-controller",
    ("helmchart", "source.toolkit.fluxcd.io"): "source-controller",
    ("bucket", "source.toolkit.fluxcd.io"): "source-controller",
    ("kustomization", "kustomize.toolkit.fluxcd.io"): "kustomize-controller",
    ("helmrelease", "helm.toolkit.fluxcd.io"): "helm-controller",
}
# Argo CD, manifests/install.yaml: each component has a service account of its own, with the component's name
# (https://github.com/argoproj/argo-cd/blob/master/manifests/install.yaml).
_COMPONENT = regex(
    r"(?:^|[\s\"'/\[(])(?P<name>argocd-(?:repo-server|application-controller|applicationset-controller"
    r"|notifications-controller|image-updater|server))(?:-[a-z0-9]+)*(?=[:\])]|[ \t]+(?:log|pod)\b)",
    re.MULTILINE,
)
"""A component at the start of its log, or with the word log or pod."""
_LOGGED_BY = regex(r"\"controller\":\s*\"(?P<controller>\w+)\",\s*\"controllerGroup\":\s*\"(?P<group>[\w.]+)\"")


def account_of_the_log(text: str) -> str:
    """Return the service account of the controller that wrote the log; "" if it is not known."""
    by = {_CONTROLLERS.get((each["controller"], each["group"]), "") for each in _LOGGED_BY.finditer(text)}
    by = by or {each["name"] for each in _COMPONENT.finditer(text)}
    return by.pop() if len(by) == 1 else ""


@dataclass(frozen=True, slots=True)
class ServiceAccounts:
    """The service account that the pod runs with (``of_pod``), and the one that has the role (``annotated``).

    Each is "" if the text shows none, or several.
    """

    of_pod: str = ""
    annotated: str = ""

    @property
    def differ(self) -> bool:
        """Whether the text shows both service accounts, and the pod does not run with the one that has the role."""
        return bool(self.of_pod and self.annotated and self.of_pod != self.annotated)


def service_accounts(text: str) -> ServiceAccounts:
    """Return the two service accounts as far as the text shows them."""
    used = {each["said"] for each in _OF_POD.finditer(text)}
    printed = printed_values(text, "serviceAccountName", "serviceAccount")
    used.update(each for each in printed if re.fullmatch(_NAME, each) and each != "null")
    if not used and _UNSET.search(text):
        used.add("default")
    used = used or {each.account for each in pods_of_manifests(text)}
    annotated = {each["asked"] or each["before"] or each["after"] for each in _ANNOTATED.finditer(text)}
    return ServiceAccounts(
        used.pop() if len(used) == 1 else "",
        annotated.pop() if len(annotated) == 1 else "",
    )
