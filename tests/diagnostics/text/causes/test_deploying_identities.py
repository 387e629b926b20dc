"""Tools that deploy: which identity makes the refused call, if the text shows that it is not the expected one."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from tests.support.texts.answers import answer_to

STORE = "operation error CloudFront KeyValueStore: {}, https response error StatusCode: 403, RequestID: 7b0f, {}"
CODE = (
    "{}\nApiFn AWS::Lambda::Function CREATE_FAILED Your access has been denied by S3, please make sure your request "
    "credentials have permission to GetObject for {}. S3 Error Code: AccessDenied. S3 Error Message: Access Denied"
)
BUILD = (
    "{}User: arn:aws:sts::111122223333:assumed-role/{} is not authorized to perform: {} on resource: {} because no "
    "identity-based policy allows the {} action"
)
VERSION = "arn:aws:ssm:eu-west-1:111122223333:parameter/cdk-bootstrap/hnb659fds/version"
STATE = """Error refreshing state: AccessDenied: Access Denied
The state bucket is in account 111122223333.
provider "aws" {{
  assume_role {{
    role_arn = "arn:aws:iam::444455556666:role/{}"
  }}
}}
terraform {{
  backend "s3" {{
    bucket = "a-state"
    {}
  }}
}}"""
TERRAGRUNT = (
    "Initializing remote state for the s3 backend\nAccessDenied: Access Denied\n\tstatus code: 403, request id: 5C\n"
)
NODE = (
    "argocd-server: An error occurred (AccessDenied) when calling the AssumeRole operation: User: "
    "arn:aws:sts::111122223333:assumed-role/prod-workers/i-0a1b2c3d4e5f60718 is not authorized to perform: "
    "sts:AssumeRole on resource: arn:aws:iam::111122223333:role/{}\nserviceAccount annotation "
    "eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/{}\n{}"
)

BOOTSTRAPPED = (
    "$ npx cdk bootstrap aws://111122223333/eu-west-1 --qualifier {}\n$ npx cdk deploy\nCould not assume role in "
    "target account: User: arn:aws:iam::111122223333:user/kim is not authorized to perform: sts:AssumeRole on "
    "resource: arn:aws:iam::111122223333:role/cdk-{}-deploy-role-111122223333-eu-west-1"
)
CREATED = (
    "creating S3 Bucket: AccessDenied: User: arn:aws:sts::111122223333:assumed-role/ci/tf is not authorized to "
    "perform: {0} on resource: arn:aws:s3:::a because no identity-based policy allows the {0} action\n"
    '{{"Statement": [{{"Effect": "Allow", "Action": "{0}", "Resource": "*", "Condition": {{"StringEquals": '
    '{{"aws:RequestTag/team": "web"}}}}}}]}}'
)
AUDIENCE = "InvalidIdentityToken: AssumeRoleWithWebIdentity: Incorrect token audience\noidc-provider/{}"
FLUX = (
    '{{"controller":"{}","controllerGroup":"{}","error":"AccessDeniedException: User: arn:aws:sts::111122223333:'
    "assumed-role/eks-node-group/i-0a1b2c3d4e5f60718 is not authorized to perform: ecr:GetAuthorizationToken on "
    'resource: * because no identity-based policy allows the ecr:GetAuthorizationToken action"}}\n'
    "kind: ServiceAccount\nmetadata:\n  name: source-controller\n  annotations:\n    "
    "eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/flux"
)
COPILOT = (
    "AccessDenied: User: arn:aws:iam::111122223333:user/ci is not authorized to perform: sts:AssumeRole on resource: "
    "arn:aws:iam::111122223333:role/{}"
)
PATHS = (
    "current credentials could not be used to assume 'arn:aws:iam::111122223333:role/{0}', but are for the right "
    "account. Proceeding anyway.\nAccessDenied: Access Denied\nlist-roles: arn:aws:iam::111122223333:role/infra/{0}"
)

TASK = (
    "ListObjectsV2: User: arn:aws:iam::111122223333:user/tower is not authorized to perform: s3:ListBucket on "
    "resource: arn:aws:s3:::a because no identity-based policy allows the s3:ListBucket action\n"
    "- sts_assume_role:\n    role_arn: arn:aws:iam::111122223333:role/reader\n  register: taken\n"
    "- amazon.aws.s3_object:\n    bucket: a\n    {}: tower\n  environment:\n"
    '    AWS_ACCESS_KEY_ID: "{{{{ taken.sts_creds.access_key }}}}"'
)
MANAGED = (
    "User: arn:aws:iam::111122223333:user/ci is not authorized to perform: cloudformation:DescribeStacks on resource: "
    "arn:aws:cloudformation:eu-west-1:111122223333:stack/{}/* because no identity-based policy allows the "
    "cloudformation:DescribeStacks action"
)
UPLOADED = (
    "User: arn:aws:iam::111122223333:user/ci is not authorized to perform: s3:PutObject on resource: arn:aws:s3:::{}/a "
    "with an explicit deny in a resource-based policy\n"
    '{{"Statement": [{{"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "*", "Condition": '
    '{{"StringNotEquals": {{"s3:x-amz-server-side-encryption-aws-kms-key-id": "arn:aws:kms:eu-west-1:1:key/k"}}}}}}]}}'
)
NO_PROVIDER = "InvalidIdentityToken: No OpenIDConnect provider found in your account for https://{}\n:oidc-provider/{}"
SUFFIXED = (
    "User: arn:aws:iam::111122223333:user/ci is not authorized to perform: iam:CreateRole on resource: "
    "arn:aws:iam::111122223333:role/{} because no identity-based policy allows the iam:CreateRole action\n"
    '{{"Statement": [{{"Effect": "Allow", "Action": "iam:CreateRole", "Resource": '
    '"arn:aws:iam::111122223333:role/worker"}}]}}'
)
BUCKET = 'Could not locate deployment bucket: "acme-artifacts". Error: {}'
HANDLED = "An error occurred: Site - API: s3:{} Access Denied.\nThe role has s3:PutObject and s3:{}."
OTHERS_POLICY = (
    "User: arn:aws:sts::111122223333:assumed-role/scale-ExecutionRole-1AB2CD3EF4GH/scale is not authorized to perform: "
    "ssm:GetParameter on resource: arn:aws:ssm:eu-west-1:111122223333:parameter/a because no identity-based policy "
    "allows the ssm:GetParameter action\nPolicy of {}:\n"
    '{{"Statement": [{{"Effect": "Allow", "Action": "ssm:GetParameter", "Resource": "*"}}]}}'
)

ANSWERED = (
    "$ AWS_PROFILE={} {}\nAccessDenied: User: arn:aws:iam::999988887777:user/kim is not authorized to perform: "
    "s3:CreateBucket on resource: arn:aws:s3:::a because no identity-based policy allows the s3:CreateBucket action\n"
    "$ aws sts get-caller-identity --profile dev\narn:aws:sts::111122223333:assumed-role/{}/kim"
)
CONFIGURED = (
    "$ AWS_PROFILE=box sls deploy\nAccessDenied: User: "
    "arn:aws:sts::111122223333:assumed-role/Runner/i-0a1b2c3d4e5f60718 is not authorized to perform: "
    "cloudformation:DescribeStacks on resource: arn:aws:cloudformation:eu-west-1:111122223333:stack/a/* because no "
    "identity-based policy allows the cloudformation:DescribeStacks action\n[profile box]\nrole_arn = "
    "arn:aws:iam::444455556666:role/Deploy\ncredential_source = Ec2InstanceMetadata\n{}"
)
PULLED = (
    "BUILD_CONTAINER_UNABLE_TO_PULL_IMAGE: pull access denied for 444455556666.dkr.ecr.eu-west-1.amazonaws.com/base: "
    "denied: User: arn:aws:sts::999900001111:assumed-role/codebuild/x is not authorized to perform: ecr:BatchGetImage "
    "on resource: arn:aws:ecr:eu-west-1:444455556666:repository/base because no resource-based policy allows the "
    'ecr:BatchGetImage action\nservice role web-build\nimage_pull_credentials_type = "{}"'
)
CUSTOM = "Custom{}LambdaFunction - The role defined for the function cannot be assumed by Lambda.\n  cfnRole: {}"
BOUNDED = (
    "User: arn:aws:sts::111122223333:assumed-role/deployer/AWSCloudFormation is not authorized to perform: "
    "iam:CreateRole on resource: arn:aws:iam::111122223333:role/{} because no identity-based policy allows the "
    'iam:CreateRole action\n{{"Statement": [{{"Effect": "Allow", "Action": "iam:CreateRole", "Resource": "*", '
    '"Condition": {{"StringEquals": {{"iam:PermissionsBoundary": "arn:aws:iam::111122223333:policy/b"}}}}}}]}}'
)

POD_IDENTITY = (
    "AssumeRoleWithWebIdentity: InvalidIdentityToken: Incorrect token audience\nweb_identity_token_file = "
    "/var/run/secrets/{}/serviceaccount/{}"
)
LOOKUP = (
    "{}current credentials could not be used to assume "
    "'arn:aws:iam::111122223333:role/cdk-hnb659fds-{}-role-111122223333-eu-west-1', but are for the right account. "
    "Proceeding anyway.\n[Error at /P/S] You are not authorized to perform this operation."
)
FLUX_PULL = (
    'controllerGroup":"source.toolkit.fluxcd.io" could not fetch tags for oci://111122223333.dkr.ecr.eu-west-1.amazonaws.com'
    "/a: response status code 401: Unauthorized\nkind: OCIRepository\nspec:\n  {}"
)
AGENT = "codedeploy-agent(2913): {}: Error during perform: Aws::S3::Errors::AccessDenied - Access Denied"
PASSED = (
    "{}\nAction failed: User: arn:aws:iam::111122223333:user/ci is not authorized to perform: iam:PassRole on "
    "resource: arn:aws:iam::111122223333:role/t because no identity-based policy allows the iam:PassRole action\n"
    '{{"Statement": [{{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*", "Condition": {{"StringEquals": '
    '{{"iam:PassedToService": "ec2.amazonaws.com"}}}}}}]}}'
)

ARTIFACTS = (
    "Deploy action of CodePipeline failed\nAccess Denied (Service: Amazon S3; Status Code: 403; Error Code: "
    "AccessDenied)\nRoleArn: arn:aws:iam::444455556666:role/{}\nartifact bucket shop-artifacts-1abc, "
    "arn:aws:kms:eu-west-1:{}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
)
ESC = (
    "{}: operation error STS: AssumeRoleWithWebIdentity, api error AccessDenied: Not authorized to perform "
    "sts:AssumeRoleWithWebIdentity\n"
    '{{"Statement": [{{"Effect": "Allow", "Principal": {{"Federated": '
    '"arn:aws:iam::111122223333:oidc-provider/api.pulumi.com/oidc"}}, "Action": "sts:AssumeRoleWithWebIdentity", '
    '"Condition": {{"StringLike": {{"api.pulumi.com/oidc:sub": "pulumi:{}"}}}}}}]}}\n(run by GitHub Actions)'
)

REGISTRY = (
    "docker.withRegistry('https://111122223333.dkr.ecr.eu-west-1.amazonaws.com', "
    "'ecr:eu-west-1:{}')\nAmazonECRException: User: arn:aws:{} is not authorized to perform: ecr:GetAuthorizationToken "
    "on resource: * because no identity-based policy allows the ecr:GetAuthorizationToken action"
)
BARE = (
    "AmazonS3Exception: Access Denied (Service: Amazon S3; Status Code: 403; Error Code: AccessDenied)\n"
    '{{"Statement": [{{"Effect": "Allow", "Action": {}, "Resource": "arn:aws:s3:::a/*"}}]}}'
)

KEYS = (
    "User: arn:aws:iam::999988887777:user/old is not authorized to perform: s3:ListBucket on resource: arn:aws:s3:::a "
    "because no {} policy allows the s3:ListBucket action\nrole-to-assume: arn:aws:iam::111122223333:role/deploy\n{}"
)
REUSED = (
    "Could not assume role with OIDC: Not authorized to perform sts:AssumeRoleWithWebIdentity\n"
    '"StringLike": {{"token.actions.githubusercontent.com:job_workflow_ref": "o/w/.github/workflows/d.yml@{}"}}\n'
    "uses: o/w/.github/workflows/d.yml@{}"
)
PUSHED = (
    "denied: User: arn:aws:sts::111122223333:assumed-role/cdk-hnb659fds-image-publishing-role-111122223333-eu-west-1/x "
    "is not authorized to perform: ecr:InitiateLayerUpload on resource: "
    "arn:aws:ecr:eu-west-1:111122223333:repository/cdk-{}-container-assets-111122223333-eu-west-1 because no "
    "identity-based policy allows the ecr:InitiateLayerUpload action"
)

NAMED = {
    "keys of the settings": (
        KEYS.format("identity-based", "The project's settings still have AWS_ACCESS_KEY_ID."),
        "and not the role deploy of account 111122223333 that the job names",
    ),
    "keys against a bucket's policy": (
        KEYS.format("resource-based", "AWS_ACCESS_KEY_ID is an old variable"),
        "keys in the environment come first",
    ),
    "another ref of a workflow": (REUSED.format("refs/heads/main", "v2"), "ends with @refs/tags/v2 or @refs/heads/v2"),
    "images of another qualifier": (PUSHED.format("shop"), "and the resource shop. Use one"),
    "the credentials of Jenkins": (
        REGISTRY.format("aws-ci", "iam::999988887777:user/old"),
        "The pipeline names the Jenkins credentials aws-ci",
    ),
    "no listing": (
        BARE.format('["s3:GetObject", "s3:PutObject"]'),
        "but not s3:ListBucket: most likely this action is missing",
    ),
    "artifacts of another account": (
        ARTIFACTS.format("deployer", "111122223333"),
        "(444455556666), the bucket policy must allow",
    ),
    "a deploy role of the CDK": (
        ARTIFACTS.format("cdk-hnb659fds-deploy-role-444455556666-eu-west-1", "111122223333"),
        "the artifact bucket shop-artifacts-1abc or its key arn:aws:kms",
    ),
    "a typographic apostrophe": (
        "The service role or action role doesn\u2019t have the permissions required to access the Amazon S3 bucket "
        "named a1b.",
        "is not allowed to use the artifact bucket a1b",
    ),
    "an environment of Pulumi": (
        ESC.format("failed to resolve environment", "deploy:org:acme:*"),
        "an environment of Pulumi ESC sends its own",
    ),
    "Terraform's time in a name": (
        SUFFIXED.format("app-20260210093011223300000001"),
        '"Resource": "arn:aws:iam::111122223333:role/app-*"',
    ),
    "Pod Identity's token": (
        POD_IDENTITY.format("pods.eks.amazonaws.com", "eks-pod-identity-token"),
        "only its agent exchanges it",
    ),
    "a synth step": (LOOKUP.format("[Container] 2026/02/26 03:58:06 cdk synth\n", "lookup"), "commit cdk.context.json"),
    "Flux without a provider": (FLUX_PULL.format("url: oci://x"), "the OCIRepository in the text has no provider: aws"),
    "Flux with a provider": (FLUX_PULL.format("provider: aws"), "look in the controller's log"),
    "the agent of CodeDeploy": (
        AGENT.format("InstanceAgent::Plugins::CodeDeployPlugin::CommandPoller"),
        "with the role of the instance profile",
    ),
    "a role passed to ECS": (PASSED.format("Deploy to ECS"), "Add ecs-tasks.amazonaws.com to iam:PassedToService"),
    "keys before a profile": (ANSWERED.format("dev", "terraform apply", "Dev"), "come before AWS_PROFILE: unset them"),
    "keys before SST's profile": (ANSWERED.format("dev", "npx sst deploy", "Dev"), "set providers.aws.profile to dev"),
    "a profile that only the CLI takes": (
        CONFIGURED.format("aws s3 ls --profile box works"),
        "but does not evaluate that profile",
    ),
    "CodeBuild's own credentials": (
        PULLED.format("CODEBUILD"),
        "not with the project's service role web-build. Set imagePullCredentialsType to SERVICE_ROLE",
    ),
    "Serverless's own function": (
        CUSTOM.format("DashresourceDashexistingDashs3", "x"),
        "Serverless's own, for a custom",
    ),
    "a role of the CDK": (BOUNDED.format("a-CustomCDKBucketDeployment8-vSx1"), "@aws-cdk/core:permissionsBoundary"),
    "another role of the CDK": (BOUNDED.format("a-LogRetentionaae0-1XY"), "outside your constructs"),
    "a task's own profile": (TASK.format("profile"), "Remove profile from the task"),
    "a task's older profile": (TASK.format("aws_profile"), "not the role reader that sts_assume_role took"),
    "SAM's own stack": (MANAGED.format("aws-sam-cli-managed-default"), "--s3-bucket BUCKET --no-resolve-s3"),
    "the key of Serverless's bucket": (
        UPLOADED.format("web-dev-serverlessdeploymentbucket-1ab2"),
        "sseKMSKeyId to the key's ARN",
    ),
    "a renamed workspace": (
        NO_PROVIDER.format(
            "api.bitbucket.org/2.0/workspaces/new/x/oidc", "api.bitbucket.org/2.0/workspaces/old/x/oidc"
        ),
        "but the token comes from api.bitbucket.org/2.0/workspaces/new/x/oidc",
    ),
    "a new cluster": (
        NO_PROVIDER.format("oidc.eks.eu-west-1.amazonaws.com/id/AB12", "oidc.eks.eu-west-1.amazonaws.com/id/CD34"),
        "create a provider for https://oidc.eks.eu-west-1.amazonaws.com/id/AB12",
    ),
    "Pulumi's suffix": (SUFFIXED.format("worker-9c01d2e"), '"Resource": "arn:aws:iam::111122223333:role/worker-*"'),
    "CloudFormation's suffix": (SUFFIXED.format("worker-1AB2CD3EF4GH"), "role/worker-*"),
    "a deployment bucket": (BUCKET.format("Access Denied"), "s3:GetBucketLocation (version 4: s3:ListBucket)"),
    "a deployment bucket in version 4": (BUCKET.format("Forbidden"), "s3:GetBucketLocation (version 4"),
    "an operation of Java": (
        HANDLED.format("SetBucketEncryption", "SetBucketEncryption"),
        "because it is the name of an API call, not an IAM action",
    ),
    "another operation of Java": (HANDLED.format("SetBucketTagging", "GetObject"), "not s3:PutBucketTagging"),
    "what another role was given": (
        OTHERS_POLICY.replace("Policy of {}", "I've granted the {} access").format("scale-agent-role"),
        "Otherwise attach the policy to scale-Exec",
    ),
    "the policy of another role": (
        OTHERS_POLICY.format("scale-agent-role"),
        "is attached to scale-agent-role, not to scale-Exec",
    ),
    "another qualifier": (BOOTSTRAPPED.format("web1", "hnb659fds"), "bootstrapQualifier to web1 in cdk.json"),
    "a tag that comes later": (CREATED.format("s3:CreateBucket"), "in CreateBucket only since 6.23.0"),
    "CircleCI's audience": (AUDIENCE.format("oidc.circleci.com/org/1a2b-3c"), "have the audience 1a2b-3c, unless"),
    "Terraform's audience": (AUDIENCE.format("app.terraform.io"), "have the audience aws.workload.identity"),
    "another controller of Flux": (
        FLUX.format("imagerepository", "image.toolkit.fluxcd.io"),
        "Annotate the service account image-reflector-controller",
    ),
    "Copilot's role": (COPILOT.format("web-test-EnvManagerRole"), "allow the caller sts:AssumeRole on this role's ARN"),
    "a bootstrap role below a path": (
        PATHS.format("cdk-hnb659fds-deploy-role-111122223333-eu-west-1"),
        "set deployRoleArn, cloudFormationExecutionRole",
    ),
    "a store of CloudFront": (
        STORE.format("UpdateKeys", "AccessDeniedException: Authentication failed"),
        "from a Regional STS endpoint",
    ),
    "boto3 and the store": (
        "An error occurred (AccessDeniedException) when calling the ListKeys operation: Authentication failed\n"
        "client = boto3.client('cloudfront-keyvaluestore')\nAccessDeniedException: Authentication failed",
        "no permission is missing",
    ),
    "an artifact of a pipeline": (
        CODE.format("", "shop-pipelineartifactsbucket22248f97-1abc/ShopPipeline/Build_Outp/q7Wk2Lx"),
        "with the role of the stack",
    ),
    "CodePipeline's own bucket": (
        CODE.format("", "codepipeline-eu-west-1-123456789/web/BuildArtif/q7Wk2Lx"),
        "with the role of the stack",
    ),
    "Amplify's role for logs": (
        BUILD.format(
            "", "AmplifySSRLoggingRole-d1a2b3c4d5e6f/BuildSession", "ssm:GetParameter", VERSION, "ssm:GetParameter"
        ),
        "which is only for logs: choose one with AmplifyBackendDeployFullAccess",
    ),
    "another role of an Amplify build": (
        BUILD.format(
            "npx ampx pipeline-deploy\n", "web-svc/BuildSession", "ssm:GetParameter", VERSION, "ssm:GetParameter"
        ),
        "The build uses the app's service role web-svc",
    ),
    "a backend without a role": (
        STATE.format("tf-deploy", 'region = "eu-west-1"'),
        "Add assume_role with a role of 1111",
    ),
    "Terragrunt": (TERRAGRUNT, "set iam_role in terragrunt.hcl"),
    "a node instead of a pod": (
        NODE.format("argocd-deployer", "argocd-management", ""),
        "The pod uses its node's role",
    ),
}
OTHERS = {
    "no keys": (KEYS.format("identity-based", "AWS_ACCESS_KEY_ID is empty"), "that the job names"),
    "the accepted ref": (REUSED.format("refs/tags/v*", "v2"), "The trust policy accepts the reusable workflow"),
    "images of the same qualifier": (PUSHED.format("hnb659fds"), "Two bootstrap stacks are mixed"),
    "a role in Jenkins": (
        REGISTRY.format("aws-ci", "sts::111122223333:assumed-role/jenkins/i-0a1b2c3d4e5f60718"),
        "the Jenkins credentials",
    ),
    "a listing": (BARE.format('["s3:GetObject", "s3:ListBucket"]'), "but not s3:ListBucket"),
    "artifacts of the same account": (ARTIFACTS.format("deployer", "444455556666"), "the bucket policy must allow"),
    "a deployment of Pulumi": (ESC.format("update failed", "deploy:org:acme:*"), "Pulumi ESC"),
    "no subject of GitHub": (ESC.format("esc run", "environments:org:acme:*"), "repo:OWNER/REPO"),
    "a date in a name": (SUFFIXED.format("app-20260210"), "role/app-*"),
    "a pod's web identity": (POD_IDENTITY.format("eks.amazonaws.com", "token"), "only its agent exchanges it"),
    "a deploy role": (
        LOOKUP.format("[Container] 2026/02/26 03:58:06 cdk deploy\n", "deploy"),
        "commit cdk.context.json",
    ),
    "a lookup at home": (LOOKUP.format("", "lookup"), "The role of the build project"),
    "another agent": ("backup-agent: Aws::S3::Errors::AccessDenied - Access Denied", "CodeDeploy"),
    "a role passed to something": (PASSED.format("Deploy the app"), "ecs-tasks.amazonaws.com"),
    "another profile's identity": (ANSWERED.format("prod", "terraform apply", "Dev"), "come before AWS_PROFILE"),
    "a profile that fails everywhere": (
        CONFIGURED.format("aws s3 ls --profile box fails"),
        "does not evaluate that profile",
    ),
    "the service role's credentials": (PULLED.format("SERVICE_ROLE"), "its own credentials"),
    "the author's function": (CUSTOM.format("erOrders", "x"), "Serverless's own"),
    "the author's role": (BOUNDED.format("a-ApiRole-1XY"), "outside your constructs"),
    "a task's region": (TASK.format("region"), "Remove profile from the task"),
    "a stack of the author": (MANAGED.format("sam-web"), "--no-resolve-s3"),
    "the key of another bucket": (UPLOADED.format("web-dev-uploads"), "sseKMSKeyId"),
    "a provider of another host": (
        NO_PROVIDER.format("gitlab.example.com/a", "token.actions.githubusercontent.com/b"),
        "but the token comes from",
    ),
    "a name that is meant": (SUFFIXED.format("worker-staging"), "role/worker-*"),
    "a missing deployment bucket": (BUCKET.format("The specified bucket does not exist"), "s3:GetBucketLocation"),
    "the policy of the same role": (
        OTHERS_POLICY.format("scale-ExecutionRole-1AB2CD3EF4GH"),
        "these are two roles",
    ),
    "the same qualifier": (BOOTSTRAPPED.format("web1", "web1"), "bootstrapQualifier"),
    "a tag of another call": (CREATED.format("s3:PutBucketTagging"), "only since 6.23.0"),
    "GitHub's audience": (AUDIENCE.format("token.actions.githubusercontent.com"), "have the audience"),
    "the annotated controller": (FLUX.format("helmchart", "source.toolkit.fluxcd.io"), "Annotate the service account"),
    "a role of nobody's environment": (COPILOT.format("web-test-Manager"), "Copilot"),
    "a store without permission": (
        STORE.format("PutKey", "AccessDeniedException: User is not authorized to perform this action"),
        "SigV4A",
    ),
    "another service": ("DescribeTable AccessDeniedException: Authentication failed", "SigV4A"),
    "code of nobody's pipeline": (CODE.format("", "acme-code/releases/api-1.4.2.zip"), "with the role of the stack"),
    "another session": (
        BUILD.format("", "web-svc/BuildSession", "s3:GetObject", "arn:aws:s3:::a/b", "s3:GetObject"),
        "AmplifyBackendDeployFullAccess",
    ),
    "a backend with a profile": (STATE.format("tf-deploy", 'profile = "state"'), "names no role"),
    "a proxy of the metadata service": (
        NODE.format("argocd", "argocd", "kube2iam logs"),
        "The pod uses its node's role",
    ),
}


@pytest.mark.parametrize(("text", "words"), NAMED.values(), ids=NAMED)
def test_the_identity_is_named(text: str, words: str) -> None:
    assert words in " ".join(answer_to(text).split())


@pytest.mark.parametrize(("text", "words"), OTHERS.values(), ids=OTHERS)
def test_similar_texts_do_not_get_it(text: str, words: str) -> None:
    assert words not in " ".join(answer_to(text).split())


@pytest.mark.parametrize("whose", ["I gave my own IAM user {}.", "our deploy user has {} attached"])
def test_a_users_policy_is_not_the_sessions(whose: str) -> None:
    from diagnostics.diagnose import collect_offline, read_text

    text = BUILD.format("", "web-svc/job", "ssm:GetParameter", VERSION, "ssm:GetParameter")
    (failure,) = read_text(f"{text}\n{whose.format('AdministratorAccess')}")
    assert not any(step.title == "The policy in the text" for step in collect_offline(failure).steps)


def test_a_policy_that_a_tool_asks_for_is_not_in_effect() -> None:
    from diagnostics.diagnose import collect_offline, read_text

    text = BUILD.format("", "ci-web/kim", "ssm:GetParameter", VERSION, "ssm:GetParameter")
    asked = "Resolution: Ensure that AWS credentials have an IAM policy that grants read access to"
    (failure,) = read_text(f"{text}\n{asked} 'arn:aws:ssm:*:*:parameter/cdk-bootstrap/*' SSM parameters.")
    assert not any(step.title == "The policy in the text" for step in collect_offline(failure).steps)


def test_the_call_that_a_message_names_is_no_name_in_a_policy() -> None:
    text = (
        "Error:\nAPI: s3:SetBucketEncryption Access Denied\n\nThe EC2 instance role has these managed policies:\n"
        "1) AdministratorAccess\n2) AmazonSSMManagedInstanceCore\n"
    )
    summary = collect_offline(read_text(text)[0]).verdict.summary
    assert "name of an API call" not in summary and "AdministratorAccess" in summary
