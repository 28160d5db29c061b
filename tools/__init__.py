"""Programs for those who work on the repository: checks of the source tree, and files that are made."""
