"""How the resource part of an ARN begins before the resource's own name, by service.

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
"""The usual type of resource of each service. A parameter's name begins with the slash after ``parameter``."""
