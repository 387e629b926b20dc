"""Answers to policy documents that AWS rejects: what is wrong with an ARN, a principal or an operator."""
