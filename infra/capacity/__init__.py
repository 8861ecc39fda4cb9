"""What a stage of N candidates needs of each quota, and what it costs: `python -m infra costs`.

- ``work``: what each act of a sitting uses, and how often it happens. A test holds the calls and
  the units against the code (tests/integration/test_capacity.py).
- ``prices``: list prices with their date, and a file of one's own
- ``model``: from both to quotas and costs; ``report``: as tables
"""
