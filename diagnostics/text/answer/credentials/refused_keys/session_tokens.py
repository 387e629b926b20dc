"""Rows for keys with a missing, left-over or wrong session token."""

from __future__ import annotations

from diagnostics.text.answer.credentials.credential_fault import FORGET, UNKNOWN_KEY, WHO, CredentialFault, fault
from iam.claims import Ground

HANDED_ON = (
    r"\A(?![\s\S]*\b(?:with|including|plus|all three|export(?:ed|s)?|sets?|pass(?:es|ed)?)\b[^.\n]{0,50}"
    r"\bsession[ _-]?token)[\s\S]*?(?:"
    r"(?:\b(?:pasted?|entered|typed|copied|stored|saved)\b[^.]{0,80}\b(?:secret|keys?|credentials)\b[^.]{0,80}"
    r"\b(?:SSO|access|start) portal\b|\b(?:SSO|access|start) portal\b[^.]{0,120}\b(?:pasted?|entered|typed|copied)\b)"
    r"|\b(?:pasted?|entered|typed|copied|stores?|saves?)\b[^.\n]{0,60}\b(?:temporary|session|assumed[- ]role|STS)"
    r" (?:AWS )?(?:access )?(?:credentials|keys?)\b"
    r"|\b(?:OIDC|configure-aws-credentials|assume[sd]?[- ]role)\b[\s\S]{0,400}?\b(?:(?:its|an?|their) own (?:Docker )?"
    r"container|Docker (?:container )?action|container action|docker (?:run|build|compose)))"
)
"""Words that show temporary credentials in a container, or in a program that gets only a key and a secret."""

# IAM User Guide, "Use temporary credentials with AWS resources": only temporary keys have a session token
# (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_use-resources.html); AWS Lambda Developer Guide,
# "Defined runtime environment variables" (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html).
MIXED_KEYS: tuple[CredentialFault, ...] = (
    fault(
        r"security token included in the request is (?:invalid|expired)|InvalidClientTokenId|UnrecognizedClient"
        r"|ExpiredToken|InvalidToken",
        "The access key works elsewhere, and a user's key has no session token. So most likely the program sends "
        "AWS_SESSION_TOKEN from its environment together with the key, or sends other credentials from its "
        "environment instead of the key.",
        "Look for AWS_SESSION_TOKEN where the program runs, and do not let the program send it with the "
        "program's own key",
        "env | grep ^AWS_ | cut -d= -f1  # in the program's own environment",
        "Lambda, a pod, a shell or an editor has AWS_SESSION_TOKEN of a role or an earlier session. Use that role "
        "instead of the key, or give the client a complete set of credentials without a token (through a provider or a "
        "profile; updating the program may do this). Or unset the variables and restart the program.",
        check="env | grep ^AWS_ | cut -d= -f1",
        ground=Ground.LIKENESS,
        needs="own_key_works",
    ),
    fault(
        r"security token included in the request is (?:invalid|expired)|InvalidClientTokenId|UnrecognizedClient"
        r"|ExpiredToken|InvalidToken",
        "Most likely the program still sends the session token of the earlier temporary keys with the user's key, "
        "and AWS refuses a key and a token that do not belong together. Clear the token, or start the program "
        "again with only this key.",
        "Clear the old session token where the program keeps its keys, then try the key again",
        "unset AWS_SESSION_TOKEN AWS_SECURITY_TOKEN  # in a profile: delete its line aws_session_token; in a program "
        "with a session of its own: set its token to empty",
        "A user's key (AKIA…) has no session token. A program that takes a new key and secret without a token may keep "
        "the token that it had before.",
        check="env | grep ^AWS_ | cut -d= -f1",
        ground=Ground.LIKENESS,
        needs="keys_replaced",
    ),
)

