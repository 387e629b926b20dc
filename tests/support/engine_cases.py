"""The worked examples of policy evaluation."""

from __future__ import annotations

from pathlib import Path

CASES = Path(__file__).parents[1] / "conformance" / "engine_cases.jsonl"


# Cases in which an RCP denies SNS or Lambda, which are not on AWS's list of services that support RCPs
# (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html): what AWS decides.
WITHOUT_RCPS = {149: "implicitDeny", 176: "implicitDeny", 238: "allowed", 289: "explicitDeny"}
