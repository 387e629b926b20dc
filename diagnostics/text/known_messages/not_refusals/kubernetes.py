"""Rows for the Kubernetes cluster's own refusals: webhooks, quotas, RBAC, tokens, network policies."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import NONE_MISSING, System, made_system

TRANSLATED_OBJECTS = r"IAM[^\n]{0,60}Kubernetes\s?(?:オブジェクト|对象|物件)"
"""Words in the translations of the EKS console's sentence about Kubernetes objects."""

KUBERNETES: tuple[System, ...] = (
    # Kubernetes documentation, "Dynamic Admission Control"
    # (https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/).
    made_system(
        "the cluster's admission webhook",
        "Correct what the webhook complains about, or ask the owner of its policy. Neither IAM nor RBAC refused this.",
        r"admission\s+webhook\s+\"[^\"]{1,200}\"\s+denied\s+the\s+request",
        "denied the request",
        unless=r"NoCredential|\bcredentials\b|AccessDenied|not\s+authori[sz]ed",
        subject=r"admission\s+webhook\s+\"[^\"]{1,200}\"\s+denied\s+the\s+request:?\s*([^\n]{3,200})",
        verdict="An admission webhook of the cluster refused the object and says why: “{name}”. No AWS permission is "
        "missing.",
        title="Correct what the webhook refuses",
    ),
    # Kubernetes documentation, "Resource Quotas" and "Pod Security Admission"
    # (https://kubernetes.io/docs/concepts/policy/resource-quotas/,
    # https://kubernetes.io/docs/concepts/security/pod-security-admission/).
    made_system(
        "a rule of the namespace",
        "A quota or the Pod Security level of the namespace refuses the object: change the object, or ask the owner of "
        "the namespace. No role or binding is missing.",
        r"is\s+forbidden:\s+(?:exceeded\s+quota|violates\s+PodSecurity)",
        "is forbidden: exceeded quota",
        "is forbidden: violates podsecurity",
        verdict="The namespace's quota or Pod Security level refuses the object. No permission is missing.",
        title="Change the object, or the namespace's rule",
    ),
    made_system(
        "an object of the cluster that has the name",
        "Look for the object in the cluster: use it (kubectl apply changes it), delete it first, or let the tool adopt "
        "it. IAM is not involved.",
        r"Error\s+from\s+server\s+\(AlreadyExists\)|\b\w+\.k8s\.io\s+\"[^\"]{1,200}\"\s+already\s+exists"
        r"|\b(?:serviceaccounts|rolebindings|clusterroles|clusterrolebindings|namespaces|configmaps|secrets)"
        r"\s+\"[^\"]{1,200}\"\s+already\s+exists",
        "error from server (alreadyexists",
        "already exists",
        verdict="An object of this name already exists in the Kubernetes cluster. It is not an IAM name, so no "
        "permission is missing.",
        title="Use or delete the existing object",
    ),
    made_system(
        "Kubernetes",
        "Check the cluster's roles and bindings (kubectl auth can-i --list), and how the identity is mapped into the "
        "cluster: EKS access entries, or the aws-auth ConfigMap.",
        r"\bUser\s+\"[^\"]{1,200}\"\s+cannot\s+\w+\s+resource|Error\s+from\s+server\s+\(Forbidden\)"
        r"|must\s+be\s+logged\s+in\s+to\s+the\s+server"
        r"|server\s+has\s+asked\s+for\s+the\s+client\s+to\s+provide\s+credentials"
        r"|have\s+access\s+to\s+Kubernetes\s+objects|\"reason\"\s{0,3}:\s{0,3}\"Unauthorized\"|in\s+API\s+group\s+\""
        rf"|{TRANSLATED_OBJECTS}"
        r"|argocd-k8s-auth\s+failed|ARN\s+is\s+not\s+mapped|(?<!API server\" )\berr=\"Unauthorized\"",
        "cannot",
        "error from server (forbidden",
        "must be logged in to the server",
        "asked for the client to provide credentials",
        "access to kubernetes objects",
        *("kubernetes オブジェクト", "kubernetesオブジェクト", "kubernetes 对象", "kubernetes 物件"),
        "in api group",
        "argocd-k8s-auth failed",
        "arn is not mapped",
        'err="unauthorized"',
        '"reason":"unauthorized"',
        unless=r"NoCredentialProviders|no\s+EC2\s+IMDS\s+role\s+found|failed\s+to\s+refresh\s+cached\s+credentials",
    ),
)

