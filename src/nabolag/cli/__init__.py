"""The command line.

Counting fills and frees the same large tables again and again. Polars' allocator (jemalloc) is
asked, before Polars is loaded, to keep memory that was used for a minute rather than hand it back
at once and be given it anew; counting takes an eighth less time. Somebody's own setting stands.
"""

import os

os.environ.setdefault("_RJEM_MALLOC_CONF", "dirty_decay_ms:60000,muzzy_decay_ms:60000")