TOKEN_LEFT_OVER_OR_OUT: tuple[CredentialFault, ...] = (
    # IAM User Guide, "Use temporary credentials with AWS resources": only temporary keys have a session token
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_use-resources.html).
    fault(
        UNKNOWN_KEY,
        "Remove the session token: the text shows it together with a user's access key (AKIA…), and such a key has no "
        "session token. The token is left over from another session, and AWS does not accept the two "
        "together.{no_need}",
        "Remove the session token, then try the key again",
        f"unset AWS_SESSION_TOKEN AWS_SECURITY_TOKEN  # in a profile: delete its line aws_session_token\n{WHO}",
        "A session token is set together with the user's key. Only if the call also fails without the session token is "
        "the key itself mistyped, inactive or deleted.",
        check="env | grep ^AWS_ | cut -d= -f1",
        ground=Ground.LIKENESS,
        needs="left_over_token",
    ),
    # IAM User Guide, as above: temporary keys are valid only with their token.
    fault(
        UNKNOWN_KEY,
        "The program does not get AWS_SESSION_TOKEN: the text has the temporary key (ASIA…) with its token, but "
        "the program gets only the access key and the secret key. AWS does not accept these keys without the "
        "token. No permission is missing.",
        "Also pass AWS_SESSION_TOKEN to the program, or let the program read the profile",
        f"env | grep ^AWS_ | cut -d= -f1  # where the program runs: AWS_SESSION_TOKEN must be there\n{WHO}",
        "The program gets the variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, but not AWS_SESSION_TOKEN, which "
        "a temporary key needs.",
        check="env | grep ^AWS_ | cut -d= -f1",
        ground=Ground.LIKENESS,
        needs="token_left_out",
    ),
)

TOKEN_MISSING: tuple[CredentialFault, ...] = (
    # AWS CLI User Guide, "Configuring environment variables for the AWS CLI": a variable overrides a profile's value
    # (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-envvars.html).
    fault(
        UNKNOWN_KEY,
        "The environment has a temporary key (ASIA…) without its session token, and AWS does not accept such a key "
        "alone. The key also overrides {over_profile}. Remove the key to use the profile, or also set the token.",
        "Remove the keys from the environment, or set the session token that belongs to them",
        f"{FORGET}  # then {{over_profile}} is used\n{WHO}",
        "The variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY override {over_profile}. While these variables "
        "are set, new credentials in the profile change nothing.",
        check="env | grep ^AWS_ | cut -d= -f1",
        ground=Ground.LIKENESS,
        needs="over_profile",
    ),
    # IAM User Guide, "Use temporary credentials with AWS resources": ASIA keys need the session token
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_use-resources.html).
    fault(
        UNKNOWN_KEY,
        "The access key begins with ASIA, so it belongs to a temporary session. The text shows no session token "
        "with the key, and AWS does not accept such a key without a token.{pass_on} No permission is missing.",
        "Set the session token that came with the key, or get new credentials",
        f"env | grep ^AWS_ | cut -d= -f1  # where the program runs: AWS_SESSION_TOKEN must be there\n{WHO}",
        "The session token of the temporary key (ASIA…) is missing: set all three values, or sign in again. The key of "
        "a session is not in the user's list of access keys.",
        check="env | grep ^AWS_ | cut -d= -f1",
        ground=Ground.LIKENESS,
        needs="half_session",
    ),
    # Amazon S3 API Reference, "Authenticating Requests: Using Query Parameters": X-Amz-Security-Token is part of the
    # query and of what is signed (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html).
    fault(
        UNKNOWN_KEY,
        "The presigned URL most likely lacks the session token (X-Amz-Security-Token). The same temporary key "
        "works in another call, and AWS does not accept the key without its token. The library that signs the URL "
        "leaves out the token.",
        "Sign the URL with the session token: update the library, or use another signer",
        "aws s3 presign s3://BUCKET/KEY  # its URL has X-Amz-Security-Token",
        "The library leaves out the session token when it signs a URL. A newer version may include the token; the "
        "AWS SDKs include it.",
        check=None,
        ground=Ground.LIKENESS,
        needs="unsigned_token",
    ),
)

