"""boto3's descriptions of AWS's APIs, read without their documentation: what is called and answered stays the same."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.loaders import JSONFileLoader, Loader
from botocore.model import ServiceModel

from iam.sources.aws.lean_models import LeanFiles


def _without_texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: _without_texts(each)
            for key, each in value.items()
            if not (key == "documentation" and isinstance(each, str))
        }
    return [_without_texts(each) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize("service", ["iam", "s3", "apigateway"])
def test_a_description_lacks_its_texts_alone(service: str) -> None:
    whole, lean = Loader(), Loader()
    whole.file_loader, lean.file_loader = JSONFileLoader(), LeanFiles()
    for kind in ("service-2", "paginators-1"):
        assert _without_texts(lean.load_service_model(service, kind)) == _without_texts(
            whole.load_service_model(service, kind)
        )
    model = ServiceModel(lean.load_service_model(service, "service-2"), service)
    shape = model.operation_model(model.operation_names[0]).input_shape
    assert shape is not None and shape.members and not shape.documentation
    assert model.client_context_parameters is not None
