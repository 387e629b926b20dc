"""Name conflicts, services that refuse a role, typed requests, and failures that are neither.

Conflicts and questions: (text, the fields that are not null). Trust: (text, service, role as the text has it,
operation). Others: (text, trouble, fields that are not null).
"""

from __future__ import annotations

from diagnostics.failure import Trouble

A = "111122223333"
STACK = f"arn:aws:cloudformation:eu-west-1:{A}:stack/web-prod/1f2e3d4c-0000-11ee-8a00-0a1b2c3d4e5f"


def _taken(kind: str | None, name: str | None, operation: str | None, **more: str) -> dict[str, str]:
    fields = {"entity_type": kind, "name": name, "operation": operation, **more}
    return {key: value for key, value in fields.items() if value is not None}


CONFLICTS = [
    (
        "An error occurred (EntityAlreadyExists) when calling the CreateRole operation: Role with name app already exists.",
        _taken("role", "app", "CreateRole"),
    ),
    (
        "An error occurred (EntityAlreadyExists) when calling the CreatePolicy operation: A policy called p-1 already exists. Duplicate names are not allowed.",
        _taken("policy", "p-1", "CreatePolicy"),
    ),
    (
        "An error occurred (EntityAlreadyExists) when calling the CreateInstanceProfile operation: Instance Profile web already exists.",
        _taken("instance-profile", "web", "CreateInstanceProfile"),
    ),
    (
        "An error occurred (EntityAlreadyExists) when calling the CreateSAMLProvider operation: Provider with name Okta already exists.",
        _taken("saml-provider", "Okta", "CreateSAMLProvider"),
    ),
    (
        "An error occurred (EntityAlreadyExists) when calling the CreateLoginProfile operation: Login Profile for user kim already exists.",
        _taken("login-profile", "kim", "CreateLoginProfile"),
    ),
    (
        "An error occurred (EntityAlreadyExists) when calling the CreateLoginProfile operation: Login Profile for User kim already exists.",
        _taken("login-profile", "kim", "CreateLoginProfile"),
    ),
    (
        "An error occurred (EntityAlreadyExists) when calling the CreateLoginProfile operation: User kim already has password",
        _taken("login-profile", "kim", "CreateLoginProfile"),
    ),
    (
        "An error occurred (EntityAlreadyExists) when calling the CreateUser operation: User u already exists",
        _taken("user", "u", "CreateUser"),
    ),
    (
        "An error occurred (EntityAlreadyExists) when calling the CreateGroup operation: Group g already exists",
        _taken("group", "g", "CreateGroup"),
    ),
    (
        "An error occurred (EntityAlreadyExists) when calling the CreateOpenIDConnectProvider operation: Unknown",
        _taken("oidc-provider", None, "CreateOpenIDConnectProvider"),
    ),
    (
        "An error occurred (EntityAlreadyExists) when calling the CreateAccountAlias operation: The account alias harbor already exists.",
        _taken(None, "harbor", "CreateAccountAlias"),
    ),
    (
        "An error occurred (EntityAlreadyExists) when calling the UpdateUser operation: User with name kim already exists.",
        _taken("user", "kim", "UpdateUser"),
    ),
    (
        "An error occurred (EntityAlreadyExists) when calling the CreateVirtualMFADevice operation: MFADevice entity at the same path and name already exists.",
        _taken("virtual-mfa-device", None, "CreateVirtualMFADevice"),
    ),
    (
        "An error occurred (InvalidInput) when calling the CreateServiceLinkedRole operation: Service role name AWSServiceRoleForAutoScaling has been taken in this account, please try a different suffix.",
        _taken("service-linked-role", "AWSServiceRoleForAutoScaling", "CreateServiceLinkedRole"),
    ),
    (
        "An error occurred (NameConflict) when calling the AcquireRole operation: Role with name lambda-basic already exists.",
        _taken("role", "lambda-basic", "AcquireRole"),
    ),
    (
        "EntityAlreadyExistsException: Role with name app already exists. (Service: Iam, Status Code: 409, Request ID: 1) (SDK Attempt Count: 1)",
        _taken("role", "app", "CreateRole"),
    ),
    (
        "com.amazonaws.services.identitymanagement.model.EntityAlreadyExistsException: User with name x already exists. (Service: AmazonIdentityManagement; Status Code: 409; Error Code: EntityAlreadyExists; Request ID: 9; Proxy: null)",
        _taken("user", "x", "CreateUser"),
    ),
    (
        "Amazon.IdentityManagement.Model.EntityAlreadyExistsException: Group with name ops already exists.",
        _taken("group", "ops", "CreateGroup"),
    ),
    ("New-IAMRole : Role with name app already exists.\nAt line:1 char:1", _taken("role", "app", "CreateRole")),
    (
        'EntityAlreadyExists (client): Instance Profile web already exists. - <ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">\n  <Error>\n    <Code>EntityAlreadyExists</Code>\n    <Message>Instance Profile web already exists.</Message>\n  </Error>\n</ErrorResponse>',
        _taken("instance-profile", "web", "CreateInstanceProfile"),
    ),
    (
        "EntityAlreadyExistsException: Role with name app already exists.\n    at de_EntityAlreadyExistsExceptionRes (/app/node_modules/@aws-sdk/client-iam/dist-cjs/index.js:1:1) {\n  '$fault': 'client',\n  Error: { Type: 'Sender', Code: 'EntityAlreadyExists', Message: 'Role with name app already exists.' }\n}",
        _taken("role", "app", "CreateRole"),
    ),
    (
        "│ Error: creating IAM Policy (deploy): operation error IAM: CreatePolicy, https response error StatusCode: 409, RequestID: a, EntityAlreadyExists: A policy called deploy already exists. Duplicate names are not allowed.\n│ \n│   with aws_iam_policy.deploy,",
        _taken("policy", "deploy", "CreatePolicy"),
    ),
    (
        "│ Error: creating IAM Virtual MFA Device (ops-mfa): operation error IAM: CreateVirtualMFADevice, https response error StatusCode: 409, RequestID: 1, EntityAlreadyExists: MFADevice entity at the same path and name already exists.",
        _taken("virtual-mfa-device", "ops-mfa", "CreateVirtualMFADevice"),
    ),
    (
        "╷\n│ Error: creating IAM SAML Provider (Okta): operation error IAM: CreateSAMLProvider, https response error StatusCode: 409, RequestID: 1, EntityAlreadyExists:\n│ Provider with name Okta already exists.\n╵",
        _taken("saml-provider", "Okta", "CreateSAMLProvider"),
    ),
    (
        "Error creating IAM Role app: EntityAlreadyExists: Role with name app already exists.\n\tstatus code: 409, request id: 1",
        _taken("role", "app", "CreateRole"),
    ),
    (
        "10:00:00 | CREATE_FAILED        | AWS::IAM::InstanceProfile | Profile1A2B\nweb-profile already exists",
        _taken("instance-profile", "web-profile", "CreateInstanceProfile"),
    ),
    (
        "CREATE_FAILED AWS::IAM::Role Role1 app-role already exists in stack " + STACK,
        _taken("role", "app-role", "CreateRole", owner_stack=STACK),
    ),
    (
        "2026-11-24 10:00:00 UTC+0100\tCREATE_FAILED\tAWS::IAM::User\tDeployUser\tdeploy already exists in stack "
        + STACK,
        _taken("user", "deploy", "CreateUser", owner_stack=STACK),
    ),
    (
        "Resource handler returned message: \"Resource of type 'AWS::IAM::Role' with identifier 'app-role' already exists.\" (RequestToken: 1, HandlerErrorCode: AlreadyExists)",
        _taken("role", "app-role", "CreateRole"),
    ),
    (
        "Resource of type 'AWS::IAM::ManagedPolicy' with identifier 'arn:aws:iam::111122223333:policy/team/p' already exists.",
        _taken("policy", "arn:aws:iam::111122223333:policy/team/p", "CreatePolicy"),
    ),
    (
        "Resource of type 'AWS::IAM::InstanceProfile' with identifier '{\"/properties/InstanceProfileName\":\"web\"}' already exists.",
        _taken("instance-profile", "web", "CreateInstanceProfile"),
    ),
    (
        "❌ Web failed: Error: The stack named Web failed creation, it may need to be manually deleted from the AWS console: ROLLBACK_COMPLETE: app-role already exists in stack "
        + STACK,
        _taken(None, "app-role", None, owner_stack=STACK),
    ),
    (
        'Resource handler returned message: "Role with name app already exists. (Service: Iam, Status Code: 409, Request ID: 1)" (RequestToken: 1, HandlerErrorCode: AlreadyExists)',
        _taken("role", "app", "CreateRole"),
    ),
    ("Failed to create role app.\nRole with name app already exists.", _taken("role", "app", "CreateRole")),
    ("A role with this name already exists", _taken("role", None, "CreateRole")),
    (
        "Entity already exists\nThis entity already exists. A policy called team already exists. Duplicate names are not allowed.",
        _taken("policy", "team", "CreatePolicy"),
    ),
    ("Group name already exists", _taken("group", None, "CreateGroup")),
    (
        '{"Error":{"Type":"Sender","Code":"EntityAlreadyExists","Message":"User with name kim already exists."},"RequestId":"1"}',
        _taken("user", "kim", "CreateUser"),
    ),
    (
        "aws iam create-role --role-name app --path /new/ --assume-role-policy-document file://t.json\n\nAn error occurred (EntityAlreadyExists) when calling the CreateRole operation: Role with name app already exists.",
        _taken("role", "app", "CreateRole", path="/new/"),
    ),
    (
        "$ aws --profile prod iam create-policy \\\n    --policy-name p \\\n    --path /team/ \\\n    --policy-document file://p.json\nAn error occurred (EntityAlreadyExists) when calling the CreatePolicy operation: A policy called p already exists. Duplicate names are not allowed.",
        _taken("policy", "p", "CreatePolicy", path="/team/"),
    ),
]

