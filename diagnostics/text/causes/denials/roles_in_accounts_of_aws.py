"""Callers that are roles in an account that belongs to AWS: nobody else can see or change their policies."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.who import Who

# Amazon Lightsail User Guide, "Configure the instance metadata service": an instance has the service of EC2 instances,
# and the caller cannot choose a role for it
# (https://docs.aws.amazon.com/lightsail/latest/userguide/amazon-lightsail-configuring-instance-metadata-service.html).
_ROLES = ((r"AmazonLightsailInstanceRole", "a Lightsail instance"),)


def role_in_an_account_of_aws(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the caller is the role with which a service of AWS runs the machine of its customer."""
    place = next((place for role, place in _ROLES if re.fullmatch(role, signs.role)), "")
    if not place or signs.caller is None:
        return
    account = f"account {signs.caller.account}" if signs.caller.account else "an account"
    yield FirstLook(
        f"The program found no credentials of its own and used those of {place}: the role {signs.role} is in "
        f"{account}, which belongs to AWS, so you cannot see or change it. Give the program "
        "credentials of your account (a profile or keys of the user that runs it) with the permission.",
        signs.caller_is,
        "aws configure list",
        Who.CALLER,
        decides=True,
    )
