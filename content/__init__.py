"""What is published and how it comes to be: plain Python and SQLAlchemy, no Flask, no marshmallow.

The words, one for each idea, used alike in tables, JSON, menus and tests:

entry      the lasting identity of one thing that can be public, in one locale (`entries`)
version    an immutable, numbered copy of an entry's content and placement (`versions`)
autosave   what an editor typed and did not save: a buffer of one tab, nobody else's (`autosaves`)
submission a version handed to the reviewers, and what came of it (`submissions`)
comment    what a colleague says of a passage, until somebody settles it (`comments`)
review     a reviewer's sign-off on one exact content, known by its hash (`reviews`)
act        one committed transaction that changes what is public, numbered by `sequence` (`log`)
line       one thing that an act does to one entry (`log`)
step       a line before it has happened: what an act is asked to do (`steps`)
edition    the stretch of the log in which one public form of an entry held (`editions`)
document   a version's public form, rendered once (`documents`)
standing   where an entry stands at the head of the log, read under its lock (`standings`)
newest     what the newsroom lists entries by: the words and marks of each newest version (`newest`)
mark       what many entries bear alike: another entry, a tag, a source, an address linked (`marks`, `bearings`, `uses`)
foresight  what an act would change for readers, seen by rehearsing it (`foresight`)
batch      one act asked for many entries, worked off one by one (`batches`)
trash      where drafts lie that nobody needs now; they come back as they were (`trash`)
corpus     everything public at one sequence, as readers meet it (`corpus`)
"""
