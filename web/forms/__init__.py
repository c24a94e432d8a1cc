"""Forms: what a page takes in. Rules are those of the services, whose refusals find their field here."""
