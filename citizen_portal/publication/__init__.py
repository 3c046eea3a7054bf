"""Public documents judged by nothing but themselves: changes between two of them, and the audit of all together.

May read public documents and use pure statistics. Must never see an answer, a report or an exact count: what is
computed here from public numbers can tell nobody more than those numbers do.
"""
