"""The consent form. It is stored with the pictures, in the words that were agreed to."""

from dataclasses import dataclass
from datetime import datetime

CHINESE = """图像采集知情同意书

1. 采集内容：在本机上，由一个或两个摄像头，按屏幕提示拍摄您的照片，约 12 分钟。不录像，不录音。
2. 用途：只用于测量和改进考试监考软件识别画面的准确程度。不用于识别您的身份，不对外公开照片，不出售。
3. 保存：照片保存在本机您自己的一个文件夹中，文件名和标签只含随机编号；您的姓名只写在同一文件夹的本同意书里。
4. 自愿：参加完全自愿，任何一步都可以跳过，可以随时停止。不参加或中途停止没有任何不利后果。
5. 撤回：您可以随时撤回同意，无需说明理由。页面上的“撤回并删除”会立即删除您的
   全部照片；以后也可以凭编号要求负责人删除。
6. 他人：如果您请另一个人入镜，此人须先阅读本同意书并同意，并在下面填写姓名；否则请跳过这些步骤。
7. 年龄：您已满 18 周岁。
"""

ENGLISH = """Consent to taking pictures

1. What: on this computer one or two cameras take photographs of you, as the screen asks, for about
   12 minutes. No video and no sound is recorded.
2. What for: only to measure and improve how accurately exam proctoring software reads pictures. Not
   to identify you; the pictures are not published and not sold.
3. Where: in one folder of your own on this computer. File names and labels hold a random number
   only; your name is written in this form alone, which lies in the same folder.
4. Voluntary: you may skip any step and stop at any time. Not taking part, or stopping, has no
   disadvantage.
5. Withdrawing: you may withdraw your consent at any time, without a reason. “Withdraw and delete” on
   the page deletes all your pictures at once; later, ask the person in charge and give your number.
6. Others: if another person joins you in the picture, they must read this form and agree first, and
   give their name below. Otherwise skip these steps.
7. Age: you are 18 or older.
"""


@dataclass(frozen=True)
class VolunteerConsent:
    """Who agreed, and who joins in the picture, if anybody."""

    name: str
    second_name: str = ""


def signed_form(consent: VolunteerConsent, volunteer: str, at: datetime) -> str:
    """Return the form as it is stored."""
    lines = [
        f"编号 Number: {volunteer}",
        f"同意时间 Agreed at: {at.isoformat(timespec='seconds')}",
        f"姓名 Name: {consent.name}",
        f"入镜的另一人 Other person: {consent.second_name or '—'}",
    ]
    return f"{CHINESE}\n{ENGLISH}\n" + "\n".join(lines) + "\n"
