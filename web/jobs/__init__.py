"""The open job list: orders that their companies made public, for people and for search engines."""
