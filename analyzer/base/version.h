/* version.h - the version that --version, JSON and SARIF name. */
#ifndef IDLETX_BASE_VERSION_H
#define IDLETX_BASE_VERSION_H

#define IDLETX_VERSION "0.1.0"

#endif
