"""The making of the sample company, one noun a module."""
