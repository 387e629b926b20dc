"""Answer a denial of a call that, as the text shows, was not made by the intended caller or in the intended account."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.diagnosis import Part
from diagnostics.failure import Denial
from diagnostics.fix import Fix, Note, ShellCommand
from diagnostics.text.answer.sequel import settled_first
from diagnostics.text.read.identities.management_account import management_account
from diagnostics.text.read.identities.meant_account import meant_account, other_caller, overriding_keys, owners_profile
from diagnostics.text.read.resources.foreign_bucket import foreign_bucket
from diagnostics.text.read.resources.foreign_zone import foreign_zone
from diagnostics.who import Who


def of_the_meant_account(denial: Denial, parts: Iterator[Part]) -> Iterator[Part]:
    """Yield the parts of a diagnosis, after a notice if the call was not made in the intended account."""
    keys = overriding_keys(denial)
    if keys is not None:
        command = (
            "unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN\naws sts get-caller-identity"
            f"  # or, with the keys: --profile {keys.profile}"
        )
        change = ShellCommand("the caller's credentials", command)
        return settled_first(
            keys.sentence, parts, Fix("Remove the keys from the environment", Who.CALLER, change), alone=True
        )
    if (shown := other_caller(denial)) is not None:
        if not shown.how:
            return settled_first(shown.sentence, parts)
        same = Note("the call", f"{shown.how.strip()} No policy has to change, unless AWS also refuses {shown.shown}.")
        fix = Fix(f"Make the call as {shown.shown}", Who.CALLER, same)
        return settled_first(shown.sentence, parts, fix, alone=True)
    if (owner := owners_profile(denial)) is not None:
        call = Note("the call", f"Add --profile {owner.other}, or export AWS_PROFILE={owner.other}.")
        fix = Fix(f"Call with the profile {owner.other}", Who.CALLER, call)
        return settled_first(owner.sentence, parts, fix, alone=True)
    if (bucket := foreign_bucket(denial)) is not None:
        fix = Fix(
            "Ask the bucket's owner to allow the access", Who.RESOURCE_OWNER, Note("the bucket's policy", bucket.also)
        )
        return settled_first(bucket.sentence, parts, fix, alone=True)
    if (zone := foreign_zone(denial)) is not None:
        fix = Fix(f"Assume a role of {zone.place}", Who.RESOURCE_OWNER, Note(zone.place, zone.steps))
        return settled_first(zone.sentence, parts, fix, alone=True)
    if (organization := management_account(denial)) is not None:
        how = "No policy of the member account changes this: aws sts get-caller-identity shows a profile's account."
        fix = Fix(f"Call with a profile of account {organization.management}", Who.CALLER, Note("the call", how))
        return settled_first(organization.sentence, parts, fix, alone=True)
    other = meant_account(denial)
    if other is None:
        return parts
    said = f"aws sts get-caller-identity must show account {other.named}." if other.thing else other.sentence
    first = Fix(
        f"Call with a profile of account {other.named}, if that is the right account",
        Who.CALLER,
        Note(denial.principal or "the caller", f"{said} No policy has to change if the profile was wrong."),
    )
    if other.thing:
        return settled_first(other.sentence, parts, first, alone=True)
    return settled_first(f"{other.sentence} Choose the right profile first.", parts, first)


def made_elsewhere(denial: Denial) -> bool:
    """Return whether the text shows that the call should be made in another account, whatever the policies say."""
    return owners_profile(denial) is not None or management_account(denial) is not None
