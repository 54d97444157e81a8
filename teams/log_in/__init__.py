"""Logging in: by password or by a code that is mailed, and how often either may be tried.

allauth does the work; what is ours is the page, the words and the limits.
"""
