"""Find documents that can be evaluated although AWS would reject them.

Evaluation rejects documents that break the policy grammar. The documents found here follow the grammar but break
another rule of the service that would store them. AWS never evaluates such a document, so an answer based on it needs a
warning. The codes are those of the lint rules, which are Access Analyzer's (IAM User Guide, "Access Analyzer policy
check reference", https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html). The
lint package is not used to find the faults, because it takes ten times as long as a decision.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache

from iam.arn import PARTITIONS
from iam.facts.quotas import ORGANIZATION_POLICY_SIZE
from iam.policy.document import Document
from iam.policy.layer import Layer
from iam.policy.match import completions, has_wildcard
from iam.policy.principal import TRUST_ACTIONS
from iam.policy.request import NamedPolicy, Policies
from iam.policy.statements import Statement
from iam.service_reference import rcp_services

_ORGANIZATION_QUOTA = ORGANIZATION_POLICY_SIZE.usual
_ORGANIZATION = (Layer.SCP, Layer.RCP)
_EVERYBODY = ((("*", "*"),), (("AWS", "*"),))

_account = re.compile(r"\d{12}")
_unique_id = re.compile(r"A[A-Z]{3}[A-Z0-9]{4,}")
_principal_arn = re.compile(r"arn:[^:]+:(?:iam|sts)::(\d{12}|cloudfront):[^:]")
_service = re.compile(r"[a-z0-9][a-z0-9.-]*\.(?:amazonaws\.com(?:\.cn)?|amazon\.com|aws\.internal)")


def unsaved_codes(policies: Policies, action: str) -> tuple[str, ...]:
    """Return, sorted, the lint codes of the faults for which AWS would reject a request's policies."""
    trust = action.lower() in TRUST_ACTIONS
    codes: set[str] = set()
    for layer, policy in _layered(policies):
        codes.update(_codes(policy.document, layer, trust and layer is Layer.RESOURCE))
    return tuple(sorted(codes))


def _layered(policies: Policies) -> Iterator[tuple[Layer, NamedPolicy]]:
    for policy in policies.identity:
        yield Layer.IDENTITY, policy
    if policies.resource is not None:
        yield Layer.RESOURCE, policies.resource
    for policy in policies.boundary or ():
        yield Layer.BOUNDARY, policy
    for policy in policies.session or ():
        yield Layer.SESSION, policy
    for policy in policies.vpc_endpoint or ():
        yield Layer.VPC_ENDPOINT, policy
    for layer, levels in ((Layer.SCP, policies.scps), (Layer.RCP, policies.rcps)):
        for level in levels or ():
            for policy in level:
                yield layer, policy


def _codes(document: Document, layer: Layer, trust: bool) -> set[str]:
    statements = document.unplaced_statements
    codes: set[str] = set()
    if not statements:
        codes.add("MISSING_STATEMENT")
    unique_sids = trust or layer not in (Layer.RESOURCE, Layer.VPC_ENDPOINT)
    sids: list[str] = []
    for one in statements:
        if unique_sids and one.sid:
            sids.append(one.sid)
            if not one.sid.isalnum() or not one.sid.isascii():
                codes.add("UNSUPPORTED_SID")
        patterns = one.resource or one.not_resource
        if patterns is not None and patterns != ("*",):
            codes.update(("ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE",) if trust else _of_resources(patterns, layer))
        if one.principal is not None or one.not_principal is not None:
            codes.update(_of_principals(one.principal, one.not_principal, layer, trust))
        if layer is Layer.RCP:
            codes.update(_of_rcp(one))
        for block in one.conditions:
            if block.operator.lower() == "nullifexists":
                codes.add("NULL_WITH_IF_EXISTS")
    if len(sids) > len(set(sids)):
        codes.add("UNIQUE_SIDS_REQUIRED")
    if layer in _ORGANIZATION and document.stored_size > _ORGANIZATION_QUOTA:
        size = len(json.dumps(document.value, separators=(",", ":"), ensure_ascii=False))
        if size > _ORGANIZATION_QUOTA:
            codes.add(f"POLICY_SIZE_EXCEEDS_{layer.upper()}_QUOTA")
    return codes


@lru_cache(maxsize=16384)
def _of_resources(patterns: tuple[str, ...], layer: Layer) -> frozenset[str]:
    codes = set()
    for text in patterns:
        fields = text.lower().split(":")
        if fields[0] != "arn" or len(fields) < 2:
            continue
        partition = fields[1]
        if partition not in PARTITIONS and not has_wildcard(partition) and "$" not in partition:
            codes.add("INVALID_PARTITION")
        if fields[2:3] == ["iam"] and len(fields) > 3 and fields[3].strip("*") and "$" not in fields[3]:
            codes.add("ARN_REGION_NOT_ALLOWED")
        # IAM completes an incomplete ARN in an identity policy, and saves it.
        if layer not in (Layer.IDENTITY, Layer.BOUNDARY) and completions(text) != (text,):
            codes.add("MISSING_ARN_FIELD")
    return frozenset(codes)


_Pairs = tuple[tuple[str, str], ...]


@lru_cache(maxsize=16384)
def _of_principals(principal: _Pairs | None, not_principal: _Pairs | None, layer: Layer, trust: bool) -> frozenset[str]:
    codes = set()
    if trust and not_principal is not None:
        codes.add("ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL")
    for kind, text in principal or not_principal or ():
        if (text == "*" and kind in ("*", "AWS")) or "${" in text:
            continue
        if has_wildcard(text):
            codes.add("UNSUPPORTED_WILDCARD_IN_PRINCIPAL")
        elif kind == "Service" and not _service.fullmatch(text):
            codes.add("INVALID_SERVICE_PRINCIPAL_FORMAT")
        elif kind == "Federated" and layer is Layer.RESOURCE and not trust:
            codes.add("FEDERATED_PRINCIPAL_NOT_SUPPORTED")
        elif kind == "AWS" and not (_account.fullmatch(text) or _unique_id.fullmatch(text)):
            if not text.startswith("arn:"):
                codes.add("INVALID_ARN_PREFIX")
            elif text.count(":") < 5:
                codes.add("MISSING_ARN_FIELD")
            elif not _principal_arn.match(text):
                codes.add("INVALID_ARN_RESOURCE")
            elif ":group/" in text:
                codes.add("UNSUPPORTED_PRINCIPAL")
    return frozenset(codes)


def _of_rcp(one: Statement) -> set[str]:
    """Return the lint codes of an RCP's statement.

    Organizations User Guide, "RCP syntax"
    (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html).
    """
    codes = set()
    if one.principal not in _EVERYBODY:
        codes.add("RCP_SYNTAX_ERROR_PRINCIPAL")
    if one.effect == "Allow":
        if one.resource != ("*",) or one.conditions:
            codes.add("RCP_SYNTAX_ERROR_ALLOW")
    elif one.action is None:
        codes.add("RCP_SYNTAX_ERROR_NOTACTION")
    elif any(text.partition(":")[0].lower() not in rcp_services() for text in one.action):
        codes.add("RCP_SYNTAX_ERROR_ACTION")
    return codes
