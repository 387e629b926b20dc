"""The cause that a catalog's settings do not apply to the reads of the table's files in S3."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import contains
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.who import Who
from iam.lazy_pattern import regex

_OF_THE_CATALOG = r"\b(?:glue|dynamodb|s3tables)\.(?:profile-name|access-key-id)\b"
_OF_THE_FILES = r"\b(?:s3|client)\.(?:access-key-id|profile-name|role-arn)\b|\bpy-io-impl\b"
_CATALOG = regex(r"\bload_catalog\(\s*(?:name\s*=\s*)?[\"'](?P<name>[\w.-]+)[\"']")
_KEYS_OF = regex(r"\bPYICEBERG_CATALOG__(?P<name>\w+?)__(?P<kind>S3|CLIENT)__(?:ACCESS_KEY_ID|PROFILE_NAME|ROLE_ARN)\b")
_PROFILE = r"\b(?:glue|dynamodb|s3tables)\.profile-name\b"


def of_a_catalog(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if PyIceberg has credentials for its catalog only, and S3 refuses a file.

    PyIceberg, "Configuration": settings of a catalog's client and of the FileIO; client.profile-name is for fsspec
    (https://py.iceberg.apache.org/configuration/, https://github.com/apache/iceberg-python/pull/3085).
    """
    if not signs.action.startswith("s3:") or signs.denied_explicitly:
        return
    if (look := _of_another_catalog(signs)) is not None:
        yield look
        return
    if signs.says(_OF_THE_FILES):
        return
    if not (said := signs.quote(_OF_THE_CATALOG)):
        return
    profile = (
        "run the program with AWS_PROFILE set to that profile"
        if signs.says(_PROFILE)
        else "set s3.access-key-id, s3.secret-access-key and s3.session-token, too"
    )
    yield FirstLook(
        f"Most likely S3 was called with other credentials: {said} applies to the catalog's client only, and "
        f"PyIceberg reads the table's files with the default credentials. Give S3 the same credentials: {profile}, or "
        "use client.access-key-id and its secret and token for both. Grant nothing before that.",
        contains(said),
        "aws sts get-caller-identity",
        Who.CALLER,
    )


def _of_another_catalog(signs: Signs) -> FirstLook | None:
    """Return the cause if the environment has keys for one catalog of PyIceberg, and the program loads another one.

    PyIceberg, "Configuration": PYICEBERG_CATALOG__NAME__S3__ACCESS_KEY_ID sets s3.access-key-id of the catalog NAME
    (https://py.iceberg.apache.org/configuration/).
    """
    text = signs.denial.pasted or signs.denial.text
    loaded = {each["name"] for each in _CATALOG.finditer(text)} or {"default"}
    keys = {each["name"]: each for each in _KEYS_OF.finditer(text)}
    if not keys or {each.lower() for each in keys} & {each.lower() for each in loaded}:
        return None
    name, found = next(iter(keys.items()))
    wanted = next(iter(loaded))
    return FirstLook(
        f"The keys in the environment are for the catalog {name.lower()}, and the program loads the catalog {wanted}: "
        f"S3 was called with other credentials. Name the variables PYICEBERG_CATALOG__{wanted.upper()}__{found['kind']}"
        "__…, or load the other catalog. Grant nothing before that.",
        contains(found[0]),
        "env | grep ^PYICEBERG_ | cut -d= -f1",
        Who.CALLER,
    )
