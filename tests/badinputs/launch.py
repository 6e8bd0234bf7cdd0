"""Start a program under a restriction, in this process: `python -S -E launch.py RESTRICTION … -- PROGRAM …`.

closed-stdout     without a standard output
unprivileged      the owner of all files may not read what its permissions forbid (root without CAP_DAC_OVERRIDE)
RLIMIT_NAME=N     with a limit of the system
"""

import ctypes
import os
import resource
import sys

CAPBSET_DROP, DAC_OVERRIDE, DAC_READ_SEARCH = 24, 1, 2

if __name__ == "__main__":
    end = sys.argv.index("--")
    program = sys.argv[end + 1 :]
    for restriction in sys.argv[1:end]:
        if restriction == "closed-stdout":
            os.close(1)
        elif restriction == "unprivileged":
            if os.geteuid() == 0:
                for capability in (DAC_OVERRIDE, DAC_READ_SEARCH):
                    if ctypes.CDLL(None, use_errno=True).prctl(CAPBSET_DROP, capability, 0, 0, 0) != 0:
                        raise OSError(ctypes.get_errno(), "a capability cannot be dropped")
        else:
            name, _equals, value = restriction.partition("=")
            resource.setrlimit(getattr(resource, name), (int(value), int(value)))
    os.execv(program[0], program)
