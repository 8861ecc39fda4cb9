"""Monitoring of sessions: from planned captures to flags.

capture_plans   when a device takes pictures and clips, and their upload forms
observations    observations of captures become flags; start and end of monitoring
page_exits      the page lock: reports that the exam page was left or came back
scheduler       time-outs, missing captures and outage credit, when their moment has come
"""
