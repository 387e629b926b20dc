"""Rows for systems with permissions of their own: Kubernetes, databases, other clouds and programs."""

from __future__ import annotations

import re

from diagnostics.text.read.forms.system_row import System, made_system
from diagnostics.text.read.service_messages.firehose_kinesis_and_msk import KAFKA_CODES, KAFKA_SIGNALS

KEY_STATE = "the KMS key's state"
VOLUME_KEY = "the KMS key of the volume"
OWN_MODEL, MODEL_ACCESS = "the model's Region and the account of the call", "Bedrock's model access"
KAFKA = "Kafka"
OPENSEARCH_PROVIDER = "the OpenSearch domain"
PASSWORD_LOGIN = "the database's user and password"
_NO_MODEL = r"(?:don't\s+have\s+access\s+to\s+the\s+model\s+with|model\s+access\s+is\s+denied)"
# "Grant IAM permissions to request access to models with a product ID", on the same page, lists these providers.
_NOT_SOLD = r"\b(?:amazon\.(?:nova|titan|rerank)|meta\.llama|mistral\.|deepseek\.|qwen\.|openai\.gpt)"
_GOOGLES = r"(?:Google\s+Cloud|googleapis\.com|iam\.serviceAccounts\.\w+|gserviceaccount\.com|projects/[\w-]+)"
_REFUSED_BY_GOOGLE = r"(?:PERMISSION_DENIED|\b40[139]\b|[Ff]orbidden|does\s+not\s+have|denied|\balreadyExists\b)"
_LACKS_IN_GOOGLE = (
    r"[\w.-]+@[\w.-]+\s+does\s+not\s+have\s+[\w.]+\s+(?:access|permission)\s+(?:to|on)\s+the\s+Google\s+Cloud"
)
_MARKETPLACE = r"\b(?:anthropic|cohere|ai21|stability|writer|luma|twelvelabs)\."
_NO_LOGIN = r"(?:Access\s+denied\s+for\s+user|password\s+authentication\s+failed)"
_IAM_LOGIN = (
    r"(?:rds-db:|generate-?(?:db-)?auth-?token|generate_db_auth_token|AWSAuthenticationPlugin|rds_iam|rds-signer"
    r"|iam_database_authentication|IAMDatabaseAuthentication)"
)
"""Signs that a sign-in uses an IAM token: the action, a library, or the database's plugin or setting."""
TRANSLATED_OBJECTS = r"IAM[^\n]{0,60}Kubernetes\s?(?:オブジェクト|对象|物件)"
"""Words in the translations of the EKS console's sentence about Kubernetes objects."""
PLATFORMS: tuple[System, ...] = (
    # Kubernetes documentation, "Dynamic Admission Control"
    # (https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/).
    made_system(
        "the cluster's admission webhook",
        "Correct what the webhook complains about, or ask the owner of its policy. Neither IAM nor RBAC refused this.",
        r"admission\s+webhook\s+\"[^\"]{1,200}\"\s+denied\s+the\s+request",
        "denied the request",
        unless=r"NoCredential|\bcredentials\b|AccessDenied|not\s+authori[sz]ed",
        subject=r"admission\s+webhook\s+\"[^\"]{1,200}\"\s+denied\s+the\s+request:?\s*([^\n]{3,200})",
        verdict="An admission webhook of the cluster refused the object and says why: “{name}”. No AWS permission is "
        "missing.",
        title="Correct what the webhook refuses",
    ),
    # Kubernetes documentation, "Resource Quotas" and "Pod Security Admission"
    # (https://kubernetes.io/docs/concepts/policy/resource-quotas/,
    # https://kubernetes.io/docs/concepts/security/pod-security-admission/).
    made_system(
        "a rule of the namespace",
        "A quota or the Pod Security level of the namespace refuses the object: change the object, or ask the owner of "
        "the namespace. No role or binding is missing.",
        r"is\s+forbidden:\s+(?:exceeded\s+quota|violates\s+PodSecurity)",
        "is forbidden: exceeded quota",
        "is forbidden: violates podsecurity",
        verdict="The namespace's quota or Pod Security level refuses the object. No permission is missing.",
        title="Change the object, or the namespace's rule",
    ),
    made_system(
        "an object of the cluster that has the name",
        "Look for the object in the cluster: use it (kubectl apply changes it), delete it first, or let the tool adopt "
        "it. IAM is not involved.",
        r"Error\s+from\s+server\s+\(AlreadyExists\)|\b\w+\.k8s\.io\s+\"[^\"]{1,200}\"\s+already\s+exists"
        r"|\b(?:serviceaccounts|rolebindings|clusterroles|clusterrolebindings|namespaces|configmaps|secrets)"
        r"\s+\"[^\"]{1,200}\"\s+already\s+exists",
        "error from server (alreadyexists",
        "already exists",
        verdict="An object of this name already exists in the Kubernetes cluster. It is not an IAM name, so no "
        "permission is missing.",
        title="Use or delete the existing object",
    ),
    made_system(
        "Kubernetes",
        "Check the cluster's roles and bindings (kubectl auth can-i --list), and how the identity is mapped into the "
        "cluster: EKS access entries, or the aws-auth ConfigMap.",
        r"\bUser\s+\"[^\"]{1,200}\"\s+cannot\s+\w+\s+resource|Error\s+from\s+server\s+\(Forbidden\)"
        r"|must\s+be\s+logged\s+in\s+to\s+the\s+server"
        r"|server\s+has\s+asked\s+for\s+the\s+client\s+to\s+provide\s+credentials"
        r"|have\s+access\s+to\s+Kubernetes\s+objects|\"reason\"\s{0,3}:\s{0,3}\"Unauthorized\"|in\s+API\s+group\s+\""
        rf"|{TRANSLATED_OBJECTS}"
        r"|argocd-k8s-auth\s+failed|ARN\s+is\s+not\s+mapped|(?<!API server\" )\berr=\"Unauthorized\"",
        "cannot",
        "error from server (forbidden",
        "must be logged in to the server",
        "asked for the client to provide credentials",
        "access to kubernetes objects",
        *("kubernetes オブジェクト", "kubernetesオブジェクト", "kubernetes 对象", "kubernetes 物件"),
        "in api group",
        "argocd-k8s-auth failed",
        "arn is not mapped",
        'err="unauthorized"',
        '"reason":"unauthorized"',
        unless=r"NoCredentialProviders|no\s+EC2\s+IMDS\s+role\s+found|failed\s+to\s+refresh\s+cached\s+credentials",
    ),
    # Amazon Bedrock User Guide, "Request access to models": access is on by default, and only third-party models are
    # subscribed in AWS Marketplace (https://docs.aws.amazon.com/bedrock/latest/userguide/model-access.html); API
    # Reference, "GetFoundationModelAvailability"
    # (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_GetFoundationModelAvailability.html).
    made_system(
        OWN_MODEL,
        "Run aws bedrock get-foundation-model-availability --model-id MODEL --region REGION with the program's own "
        "credentials, MODEL without us., eu. or global.: its answer tells regionAvailability, authorizationStatus, "
        "entitlementAvailability and agreementAvailability. Compare the account of the credentials or API key with the "
        "intended account. If everything is available, policies of the caller or the organization may restrict the "
        "model. Some Regions offer a model only through an inference profile.",
        rf"{_NO_MODEL}(?=[\s\S]{{0,2000}}{_NOT_SOLD})|{_NOT_SOLD}[\s\S]{{0,2000}}?{_NO_MODEL}",
        "access to the model with",
        "model access is denied",
        flags=re.MULTILINE | re.IGNORECASE,
        unless=_MARKETPLACE,
        verdict="Bedrock says that the account of the call has no access to this model in the Region of the call. "
        "Access is on by default and this model needs no subscription: ask Bedrock what is missing.",
        title="Ask Bedrock what the account lacks for this model: its Region, its agreement or its authorization",
        sure=False,
        regional=True,
    ),
    made_system(
        MODEL_ACCESS,
        "First compare the Region and the model ID that the program really sends (region_name, AWS_REGION, its logs) "
        "with those for which access is granted: both may differ from the console's. A program may also test its key "
        "with a different model. Then check what the first call needs. Models of AWS Marketplace: "
        "aws-marketplace:Subscribe, aws-marketplace:ViewSubscriptions and a payment method. Anthropic's models: the "
        "use-case form. Then wait up to 15 minutes.",
        r"don't\s+have\s+access\s+to\s+the\s+model\s+with|model\s+access\s+is\s+denied"
        r"|do\s+not\s+have\s+access\s+to\s+the\s+model",
        "access to the model with",
        "model access is denied",
        "access to the model",
        verdict="Start with Bedrock's model access, not with IAM's policies: it is decided for the model ID and the "
        "Region of the call.",
    ),
    # Amazon EBS User Guide, "Requirements for Amazon EBS encryption": what the caller needs on the key
    # (https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-requirements.html).
    made_system(
        VOLUME_KEY,
        "Check the key's state (aws kms describe-key) and who may use it. Whoever launches needs kms:CreateGrant, "
        "kms:Decrypt, kms:DescribeKey, kms:GenerateDataKeyWithoutPlaintext and kms:ReEncrypt* on the key, in its "
        "policies and in the key policy. A volume that names no key is encrypted with the account's default key (aws "
        "ec2 get-ebs-default-kms-key-id).",
        r"\bInvalidKM[Ss]Key\.InvalidState|\bvolumes\s+are\s+encrypted\s+with\s+an\s+inaccessible\s+AWS\s+KMS\s+key",
        "invalidkmskey",
        "inaccessible aws kms key",
        verdict="EC2 could not use the KMS key of a volume: whoever launches is not allowed to use the key, or the "
        "key is disabled or pending deletion.",
        title="Let whoever launches use the volume's KMS key, and check the key's state",
        sure=False,
    ),
    # AWS KMS API Reference, "Encrypt", KeyId: a key in another account is named by its key ARN or alias ARN
    # (https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html).
    made_system(
        "the KMS key's name",
        "Compare the account and Region in the message with those of the key (aws kms describe-key --key-id KEY-ARN). "
        "If they differ, name the key in the setting by its full ARN, not by its ID or alias. If they agree, the ID or "
        "alias is mistyped, or was deleted.",
        r"\bKMS\.?NotFoundException|\bInvalidKMSKey\.NotFound|\bKey\s+'[^'\n]{0,30}:kms:[^'\n]{1,200}'\s+does\s+not\s+exist"
        r"|\bAlias\s+arn:[\w-]{1,20}:kms:\S{1,300}\s+is\s+not\s+found",
        "kms.notfound",
        "kmsnotfound",
        "invalidkmskey",
        "does not exist",
        "is not found",
        verdict="KMS has no such key in the account and Region in which it was looked up. An ID or alias without an "
        "ARN is looked up in the caller's own account and Region: a key elsewhere needs its full ARN.",
        title="Compare the account and Region of the key, and name it by its ARN",
    ),
    made_system(
        KEY_STATE,
        "Check the key (aws kms describe-key, KeyState): it is disabled, pending deletion or pending import.",
        r"\bKMS\.?(?:Disabled|KMSInvalidState|InvalidState)Exception|\bK(?:MS|ms)InvalidStateException"
        # AWS CodeCommit API Reference, "GetBlob".
        r"|\bEncryptionKey(?:Disabled|Unavailable)Exception\b"
        r"|arn:[\w-]{1,20}:kms:\S{1,200}\s+is\s+(?:disabled|pending\s+\w+)",
        "kms.",
        "kmsdisabled",
        "encryptionkeydisabled",
        "encryptionkeyunavailable",
        "invalidstate",
        "is disabled",
        "is pending",
        unless=r"KMSInvalidStateException[^\x1e]{0,120}(?:external key store|custom key store|CloudHSM)",
    ),
    made_system(
        "Lake Formation",
        "Check Lake Formation's own permissions on the database, table and location: IAM alone does not grant them.",
        r"Insufficient\s+Lake\s+Formation\s+permission|Required\s+\w+\s+on\s+\w[^\n]{0,200}Lake\s+Formation"
        r"|Relation\s+contains\s+no\s+accessible\s+columns",
        "lake formation",
        "no accessible columns",
    ),
    made_system(
        "Amazon Redshift",
        "Ask the schema's owner or a superuser to grant the database user what it needs: GRANT USAGE ON SCHEMA, and "
        "GRANT SELECT (or INSERT, UPDATE) ON the table. With GetClusterCredentialsWithIAM a role is the user "
        "IAMR:ROLE, a user IAM:USER; with GetClusterCredentials it is the user that the connection names. IAM actions "
        "(redshift, redshift-serverless, redshift-data) do not grant this.",
        r"permission\s+denied\s+for\s+(?:relation|schema)\s[^\n]{0,200}\bredshift"
        r"|redshift[^\n]{0,200}permission\s+denied\s+for\s+(?:relation|schema)",
        "permission denied for",
        flags=re.MULTILINE | re.IGNORECASE,
    ),
    # Amazon RDS User Guide, "IAM database authentication", "Troubleshooting for IAM DB authentication"
    # (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html).
    made_system(
        "the database's sign-in",
        "To sign in with IAM, send a token as the password (aws rds generate-db-auth-token, valid for 15 minutes), "
        "over TLS, as a database user that is created for it (MySQL: AWSAuthenticationPlugin; PostgreSQL: GRANT "
        "rds_iam). rds-db:connect names that user and the DbiResourceId (db-… or cluster-…). To sign in with a "
        "password, correct the password or the user's host.",
        rf"{_IAM_LOGIN}[\s\S]{{0,2000}}?{_NO_LOGIN}|{_NO_LOGIN}[\s\S]{{0,2000}}?{_IAM_LOGIN}",
        "access denied for user",
        "password authentication failed",
        flags=re.IGNORECASE,
        verdict="The database refused the sign-in: the password or token is not valid for this user, the user is not "
        "set up for IAM, or rds-db:connect names a different user or resource ID.",
        title="Check how the program signs in to the database",
        sure=False,
    ),
    # MySQL 8.0 Reference Manual, "Causes of Access-Denied Errors"
    # (https://dev.mysql.com/doc/refman/8.0/en/error-access-denied.html); PostgreSQL documentation, "Authentication
    # Problems" (https://www.postgresql.org/docs/current/client-authentication-problems.html).
    made_system(
        PASSWORD_LOGIN,
        "Compare the user and password that the program sends with the database's: a rotated secret, an old variable "
        "or a cached value is the usual cause. In MySQL a user also belongs to a host: SELECT user, host FROM "
        "mysql.user. IAM policies such as rds:* have no effect here. rds-db:connect matters only if the program signs "
        "in with an IAM token instead of a password.",
        r"Access\s+denied\s+for\s+user\s+['\"`][^\n]{1,120}?\(using\s+password:\s+(?:YES|NO)\)"
        r"|password\s+authentication\s+failed\s+for\s+user|\bORA-01017\b|Login\s+failed\s+for\s+user",
        "using password:",
        "password authentication failed for user",
        "ora-01017",
        "login failed for user",
        flags=re.IGNORECASE,
        verdict="The database itself refused the sign-in: its user, password or host is wrong. No IAM policy decides "
        "this.",
        title="Check the user, password and host of the database's sign-in",
    ),
    made_system(
        "an object of the database that has the name",
        "Look for the object in the database: use it, drop it first, or create only what is missing (IF NOT EXISTS). "
        "It is not an IAM name.",
        r"\bERROR:\s+(?:role|user|group|schema|relation|database|type|extension)\s+\"[^\"]{1,200}\"\s+already\s+exists"
        r"|\bERROR\s+1396\b|Operation\s+CREATE\s+(?:USER|ROLE)\s+failed|'\s?@\s?'[^\n]{1,100}already\s+exists"
        r"|already\s+exists\s+in\s+the\s+current\s+database|(?:Server"
        r"|Database)\s+principal\s+'[^']{1,200}'\s+already\s+exists"
        r"|SQL\s+compilation\s+error:\s+Object[^\n]{1,200}already\s+exists|DuplicateObject|\bORA-01920\b",
        "already exists",
        "error 1396",
        "operation create user failed",
        "operation create role failed",
        "duplicateobject",
        "ora-01920",
        flags=re.MULTILINE | re.IGNORECASE,
        verdict="The database already has an object of this name. A missing permission is not the cause.",
        title="Use or drop the existing object",
    ),
    # Amazon ElastiCache User Guide, "Authentication and Authorization"
    # (https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth.html).
    made_system(
        "the cache's own sign-in",
        "Set user name and password in the client's connection, over TLS; with IAM authentication the password is a "
        "token. With Redis ACLs the user must be in the cache's user group.",
        r"\bNOAUTH\s+Authentication",
        "noauth authentication",
        verdict="The cache requires a sign-in, but the client sent none: configure the client to send AUTH with a user "
        "and its password or IAM token. No IAM policy is checked before that.",
        title="Let the client sign in to the cache",
    ),
    made_system(
        "the database",
        "Check the database's own users and grants, not IAM: \\du and \\dp in PostgreSQL (a table also needs USAGE on "
        "its schema), SHOW GRANTS in MySQL.",
        r"Access\s+denied\s+for\s+user\s+['\"`]|password\s+authentication\s+failed\s+for\s+user"
        r"|permission\s+denied\s+(?:for|to)\s+(?:table|relation|schema|database|sequence|function|view|create|alter|start|use)"
        r"|Login\s+failed\s+for\s+user|ORA-0(?:1017|1031|1921)"
        r"|insufficient\s+privileges\s+to\s+operate|must\s+be\s+superuser|no\s+pg_hba\.conf\s+entry|command\s+denied\s+to\s+user|\bNOPERM\s+this\s+user"
        r"|Not\s+enough\s+privileges"
        r"|User\s+\S+\s+has\s+no\s+\w+\s+permission\s+on|Database\s+access\s+is\s+not\s+allowed\s+for\s+user"
        # SQLSTATE classes 28 (invalid authorization) and 42501 (insufficient privilege); Snowflake's sentence.
        r"|\bSQLSTATE\W{1,3}(?:28\d{3}|42501)\b|SQL\s+compilation\s+error:[\s\S]{0,200}not\s+authorized",
        "access denied for user",
        "password authentication failed for user",
        "permission denied for",
        "permission denied to",
        "login failed for user",
        "ora-0",
        "insufficient privileges to operate",
        "sqlstate",
        "sql compilation error",
        "must be superuser",
        "no pg_hba.conf entry",
        "command denied to user",
        "noperm this user",
        "not enough privileges",
        "permission on",
        "database access is not allowed for user",
        flags=re.MULTILINE | re.IGNORECASE,
        # libpq tries again without TLS after a sign-in that was refused: its first line decides.
        unless=r"\A(?![\s\S]*permission\s+denied\s+for)[\s\S]*?PAM\s+authentication\s+failed\s+for\s+user"
        r"[\s\S]*?no\s+pg_hba",
    ),
    made_system(
        "MongoDB",
        "Check the database's own users and roles (db.getUsers(), db.getRoles()), not IAM.",
        r"not\s+authorized\s+on\s+\S+\s+to\s+execute\s+command"
        r"|\bMongo\w*Error\b[^\n]{0,300}(?:not\s+authori[sz]ed|not\s+allowed\s+to\s+do\s+action|already\s+exists"
        # Amazon DocumentDB Developer Guide, "Database access using Role-Based Access Control"
        # (https://docs.aws.amazon.com/documentdb/latest/developerguide/role_based_access_control.html).
        r"|[Aa]uthorization\s+failure)"
        r"|\b(?:User"
        r"|Role)\s+\"[^\"@\s]{1,100}@[^\"\s]{1,100}\"\s+already\s+exists",
        "not authorized",
        "not authorised",
        "not allowed to do action",
        "authorization failure",
        "already exists",
    ),
    made_system(
        "Keycloak",
        "Check the realm's roles, groups and users in Keycloak's administration console.",
        r"\"errorMessage\"\s*:\s*\"(?:(?:Client\s+)?Role|Group|User)\b[^\"\n]{0,200}?(?:already\s+exists|exists\s+with)"
        r"|\b(?:Keycloak|org\.keycloak)\b[^\n]{0,300}already\s+exists|User\s+exists\s+with\s+same\s+(?:username|email)"
        r"|Top\s+level\s+group\s+named",
        "already exists",
        "exists with",
        "top level group named",
        flags=re.MULTILINE | re.IGNORECASE,
    ),
    made_system(
        "GitHub",
        "Check the permissions of the workflow's token (permissions: in the workflow, and Settings, Actions, General), "
        "or of the app or token that was used.",
        r"Resource\s+not\s+accessible\s+by\s+(?:integration|personal\s+access\s+token)"
        r"|Permission\s+to\s+\S+\s+denied\s+to"
        r"|Must\s+have\s+admin\s+rights\s+to\s+Repository",
        "resource not accessible by integration",
        "resource not accessible by personal access token",
        "denied to",
        "must have admin rights",
    ),
    made_system(
        "SSH or Git",
        "Check the key or token that was offered, and who may use the repository or the host.",
        r"Permission\s+denied,?\s+\((?:publickey|password|keyboard)|fatal:\s+Authentication\s+failed"
        r"|Host\s+key\s+verification\s+failed|Could\s+not\s+read\s+from\s+remote\s+repository",
        "permission denied",
        "fatal: authentication failed",
        "host key verification failed",
        "could not read from remote repository",
    ),
    # Databricks documentation, "Unity Catalog privileges reference"
    # (https://docs.databricks.com/data-governance/unity-catalog/access-control/privileges-reference).
    made_system(
        "Databricks",
        "Check the grants in Unity Catalog (SHOW GRANTS), not IAM.",
        r"PERMISSION_DENIED:\s+(?:User|Principal)\s+does\s+not\s+have|\bINSUFFICIENT_PERMISSIONS\b",
        "permission_denied: user",
        "permission_denied: principal",
        "insufficient_permissions",
        unless=r"(?i:clean ?rooms|ProtectedQuery|ProtectedJob)",
    ),
    # Cloud Storage documentation, "IAM permissions for Cloud Storage"
    # (https://cloud.google.com/storage/docs/access-control/iam-permissions).
    made_system(
        "Google Cloud's IAM",
        "Grant that permission to that account in Google Cloud, on that resource (gcloud storage buckets "
        "add-iam-policy-binding, or the project's bindings), or check the resource's name. No AWS policy decides this.",
        _LACKS_IN_GOOGLE,
        "access to the google cloud",
        "permission to the google cloud",
        "permission on the google cloud",
        "access on the google cloud",
        subject=rf"({_LACKS_IN_GOOGLE}[\w ]{{0,30}})",
        verdict="Google Cloud refused the request, not AWS: {name}.",
        title="Grant the permission in Google Cloud",
    ),
    made_system(
        "Google Cloud",
        "Check the IAM bindings of the Google Cloud project (gcloud projects get-iam-policy), not AWS.",
        r"Permission\s+'[\w.]+'\s+denied\s+on\s+resource|\bgoogleapi:\s+Error\s+4\d\d|GOOGLE_APPLICATION_CREDENTIALS"
        r"|\bgoogle\.(?:auth|api_core)\.exceptions|cloud\.google\.com/docs/authentication"
        rf"|{_GOOGLES}[^\n]{{0,300}}{_REFUSED_BY_GOOGLE}|{_REFUSED_BY_GOOGLE}[^\n]{{0,300}}{_GOOGLES}",
        "denied on resource",
        "googleapi: error",
        "google_application_credentials",
        "google.auth.exceptions",
        "google.api_core.exceptions",
        "cloud.google.com/docs/authentication",
        "permission_denied",
        "google cloud",
        "googleapis.com",
        "iam.serviceaccounts.",
        "gserviceaccount.com",
        "projects/",
        unless=r"\(Service:|amazonaws\.com|\bAWS\s+IAM\s+role\b|\bs3://",
    ),
    # Azure documentation, "Troubleshoot Azure RBAC"
    # (https://learn.microsoft.com/azure/role-based-access-control/troubleshooting).
    made_system(
        "Azure's role assignments",
        "Give that client (its object ID is in the message) an Azure role that contains the action, on the scope that "
        "the message names or above it: az role assignment create --assignee-object-id OBJECT-ID --role ROLE --scope "
        "SCOPE. Check that the subscription is the right one. Then sign in again and retry. AWS has no action for "
        "this.",
        r"does\s+not\s+have\s+authorization\s+to\s+perform\s+action\s+'[\w.]+/[\w./*-]+'",
        "does not have authorization to perform action",
        subject=r"authorization\s+to\s+perform\s+action\s+'([\w.]+/[\w./*-]+)'",
        verdict="Azure refused {name}, not AWS: the client in the message has no Azure role with this action on that "
        "scope. No AWS permission is missing.",
        title="Assign an Azure role that contains the action",
    ),
    made_system(
        "Azure",
        "Check Azure, not AWS: look at the role assignments (az role assignment list). For a federated token "
        "(AADSTS700213), check the federated credential's issuer, subject and audience in Microsoft Entra ID.",
        r"does\s+not\s+have\s+authorization\s+to\s+perform\s+action\s+'Microsoft|\bAuthorizationFailed\b|AADSTS\d+"
        r"|AuthorizationPermissionMismatch|\bRoleAssignmentExists\b|\bRoleDefinitionWithSameNameExists\b"
        r"|[Rr]esource\s+group\b[^\n]{0,120}already\s+exists"
        r"|(?:Microsoft\.[A-Z]\w+/\w+|/subscriptions/[\w-]+/|management\.azure\.com)[^\n]{0,300}"
        r"(?:[Ff]orbidden|\b403\b|denied|[Uu]nauthori[sz]ed|\b401\b|already\s+exists)",
        "does not have authorization to perform action",
        "authorizationfailed",
        "aadsts",
        "authorizationpermissionmismatch",
        "roleassignmentexists",
        "roledefinitionwithsamenameexists",
        "resource group",
        "microsoft.",
        "management.azure.com",
        "/subscriptions/",
    ),
    # Azure DevOps documentation, "Set Git repository permissions"
    # (https://learn.microsoft.com/azure/devops/repos/git/set-git-repository-permissions).
    made_system(
        "Azure DevOps",
        "Check the permissions of the build service or of the person in Azure DevOps (project settings, repositories, "
        "security).",
        r"\bTF4\d{5}\b",
        "tf40",
        "tf41",
    ),
    # HCP Terraform documentation, "Permissions" (https://developer.hashicorp.com/terraform/cloud-docs/users-teams-organizations/permissions).
    made_system(
        "HCP Terraform",
        "AWS is not the cause: check the token, and what its team may do in the workspace (HCP Terraform, Team "
        "Access).",
        r"app\.terraform\.io[\s\S]{0,200}(?:unauthorized|\b40[134]\b)|permission\s+to\s+queue\s+a\s+run"
        r"|Terraform\s+Cloud[^\n]{0,120}unauthorized",
        "app.terraform.io",
        "to queue a run",
        "terraform cloud",
        flags=re.IGNORECASE,
        unless=r"authorized\s+to\s+perform",
    ),
    # Grafana documentation, "Roles and permissions" (https://grafana.com/docs/grafana/latest/administration/roles-and-permissions/).
    made_system(
        "Grafana",
        "Check the role of the user or service account in Grafana (Viewer, Editor, Admin), also on Amazon Managed "
        "Grafana: the workspace's IAM role is only for data sources.",
        r"\baccessErrorId\b|Permissions\s+needed:\s+\w+:",
        "accesserrorid",
        "permissions needed:",
    ),
    # Argo CD documentation, "RBAC Configuration" (https://argo-cd.readthedocs.io/en/stable/operator-manual/rbac/).
    made_system(
        "Argo CD",
        "Check Argo CD's own roles (ConfigMap argocd-rbac-cm, policy.csv) and the project of the application.",
        r"PermissionDenied\s+desc\s+=\s+permission\s+denied:\s+\w+,\s+\w+",
        "permission denied:",
    ),
    # RabbitMQ documentation, "Authentication, Authorisation, Access Control"
    # (https://www.rabbitmq.com/docs/access-control); also Amazon MQ's brokers. A refused login comes before its
    # permissions.
    made_system(
        "the login to RabbitMQ",
        "Compare the user name and password that the program uses with the broker's user. After a change or rotation, "
        "check that the broker's user really got the new password, and restart programs that started with the old "
        "one. No IAM policy counts for this login.",
        r"Login\s+was\s+refused\s+using\s+authentication\s+mechanism\s+(?:AMQ)?PLAIN\b",
        "login was refused using authentication mechanism",
        flags=re.IGNORECASE,
        verdict="RabbitMQ refused the login: most likely the user name or the password is wrong or out of date. No IAM "
        "permission is missing.",
        title="Check the user name and password at the broker",
    ),
    made_system(
        "RabbitMQ",
        "Check the broker's own users and permissions (virtual host, configure, write, read): they are not in IAM, not "
        "even on Amazon MQ.",
        r"\bACCESS_REFUSED\b(?!\s*-\s*Login\s+was\s+refused\s+using\s+authentication\s+mechanism\s+(?:AMQ)?PLAIN\b)",
        "access_refused",
    ),
    # GitLab documentation, "Roles and permissions" (https://docs.gitlab.com/user/permissions/).
    made_system(
        "GitLab",
        "Check the token or deploy key, and the member's role in the project (GitLab, Manage, Members).",
        r"You\s+are\s+not\s+allowed\s+to\s+(?:push|force\s+push|download|upload)"
        r"|remote:\s+HTTP\s+Basic:\s+Access\s+denied",
        "you are not allowed to",
        "remote: http basic",
    ),
    made_system(
        "the container registry",
        "Log in to the registry (docker login), and check in the registry who may pull the image.",
        r"pull\s+access\s+denied\s+for|requested\s+access\s+to\s+the\s+resource\s+is\s+denied",
        "pull access denied for",
        "requested access to the resource is denied",
        unless=r"\.dkr[.-]ecr[\w-]*\.[\w.-]+|public\.ecr\.aws",
    ),
    made_system(
        KAFKA,
        "Check the ACLs of the topic and the group in Kafka. If an MSK cluster uses IAM access control instead, the "
        "client's role lacks a kafka-cluster action on the topic, group, cluster or transactional ID.",
        rf"Not\s+authorized\s+to\s+access\s+(?:topics|group)|{KAFKA_CODES}",
        *KAFKA_SIGNALS,
        unless=r"kafka-cluster:|AWS_MSK_IAM|aws-msk-iam|MSK Connect",
        sure=False,
    ),
    # DuckDB's extension iceberg; AWS Glue Developer Guide, "AWS Glue REST APIs for Apache Iceberg specifications"
    # (https://docs.aws.amazon.com/glue/latest/dg/iceberg-rest-apis.html).
    made_system(
        "Glue's Iceberg endpoint",
        "Allow glue:GetCatalog on the catalog (arn:aws:glue:REGION:ACCOUNT:catalog), and glue:GetDatabase(s), "
        "glue:GetTable(s) on databases and tables. If they are allowed, compare the Region and the credentials of the "
        "secret (FROM duckdb_secrets()) with those that work; with Lake Formation the caller also needs "
        "lakeformation:GetDataAccess.",
        r"Request to '(?:https?://)?glue\.[\w-]+\.amazonaws\.com/iceberg/v1/[^'\n]{0,300}' returned a non-200 status "
        r"code \(Forbidden_403\)",
        "non-200 status code (forbidden_403)",
        sure=False,
        verdict="Glue's Iceberg REST endpoint refused the caller without a reason (403). Unlike Glue's own API, which "
        "other clients use, it also needs glue:GetCatalog: most often that is missing.",
        title="Allow glue:GetCatalog to the caller, and compare the secret's credentials",
    ),
    # The Terraform providers for OpenSearch and Elasticsearch (https://github.com/opensearch-project/
    # terraform-provider-opensearch, and olivere/elastic, errors.go).
    made_system(
        OPENSEARCH_PROVIDER,
        "Check with which identity the provider calls (sign_aws_requests, aws_assume_role_arn, aws_profile, or "
        "username and password). The domain's access policy must allow that identity es:ESHttp*, and with "
        "fine-grained access control it must be mapped to a security role.",
        r"\belastic: Error 403 \(Forbidden\)(?!:)"
        r"|\bHTTP 403 Forbidden: Permission denied\. Please ensure that the correct credentials are being used to "
        r"access the cluster",
        "elastic: error 403",
        "http 403 forbidden: permission denied",
        sure=False,
        verdict="The OpenSearch domain refused the provider's request, without a reason: look at the identity with "
        "which the provider calls the domain, and at the security roles to which it is mapped.",
        title="Compare the provider's identity with the domain's access policy and role mappings",
    ),
    made_system(
        "OpenSearch",
        "Check the role mapping of the domain's fine-grained access control (OpenSearch Dashboards, Security).",
        r"no\s+permissions\s+for\s+\[[\w:/*, \[\]-]+\]\s+and\s+User|security_exception\b[^\n]{0,300}no\s+permissions",
        "no permissions",
        verdict="OpenSearch's fine-grained access control refused the request, not IAM: no security role that is "
        "mapped to the caller has this permission.",
        title="Map the caller to a security role of the domain that has the permission",
    ),
)
