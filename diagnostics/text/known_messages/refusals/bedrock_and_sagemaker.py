"""Sentences of Amazon Bedrock, Bedrock AgentCore, SageMaker AI and other services with models."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import (
    LISTS_FUNCTIONS,
    ServiceSentence,
    UsualCause,
    assumed_by,
    lacking,
    no_permission,
    row,
)
from diagnostics.who import Who
from iam.claims import Ground
from iam.regions import REGION_NAME

_DOCS = "https://docs.aws.amazon.com"
# SageMaker Developer Guide, "How to use SageMaker execution roles": what each call needs on images in ECR.
_SAGEMAKER = f"{_DOCS}/sagemaker/latest/dg/sagemaker-roles.html"
_PULL = ("ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage")
MODELS: tuple[ServiceSentence, ...] = (
    row(
        "s3 location could not be accessed by the data access role",
        r"Provided (?P<which>Input|Output) S3 location could not be accessed by the data access role",
        "the data access role",
        "the data access role is not allowed to use the {which} location",
        "The job's data access role is not allowed to use its {which} location: change that role, not the caller's "
        "policies.",
        UsualCause("Allow the data access role to perform s3:GetObject and s3:ListBucket on the input, and "
                   "s3:PutObject on the output; the role must trust comprehend.amazonaws.com.",
                   needs=("s3:GetObject", "s3:ListBucket", "s3:PutObject")),
        page="https://docs.aws.amazon.com/comprehend/latest/dg/security_iam_id-based-policy-examples.html",
        asks=assumed_by("comprehend.amazonaws.com"),
    ),
    row(
        "access denied when calling bedrock",
        r"Access denied when calling Bedrock\.? Check your request permissions",
        "the agent's service role",
        "the agent was not allowed to call Bedrock",
        "The agent's service role most likely lacks an action on the agent's model: check that role's policies, not "
        "the caller's.",
        UsualCause("With a streamed answer (streamFinalResponse) the agent's service role also needs "
                   "bedrock:InvokeModelWithResponseStream on its model.",
                   shown_by=r"streamFinalResponse|streamingConfigurations|\bstream(?:ing|ed)\b", needs_evidence=True,
                   needs=("bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream")),
        UsualCause("Allow the agent's service role to perform bedrock:InvokeModel on its model. With an inference "
                   "profile, it needs bedrock:InvokeModel and bedrock:GetInferenceProfile on the profile's ARN, and "
                   "bedrock:InvokeModel on the model in every Region to which the profile routes.",
                   needs=("bedrock:InvokeModel",)),
        page="https://docs.aws.amazon.com/bedrock/latest/userguide/agents-permissions.html",
    ),
    row(
        "with on-demand throughput",
        r"Invocation of model ID (?P<model>\S+) with on-demand throughput isn.t supported",
        "the call of the model",
        "the model is called by its own ID, but supports only inference profiles",
        "The model {model} can be called only through an inference profile: this error does not mean that a policy is "
        "missing.",
        UsualCause("Call the inference profile instead of the model: its ID is the model's ID with a prefix such as "
                   "us., eu. or global.", "aws bedrock list-inference-profiles", Who.CALLER),
        UsualCause("To call the profile, the caller needs bedrock:InvokeModel on the inference profile and on the "
                   "model in each Region to which the profile can route; tools that look the profile up also need "
                   "bedrock:GetInferenceProfile on it."),
        page="https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
    no_permission(
        "within the same aws account creating the endpoint",
        r"does not reside in an Amazon ECR repository within the same AWS account creating the endpoint",
        "A serverless endpoint takes images only from ECR of its own account (or AWS's prebuilt ones): copy the image "
        "into a repository of that account. A repository policy of the other account does not help.",
        "Pull the image, and push it to a repository in the endpoint's account and Region; or set up replication of "
        "the registry to that account. A real-time endpoint can use an image of another account.",
        "https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html",
    ),
    row(
        "marked by provider as legacy",
        r"This Model is marked by provider as Legacy",
        "the call of the model",
        "the model is marked Legacy, and closed to accounts that have not used it recently",
        "The model's provider has marked it Legacy, and the account has not used it recently: no policy is missing.",
        UsualCause("Call an active model or its inference profile: change the model ID.",
                   "aws bedrock list-foundation-models --query 'modelSummaries[].[modelId,modelLifecycle.status]' "
                   "--output text", Who.CALLER),
        page="https://docs.aws.amazon.com/bedrock/latest/userguide/model-lifecycle.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
    row(
        "use case details have not been submitted",
        r"Model use case details have not been submitted for this account",
        "the account, which has not sent Anthropic's form",
        "Anthropic's use-case form is missing",
        "The account has not sent Anthropic's use-case form, which is required once: no policy is missing.",
        UsualCause("Submit the form once for the account, or in the organization's management account: in the Bedrock "
                   "console's model catalog, or with PutUseCaseForModelAccess. Then wait up to 15 minutes.", None,
                   Who.ACCOUNT_ADMIN),
        page="https://docs.aws.amazon.com/bedrock/latest/userguide/model-access.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
    lacking(
        ("aws marketplace actions", "model access is denied due to"),
        r"not authorized to perform the required AWS Marketplace actions"
        r"|Model access is denied due to (?=[^\n]{0,600}aws-marketplace:)",
        "the caller of the model",
        ("aws-marketplace:ViewSubscriptions", "aws-marketplace:Subscribe"),
        UsualCause("The first call of a third-party model subscribes the account in AWS Marketplace: allow "
                   "aws-marketplace:ViewSubscriptions and aws-marketplace:Subscribe to this caller, or ask an "
                   "administrator to call the model once. The subscription is needed once for each model and account.",
                   "aws bedrock list-foundation-models --query 'modelSummaries[].modelId'"),
        UsualCause("The permissions were granted just now: a subscription takes a few minutes; wait and try again.",
                   None, Who.CALLER),
        UsualCause("The organization denies AWS Marketplace (an SCP), or the account has no valid payment method.",
                   "aws organizations describe-organization", Who.ORG_ADMIN),
        page="https://repost.aws/knowledge-center/bedrock-resolve-marketplace-permission",
        on="in AWS Marketplace, once for each model and account",
    ),
    row(
        "could not access model data",
        r"Could not access model data at (?P<resource>s3://\S+?)\.?(?=\s|$)"
        r"(?: Please ensure that the role [\"'](?P<principal>arn:[\w-]+:iam::\d{12}:role/[^\"'\s]+)[\"'])?",
        "the model's execution role",
        "the model's execution role cannot read the model data",
        "SageMaker cannot read the model data with the model's execution role: the role lacks s3:GetObject on the "
        "data, does not trust sagemaker.amazonaws.com, or the file is in another Region.",
        UsualCause("Allow the execution role to perform s3:GetObject on the file and s3:ListBucket on the bucket, and "
                   "kms:Decrypt on its key; another account's bucket must allow the role, too."),
        # SageMaker API Reference, "ContainerDefinition", ModelDataUrl: the bucket must be in the model's Region
        # (https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html).
        UsualCause("The bucket is in {bucket_region}, and SageMaker needs the file and the model in one Region: copy "
                   "the file to a bucket in {region}, or create the model in {bucket_region}.",
                   None, Who.CALLER,
                   shown_by=rf"located in (?P<region>{REGION_NAME})(?![\w-])[\s\S]{{0,1500}}?\bget-bucket-location\b"
                   rf"[^\n]*?(?:\n[^\n]{{0,40}}?)?[\"':>|\s](?!(?P=region))(?P<bucket_region>{REGION_NAME})(?![\w-])",
                   decides="The text shows the bucket in {bucket_region}, but the model is created in {region}: "
                   "SageMaker reads model data only from its own Region. The message names other reasons, too: check "
                   "them if the call also fails in the bucket's Region."),
        # SageMaker API Reference, "S3ModelDataSource": a prefix needs S3DataType S3Prefix and CompressionType None
        # (https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_S3ModelDataSource.html).
        UsualCause("The listing in the text does not have {file}: correct the name. Uncompressed files below a prefix "
                   "need ModelDataSource with S3DataType S3Prefix and CompressionType None, instead of ModelDataUrl.",
                   None, Who.CALLER,
                   shown_by=r"Could not access model data at (?P<parent>s3://[^\s\"]+/)(?P<file>[^/\s\"]*[^/\s\".])\.?(?=\s)"
                   r"[\s\S]{1,3000}?\bs3 ls (?P=parent)(?=\s)(?![\s\S]{0,2000}[ ](?P=file)(?![\w.-]))"
                   r"(?=[\s\S]{0,80}?(?:\bPRE |20\d\d-\d\d-\d\d))",
                   decides="The listing of {parent} in the text does not have {file}, and SageMaker gives its other "
                   "reasons for a missing file, too. Correct the name, or use ModelDataSource for uncompressed files."),
        # Amazon S3 API Reference, "GetBucketLocation": null means us-east-1
        # (https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html).
        UsualCause("GetBucketLocation has no value for a bucket in us-east-1, and SageMaker needs the file and the "
                   "model in one Region: copy the file to a bucket in {region}, or create the model in us-east-1.",
                   None, Who.CALLER,
                   shown_by=rf"located in (?P<region>(?!us-east-1(?![\w-])){REGION_NAME})(?![\w-])[\s\S]{{0,1500}}?"
                   r"\bget[_-]bucket[_-]location\b[^\n]*(?:\n[^\n]*){0,2}?(?:\bnull\b|\bNone\b|prints? "
                   r"nothing|\bempty\b)",
                   decides="GetBucketLocation returns no value, so the bucket is in us-east-1, but the model is "
                   "created in {region}: SageMaker reads model data only from its own Region. Only then check the "
                   "role."),
        UsualCause("The file does not exist under this name, or its bucket is in a different Region from the endpoint.",
                   None, Who.CALLER),
        UsualCause("The role's trust policy does not name sagemaker.amazonaws.com, or its ARN lacks the path "
                   "(service-role/).", None, Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html",
        asks=assumed_by("sagemaker.amazonaws.com"),
        actions=("s3:GetObject",),
    ),
    row(
        "is not able to call specified bedrock embedding model",
        r"Knowledge base role (?P<role>\S+) is not able to call specified bedrock embedding model"
        r"(?: (?P<resource>arn:\S+?))?(?=[:\s]|$)",
        "the knowledge base's service role",
        "the knowledge base's service role cannot call the embedding model",
        "The knowledge base's service role {role} cannot call the embedding model: the caller's own policies are not "
        "the cause.",
        UsualCause("Allow that role to perform bedrock:InvokeModel on the embedding model's ARN. It must trust "
                   "bedrock.amazonaws.com.", None),
        UsualCause("The role or its policy was created a moment ago: wait a few seconds, and make the knowledge base "
                   "depend on the policy.", None, Who.CALLER),
        page="https://docs.aws.amazon.com/bedrock/latest/userguide/kb-permissions.html",
        asks=assumed_by("bedrock.amazonaws.com"),
        actions=("bedrock:InvokeModel",),
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    # Amazon Q Business User Guide, "Making authenticated Amazon Q Business API calls using IAM Identity Center".
    row(
        "user is not authorized for this service call",
        r"\b(?:Chat(?:Sync)?|ListConversations|ListMessages|DeleteConversation|PutFeedback)\b[^\n]{0,120}?"
        r"User is not authorized for this service call",
        "the caller, perhaps without the user that the application asks for",
        "Q Business requires the credentials that its application asks for",
        "Call with the credentials that the application asks for. An application with IAM Identity Center requires a "
        "user's identity in the session for Chat, ChatSync, ListConversations, ListMessages, DeleteConversation and "
        "PutFeedback, which no policy replaces.",
        UsualCause("With IAM Identity Center: exchange the user's token (sso-oidc create-token-with-iam), then assume "
                   "a role with its identity context (sts assume-role --provided-contexts). With IAM federation: use "
                   "the credentials of the signed-in user. With anonymous access: a role with qbusiness:Chat, "
                   "ChatSync and PutFeedback, without a user.", None, Who.CALLER),
        page="https://docs.aws.amazon.com/amazonq/latest/qbusiness-ug/making-sigv4-authenticated-api-calls.html",
        cause="not-iam",
        ground=Ground.LIKENESS,
    ),
    # Amazon Bedrock User Guide, "Control permissions for generating and using Amazon Bedrock API keys".
    row(
        "invalid api key format",
        r"Invalid API Key format: Must start with pre-?defined prefix",
        "Amazon Bedrock",
        "Bedrock did not accept the form of the API key",
        "Amazon Bedrock did not accept the API key: the value that the program sends does not begin like a Bedrock API "
        "key.",
        UsualCause("Configure the proxy to drop the client's Authorization header, or use a version that does: "
                   "otherwise the SDK mistakes the client's token for a Bedrock API key. Without the header, the "
                   "proxy's own role signs the request. Neither the role nor a model lacks a "
                   "permission.", None, Who.CALLER,
                   shown_by=r"without (?:an? |the )?[`\"']?Authorization|Authorization header|x-litellm-api-key"
                   r"|\bforward\w*\b[^\n]{0,40}\b(?:headers?|Authorization|token)|\bOAuth token\b",
                   decides="Bedrock got a bearer token that is not a Bedrock API key: most likely the client's own "
                   "Authorization header, which the proxy passes on."),
        UsualCause("Find the source of the program's bearer token (its setting api_key, AWS_BEARER_TOKEN_BEDROCK in "
                   "the process that calls, a default of a library), and remove it; then the SDK signs with the "
                   "credentials. Or configure a Bedrock API key there. No permission is missing.",
                   None, Who.CALLER,
                   shown_by=r"\bno (?:\w+ )?api[_ -]?key (?:is |was )?(?:configured|set|used|given)"
                   r"|\bapi[_ -]?key (?:is|are) (?:not |un)set\b|\b(?:have|use|set) no (?:\w+ )?api[_ -]?key\b"
                   r"|AWS_BEARER_TOKEN_BEDROCK (?:is |are |was )?(?:not set|unset|empty|not defined)"
                   r"|\bwithout (?:an? )?api[_ -]?key\b",
                   decides=(
                       "The program sent Bedrock a bearer token that is not a Bedrock API key, and did not sign with "
                       "the AWS credentials: remove the token, so that the program signs (SigV4)."
                   )),
        UsualCause("Check what the program sends as its bearer token (AWS_BEARER_TOKEN_BEDROCK). An empty value, "
                   "another provider's key or a sign-in token is not a Bedrock API key.", None, Who.CALLER),
        UsualCause("Allow the role to perform bedrock:CallWithBearerToken: requests with such a key need it, and "
                   "requests with signatures (SigV4) do not. If the role's policies allow it, check whether the "
                   "program sends the complete token, with its prefix bedrock-api-key-.", None,
                   shown_by=r"credential[- ]process|\b(?:from|with|of|using) (?:the |an? |its |our )?(?:\w+ ){0,3}"
                   r"(?:role(?:'s)?|STS|temporary|session) (?:credentials|keys)\b|\bSTS credentials\b|\bSigV4\b"
                   r"|\bshort-term\b[^.\n]{0,40}\b(?:token|key)",
                   decides="Amazon Bedrock did not accept the API key, which a tool generates from a role's "
                   "credentials: most likely that role lacks bedrock:CallWithBearerToken, or the token is not sent "
                   "completely."),
        UsualCause("If a tool generates the key from a role's credentials, that role needs "
                   "bedrock:CallWithBearerToken: check whether its policies allow this action."),
        page="https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys-permissions.html",
    ),
    row(
        "failed to assume agent role",
        r"Failed to assume (?:the )?agent role\b[^\n]{0,120}",
        "Bedrock, by the agent's service role",
        "Bedrock cannot assume the agent's service role",
        "Bedrock cannot assume the agent's service role: its trust policy must let bedrock.amazonaws.com perform "
        "sts:AssumeRole. Or the role does not exist under this ARN.",
        UsualCause("Compare the conditions of the trust policy (aws:SourceAccount, aws:SourceArn "
                   "arn:aws:bedrock:REGION:ACCOUNT:agent/*). A role that was created a moment ago takes some seconds. "
                   "Whoever makes the agent needs iam:PassRole on the role.",
                   None, Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/bedrock/latest/userguide/agents-permissions.html",
        cause="trust.principal-mismatch",
        ground=Ground.LIKENESS,
        asks=assumed_by("bedrock.amazonaws.com"),
    ),
    row(
        "access denied while invoking lambda function",
        r"Access denied while invoking Lambda function[^\n]{0,200}?Check the permissions on the Lambda function",
        "Bedrock, which invokes the action group's function",
        "the function's policy does not let Bedrock invoke it",
        "The function's resource-based policy does not let Bedrock invoke it: add bedrock.amazonaws.com there. The "
        "caller's policies and the function's own role are not the cause.",
        UsualCause("aws lambda add-permission --function-name FUNCTION --statement-id bedrock --action "
                   "lambda:InvokeFunction --principal bedrock.amazonaws.com --source-arn AGENT-ARN. The agent and the "
                   "function must be in one Region.", "aws lambda get-policy --function-name FUNCTION",
                   Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/bedrock/latest/userguide/agents-permissions.html",
        actions=("lambda:InvokeFunction",),
        cause="resource.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        "insufficient permissions for bedrock service role",
        r"Insufficient permissions for bedrock service role (?P<role>arn:\S+) to access S3 bucket "
        r"(?P<bucket>[\w.-]*\w)",
        "the knowledge base's service role",
        "the knowledge base's service role is not allowed to read the bucket {bucket}",
        "The knowledge base's service role lacks s3:ListBucket or s3:GetObject on {bucket}: change that role, not the "
        "caller's policies.",
        UsualCause("Allow the role {role} to perform s3:ListBucket on the bucket, s3:GetObject on its objects, and "
                   "kms:Decrypt on the bucket's customer managed key. The policy that Bedrock generates for the role "
                   "has a condition on aws:ResourceAccount, which another account's bucket does not meet; such a "
                   "bucket's policy must allow the role, too."),
        page="https://docs.aws.amazon.com/bedrock/latest/userguide/kb-permissions.html",
        actions=("s3:GetObject", "s3:ListBucket"),
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        "data download failed",
        r"\bData download failed:? ?[^\n]{0,60}?(?:Access ?Denied|\b403\b|not authorized)[^\n]{0,160}",
        "the execution role of the SageMaker job",
        "the job's execution role is not allowed to read its input",
        "SageMaker reads the job's input with the job's execution role, which lacks s3:GetObject or s3:ListBucket on "
        "the input, or permission to use its KMS key. The caller's policies do not matter.",
        UsualCause("Allow the execution role s3:ListBucket on the bucket and s3:GetObject on the prefix, and "
                   "kms:Decrypt on a customer managed key. Another account's bucket and key must allow the role, too. "
                   "In a VPC, look at the policy of the S3 endpoint.",
                   "aws sagemaker describe-training-job --training-job-name JOB --query RoleArn"),
        page="https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html",
        actions=("s3:GetObject",),
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        "service principal",
        r"repository [\"']?(?P<repository>[\w./-]+)[\"']? of your image \S+ does not grant (?P<named>ecr:[^\n]{4,200}?)"
        r" permissions? to (?P<service>[a-z.-]+\.amazonaws\.com) service principal",
        "the service, by the policy of the ECR repository",
        "the policy of the ECR repository does not name the service",
        "The policy of the ECR repository {repository} does not let {service} pull the image: add {named} for this "
        "service principal to the repository's policy.",
        UsualCause(
            'Add a statement to the repository\'s policy: Principal {"Service": "{service}"}, Action {named}; '
            "a repository policy has no Resource.",
            "aws ecr get-repository-policy --repository-name {repository}",
            Who.RESOURCE_OWNER,
        ),
        UsualCause(
            "The image is in another account or Region: use the repository in that account and Region, or copy the "
            "image.",
            None,
            Who.CALLER,
        ),
        page=_SAGEMAKER,
        cause="resource.no-action",
        ground=Ground.PARTLY,
    ),
    row(
        "cannot pull algorithm container",
        r"Cannot pull algorithm container\. Either the image:? (?:(?P<image>\S+) )?does not exist or its "
        r"permissions are incorrect",
        "the execution role of the job",
        "SageMaker cannot pull the image",
        "SageMaker cannot pull the image: it does not exist under this name, tag and Region, or the execution role or "
        "the repository's policy does not allow the pull.",
        UsualCause(
            "The repository has no such tag, or is in a different Region or account: SageMaker pulls only from ECR, "
            "and if the image's name says latest, this tag must exist.",
            "aws ecr describe-images --repository-name REPOSITORY --query 'imageDetails[].imageTags'",
            Who.CALLER,
        ),
        UsualCause(f'The execution role lacks {", ".join(_PULL)} on the repository, or ecr:GetAuthorizationToken on '
                   '"*".'),
        UsualCause(
            "The repository is another account's, and its policy does not allow this account's role.",
            None,
            Who.RESOURCE_OWNER,
        ),
        page=_SAGEMAKER,
    ),
    row(
        "role validation failed for",
        r"Role validation failed for [\"']?(?P<principal>arn:[\w-]+:iam::\d{12}:role/[\w+=,.@/-]*\w)[\"']?\.? Please "
        r"verify that the role exists and its trust policy allows assumption by this service",
        "the service that gets the role",
        "the service cannot assume the role",
        "The service cannot assume {principal}: its trust policy does not allow this service, or no such role exists.",
        UsualCause(
            "The role's trust policy must allow sts:AssumeRole to the service principal of this service; for Bedrock "
            "AgentCore, the principal is bedrock-agentcore.amazonaws.com (bedrock.amazonaws.com is another service).",
            "aws iam get-role --role-name ROLE --query Role.AssumeRolePolicyDocument",
            Who.RESOURCE_OWNER,
        ),
        UsualCause(
            "The role's name, path or account is misspelled, or the role was created a moment ago: wait and try again.",
            None,
            Who.CALLER,
        ),
        page=f"{_DOCS}/bedrock-agentcore/latest/devguide/runtime-permissions.html",
        asks=assumed_by("bedrock-agentcore.amazonaws.com"),
    ),
    row(
        "failed response from api execution",
        r"Received failed response from API execution",
        "nobody, as far as the message says",
        "the agent's action failed",
        "The function or API behind the agent's action group failed, or its answer had the wrong form: read its own "
        "log first. This message names no missing permission.",
        UsualCause(
            "Read the log group of the action group's Lambda function (/aws/lambda/FUNCTION): an exception or a "
            "timeout there, or a response without messageVersion and response, is the cause.",
            LISTS_FUNCTIONS,
            Who.RESOURCE_OWNER,
        ),
        UsualCause(
            "If the log shows no run, the function's resource-based policy lacks a statement for bedrock.amazonaws.com "
            "with the agent's ARN.",
            None,
            Who.RESOURCE_OWNER,
        ),
        page=f"{_DOCS}/bedrock/latest/userguide/agents-lambda.html",
    ),
    row(
        ("unable to get object metadata from s3", "s3 uri that you provided can't be accessed"),
        r"Unable to get object metadata from S3|The S3 URI that you provided can't be accessed",
        "whoever made the call",
        "the S3 object cannot be read with the caller's permissions",
        "The service reads the S3 object with the caller's permissions, and this read failed: the object key is wrong, "
        "the bucket is in another Region, or a permission is missing.",
        # Whoever shows the object's metadata has the right key; the call may have another identity.
        UsualCause("The text shows that the object exists, with credentials that can read it. Make the same check "
                   "with the credentials of the failing call: the caller needs s3:GetObject on the object, and "
                   "kms:Decrypt if a customer managed key encrypts it; the bucket's policy must not deny it.",
                   "aws sts get-caller-identity", Who.ACCOUNT_ADMIN,
                   shown_by=r"\bhead-object\b[^\n]*\n(?:[^\n]*\n)?[^\n]*\"(?:ContentLength|ETag|LastModified)\"\s*:",
                   decides="The object exists, so most likely the caller of the failing operation cannot read it: the "
                   "service reads with that caller's permissions, not with a role of its own. The bucket must also be "
                   "in the Region of the call."),
        UsualCause("Compare the bucket's Region with that of the call first (aws s3api get-bucket-location): they must "
                   "be the same. Then allow the caller to perform s3:GetObject on the object if its policies lack it, "
                   "and kms:Decrypt if a customer managed key encrypts the object."),
        UsualCause("The object's actual key differs from the requested one (letter case, + instead of spaces, or a "
                   "leading slash): list the bucket to compare.", None,
                   Who.CALLER),
        # Amazon S3 User Guide, "Event message structure": the key is URL-encoded
        # (https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html).
        UsualCause("S3's event notifications contain the key URL-encoded, so the program asks for an object that does "
                   "not exist: decode it first (Python: urllib.parse.unquote_plus). No permission is missing.", None,
                   Who.CALLER, shown_by=r"\bkey[\"']?\s*[=:]\s*[^\n]*%[0-9A-F]{2}", needs_evidence=True,
                   decides="The key is URL-encoded, as S3's event notifications contain it: decode it first (Python: "
                   "urllib.parse.unquote_plus). No permission is missing."),
        page="https://docs.aws.amazon.com/rekognition/latest/APIReference/API_S3Object.html",
    ),
)  # fmt: skip
