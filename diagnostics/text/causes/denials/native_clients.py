"""The cause that a program with an SDK of its own did not use the profile with which the AWS CLI works."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import contains
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.who import Who

_PYARROW = r"\bpyarrow\b|\bAWS Error (?:ACCESS_DENIED|\[code 15\]) during\b"
_DUCKDB = r"\bduck[-_ ]?db\b|\bCREDENTIAL_CHAIN\b"
_SSO = (
    r"\baws sso login\b|\bsso[_-](?:session|start_url|account_id)\b|\bSSO (?:profile|session|login|credentials)\b"
    r"|\bAWSReservedSSO_"
)
_ANONYMOUS = r"\bAnonymous users cannot\b[^\n.]{0,60}"
_GIVEN = r"\baccess_key\s*=|\bKEY_ID\s+'|\bstorage_options\s*=|\banonymous\s*=\s*True\b|\bexport-credentials\b"
_PANDAS = r"\bpandas\b|\bpd\.(?:read|to)_parquet\b|\.to_parquet\("


def profile_not_used(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if pyarrow or DuckDB was refused without a reason, and the text uses IAM Identity Center.

    Apache Arrow's issues on profiles of IAM Identity Center and on roles in a profile
    (https://github.com/apache/arrow/issues/38013, https://github.com/apache/arrow/issues/39304), and DuckDB's
    (https://github.com/duckdb/duckdb-aws/issues/62).
    """
    if signs.denial.principal or signs.denial.stated_reason or signs.service not in ("", "s3"):
        return
    unsigned = signs.quote(_ANONYMOUS)
    arrow = signs.says(_PYARROW)
    said = unsigned or signs.quote(_SSO)
    if not said or not (arrow or (signs.says(_DUCKDB) and signs.says(r"\b403\b"))) or signs.says(_GIVEN):
        return
    name = "pyarrow" if arrow else "DuckDB"
    sent = (
        f"{name} sent the request without credentials" if unsigned else f"Most likely {name} did not use that session"
    )
    pandas = (
        " Newer versions of pandas (2.1) read Parquet with pyarrow, where older ones used s3fs and so boto3's chain; "
        "filesystem=s3fs.S3FileSystem() brings that back."
        if arrow and signs.says(_PANDAS)
        else ""
    )
    yield FirstLook(
        f"{sent}: it finds credentials with an SDK of its own (AWS SDK for C++), not as the AWS CLI and boto3 "
        'do. Export the session for it: eval "$(aws configure export-credentials --format env)", then run the program '
        f"in that shell.{pandas} Change no policy before that.",
        contains(said),
        "aws configure list",
        Who.CALLER,
    )
