"""Files and folders that are written whole or not at all, whatever happens in between: a full disk, Ctrl-C, `kill -9`.

`machine` asks the operating system (bytes on the disk, locks, two names exchanged in one step), `manifest` knows what lca-ml wrote,
`temporary` makes what is not an output yet and clears away what a killed run left, `outputs` puts it in its place.
"""

from lca_ml.writing.manifest import MANIFEST
from lca_ml.writing.outputs import check_folder, write_file, write_files, write_folder

__all__ = ["MANIFEST", "check_folder", "write_file", "write_files", "write_folder"]
