"""What the text states comes first, and nothing is said that the text contradicts."""

from __future__ import annotations

import re

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.diagnosis import Diagnosis
from diagnostics.failure import Denial
from diagnostics.text.answer.denial.reason_of_service import own_words
from diagnostics.text.causes.denials.programs import PROGRAMS, program_in
from diagnostics.text.read.identities.call_settings import around
from diagnostics.text.read.messages.stated_reasons import stated_in
from tests.support.texts.first_look import TEXTS as SAMPLES
from tests.support.texts.first_look import answered
from tests.support.texts.sentences import TEXTS as SENTENCES

ROLE = "arn:aws:sts::444455556666:assumed-role"
IAM = "arn:aws:iam::444455556666"


def diagnosed(text: str) -> Diagnosis:
    (failure,) = read_text(text)
    return collect_offline(failure)


def causes(text: str) -> list[str]:
    return [look.cause for look in diagnosed(text).first_look]


def refused(who: str, action: str, on: str, why: str = "") -> str:
    return f"User: {who} is not authorized to perform: {action} on resource: {on} {why}".strip()


DENY = "with an explicit deny in an identity-based policy"
DENIED = [
    refused(f"{ROLE}/w/x", action, on, why)
    for action, on in (
        ("iam:PassRole", f"{IAM}:role/fn"),
        ("ec2:RunInstances", "arn:aws:ec2:eu-west-1:444455556666:subnet/subnet-0a"),
        ("ec2:CreateTags", "arn:aws:ec2:eu-west-1:444455556666:instance/*"),
        ("kms:Decrypt", "arn:aws:kms:eu-west-1:444455556666:key/1"),
        ("sts:TagSession", f"{IAM}:role/a"),
        ("bedrock:InvokeModel", "arn:aws:bedrock:eu-west-1::foundation-model/m"),
        ("ecr:GetAuthorizationToken", "*"),
        ("dynamodb:Query", "arn:aws:dynamodb:eu-west-1:444455556666:table/t/index/i"),
    )
    for why in (DENY, "with an explicit deny")
]


@pytest.mark.parametrize("text", DENIED)
def test_under_an_explicit_deny_no_look_asks_for_an_allow(text: str) -> None:
    found = causes(text)
    assert found
    assert not [cause for cause in found if re.search(r"\ballow (?!it there)|lacks the action|must allow", cause)]


@pytest.mark.parametrize("kind", ["permissions boundary", "VPC endpoint policy", "session policy"])
def test_a_deny_of_a_guardrail_is_called_a_deny(kind: str) -> None:
    text = refused(f"{ROLE}/w/x", "s3:GetObject", "arn:aws:s3:::m/a", f"with an explicit deny in a {kind}")
    assert re.search(r"\b[Dd]en(?:y|ies)\b", " ".join(causes(text)))
    assert not [cause for cause in causes(text) if "does not allow" in cause or "lacks" in cause]


@pytest.mark.parametrize("session", ["AWSCodeBuild-1f", "i-0123456789abcdef0"])
def test_an_image_that_no_task_pulls_is_no_execution_roles(session: str) -> None:
    said = refused(f"{ROLE}/build/{session}", "ecr:BatchGetImage", "arn:aws:ecr:eu-west-1:444455556666:repository/ci")
    found = causes(f"CannotPullContainerError: 444455556666.dkr.ecr.eu-west-1.amazonaws.com/ci: denied: {said}")
    assert not [cause for cause in found if "This is the task's execution role" in cause or "not logged in" in cause]


def test_a_model_without_a_region_is_a_global_profiles() -> None:
    model = refused(f"{ROLE}/w/x", "bedrock:InvokeModel", "arn:aws:bedrock:::foundation-model/m", DENY)
    assert "aws:RequestedRegion" in causes(model)[0]
    assert "no Region" in causes(model)[0]
    assert "no Region" not in causes(model.replace("bedrock:::", "bedrock:eu-west-1::"))[0]