QUESTIONS = [
    (
        "aws iam create-role --role-name app --path /new/ --assume-role-policy-document file://t.json",
        _taken("role", "app", "CreateRole", path="/new/"),
    ),
    (
        "aws iam create-instance-profile --instance-profile-name web",
        _taken("instance-profile", "web", "CreateInstanceProfile"),
    ),
    (
        "aws iam create-policy --policy-document file://x --policy-name=app-read --path=/team/",
        _taken("policy", "app-read", "CreatePolicy", path="/team/"),
    ),
    (
        "aws iam create-open-id-connect-provider --url https://token.actions.githubusercontent.com --client-id-list sts.amazonaws.com",
        _taken("oidc-provider", "https://token.actions.githubusercontent.com", "CreateOpenIDConnectProvider"),
    ),
    ("aws --region us-east-1 iam create-user --user-name 'kim'", _taken("user", "kim", "CreateUser")),
    ("create role app", _taken("role", "app", "CreateRole")),
    ('Create an IAM role named "app-x"', _taken("role", "app-x", "CreateRole")),
    ("create instance profile web", _taken("instance-profile", "web", "CreateInstanceProfile")),
    (
        "create open-id-connect provider https://example.com/id",
        _taken("oidc-provider", "https://example.com/id", "CreateOpenIDConnectProvider"),
    ),
    ("create policy team-read path /team/", _taken("policy", "team-read", "CreatePolicy", path="/team/")),
]

