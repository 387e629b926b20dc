"""What programs print about their own setup, word for word, and a similar text that is something else.

For each row of `documented` messages, by name: texts that the row reads, and one near miss.
"""

from __future__ import annotations

MESSAGES: dict[str, tuple[tuple[str, ...], str]] = {
    "the source of the profile's credentials": (
        ('The profile "etl" contains both source_profile and credential_source.',),
        'The profile "etl" has source_profile; credential_source is not set.',
    ),
    "the profile's credential_source": (
        (
            'botocore.exceptions.InvalidConfigError: The credential_source "Ec2Metadata" referenced in profile "app" '
            "is not valid.",
            '{"error": "The credential source \\"EC2\\" referenced in profile \\"ci\\" is not valid."}',
        ),
        'The value "Ec2Metadata" referenced in profile "app" is not valid.',
    ),
    "the profile that source_profile names": (
        ('InvalidConfigError: The source_profile "base" referenced in the profile "dev" does not exist.',),
        'The role referenced in the profile "dev" does not exist.',
    ),
    "the role of the web identity": (
        (
            "The provided profile or the current environment is configured to assume role with web identity but has no "
            "role ARN configured. Ensure that the profile has the role_arnconfiguration set or the AWS_ROLE_ARN env "
            "var is set.",
        ),
        "The environment is configured to assume a role with web identity.",
    ),
    "the client for Bedrock": (
        (
            'Error: Could not resolve authentication method. Expected either apiKey or authToken to be set. Or for one '
            'of the "X-Api-Key" or "Authorization" headers to be explicitly omitted\nCLAUDE_CODE_USE_BEDROCK=1 is in '
            "~/.zshrc",
            '"Could not resolve authentication method. Expected either api_key or auth_token to be set." (Bedrock, '
            "eu-west-1)",
        ),
        "Could not resolve authentication method. Expected either apiKey or authToken to be set",
    ),
    "the section sso-session": (
        (
            'aws: [ERROR]: The specified sso-session does not exist: "corp"',
            'The profile "dev" is configured to use the SSO token provider but the "corp" sso_session configuration '
            "does not exist.",
        ),
        'The sso-session "corp" exists.',
    ),
    "two values for IAM Identity Center": (
        ("The value for sso_region is inconsistent between profile (eu-west-1) and sso-session (us-east-1).",),
        "The value for sso_region is the same in profile and sso-session.",
    ),
    "the output of credential_process": (
        (
            "Error when retrieving credentials from custom-process: Unsupported version '<Version key not provided>' "
            "for credential process provider, supported versions: 1",
            "Error when retrieving credentials from custom-process: Missing required key in response: 'AccessKeyId'",
        ),
        "Error when retrieving credentials from custom-process: vault: command not found",
    ),
    "the Region in the ARN of the access point": (
        (
            'The use_arn_region configuration is disabled but received arn for "eu-west-1" when the client is '
            'configured to use "us-east-1"',
        ),
        "The use_arn_region configuration is enabled.",
    ),
    "the partition in the ARN of the access point": (
        (
            'Client is configured for "aws" partition, but access-point ARN provided is for "aws-cn" partition. The '
            "client and  access-point partition must be the same.",
        ),
        'Client is configured for "aws" partition.',
    ),
    "the account in the ARN and in AccountId": (
        ('Account ID in arn does not match the AccountId parameter provided: "111122223333"',),
        'The account ID does not match: "111122223333"',
    ),
    "the length of the session": (
        (
            "1 validation error detected: Value '20' at 'durationSeconds' failed to satisfy constraint: Member must "
            "have value greater than or equal to 900",
        ),
        "Value '99999' at 'durationSeconds' failed to satisfy constraint: Member must have value less than or equal to "
        "43200",
    ),
    "the session of aws login": (
        (
            "Your session has expired or credentials have changed. Please reauthenticate using 'aws login'.",
            "Error loading login session token: Unable to load a existing login session for session dev. Please "
            "reauthenticate with 'aws login'.",
        ),
        "Your session has expired. Please sign in to the shop again.",
    ),
    "the session with MFA": (
        ("botocore.exceptions.RefreshWithMFAUnsupportedError: Cannot refresh credentials: MFA token required.",),
        "Cannot refresh credentials: the token is required.",
    ),
    "the action's list of expected accounts": (
        (
            "Error: The account ID of the provided credentials (111122223333) does not match any of the expected "
            "account IDs: 444455556666",
        ),
        "Error: The account ID of the provided file (111122223333) does not match",
    ),
    "the credentials that the action finds": (
        (
            "Error: Credentials loaded by the SDK do not match the expected access key ID configured by the action",
        ),
        "Error: The access key ID configured by the action was not found",
    ),
    "the session's name in the action": (
        (
            "Error: Role session name is not valid: 'deploy/feature 12'. Must satisfy regular expression pattern: "
            "[\\w+=,.@-]*",
            "Error: Role session name must be between 2 and 64 characters, got 1: 'x'",
        ),
        "Role session name is not set: 'GitHubActions' is used.",
    ),
    "the action's inputs": (
        (
            "Error: If 'force-skip-oidc' is true and 'role-to-assume' is set, 'aws-access-key-id' or "
            "'web-identity-token-file' must be set",
        ),
        "force-skip-oidc is true and role-to-assume is set",
    ),
    "the address of the metadata service on this machine": (
        (
            "aws-vault: error: exec: Failed to start credential server: Another process is already bound to "
            "169.254.169.254:80",
        ),
        "Another process is already bound to 127.0.0.1:8080",
    ),
    "the subshell of aws-vault": (
        (
            "aws-vault: error: exec: running in an existing aws-vault subshell; 'exit' from the subshell or unset "
            "AWS_VAULT to force",
        ),
        "running in an existing aws-vault subshell",
    ),
    "the profile in aws-vault": (
        (
            "aws-vault: error: exec: profile 'dve' not found in ~/.aws/config and no stored credentials exist for it",
        ),
        "profile 'dve' was found in ~/.aws/config",
    ),
    "the keys in aws-vault's store": (
        ("aws-vault: error: exec: Error getting temporary credentials: profile dev: credentials missing",),
        "profile dev: region missing",
    ),
    "the profile in credential_process": (
        (
            "unmatched profile names. The profile name 'prod' provided to 'granted credential-process' does not match "
            "AWS profile name 'production'",
        ),
        "The profile name 'prod' does not match the pattern",
    ),
    "aws-nuke's check of the account": (
        (
            "Error: specified account doesn't have an alias. For safety reasons you need to specify an account alias. "
            "Your production account should contain the term 'prod'",
        ),
        "the account has an alias, for safety reasons",
    ),
    "aws-nuke's blocklist": (
        (
            "Error: you are trying to nuke the account with the ID '111122223333', but it is blocklisted. Aborting.",
            "you are trying to nuke an account with the alias 'shop-prod', but it contains the substring 'prod'",
        ),
        "Do you really want to nuke the account with the ID 111122223333 and the alias 'shop'?",
    ),
    "aws-nuke's configuration": (
        ("Error: account 111122223333 is not configured in the config file",),
        "account 111122223333 is configured in the config file",
    ),
    "an argument that the S3 backend no longer has": (
        (
            "Error: Invalid backend configuration argument\n\nThe backend configuration argument \"role_arn\" given on "
            "the command line is not expected for the selected backend type.",
            'on backend.tf line 6, in terraform:\n   6:   backend "s3" {\n\nAn argument named "external_id" is not '
            "expected here.",
        ),
        'The backend configuration argument "bukket" given on the command line is not expected for the selected '
        "backend type.",
    ),
    "an argument that the provider no longer has": (
        (
            'on providers.tf line 12, in provider "aws":\n  12:   shared_credentials_file = "~/.aws/creds"\n\nAn '
            'argument named "shared_credentials_file" is not expected here.',
        ),
        'on main.tf line 1, in resource "aws_iam_role" "x":\nAn argument named "shared_credentials_file" is not '
        "expected here.",
    ),
    "the list of accounts that Terraform may use": (
        ("Error: Invalid account ID\n\nAWS account ID not allowed: 111122223333",),
        "AWS account ID: 111122223333",
    ),
    "SAM's question about the API": (("Error: Security Constraints Not Satisfied!",), "Security constraints: none"),
    "the Region of the bucket for artifacts": (
        (
            "Error: Failed to create/update stack app : deployment s3 bucket is in a different region, try sam deploy "
            "--guided",
        ),
        "the deployment s3 bucket is in this region",
    ),
    "the cluster's OIDC provider": (
        ("Error: unable to create iamserviceaccount(s) without IAM OIDC provider enabled",),
        "IAM OIDC provider is already associated with cluster",
    ),
    "Fargate in this account and Region": (
        (
            'Error: creating Fargate profile "fp": either account is not authorized to use Fargate or region '
            "eu-central-2 is not supported: AccessDeniedException: Account 111122223333 is not authorized to use this "
            "service",
        ),
        "region eu-central-2 is not supported by this tool",
    ),
    "Mountpoint's option --allow-delete": (
        (
            "$ rm /mnt/x\nrm: cannot remove '/mnt/x': Operation not permitted\nWARN unlink{req=8 parent=1}: "
            "mountpoint_s3_fs::fuse: unlink failed: Deletes are disabled. Use '--allow-delete' mount option to enable "
            "it.",
        ),
        "rm: cannot remove '/mnt/x': Operation not permitted",
    ),
    "Mountpoint's option --allow-overwrite": (
        (
            "setattr failed: file overwrite is disabled by default, you need to remount with --allow-overwrite flag",
            "WARN setattr{req=11}: mountpoint_s3_fs::fuse: setattr failed: inode error: inode 2 (full key \"x\") is a "
            "remote inode and its attributes cannot be modified",
        ),
        "file overwrite is enabled",
    ),
    "Mountpoint's kinds of writes": (
        (
            "mountpoint_s3_fs::fuse: write failed: upload error: out of order write NOT supported by Mountpoint, "
            "aborting the upload; expected offset 0 but got 512",
            "mountpoint_s3_fs::fuse: rename failed with errno 38: inode error: rename is not supported on this bucket",
        ),
        "an out of order message was dropped",
    ),
    "the trust policy of the pod identity association's role": (
        (
            "s3-csi-node-7 s3-plugin: Failed to create S3 client: No signing credentials available\nThe pod has a pod "
            "identity association.\n\"Principal\": {\"Service\": \"pods.eks.amazonaws.com\"}, \"Condition\": "
            "{\"ArnEquals\": {\"aws:SourceArn\": \"arn:aws:eks:eu-west-3:111122223333:cluster/blue\"}}",
        ),
        "the pod identity association's trust policy names pods.eks.amazonaws.com with aws:SourceArn",
    ),
    "the pod identity association": (
        (
            "MountVolume.SetUp failed for volume \"data\": Failed to create S3 client: No signing credentials "
            "available\nOur pod identity association names sa/loader.",
            "The pod identity association exists, the driver s3-csi-node-2 says: No signing credentials found",
        ),
        "MountVolume.SetUp failed for volume \"data\"; our pod identity association names sa/loader",
    ),
    "the credentials of the Mountpoint CSI driver": (
        (
            "MountVolume.SetUp failed for volume \"s3-pv\" : rpc error: code = Internal desc = Could not mount: Failed "
            "to create S3 client\n    2: No signing credentials available, see CRT debug logs",
            "s3-csi-node-x1 s3-plugin: Error: Failed to create S3 client: No signing credentials found",
        ),
        "MountVolume.SetUp failed for volume \"s3-pv\" : rpc error: code = Internal desc = Could not mount",
    ),
    "Mountpoint's credentials": (
        (
            "Error: Failed to create S3 client\n\nCaused by:\n    0: initial ListObjectsV2 failed for bucket data in "
            "region us-east-1\n    1: Client error\n    2: No signing credentials available, see CRT debug logs",
        ),
        "initial ListObjectsV2 failed for bucket data in region us-east-1",
    ),
    "the issuer's credentials for Route 53": (
        (
            "Error presenting challenge: unable to construct route53 provider: empty credentials; perhaps you meant to "
            "enable ambient credentials?",
        ),
        "unable to construct clouddns provider: empty credentials; perhaps you meant to enable ambient credentials?",
    ),
    "the mount option crossaccount": (
        (
            "rpc error: code = InvalidArgument desc = mount option 'crossaccount' cannot be set manually. The CSI "
            "driver automatically configures this based on Kubernetes secrets.",
        ),
        "mount option 'tls' cannot be set manually",
    ),
    "the CSI driver's tokenRequests": (
        (
            "us-east-1: IRSA token extraction failed: serviceAccount.tokens not provided - ensure tokenRequests is "
            "configured in CSIDriver",
            'Pod Identity token extraction failed: token for audience "pods.eks.amazonaws.com" not found - ensure '
            "tokenRequests includes this audience in CSIDriver",
        ),
        "tokenRequests is configured in CSIDriver",
    ),
    "the Region of the SecretProviderClass": (
        (
            "err: rpc error: code = Unknown desc = ARN region must match region us-east-1: "
            "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf",
        ),
        "ARN region matches us-east-1",
    ),
    "the tag of secrets that the operator manages": (
        ("could not set secret: secret not managed by external-secrets",),
        "the secret is managed by external-secrets",
    ),
    "the session's name when Kafka authenticates again": (
        (
            "SaslAuthenticationException: Cannot change principals during re-authentication from "
            "IAM.arn:aws:sts::111122223333:assumed-role/orders/a: to "
            "IAM.arn:aws:sts::111122223333:assumed-role/orders/b",
        ),
        "Re-authentication of the principal succeeded",
    ),
    "the session's name when a Kafka client without Java authenticates again": (
        (
            "confluent_kafka.KafkaException: SASL authentication error: Cannot change principals during "
            "re-authentication from IAM.arn:aws:sts::111122223333:assumed-role/orders/a: to "
            "IAM.arn:aws:sts::111122223333:assumed-role/orders/b",
            "kafkajs with aws-msk-iam-sasl-signer-js: Cannot change principals during re-authentication from "
            "IAM.arn:aws:sts::111122223333:assumed-role/orders/a: to "
            "IAM.arn:aws:sts::111122223333:assumed-role/orders/b",
        ),
        "rdkafka: Re-authentication of the principal succeeded",
    ),
    "MSK's limit of new connections": (
        (
            "Connection to node 3 (b-3.kafka.eu-west-1.amazonaws.com/10.0.3.4:9098) failed authentication due to: "
            "[446c81dc-9ab3-4d4b-b174-4ecd9baa406c]: Too many connects",
        ),
        "Connection to node 3 failed authentication due to: [446c81dc]: Access denied",
    ),
    "the role for SageMaker": (
        (
            "ValueError: The current AWS identity is not a role: arn:aws:iam::111122223333:user/ana, therefore it "
            "cannot be used as a SageMaker execution role",
            "Couldn't call 'get_role' to get Role ARN from role name eva to get Role path.\nValueError: The current "
            "AWS identity is not a role: \narn:aws:iam::111122223333:root, therefore it cannot be used as a \n"
            "SageMaker execution role\nmissing iam:GetRole?",
        ),
        "An error occurred (AccessDenied) when calling the GetRole operation: User: arn:aws:iam::111122223333:user/ana "
        "is not authorized to perform: iam:GetRole on resource: role SageMakerRole",
    ),
    "the target in dbt's profiles.yml": (
        (
            "Runtime Error\n  Credentials in profile \"shop\", target \"dev\" invalid: 's3_staging_dir' is a required "
            "property",
        ),
        "the property is required in profile shop",
    ),
    "a class that Kafka does not find": (
        (
            "Invalid value software.amazon.msk.auth.iam.IAMClientCallbackHandler for configuration "
            "sasl.client.callback.handler.class: Class software.amazon.msk.auth.iam.IAMClientCallbackHandler could not "
            "be found.",
            "javax.security.auth.login.LoginException: No LoginModule found for "
            "software.amazon.msk.auth.iam.IAMLoginModule",
        ),
        "sasl.jaas.config=software.amazon.msk.auth.iam.IAMLoginModule required;",
    ),
    "a class that S3A does not find": (
        (
            "java.io.IOException: From option fs.s3a.aws.credentials.provider java.lang.ClassNotFoundException: Class "
            "com.amazonaws.auth.WebIdentityTokenCredentialsProvider not found",
            "hadoop fs -ls s3a://data/\njava.lang.NoClassDefFoundError: "
            "software/amazon/awssdk/core/exception/SdkException",
        ),
        "java.lang.ClassNotFoundException: com.amazonaws.shop.Orders",
    ),
    "the credentials to assume the role with": (
        (
            "java.io.IOException: AssumedRoleCredentialProvider cannot be in "
            "fs.s3a.assumed.role.credentials.provider",
        ),
        "fs.s3a.assumed.role.credentials.provider is not set",
    ),
    "keys in the S3A address": (
        (
            "java.io.IOException: The Filesystem URI contains login details. This authentication mechanism is no "
            "longer supported.",
        ),
        "The Filesystem URI contains a port",
    ),
    "the principals of the role in Vault": (
        (
            "URL: PUT https://vault:8200/v1/auth/aws/login\nCode: 400. Errors:\n\n* IAM Principal "
            '"arn:aws:sts::111122223333:assumed-role/ci/i-0abc" does not belong to the role "ci"',
        ),
        "The user does not belong to the role admin",
    ),
    "the name of the role in Vault": (
        ("URL: PUT https://vault:8200/v1/auth/aws/login\nCode: 400. Errors:\n\n* entry for role ci-runner not found",
         "Error authenticating: Code: 400. Errors:\n* entry for role \"web\" not found"),
        "entry for role ci-runner was found",
    ),
    "the header that Vault requires": (
        (
            '* error validating X-Vault-AWS-IAM-Server-ID header: missing header "X-Vault-AWS-IAM-Server-ID"',
            "* error validating X-Vault-AWS-IAM-Server-ID header: expected \"a\" but got \"b\"",
        ),
        'missing header "X-Request-ID"',
    ),
    "the type of the role in Vault": (
        ("* auth method iam not allowed for role ci",),
        "auth method iam is allowed for role ci",
    ),
    "the credentials of s3fs": (
        ("s3fs: could not determine how to establish security credentials.",),
        "could not determine the size of the file",
    ),
    "the mode of s3fs's credentials file": (
        ("s3fs: credentials file /home/ann/.passwd-s3fs should not have others permissions.",),
        "the credentials file should not be in the repository",
    ),
    "the object's storage class": (
        ('Failed to copy: Object in GLACIER, restore first: bucket="archive", key="2020/a.tar"',),
        "The objects are in GLACIER",
    ),
    "docker's credential helper": (
        (
            'error getting credentials - err: exec: "docker-credential-ecr-login": executable file not found in $PATH, '
            "out: ``",
        ),
        'exec: "aws": executable file not found in $PATH',
    ),
    "docker login in addition to the credential helper": (
        (
            "aws ecr get-login-password | docker login --username AWS --password-stdin "
            "111122223333.dkr.ecr.eu-west-1.amazonaws.com\nError saving credentials: error storing credentials - err: "
            "exit status 1, out: `not implemented`",
        ),
        "Error saving credentials: error storing credentials - err: exit status 1, out: `not implemented`",
    ),
    "the network to the registry": (
        (
            "Error: Could not login to registry 111122223333.dkr.ecr.eu-west-1.amazonaws.com: Error response from "
            'daemon: Get "https://111122223333.dkr.ecr.eu-west-1.amazonaws.com/v2/": net/http: request canceled while '
            "waiting for connection",
            'Error response from daemon: Get "https://111122223333.dkr.ecr.eu-west-1.amazonaws.com/v2/": net/http: '
            "request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)",
        ),
        'Error response from daemon: Get "https://registry.example.com/v2/": net/http: request canceled while waiting '
        "for connection",
    ),
    "the certificate for the host": (
        ('{"msg":"Reconciler error","error":"no certificate found for host: shop.example.com"}',),
        "the certificate was found for the host",
    ),
    "the tags of the nodes' security groups": (
        (
            "Failed deploy model due to expected exactly one securityGroup tagged with kubernetes.io/cluster/prod for "
            "eni eni-0123456789abcdef0, got: [sg-0aaa sg-0bbb] (clusterName: prod)",
        ),
        "the securityGroup is tagged with kubernetes.io/cluster/prod",
    ),
    "the tags of the subnets": (
        (
            "Failed build model due to couldn't auto-discover subnets: unable to resolve at least one subnet (0 match "
            "VPC and tags: [kubernetes.io/role/elb])",
        ),
        "unable to resolve at least one subnet: UnauthorizedOperation: You are not "
        "authorized to perform this operation",
    ),
    "the role of the activation": (
        (
            "An error occurred (ValidationException) when calling the CreateActivation operation: Not existing role: "
            "arn:aws:iam::111122223333:role/arn:aws:iam::111122223333:role/service-role/Hybrid",
        ),
        "The role does not exist",
    ),
    "the task definition's execution role": (
        (
            "ClientException: When you are specifying container secrets, you must also specify a value for "
            "'executionRoleArn'.",
            "An error occurred (ClientException) when calling the RegisterTaskDefinition operation: When you are "
            "specifying container secrets, you must also specify a value for 'executionRoleArn'.",
        ),
        "Fargate requires that 'cpu' be defined at the task level.",
    ),
    "the function's package": (
        (
            "{\"errorMessage\":\"Unable to import module 'app': No module named 'requests'\"}",
            "Runtime.ImportModuleError: Error: Cannot find module 'uuid'\nRequire stack:\n- /var/task/index.js",
        ),
        "Error: Cannot find module 'uuid' on my machine",
    ),
    "eksctl's list of service accounts to leave out": (
        (
            "[!]  serviceaccounts that exist in Kubernetes will be excluded, use --override-existing-serviceaccounts "
            "to override\n[i]  no tasks",
            "[i]  1 existing iamserviceaccount(s) (kube-system/aws-node) will be excluded\n[i]  no tasks",
        ),
        "1 iamserviceaccount (kube-system/aws-node) was included",
    ),
    "the Region of the termination handler": (
        ('{"level":"fatal","message":"Unable to find the AWS region to process queue events."}',),
        "Unable to find the region",
    ),
    "kube2iam's list of roles of the namespace": (
        (
            "role requested arn:aws:iam::111122223333:role/app not valid for namespace of "
            "pod at 10.0.1.2 with namespace "
            "shop",
        ),
        "the role is not valid for this pod",
    ),
    "the Region of the profile": (
        (
            "region not set on profile prod, could not load a default AWS_REGION. Either set a default region `aws "
            "configure set default.region us-west-2` or add a region to your profile",
        ),
        "region not set",
    ),
    "the chain of source_profile in Granted": (
        ("maximum source profile depth exceeded for profile prod",),
        "maximum depth exceeded",
    ),
    "the sign-in page that saml2aws reads": (
        (
            "Using IDP Account default to access ADFS https://sts.lumen.example\nerror authenticating to IdP: unable "
            "to extract IDP form: no form in the response",
            "Authenticating as eva@lumen.example ...\nError authenticating to IdP.: error extracting form: no form",
            "error authenticating to IdP: unable to locate IDP authentication form submit URL",
            "error authenticating to IdP: error loading first page: failed to build login form data: could not find "
            "any forms matching the provided IDs",
        ),
        "error authenticating to IdP: dial tcp: lookup sts.lumen.example: no such host",
    ),
    "the SAML assertion from the identity provider": (
        (
            "Response did not contain a valid SAML assertion.\nPlease check that your "
            "username and password is correct.",
        ),
        "The response contained a valid SAML assertion.",
    ),
    "the AWS apps of the Okta user": (
        ("$ gimme-aws-creds\nError: No AWS accounts found.",),
        "Error: No AWS accounts found.",
    ),
    "the name of the Region": (
        (
            "$ terraform plan\n│ Error: Invalid AWS Region: us-east-1a\n│   with provider[\"registry.terra"
            "form.io/hashicorp/aws\"],",
        ),
        "Valid AWS Region: us-east-1",
    ),
    "the key of an image that is shared": (
        (
            "Error: 1 error(s) occurred:\n\n* Cannot share AMI encrypted with default KMS key\n\n==> Builds"
            " finished but no artifacts were created.",
            "Cannot share snapshot encrypted with default KMS key",
        ),
        "Cannot share AMI",
    ),
    "the instance profile of Packer's instance": (
        (
            "Error: 1 error(s) occurred:\n* no iam_instance_profile defined; session_manager connectivit"
            "y requires a valid instance profile with AmazonSSMManagedInstanceCore permissions. Alterna"
            "tively a temporary_iam_instance_profile_policy_document can be used.",
        ),
        "no iam_instance_profile defined",
    ),
    "Ansible's two sources of credentials": (
        (
            "fatal: [localhost]: FAILED! => {\"changed\": false, \"msg\": \"Passing both a profile and acces"
            "s tokens is not supported.\"}",
        ),
        "Passing a profile is supported",
    ),
    "the credentials in Jenkins": (
        (
            "ERROR: Could not find credentials entry with ID 'aws-prod'\norg.jenkinsci.plugins.credentia"
            "lsbinding.impl.CredentialNotFoundException: Could not find credentials entry with ID 'aws-"
            "prod'\nFinished: FAILURE",
        ),
        "Could not find an entry with ID 'aws-prod'",
    ),
    "the connection in Airflow": (
        (
            "airflow.exceptions.AirflowNotFoundException: The conn_id `aws_prod` isn't defined",
        ),
        "The conn_id is defined",
    ),
    "the version in the kubeconfig": (
        (
            "$ kubectl get pods\nerror: exec plugin: invalid apiVersion \"client.authentication.k8s.io/v1"
            "alpha1\"",
            "$ kubectl get nodes\nUnable to connect to the server: getting credentials: decoding stdout:"
            " no kind \"ExecCredential\" is registered for version \"client.authentication.k8s.io/v1alpha1"
            "\" in scheme \"pkg/client/auth/exec/exec.go:62\"",
            "getting credentials: exec plugin is configured to use API version client.authentication.k8"
            "s.io/v1beta1, plugin returned version client.authentication.k8s.io/v1alpha1",
        ),
        "apiVersion: client.authentication.k8s.io/v1beta1",
    ),
    "the profile in the program's files": (
        (
            "software.amazon.awssdk.core.exception.SdkClientException: Profile file contained no creden"
            "tials for profile 'dev': ProfileFile(sections=[profiles], profiles=[Profile(name=default, "
            "properties=[region])])",
            "Aws::Errors::NoSuchProfileError: No such profile `dev'\n/usr/local/bundle/gems/aws-sdk-core"
            "-3.191.0/lib/aws-sdk-core/shared_config.rb",
        ),
        "The profile seems to be configured",
    ),
    "the value of an option": (
        (
            "$ aws s3 ls --profile $PROFILE\nusage: aws [options] <command> <subcommand>\naws: error: arg"
            "ument --profile: expected one argument",
        ),
        "aws: error: argument --web-identity-token: expected one argument",
    ),
    "the name of the image": (
        (
            "name unknown: The repository with name '111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop' does not exist "
            "in the registry with id '111122223333'",
            "failed: The repository with name '444455556666.dkr.ecr.us-east-2.amazonaws.com/team/api' does not exist",
        ),
        "name unknown: The repository with name 'shop' does not exist in the registry with id '111122223333'",
    ),
    "the command of the AWS CLI": (
        (
            "$ aws iam list-role\nusage: aws [options] <command> <subcommand>\naws: error: argument operation: Invalid "
            "choice, valid choices are:\n",
            "aws: [ERROR]: An error occurred (ParamValidation): argument command: Found invalid choice 'bedrok'",
        ),
        "kubectl: error: argument --output: Invalid choice, valid choices are: json, yaml",
    ),
    "the certificate for IAM Roles Anywhere": (
        (
            "2026/01/01 10:00:00 No certificate path or certificate bundle path provided\naws_signing_he"
            "lper credential-process --role-arn arn:aws:iam::111122223333:role/app",
        ),
        "certificate path: /etc/pki/app.pem",
    ),
    "the command of credential_process": (
        (
            "Aws::Errors::InvalidProcessCredentialsPayload: credential_process provider failure, the cr"
            "edential process had non zero exit status and failed to provide credentials",
        ),
        "the process had exit status 0",
    ),
    "chamber's bucket": (
        (
            "chamber write app key value\nError: Failed to get secret store: Must set bucket for s3 back"
            "end",
        ),
        "bucket for s3 backend: secrets",
    ),
    "Velero's credentials file": (
        (
            "time=\"2026-03-01T00:00:00Z\" level=error msg=\"Error getting backup store\" error=\"rpc error:"
            " code = Unknown desc = error getting credentials: open /credentials/cloud: no such file or"
            " directory\" controller=backup-storage-location  velero",
        ),
        "open /credentials/other: no such file or directory",
    ),
    "Grafana's list of authentication methods": (
        (
            "logger=tsdb.cloudwatch t=2026-03-01T10:00:00Z level=error msg=\"query failed\" error=\"trying"
            " to use non-allowed auth method ec2_iam_role\"",
        ),
        "allowed auth method: keys",
    ),
    "Grafana's setting for assumed roles": (
        (
            "CloudWatch data source \"prod\": Save & test\ntrying to use assume role but it is disabled in"
            " grafana config",
        ),
        "assume role is enabled in grafana config",
    ),
}  # fmt: skip
