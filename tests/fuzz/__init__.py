"""Seven doors through which a stranger's text or bytes come in, what must hold behind each, and a fuzzer for each.

properties   what must hold, one function per door: bytes in, nothing out, an exception where something does not hold
seeds        where a fuzzer starts: valid texts, and the words of the language
__main__     the fuzzers: `python -m fuzz reader --minutes 20`, run in the folder `tests`
"""