@pytest.mark.parametrize(
    ("text", "said", "unsaid"),
    [
        # The caller is a user: no session's tags.
        (refused(f"{IAM}:user/ci", "sts:TagSession", f"{IAM}:role/a"), "sts:TagSession", "Pod Identity"),
        (refused(f"{ROLE}/ci/GitHubActions", "sts:TagSession", f"{IAM}:role/a"), "role-skip-session-tagging", "Pod"),
        (refused(f"{ROLE}/ci/eks-a-b-0a1b", "sts:TagSession", f"{IAM}:role/a"), "Pod Identity", "GitHub"),
        # The caller is a session of the role: it exists.
        (
            refused(f"{ROLE}/dns/x", "sts:AssumeRole", f"{IAM}:role/dns"),
            "already a session of this role",
            "whether the role exists",
        ),
        (refused(f"{ROLE}/dns/x", "sts:AssumeRole", f"{IAM}:role/web"), "whether the role exists", "already"),
        # ECS starts the task: the execution role.
        (
            "ResourceInitializationError: unable to pull secrets: "
            + refused(
                f"{ROLE}/app-exec/0a1b2c3d4e5f60718293",
                "ssm:GetParameters",
                "arn:aws:ssm:eu-west-1:444455556666:parameter/a",
            ),
            "execution role",
            "The two are easily confused",
        ),
        (
            refused(f"{ROLE}/app/{'0a' * 16}", "s3:GetObject", "arn:aws:s3:::m/a"),
            "The two are easily confused",
            "execution role lacks",
        ),
        # A parameter's name that is none.
        (
            refused(f"{ROLE}/w/x", "ssm:GetParameters", "arn:aws:ssm:eu-west-1:444455556666:*"),
            "not the ARN of a parameter",
            "one slash",
        ),
    ],
)
def test_a_look_that_the_text_excludes_is_left_out(text: str, said: str, unsaid: str) -> None:
    found = " ".join(causes(text))
    assert said in found
    assert unsaid not in found


@pytest.mark.parametrize("service", ["sqs:SendMessage", "sns:Publish"])
def test_a_resource_policy_that_the_text_names_comes_before_other_credentials(service: str) -> None:
    on = f"arn:aws:{service.partition(':')[0]}:eu-west-1:444455556666:q"
    looks = diagnosed(
        refused(
            "arn:aws:iam::777788889999:user/D.X",
            service,
            on,
            f"because no resource-based policy allows the {service} action",
        )
    ).first_look
    assert "resource's own policy" in looks[0].cause
    assert "aws:SourceArn" not in looks[0].cause  # a user calls, and no service delivers
    assert looks[0].check
    assert ("queue-url https://sqs.eu-west-1.amazonaws.com/444455556666/q" in looks[0].check) == ("sqs" in service)


@pytest.mark.parametrize("action", ["states:ValidateStateMachineDefinition", "kms:GenerateDataKey"])
def test_a_stated_kind_of_policy_is_the_only_cause(action: str) -> None:
    on = f"arn:aws:{action.partition(':')[0]}:eu-west-1:444455556666:x/y"
    (found,) = causes(
        refused(f"{IAM}:user/mo", action, on, f"because no identity-based policy allows the {action} action")
    )
    assert found.startswith("None of the caller's identity-based policies allows")


def test_the_callers_policies_come_before_another_account_and_no_trust_policy_is_blamed() -> None:
    said = "because no identity-based policy allows the sts:AssumeRole action"
    (found,) = causes(refused(f"{ROLE}/ci/x", "sts:AssumeRole", "arn:aws:iam::777788889999:role/deploy", said))
    assert "caller's policies do not allow" in found
    assert "another account, 777788889999: its trust policy must allow the caller, too" in found


