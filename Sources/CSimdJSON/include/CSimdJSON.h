#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A parser that keeps its memory from one document to the next.
typedef struct csimdjson_parser csimdjson_parser;

enum csimdjson_kind {
  csimdjson_null,
  csimdjson_true,
  csimdjson_false,
  /// The text as written.
  csimdjson_number,
  /// The text without its escapes.
  csimdjson_string,
  /// As a string; a member's value follows.
  csimdjson_key,
  csimdjson_list_start,
  csimdjson_list_end,
  csimdjson_object_start,
  csimdjson_object_end,
};

/// A step of the walk through a document, in the order of its text.
typedef struct {
  uint32_t kind;
  /// Set for numbers, strings and keys.
  uint32_t length;
  const char *text;
} csimdjson_item;

/// What came of a document; valid until the parser reads the next one.
typedef struct {
  const csimdjson_item *items;
  size_t count;
  /// Null where the document was read.
  const char *error;
} csimdjson_document;

/// A parser of documents that nest at most so deep.
csimdjson_parser *csimdjson_new(size_t max_depth);

/// Reads one document, which must be an object or a list and nothing else.
csimdjson_document csimdjson_read(csimdjson_parser *parser, const uint8_t *bytes, size_t length);

void csimdjson_free(csimdjson_parser *parser);

/// Finds where the tokens of documents start, keeping its memory from one document to the next.
typedef struct csimdjson_marker csimdjson_marker;

/// Where each token of a document starts: brackets, colons, commas, and the first bytes of strings and other scalars.
///
/// The offset behind the last is the document's length. Null where the text is no UTF-8, a string does not end, or one
/// has a bare control character; what stands between strings is not looked at.
typedef struct {
  const uint32_t *starts;
  size_t count;
} csimdjson_marks;

csimdjson_marker *csimdjson_marker_new(void);

/// The marks of a document, valid until the marker is used again.
csimdjson_marks csimdjson_mark(csimdjson_marker *marker, const uint8_t *bytes, size_t length);

void csimdjson_marker_free(csimdjson_marker *marker);

#ifdef __cplusplus
}
#endif
