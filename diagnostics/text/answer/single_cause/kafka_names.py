"""A topic or consumer group of Amazon MSK that no ARN of the text's policy names."""

from __future__ import annotations

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
    named = {found["name"]: found[0] for found in _NAMED.finditer(text) if found["kind"] == refused["kind"]}
    if not named or any(fnmatchcase(name, each) for each in named):
        return None
    kind = "consumer group" if refused["kind"] == "group" else "topic"
    actions = "kafka-cluster:AlterGroup and DescribeGroup" if refused["kind"] == "group" else "the actions"
    first, arn = next(iter(named.items()))
    wanted = f"{arn.removesuffix(first)}{name}"
    return decide(
        "identity.resource-mismatch",
        f"the client asks for the {kind} {name}, and the policy names {listing(list(named), limit=3)}",
        f"The client asks for the {kind} {name}, but the ARNs in the text name {listing(list(named), limit=3)}: allow "
        f"{actions} on {wanted}, too, or correct the name in the client.",
        f"Name the {kind} {name} in the policy",
        Who.ACCOUNT_ADMIN,
        "the policy of the client",
        f"Add {wanted} to the Resource of the statement with the actions on {kind}s. kafka-cluster:Connect on the "
        "cluster stays as it is.",
    )
