"""Where tables stand in files, whatever they hold: headers, blocks, groups of columns, rows."""
