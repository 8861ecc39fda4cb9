"""The script: what a volunteer is asked to do, and the labels that follow from it.

A label of None is not scored: where it depends on the room whether something shows, or where the
act is between yes and no.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

PICTURES = 4
"""Pictures of each view in a step."""
INTERVAL_SECONDS = 2


@dataclass(frozen=True)
class SceneLabels:
    """What a picture shows, in the words of scenes.csv."""

    faces: int | None = 1
    persons: int | None = 1
    phone: bool | None = False
    book: bool | None = False
    occluded: bool | None = False
    looking_away: bool | None = False
    looking_down: bool | None = False


@dataclass(frozen=True)
class Step:
    """One thing to do. ``prepare`` is how many seconds there are to get ready."""

    name: str
    zh: str
    en: str
    first: SceneLabels
    second: SceneLabels
    prepare: int = 10
    another_person: bool = False


CALM = SceneLabels()
_UNJUDGED_FACE = {"faces": None, "occluded": None, "looking_away": None, "looking_down": None}


def _from_side(labels: SceneLabels) -> SceneLabels:
    """Return the labels of the second view: a face seen from the side is not judged."""
    return replace(labels, **_UNJUDGED_FACE) if labels.persons else labels


def _step(name: str, zh: str, en: str, first: SceneLabels = CALM, **changes: object) -> Step:
    step = Step(name, zh, en, first, _from_side(first))
    return replace(step, **changes)  # type: ignore[arg-type]


AWAY = replace(CALM, looking_away=True, looking_down=None)
DOWN = replace(CALM, looking_down=True, looking_away=None)
PHONE = replace(CALM, phone=True, looking_away=None, looking_down=None)
COVERED = replace(CALM, occluded=True)
_PHONE_BELOW = replace(DOWN, phone=None)
_PHONE_BESIDE = replace(CALM, phone=True)
_UNCLEAR = replace(CALM, **_UNJUDGED_FACE)


def _beside(step: Step) -> Step:
    """Return a step whose phone only the second camera is sure to see."""
    return replace(step, second=_from_side(_PHONE_BESIDE))


STEPS: tuple[Step, ...] = (
    _step("calm", "坐好，像考试时那样看着屏幕。", "Sit as in an exam and look at the screen."),
    _step(
        "read",
        "默读下面列表里的文字，眼睛自然移动。",
        "Read the list below silently; let your eyes move.",
    ),
    _step(
        "type",
        "双手打字，可以看键盘。",
        "Type with both hands; you may look at the keys.",
        replace(CALM, looking_down=None, looking_away=None),
    ),
    _step("left", "头转向左边，像看旁边的人。", "Turn your head left, as if to a neighbour.", AWAY),
    _step(
        "right", "头转向右边，像看旁边的人。", "Turn your head right, as if to a neighbour.", AWAY
    ),
    _step("up", "抬头看天花板。", "Look up at the ceiling.", AWAY),
    _step(
        "eyes_left",
        "头不动，只把眼睛转向屏幕左侧外很远处。",
        "Keep your head still; turn only your eyes far left of the screen.",
        AWAY,
    ),
    _step(
        "eyes_right",
        "头不动，只把眼睛转向屏幕右侧外很远处。",
        "Keep your head still; turn only your eyes far right of the screen.",
        AWAY,
    ),
    _step("lap", "低头看自己的大腿。", "Look down at your lap.", DOWN),
    _step("desk", "低头看桌面，像看纸条。", "Look down at the desk, as if at a note.", DOWN),
    _step(
        "phone_front",
        "把手机举在胸前，屏幕朝向摄像头。",
        "Hold the phone before your chest, its screen towards the camera.",
        PHONE,
        prepare=14,
    ),
    _step(
        "phone_back",
        "看手机：手机背面朝向摄像头。",
        "Look at the phone: its back is towards the camera.",
        PHONE,
    ),
    _step(
        "phone_side",
        "把手机侧过来，窄边朝向摄像头。",
        "Turn the phone so that its narrow edge is towards the camera.",
        PHONE,
    ),
    _step(
        "phone_ear",
        "把手机放到耳边。",
        "Hold the phone to your ear.",
        replace(PHONE, occluded=None),
    ),
    _beside(
        _step(
            "phone_lap",
            "把手机放在大腿上看。",
            "Look at the phone in your lap.",
            _PHONE_BELOW,
        )
    ),
    _beside(
        _step(
            "phone_desk",
            "把手机放在键盘旁边的桌面上，看屏幕。",
            "Lay the phone on the desk beside the keyboard; look at the screen.",
            replace(CALM, phone=None),
        )
    ),
    _beside(
        _step(
            "phone_floor",
            "把手机放在第二个摄像头看得到的地板上；看不到就跳过。",
            "Lay the phone on the floor where the second camera sees it; skip this if it cannot.",
            replace(CALM, phone=None),
        )
    ),
    _step(
        "no_phone",
        "把手机收起来，手拿钱包、遥控器或计算器。",
        "Put the phone away; hold a wallet, a remote control or a calculator.",
        replace(CALM, looking_away=None, looking_down=None),
    ),
    _step(
        "book",
        "双手打开一本书，举到摄像头看得到的高度。",
        "Open a book with both hands, high enough for the camera.",
        replace(CALM, book=True, looking_away=None, looking_down=None),
        prepare=14,
    ),
    _step(
        "dark_glasses",
        "戴上墨镜，看屏幕。",
        "Put on dark glasses; look at the screen.",
        COVERED,
        prepare=14,
    ),
    _step(
        "glasses",
        "戴上普通透明眼镜，看屏幕。",
        "Put on clear glasses; look at the screen.",
        prepare=14,
    ),
    _step("mask", "戴上口罩，看屏幕。", "Put on a mask; look at the screen.", COVERED, prepare=14),
    _step("hand_mouth", "用手捂住嘴。", "Cover your mouth with a hand.", COVERED),
    _step(
        "hand_cheek",
        "手托着脸颊，脸不遮住。",
        "Rest your cheek on a hand without covering the face.",
    ),
    _step(
        "tilt_left",
        "头向左肩倾斜，看屏幕。",
        "Tilt your head towards the left shoulder; look at the screen.",
    ),
    _step(
        "tilt_right",
        "头向右肩倾斜，看屏幕。",
        "Tilt your head towards the right shoulder; look at the screen.",
    ),
    _step(
        "lean_out",
        "身体侧移，让摄像头只拍到半张脸。",
        "Move aside until the camera sees half of your face.",
        _UNCLEAR,
    ),
    _step(
        "far",
        "椅子后退一步，看屏幕。",
        "Move the chair back one step; look at the screen.",
    ),
    _step(
        "second_person",
        "请另一人坐到您旁边，两人都看屏幕。",
        "Let another person sit beside you; both look at the screen.",
        replace(CALM, faces=2, persons=2),
        prepare=16,
        another_person=True,
    ),
    _step(
        "helper",
        "请另一人站在画面边缘，只露出一部分。",
        "Let the other person stand at the edge of the picture, partly visible.",
        replace(_UNCLEAR, persons=2),
        another_person=True,
    ),
    _step(
        "leave",
        "所有人离开画面，听到两声提示音后回来。",
        "Everybody leaves the picture; come back after two beeps.",
        replace(CALM, faces=0, persons=0, occluded=None, looking_away=None, looking_down=None),
        prepare=14,
    ),
    _step(
        "low_light",
        "关灯，只留屏幕的光，看屏幕。",
        "Switch off the light, leaving only the screen; look at the screen.",
        prepare=16,
    ),
    _step(
        "calm_again",
        "开灯，坐好，看屏幕。最后一步。",
        "Light on; sit and look at the screen. The last step.",
    ),
)


def step_seconds(step: Step) -> int:
    """Return how long a step lasts."""
    return step.prepare + PICTURES * INTERVAL_SECONDS


def named(name: str) -> Step | None:
    """Return the step of a name."""
    return next((step for step in STEPS if step.name == name), None)


def label_columns(labels: SceneLabels) -> dict[str, str]:
    """Return labels as the columns of scenes.csv; a label of None is empty."""
    return dict(_columns(labels))


def _columns(labels: SceneLabels) -> Iterator[tuple[str, str]]:
    for column in ("faces", "persons", "phone", "book", "occluded", "looking_away", "looking_down"):
        value: int | None = getattr(labels, column)
        yield column, "" if value is None else str(int(value))
