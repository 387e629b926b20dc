"""The demo's trail in Athena, which moto does not support: a table in Glue's catalog, and a query engine.

The engine answers only the queries of `iam.sources.aws.trail_query.sql`, from the demo's own events.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from iam.demo.account.facts import ACCOUNT, HOME_REGION
from iam.demo.aws.server import Guard, Handler
from iam.demo.aws.wire import AwsError, DemoCall
from iam.demo.aws.world import World

_BUCKET = "harbor-trail-logs"
_PLACE = f"AWSLogs/{ACCOUNT}/CloudTrail/{HOME_REGION}"
_BYTES_OF_EVENT = 900
_NAMES = (
    "awsregion", "eventsource", "eventname", "readonly", "eventcategory", "place", "record", "first", "last", "events",
)  # fmt: skip
_ISSUER = "struct<type:string,principalid:string,arn:string,accountid:string,username:string>"
_IDENTITY = (
    "struct<type:string,principalid:string,arn:string,accountid:string,invokedby:string,username:string,"
    f"sessioncontext:struct<attributes:struct<mfaauthenticated:string>,sessionissuer:{_ISSUER}>>"
)
_TEXTS = (
    "eventid eventtime eventsource eventname eventtype eventcategory readonly awsregion recipientaccountid "
    "sourceipaddress useragent errorcode errormessage requestparameters vpcendpointid"
)
_TABLE: Mapping[str, Any] = {
    "DatabaseName": "audit",
    "Name": "cloudtrail_logs",
    "PartitionKeys": [{"Name": "timestamp", "Type": "string"}],
    "Parameters": {
        "classification": "cloudtrail",
        "projection.enabled": "true",
        "projection.timestamp.type": "date",
        "projection.timestamp.format": "yyyy/MM/dd",
        "projection.timestamp.range": "2020/01/01,NOW",
        "storage.location.template": f"s3://{_BUCKET}/{_PLACE}/${{timestamp}}",
    },
    "StorageDescriptor": {
        "Location": f"s3://{_BUCKET}/{_PLACE}/",
        "InputFormat": "com.amazon.emr.cloudtrail.CloudTrailInputFormat",
        "Columns": [
            {"Name": "useridentity", "Type": _IDENTITY},
            {"Name": "resources", "Type": "array<struct<arn:string,accountid:string,type:string>>"},
            *({"Name": name, "Type": "string"} for name in _TEXTS.split()),
        ],
    },
}


def _tables(world: World, call: DemoCall) -> Mapping[str, Any]:
    here = call.region == HOME_REGION
    match call.operation:
        case "GetDatabases":
            return {"DatabaseList": [{"Name": _TABLE["DatabaseName"]}] if here else []}
        case "GetTables":
            return {"TableList": [_TABLE] if here and call.get("DatabaseName") == _TABLE["DatabaseName"] else []}
    if not here or (call.get("DatabaseName"), call.get("Name")) != (_TABLE["DatabaseName"], _TABLE["Name"]):
        raise AwsError("EntityNotFoundException", f"Table {call.get('Name')} not found.")
    return {"Table": _TABLE}


def _no_stores(world: World, call: DemoCall) -> Mapping[str, Any]:
    return {"EventDataStores": []}


def _work_group(world: World, call: DemoCall) -> Mapping[str, Any]:
    configuration = {
        "ResultConfiguration": {"OutputLocation": "s3://harbor-athena-results/"},
        "EnforceWorkGroupConfiguration": True,
        "BytesScannedCutoffPerQuery": 10 * 1024**3,
    }
    return {"WorkGroup": {"Name": call.get("WorkGroup"), "State": "ENABLED", "Configuration": configuration}}


def _list_objects(world: World, call: DemoCall) -> Mapping[str, Any] | None:
    """List the trail's files: one for each day, with a size in proportion to the number of events on that day."""
    if call.get("Bucket") != _BUCKET:
        return None
    days = Counter(f"{event.time:%Y/%m/%d}" for event in world.events if event.region == HOME_REGION)
    prefix = str(call.get("Prefix") or "")
    found = [
        {"Key": key, "Size": count * _BYTES_OF_EVENT}
        for day, count in sorted(days.items())
        if (key := f"{_PLACE}/{day}/trail.json.gz").startswith(prefix)
    ]
    return {"Name": _BUCKET, "Prefix": prefix, "KeyCount": len(found), "Contents": found, "IsTruncated": False}


def _start(world: World, call: DemoCall) -> Mapping[str, Any]:
    name = f"{len(world.jobs) + 1:08x}-5c1d-4b2e-9d2e-0a1b2c3d4e5f"
    world.jobs[name] = str(call.get("QueryString"))
    return {"QueryExecutionId": name}


def _sql(world: World, call: DemoCall) -> str:
    sql = world.jobs.get(str(call.get("QueryExecutionId")))
    if sql is None:
        raise AwsError("InvalidRequestException", f"Query {call.get('QueryExecutionId')} was not found.")
    return sql


