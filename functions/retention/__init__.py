"""Deletes what an exam recorded on its day, a page of files at a time."""
