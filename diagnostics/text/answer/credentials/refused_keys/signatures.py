"""Rows for a signature that does not fit the request."""

from __future__ import annotations

from diagnostics.text.answer.credentials.credential_fault import (
    CONFIGURED,
    FORGET,
    SCOPED,
    WHO,
    WRONG_SIGNATURE,
    CredentialFault,
    fault,
)
from iam.claims import Ground

SCOPE_AND_VERSION: tuple[CredentialFault, ...] = (
    # Vault, "AWS auth method", API: sts_endpoint and sts_region of auth/aws/config/client
    # (https://developer.hashicorp.com/vault/api-docs/auth/aws#configure-client).
    fault(
        SCOPED,
        "Vault sends the login to the STS endpoint of one Region, but the client signed the login for another "
        "Region: both must name the same Region. The keys are not wrong.",
        "Set sts_endpoint and sts_region in Vault, or the Region of the login",
        "vault read auth/aws/config/client\n"
        "vault write auth/aws/config/client sts_endpoint=https://sts.REGION.amazonaws.com sts_region=REGION\n"
        "vault login -method=aws region=REGION role=NAME",
        "Without sts_endpoint, Vault calls sts.amazonaws.com, which accepts signatures for us-east-1.",
        check=None,
        speaker=r"/v1/auth/[\w./-]+/login|error making upstream request: received error code",
    ),
    # IAM User Guide, "Troubleshoot signed requests for AWS APIs", credential scope errors
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html).
    # IAM User Guide, "AWS Signature Version 4 for API requests": SigV4a is for endpoints of several Regions
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html); clients of CloudFront KeyValueStore and of
    # Multi-Region Access Points need it (https://docs.aws.amazon.com/sdkref/latest/guide/feature-s3-mrap.html).
    fault(
        rf"{WRONG_SIGNATURE}|{SCOPED}",
        "This endpoint serves all Regions and accepts only requests signed with SigV4a, but the program signed with "
        "SigV4 for one Region. No permission is missing, and the keys need not be wrong.",
        "Give the program's SDK its SigV4a signer, or update the SDK",
        "npm install @aws-sdk/signature-v4a  # JavaScript: and import it; or @aws-sdk/signature-v4-crt\n"
        "pip install 'botocore[crt]'  # Python",
        "The SDK signs with SigV4a only if its optional signer (AWS Common Runtime, CRT) is installed and loaded.",
        check=None,
        ground=Ground.LIKENESS,
        speaker=r"key-?value-?store|\.mrap\b|multi-?region access point|accesspoint\.s3-global|\.global\.api\.aws\b",
    ),
    fault(
        rf"{WRONG_SIGNATURE}|{SCOPED}",
        "The {scope} in the signature differs from the {scope} that receives the request{scope_words}. The keys need "
        "not be wrong.",
        "Let the program sign for the {scope} of its endpoint",
        f"env | grep -E '^AWS_(DEFAULT_REGION|REGION|ENDPOINT_URL)'; {CONFIGURED}{{profile_option}}",
        "The program's settings and its endpoint differ in the {scope}, or this version of the program signs wrongly: "
        "set the same {scope} in both, or use another version.",
        check=None,
        ground=Ground.LIKENESS,
        needs="scope",
    ),
    # Amazon S3 API Reference, "Authenticating requests (AWS signature version 2)": it is being turned off
    # (https://docs.aws.amazon.com/AmazonS3/latest/API/Appendix-Sigv2.html).
    fault(
        WRONG_SIGNATURE,
        "Let the client sign with version 4: it uses the old signature version 2, which S3 is turning off. Another "
        "key or policy does not help.",
        "Let the client sign with version 4: leave out the setting of version 2",
        "aws configure set default.s3.signature_version s3v4  # in the AWS CLI; other programs have their own",
        "The text sets signature version 2 (SignatureVersion 2 or v2, signature_version s3, signature_v2). Newer "
        "SDKs may encode special characters of a key differently from version 2's signature: remove the setting, "
        "or set version 4.",
        check=None,
        speaker=r"\bsignature_?version[\"']?\s*[:=]\s*[\"']?(?:v?2|s3)(?![\w.])|\bsignature_v2\s*=\s*True",
        ground=Ground.LIKENESS,
    ),
    fault(
        WRONG_SIGNATURE,
        "Most likely the library encodes or signs the session token (X-Amz-Security-Token) wrongly. The signature "
        "fails only with a session's key (“{long_lived_works}”), so the secret key and the clock are right.",
        "Update the library, or sign with a library that handles session tokens",
        "aws s3 presign s3://BUCKET/KEY  # compare its X-Amz-Security-Token: encoded once, and signed",
        "The session token contains the characters + / and =: each must be percent-encoded exactly once, both in the "
        "query and in the signed text.",
        check=None,
        ground=Ground.LIKENESS,
        needs="long_lived_works",
    ),
)

