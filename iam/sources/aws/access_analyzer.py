"""Read the findings of IAM Access Analyzer in every Region in use, because each Region has its own analyzers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from iam.access_analyzer import Analyzer, AnalyzerFinding, AnalyzerReport
from iam.sources.aws.session import Aws, Patience, unread_regions
from iam.sources.json_values import time_of
from iam.sources.reader.reading import Reading

MOST_DETAILS = 100
"""The maximum number of findings whose details are read. Each takes one call."""

_LIST = "access-analyzer:ListAnalyzers"
_ENTITIES = ("AWS::IAM::Role", "AWS::IAM::User")


def analyzer_report(aws: Aws, account: str) -> Reading[AnalyzerReport]:
    """Read the findings about external, unused and internal access of the account's roles and users.

    Internal access is access to the account's resources. An organization's analyzer has findings about all its
    accounts; only those about this account are read.
    """
    details = 0
    missing: list[str] = []

    def question(region: str) -> Iterator[Analyzer | AnalyzerFinding]:
        nonlocal details
        for analyzer in analyzers_in[region]:
            yield analyzer
            for summary in _summaries(aws, region, analyzer, account):
                details += 1
                detail = _details(aws, region, analyzer, summary) if details <= MOST_DETAILS else None
                if detail is not None and detail.value is None:
                    missing.append(detail.why)
                yield _finding(analyzer, summary, detail.value if detail else None)

    listed = {region: _analyzers(aws, region) for region in aws.regions}
    analyzers_in = {region: reading.value for region, reading in listed.items() if reading.value is not None}
    unread = unread_regions(listed)
    if not analyzers_in:
        return Reading(_LIST, why=unread)
    found = aws.in_regions("access-analyzer:ListFindings", question, tuple(analyzers_in))
    if found.value is None:
        return Reading(found.call, why=f"{unread} {found.why}".strip())
    analyzers = tuple(one for one in found.value if isinstance(one, Analyzer))
    # Roles and users belong to no Region, so the analyzer of every Region reports them.
    unique = {
        (one.kind, one.resource, one.principals, one.what, "" if one.detailed else one.id): one
        for one in found.value
        if isinstance(one, AnalyzerFinding)
    }
    note = f"{unread} {found.note}".strip()
    if missing:
        counted = f"details of {len(missing)} {'finding' if len(missing) == 1 else 'findings'}"
        note = f"{note} The {counted} could not be read: {missing[0]}".strip()
    return Reading(found.call, AnalyzerReport(analyzers, tuple(unique.values())), note=note)


def _analyzers(aws: Aws, region: str) -> Reading[list[Analyzer]]:
    """Read a Region's active analyzers, with a short timeout and few retries.

    The review can then still finish if the service cannot be reached.
    """
    pages = partial(aws.pages, "accessanalyzer", "list_analyzers", "analyzers", region, patience=Patience.WITNESS)

    def read() -> list[Analyzer]:
        return [_analyzer(each) for each in pages() if each.get("status") not in ("CREATING", "DISABLED", "FAILED")]

    return aws.witness(_LIST, partial(aws.read, _LIST, read))


def _analyzer(entry: Mapping[str, Any]) -> Analyzer:
    unused = (entry.get("configuration") or {}).get("unusedAccess") or {}
    return Analyzer(str(entry["arn"]), str(entry.get("type") or ""), unused.get("unusedAccessAge"))


def _summaries(aws: Aws, region: str, analyzer: Analyzer, account: str) -> Iterator[Mapping[str, Any]]:
    """Yield the summaries of active findings.

    For internal access, the resource is a bucket, a table or a snapshot. The principal, a role or user, is only in the
    details.
    """
    wanted: dict[str, Any] = {"status": {"eq": ["ACTIVE"]}, "resourceOwnerAccount": {"eq": [account]}}
    if not analyzer.type.endswith("INTERNAL_ACCESS"):
        wanted["resourceType"] = {"eq": list(_ENTITIES)}
    pages = aws.pages(
        "accessanalyzer",
        "list_findings_v2",
        "findings",
        region=region,
        patience=Patience.WITNESS,
        analyzerArn=analyzer.arn,
        filter=wanted,
    )
    yield from (entry for entry in pages if entry.get("status") not in ("ARCHIVED", "RESOLVED"))


def _details(aws: Aws, region: str, analyzer: Analyzer, summary: Mapping[str, Any]) -> Reading[list[Mapping[str, Any]]]:
    call = "access-analyzer:GetFinding"
    given: dict[str, Any] = {"analyzerArn": analyzer.arn, "id": summary["id"], "patience": Patience.WITNESS}
    pages = partial(aws.pages, "accessanalyzer", "get_finding_v2", "findingDetails", region, **given)
    return aws.witness(call, lambda: aws.read(call, lambda: list(pages())))


def _finding(
    analyzer: Analyzer, summary: Mapping[str, Any], details: list[Mapping[str, Any]] | None
) -> AnalyzerFinding:
    # The details are a union: each entry has one member.
    detail = [part for entry in details or () for part in entry.values() if isinstance(part, Mapping)]
    return AnalyzerFinding(
        id=str(summary["id"]),
        kind=str(summary.get("findingType") or ""),
        resource=str(summary.get("resource") or ""),
        analyzer=analyzer.arn,
        resource_type=str(summary.get("resourceType") or ""),
        principals=tuple(dict.fromkeys(str(who) for part in detail for who in (part.get("principal") or {}).values())),
        what=tuple(dict.fromkeys(name for part in detail for name in _what(part))),
        public=any(part.get("isPublic") is True for part in detail),
        last_accessed=max((when for part in detail if (when := time_of(part, "lastAccessed"))), default=None),
        detailed=details is not None,
    )


def _what(part: Mapping[str, Any]) -> Iterator[str]:
    service = part.get("serviceNamespace")
    actions = part.get("actions")
    if service and actions:
        yield from (f"{service}:{each['action']}" if ":" not in each["action"] else each["action"] for each in actions)
    elif service:
        yield f"{service}:*"
    if key := part.get("accessKeyId"):
        yield f"access key …{str(key)[-4:]}"
    yield from map(str, part.get("action") or ())
