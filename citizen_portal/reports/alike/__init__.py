"""Reports in the same or nearly the same words: found when they come in, shown to staff as one line.

``words.py`` says how alike two texts are, ``finding.py`` finds the group of one, ``folding.py`` what a list shows of
it, ``setting_aside.py`` lets staff decide about the whole of it. Must never decide by itself: likeness moves no
report, because whoever imitates a resident's words would otherwise silence them. Nor may it tell who wrote first.
"""
