"""A camera with a person before it, for engines whose own false camera shows a plain colour."""

import base64
import io
import json

from tests.data.scenes import one_person, with_head_turned

PERSON = "person_b.jpg"
# Replaces the camera's track by that of a canvas; the microphone stays the engine's own. Nothing
# is drawn twice alike, as with every camera: the same picture is taken once.
CANVAS_CAMERA = """
const pictures = %s;
let shown = 'front';
window.showPerson = (turned) => { shown = turned ? 'turned' : 'front'; };
const images = {};
for (const [name, text] of Object.entries(pictures)) {
    const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
    createImageBitmap(new Blob([bytes])).then((image) => { images[name] = image; });
}
const media = navigator.mediaDevices;
if (media) {
    const original = media.getUserMedia.bind(media);
    const camera = () => {
        const canvas = document.createElement('canvas');
        [canvas.width, canvas.height] = [640, 480];
        const drawing = canvas.getContext('2d');
        const draw = () => {
            if (images[shown]) drawing.drawImage(images[shown], 0, 0);
            const colour = [0, 0, 0].map(() => Math.floor(Math.random() * 256)).join(',');
            drawing.fillStyle = `rgb(${colour})`;
            drawing.fillRect(0, 0, 4, 4);
        };
        draw();
        const timer = setInterval(draw, 200);
        const [track] = canvas.captureStream(5).getVideoTracks();
        const stop = track.stop.bind(track);
        track.stop = () => { clearInterval(timer); stop(); };
        track.getSettings = () => ({ width: 640, height: 480, deviceId: 'camera' });
        return track;
    };
    media.getUserMedia = async (wanted) => {
        const stream = await original(wanted);
        if (!wanted.video) return stream;
        for (const track of stream.getVideoTracks()) track.stop();
        return new MediaStream([camera(), ...stream.getAudioTracks()]);
    };
}
"""


def face_camera() -> str:
    """Return the script that puts a person before a page's camera."""
    pictures = {"front": one_person(PERSON), "turned": with_head_turned(PERSON)}
    encoded = {}
    for name, picture in pictures.items():
        stream = io.BytesIO()
        picture.save(stream, "JPEG", quality=90)
        encoded[name] = base64.b64encode(stream.getvalue()).decode()
    return CANVAS_CAMERA % json.dumps(encoded)
