"""A script that sets a page's language to English, and a pattern that finds Chinese text."""

import re

SET_ENGLISH = "localStorage.setItem('invigil.language', 'en')"
CHINESE_TEXT = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
