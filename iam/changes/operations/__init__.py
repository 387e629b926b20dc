"""IAM's write calls: their parameters, the permissions they require, their effects, and the calls that undo them."""
