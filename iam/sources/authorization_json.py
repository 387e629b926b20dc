"""Parse AWS's record of a denial, as returned by GetRequestAuthorizationDetails or printed by the CLI."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from iam.policy.document import Document
from iam.policy.layer import Layer
from iam.sources.json_values import UnknownWord
from iam.sources.reader.authorization import (
    AuthorizationCheck,
    AuthorizationRecord,
    MatchedPolicy,
    RecordedEvaluation,
    RecordedPolicy,
)
from iam.sources.reader.reading import Reading
from iam.sources.reader.recorded_effect import Effect

_CHECKS = {
    "SERVICE_CONTROL_POLICY": Layer.SCP,
    "RESOURCE_CONTROL_POLICY": Layer.RCP,
    "VPC_ENDPOINT": Layer.VPC_ENDPOINT,
    "RESOURCE": Layer.RESOURCE,
    "PRINCIPAL": Layer.IDENTITY,
    "PERMISSIONS_BOUNDARY": Layer.BOUNDARY,
    "SESSION": Layer.SESSION,
}
_POLICIES = {
    "SERVICE_CONTROL_POLICY": Layer.SCP,
    "RESOURCE_CONTROL_POLICY": Layer.RCP,
    "VPC_ENDPOINT_POLICY": Layer.VPC_ENDPOINT,
    "RESOURCE_BASED_POLICY": Layer.RESOURCE,
    "IDENTITY_BASED_POLICY": Layer.IDENTITY,
    "PERMISSIONS_BOUNDARY": Layer.BOUNDARY,
    "SESSION_POLICY": Layer.SESSION,
}


def read_authorization(
    authorization_id: str, answer: Mapping[str, Any], document: Callable[[str], Reading[Document]]
) -> AuthorizationRecord:
    """Return the record in a response that contains all pages. ``document`` reads a policy by its URI.

    Raises `UnknownWord` for a value that is not known. Raises AttributeError, KeyError or TypeError if the response
    does not have AWS's structure.
    """
    shared = answer["requestContext"]
    return AuthorizationRecord(
        authorization_id,
        tuple(_evaluation(entry, shared) for entry in answer["evaluations"]),
        tuple(
            _policy(entry, layer, document(str(entry.get("uri") or "")))
            for entry in answer.get("policies") or ()
            if (layer := _POLICIES.get(str(entry.get("type"))))
        ),
    )


def _context(entry: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return condition keys in the form that the evaluation uses, with numbers and Booleans as policies write them."""

    def text(value: Any) -> str:
        return str(value).lower() if isinstance(value, bool) else str(value)

    return {
        str(key): tuple(map(text, value)) if isinstance(value, list) else (text(value),)
        for key, value in entry.items()
        if value is not None
    }


def _effect(value: Any) -> Effect:
    if value not in tuple(Effect):
        raise UnknownWord("the effect", value)
    return Effect(value)


def _evaluation(entry: Mapping[str, Any], shared: Mapping[str, Any]) -> RecordedEvaluation:
    checks = entry.get("checks")
    return RecordedEvaluation(
        str(entry["action"]),
        str(entry["resource"]),
        _effect(entry.get("evaluatedEffect")),
        _context({**shared, **(entry.get("context") or {})}),
        None if checks is None else tuple(_checks(checks)),
    )


def _checks(entries: Iterable[Mapping[str, Any]]) -> Iterator[AuthorizationCheck]:
    """Yield the checks of the layers that are known here. Raises `UnknownWord` if a check of another type denies."""
    for entry in entries:
        if entry.get("checkType") in _CHECKS:
            yield _check(entry)
        elif _effect(entry.get("evaluatedEffect")) in (Effect.EXPLICIT_DENY, Effect.IMPLICIT_DENY):
            raise UnknownWord("the check", entry.get("checkType"))


def _check(entry: Mapping[str, Any]) -> AuthorizationCheck:
    return AuthorizationCheck(
        _CHECKS[entry["checkType"]],
        _effect(entry.get("evaluatedEffect")),
        entry.get("targetArn"),
        tuple(
            MatchedPolicy(
                str(policy.get("uri") or ""),
                tuple(str(one["sid"]) for one in policy.get("matchedStatements") or () if one.get("sid")),
            )
            for policy in entry.get("matchedPolicies") or ()
        ),
        "RESOURCE_BASED_POLICY" in (entry.get("relevantPolicyTypes") or ()),
    )


def _policy(entry: Mapping[str, Any], layer: Layer, reading: Reading[Document]) -> RecordedPolicy:
    attached = tuple(str(one["arn"]) for one in entry.get("attachedTo") or () if one.get("arn"))
    why = reading.why or (reading.note if reading.value is None else "")
    return RecordedPolicy(layer, str(entry.get("uri") or ""), bool(entry.get("inline")), attached, reading.value, why)
