/* script.h - which modules are programs of their own. Found once, for the few that write "__main__" or parse_args. */
#ifndef IDLETX_PROGRAM_SCRIPT_H
#define IDLETX_PROGRAM_SCRIPT_H

#include "program/program.h"

/* Reads the bodies of the modules that write "__main__". In 'run'. */
const struct scripts *scripts_find(struct arena *run, const struct project *p);

/* Does its body test `__name__`: if __name__ == "__main__"? */
bool module_is_script(const struct program *program, module_id m);

/* Does it write "__main__", or parse the command line as it is loaded, and no other module imports anything of its name? */
bool module_runs_alone(const struct program *program, module_id m);

#endif
