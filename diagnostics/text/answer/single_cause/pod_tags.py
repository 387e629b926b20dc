"""A trust policy for EKS Pod Identity that names another namespace, service account or cluster than the pod's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from diagnostics.failure import Denial
from diagnostics.text.answer.single_cause.decision import Decision, decide
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.words import listing

_TESTED = regex(
    r"aws:(?:RequestTag|PrincipalTag)/(?P<tag>kubernetes-namespace|kubernetes-service-account|eks-cluster-name)"
    r"[\"']?\s*[:=]\s*(?P<values>\[[^\]]*\]|[\"']?[\w.*?/-]+[\"']?)"
)
_VALUE = regex(r"[\w.*?/-]+")
_OF_THE_POD = {
    "kubernetes-namespace": r"(?<![\w/-])(?:\"namespace\"|namespace|--namespace|-n)\"?\s*[:= ]\s*\"?([a-z0-9][\w-]*)",
    "kubernetes-service-account": r"(?:serviceAccount(?:Name)?|--service-account)\"?\s*[:= ]\s*\"?([a-z0-9][\w.-]*)",
    "eks-cluster-name": r"(?:\"clusterName\"|--cluster-name|clusterName)\"?\s*[:= ]\s*\"?([\w-]+)",
}
_TAGS = {
    "kubernetes-namespace": "namespace",
    "kubernetes-service-account": "service account",
    "eks-cluster-name": "cluster",
}


def tagged_otherwise(denial: Denial) -> Decision | None:
    """Return the decision that the trust policy tests a session tag for another value than the pod's; else None.

    Amazon EKS User Guide, "Grant Pods access to AWS resources based on tags": the tags that EKS Pod Identity adds
    (https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html).
    """
    if denial.service != "pods.eks" and "pods.eks.amazonaws.com" not in (denial.principal or ""):
        return None
    text = denial.pasted or denial.text
    found = next(_differences(text), None)
    if found is None:
        return None
    tag, values, own = found
    return decide(
        "trust.condition-unmet",
        f"aws:RequestTag/{tag}",
        f"The trust policy accepts only pods of the {_TAGS[tag]} {listing(list(values), 'or')}, but this pod has the "
        f"{_TAGS[tag]} {own}: correct aws:RequestTag/{tag} in the condition, or the association.",
        f"Write {own} for aws:RequestTag/{tag} in the trust policy",
        Who.RESOURCE_OWNER,
        "the trust policy in the text",
        f"If pods of the {_TAGS[tag]} {own} should have this role, write {own} (or both values). Otherwise give the "
        "pod an association with another role. The principal and the actions stay.",
        nearer=True,
    )


def _differences(text: str) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Yield each tested tag with its values and the pod's own value, if the text has one value and none matches."""
    for tested in _TESTED.finditer(text):
        values = tuple(_VALUE.findall(tested["values"]))
        outside = text[: tested.start()] + text[tested.end() :]
        own = set(re.findall(_OF_THE_POD[tested["tag"]], outside))
        if len(own) == 1 and values and not any(fnmatchcase(each, value) for each in own for value in values):
            yield tested["tag"], values, own.pop()
