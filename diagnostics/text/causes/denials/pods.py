"""Causes for pods that call with their node's role: what the text shows about the intended role.

Sources: EKS User Guide, "IAM roles for service accounts", "EKS Pod Identity" and "Use pod identity with the AWS SDK";
AWS SDK for Java 2.x Developer Guide, "Default credentials provider chain".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from diagnostics.claims.kinds import Sentence, TextPart
from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.denials import tokens
from diagnostics.text.causes.denials.programs import program_in
from diagnostics.text.causes.denials.signs import Signs
from diagnostics.text.causes.look import AN_ALLOW_HELPS, WHO_AM_I, affirmed, contains, matches, says
from diagnostics.text.causes.shared_causes import pods_role_unused
from diagnostics.text.read.identities.pod_ages import older_pod
from diagnostics.text.read.identities.pod_associations import other_association
from diagnostics.text.read.identities.pods_without_role import Unbound, unbound_pod
from diagnostics.text.read.identities.service_accounts import service_accounts
from diagnostics.text.read.messages.beside_message import identity_answered
from diagnostics.who import Who
from iam.arn import identity_of
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
_ANNOTATED = (
    r"eks\.amazonaws\.com/role-arn[\"']?\s*[:=]\s*[\"']?(?:arn:|\$|\{|module\.|aws_)|\bannotated\b"
    r"|\bIRSA\b[^.\n]{0,40}\b(?:set up|configured|works?|in place|enabled)\b|\bwith IRSA\b"
    r"|\b(?:have|has|created|using|uses|gave) (?:it )?(?:an? |the |its )?(?:own )?IRSA role\b"
)
_ASSOCIATED = (
    r"pod[_ -]?identity[_ -]?associations?|eks-pod-identity/aws|\bpods\.eks\.amazonaws\.com\b"
    r"|\bpod identity\b[^.\n]{0,40}\b(?:set up|configured|works?|in place|exists?)\b"
)
_TOKEN_GIVEN = r"\bAWS_WEB_IDENTITY_TOKEN_FILE\s*[=:]\s*/|\bAWS_CONTAINER_AUTHORIZATION_TOKEN_FILE\s*[=:]\s*/"
_CLI_HAS_IT = (
    r"get-caller-identity`?[^.\n]{0,60}\b(?:shows?|gives?|returns?|prints?|is|->)[^.\n]{0,40}"
    r"\b(?:IRSA|right|correct|expected|service account|pod'?s?)\b"
)
# The node's role was intended: the text says so, or shows no other role.
_NODE_MEANT = (
    r"\b(?:supposed|meant|intended|want (?:it|them|the pods?)) to\b[^.\n]{0,40}\b(?:node|instance|worker)(?:'s|s')?"
    r" (?:instance )?(?:role|profile)\b"
)
_NO_OTHER_WAY = r"\b(?:without|(?:don't|do not|not) (?:use|have|using)) (?:IRSA|pod identity)\b(?! (?:annotation|role))"
_ADD_ON = r"(?<![a-z])add-?ons?\b"
# The exception of version 2 has this end; version 1 has semicolons.
_JAVA_2 = (
    r"software\.amazon\.awssdk|SDK for Java (?:v|version )?2|aws-sdk-java/2|\(Service: \w[\w ]*, Status Code: \d{3}"
)
_LACKS_STS = r"[^\n]{0,20}\bsts\b[^\n]{0,20}must be on the class ?path"
_HAS_STS = r"software\.amazon\.awssdk:sts\b|<artifactId>sts<|\bsts-2\.\d+"


# Amazon EKS User Guide, "Set up the Amazon EKS Pod Identity Agent"
# (https://docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-setup.html).
_AGENTS_CALL = "eks-auth:assumeroleforpodidentity"


@dataclass(frozen=True, slots=True)
class _Meant:
    """What the text shows about the role that the pod was to use: the words for each fact, "" if not shown.

    ``proven``: a command in the pod got that role, so the annotation, the trust policy and the token are right.
    """

    annotated: str
    associated: str
    proven: str
    trusted: bool

    @property
    def words(self) -> str:
        return self.proven or self.annotated or self.associated


def _meant(signs: Signs) -> _Meant:
    text = signs.denial.text
    answered = identity_answered(text) or ""
    other = answered and identity_of(answered)[2] != signs.role
    unbound = unbound_pod(signs.denial.pasted or text)
    return _Meant(
        affirmed(text, _ANNOTATED) or affirmed(text, _TOKEN_GIVEN),
        "" if unbound else affirmed(text, _ASSOCIATED),
        affirmed(text, _CLI_HAS_IT) or (answered if other else ""),
        bool(tokens.trusted_accounts(text)),
    )


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
    if signs.action in ("sts:assumerole", _AGENTS_CALL) or signs.layer not in ("", "identity"):
        return
    if not _of_a_node(signs):
        return
    meant, text = _meant(signs), signs.denial.text
    if not meant.proven and (unbound := unbound_pod(signs.denial.pasted or text)) is not None:
        yield _unbound(unbound, signs)
        return
    if not (meant.words or meant.trusted) or _node_meant(signs):
        return
    because = _because(signs)
    if said := signs.quote(_LACKS_STS):
        module = "com.amazonaws:aws-java-sdk-sts" if "aws-java-sdk" in said else "software.amazon.awssdk:sts"
        yield FirstLook(
            f"The program's AWS SDK for Java lacks its module {module}. So it skips the service "
            "account's role and uses the node's: add the module, in the same version as the SDK's other modules. The "
            "node's role needs no permission for this.",
            contains(said),
            None,
            Who.CALLER,
        )
        return
    yield from tokens.of_service_account(signs)
    if meant.words and not meant.associated and not signs.says(_HAS_STS) and (java := signs.quote(_JAVA_2)):
        yield FirstLook(
            "The AWS SDK for Java 2.x silently skips the service account's token if the program lacks the module "
            "software.amazon.awssdk:sts, and uses the node's role. Check that the build contains it, in the SDK's "
            "version.",
            contains(java, meant.words),
            None,
            Who.CALLER,
        )
    if meant.associated and not meant.proven and (add_on := signs.quote(_ADD_ON)):
        yield FirstLook(
            "Most likely the add-on's pods started before their Pod Identity association, and so use the node's role: "
            "an association applies to pods that start after it. Create the association together with the add-on (its "
            "pod_identity_association), or before the add-on; then restart the pods.",
            contains(meant.associated, add_on),
            _associations(text),
            Who.CALLER,
        )
    shown, associated = service_accounts(text), other_association(text)
    if associated is not None:
        reasons = [f"{associated.associated} has the association, and the pod runs with {associated.of_pod}"]
    elif shown.differ:
        reasons = [f"the pod runs with the service account {shown.of_pod}, and {shown.annotated} has the role"]
    elif (older := older_pod(text)) is not None and not meant.proven:
        reasons = [f"{older.reason} its role (restart it: kubectl rollout restart)"]
    else:
        reasons = _reasons(meant)
    heading = "The reason" if len(reasons) == 1 else "Possible reasons"
    yield FirstLook(
        f"The pod uses its node's role instead of its own. {heading}: {'; '.join(reasons)}. Do not grant the "
        "action to the node's role: every pod of the node could use it.",
        because,
        None if meant.proven else _associations(text) or WHO_AM_I,
        Who.CALLER,
        ruled_out_by=("identity",),
    )


def _unbound(unbound: Unbound, signs: Signs) -> FirstLook:
    likely = "" if unbound.certain else "most likely "
    return FirstLook(
        f"The pod {likely}uses its node's role because {unbound.why}. {unbound.remedy} Do not grant the action to the "
        "node's role: every pod of the node could use it.",
        _because(signs),
        None if unbound.certain else WHO_AM_I,
        Who.CALLER,
        ruled_out_by=("identity",),
    )


def _reasons(meant: _Meant) -> list[str]:
    """Return the possible reasons why the pod's role is not used, except those that the text rules out."""
    if meant.proven:
        return [
            "the program's SDK is too old or lacks a module, because the AWS CLI in the pod gets the right role",
            "or the program is configured to use other credentials",
        ]
    open_ = [] if meant.annotated or meant.associated else ["its service account names no role"]
    return [
        *open_,
        "the pod uses another service account, or started before the role was set (restart it)",
        "or the program's SDK is too old for it, lacks a module, or uses other credentials first",
    ]


