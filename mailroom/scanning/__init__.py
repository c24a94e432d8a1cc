"""What the files of a mail are, and which words stand in them, found out without trusting them."""
