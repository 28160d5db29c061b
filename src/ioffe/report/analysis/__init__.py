"""The report of measured samples: page, picture and tables."""
