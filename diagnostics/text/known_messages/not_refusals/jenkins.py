"""Rows for Jenkins."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, documented, made_system

JENKINS_CREDENTIALS: tuple[System, ...] = (
    # Jenkins, Credentials Binding plugin (https://plugins.jenkins.io/credentials-binding/).
    documented(
        "the credentials in Jenkins",
        "Jenkins has no credentials with the ID {name} that this job may use: create them, or correct the ID or their "
        "folder and scope. AWS was not called.",
        "Credentials of a folder serve only jobs in it, and scope System serves no job. The type must fit the step "
        "(AWS Credentials).",
        "Could not find credentials entry with ID '{name}'",
        title="Give the job its credentials in Jenkins",
    ),
)
JENKINS: tuple[System, ...] = (
    made_system(
        "Jenkins",
        "Check the permissions of the user in Jenkins (Manage Jenkins, Security), or of the folder.",
        r"is\s+missing\s+the\s+\w+/\w+\s+permission",
        "is missing the",
    ),
)
