"""The citizen safety survey: questionnaires as data, waves, invitations and answers.

May touch municipality, statistics, storage and web. An invitation and an answer share no key, no time and
no order, and nothing in this room may join them; what they have in common while a wave is open ends with it.
"""
