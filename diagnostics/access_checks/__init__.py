"""Check what documents by themselves grant: the checks of IAM Access Analyzer that AWS charges for, made offline.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-custom-policy-checks.html
"""
