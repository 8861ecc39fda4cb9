"""DynamoDB by PynamoDB: the objects of exam/ to items and back, every write conditional."""
