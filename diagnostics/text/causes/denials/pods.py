"""Causes for pods that call with their node's role: what the text shows about the intended role.

Sources: EKS User Guide, "IAM roles for service accounts", "EKS Pod Identity" and "Use pod identity with the AWS SDK";
AWS SDK for Java 2.x Developer Guide, "Default credentials provider chain".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.claims.kinds import Sentence, TextPart
from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import AN_ALLOW_HELPS, WHO_AM_I, affirmed, contains, matches, says
from diagnostics.text.causes.denials import programs
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.text.causes.denials.programs import program_in
from diagnostics.text.causes.shared_causes import pods_role_unused
from diagnostics.who import Who
from iam.lazy_pattern import regex

# The digits may be masked.
_INSTANCE = regex(r"i-[0-9a-fxX*]{4,17}")
_NODE_ROLE = regex(
    r"(?:eks|kops|karpenter|k8s|kube)[\w.-]*(?:node|worker|-ng\b)|node-?(?:group|instance)|\b(?:nodes|workers)\.",
    re.IGNORECASE,
)
_KUBERNETES = (
    r"kube|\bpods?\b|service ?account|\bhelm\b|karpenter|external-dns|cert-manager|\bk8s\b"
    r"|\"controller(?:Kind|Group)?\"\s*:"
)
# What kubelet, the network plugin and the node itself do: that is the node's role by design.
_NODES_OWN = regex(
    r"ecr:|ec2:(?:describe|attachnetwork|createnetwork|assignprivate)|ec2messages:|ssmmessages:|eks:describe"
)
# The node's role was intended: the text says so, or shows no other role.
_NODE_MEANT = (
    r"(?:\b(?:supposed|meant|intended|want (?:it|them|the pods?)) to\b|\bshould\b)[^.\n]{0,40}"
    r"\b(?:node|instance|worker)(?:'s|s')?"
    r" (?:instance )?(?:role|profile)\b"
)
_NO_OTHER_WAY = (
    r"\b(?:without|(?<!has )no|(?:don't|do not|not) (?:use|have|using)) (?:IRSA|pod identity)\b(?! (?:annotation|role))"
)
# Amazon EKS User Guide, "Set up the Amazon EKS Pod Identity Agent"
# (https://docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-setup.html).
_AGENTS_CALL = "eks-auth:assumeroleforpodidentity"


def _node_meant(signs: Signs) -> bool:
    return bool(affirmed(signs.denial.text, _NODE_MEANT)) or signs.says(_NO_OTHER_WAY)


def _of_a_node(signs: Signs) -> bool:
    """Whether the caller is an instance's session, and its role or the text refers to Kubernetes."""
    if not _INSTANCE.fullmatch(signs.session):
        return False
    spoken = _NO_CLUSTER.sub(" ", _NAMES.sub(" ", signs.denial.text))
    return _NODE_ROLE.search(signs.role) is not None or matches(spoken, _KUBERNETES)


_NO_CLUSTER = regex(
    r"\b(?:no|not|without|isn't|is not)(?: (?:in|on|a|an|any))* (?:kubernetes|k8s|eks|pods?|helm)\b", re.IGNORECASE
)
_NAMES = regex(r"\b(?:arn:|assumed-role/)\S+")


def _because(signs: Signs) -> Sentence:
    said = f"the caller is the role {signs.role}, and its session is the instance {signs.session}"
    return says(said, TextPart.PRINCIPAL, signs.role, signs.session)


