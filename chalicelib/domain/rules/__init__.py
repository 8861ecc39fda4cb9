"""Rules that a subject sets: pure values and functions, without state of a session.

findings            what the models can find in a capture; Observation, Finding, FindingKind
profiles            rules profiles: when findings become a flag, and how severe it is
rule_overrides      an admin's changes to a profile, and the resulting effective profile
page_exits          the page lock: counting exits from the exam page, and their consequence
device_checks       checks of the computer before the exam, their thresholds and results
camera_placement    what is wrong with a camera's position in a test picture
outages             time credited for a lost connection
retention           for how many days what an exam recorded is kept
safe_exam_browser   Safe Exam Browser: a subject's settings, its config file, verifying a proof
seb_config_key      the Config Key algorithm of Safe Exam Browser
sign_in_throttling  growing waits after failed sign-in attempts
"""
