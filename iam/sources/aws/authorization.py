"""Read AWS's own record of a denied request, including all its pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from iam.policy.document import Document
from iam.sources.authorization_json import read_authorization
from iam.sources.aws.session import Aws, that_end
from iam.sources.json_values import document_of
from iam.sources.reader.authorization import AuthorizationRecord
from iam.sources.reader.reading import Reading


def authorization_record(aws: Aws, authorization_id: str, region: str | None) -> Reading[AuthorizationRecord]:
    """Read the record with this authorization ID. AWS keeps it for at least a day, in the Region of the denial."""
    client = aws.client("iam-toolbox", region)

    def read() -> AuthorizationRecord:
        shared: Mapping[str, Any] = {}
        evaluations: list[Mapping[str, Any]] = []
        policies: dict[str, Mapping[str, Any]] = {}
        pages = client.get_paginator("get_request_authorization_details").paginate(authorizationId=authorization_id)
        for page in that_end(pages, "evaluations", "policies"):
            shared = {**shared, **page["requestContext"]}
            evaluations += page["evaluations"]
            policies.update({str(entry.get("uri") or ""): entry for entry in page["policies"]})
        answer = {"requestContext": shared, "evaluations": evaluations, "policies": list(policies.values())}
        return read_authorization(authorization_id, answer, document)

    def document(uri: str) -> Reading[Document]:
        arguments = {"authorizationId": authorization_id, "policyUri": uri}
        return aws.read(
            "iam:GetRequestAuthorizationPolicy",
            lambda: document_of(client.get_request_authorization_policy(**arguments)["policyDocument"]),
            absent=_ABSENT,
        )

    return aws.read("iam:GetRequestAuthorizationDetails", read, absent=_ABSENT)


_ABSENT = ("ResourceNotFoundException", "NotFoundException")