SIGNATURE_WRONG: tuple[CredentialFault, ...] = (
    # AWS CLI User Guide, "Configuration settings and precedence": variables come before profiles, and --profile before
    # variables (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html).
    fault(
        r"IncompleteSignature[\s\S]{0,400}missing equal-sign|missing equal-sign\) in Authorization header: '?AWS4-",
        "Correct or unset AWS_ACCESS_KEY_ID: most likely it contains a space or a line break, so AWS could not "
        "read the Authorization header. No permission was checked.",
        "Unset the variables, or name the profile, or enter the key again",
        f"{FORGET}  # they have priority over profiles\n{WHO} --profile PROFILE",
        "The variable has a placeholder, a comment or a value with a line break. Variables have priority over the "
        "profiles of ~/.aws; the option --profile has priority over the variables.",
        ground=Ground.LIKENESS,
    ),
    # STS API reference, "Common error types", IncompleteSignature.
    fault(
        r"IncompleteSignatureException|\(IncompleteSignature|signature does not conform|Authorization header requires"
        r"|api error IncompleteSignature",
        "The request's signature is incomplete or malformed: AWS could not read the Authorization header.",
        "Enter access key and secret key again, without spaces or line breaks",
        f"{FORGET}\naws configure\n{WHO}",
        "A key was copied with a space or a line break, or a proxy or a library changed the Authorization header.",
    ),
    # AWS SDKs and Tools Reference Guide, "Data Integrity Protections for Amazon S3": checksums are the default since
    # version 1.37 and 2.23 of the AWS CLI, and since 1.36 of boto3
    # (https://docs.aws.amazon.com/sdkref/latest/guide/feature-dataintegrity.html).
    fault(
        WRONG_SIGNATURE,
        "The failure began with a version of the CLI or SDK that sends checksums with uploads by default (since "
        "early 2025). Most likely an S3-compatible store or a proxy does not handle these checksums. The keys need "
        "not be wrong.",
        "Send checksums only where they are required, or use the version that worked",
        "export AWS_REQUEST_CHECKSUM_CALCULATION=when_required AWS_RESPONSE_CHECKSUM_VALIDATION=when_required",
        "Check whether the call goes to an endpoint that is not Amazon S3's (endpoint_url, AWS_ENDPOINT_URL), or "
        "through a proxy that changes or drops the checksum headers. Update that S3-compatible store or proxy, or turn "
        "off the client's default checksums.",
        check=CONFIGURED,
        ground=Ground.LIKENESS,
        speaker=r"\A(?=[\s\S]*(?:\bS3\b|PutObject|UploadPart|s3://|\bs3\b))[\s\S]*?(?:"
        r"\b(?:AWS ?CLI|aws-cli|awscli)\b[^\n]{0,30}\b(?:v?1\.3[7-9]|v?2\.2[3-9])\b"
        r"|\bboto(?:3|core)\b[^\n]{0,30}\b1\.3[6-9]\b|\bdefault (?:data )?(?:checksum|integrity)\w*"
        r"|\bSDK for Java\b[^\n]{0,30}\b2\.3\d\.|\bclient-s3\b[^\n]{0,20}\b3\.(?:729|7[3-9]\d|[89]\d\d)\b)",
    ),
    # IAM User Guide, "Troubleshoot signed requests for AWS APIs": what arrives must be what was signed
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html).
    fault(
        WRONG_SIGNATURE,
        "Most likely something in this place changes the signed request on its way, such as a proxy or an "
        "interception of HTTPS. The same keys work in another place (“{same_keys_work}”), so neither the keys nor "
        "a policy is wrong.",
        "Let the requests pass unchanged, or bypass the proxy or interception that changes them",
        "# exclude the storage's host from the proxy or the interception, and try the same call again\n"
        "# compare the error's CanonicalRequest with what the program signs: method, host, path, headers",
        "A proxy, an interception of HTTPS or an override of hosts changes the method, the host, the path or a "
        "header. Otherwise the clock differs here, or the value of the key differs from the text.",
        check=CONFIGURED,
        ground=Ground.LIKENESS,
        needs="same_keys_work",
    ),
    # IAM User Guide, "Troubleshoot signed requests for AWS APIs": what arrives must be what was signed
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html).
    fault(
        WRONG_SIGNATURE,
        "Most likely the program signs only requests {failing_requests} wrongly: {signed_part}. The keys and the "
        "clock are right, because other requests succeed. No permission is missing.",
        "Sign the requests {failing_requests} as they are sent",
        "# compare CanonicalRequest of a request that fails with what is sent: method, path, query, headers, body hash",
        "The text says that other requests work (“{passing_requests}”). {signed_part_detail}",
        check=None,
        ground=Ground.LIKENESS,
        needs="signed_part",
    ),
    # Amazon S3 User Guide, "Download and upload objects with presigned URLs"; Amazon S3 API Reference, "Authenticating
    # Requests: Using Query Parameters": method, path, host and signed headers are part of what is signed
    # (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html).
    fault(
        WRONG_SIGNATURE,
        "A presigned URL is valid only for the method, host, path and headers for which it was signed. Compare the "
        "request with the call that generated the URL; start with Content-Type and the x-amz-… headers. No "
        "permission is missing.",
        "Send the request as it was signed, or sign it as it is sent",
        "# the error's XML has StringToSign and CanonicalRequest: compare them with what the program signs",
        "The request adds, lacks or changes a header (Content-Type, a checksum, x-amz-acl), or uses another "
        "method, or the URL was changed on the way (encoded twice, &amp;). Otherwise the secret key that signed "
        "the URL is wrong.",
        check=None,
        speaker=r"\bpre-?signed?\b|generate_presigned|getSignedUrl|X-Amz-SignedHeaders",
        ground=Ground.LIKENESS,
    ),
    # IAM User Guide, "Troubleshoot signed requests for AWS APIs": what arrives must be what was signed
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html).
    fault(
        WRONG_SIGNATURE,
        "Most likely something between the program and the server changes a signed part of the request, such as the "
        "Host header, the path or another header: the text names a proxy. Try the same keys without the proxy. No "
        "permission is missing.",
        "Let the proxy pass the request as it was signed",
        f"# nginx: proxy_set_header Host $http_host; proxy_pass without a path\n{CONFIGURED}",
        "Pass the Host header with its port, do not decode, merge or rewrite the path, and keep the signed headers. If "
        "the call also fails without the proxy, the secret key does not belong to the access key.",
        check=None,
        speaker=r"\b(?:behind|through|via|front of)\b[^.\n]{0,40}"
        r"\b(?:nginx|(?:reverse[- ])?proxy|load ?balancer|ingress|Traefik|HAProxy|Caddy|Envoy)\b"
        r"|\b(?:nginx|proxy|load ?balancer|ingress|Traefik|HAProxy|Caddy|Envoy)\b[^.\n]{0,30}"
        r"\b(?:in front|between|rewrites?|terminates?|ends TLS|strips?|adds?|changes?)\b|\bproxy_pass\b",
        ground=Ground.LIKENESS,
    ),
    # IAM User Guide, "Troubleshoot signed requests for AWS APIs": the clock, the keys, the canonical request
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html).
    # An intermittent fault is not in the keys (the same page, "canonical request"; Amazon CloudFront Developer Guide,
    # "Add or remove HTTP headers": what CloudFront changes on the way to the origin,
    # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/add-origin-custom-headers.html).
    fault(
        WRONG_SIGNATURE,
        "The keys are right, because other requests with these keys succeed. In the failing requests, a header or "
        "the body is most likely changed after signing: do not sign headers that a proxy changes on the way. No "
        "permission is missing.",
        "Do not sign headers that are changed on the way",
        "# compare the list SignedHeaders of a request that fails with the headers that arrive",
        "Sign only host and x-amz-…, not headers that each hop adds or rewrites (via, x-forwarded-for, user-agent, "
        "accept-encoding), and encode unusual characters in the path and the query once. In front of S3 or a Lambda "
        "function URL, CloudFront itself signs with an origin access control.",
        check=None,
        # Another user has other keys.
        speaker=r"(?i:\b(?:most|other|many) (?:of the )?(?:requests|calls|uploads|files|objects)\b[^.;\n]{0,30}"
        r"\b(?:works?|succeeds?|fine|ok)\b|\b(?:sometimes|now and then|intermittent(?:ly)?|sporadic(?:ally)?"
        r"|occasional(?:ly)?|from time to time)\b)",
        ground=Ground.LIKENESS,
    ),
    fault(
        WRONG_SIGNATURE,
        "First check the calling machine's clock, then its secret key. AWS's full message shows which of the two "
        "is wrong, but the text has only the error code. No permission is missing.",
        "Compare the machine's clock with the real time, then enter its keys again",
        f"date -u  # must be right to a few minutes\n{WHO}{{profile_option}}  # with these keys",
        "With a wrong clock, the message also has “Signature expired” or “Signature not yet current”: set the time "
        "and time zone automatically. Without these words, the secret key does not belong to the access key, or "
        "lost characters when it was copied.",
        check="date -u",
        ground=Ground.PARTLY,
        needs="code_alone",
    ),
    fault(
        WRONG_SIGNATURE,
        "The signature does not match the request: the secret key does not belong to the access key, or the "
        "program signs wrongly. To find out which, try the same keys in another program. No permission is missing.",
        "Try the same keys elsewhere; if they fail there, enter them again as a pair",
        f"{WHO}{{profile_option}}  # with these keys: if this also fails, the keys do not belong together, or were "
        "copied badly",
        "If the keys fail everywhere, the secret key does not belong to the access key, or lost characters when it was "
        "copied (a secret key has 40). If they work elsewhere, this program signs wrongly, or a proxy, a header or the "
        "path changed the request.",
        ground=Ground.PARTLY,
    ),
)
