"""Read which call S3 refused from the words of Hadoop's S3A and other programs.

S3A prints ``delete on s3a://lake/out: …S3Exception: Access Denied``.

Apache Hadoop, "Troubleshooting" of S3A
(https://hadoop.apache.org/docs/stable/hadoop-aws/tools/hadoop-aws/troubleshooting_s3a.html) and its `S3AFileSystem`.
"""

from __future__ import annotations

import re
from dataclasses import replace

from diagnostics.failure import Denial
from iam.api_operations import action_for
from iam.lazy_pattern import regex

_CALLS: tuple[tuple[str, str], ...] = (
    (r"(?:inner)?getFileStatus", "HeadObject"),
    (r"(?:re-?)?open(?: s3a://\S+ at \d+)?|read", "GetObject"),
    (r"PUT 0-byte object|Writing Object|PUT|putObject|(?:inner)?mkdirs", "PutObject"),
    (r"initiate MultiPartUpload", "CreateMultipartUpload"),
    (r"upload part #?\d*[^:\n]{0,200}?", "UploadPart"),
    (r"(?:Complete|Completing) multipart \w+", "CompleteMultipartUpload"),
    (r"(?:Multi-object )?delete(?:Object)?|Remove S3 Dir Markers", "DeleteObjects"),
    (r"copyFile\([^()\n]{0,600}\)|rename[^:\n]{0,300}?", "CopyObject"),
    (r"(?:inner)?listStatus|listObjects|listFiles|Listing", "ListObjectsV2"),
)
"""The activity that S3A reports, and the S3 operation behind each activity."""
_REFUSED = r"(?: \(Service: |\.?[^\n]{0,40}$|[,;])"
_WORDS: tuple[tuple[str, str], ...] = (
    # Thanos' objstore, which Mimir and Tempo use, too
    # (https://github.com/thanos-io/objstore/blob/main/providers/s3/s3.go).
    (rf"\bupload s3 object: Access ?Denied{_REFUSED}", "PutObject"),
    (rf"\bstat s3 object: Access ?Denied{_REFUSED}", "HeadObject"),
    # Apache NiFi.
    (r"\bFailed to put [^\n]{0,120} to Amazon S3 due to [^\n]{0,80}Exception: Access Denied", "PutObject"),
    (r"\bFailed to retrieve S3 Object for [^\n]{0,120} due to [^\n]{0,80}Exception: Access Denied", "GetObject"),
    # Athena and EMR's Presto.
    (r"\bAccess Denied \(Service: (?:Amazon )?S3[;,][^\n]{0,400}\(Path: (?P<where>s3[an]?://[^\s)]+)\)", "GetObject"),
    # ClickHouse, of an answer without a body.
    (r"\bFailed to get object info: No response body", "HeadObject"),
    # Trino (https://github.com/trinodb/trino, lib/trino-filesystem-s3).
    (r"\bFailed to (?:list (?:location|directory)): (?P<where>s3[an]?://\S+)", "ListObjectsV2"),
    (r"\bFailed to open S3 file: (?P<where>s3[an]?://\S+)", "GetObject"),
)
"""The activities that other programs report."""
_SAID = tuple(
    (
        regex(
            rf"(?:^|[:\s])(?:{words})\s+on\s+(?P<where>\S+): (?P<answer>(?:(?:com\.amazonaws"
            r"|software\.amazon\.awssdk)\.services\.s3\.\S*Exception\b"
            r"|Access Denied \(Service: (?:Amazon )?S3\b)[^\n]{0,400})",
            re.IGNORECASE,
        ),
        operation,
    )
    for words, operation in _CALLS
)
_IN_WORDS = tuple((regex(words, re.IGNORECASE | re.MULTILINE), operation) for words, operation in _WORDS)
# Apache Arrow, s3fs.cc: "When reading information for key 'K' in bucket 'B': AWS Error ACCESS_DENIED during HeadObject
# operation" (https://github.com/apache/arrow/blob/main/cpp/src/arrow/filesystem/s3fs.cc).
_ARROW = regex(
    r"\bWhen [a-z -]{4,60}?(?: key '(?P<key>[^'\n]*)' in)?(?: of)? bucket '(?P<bucket>[a-z0-9][\w.-]+)': AWS Error "
    r"[^\n]{1,40}? during (?P<operation>[A-Z]\w+) operation"
)
_OF_HEAD = regex(r"request: HEAD\b|Error Code: 403 Forbidden")
"""Signs of a request whose response has no body, even if a runtime (Databricks) adds words of its own."""
_OBJECT = regex(r"s3[an]?://(?P<bucket>[a-z0-9][\w.-]{1,61}[a-z0-9])(?:/(?P<key>\S*))?")


def with_object_of_arrow(denial: Denial, prefix: str) -> Denial:
    """Return the denial with the bucket or object that Arrow names; ``prefix`` begins the ARNs of buckets."""
    found = None if denial.resource else _ARROW.search(denial.text)
    if found is None or found["operation"] != denial.operation:
        return denial
    return _called(denial, found["operation"], f"s3://{found['bucket']}/{found['key'] or ''}", prefix)


def with_call_of_s3a(denial: Denial, prefix: str) -> Denial:
    """Return the denial with the operation that the program names, and its object.

    ``prefix`` begins the ARNs of buckets.

    S3A first asks for the object's headers, and then lists the folder. Only the answer to the listing has a body, and
    so the words "Access Denied" (Amazon S3 API Reference, "HeadObject":
    https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html).
    """
    for pattern, said in _SAID:
        if (found := pattern.search(denial.text)) is None:
            continue
        listed = said == "HeadObject" and "Access Denied" in found["answer"] and not _OF_HEAD.search(found["answer"])
        operation = "ListObjectsV2" if listed else said
        return _called(denial, operation, _full_path(denial.text, found["where"]), prefix)
    for pattern, operation in _IN_WORDS:
        if found := pattern.search(denial.text):
            return _called(denial, operation, found.groupdict().get("where") or "", prefix)
    return denial


_THROWN = regex(r"\bAccessDeniedException: (?P<path>s3[an]?://\S+?): ")


def _full_path(text: str, where: str) -> str:
    """Return the path of which the message only names the key, if S3A's exception begins with it; else ``where``."""
    thrown = _THROWN.search(text) if "://" not in where else None
    return thrown["path"] if thrown is not None and thrown["path"].endswith(f"/{where}") else where


_OF_PARTS = ("CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload")
_OF_ONE_THING = ("HeadObject", "GetObject", "ListObjectsV2", "HeadBucket", *_OF_PARTS)
"""Operations for which the path in the message is the resource.

Other operations may write or delete objects below a folder.
"""


def _called(denial: Denial, operation: str, path: str, prefix: str) -> Denial:
    where, resource = _OBJECT.match(path), denial.resource
    if where is not None and resource is None and operation in _OF_ONE_THING:
        key = "" if operation in ("ListObjectsV2", "HeadBucket") else (where["key"] or "").rstrip("/.,")
        resource = f"{prefix}{where['bucket']}{f'/{key}' if key else ''}"
    return replace(denial, action=action_for(operation, "s3"), operation=operation, resource=resource)
