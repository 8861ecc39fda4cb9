"""What an institution sets up: exams, subjects, candidates, staff, papers, and answers to papers.

exams             Exam, Subject, Window, Room, Candidate, Staff; number formats; opening hours
exam_validation   the times of a subject
papers            Paper, Question, Answer; answer validation and the hash over all answers
paper_validation  a paper before candidates sit it
shuffling         each candidate's order of questions and options
accommodations    extra time and switched-off flag types for one candidate
"""