def _associations(text: str) -> str | None:
    found = re.search(r"\bcluster[_-]name[\"']?\s*[:=]\s*[\"']([A-Za-z0-9][\w-]{0,99})[\"']", text)
    return f"aws eks list-pod-identity-associations --cluster-name {found[1]}" if found else None


def own_role_unused(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the text shows that a pod's own role is not used, but names no caller."""
    if signs.denial.principal or signs.denial.stated_reason or signs.action == "sts:tagsession":
        return  # only a session with tags, such as one of Pod Identity, passes tags on: the pod's role is used
    if (look := pods_role_unused(signs.denial.text)) is not None:
        yield look


_S3A = r"\bfs[./]s3a\b|\bS3AUtils\b|\bS3AFileSystem\b"
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


def kube2iam(signs: Signs) -> Iterator[FirstLook]:
    if not _by_an_instance(signs) or signs.action != "sts:assumerole":
        return
    if signs.says(r"\bkube2iam\b|\bkiam\b|\biam\.amazonaws\.com/role\b"):
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
            "than that setting, or its SDK is too old. Every pod of the node can use what the node's role is granted.",
            _because(signs),
            WHO_AM_I,
            Who.CALLER,
            ruled_out_by=("identity",),
        )


def _by_an_instance(signs: Signs) -> bool:
    return bool(_INSTANCE.fullmatch(signs.session)) and signs.layer in ("", "identity")
