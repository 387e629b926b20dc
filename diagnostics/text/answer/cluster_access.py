"""The cause of an EKS cluster's refusal, if the text shows the access entries, or the policies of an entry.

Amazon EKS User Guide, "Associate access policies with access entries" and "Review access policy permissions"
(https://docs.aws.amazon.com/eks/latest/userguide/access-policies.html,
https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html).
"""

from __future__ import annotations

from dataclasses import dataclass

from diagnostics.fix import Fix, ShellCommand
from diagnostics.text.read.command_outputs import identity_answered
from diagnostics.text.read.identities.cluster_access import ClusterAccess, cluster_access
from diagnostics.text.read.identities.cluster_groups import other_group
from diagnostics.who import Who
from iam.arn import identity_of
from iam.lazy_pattern import regex
from iam.ownership import permission_set_of
from iam.words import joined

CLUSTER_NAMES = ("Kubernetes", "the Kubernetes cluster")
RBAC = regex(
    r"User \\?\"(?P<who>[^\"\\]{1,200})\\?\" cannot (?P<verb>\w+) resource \\?\"(?P<what>[^\"\\]{1,100})\\?\""
    r" in API group \\?\"(?P<group>[^\"\\]*)\\?\""
    r"(?: in the namespace \\?\"(?P<space>[^\"\\]{1,100})\\?\")?"
)
_NOT_LOGGED_IN = regex(r"must be logged in to the server|asked for the client to provide credentials|Unauthorized")
_READS = frozenset(("get", "list", "watch"))
_OF_NODES = regex(r"node|worker|karpenter|autoscal|fargate|AWSServiceRole|\bng\b")
_ARN_OF_POLICIES = "arn:aws:eks::aws:cluster-access-policy/"


@dataclass(frozen=True, slots=True)
class AccessCause:
    """A cause, the words of the text that show it, and who can change it."""

    cause: str
    words: str
    who: Who = Who.RESOURCE_OWNER


def access_cause(text: str) -> AccessCause | None:
    """Return the cause if the text shows the caller's access policies or the cluster's access entries; else None."""
    refused = RBAC.search(text)
    if refused is not None and (other := other_group(text)) is not None:
        entry, bound = other
        return AccessCause(
            f"The cluster accepts the caller, whose access entry has the group {entry}, and the binding in the text "
            f"is for the group {bound}: write {entry} in the binding's subjects, or {bound} in the entry. IAM "
            f"permissions are not "
            "the cause.",
            entry,
        )
    if refused is not None:
        return _of_policies(text, refused["who"], refused["verb"], refused["what"], refused["space"] or "")
    return _of_entries(text) if _NOT_LOGGED_IN.search(text) else None


def access_fix(text: str) -> Fix | None:
    """Return the command that gives the caller access, if `access_cause` returns a cause; else None."""
    if (found := access_cause(text)) is None:
        return None
    access, refused = cluster_access(_TOKEN_ROLE.sub("get-token", text)), RBAC.search(text)
    cluster = access.cluster or "CLUSTER"
    if refused is None:
        caller = _caller_of_kubectl(text) or ""
        if caller in access.entries:
            return None
        if (role := _role_of_token(text)) and identity_of(role) not in map(identity_of, access.entries):
            return Fix(
                "Let kubectl sign in with an identity that has an access entry",
                found.who,
                ShellCommand(
                    "the kubeconfig",
                    f"aws eks update-kubeconfig --name {cluster}  # without --role-arn, as the caller in the text\n"
                    f"aws eks create-access-entry --cluster-name {cluster} --principal-arn {role}  # or, if that role "
                    "is meant; then associate-access-policy",
                ),
            )
        _, kind, name = identity_of(caller)
        roles = _of_people(access)
        use = roles[0] if len(roles) == 1 else "ROLE_ARN"
        signs_in = permission_set_of(identity_of(use)[2])
        how = f"--role-arn {use}  # if the caller may assume it"
        how = f"--profile PROFILE  # one with the permission set {signs_in}" if signs_in else how
        return Fix(
            f"Use an identity that has an access entry, or create one for the {kind} {name}",
            found.who,
            ShellCommand(
                "the cluster's access entries",
                f"aws eks update-kubeconfig --name {cluster} {how}\n"
                f"aws eks create-access-entry --cluster-name {cluster} --principal-arn {_principal(access, caller)}  "
                "# else; then associate-access-policy",
            ),
        )
    if (other := other_group(text)) is not None:
        return Fix(
            f"Use one name of the group: {other[0]} or {other[1]}",
            found.who,
            ShellCommand(
                "the access entry, or the binding's subjects",
                f"aws eks update-access-entry --cluster-name {cluster} --principal-arn "
                f"{_principal(access, refused['who'])} --kubernetes-groups {other[1]}  # or correct the binding",
            ),
        )
    space = refused["space"] or ""
    wanted = f"type=namespace,namespaces={','.join((*access.namespaces, space))}" if space else "type=cluster"
    return Fix(
        "Give the caller's access entry an access policy that covers the call",
        found.who,
        ShellCommand(
            "the access entry",
            f"aws eks associate-access-policy --cluster-name {cluster} --principal-arn "
            f"{_principal(access, refused['who'])} --policy-arn "
            f"{_ARN_OF_POLICIES}{_policy(access, refused['verb'], refused['what'], space)} --access-scope {wanted}",
        ),
    )


