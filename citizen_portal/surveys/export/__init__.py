"""A closed wave as files for people and for the programs of analysts, all made from its frozen questionnaire.

May touch the survey's tables through ``queries.py`` only, and writes nothing to the database. Rows leave in an order
and under ids of their own, and never before the wave is closed and what could tie an answer to a letter is destroyed.
"""
