"""Messages of AWS Lambda about functions and their roles."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, of_codes

_API = "https://docs.aws.amazon.com"

LAMBDA_NETWORK_AND_FILE_SYSTEMS: tuple[ServiceSentence, ...] = (
    of_codes(
        "EC2AccessDeniedException",
        "the function's execution role",
        "the function's execution role is not allowed to set up its network interface",
        "Lambda is not allowed to set up the function's network interface with its execution role.",
        "Attach AWSLambdaVPCAccessExecutionRole to the function's execution role. A Deny on EC2's network interfaces "
        "(in an SCP or a policy of the role) has the same effect.",
        f"{_API}/lambda/latest/api/API_Invoke.html",
        check="aws lambda get-function-configuration --function-name FUNCTION --query Role",
    ),
    of_codes(
        "EFSMountFailure S3FilesMountFailure",
        "the function's execution role",
        "the function could not mount its file system",
        "The function could not mount its file system: a permission is missing, or its configuration is wrong.",
        "Allow the execution role to perform elasticfilesystem:ClientMount and ClientWrite on the file system (S3 "
        "Files: s3files:ClientMount, s3files:ClientWrite). Then check the file system's policy, and the access point's "
        "user, path and mode.",
        f"{_API}/lambda/latest/api/API_Invoke.html",
        check="aws lambda get-function-configuration --function-name FUNCTION --query '[Role,FileSystemConfigs]'",
    ),
)  # fmt: skip
