"""The rules of an examination: standard library only, no input, no output, no clock of its own."""