def other_role_meant(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the node's role made the call of a pod whose own role the text shows.

    To grant the node's role the permissions would hide the mistake.
    """
    if signs.action == _AGENTS_CALL or signs.layer not in ("", "identity") or signs.alone or not _of_a_node(signs):
        return
    if signs.action == "sts:assumerole" and not _has_another_role(signs):
        return  # a proxy of the metadata service (`kube2iam`), or a role that the node is meant to assume
    from diagnostics.text.causes.denials.role_of_pod import why_unused  # few denials are of a node's role

    yield from why_unused(signs, _because(signs), node_meant=_node_meant(signs))


def _has_another_role(signs: Signs) -> bool:
    """Whether the text annotates a service account with a role other than the one that is to be assumed."""
    from diagnostics.text.answer.other_identity_than_meant import annotated_roles  # few denials are of a node's role

    return not signs.says(_PROXY) and bool(annotated_roles(signs.denial.text) - {signs.target_role})


def own_role_unused(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the text shows that a pod's own role is not used, but names no caller."""
    if signs.denial.principal or signs.denial.stated_reason or signs.action == "sts:tagsession":
        return  # only a session with tags, such as one of Pod Identity, passes tags on: the pod's role is used
    if (look := pods_role_unused(signs.denial.text)) is not None:
        yield look
    elif signs.service in ("", "s3") and (look := _old_library(signs)) is not None:
        yield look
        yield from programs.of_program(signs) if signs.action else programs.of_no_action(signs)


_BY_POD_IDENTITY = r"\bAWS_CONTAINER_CREDENTIALS_FULL_URI\b\W[^\n]*(?:\n[^\n]{0,40})?169\.254\.170\.23|\bfd00:ec2::23\b"


def _old_library(signs: Signs) -> FirstLook | None:
    """Return the cause if a program with EKS Pod Identity's variables gets a denial of S3 without a caller.

    EKS User Guide, "Use pod identity with the AWS SDK"
    (https://docs.aws.amazon.com/eks/latest/userguide/pod-id-minimum-sdk.html).
    """
    said = signs.quote(_BY_POD_IDENTITY)
    if not said or signs.granted or signs.says(r"get-caller-identity[\s\S]{0,300}assumed-role/"):
        return None
    return FirstLook(
        "The pod has EKS Pod Identity's variables, but the denial does not say that the program uses them: an older "
        "SDK or S3 library ignores them, and the call is made with the node's role. Update the program (or use IRSA "
        "until then). CloudTrail, or the node's role in a denial that names a caller, shows with which role the call "
        "was made.",
        contains(said),
        WHO_AM_I,
        Who.CALLER,
    )


_ROLE_OF_POD = r"eks\.amazonaws\.com/role-arn\b|\bIRSA\b|\bpod[ _-]?identity\b"
_KEYS_SET = (
    r"^[ \t]*(?:access_?key(?:_?id)?|aws_?access_?key_?id|s3_?access_?key)[\"']?[ \t]*:[ \t]*"
    r"(?![ \t]*(?:null|~|\"\"|''|#|$|&\w*$))[\"']?[^\s\"'][^\n]{0,60}"
)


def keys_in_settings(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if a program's settings contain keys although its pod has a role of its own.

    Grafana Mimir, Loki, Thanos and others use the keys of their configuration first
    (https://grafana.com/docs/mimir/latest/configure/configuration-parameters/,
    https://thanos.io/tip/thanos/storage.md/).
    """
    if signs.denial.principal or signs.denial.stated_reason or signs.alone:
        return
    keys, role = signs.quote(f"(?m){_KEYS_SET}"), signs.quote(_ROLE_OF_POD)
    if keys and role:
        yield FirstLook(
            "The program's configuration has access keys, which it uses first: the pod's own role is not used. Remove "
            "access_key_id and secret_access_key from the configuration (also the empty or unset ones) and restart the "
            "pods, or give the keys' user the permissions.",
            contains(keys.split(":")[0].strip(), role),
            WHO_AM_I,
            Who.CALLER,
        )


_S3A = r"\bfs[./]s3a\b|\bS3AUtils\b|\bS3AFileSystem\b|\bAccessDeniedException: s3a://"
_S3A_PROVIDER = r"(?<!no )(?<!without )\bfs\.s3a\.aws\.credentials\.provider[ \t]*[=: \t][ \t]*[\w.]+"
_OF_A_POD = r"AWS_WEB_IDENTITY_TOKEN_FILE|\bIRSA\b|eks\.amazonaws\.com/role-arn"


def s3a(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause for S3A in a pod with its own role: S3A uses its own list of credential providers.

    Apache Hadoop, "Connecting to an Amazon S3 Bucket": the default list ends with the instance's role
    (https://hadoop.apache.org/docs/stable/hadoop-aws/tools/hadoop-aws/connecting.html).
    """
    if signs.denial.principal or not signs.says(_S3A) or signs.says(_S3A_PROVIDER):
        return
    if not (said := signs.quote(_OF_A_POD)):
        return
    yield FirstLook(
        "Most likely S3A does not use the pod's role but the node's role, because its own list of credential providers "
        "does not include web identity. Set fs.s3a.aws.credentials.provider (in Spark with spark.hadoop. before it) to "
        "software.amazon.awssdk.auth.credentials.WebIdentityTokenFileCredentialsProvider, with the SDK for Java 1 to "
        "com.amazonaws.auth.WebIdentityTokenCredentialsProvider.",
        contains(said),
        None,
        Who.CALLER,
    )
    yield FirstLook(
        "If S3A does use the pod's role, that role lacks s3:GetObject on the object or s3:ListBucket on the bucket.",
        contains(said),
        signs.caller_read,
        Who.ACCOUNT_ADMIN,
        asserts=AN_ALLOW_HELPS,
    )


_PROXY = r"\bkube2iam\b|\bkiam\b|\biam\.amazonaws\.com/role\b"
# The real metadata service assumes no role: only a proxy in its place answers with STS's refusal.
_PROXY_ANSWERS = r"EC2(?:Metadata|RoleRequest)Error\b[\s\S]{0,160}?\bAccessDenied: User:"
_ANNOTATED = r"eks\.amazonaws\.com/role-arn|\bIRSA\b"


def kube2iam(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if a proxy of the metadata service (kube2iam, kiam) assumes a pod's role with the node's role.

    The README of kube2iam, "IAM roles" (https://github.com/jtblin/kube2iam).
    """
    if not _by_an_instance(signs) or signs.action != "sts:assumerole":
        return
    if not signs.says(_PROXY) and (said := signs.quote(_PROXY_ANSWERS)):
        if irsa := signs.quote(_ANNOTATED):
            yield FirstLook(
                "The pod asked the metadata service, which a pod with IRSA does not do, so the "
                "service account's role has not taken effect in the pod: restart the pod, and "
                "check that it then has AWS_WEB_IDENTITY_TOKEN_FILE.",
                contains(irsa, said),
                None,
                Who.CALLER,
            )
        yield FirstLook(
            "The answer came from a proxy in place of the metadata service (kube2iam or kiam), which assumes the "
            "pod's role with the node's role. EC2's own metadata service never does this. If the proxy is meant, the "
            "role's trust policy must name the node's role. Otherwise remove the proxy, or the pod's annotation "
            "iam.amazonaws.com/role.",
            contains(said),
            signs.trust_read,
            Who.RESOURCE_OWNER,
            ruled_out_by=("trust",),
        )
        return
    if signs.says(_PROXY):
        yield FirstLook(
            "A node requests a pod's role: kube2iam and kiam need a trust policy that names the node's role. With IRSA "
            "or Pod Identity, the node would not request the pod's role.",
            _because(signs),
            signs.trust_read,
            Who.RESOURCE_OWNER,
            ruled_out_by=("trust",),
        )


def node_in_place_of_pod(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the node's role made the call, whether a pod or the node itself was to make it."""
    if not _by_an_instance(signs) or signs.action in ("sts:assumerole", _AGENTS_CALL):
        return  # `services.assume_role` has the causes on both sides; the Pod Identity Agent calls with the node's role
    program = program_in(signs.denial.text, signs.action)
    own = _NODES_OWN.match(signs.action) and (program is None or "service account" not in program[0].identity)
    if _of_a_node(signs) and not own and not _node_meant(signs):
        yield FirstLook(
            "The call came with the node's role. If the caller is a pod that should have its own role, that role has "
            "not taken effect: the service account has no annotation or Pod Identity association, the pod is older "
            "than that setting, or its SDK is too old. Every pod of the node can use the permissions of the node's "
            "role.",
            _because(signs),
            WHO_AM_I,
            Who.CALLER,
            ruled_out_by=("identity",),
        )


def _by_an_instance(signs: Signs) -> bool:
    return bool(_INSTANCE.fullmatch(signs.session)) and signs.layer in ("", "identity")
