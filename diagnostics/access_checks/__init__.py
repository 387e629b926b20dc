"""Check what policy documents grant by themselves: the paid checks of IAM Access Analyzer, made offline.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-custom-policy-checks.html
"""
