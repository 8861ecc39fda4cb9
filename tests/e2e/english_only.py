"""How a page is made to speak English, and how what is still Chinese is found."""

import re

SET_ENGLISH = "localStorage.setItem('invigil.language', 'en')"
CHINESE_TEXT = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