def test_a_request_without_a_signature_comes_before_the_resources_policy() -> None:
    text = "User: anonymous is not authorized to perform: es:ESHttpGet because no resource-based policy allows it"
    assert "without a signature" in causes(text)[0]


@pytest.mark.parametrize(
    ("text", "profile", "region", "options"),
    [
        ("$ AWS_PROFILE=gov aws sts get-caller-identity", "gov", None, ()),
        ("aws rds create-db-instance --engine postgres \\\n  --no-storage-encrypted --region eu-west-1", None,
         "eu-west-1", ("--engine postgres", "--no-storage-encrypted")),
        ("copilot env init --name a --profile $AWS_PROFILE", None, None, ()),
        ("the profile of the user says nothing", None, None, ()),
    ],
)  # fmt: skip
def test_the_command_above_is_read(
    text: str, profile: str | None, region: str | None, options: tuple[str, ...]
) -> None:
    read = around(text)
    assert (read.profile.value if read.profile else None) == profile
    assert (read.region.value if read.region else None) == region
    assert read.options == options
    assert (read.profile_option is not None) == ("--profile" in text)


OIDC = "Could not assume role with OIDC: Not authorized to perform sts:AssumeRoleWithWebIdentity"
SUBJECT = '"token.actions.githubusercontent.com:sub": "repo:acme/shop:{}"'


@pytest.mark.parametrize(
    ("job", "trusted", "wanted"),
    [
        ("  environment: staging\n", "ref:refs/heads/main", "repo:acme/shop:environment:staging"),
        ("  environment:\n    name: staging\n", "pull_request", "repo:acme/shop:environment:staging"),
        ("  environment: staging\n", "environment:prod", None),
        ("  runs-on: ubuntu-latest\n", "ref:refs/heads/main", None),
    ],
)
def test_a_jobs_environment_gives_the_subject(job: str, trusted: str, wanted: str | None) -> None:
    first = causes(f"{OIDC}\n\njobs:\n  deploy:\n  {job}\n{SUBJECT.format(trusted)}")[0]
    assert (f"subject is {wanted}" in first) if wanted else ("The job uses" not in first)


@pytest.mark.parametrize("code", ["InvalidIdentityTokenException:", "InvalidIdentityToken"])
def test_one_error_has_one_verdict_and_no_looks_for_a_refusal_without_reason(code: str) -> None:
    text = (
        f"{code}\nAn error occurred (InvalidIdentityToken) when calling the AssumeRoleWithWebIdentity operation: No "
        "OpenIDConnect provider found in your account for https://i.example/a"
    )
    diagnosis = diagnosed(text)
    assert diagnosis.verdict.cause == "trust.provider-missing"
    assert "exactly this issuer" in diagnosis.first_look[0].cause
    assert not [look for look in diagnosis.first_look if "no reason" in look.because.text]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('CredentialsEndpointError: invalid endpoint host, "169.254.170.23", only loopback hosts are allowed.', "Pod"),
        ('invalid endpoint host, "10.0.0.7", only loopback hosts are allowed', "refuses the address"),
        ("IncompleteSignature: The request signature does not conform to AWS standards.", "malformed"),
        ("get credentials: failed to refresh cached credentials, no EC2 IMDS role found", "metadata service"),
        (
            "NoCredentialProviders: EC2RoleRequestError: no EC2 instance role found caused by: EC2MetadataError",
            "metadata",
        ),
    ],
)
def test_a_credential_chain_says_where_it_looked(text: str, said: str) -> None:
    diagnosis = diagnosed(text)
    shown = f"{diagnosis.verdict.summary} {' '.join(look.cause for look in diagnosis.first_look)}"
    assert said in shown or "instance profile" in shown


def test_a_partitions_keys_may_also_have_gone_to_another_partitions_endpoint() -> None:
    said = "InvalidClientTokenId: The security token included in the request is invalid."
    text = f"AWS_REGION=us-gov-east-1 AWS_PROFILE=gov x\n{said}"
    diagnosis = diagnosed(text)
    assert "called endpoint belong to different partitions" in diagnosis.verdict.summary
    assert "--profile gov" in str(diagnosis.fixes[0])


