"""The screening, candidate and company pages: what they read and how it is said."""
