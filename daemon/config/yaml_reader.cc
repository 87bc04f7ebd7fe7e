#include "daemon/config/yaml_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/config/units.h"

namespace wirewatch::daemon {

std::string kind_of(const Value& value) {
  switch (value.kind) {
    case Value::Kind::text:
      return "a text";
    case Value::Kind::list:
      return "a list";
    case Value::Kind::map:
      return "a map";
    case Value::Kind::null:
      break;
  }
  return "nothing";
}

std::optional<std::string> text_of(const Context& context, const Value& value,
                                   const std::string& what) {
  if (value.kind == Value::Kind::text && !value.text.empty()) return value.text;
  if (value.kind == Value::Kind::null || value.kind == Value::Kind::text) {
    context.problems.error(context.at(value), fmt::format("{} has no value", what),
                           "write one, or remove the line; the word null needs quotes");
  } else {
    context.problems.error(context.at(value),
                           fmt::format("{} must be a text, not {}", what, kind_of(value)));
  }
  return std::nullopt;
}

MapReader::MapReader(const Context& context, const Value& value, std::string what, std::string hint)
    : context_(context), what_(std::move(what)), offset_(value.offset) {
  static const Value kEmpty = [] {
    Value empty;
    empty.kind = Value::Kind::map;
    return empty;
  }();
  if (value.kind == Value::Kind::map) {
    map_ = &value;
  } else if (value.kind == Value::Kind::null) {
    map_ = &kEmpty;
  } else {
    context.problems.error(
        context.at(value),
        fmt::format("{} must be a map of `key: value` lines, not {}", what_, kind_of(value)),
        std::move(hint));
  }
}

bool MapReader::has(const std::string& key) {
  return find(key) != nullptr;
}

ValuePtr MapReader::find(const std::string& key) {
  if (std::find(asked_.begin(), asked_.end(), key) == asked_.end()) asked_.push_back(key);
  if (map_ == nullptr) return nullptr;
  for (const KeyValue& pair : map_->pairs) {
    if (pair.key == key) return pair.value;
  }
  return nullptr;
}

std::size_t MapReader::key_offset(const std::string& key) const {
  if (map_ != nullptr) {
    for (const KeyValue& pair : map_->pairs) {
      if (pair.key == key) return pair.key_offset;
    }
  }
  return offset_;
}

std::optional<std::string> MapReader::text(const std::string& key) {
  const ValuePtr value = find(key);
  if (!value) return std::nullopt;
  return text_of(context_, *value, in_quotes(key));
}

std::vector<Located> MapReader::texts(const std::string& key) {
  std::vector<Located> result;
  const ValuePtr value = find(key);
  if (!value) return result;
  if (value->kind == Value::Kind::list) {
    for (const ValuePtr& item : value->items) {
      const auto text = text_of(context_, *item, fmt::format("an item of {}", in_quotes(key)));
      if (text) result.push_back(Located{*text, item->offset});
    }
    return result;
  }
  if (value->kind == Value::Kind::map) {
    context_.problems.error(
        context_.at(*value),
        fmt::format("{} must be a text or a list of texts, not a map", in_quotes(key)));
    return result;
  }
  const auto text = text_of(context_, *value, in_quotes(key));
  if (text) result.push_back(Located{*text, value->offset});
  return result;
}

std::optional<Span> MapReader::span(const std::string& key, SpanBounds bounds) {
  const auto value = text(key);
  if (!value) return std::nullopt;
  const auto parsed = parse_span(*value);
  const Place place = context_.at(*find(key));
  if (!parsed) {
    context_.problems.error(place,
                            fmt::format("{} is no time for {}", in_quotes(*value), in_quotes(key)),
                            parsed.error().text);
    return std::nullopt;
  }
  if (*parsed < bounds.least || *parsed > bounds.most) {
    context_.problems.error(
        place, fmt::format("{} for {} is out of bounds", in_quotes(*value), in_quotes(key)),
        fmt::format("from {} to {}", span_text(bounds.least), span_text(bounds.most)));
    return std::nullopt;
  }
  return *parsed;
}

std::optional<std::uint64_t> MapReader::size(const std::string& key, CountBounds bounds) {
  const auto value = text(key);
  if (!value) return std::nullopt;
  const auto parsed = parse_size(*value);
  const Place place = context_.at(*find(key));
  if (!parsed) {
    context_.problems.error(place,
                            fmt::format("{} is no size for {}", in_quotes(*value), in_quotes(key)),
                            parsed.error().text);
    return std::nullopt;
  }
  if (*parsed < bounds.least || *parsed > bounds.most) {
    context_.problems.error(
        place, fmt::format("{} for {} is out of bounds", in_quotes(*value), in_quotes(key)),
        fmt::format("from {} to {}", size_text(bounds.least), size_text(bounds.most)));
    return std::nullopt;
  }
  return *parsed;
}

std::optional<std::uint64_t> MapReader::count(const std::string& key, CountBounds bounds) {
  const auto value = text(key);
  if (!value) return std::nullopt;
  const auto parsed = parse_count(*value);
  const Place place = context_.at(*find(key));
  if (!parsed) {
    context_.problems.error(
        place, fmt::format("{} is no number for {}", in_quotes(*value), in_quotes(key)),
        parsed.error().text);
    return std::nullopt;
  }
  if (*parsed < bounds.least || *parsed > bounds.most) {
    context_.problems.error(
        place, fmt::format("{} for {} is out of bounds", in_quotes(*value), in_quotes(key)),
        fmt::format("from {} to {}", bounds.least, bounds.most));
    return std::nullopt;
  }
  return *parsed;
}

std::optional<std::size_t> MapReader::choice(const std::string& key,
                                             const std::vector<std::string>& words) {
  const auto value = text(key);
  if (!value) return std::nullopt;
  const auto found = std::find(words.begin(), words.end(), *value);
  if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
  context_.problems.error(context_.at(*find(key)),
                          fmt::format("{} is no value for {}", in_quotes(*value), in_quotes(key)),
                          hint_for(*value, words));
  return std::nullopt;
}

void MapReader::error(const std::string& key, std::string text, std::string hint) {
  const ValuePtr value = find(key);
  const std::size_t offset = value ? value->offset : offset_;
  context_.problems.error(Place{&context_.file, offset}, std::move(text), std::move(hint));
}

void MapReader::finish() {
  if (map_ == nullptr) return;
  for (const KeyValue& pair : map_->pairs) {
    if (std::find(asked_.begin(), asked_.end(), pair.key) != asked_.end()) continue;
    context_.problems.error(Place{&context_.file, pair.key_offset},
                            fmt::format("unknown key {} in {}", in_quotes(pair.key), what_),
                            hint_for(pair.key, asked_));
  }
}

}  // namespace wirewatch::daemon
