"""Picture → observation: which persons, faces and things it shows, and what is irregular.

Entry points
    ``handler`` (the Lambda behind the vision queue), ``__main__`` (the command line), and
    ``pipeline``, which both run: one picture from bytes to findings.

Models, one module each
    ``faces`` (face detection with five keypoints), ``objects`` (object detection), ``phones``
    (cascaded phone detection), ``face_embedding`` (recognition), ``head_pose`` (head pose and
    anomaly score), ``gaze`` (eye landmarks), ``pose`` (body keypoints), ``liveness``.

Without a model
    ``image_decoding`` (bounded decoding of untrusted images), ``quality`` (light, texture,
    sharpness), ``scene_signature`` (has the camera moved?), ``temporal`` (comparison with earlier
    pictures), ``rules`` (scores → findings), ``calibration`` (thresholds of one candidate),
    ``placement_scene`` (a camera test's input to the placement rules), ``boxes`` (IoU, NMS),
    ``percentiles``, ``stage_timer``.
"""
