"""Search: the words of every document that was ever public, and the hits that a question has at one sequence.

Analysis is ours and the same on every database; SQLite's FTS5 and PostgreSQL's GIN find the texts that hold given
words. A text that was public stays indexed, so that the past can be searched; whether it may be shown is asked of the
editions, as everywhere.
"""
