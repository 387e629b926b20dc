"""Messages of Amazon Bedrock: models, agents, knowledge bases."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import (
    LISTS_FUNCTIONS,
    ServiceSentence,
    UsualCause,
    assumed_by,
    lacking,
    row,
)
from diagnostics.who import Who
from iam.claims import Ground

_DOCS = "https://docs.aws.amazon.com"

BEDROCK_AGENTS_AND_PROFILES: tuple[ServiceSentence, ...] = (
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
)  # fmt: skip

BEDROCK_MODEL_ACCESS: tuple[ServiceSentence, ...] = (
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
)  # fmt: skip

BEDROCK_EMBEDDINGS: tuple[ServiceSentence, ...] = (
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
)  # fmt: skip

BEDROCK_KEYS_AND_ROLES: tuple[ServiceSentence, ...] = (
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
)  # fmt: skip

BEDROCK_ACTION_GROUPS: tuple[ServiceSentence, ...] = (
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
)  # fmt: skip
