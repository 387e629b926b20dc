"""The words of all sentences that this package recognizes.

They show whether a line broke between words or inside one.
"""

from __future__ import annotations

import re

_WORDS = """
user: users role roles group policy policies principal identity is are was not authorized authorised permitted
unauthorized to perform perform: on resource resource: resources resources: the this specified following because
no identity-based resource-based permissions permission boundary session sessions service control vpc endpoint
trust allows allow action action. with an a explicit deny in transitively through encoded authorization failure
message message: for complete details or call api id id: go error occurred when calling operation operation:
client denied access denied. accessdenied: accessdenied accessdeniedexception accessdeniedexception: you do does
have allowed assume assumed assuming cannot can be could unable must provide provided that by regional global
neither nor one defined function execution already exists exists. exist name names called duplicate allowed.
instance profile login provider url server certificate entity entityalreadyexists: entityalreadyexists at same
path and has been taken account account, please try different suffix. stack type identifier https response
statuscode: requestid: status code code: request host service: error: user arn public acls prevented setting s3
block ciphertext refers customer master key exceed quota limit exceeded number managed versions versions. up
token expired expired. security included invalid signature calculated match credentials locate modifiable only
protected detach delete all first rate from it as its unauthorizedoperation unauthorizedoperation:
validationerror clienterror: limitexceeded: deleteconflict: expiredtoken nosuchentity execute cross-account pass
invoke sufficient insufficient privileges root accounts requested any whitelisted relationship relationships
check creating create iam durationseconds exceeds hour chaining maxsessionduration set
"""

VOCABULARY = frozenset(re.findall(r"\S+", _WORDS))
BEGINNINGS = frozenset(word[:end] for word in VOCABULARY for end in range(1, len(word)))
