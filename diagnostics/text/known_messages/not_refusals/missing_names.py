"""The row for a resource of any service that the called account and Region does not have."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

MISSING_NAMES: tuple[System, ...] = (
    # Names that the called account and Region do not have: each service's API reference, errors.
    made_system(
        "the name, the Region and the account of the call",
        "Nothing has this name in the account and Region that the call reached: compare name, Region and account (aws "
        "sts get-caller-identity, --region). A missing permission is not the cause.",
        r"\((?:ParameterNotFound|NoSuchBucket|ClusterNotFoundException|DBInstanceNotFound|TopicNotFound)\)\s+when"
        r"\s+calling",
        "parameternotfound",
        "nosuchbucket",
        "clusternotfoundexception",
        "dbinstancenotfound",
        "topicnotfound",
        # SQS says so of both: "does not exist or you do not have access to it".
        unless=r"is\s+not\s+authorized\s+to\s+perform|not\s+have\s+(?:access|permissions?)",
        title="Compare the name, the Region and the account",
        regional=True,
    ),
)
