"""The cause that a catalog's settings do not apply to the reads of the table's files in S3."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import contains
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.who import Who

_OF_THE_CATALOG = r"\b(?:glue|dynamodb|s3tables)\.(?:profile-name|access-key-id)\b"
_OF_THE_FILES = r"\b(?:s3|client)\.(?:access-key-id|profile-name|role-arn)\b|\bpy-io-impl\b"
_PROFILE = r"\b(?:glue|dynamodb|s3tables)\.profile-name\b"


def of_a_catalog(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if PyIceberg has credentials for its catalog only, and S3 refuses a file.

    PyIceberg, "Configuration": settings of a catalog's client and of the FileIO; client.profile-name is for fsspec
    (https://py.iceberg.apache.org/configuration/, https://github.com/apache/iceberg-python/pull/3085).
    """
    if not signs.action.startswith("s3:") or signs.denied_explicitly or signs.says(_OF_THE_FILES):
        return
    if not (said := signs.quote(_OF_THE_CATALOG)):
        return
    profile = (
        "run the program with AWS_PROFILE set to that profile"
        if signs.says(_PROFILE)
        else "set s3.access-key-id, s3.secret-access-key and s3.session-token, too"
    )
    yield FirstLook(
        f"Most likely S3 was called with other credentials: {said} applies to the catalog's client only, and PyIceberg "
        f"reads the table's files with the default credentials. Give S3 the same ones: {profile}, or use "
        "client.access-key-id and its secret and token for both. Grant nothing before that.",
        contains(said),
        "aws sts get-caller-identity",
        Who.CALLER,
    )
