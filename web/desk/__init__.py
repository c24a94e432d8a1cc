"""What the consultant's desk reads and says: rows, sentences and words, made of the services' QuerySets and rules."""