def _of_policies(text: str, who: str, verb: str, what: str, space: str) -> AccessCause | None:
    account, _, name = identity_of(who)
    access = cluster_access(text)
    if not account or (access.entry and identity_of(access.entry)[2] != name):
        return None
    where = f"the namespace {space}" if space else "the entire cluster"
    if access.no_policies and not access.policies:
        cause = (
            f"The cluster accepts {name}, but the identity's access entry has no access policy: the list in the text "
            f"is empty. If {name} should have this access, associate a policy whose scope covers {where}. Or add to "
            "the access entry a group that a Kubernetes role binding names. IAM permissions for eks:* actions give no "
            "access to Kubernetes objects."
        )
        said = "associatedAccessPolicies"
    elif access.policies and not access.covers(space):
        spaces = "namespace" if len(access.namespaces) == 1 else "namespaces"
        wider = f"associate the policy again with a scope that covers {where}, or bind a Role there"
        if access.leaves_out(what):
            wider = f"a wider scope does not suffice: {_without(access, verb, what)}"
        cause = (
            f"The access entry of {name} has {joined(access.policies)} only in the {spaces} "
            f"{joined(access.namespaces)}, but this call is for {where}. If {name} should have this access, "
            f"{wider}. Sign-in works, and IAM permissions are not the cause."
        )
        said = access.policies[0]
    elif access.policies and access.leaves_out(what):
        cause = (
            f"The access entry of {name} lacks access to {what}: {_without(access, verb, what)}. Sign-in works, and "
            "IAM permissions are not the cause."
        )
        said = access.policies[0]
    elif access.only_reads and verb not in _READS:
        cause = (
            f"The access entry of {name} has {joined(access.policies)}, which only allows reading, but the call is "
            f"{verb}. Associate a policy that allows the call (AmazonEKSEditPolicy, with the same scope), or bind "
            "a Role. IAM permissions are not the cause."
        )
        said = access.policies[0]
    else:
        return None
    return AccessCause(cause, said)


def _without(access: ClusterAccess, verb: str, what: str) -> str:
    """Return what the entry's policies leave out, and which policy includes it."""
    more = "AmazonEKSAdminViewPolicy also shows Secrets" if verb in _READS else "AmazonEKSClusterAdminPolicy allows all"
    return f"{joined(access.policies)} does not include {what} in any scope. {more}; a ClusterRole can be narrower"


def _policy(access: ClusterAccess, verb: str, what: str, space: str) -> str:
    """Return the access policy to associate: the entry's own if it allows the verb, else the narrowest that does."""
    if access.policies and access.leaves_out(what):
        return "AmazonEKSAdminViewPolicy" if verb in _READS else "AmazonEKSClusterAdminPolicy"
    if access.policies and (verb in _READS or not access.only_reads):
        return access.policies[0]
    if verb not in _READS:
        return "AmazonEKSEditPolicy" if space else "AmazonEKSClusterAdminPolicy"
    return "AmazonEKSViewPolicy" if space and what != "secrets" else "AmazonEKSAdminViewPolicy"


def _principal(access: ClusterAccess, caller: str) -> str:
    """Return the ARN of the caller in an access entry: the ARN in the text, or the role's ARN without a path."""
    account, kind, name = identity_of(caller)
    if access.entry and identity_of(access.entry)[2] == name:
        return access.entry
    if not account or name.startswith("AWSReservedSSO_"):
        return "ROLE_ARN"
    return caller if kind == "user" else f"arn:{caller.split(':')[1]}:iam::{account}:role/{name}"


