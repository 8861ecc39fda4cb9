"""What administrators and operators set up.

exam_settings   an exam's texts, subjects, windows, rules and passcodes
candidates      searching candidates, and their accommodations
enrolment       the imported list of candidates, and registration photos
exam_import     an exam file becomes an exam, with rooms, papers and staff
passcode_sms    passcodes by SMS, in batches
"""
