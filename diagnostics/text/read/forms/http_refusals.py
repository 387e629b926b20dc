"""Read denials that a program reports only by HTTP status: 403 and the method, the address or an operation's name.

Responses to HEAD requests have no body, and so no error code. The action for each method: Amazon S3 User Guide,
"Required permissions for Amazon S3 API operations"
(https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html).
"""

from __future__ import annotations

import re
from dataclasses import replace

from diagnostics.failure import Denial
from diagnostics.text.read.forms.s3a import with_call_of_s3a, with_object_of_arrow
from diagnostics.text.read.messages.context import frame_operation, frame_service, speaks_of_aws
from iam.api_operations import action_for
from iam.facts.aws_buckets import layers_of
from iam.facts.global_services import partition_of_region
from iam.lazy_pattern import regex
from iam.regions import REGION_NAME

SIGNALS = (
    "statuscode: 403",
    "errors::forbidden",
    "permissionerror: forbidden",
    "403 forbidden",
    "(http 403)",
    "http response code: 403",
    "http 403",
    "necessary privileges to complete",
    "403 client error",
    "-> 403",
    "httpstatuscode: 403",
    "403 from ",
    "forbidden: forbidden",
    "forbidden: null",
    "http error 403",
    "https error 403",
    "status code: 403 for http",
    " 403 (forbidden)",
    "status of 403",
    "returned error: 403",
)
_REFUSED = regex(
    r"\(Service:\s*\w[\w ]*,\s*Status\s+Code:\s*403|Aws::\w+::Errors::Forbidden|PermissionError:\s+Forbidden"
    r"|[Cc]lient\s+error\s+with\s+status\s+403|non-2xx\s+status\s+code:\s+403|\(HTTP\s+403\)|HTTP\s+403\s+Forbidden"
    r"|HTTP\s+response\s+code:\s+403"
    r"|lacked\s+the\s+necessary\s+privileges\s+to\s+complete|403\s+Client\s+Error:\s+Forbidden\s+for\s+url"
    # The AWS SDK for Go, version 1, of an answer to HEAD, which has no body and so no code.
    r"|\bForbidden:\s+Forbidden(?:\\n\\t|\s+)status\s+code:\s+403"
    # The AWS SDK for JavaScript, version 2, of the same.
    r"|\bForbidden:\s+null\b"
    # Python's urllib and urlgrabber, which yum uses.
    r"|\bHTTPS?\s+Error\s+403\b"
    # dnf, as librepo prints it.
    r"|\b[Ss]tatus\s+code:\s+403\s+for\s+https?://"
    # The consoles of browsers: Chrome, Firefox and Safari; wget and curl. Only of hosts whose refusals have no name.
    r"|\b(?:GET|PUT|HEAD|DELETE|POST)\s+https?://(?=\S{0,200}?(?:\bs3[.-]|\.geo\.)[\w.-]*amazonaws)\S+\s+"
    r"(?:net::\w+\s+)?(?:403\s+\(|\[HTTP/[\d.]+\s+403\b)"
    r"|(?=[\s\S]{0,2000}?\bs3[.-][\w.-]*amazonaws)(?:server\s+responded\s+with\s+a\s+status\s+of\s+403"
    r"|awaiting\s+response\.\.\.\s+403\s+Forbidden|requested\s+URL\s+returned\s+error:\s+403)"
    r"|\bs3[.-][\w.-]*amazonaws\S{0,600}\s[\s\S]{0,600}?(?:awaiting\s+response\.\.\.\s+403\s+Forbidden"
    r"|requested\s+URL\s+returned\s+error:\s+403)"
    r"|->\s*403\s+Forbidden|httpStatusCode:\s+403|\b403\s+from\s+[A-Z][a-z]+[A-Z]\w+"
)
_OF_S3 = regex(
    r"\bs3[an]?://|\bS3\b|\bservices/s3\.js\b|s3[.-][\w.-]*amazonaws|\.s3\.|\bs3fs\b|Aws::S3|S3_ERROR"
    r"|object[-_ ]?store",
    re.IGNORECASE,
)
_METHOD = regex(
    r"\b(?:performing|HTTP|Error)\s+(?P<method>GET|PUT|HEAD|LIST|DELETE|POST)\b"
    r"|\b(?P<sent>GET|PUT|HEAD|DELETE)\s+https://\S*s3[.-]"
)
_LISTING = regex(r"amazonaws\.com\S*?[?&](?:list-type=2|prefix=|delimiter=|max-keys=)")
"""The address of a listing."""
_OF_HEAD = regex(
    r"\bobject\b[^\n]{0,40}Forbidden:\s+Forbidden(?:\\n\\t|\s+)status\s+code:\s+403"
    r"|\bForbidden:\s+null\b(?![\s\S]{0,2000}\bheadBucket\b)"
)
_CALLED = regex(
    r"\b403\s+from\s+(?P<operation>(?:HeadBucket|(?:Head|Get|Put|Delete|Copy)Object|ListObjects(?:V2)?|ListBuckets))\b"
)
"""Operations that only S3 has."""
_OPERATION = {
    "GET": "GetObject",
    "PUT": "PutObject",
    "HEAD": "HeadObject",
    "LIST": "ListObjectsV2",
    "DELETE": "DeleteObject",
}
_PATH_STYLE = regex(
    r"https://s3[.-][\w.-]*?amazonaws\.com(?:\.cn)?/(?P<bucket>[a-z0-9][\w.-]{1,61}[a-z0-9])(?:/(?P<key>[^\s?\"'`]*))?"
)
_HOST_STYLE = regex(
    r"https://(?P<bucket>[a-z0-9][\w.-]{1,61}?)\.s3[.-][\w.-]*?amazonaws\.com(?:\.cn)?(?:/(?P<key>[^\s?\"'`]*))?"
)
# "while reading key: a.parquet, from bucket: lake" (ClickHouse); "ListObjectsV2 failed for bucket lake" (Mountpoint).
_SAID = regex(
    r"\bkey:?\s+[\"'`]?(?P<key>[^\s\"'`,]+)[\"'`]?,?\s+(?:from"
    r"|in)\s+bucket:?\s+[\"'`]?(?P<bucket>[a-z0-9][\w.-]{1,61}[a-z0-9])"
)
_FAILED_FOR = regex(
    r"\b(?P<operation>(?:List|Head|Get|Put)[A-Z]\w+) failed for bucket (?P<bucket>[a-z0-9][\w.-]{1,61}[a-z0-9])"
)
# The methods of MinIO's client library, with which programs call Amazon S3, too, and the operations that they call
# (https://github.com/minio/minio-go/blob/master/docs/API.md).
_BY_MINIO = regex(
    r"\bclient\.(?P<method>BucketExists|MakeBucket|PutObject|RemoveObject|GetObject|StatObject|ListObjects\w*): "
    r"(?:Access Denied|403)"
    r"|\bunable to determine if bucket \"(?P<asked>[a-z0-9][\w.-]{1,61}[a-z0-9])\" exists: (?:Access Denied|403)"
    r"|\bmc: <ERROR> Unable to list (?P<listed>buckets|folder)\b[^\n]{0,120}Access Denied"
)
_OF_MINIO = {
    "bucketexists": "HeadBucket",
    "makebucket": "CreateBucket",
    "putobject": "PutObject",
    "removeobject": "DeleteObject",
    "getobject": "GetObject",
    "statobject": "HeadObject",
    "buckets": "ListBuckets",
    "folder": "ListObjectsV2",
}
_RESTIC = regex(r"\bs3:(?:https?://)?s3[\w.-]*\.amazonaws\.com/(?P<bucket>[a-z0-9][\w.-]{1,61}[a-z0-9])")
_BY_PHP = regex(r"\bError executing \"(?P<operation>\w+)\" on \"https://[\w.-]*\bs3[.-][\w.-]*amazonaws\.com[^\"\n]*")
"""How the AWS SDK for PHP names the operation and the address."""
_READING = regex(r"\bwhile\s+reading\b")
_SCHEME = regex(r"\bs3[an]?://(?P<bucket>[a-z0-9][\w.-]{1,61}[a-z0-9])(?:/(?P<key>[^\s?\"'`]*))?")
_OTHERS = regex(r"ghcr\.io|docker\.io|\.dkr\.ecr|azurecr\.io|googleapis|gitlab|nginx|\bnpm\b|codecommit", re.IGNORECASE)
# The Iceberg REST protocol (https://iceberg.apache.org/rest-catalog-spec/); Glue's actions for it: AWS Glue Developer
# Guide, "AWS Glue REST APIs for Apache Iceberg specifications"
# (https://docs.aws.amazon.com/glue/latest/dg/iceberg-rest-apis.html).
ICEBERG = regex(r"\b(?P<method>GET|HEAD|POST|DELETE)\s+\S*/namespaces(?P<rest>/\S*)?\s*->\s*403", re.IGNORECASE)


