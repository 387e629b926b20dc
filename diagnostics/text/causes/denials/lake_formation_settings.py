"""Changes of Lake Formation's settings that are refused although the caller's policy allows them."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import contains, reading
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.who import Who

_OF_A_STACK = r"AWS::CloudFormation::CustomResource|\bCustom::\w+|\bcustom resource\b"


def not_an_administrator(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if PutDataLakeSettings is refused, and the text has a policy that allows it.

    What users found in accounts that have data lake administrators: only one of them could change the settings
    (https://github.com/aws/context-ontology-accelerator/pull/73).
    """
    if signs.action != "lakeformation:putdatalakesettings" or signs.layer or not signs.granted:
        return
    new = (
        " A custom resource calls with the role of its own function: give it a role that keeps its name, and register "
        "that one."
        if signs.says(_OF_A_STACK)
        else ""
    )
    yield FirstLook(
        "Most likely the caller's own role has to be a data lake administrator: in an account that has administrators, "
        "one of them must add that role, and not the role that the call is to add. The check lists them, and the "
        f"policy in the text allows the call already.{new}",
        contains(signs.allowed_by),
        reading("lakeformation", "get-data-lake-settings", query="DataLakeSettings.DataLakeAdmins"),
        Who.RESOURCE_OWNER,
    )
