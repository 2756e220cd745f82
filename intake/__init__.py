"""Mail in: the IMAP session, the MIME walk, what kind of message it is, which parts are documents, the blob store."""
