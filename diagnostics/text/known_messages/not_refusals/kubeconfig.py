"""Rows for the kubeconfig of a program."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import NONE_MISSING, System, documented, made_system

KUBECONFIG = "the program's kubeconfig"
_LOCAL = r"(?:localhost|127\.0\.0\.1|\[::1\])"
NO_KUBECONFIG = (
    rf"\bconnection\s+to\s+the\s+server\s+{_LOCAL}:8080\s+was\s+refused"
    rf"|\b(?:Get|Post|Put|Patch|Delete)\s+\"http://{_LOCAL}(?::8080|:80)?/(?:apis?|version|openapi)\b[^\n]{{0,200}}?refused"
)

KUBECONFIGS: tuple[System, ...] = (
    # What kubectl, Helm and Terraform's providers call without a configuration (maintainers in
    # https://github.com/k3s-io/k3s/issues/3862 and https://github.com/scholzj/terraform-aws-kubernetes/issues/23).
    made_system(
        KUBECONFIG,
        "Write the kubeconfig (aws eks update-kubeconfig --name CLUSTER --region REGION), or pass the existing one "
        "(KUBECONFIG, --kubeconfig; the host and the token of Terraform's provider). Then call again. " + NONE_MISSING,
        NO_KUBECONFIG,
        "connection to the server",
        "dial tcp",
        verdict="The program found no kubeconfig, so it called localhost instead of a cluster: write or pass the "
        "kubeconfig. Nothing shows that the network or a permission is the cause.",
        title="Give the program the cluster's kubeconfig",
    ),
)

KUBECONFIG_VERSIONS: tuple[System, ...] = (
    # AWS CLI, eks get-token: the API versions that it prints
    # (https://github.com/aws/aws-cli/blob/develop/awscli/customizations/eks/get_token.py).
    documented(
        "the version in the kubeconfig",
        "The kubeconfig or the AWS CLI is too old for this kubectl: it no longer reads v1alpha1. Update the AWS CLI, "
        "then run aws eks update-kubeconfig again.",
        "In the kubeconfig, apiVersion under users: exec: is then client.authentication.k8s.io/v1beta1. The cluster "
        "was not called.",
        'exec plugin: invalid apiVersion "client.authentication.k8s.io/v1alpha1"',
        'no kind "ExecCredential" is registered for version "client.authentication.k8s.io/v1alpha1"',
        "plugin returned version client.authentication.k8s.io/v1alpha1",
        title="Update the AWS CLI and the kubeconfig",
    ),
)