def with_method(denial: Denial) -> Denial:
    """Return the denial with the action and the object, if the program names only the HTTP method and the address."""
    if (of_php := _BY_PHP.search(denial.text)) and denial.operation == of_php["operation"] and not denial.resource:
        return replace(denial, resource=_resource(of_php[0], denial.operation))
    if "AWS Error" in denial.text:
        denial = with_object_of_arrow(denial, prefix_of_buckets(denial.text))
    called = _CALLED.search(denial.text)
    by_minio = _BY_MINIO.search(denial.text)
    if by_minio is not None and not (denial.action or denial.operation or denial.principal):
        return _called_by_minio(denial, by_minio)
    if denial.action or denial.operation or denial.principal or not (called or _OF_S3.search(denial.text)):
        return denial
    if (by_s3a := with_call_of_s3a(denial, prefix_of_buckets(denial.text))).action:
        return by_s3a
    if failed := _FAILED_FOR.search(denial.text):
        action, where = action_for(failed["operation"], "s3"), f"{prefix_of_buckets(denial.text)}{failed['bucket']}"
        return replace(denial, action=action, operation=failed["operation"], resource=where)
    if (said := _SAID.search(denial.text)) and _READING.search(denial.text):
        return replace(
            denial, action="s3:GetObject", resource=f"{prefix_of_buckets(denial.text)}{said['bucket']}/{said['key']}"
        )
    if called is None and not any(each.search(denial.text) for each in (_METHOD, _OF_HEAD)):
        return denial
    operation, _ = _operation(denial.text)
    resource = denial.resource or _resource(denial.text, operation)
    action = action_for(operation, "s3") if operation else None
    return replace(denial, action=action, operation=operation, resource=resource) if action else denial


