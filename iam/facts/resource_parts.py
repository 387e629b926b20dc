"""The text before the resource's own name in the resource part of an ARN, by service.

Service Authorization Reference, each service's "Resource types defined by …"
(https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html).
"""

from __future__ import annotations

BEFORE_THE_NAME = {
    "cloudformation": "stack/",
    "dynamodb": "table/",
    "ecr": "repository/",
    "kms": "key/",
    "lambda": "function:",
    "s3": "",
    "secretsmanager": "secret:",
    "sns": "",
    "sqs": "",
    "ssm": "parameter",
}
"""The text for the usual resource type of each service.

The name of a parameter begins with the slash after ``parameter``.
"""
