"""Tables of trails for tests, as AWS's pages create them, and the rows that a query over records would give."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from moto.core.models import botocore_stubber

from iam.account import Role
from iam.sources.aws.session import Aws
from iam.sources.reader.trail_queries import (
    PartitionKey,
    QueryPurpose,
    TrailEngine,
    TrailQuery,
    TrailQuestion,
    TrailTable,
)
from tests.support.accounts.trail_records import ACCOUNT, ROLE, ROLE_ID

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
WORKER = Role("worker", ROLE, "/app/", ROLE_ID)
IDENTITY = (
    "struct<type:string,principalid:string,arn:string,accountid:string,invokedby:string,accesskeyid:string,"
    "username:string,onbehalfof:struct<userid:string,identitystorearn:string>,sessioncontext:struct<attributes:"
    "struct<mfaauthenticated:string,creationdate:string>,sessionissuer:struct<type:string,principalid:string,"
    "arn:string,accountid:string,username:string>,ec2roledelivery:string,webidfederationdata:struct<"
    "federatedprovider:string,attributes:map<string,string>>>>"
)
_TEXTS = """eventversion eventtime eventsource eventname awsregion sourceipaddress useragent errorcode errormessage
requestparameters responseelements additionaleventdata requestid eventid readonly eventtype apiversion
recipientaccountid serviceeventdetails sharedeventid vpcendpointid eventcategory"""
TEXTS = tuple(_TEXTS.split())
GLUE_COLUMNS = [
    {"Name": "useridentity", "Type": IDENTITY},
    *({"Name": name, "Type": "string"} for name in TEXTS),
    {"Name": "resources", "Type": "array<struct<arn:string,accountid:string,type:string>>"},
    {"Name": "tlsdetails", "Type": "struct<tlsversion:string,ciphersuite:string,clientprovidedhostheader:string>"},
]
COLUMNS = frozenset(
    {
        *TEXTS,
        "resources",
        "tlsdetails.tlsversion",
        *(f"useridentity.{name}" for name in ("type", "principalid", "arn", "accountid", "invokedby", "username")),
        *(f"useridentity.sessioncontext.sessionissuer.{name}" for name in ("type", "principalid", "arn", "username")),
        "useridentity.sessioncontext.attributes.mfaauthenticated",
    }
)
BUCKET = "s3://trail-logs/AWSLogs/111122223333/CloudTrail"
BY_DAY = PartitionKey("timestamp", "string", "date", format="%Y/%m/%d")


def table(*keys: PartitionKey, location: str = f"{BUCKET}/us-east-1/${{timestamp}}", **more: Any) -> TrailTable:
    name = "security.cloudtrail_logs"
    return TrailTable(
        TrailEngine.ATHENA, name, name, more.pop("region", "us-east-1"), more.pop("columns", COLUMNS), keys, location
    )


def question(purpose: QueryPurpose = QueryPurpose.ROLE_CALLS, days: float = 2, **more: Any) -> TrailQuestion:
    role = WORKER if purpose is QueryPurpose.ROLE_CALLS else None
    given: dict[str, Any] = {"account": ACCOUNT, "role": role, **more}
    return TrailQuestion(purpose, NOW - timedelta(days=days), NOW, **given)


def ready(purpose: QueryPurpose = QueryPurpose.ROLE_CALLS, **more: Any) -> TrailQuery:
    return TrailQuery(table(BY_DAY), question(purpose), "SELECT 1", workgroup="primary", output="s3://results/", **more)


def glue_table(name: str = "cloudtrail_logs", **stored: Any) -> dict[str, Any]:
    """The table of Athena's page on partition projection, with the differences that are given."""
    parameters = {
        "classification": "cloudtrail",
        "projection.enabled": "true",
        "projection.timestamp.type": "date",
        "projection.timestamp.format": "yyyy/MM/dd",
        "projection.timestamp.range": "2020/01/01,NOW",
        "storage.location.template": f"{BUCKET}/us-east-1/${{timestamp}}",
    }
    return {
        "DatabaseName": "security",
        "Name": name,
        "Parameters": stored.get("parameters", parameters),
        "PartitionKeys": stored.get("keys", [{"Name": "timestamp", "Type": "string"}]),
        "StorageDescriptor": {
            "Columns": GLUE_COLUMNS,
            "Location": f"{BUCKET}/",
            "InputFormat": stored.get("format", "com.amazon.emr.cloudtrail.CloudTrailInputFormat"),
        },
    }


