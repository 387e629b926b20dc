"""Find what limits a caller: boundaries, addresses and endpoints."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from ipaddress import ip_address, ip_network

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.failure import Denial
from diagnostics.fix import Fix, Note
from diagnostics.text.read.author.demanded_boundary import demanded_boundary, where_to_set_boundary
from diagnostics.text.read.identities.own_address import own_address
from diagnostics.who import Who
from iam.api_operations import action_for
from iam.arn import Arn
from iam.lazy_pattern import regex
from iam.policy.document import Document
from iam.policy.statements import Statement
from iam.words import listing

_SETS_BOUNDARY = regex(
    r"(?<![\w:-])(?P<name>permissions_?boundary(?:_arn)?)[\"']?[ \t]*[:=](?!=)[ \t]*[^\s,}{]{3}", re.IGNORECASE
)
"""A non-empty setting for a permissions boundary.

Does not match the ``iam:`` condition key or the object in IAM's response about a role.
"""


_MAKES = ("iam:createrole", "iam:createuser")


def of_a_boundary_left_out(denial: Denial, documents: Iterable[Document]) -> Finding | None:
    """Return a finding if new roles must have a boundary, and a Deny refused to create one without.

       None otherwise. IAM User Guide, "Permissions boundaries for IAM entities", delegating responsibility to others
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html#access_policies_boundaries-delegate).
    """
    reason, _, layer = (denial.stated_reason or "").partition(":")
    found = _SETS_BOUNDARY.search(denial.pasted or denial.text)
    made = Arn.parse(denial.resource or "")
    if (denial.action or "").lower() not in _MAKES or made is None:
        return None
    denies = [each for document in documents for each in document.statements if each.effect == "Deny"]
    text = denial.pasted or denial.text
    if reason == "explicit" and found is None and not denies and (demanded := demanded_boundary(text)) is not None:
        return _without_the_demanded(made, layer, demanded[1], where_to_set_boundary(text))
    if reason != "explicit" or found is None or not all(map(_asks_for_a_boundary, denies)):
        return None
    why = "the Deny in the text refuses" if denies else "such a Deny often refuses"
    said = (
        f"the text sets {found['name']}, but {why} a {made.type} that is created without the required boundary: "
        f"the setting does not reach {made.name}, or names another boundary"
    )
    note = Note(
        f"what creates {made.name}",
        f"Pass {found['name']} on to the module or resource that creates {made.name}, and compare the setting's "
        "ARN with the required boundary. No Allow can help. Leave the caller's own boundary as it is.",
    )
    fix = Fix(f"Create {made.name} with the required boundary", Who.CALLER, note)
    return Finding(f"{layer}.explicit-deny", said, f"{said[0].upper()}{said[1:]}.", fix=fix)


def _without_the_demanded(made: Arn, layer: str, boundary: str, setting: str) -> Finding:
    """Return the finding that a role or user is most likely created without the required boundary.

    ``boundary`` is the boundary's ARN, "" if the text does not name it; ``setting`` is where the tool sets it.
    """
    name = made.name or made.type
    said = (
        f"the text requires a permissions boundary for new {made.type}s, and most likely {name} is created without it"
    )
    note = Note(
        f"what creates {name}",
        f"Set {boundary or 'the boundary'} where the {made.type} is created: {setting}. If the module has no such "
        "input, use a version that has one. No Allow can help. Do not remove the Deny or the caller's own boundary.",
    )
    fix = Fix(f"Create {name} with the required boundary", Who.CALLER, note)
    sentence = f"{said[0].upper()}{said[1:]}: a Deny then applies."
    return Finding("unreadable" if layer in ("", "unknown") else f"{layer}.explicit-deny", said, sentence, fix=fix)


def _asks_for_a_boundary(statement: Statement) -> bool:
    return any(each.key.lower() == "iam:permissionsboundary" for each in statement.conditions)


_ON_BEHALF = {
    # Amazon Athena User Guide, "Control access to Amazon S3 from Athena": its requests to S3 do not come from the
    # caller's address (https://docs.aws.amazon.com/athena/latest/ug/s3-permissions.html).
    "Athena": regex(
        r"when writing output to url: s3|\bathena\b[^\n]{0,200}\bs3\b|\bPermission denied on S3 path\b"
        r"|\bThis query ran against the \S+ database|\bAthena(?:'s)? (?:console|quer(?:y|ies)|editor|workgroup)\b"
        r"|\b(?:quer(?:y|ies|ying)|select\w*|runs?|run it)\b[^.\n]{0,40}\b(?:in|from|with|through|via|by) Athena\b"
        r"|\bathena start-query-execution\b|\bQueryExecutionId\b",
        re.IGNORECASE,
    ),
    "CloudFormation": regex(
        r"Resource handler returned message|\bUsing the stack's caller\b|\b(?:CREATE|UPDATE|DELETE)_FAILED\b"
    ),
}
"""Services that make calls with their caller's permissions, and the messages that they print for a failed call."""