TRUST = [
    (
        "An error occurred (InvalidParameterValueException) when calling the UpdateFunctionConfiguration operation: The role defined for the function cannot be assumed by Lambda.",
        "lambda",
        None,
        "UpdateFunctionConfiguration",
    ),
    (
        "│ Error: creating Lambda Function (f): operation error Lambda: CreateFunction, https response error StatusCode: 400, RequestID: 1, InvalidParameterValueException: The role defined for the function cannot be assumed by Lambda.",
        "lambda",
        None,
        "CreateFunction",
    ),
    (
        "An error occurred (ValidationException) when calling the CreateSchedule operation: The execution role you provide must allow AWS EventBridge Scheduler to assume the role.",
        "scheduler",
        None,
        "CreateSchedule",
    ),
    (
        f"(service web) ECS was unable to assume the role 'arn:aws:iam::{A}:role/app/task' that was provided for this task. Please verify that the role being passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this role.",
        "ecs-tasks",
        f"arn:aws:iam::{A}:role/app/task",
        None,
    ),
    (
        f"An error occurred (InvalidInputException) when calling the CreateProject operation: CodeBuild is not authorized to perform: sts:AssumeRole on arn:aws:iam::{A}:role/service-role/build",
        "codebuild",
        f"arn:aws:iam::{A}:role/service-role/build",
        "CreateProject",
    ),
    (
        f"InvalidStructureException: CodePipeline is not authorized to perform AssumeRole on role arn:aws:iam::{A}:role/pipe",
        "codepipeline",
        f"arn:aws:iam::{A}:role/pipe",
        None,
    ),
    (
        "Service is unable to assume provided role. Please verify role's TrustPolicy (Service: AWSGlue; Status Code: 400; Error Code: InvalidInputException; Request ID: 1)",
        "glue",
        None,
        None,
    ),
    (
        f"An error occurred (AccessDeniedException) when calling the CreateStateMachine operation: Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the provided role.",
        "states",
        None,
        "CreateStateMachine",
    ),
    (
        '{\n  "Code" : "AssumeRoleUnauthorizedAccess",\n  "Message" : "EC2 cannot assume the role web-frontend-ec2. Please see documentation at https://docs.aws.amazon.com/x.",\n  "LastUpdated" : "2026-11-24T10:00:00Z"\n}',
        "ec2",
        "role web-frontend-ec2",
        None,
    ),
    (
        f"An error occurred (ValidationError) when calling the CreateStack operation: Role arn:aws:iam::{A}:role/cfn is invalid or cannot be assumed",
        "cloudformation",
        f"arn:aws:iam::{A}:role/cfn",
        "CreateStack",
    ),
    (
        f"Firehose is unable to assume role arn:aws:iam::{A}:role/fh. Please check the role provided.",
        "firehose",
        f"arn:aws:iam::{A}:role/fh",
        None,
    ),
    (
        f"Provided role 'arn:aws:iam::{A}:role/ev' cannot be assumed by principal 'events.amazonaws.com'.",
        "events",
        f"arn:aws:iam::{A}:role/ev",
        None,
    ),
    (
        f"ValidationException: Could not assume role arn:aws:iam::{A}:role/sm. Please ensure that the role exists and allows principal 'sagemaker.amazonaws.com' to assume the role.",
        "sagemaker",
        f"arn:aws:iam::{A}:role/sm",
        None,
    ),
    ("API Gateway could not assume the provided role. Check its trust policy.", "apigateway", None, None),
    (
        f"The IAM role arn:aws:iam::{A}:role/bk cannot be assumed by AWS Backup",
        "backup",
        f"arn:aws:iam::{A}:role/bk",
        None,
    ),
    ("Kinesis Analytics doesn't have sufficient privileges to assume the role.", "kinesisanalytics", None, None),
    (
        f"An error occurred (ValidationException) when calling the CreatePipe operation: The role arn:aws:iam::{A}:role/p cannot be assumed by EventBridge Pipes",
        "pipes",
        f"arn:aws:iam::{A}:role/p",
        "CreatePipe",
    ),
    (
        f"arn:aws-cn:iam::{A}:role/x cannot be assumed by principal glue.amazonaws.com",
        "glue",
        f"arn:aws-cn:iam::{A}:role/x",
        None,
    ),
    (
        "Unable to assume the service linked role. Please verify that the ECS service linked role exists.",
        "ecs",
        None,
        None,
    ),
    (
        f"AWS Batch is not authorized to assume the role arn:aws:iam::{A}:role/batch",
        "batch",
        f"arn:aws:iam::{A}:role/batch",
        None,
    ),
]

