"""An image that a launch reads from a parameter of Systems Manager."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import AN_ALLOW_HELPS, contains
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.text.read.messages.additions_to_message import granted_in
from diagnostics.who import Who


def image_from_a_parameter(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if a launch gets its image from an SSM parameter that the caller is not allowed to read.

    Systems Manager User Guide, "Using native parameter support in Parameter Store for AMI IDs"
    (https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-ec2-aliases.html).
    """
    if signs.denial.action or not (said := signs.quote(r"SsmAccessDenied|Access denied to SSM")):
        return
    found = re.search(r"resolve:ssm:(?P<name>[\w./-]*[\w/-])", signs.denial.text)
    which = f"the parameter {found['name']}" if found else "the parameter"
    needed = "allow that caller to perform ssm:GetParameters on the parameter's ARN"
    if "ssm:getparameters" in (had := granted_in(signs.denial.text)):
        needed = "the text shows a policy with ssm:GetParameters"
        needed += (
            ", so check that this caller has it, and which call CloudTrail shows as refused"
            if "ssm:getparameter" in had
            else ", which is not ssm:GetParameter. If CloudTrail shows GetParameter as refused, allow that too"
        )
    yield FirstLook(
        f"The launch takes its image from {which} (resolve:ssm:), and EC2 reads the parameter with the permissions of "
        f"the launch's caller: {needed}.",
        contains(said),
        signs.caller_read,
        Who.ACCOUNT_ADMIN,
        asserts=AN_ALLOW_HELPS,
    )