_BY_ADDRESS = ("aws:sourceip", "aws:vpcsourceip")


_THROUGH = (
    "aws:viaawsservice",
    "aws:calledvia",
    "aws:calledviafirst",
    "aws:calledvialast",
    "aws:principalisawsservice",
)


_BUCKET = regex(r"\bs3a?://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])")


def _is_about_other_buckets(deny: Statement, text: str) -> bool:
    """Return whether the Deny names only buckets other than those in the paths of the text."""
    named = {each["bucket"] for each in _BUCKET.finditer(text)}
    patterns = [each.split(":::")[-1].partition("/")[0] for each in deny.resource or ()]
    return bool(named and patterns) and not any(fnmatchcase(name, each) for name in named for each in patterns)


def of_a_deny_by_address(denial: Denial, documents: Iterable[Document]) -> Finding | None:
    """Return a finding if a Deny on the caller's address also matches calls that a service makes for the caller.

    None otherwise.

    IAM User Guide, "AWS: Denies access to AWS based on the source IP"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_deny-ip.html).
    """
    denies = [each for document in documents for each in document.statements if each.effect == "Deny"]
    text = denial.pasted or denial.text
    by_address = [each for each in denies if _is_by_address(each)]
    service = "" if _is_direct(denial) else next((name for name, words in _ON_BEHALF.items() if words.search(text)), "")
    reason, _, layer = (denial.stated_reason or "explicit").partition(":")
    if not by_address or reason != "explicit":
        return None
    if not service:
        return _of_an_endpoint(by_address[0], text, layer or "identity")
    first = next((each for each in by_address if not _keys(each).intersection(_THROUGH)), None)
    if first is None or _is_about_other_buckets(first, text):
        return None
    block = next(each for each in first.conditions if each.key.lower() in _BY_ADDRESS)
    said = (
        f"the Deny{f' {first.sid}' if first.sid else ''} refuses calls that do not come from "
        f"{listing(list(block.values), 'or')}, but {service} makes the call for you, from an AWS address"
    )
    sentence = (
        f'In the text, {said}. Exclude calls by AWS services from the Deny: add "Bool": {{"aws:ViaAWSService": '
        '"false"} to its Condition.'
    )
    note = Note(
        "the policy in the text",
        'Add "Bool": {"aws:ViaAWSService": "false"} to the Condition of the Deny: it then matches direct calls only.',
    )
    fix = Fix("Exclude calls that services make from the Deny", Who.ACCOUNT_ADMIN, note)
    of_resource = first.principal is not None or first.not_principal is not None
    return Finding(f"{'resource' if of_resource else 'identity'}.explicit-deny", said, sentence, fix=fix)


def _is_direct(denial: Denial) -> bool:
    """Whether the AWS CLI or an SDK reports the refused action itself, so that no service made the call."""
    called = action_for(denial.operation or "", (denial.action or "").partition(":")[0])
    return "when calling the" in denial.text and called is not None and called == denial.action


