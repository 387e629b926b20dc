"""Causes for denials by a Kubernetes cluster, which IAM does not evaluate."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.claims.kinds import StatedFact
from diagnostics.diagnosis import FirstLook
from diagnostics.failure import OtherFailure, Trouble
from diagnostics.text.answer.cluster_access import CLUSTER_NAMES, RBAC, access_cause
from diagnostics.text.causes.build_causes import WHO_AM_I, contains, quoted, reading, unless
from diagnostics.text.causes.shared_causes import pods_role_unused
from diagnostics.text.known_messages.not_refusals.kubernetes import TRANSLATED_OBJECTS
from diagnostics.text.read.author.misspelled_keys import mistakes
from diagnostics.text.read.identities.pod_associations import other_association
from diagnostics.who import Who
from iam.lazy_pattern import regex


def pods_role(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield the cause if the text shows that a pod's own role is not used, and shows no known error."""
    if failure.trouble is Trouble.UNRECOGNIZED and (look := pods_role_unused(failure.text)) is not None:
        yield look


_NO_ROLE = regex(
    r"an IAM role must be associated with service account\s+(?P<account>[a-z0-9.-]+)[^\n]{0,80}", re.IGNORECASE
)
_BY_SECRETS_STORE = regex(
    r"secrets store objects|secrets-store(?:-csi|-inline)?\b|SecretProviderClass|csi-secrets-store"
)


