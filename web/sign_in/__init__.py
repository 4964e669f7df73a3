"""Signing in: nothing is answered to who has not, and nothing changed for who may only read.

middleware.py stands behind web.guard and lets requests through; users.py says to the functions of the page who
asks. door.py checks passwords and counts failures in attempts.py; sessions.py remembers who is in; pages.py is
what people see of it.
"""
