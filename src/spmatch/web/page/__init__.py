"""The link worker's page: one form that holds everything, and the answer beside it.

Nothing is stored: what the page knows of a person is in the form, which the browser sends back with
every click. It works without JavaScript, and faster with it.
"""
