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


_WORKGROUP = regex(r"\bwork_?group(?:_name)?[\"']?\s*[=:]\s*[\"']?(?P<name>[\w.-]+\w)", 2)
_REFUSED_ON = regex(r":athena:[\w-]+:\d{12}:workgroup/(?P<name>[\w.-]+)$")


def of_the_default_workgroup(denial: Denial) -> Decision | None:
    """Return the decision that the program did not pass the workgroup that the text sets; else None.

    Amazon Athena API Reference, "StartQueryExecution": without WorkGroup, the query runs in primary. AWS SDK for pandas
    did not pass it with unload_approach (https://github.com/aws/aws-sdk-pandas/issues/1202).
    """
    refused = _REFUSED_ON.search(denial.resource or "")
    named = {each["name"] for each in _WORKGROUP.finditer(denial.pasted or denial.text)} if refused else set()
    if refused is None or refused["name"] != "primary" or len(named) != 1 or "primary" in named:
        return None
    (wanted,) = named
    decision = decide(
        "identity.resource-mismatch",
        f"the query was to run in the workgroup {wanted}, and the call is for primary",
        f"The text sets the workgroup {wanted}, but the call went to primary, which Athena takes if a program passes "
        f"none: most likely the program or this version of it does not pass {wanted}. The policy needs no change.",
        f"Pass the workgroup {wanted} in the call",
        Who.CALLER,
        "the program's call",
        "Update the library: older versions of awswrangler leave the workgroup out with unload_approach=True. Until "
        f"then use another approach, or set the work group where the library reads it (WorkGroup={wanted} in "
        "StartQueryExecution).",
    )
    return replace(decision, nearer=True)
