"""S3 Block Public Access, which overrides every policy."""

from __future__ import annotations

from diagnostics.access_denied.case import Case
from diagnostics.diagnosis import Evidence, Status, Step
from iam.arn import name_of, service_of
from iam.words import listing


def public_access_step(case: Case) -> Step | None:
    """Return the step about S3 Block Public Access if the text names it or the request is anonymous; else None."""
    if service_of(case.request.action) != "s3" or not case.request.resource.startswith("arn:"):
        return None
    stated = case.denial.stated_reason == "s3-block-public-access"
    if not stated and case.caller.kind.value != "anonymous":
        return None
    bucket = name_of(case.request.resource.partition("/")[0])
    reading = case.owner_side.reader.public_access_block(bucket)
    title = "S3 Block Public Access"
    if reading.value is None:
        said = f"cannot be read from here: {reading.why}" if reading.why else "the bucket itself has no setting"
        return Step("block-public-access", title, Status.UNKNOWN, said)
    block = reading.value
    names = {
        "BlockPublicAcls": block.block_public_acls,
        "IgnorePublicAcls": block.ignore_public_acls,
        "BlockPublicPolicy": block.block_public_policy,
        "RestrictPublicBuckets": block.restrict_public_buckets,
    }
    on = [name for name, value in names.items() if value]
    evidence = (Evidence(text=f"on: {listing(on) or 'none'}", layer="resource", call=reading.call),)
    status = Status.FAIL if on else Status.PASS
    return Step("block-public-access", title, status, f"on for {bucket}: {listing(on) or 'nothing'}", evidence)
