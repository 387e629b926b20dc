"""Rows for AWS Lambda: names, packages, quotas, statements of a function's policy."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import NONE_MISSING, System, documented, made_system

LAMBDA_FILES_AND_QUALIFIERS: tuple[System, ...] = (
    # AWS Lambda Developer Guide, "Troubleshoot deployment issues in Lambda"
    # (https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-deployment.html).
    made_system(
        "the modes of the files in the function's package",
        "Make the files readable before packing them: chmod -R o+rX . (directories 755, files 644), then deploy the "
        f"package again. {NONE_MISSING}",
        r"(?:[Pp]ermission\s+denied\W{1,12}(?:open\s+\W?)?|EACCES\W[^\n]{0,60}?)/var/task/",
        "/var/task/",
        unless=r"fork/exec|Exec\s+format|exec:",
        verdict="The files in the function's package are not readable for the user that Lambda runs as: change their "
        "modes before packing. It is not IAM.",
        title="Make the package's files readable",
    ),
    # AWS Lambda API Reference, "AddPermission": Qualifier
    # (https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html).
    made_system(
        "the qualifier of the function's policy",
        f"Leave out --qualifier, or name a published version or an alias. {NONE_MISSING}",
        r"do\s+not\s+support\s+adding\s+policies\s+for\s+\$LATEST",
        "adding policies for $latest",
        flags=re.IGNORECASE,
        verdict="$LATEST cannot have a separate policy: remove the qualifier, so that the statement goes into the "
        "function's policy.",
        title="Leave out the qualifier",
    ),
)  # fmt: skip

FUNCTION_NAMES: tuple[System, ...] = (
    # AWS Lambda API reference, "GetFunction": ResourceNotFoundException
    # (https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html).
    made_system(
        "the function's name, Region or account",
        f"Check the spelling of the function's name, and the Region and account of the call. {NONE_MISSING}",
        r"\bFunction\s+not\s+found:\s+arn:",
        "function not found",
        subject=r"Function\s+not\s+found:\s+(arn:[\w:./$-]+)",
        verdict="Lambda has no function {name}: check its name, the Region and the account of the call. No permission "
        "is missing.",
        regional=True,
    ),
)

FUNCTION_STATEMENTS: tuple[System, ...] = (
    # AWS Lambda API Reference, "AddPermission": StatementId, ResourceConflictException
    # (https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html).
    made_system(
        "the statement in the function's policy",
        "Look at it (aws lambda get-policy --function-name FUNCTION). Import it into the tool, remove it (aws lambda "
        f"remove-permission --function-name FUNCTION --statement-id {{name}}), or choose another ID. {NONE_MISSING}",
        r"statement\s+id\s+\([\w-]{1,100}\)\s+provided\s+already\s+exists",
        "provided already exists",
        subject=r"statement\s+id\s+\(([\w-]{1,100})\)",
        verdict="The function's resource policy already has a statement with the ID {name}. No permission is missing.",
        title="Import or remove the statement, or choose another ID",
    ),
)

LAMBDA_LIMITS: tuple[System, ...] = (
    # AWS Lambda Developer Guide, "Troubleshoot deployment issues in Lambda"
    # (https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-deployment.html).
    made_system(
        "the account's concurrency quota in Lambda",
        "Reserve less, or request more “Concurrent executions” in Service Quotas, AWS Lambda: what is not reserved "
        "must stay above the minimum that the message names. New accounts begin with a small quota.",
        r"decreases\s+account's\s+UnreservedConcurrentExecution\s+below\s+its\s+minimum",
        "unreservedconcurrentexecution",
        verdict="The account's concurrency quota in Lambda is too small for this reservation: reserve less, or have "
        "the quota raised. No permission is missing.",
        title="Reserve less, or raise the quota",
    ),
    made_system(
        "the function's environment variables",
        "Remove or rename the variable: Lambda sets names like AWS_REGION and AWS_ACCESS_KEY_ID itself, and your "
        "function can only read them. To pass a Region of your own, use a different variable name. No permission is "
        "missing.",
        r"environment\s+variables\s+you\s+have\s+provided\s+contains\s+reserved\s+keys",
        "contains reserved keys",
        subject=r"Reserved keys used in this request: ?(\w+)",
        verdict="The function's variables contain a name that Lambda reserves: remove or rename it.",
        title="Remove the reserved variable",
    ),
)

LAMBDA_PACKAGES: tuple[System, ...] = (
    # AWS Lambda Developer Guide, "Troubleshoot deployment issues in Lambda" and "Packaging your layer content"
    # (https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html).
    documented(
        "the function's package",
        "The function's code imports a module that its package lacks, or the handler names a file that is not there: "
        "add the module to the package or to a layer.",
        "In a layer, Python's modules are in the folder python/ (Node.js: nodejs/node_modules), built for the "
        "function's runtime and architecture. The handler's name must be FILE.FUNCTION.",
        "Unable to import module {}: No module named",
        "Unable to import module {}: cannot import name",
        "Runtime.ImportModuleError: Error: Cannot find module",
        title="Put the module into the package or a layer",
    ),
)
