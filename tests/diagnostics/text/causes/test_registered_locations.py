"""A refusal at a location that is registered with Lake Formation names the grants there."""

from __future__ import annotations

import pytest

from tests.support.texts.answers import causes_in

GRANTS = "DATA_LOCATION_ACCESS on the location"


@pytest.mark.parametrize(
    "text",
    (
        "The bucket is registered with Lake Formation. Our Glue job's role has S3 rights.\nAccess Denied",
        "Lake Formation governs the zone, its location was registered last week. The EMR step fails: AccessDenied",
        "s3://raw is registered as a data location in Lake Formation, and the crawler ends with: Access Denied",
    ),
)
def test_the_grants_of_lake_formation_come_first(text: str) -> None:
    assert GRANTS in causes_in(text)


@pytest.mark.parametrize(
    "text",
    (
        "The bucket is not registered with Lake Formation. Our Glue job's role has S3 rights.\nAccess Denied",
        "Lake Formation is not used here; is the location registered somewhere? Access Denied",
        "The bucket is registered with Lake Formation.\nUser: arn:aws:iam::444455556666:user/kim is not authorized to "
        "perform: s3:GetObject on resource: arn:aws:s3:::raw/a because no identity-based policy allows the "
        "s3:GetObject action",
    ),
)
def test_without_such_a_location_or_with_a_stated_action_they_do_not(text: str) -> None:
    assert GRANTS not in causes_in(text)
