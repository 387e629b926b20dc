"""What documents by themselves grant: the checks of IAM Access Analyzer that AWS bills for, made offline.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-custom-policy-checks.html
"""
