"""Pages of the news: notices and how they come, mails for who looks after them, and what a mail leads a company to."""
