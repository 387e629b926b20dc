"""Rows for Granted."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, documented

GRANTED: tuple[System, ...] = (
    # Granted, credential_process (https://docs.commonfate.io/granted/recipes/credential-process).
    documented(
        "the profile in credential_process",
        "credential_process calls granted for the profile {name}, but the line is in a profile with a different name: "
        "make the two names the same. AWS was not called.",
        "Write credential_process = granted credential-process --profile NAME with the NAME of the profile that "
        "contains this line.",
        "The profile name '{name}' provided to 'granted credential-process' does not match AWS profile name",
        title="Make the two profile names the same",
    ),
    documented(
        "the Region of the profile",
        "The profile {name} has no Region, and no default is set: add region to the profile, or run aws configure set "
        "default.region REGION. AWS was not called.",
        "AWS_REGION in the environment also works.",
        "region not set on profile {name}, could not load a default AWS_REGION",
        title="Give the profile a Region",
    ),
    documented(
        "the chain of source_profile in Granted",
        "The profiles lead in a circle: following source_profile from {name} never ends at credentials. Give the last "
        "profile of the chain its own credentials. AWS was not called.",
        "Read source_profile of each profile in turn in ~/.aws/config.",
        "maximum source profile depth exceeded for profile {name}",
        title="Break the circle of source_profile",
    ),
)
