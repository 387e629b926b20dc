"""Further permissions that Lambda, Step Functions, APIs, Bedrock and SageMaker need."""

from __future__ import annotations

from diagnostics.text.causes.denials.service_fact_row import DOCS, SAR, Known, known_row

FUNCTIONS: tuple[Known, ...] = (
    known_row(
        r"lambda:(?:create|update|delete|get|list)eventsourcemapping\w*$",
        r"",
        'To create and list event source mappings, Resource must be "*"; limit it with the condition '
        "lambda:FunctionArn. The function's execution role needs the permissions on the source.",
        f"{DOCS}/lambda/latest/dg/lambda-api-permissions-ref.html",
    ),
    known_row(
        r"ec2:(?:createnetworkinterface|describenetworkinterfaces|deletenetworkinterface|describesubnets|assignprivateipaddresses)$",
        r"AWSLambdaVPCAccess|invokedBy\W{1,5}lambda\.amazonaws|execution role does not have permissions to call",
        "A function in a VPC needs these actions in its execution role (AWSLambdaVPCAccessExecutionRole), "
        'with Resource "*". Whoever creates it needs ec2:DescribeSecurityGroups, DescribeSubnets and '
        "DescribeVpcs.",
        f"{DOCS}/lambda/latest/dg/configuration-vpc.html",
    ),
    known_row(
        r"lambda:getlayerversion$",
        r"",
        "To use a layer of another account, allow lambda:GetLayerVersion twice: in the caller's policies on the layer "
        "version's ARN (with its number), and in the layer version's own policy.",
        f"{DOCS}/lambda/latest/dg/permissions-layer-cross-account.html",
    ),
    known_row(
        r"serverlessrepo:(?:create|get)(?:cloudformation|application$)",
        r"",
        "The caller who deploys needs this action on the application's ARN, also for another account's public "
        "application; an AWS::Serverless::Application usually needs serverlessrepo:CreateCloudFormationTemplate and "
        "GetCloudFormationTemplate. The publisher must share the application only if it is not public.",
        f"{DOCS}/serverlessrepo/latest/devguide/access-control-resource-based.html",
    ),
    known_row(
        r"lambda:invokefunctionurl$",
        r"",
        "Calling a function URL needs lambda:InvokeFunctionUrl and, for URLs made since October 2025, also "
        "lambda:InvokeFunction. Another account's function must allow both in its own policy.",
        f"{DOCS}/lambda/latest/dg/urls-auth.html",
    ),
    known_row(
        r"states:invokehttpendpoint$|events:retrieveconnectioncredentials$",
        r"",
        "An HTTP task needs three things in the state machine's role: states:InvokeHTTPEndpoint, "
        "events:RetrieveConnectionCredentials on the connection, and secretsmanager:GetSecretValue and "
        "DescribeSecret on the connection's secret.",
        f"{DOCS}/step-functions/latest/dg/call-https-apis.html",
    ),
    known_row(
        r"events:(?:putrule|puttargets|describerule)$",
        r"StepFunctionsGetEvents|managed[- ]rule",
        "Step Functions waits for .sync tasks through a rule that it manages: the state machine's role needs "
        "events:PutTargets, events:PutRule and events:DescribeRule on rule/StepFunctionsGetEventsFor….",
        f"{DOCS}/step-functions/latest/dg/service-integration-iam-templates.html",
    ),
    known_row(
        r"execute-api:invoke$",
        r"\barn:aws[\w-]*:execute-api",
        "The resource is arn:aws:execute-api:REGION:ACCOUNT:API-ID/STAGE/METHOD/PATH. Another account's API "
        "needs both: this action in the caller's policies, and the API's resource policy (deployed again "
        "after a change).",
        f"{DOCS}/apigateway/latest/developerguide/apigateway-authorization-flow.html",
    ),
    known_row(
        r"appsync:graphql$",
        r"",
        "AppSync checks each field: allow appsync:GraphQL on apis/API-ID/types/Query/fields/NAME (or "
        "apis/API-ID/*), and let the field use IAM (@aws_iam) where the API's default is another mode.",
        f"{DOCS}/appsync/latest/devguide/security-authz.html",
    ),
    known_row(
        r"bedrock:invokeagent$",
        r"",
        "bedrock:InvokeAgent is checked on the alias: agent-alias/AGENT-ID/ALIAS-ID, and not on agent/….",
        f"{SAR}/list_amazonbedrock.html",
    ),
    known_row(
        r"bedrock:(?:retrieve|retrieveandgenerate)$",
        r"",
        "Allow bedrock:Retrieve on the knowledge base, and for RetrieveAndGenerate also "
        'bedrock:RetrieveAndGenerate on "*". The model or inference profile that writes the answer may need '
        "bedrock:InvokeModel too.",
        f"{DOCS}/bedrock/latest/userguide/knowledge-base-prereq-permissions-general.html",
    ),
    known_row(
        r"bedrock:invokemodel(?:withresponsestream)?$",
        r"assumed-role/AmazonBedrockExecutionRoleFor",
        "An agent or knowledge base calls models with its own service role: allow that role to perform "
        "bedrock:InvokeModel on the model, and on the inference profile if it uses one. Its trust policy must name "
        "bedrock.amazonaws.com.",
        f"{DOCS}/bedrock/latest/userguide/agents-permissions.html",
    ),
    known_row(
        r"sagemaker:createpresigneddomainurl$",
        r"",
        "The URL is for a user profile: allow sagemaker:CreatePresignedDomainUrl on "
        "user-profile/DOMAIN-ID/PROFILE, and not on the domain.",
        f"{SAR}/list_amazonsagemaker.html",
    ),
    known_row(
        r"sagemaker:addtags$",
        r"",
        "Studio, Canvas and pipelines tag the resources that they create: allow the Create action and "
        "sagemaker:AddTags on the resource.",
        f"{DOCS}/sagemaker/latest/dg/security_iam_id-based-policy-examples.html",
    ),
)
