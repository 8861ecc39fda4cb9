"""What a candidate does in a session, from sign-in to submission.

check_in        the steps to the paper: info, pledge, second view, waiting room, start
device_checks   results of the device checks, and the bandwidth test
camera_tests    test pictures of a camera's placement
answers         the paper, saving answers, submitting
"""
