"""The escalation paths of a review as a graph of who can become an administrator, and how."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from diagnostics.graph import Edge
from diagnostics.review.finding import Finding
from iam.arn import resource_of

ADMINISTRATOR = "administrator"


def path_edges(findings: Iterable[Finding]) -> Iterator[Edge]:
    """Yield an edge for each step, from its principal to the next step's principal. Accepted findings are left out."""
    for one in findings:
        if one.accepted is not None or not one.path:
            continue
        after = [resource_of(hop.who) for hop in one.path[1:]]
        for hop, target in zip(one.path, (*after, ADMINISTRATOR), strict=True):
            yield Edge(resource_of(hop.who), target, f"{', '.join(hop.actions)} on {resource_of(hop.on)}")