class Glue:
    """Glue's catalogue in one region, which moto has only with a package more."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, region: str = "us-east-1") -> None:
        self.tables: list[dict[str, Any]] = []
        self.partitions: list[dict[str, Any]] = []
        self.refused = ""
        self.region = region
        ordinary = Aws.client

        def client(aws: Aws, service: str, region: str | None = None, **more: Any) -> Any:
            found = ordinary(aws, service, region, **more)
            if service == "glue":
                found.meta.events.unregister("before-send", botocore_stubber)
                found.meta.events.register("before-send.glue", self._answer)
            return found

        monkeypatch.setattr(Aws, "client", client)

    def _answer(self, event_name: str, request: Any, **_: Any) -> AWSResponse:
        tables = self.tables if f".{self.region}." in request.url else []
        asked = json.loads(request.body)
        operation = event_name.rpartition(".")[2]
        if operation == self.refused:
            return answer(request.url, 400, {"__type": "AccessDeniedException", "message": "no"})
        match operation:
            case "GetDatabases":
                found: dict[str, Any] = {"DatabaseList": [{"Name": "security"}] if tables else []}
            case "GetTables":
                found = {"TableList": tables}
            case "GetPartitions":
                found = {"Partitions": self.partitions}
            case _:
                named = [each for each in tables if each["Name"] == asked["Name"]]
                if not named:
                    error = {"__type": "EntityNotFoundException", "message": f"Table {asked['Name']} not found."}
                    return answer(request.url, 400, error)
                found = {"Table": named[0]}
        return answer(request.url, 200, found)


class _Body:
    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self._content


def answer(url: str, status: int, body: Any) -> AWSResponse:
    """An answer of a service that speaks JSON."""
    return AWSResponse(url, status, {}, _Body(json.dumps(body).encode()))


def flat(record: Mapping[str, Any], above: str = "") -> dict[str, str]:
    """A record's fields as the query gives them: texts by their path."""
    found: dict[str, str] = {}
    for name, value in record.items():
        path = f"{above}{name}"
        if name == "requestParameters":
            found[path] = json.dumps(value)
        elif name == "resources":
            found[path] = json.dumps([part["ARN"] for part in value])
        elif isinstance(value, Mapping):
            found |= flat(value, f"{path}.")
        elif value is not None:
            found[path] = str(value).lower() if isinstance(value, bool) else str(value)
    return found


def answer_rows(records: Iterable[Mapping[str, Any]], *, category: bool = True) -> list[dict[str, str | None]]:
    """What the engine gives for the calls of `WORKER`: each of its records, and all others counted by kind."""
    rows: list[dict[str, str | None]] = []
    counted: Counter[tuple[str | None, ...]] = Counter()
    times: dict[tuple[str | None, ...], list[str]] = {}
    for record in records:
        ours = record["userIdentity"].get("principalId", "").startswith(f"{ROLE_ID}:")
        asked = record.get("requestParameters") or {}
        kind = (
            record["awsRegion"],
            record["eventSource"],
            record["eventName"],
            str(record.get("readOnly")).lower(),
            record.get("eventCategory") if category else None,
            next((asked[name] for name in ("bucketName", "tableName", "functionName") if name in asked), None),
        )
        if ours:
            fields = flat(record)
            if not category:
                fields = {name: fields[name] for name in fields if name not in ("eventCategory", "managementEvent")}
            rows.append({**_kinds(kind), "record": json.dumps(fields), "events": "1"})
        else:
            counted[kind] += 1
            times.setdefault(kind, []).append(record["eventTime"])
    for kind, count in counted.items():
        first, last = min(times[kind]), max(times[kind])
        rows.append({**_kinds(kind), "record": None, "first": first, "last": last, "events": str(count)})
    return rows


def _kinds(kind: tuple[str | None, ...]) -> dict[str, str | None]:
    names = ("awsregion", "eventsource", "eventname", "readonly", "eventcategory", "place")
    return dict(zip(names, kind, strict=True))
