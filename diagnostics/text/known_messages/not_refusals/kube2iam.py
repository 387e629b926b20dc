"""The row for kube2iam."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, documented

KUBE2IAM: tuple[System, ...] = (
    # kube2iam, README, "Namespace Restrictions" (https://github.com/jtblin/kube2iam).
    documented(
        "kube2iam's list of roles of the namespace",
        "kube2iam does not give the role {name} to this namespace: add it to the namespace's annotation "
        "iam.amazonaws.com/allowed-roles. STS was not called.",
        'The annotation is a JSON list: ["ROLE"]. kube2iam runs with --namespace-restrictions.',
        "role requested {name} not valid for namespace of pod",
        title="Allow the role in the namespace's annotation",
    ),
)
