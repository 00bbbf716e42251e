"""Writes a project of N units that share headers: unit I takes a lock that unit I+1 defines a function for, each with findings.

    project.py DIRECTORY N MOCKS
"""
import json
import os
import sys

directory, count, mocks = sys.argv[1], int(sys.argv[2]), sys.argv[3]
os.makedirs(directory, exist_ok=True)

HEADER = """#include <linux/dma-fence.h>
#include <linux/slab.h>
static inline void *common(int flags)
{
	return kmalloc(8, flags ? GFP_KERNEL : GFP_ATOMIC);
}
#ifdef VARIANT
static inline void *variant(void) { return common(1); }
#else
static inline void *variant(void) { return common(0); }
#endif
"""

UNIT = """%(variant)s#include "common.h"
void step%(next)d(void);
void step%(this)d(void)
{
	bool cookie = dma_fence_begin_signalling();
	variant();
	dma_fence_end_signalling(cookie);
}
void walk%(this)d(void)
{
	bool cookie = dma_fence_begin_signalling();
	step%(next)d();
	common(%(this)d %% 2);
	dma_fence_end_signalling(cookie);
}
"""


def write(name, text):
    with open(os.path.join(directory, name), "w") as out:
        out.write(text)


write("common.h", HEADER)
entries = []
for i in range(count):
    write(f"unit{i}.c", UNIT % {"this": i, "next": (i + 1) % count, "variant": "#define VARIANT\n" if i % 3 == 0 else ""})
    entries.append({"directory": directory, "file": f"unit{i}.c", "arguments": ["cc", "-I", mocks, "-c", f"unit{i}.c"]})
write("compile_commands.json", json.dumps(entries, indent=1))
entries.sort(key=lambda e: e["file"][::-1])
os.makedirs(os.path.join(directory, "shuffled"), exist_ok=True)
write("shuffled/compile_commands.json", json.dumps(entries))
