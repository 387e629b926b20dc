"""Evaluate AWS's record with the local engine: the same request with the recorded policies, compared check by check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from diagnostics.access_denied.case import Case
from diagnostics.access_denied.evidence.simulator import with_region
from diagnostics.diagnosis import CaseFile, Evidence, Status, Step
from diagnostics.words import word_of
from iam.layers import FIELD_OF_LAYER
from iam.policy.document import Document, PolicyError
from iam.policy.edits import statements_of
from iam.policy.evaluate import evaluate
from iam.policy.layer import Layer, LayerResult
from iam.policy.request import NamedPolicy, Policies, Request
from iam.sources.reader.recorded_effect import Effect
from iam.words import listing

if TYPE_CHECKING:
    from iam.sources.reader.authorization import AuthorizationCheck, AuthorizationRecord, RecordedEvaluation

_SAME = {
    Effect.ALLOW: {LayerResult.ALLOWED},
    Effect.IMPLICIT_DENY: {LayerResult.IMPLICIT_DENY, LayerResult.NOT_APPLICABLE},
    Effect.EXPLICIT_DENY: {LayerResult.EXPLICIT_DENY},
    Effect.NO_IMPACT: {LayerResult.IMPLICIT_DENY, LayerResult.NOT_APPLICABLE},
}
_WORDS = {
    LayerResult.ALLOWED: "allow",
    LayerResult.IMPLICIT_DENY: "implicit deny",
    LayerResult.EXPLICIT_DENY: "explicit deny",
    LayerResult.NOT_APPLICABLE: "none",
}


def request_of(entry: RecordedEvaluation, principal: str | None) -> Request:
    return Request(principal, entry.action, entry.resource or "*", context=entry.context)


def policies_as_they_were(record: AuthorizationRecord, entry: RecordedEvaluation) -> Policies:
    """Return the recorded policies by layer; those of the organization by level, from the root.

    A layer with a missing document counts as unread. Several policies of one resource are combined.
    """
    named: dict[Layer, list[NamedPolicy]] = {layer: [] for layer in Layer}
    unread: set[str] = set()
    levels: dict[tuple[Layer, str], list[NamedPolicy]] = {
        (check.layer, check.target or ""): [] for check in entry.checks or () if check.layer in (Layer.SCP, Layer.RCP)
    }
    for policy in record.policies:
        if policy.document is None:
            unread.add(policy.layer)
            continue
        found = NamedPolicy(policy.document, policy.name, policy.arn)
        named[policy.layer].append(found)
        for target in policy.attached_to:
            if policy.layer in (Layer.SCP, Layer.RCP):
                levels.setdefault((policy.layer, target), []).append(found)

    def of_organization(layer: Layer) -> tuple[tuple[NamedPolicy, ...], ...] | None:
        return tuple(tuple(level) for (kind, _), level in levels.items() if kind is layer) or None

    return Policies(
        identity=tuple(named[Layer.IDENTITY]),
        resource=_joined(named[Layer.RESOURCE]),
        boundary=tuple(named[Layer.BOUNDARY]) or None,
        session=tuple(named[Layer.SESSION]) or None,
        scps=of_organization(Layer.SCP),
        rcps=of_organization(Layer.RCP),
        vpc_endpoint=tuple(named[Layer.VPC_ENDPOINT]) or None,
        unread=frozenset(unread),
    )


def _joined(policies: list[NamedPolicy]) -> NamedPolicy | None:
    """Combine several policies of one layer into one with all their statements."""
    if len(policies) < 2:
        return policies[0] if policies else None
    statements = [statement for policy in policies for statement in statements_of(policy.document.value)]
    return NamedPolicy(Document.from_value({"Version": "2012-10-17", "Statement": statements}), policies[0].name)


def fill_in(case: Case, record: AuthorizationRecord, entry: RecordedEvaluation) -> None:
    """Add the recorded policies to layers about which nothing else is known, and add a note about that to the case."""
    was = policies_as_they_were(record, entry)
    filled: dict[str, object] = {}
    layers = []
    for layer, field in FIELD_OF_LAYER.items():
        nothing_known = layer in case.policies.unread or (
            layer in (Layer.SESSION, Layer.VPC_ENDPOINT) and getattr(case.policies, field) is None
        )
        if nothing_known and layer not in was.unread and getattr(was, field):
            filled[field] = getattr(was, field)
            layers.append(layer)
    if not layers:
        return
    case.policies = replace(case.policies, **filled, unread=case.policies.unread - set(layers))  # type: ignore[arg-type]
    case.notes.append(f"AWS's record supplies the {listing([layer.policies for layer in layers])}, as they were then")
    case.decide()


def case_file(case: Case, record: AuthorizationRecord | None) -> CaseFile:
    """Return the case for ``rolescope evaluate``.

    It contains each evaluation in AWS's record with the recorded policies, if there is a record, and the request with
    the current policies, in the Region that was used.
    """
    evaluations = []
    for number, entry in enumerate(record.evaluations if record else (), start=1):
        policies = policies_as_they_were(record, entry) if record else Policies()
        request = request_of(entry, case.caller.arn)
        evaluations.append((f"{record.id if record else ''} {number}: {entry.effect}", request, policies))
    request, region = with_region(case)
    evaluations.append((f"now, assuming the Region {region}" if region else "now", request, case.policies))
    return CaseFile(tuple(evaluations), case.resource_known)


@dataclass(frozen=True, slots=True)
class LayerComparison:
    """The comparison of one layer's results.

    ``recorded`` is AWS's result, ``then`` the local engine's for the recorded policies (None if it has none), ``now``
    the local engine's for the current policies (None if they cannot be read).
    """

    layer: Layer
    recorded: Effect
    then: LayerResult | None
    now: LayerResult | None
    by_resource: bool = False

    @property
    def agrees(self) -> bool | None:
        """Whether AWS and the local engine agree on the recorded policies; None if the record is incomplete.

        If the resource's policy allows the request, AWS may record that an identity policy check passed although no
        identity policy has an Allow. This counts as agreement.
        """
        if self.then is None:
            return None
        return self.then in _SAME[self.recorded] or (self.recorded is Effect.ALLOW and self.by_resource)

    @property
    def changed(self) -> bool:
        """Whether the current policies lead to a result that differs from the recorded one.

        An organization without SCPs or RCPs limits nothing, so a recorded Allow of such a layer counts as unchanged.
        """
        if self.now is None or self.now in _SAME[self.recorded]:
            return False
        no_limit = self.layer in (Layer.SCP, Layer.RCP) and self.now is LayerResult.NOT_APPLICABLE
        return not (self.recorded is Effect.ALLOW and (self.by_resource or no_limit))


def compared(case: Case, record: AuthorizationRecord, entry: RecordedEvaluation) -> tuple[LayerComparison, ...]:
    """Return a comparison for each layer in AWS's checks."""
    policies = policies_as_they_were(record, entry)
    try:
        then = evaluate(request_of(entry, case.caller.arn), policies).layers
    except PolicyError:
        then = None

    def was(layer: Layer) -> LayerResult | None:
        conclusive = layer not in policies.unread and _is_conclusive(
            record, [check for check in entry.checks or () if check.layer is layer]
        )
        return then.get(layer, LayerResult.NOT_APPLICABLE) if then is not None and conclusive else None

    rows = ((layer, _compared(case, layer, was(layer))) for layer in Layer)
    return tuple(row for _, row in rows if row is not None)


