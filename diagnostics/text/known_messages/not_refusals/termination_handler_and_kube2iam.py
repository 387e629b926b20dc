"""Rows for the node termination handler and kube2iam."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, documented

TERMINATION_HANDLER_AND_KUBE2IAM: tuple[System, ...] = (
    # AWS Node Termination Handler, Helm chart, awsRegion (https://github.com/aws/aws-node-termination-handler).
    documented(
        "the Region of the termination handler",
        "The node termination handler does not know its queue's Region: set awsRegion in its chart (AWS_REGION). AWS "
        "was not called.",
        "Otherwise the handler gets the Region from the metadata service, which a pod cannot reach with a hop limit of "
        "1, or from the queue's URL.",
        "Unable to find the AWS region to process queue events",
        title="Set the Region of the termination handler",
    ),
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
