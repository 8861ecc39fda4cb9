"""From domain objects to the schemas that the API returns.

- `candidate`, `cameras`, `requests`, `checks`   the exam page and the phone
- `staff`, `review`                    the console; pictures and files by presigned URLs
- `messages`                           warnings, chats, calls and signals, for either side
- `admin`                              administration
"""
