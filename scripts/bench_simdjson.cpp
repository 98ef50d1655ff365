// Reads a log with simdjson alone, On-Demand, taking the fields that rules about secrets name; for scripts/bench.
#include <fcntl.h>
#include <simdjson.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstring>
#include <string_view>
#include <vector>

using namespace simdjson;

static size_t sum = 0;

static void take(simdjson_result<ondemand::value> found) {
  ondemand::value value;
  if (found.get(value)) return;
  std::string_view text;
  ondemand::array list;
  if (!value.get_string().get(text)) sum += text.size();
  else if (!value.get_array().get(list)) for (auto element : list) if (!element.get_string().get(text)) sum += text.size();
}

static void take_all(ondemand::object event) {
  for (auto field : event) {
    std::string_view key;
    if (field.unescaped_key().get(key)) return;
    auto value = field.value();
    if (key == "verb" || key == "stage" || key == "userAgent" || key == "requestURI" || key == "sourceIPs") take(value);
    else if (key == "user") {
      ondemand::object user;
      if (value.get_object().get(user)) continue;
      for (auto inner : user) {
        if (inner.unescaped_key().get(key)) return;
        if (key == "username" || key == "groups") take(inner.value());
      }
    } else if (key == "objectRef") {
      ondemand::object reference;
      if (value.get_object().get(reference)) continue;
      for (auto inner : reference) {
        if (inner.unescaped_key().get(key)) return;
        if (key == "resource" || key == "namespace" || key == "name" || key == "apiGroup" || key == "subresource")
          take(inner.value());
      }
    } else if (key == "responseStatus") {
      ondemand::object status;
      if (value.get_object().get(status)) continue;
      for (auto inner : status) {
        if (inner.unescaped_key().get(key)) return;
        int64_t code;
        if (key == "code" && !inner.value().get_int64().get(code)) sum += code;
      }
    } else if (key == "annotations") {
      ondemand::object annotations;
      if (value.get_object().get(annotations)) continue;
      for (auto inner : annotations) {
        if (inner.unescaped_key().get(key)) return;
        if (key == "authorization.k8s.io/decision") take(inner.value());
      }
    }
  }
}

int main(int, char **arguments) {
  int file = open(arguments[1], O_RDONLY);
  ondemand::parser parser;
  std::vector<char> buffer((1 << 20) + SIMDJSON_PADDING);
  size_t held = 0, events = 0;
  auto begun = std::chrono::steady_clock::now();
  for (;;) {
    ssize_t count = read(file, buffer.data() + held, (1 << 20) - held);
    if (count <= 0) break;
    held += count;
    char *at = buffer.data(), *end = at + held;
    while (char *line = static_cast<char *>(memchr(at, '\n', end - at))) {
      ondemand::document document;
      size_t length = line - at;
      if (!parser.iterate(at, length, buffer.data() + buffer.size() - at).get(document)) {
        take_all(document.get_object());
        events++;
      }
      at = line + 1;
    }
    held = end - at;
    memmove(buffer.data(), at, held);
  }
  double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  printf("{\"events\": %zu, \"seconds\": %.4f, \"sum\": %zu}\n", events, seconds, sum);
}
