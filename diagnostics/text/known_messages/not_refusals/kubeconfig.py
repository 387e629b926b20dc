"""The row for a program that has no kubeconfig."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import NONE_MISSING, System, made_system

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
