#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// A compiled regular expression with whatever a backtracking engine can say.
typedef struct cpcre2_regex cpcre2_regex;

enum cpcre2_outcome { cpcre2_no_match, cpcre2_match, cpcre2_limit_reached };

enum cpcre2_option {
  cpcre2_ignore_case = 1,
  cpcre2_multiline = 2,
  cpcre2_dot_all = 4,
  cpcre2_whole = 8,
  cpcre2_start = 16,
  /// `$` is the very end, and not also the place before a line end that is last.
  cpcre2_dollar_end_only = 32,
  /// `\d`, `\s` and `\w` are of all of Unicode.
  cpcre2_unicode_classes = 64,
};

/// Compiles a pattern; null where it is none.
cpcre2_regex *cpcre2_compile(const char *pattern, size_t length, uint32_t options);

/// Whether the text has a match, within limits of steps, depth and memory. Threads may share an expression.
enum cpcre2_outcome cpcre2_matches(const cpcre2_regex *regex, const char *text, size_t length);

/// Finds the next match from a place on, within the same limits. `spans` gets begin and end of the whole and of each
/// group, -1 for a group without a part in it; `most` is how many pairs it holds.
enum cpcre2_outcome cpcre2_find(
    const cpcre2_regex *regex, const char *text, size_t length, size_t start, long *spans, size_t most);

void cpcre2_free(cpcre2_regex *regex);