OTHERS = [
    (
        "An error occurred (ExpiredToken) when calling the ListBuckets operation: The provided token has expired.",
        Trouble.CREDENTIALS,
        {"operation": "ListBuckets"},
    ),
    (
        "An error occurred (ExpiredTokenException) when calling the GetParameter operation: The security token included in the request is expired",
        Trouble.CREDENTIALS,
        {"operation": "GetParameter"},
    ),
    (
        "An error occurred (InvalidClientTokenId) when calling the GetCallerIdentity operation: The security token included in the request is invalid.",
        Trouble.CREDENTIALS,
        {"operation": "GetCallerIdentity"},
    ),
    (
        "An error occurred (UnrecognizedClientException) when calling the ListTables operation: The security token included in the request is invalid.",
        Trouble.CREDENTIALS,
        {"operation": "ListTables"},
    ),
    (
        "An error occurred (SignatureDoesNotMatch) when calling the GetCallerIdentity operation: The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.",
        Trouble.CREDENTIALS,
        {"operation": "GetCallerIdentity"},
    ),
    (
        "An error occurred (SignatureDoesNotMatch) when calling the GetCallerIdentity operation: Signature expired: 20261124T100000Z is now earlier than 20261124T101500Z",
        Trouble.CREDENTIALS,
        {"operation": "GetCallerIdentity"},
    ),
    (
        'Unable to locate credentials. You can configure credentials by running "aws configure".',
        Trouble.CREDENTIALS,
        {},
    ),
    ("botocore.exceptions.NoCredentialsError: Unable to locate credentials", Trouble.CREDENTIALS, {}),
    (
        "The SSO session associated with this profile has expired or is otherwise invalid. To refresh this SSO session run aws sso login with the corresponding profile.",
        Trouble.CREDENTIALS,
        {},
    ),
    ("Error loading SSO Token: Token for https://x.awsapps.com/start does not exist", Trouble.CREDENTIALS, {}),
    ("Token has expired and refresh failed", Trouble.CREDENTIALS, {}),
    ("The config profile (prod) could not be found", Trouble.CREDENTIALS, {}),
    (
        "NoCredentialProviders: no valid providers in chain. Deprecated.\n\tFor verbose messaging see aws.Config.CredentialsChainVerboseErrors",
        Trouble.CREDENTIALS,
        {},
    ),
    ("CredentialsProviderError: Could not load credentials from any providers", Trouble.CREDENTIALS, {}),
    (
        "software.amazon.awssdk.core.exception.SdkClientException: Unable to load credentials from any of the providers in the chain AwsCredentialsProviderChain",
        Trouble.CREDENTIALS,
        {},
    ),
    ("denied: Your authorization token has expired. Reauthenticate and try again.", Trouble.CREDENTIALS, {}),
    (
        "<Error><Code>InvalidAccessKeyId</Code><Message>The AWS Access Key Id you provided does not exist in our records.</Message></Error>",
        Trouble.CREDENTIALS,
        {},
    ),
    (
        "<Error><Code>AccessDenied</Code><Message>Request has expired</Message><Expires>2026-11-24T10:00:00Z</Expires></Error>",
        Trouble.CREDENTIALS,
        {},
    ),
    (
        "<Error><Code>RequestTimeTooSkewed</Code><Message>The difference between the request time and the current time is too large.</Message></Error>",
        Trouble.CREDENTIALS,
        {},
    ),
    (
        "An error occurred (AuthFailure) when calling the DescribeInstances operation: AWS was not able to validate the provided access credentials",
        Trouble.CREDENTIALS,
        {"operation": "DescribeInstances"},
    ),
    (
        "An error occurred (RegionDisabledException) when calling the AssumeRole operation: STS is not activated in this region for account:111122223333. Your account administrator can activate STS in this region using the IAM Console.",
        Trouble.CREDENTIALS,
        {"operation": "AssumeRole"},
    ),
    (
        "An error occurred (LimitExceeded) when calling the CreateRole operation: Cannot exceed quota for RolesPerAccount: 1000",
        Trouble.QUOTA,
        {"operation": "CreateRole", "name": "RolesPerAccount"},
    ),
    (
        "An error occurred (LimitExceeded) when calling the AttachRolePolicy operation: Cannot exceed quota for PoliciesPerRole: 10",
        Trouble.QUOTA,
        {"operation": "AttachRolePolicy", "name": "PoliciesPerRole"},
    ),
    (
        "LimitExceeded: Cannot exceed quota for ACLSizePerRole: 2048\n\tstatus code: 409, request id: 1",
        Trouble.QUOTA,
        {"name": "ACLSizePerRole"},
    ),
    (
        "An error occurred (LimitExceeded) when calling the PutRolePolicy operation: Maximum policy size of 10240 bytes exceeded for role app",
        Trouble.QUOTA,
        {"operation": "PutRolePolicy"},
    ),
    (
        "An error occurred (LimitExceeded) when calling the CreatePolicyVersion operation: A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.",
        Trouble.QUOTA,
        {"operation": "CreatePolicyVersion"},
    ),
    (
        "An error occurred (UnmodifiableEntity) when calling the AttachRolePolicy operation: Cannot perform the operation on the protected role 'AWSServiceRoleForECS' - this role is only modifiable by AWS",
        Trouble.PROTECTED_ROLE,
        {"operation": "AttachRolePolicy", "name": "AWSServiceRoleForECS"},
    ),
    (
        "│ Error: deleting IAM Role (AWSReservedSSO_X_1): operation error IAM: DeleteRole, https response error StatusCode: 400, RequestID: 1, UnmodifiableEntity: Cannot perform the operation on the protected role 'AWSReservedSSO_X_1' - this role is only modifiable by AWS",
        Trouble.PROTECTED_ROLE,
        {"operation": "DeleteRole", "name": "AWSReservedSSO_X_1"},
    ),
    (
        "An error occurred (ValidationError) when calling the AssumeRole operation: The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
        Trouble.SESSION_DURATION,
        {"operation": "AssumeRole"},
    ),
    (
        "An error occurred (ValidationError) when calling the AssumeRole operation: The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        Trouble.SESSION_DURATION,
        {"operation": "AssumeRole"},
    ),
    (
        "Error: Could not assume role with OIDC: The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        Trouble.SESSION_DURATION,
        {},
    ),
    (
        '{\n  "Code" : "InstanceProfileNotFound",\n  "Message" : "Instance Profile does not contain a role. Please see documentation at https://docs.",\n  "InstanceProfileArn" : "arn:aws:iam::111122223333:instance-profile/app/web"\n}',
        Trouble.EMPTY_PROFILE,
        {"name": "web"},
    ),
    (
        'An error occurred (InvalidParameterValue) when calling the RunInstances operation: IAM Instance Profile "arn:aws:iam::111122223333:instance-profile/web" has no associated IAM Roles',
        Trouble.EMPTY_PROFILE,
        {"operation": "RunInstances", "name": "web"},
    ),
    (
        "An error occurred (DeleteConflict) when calling the DeleteRole operation: Cannot delete entity, must detach all policies first.",
        Trouble.DELETE_CONFLICT,
        {"operation": "DeleteRole"},
    ),
    (
        "DeleteConflict: Cannot delete entity, must remove roles from instance profile first.\n\tstatus code: 409, request id: 1",
        Trouble.DELETE_CONFLICT,
        {},
    ),
    (
        "An error occurred (DeleteConflict) when calling the DeletePolicy operation: Cannot delete a policy attached to entities.",
        Trouble.DELETE_CONFLICT,
        {"operation": "DeletePolicy"},
    ),
    (
        "An error occurred (ConcurrentModification) when calling the CreatePolicy operation: The request was rejected because multiple requests to change this object were submitted simultaneously.",
        Trouble.CONCURRENT,
        {"operation": "CreatePolicy"},
    ),
    (
        "An error occurred (Throttling) when calling the ListRoles operation (reached max retries: 4): Rate exceeded",
        Trouble.THROTTLING,
        {"operation": "ListRoles"},
    ),
    ("ThrottlingException: Rate exceeded", Trouble.THROTTLING, {}),
    (
        'Error from server (Forbidden): pods is forbidden: User "system:serviceaccount:default:x" cannot list resource "pods" in API group "" in the namespace "default"',
        Trouble.NOT_IAM,
        {"principal": "system:serviceaccount:default:x"},
    ),
    ("error: You must be logged in to the server (Unauthorized)", Trouble.NOT_IAM, {}),
    (
        "An error occurred (AccessDeniedException) when calling the InvokeModel operation: You don't have access to the model with the specified model ID.",
        Trouble.NOT_IAM,
        {"operation": "InvokeModel"},
    ),
    (
        "git@github.com: Permission denied (publickey).\nfatal: Could not read from remote repository.",
        Trouble.NOT_IAM,
        {},
    ),
    (
        "remote: Permission to acme/web.git denied to kim.\nfatal: unable to access 'https://github.com/acme/web.git/': The requested URL returned error: 403",
        Trouble.NOT_IAM,
        {},
    ),
    ("bash: ./deploy.sh: Permission denied", Trouble.NOT_IAM, {}),
    ("PermissionError: [Errno 13] Permission denied: '/var/log/app.log'", Trouble.NOT_IAM, {}),
    ("ERROR 1045 (28000): Access denied for user 'app'@'10.0.0.1' (using password: YES)", Trouble.NOT_IAM, {}),
    ("psycopg2.errors.InsufficientPrivilege: permission denied for table orders", Trouble.NOT_IAM, {}),
    (
        "googleapi: Error 403: Permission 'iam.roles.create' denied on resource '//iam.googleapis.com/projects/x' (or it may not exist)., forbidden",
        Trouble.NOT_IAM,
        {},
    ),
    (
        "(AuthorizationFailed) The client 'x' with object id 'y' does not have authorization to perform action 'Microsoft.Resources/subscriptions/read' over scope '/subscriptions/z'",
        Trouble.NOT_IAM,
        {},
    ),
    ("Insufficient Lake Formation permission(s): Required Select on orders", Trouble.NOT_IAM, {}),
    (
        "Error response from daemon: pull access denied for app, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
        Trouble.NOT_IAM,
        {},
    ),
    (
        "org.apache.kafka.common.errors.TopicAuthorizationException: Not authorized to access topics: [orders]",
        Trouble.NOT_IAM,
        {},
    ),
    ("Access to the path 'C:\\Windows\\x' is denied.", Trouble.NOT_IAM, {}),
    (
        "An error occurred (BucketAlreadyExists) when calling the CreateBucket operation: The requested bucket name is not available.",
        Trouble.NOT_IAM,
        {"operation": "CreateBucket"},
    ),
    ("CREATE_FAILED | AWS::S3::Bucket | Logs\nmy-logs already exists", Trouble.NOT_IAM, {"name": "my-logs"}),
    (
        "An error occurred (ResourceConflictException) when calling the CreateFunction operation: Function already exist: f",
        Trouble.NOT_IAM,
        {"operation": "CreateFunction"},
    ),
    ("the quick brown fox", Trouble.UNRECOGNIZED, {}),
    ("", Trouble.UNRECOGNIZED, {}),
    ("\x00\x01\x02\x03\x00\xff\x00\x00", Trouble.UNRECOGNIZED, {}),
    ("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJyZXBvIn0.c2ln", Trouble.UNRECOGNIZED, {}),
    ('{"Version":"2012-10-17","Statement":[]}', Trouble.UNRECOGNIZED, {}),
]
