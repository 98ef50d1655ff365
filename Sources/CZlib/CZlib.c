#include "CZlib.h"

#include <string.h>

int czlib_start(z_stream *stream) {
  memset(stream, 0, sizeof *stream);
  // 16 asks for gzip's own header and checksum; `inflateInit2` is a macro, which Swift cannot call.
  return inflateInit2(stream, 16 + MAX_WBITS);
}