@pytest.mark.parametrize(
    "said",
    [
        "the server has asked for the client to provide credentials",
        "You must be logged in to the server (Unauthorized)",
    ],
)
def test_a_clusters_401_is_not_iams(said: str) -> None:
    text = f"Added new context arn:aws:eks:eu-west-1:444455556666:cluster/shop to /root/.kube/config\nerror: {said}"
    diagnosis = diagnosed(text)
    assert diagnosis.verdict.cause == "not-iam"
    assert "access entry" in diagnosis.first_look[0].cause
    assert diagnosis.first_look[0].check == "aws eks list-access-entries --cluster-name shop --region eu-west-1"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "An error occurred (AccessDenied) when calling the StartJob operation: The job role does not have the tag "
            "team",
            "tag team",
        ),
        ("AccessDeniedException: The workspace requires an owner that is not suspended", "owner that is not"),
        (
            "AccessDeniedException when calling the StartJob operation: Verify that the job's tags fit the team's",
            "Verify that the job's tags",
        ),
    ],
)
def test_a_reason_in_words_of_its_own_is_quoted(text: str, words: str) -> None:
    summary = diagnosed(text).verdict.summary
    assert words in summary
    assert not BARE.search(summary)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_a_program_has_its_page_and_its_date(program: object) -> None:
    assert program.pages  # type: ignore[attr-defined]
    assert all(re.fullmatch(r"https://\S+", page) for page in program.pages)  # type: ignore[attr-defined]
    assert re.fullmatch(r"20\d\d-\d\d-\d\d|", program.retrieved)  # type: ignore[attr-defined]


