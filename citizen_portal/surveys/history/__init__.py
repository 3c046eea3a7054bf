"""Waves from before the portal: an earlier survey's row file, read with a mapping and stored as a closed wave.

May touch the survey room and the file it is given. Answers pass the same checks and the same routing as those of the
page. One row that cannot be trusted refuses the whole file, by row and column, and then nothing is stored. It must
never keep the order of the file, its row ids or a column that nobody mapped.
"""
