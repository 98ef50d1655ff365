#include "CRE2.h"

#include <algorithm>
#include <re2/re2.h>
#include <vector>

struct cre2_regex {
  RE2 re;
  std::string error;
  cre2_regex(const re2::StringPiece &pattern, const RE2::Options &options) : re(pattern, options) {
    if (!re.ok()) error = re.error();
  }
};

extern "C" {

cre2_regex *cre2_compile(const char *pattern, size_t length, bool ignore_case, bool multiline, bool dot_all) {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_case_sensitive(!ignore_case);
  options.set_dot_nl(dot_all);
  options.set_max_mem(32 << 20);
  std::string text(pattern, length);
  // RE2 reads `^` and `$` as the ends of lines only under the flag `m`, written into the pattern.
  if (multiline) text = "(?m)" + text;
  return new cre2_regex(re2::StringPiece(text.data(), text.size()), options);
}

const char *cre2_error(const cre2_regex *regex) { return regex->error.empty() ? nullptr : regex->error.c_str(); }

bool cre2_matches(const cre2_regex *regex, const char *text, size_t length, bool whole) {
  re2::StringPiece subject(text, length);
  return regex->re.Match(subject, 0, length, whole ? RE2::ANCHOR_BOTH : RE2::UNANCHORED, nullptr, 0);
}

bool cre2_find(const cre2_regex *regex, const char *text, size_t length, size_t start, long *spans, size_t most) {
  re2::StringPiece subject(text, length);
  std::vector<re2::StringPiece> groups(std::min<size_t>(most, regex->re.NumberOfCapturingGroups() + 1));
  if (!regex->re.Match(subject, start, length, RE2::UNANCHORED, groups.data(), static_cast<int>(groups.size())))
    return false;
  for (size_t i = 0; i < groups.size(); i++) {
    if (!groups[i].data()) continue;
    spans[2 * i] = groups[i].data() - text;
    spans[2 * i + 1] = spans[2 * i] + static_cast<long>(groups[i].size());
  }
  return true;
}

void cre2_free(cre2_regex *regex) { delete regex; }
}
