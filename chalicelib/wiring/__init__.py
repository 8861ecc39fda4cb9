"""The only package that reads the environment; it builds the contexts of the use cases.

settings    the stage's settings, secrets and the clock
functions   `FunctionContext`, for the functions that uploads and table changes trigger
sms         `SmsContext`, for the function that sends passcodes
api         `AppContext`, for the API: everything
"""
