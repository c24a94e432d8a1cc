"""What happens to the files of mails that came in."""

from events.kinds import ID, declare

HOME = "the municipality of whoever did it"
FILE = {"file": ID("the file")}

declare("mail.file_opened", "The addressee opened a file in quarantine.", HOME, **FILE)
declare("mail.file_deleted", "A file in quarantine was deleted.", HOME, **FILE)
