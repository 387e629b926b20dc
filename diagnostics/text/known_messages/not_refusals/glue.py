"""Rows for AWS Glue: concurrent runs, the Iceberg REST endpoint."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import NONE_MISSING, System, made_system

GLUE_CONCURRENT_RUNS: tuple[System, ...] = (
    # AWS Glue web API reference, "ExecutionProperty": MaxConcurrentRuns, 1 unless set
    # (https://docs.aws.amazon.com/glue/latest/webapi/API_ExecutionProperty.html).
    made_system(
        "the limit of concurrent runs",
        "Another run has not finished yet: wait for it, stop it, or allow more concurrent runs (Glue: "
        f"MaxConcurrentRuns, 1 unless set). {NONE_MISSING}",
        r"\bConcurrentRunsExceeded(?:Exception)?\b|Concurrent\s+runs\s+exceeded",
        "concurrentrunsexceeded",
        "concurrent runs exceeded",
        verdict="Another run of the same job has not finished yet. A missing permission is not the cause.",
    ),
)