def _called_by_minio(denial: Denial, said: re.Match[str]) -> Denial:
    """Return the denial with the operation that a method of MinIO's client calls."""
    name = "bucketexists" if said["asked"] else (said["method"] or said["listed"]).lower()
    operation, found = _OF_MINIO.get(name, "ListObjectsV2"), _RESTIC.search(denial.text)
    bucket = said["asked"] or (found["bucket"] if found is not None else "")
    where = f"{prefix_of_buckets(denial.text)}{bucket}" if bucket else None
    return replace(denial, action=action_for(operation, "s3"), operation=operation, resource=where)


def refused(text: str, service_hint: str | None = None) -> tuple[int, Denial] | None:
    """Return the denial that the HTTP status reports; None if no AWS service can be recognized."""
    found = _REFUSED.search(text)
    if found is None or _OTHERS.search(text) or ICEBERG.search(text):
        return None
    if not (_OF_S3.search(text) or speaks_of_aws(text) or _CALLED.search(text)):
        return None
    operation, service = _operation(text)
    in_s3 = service == "s3" or _OF_S3.search(text) is not None
    resource = _resource(text, operation) if in_s3 else None
    action = action_for(operation, service or ("s3" if in_s3 else service_hint)) if operation else None
    denial = Denial(text=text, code="403", action=action, operation=operation, resource=resource)
    return found.start(), denial if action else with_call_of_s3a(denial, prefix_of_buckets(text))


