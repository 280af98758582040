"""Fuzzer of everything that takes what strangers give: files, links and settings.

``make fuzz`` makes damaged and hostile inputs out of sound files (`seeds`, `mutations`,
`containers`, `params`), has a process read one after another (`worker`, `targets`) and accounts for
each (`campaign`). An input ends well as a reading or as a problem that both languages can say.
Everything else is a failure: another exception, a process that ends, a hang, a file read or written
outside the folder, a connection (`planted`). An input that meets the limit of memory is counted
apart: the reading process of the product turns it into a sentence.

The input of a number is the same in every run. The first input of each failure is kept in
``crashes/`` and read again by ``tests/test_fuzzer.py``.
"""
