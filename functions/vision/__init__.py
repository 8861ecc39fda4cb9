"""Picture → observation: which persons, faces and things it shows, and what is irregular.

Entry points
    ``handler`` (the Lambda behind the vision queue), ``__main__`` (the command line), and
    ``pipeline``, which both run: one picture from bytes to findings, by way of ``detection``
    (faces, persons, things) and ``face_reading`` (what the faces say).

Models, one module each
    ``faces`` (face detection with five keypoints), ``objects`` (object detection),
    ``face_embedding`` (recognition), ``head_pose`` (head pose and anomaly score), ``gaze`` (eye
    landmarks), ``pose`` (body keypoints), ``liveness``. Both object detectors together: ``looks``
    (near, far, in tiles) and ``things`` (phones, books, and what stands in the view).

Without a model
    ``image_decoding`` (bounded decoding of untrusted images), ``quality`` (light, texture,
    sharpness), ``scene_signature`` (has the camera moved?), ``temporal`` (comparison with earlier
    pictures), ``rules``, ``face_rules`` and ``thing_rules`` (scores → findings),
    ``frame_signals`` (what they decide by), ``calibration`` (thresholds of one candidate),
    ``placement_scene`` (a camera test's input to the placement rules), ``boxes`` (IoU, NMS),
    ``percentiles``, ``stage_timer``.
"""