def _operation(text: str) -> tuple[str | None, str | None]:
    if frame := frame_operation(text):
        return frame, frame_service(text)
    if called := _CALLED.search(text):
        return called["operation"], "s3"
    if _OF_HEAD.search(text) and _OF_S3.search(text):
        return "HeadObject", "s3"
    method = _METHOD.search(text)
    if method and _LISTING.search(text, method.end(), method.end() + 400):
        return "ListObjectsV2", "s3"
    return (_OPERATION.get(method["method"] or method["sent"]) if method else None), None


def _resource(text: str, operation: str | None) -> str | None:
    found = _SCHEME.search(text) or _HOST_STYLE.search(text) or _PATH_STYLE.search(text)
    if found is None:
        return None
    key = "" if operation == "ListObjectsV2" else (found["key"] or "").rstrip(".,;:)")
    return f"{prefix_of_buckets(text)}{found['bucket']}{f'/{key}' if key else ''}"


_SAYS_REFUSED = regex(r"\b403\b|[Ff]orbidden|Access ?Denied")
_REFUSED_BEFORE = regex(r"\b403 for (?:url:? )?\Z|\boperation: (?:Forbidden|Access ?Denied)\b[^\n]{0,80}\Z")
_WITHIN = 160


def refused_objects(text: str) -> list[tuple[str, str]]:
    """Return the bucket and the key of each S3 address that the text says was refused, right after it or before.

    A pull from ECR that fails with S3's own answer was refused in the bucket with ECR's layers, whose name many clients
    do not print.
    """
    found = [match for form in (_HOST_STYLE, _PATH_STYLE) for match in form.finditer(text)]
    refused = [
        (each["bucket"], (each["key"] or "-").rstrip(".,;:)"))
        for each in found
        if _SAYS_REFUSED.search(text, each.end(), each.end() + _WITHIN)
        or _REFUSED_BEFORE.search(text, max(0, each.start() - _WITHIN), each.start())
    ]
    regions = {each["region"] for each in _OF_ECR.finditer(text)}
    if not refused and len(regions) == 1 and _S3_REFUSES_A_LAYER.search(text):
        refused.append((layers_of(regions.pop()), "-"))
    return refused


_OF_ECR = regex(rf"\b\d{{12}}\.dkr[.-]ecr(?:-fips)?\.(?P<region>{REGION_NAME})\.(?:amazonaws\.com|on\.aws)")
_S3_REFUSES_A_LAYER = regex(
    r"\b(?:[Pp]ull\w*|parsing HTTP 403|blobs?|layers?|copying)\b[^\n]{0,400}<Error>\s*(?:<Code>)?AccessDenied\b"
    r"[^\n]{0,400}<HostId>"
)
"""S3's own answer, which has a host ID, in the message of a pull: Amazon ECR User Guide, "Amazon ECR interface VPC
endpoints", "Create the Amazon S3 gateway endpoint"
(https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html)."""


_REGION = regex(rf"\bs3[.-](?:dualstack\.)?(?P<region>{REGION_NAME})\.amazonaws\.com")
_PARTITION = regex(r"\barn:(?P<partition>aws(?:-[a-z]+)*):")


def prefix_of_buckets(text: str) -> str:
    """Return the beginning of a bucket's ARN, in the partition of the text's S3 address or of its first ARN.

    The partition is ``aws`` if the text has neither.
    """
    if address := _REGION.search(text):
        return f"arn:{partition_of_region(address['region'])}:s3:::"
    named = _PARTITION.search(text)
    return f"arn:{named['partition'] if named else 'aws'}:s3:::"
