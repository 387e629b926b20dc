"""A workgroup of Athena that writes the results of queries elsewhere than the client is set to."""

from __future__ import annotations

from dataclasses import replace

from diagnostics.failure import Denial
from diagnostics.text.answer.single_cause.decision import Decision, decide
from diagnostics.who import Who
from iam.lazy_pattern import regex

_WRITTEN = regex(
    r"\bwhen writing (?:output to url|to location): s3://(?P<bucket>[a-z0-9][a-z0-9.-]+)/(?P<key>[^\s\"']*)", 2
)
_SET = regex(
    r"\b(?:output[_ ]?location|s3_(?:staging|output)_dir|s3_output(?:_location)?|s3_data_dir)\b[\"']?\s*[:=]\s*[\"']?"
    r"s3://(?P<bucket>[a-z0-9][a-z0-9.-]+)",
    2,
)


def of_a_workgroup(denial: Denial) -> Decision | None:
    """Return the decision that Athena writes to another bucket than the client's settings name; else None.

    Amazon Athena User Guide, "Override client-side settings"
    (https://docs.aws.amazon.com/athena/latest/ug/workgroups-settings-override.html).
    """
    text = denial.pasted or denial.text
    written = _WRITTEN.search(text)
    settings = {each["bucket"] for each in _SET.finditer(text)} if written is not None else set()
    if written is None or len(settings) != 1 or written["bucket"] in settings:
        return None
    to, (own,) = written["bucket"], settings
    decision = decide(
        "identity.resource-mismatch",
        f"Athena writes to {to}, and the client is set to {own}",
        f"Athena writes the results to {to}, although the client is set to {own}: most likely the workgroup overrides "
        "the client's output location, and the caller is not allowed to write there.",
        f"Let the caller write to {to}, or the results go to {own}",
        Who.ACCOUNT_ADMIN,
        "the caller's policies, or the workgroup",
        f"Either allow the caller s3:PutObject and s3:GetObject on arn:aws:s3:::{to}/* and s3:GetBucketLocation and "
        f"s3:ListBucket on arn:aws:s3:::{to}, or set the workgroup's own location to {own} or turn off Override "
        "client-side settings (EnforceWorkGroupConfiguration): aws athena get-work-group --work-group WORKGROUP shows "
        "both.",
    )
    return replace(decision, nearer=True)
