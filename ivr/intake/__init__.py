"""Intake: was a matter taken in rightly, as somebody who looked at it afterwards says (A2)?"""
