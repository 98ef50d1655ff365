#pragma once
#include <stddef.h>

/// A file of the repository that the program carries.
typedef struct {
  /// `attack`, `mappings`, `operations` or `templates`.
  const char *folder;
  /// The file's name in it.
  const char *name;
  const unsigned char *bytes;
  size_t size;
} cresource;

/// The number of files.
size_t cresources_count(void);

/// The file at a place below the count; behind it, one whose parts are all zero.
cresource cresources_at(size_t index);
