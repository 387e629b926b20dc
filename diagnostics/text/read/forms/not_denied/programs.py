"""Failures of other programs and servers, recognized by wording that is specific to each of them."""

from __future__ import annotations

import re

from diagnostics.text.read.forms.system_row import NONE_MISSING, System, documented, made_system

OTHER_SERVER = "another server"
CONDITION = "the condition of the DynamoDB write"
# Hosts that are not AWS's: what AWS calls endpoints, consoles and distributions ends with one of these.
_NOT_AWS = (
    r"(?![\w.-]*(?:amazonaws\.c|\.aws\b|aws\.amazon|awsapps\.com|cloudfront\.net|awsstatic|elasticbeanstalk|on\.aws"
    r"|localhost|127\.0\.0\.1|169\.254|example\.))"
)
_SERVER = rf"https?://{_NOT_AWS}([a-z0-9][\w-]*(?:\.[\w-]+)+)"
_ENDINGS = r"(?:io|com|dev|org|net|cloud|internal|local|lan|corp|eu|de)"
_REGISTRY = rf"(?<![\w.@-])(?!ghcr\.io){_NOT_AWS}((?:[a-z0-9-]+\.)+{_ENDINGS}(?::\d{{2,5}})?)"
_SOURCE_RANGE = r"nginx\.ingress\.kubernetes\.io/(?:white|allow)list-source-range"
_NGINX_REFUSED = r"\b403\s+Forbidden[\s\x1e<][\s\S]{0,600}?\b(?:nginx|openresty)\b"
NO_ANSWER = "the network to the server"
STATE_LOCK = "the lock of Terraform's state"
KUBECONFIG = "the program's kubeconfig"
_LOCAL = r"(?:localhost|127\.0\.0\.1|\[::1\])"
_NO_KUBECONFIG = (
    rf"\bconnection\s+to\s+the\s+server\s+{_LOCAL}:8080\s+was\s+refused"
    rf"|\b(?:Get|Post|Put|Patch|Delete)\s+\"http://{_LOCAL}(?::8080|:80)?/(?:apis?|version|openapi)\b[^\n]{{0,200}}?refused"
)
PROGRAMS: tuple[System, ...] = (
    made_system(
        "the CDK's credentials",
        "Sign in, or name a profile (--profile, AWS_PROFILE), and check whether aws sts get-caller-identity works with "
        f"it in the same shell. {NONE_MISSING}",
        r"Unable\s+to\s+resolve\s+AWS\s+account\s+to\s+use",
        "resolve aws account to use",
        verdict="The CDK found no AWS credentials that work, and the stack's env names no account: it has made no call "
        "for the stack yet.",
        title="Give the CDK credentials",
    ),
    # SageMaker Python SDK, get_execution_role in session.py (https://github.com/aws/sagemaker-python-sdk), and Amazon
    # SageMaker AI Developer Guide, "How to use SageMaker AI execution roles": passing roles
    # (https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html).
    documented(
        "the role for SageMaker",
        "The code runs as {name}, which is not a role, so get_execution_role() has none to return: write the ARN of a "
        "SageMaker execution role in its place.",
        'role = "arn:aws:iam::ACCOUNT:role/NAME": a role that trusts sagemaker.amazonaws.com, and that the caller may '
        "pass (iam:PassRole). get_execution_role() is for code that runs in SageMaker (a notebook, Studio). "
        "iam:GetRole does not help.",
        "The current AWS identity is not a role: {name}, therefore it cannot be used as a SageMaker execution role",
        title="Write the execution role's ARN instead of get_execution_role()",
    ),
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
    # PowerShell documentation, "about_Execution_Policies"
    # (https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_execution_policies).
    made_system(
        "PowerShell's execution policy",
        "Allow the script for this session (Set-ExecutionPolicy -Scope Process RemoteSigned), or unblock a downloaded "
        "file (Unblock-File). If a group policy sets it, ask the Windows administrator. No call to AWS was made.",
        r"running\s+scripts\s+is\s+disabled\s+on\s+this\s+system|about_Execution_Policies|\bPSSecurityException\b"
        r"|\.ps1\s+is\s+not\s+digitally\s+signed",
        "running scripts is disabled",
        "about_execution_policies",
        "pssecurityexception",
        "is not digitally signed",
        flags=re.IGNORECASE,
        verdict="PowerShell did not load the script: PowerShell's execution policy does not allow it. AWS was not "
        "called, and no permission is missing.",
        title="Let PowerShell run the script",
    ),
    # GitHub Docs, "Working with the Container registry"
    # (https://docs.github.com/packages/working-with-a-github-packages-registry/working-with-the-container-registry).
    made_system(
        "GitHub's package registry",
        "Give the job permissions: packages: write (for a pull, read), and give the repository access to the package "
        "(the package's settings, Manage Actions access). A personal token needs the scope write:packages. No AWS "
        "permission is missing.",
        r"\bghcr\.io/[^\n]{0,200}(?:denied|unauthorized|\b40[13]\b)|(?:denied|unauthorized"
        r"|\b40[13]\b)[^\n]{0,200}\bghcr\.io/"
        r"|permission_denied:\s+(?:write|read)_package",
        "ghcr.io",
        "permission_denied:",
        flags=re.IGNORECASE,
        verdict="GitHub's package registry refused the request, not AWS. No AWS permission is missing.",
        title="Give the job or token access to the package in GitHub",
    ),
    # Distribution's "Registry errors" (https://distribution.github.io/distribution/spec/api/#errors-2).
    made_system(
        "another container registry",
        "Log in to {name} (docker login), and check who is allowed to pull or push the image there. No AWS permission "
        "is missing.",
        rf"(?:push|pull|solve|fetch|resolve|copy)\w*[^\n]{{0,200}}?{_REGISTRY}/[^\n]{{0,300}}?(?:denied|unauthorized"
        rf"|\b40[13]\b"
        r"|authentication\s+required|insufficient_scope)"
        rf"|(?:denied|unauthorized)\s+for\s+{_REGISTRY}/",
        *("push", "pull", "solve", "fetch", "resolve", "copy", "denied for", "unauthorized for"),
        flags=re.IGNORECASE,
        unless=r"authorized\s+to\s+perform",
        subject=_REGISTRY,
        verdict="{name} refused, and that registry is not ECR: no AWS permission is missing.",
        title="Log in to the registry that refused",
    ),
    # RFC 9110, "HTTP Semantics", 401 and 403: the server that is named in the request answers.
    made_system(
        OTHER_SERVER,
        "Check what {name} itself requires: its token, its user, its own permissions. If it forwards AWS responses, an "
        "AWS error has a code and a request ID.",
        r"(?:\b(?:GET|POST|PUT|DELETE|PATCH|HEAD)\s+\"?|\b(?:for\s+url|calling|fetching|from|request\s+to"
        r"|url)[\s:'\"]{1,3})"
        rf"{_SERVER}[^\s\"]{{0,200}}[\s,\"][^\n]{{0,120}}?(?:\b40[13]\b|\bforbidden\b|\bunauthorized\b)"
        rf"|(?:\b40[13]\b|\bforbidden\b|\bunauthorized\b)[\s:,(][^\n]{{0,60}}?{_SERVER}",
        *("401", "403", "forbidden", "unauthorized"),
        flags=re.IGNORECASE,
        unless=r"authorized\s+to\s+perform|x-amz|x-amzn|amazonaws|AccessDenied|aws4_request|Missing\s+Authentication"
        r"|could\s+not\s+be\s+satisfied"
        r"|calling\s+the\s+\w+\s+operation|\(Service:|execute-api|\bvault\b|/v1/sys|\bapi\s+error\b|StatusCode:",
        subject=_SERVER,
        verdict="{name} answered 401 or 403, and is not an AWS endpoint: no refusal by IAM was recognized in the text.",
        title="Check the credentials and permissions of the server that refused",
        sure=False,
    ),
    # Terraform, "State: Locking" (https://developer.hashicorp.com/terraform/language/state/locking).
    made_system(
        STATE_LOCK,
        "Another run holds the lock (Lock Info: Who, Created): wait for it, or check that it is over and run "
        f"terraform force-unlock with the lock's ID. {NONE_MISSING}",
        r"Error\s+acquiring\s+the\s+state\s+lock[\s\S]{0,600}?"
        r"(?:ConditionalCheckFailed|PreconditionFailed|StatusCode:\s*412|Lock\s+Info|already\s+locked)",
        "acquiring the state lock",
        subject=r"\bID:\s+([0-9a-f]{8}-[0-9a-f-]{27})",
        verdict="The Terraform state is locked by another run, which may be over by now (lock {name}). A missing "
        "permission is not the cause.",
    ),
    # Amazon DynamoDB developer guide, "Error handling with DynamoDB": ConditionalCheckFailedException
    # (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html).
    made_system(
        CONDITION,
        f"The write was allowed, but its own condition (ConditionExpression) was not met. {NONE_MISSING}",
        r"\bConditionalCheckFailed(?:Exception)?\b",
        "conditionalcheckfailed",
        verdict="The write was allowed, but its own condition was not met. A missing permission is not the cause.",
    ),
    # Amazon ECR Public User Guide, "Registry authentication" and "Service quotas"
    # (https://docs.aws.amazon.com/AmazonECR/latest/public/public-registry-auth.html,
    # https://docs.aws.amazon.com/AmazonECR/latest/public/public-service-quotas.html).
    made_system(
        "ECR Public's limit of pulls",
        "Log in to ECR Public: aws ecr-public get-login-password --region us-east-1 | docker login --username AWS "
        "--password-stdin public.ecr.aws. The login needs ecr-public:GetAuthorizationToken and "
        "sts:GetServiceBearerToken; the pull needs no permission.",
        r"public\.ecr\.aws[\s\S]{0,600}?\btoomanyrequests:|\btoomanyrequests:[\s\S]{0,600}?public\.ecr\.aws",
        "public.ecr.aws",
        flags=re.IGNORECASE,
        verdict="ECR Public limits pulls without a login, and that limit is reached: no permission is missing for the "
        "pull.",
        title="Log in to ECR Public before the pull",
    ),
    # Docker documentation, "Docker Hub usage and limits" (https://docs.docker.com/docker-hub/usage/).
    made_system(
        "Docker Hub's pull limit",
        "Pull with a Docker Hub login, through an ECR pull-through cache, or from public.ecr.aws/docker/library. "
        f"{NONE_MISSING}",
        r"reached\s+your\s+(?:unauthenticated\s+)?pull\s+rate\s+limit|docker\.com/increase-rate-limit",
        "pull rate limit",
        "increase-rate-limit",
        flags=re.IGNORECASE,
        verdict="Docker Hub's limit of pulls is reached: neither IAM nor ECR refused the pull.",
    ),
    # nginx documentation, "Module ngx_http_access_module" (https://nginx.org/en/docs/http/ngx_http_access_module.html).
    made_system(
        "nginx's allow and deny rules",
        "Allow the address of the client ({name}) in the location's rules, or correct how nginx learns the address "
        "behind a proxy (set_real_ip_from). nginx itself refused the request: the server behind it was not called, and "
        "no AWS policy decides this.",
        r"access\s+forbidden\s+by\s+rule,\s+client:",
        "access forbidden by rule",
        subject=r"access\s+forbidden\s+by\s+rule,\s+client:\s*([0-9a-f.:]{3,45}?)(?=[,\s]|$)",
        verdict="A deny rule of nginx refuses the client {name}: no rule before it allows that address.",
        title="Correct nginx's allow and deny rules",
    ),
    # nginx documentation, "Module ngx_http_core_module" (https://nginx.org/en/docs/http/ngx_http_core_module.html#user).
    made_system(
        "the file's mode on the web server",
        "Let the user of nginx's workers read {name}, and enter each folder above it (owner, mode, SELinux). AWS was "
        "not called.",
        r"open\(\)\s+\"[^\"]{1,300}\"\s+failed\s+\(13:\s+Permission\s+denied\)",
        "13: permission denied",
        subject=r"open\(\)\s+\"([^\"]{1,300})\"\s+failed\s+\(13:",
        verdict=(
            "The web server is not allowed to read its file {name}: the operating system refuses it, not an AWS policy."
        ),
        title="Let the web server read the file",
    ),
    # Ingress-NGINX Controller, "Annotations": whitelist-source-range, the ranges from which clients may come
    # (https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/#whitelist-source-range).
    made_system(
        "the ingress's allowed source ranges",
        "Call from one of these ranges, or ask the ingress's owner to add the client's range. nginx itself refused the "
        "request: AWS was not called, and no IAM permission changes this.",
        rf"{_SOURCE_RANGE}[\s\S]*?{_NGINX_REFUSED}|{_NGINX_REFUSED}[\s\S]*?{_SOURCE_RANGE}",
        "source-range",
        unless=r"x-amz(?!n-trace)|AccessDenied|authorized\s+to\s+perform",
        subject=rf"{_SOURCE_RANGE}[\"']?\s*[:=]\s*[\"']?([0-9a-f.:/, ]{{7,200}})",
        verdict="nginx answered 403, and the ingress admits only clients from {name}: most likely this client's "
        "address is in none of these ranges.",
        title="Call from an allowed address, or let the ingress admit it",
        sure=False,
    ),
    made_system(
        "the web server (nginx)",
        "Read the web server's error log: files that it is not allowed to read, deny rules, or no index. The server "
        "did not ask IAM. If it forwards S3 responses, an S3 error has a code and a request ID.",
        r"403\s+Forbidden[^\x1f]{0,600}\b(?:nginx|openresty)(?:/\d|</center>|(?<=\x1enginx)\x1e)|\b(?:nginx"
        r"|openresty)/\d[^\x1f]{0,600}403\s+Forbidden"
        r"|\b403\b[^\x1f]{0,300}server:\s*(?:nginx|openresty)\b"
        r"|directory\s+index\s+of\s+\S+\s+is\s+forbidden",
        "nginx",
        "openresty",
        "is forbidden",
        unless=r"x-amz(?!n-trace)|AccessDenied|authorized\s+to\s+perform|\.dkr\.|access\s+forbidden\s+by\s+rule,\s+client:"
        rf"|failed\s+\(13:|{_SOURCE_RANGE}",
        verdict="The web server (nginx) answered 403: no refusal by AWS was recognized in the text.",
    ),
    # AWS STS API reference, "DecodeAuthorizationMessage": InvalidAuthorizationMessage
    # (https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html).
    made_system(
        "the encoded message",
        "It is cut off, contains line breaks, or has expired: take the full message from the original output or from "
        "CloudTrail, or repeat the call. sts:DecodeAuthorizationMessage was allowed.",
        r"\bInvalidAuthorizationMessage(?:Exception)?\b",
        "invalidauthorizationmessage",
        verdict="The encoded message cannot be decoded: it is cut off, changed or expired. The permission to decode it "
        "is not missing.",
    ),
    # Terraform CLI, "terraform apply" (https://developer.hashicorp.com/terraform/cli/commands/apply).
    made_system(
        "the answer to Terraform's question",
        "Nothing failed and nothing was changed: the plan was not confirmed. The plan's lines with - or + were not "
        "evaluated as a policy.",
        r"^\s*(?:Apply|Destroy)\s+cancelled\.",
        "apply cancelled.",
        "destroy cancelled.",
        verdict="Nothing failed: the plan was not confirmed, and nothing was changed.",
    ),
    # What kubectl, Helm and Terraform's providers call without a configuration (maintainers in
    # https://github.com/k3s-io/k3s/issues/3862 and https://github.com/scholzj/terraform-aws-kubernetes/issues/23).
    made_system(
        KUBECONFIG,
        "Write the kubeconfig (aws eks update-kubeconfig --name CLUSTER --region REGION), or pass the existing one "
        "(KUBECONFIG, --kubeconfig; the host and the token of Terraform's provider). Then call again. " + NONE_MISSING,
        _NO_KUBECONFIG,
        "connection to the server",
        "dial tcp",
        verdict="The program found no kubeconfig, so it called localhost instead of a cluster: write or pass the "
        "kubeconfig. Nothing shows that the network or a permission is the cause.",
        title="Give the program the cluster's kubeconfig",
    ),
    # Amazon VPC User Guide, "Control traffic to your AWS resources using security groups".
    made_system(
        NO_ANSWER,
        "{name} could not be reached: check security groups, routes, and whether the server runs. " + NONE_MISSING,
        r"dial\s+tcp\s+[\d.]+:(?!443\b|80\b)\d+:\s+(?:i/o\s+timeout|connect:\s+connection\s+(?:refused|timed\s+out))"
        r"|connection\s+to\s+server\s+at\s+\"[^\"]+\"[^\n]{0,80}(?:timed\s+out|refused)"
        r"|Communications\s+link\s+failure",
        "dial tcp",
        "connection to server at",
        "communications link failure",
        unless=_NO_KUBECONFIG,
        subject=r"dial\s+tcp\s+([\d.]+:\d+)|server\s+at\s+\"([\w.-]+)\"",
        verdict="{name} could not be reached: the network or the server failed, and no permission was checked.",
    ),
)
