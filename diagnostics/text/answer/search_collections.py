"""Say which permission of a data access policy a refused request to an OpenSearch Serverless collection needs."""

from __future__ import annotations

import re

from diagnostics.text.read.author.contrasts import differences
from diagnostics.text.read.author.difference import Difference
from diagnostics.text.read.author.remarks import Remark, remark_of
from diagnostics.text.read.identities.callers import caller_in
from iam.arn import identity_of
from iam.lazy_pattern import regex
from iam.words import listing

SERVERLESS = "OpenSearch Serverless"
"""The name of the row for refusals by a collection."""
_WRITES = r"_(?:bulk|create|update)\b"
_READS = r"_(?:analyze|explain|mget|source|count|field_caps|search|msearch|validate|rank_eval)\b"
# Amazon OpenSearch Service Developer Guide, "Supported OpenSearch API operations and permissions"
# (https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-genref.html): the method and the path
# of a request, and the permission that it needs. The first row that matches both applies.
_PERMISSIONS = (
    (r"PUT|POST|DELETE", r"(?:.*/)?(?:_doc\b|" + _WRITES + ")", "aoss:WriteDocument"),
    (r"GET|HEAD|POST", r"(?:.*/)?(?:_doc\b|" + _READS + ")", "aoss:ReadDocument"),
    (r"GET|HEAD", r"(?:.*/)?_(?:mappings?|settings?|cat|resolve)\b", "aoss:DescribeIndex"),
    (r"GET|HEAD", r"[^_/?][^/?]*$", "aoss:DescribeIndex"),
    (r"PUT", r"[^_/?][^/?]*$", "aoss:CreateIndex"),
    (r"DELETE", r"[^_/?][^/?]*$", "aoss:DeleteIndex"),
)
# What a program prints of a request: "PUT https://ID.REGION.aoss.amazonaws.com:443/INDEX".
_REQUEST = regex(
    r"\b(?P<method>GET|HEAD|PUT|POST|DELETE)\b[\"']?[\s:,]+[\"']?https?://[\w.-]+\.aoss\.amazonaws\.com(?::\d+)?/"
    r"(?P<path>[^\s?\"']*)"
)
# Terraform prints each step with the type and the name of the resource (https://developer.hashicorp.com/terraform/cli/
# commands/apply); opensearch_index is a type of the provider for OpenSearch.
_STEP = regex(r"\bopensearch_index\.[^\n:]{1,120}: (?P<step>Creating|Destroying|Modifying|Refreshing state)\.\.\.")
_OF_STEP = {
    "Creating": "aoss:CreateIndex",
    "Destroying": "aoss:DeleteIndex",
    "Modifying": "aoss:UpdateIndex",
    "Refreshing state": "aoss:DescribeIndex",
}

_CHANGED = regex(
    r"\b(?:with|as) (?:another|a different|the other|my|some)\b|\bother (?:role|user|people)", re.IGNORECASE
)
"""Words for requests that succeed with another identity."""


def needed_permission(text: str) -> tuple[str, bool]:
    """Return the permission of the last request to a collection that the text prints; "" if it prints none.

    The second value is True for a change by Terraform, which has already read the index with the same identity.
    """
    if steps := list(_STEP.finditer(text)):
        step = steps[-1]["step"]
        return _OF_STEP[step], step in ("Destroying", "Modifying")
    for request in reversed(list(_REQUEST.finditer(text))):
        for methods, path, permission in _PERMISSIONS:
            if re.fullmatch(methods, request["method"]) and re.match(path, request["path"]):
                return permission, False
    return "", False


_NEW = regex(
    r"\b(?:deploy(?:s|ed|ing|ment)?|terraform|cdk|stack|first (?:run|apply|time))\b"
    r"|\bcreat(?:e|es|ed|ing)\b[^\n.]{0,60}\b(?:collection|index|policy)\b",
    re.IGNORECASE,
)
"""Signs that the collection or its policy is new."""


def too_early(text: str) -> str:
    """Return why the collection most likely did not enforce its new data access policy yet; "" if nothing says so.

    The page of `refused_by_collection`.
    """
    if any(each.difference is Difference.AGAIN for each in differences(text)):
        return (
            "The request succeeds when it is run again, so OpenSearch Serverless did not yet enforce the "
            "collection's new data access policy. Wait between the policy and the request, or retry the request on "
            "403. No permission is missing."
        )
    rare = remark_of(text, Remark.NOW_AND_THEN)
    if rare is None or _CHANGED.search(rare.words) or not _NEW.search(text):
        return ""
    return (
        "Most likely the collection's new data access policy was not in effect yet, because the request sometimes "
        "succeeds. Retry the request on 403 for a minute or more. If it then still fails, compare the policy's "
        "Principal."
    )