KUBERNETES_UNAUTHORIZED: tuple[System, ...] = (
    # What Terraform's and Helm's providers print where the cluster answers 401.
    made_system(
        "the Kubernetes cluster",
        "Give the identity that called (aws sts get-caller-identity) an EKS access entry in the cluster, or a line in "
        "the aws-auth ConfigMap if the authentication mode reads that. If it worked at the start of a long run, let "
        "the provider request a token for each call (exec with aws eks get-token). No IAM permission is missing.",
        r"\bError:\s+Unauthorized\s*\n[\s\S]{0,600}?\b(?:kubernetes_\w+|helm_release|kubectl_manifest)\b"
        # What eksctl prints.
        r"|\bError:[^\n]{0,80}\b(?:raw REST client|listing nodes|getting nodes|nodegroup[^\n:]{0,40}"
        r"|kubernetes[^\n:]{0,40}|auth ConfigMap[^\n:]{0,20}): Unauthorized\b",
        "error: unauthorized",
        ": unauthorized",
        verdict="Kubernetes refused the request (401), not IAM: the cluster does not know the identity that called, or "
        "its token was too old (on EKS it lasts 15 minutes).",
    ),
)
_DROPPED = (
    r"(?:<>|->)\s+\S+[^\n]{0,80}\bPolicy\s+denied\s+DROPPED\b"
    r"|\bpolicy-verdict:\w+\s+(?:EGRESS|INGRESS)\s+DENIED\b"
)

POD_TOKEN_FILES: tuple[System, ...] = (
    # Amazon EKS Pod Identity Webhook, README, "Usage with Non-root Container User"
    # (https://github.com/aws/amazon-eks-pod-identity-webhook/blob/master/README.md).
    made_system(
        "the file of the pod's token",
        "To let the pod's user read it, set securityContext.fsGroup in the pod (for example 65534, or the group of the "
        "program's user). The role and its trust policy were not evaluated. " + NONE_MISSING,
        r"\bserviceaccount/(?:eks-pod-identity-)?token[\"']?:?\s*(?:open[^\n]{0,120}:\s*)?[Pp]ermission\s+denied"
        r"|\bPermission\s+denied:?\s*[\"'][^\n\"']*serviceaccount/\S*token",
        "serviceaccount/",
        flags=re.IGNORECASE,
        verdict="The program's user is not allowed to read the file with the pod's token: the operating system refuses "
        "access, and AWS was not called.",
        title="Set fsGroup, so that the pod's user can read its token",
    ),
)

NETWORK_POLICIES: tuple[System, ...] = (
    # Cilium documentation, "Policy Language", "IP/CIDR based" and "Entities based": CIDR rules do not match the
    # addresses of nodes (https://docs.cilium.io/en/stable/security/policy/language/); Hubble's output of a dropped flow
    # (https://docs.cilium.io/en/stable/observability/hubble/hubble-cli/).
    made_system(
        "a network policy of the cluster",
        "Allow the connection to {name} in the network policy. With Cilium, an address of the node itself is the "
        "entity host, which no ipBlock or CIDR matches: write toEntities: [host] with the port in a "
        "CiliumNetworkPolicy. This also applies to the agent of EKS Pod Identity (169.254.170.23, port "
        "80). " + NONE_MISSING,
        _DROPPED,
        "policy denied dropped",
        "policy-verdict:",
        subject=r"(?:<>|->)\s+([\w./:-]*\w:\d{1,5})\s[^\n]{0,60}(?:Policy\s+denied\s+DROPPED|policy-verdict:)",
        verdict="A network policy of the cluster drops the connection to {name}: no call reached AWS, and no "
        "permission was checked.",
        title="Allow the connection in the cluster's network policy",
    ),
)
