"""Whether IAM saves a document with a certain lint finding, and the error message if it does not.

IAM checks the grammar of a policy when it is saved, and little else: "IAM policy validation"
(https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_policy-validator.html). Access Analyzer's checks go
further, and most of its errors do not prevent saving. A finding that is in no table here does not prevent saving. The
messages are IAM's, as quoted in issue trackers and moto.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from iam.policy.document import Document
from iam.policy.lint.finding import LintFinding, PolicyKind
from iam.policy.statements import Path

_GRAMMAR = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html"
_ELEMENTS = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements"
_ARNS = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why IAM rejects a document.

    ``message`` is IAM's error message, with ``…`` for parts that depend on the document, or "" if it is unknown.
    ``page`` is the documentation page that states the rule.
    """

    message: str
    page: str


_SYNTAX = Refusal("Syntax errors in policy.", _GRAMMAR)
_NO_ACTIONS = Refusal("Policy statement must contain actions.", f"{_ELEMENTS}_action.html")
_NO_RESOURCES = Refusal("Policy statement must contain resources.", f"{_ELEMENTS}_resource.html")
_PRINCIPAL = Refusal("Invalid principal in policy: …", f"{_ELEMENTS}_principal.html")
_NO_PRINCIPAL = Refusal("Missing required field Principal", f"{_ELEMENTS}_principal.html")

_IN_ANY: Mapping[str, Refusal] = {
    "JSON_SYNTAX_ERROR": Refusal("This policy contains invalid Json", _GRAMMAR),
    "DATA_TYPE_MISMATCH": _SYNTAX,
    "INVALID_POLICY_ELEMENT": _SYNTAX,
    "INVALID_VERSION": _SYNTAX,
    "MISSING_EFFECT": _SYNTAX,
    "INVALID_EFFECT": _SYNTAX,
    "MISSING_STATEMENT": _SYNTAX,
    "UNSUPPORTED_ELEMENT_COMBINATION": _SYNTAX,
    "INVALID_CONDITION_OPERATOR": _SYNTAX,
    "NULL_WITH_IF_EXISTS": _SYNTAX,
    "MISSING_ACTION": _NO_ACTIONS,
    "EMPTY_ARRAY_ACTION": _NO_ACTIONS,
    "UNSUPPORTED_SID": Refusal(
        "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression "
        "[0-9A-Za-z]*",
        f"{_ELEMENTS}_sid.html",
    ),
    "UNIQUE_SIDS_REQUIRED": Refusal("Statement IDs (SID) in a single policy must be unique.", f"{_ELEMENTS}_sid.html"),
    "INVALID_CONDITION_KEY_FORMAT": Refusal(
        "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.", f"{_ELEMENTS}_condition.html"
    ),
}
_IN_IDENTITY: Mapping[str, Refusal] = {
    "MISSING_RESOURCE": _NO_RESOURCES,
    "EMPTY_ARRAY_RESOURCE": _NO_RESOURCES,
    "UNSUPPORTED_PRINCIPAL": Refusal("Policy document should not specify a principal.", f"{_ELEMENTS}_principal.html"),
    "INVALID_PARTITION": Refusal('Partition "…" is not valid for resource "…".', _ARNS),
    "INVALID_ARN_PREFIX": Refusal('Resource … must be in ARN format or "*".', f"{_ELEMENTS}_resource.html"),
    "ARN_REGION_NOT_ALLOWED": Refusal("IAM resource … cannot contain region information.", _ARNS),
}
_IN_TRUST: Mapping[str, Refusal] = {
    "MISSING_PRINCIPAL": _NO_PRINCIPAL,
    "EMPTY_ARRAY_PRINCIPAL": _NO_PRINCIPAL,
    "EMPTY_OBJECT_PRINCIPAL": _NO_PRINCIPAL,
    "INVALID_PRINCIPAL_KEY": _PRINCIPAL,
    "INVALID_PRINCIPAL_FORMAT": _PRINCIPAL,
    "INVALID_SERVICE_PRINCIPAL_FORMAT": _PRINCIPAL,
    "UNSUPPORTED_WILDCARD_IN_PRINCIPAL": _PRINCIPAL,
    "UNSUPPORTED_PRINCIPAL": _PRINCIPAL,
    "INVALID_ARN_PREFIX": _PRINCIPAL,
    "INVALID_ARN_RESOURCE": _PRINCIPAL,
    "INVALID_ARN_ACCOUNT": _PRINCIPAL,
    "MISSING_ARN_FIELD": _PRINCIPAL,
    "INVALID_PARTITION": _PRINCIPAL,
    "INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY": Refusal(
        "Federated principals must be valid domain names or SAML metadata ARNs", f"{_ELEMENTS}_principal.html"
    ),
    "UNSUPPORTED_ACTION_IN_POLICY": Refusal(
        "AssumeRole policy may only specify STS AssumeRole actions.", f"{_ELEMENTS}_action.html"
    ),
    "ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE": Refusal("Has prohibited field Resource", f"{_ELEMENTS}_resource.html"),
    "ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL": Refusal("", f"{_ELEMENTS}_notprincipal.html"),
}
REFUSED: Mapping[PolicyKind, Mapping[str, Refusal]] = {
    PolicyKind.IDENTITY: {**_IN_ANY, **_IN_IDENTITY},
    PolicyKind.BOUNDARY: {**_IN_ANY, **_IN_IDENTITY},
    PolicyKind.TRUST: {**_IN_ANY, **_IN_TRUST},
}


def refusal_of(finding: LintFinding, document: Document, kind: PolicyKind) -> Refusal | None:
    """Return why this finding makes IAM reject the document, or None if IAM saves it.

    None also for documents that IAM does not store: resource policies, SCPs and RCPs. IAM is known to reject a Region
    in an ARN only for IAM's own resources and S3's.
    """
    refusal = REFUSED.get(kind, {}).get(finding.code)
    if finding.code == "ARN_REGION_NOT_ALLOWED" and refusal is not None:
        service = _service_at(document, finding.path)
        return refusal if service in ("iam", "s3") else None
    return refusal


def _service_at(document: Document, path: Path) -> str:
    value: Any = document.value
    for step in path:
        value = value[step]
    return value.split(":")[2] if isinstance(value, str) and value.count(":") > 2 else ""