def refused_by_collection(text: str) -> str:
    """Return the verdict on a request that a collection refused.

    Amazon OpenSearch Service Developer Guide, "Data access control for Amazon OpenSearch Serverless"
    (https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-data-access.html).
    """
    if early := too_early(text):
        return early
    needed, was_read = needed_permission(text)
    if shown := _by_shown_policy(text, needed):
        return shown
    if not needed:
        return (
            "OpenSearch Serverless refused the identity that makes the call: check that the collection's data "
            "access policy names this identity, and that the identity's IAM policies allow aoss:APIAccessAll."
        )
    if was_read:
        return (
            f"OpenSearch Serverless refused a request that needs {needed}, although Terraform could read the index. "
            f"Add {needed} on index/COLLECTION/* to the collection's data access policy for this identity. IAM "
            "policies do not grant it. If the same run also destroys that policy, add depends_on to the index, so "
            "that the index is destroyed first."
        )
    return (
        f"OpenSearch Serverless refused a request that needs {needed}: check that the collection's data access "
        f"policy grants {needed} on index/COLLECTION/* to the identity that makes the call, and that this "
        "identity's IAM policies allow aoss:APIAccessAll."
    )


_OF_A_COLLECTION = regex(r"\bResourceType\b\W{1,8}(?:index|collection)\b")
_PRINCIPALS = regex(r"\bPrincipal\b[\\\"'\s]{0,4}[:=]\s*\[(?P<listed>[^\]]*)\]")
_PERMISSION_LIST = regex(r"\bPermission\b[\\\"'\s]{0,4}[:=]\s*\[(?P<listed>[^\]]*)\]")
_ARN = regex(r"arn:[\w-]+:(?:iam|sts)::\d{12}:[\w+=,.@/*-]+")
_IN_IAM = regex(r"\baoss:(?:APIAccessAll\b|\*)|\bAdministratorAccess\b")
_OF_DOMAINS = regex(r"\bes:(?:\*|ESHttp\w+)")


_RUNS_AS = regex(
    r"\b(?:runs?|running|ran|deploys?|deployed|executes?|applies|applied)[ \t]+(?:as|with|under|by|using)\b[^\n]{0,40}?"
    r"(?P<arn>arn:[\w-]+:(?:iam|sts)::\d{12}:(?:role|user|assumed-role)/[\w+=,.@/-]*\w)",
    re.IGNORECASE,
)


def _spoken_role(text: str) -> str | None:
    """Return the identity as which, in a person's words, the program runs; None unless exactly one is named."""
    found = {each["arn"] for each in _RUNS_AS.finditer(text)}
    return found.pop() if len(found) == 1 else None


def _by_shown_policy(text: str, needed: str) -> str:
    """Return the verdict from the data access policy in the text and the caller; "" if one of the two is not shown.

    Amazon OpenSearch Service Developer Guide, "Identity and Access Management for Amazon OpenSearch Serverless"
    (https://docs.aws.amazon.com/opensearch-service/latest/developerguide/security-iam-serverless.html): the data plane
    needs aoss:APIAccessAll in IAM, in addition to the data access policy.
    """
    caller = caller_in(text) or _spoken_role(text)
    named = [arn for each in _PRINCIPALS.finditer(text) for arn in _ARN.findall(each["listed"])]
    if caller is None or not named or _OF_A_COLLECTION.search(text) is None:
        return ""
    who = identity_of(caller)[2]
    if not any("*" in each or identity_of(each) == identity_of(caller) for each in named):
        return (
            f"Name {who} as a principal in the collection's data access policy: the policy in the text names "
            f"{listing(named[:3])} instead. IAM policies alone do not give access."
        )
    granted = {
        each for found in _PERMISSION_LIST.finditer(text) for each in re.findall(r"aoss:[\w*]+", found["listed"])
    }
    if needed and granted and needed not in granted and not any("*" in each for each in granted):
        return (
            f"Add {needed} to the data access policy in the text, which names {who}, but grants only other permissions."
        )
    if _IN_IAM.search(_PERMISSION_LIST.sub("", text)):
        return (
            f"The text shows both sides: IAM allows aoss, and the data access policy names {who}. Compare the "
            "collection and index in the policy's Resource with the request. After a change, wait a minute and try "
            "again."
        )
    other = " The actions of es apply to domains, not to collections." if _OF_DOMAINS.search(text) else ""
    return (
        f"Most likely {who} lacks aoss:APIAccessAll on the collection in IAM. The data access policy in the text "
        f"already names this identity, but OpenSearch Serverless needs both.{other}"
    )
