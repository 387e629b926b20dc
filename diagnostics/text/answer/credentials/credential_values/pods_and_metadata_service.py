"""Read what the text shows about pods, containers and the metadata service of their instance."""

from __future__ import annotations

import re

from diagnostics.text.answer.own_machine import no_instance, off_ec2
from diagnostics.text.read.identities.pod_associations import NO_AGENT, lacks_agent, other_association
from diagnostics.text.read.layout.shell import WORKED
from iam.facts.sdk_versions import too_old_for_metadata_tokens, too_old_for_pod_identity
from iam.lazy_pattern import regex

_TOKENS_REQUIRED = regex(
    r"(?:\bHttp[-_ ]?Tokens|http_tokens|\bmetadata\b[^\n]{0,40}tokens?)[\"'\s:=]{1,6}(?:was set to |set to "
    r"|is )?[\"']?required"
    r"|\bIMDSv2\w*[`\"' =:]{1,4}(?:to |set to )?[`\"']?required"
    r"|\bIMDSv2[ -](?:only|required|enforced)|\b(?:requires?|enforces?) IMDSv2",
    re.IGNORECASE,
)
_REFUSED_BY_IMDS = regex(
    r"ec2imds:[^\n]{0,120}StatusCode:\s*401|169\.254\.169\.254[^\n]{0,300}\n?[ \t]*\b401\b"
    r"|\b401\b[^\n]{0,200}\n?[^\n]{0,60}169\.254\.169\.254"
)
_TIMES_OUT = regex(
    r"(?:169\.254\.169\.254|ec2imds|IMDS)[^\n]{0,200}(?:time(?:d)?[ -]?out|deadline exceeded|i/o timeout)",
    re.IGNORECASE,
)
_POD_AGENT = regex(r"169\.254\.170\.23|\[?fd00:ec2::23\]?")
_PROXIED = regex(r"(?<![\w-])HTTPS?_PROXY[\"']?(?:\s*[=:]|\s*\n\s*value\s*:)\s*[\"']?\w", re.IGNORECASE)
_NOT_PROXIED = regex(r"(?<![\w-])NO_PROXY\b[^\n]*(?:\n[ \t]*value[^\n]*)?169\.254\.", re.IGNORECASE)
DOCKER = regex(r"\b(?:docker|podman|container)\b", re.IGNORECASE)
_ON_EC2 = regex(
    r"\bon (?:an? )?EC2\b|\bEC2 (?:instance|host|machine|box|server)|\binstance(?:'s)? (?:role|profile)\b"
    r"|\bi-[0-9a-f]{8,17}\b"
    r"|@ip-\d|\bHttp[-_ ]?Tokens|hop[-_ ]?limit",
    re.IGNORECASE,
)
KUBERNETES = regex(r"\b(?:kube\w*|(?:aws_)?eks\w*|pods?|k8s|service ?account|IRSA|CSI)\b", re.IGNORECASE)
# Amazon EKS User Guide, "Upgrade from Amazon Linux 2 to Amazon Linux 2023": the hop limit of managed node groups
# (https://docs.aws.amazon.com/eks/latest/userguide/al2023.html).
_AL2023 = regex(r"\b(?:AL2023\w*|Amazon Linux 2023)\b", re.IGNORECASE)
_CLI_IN_POD = regex(
    rf"\baws[ -]?cli\b[^.\n]{{0,40}}\b(?:same|this|that) (?:pod|container)\b[^.\n]{{0,40}}\b{WORKED}\b", re.IGNORECASE
)
_POD_IDENTITY = regex(r"\bpod[ _-]?identity\b", re.IGNORECASE)
_CONTAINER_URI = regex(
    r"\bAWS_CONTAINER_(?:CREDENTIALS_FULL_URI|AUTHORIZATION_TOKEN_FILE)\b(?![^.\n]{0,60}\b(?:not|n't|unset|missing|empty)\b)"
)
_ONE_HOP = regex(r"(?:HopLimit|hop[-_ ]limit)[\"'\s:=]{1,6}(?:is |of )?1\b", re.IGNORECASE)
_IN_CONTAINER = regex(
    r"\b(?:docker|container\w*|podman|pods?|kubernetes|ecs)\b"
    # The prefix of docker compose's logs, and its last line.
    r"|^[ \t]*[\w.-]+-\d+[ \t]+\| |^[\w.-]+ exited with code \d",
    re.IGNORECASE | re.MULTILINE,
)