_ENDPOINT = regex(
    r"(?<!no )(?<!without )\b(?:S3|DynamoDB|gateway|interface|VPC) (?:gateway |VPC )?endpoint\b"
    r"(?![^\n.]{0,30}\b(?:removed|deleted|planned)|[^\n.]{0,60}\?)"
    r"|\bvpce-[0-9a-f]{8,17}\b(?!\")|\bprivate DNS\b[^\n.]{0,40}\b(?:on|enabled|true|yes)\b",
    re.IGNORECASE,
)


def _of_an_endpoint(deny: Statement, text: str, layer: str) -> Finding | None:
    """Return a finding if a Deny of other addresses matches every request through a VPC endpoint; None otherwise.

    IAM User Guide, "AWS global condition context keys": aws:SourceIp is not in a request through a VPC endpoint
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html).
    """
    block = next(each for each in deny.conditions if each.key.lower() in _BY_ADDRESS)
    if block.key.lower() != "aws:sourceip" or _keys(deny) - {"aws:sourceip", *_THROUGH} or not _ENDPOINT.search(text):
        return None
    if (own := own_address(text)) is not None and not any(_contains(each, own) for each in block.values):
        return None  # the call came from a different public address, and so through no endpoint
    endpoints, vpcs = (set(re.findall(form, text)) for form in (r"\bvpce-[0-9a-f]{8,17}\b", r"\bvpc-[0-9a-f]{4,17}\b"))
    key, id = ("aws:SourceVpce", endpoints.pop()) if endpoints else ("aws:SourceVpc", vpcs.pop()) if vpcs else ("", "")
    added = json.dumps({"StringNotEquals": {key or "aws:SourceVpce": id or "vpce-ID"}})[1:-1]
    said = (
        f"the Deny refuses calls that do not come from {listing(list(block.values), 'or')}, but a request through "
        "a VPC endpoint has no aws:SourceIp"
    )
    note = Note(
        "the policy in the text",
        f"Add {added} to the same Condition: the Deny then matches only requests that come neither from the address "
        "nor through the endpoint. Private addresses belong in aws:VpcSourceIp.",
    )
    fix = Fix("Exclude requests through the endpoint from the Deny", Who.RESOURCE_OWNER, note)
    sentence = f"In the text, {said}: the Deny matches whatever the caller's address."
    return Finding(f"{layer}.explicit-deny", said, sentence, fix=fix)


def _contains(network: str, address: str) -> bool:
    try:
        return ip_address(address) in ip_network(network, strict=False)
    except ValueError:
        return False


def _is_by_address(statement: Statement) -> bool:
    return any(
        each.key.lower() in _BY_ADDRESS and each.operator.startswith("NotIpAddress") for each in statement.conditions
    )


def _keys(statement: Statement) -> set[str]:
    return {each.key.lower() for each in statement.conditions}


_SHOULD_BE_DENIED = regex(
    r"get-?caller-?identity\b[^\n?]{0,60}\b(?:must|should|has to|needs to|supposed to)\b(?![^\n]{0,6}\b(?:not|never)\b)"
    r"[^\n]{0,12}\b(?:be |get )(?:denied|blocked|refused)\b",
    re.IGNORECASE,
)


def of_a_call_without_permission(denial: Denial) -> Finding | None:
    """Return a finding if the text expects a policy to deny sts:GetCallerIdentity; None otherwise.

    No policy can deny this call. AWS STS API Reference, "GetCallerIdentity"
    (https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html).
    """
    if not _SHOULD_BE_DENIED.search(denial.pasted or denial.text):
        return None
    said = (
        "no policy can deny sts:GetCallerIdentity, not even a Deny on everything or an SCP, because this call "
        "needs no permission"
    )
    note = Note("the test", "Test calls that are authorized, such as s3 ls and iam list-users. Change no policy.")
    fix = Fix("Remove sts:GetCallerIdentity from the test", Who.CALLER, note)
    sentence = f"{said[0].upper()}{said[1:]}. The success of this call does not show that the policy is wrong."
    return Finding(None, said, sentence, settles=True, fix=fix)
