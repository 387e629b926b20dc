"""What eksctl says about service accounts, the cluster's OIDC provider and access entries in its configuration."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import NONE_MISSING, System, documented, made_system

_NODE_TYPE = r"\btype[\"']?\s*[:=]\s*[\"']?EC2_(?:LINUX|WINDOWS)\b"
_NO_POLICY = r"accessEntries\[\d+\]\.policyARN\s+must\s+be\s+set"
EKSCTL: tuple[System, ...] = (
    # eksctl, "IAM Roles for Service Accounts" (https://docs.aws.amazon.com/eks/latest/eksctl/iamserviceaccounts.html).
    documented(
        "eksctl's list of service accounts to leave out",
        "eksctl did nothing for this service account, because it exists already: run the command again with "
        "--override-existing-serviceaccounts, which writes the role's annotation to it.",
        "If eksctl has a stack for it from an earlier run, delete that first (eksctl delete iamserviceaccount), or see "
        "the role with eksctl get iamserviceaccount. Then restart the pods.",
        "serviceaccounts that exist in Kubernetes will be excluded, use --override-existing-serviceaccounts",
        "existing iamserviceaccount(s) {} will be excluded",
        title="Let eksctl override the existing service account",
        unless=r"(?:AccessDenied|not authorized to perform)",
    ),
    # eksctl, "IAM Roles for Service Accounts" (https://docs.aws.amazon.com/eks/latest/eksctl/iamserviceaccounts.html).
    documented(
        "the cluster's OIDC provider",
        "The account has no IAM OIDC provider for this cluster: run eksctl utils associate-iam-oidc-provider --cluster "
        "CLUSTER --approve, then repeat your command.",
        "In a config file, set iam.withOIDC: true. EKS Pod Identity needs no such provider.",
        "unable to create iamserviceaccount(s) without IAM OIDC provider enabled",
        title="Create the cluster's IAM OIDC provider",
    ),
    # eksctl's schema of accessEntries; EKS User Guide of eksctl, "EKS Access Entries"
    # (https://docs.aws.amazon.com/eks/latest/eksctl/access-entries.html); Amazon EKS API Reference,
    # "CreateAccessEntry" (https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAccessEntry.html).
    made_system(
        "the access entry's type",
        "For a node role, write only principalARN and type: EC2_LINUX (Windows: EC2_WINDOWS). Leave out "
        "accessPolicies, kubernetesGroups and kubernetesUsername, and do not make up a policyARN: EKS gives such an "
        f"entry the permissions that nodes need. {NONE_MISSING}",
        rf"accessScope:?\s+{_NODE_TYPE}[\s\S]*?{_NO_POLICY}|{_NO_POLICY}[\s\S]*?accessScope:?\s+{_NODE_TYPE}",
        "policyarn must be set",
        verdict="EC2_LINUX and EC2_WINDOWS are types of the access entry itself, not scopes of an access policy: move "
        "type: up to the entry, and leave out the entry's accessPolicies.",
        title="Give the entry its type, and no access policy",
    ),
)
