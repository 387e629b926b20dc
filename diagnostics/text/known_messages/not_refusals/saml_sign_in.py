"""Failures of a sign-in with SAML, recognized by AWS's own sentences: what the identity provider sends is at fault.

IAM User Guide, "Troubleshoot SAML federation with IAM"
(https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_saml.html), and "Configure SAML assertions for the
authentication response"
(https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html).
"""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

_ATTRIBUTES = "https://aws.amazon.com/SAML/Attributes/"
_NONE_MISSING = "No permission is missing, and the role's trust policy is read only after this is correct."
_FORM = "2 to 64 characters: the letters a-z and A-Z without accents, digits and _ + = , . @ -, without spaces"
_LABEL = r"(?i:\b(?:name|attribute|claim)(?:[._ ](?:name|type))?)[\"']?\s*[:=]\s*[\"']"


def _misnamed(last: str, spelled: str) -> str:
    """Return a pattern for attribute names that end like the required name but differ from it."""
    exact = rf"(?-i:https://aws\.amazon\.com/SAML/Attributes/{last})(?![\w/])"
    return (
        rf"(?:{_LABEL}(?!{exact})((?:[\w:/.-]{{0,80}}[:/])?(?i:{spelled}))[\"']"
        rf"|(?!{exact})(?<![\w/])(https?://[\w./-]{{0,60}}SAML/\w+/(?i:{spelled}))(?![\w/]))"
    )


_SESSION_NAME = r"RoleSessionName\s+is\s+required\s+in\s+AuthnResponse"
_NAMED_OTHERWISE = _misnamed("RoleSessionName", r"role[_ ]?session[_ ]?name")
_ROLE_OTHERWISE = _misnamed("Role", r"roles?")
_INVALID = r"Your\s+request\s+included\s+an\s+invalid\s+SAML\s+response"
# Sentences that the sign-in page shows below its heading, and that say more.
_SAYS_MORE = (
    r"\bAuthnResponse\b|AssumeRoleWithSAML|signature\s+invalid|not\s+present\s+in\s+specified\s+provider"
    r"|Specified\s+provider|must\s+be\s+redeemed|required\s+audience|Source\s+Identity\s+must"
)
_VALUES = r"(?:SAML/Attributes/Role[\"']|\"Role\"\s*:)(?:(?!</?(?:\w+:)?Attribute[\s>]|\bName=)[\s\S]){0,600}?"
_WITHOUT_PROVIDER = (
    rf"{_VALUES}(?<![,/\w-])(?<!, )(arn:[\w-]+:iam::\d{{12}}:role/[\w+=.@/-]+)(?![\w+=.@/-]|\s*,\s*arn:)"
)


def _with(sentence: str, shown: str) -> str:
    """Return a pattern that finds ``sentence`` in a text that also contains ``shown``, before or after it."""
    return rf"(?:{sentence})\W[\s\S]*?(?:{shown})|(?:{shown})\W[\s\S]*?(?:{sentence})"


