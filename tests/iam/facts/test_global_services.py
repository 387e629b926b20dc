"""The Regions of global services are those that AWS's own client signs for."""

from __future__ import annotations

import boto3
import pytest

from iam.facts.global_services import (
    ENDPOINTS,
    FEW_ENDPOINTS,
    FewEndpoints,
    global_region,
    iam_region,
    partition_of_region,
    url_suffix,
)

# Its callers name the Region: the client does not choose it (the row's page).
NAMED = {"globalaccelerator"}
OTHER_REGION = {"aws": "eu-west-1", "aws-us-gov": "us-gov-east-1", "aws-cn": "cn-northwest-1"}


@pytest.mark.parametrize(
    ("service", "partition"),
    [(service, row.partition) for row in ENDPOINTS for service in sorted(row.services - NAMED)],
)
def test_a_row_is_where_the_client_signs(service: str, partition: str) -> None:
    client = boto3.client(
        service, region_name=OTHER_REGION[partition], aws_access_key_id="a", aws_secret_access_key="b"
    )
    model = client.meta.service_model
    operation = model.operation_model(model.operation_names[0])
    schemes = client._ruleset_resolver.construct_endpoint(operation, {}, {}).properties["authSchemes"]
    assert {scheme["signingRegion"] for scheme in schemes} == {global_region(service, partition)}


@pytest.mark.parametrize("row", [row for row in FEW_ENDPOINTS if row.service not in NAMED])
def test_the_client_knows_no_endpoint_in_further_regions(row: FewEndpoints) -> None:
    assert set(boto3.Session().get_available_regions(row.service)) <= set(row.regions)


def test_every_row_has_its_page() -> None:
    assert all(row.page.startswith(("https://docs.aws.amazon.com/", "https://docs.amazonaws.cn/")) for row in ENDPOINTS)


@pytest.mark.parametrize("partition", OTHER_REGION)
def test_the_region_of_iam_is_of_its_partition(partition: str) -> None:
    assert partition_of_region(iam_region(partition)) == partition
    assert partition_of_region(OTHER_REGION[partition]) == partition


@pytest.mark.parametrize("partition", OTHER_REGION)
def test_the_domain_of_endpoints_is_that_of_the_client(partition: str) -> None:
    client = boto3.client("sqs", region_name=OTHER_REGION[partition], aws_access_key_id="a", aws_secret_access_key="b")
    assert client.meta.endpoint_url.endswith(f".{OTHER_REGION[partition]}.{url_suffix(partition)}")


def test_a_service_with_one_regional_endpoint_is_called_there() -> None:
    assert global_region("route53domains", "aws") == "us-east-1"
    assert global_region("ecr-public", "aws") is None
    assert global_region("route53domains", "aws-cn") is None
