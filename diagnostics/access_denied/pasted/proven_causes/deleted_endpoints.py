"""Report that a Deny requires a VPC endpoint that the text shows as deleted. No request can use that endpoint."""

from __future__ import annotations

import re
from dataclasses import replace

from diagnostics.access_denied.pasted.finding import LAYERS_IN_WORDS, Finding
from diagnostics.fix import Fix, Note
from diagnostics.who import OWNERS, Who
from iam.lazy_pattern import regex
from iam.policy.match import names_action
from iam.policy.statements import Statement
from iam.words import listing

_ENDPOINT = regex(r"\b(?P<id>vpce-[0-9a-f]{8,17})\b(?P<rest>(?:(?!\bvpce-)[^\n]|\n(?=[ \t]*\"))*)")
_SERVICE = regex(r"\bcom\.amazonaws\.[\w.-]+")
_STATE = regex(
    r"(?<!not )(?P<gone>\b(?:deleted|deleting|(?:does not|no longer) exists?|not found)\b)|\bavailable\b", re.IGNORECASE
)
"""States of the EC2 API Reference, "VpcEndpoint", and how a text says that an endpoint does not exist
(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEndpoint.html)."""
_CHANGES_POLICY = {"s3": "s3:PutBucketPolicy", "sqs": "sqs:SetQueueAttributes"}


def of_a_deleted_endpoint(finding: Finding, text: str, action: str) -> Finding:
    """Return the finding with another fix if every endpoint that the statement requires is shown as deleted."""
    shown = ((one.document, one.statement) for one in finding.evidence)
    statements = [document.statements[index] for document, index in shown if document and index is not None]
    wanted = {
        value
        for statement in statements
        for each in statement.conditions
        if each.key.lower() == "aws:sourcevpce" and "Not" in each.operator
        for value in each.values
    }
    states: dict[str, tuple[str, bool]] = {}
    for found in _ENDPOINT.finditer(text) if wanted else ():
        service = _SERVICE.search(found["rest"])
        if (state := _STATE.search(found["rest"])) is not None:
            states[found["id"]] = (service[0] if service else "", state["gone"] is not None)
    if not wanted or not all(states.get(each, ("", False))[1] for each in wanted):
        return finding
    services = {states[each][0] for each in wanted}
    new = [each for each, (service, gone) in states.items() if not gone and service in services]
    how = (
        f"No request can come through {listing(sorted(wanted))}, which {'is' if len(wanted) == 1 else 'are'} deleted: "
        f"write {listing(new, 'or') if new else 'an endpoint that exists'} in aws:SourceVpce instead."
    )
    if any(_locks(each, action) for each in statements):
        how += (
            " The Deny also covers changes of this policy: make the change as the root user of the resource's account, "
            "or from the organization's management account (sts:AssumeRoot)."
        )
    place = f"the {LAYERS_IN_WORDS.get(finding.layer, 'policy')} in the text"
    owner = OWNERS.get(finding.layer, Who.ACCOUNT_ADMIN)
    return replace(
        finding, fix=Fix("Replace the deleted endpoint in the condition", owner, Note(place, how)), further=()
    )


def _locks(statement: Statement, action: str) -> bool:
    """Return whether a statement of a resource's policy denies everyone permission to change the policy.

    IAM User Guide, "Perform a privileged task on an AWS Organizations member account": a queue or bucket policy that
    denies all principals (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user-privileged-task.html).
    """
    change = _CHANGES_POLICY.get(action.partition(":")[0].lower())
    everybody = any(value == "*" for _, value in statement.principal or ())
    return change is not None and everybody and names_action(statement.action or (), change)
