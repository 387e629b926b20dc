"""The demo's responses that replace or extend moto's: one module for each service."""