def account_without_role(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield how a program that reads secrets for pods finds the pods' role.

    AWS Secrets Manager User Guide, "Use AWS Secrets and Configuration Provider CSI with Pod Identity for Amazon EKS"
    (https://docs.aws.amazon.com/secretsmanager/latest/userguide/ascp-pod-identity-integration.html); External Secrets,
    "AWS Authentication" (https://external-secrets.io/latest/provider/aws-access/).
    """
    if (said := _NO_ROLE.search(failure.text)) is None:
        return
    if not _BY_SECRETS_STORE.search(failure.text):
        yield FirstLook(
            "With auth.jwt.serviceAccountRef, External Secrets uses IRSA: it reads the annotation "
            "eks.amazonaws.com/role-arn of that service account, and no Pod Identity association. Annotate the service "
            "account with the role, or remove the store's auth, so that the controller uses its own credentials.",
            contains(" ".join(said[0].split())[:96]),
            None,
            Who.CALLER,
        )
        return
    account = said["account"]
    mismatch = other_association(failure.text, account)
    other = f" The association in the text is for {mismatch.associated}, not for {account}." if mismatch else ""
    yield FirstLook(
        f"The Secrets Store CSI driver's AWS provider found no role for the service account {account}: it has no "
        f"annotation eks.amazonaws.com/role-arn.{other} Annotate {account} with the role; or create a Pod Identity "
        f'association for {account} and set usePodIdentity: "true" in the SecretProviderClass. Then restart the pod.',
        contains(" ".join(said[0].split())[:96]),
        f"kubectl get serviceaccount {account} -o yaml",
        Who.CALLER,
    )


def _of_access(text: str) -> FirstLook | None:
    """Return the cause that the text's access entries, or the caller's access policies, show; else None."""
    if (shown := access_cause(text)) is None:
        return None
    check = WHO_AM_I if shown.who is Who.CALLER else None
    return FirstLook(shown.cause, contains(shown.words), check, shown.who)


def rbac(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield what Kubernetes RBAC lacks (Kubernetes documentation, "Using RBAC Authorization")."""
    found = RBAC.search(failure.text)
    if found is None or failure.detail != "Kubernetes":
        return
    if (look := _of_access(failure.text)) is not None:
        yield look
        return
    group = f" (API group {found['group']})" if found["group"] else ""
    where = f" in the namespace {found['space']}, with a RoleBinding" if found["space"] else ", with a binding"
    kind = "Role" if found["space"] else "ClusterRole"
    of_a_session = _OF_A_SESSION.fullmatch(found["who"])
    if of_a_session is not None:
        yield FirstLook(
            f"The cluster knows the role {of_a_session['role']}, but nothing in the cluster allows {found['verb']} on "
            f"{found['what']}{group}. If the role should have this access, associate an access policy with the role's "
            "access entry. Or give the entry (or the role's line in aws-auth) a Kubernetes group, and give that group "
            f"a {kind} that allows the access{where}.{_of_a_custom_group(found['group'])} Do not bind {found['who']} "
            "itself: its last part is the session's name, which may be another next time.",
            contains(" ".join(found[0].split())[:96]),
            reading(
                "eks", "list-associated-access-policies", ("cluster-name", "CLUSTER"), ("principal-arn", "ROLE_ARN")
            ),
            Who.RESOURCE_OWNER,
        )
        return
    if found["who"] == "system:anonymous":
        yield FirstLook(
            "The request reached the cluster without credentials: Kubernetes calls such a caller system:anonymous. Let "
            "the program send credentials: configure aws eks get-token for the kubeconfig's user, or send a service "
            "account's token. Bind no role to system:anonymous: everybody who can reach the cluster would have that "
            "role.",
            contains(" ".join(found[0].split())[:96]),
            WHO_AM_I,
            Who.CALLER,
        )
        return
    of_account = " IAM policies have no effect here." if ":serviceaccount:" in found["who"] else ""
    yield FirstLook(
        f"Give {found['who']} a {kind} that allows {found['verb']} on {found['what']}{group}{where}.{of_account}",
        contains(" ".join(found[0].split())[:96]),
        None,
        Who.RESOURCE_OWNER,
    )


def _of_a_custom_group(group: str) -> str:
    """Return a sentence saying that access policies omit a custom API group; "" for a group of Kubernetes itself.

    Kubernetes' own groups have no dot in their names, or end with .k8s.io.
    Amazon EKS User Guide, "Review access policy permissions": the policies list API groups
    (https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html).
    """
    if "." not in group or group.endswith(".k8s.io"):
        return ""
    return (
        f" {group} is not an API group of Kubernetes itself: AmazonEKSViewPolicy, AmazonEKSEditPolicy and "
        "AmazonEKSAdminPolicy do not contain it, so use the Role."
    )


# Amazon EKS User Guide, "Create access entries": the user name of a role's entry ends with the session's name
# (https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html).
_OF_A_SESSION = regex(r"arn:[\w-]+:sts::[\w*.-]{0,20}:assumed-role/(?P<role>[\w+=,.@-]+)/[\w+=,.@-]+")


# The context that update-kubeconfig adds is the cluster's ARN.
_CLUSTER = regex(r"arn:[\w-]+:eks:(?P<region>[\w-]+):\d{12}:cluster/(?P<name>[A-Za-z0-9][\w-]{0,99})")


# Amazon EKS User Guide, "Grant IAM users access to Kubernetes with a ConfigMap": a role's ARN without a path
# (https://docs.aws.amazon.com/eks/latest/userguide/auth-configmap.html).
_PATH_IN_AWS_AUTH = r"\brole_?arn[\"']?\s*[:=]\s*[\"']?arn:[\w-]+:iam::\d{12}:role/[\w+=,.@-]+/[\w+=,.@/-]+"
_AUTHORIZES = r"is forbidden: User \"[^\"\n]+\" cannot \w+ resource"
# Contexts, hosts and plug-ins of clusters that are not EKS's.
_OTHER_CLUSTERS = (
    r"\bgke_[\w-]+|\bgke-gcloud-auth-plugin\b|\.azmk8s\.io\b|\bkubelogin\b|\boc login\b|\bopenshift\b|\bminikube\b"
    r"|\bk3s\b|\bkubeadm\b|\bmicrok8s\b"
)
_NO_ADMIN = r"bootstrap_?cluster_?creator_?admin_?permissions[\"']?\s*[:=]\s*[\"']?false"


# RBAC refuses a user that the cluster has accepted: "Forbidden", where an unknown one is "Unauthorized"
# (https://kubernetes.io/docs/reference/access-authn-authz/authentication/).
_OF_RBAC = regex(r"\bUser \\?\"[^\"\n]+\"\s+cannot \w+ resource \\?\"")
_NOT_LOGGED_IN = regex(r"must be logged in to the server|asked for the client to provide credentials|Unauthorized")


_SETS_CALLER = regex(r":assumed-role/(?P<set>AWSReservedSSO_[\w+=,.@-]+_)(?P<suffix>[0-9a-f]{16})/")
_SETS_ROLE = r":role/(?:[\w.-]+/)*(?P<role>{}[0-9a-f]{{16}})(?![0-9a-f])"


def _made_anew(text: str) -> tuple[str, str] | None:
    """The role of the caller's permission set in an access entry, and the caller's own role, if they differ; else None.

    IAM Identity Center User Guide, "Referencing permission sets in resource policies, Amazon EKS cluster config maps,
    and AWS KMS key policies"
    (https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html).
    """
    caller = _SETS_CALLER.search(text)
    if caller is None:
        return None
    named = {each["role"] for each in re.finditer(_SETS_ROLE.format(re.escape(caller["set"])), text)}
    own = f"{caller['set']}{caller['suffix']}"
    return (named.pop(), own) if len(named) == 1 and own not in named else None


# Amazon EKS User Guide, "Create kubeconfig files": the profile is in the entry's own environment
# (https://docs.aws.amazon.com/eks/latest/userguide/create-kubeconfig.html).
_PROFILE_OF_KUBECTL = regex(
    r"\bget-token\b(?=[\s\S]{0,600}\bAWS_PROFILE[\"']?\s*,?\s*[\"']?value[\"']?\s*:\s*[\"']?(?P<profile>[\w.@+-]+))"
)


def _own_profile(text: str) -> FirstLook | None:
    """The cause if the kubeconfig in the text selects a profile other than the shell's; else None."""
    found = _PROFILE_OF_KUBECTL.search(text)
    shells = [
        each for each in re.findall(r"\bAWS_PROFILE=[\"']?([\w.@+-]+)", text) if found and each != found["profile"]
    ]
    if found is None or not shells:
        return None
    return FirstLook(
        f"kubectl signs in with the profile {found['profile']}: the kubeconfig's entry sets AWS_PROFILE, which "
        f"overrides the shell's {shells[-1]}. Write the entry again (aws eks update-kubeconfig --name CLUSTER "
        f"--profile {shells[-1]}), or correct its env.",
        contains(f"AWS_PROFILE={shells[-1]}", found["profile"]),
        f"{WHO_AM_I} --profile {found['profile']}",
        Who.CALLER,
    )


_CALLERS_ROLE = regex(r":assumed-role/(?P<role>[\w+=,.@-]+)/")
_ENTRIES = regex(r"\blist-access-entries\b(?P<answer>[\s\S]{0,1500})")


def _entry_shown(text: str) -> str:
    """The ARN of the caller's role in the text's output of ListAccessEntries; "" if there is none."""
    roles, listed = {each["role"] for each in _CALLERS_ROLE.finditer(text)}, _ENTRIES.search(text)
    if len(roles) != 1 or listed is None:
        return ""
    found = re.search(rf"arn:[\w-]+:iam::\d{{12}}:role/{re.escape(roles.pop())}(?![\w+=,.@/-])", listed["answer"])
    return found[0] if found else ""


_MODULE_20 = (
    r"terraform-aws-(?:modules/)?eks\b(?![\s\S]*enable_cluster_creator_admin_permissions)(?=[\s\S]*\bv?2[01]\b)"
)


def kubernetes(failure: OtherFailure) -> Iterator[FirstLook]:
    if _OF_RBAC.search(failure.text) and not _NOT_LOGGED_IN.search(failure.text):
        return
    said = quoted(
        failure.text,
        r"must be logged in to the server|does not have access to Kubernetes objects|aws-auth|"
        r"the server has asked for the client to provide credentials|\"reason\": ?\"Unauthorized\""
        r"|Error: Unauthorized|ARN is not mapped|have access to Kubernetes objects|argocd-k8s-auth failed"
        rf"|{TRANSLATED_OBJECTS}",
    )
    if said and quoted(failure.text, _OTHER_CLUSTERS):
        return  # a cluster in another cloud has no IAM roles
    path = quoted(failure.text, _PATH_IN_AWS_AUTH) if quoted(failure.text, r"\baws-auth\b|\bmapRoles\b") else ""
    if said and path:
        yield FirstLook(
            "aws-auth needs the ARN of a role without its path, but the ARN in the text has a path: write "
            "arn:aws:iam::ACCOUNT:role/NAME. An access entry needs the complete ARN.",
            contains(said, path),
            None,
            Who.RESOURCE_OWNER,
        )
        return
    if said and (answers := re.search(_AUTHORIZES, failure.text)) and failure.text.find(said) < answers.start():
        said = ""  # the cluster accepted the identity later: its authorizer refused, which is another failure
    if said and failure.detail in CLUSTER_NAMES and (other := _own_profile(failure.text)) is not None:
        yield other
        return
    if said and failure.detail in CLUSTER_NAMES and (without := quoted(failure.text, _NO_ADMIN)):
        yield FirstLook(
            "The cluster's creator got no access to it: bootstrap_cluster_creator_admin_permissions is false, and no "
            "access entry names the identity that runs this. Add an access entry with AmazonEKSClusterAdminPolicy for "
            "it, or set the option to true, which replaces the cluster.",
            contains(said, without),
            WHO_AM_I,
            Who.RESOURCE_OWNER,
        )
        return
    if said and failure.detail in CLUSTER_NAMES and (module := quoted(failure.text, _MODULE_20)):
        # https://github.com/terraform-aws-modules/terraform-aws-eks/blob/master/docs/UPGRADE-20.0.md
        yield FirstLook(
            "Since version 20 the Terraform module gives the cluster's creator no access: set "
            "enable_cluster_creator_admin_permissions = true, or add an access entry with an access policy "
            "(AmazonEKSClusterAdminPolicy) for this identity.",
            contains(module),
            WHO_AM_I,
            Who.RESOURCE_OWNER,
        )
    if said and failure.detail in CLUSTER_NAMES and (anew := _made_anew(failure.text)):
        old, new = anew
        yield FirstLook(
            f"The access entry names {old}, and the caller is {new}: most likely IAM Identity Center created a new "
            "role, because the permission set was created or assigned again. Create an access entry for the ARN of "
            f"{new}, and delete the entry for {old}.",
            contains(old, new),
            WHO_AM_I,
            Who.RESOURCE_OWNER,
        )
        return
    if said and failure.detail in CLUSTER_NAMES and (look := _of_access(failure.text)) is not None:
        yield look
        return
    if said and failure.detail in CLUSTER_NAMES and not any(each.decides for each in mistakes(failure.text)):
        cluster = _CLUSTER.search(failure.text)
        reached = " (eks:DescribeCluster worked)" if "Added new context" in failure.text else ""
        if entry := _entry_shown(failure.text):
            yield FirstLook(
                "The list in the text has an access entry for this role. First check that kubectl requests its token "
                "with this role, and not with another profile or role in the kubeconfig, or an older session. Also "
                "check that the list comes from the cluster that kubectl calls.",
                contains(said, entry),
                "kubectl config view --minify",
                Who.CALLER,
            )
            return
        yield FirstLook(
            "The cluster does not accept this role or user. If this identity is intended, it needs its own EKS "
            f"access entry, or a line in aws-auth. Permissions on eks:* are not the cause{reached}: Kubernetes "
            "decides, and IAM policies are not evaluated.",
            contains(said),
            reading(
                "eks",
                "list-access-entries",
                ("cluster-name", cluster["name"] if cluster else None),
                region=cluster["region"] if cluster else "",
            )
            or WHO_AM_I,
            Who.RESOURCE_OWNER,
            asserts=unless(StatedFact.HAS_ACCESS_ENTRY),
        )
        if quoted(failure.text, rf"have access to Kubernetes objects|{TRANSLATED_OBJECTS}"):
            return  # the console's sentence: it calls as the identity that is signed in
        yield FirstLook(
            "kubectl requests its token with different credentials than the terminal or the earlier step (another "
            "profile or role in the kubeconfig), or they have expired.",
            contains(said),
            WHO_AM_I,
            Who.CALLER,
        )
