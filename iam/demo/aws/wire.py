"""The server side of AWS's wire formats: parse requests, and write responses and errors.

moto has parsers and serializers for every protocol, driven by botocore's service models. Calls that moto itself does
not answer are answered here in the same format, so that there is no visible difference.
"""

from __future__ import annotations

import functools
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import UnknownServiceError
from moto.core.errors import COMMON_ERROR_CODES
from moto.core.exceptions import ServiceException
from moto.core.model import OperationModel
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request, determine_request_protocol, normalize_request
from moto.core.routing import get_service_router
from moto.core.serialize import get_serializer_class
from moto.core.utils import get_service_model

# moto warns about error codes that a service's model does not list, but AWS sends such codes (AccessDenied …).
warnings.filterwarnings("ignore", message=r"Exception\(.*\) with code .* does not match an error shape")

# Service IDs in event names (botocore's hyphenized IDs) that differ from botocore's service names.
_NAMES = {
    "cloudwatch-logs": "logs",
    "elastic-load-balancing": "elb",
    "elastic-load-balancing-v2": "elbv2",
    "elasticsearch-service": "es",
    "eventbridge": "events",
    "sfn": "stepfunctions",
}
_REST = ("rest-json", "rest-xml")


class AwsError(ServiceException):
    """An error that AWS returns. ``status`` is the HTTP status, used if the service's model does not define it."""

    def __init__(self, code: str, message: str, status: int | None = None) -> None:
        super().__init__(code, message)
        self.status = status


@dataclass(frozen=True, slots=True)
class DemoCall:
    """One request: the operation, and its parameters under the names of botocore's model.

    ``access_key`` is the access key ID in the signature, None for an unsigned call.
    """

    service: str
    operation: str
    parameters: Mapping[str, Any]
    region: str
    access_key: str | None
    model: OperationModel = field(repr=False)
    request: Request = field(repr=False)

    @property
    def signing_name(self) -> str:
        return str(self.model.service_model.signing_name)

    def get(self, name: str, default: Any = None) -> Any:
        return self.parameters.get(name, default)


@functools.cache
def _service_name(event_id: str) -> str:
    for name in (_NAMES.get(event_id, event_id), event_id.replace("-", "")):
        try:
            get_service_model(name)
        except UnknownServiceError:
            continue
        return name
    return event_id


def read(event_name: str, prepared: AWSPreparedRequest) -> DemoCall:
    """Return the call in the request of a botocore event ``before-send.SERVICE.OPERATION``."""
    _, event_id, operation = event_name.split(".", 2)
    service = _service_name(event_id)
    model = get_service_model(service)
    operation_model = model.operation_model(operation)
    request = normalize_request(prepared)
    protocol = determine_request_protocol(model, request.content_type)
    url_parameters: dict[str, Any] = {}
    if protocol in _REST:
        _, url_parameters = get_service_router(service).match(request)
    parameters = PROTOCOL_PARSERS[protocol](operation_model).parse(
        {
            "method": request.method,
            "values": request.values,
            "headers": request.headers,
            "body": request.data,
            "url_path": request.path,
            "url_params": url_parameters,
        }
    )
    access_key, region = _signature(request)
    return DemoCall(service, operation, parameters, region, access_key, operation_model, request)


def _signature(request: Request) -> tuple[str | None, str]:
    """Return the access key and Region in a signature (version 4).

    Its form is ``Credential=KEY/DATE/REGION/SERVICE/aws4_request``.
    """
    header = request.headers.get("Authorization", "")
    _, _, scope = header.partition("Credential=")
    parts = scope.split(",")[0].split("/")
    if len(parts) < 5:
        return None, "us-east-1"
    return parts[0], parts[2] if parts[2] != "aws-global" else "us-east-1"


def write(call: DemoCall, answer: Mapping[str, Any] | AwsError) -> AWSResponse:
    """Return the HTTP response for a result or an error."""
    if isinstance(answer, AwsError) and answer.code not in COMMON_ERROR_CODES:
        COMMON_ERROR_CODES.append(answer.code)  # moto warns about codes that are neither in this list nor in the model
    model = call.model.service_model
    protocol = determine_request_protocol(model, call.request.content_type)
    serializer = get_serializer_class(model.service_name, protocol)(operation_model=call.model)
    response = serializer.serialize(answer)
    given = answer.status if isinstance(answer, AwsError) else None
    return raw(call.request.url, given or response["status_code"], response["headers"], response["body"])


def raw(url: str, status: int, headers: Any, body: str | bytes) -> AWSResponse:
    return AWSResponse(url, status, dict(headers), _Body(body))


class _Body(BytesIO):
    """A response's body, with the one method of urllib3's responses that botocore uses."""

    def __init__(self, content: str | bytes) -> None:
        super().__init__(content.encode() if isinstance(content, str) else content)

    def stream(self, amount: int | None = None, **_: Any) -> Any:
        while chunk := self.read(amount or -1):
            yield chunk
