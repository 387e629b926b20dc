"""Write the SQL query for a question. Athena and CloudTrail Lake both use Trino's SQL.

Columns of Athena's tables: Athena User Guide, "Create the table for CloudTrail logs in Athena"; of event data stores:
CloudTrail User Guide, "Supported SQL schemas for event data stores".

A single scan returns the calls of the role, with a ``record`` in each row, and a summary of all other events that shows
what the trail contains: one row with a count for each combination of Region, service and kind of event.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from iam.account import Role
from iam.arn import Arn
from iam.sources.aws.errors import DENIED_IN_TRAIL
from iam.sources.aws.trail_query.literals import identifier, one_of, quoted
from iam.sources.aws.trail_query.partitions import conditions
from iam.sources.reader.trail_queries import QueryPurpose, TrailEngine, TrailQuestion, TrailTable

IDENTITY = (
    "type",
    "principalId",
    "arn",
    "accountId",
    "userName",
    "invokedBy",
    "identityProvider",
    "sessionContext.sessionIssuer.type",
    "sessionContext.sessionIssuer.arn",
    "sessionContext.sessionIssuer.principalId",
    "sessionContext.sessionIssuer.userName",
    "sessionContext.attributes.mfaAuthenticated",
    "sessionContext.sourceIdentity",
    "sessionContext.webIdFederationData.federatedProvider",
)
RECORD = (
    *(f"userIdentity.{each}" for each in IDENTITY),
    "eventID",
    "eventTime",
    "eventSource",
    "eventName",
    "eventType",
    "eventCategory",
    "managementEvent",
    "readOnly",
    "awsRegion",
    "recipientAccountId",
    "sourceIPAddress",
    "userAgent",
    "errorCode",
    "errorMessage",
    "requestParameters",
    "resources",
    "vpcEndpointId",
    "tlsDetails.tlsVersion",
)
"""The fields of a record that rolescope uses. A table may lack some of them."""
NEEDED = (
    "eventtime",
    "eventsource",
    "eventname",
    "awsregion",
    "errorcode",
    "errormessage",
    "readonly",
    "recipientaccountid",
    "useridentity.type",
    "useridentity.arn",
    "useridentity.principalid",
    "useridentity.sessioncontext.sessionissuer.arn",
)
_PLACES = ("bucketName", "tableName", "functionName")
_WIDTH = 70
_REFUSED_WORDS = "not authorized|access denied|accessdenied"


def query(table: TrailTable, question: TrailQuestion) -> str:
    """Return the SQL for a question. Raises ValueError with a sentence if the table cannot answer it."""
    missing = [name for name in NEEDED if name not in table.columns]
    if missing:
        raise ValueError(f"{table.name} lacks the column {missing[0]}")
    match question.purpose:
        case QueryPurpose.DENIALS:
            lines = _denials(table, question)
        case QueryPurpose.CHANGES:
            lines = _changes(table, question)
        case _:
            lines = _calls(table, question)
    return "\n".join(lines)


def _denials(table: TrailTable, question: TrailQuestion) -> Iterator[str]:
    yield "SELECT " + _record(table, "       ") + " AS record"
    yield f"FROM {_source(table)}"
    yield from _where(table, question)
    yield f"  AND (regexp_like(errorcode, {quoted(f'(?i){DENIED_IN_TRAIL}')})"
    yield f"       OR regexp_like(errormessage, {quoted(f'(?i){_REFUSED_WORDS}')}))"
    yield "ORDER BY eventtime DESC"
    yield f"LIMIT {question.most}"


def _changes(table: TrailTable, question: TrailQuestion) -> Iterator[str]:
    """Yield the SQL for changes, newest first, with the responses.

    Some responses contain what the request lacks, such as the number of a new version.
    """
    yield "SELECT " + _record(table, "       ", (*RECORD, "responseElements")) + " AS record"
    yield f"FROM {_source(table)}"
    yield from _where(table, question)
    yield f"  AND eventname IN ({_listed([quoted(each) for each in question.events], '      ')})"
    yield "ORDER BY eventtime DESC"
    yield f"LIMIT {question.most}"


def _calls(table: TrailTable, question: TrailQuestion) -> Iterator[str]:
    own = ("recipientaccountid",) if question.accounts else ()
    kinds = ("awsregion", "eventsource", "eventname", "readonly", "eventcategory", "place", "record", *own)
    yield f"SELECT {', '.join(kinds)},"
    yield "       min(eventtime) AS first, max(eventtime) AS last, count(*) AS events"
    yield "FROM ("
    yield "  SELECT awsregion, eventsource, eventname, eventtime, CAST(readonly AS varchar) AS readonly,"
    yield f"         {_text(table, 'eventcategory')} AS eventcategory,"
    yield f"         {_place(table)} AS place,"
    if question.accounts:
        yield "         recipientaccountid,"
    yield f"         CASE WHEN {_ours(question)}"
    yield f"              THEN {_record(table, '                   ')} END AS record"
    yield f"  FROM {_source(table)}"
    yield from (f"  {line}" for line in _where(table, question))
    yield ")"
    yield f"GROUP BY {', '.join(kinds)}"


def _source(table: TrailTable) -> str:
    if table.engine is TrailEngine.LAKE:
        if not re.fullmatch(r"[A-Za-z0-9-]+", table.id):
            raise ValueError("its ID is not that of an event data store")
        return table.id
    return ".".join(map(identifier, table.id.split(".", 1)))


def _where(table: TrailTable, question: TrailQuestion) -> Iterator[str]:
    """Yield the WHERE clause. It restricts event time for CloudTrail Lake, and partitions for Athena.

    See CloudTrail User Guide, "Optimize CloudTrail Lake queries".
    """
    form = "%Y-%m-%d %H:%M:%S" if table.engine is TrailEngine.LAKE else "%Y-%m-%dT%H:%M:%SZ"
    since, until = (quoted(f"{each:{form}}") for each in (question.since, question.until))
    yield f"WHERE eventtime >= {since} AND eventtime <= {until}"
    if question.only_of:
        yield f"  AND recipientaccountid {one_of(quoted(each) for each in question.only_of)}"
    yield from (f"  AND {each}" for each in conditions(table, question))


def _ours(question: TrailQuestion) -> str:
    if question.role is None:
        # A call on another account's resource is logged in both accounts: only the record in the caller's account
        # counts.
        own = " AND split_part(useridentity.arn, ':', 5) = recipientaccountid" if question.accounts else ""
        return f"useridentity.type = 'AssumedRole'{own}"
    return "\n                   OR ".join(_of(question.role))


def _of(role: Role) -> Iterator[str]:
    """Yield the conditions for sessions of a role, as in `is_of`. An older role of the same name has another ID."""
    yield f"useridentity.sessioncontext.sessionissuer.arn = {quoted(role.arn)}"
    if role.id:
        yield f"split_part(useridentity.principalid, ':', 1) = {quoted(role.id)}"
    arn = Arn.parse(role.arn)
    if arn is not None:
        session = f"arn:{arn.partition}:sts::{arn.account}:assumed-role/{role.name}/"
        yield f"starts_with(useridentity.arn, {quoted(session)})"


def _record(table: TrailTable, indent: str, wanted: tuple[str, ...] = RECORD) -> str:
    """Return SQL for the fields as one JSON object of strings.

    Casting a struct to JSON would give a list without names.
    """
    fields = [field for field in wanted if field.lower() in table.columns]
    names = _listed([quoted(field) for field in fields], indent)
    values = _listed([_value(table, field) for field in fields], indent)
    return f"json_format(CAST(MAP(\n{indent}ARRAY[{names}],\n{indent}ARRAY[{values}]) AS JSON))"


def _listed(parts: list[str], indent: str) -> str:
    lines = [""]
    for part in parts:
        if len(lines[-1]) + len(part) > _WIDTH:
            lines.append("")
        lines[-1] += f"{part}, "
    return f"\n{indent}      ".join(line.rstrip() for line in lines).rstrip(",")


def _value(table: TrailTable, field: str) -> str:
    lake, name = table.engine is TrailEngine.LAKE, field.lower()
    if field == "resources":
        return "json_format(CAST(transform(resources, r -> r.arn) AS JSON))"
    if field in ("requestParameters", "responseElements") and lake:
        return f"json_format(CAST({name} AS JSON))"
    return f"CAST({name} AS varchar)" if lake and name in ("eventtime", "readonly", "managementevent") else name


def _text(table: TrailTable, column: str) -> str:
    return f"CAST({column} AS varchar)" if column in table.columns else "CAST(NULL AS varchar)"


def _place(table: TrailTable) -> str:
    """Return SQL for the resource of a data event, which shows for which resources the trail logs data events."""
    if "requestparameters" not in table.columns:
        return "CAST(NULL AS varchar)"
    if table.engine is TrailEngine.LAKE:
        found = [f"element_at(requestparameters, {quoted(name)})" for name in _PLACES]
    else:
        found = [f"json_extract_scalar(requestparameters, {quoted(f'$.{name}')})" for name in _PLACES]
    return f"coalesce({', '.join(found)})".replace("), ", "),\n                  ")
