"""Denials of web identity and SAML calls: the token beside what the trust policy wants."""
