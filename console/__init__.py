"""The pages that the links of the digest lead to."""
