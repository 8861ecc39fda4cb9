"""Lists of candidates (考生名单): read, validated and compared, before anything is written.

The console and `python -m infra seed --candidates` use these same functions.

problems   what is wrong or odd about a list, in words, with its line
encoding   a file's bytes → text
table      text → rows of cells, with their lines
columns    headings in Chinese or English → fields
rows       cells → RosterRow, and what is wrong with a row
id_numbers the 18-place resident ID number: its date and its check digit
duplicates numbers that a list holds twice
matching   which candidate a row is about, and what it changes
batches    which rows are written together
photos     whether a file is a JPEG that can be a registration photo
"""
