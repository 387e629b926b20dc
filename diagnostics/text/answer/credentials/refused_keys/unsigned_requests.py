"""Rows for requests without a signature: Missing Authentication Token."""

from __future__ import annotations

from diagnostics.text.answer.credentials.credential_fault import CONFIGURED, WHO, CredentialFault, fault
from diagnostics.who import Who
from iam.claims import Ground

WITHOUT_SIGNATURE: tuple[CredentialFault, ...] = (
    # Amazon Managed Service for Prometheus User Guide, "Set up ingestion from a self-managed Prometheus server"
    # (https://docs.aws.amazon.com/prometheus/latest/userguide/AMP-onboard-ingest-metrics-remote-write-EC2.html).
    # OpenTelemetry Collector, "AWS Sigv4 authenticator extension"
    # (https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/extension/sigv4authextension).
    fault(
        r"Missing ?Authentication ?Token",
        "The collector sends its samples without a signature (SigV4), so no policy was evaluated: name sigv4auth as "
        "the exporter's authenticator, and list it in service.extensions. Only then do permissions matter.",
        "Let the exporter sign its requests",
        "# in exporters.prometheusremotewrite:  auth: {authenticator: sigv4auth}\n"
        "# in extensions:  sigv4auth: {region: REGION, service: aps}\n"
        "# in service:  extensions: [sigv4auth]",
        "The collector's role then needs aps:RemoteWrite on the workspace (AmazonPrometheusRemoteWriteAccess).",
        check=None,
        speaker=r"\b(?:prometheusremotewrite|otelcol|exporterhelper|sigv4auth)\b[\s\S]*?\baps-workspaces\."
        r"|\baps-workspaces\.[\s\S]*?\b(?:prometheusremotewrite|otelcol|exporterhelper|sigv4auth)\b",
    ),
    fault(
        r"Missing ?Authentication ?Token",
        "Add sigv4 with the workspace's Region to remote_write: Prometheus sends its samples without a signature "
        "(SigV4), so no policy was evaluated. Permissions matter only after that.",
        "Let remote_write sign its requests",
        "# in remote_write (the operator's remoteWrite), beside url:\n"
        "#   sigv4: {region: REGION}  # role_arn, if it should assume a role",
        "remote_write has no sigv4 block (the OpenTelemetry collector: sigv4authauthenticator). The pod's role then "
        "needs aps:RemoteWrite on the workspace (AmazonPrometheusRemoteWriteAccess).",
        check=None,
        speaker=r"\baps-workspaces\.[\s\S]*?(?:remote_write|remoteWrite|remote_name)|(?:remote_write|remoteWrite)[\s\S]*?\baps-workspaces\.",
    ),
    # AWS Signature Version 4 for API requests: IAM User Guide
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html).
    fault(
        r"Missing ?Authentication ?Token",
        "Sign the request to {unsigned_host}: it has no signature (SigV4), so no policy was evaluated. The "
        "caller's permissions matter only for a signed request.",
        "Sign the request with the caller's AWS credentials",
        "awscurl --service {signing_name} --region REGION https://{unsigned_host}/PATH  # or: curl --aws-sigv4 "
        'aws:amz:REGION:{signing_name} --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" '
        '-H "x-amz-security-token: $AWS_SESSION_TOKEN"',
        check=WHO,
        needs="unsigned_host",
        speaker=r"[\s\S]",
    ),
    # IAM User Guide, "Troubleshoot signed requests for AWS APIs": the answer of a service's own API to a request
    # without a signature (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html).
    fault(
        r"Request is missing Authentication Token",
        "The request was sent without a signature, because the client that made it has no credentials. No policy "
        "was evaluated, and no permission is known to be missing.",
        "Give the client credentials: the SDK's default credentials, or a provider that is named in its configuration",
        f"{CONFIGURED}  # where the program runs\n{WHO}",
        "A client or configuration that is built by hand may have no credentials provider: load the SDK's default "
        "configuration. AssumeRole also has to be signed.",
        check=WHO,
        ground=Ground.PARTLY,
        speaker=r"Request is missing Authentication Token",
    ),
    # API Gateway Developer Guide, "CORS for REST APIs in API Gateway": a browser sends the preflight request without
    # credentials (https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-cors.html).
    fault(
        r"Missing ?Authentication ?Token",
        "Take the authorization off the method OPTIONS, and deploy the API: a browser sends its preflight request "
        "without a signature, whatever the page signs. The caller's permissions are not the cause.",
        "Let OPTIONS answer without authorization",
        "aws apigateway update-method --rest-api-id API --resource-id RESOURCE --http-method OPTIONS "
        "--patch-operations op=replace,path=/authorizationType,value=NONE\n"
        "aws apigateway create-deployment --rest-api-id API --stage-name STAGE",
        "The method ANY includes OPTIONS. Define OPTIONS by itself with authorization NONE (Serverless Framework: "
        "cors: true; SAM: Cors, with AddDefaultAuthorizerToCorsPreflight: false).",
        check=None,
        who=Who.RESOURCE_OWNER,
        cause="not-iam",
        ground=Ground.LIKENESS,
        speaker=r"\bpreflight\b|\bOPTIONS\b[^\n]{0,160}\b40[13]\b",
    ),
    # API Gateway Developer Guide, "Control access to a REST API with IAM permissions"
    # (https://docs.aws.amazon.com/apigateway/latest/developerguide/permissions.html).
    fault(
        r"Missing ?Authentication ?Token",
        "Sign the request with the caller's credentials (SigV4, service execute-api): the text says that the "
        "method accepts only requests with AWS_IAM, and this request has no signature. The caller's permissions "
        "matter only for a signed request.",
        "Sign the request with the caller's AWS credentials",
        "awscurl --service execute-api --region REGION URL  # or: curl --aws-sigv4 aws:amz:REGION:execute-api",
        "The client does not sign its requests. If a signed request gets the same answer, the stage does not have "
        "this path or method.",
        check=WHO,
        ground=Ground.LIKENESS,
        speaker=r"\bAWS_IAM\b",
    ),
    fault(
        r"Missing ?Authentication ?Token",
        "The request goes to {called_path}, but the text names {named_path}: API Gateway gives this answer for a "
        "path or method that the stage does not have. Correct the {wrong_part}. No token is known to be missing.",
        "Call {named_path}, or add {called_path} to the API and deploy it",
        "aws apigateway get-export --rest-api-id API --stage-name STAGE --export-type oas30 api.json  # the paths that "
        "are deployed to the stage",
        "The path or the method of the request is not among the API's.",
        check=None,
        cause="not-iam",
        ground=Ground.LIKENESS,
        needs="called_path",
    ),
    # API Gateway developer guide, "Troubleshoot issues with REST APIs".
    fault(
        r"Missing ?Authentication ?Token",
        "The request has no signature that AWS could read.",
        "Check the URL's stage, path and method first, then whether the request has to be signed",
        "aws apigateway get-export --rest-api-id API --stage-name STAGE --export-type oas30 api.json  # the paths that "
        "are deployed to the stage; get-resources lists the draft",
        check=None,
        cause="unreadable",
        ground=Ground.NOTHING,
    ),
)
