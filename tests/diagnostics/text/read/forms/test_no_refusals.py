"""Failures whose form says that nothing was refused are said to be no permission, beside a refusal, too."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.failure import Denial, OtherFailure
from diagnostics.text.known_messages.not_refusals.table import NO_REFUSALS
from iam.claims import Confidence
from tests.support.texts.operated_services import OPERATED_SERVICES
from tests.support.texts.program_messages import MESSAGES

ADFS = "arn:aws:iam::111122223333:saml-provider/ADFS"
OPS = "arn:aws:iam::111122223333:role/adfs-ops"
TEXTS = {
    "the separator in the SAML attribute Role": (
        f"AssumeRoleWithSAML\nYour request included an invalid SAML response. To logout, click\nRole = {ADFS};{OPS}",
        f"Your request included an invalid SAML response. To logout, click here.\nthe claim has {OPS} | {ADFS}",
        f"<AttributeValue>{OPS};{ADFS}</AttributeValue>\nYour request included an invalid SAML response.",
    ),
    "a sign-in to the console": (
        '{"eventName":"ConsoleLogin","eventSource":"signin.amazonaws.com","userIdentity":{"type":"Root","accountId":'
        '"111122223333"},"errorMessage":"Failed authentication","responseElements":{"ConsoleLogin":"Failure"}}',
        'eventName: ConsoleLogin\nuserIdentity: ana\nresponseElements: {"ConsoleLogin": "Failure"}\nMFAUsed: No',
        "alert: event_name=ConsoleLogin source=198.51.100.7 error=Failed authentication",
    ),
    "the user name and password of the console": (
        "Your authentication information is incorrect. Please try again.\nuser ana, account 111122223333",
        "There was an error\nYour authentication information is incorrect.",
    ),
    "the callback URLs of the Cognito app client": (
        "https://kiosk.auth.us-west-2.amazoncognito.com/error?error=redirect_mismatch&client_id=6h2example7client",
        "Login pages unavailable: An error was encountered with the requested page.\nredirect_mismatch\nsent: "
        "redirect_uri=http://localhost:5173/\nin the app client: http://localhost:5173",
        '{"error": "redirect_mismatch"}\nwhich IAM permission does the hosted UI need?',
    ),
    "what still uses the service-linked role": (
        '{"Status": "FAILED", "Reason": {"Reason": "A service-linked role is required", "RoleUsageList": '
        '[{"Region": "eu-west-1", "Resources": ["arn:aws:ecs:eu-west-1:111122223333:cluster/shop"]}]}}',
        'aws iam get-service-linked-role-deletion-status\nFAILED, "RoleUsageList": [{"Region": "eu-west-1"}]',
    ),
    "the app client's secret hash": (
        "NotAuthorizedException: Unable to verify secret hash for client 7h1example2client",
        "An error occurred (NotAuthorizedException) when calling the ForgotPassword operation: Unable to verify secret "
        "hash for client 3abcexample4client\nworks with the old client, is cognito-idp:ForgotPassword missing?",
    ),
    "MSK's listener for IAM": (
        "UnsupportedSaslMechanismException: Client SASL mechanism 'OAUTHBEARER' not enabled in the server, enabled "
        "mechanisms are [SCRAM-SHA-512]\nbootstrap.servers=b-2.lab.a1b2c3.c4.kafka.eu-north-1.amazonaws.com:9096",
        "sasl_ssl://b-1-public.lab.a1b2c3.c4.kafka.eu-west-1.amazonaws.com:9196/bootstrap: SASL OAUTHBEARER mechanism "
        "handshake failed: Broker: Unsupported SASL mechanism: broker's supported mechanisms: SCRAM-SHA-512 (after "
        "90ms)",
    ),
    "MSK's listener for SASL/SCRAM": (
        "Client SASL mechanism 'SCRAM-SHA-512' not enabled in the server, enabled mechanisms are [AWS_MSK_IAM, "
        "OAUTHBEARER]",
        "SASL PLAIN mechanism handshake failed: Broker: Unsupported SASL mechanism: broker's supported mechanisms: "
        "OAUTHBEARER,AWS_MSK_IAM (after 379ms in state AUTH_HANDSHAKE)",
    ),
    "the user's token of the Cognito user pool": (
        "An error occurred (NotAuthorizedException) when calling the GetUser operation: Access Token has been revoked",
        "NotAuthorizedException: Refresh Token has expired",
    ),
    "what the request sends to AppSync": (
        '{"errors":[{"errorType":"UnauthorizedException","message":"You are not authorized to make this call."}]}',
        '{"errorType" : "UnauthorizedException", "message" : "You are not authorized to make this call."}',
    ),
    "the package manager's CodeArtifact token": (
        "npm ERR! code E401\nnpm ERR! Unable to authenticate\nthe token is of aws codeartifact login, yesterday",
        "npm ERR! code E401\n$ cat .npmrc\n//d-1.d.codeartifact.eu-west-1.amazonaws.com/npm/r/:_authToken=eyJ2\n",
        "npm error code E401\nnpm error your authentication token seems to be invalid\n"
        "aws codeartifact get-authorization-token ran at night",
    ),
    "the organization's tag policy": (
        "New-EC2Tag: The tag policy does not allow the specified value for the following tag key: 'CostCenter'.",
        "An error occurred (TagPolicyViolation) when calling the CreateTags operation: The tag policy does not allow "
        "the specified value for the following tag key: 'env'.",
    ),
    "the EKS Pod Identity agent": (
        "httpx.HTTPStatusError: Client error '400 Bad Request' for url 'http://169.254.170.23/v1/credentials'",
        "GET http://169.254.170.23/v1/credentials -> HTTP 400",
    ),
    "the path and the method that were called": (
        "curl https://a1b2c3.execute-api.eu-west-1.amazonaws.com/prod/x\n{\"message\":\"Authorization header requires "
        "'Credential' parameter. Authorization header requires 'Signature' parameter.\"}",
        "API Gateway, user pool authorizer: Invalid key=value pair (missing equal-sign) in Authorization header "
        "(hashed with SHA-256 and encoded with Base64): 'x='.",
    ),
    "what the program sends in the Authorization header": (
        "API Error: 403 Authorization header requires 'Credential' parameter.\nAuthorization header requires "
        "'Signature' parameter.",
        "bedrock-runtime: 'sk-1' not a valid key=value pair (missing equal-sign) in Authorization header: 'Bearer "
        "sk-1'.",
        '{"Message":"Authorization header requires \'Credential\' parameter. Authorization header requires '
        "'Signature' parameter. Authorization header requires 'SignedHeaders' parameter.\"}",
    ),
    "the checksums that the SDK sends by default": (
        "our store is S3-compatible\nUpload failed: operation error S3: PutObject, https response error StatusCode: "
        "400 api error XAmzContentSHA256Mismatch: The Content-SHA256 you specified did not match what we received",
        "Backblaze B2: An error occurred (InvalidArgument) when calling the PutObject operation: Unsupported header "
        "'x-amz-sdk-checksum-algorithm' received for this API call.",
        "to Ceph: STREAMING-UNSIGNED-PAYLOAD-TRAILER is not supported",
    ),
    "the checksum of what was sent": (
        "plugin 1.10, storage of a provider\nPutObject, https response error StatusCode: 400, api error "
        "XAmzContentSHA256Mismatch: The provided 'x-amz-content-sha256' header does not match what was computed.",
        "<Code>XAmzContentSHA256Mismatch</Code><Message>The provided header does not match</Message>",
    ),
    "a HEAD request that S3 answered with 400": (
        "An error occurred (400) when calling the HeadObject operation: Bad Request",
        "operation error S3: HeadBucket, https response error StatusCode: 400, RequestID: A1, HostID: x, api error "
        "BadRequest: Bad Request",
        "com.amazonaws.services.s3.model.AmazonS3Exception: Bad Request (Service: Amazon S3; Status Code: 400; Error "
        "Code: 400 Bad Request; Request ID: B2)",
    ),
    "the profile that the program reads": (
        "AWS profile \"ci\" doesn't seem to be configured",
        "Error: profile 'prod-admin' does not appear to be valid",
        "AWS profile nightly is not configured",
    ),
    "the identity pool's list of providers": (
        "NotAuthorizedException: Token is not from a supported provider of this identity pool.",
        "com.amazonaws.services.cognitoidentity.model.NotAuthorizedException: Token is not from a supported provider "
        "of this identity pool. (Service: AmazonCognitoIdentity; Status Code: 400; Error Code: NotAuthorizedException)",
    ),
    "the token in the identity pool's Logins": (
        "NotAuthorizedException: Invalid login token. Missing a required claim: aud",
        "NotAuthorizedException: Invalid login token. Token expired: 1700000000 >= 1699990000",
        '{"__type":"NotAuthorizedException","message":"Invalid login token. Couldn\'t verify signed token."}',
    ),
    "the login that the call to the identity pool lacks": (
        "The user is signed in (user pool us-east-2_aB3dE6gHi).\nNotAuthorizedException: Unauthenticated access is not "
        "supported for this identity pool.",
    ),
    "the value of RoleSessionName in the SAML response": (
        "Your request included an invalid SAML response.\nhttps://aws.amazon.com/SAML/Attributes/RoleSessionName: Anna "
        "M\u00fcller",
    ),
    "the user's attributes in the SCIM request": (
        '{"detail":"Request is unparsable, syntactically incorrect, or violates schema.","status":"400"}',
    ),
    "the secret of the Cognito app client": (
        '{"error":"invalid_client"} from POST https://corp.auth.us-west-2.amazoncognito.com/oauth2/token',
        "https://corp.auth.eu-west-1.amazoncognito.com/oauth2/token answered 400: invalid_client",
    ),
    "the identity pool's guests": (
        "NotAuthorizedException: Unauthenticated access is not supported for this identity pool.",
    ),
    "the login of the pool's identity": (
        "NotAuthorizedException: Logins don't match. Please include at least one valid login for this identity or "
        "identity pool.",
    ),
    "the package that the program lacks": (
        "System.InvalidOperationException: Assembly AWSSDK.SSO could not be found or loaded. This assembly must be "
        "available at runtime to use SSO credentials.",
    ),
    "the sign-in from the identity provider to IAM Identity Center": (
        "Okta tile, then: It's not you, it's us. We couldn't complete your request right now. Please try again later.",
        "https://d-90.awsapps.com/start shows: We couldn't complete your request right now.",
    ),
    "what the S3 console may read of the bucket": (
        "With aws s3 cp it works. In the S3 console the upload fails: Access control list (ACL) not supported",
    ),
    "KMS's safety check of key policies": (
        "The new key policy will not allow you to update the key policy in the future. (Service: Kms, Status Code: "
        "400)",
        "An error occurred (MalformedPolicyDocumentException) when calling the PutKeyPolicy operation: The new key "
        "policy will not allow you to update the key policy in the future.",
        "Error: creating KMS Key: operation error KMS: CreateKey, https response error StatusCode: 400, RequestID: aa, "
        "MalformedPolicyDocumentException: The new key policy will not allow you to update the key policy",
    ),
    "the session's name in the request": (
        "Error: Could not assume role with OIDC: 1 validation error detected: Value 'deploy #12' at 'roleSessionName' "
        "failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*",
        "An error occurred (ValidationError) when calling the AssumeRole operation: 1 validation error detected: Value "
        "'a' at 'roleSessionName' failed to satisfy constraint: Member must have length greater than or equal to 2",
        "Value 'feature/a' at 'RoleSessionName' failed to satisfy constraint: Member must satisfy regular expression",
    ),
    "the identity token in the request": (
        "An error occurred (ValidationError) when calling the AssumeRoleWithWebIdentity operation: 1 validation error "
        "detected: Value '' at 'webIdentityToken' failed to satisfy constraint: Member must have length greater than "
        "or equal to 4",
    ),
    "the endpoint in the program's settings": (
        "operation error STS: AssumeRoleWithWebIdentity, https response error StatusCode: 405, RequestID: 1, api error "
        "MethodNotAllowed: The specified method is not allowed against this resource.",
    ),
    "the profile's source_profile": (
        'botocore.exceptions.InvalidConfigError: The source profile "base" must have credentials.',
    ),
    "the loop of source_profile": (
        "Infinite loop in credential configuration detected. Attempting to load from profile prod which has already "
        "been visited. Visited profiles: ['prod']",
    ),
    "the form of the configuration file": (
        "SharedConfigLoadError: failed to load config file, /root/.aws/config\ncaused by: INIParseError: invalid state "
        "with ASTKind {completed_stmt {0 NONE 0 []} false []} and TokenType {3 NONE 0 [58]}",
        "could not parse profile file: error parsing /home/app/.aws/config on line 4:\n  Expected an '=' sign "
        "defining a property",
        "botocore.exceptions.ConfigParseError: Unable to parse config file: /srv/aws/config",
    ),
    "the profile's values for IAM Identity Center": (
        'CredentialsProviderError: Profile is configured with invalid SSO credentials. Required parameters '
        '"sso_account_id", "sso_region", "sso_role_name", "sso_start_url". Got sso_session, sso_account_id',
        'Error: configuring Terraform AWS Provider: loading configuration: profile "team" is configured to use SSO but '
        "is missing required configuration: sso_region, sso_start_url",
    ),
    "the keys in the program's code": ("Error: Resolved credential object is not valid\n    at SignatureV4",),
    "IAM Roles Anywhere's trust anchor": (
        "AccessDeniedException: Untrusted certificate. Insufficient certificate",
        "2026/11/01 10:00:00 AccessDeniedException: Untrusted Signing Certificate",
        "operation error RolesAnywhere: CreateSession, https response error StatusCode: 403, AccessDeniedException: "
        "Untrusted signing certificate",
    ),
    "the Region of the client": (
        "api error AuthorizationHeaderMalformed: The authorization header is malformed; a non-empty region must be "
        "provided in the credential.",
    ),
    "the client's credentials": (
        "<Message>The authorization header is malformed; a non-empty Access Key (AKID) must be provided in the "
        "credential.</Message>",
    ),
    "the CDK CLI": (
        "aws-cdk 2.163.0\nNeed to perform AWS calls for account 111122223333, but the current credentials are for "
        "444455556666",
        "Error: Need to perform AWS calls for account 111122223333, but the current credentials are for 444455556666\n"
        "npm ls: aws-cdk@2.163.0",
    ),
    "the account of the CDK's credentials": (
        "aws-cdk 2.163.01 / 12.163.0\nNeed to perform AWS calls for account 111122223333, but the current credentials "
        "are for 444455556666",
        "Need to perform AWS calls for account 111122223333, but the current credentials are for 444455556666",
        "[Error at /Net] Need to perform AWS calls for account 111122223333, but the current credentials are for "
        "444455556666, and none of these plugins found any: vault",
    ),
    "the CDK's credentials": (
        "Unable to resolve AWS account to use. It must be either configured when you define your CDK Stack, or through "
        "the environment",
    ),
    "the name of the SAML attribute for the session": (
        "RoleSessionName is required in AuthnResponse (service: AWSSecurityTokenService; status code: 400; error code: "
        'InvalidIdentityToken)\n<saml:Attribute Name="RoleSessionName"> eva@lumen.example',
        'Service Provider Attribute Name: "RoleSessionName"\nError: RoleSessionName is required in AuthnResponse',
        "Error: RoleSessionName is required in AuthnResponse\nPrimary Email -> "
        "https://aws.amazon.com/SAML/Attributes/RoleSessionname",
        '"attribute.name": "http://aws.amazon.com/SAML/Attributes/role_session_name"\nRoleSessionName is required in '
        "AuthnResponse",
    ),
    "the SAML attribute for the session's name": (
        "Your request included an invalid SAML response. To logout, click here.\nError: RoleSessionName is required in "
        "AuthnResponse (Service: AWSSecurityTokenService; Status Code: 400; Error Code: InvalidIdentityToken; Request "
        "ID: 1)",
        "RoleSessionName is required in AuthnResponse\n"
        "'https://aws.amazon.com/SAML/Attributes/RoleSessionName': 'nick'",
    ),
    "the SAML session name's characters": (
        "Error: RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64} (Service: "
        "AWSSecurityTokenService; Status Code: 400; Error Code: InvalidIdentityToken; Request ID: 1)",
    ),
    "the SAML source identity's characters": (
        'Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:" (service: '
        "AWSSecurityTokenService; status code: 400; error code: InvalidIdentityToken)",
    ),
    "the provider in the SAML attribute Role": (
        "Your request included an invalid SAML response. To logout, click here\n"
        '<Attribute Name="https://aws.amazon.com/SAML/Attributes/Role">\n'
        "  <AttributeValue>arn:aws:iam::111122223333:role/NetOps</AttributeValue>\n</Attribute>",
        '<saml2:Attribute Name="https://aws.amazon.com/SAML/Attributes/Role" NameFormat="uri">\n<saml2:AttributeValue '
        'xsi:type="xs:string">arn:aws-cn:iam::111122223333:role/ops/net</saml2:AttributeValue>\n</saml2:Attribute>\n'
        "Your request included an invalid SAML response",
        "Your request included an invalid SAML response\n'https://aws.amazon.com/SAML/Attributes/Role': "
        "'arn:aws:iam::111122223333:role/dev'",
    ),
    "the name of the SAML attribute Role": (
        "Your request included an invalid SAML response. To logout, click here.\nClaim name: "
        "http://aws.amazon.com/SAML/Attributes/role, arn:aws:iam::111122223333:role/x",
        '"Your request included an invalid SAML response."\n{"config": {"attribute.name": "Role"}}',
    ),
    "the roles in the SAML response": (
        "Your request included an invalid SAML response. To logout, click here.",
    ),
    "the partition in the SAML attribute Role": (
        "https://signin.amazonaws.cn/saml\nYour request included an invalid SAML response. To logout, click here.\n"
        "Role: arn:aws:iam::111122223333:role/ops,arn:aws:iam::111122223333:saml-provider/ADFS",
        "Your request included an invalid SAML response\nrelying party urn:amazon:webservices:govcloud\n"
        "arn:aws:iam::111122223333:saml-provider/Okta,arn:aws:iam::111122223333:role/ops",
    ),
    "the provider, the issuer or the times of the SAML response": (
        "Your request included an invalid SAML response\nRole: arn:aws:iam::111122223333:role/ops,"
        "arn:aws:iam::111122223333:saml-provider/Okta\nhttps://aws.amazon.com/SAML/Attributes/RoleSessionName: eva",
    ),
    "the attributes of the SAML response": (
        "Your request included an invalid SAML response\n"
        '<saml2:Attribute Name="https://aws.amazon.com/SAML/Attributes/Role">\n<saml2:AttributeValue>'
        "arn:aws:iam::111122223333:saml-provider/Okta,arn:aws:iam::111122223333:role/Admin</saml2:AttributeValue>\n"
        "</saml2:Attribute>",
    ),
    "the issuer of the SAML response": (
        "Failed to assume role: Issuer not present in specified provider (Service: AWSOpenIdDiscoveryService; Status "
        "Code: 400; Error Code: AuthSamlInvalidSamlResponseException; Request ID: 9e)",
    ),
    "the SAML provider that the response names": (
        "Error: Specified provider doesn't exist (service: AWSOpenIdDiscoveryService; status code: 400; error code: "
        "AuthSamlManifestNotFoundException)",
    ),
    "the SAML metadata document": (
        "An error occurred (InvalidInput) when calling the CreateSAMLProvider operation: Could not parse metadata",
    ),
    "the audience of the SAML response": (
        "An error occurred (InvalidIdentityToken) when calling the AssumeRoleWithSAML operation: Response does not "
        "contain the required audience.",
    ),
    "the encoding of the SAML response": (
        "error retrieving STS credentials using SAML: InvalidIdentityToken: Invalid base64 SAMLResponse\n\tstatus "
        "code: 400, request id: 3b",
    ),
    "the SAML provider's ARN in the request": (
        "An error occurred (ValidationError) when calling the AssumeRoleWithSAML operation: Principal ARN is invalid",
    ),
    "the stored login to public.ecr.aws": (
        "ERROR: failed to solve: unexpected status from HEAD request to "
        "https://public.ecr.aws/v2/acme/base/manifests/7: 403 Forbidden\nLogin Succeeded "
        "(444455556666.dkr.ecr.us-east-1.amazonaws.com)",
        "Error response from daemon: pull access denied for public.ecr.aws/docker/library/node, repository does not "
        "exist or may require 'docker login': denied: Your authorization token has expired. Reauthenticate.",
    ),
    "the access entry's type": (
        "      accessPolicies:\n        - accessScope:\n            type: EC2_LINUX\nError: accessEntries[0].policyARN "
        "must be set to a valid AWS ARN",
        "Error: accessEntries[3].policyARN must be set to a valid AWS ARN\n  - accessScope:\n      type: EC2_WINDOWS",
    ),
    "the type of the nodes' access entry": (
        "An error occurred (InvalidParameterException) when calling the UpdateAccessEntry operation: The kubernetes "
        "group name system:bootstrappers is invalid, it cannot start with system:",
        "operation error EKS: CreateAccessEntry, https response error StatusCode: 400, RequestID: 1a, "
        "InvalidParameterException: The kubernetes group name system:nodes is invalid, it cannot start with system:",
    ),
    "the access entry of a role that was created again": (
        "We recreated the node group with its IAM role (same name).\nkubelet: \"Unable to register node with API "
        'server" err="Unauthorized"',
        'E01 kubelet_node_status.go:96] "Unable to register node with API server" err="Unauthorized" node="ip-1"\n'
        "the role was deleted and created again yesterday",
    ),
    "the nodes' access to the cluster": (
        'E01 kubelet_node_status.go:96] "Unable to register node with API server" err="Unauthorized" node="ip-1"',
        'kubelet: "Unable to register node with API server" err="Unauthorized"\nlist-access-entries has no such role',
        "Your worker nodes do not have access to the cluster. Verify the aws-auth ConfigMap.",
    ),
    "the cluster's authentication mode": (
        "An error occurred (InvalidRequestException) when calling the CreateAccessEntry operation: The cluster's "
        "authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation.",
        "Error: creating EKS Access Entry (a): InvalidRequestException: The cluster's authentication mode must be set "
        "to "
        "one of [API, API_AND_CONFIG_MAP] to perform this operation.",
    ),
    "a network policy of the cluster": (
        "no AccessDenied at all, then context deadline exceeded\nops/agent-6c9 <> 169.254.170.23:80 (host) Policy "
        "denied "
        "DROPPED",
        "Sep 30 10:12:41.201: apps/api-77:51234 (ID:48211) -> sts.eu-west-1.amazonaws.com:443 (world) "
        "policy-verdict:none EGRESS DENIED (TCP Flags: SYN)",
    ),
    "the session's name of some users": (
        "RoleSessionName is required in AuthnResponse (Service: AWSSecurityTokenService; Status Code: 400; Error Code: "
        "InvalidIdentityToken)\nonly the new interns, it works for everyone else",
        "nur die neuen Praktikanten, bei allen anderen gehts\nRoleSessionName is required in AuthnResponse",
    ),
    "the program's kubeconfig": (
        "The connection to the server localhost:8080 was refused - did you specify the right host or port?",
        "E1130 10:12:44 memcache.go:265] \"Unhandled Error\" err=\"couldn't get current server API group list: Get "
        "\\\"http://localhost:8080/api?timeout=32s\\\": dial tcp 127.0.0.1:8080: connect: connection refused\"",
        'Error: Kubernetes cluster unreachable: Get "http://localhost:8080/version": dial tcp [::1]:8080: connect: '
        "connection refused",
        'Error: Get "http://localhost/api/v1/namespaces/kube-system/configmaps/aws-auth": dial tcp 127.0.0.1:80: '
        "connect: connection refused",
    ),
    "the token for the instance's metadata service": (
        "$ curl -s http://169.254.169.254/latest/meta-data/iam/security-credentials/\n"
        "<title>401 - Unauthorized</title>",
        "$ curl -i http://169.254.169.254/latest/meta-data/\nHTTP/1.1 401 Unauthorized\nServer: EC2ws",
        "requests.exceptions.HTTPError: 401 Client Error: Unauthorized for url: "
        "http://169.254.169.254/latest/meta-data/instance-id",
        'level=info msg="GET /latest/meta-data/hostname (401)',
        "AWS-SDK: [ERROR] EC2MetadataClient [140486344184576] Http request to retrieve credentials failed with error "
        "code 401",
        "curl http://169.254.169.254/latest/meta-data/instance-id\nat runtime:\ncurl: (22) The requested URL returned "
        "error: 401",
        "wget http://169.254.169.254/latest/user-data\nConnecting... connected.\nHTTP request sent, awaiting "
        "response... 401 Unauthorized",
    ),
    "the task's network": (
        "ResourceInitializationError: unable to pull secrets or registry auth: unable to retrieve secret from asm: "
        "There is a connection issue between the task and AWS Secrets Manager. Check your task network configuration.",
        "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: "
        "unable to retrieve secrets from ssm: service call has been retried 5 time(s): RequestCanceled: request "
        "context canceled caused by: context deadline exceeded",
        "ResourceInitializationError: unable to pull secrets or registry auth: unable to retrieve secret from asm: "
        "service call has been retried 1 time(s): RequestError: send request failed caused by: Post https://secretsma",
        "CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref "
        "docker.io/library/nginx:1: dial tcp 3.4.5.6:443: i/o timeout",
        "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed "
        "to create Cloudwatch log stream: operation error CloudWatch Logs: CreateLogStream, https response error "
        "StatusCode: 0, RequestID: , canceled",
    ),
    "the stack's capabilities": (
        "An error occurred (InsufficientCapabilitiesException) when calling the CreateStack operation: Requires "
        "capabilities : [CAPABILITY_NAMED_IAM]",
        "Requires capabilities : [CAPABILITY_IAM, CAPABILITY_AUTO_EXPAND] (Service: CloudFormation, Status Code: 400)",
    ),
    "the image's tag in the repository": (
        "failed to resolve ref 111122223333.dkr.ecr.us-east-1.amazonaws.com/billing:latest: "
        "111122223333.dkr.ecr.us-east-1.amazonaws.com/billing:latest: not found",
        "manifest for 111122223333.dkr.ecr.us-east-1.amazonaws.com/billing:latest not found: manifest unknown: "
        "Requested image not found",
    ),
    "the repository's immutable tags": (
        "tag invalid: The image tag 'latest' already exists in the 'app' repository and cannot be overwritten because "
        "the "
        "tag is immutable.",
        "An error occurred (ImageTagAlreadyExistsException) when calling the PutImage operation: The image tag 'v1' "
        "already exists in the 'app' repository.",
    ),
    "CloudFormation's trusted access in the organization": (
        "An error occurred (ValidationError) when calling the CreateStackSet operation: You must enable organizations "
        "access to operate a service managed stack set",
        "Error: creating StackSet (x): ValidationError: You must enable organizations access to operate a service "
        "managed "
        "stack set",
    ),
    "the object ownership of the log bucket": (
        "An error occurred (InvalidArgument) when calling the CreateDistribution operation: The S3 bucket that you "
        "specified for CloudFront logs does not enable ACL access: logs-1.s3.amazonaws.com",
        "InvalidArgument: The S3 bucket that you specified for CloudFront logs does not enable ACL access: a.s3.com",
    ),
    "the file of the pod's token": (
        "WebIdentityErr: unable to read file at /var/run/secrets/eks.amazonaws.com/serviceaccount/token\ncaused by: "
        "open "
        "/var/run/secrets/eks.amazonaws.com/serviceaccount/token: permission denied",
        "PermissionError: [Errno 13] Permission denied: '/var/run/secrets/eks.amazonaws.com/serviceaccount/token'",
    ),
    "the container's log group": (
        "ResourceInitializationError: failed to validate logger args: failed to create Cloudwatch log stream: "
        "ResourceNotFoundException: The specified log group does not exist. : exit status 1",
        "failed to create CloudWatch log stream: ResourceNotFoundException: The specified log group does not exist.",
    ),
    "the instance's metadata service": (
        '"error":"failed to get VPC ID: failed to fetch VPC ID from instance metadata: operation error ec2imds: '
        'GetMetadata, canceled, context deadline exceeded"',
        "init config failed: vpcId is not specified: EC2MetadataError: failed to make EC2Metadata request\n\n\tstatus "
        "code: 401, request id: ",
    ),
    "the ingress's allowed source ranges": (
        "<head><title>403 Forbidden</title></head>\n<center><h1>403 Forbidden</h1></center>\n<hr><center>nginx</center>"
        '\nnginx.ingress.kubernetes.io/whitelist-source-range: "10.20.0.0/16"\nneed airflow:* in the role?',
        "nginx.ingress.kubernetes.io/allowlist-source-range: 10.20.0.0/16\nHTTP/1.1 403 Forbidden\nserver: nginx",
    ),
    "the program's file format": (
        "standard_init_linux.go:228: exec user process caused: exec format error",
        "12:00:03 exec /srv/job: exec format error\n12:00:03 exit 1",
    ),
    "PowerShell's execution policy": (
        ".\\p.ps1 : File C:\\p.ps1 cannot be loaded because running scripts is disabled on this system.",
        "File C:\\p.ps1 cannot be loaded. The file C:\\p.ps1 is not digitally signed.\nUnauthorizedAccess\nis "
        "lambda:UpdateFunctionCode missing?",
    ),
    "GitHub's package registry": (
        "#23 ERROR: failed to push ghcr.io/acme/quill:1: denied: permission_denied: write_package\nthe role has "
        "ecr:PutImage, which action is write_package?",
        "ERROR: failed to pull ghcr.io/acme/quill:1: unauthorized",
    ),
    "another container registry": (
        "ERROR: failed to push quay.io/acme/app:1: unexpected status from HEAD request to https://quay.io/v2/: 401 "
        "UNAUTHORIZED",
        "Error response from daemon: pull access denied for harbor.corp.local:8443/base/java, repository does not "
        "exist",
    ),
    "another server": (
        "403 Client Error: Forbidden for url: https://nexus.acme.net/repository/simple/foo/\nthe role has "
        "codeartifact:*",
        "requests.exceptions.HTTPError: 401 Client Error: Unauthorized for url: "
        "https://api.datadoghq.com/api/v1/series",
    ),
    "the age of the shard iterator": (
        "An error occurred (ExpiredIteratorException) when calling the GetRecords operation: Iterator expired.",
        "com.amazonaws.services.dynamodbv2.model.ExpiredIteratorException: The shard iterator has expired",
    ),
    "the partition in the ARN": (
        "Error: attaching IAM Policy (arn:aws:iam::aws:policy/ReadOnlyAccess) to IAM Role (web): operation error IAM: "
        "AttachRolePolicy, api error ValidationError: Invalid ARN partition",
        "region cn-north-1\nAn error occurred (InvalidInput) when calling the AttachRolePolicy operation: ARN "
        "arn:aws:iam::aws:policy/ReadOnlyAccess is not valid.",
    ),
    "the limit of concurrent runs": (
        "An error occurred (ConcurrentRunsExceededException) when calling the StartJobRun operation: Concurrent runs "
        "exceeded for nightly",
        "Glue.Client.exceptions.ConcurrentRunsExceededException: Concurrent runs exceeded for load-a",
    ),
    "the bucket's Region": (
        "An error occurred (PermanentRedirect) when calling the ListObjectsV2 operation: The bucket you are attempting "
        "to access must be addressed using the specified endpoint.",
        "<Error><Code>PermanentRedirect</Code><Message>Use the specified endpoint</Message></Error>",
    ),
    "S3's object ownership": (
        "AccessControlListNotSupported: The bucket does not allow ACLs",
        "upload failed: a to s3://b/a An error occurred (AccessControlListNotSupported) when calling the PutObject "
        "operation: The bucket does not allow ACLs",
    ),
    "the secret's name, Region or account": (
        "$ aws secretsmanager get-secret-value --secret-id app/dbb\nAn error occurred (ResourceNotFoundException) when "
        "calling the GetSecretValue operation: Secrets Manager can't find the specified secret.",
        "ResourceNotFoundException: Secrets Manager can't find the specified secret.",
    ),
    "the function's name, Region or account": (
        "An error occurred (ResourceNotFoundException) when calling the Invoke operation: Function not found: "
        "arn:aws:lambda:eu-north-1:222233334444:function:bill",
        "ResourceNotFoundException: Function not found: arn:aws-cn:lambda:cn-north-1:222233334444:function:x:live",
    ),
    "the name, Region or account of the ECR repository": (
        "name unknown: The repository with name 'shop/api' does not exist in the registry with id '222233334444'",
        "An error occurred (RepositoryNotFoundException) when calling the DescribeImages operation: The repository "
        "with name 'x' does not exist in the registry with id '222233334444'",
    ),
    "the lock of Terraform's state": (
        "Error: Error acquiring the state lock\nError message: ConditionalCheckFailedException: The conditional "
        "request failed\nLock Info:\n  ID:        0f2c7b1d-0e3f-4a5b-8c6d-7e8f90a1b2c3\n  Who: ann@host",
        "Error acquiring the state lock: operation error S3: PutObject, https response error StatusCode: 412, api "
        "error PreconditionFailed",
    ),
    "the condition of the DynamoDB write": (
        "An error occurred (ConditionalCheckFailedException) when calling the PutItem operation: The conditional "
        "request failed",
        "ConditionalCheckFailedException: The conditional request failed",
    ),
    "ECR Public's limit of pulls": (
        "docker pull public.ecr.aws/docker/library/python:3.12\ntoomanyrequests: Rate exceeded",
        "toomanyrequests: Data limit exceeded\nStep 1/9 : FROM public.ecr.aws/lambda/nodejs:22",
    ),
    "Docker Hub's pull limit": (
        "toomanyrequests: You have reached your unauthenticated pull rate limit. "
        "https://www.docker.com/increase-rate-limit",
        'Failed to pull image "busybox": 429 Too Many Requests - Server message: toomanyrequests: You have reached '
        "your pull rate limit.",
    ),
    "the web server (nginx)": (
        "HTTP/1.1 403 Forbidden\nServer: nginx/1.26.1\n\n<html><head><title>403 Forbidden</title></head></html>",
        "<center><h1>403 Forbidden</h1></center><hr><center>openresty/1.21.4</center>",
        '[error] 7#7: *1 directory index of "/srv/" is forbidden, client: 10.0.0.9, server: _',
    ),
    "nginx's allow and deny rules": (
        "[error] 31#31: *9931 access forbidden by rule, client: 100.64.8.3, server: r.example",
        "access forbidden by rule, client: 2001:db8::1, server: _, upstream role arn:aws:iam::908873120045:role/proxy",
    ),
    "the file's mode on the web server": (
        '[error] 31#31: *4 open() "/srv/index.json" failed (13: Permission denied), client: 10.0.0.3',
    ),
    "the archived object": (
        "An error occurred (InvalidObjectState) when calling the GetObject operation: The operation is not valid for "
        "the object's storage class\n[HTTP 403] who removed the access?",
        "AmazonS3Exception: The operation is not valid for the object's storage class (Service: Amazon S3; Status "
        "Code: 403; Error Code: InvalidObjectState; Request ID: K)",
    ),
    "the object's lock in compliance mode": (
        "An error occurred (AccessDenied) when calling the DeleteObject operation: Access Denied because object "
        "protected "
        'by object lock.\n{"Retention": {"Mode": "COMPLIANCE", "RetainUntilDate": "2031-01-01T00:00:00+00:00"}}',
        "api error AccessDenied: Access Denied because object protected by object lock.\nretention: COMPLIANCE until "
        "2030-02-01",
        "AccessDenied: Access Denied because object protected by object lock. The bucket is in compliance mode.",
    ),
    "the object's lock in governance mode": (
        "Error: deleting S3 Bucket (acme-logs) Object (a) Version (v): operation error S3: DeleteObject, api error "
        "AccessDenied: Access Denied because object protected by object lock.\nmode = \"GOVERNANCE\"",
        '{"Retention": {"Mode": "GOVERNANCE", "RetainUntilDate": "2027-01-01"}}\nAn error occurred (AccessDenied) when '
        "calling the DeleteObject operation: Access Denied because object protected by object lock.",
    ),
    "the object's lock": (
        "An error occurred (AccessDenied) when calling the DeleteObject operation: Access Denied because object "
        "protected "
        "by object lock.",
        "AccessDenied: object is WORM protected and cannot be overwritten",
        "AccessDenied: Access Denied because object protected by object lock.\nbucket: compliance-exports",
    ),
    "the service that manages the hosted zone": (
        "operation error Route 53: ChangeResourceRecordSets, https response error StatusCode: 403, api error "
        "AccessDenied:"
        " The resource hostedzone/Z0TEST can only be managed through AWS Cloud Map (arn:aws:servicediscovery:eu-west-1:"
        "111122223333:namespace/ns-1)\npolicy: route53:ChangeResourceRecordSets on arn:aws:route53:::hostedzone/*",
    ),
    "the record that already exists": (
        "api error InvalidChangeBatch: [Tried to create resource record set [name='www.mill.example.', type='A'] but "
        "it already exists]",
    ),
    "a change of the same entity that is not finished": (
        "An error occurred (EntityTemporarilyUnmodifiable) when calling the UpdateLoginProfile operation: Login "
        "Profile "
        "for User ann cannot be modified while login profile is being created.",
        "EntityTemporarilyUnmodifiableException: Login Profile for User bo cannot be deleted now",
    ),
    "the statement in the function's policy": (
        "Error: adding Lambda Permission (f/FromSNS): operation error Lambda: AddPermission, https response error "
        "StatusCode: 409, ResourceConflictException: The statement id (FromSNS) provided already exists. Please "
        "provide a "
        "new statement id, or remove the existing statement.",
    ),
    "the service-linked role of OpenSearch Service": (
        "An error occurred (ValidationException) when calling the CreateDomain operation: Before you can proceed, "
        "you must"
        " enable a service-linked role to give Amazon OpenSearch Service permissions to access your VPC.",
    ),
    "the column, or Lake Formation's permission on it": (
        "COLUMN_NOT_FOUND: line 1:8: Column 'ssn' cannot be resolved or requester is not authorized to access "
        "requested "
        "resources\nmy role has AdministratorAccess",
    ),
    "the columns that Lake Formation's grant excludes": (
        "SYNTAX_ERROR: line 1:8: Column 'bic' cannot be resolved\n\"ExcludedColumnNames\": [\"iban\", \"bic\"]",
    ),
    "the columns of Lake Formation's grant": (
        "SYNTAX_ERROR: line 1:8: Column 'bic' cannot be resolved\n"
        '{"TableWithColumns": {"Name": "a", "ColumnNames": ["id"]}}',
    ),
    "the customer managed policy in that account": (
        '"FailureReason": "Received a 404 status error: Not supported policy '
        'arn:aws:iam::111122223333:policy/d/Readers."',
    ),
    "the SMTP password": (
        "smtplib.SMTPAuthenticationError: (535, b'Authentication Credentials Invalid')\n"
        "host email-smtp.eu-south-1.amazonaws.com",
        "535 Authentication Credentials Invalid, SES user of the old Region",
    ),
    "the Region of the call to KMS": (
        "operation error KMS: Decrypt, https response error StatusCode: 400, NotFoundException: Invalid arn "
        "ap-southeast-2\n"
        "AWS_ENDPOINT_URL_KMS=https://kms.ap-southeast-1.amazonaws.com",
        "An error occurred (NotFoundException) when calling the Encrypt operation: Invalid arn us-east-1",
    ),
    "the access entry of the nodes' role": (
        "Your worker nodes do not have access to the cluster. Verify the aws-auth ConfigMap.\n"
        '{ "authenticationMode": "API" }',
        'authenticationMode: "API"\nkubelet: "Unable to register node with API server" err="Unauthorized"',
    ),
    "the account number in the role's ARN": (
        "role-to-assume: arn:aws:iam::48201937551:role/deploy\n##[error]Could not assume role with OIDC: Request ARN "
        "is "
        "invalid",
        "Could not assume role with OIDC: Request ARN is invalid (arn:aws-cn:iam::750123:role/x)",
    ),
    "Lake Formation's permission on the location": (
        "AccessDeniedException: Insufficient Lake Formation permission(s) on s3://lake/curated/ (Service: AWSGlue; "
        "Status "
        "Code: 400; Error Code: AccessDeniedException)",
    ),
    "the Region of IAM Identity Center": (
        "invalid_grant\nInvalid grant provided\n[profile core]\nsso_region = eu-west-1\nregion = eu-west-1",
        "sso_region=us-east-1\nbrowser: Invalid grant provided",
        "SSO Region [None]: eu-central-1\ninvalid_grant Invalid grant provided",
        "SSORegion: us-east-1\nStartUrl: https://x.awsapps.com/start\ninvalid_grant\nInvalid grant provided",
    ),
    "the start URL of IAM Identity Center": (
        "SSO start URL [None]: https://my-url.awsapps.com/start\nSSO Region [None]: eu-central-1\n\nAn error occurred "
        "(InvalidRequestException) when calling the StartDeviceAuthorization operation:",
        "An error occurred (InvalidRequestException) when calling the RegisterClient operation: x",
    ),
    "the password that the macOS keychain stores": (
        "fatal: unable to access 'https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/a/': The requested URL "
        "returned "
        "error: 403\ncredential.helper osxkeychain",
    ),
    "the access string of the cache's user": (
        "(error) NOPERM User ro has no permissions to run the 'flushall' command",
        "redis.exceptions.NoPermissionError: NOPERM No permissions to access a key",
    ),
    "the encoded message": (
        "An error occurred (InvalidAuthorizationMessageException) when calling the DecodeAuthorizationMessage "
        "operation: Message is not valid",
        "InvalidAuthorizationMessage: the message is not valid",
    ),
    "the answer to Terraform's question": (
        "Do you want to perform these actions?\n  Enter a value: no\n\nApply cancelled.",
        "  - destroy\n  Enter a value: n\nDestroy cancelled.",
    ),
    "the network to the server": (
        "ERROR dial tcp 10.1.2.3:3306: i/o timeout",
        'psql: error: connection to server at "db.shop.internal", port 5432 failed: Connection timed out',
    ),
    "the Kubernetes cluster": (
        "Error: Unauthorized\n\n  with kubernetes_config_map.aws_auth,\n  on main.tf line 4",
        "Error: Unauthorized\n\n  with helm_release.ingress,",
        "Error: getting list of API resources for raw REST client: Unauthorized",
        "Error: re-listing nodes: Unauthorized",
    ),
    "the Region of the call": (
        "Get-EC2Instance : No region specified or obtained from persisted/shell defaults.",
        "You must specify a region. You can also configure your region by running \"aws configure\".",
        "operation error S3: ListBuckets, resolve auth scheme: resolve endpoint: endpoint rule error, Invalid "
        "Configuration: Missing Region",
    ),
    "the role's ARN in the request": (
        "Error: Could not assume role with OIDC: Request ARN is invalid",
        "An error occurred (ValidationError) when calling the AssumeRole operation: deploy is invalid",
    ),
    "the endpoint of the call": (
        '{"message":"Unable to determine service/operation name to be authorized"}',
        "Error performing PUT https://s3tables.us-east-2.amazonaws.com/x in 2ms - Server returned non-2xx status "
        "code: 403 "
        'Forbidden: {"message":"Unable to determine service/operation name to be authorized"}',
    ),
    "OpenSearch Serverless": (
        "elastic: Error 403 (Forbidden): User does not have permissions for the requested resource "
        "[type=authorization_exception]",
        "AuthorizationException(403, '403 Forbidden', 'Forbidden') https://abc123.us-east-1.aoss.amazonaws.com",
    ),
    "OpenSearch's sign-in": (
        "AuthenticationException(401, 'Unauthorized') https://search-x.eu-west-1.es.amazonaws.com",
    ),
    "AppSync's authorization of the field": (
        '{"errors":[{"errorType":"Unauthorized","message":"Not Authorized to access listTodos on type Query"}]}',
    ),
    "the size of the session tags": (
        "Error: Could not assume role with user credentials: Packed size of session tags consumes 142% of allotted "
        "space.",
        "An error occurred (PackedPolicyTooLarge) when calling the AssumeRole operation: Packed size of session tags "
        "consumes 112% of allotted space.",
    ),
    "Azure Pipelines' own token": (
        "Getting OIDC Token...\nFailed to assume role with OIDC: Error: System.AccessToken is undefined",
        "Error: System.AccessToken is undefined",
    ),
    "the Cognito user pool": (
        "NotAuthorizedException: Incorrect username or password.",
    ),
    "IAM Identity Center's assignments": (
        "You don't have access to AWS accounts. Contact your administrator",
        '{"message":"No access","__type":"com.amazonaws.switchboard.portal#ForbiddenException"}',
    ),
    "a Principal in a policy of a role": (
        "[App/Role] A PolicyStatement used in an identity-based policy cannot specify any IAM principals.",
    ),
    "a statement without a resource": (
        "[App/Role] A PolicyStatement used in an identity-based policy must specify at least one resource.",
    ),
    "a resource policy without a principal": (
        "[App/Key] A PolicyStatement used in a resource-based policy must specify at least one IAM principal.",
    ),
    "a statement without an action": (
        "[App/Role] A PolicyStatement must specify at least one 'action' or 'notAction'.",
    ),
    "cert-manager's credentials of EKS Pod Identity": (
        "With IRSA it works, with Pod Identity: unable to construct route53 provider: empty credentials; perhaps you "
        "meant to enable ambient credentials?",
    ),
    "the signature version of the request": (
        "InvalidRequest: The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.",
        "upload failed: 400 Bad Request\n<Message>The authorization mechanism you have provided is not supported. "
        "Please use AWS4-HMAC-SHA256.</Message>",
    ),
    "a signed header that did not arrive": (
        "AccessDenied: Headers in the request were not signed: signed header `accept-encoding` "
        "is not present",
        "s3: signed header x-amz-date was not found",
    ),
    "S3 Control at a store that is not Amazon S3": (
        "MinIO: operation error S3 Control: ListTagsForResource, https response error StatusCode: 403",
    ),
    "the permissions of the calling workflow": (
        "Error calling workflow 'acme/ci/.github/workflows/push.yml@v2'. The nested job 'push' is requesting "
        "'id-token: write', but is only allowed 'id-token: none'.",
        "Invalid workflow file: The nested job 'plan' is requesting 'contents: read, id-token: write', but is only "
        "allowed 'contents: read, id-token: none'.",
    ),
    "the cached sign-in of IAM Identity Center": (
        'auth: SSO cache data unexpectedly missing props: ["refreshToken"]',
        'Error: SSO cache data unexpectedly missing props: ["clientSecret"]',
    ),
    **OPERATED_SERVICES,
}  # fmt: skip
TEXTS |= {name: texts for name, (texts, _) in MESSAGES.items()}
REFUSED = (
    "WARN retry 1/3: User: arn:aws:sts::222233334444:assumed-role/job/i is not authorized to perform: sqs:SendMessage "
    "on resource: arn:aws:sqs:eu-west-1:222233334444:orders"
)


def test_every_row_has_its_texts() -> None:
    assert {row.name for row in NO_REFUSALS} == set(TEXTS)


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in TEXTS.items() for text in texts])
def test_a_form_of_no_refusal_is_recognized(name: str, text: str) -> None:
    (failure,) = read_text(text)
    assert isinstance(failure, OtherFailure)
    assert failure.detail == name
    diagnosis = collect_offline(failure)
    assert diagnosis.verdict.cause == "not-iam"
    said = f"{diagnosis.verdict.summary} {diagnosis.fixes[0].change}"
    accepted = ("ermission is missing", "missing permission is not the cause", "refus", "allowed", "Nothing failed")
    assert any(words in said for words in (*accepted, "did not ask IAM"))


@pytest.mark.parametrize(("name", "text"), [(name, near) for name, (_, near) in MESSAGES.items()])
def test_other_words_are_not_that_message(name: str, text: str) -> None:
    (row,) = (each for each in NO_REFUSALS if each.name == name)
    assert row.made(text) is None


@pytest.mark.parametrize("name", ["the program's file format", "the network to the server"])
def test_it_is_read_beside_a_refusal(name: str) -> None:
    found = read_text(f"{REFUSED}\n{TEXTS[name][0]}")
    assert [each.detail if isinstance(each, OtherFailure) else "" for each in found] == ["", name]


def test_words_that_may_also_be_a_missing_permission_are_not_certain() -> None:
    for text in (
        "An error occurred (AccessDeniedException) when calling the ListAccounts operation: You don't have permissions "
        "to access this resource.",
        "CLIENT_ERROR: authorization failed for primary source and source version 1a2b",
    ):
        assert collect_offline(read_text(text)[0]).verdict.confidence is not Confidence.CERTAIN


@pytest.mark.parametrize(
    "text",
    [
        '{"eventName":"ConsoleLogin","responseElements":{"ConsoleLogin":"Success"}}',
        '{"eventName":"AssumeRole","errorMessage":"Failed authentication"}',
        f"Your request included an invalid SAML response. To logout, click here.\nRole = {OPS},{ADFS}",
    ],
)
def test_a_sign_in_that_went_well_is_none_that_failed(text: str) -> None:
    new = ("a sign-in to the console", "the separator in the SAML attribute Role")
    assert all(getattr(each, "detail", "") not in new for each in read_text(text))


def test_a_queue_that_may_be_closed_is_not_said_to_be_missing() -> None:
    text = "An error occurred (AWS.SimpleQueueService.NonExistentQueue) when calling the SendMessage operation: The "
    (failure,) = read_text(f"{text}specified queue does not exist or you do not have access to it.")
    assert isinstance(failure, Denial)


@pytest.mark.parametrize("between", [": ", "\n\nError message: ", "\n\nTwo lines later\n\nError message: "])
def test_a_refused_lock_is_a_refusal(between: str) -> None:
    (failure,) = read_text(
        f"Error: Error acquiring the state lock{between}operation error DynamoDB: PutItem, api error "
        "AccessDeniedException: User: arn:aws:iam::222233334444:user/ann is not authorized to perform: "
        "dynamodb:PutItem on resource: arn:aws:dynamodb:eu-west-1:222233334444:table/locks"
    )
    assert isinstance(failure, Denial)


_ASSERTION = (
    '<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="a" Version="2.0"><saml:Assertion '
    'xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="b"><saml:Issuer>https://idp.example/1</saml:Issuer>'
    '<saml:AttributeStatement><saml:Attribute Name="{name}"><saml:AttributeValue>{value}</saml:AttributeValue>'
    "</saml:Attribute></saml:AttributeStatement></saml:Assertion></samlp:Response>"
)
_ROLE = "https://aws.amazon.com/SAML/Attributes/Role"
_ARN = "arn:aws:iam::111122223333:role/Admin"


@pytest.mark.parametrize(
    ("message", "name", "value", "detail"),
    [
        ("Your request included an invalid SAML response.", _ROLE, _ARN, "the provider in the SAML attribute Role"),
        ("Your request included an invalid SAML response.", "Role", _ARN, "the name of the SAML attribute Role"),
        (
            "Your request included an invalid SAML response.",
            _ROLE,
            f"{_ARN},arn:aws:iam::111122223333:saml-provider/idp",
            "the SAML attribute for the session's name",
        ),
        (
            "RoleSessionName is required in AuthnResponse",
            "RoleSessionName",
            "eva",
            "the name of the SAML attribute for the session",
        ),
    ],
)
def test_a_pasted_assertion_shows_what_is_wrong_in_it(message: str, name: str, value: str, detail: str) -> None:
    (failure,) = read_text(f"{message}\n{_ASSERTION.format(name=name, value=value)}")
    assert isinstance(failure, OtherFailure)
    assert failure.detail == detail


@pytest.mark.parametrize(
    "text",
    [
        "Your request included an invalid SAML response. To logout, click here.\nNot authorized to perform "
        "sts:AssumeRoleWithSAML (Service: AWSSecurityTokenService; Status Code: 403; Error Code: AccessDenied)",
        f"{REFUSED}\nWe name the attribute https://aws.amazon.com/SAML/Attributes/RoleSessionName.",
        "npm error: could not parse metadata of package.json: 403 Access Denied",
        f"{REFUSED}\nThe shop's page says: we couldn't complete your request right now",
        "An error occurred (InvalidIdentityToken) when calling the AssumeRoleWithWebIdentity operation: No "
        "OpenIDConnect provider found in your account for https://idp.example",
    ],
)
def test_what_says_more_or_something_else_is_no_such_sign_in(text: str) -> None:
    assert all("SAML" not in (getattr(failure, "detail", "") or "") for failure in read_text(text))


GOV = 'provider "aws" {\n  region = "us-gov-west-1"\n}'
NOT_VALID = "Error: attaching: api error InvalidInput: ARN arn:aws:iam::aws:policy/AmazonAthenaFullAccess is not valid."
NO_POLICY = (
    "Error: reading IAM Policy: operation error IAM: GetPolicy, api error NoSuchEntity: Policy "
    "arn:aws-us-gov:iam::aws:policy/AWSSupportAccess2 was not found."
)


def test_a_policy_that_aws_does_not_have_and_one_of_another_partition_are_two_failures() -> None:
    missing, partition = read_text(f"{NO_POLICY}\n{NOT_VALID}\n\n{GOV}")
    assert (missing.code, partition.code) == ("NoSuchEntity", "InvalidInput")
    assert "AWSSupportAccess: check the spelling" in collect_offline(missing).verdict.summary
    assert "a different partition" in collect_offline(partition).verdict.summary
    (alone,) = read_text(f"{NOT_VALID}\n\n{GOV}")
    assert "a different partition" in collect_offline(alone).verdict.summary
    assert "a different partition" not in collect_offline(read_text(NOT_VALID)[0]).verdict.summary


NO_SIGNATURE = (
    "{\"message\":\"Authorization header requires 'Credential' parameter. Authorization header requires 'Signature'\"}"
)


@pytest.mark.parametrize(
    ("api", "said"),
    [
        ("REST API in API Gateway, all methods IAM-authorised", "is not an AWS signature: it lacks Credential"),
        ("execute-api.eu-west-1, method with AWS_IAM", "is not an AWS signature: it lacks Credential"),
        ("HTTP API of API Gateway with authorizer: IAM", "is not an AWS signature: it lacks Credential"),
        ("API Gateway with a Cognito authorizer", "Check stage, path and method first"),
    ],
)
def test_an_api_that_takes_signatures_of_iam_gets_none(api: str, said: str) -> None:
    assert said in collect_offline(read_text(f"{api}\n403\n{NO_SIGNATURE}")[0]).verdict.summary


@pytest.mark.parametrize(
    "text",
    [
        "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
        "/home/app/run.sh: Permission denied",
        "Failed to pull image 602401143452.dkr.ecr.eu-west-1.amazonaws.com/eks/coredns:v1: failed to authorize: 403",
        "git@github.com: Permission denied (publickey).",
        "fork/exec /var/task/bootstrap: permission denied",
        "An error occurred (OperationNotPermitted) when calling the ModifyImageAttribute operation: not permitted",
        "User: arn:aws:iam::111122223333:user/a is not authorized to perform: cloudformation:DeleteStack on resource: "
        "arn:aws:cloudformation:eu-west-1:111122223333:stack/prod/1",
        "An error occurred (AccessDeniedException) when calling the DeleteRule operation: no permission",
    ],
)
def test_what_resembles_a_setting_of_a_service_is_none(text: str) -> None:
    assert all(getattr(each, "detail", None) not in OPERATED_SERVICES for each in read_text(text))


@pytest.mark.parametrize(
    "text",
    [
        "Client SASL mechanism 'SCRAM-SHA-512' not enabled in the server, enabled mechanisms are [PLAIN, OAUTHBEARER]",
        "broker.shop.example:9092: Client SASL mechanism 'OAUTHBEARER' not enabled in the server, enabled mechanisms "
        "are [PLAIN]",
        "b-1.lab.a1b2c3.c4.kafka.eu-west-1.amazonaws.com:9098 failed authentication due to: [446c81dc-9ab3-4d4b-b174]: "
        "Access denied",
    ],
)
def test_a_broker_of_others_and_a_denial_are_no_listener_of_msk(text: str) -> None:
    assert all("MSK's listener" not in (getattr(each, "detail", "") or "") for each in read_text(text))


def test_a_client_for_go_without_a_region_says_so() -> None:
    text = (
        "operation error STS: GetCallerIdentity, failed to resolve service endpoint, an AWS region is required, but {}"
    )
    (failure,) = read_text(text.format("was not found"))
    assert "has no Region" in collect_offline(failure).verdict.summary
    (other,) = read_text(text.format("eu-west-9 is unknown"))
    assert "has no Region" not in collect_offline(other).verdict.summary


@pytest.mark.parametrize(
    "text",
    [
        "Error 400: redirect_uri_mismatch\nYou can't sign in to this app, because it doesn't comply with the policy",
        "https://kiosk.auth.us-west-2.amazoncognito.com/error?error=invalid_request&error_description=invalid_scope",
    ],
)
def test_another_error_of_a_sign_in_is_no_callback_url(text: str) -> None:
    assert all("callback" not in (getattr(each, "detail", "") or "") for each in read_text(text))
