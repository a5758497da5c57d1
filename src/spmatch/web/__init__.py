"""The service: an HTTP interface for other systems and a page for link workers.

A door: it translates requests into calls and answers into text, and decides nothing. It needs the
extra ``serve``.
"""
