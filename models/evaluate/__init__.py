"""How well the eyes see: the Lambda's own code over a folder of labelled pictures."""
