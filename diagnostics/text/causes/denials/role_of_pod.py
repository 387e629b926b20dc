"""Why a pod uses its node's role although the text shows a role of its own.

Sources: EKS User Guide, "IAM roles for service accounts", "EKS Pod Identity" and "Use pod identity with the AWS SDK";
AWS SDK for Java 2.x Developer Guide, "Default credentials provider chain".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from diagnostics.claims.kinds import Sentence
from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import WHO_AM_I, affirmed, contains
from diagnostics.text.causes.denials import issuers_and_subjects
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.text.read.author.contrasts import version_that_works
from diagnostics.text.read.identities.pod_ages import older_pod
from diagnostics.text.read.identities.pod_associations import other_association
from diagnostics.text.read.identities.pods_without_role import Unbound, unbound_pod
from diagnostics.text.read.identities.service_accounts import account_of_the_log, service_accounts
from diagnostics.text.read.messages.additions_to_message import identity_answered
from diagnostics.who import Who
from iam.arn import identity_of
from iam.facts.sdk_versions import POD_IDENTITY, too_old_for_pod_identity

_ANNOTATED = (
    r"eks\.amazonaws\.com/role-arn[\"']?\s*[:=]\s*[\"']?(?:arn:|\$|\{|module\.|aws_)|\bannotated\b"
    r"|\bIRSA\b[^.\n]{0,40}\b(?:set up|configured|works?|in place|enabled)\b|\bwith IRSA\b"
    r"|\b(?:have|has|created|using|uses|gave) (?:it )?(?:an? |the |its )?(?:own )?IRSA role\b"
)
_ASSOCIATED = (
    r"pod[_ -]?identity[_ -]?associations?|eks-pod-identity/aws|\bpods\.eks\.amazonaws\.com\b"
    r"|\bpod identity\b[^.\n]{0,40}\b(?:set up|configured|works?|in place|exists?)\b"
    r"|\bpod identity\b[^\n]{0,160}?\bassociation\b[^.\n]{0,20}\b(?:exists?|is (?:there|in place|created|ACTIVE))\b"
)
_TOKEN_GIVEN = r"\bAWS_WEB_IDENTITY_TOKEN_FILE\s*[=:]\s*/|\bAWS_CONTAINER_AUTHORIZATION_TOKEN_FILE\s*[=:]\s*/"
_CLI_HAS_IT = (
    r"get-caller-identity`?[^.\n]{0,60}\b(?:shows?|gives?|returns?|prints?|is|->)[^.\n]{0,40}"
    r"\b(?:IRSA|right|correct|expected|service account|pod'?s?)\b"
)
_ADD_ON = r"(?<![a-z])add-?ons?\b"
# The exception of version 2 has this end; version 1 has semicolons.
_JAVA_2 = (
    r"software\.amazon\.awssdk|SDK for Java (?:v|version )?2|aws-sdk-java/2|\(Service: \w[\w ]*, Status Code: \d{3}"
)
_LACKS_STS = r"[^\n]{0,20}\bsts\b[^\n]{0,20}must be on the class ?path"
_HAS_STS = r"software\.amazon\.awssdk:sts\b|<artifactId>sts<|\bsts-2\.\d+"


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
        bool(issuers_and_subjects.trusted_accounts(text)),
    )


def why_unused(signs: Signs, because: Sentence, *, node_meant: bool) -> Iterator[FirstLook]:
    """Yield why the pod does not use its own role, for a call that its node's role made.

    ``because`` is the sentence on the caller. ``node_meant``: the text says that the node's role was intended.
    """
    meant, text = _meant(signs), signs.denial.text
    if not meant.proven and (unbound := unbound_pod(signs.denial.pasted or text)) is not None:
        yield _unbound(unbound, because)
        return
    if not (meant.words or meant.trusted) or node_meant:
        return
    if said := signs.quote(_LACKS_STS):
        module = "com.amazonaws:aws-java-sdk-sts" if "aws-java-sdk" in said else "software.amazon.awssdk:sts"
        yield FirstLook(
            f"The program's AWS SDK for Java lacks its module {module}. So it skips the service account's role and "
            "uses the node's role: add the module, in the same version as the SDK's other modules. The node's role "
            "needs no permission for this.",
            contains(said),
            None,
            Who.CALLER,
        )
        return
    yield from issuers_and_subjects.of_service_account(signs)
    if meant.words and not meant.associated and not signs.says(_HAS_STS) and (java := signs.quote(_JAVA_2)):
        yield FirstLook(
            "The AWS SDK for Java 2.x silently skips the service account's token if the program lacks the module "
            "software.amazon.awssdk:sts, and uses the node's role. Check that the build contains this module, in the "
            "SDK's version.",
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
    if meant.associated and not meant.proven and (old := too_old_for_pod_identity(text)):
        yield FirstLook(
            f"Update the program's AWS SDK: {old} is too old for EKS Pod Identity, so the program uses the node's "
            "role. With the old SDK, give the service account its role with IRSA. The node's role needs no permission.",
            contains(old.partition(" (")[0], meant.associated),
            None,
            Who.CALLER,
        )
        return
    shown, associated = service_accounts(text), other_association(text)
    if associated is not None:
        reasons = [f"{associated.associated} has the association, and the pod runs with {associated.of_pod}"]
    elif shown.differ:
        reasons = [f"the pod runs with the service account {shown.of_pod}, and {shown.annotated} has the role"]
    elif shown.annotated and (by := account_of_the_log(text)) and by != shown.annotated:
        reasons = [f"the log is of {by}, which has its own service account, and {shown.annotated} has the role"]
    elif (older := older_pod(text)) is not None and not meant.proven:
        reasons = [f"{older.reason} its role (restart it: kubectl rollout restart)"]
    elif not meant.proven and (works := version_that_works(text)):
        reasons = [f"the program takes other credentials since its new version (use {works}, or a version with a fix)"]
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


def _unbound(unbound: Unbound, because: Sentence) -> FirstLook:
    likely = "" if unbound.certain else "most likely "
    return FirstLook(
        f"The pod {likely}uses its node's role because {unbound.why}. {unbound.remedy} Do not grant the action to the "
        "node's role: every pod of the node could use it.",
        because,
        None if unbound.certain else WHO_AM_I,
        Who.CALLER,
        ruled_out_by=("identity",),
    )


def _reasons(meant: _Meant) -> list[str]:
    """Return the possible reasons why the pod's role is not used, except those that the text rules out."""
    if meant.proven:
        return [
            "the program's SDK is too old or lacks a module, because another client in the pod gets the right role "
            "(update the program, or give it that client's credentials)",
            "or the program is configured to use other credentials",
        ]
    open_ = [] if meant.annotated or meant.associated else ["its service account names no role"]
    oldest = f" (the oldest for EKS Pod Identity: {POD_IDENTITY})" if meant.associated else ""
    return [
        *open_,
        "the pod uses another service account, or started before the role was set (restart it)",
        f"or the program's SDK is too old for it{oldest}, lacks a module, or uses other credentials first",
    ]


def _associations(text: str) -> str | None:
    found = re.search(r"\bcluster[_-]name[\"']?\s*[:=]\s*[\"']([A-Za-z0-9][\w-]{0,99})[\"']", text)
    return f"aws eks list-pod-identity-associations --cluster-name {found[1]}" if found else None
