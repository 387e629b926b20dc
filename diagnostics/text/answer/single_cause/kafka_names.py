"""A topic or consumer group of Amazon MSK that no ARN of the text's policy names."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from diagnostics.failure import Denial
from diagnostics.text.answer.single_cause.decision import Decision, decide
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.words import listing

_REFUSED = regex(r"Not authorized to access (?P<kind>topic|group)s?: \[?(?P<name>[\w.-]+)(?=\]|,|[ \t]*$|[ \t]*\n)")
_NAMED = regex(
    r"\barn:[\w-]+:kafka:[\w*-]*:[\d*]*:(?P<kind>topic|group)/(?P<cluster>[\w.*-]+/[\w.*-]+)/(?P<name>[\w.*-]*[\w*])"
)


def of_another_topic(denial: Denial) -> Decision | None:
    """Return the decision that the policy names other topics, or groups, than the refused one; else None.

    Amazon MSK Developer Guide, "IAM access control", resources: the ARN of a topic or group ends with its name
    (https://docs.aws.amazon.com/msk/latest/developerguide/kafka-actions.html).
    """
    text = denial.pasted or denial.text
    refused = _REFUSED.search(text)
    if refused is None:
        return None
    name = refused["name"]
    short = [found for found in _WITHOUT_ID.finditer(text) if found["kind"] == refused["kind"]]
    if any(fnmatchcase(f"-/{name}", found["name"]) or found["name"] == name for found in short):
        return None  # the wildcard also matches the cluster's UUID, or a usual cause names the ARN
    fits = next((found for found in short if fnmatchcase(name, found["name"])), None)
    if fits is not None:
        return _without_the_id(fits, name, text)
    named = {found["name"]: found[0] for found in _NAMED.finditer(text) if found["kind"] == refused["kind"]}
    if not named or any(fnmatchcase(name, each) for each in named):
        return None
    kind = "consumer group" if refused["kind"] == "group" else "topic"
    actions = "kafka-cluster:AlterGroup and DescribeGroup" if refused["kind"] == "group" else "the actions"
    first, arn = next(iter(named.items()))
    wanted = f"{arn.removesuffix(first)}{name}"
    return decide(
        "identity.resource-mismatch",
        f"the client requests the {kind} {name}, but the policy names {listing(list(named), limit=3)}",
        f"The client requests the {kind} {name}, but the ARNs in the text name {listing(list(named), limit=3)}: "
        f"also allow {actions} on {wanted}, or correct the name in the client.",
        f"Name the {kind} {name} in the policy",
        Who.ACCOUNT_ADMIN,
        "the policy of the client",
        f"Add {wanted} to the Resource of the statement with the actions on {kind}s. Keep kafka-cluster:Connect on "
        "the cluster as it is.",
    )


_WITHOUT_ID = regex(
    r"\barn:[\w-]+:kafka:[\w*-]*:[\d*]*:(?P<kind>topic|group)/(?P<cluster>[\w.*-]+)/(?P<name>[\w.*-]*[\w*])(?![\w.*/-])"
)
"""An ARN of a topic or group in which one part is missing: the cluster's UUID, between its name and the topic's."""


def _without_the_id(found: re.Match[str], name: str, text: str) -> Decision:
    """Return the decision that the ARN that names the refused topic lacks the cluster's UUID."""
    cluster, kind = found["cluster"], "consumer group" if found["kind"] == "group" else "topic"
    shown = re.search(rf":(?:cluster|topic|group)/{re.escape(cluster)}/([0-9a-f-]{{36,40}})(?![\w-])", text)
    id = shown[1] if shown else "*"
    right = found[0].replace(f"/{cluster}/{found['name']}", f"/{cluster}/{id}/{found['name']}")
    return decide(
        "identity.resource-mismatch",
        f"{found[0]} lacks the cluster's UUID, so it does not match the {kind} {name}",
        f"Add the cluster's UUID to {found[0]} in the policy: without it, the ARN does not match the {kind} {name}.",
        f"Add the cluster's UUID to the ARN of the {kind}s",
        Who.ACCOUNT_ADMIN,
        "the policy of the client",
        f"Write {right} instead of {found[0]} (the form is {found['kind']}/CLUSTER/UUID/NAME). With IAM access control "
        "the policy decides, not Kafka ACLs. The actions can stay as they are.",
    )


_REFUSED_CLIENT = regex(r"\[[0-9a-f-]{36}\]: Access denied|ClusterAuthorization(?:Exception|Failed)")
_OWN_CLUSTER = regex(
    r"(?:\b[Cc]luster[ _-]?[Aa][Rr][Nn]\b[\"']?\s*[:=]?\s*[\"']?|--cluster-arn[ =])"
    r"arn:[\w-]+:kafka:[\w-]+:\d{12}:cluster/(?P<arn>[\w.-]+)/"
    r"|\bb-\d+\.(?P<host>[a-z0-9-]+)\.[a-z0-9]{6}\.c\d+\.kafka\."
)
_IN_A_POLICY = regex(r"\"(?P<pattern>arn:[\w-]+:kafka:[\w*-]*:[\d*]*:cluster/(?P<name>[\w.*-]+)/[\w.*-]+)\"")


def of_another_cluster(denial: Denial) -> Decision | None:
    """Return the decision that the policy names other clusters than the one that the client connects to; else None.

    Amazon MSK Developer Guide, the page above: kafka-cluster:Connect is decided on the cluster's ARN. A broker's host
    has the cluster's name in lower case.
    """
    text = denial.pasted or denial.text
    if _REFUSED_CLIENT.search(text) is None:
        return None
    own = {found["arn"] or found["host"] for found in _OWN_CLUSTER.finditer(text)}
    named = {found["name"]: found["pattern"] for found in _IN_A_POLICY.finditer(text)}
    (name,) = own if len(own) == 1 else ("",)
    if not name or not named or any(fnmatchcase(name.lower(), each.lower()) for each in named):
        return None
    first, arn = next(iter(named.items()))
    return decide(
        "identity.resource-mismatch",
        f"the client connects to the cluster {name}, but the policy names {listing(list(named), limit=3)}",
        f"The client connects to the cluster {name}, but the ARNs in the text's policy name "
        f"{listing(list(named), limit=3)}: allow kafka-cluster:Connect on the ARN of {name}, or correct the brokers' "
        "addresses.",
        f"Name the cluster {name} in the policy",
        Who.ACCOUNT_ADMIN,
        "the policy of the client",
        f"Write {arn.replace(f'cluster/{first}/', f'cluster/{name}/')}, and the same name in the ARNs of topics and "
        "groups (topic/CLUSTER/UUID/TOPIC).",
    )
