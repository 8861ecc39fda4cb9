"""Stores in DynamoDB, by PynamoDB: domain objects as items; every change of state is conditional.

models         the tables' items and indexes; objects as JSON
item_mapping   keys, index attributes and conditions of the sessions table's records
transactions   conditional writes of one or several items
sessions, messages, attempts   the sessions table
registry, sms_batches          the registry table
connections                    the connections table
"""
