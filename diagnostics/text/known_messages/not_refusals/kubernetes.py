"""Rows for the Kubernetes cluster's own refusals: webhooks, quotas, RBAC, the mapping of an identity."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

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
