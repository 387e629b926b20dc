"""Rows for cert-manager and Route 53."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import NONE_MISSING, System, documented, made_system

_NO_AMBIENT = r"empty credentials; perhaps you meant to enable ambient credentials"
_MOVED = r"\A(?=[\s\S]*\bIRSA\b)(?=[\s\S]*\bPod ?Identity\b)"
"""A text that compares the two ways to give a pod a role."""

CERT_MANAGER: tuple[System, ...] = (
    # cert-manager, "Route53", ambient credentials (https://cert-manager.io/docs/configuration/acme/dns01/route53/);
    # Amazon EKS User Guide, "Use pod identity with the AWS SDK"
    # (https://docs.aws.amazon.com/eks/latest/userguide/pod-id-minimum-sdk.html).
    made_system(
        "cert-manager's credentials of EKS Pod Identity",
        "An AWS SDK for Go older than November 2023 (v1: 1.47.11) ignores Pod Identity. Otherwise check that the EKS "
        "Pod Identity agent runs on the node, that cert-manager's pod was restarted after the association, and that an "
        "Issuer may use cert-manager's own credentials (--issuer-ambient-credentials; a ClusterIssuer may). Until then "
        f"IRSA works. {NONE_MISSING}",
        rf"{_MOVED}[\s\S]*?{_NO_AMBIENT}",
        "perhaps you meant to enable ambient credentials",
        flags=re.IGNORECASE,
        verdict="cert-manager found no credentials: most likely this version's AWS SDK is too old for EKS Pod "
        "Identity. Update cert-manager, or go back to IRSA; Route 53 was not called.",
        title="Update cert-manager, or use IRSA",
        sure=False,
    ),
    documented(
        "the issuer's credentials for Route 53",
        "The issuer has no AWS credentials of its own, and cert-manager lets only a ClusterIssuer use its own "
        "credentials (IRSA, an instance's role): use a ClusterIssuer, or give the Issuer a role or keys.",
        "For an Issuer, set auth.kubernetes.serviceAccountRef with role, or accessKeyIDSecretRef and "
        "secretAccessKeySecretRef. --issuer-ambient-credentials on the controller lets every Issuer use cert-manager's "
        "own role. Route 53 was not called.",
        "unable to construct route53 provider: empty credentials; perhaps you meant to enable ambient credentials",
        title="Use a ClusterIssuer, or give the Issuer credentials",
        unless=_MOVED,
    ),
)