TOKEN_OF_OTHER_KEY: tuple[CredentialFault, ...] = (
    fault(
        r"InvalidToken|InvalidSecurityToken|token is malformed",
        "The session token does not belong to the access key, or was cut off when it was copied. Key, secret key and "
        "token must come from one session.",
        "Set all three values again, from one session",
        f"{FORGET}\n{WHO}  # after the three new values are set",
        "One of the three values is from an earlier session, or is cut off.",
        check="env | grep ^AWS_ | cut -d= -f1",
        ground=Ground.LIKENESS,
        needs="whole_session",
    ),
)

TOKEN_NOT_HANDED_ON: tuple[CredentialFault, ...] = (
    # IAM User Guide, "Use temporary credentials with AWS resources": they need the session token in each request
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_use-resources.html).
    fault(
        UNKNOWN_KEY,
        "Most likely the program gets or sends the temporary key without its session token, but AWS accepts the "
        "two only together. Pass all three values on, or use a program that passes them on. No permission is "
        "missing.",
        "Also give the program AWS_SESSION_TOKEN, or a kind of credentials that it supports",
        f"env | grep ^AWS_ | cut -d= -f1  # where the program runs: AWS_SESSION_TOKEN must be there\n{WHO}",
        "The text mentions temporary credentials. A program that stores only the key and the secret cannot use them: "
        "give the program a role where it runs, a version with a field for the token, or a user's own key. A container "
        "gets only the variables that are passed to it.",
        also=(
            (
                "The program has other, older keys from a secret or its own settings, and AWS no longer knows these "
                "keys."
            ),
        ),
        check="env | grep ^AWS_ | cut -d= -f1",
        ground=Ground.LIKENESS,
        speaker=HANDED_ON,
    ),
    # IAM User Guide, "Use temporary credentials with AWS resources": they need the session token in each request
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_use-resources.html).
    fault(
        UNKNOWN_KEY,
        "The same keys work in another program, so most likely this program drops the session token, without which "
        "AWS accepts no temporary key. Set AWS_SESSION_TOKEN in the program's environment, or update the program. "
        "No permission is missing.",
        "Let the program also send the session token",
        "export AWS_ACCESS_KEY_ID=… AWS_SECRET_ACCESS_KEY=… AWS_SESSION_TOKEN=…  # and leave the keys out of its "
        "settings, so that the SDK's default chain finds all three",
        "The program's settings may have no field for the token, or another name for it: search its documentation "
        'and issues for "session token".',
        check="env | grep ^AWS_ | cut -d= -f1",
        ground=Ground.LIKENESS,
        speaker=r"\A(?=[\s\S]*session_?-?token)[\s\S]*?\bsame (?:\w+ )?(?:values|keys?|credentials|variables)\b"
        r"(?:(?!\bnot\b|n['’]t\b)[^.\n]){0,40}\b(?:works?|worked|succeeds?|are accepted)\b",
    ),
    fault(
        UNKNOWN_KEY,
        "Most likely the failing client drops the session token, without which AWS does not know a temporary key. "
        "The keys are right, because another call of the same program works with them. No permission is missing.",
        "Let the failing client send the session token",
        "# does its request have the header X-Amz-Security-Token? If not, update or patch the library; until then, "
        "make the call with another client or SDK",
        "Compare how the program creates the two clients: the failing client may have no field for the token, or "
        "its library may not pass the token to the signer.",
        ground=Ground.LIKENESS,
        speaker=r"\A(?=[\s\S]*session[_-]?token)(?:[\s\S]*?\b(?:in|with|from) the same (?:script|program|code|file|run"
        r"|process|config\w*|client settings)\b(?:(?!\bnot\b|n['’]t\b)[^.\n]){0,40}"
        r"\b(?:works?|worked|succeeds?|is (?:ok|fine))\b"
        r"|[\s\S]*?\b(?:works?|worked|succeeds?) (?:fine )?(?:in|with|from) the same (?:script|program|code|file|run"
        r"|process|config\w*)\b)",
    ),
)