def _execution(world: World, call: DemoCall) -> Mapping[str, Any]:
    scanned = sum(_BYTES_OF_EVENT for _ in _events(world, _sql(world, call)))
    result_fields = {"Status": {"State": "SUCCEEDED"}, "Statistics": {"DataScannedInBytes": scanned}}
    return {"QueryExecution": {"QueryExecutionId": call.get("QueryExecutionId"), **result_fields}}


def _stop(world: World, call: DemoCall) -> Mapping[str, Any]:
    return {}


def _results(world: World, call: DemoCall) -> Mapping[str, Any]:
    sql = _sql(world, call)
    lines = list(_denials(world, sql) if "LIMIT" in sql else _calls(world, sql))
    names = ("record",) if "LIMIT" in sql else _NAMES
    if "GROUP BY" in sql and "recipientaccountid" in sql.partition("FROM")[0]:
        names = (*names, "recipientaccountid")
        lines = [{**line, "recipientaccountid": ACCOUNT} for line in lines]
    rows = [dict(zip(names, names, strict=True)), *lines]
    return {
        "ResultSet": {
            "ResultSetMetadata": {"ColumnInfo": [{"Name": name, "Type": "varchar"} for name in names]},
            "Rows": [
                {"Data": [{} if row.get(name) is None else {"VarCharValue": row[name]} for name in names]}
                for row in rows
            ],
        }
    }


Row = Mapping[str, str | None]


def _events(world: World, sql: str) -> Iterator[dict[str, Any]]:
    """Yield the records in the time and the accounts of the query."""
    times = re.search(r"eventtime >= '([^']*)' AND eventtime <= '([^']*)'", sql)
    accounts = re.search(r"recipientaccountid (?:=|IN) (.*)", sql)
    if times is None or (accounts is not None and ACCOUNT not in accounts[1]):
        return
    for event in world.events:
        if event.region == HOME_REGION and times[1] <= f"{event.time:%Y-%m-%dT%H:%M:%SZ}" <= times[2]:
            yield json.loads(event.detail())


def _denials(world: World, sql: str) -> Iterator[Row]:
    patterns = re.findall(r"regexp_like\((\w+), '((?:[^']|'')*)'\)", sql)
    fields = {"errorcode": "errorCode", "errormessage": "errorMessage"}
    for record in sorted(_events(world, sql), key=lambda each: str(each["eventTime"]), reverse=True):
        if any(re.search(pattern, str(record.get(fields[name]) or "")) for name, pattern in patterns):
            yield {"record": json.dumps(_flat(record))}


def _calls(world: World, sql: str) -> Iterator[Row]:
    literals = [each.replace("''", "'") for each in re.findall(r"'((?:[^']|'')*)'", sql.partition("THEN")[0])]
    counted: dict[tuple[str, ...], list[str]] = {}
    for record in _events(world, sql):
        names = ("awsRegion", "eventSource", "eventName", "readOnly", "eventCategory")
        kind = tuple(str(record.get(name)).lower() if name == "readOnly" else str(record.get(name)) for name in names)
        if _is_asked(record["userIdentity"], literals):
            yield {**dict(zip(_NAMES, kind, strict=False)), "record": json.dumps(_flat(record)), "events": "1"}
        else:
            counted.setdefault(kind, []).append(record["eventTime"])
    for kind, times in counted.items():
        result_fields = {"first": min(times), "last": max(times), "events": str(len(times))}
        yield {**dict(zip(_NAMES, kind, strict=False)), **result_fields}


def _is_asked(identity: Mapping[str, Any], literals: list[str]) -> bool:
    issuer = (identity.get("sessionContext") or {}).get("sessionIssuer") or {}
    principal = str(identity.get("principalId") or "").partition(":")[0]
    arn = str(identity.get("arn") or "")
    if "AssumedRole" in literals:
        return identity.get("type") == "AssumedRole"
    return (
        issuer.get("arn") in literals
        or principal in literals
        or any(":assumed-role/" in each and arn.startswith(each) for each in literals)
    )


def _flat(record: Mapping[str, Any], above: str = "") -> dict[str, str]:
    """Return the fields as strings, keyed by path, as in the query's JSON."""
    found: dict[str, str] = {}
    for name, value in record.items():
        path = f"{above}{name}"
        if name == "requestParameters":
            found[path] = json.dumps(value)
        elif isinstance(value, Mapping):
            found |= _flat(value, f"{path}.")
        elif value is not None:
            found[path] = str(value).lower() if isinstance(value, bool) else str(value)
    return found


GUARDS: Mapping[tuple[str, str], tuple[Guard, ...]] = {("s3", "ListObjectsV2"): (_list_objects,)}
HANDLERS: Mapping[tuple[str, str], Handler] = {
    ("cloudtrail", "ListEventDataStores"): _no_stores,
    ("glue", "GetDatabases"): _tables,
    ("glue", "GetTables"): _tables,
    ("glue", "GetTable"): _tables,
    ("athena", "GetWorkGroup"): _work_group,
    ("athena", "StartQueryExecution"): _start,
    ("athena", "GetQueryExecution"): _execution,
    ("athena", "GetQueryResults"): _results,
    ("athena", "StopQueryExecution"): _stop,
}