KNOWN: list[tuple[str, str, str | None]] = [
    ("[output:s3:s3.1] PutObject API responded with error='AccessDenied'", "s3:putobject", "Fluent Bit"),
    ("Warning FailedDeployModel ingress", "elasticloadbalancing:createrule", "The AWS Load Balancer Controller"),
    ('logger="controller.provisioner" karpenter.sh/nodepool', "ec2:createfleet", "Karpenter"),
    ("karpenter: zonal shift", "arc-zonal-shift:getmanagedresource", "Karpenter"),
    ("external-dns: records retrieval failed", "route53:listhostedzones", "ExternalDNS"),
    (
        "assumed-role/blueprint-awslbcontroller/17300",
        "elasticloadbalancing:describelisteners",
        "The AWS Load Balancer Controller",
    ),
    ('{"controller":"service","name":"edge"}', "elasticloadbalancing:addtags", "The AWS Load Balancer Controller"),
    ("aws-load-balancer-controller", "acm:requestcertificate", "The AWS Load Balancer Controller"),
    ("aws-load-balancer-controller", "globalaccelerator:listaccelerators", "The AWS Load Balancer Controller"),
    ("aws-load-balancer-controller", "sts:assumerole", "The AWS Load Balancer Controller"),
    ("userAgent: amazon-vpc-cni-k8s/v1.22", "ec2:describesubnets", "The VPC CNI plugin"),
    ("pod/aws-node-termination-handler-x2x", "ec2:describeinstances", "The node termination handler"),
    ("assumed-role/KarpenterControllerRole-shop/17300", "ec2:createfleet", "Karpenter"),
    ("role KarpenterControllerRole-shop", "iam:createrole", None),
    ("assumed-role/KarpenterNodeRole-shop/i-0abc", "ec2:describeinstances", None),
    ("EC2NodeClass default", "ec2:createlaunchtemplate", None),
    ("NodeClass default", "ec2:createlaunchtemplate", "EKS Auto Mode"),
    ("external-dns", "dynamodb:putitem", None),
    ("kustomize-controller decryption failed", "kms:decrypt", "Flux"),
    ("kops-controller", "ec2:describeinstances", None),
    ("kops update cluster", "ec2:describeinstances", "kOps"),
    ("amazon-ssm-agent", "ssm:putparameter", None),
    ("amazon-ssm-agent", "ssm:listassociations", "The SSM agent"),
    ("efs-csi-node", "elasticfilesystem:clientmount", None),
    ("daemonset.apps/aws-node", "ec2:describeinstances", "The VPC CNI plugin"),
    ("Error reading state store", "s3:getobject", None),
    ('Unable to list objects in S3 bucket "state" with prefix "env:/"', "s3:listbucket", "Terraform's S3 backend"),
    ("ClusterSecretStore shared", "ssm:getparameter", "External Secrets"),
    ("ResourceInitializationError: failed to validate logger args", "logs:createlogstream", "ECS"),
    ("mount-s3 mp-x7x mountpoint_s3::cli", "s3:listbucket", None),
    ("mount-s3 s3-csi-node-x2x", "s3:listbucket", "The Mountpoint for Amazon S3 CSI driver"),
    ("policy KarpenterControllerNodeLifecyclePolicy-shop", "iam:createpolicy", None),
    ("ASG tag (k8s.io/cluster-autoscaler/enabled)", "autoscaling:createorupdatetags", None),
    ("Error unlocking S3 state. Lock ID: 1-2", "dynamodb:getitem", "Terraform's S3 backend"),
    ("TriggerAuthentication queue of worker", "sts:assumerole", "KEDA"),
    ("mimir-ingester-0 caller=sanity_check.go", "s3:listbucket", "Grafana Mimir or Tempo"),
    ("bucket acme-mimir", "s3:listbucket", None),
    ("pod/loki-write-0", "s3:putobject", "Grafana Loki"),
    ("bucket loki-chunks", "s3:putobject", None),
    ("SQL access control error: Error assuming AWS_ROLE", "sts:assumerole", "Snowflake"),
    ("bucket snowflake-stage", "s3:getobject", None),
    ("restic -r s3:s3.amazonaws.com/b snapshots", "s3:putobject", "restic"),
    ("unable to create lock in backend: client.PutObject: Access Denied.", "s3:putobject", "restic"),
    ("bucket restic-archive, written by rclone", "s3:putobject", None),
    ("ack-emrcontainers-controller", "emr-containers:createvirtualcluster", "AWS Controllers for Kubernetes"),
    ("assumed-role/prod-ebs_csi-driver/1", "ec2:createvolume", "The EBS CSI driver"),
    ("==> amazon-ebs.base: Creating temporary keypair", "ec2:createkeypair", "Packer"),
    ("io.prometheus.cloudwatch.CloudWatchCollector collect", "tag:getresources", "Prometheus' CloudWatch exporter"),
    ("msg=thanos sidecar upload failed", "s3:putobject", "Thanos"),
    ('vector::topology::builder: msg="Healthcheck failed."', "logs:describeloggroups", "Vector"),
    ("a vector of values", "logs:describeloggroups", None),
    ("eksctl create cluster -f c.yaml", "iam:createrole", "eksctl"),
    ("role eksctl-shop-nodegroup-NodeInstanceRole-1AB", "iam:createrole", None),
    ("-ServerSideEncryptionMethod AWSKMS", "kms:generatedatakey", None),
    ("we read about karpenter today", "s3:getobject", None),
    ("cert-manager/challenges: failed", "route53:getchange", "cert-manager"),
    ("pod/cluster-autoscaler-7d9", "autoscaling:setdesiredcapacity", "The cluster autoscaler"),
    ("driver efs.csi.aws.com", "elasticfilesystem:createaccesspoint", "The EFS CSI driver"),
    ("amazon-cloudwatch-agent", "logs:putlogevents", "The CloudWatch agent"),
    (
        "MountVolume.SetUp failed: failed to mount secrets store objects",
        "secretsmanager:getsecretvalue",
        "The Secrets Store CSI driver's AWS provider",
    ),
    ("yace: couldn't list metrics", "cloudwatch:listmetrics", "The CloudWatch exporter YACE"),
    ("pod/cilium-operator-5f9 cannot allocate", "ec2:createnetworkinterface", "Cilium's operator"),
    ("velero backup failed", "s3:putobject", "Velero"),
    ("$ ray submit cluster.yaml train.py", "iam:getinstanceprofile", "Ray's cluster launcher"),
    ("Failed to fetch IAM instance profile data for ray-autoscaler-v1", "iam:passrole", "Ray's cluster launcher"),
    ("keda scaler failed", "sqs:getqueueattributes", "KEDA"),
    ("sops: failed to get the data key", "kms:decrypt", "SOPS"),
    (
        "Error parsing Seal configuration: error fetching AWS KMS wrapping key information",
        "kms:describekey",
        "Vault's seal",
    ),
    ("provider-upjet-aws: cannot observe", "rds:describedbinstances", "Crossplane"),
    ("capa-controller-manager", "ec2:runinstances", "Cluster API for AWS"),
    ("argocd-image-updater: could not get tags", "ecr:getauthorizationtoken", "Argo CD Image Updater"),
    ("fluentd: out_cloudwatch_logs", "logs:createloggroup", "Fluentd"),
    ("driver fsx.csi.aws.com", "fsx:createfilesystem", "The FSx CSI driver"),
    ("gateway-api-controller reconcile failed", "vpc-lattice:createservice", "The AWS Gateway API Controller"),
    ("Warning SyncLoadBalancerFailed", "elasticloadbalancing:createloadbalancer", "The AWS cloud controller manager"),
    ("s3aws: denied", "s3:putobject", "The Docker registry's S3 driver"),
    ("nextflow run main.nf with AWS Batch", "batch:submitjob", "Nextflow"),
    ("grafana: tsdb.cloudwatch query failed", "cloudwatch:getmetricdata", "Grafana"),
    ("the velero bucket's owner changed", "iam:getrole", None),
    # Without the program's name: what the program prints.
    ("failed to decrypt encrypted stored keys: error decrypting data encryption key", "kms:decrypt", "Vault's seal"),
    ("Message: denied\n  Status: True\n  Type: ACK.Recoverable", "s3:createbucket", "AWS Controllers for Kubernetes"),
    ("N E X T F L O W  ~  version 25.10\nexecutor > awsbatch (1)", "batch:submitjob", "Nextflow"),
    ("batch:SubmitJob (Service: Batch) -- Check '.nextflow.log' file", "batch:submitjob", "Nextflow"),
    (
        'level=error msg="records retrieval failed: failed to list hosted zones: d"',
        "route53:listhostedzones",
        "ExternalDNS",
    ),
    ("failed to list resource records sets for zone /hostedzone/Z1", "route53:listresourcerecordsets", "ExternalDNS"),
    ("Failure in zone example.com. when submitting change batch", "route53:changeresourcerecordsets", "ExternalDNS"),
    ("Reason: failed to determine Route 53 hosted zone ID: d", "route53:listhostedzonesbyname", "cert-manager"),
    ("failed to change Route 53 record set: operation error", "route53:changeresourcerecordsets", "cert-manager"),
    (
        '"logger":"controller.route","caller":"lattice/target_group_synthesizer.go:81"',
        "vpc-lattice:listtargetgroups",
        "The AWS Gateway API Controller",
    ),
    (
        "tagging_controller.go:349] Error in tagging EC2 instance i-0a for node n",
        "ec2:createtags",
        "The AWS cloud controller manager",
    ),
    ('Could not attach volume "vol-0a" to node "i-0a": d', "ec2:attachvolume", "The EBS CSI driver"),
    ('could not detach volume \\"vol-0a\\" from node \\"i-0a\\"', "ec2:detachvolume", "The EBS CSI driver"),
    ('Could not delete snapshot ID "snap-0a": d', "ec2:deletesnapshot", "The EBS CSI driver"),
    ('Could not modify volume tags "vol-0a": d', "ec2:createtags", "The EBS CSI driver"),
    ("could not create volume in EC2: operation error", "ec2:createvolume", "The EBS CSI driver"),
    (
        'level=warning msg="Unable to synchronize EC2 interface list" subsys=eni',
        "ec2:describenetworkinterfaces",
        "Cilium's operator",
    ),
    (
        'W0101 executor.go:142] error running task "RouteTable/a" (9m remaining to succeed)',
        "ec2:createroutetable",
        "kOps",
    ),
    ("error determining default DNS zone: d", "route53:listhostedzones", "kOps"),
    ('caller=sidecar.go:392 err="upload 01F4: upload debug meta file: upload s3 object"', "s3:putobject", "Thanos"),
    ('Could not create volume "pvc-1": CreateFileSystem failed: d', "fsx:createfilesystem", "The FSx CSI driver"),
    ("[output:cloudwatch_logs:app_logs] PutLogEvents API responded", "logs:putlogevents", "Fluent Bit"),
    ('level=error msg="[cloudwatch 0] AccessDenied"', "logs:createloggroup", "Fluent Bit"),
    ('BackupStorageLocation "default" is unavailable: rpc error', "s3:listbucket", "Velero"),
    ("failed to lock s3 state: operation error", "dynamodb:putitem", "Terraform's S3 backend"),
    ("failed to unlock DynamoDB: operation error", "dynamodb:deleteitem", "Terraform's S3 backend"),
    (
        "provisioner ebs.csi.eks.amazonaws.com: failed to provision volume with StorageClass",
        "ec2:createvolume",
        "EKS Auto Mode",
    ),
    (
        "Warning FailedDeployModel ingress\ncontroller: eks.amazonaws.com/alb",
        "elasticloadbalancing:addtags",
        "EKS Auto Mode",
    ),
    ('"controller":"imagerepository","controllerGroup":"image.toolkit.fluxcd.io"', "ecr:listimages", "Flux"),
    ('"controller":"bucket","controllerGroup":"source.toolkit.fluxcd.io"', "s3:listbucket", "Flux"),
    ("cannot get sops data key: Failed to get the data key required to decrypt the SOPS file", "kms:decrypt", "Flux"),
    ("Failed to get the data key required to decrypt the SOPS file.", "kms:decrypt", "SOPS"),
    ('component=ingester msg="failed to flush chunks: store put chunk: d"', "s3:putobject", "Grafana Loki"),
    ('"controller":"nodeclass","controllerGroup":"karpenter.k8s.aws"', "ec2:createlaunchtemplate", "Karpenter"),
    ("INFO terragrunt: Initializing remote state for the s3 backend", "s3:getbucketversioning", "Terragrunt"),
    ("Remote state S3 bucket acme-state does not exist or you don't have permissions", "s3:listbucket", "Terragrunt"),
    ("terragrunt apply\nFailed to save state: failed to upload state", "s3:putobject", "Terraform's S3 backend"),
    # Another program that has these words.
    ("boundary: error fetching AWS KMS wrapping key information", "kms:describekey", None),
    ("taint node.cilium.io/agent-not-ready", "ec2:runinstances", None),
    ("helmchart.helm.cattle.io/web", "ecr:batchgetimage", None),
    (
        "label kustomize.toolkit.fluxcd.io/name: apps\nbucket.s3.services.k8s.aws",
        "s3:createbucket",
        "AWS Controllers for Kubernetes",
    ),
    ("aws:RequestTag/eks:eks-cluster-name", "ec2:runinstances", None),
    ("the nodeclass of karpenter.k8s.aws", "ec2:createlaunchtemplate", None),
    ("cert-manager: arn:aws:sts::444455556666:assumed-role/external-dns/x", "route53:getchange", "cert-manager"),
    ("external-dns: host cert-manager.example.com", "route53:listhostedzones", "ExternalDNS"),
    ("external-dns.alpha.kubernetes.io/hostname: a.example.com", "route53:changeresourcerecordsets", None),
    ("arn:aws:sts::444455556666:assumed-role/external-dns/x", "route53:listhostedzones", "ExternalDNS"),
    ("role masters.kops.example.com", "ec2:describeinstances", None),
    ("nodeup: executor.go:142] error running task", "ec2:describeinstances", None),
    ("github.com/thanos-io/objstore", "s3:getobject", None),
    ("[output:loki:loki.0] denied", "s3:putobject", "Fluent Bit"),
    ("docker run --log-driver=awslogs: failed to initialize logging driver", "logs:createlogstream", None),
    ("failed to provision volume with StorageClass efs", "ec2:describeavailabilityzones", None),
]


