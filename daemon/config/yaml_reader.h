// Reads one YAML map: hands out what is asked for, checks it, and reports what nobody asked for.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "daemon/config/yaml.h"
#include "feeds/time.h"

namespace wirewatch::daemon {

// What the readers of one file share.
struct Context {
  const SourceFile& file;
  Problems& problems;
  std::string folder;  // of the file: relative paths start here

  Place at(const Value& value) const { return Place{&file, value.offset}; }
};

// A text with its place.
struct Located {
  std::string text;
  std::size_t offset = 0;
};

struct SpanBounds {
  Span least{};
  Span most{};
};
struct CountBounds {
  std::uint64_t least = 0;
  std::uint64_t most = 0;
};

class MapReader {
 public:
  // `what` names the map in messages: `feed "BBC"`. A value that is no map is reported; null and
  // an empty map are the same. `hint`: what would be right there.
  MapReader(const Context& context, const Value& value, std::string what, std::string hint = {});

  bool is_map() const { return map_ != nullptr; }
  bool has(const std::string& key);
  // The value of `key`, also a null one; nullptr when it is not there.
  ValuePtr find(const std::string& key);
  std::size_t key_offset(const std::string& key) const;  // of the map when it is not there

  // Each reports a value of the wrong kind or out of bounds, and then answers as if it were absent.
  std::optional<std::string> text(const std::string& key);
  std::vector<Located> texts(const std::string& key);  // one text or a list of them
  std::optional<Span> span(const std::string& key, SpanBounds bounds);
  std::optional<std::uint64_t> size(const std::string& key, CountBounds bounds);
  std::optional<std::uint64_t> count(const std::string& key, CountBounds bounds);
  // One of `words`; answers its index.
  std::optional<std::size_t> choice(const std::string& key, const std::vector<std::string>& words);

  void error(const std::string& key, std::string text, std::string hint = {});
  // Reports all keys that were never asked for. Call it once, last.
  void finish();

 private:
  const Context& context_;
  const Value* map_ = nullptr;
  std::string what_;
  std::size_t offset_;
  std::vector<std::string> asked_;
};

// A text that is not empty; else reports that `what` must be one.
std::optional<std::string> text_of(const Context& context, const Value& value,
                                   const std::string& what);
// "a list", "a map", "a text", "nothing"
std::string kind_of(const Value& value);

}  // namespace wirewatch::daemon