_POD_ROLE = regex(
    r"\bAWS_ROLE_ARN\b[\"']?\s*[=:]\s*[\"']?(?:value:\s*)?(?P<arn>arn:[\w-]+:iam::\d{12}:role/[\w+=,.@/-]+)"
)


def of_a_pod(text: str) -> dict[str, str]:
    """Return the role that a pod's environment variables name; empty if the text does not show them."""
    role = _POD_ROLE.search(text)
    if role is None or "AWS_WEB_IDENTITY_TOKEN_FILE" not in text:
        return {}
    return {"pods_token": "yes", "own_pods_role": f" ({role['arn'].rpartition('/')[2]})"}


_CONTAINER_FAILS = regex(r"\b(?:docker|podman|containers?)\b(?!-)", re.IGNORECASE)
_DOCKER_FAILS = regex(
    r"\b(?:docker|podman)(?:[- ]compose)? (?:run|exec|up|build)\b|\b(?:in|inside|within|from) (?:an? |the |my |our )?"
    r"(?:docker|podman)\b|\bdocker containers?\b",
    re.IGNORECASE,
)
_HOPS_SHOWN = regex(r"hop[-_ ]?limit[\"'\s:=]{1,6}(?:is |of |to )?\d", re.IGNORECASE)
_OF_ECS = regex(r"\b(?:ECS|Fargate|task role)\b|AWS_CONTAINER_CREDENTIALS", re.IGNORECASE)
_UNBROKEN = r"(?:(?!\b(?:fail|but|not|cannot|while|whereas|container|docker)|n['\u2019]t\b)[^.\n])"
_MACHINE = r"(?:host|instance|VM|machine|box|EC2|runner|agent)"
_HOST_WORKS = regex(
    rf"\b{WORKED}\b[^.\n]{{0,80}}\b(?:with|using|by|through) (?:the |its )?(?:EC2 )?instance (?:role|profile)\b"
    rf"|\bon (?:the |its |our |an? )?(?:[\w-]+ )?{_MACHINE}(?: itself| directly)?\b{_UNBROKEN}{{0,60}}\b{WORKED}\b"
    rf"|\b{WORKED}\b{_UNBROKEN}{{0,40}}\b(?:on|from) (?:the |its |our )?(?:[\w-]+ )?{_MACHINE}\b"
    rf"|\boutside (?:of )?(?:the |a )?(?:docker )?(?:container|docker)\b{_UNBROKEN}{{0,60}}\b{WORKED}\b"
    rf"|\b{WORKED}\b{_UNBROKEN}{{0,40}}\boutside (?:of )?(?:the |a )?(?:docker )?(?:container|docker)\b",
    re.IGNORECASE,
)
# Karpenter's own controller does not run on the nodes that it creates.
_KARPENTERS_NODE = regex(
    r"\bkarpenter\b[^.\n]{0,30}\bnodes?\b|\bnodes?\b[^.\n]{0,60}\bkarpenter\b|\bEC2NodeClass\b", re.IGNORECASE
)
_OF_KARPENTER = regex(r"karpenter-provider-aws/pkg|\bkarpenter-[0-9a-f]{6,10}-\w{5}\b|kube-system/karpenter")
_MORE_HOPS = regex(r"\bv?0\.3\d\.\d+\b|hop[-_ ]?limit[\"'\s:=]{1,6}(?:is |of |to )?[2-9]\b", re.IGNORECASE)


