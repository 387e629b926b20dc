"""Rows for answers of AWS services that no IAM policy decides: rules, settings, names and subscriptions."""

from __future__ import annotations

import re

from diagnostics.text.read.forms.system_row import System, made_system

# Hosts of AWS, as programs name the one that they called.
MISSING_OBJECT = "the object and its key"
CALLS_ORGANIZATIONS = "the account that calls Organizations"
AWS_ANSWERS: tuple[System, ...] = (
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
        "Vault",
        "Check what the token is allowed to do on the path: vault token capabilities PATH. Ask Vault's administrator "
        "to add the path to a policy of the token (read for GET, update for PUT and POST). The token may also have "
        "expired, or belong to a different namespace. No IAM policy is the cause.",
        r"Error\s+making\s+API\s+request[^\x1e]{0,400}/v1/[^\x1e]{0,400}"
        r"permission\s+denied|preflight\s+capability\s+check\s+returned\s+403"
        r"|\bvault\s+(?:kv|read|write|login|token|secrets|policy|auth)\b[^\n]{0,200}permission\s+denied"
        r"|\bvault[^\n]{0,100}/v1/[^\n]{0,200}permission\s+denied|\bCode:\s*403\.\s*Errors:\s*\*?\s*(?:1\s+error\s+occurred:"
        r"\s*\*?\s*)?permission\s+denied",
        "permission denied",
        "preflight capability check",
        flags=re.MULTILINE | re.IGNORECASE,
        subject=r"/v1/([\w./@-]*\w)",
        verdict=(
            "HashiCorp Vault refused the request before AWS was called: the policies of the Vault token do not allow "
            "{name}."
        ),
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
        unless=r"error\s+occurred\s+\(\w*Denied\w*\)\s+when\s+calling|\b40[13]\b|\bsftp>|\bremote\s+open\(",
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
        "Change the export's name in one of the stacks: an export's name can exist only once in an account and Region "
        "(aws cloudformation list-exports shows which stack has it). A missing permission is not the cause.",
        r"Export\s+with\s+name\s+\S+\s+is\s+already\s+exported\s+by\s+stack",
        "is already exported by stack",
        subject=r"Export\s+with\s+name\s+(\S+)\s+is\s+already",
        verdict="Another CloudFormation stack already exports the name {name}: this stack cannot export it again.",
    ),
    # Amazon SES Developer Guide, "Verified identities", "Request production access".
    made_system(
        "Amazon SES's verified identities",
        "See whether {name} is a sender or a recipient. A sender (From, Source, Return-Path) must always be verified, "
        "as an address or domain, in the Region of the call. A recipient must be verified only if the account is in "
        "the SES sandbox of that Region: request production access there, or verify it for tests. More permissions do "
        "not help.",
        r"Email\s+address\s+is\s+not\s+verified",
        "email address is not verified",
        subject=r"failed the check in region [\w-]+:\s*((?:[\w.+-]+@)?(?:[\w-]+\.)+[a-z]{2,24}?)(?=from\b|[^\w.-]|$)",
        verdict="SES has not verified {name} in this Region. If that is the recipient, the account is in the SES "
        "sandbox there: request production access. No permission is missing.",
        title="Request production access for a recipient, or verify the sender",
    ),
    # Amazon RDS User Guide, "Troubleshooting for RDS Proxy"
    # (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.troubleshooting.html).
    made_system(
        "the proxy's list of secrets",
        "Add a Secrets Manager secret with this database user's name and password to the proxy's authentication "
        "settings, and let the proxy's own role read it. The client that connects needs no permission on the secret.",
        r"This\s+RDS\s+proxy\s+has\s+no\s+credentials\s+for\s+the\s+role",
        "rds proxy has no credentials for the role",
        verdict="RDS Proxy has no secret for this database user: “role” here means the database user, not an IAM role.",
        title="Give the proxy a secret for this database user",
    ),
    # AWS IAM Identity Center User Guide, "Assign user or group access to AWS accounts"
    # (https://docs.aws.amazon.com/singlesignon/latest/userguide/assignusers.html).
    made_system(
        "the assignments of IAM Identity Center",
        "Ask an administrator of IAM Identity Center to assign a permission set to this user, or to one of their "
        "groups, in the account. Check that the person signed in as the right user and at the right start URL.",
        r"[Tt]here\s+are\s+no\s+AWS\s+accounts\s+available\s+to\s+you",
        "no aws accounts available to you",
        verdict="The sign-in worked, but IAM Identity Center has no account assigned to this user. No IAM policy "
        "decides this.",
        title="Assign a permission set in the account to this user",
    ),
    # Amazon S3 User Guide, "Using cross-origin resource sharing (CORS)", troubleshooting
    # (https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors-troubleshooting.html).
    made_system(
        "the server's CORS configuration",
        "Look at the status of the same request in the browser's tools. If it is 200, let the server's CORS "
        "configuration allow the page's origin, method and headers (S3: aws s3api put-bucket-cors). An error such as "
        "403 also has no CORS header: in that case, solve the error first.",
        r"has\s+been\s+blocked\s+by\s+CORS\s+policy\b",
        "blocked by cors policy",
        verdict="The browser withheld the answer, because it has no CORS header that allows the page's origin: CORS "
        "grants no permission, and no IAM policy sets it.",
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
        "match. Neither IAM policies nor the bucket's policy is the cause.",
        title="Make the form's fields and its signed policy agree",
    ),
    # Amazon CloudFront Developer Guide, "Requirements for using SSL/TLS certificates with CloudFront"
    # (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html).
    made_system(
        "the certificate of the distribution",
        "Request or import the certificate in ACM in us-east-1, in the distribution's account, and wait until it is "
        "issued. It must cover every alternate domain name. A missing permission is not the cause.",
        r"InvalidViewerCertificate\b",
        "invalidviewercertificate",
        verdict="CloudFront does not accept this certificate: it uses only valid ACM certificates in us-east-1, "
        "wherever the other resources are.",
        title="Give the distribution a certificate of us-east-1",
    ),
    # AWS CodeBuild User Guide, "Troubleshooting AWS CodeBuild".
    made_system(
        "CodeBuild's credentials of the source provider",
        "Connect the project to the source provider again (aws codebuild list-source-credentials), and check that this "
        "account of the provider sees the repository. If the source is CodeCommit or a connection, also check what the "
        "project's service role is allowed to do (codecommit:GitPull, codeconnections:UseConnection).",
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
        "Region. A missing permission is not the cause.",
        r"\(NoSuchBucket\)\s+when\s+calling",
        "nosuchbucket",
        subject=r"(?:s3://|--bucket[ =][\"']?)([a-z0-9][a-z0-9.-]{2,62})",
        unless=r"is\s+not\s+authorized\s+to\s+perform",
        verdict="There is no bucket {name}: the name is misspelled, or the bucket was not created. A missing "
        "permission is not the cause.",
        title="Correct the bucket's name, or create the bucket",
    ),
    # Amazon S3 API Reference, "GetObject": NoSuchKey, which only a caller that may list the bucket gets
    # (https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html).
    made_system(
        "the object's key",
        "List the bucket (aws s3 ls s3://BUCKET/PREFIX/) and compare the key letter by letter, or look at the program "
        "that should have written the object. A missing permission is not the cause.",
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
        "that should have written the object. A missing permission is not the cause.",
        r"^fatal error: An error occurred \(404\)\s+when\s+calling\s+the\s+HeadObject\s+operation",
        "when calling the headobject",
        subject=r"operation: Key \"([^\"\s]{1,300})\" does not exist",
        unless=r"is\s+not\s+authorized\s+to\s+perform|AccessDenied",
        verdict="There is no object {name} in the bucket: S3 answers 404 only for a missing object, to a caller that "
        "is allowed to list the bucket. No permission is missing.",
        title="Compare the key with the objects of the bucket",
    ),
    # AWS Secrets Manager User Guide, "Access AWS Secrets Manager secrets from a different account": the managed key
    # aws/secretsmanager cannot be used from another account
    # (https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples_cross.html).
    made_system(
        "the secret's KMS key",
        "In the secret's account, run update-secret --kms-key-id KEY, then put the value again. The key's policy and "
        "the caller's own policies must both allow kms:Decrypt on that key. aws/secretsmanager's policy cannot be "
        "changed.",
        r"access\s+a\s+secret\s+from\s+a\s+different\s+AWS\s+account\s+if\s+you\s+encrypt\s+the\s+secret\s+with\s+the\s+default",
        "a secret from a different aws account",
        verdict="The secret is encrypted with the AWS managed key aws/secretsmanager, which no other account can use: "
        "encrypt it with a customer managed key.",
        title="Encrypt the secret with a customer managed key that the caller is allowed to use",
    ),
    # Amazon SQS API Reference, "GetQueueUrl": QueueDoesNotExist, as the SDKs print it
    # (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueUrl.html).
    made_system(
        "the queue's name, Region and account",
        "Compare the name (a name, not an ARN), the Region and the account with aws sqs list-queues, run where the "
        "program runs. If the program does not need the queue, leave its setting out.",
        r"\((?:QueueDoesNotExist|AWS\.SimpleQueueService\.NonExistentQueue)\)\s+when\s+calling"
        r"|\b(?:AWS\.SimpleQueueService\.NonExistentQueue|QueueDoesNotExist(?:Exception)?)\b\W{1,3}"
        r"The\s+specified\s+queue\s+does\s+not\s+exist",
        "queuedoesnotexist",
        "nonexistentqueue",
        # SQS says so of both: "does not exist or you do not have access to it".
        unless=r"is\s+not\s+authorized\s+to\s+perform|not\s+have\s+(?:access|permissions?)",
        verdict="The account and Region of the call have no queue with this name: correct the name, Region or account "
        "in the program's settings, or create the queue. This is not a permissions problem.",
        title="Correct the queue's name, Region or account, or create it",
        regional=True,
    ),
    # Names that the called account and Region do not have: each service's API reference, errors.
    made_system(
        "the name, the Region and the account of the call",
        "Nothing has this name in the account and Region that the call reached: compare name, Region and account (aws "
        "sts get-caller-identity, --region). A missing permission is not the cause.",
        r"\((?:ParameterNotFound|NoSuchBucket|ClusterNotFoundException|DBInstanceNotFound|TopicNotFound)\)\s+when"
        r"\s+calling",
        "parameternotfound",
        "nosuchbucket",
        "clusternotfoundexception",
        "dbinstancenotfound",
        "topicnotfound",
        # SQS says so of both: "does not exist or you do not have access to it".
        unless=r"is\s+not\s+authorized\s+to\s+perform|not\s+have\s+(?:access|permissions?)",
        title="Compare the name, the Region and the account",
        regional=True,
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
    # AWS Support API Reference, "Welcome": SubscriptionRequiredException without a support plan that has the API
    # (https://docs.aws.amazon.com/awssupport/latest/APIReference/Welcome.html).
    made_system(
        "the account's support plan",
        "Change the support plan of the account (Business or higher has the API), make the call in the account that "
        "has one, or open cases for account and billing in the Support Center. No policy can replace the plan, "
        "AWSSupportAccess and AdministratorAccess included.",
        r"(?:Premium\s+)?Support\s+Subscription\s+is\s+required\s+to\s+use"
        r"|SubscriptionRequired\w*[^\n]{0,60}(?:DescribeCases|CreateCase|DescribeTrustedAdvisor\w+|DescribeSeverityLevels)",
        "subscriptionrequired",
        "subscription is required to use",
        verdict="The account has no support plan with the AWS Support API: Basic and Developer plans lack it. No "
        "permission is missing.",
        title="Use an account whose support plan has the API",
    ),
    made_system(
        "the service's subscription",
        "If the call is needed, do what the message says: accept the terms of the AWS Marketplace product, sign the "
        "account up for the service, or change the support plan. A program that scans the account can skip this call. "
        "No policy can replace the subscription, not even AdministratorAccess.",
        r"SubscriptionRequired\w*|\bOptInRequired\b|needs\s+a\s+subscription\s+for\s+the\s+service"
        r"|Subscription\s+is\s+required\s+to\s+use",
        "subscriptionrequired",
        "optinrequired",
        "needs a subscription for the service",
        "subscription is required to use",
        verdict="The account lacks the subscription that this call needs (the service, an AWS Marketplace product or a "
        "support plan): subscribe, or leave the call out. No permission is missing.",
        title="Subscribe, or leave the call out",
    ),
    # AWS CloudFormation API Reference, "CreateStackSet", CallAs: SELF by default, DELEGATED_ADMIN in a delegated
    # administrator's account (https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStackSet.html).
    made_system(
        "the stack set's CallAs",
        "From an account that is registered as a delegated administrator of StackSets: CallAs: DELEGATED_ADMIN in the "
        "template (AWS::CloudFormation::StackSet), --call-as DELEGATED_ADMIN in the AWS CLI, call_as in Terraform. "
        "From any other account: call from the management account, or first register the account from the management "
        "account.",
        r"(?:management|master)\s+account\s+or\s+(?:a\s+)?delegated\s+admin\w*\s+account[^\n]{0,80}SERVICE_MANAGED",
        "account or delegated admin",
        "account or a delegated admin",
        verdict="CloudFormation treats this call as the account's own (CallAs SELF, the default), which only the "
        "management account is allowed to make: a delegated administrator must send CallAs DELEGATED_ADMIN.",
        title="Send CallAs DELEGATED_ADMIN from a delegated administrator",
        sure=False,
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
        verdict="Either the account is not a delegated administrator of the service, or the caller lacks "
        "organizations:ListDelegatedAdministrators. If the account is registered, allow the caller that action.",
        title="Compare the account's registration and the caller's policies",
        sure=False,
    ),
    # AWS Organizations API Reference, "ListAccounts" (and others): only the management account or a delegated
    # administrator can call them (https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccounts.html).
    made_system(
        CALLS_ORGANIZATIONS,
        "Call from the organization's management account, or from the account of a delegated administrator. If the "
        "caller is in one of these accounts, check whether its policies and the delegation policy allow the action.",
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
        "Give the identity pool its providers and roles, or correct its ID: no policy was evaluated yet.",
        r"does\s+not\s+have\s+identity\s+providers\s+configured",
        "identity providers configured",
    ),
)
