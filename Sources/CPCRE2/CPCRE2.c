#include "CPCRE2.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>

struct cpcre2_regex {
  pcre2_code *code;
  pcre2_match_context *limits;
};

cpcre2_regex *cpcre2_compile(const char *pattern, size_t length, uint32_t options) {
  uint32_t flags = PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C;
  if (options & cpcre2_ignore_case) flags |= PCRE2_CASELESS;
  if (options & cpcre2_multiline) flags |= PCRE2_MULTILINE;
  if (options & cpcre2_dot_all) flags |= PCRE2_DOTALL;
  if (options & cpcre2_whole) flags |= PCRE2_ANCHORED | PCRE2_ENDANCHORED;
  if (options & cpcre2_dollar_end_only) flags |= PCRE2_DOLLAR_ENDONLY;
  if (options & cpcre2_unicode_classes) flags |= PCRE2_UCP;
  if (options & cpcre2_start) flags |= PCRE2_ANCHORED;
  int code = 0;
  PCRE2_SIZE at = 0;
  pcre2_code *compiled = pcre2_compile((PCRE2_SPTR)pattern, length, flags, &code, &at, NULL);
  if (!compiled) return NULL;
  pcre2_match_context *limits = pcre2_match_context_create(NULL);
  cpcre2_regex *regex = malloc(sizeof *regex);
  if (!limits || !regex) abort();
  pcre2_set_match_limit(limits, 100000);
  pcre2_set_depth_limit(limits, 10000);
  pcre2_set_heap_limit(limits, 8192);
  *regex = (cpcre2_regex){compiled, limits};
  return regex;
}

enum cpcre2_outcome cpcre2_matches(const cpcre2_regex *regex, const char *text, size_t length) {
  pcre2_match_data *data = pcre2_match_data_create(1, NULL);
  if (!data) return cpcre2_limit_reached;
  // The text is known to be UTF-8. The just-in-time compiler is left out: its limits count other things.
  int code = pcre2_match(regex->code, (PCRE2_SPTR)text, length, 0, PCRE2_NO_UTF_CHECK, data, regex->limits);
  pcre2_match_data_free(data);
  if (code >= 0) return cpcre2_match;
  return code == PCRE2_ERROR_NOMATCH ? cpcre2_no_match : cpcre2_limit_reached;
}

enum cpcre2_outcome cpcre2_find(
    const cpcre2_regex *regex, const char *text, size_t length, size_t start, long *spans, size_t most) {
  pcre2_match_data *data = pcre2_match_data_create((uint32_t)most, NULL);
  if (!data) return cpcre2_limit_reached;
  int code = pcre2_match(regex->code, (PCRE2_SPTR)text, length, start, PCRE2_NO_UTF_CHECK, data, regex->limits);
  if (code >= 0) {
    const PCRE2_SIZE *found = pcre2_get_ovector_pointer(data);
    // Zero says that there are more groups than places.
    size_t count = code == 0 ? most : (size_t)code;
    for (size_t i = 0; i < count; i++) {
      if (found[2 * i] == PCRE2_UNSET) continue;
      spans[2 * i] = (long)found[2 * i];
      spans[2 * i + 1] = (long)found[2 * i + 1];
    }
  }
  pcre2_match_data_free(data);
  if (code >= 0) return cpcre2_match;
  return code == PCRE2_ERROR_NOMATCH ? cpcre2_no_match : cpcre2_limit_reached;
}

void cpcre2_free(cpcre2_regex *regex) {
  pcre2_match_context_free(regex->limits);
  pcre2_code_free(regex->code);
  free(regex);
}