def _compared(case: Case, layer: Layer, then: LayerResult | None) -> LayerComparison | None:
    entry = case.recorded
    recorded = entry.effect_of(layer) if entry is not None else None
    if entry is None or recorded is None:
        return None
    unread = layer in case.policies.unread or (layer is Layer.SESSION and case.policies.session is None)
    by_resource = any(check.by_resource for check in entry.checks or () if check.layer is layer)
    return LayerComparison(layer, recorded, then, None if unread else case.result(layer), by_resource)


def as_recorded(case: Case, layer: Layer) -> bool | None:
    """Return whether a layer still has the result that AWS recorded, or None if one of the results is unknown."""
    row = _compared(case, layer, None)
    return None if row is None or row.now is None else not row.changed


def _is_conclusive(record: AuthorizationRecord, checks: Iterable[AuthorizationCheck]) -> bool:
    """Return whether the record has the statement and policy behind each decided check. AWS may omit some of them."""
    listed = {policy.uri for policy in record.policies if policy.document is not None}
    decided = [check for check in checks if check.effect in (Effect.ALLOW, Effect.EXPLICIT_DENY)]
    return all(check.matched and all(one.uri in listed for one in check.matched) for check in decided)


def comparison_step(case: Case, record: AuthorizationRecord, entry: RecordedEvaluation) -> Iterator[Step]:
    """Yield the step that compares the record with the local engine; nothing if AWS recorded no checks."""
    rows = compared(case, record, entry)
    if not rows:
        return
    same = [row.layer.policies for row in rows if row.agrees]
    differ = [row.layer.policies for row in rows if row.agrees is False]
    incomplete = [row.layer.policies for row in rows if row.agrees is None]
    changed = [row.layer.policies for row in rows if row.changed]
    said = []
    if differ:
        said.append(f"with the same policies, the local engine decides otherwise for the {listing(differ)}")
    elif same:
        of_those = f" for the {listing(same)}" if incomplete else ""
        said.append(f"with the policies as they were then, the local engine decides the same{of_those}")
    if incomplete:
        said.append(f"not shown in full: {listing(incomplete)}")
    if changed:
        said.append(f"changed since: {listing(changed)}")
    status = Status.FAIL if differ else Status.UNKNOWN if incomplete or changed else Status.PASS
    evidence = [_row(case, row) for row in rows]
    evidence += [
        Evidence(
            text=f"the earlier document of {policy.name} cannot be read: {policy.why}", layer=word_of(policy.layer)
        )
        for policy in record.policies
        if policy.document is None
    ]
    yield Step("record-compared", "AWS's record and the local engine", status, "; ".join(said), tuple(evidence))


def _row(case: Case, row: LayerComparison) -> Evidence:
    then = _WORDS[row.then] if row.then is not None else "unknown"
    now = _WORDS[row.now] if row.now is not None else "cannot be read"
    said = f"AWS {row.recorded.words}, local engine {then} on the same policies; with the current policies: {now}"
    return Evidence(text=f"{row.layer.policies}: {said}", layer=case.word(row.layer))
