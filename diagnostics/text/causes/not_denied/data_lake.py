"""Causes for tables in Iceberg catalogs and in Lake Formation."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.failure import OtherFailure, Trouble
from diagnostics.text.causes.build_causes import affirmed, contains, quoted, reading
from diagnostics.text.known_messages.not_refusals.lake_formation import LAKE_LOCATION
from diagnostics.text.read.identities.named_roles import named_roles
from diagnostics.who import Who
from iam.lazy_pattern import regex

# AWS Glue Developer Guide, "AWS Glue REST APIs for Apache Iceberg specifications"
# (https://docs.aws.amazon.com/glue/latest/dg/iceberg-rest-apis.html); the report of GetIcebergTableMetadata:
# https://github.com/duckdb/duckdb-iceberg/issues/810; Lake Formation Developer Guide, "Underlying data access control"
# (lakeformation:GetDataAccess).
_LOADS = regex(r"GET\s+\S*/namespaces/(?P<space>[^/\s]+)/tables/(?P<table>[^/\s]+)\s*->\s*403", re.IGNORECASE)


def iceberg_table(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield the cause if a client of an Iceberg REST catalog may list a table but not load it."""
    if failure.trouble is not Trouble.UNRECOGNIZED or not (found := _LOADS.search(failure.text)):
        return
    yield FirstLook(
        f"The catalog refused to load the table {found['space']}.{found['table']} (403): the table exists, and the "
        "caller is allowed to list it. Allow glue:GetCatalog, glue:GetDatabase and glue:GetTable on catalog, database "
        "and table. Users of DuckDB also report glue:GetIcebergTableMetadata, which AWS's reference does not list.",
        contains(" ".join(found[0].split())[:96]),
        None,
        Who.ACCOUNT_ADMIN,
    )
    yield FirstLook(
        "Or Lake Formation manages the table: then the caller needs SELECT on the table in Lake Formation, and "
        "lakeformation:GetDataAccess in IAM. Send the same request by hand: its answer names the denied action.",
        contains(" ".join(found[0].split())[:96]),
        None,
        Who.RESOURCE_OWNER,
    )


_GRANTED = (
    r"\brole\b[^.\n]{0,40}\b(?:has|have|had|was|were|is)\b(?! (?:no|not)\b)[^.\n]{0,20}\b(?:given|granted|got)\b"
    r"|\b(?:gave|granted|given)\b[^.\n]{0,60}\brole\b|\bpermissions? (?:were|was|are|is|have been) granted to\b"
)


_ON = regex(r"Insufficient Lake ?Formation permission(?:\(s\)|s)?:? on (?P<thing>[\w.*/-]*\w)", re.IGNORECASE)
_DATABASE = regex(
    r"\bdatabase(?:_?name)?[\"']?\s*[=:]\s*[\"'](?P<name>[\w-]+)[\"']|\(Database name: (?P<own>[\w-]+)", re.IGNORECASE
)
_ROLE = regex(r"\barn:[\w-]+:iam::\d{12}:role/(?:[\w+=,.@-]+/)*(?P<name>[\w+=,.@-]*\w)")
_CRAWLER = regex(r"\bcrawlers?\b", re.IGNORECASE)
_WIDE = regex(r"\b(?:AdministratorAccess|PowerUserAccess|AWSGlueConsoleFullAccess)\b")


def _only_role(failure: OtherFailure) -> str:
    """Return the only role that the text names, as the subject of a sentence; "" if there is none, or several."""
    names = {found["name"] for found in _ROLE.finditer(failure.text)} or set(named_roles(failure.text))
    return f"The role {names.pop()}" if len(names) == 1 else ""


def _qualified(table: str, text: str) -> str:
    """Return the table's name with the only database that the text names."""
    databases = {found["name"] or found["own"] for found in _DATABASE.finditer(text)}
    return f"{databases.pop()}.{table}" if len(databases) == 1 and "." not in table else table


def _of_a_crawler(failure: OtherFailure, caller: str, name: str, said: str, wide: str) -> FirstLook:
    """Return what a crawler needs in Lake Formation: it creates and changes tables of its output database.

    AWS Glue Developer Guide, "Crawler errors when the crawler is using Lake Formation permissions"
    (https://docs.aws.amazon.com/glue/latest/dg/error-crawler-config-lf.html).
    """
    database, _, table = name.rpartition(".")
    return FirstLook(
        f"{caller or 'The role of the crawler'} lacks Lake Formation's own permissions: a data lake administrator "
        f"grants it CREATE_TABLE, ALTER and DESCRIBE on the output database{f' {database}' if database else ''}, and "
        f"ALTER and DESCRIBE on {table} if that table exists (aws lakeformation grant-permissions). If the S3 path is "
        f"registered, the role also needs its data location permission. Policies of IAM do not replace this.{wide}",
        contains(said),
        reading("lakeformation", "list-permissions"),
        Who.RESOURCE_OWNER,
    )