def of_a_pod_or_node(text: str) -> dict[str, str]:
    """Return what the text shows about a pod, its node and the credentials that both may get."""
    values: dict[str, str] = {}
    if KUBERNETES.search(text):
        values["kubernetes"] = "yes"
        if _KARPENTERS_NODE.search(text) and not (_OF_KARPENTER.search(text) or _MORE_HOPS.search(text)):
            values["karpenters_node"] = "yes"
        if _TIMES_OUT.search(text) and not _MORE_HOPS.search(text):
            values["pod_times_out"] = "yes"
        if _AL2023.search(text):
            values["al2023"] = "yes"
        if (other := other_association(text)) is not None:
            values |= {"other_association": other.sentence, "of_pod": str(other.of_pod)}
        if lacks_agent(text):
            values["no_agent"] = NO_AGENT
        if off_ec2(text):
            values["off_ec2"] = "yes"
    if _POD_IDENTITY.search(text) and (_CONTAINER_URI.search(text) or _CLI_IN_POD.search(text)):
        values["pod_identity"] = "yes"
        values |= {"old_pod_sdk": old} if (old := too_old_for_pod_identity(text)) else {}
    if _TOKENS_REQUIRED.search(text) and (old := too_old_for_metadata_tokens(text)):
        values["old_imds_sdk"] = old
    if _POD_AGENT.search(text) and _PROXIED.search(text) and not _NOT_PROXIED.search(text):
        values["agent_proxied"] = "yes"
    if _TIMES_OUT.search(text) and DOCKER.search(text) and _ON_EC2.search(text) and not KUBERNETES.search(text):
        values["container_times_out"] = "yes"
    return values


# A request with a token (or of IMDSv1) for the role's credentials, and the answer 404; what the SDKs for Go print.
_WITHOUT_ROLE = regex(
    r"169\.254\.169\.254/latest/meta-data/iam(?:/security-credentials|/info)?/?(?![\w/-])"
    r"(?:(?!169\.254\.169\.254|\n\S*[$#] )[\s\S]){0,400}?(?:^|[ \t>\"'(])404\b(?! ?(?:ms|bytes))"
    r"|ec2imds: GetMetadata[^\n]{0,120}StatusCode:\s*404|EC2Metadata[^\n]{0,80}status code: 404",
    re.MULTILINE,
)

_PROFILE_ATTACHED = regex(
    r"\b(?:has|have|with)\b[^.\n]{0,24}\bprofile\b[^.\n]{0,30}(?<!not )\b(?:attached|associated)\b", re.IGNORECASE
)


def of_metadata(text: str, host_gets: bool) -> dict[str, str]:
    """Return what the text shows about a metadata service that requires tokens; empty if it shows nothing."""
    if _WITHOUT_ROLE.search(text) and not _PROFILE_ATTACHED.search(text):
        if no_instance(text) and not KUBERNETES.search(text):
            return {"no_instance": "yes"}
        return {"pod_without_role" if KUBERNETES.search(text) else "no_profile": "yes"}
    refused = _REFUSED_BY_IMDS.search(text)
    required = refused or (None if host_gets else _TOKENS_REQUIRED.search(text))
    if required is None:
        return {}
    if not _ONE_HOP.search(text):
        return {"tokens_required": required[0]}
    if _IN_CONTAINER.search(text) or KUBERNETES.search(text):
        return {"container_of_one_hop": required[0]}
    return {"tokens_required" if refused else "tokens_of_one_hop": required[0]}


def of_a_container(text: str) -> dict[str, str]:
    """Return the beginning of a sentence on a container that gets no credentials from its instance.

    Empty if the text does not show such a container.
    """
    if KUBERNETES.search(text) or _HOPS_SHOWN.search(text) or _OF_ECS.search(text):
        return {}
    if _CONTAINER_FAILS.search(text) and _HOST_WORKS.search(text):
        return {"host_gets": "The host gets credentials from its role, and the program in the container"}
    if _DOCKER_FAILS.search(text) and (_ON_EC2.search(text) or _TOKENS_REQUIRED.search(text)):
        return {"host_gets": "The program in the container looks for credentials and"}
    return {}