def test_every_program_has_a_case() -> None:
    assert {program.name for program in PROGRAMS} - {name for _, _, name in KNOWN} == set()


@pytest.mark.parametrize(("text", "action", "name"), KNOWN)
def test_a_program_is_known_by_its_marks_and_its_actions(text: str, action: str, name: str | None) -> None:
    found = program_in(text, action)
    assert (found[0].name if found else None) == name


BARE = re.compile(r"^(?:The request|The call \w+|\S+:\S+) was refused\.$")
"""A verdict that states no reason."""

# What a reason claims that the text lacks → words in a text that prove it wrong.
NEGATIVE = (
    (
        r"no caller (?:was|and no call were) recognized",
        r"arn:[\w-]+:(?:sts|iam)::\d+:(?:assumed-role|user)/|\brole\b[^.\n]{0,60}\b(?:does not have|lacks)",
    ),
    (
        r"no (?:further )?reason (?:from S3 )?was recognized|gives no reason|no other reason",
        r"because (?:no|the) |explicit deny|due to",
    ),
    (r"no kind of policy", r"identity-based|resource-based|service control policy|permissions boundary|session policy"),
    (r"names no role|no role was recognized", r":role/"),
    (r"no subject", r"\brepo:|system:serviceaccount:"),
    (r"no call (?:was|were) recognized", r"when calling the|operation error|API: \w+:"),
)