def _of_a_missing_table(failure: OtherFailure, thing: str, said: str) -> FirstLook | None:
    """Return the cause if the text shows that the table does not exist; else None.

    A caller without CREATE_TABLE on the database gets this error in place of not-found: fix for Hive's client of the
    catalog (https://github.com/ExpediaGroup/waggle-dance/pull/359). AWS Lake Formation Developer Guide, "Lake Formation
    permissions reference" (https://docs.aws.amazon.com/lake-formation/latest/dg/lf-permissions-reference.html).
    """
    text, table = failure.text, re.escape(thing.rpartition(".")[2])
    created = rf"\bCREATE\s+(?:EXTERNAL\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?[`\"]?(?:(\w+)[`\"]?\.[`\"]?)?{table}\b"
    missing = quoted(
        text,
        rf"{created}|--name[ =]{table}\b[\s\S]{{0,300}}?\b(?:EntityNotFoundException|Entity Not Found)"
        rf"|\b{table}\b[^\n.]{{0,40}}\b(?:does not|doesn't) exist\b",
    )
    if not missing or affirmed(text, r"\bCREATE_TABLE\b"):
        return None
    spaces = {each for each in re.findall(created, text, re.IGNORECASE) if each}
    database = spaces.pop() if len(spaces) == 1 else _qualified(thing, text).rpartition(".")[0]
    caller = _only_role(failure).replace("The role", "the role") or "the caller"
    return FirstLook(
        f"Most likely the table {thing} does not exist yet, and {caller} lacks "
        f"CREATE_TABLE on the database{f' {database}' if database else ''}: grant it in Lake Formation. A caller "
        "without it gets this error instead of not-found. No grant on the table and no glue:* in IAM helps.",
        contains(said, missing),
        reading("lakeformation", "list-permissions"),
        Who.RESOURCE_OWNER,
    )


def lake_formation(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield the permission that is missing in Lake Formation.

    AWS Lake Formation Developer Guide, "Lake Formation permissions reference" and "Implicit Lake Formation permissions"
    (https://docs.aws.amazon.com/lake-formation/latest/dg/implicit-permissions.html).
    """
    if not (
        said := quoted(
            failure.text, r"Insufficient Lake ?Formation permission(?:\(s\)|s)?(?:: Required [\w ,]{3,60} on \S+)?"
        )
    ):
        return
    if failure.detail == LAKE_LOCATION:
        return  # the verdict names the permission on the location; grants on tables do not replace it
    # AWS SDK for pandas, "awswrangler.athena.read_sql_query"
    # (https://aws-sdk-pandas.readthedocs.io/en/stable/stubs/awswrangler.athena.read_sql_query.html).
    if temporary := quoted(failure.text, r"\btemp_table_[0-9a-f]{32}\b"):
        yield FirstLook(
            "AWS SDK for pandas (awswrangler) makes a temporary table for each query and deletes it "
            "(ctas_approach=True, the default): set ctas_approach=False, or name a database of your own in "
            "ctas_database (older versions: ctas_database_name). Only otherwise grant CREATE_TABLE and DROP on this "
            "database in Lake Formation. The query itself, as in the Athena console, needs neither.",
            contains(temporary),
            None,
            Who.CALLER,
        )
        return
    if wanted := re.search(r"Required (?P<what>[\w ,]{3,60}?) on (?P<thing>[\w.*/-]*\w)", failure.text):
        what, thing = wanted["what"].upper(), wanted["thing"]
        yield FirstLook(
            f"The caller's role lacks Lake Formation's own permission {what} on {thing}. A data lake administrator, "
            "or whoever has the permission with the grant option, must grant it (aws lakeformation "
            "grant-permissions). glue:* in IAM does not replace this grant.",
            contains(said),
            reading("lakeformation", "list-permissions"),
            Who.RESOURCE_OWNER,
        )
        return
    absent = _ON.search(failure.text)
    if absent is not None and (look := _of_a_missing_table(failure, absent["thing"], said)) is not None:
        yield look
        return
    of_call = f" of {failure.operation}" if failure.operation else ""
    granted = quoted(failure.text, _GRANTED)
    who = (
        " In Amazon MWAA that is usually the environment's execution role, not the role of a Glue session."
        if quoted(failure.text, r"\bMWAA\b")
        else ""
    )
    if granted:
        yield FirstLook(
            "Most likely the grant is for a different principal from the one that makes this call: CloudTrail's "
            f"event{of_call} names the caller.{who} Grant the caller the permissions of the model or query on the "
            "database and the table: DESCRIBE and SELECT, and to write also INSERT and DELETE.",
            contains(granted, said),
            reading("lakeformation", "list-permissions"),
            Who.RESOURCE_OWNER,
        )
        return
    if thing := _ON.search(said_on := failure.text):
        caller, name = _only_role(failure), _qualified(thing["thing"], said_on)
        event = "" if caller else f" CloudTrail's event{of_call} names the caller.{who}"
        wide = f" {wide[0]} does not help: detach it again." if (wide := _WIDE.search(failure.text)) else ""
        if _CRAWLER.search(failure.text):
            yield _of_a_crawler(failure, caller, name, said, wide)
            return
        yield FirstLook(
            f"{caller or 'Whoever makes the call'} lacks Lake Formation's own permissions on {name}: grant DESCRIBE "
            "and, to read data, SELECT (aws lakeformation grant-permissions), and allow lakeformation:GetDataAccess in "
            f"IAM. glue:* and s3:* do not replace the grant.{wide}{event}",
            contains(said),
            reading("lakeformation", "list-permissions"),
            Who.RESOURCE_OWNER,
        )
        return
    yield FirstLook(
        "Lake Formation protects this table, database or location: access needs a Lake Formation grant in addition to "
        f"IAM's policies, for the principal that makes the call (CloudTrail's event{of_call} names it).{who}",
        contains(said),
        reading("lakeformation", "list-permissions"),
        Who.RESOURCE_OWNER,
    )