_ARN = r"arn:[\w-]+:iam::\d{12}:"
_PAIR = (
    rf"{_ARN}role/[\w+=.@/-]+\s*,\s*{_ARN}saml-provider/[\w.-]+"
    rf"|{_ARN}saml-provider/[\w.-]+\s*,\s*{_ARN}role/[\w+=.@/-]+"
)
_OTHER_PARTITION = r"(?:signin\.(?:amazonaws\.cn|amazonaws-us-gov\.com)|urn:amazon:webservices:(?:cn|govcloud))\b"
_OF_AWS = r"(arn:aws:iam::\d{12}:(?:role|saml-provider)/[\w+=.@/-]*\w)"
_SOME_USERS = (
    r"(?i:\b(?:only|just|nur)\b[^\n.]{0,40}\b(?:new|some|one|few|neue\w*|einige\w*)\b"
    r"|\b(?:everyone|everybody|all others?|the others?|other users|anderen?)\b[^\n.]{0,30}"
    r"\b(?:works?|fine|ok|can|gehts?)\b"
    r"|\bworks? (?:fine )?for (?:everyone|everybody|all|the|other)\b)"
)
_OF_SAML = r"arn:[\w-]+:iam::\d{12}:(?:role|saml-provider)/[\w+=.@/-]*\w"
_SEPARATED_OTHERWISE = rf"{_OF_SAML}[ \t]*[;|][ \t]*{_OF_SAML}"
"""A role and its provider separated by a character other than a comma."""
_WORD = r"[A-Z\u00c0-\u024f][\w.'\u2019-]*"
_DISPLAY_NAME = (
    r"SAML/Attributes/RoleSessionName(?:[\"']?\s*[:=]\s*[\"']?|[\"'][^<>]*>\s*(?:<[^<>]*>|\x1e)\s*)"
    rf"({_WORD}(?: {_WORD}){{1,3}}(?=[\"'<\n\x1e]|$)|(?=[\w.@-]*[\u00c0-\u024f])[\w.@-]{{2,64}}"
    r"|(?i:user\.display_?name)|displayName)(?=[\"'<\s\x1e]|$)"
)
SESSION_NAMED_OTHERWISE = "the name of the SAML attribute for the session"
NO_SESSION_NAME = "the SAML attribute for the session's name"
NO_PROVIDER = "the provider in the SAML attribute Role"
ROLES_NAMED_OTHERWISE = "the name of the SAML attribute Role"
NO_ROLES = "the roles in the SAML response"
ATTRIBUTES_RIGHT = "the provider, the issuer or the times of the SAML response"
ROLES_SHOWN = "the attributes of the SAML response"
SIGN_IN: tuple[System, ...] = (
    made_system(
        SESSION_NAMED_OTHERWISE,
        f"At the identity provider, name the attribute exactly {_ATTRIBUTES}RoleSessionName (letter case matters), "
        f"with one value of {_FORM}, such as the user's e-mail address. {_NONE_MISSING}",
        _with(_SESSION_NAME, _NAMED_OTHERWISE),
        "is required in authnresponse",
        subject=_NAMED_OTHERWISE,
        verdict="The identity provider sends the session's name as {name}, but AWS reads only the attribute with the "
        f"full name {_ATTRIBUTES}RoleSessionName.",
        title="Correct the attribute's name at the identity provider",
    ),
    made_system(
        "the session's name of some users",
        "At the identity provider, fill in the attribute that is mapped to the session's name for these users (such as "
        f"the e-mail address), or map an attribute that all users have, such as the username: one value of {_FORM}. "
        f"{_NONE_MISSING}",
        _with(_SESSION_NAME, _SOME_USERS),
        "is required in authnresponse",
        unless=_NAMED_OTHERWISE,
        verdict="The SAML response has no session name for these users, while other users can sign in: most likely the "
        "accounts of these users lack the attribute that is mapped to the session name.",
        title="Fill in the mapped attribute for these users",
        sure=False,
    ),
    made_system(
        NO_SESSION_NAME,
        f"At the identity provider, add the attribute {_ATTRIBUTES}RoleSessionName with one value of {_FORM}, such as "
        f"the user's e-mail address. The name must be exact; its letter case matters. {_NONE_MISSING}",
        _SESSION_NAME,
        "is required in authnresponse",
        unless=rf"{_NAMED_OTHERWISE}|{_SOME_USERS}",
        verdict=f"The SAML response lacks the attribute {_ATTRIBUTES}RoleSessionName, or the attribute is empty: the "
        "identity provider must send it.",
        title="Let the identity provider send the attribute",
    ),
    made_system(
        "the SAML session name's characters",
        f"At the identity provider, send a value of {_FORM}: the user's ID or e-mail address, not a display name. "
        f"{_NONE_MISSING}",
        r"RoleSessionName\s+in\s+AuthnResponse\s+must\s+match",
        "in authnresponse must match",
        verdict=f"AWS does not accept the value of {_ATTRIBUTES}RoleSessionName in the SAML response: it is too long, "
        "too short, or has a character that is not allowed, such as the space or an accented letter of a display name.",
        title="Send a different value as the session's name",
    ),
    made_system(
        "the SAML source identity's characters",
        f"At the identity provider, send a value of {_FORM}, which does not begin with aws:. {_NONE_MISSING}",
        r"Source\s+Identity\s+must\s+match",
        "source identity must match",
        verdict=f"AWS does not accept the value of {_ATTRIBUTES}SourceIdentity in the SAML response: it is too long, "
        "or has a character that is not allowed.",
        title="Send a different value as the source identity",
    ),
    # IAM User Guide, "Configure SAML assertions for the authentication response": the Role attribute
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html).
    made_system(
        "the separator in the SAML attribute Role",
        f"At the identity provider, correct the claim rule or mapping of {_ATTRIBUTES}Role: ROLE-ARN,PROVIDER-ARN, and "
        f"one value for each role. {_NONE_MISSING}",
        _with(_INVALID, _SEPARATED_OTHERWISE),
        "included an invalid saml response",
        verdict="Each value of the SAML attribute Role must be the role's ARN and the provider's ARN with a comma "
        "between them, and the text shows another character there. Neither the trust policy nor the certificate is "
        "the cause.",
        title="Write a comma between role and provider",
    ),
    made_system(
        NO_PROVIDER,
        f"At the identity provider, make each value of {_ATTRIBUTES}Role a pair with a comma and no space between: "
        f"{{name}},arn:aws:iam::ACCOUNT:saml-provider/PROVIDER, both of one account. {_NONE_MISSING}",
        _with(_INVALID, _WITHOUT_PROVIDER),
        "included an invalid saml response",
        unless=rf"{_SAYS_MORE}|{_SEPARATED_OTHERWISE}",
        subject=_WITHOUT_PROVIDER,
        verdict="The SAML attribute Role has {name} without a SAML provider: each value must be a pair, the role's ARN "
        "and the ARN of the SAML provider in IAM, separated by a comma.",
        title="Add the SAML provider's ARN to the attribute Role",
    ),
    made_system(
        ROLES_NAMED_OTHERWISE,
        f"At the identity provider, name the attribute exactly {_ATTRIBUTES}Role (letter case matters). Each value is "
        f"a pair, ROLE-ARN,PROVIDER-ARN. {_NONE_MISSING}",
        _with(_INVALID, _ROLE_OTHERWISE),
        "included an invalid saml response",
        unless=rf"{_SAYS_MORE}|SAML/Attributes/Role(?![\w/])",
        subject=_ROLE_OTHERWISE,
        verdict="The identity provider sends the roles as {name}, but AWS reads only the attribute with the full name "
        f"{_ATTRIBUTES}Role.",
        title="Correct the attribute's name at the identity provider",
    ),
    # IAM User Guide, "IAM identifiers": the partition of an ARN
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns).
    made_system(
        "the partition in the SAML attribute Role",
        "At the identity provider, write the ARNs of the role and the provider with the partition of this account: "
        f"arn:aws-cn: in the Regions of China, arn:aws-us-gov: in GovCloud. {_NONE_MISSING}",
        _with(_with(_INVALID, _OTHER_PARTITION), _OF_AWS),
        "included an invalid saml response",
        unless=_SAYS_MORE,
        subject=_OF_AWS,
        verdict="The SAML attribute Role has {name}, an ARN of the partition aws, but the sign-in is in a different "
        "partition, where AWS does not find this role.",
        title="Correct the partition in the attribute Role",
    ),
    made_system(
        "the value of RoleSessionName in the SAML response",
        f"At the identity provider, map {_ATTRIBUTES}RoleSessionName to the user name, ID or e-mail address instead of "
        f"a display name: {_FORM}. {_NONE_MISSING}",
        _with(_INVALID, _DISPLAY_NAME),
        "included an invalid saml response",
        unless=_SAYS_MORE,
        subject=f"(?-i:{_DISPLAY_NAME})",
        verdict="The SAML response has RoleSessionName “{name}”: most likely AWS does not accept it, because a session "
        "name has no spaces and no accented letters. Send the user name or e-mail address.",
        title="Map RoleSessionName to the user name or e-mail address",
        sure=False,
    ),
    made_system(
        ROLES_SHOWN,
        f"Look for {_ATTRIBUTES}RoleSessionName in the response, which AWS requires: one value of {_FORM}. Then "
        "compare the pair in Role with aws iam list-saml-providers and the role's name: account, name and letter case. "
        f"{_NONE_MISSING}",
        _with(_INVALID, _PAIR),
        "included an invalid saml response",
        unless=rf"{_SAYS_MORE}|RoleSessionName|{_ROLE_OTHERWISE}|{_OTHER_PARTITION}",
        verdict="AWS does not accept the SAML response. The text shows a role with its provider, but no attribute "
        f"{_ATTRIBUTES}RoleSessionName, which AWS requires: check whether the identity provider sends it.",
        title="Look at the other required attributes of the SAML response",
        sure=False,
    ),
    made_system(
        ATTRIBUTES_RIGHT,
        "Compare the provider's ARN in the attribute Role with aws iam list-saml-providers, Issuer with the provider's "
        "metadata (aws iam get-saml-provider), Audience with https://signin.aws.amazon.com/saml, and NotBefore and "
        f"NotOnOrAfter with the clock. {_NONE_MISSING}",
        _with(_INVALID, _PAIR),
        "included an invalid saml response",
        unless=rf"{_SAYS_MORE}|\A(?![\s\S]*RoleSessionName)|{_ROLE_OTHERWISE}|{_OTHER_PARTITION}|{_NAMED_OTHERWISE}|{_DISPLAY_NAME}",
        verdict="AWS does not accept the SAML response. The text shows both required attributes, so compare the rest "
        "of the response: provider, issuer, audience and times.",
        title="Compare provider, issuer, audience and times of the response",
        sure=False,
    ),
    made_system(
        NO_ROLES,
        "Look at the response in the browser's developer tools or a SAML tracer. It must contain the attribute "
        f"{_ATTRIBUTES}Role under exactly this name, with a pair ROLE-ARN,PROVIDER-ARN as each value. If the identity "
        "provider assigns a person no role, the response contains none. No policy in AWS refused anything.",
        _INVALID,
        "included an invalid saml response",
        unless=rf"{_SAYS_MORE}|{_WITHOUT_PROVIDER}|{_PAIR}|{_DISPLAY_NAME}|{_SEPARATED_OTHERWISE}|\A(?![\s\S]*SAML/Attributes/Role(?![\w/]))[\s\S]*?{_ROLE_OTHERWISE}",
        verdict="AWS does not accept the SAML response. Usually it finds no role in it: the attribute "
        f"{_ATTRIBUTES}Role is missing, has another name, or its values are not pairs of role and SAML provider.",
        title="Look at the attribute Role in the SAML response",
        sure=False,
    ),
    made_system(
        "the issuer of the SAML response",
        "Compare Issuer in the response with entityID in the metadata (aws iam get-saml-provider). Upload the current "
        "metadata of this identity provider, or make the attribute Role name the SAML provider that was created from "
        f"that metadata. {_NONE_MISSING}",
        r"Issuer\s+not\s+present\s+in\s+specified\s+provider",
        "not present in specified provider",
        verdict="The Issuer of the SAML response differs from the issuer in the metadata of the SAML provider in IAM.",
        title="Make issuer and metadata agree",
    ),
    made_system(
        "the SAML provider that the response names",
        "Compare the provider's ARN in the attribute Role with aws iam list-saml-providers in that account: account, "
        f"name and letter case. Correct it at the identity provider, or create the provider in IAM. {_NONE_MISSING}",
        r"Specified\s+provider\s+doesn't\s+exist",
        "specified provider doesn",
        verdict="IAM has no SAML provider with the ARN that the SAML response names: the name or the account differs.",
        title="Name a SAML provider that exists",
    ),
    made_system(
        "the SAML metadata document",
        "Save the identity provider's metadata as UTF-8 without a byte order mark, as XML and not as an HTML page, "
        "with a certificate key of at least 1024 bits. No permission is missing.",
        _with(r"(?:Could\s+not|Unable\s+to)\s+parse\s+metadata", r"\bSAML|SAMLProvider"),
        "parse metadata",
        verdict="IAM cannot read the metadata document as SAML metadata: its form is wrong.",
        title="Correct the metadata document",
    ),
    made_system(
        "the audience of the SAML response",
        "At the identity provider, set Audience to https://signin.aws.amazon.com/saml or urn:amazon:webservices. "
        f"{_NONE_MISSING}",
        r"Response\s+does\s+not\s+contain\s+the\s+required\s+audience",
        "contain the required audience",
        verdict="The Audience in the SAML response is not that of AWS.",
        title="Set the audience at the identity provider",
    ),
    # STS API reference, "AssumeRoleWithSAML": SAMLAssertion and PrincipalArn
    # (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html).
    made_system(
        "the encoding of the SAML response",
        "Send the response exactly as the browser gets it: the base64 of the XML, complete, not encoded twice, and "
        f"without the line breaks of a form. {_NONE_MISSING}",
        r"Invalid\s+base64\s+SAMLResponse",
        "invalid base64 samlresponse",
        verdict="STS could not decode the SAML response: it is not complete base64.",
        title="Send the complete response in base64",
    ),
    made_system(
        "the SAML provider's ARN in the request",
        "PrincipalArn must be arn:aws:iam::ACCOUNT:saml-provider/NAME. Tools take it from the attribute Role: look for "
        "a space after the comma, or for parts in an order that the tool does not expect. No permission is missing.",
        r"AssumeRoleWithSAML\s+operation:\s+Principal\s+ARN\s+is\s+invalid|ValidationError:\s+Principal\s+ARN\s+is\s+invalid",
        "principal arn is invalid",
        verdict="STS does not accept the SAML provider's ARN as it was sent: it is not the ARN of a SAML provider.",
        title="Correct the provider's ARN",
    ),
)
