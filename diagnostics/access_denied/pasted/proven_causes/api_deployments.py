"""Find that a stage of an API most likely still has an earlier version of the resource policy in the text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.failure import Denial
from diagnostics.fix import Fix, Note
from diagnostics.who import Who
from iam.arn import Arn
from iam.facts.deployed_policies import DEPLOYED
from iam.lazy_pattern import regex

_DEPLOYED_SINCE = regex(
    r"\bcreate-deployment\b|(?<!not )(?<!never )(?<!without )\b(?:re-?deployed|deployed (?:it |the api )?again)\b",
    re.IGNORECASE,
)


def of_an_older_deployment(denial: Denial, action: str, findings: Sequence[Finding]) -> Finding | None:
    """Return the finding that the API has to be deployed, if its resource policy in the text allows the denied call.

    ``findings`` are those of resource policies. None if AWS names another type of policy, or if the text says that the
    API was deployed after the change.
    """
    reason, _, layer = (denial.stated_reason or "").partition(":")
    api = Arn.parse(denial.resource or "")
    if action.lower() != "execute-api:invoke" or api is None or layer not in ("", "unknown", "resource"):
        return None
    if not findings or not all(each.covers for each in findings):
        return None
    if _DEPLOYED_SINCE.search(denial.pasted or denial.text):
        return None
    id, _, rest = api.resource.partition("/")
    stage = rest.partition("/")[0] or "STAGE"
    does = "does not deny this call" if reason == "explicit" else "allows this call"
    said = f"the API's resource policy {does}, so most likely stage {stage} still has an earlier version of the policy"
    note = Note(
        f"the stage {stage}",
        f"{DEPLOYED} Its options here: --rest-api-id {id} --stage-name {stage}. In Terraform, add the policy to the "
        "triggers of aws_api_gateway_deployment. The policy itself does not have to change.",
    )
    fix = Fix(f"Deploy the API to stage {stage}", Who.RESOURCE_OWNER, note)
    code = "resource.explicit-deny" if reason == "explicit" else "resource.no-action"
    return Finding(code, said, f"Deploy the API again: in the text, {said}.", fix=fix)
