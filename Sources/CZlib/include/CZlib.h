#pragma once
#include <stddef.h>
#include <zlib.h>

/// Starts reading a gzip stream, or a chain of them. Returns a zlib code.
int czlib_start(z_stream *stream);
