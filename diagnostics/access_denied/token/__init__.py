"""Explain denials of web identity and SAML calls: compare the token with what the trust policy requires."""
