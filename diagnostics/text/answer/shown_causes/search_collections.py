"""Name why a data access policy of OpenSearch Serverless does not cover the session that calls a collection."""

from __future__ import annotations

from diagnostics.text.answer.search_collections import too_early
from diagnostics.text.answer.shown_causes.shown_cause import ShownCause
from diagnostics.text.read.identities.callers import caller_in
from iam.arn import identity_of
from iam.lazy_pattern import regex

_PRINCIPALS = regex(r"[\"']?\bPrincipal[\"']?\s*[:=]\s*\[(?P<list>[^\]]{10,2000})\]")
_RULES_BESIDE = regex(r"[\"']?\b(?:ResourceType|Rules)[\"']?\s*[:=]")
_ARN = regex(r"arn:[\w-]+:(?:sts|iam)::(?:\d{12}):[\w+=,.@/*-]+")


def another_session(text: str) -> ShownCause | None:
    """Return the cause if the data access policy in the text names another session of the caller's role.

    Amazon OpenSearch Service Developer Guide, "Data access control for Amazon OpenSearch Serverless"
    (https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-data-access.html).
    """
    caller = caller_in(text) or ""
    account, _, name = identity_of(caller)
    sessions = f"::{account}:assumed-role/{name}/"
    lists = [each["list"] for each in _PRINCIPALS.finditer(text)] if _RULES_BESIDE.search(text) else []
    named = [each for part in lists for each in _ARN.findall(part) if identity_of(each)[::2] == (account, name)]
    if sessions not in caller or not named or any(sessions not in each or each == caller for each in named):
        return None
    if any(each.endswith("/*") for each in named):
        return None
    own = f"{caller.partition(':sts:')[0]}:iam::{account}:role/{name}"
    return ShownCause(
        f"The data access policy names the session {named[0].partition(':assumed-role/')[2]}, but "
        f"{caller.partition(':assumed-role/')[2]} makes the call: name the role, {own}, instead of a session.",
        f"Name the role {name} as a principal of the data access policy",
        f"Put {own} (with its path, if it has one) into Principal, with aws opensearchserverless "
        "update-access-policy or where the policy is made: each run's session may have another name. The "
        "collection's owner, or an identity that the policy names now, can make this change. Wait about a minute "
        "until the change takes effect.",
    )


def policy_too_new(text: str) -> ShownCause | None:
    """Return what to do if the collection did not enforce its new policy yet; None if nothing says so."""
    if not (sentence := too_early(text)):
        return None
    return ShownCause(
        sentence,
        "Retry the request until the data access policy is in effect",
        "Let the program, custom resource or provisioner that sends the request retry it on 403 with longer and "
        "longer waits, or wait after the policy is created. A dependency on the policy does not wait until the "
        "policy is in effect. If the request never succeeds, the policy's Principal must name the role or user of "
        "the request, and IAM must allow that identity aoss:APIAccessAll.",
    )