def test_nothing_is_said_to_be_missing_that_the_text_has() -> None:
    claimed = 0
    for text in [*SAMPLES, *(text for text, _, _ in SENTENCES)]:
        for failure, diagnosis in answered(text):
            for look in diagnosis.first_look:
                for claim, proof in NEGATIVE:
                    if re.search(claim, look.because.text):
                        claimed += 1
                        assert not re.search(proof, failure.text), (look.because.text, failure.text)
            if isinstance(failure, Denial) and BARE.search(diagnosis.verdict.summary):
                assert not failure.stated_reason
                assert stated_in(failure.text) is None, failure.text
                assert not own_words(failure), failure.text
                assert not re.search(r"because (?:no|the) |explicit deny|does not have|lacks", failure.text), (
                    failure.text
                )
    assert claimed > 50


def test_a_check_by_a_role_s_name_says_in_which_account_and_no_other_check_does() -> None:
    caller = "arn:aws:sts::444455556666:assumed-role/broker/job"
    text = refused(caller, "sts:AssumeRole", "arn:aws:iam::111122223333:role/reader")
    found = diagnosed(text).first_look
    named = {look.account for look in found if look.check and "--role-name reader" in look.check}
    own = {look.account for look in found if look.check and "--role-name broker" in look.check}
    others = {look.account for look in found if look.check and "-name " not in look.check}
    assert named == {"111122223333"} and own <= {"444455556666"} and others <= {""}
