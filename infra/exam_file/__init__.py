"""An institution's own exam: from the file that describes it to the stage that holds it."""