def _of_people(access: ClusterAccess) -> list[str]:
    return [each for each in access.entries if not _OF_NODES.search(each)]


_KUBECTLS = regex(
    r"\b(?:kubeconfig|kubectl)\b[^\n.]{0,40}\b(?:uses?|using|runs? as|am|as|with)\b[^\n.:]{0,20}"
    r"(?P<arn>arn:[\w-]+:(?:iam|sts)::\d{12}:(?:role|user|assumed-role)/[\w+=,.@/-]*[\w+=@-])"
)


def _caller_of_kubectl(text: str) -> str | None:
    """Return the identity that a command printed, or with which kubectl calls according to the author; else None."""
    said = {each["arn"] for each in _KUBECTLS.finditer(text)}
    return identity_answered(text) or (said.pop() if len(said) == 1 else None)


# AWS CLI Command Reference, "eks get-token": --role-arn is the role to assume for the token
# (https://docs.aws.amazon.com/cli/latest/reference/eks/get-token.html).
_TOKEN_ROLE = regex(
    r"\b(?:get-token|aws-iam-authenticator)\b[^{}]{0,400}?(?<![\w-])(?:--role(?:-arn)?|-r)[\"']?(?:,?\s+(?:-\s+)?|=)[\"']?"
    r"(?P<arn>arn:[\w-]+:iam::\d{12}:role/[\w+=,.@/-]*[\w+=@-])"
)


def _role_of_token(text: str) -> str:
    """Return the role that the kubeconfig's command assumes for its token; "" if it names none, or several."""
    named = {each["arn"] for each in _TOKEN_ROLE.finditer(text)}
    return named.pop() if len(named) == 1 else ""


def _of_entries(text: str) -> AccessCause | None:
    access, caller = cluster_access(_TOKEN_ROLE.sub("get-token", text)), _caller_of_kubectl(text)
    role = _role_of_token(text)
    if access.entries and role and identity_of(role) not in map(identity_of, access.entries):
        name = identity_of(role)[2]
        others = joined([identity_of(each)[2] for each in access.entries[:6]])
        return AccessCause(
            f"kubectl signs in as the role {name}, which the kubeconfig's get-token assumes (--role), and the cluster "
            f"has no access entry for it: its entries are for {others}. Write the kubeconfig again without that role, "
            f"or create an access entry for {name}.",
            role,
            Who.CALLER,
        )
    if caller is not None and not access.entries and access.mode == "API":
        _, kind, name = identity_of(caller)
        return AccessCause(
            "The cluster does not read aws-auth: its authentication mode is API, so only access entries grant access. "
            f"Most likely the {kind} {name} has no access entry: check with aws eks list-access-entries, create an "
            "entry for the role's ARN, and associate an access policy. Permissions on eks:* are not the cause.",
            caller,
        )
    if not access.entries or caller is None:
        return None
    known = {identity_of(each) for each in access.entries}
    _, kind, name = identity_of(caller)
    if identity_of(caller) in known:
        return AccessCause(
            f"The {kind} {name} has an access entry. Most likely kubectl uses other credentials (another profile "
            "or role in the kubeconfig), or calls another cluster. Compare this identity with the identity that "
            "the command in the kubeconfig uses.",
            caller,
            Who.CALLER,
        )
    names = joined([identity_of(each)[2] for each in access.entries[:6]])
    # Amazon EKS API Reference, "CreateAccessConfigRequest"
    # (https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAccessConfigRequest.html).
    without = ""
    if access.mode == "API":
        without = " aws-auth is not read: the cluster's authentication mode is API."
    elif access.has_config_map:
        without = " A line in aws-auth has no effect if the cluster's authentication mode is API."
    maybe = "" if without else " (nor, as far as the text shows, a line in aws-auth)"
    roles = [identity_of(each)[2] for each in _of_people(access)]
    use = f"Use the role {roles[0]}, if the caller is allowed to assume it" if len(roles) == 1 else "Use one of these"
    if len(roles) == 1 and (signs_in := permission_set_of(roles[0])):
        use = f"Sign in with the permission set {signs_in}, if it is assigned to the caller"
    return AccessCause(
        f"The caller is the {kind} {name}, but the cluster has no access entry for this {kind}{maybe}: the entries "
        f"are for {names}.{without} {use}, or create an entry for {name} and associate an access policy. "
        "Permissions on eks:* are not the cause.",
        caller,
    )
