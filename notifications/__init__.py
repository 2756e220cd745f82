"""Mail out: acknowledgements, the digest, the relay."""
