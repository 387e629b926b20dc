"""Other systems whose denials and name conflicts read like IAM's: how to recognize each, and where to look.

A system may be recognized only by words that IAM does not use.
"""

from __future__ import annotations

import re

from diagnostics.text.read.forms.no_refusal import NO_REFUSALS
from diagnostics.text.read.forms.system import System, made_system
from iam.lazy_pattern import regex

# Hosts of AWS, as programs name the one that they called.
MISSING_OBJECT = "the object and its key"
_HOST = (
    r"(?:https?://|CONNECT |Connect to |Connection to |tunnel to |lookup |host(?:name)?[:=' ]+[\"']?|getaddrinfo \w+ "
    r"|UnknownHostException: )"
)
_HOST += r"([\w.-]{1,120}\.(?:amazonaws\.com(?:\.cn)?|api\.aws|on\.aws))"


# A text without a host of AWS's, or without any sign of AWS: another server was called.
_NO_HOST_OF_AWS = r"\A(?![\s\S]*(?:amazonaws\.com|api\.aws\b|\.on\.aws\b))"
_NO_SIGN_OF_AWS = r"\A(?![\s\S]*(?:amazonaws\.com|api\.aws\b|\.on\.aws\b|\bboto|\bawscli\b|\baws [a-z]|\bAWS\b|awssdk))"
_UNTRUSTED = (
    r"CERTIFICATE_VERIFY_FAILED|SSL\s+validation\s+failed|certificate\s+verify\s+failed"
    r"|x509:\s+certificate\s+signed\s+by\s+unknown"
    r"|unable\s+to\s+get\s+local\s+issuer\s+certificate|self[- ]signed\s+certificate\s+in\s+certificate\s+chain"
    r"|PKIX\s+path\s+building\s+failed|tls:\s+failed\s+to\s+verify|SSLHandshakeException"
    r"|SSL:\s+WRONG_VERSION_NUMBER"
)
_UNTRUSTED_SIGNALS = (
    *("certificate_verify_failed", "ssl validation failed", "certificate verify failed"),
    *("certificate signed by unknown", "unable to get local issuer certificate"),
    *("signed certificate in certificate chain", "pkix path building failed", "tls: failed to verify"),
    *("sslhandshakeexception", "ssl: wrong_version_number"),
)
_UNRESOLVED = (
    r"no\s+such\s+host|UnknownHostException|getaddrinfo\s+E\w+|Could\s+not\s+resolve\s+host"
    r"|Name\s+or\s+service\s+not\s+known|Temporary\s+failure\s+in\s+name\s+resolution|nodename\s+nor\s+servname"
)
_UNRESOLVED_SIGNALS = (
    *("no such host", "unknownhostexception", "getaddrinfo", "could not resolve host"),
    *("name or service not known", "failure in name resolution", "nodename nor servname"),
)
VOLUME_KEY = "the KMS key of the volume"
OTHER_RESOURCE = "a resource of another service"
OWN_MODEL, MODEL_ACCESS = "the model's Region and the account of the call", "Bedrock's model access"
KAFKA = "Kafka"
_NO_MODEL = r"(?:don't\s+have\s+access\s+to\s+the\s+model\s+with|model\s+access\s+is\s+denied)"
# "Grant IAM permissions to request access to models with a product ID", on the same page, lists these providers.
_NOT_SOLD = r"\b(?:amazon\.(?:nova|titan|rerank)|meta\.llama|mistral\.|deepseek\.|qwen\.|openai\.gpt)"
_GOOGLES = r"(?:Google\s+Cloud|googleapis\.com|iam\.serviceAccounts\.\w+|gserviceaccount\.com|projects/[\w-]+)"
_REFUSED_BY_GOOGLE = r"(?:PERMISSION_DENIED|\b40[139]\b|[Ff]orbidden|does\s+not\s+have|denied|\balreadyExists\b)"
_LACKS_IN_GOOGLE = (
    r"[\w.-]+@[\w.-]+\s+does\s+not\s+have\s+[\w.]+\s+(?:access|permission)\s+(?:to|on)\s+the\s+Google\s+Cloud"
)
_MARKETPLACE = r"\b(?:anthropic|cohere|ai21|stability|writer|luma|twelvelabs)\."
NETWORK, GATEWAY_ENDPOINT = "the network", "the way to the gateway endpoint"
_GATEWAY = (
    r"(?:\bgateway[- ](?:vpc )?endpoints?\b|\(gateway\)|\bgateway\b[^\n]{0,20}\b(?:s3|dynamodb)\b|\bs3 gateway\b)"
)
_UNREACHED_STORE = (
    r"(?:(?:[Cc]onnect\s+timeout\s+on|[Cc]ould\s+not\s+connect\s+to\s+the)\s+endpoint\s+URL:\s+\"?https?://[\w.-]*"
    r"(?:s3|dynamodb)[\w.-]*\.amazonaws\.com"
    r"|https?://[\w.-]*(?:s3|dynamodb)[\w.-]*\.amazonaws\.com[^\n]{0,300}dial\s+tcp[^\n]{0,100}(?:timeout|refused)"
    r"|dial\s+tcp[^\n]{0,100}(?:timeout|refused)[^\n]{0,100}https?://[\w.-]*(?:s3|dynamodb)[\w.-]*\.amazonaws\.com)"
)
SYSTEMS: tuple[System, ...] = (
    *NO_REFUSALS,
    made_system(
        "a proxy on the way",
        "The proxy refused, and AWS was not reached: let it pass {name}, add the host to NO_PROXY, or use a VPC "
        "endpoint. No AWS permission is missing.",
        r"CONNECT\s+tunnel\s+failed,\s+response\s+\d+|X-Squid-Error|HTTP\s+code\s+\d+\s+from\s+proxy\s+after\s+CONNECT"
        r"|Tunnel\s+connection\s+failed:\s+\d+|Failed\s+to\s+connect\s+to\s+proxy\s+URL|Cannot\s+connect\s+to\s+proxy"
        r"|ProxyConnectionError|\bproxyconnect\s+tcp\b|Proxy\s+Authentication\s+Required|\bERR_(?:ACCESS_DENIED"
        r"|CONNECT_FAIL)\b"
        r"|\b(?:Zscaler|Forcepoint|Websense|Blue\s?Coat|Netskope|FortiGuard|McAfee\s+Web\s+Gateway"
        r"|Cisco\s+Umbrella)\b[\s\S]{0,400}?"
        r"\b(?:block|den[iy]|restrict|forbidden|not\s+allowed|violat)\w*"
        r"|\b(?:block|den[iy]|restrict)\w*[\s\S]{0,200}?\b(?:Zscaler|Forcepoint|Websense|Blue\s?Coat|Netskope"
        r"|FortiGuard)\b",
        "connect tunnel failed",
        "x-squid-error",
        "from proxy after connect",
        "tunnel connection failed",
        "to proxy url",
        "connect to proxy",
        "proxyconnect",
        "proxy authentication required",
        "err_access_denied",
        "err_connect_fail",
        "zscaler",
        "forcepoint",
        "websense",
        "coat",
        "netskope",
        "fortiguard",
        "mcafee web gateway",
        "cisco umbrella",
        flags=re.MULTILINE | re.IGNORECASE,
        unless=r"is\s+not\s+authorized\s+to\s+perform|when\s+calling\s+the|\b(?:nothing|not|n't)\b[^\n]{0,20}\bblock",
        subject=_HOST,
        verdict="A proxy blocked the connection to {name}: AWS was not reached, and no permission was checked.",
    ),
    # Amazon RDS User Guide, "Using SSL/TLS to encrypt a connection to a DB instance or cluster"
    # (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html).
    made_system(
        "the database's certificate",
        "Give the client the certificate bundle of Amazon RDS (global-bundle.pem, sslrootcert in PostgreSQL). No "
        "permission is missing.",
        rf"(?:{_UNTRUSTED})(?=[\s\S]{{0,600}}\.rds\.amazonaws\.com)|\.rds\.amazonaws\.com[\s\S]{{0,600}}?(?:{_UNTRUSTED})",
        *_UNTRUSTED_SIGNALS,
        flags=re.MULTILINE | re.IGNORECASE,
        verdict="The database client does not trust the certificate of the database: no permission was checked.",
        title="Let the client trust the certificates of Amazon RDS",
    ),
    made_system(
        "the TLS connection",
        "The program does not trust the certificate it received, often from a proxy that inspects TLS. Give the "
        "program the proxy's CA (AWS_CA_BUNDLE, ca_bundle), or exempt the host from inspection. AWS got no request.",
        _UNTRUSTED,
        *_UNTRUSTED_SIGNALS,
        flags=re.MULTILINE | re.IGNORECASE,
        unless=rf"is\s+not\s+authorized\s+to\s+perform|AssumeRoleWith|{_NO_SIGN_OF_AWS}",
        subject=_HOST,
        verdict="The TLS connection to {name} was not trusted: AWS got no request, and no permission was checked.",
    ),
    made_system(
        "the certificate of the server",
        "The program does not trust the certificate of the server that it called: give it the CA that issued it, or "
        "correct the server's certificate. No AWS permission is missing.",
        _UNTRUSTED,
        *_UNTRUSTED_SIGNALS,
        flags=re.MULTILINE | re.IGNORECASE,
        unless=r"is\s+not\s+authorized\s+to\s+perform|AssumeRoleWith",
    ),
    made_system(
        "name resolution",
        "The host name could not be resolved: check the spelling of the Region and the endpoint, the resolver, and the "
        "private DNS of VPC endpoints. No policy was evaluated.",
        _UNRESOLVED,
        *_UNRESOLVED_SIGNALS,
        flags=re.MULTILINE | re.IGNORECASE,
        unless=rf"AccessDenied|not\s+authori[sz]ed|StatusCode:\s*4|{_NO_HOST_OF_AWS}",
        subject=_HOST,
        verdict="The name {name} could not be resolved: AWS was not reached, and no permission was checked.",
    ),
    made_system(
        "the name of the server",
        "The name of the server could not be resolved: check its spelling, and the resolver where the program runs. No "
        "permission is missing for that.",
        _UNRESOLVED,
        *_UNRESOLVED_SIGNALS,
        flags=re.MULTILINE | re.IGNORECASE,
        unless=r"AccessDenied|not\s+authori[sz]ed|StatusCode:\s*4",
        subject=r"\blookup ([\w.-]*\w)(?: on \S+)?: no such host"
        r"|\b(?:ENOTFOUND|EAI_AGAIN|Could not resolve host:|UnknownHostException:) ([\w.-]*\w)",
        verdict="The name {name} could not be resolved: the server was not reached, and no permission was checked.",
    ),
    # Kubernetes documentation, "Dynamic Admission Control"
    # (https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/).
    made_system(
        "the cluster's admission webhook",
        "Correct what the webhook says, or ask the owner of its policy. Neither IAM nor RBAC refused this.",
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
        verdict="An object of this name exists in the Kubernetes cluster already. It is not an IAM name, so no "
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
        r"|argocd-k8s-auth\s+failed|ARN\s+is\s+not\s+mapped|(?<!API server\" )\berr=\"Unauthorized\"",
        "cannot",
        "error from server (forbidden",
        "must be logged in to the server",
        "asked for the client to provide credentials",
        "access to kubernetes objects",
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
        "one that you mean. Where all are available, policies of the caller or the organization may restrict the "
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
    ),
    made_system(
        MODEL_ACCESS,
        "See first which model the call names: each model counts by itself, and a program may try its key with another "
        "one than yours. Then check what the first call of a model needs: AWS Marketplace permissions of the caller "
        "(aws-marketplace:Subscribe, aws-marketplace:ViewSubscriptions), a payment method, and Anthropic's use-case "
        "form. Then wait up to 15 minutes.",
        r"don't\s+have\s+access\s+to\s+the\s+model\s+with|model\s+access\s+is\s+denied"
        r"|do\s+not\s+have\s+access\s+to\s+the\s+model",
        "access to the model with",
        "model access is denied",
        "access to the model",
    ),
    # Amazon EBS User Guide, "Requirements for Amazon EBS encryption": what the caller needs on the key
    # (https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-requirements.html).
    made_system(
        VOLUME_KEY,
        "Check the key's state (aws kms describe-key) and who may use it. Whoever launches needs kms:CreateGrant, "
        "kms:Decrypt, kms:DescribeKey, kms:GenerateDataKeyWithoutPlaintext and kms:ReEncrypt* on the key, in its "
        "policies and in the key policy. A volume that names no key is encrypted with the account's default key (aws "
        "ec2 get-ebs-default-kms-key-id).",
        r"\bInvalidKM[Ss]Key\.InvalidState",
        "invalidkmskey",
        verdict="EC2 could not use the KMS key of a volume: whoever launches may not use the key, or the key is "
        "disabled or pending deletion.",
        title="Let whoever launches use the volume's KMS key, and check the key's state",
        sure=False,
    ),
    made_system(
        "the KMS key's state",
        "Check the key (aws kms describe-key, KeyState): it is disabled, pending deletion or pending import, or does "
        "not exist under this ID or alias in this Region.",
        r"\bKMS\.?(?:Disabled|NotFound|KMSInvalidState|InvalidState)Exception|\bKMSInvalidStateException"
        r"|\bInvalidKMSKey\.NotFound|arn:[\w-]{1,20}:kms:\S{1,200}\s+is\s+(?:disabled|pending\s+\w+)"
        r"|\bKey\s+'[^'\n]{0,30}:kms:[^'\n]{1,200}'\s+does\s+not\s+exist"
        r"|\bAlias\s+arn:[\w-]{1,20}:kms:\S{1,300}\s+is\s+not\s+found",
        "kms.",
        "kmsdisabled",
        "kmsnotfound",
        "invalidstate",
        "invalidkmskey",
        "is disabled",
        "is pending",
        "does not exist",
        "is not found",
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
        "Let the schema's owner or a superuser grant the database user what it needs: GRANT USAGE ON SCHEMA, and GRANT "
        "SELECT (or INSERT, UPDATE) ON the table. With GetClusterCredentialsWithIAM a role is the user IAMR:ROLE, a "
        "user IAM:USER; with GetClusterCredentials it is the user that the connection names. IAM's actions (redshift, "
        "redshift-serverless, redshift-data) do not grant it.",
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
        r"(?:rds-db:|generate-db-auth-token|AWSAuthenticationPlugin"
        r"|rds_iam)[\s\S]{0,2000}?(?:Access\s+denied\s+for\s+user"
        r"|password\s+authentication\s+failed)|(?:Access\s+denied\s+for\s+user|password\s+authentication\s+failed)"
        r"[\s\S]{0,2000}?(?:rds-db:|generate-db-auth-token|AWSAuthenticationPlugin|rds_iam)",
        "access denied for user",
        "password authentication failed",
        flags=re.IGNORECASE,
        verdict="The database refused the sign-in: the password or token is not valid for this user, or the user is "
        "not set up for IAM. No call to AWS was denied.",
        title="Check how the program signs in to the database",
        sure=False,
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
        verdict="The database has an object of this name already: no permission is missing for that.",
        title="Use or drop the existing object",
    ),
    made_system(
        "the database",
        "Check the database's own users and grants, not IAM: \\du and \\dp in PostgreSQL (a table also needs USAGE on "
        "its schema), SHOW GRANTS in MySQL.",
        r"Access\s+denied\s+for\s+user\s+['\"`]|password\s+authentication\s+failed\s+for\s+user"
        r"|permission\s+denied\s+(?:for|to)\s+(?:table|relation|schema|database|sequence|function|view|create|alter)"
        r"|Login\s+failed\s+for\s+user|ORA-0(?:1017|1031|1921)"
        r"|insufficient\s+privileges\s+to\s+operate|must\s+be\s+superuser|no\s+pg_hba\.conf\s+entry|command\s+denied\s+to\s+user|\bNOPERM\s+this\s+user"
        r"|\bNOAUTH\s+Authentication|Not\s+enough\s+privileges"
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
        "noauth authentication",
        "not enough privileges",
        "permission on",
        "database access is not allowed for user",
        flags=re.MULTILINE | re.IGNORECASE,
    ),
    made_system(
        "MongoDB",
        "Check the database's own users and roles (db.getUsers(), db.getRoles()), not IAM.",
        r"not\s+authorized\s+on\s+\S+\s+to\s+execute\s+command"
        r"|\bMongo\w*Error\b[^\n]{0,300}(?:not\s+authori[sz]ed|not\s+allowed\s+to\s+do\s+action|already\s+exists)"
        r"|\b(?:User"
        r"|Role)\s+\"[^\"@\s]{1,100}@[^\"\s]{1,100}\"\s+already\s+exists",
        "not authorized",
        "not authorised",
        "not allowed to do action",
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
    ),
    # Cloud Storage documentation, "IAM permissions for Cloud Storage"
    # (https://cloud.google.com/storage/docs/access-control/iam-permissions).
    made_system(
        "Google Cloud's IAM",
        "Grant that permission to that account in Google Cloud, on that resource (gcloud storage buckets "
        "add-iam-policy-binding, or the project's bindings), or check the resource's name. No policy of AWS decides.",
        _LACKS_IN_GOOGLE,
        "access to the google cloud",
        "permission to the google cloud",
        "permission on the google cloud",
        "access on the google cloud",
        subject=rf"({_LACKS_IN_GOOGLE}[\w ]{{0,30}})",
        verdict="Google Cloud refused, not AWS: {name}.",
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
        "SCOPE. Check that the subscription is the right one. Then sign in again and retry. AWS has no action for it.",
        r"does\s+not\s+have\s+authorization\s+to\s+perform\s+action\s+'[\w.]+/[\w./*-]+'",
        "does not have authorization to perform action",
        subject=r"authorization\s+to\s+perform\s+action\s+'([\w.]+/[\w./*-]+)'",
        verdict="Azure refused {name}, not AWS: the client in the message has no Azure role with this action on that "
        "scope. No AWS permission is missing.",
        title="Assign an Azure role that contains the action",
    ),
    made_system(
        "Azure",
        "Check the role assignments in Azure (az role assignment list) or, of a federated token (AADSTS700213), the "
        "federated credential's issuer, subject and audience in Microsoft Entra ID, not AWS.",
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
    # RabbitMQ documentation, "Access Control" (https://www.rabbitmq.com/docs/access-control); also Amazon MQ's brokers.
    made_system(
        "RabbitMQ",
        "Check the broker's own users and permissions (virtual host, configure, write, read): they are not in IAM, not "
        "even on Amazon MQ.",
        r"\bACCESS_REFUSED\b",
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
        "Log in to the registry (docker login), and check who may pull the image there.",
        r"pull\s+access\s+denied\s+for|requested\s+access\s+to\s+the\s+resource\s+is\s+denied",
        "pull access denied for",
        "requested access to the resource is denied",
        unless=r"\.dkr[.-]ecr[\w-]*\.[\w.-]+|public\.ecr\.aws",
    ),
    made_system(
        KAFKA,
        "Check the ACLs of the topic and the group in Kafka. If an MSK cluster uses IAM access control instead, the "
        "client's role lacks a kafka-cluster action on the topic or group.",
        r"Not\s+authorized\s+to\s+access\s+(?:topics|group)|(?:Topic|Group|Cluster)AuthorizationException",
        "not authorized to access topics",
        "not authorized to access group",
        "topicauthorization",
        "groupauthorization",
        "clusterauthorization",
        unless=r"kafka-cluster:|AWS_MSK_IAM|aws-msk-iam|MSK Connect",
        sure=False,
    ),
    made_system(
        "OpenSearch",
        "Check the role mapping of the domain's fine-grained access control (OpenSearch Dashboards, Security).",
        r"no\s+permissions\s+for\s+\[[\w:/*, \[\]-]+\]\s+and\s+User|security_exception\b[^\n]{0,300}no\s+permissions",
        "no permissions",
    ),
    # Amazon CloudFront Developer Guide, "HTTP 403 status code (Permission Denied)"
    # (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/http-403-permission-denied.html).
    made_system(
        "CloudFront",
        "CloudFront's page says which rule it was: the rules of AWS WAF or a geographic restriction (Request blocked), "
        "an HTTP method or a host name that the distribution does not have. The request did not reach IAM.",
        r"The\s+request\s+could\s+not\s+be\s+satisfied",
        "request could not be satisfied",
    ),
    made_system(
        "Vault's AWS auth method",
        "Check the roles of Vault's AWS auth method (vault read auth/aws/role/NAME): the role's name and its "
        "bound_iam_principal_arn. No AWS policy decides it.",
        r"entry\s+for\s+role\s+\S+\s+not\s+found|IAM\s+Principal\s+\S+\s+does\s+not\s+belong\s+to\s+the\s+role"
        r"|missing\s+header\s+\"?X-Vault-AWS-IAM-Server-ID",
        "entry for role",
        "belong to the role",
        "missing header",
        flags=re.MULTILINE | re.IGNORECASE,
    ),
    made_system(
        "Vault",
        "See what the token may do there: vault token capabilities PATH. Let Vault's administrator add the path to a "
        "policy of the token (read for GET, update for PUT and POST). Or the token has expired, or is of another "
        "namespace. No IAM policy is the cause.",
        r"Error\s+making\s+API\s+request[^\x1e]{0,400}/v1/[^\x1e]{0,400}"
        r"permission\s+denied|preflight\s+capability\s+check\s+returned\s+403"
        r"|\bvault\s+(?:kv|read|write|login|token|secrets|policy|auth)\b[^\n]{0,200}permission\s+denied"
        r"|\bvault[^\n]{0,100}/v1/[^\n]{0,200}permission\s+denied|\bCode:\s*403\.\s*Errors:\s*\*?\s*(?:1\s+error\s+occurred:"
        r"\s*\*?\s*)?permission\s+denied",
        "permission denied",
        "preflight capability check",
        flags=re.MULTILINE | re.IGNORECASE,
        subject=r"/v1/([\w./@-]*\w)",
        verdict="HashiCorp Vault refused it before AWS was asked: the policies of the Vault token do not allow {name}.",
    ),
    # Elastic Load Balancing User Guide, "Troubleshoot your Application Load Balancers", HTTP 403
    # (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html).
    made_system(
        "the load balancer",
        "Look at the sampled requests of the load balancer's web ACL (AWS WAF), and at the fixed responses of its "
        "listener rules. IAM is not involved in this answer.",
        r"\b403\b[\s\S]{0,300}?\bserver:\s*awselb/|\bserver:\s*awselb/[\s\S]{0,300}?\b403\b",
        "awselb/",
        flags=re.IGNORECASE,
        verdict="The load balancer itself answered 403: AWS WAF or a listener rule refused the request. No permission "
        "is missing.",
        title="Look at the web ACL and the listener rules",
    ),
    made_system(
        "the operating system",
        "Check the owner and the mode of the file, and the user that the program runs as.",
        r"EACCES|EPERM|avc:\s+denied|Errno\s+13\]|\(13:\s+Permission\s+denied\)|Operation\s+not\s+permitted|:\s+[Pp]ermission\s+denied\s*$"
        r"|[Pp]ermission\s+denied:\s+'|[Pp]ermission\s+denied$|Access\s+to\s+the\s+path\s+['\"].{1,300}\s+is\s+denied"
        r"|[A-Z]:\\\S{0,300}[^\n]{0,80}Access\s+is\s+denied|error\s+5:?\s+Access\s+is\s+denied|java\.nio\.file\.AccessDeniedException:\s+/|permission\s+denied\s+while\s+trying\s+to\s+connect|not\s+in\s+the\s+sudoers\s+file"
        r"|NT_STATUS_ACCESS_DENIED"
        r"|\b(?:useradd|groupadd|adduser|addgroup):[^\n]{0,200}\balready\s+exists",
        "eacces",
        "avc:",
        "eperm",
        "errno 13",
        "operation not permitted",
        "permission denied",
        "is denied",
        "already exists",
        "not in the sudoers file",
        "nt_status_access_denied",
        "java.nio.file.accessdenied",
        unless=r"error\s+occurred\s+\(\w*Denied\w*\)\s+when\s+calling|Code:\s*403\.\s*Errors:|\bsftp>|\bremote\s+open\(",
    ),
    # Spring Security reference, "Handling exceptions": AccessDeniedException is the application's own
    # (https://docs.spring.io/spring-security/reference/servlet/architecture.html).
    made_system(
        "the application's own rules",
        "Check the roles and authorities that the application gives its user, and the rule of the path or method.",
        r"org\.springframework\.security\.\S*AccessDeniedException",
        "org.springframework.security",
        verdict="The application itself refused its user (Spring Security): no call to AWS was denied.",
        title="Check the application's own roles and rules",
    ),
    # AWS CloudFormation User Guide, "Outputs": names of exports are unique in an account and Region.
    made_system(
        "an export of another CloudFormation stack",
        "Change the export's name in one of the stacks: in an account and Region it can exist once (aws cloudformation "
        "list-exports shows which stack has it). No permission is missing for that.",
        r"Export\s+with\s+name\s+\S+\s+is\s+already\s+exported\s+by\s+stack",
        "is already exported by stack",
        subject=r"Export\s+with\s+name\s+(\S+)\s+is\s+already",
        verdict="Another CloudFormation stack exports the name {name} already: the stack cannot export it again.",
    ),
    # Amazon SES Developer Guide, "Verified identities", "Request production access".
    made_system(
        "Amazon SES's verified identities",
        "Verify the address or domain in SES, in the Region of the call; in the sandbox the recipients too. Or ask for "
        "production access. No permission is missing for that.",
        r"Email\s+address\s+is\s+not\s+verified",
        "email address is not verified",
    ),
    # Amazon RDS User Guide, "Troubleshooting for RDS Proxy"
    # (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.troubleshooting.html).
    made_system(
        "the proxy's list of secrets",
        "Add a Secrets Manager secret with this database user's name and password to the proxy's authentication "
        "settings, and let the proxy's own role read it. What connects needs no permission on the secret.",
        r"This\s+RDS\s+proxy\s+has\s+no\s+credentials\s+for\s+the\s+role",
        "rds proxy has no credentials for the role",
        verdict="RDS Proxy knows no secret for this database user: role is the name of the user here, and not an IAM "
        "role.",
        title="Give the proxy a secret for this database user",
    ),
    # AWS IAM Identity Center User Guide, "Assign user or group access to AWS accounts"
    # (https://docs.aws.amazon.com/singlesignon/latest/userguide/assignusers.html).
    made_system(
        "the assignments of IAM Identity Center",
        "Let an administrator of IAM Identity Center assign a permission set to this user, or to one of their groups, "
        "in the account. Check that the sign-in was as the right user and at the right start URL.",
        r"[Tt]here\s+are\s+no\s+AWS\s+accounts\s+available\s+to\s+you",
        "no aws accounts available to you",
        verdict="The sign-in worked, but IAM Identity Center has no account assigned to this user. No IAM policy "
        "decides that.",
        title="Assign a permission set in the account to this user",
    ),
    # Amazon S3 User Guide, "Using cross-origin resource sharing (CORS)", troubleshooting
    # (https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors-troubleshooting.html).
    made_system(
        "the server's CORS configuration",
        "Look at the status of the same request in the browser's tools. If it is 200, let the server's CORS "
        "configuration allow the page's origin, method and headers (S3: aws s3api put-bucket-cors). An error such as "
        "403 has no CORS header either: then solve that first.",
        r"has\s+been\s+blocked\s+by\s+CORS\s+policy\b",
        "blocked by cors policy",
        verdict="The browser withheld the answer, because it has no CORS header that allows the page's origin: CORS "
        "grants nothing, and no IAM policy sets it.",
        title="Let the server allow the page's origin",
        unless=r"not authorized|Access ?Denied|\b403\b",
        sure=False,
    ),
    # Amazon S3 API Reference, "POST policy": the form that the server signed
    # (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html).
    made_system(
        "the signed policy of the upload form",
        "Let the server sign a POST policy with conditions that the form's fields meet (key, Content-Type, "
        "content-length-range, acl), and let the browser send exactly these fields. No IAM permission is missing for "
        "that.",
        r"Invalid\s+according\s+to\s+Policy\b",
        "invalid according to policy",
        verdict="S3 compared the upload form with the POST policy that the server signed for it, and a field does not "
        "fit. IAM's and the bucket's policies are not meant.",
        title="Make the form's fields and its signed policy agree",
    ),
    # Amazon CloudFront Developer Guide, "Requirements for using SSL/TLS certificates with CloudFront"
    # (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html).
    made_system(
        "the certificate of the distribution",
        "Request or import the certificate in ACM in us-east-1, in the distribution's account, and wait until it is "
        "issued. It must cover every alternate domain name. No permission is missing for that.",
        r"InvalidViewerCertificate\b",
        "invalidviewercertificate",
        verdict="CloudFront does not take this certificate: it uses only valid ones of ACM in us-east-1, wherever the "
        "other resources are.",
        title="Give the distribution a certificate of us-east-1",
    ),
    # AWS CodeBuild User Guide, "Troubleshooting AWS CodeBuild".
    made_system(
        "CodeBuild's credentials of the source provider",
        "Connect the project to the source provider again (aws codebuild list-source-credentials), and check that this "
        "account of the provider sees the repository. If the source is CodeCommit or a connection, also check what the "
        "project's service role may do (codecommit:GitPull, codeconnections:UseConnection).",
        r"authorization\s+failed\s+for\s+primary\s+source",
        "authorization failed for primary source",
        unless=r"codecommit|code(?:star-)?connections",
        sure=False,
    ),
    # Amazon S3 API Reference, "Error responses": NoSuchBucket
    # (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html).
    made_system(
        "the bucket's name",
        "Compare the name with aws s3 ls, or create the bucket. A bucket's name is the same in every account and "
        "Region. No permission is missing for that.",
        r"\(NoSuchBucket\)\s+when\s+calling",
        "nosuchbucket",
        subject=r"(?:s3://|--bucket[ =][\"']?)([a-z0-9][a-z0-9.-]{2,62})",
        unless=r"is\s+not\s+authorized\s+to\s+perform",
        verdict="There is no bucket {name}: it is misspelt, or not created. No permission is missing for that.",
        title="Correct the bucket's name, or create the bucket",
    ),
    # Amazon S3 API Reference, "GetObject": NoSuchKey, which only a caller that may list the bucket gets
    # (https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html).
    made_system(
        "the object's key",
        "List the bucket (aws s3 ls s3://BUCKET/PREFIX/) and compare the key letter by letter, or look at the program "
        "that should have written the object. No permission is missing for that.",
        r"\(NoSuchKey\)\s+when\s+calling",
        "nosuchkey",
        verdict="The bucket has no object with this key, so the read fails. No permission is missing.",
        title="Compare the key with the objects of the bucket",
    ),
    # Amazon S3 API Reference, "HeadObject": 404 for a missing object only to a caller that may list the bucket
    # (https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html).
    made_system(
        MISSING_OBJECT,
        "List the bucket (aws s3 ls s3://BUCKET/PREFIX/) and compare the key letter by letter, or look at the program "
        "that should have written the object. No permission is missing for that.",
        r"^fatal error: An error occurred \(404\)\s+when\s+calling\s+the\s+HeadObject\s+operation",
        "when calling the headobject",
        subject=r"operation: Key \"([^\"\s]{1,300})\" does not exist",
        unless=r"is\s+not\s+authorized\s+to\s+perform|AccessDenied",
        verdict="There is no object {name} in the bucket: S3 answers 404 only for a missing object, to a caller that "
        "may list the bucket. No permission is missing.",
        title="Compare the key with the objects of the bucket",
    ),
    # AWS Secrets Manager User Guide, "Access AWS Secrets Manager secrets from a different account": the managed key
    # aws/secretsmanager cannot be used from another account
    # (https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples_cross.html).
    made_system(
        "the secret's KMS key",
        "In the secret's account: update-secret --kms-key-id KEY, then put the value again. The key's policy and the "
        "caller's own policies must both allow kms:Decrypt on that key. aws/secretsmanager's policy cannot be changed.",
        r"access\s+a\s+secret\s+from\s+a\s+different\s+AWS\s+account\s+if\s+you\s+encrypt\s+the\s+secret\s+with\s+the\s+default",
        "a secret from a different aws account",
        verdict="The secret is encrypted with the AWS managed key aws/secretsmanager, which no other account can use: "
        "encrypt it with a customer managed key.",
        title="Encrypt the secret with a customer managed key that the caller may use",
    ),
    # Names that the called account and Region do not have: each service's API reference, errors.
    made_system(
        "the name, the Region and the account of the call",
        "Nothing has this name in the account and Region that the call reached: compare name, Region and account (aws "
        "sts get-caller-identity, --region). No permission is missing for that.",
        r"\((?:ParameterNotFound|NoSuchBucket|QueueDoesNotExist|AWS\.SimpleQueueService\.NonExistentQueue"
        r"|ClusterNotFoundException|DBInstanceNotFound|TopicNotFound)\)\s+when\s+calling",
        "parameternotfound",
        "nosuchbucket",
        "queuedoesnotexist",
        "nonexistentqueue",
        "clusternotfoundexception",
        "dbinstancenotfound",
        "topicnotfound",
        # SQS says so of both: "does not exist or you do not have access to it".
        unless=r"is\s+not\s+authorized\s+to\s+perform|not\s+have\s+(?:access|permissions?)",
        title="Compare the name, the Region and the account",
    ),
    # AWS Systems Manager User Guide, "Troubleshooting Session Manager": plugin not found.
    made_system(
        "the Session Manager plugin",
        "Install the Session Manager plugin on this machine, and put it on the PATH. The denied ssm:TerminateSession "
        "that may follow is the clean-up of the session that the AWS CLI could not use.",
        r"SessionManagerPlugin\s+is\s+not\s+found",
        "sessionmanagerplugin is not found",
        title="Install the Session Manager plugin",
    ),
    made_system(
        "Jenkins",
        "Check the permissions of the user in Jenkins (Manage Jenkins, Security), or of the folder.",
        r"is\s+missing\s+the\s+\w+/\w+\s+permission",
        "is missing the",
    ),
    made_system(
        "the package registry",
        "Check the token, and who may publish to the repository in the package registry.",
        r"\bnpm\s+(?:ERR!|error)\s+(?:code\s+E)?403|Not\s+enough\s+permissions\s+to\s+(?:delete/)?overwrite",
        "npm err",
        "not enough permissions to",
        unless=r"\.codeartifact\.",
    ),
    made_system(
        "the mail server",
        "Check the mail server's accounts, and who may send as whom.",
        r"^\s*5\d\d[ -]5\.7\.\d",
        "5.7.",
    ),
    made_system(
        "the service's subscription",
        "Do what the message says: accept the terms of the AWS Marketplace product, sign the account up for the "
        "service, or buy the support plan that it needs. No policy can replace that.",
        r"SubscriptionRequired\w*|\bOptInRequired\b|needs\s+a\s+subscription\s+for\s+the\s+service"
        r"|Subscription\s+is\s+required\s+to\s+use",
        "subscriptionrequired",
        "optinrequired",
        "needs a subscription for the service",
        "subscription is required to use",
    ),
    made_system(
        "the organization's delegation",
        "Call from the organization's management account (StackSets: CallAs SELF), or from an account that is "
        "registered there as a delegated administrator of the service (StackSets: CallAs DELEGATED_ADMIN); the caller "
        "needs organizations:ListDelegatedAdministrators.",
        r"[Aa]ccount\s+used\s+is\s+not\s+a\s+delegated\s+admin|[Mm]ust\s+be\s+the\s+(?:management"
        r"|master)\s+account\s+or"
        r"\s+(?:a\s+)?delegated\s+admin",
        "is not a delegated admin",
        "account or delegated admin",
        "account or a delegated admin",
        verdict="Either the account is no delegated administrator of the service, or the caller lacks "
        "organizations:ListDelegatedAdministrators. If the account is registered, allow the caller that action.",
        title="Compare the account's registration and the caller's policies",
        sure=False,
    ),
    # AWS Organizations API Reference, "ListAccounts" (and others): only the management account or a delegated
    # administrator can call them (https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccounts.html).
    made_system(
        "the account that calls Organizations",
        "Call from the organization's management account, or from an account that is a delegated administrator there. "
        "If the caller is in such an account, check whether its policies and the delegation policy allow the action.",
        r"calling\s+the\s+(?:ListAccounts|DescribeAccount|ListRoots|ListParents|ListChildren|ListPolicies"
        r"|DescribePolicy"
        r"|ListAccountsForParent|ListOrganizationalUnitsForParent)\s+operation:\s+You\s+don't\s+have\s+permissions\s+to"
        r"\s+access\s+this\s+resource",
        "permissions to access this resource",
        title="Call from the management account",
        sure=False,
    ),
    made_system(
        "Cognito",
        "Check the identity pool (is guest access enabled, are its providers and roles set) or the user pool and its "
        "app client: no policy was evaluated yet.",
        r"Unauthenticated\s+access\s+is\s+not\s+supported|Token\s+is\s+not\s+from\s+a\s+supported\s+provider"
        r"|does\s+not\s+have\s+identity\s+providers\s+configured|Logins\s+don't\s+match",
        "unauthenticated access is not supported",
        "not from a supported provider",
        "identity providers configured",
        "logins don't match",
    ),
    # Amazon VPC, AWS PrivateLink, "Gateway endpoints": routing and security groups
    # (https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html).
    made_system(
        GATEWAY_ENDPOINT,
        "Two things lead to a gateway endpoint: a route to it in the route table of the caller's subnet, and an egress "
        "rule for port 443 to the service's prefix list (aws ec2 describe-managed-prefix-lists) in the caller's "
        "security group. A rule to the security group of the interface endpoints or to the VPC's range does not cover "
        "it. No permission is missing for that.",
        rf"{_UNREACHED_STORE}(?=[\s\S]*{_GATEWAY})|{_GATEWAY}[\s\S]*?{_UNREACHED_STORE}",
        "send request failed",
        "dial tcp",
        "connect to the endpoint url",
        "timeout on endpoint url",
        "connecttimeout",
        "endpointconnectionerror",
        flags=re.MULTILINE | re.IGNORECASE,
        unless=r"AccessDenied|not\s+authori[sz]ed|StatusCode:\s*4",
        subject=r"https?://([\w.-]*(?:s3|dynamodb)[\w.-]*\.amazonaws\.com(?:\.cn)?)",
        verdict="{name} could not be reached, which is behind a gateway endpoint: most likely the caller's security "
        "group does not let it out to the service's prefix list, or the subnet lacks the route. No permission was "
        "checked.",
        title="Let the caller out to the gateway endpoint",
        sure=False,
    ),
    made_system(
        NETWORK,
        "{name} could not be reached. A private subnet needs an interface endpoint for this service, a NAT gateway or "
        "a proxy, and security groups that allow port 443. With a gateway endpoint (S3, DynamoDB), the route table "
        "needs its route, and the caller's security group port 443 to the service's prefix list.",
        r"RequestError:\s+send\s+request\s+failed|dial\s+tcp[^\n]{0,160}(?:timeout|refused)"
        r"|\bConnect\s+to\s+[\w.-]+amazonaws\.com[^\n]{0,160}?(?:timed\s+out|refused)"
        r"|\bconnect\s+(?:ETIMEDOUT|ECONNREFUSED)\s+\S+:443\b|Connection\s+to\s+[\w.-]+amazonaws\.com\s+timed\s+out"
        r"|[Cc]ould\s+not\s+connect\s+to\s+the\s+endpoint\s+URL|[Cc]onnect\s+timeout\s+on\s+endpoint\s+URL"
        r"|[Rr]ead\s+timeout\s+on\s+endpoint\s+URL|ConnectTimeout(?:Error|Exception)?\b|EndpointConnectionError",
        "send request failed",
        "dial tcp",
        "connect to the endpoint url",
        "timeout on endpoint url",
        "connecttimeout",
        "endpointconnectionerror",
        "connect to",
        "connect e",
        "timed out",
        unless=r"AccessDenied|not\s+authori[sz]ed|StatusCode:\s*4|169\.254\.169\.254|ec2imds"
        rf"|{_NO_HOST_OF_AWS}|\.eks\.amazonaws\.com",
        subject=_HOST,
        verdict="{name} could not be reached: the network failed before any permission was checked.",
    ),
    made_system(
        "the network to the server that was called",
        "The server could not be reached: check its address and port, the route and the security groups to it, and "
        "whether it runs. No permission was checked.",
        r"dial\s+tcp[^\n]{0,160}(?:timeout|refused)|ConnectTimeout(?:Error|Exception)?\b",
        "dial tcp",
        "connecttimeout",
        unless=r"AccessDenied|not\s+authori[sz]ed|StatusCode:\s*4|169\.254\.169\.254|ec2imds",
        verdict="The server that was called could not be reached: no permission was checked.",
    ),
    made_system(
        "a CloudFormation stack",
        "Check the stack's status (aws cloudformation describe-stacks): delete and recreate a stack whose creation "
        "failed; if the stack is complete, its tool can update it.",
        r"AlreadyExistsException:\s+Stack\s+\[",
        "alreadyexistsexception: stack",
        subject=r"Stack\s+\[([\w-]{1,128})\]\s+already",
        verdict="The CloudFormation stack {name} exists already: the name of the stack is taken, not that of a role.",
    ),
    made_system(
        "a bucket that this account owns",
        "Import it into the tool that creates it. If the tool created this bucket earlier, the tool's role may be "
        "unable to read it: allow s3:ListBucket on the bucket, in the bucket's own policy too.",
        r"\bBucketAlreadyOwnedByYou\b",
        "bucketalreadyowned",
        subject=r"S3\s+Bucket\s+\(([\w.-]{3,63})\)|\bBucketName[\"']?\s*[:=]\s*[\"']?([\w.-]{3,63})",
        verdict="The bucket {name} exists and belongs to the caller's account: most likely the tool that creates it "
        "does not know it, or could not read it.",
        title="Import the bucket, or let the tool read it",
    ),
    # Amazon S3 API Reference, "CreateBucket": BucketAlreadyExists
    # (https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html).
    made_system(
        "the bucket's name, which is taken",
        "Choose another name: a bucket's name can exist only once in a partition, and another account has this one. No "
        "permission is missing.",
        r"\bBucketAlreadyExists\b|The\s+requested\s+bucket\s+name\s+is\s+not\s+available",
        "bucketalreadyexists",
        "bucket name is not available",
        subject=r"S3\s+Bucket\s+\(([\w.-]{3,63})\)|\bBucketName[\"']?\s*[:=]\s*[\"']?([\w.-]{3,63})|s3://([\w.-]{3,63})"
        r"|--bucket[ =]([\w.-]{3,63})|-BucketName[ ]+([\w.-]{3,63})",
        verdict="Another account has a bucket of the name {name}, and a name can exist only once in a partition. No "
        "permission is missing.",
        title="Choose another name for the bucket",
    ),
    made_system(
        OTHER_RESOURCE,
        "Look for the resource of that name in its own service: it is not an IAM resource. To take it over, import it "
        "there.",
        r"(?:ResourceConflict|ResourceInUse)Exception[^\n]{0,300}\bexists?\b|ResourceExistsException"
        r"|QueueAlreadyExists|DBInstanceAlreadyExists|RepositoryAlreadyExists\w*",
        "resourceconflict",
        "resourceinuse",
        "resourceexists",
        "queuealreadyexists",
        "dbinstancealreadyexists",
        "repositoryalreadyexists",
        subject=r"(?:table|function|queue|stream|log group|cluster|secret|repository|bucket|instance|domain|topic|key"
        r"|alias|resource)(?:\s+(?:with|named|name|identifier))*[:\s]+[\"'`\[(]*(arn:[^\s\"'`\])]+"
        r"|[\w./-]*[\d_.-][\w./-]*|(?<=[\"'`])\w+"
        r"(?=[\"'`]))[\"'`\])]*(?=[^\n]{0,60}(?:exist|in use))|already exist(?:s|ing)?:\s+[\"'`]?([\w./-]{2,120})",
        verdict="The name {name} is taken in its own service: it is not an IAM name, and no permission is missing for "
        "that.",
    ),
)
_WHERE = {system.name: system.where for system in SYSTEMS}
_UNSURE = frozenset(("the server of the endpoint", *(system.name for system in SYSTEMS if not system.sure)))
_VERDICTS = {system.name: system.verdict for system in SYSTEMS if system.verdict}
_TITLES = {system.name: system.title for system in SYSTEMS if system.title}
# Stores that speak S3's language and know nothing of IAM.
_HOST_OF_ENDPOINT = r"[\"']?(?:https?://)?(?P<host>[a-zA-Z0-9][\w.-]*(?::\d{2,5})?)"
_ENDPOINT = regex(
    r"(?:--endpoint-url[ =]|\bAWS_ENDPOINT_URL(?:_\w+)?\s*[=:]\s*|\bendpoint(?:_url|Url|URL|_override"
    r"|Override)[\"']?\s*[=:(]\s*"
    # GitLab Runner, "The [runners.cache.s3] section": ServerAddress, host:port of the S3-compatible server
    # (https://docs.gitlab.com/runner/configuration/advanced-configuration/#the-runnerscaches3-section).
    r"|\bs3a?\.endpoint\s*[=:]?\s*|\bServerAddress\s*=\s*)" + _HOST_OF_ENDPOINT
)
# The AWS SDK for JavaScript and the configuration of object stores call it endpoint: so do others.
_PLAIN_ENDPOINT = regex(r"\bendpoint[\"']?\s*[=:]\s*[\"']?https?://" + _HOST_OF_ENDPOINT)
_OF_S3_CLIENT = regex(r"\bS3Client\b|\bAmazonS3\b|force_?path_?style|use_path_style|path-style", re.IGNORECASE)
_OF_AWS_HOST = regex(r"amazonaws\.com|\.aws\b|amazonaws\.|c2s\.ic\.gov|\$", re.IGNORECASE)
_HOSTS_FORM = regex(r"[\w-]+(?:\.[\w-]+)+(?::\d+)?|[\w-]+:\d{2,5}|localhost")
_LOOKALIKE = regex(
    # Hosts of such stores, the request IDs of Ceph's gateway, MinIO's client, headers and error document (its HostId is
    # a hash in hexadecimal, Amazon S3's is base64: https://github.com/minio/minio/blob/master/cmd/api-response.go).
    r"x-minio-|\bmc (?:admin|alias|ls|cp)\b|\btx[0-9a-f]{17,}-[0-9a-f]+-[0-9a-f]+-\w|(?:localhost|127\.0\.0\.1):9000\b"
    r"|<HostId>[0-9a-f]{64}</HostId>"
    r"|(?:https?://|\b(?:endpoint\S{0,12}|ServerAddress)\s*[=:]\s*[\"']?|\bHost:\s+)[\w.-]*(?:minio|ceph|radosgw|garage|seaweedfs|noobaa|storj"
    r"|tigris|filebase|lyvecloud|cubbit)[\w.:-]*|\bendpoint\S{0,12}\s*[=:]\s*[\"']?(?:https?://)?storage\.googleapis\.com"
    r"|r2\.cloudflarestorage\.com|digitaloceanspaces\.com|wasabisys\.com|backblazeb2\.com|linodeobjects\.com"
    r"|storage\.yandexcloud\.net|aliyuncs\.com|myqcloud\.com|\bscw\.cloud|oraclecloud\.com|vultrobjects\.com|idrivee2"
    r"|cloud\.ovh\.net|exo\.io|your-objectstorage\.com|contabostorage\.com|ionoscloud\.com|dream\.io"
    r"|selcloud\.ru|impossiblecloud\.com|upcloudobjects\.com",
    re.IGNORECASE,
)
LOOKALIKE = "the S3-compatible store"
_WHERE[LOOKALIKE] = (
    "Check the keys and policies of that store (MinIO: mc admin policy attach ALIAS POLICY --user USER): AWS's IAM "
    "never saw the request, and its policies have no effect there."
)
_VERDICTS[LOOKALIKE] = (
    "The call went to a store that is only compatible with S3, and that store refused it: AWS policies have no effect "
    "there."
)
STORES_KEYS = "the keys of the store"
_WHERE[STORES_KEYS] = (
    "Use the access key and secret key that this store issued: AWS's keys are unknown there, and its keys are unknown "
    "to AWS. The profile or the environment must have them for calls to this endpoint."
)
_VERDICTS[STORES_KEYS] = (
    "The call went to a store that is not AWS's, and that store does not accept the key: it needs keys of its own."
)
_TITLES[STORES_KEYS] = "Use the keys that this store issued"
OTHER_ENDPOINT = "the server of the endpoint"
_WHERE[OTHER_ENDPOINT] = (
    "Check which server it is, and its own keys and policies. If you meant to call AWS, leave out the endpoint "
    "(--endpoint-url, AWS_ENDPOINT_URL, endpoint_url in the profile)."
)
_VERDICTS[OTHER_ENDPOINT] = (
    "The call went to {name}, which is not an AWS endpoint, and that server refused it: AWS policies have no effect "
    "there."
)
_TITLES[OTHER_ENDPOINT] = "Check the server that the call went to"
NOTHING_REFUSED = "a refusal that the text only mentions"
_VERDICTS[NOTHING_REFUSED] = (
    "Nothing in the text was refused: the words of a refusal are only in names, in counts of 0 or in what a rule looks "
    "for."
)
_WHERE[NOTHING_REFUSED] = "If an alert matched the word, make it match only errors: level ERROR, or a count above 0."
_TITLES[NOTHING_REFUSED] = "Change nothing; narrow the alert or search that matched the word"
EXPECTED = "a refusal that a test expects"
EXPECTED_BESIDE = "a refusal that a test expects, beside a test that failed"
_WANTED_REFUSAL = "The refusal in the text is an expected one, and no permission is missing for it."
_VERDICTS[EXPECTED] = f"{_WANTED_REFUSAL} Nothing else failed in the text."
_VERDICTS[EXPECTED_BESIDE] = f"What failed is “{{name}}”. {_WANTED_REFUSAL}"
_WHERE[EXPECTED] = "Change no policy: a test checks that this call is denied."
_WHERE[EXPECTED_BESIDE] = f"Ask the owners of that test. {_WHERE[EXPECTED]}"
_TITLES[EXPECTED] = "Change nothing: the refusal was wanted"
_TITLES[EXPECTED_BESIDE] = "Look at the test that failed, not at IAM"


def _row(name: str | None) -> str:
    """Return the name of the system's row. A CloudFormation type belongs to the row of other services' resources."""
    return OTHER_RESOURCE if (name or "").startswith("AWS::") else name or ""


def where_to_look(name: str | None, subject: str | None = None) -> str:
    """Return the sentence saying where a system stores the permission or the name; "" if the system is unknown.

    ``subject`` is what the text names.
    """
    return _WHERE.get(_row(name), "").replace("{name}", subject or "the endpoint")


def verdict_on(name: str | None, subject: str | None) -> str:
    """Return the sentence about what failed; "" if the system has none, or needs a name that the text lacks."""
    sentence = _VERDICTS.get(_row(name), "")
    if "{name}" not in sentence:
        return sentence
    return sentence.replace("{name}", subject) if subject else ""


def is_sure(name: str | None) -> bool:
    """Return whether the system's words have no other meaning."""
    return name not in _UNSURE


def title_of(name: str | None) -> str:
    """Return the title of the fix if the system has its own; else ""."""
    return _TITLES.get(name or "", "")


def in_the_whole(name: str | None, text: str) -> str | None:
    """Return the system's name according to the full text.

    Another line may name one of Amazon's own models, for example.
    """
    if name == DATABASE and _OF_REDSHIFT.search(text):
        return REDSHIFT
    if name == "the operating system" and _OF_VAULT.search(text):
        return "Vault"
    if name == NETWORK and next(each for each in SYSTEMS if each.name == GATEWAY_ENDPOINT).made(text):
        return GATEWAY_ENDPOINT
    own = next(each for each in SYSTEMS if each.name == OWN_MODEL)
    return OWN_MODEL if name == MODEL_ACCESS and own.made(text) else name


def subject_of(name: str | None, text: str) -> str | None:
    """Return what the text names for the system's verdict; None if it names nothing or the system has no verdict."""
    row = next((each for each in SYSTEMS if each.name == name), None)
    return row.named(text) if row is not None else None


# Vault's client prints the request's URL, the status and the server's errors, one a line
# (https://developer.hashicorp.com/vault/api-docs#http-status-codes).
_OF_VAULT = regex(
    r"(?:\bURL:\s*[A-Z]+\s+https?://\S+/v1/\S+|\bCode:\s*403\.\s*Errors:)[\s\S]{0,120}\*\s+permission\s+denied",
    re.IGNORECASE,
)
REDSHIFT = "Amazon Redshift"
DATABASE = "the database"
_OF_REDSHIFT = regex(
    r"permission\s+denied\s+for\s+(?:relation|schema|table)[\s\S]{0,600}\bredshift|\bredshift[\s\S]{0,600}"
    r"permission\s+denied\s+for\s+(?:relation|schema|table)",
    re.IGNORECASE,
)


def speaks_of_lookalike(text: str) -> bool:
    """Return whether the calls go to a store that is only compatible with S3."""
    return _LOOKALIKE.search(text) is not None


def other_endpoint(text: str) -> str | None:
    """Return the host that receives the calls, if the text names it and it is not AWS's; else None."""
    found = [*_ENDPOINT.finditer(text), *(_PLAIN_ENDPOINT.finditer(text) if _OF_S3_CLIENT.search(text) else ())]
    hosts = {each["host"] for each in found if _HOSTS_FORM.fullmatch(each["host"])}
    return hosts.pop() if len(hosts) == 1 and not any(map(_OF_AWS_HOST.search, hosts)) else None


SIGNALS = tuple(phrase for system in SYSTEMS for phrase in system.signals)
