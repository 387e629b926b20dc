"""The common causes of a failure that is neither a denial nor a name conflict, one module for each topic."""
