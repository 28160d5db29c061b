"""What the columns of a table hold: words for their names, vocabularies, headers."""
