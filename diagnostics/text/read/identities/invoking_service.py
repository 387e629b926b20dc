"""The service on whose behalf a call was made, as CloudTrail records it."""

from __future__ import annotations

from iam.lazy_pattern import regex

# CloudTrail User Guide, "CloudTrail userIdentity element", invokedBy: the service that made the request
# (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html).
INVOKED_BY = regex(r"\binvokedBy[\"']?[ \t]*[:=]?[ \t]*[\"']?([a-z0-9.-]+\.amazonaws\.com)\b")
