#include "CSimdJSON.h"

#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

using namespace simdjson;

struct csimdjson_parser {
  size_t max_depth = 0;
  ondemand::parser parser;
  std::string buffer;
  std::vector<csimdjson_item> items;
  std::string error;
};

namespace {

struct failure {
  std::string reason;
};

[[noreturn]] void fail(error_code code) {
  switch (code) {
    case UTF8_ERROR: throw failure{"it is not UTF-8"};
    case DEPTH_ERROR: throw failure{"it nests too deeply"};
    case STRING_ERROR: throw failure{"a string has a bad escape"};
    case UNESCAPED_CHARS: throw failure{"a string has a bare control character"};
    case UNCLOSED_STRING: throw failure{"a string does not end"};
    default: throw failure{"it is not well-formed JSON"};
  }
}

template <typename value_type>
value_type checked(simdjson_result<value_type> result) {
  if (result.error()) fail(result.error());
  return std::move(result).value_unsafe();
}

bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }

// -? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?   (RFC 8259, section 6)
bool is_number(std::string_view text) {
  size_t at = 0;
  auto digits = [&] {
    size_t start = at;
    while (at < text.size() && is_digit(text[at])) at++;
    return at - start;
  };
  if (at < text.size() && text[at] == '-') at++;
  size_t first = at;
  size_t whole = digits();
  if (whole == 0 || (whole > 1 && text[first] == '0')) return false;
  if (at < text.size() && text[at] == '.') {
    at++;
    if (digits() == 0) return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    at++;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) at++;
    if (digits() == 0) return false;
  }
  return at == text.size();
}

std::string_view trimmed(std::string_view token) {
  size_t end = token.find_last_not_of(" \t\r\n");
  return token.substr(0, end == std::string_view::npos ? 0 : end + 1);
}

struct walk {
  csimdjson_parser &parser;

  void add(csimdjson_kind kind, std::string_view text = {}) {
    parser.items.push_back({uint32_t(kind), uint32_t(text.size()), text.data()});
  }

  void enter(size_t depth) {
    if (depth > parser.max_depth) throw failure{"it nests too deeply"};
  }

  void object(ondemand::object object, size_t depth) {
    enter(depth);
    add(csimdjson_object_start);
    for (auto field : object) {
      add(csimdjson_key, checked(field.unescaped_key()));
      value(checked(field.value()), depth);
    }
    add(csimdjson_object_end);
  }

  void list(ondemand::array array, size_t depth) {
    enter(depth);
    add(csimdjson_list_start);
    for (auto element : array) value(checked(std::move(element)), depth);
    add(csimdjson_list_end);
  }

  void value(ondemand::value value, size_t depth) {
    switch (checked(value.type())) {
      case ondemand::json_type::object: return object(checked(value.get_object()), depth + 1);
      case ondemand::json_type::array: return list(checked(value.get_array()), depth + 1);
      case ondemand::json_type::string: return add(csimdjson_string, checked(value.get_string()));
      case ondemand::json_type::boolean:
        return add(checked(value.get_bool()) ? csimdjson_true : csimdjson_false);
      case ondemand::json_type::number: {
        // Never read as a double, which could not hold it; the walk moves past it of itself.
        auto text = trimmed(value.raw_json_token());
        if (!is_number(text)) throw failure{"'" + std::string(text.substr(0, 40)) + "' is no JSON number"};
        return add(csimdjson_number, text);
      }
      case ondemand::json_type::null:
        if (trimmed(value.raw_json_token()) != "null" || !value.is_null()) fail(TAPE_ERROR);
        return add(csimdjson_null);
    }
  }
};

}  // namespace

csimdjson_parser *csimdjson_new(size_t max_depth) {
  auto parser = new csimdjson_parser;
  parser->max_depth = max_depth;
  return parser;
}

csimdjson_document csimdjson_read(csimdjson_parser *parser, const uint8_t *bytes, size_t length) {
  parser->items.clear();
  try {
    parser->buffer.assign(reinterpret_cast<const char *>(bytes), length);
    parser->buffer.resize(length + SIMDJSON_PADDING);
    auto document = checked(parser->parser.iterate(
        padded_string_view(parser->buffer.data(), length, parser->buffer.size())));
    walk walk{*parser};
    switch (checked(document.type())) {
      case ondemand::json_type::object: walk.object(checked(document.get_object()), 1); break;
      case ondemand::json_type::array: walk.list(checked(document.get_array()), 1); break;
      default: throw failure{"it is no JSON object"};
    }
    if (document.current_location().error() != OUT_OF_BOUNDS) throw failure{"something follows the JSON value"};
    return {parser->items.data(), parser->items.size(), nullptr};
  } catch (const failure &failure) {
    parser->error = failure.reason;
  } catch (const std::exception &exception) {
    parser->error = exception.what();
  }
  return {nullptr, 0, parser->error.c_str()};
}

void csimdjson_free(csimdjson_parser *parser) { delete parser; }

struct csimdjson_marker {
  std::unique_ptr<internal::dom_parser_implementation> implementation;
};

csimdjson_marker *csimdjson_marker_new(void) { return new csimdjson_marker; }

csimdjson_marks csimdjson_mark(csimdjson_marker *marker, const uint8_t *bytes, size_t length) {
  auto &implementation = marker->implementation;
  if (!implementation || implementation->capacity() < length) {
    size_t capacity = std::max<size_t>(length * 2, 1 << 14);
    if (get_active_implementation()->create_dom_parser_implementation(capacity, 16, implementation)) return {nullptr, 0};
  }
  if (implementation->stage1(bytes, length, stage1_mode::regular)) return {nullptr, 0};
  return {implementation->structural_indexes.get(), implementation->n_structural_indexes};
}

void csimdjson_marker_free(csimdjson_marker *marker) { delete marker; }
