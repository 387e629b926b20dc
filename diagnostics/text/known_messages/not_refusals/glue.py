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

GLUE_ICEBERG_ENDPOINT: tuple[System, ...] = (
    # DuckDB's extension iceberg; AWS Glue Developer Guide, "AWS Glue REST APIs for Apache Iceberg specifications"
    # (https://docs.aws.amazon.com/glue/latest/dg/iceberg-rest-apis.html).
    made_system(
        "Glue's Iceberg endpoint",
        "Allow glue:GetCatalog on the catalog (arn:aws:glue:REGION:ACCOUNT:catalog), and glue:GetDatabase(s), "
        "glue:GetTable(s) on databases and tables. If they are allowed, compare the Region and the credentials of the "
        "secret (FROM duckdb_secrets()) with those that work; with Lake Formation the caller also needs "
        "lakeformation:GetDataAccess.",
        r"Request to '(?:https?://)?glue\.[\w-]+\.amazonaws\.com/iceberg/v1/[^'\n]{0,300}' returned a non-200 status "
        r"code \(Forbidden_403\)",
        "non-200 status code (forbidden_403)",
        sure=False,
        verdict="Glue's Iceberg REST endpoint refused the caller without a reason (403). Unlike Glue's own API, which "
        "other clients use, it also needs glue:GetCatalog: most often that is missing.",
        title="Allow glue:GetCatalog to the caller, and compare the secret's credentials",
    ),
)
