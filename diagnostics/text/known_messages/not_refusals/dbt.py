"""The row for the target in dbt's profiles.yml."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, documented

DBT: tuple[System, ...] = (
    # dbt, "Athena setup" and "Redshift setup": the required fields of a profile
    # (https://docs.getdbt.com/docs/core/connect-data-platform/athena-setup).
    documented(
        "the target in dbt's profiles.yml",
        "The target in dbt's profiles.yml lacks a required field: the message names it after “invalid:”. AWS was not "
        "called.",
        "Athena requires s3_staging_dir, region_name, database and schema. dbt debug shows which profiles.yml is read.",
        'Credentials in profile "{}", target "{}" invalid: {} is a required property',
        title="Add the field to the target in profiles.yml",
    ),
)
