"""The IAM policy language: documents, matching, conditions, evaluation and explanation. Independent of boto3."""
