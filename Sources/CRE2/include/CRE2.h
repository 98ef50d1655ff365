#pragma once
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A compiled regular expression.
typedef struct cre2_regex cre2_regex;

/// Compiles a pattern. Never null; ask `cre2_error` whether it is usable.
cre2_regex *cre2_compile(const char *pattern, size_t length, bool ignore_case, bool multiline, bool dot_all);

/// The reason why the pattern is not usable, or null.
const char *cre2_error(const cre2_regex *regex);

/// Whether the text has a match: anywhere, or as a whole.
bool cre2_matches(const cre2_regex *regex, const char *text, size_t length, bool whole);

/// Finds the next match from a place on. `spans` gets begin and end of the whole and of each group, -1 for a group
/// without a part in it; `most` is how many pairs it holds.
bool cre2_find(const cre2_regex *regex, const char *text, size_t length, size_t start, long *spans, size_t most);

void cre2_free(cre2_regex *regex);

#ifdef __cplusplus
}
#endif
