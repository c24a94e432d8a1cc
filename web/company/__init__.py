"""The single entry for companies: the steps of the form, its drafts and the word check."""
