#include <fmt/format.h>

#include "daemon/config/draft.h"
#include "daemon/config/units.h"

namespace wirewatch::daemon {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr SpanBounds kMaxAge{minutes(1), hours(24 * 3650)};

class RuleReader {
 public:
  RuleReader(const Context& context, Sources& sources, const KeyValue& pair)
      : context_(context),
        sources_(sources),
        map_(context, *pair.value, fmt::format("rule {}", in_quotes(pair.key)),
             "write what must occur under `match:`, as {match: border}"),
        rule_{{}, Place{&context.file, pair.key_offset}, context, {}, {}, {}, {}, {}} {
    rule_.def.name = pair.key;
  }

  std::optional<RuleDraft> read() {
    if (!map_.is_map()) return std::nullopt;
    read_query();
    read_policy();
    read_names();
    read_examples();
    map_.finish();
    return std::move(rule_);
  }

 private:
  void read_query() {
    if (!has_query(map_)) {
      context_.problems.error(rule_.place,
                              fmt::format("rule {} has no \"match\"", in_quotes(rule_.def.name)),
                              "write `match: |` and what must hold on the next lines, indented");
      return;
    }
    WrittenQuery query = read_written_query(context_, map_);
    if (query.text.size() > kMaxRuleBytes) {
      context_.problems.error(rule_.place,
                              fmt::format("a rule is at most {} bytes long", kMaxRuleBytes));
      return;
    }
    rule_.def.query = std::move(query.text);
    rule_.pieces = std::move(query.pieces);
    rule_.piece_errors = std::move(query.errors);
    const ValuePtr match = map_.find("match");
    if (match && match->kind == Value::Kind::text) warn_of_comment(*match);
  }

  // YAML takes ` #…` for a comment, in a plain text silently.
  void warn_of_comment(const Value& match) {
    const std::string& source = context_.file.text();
    const std::size_t begin = match.offset;
    if (begin >= source.size() || std::string("|>\"'").find(source[begin]) != std::string::npos) {
      return;
    }
    const std::size_t end = offset_in_file(context_.file, match, match.text.size());
    const std::size_t next = source.find_first_not_of(" \t", end);
    if (next == std::string::npos || source[next] != '#') return;
    context_.problems.warning(
        Place{&context_.file, next}, "what follows '#' is a comment, not part of the rule",
        "write `match: |` and the rule on the next lines, indented", rule_.def.name);
  }

  void read_policy() {
    const auto severity = map_.choice("severity", {"low", "normal", "high", "critical"});
    if (severity) rule_.def.severity = static_cast<rules::AlertSeverity>(*severity);
    const auto updates = map_.choice("updates", {"none", "new-source", "material"});
    if (updates) rule_.def.updates = static_cast<rules::UpdatePolicy>(*updates);
    read_alert_policy(context_, map_, rule_.def.policy);
    const ValuePtr age = map_.find("max_age");
    if (age && age->kind == Value::Kind::text && age->text == "none") {
      rule_.def.max_age = std::nullopt;
    } else if (age) {
      const auto span = map_.span("max_age", kMaxAge);
      if (span) rule_.def.max_age = *span;
    }
  }

  void read_names() {
    const ValuePtr alert = map_.find("alert");
    if (alert && alert->kind == Value::Kind::text && alert->text == "none") {
      rule_.def.only_named = true;
      read_earlier_names();
      return;
    }
    if (alert && alert->kind == Value::Kind::list && alert->items.empty()) {
      map_.error("alert", "\"alert\" names no receiver",
                 "leave it out for all of them; `alert: none` for a rule that only serves others");
    }
    for (Located& receiver : map_.texts("alert")) {
      rule_.def.receivers.push_back(std::move(receiver.text));
      rule_.receiver_offsets.push_back(receiver.offset);
    }
    read_earlier_names();
  }

  void read_earlier_names() {
    for (Located& was : map_.texts("was")) {
      if (!valid_name(was.text)) {
        context_.problems.error(Place{&context_.file, was.offset},
                                fmt::format("{} is no name of a rule", in_quotes(was.text)),
                                "1 to 64 letters, digits, '-' and '_'");
        continue;
      }
      rule_.def.was.push_back(std::move(was.text));
      rule_.was_offsets.push_back(was.offset);
    }
  }

  void read_examples() {
    const ValuePtr examples = map_.find("examples");
    if (!examples) return;
    MapReader map(context_, *examples, "\"examples\"");
    read_example_list(map, "match", true);
    read_example_list(map, "no_match", false);
    map.finish();
  }

  void read_example_list(MapReader& map, const char* key, bool must_match) {
    const ValuePtr list = map.find(key);
    if (!list) return;
    if (list->kind != Value::Kind::list) {
      map.error(key, fmt::format("\"{}\" must be a list of examples, not {}", key, kind_of(*list)),
                "each example on a line of its own that begins with '- '");
      return;
    }
    warn_of_commas(*list);
    for (const ValuePtr& item : list->items) {
      if (rule_.def.examples.size() >= kMaxTexts) {
        context_.problems.error(context_.at(*item),
                                fmt::format("a rule has at most {} examples", kMaxTexts));
        return;
      }
      auto example = read_example(*item);
      if (!example) continue;
      example->must_match = must_match;
      rule_.def.examples.push_back(std::move(*example));
      rule_.example_offsets.push_back(item->offset);
    }
  }

  // [Talks in Amman, officials said] is two texts.
  void warn_of_commas(const Value& list) {
    const std::string& source = context_.file.text();
    if (list.offset >= source.size() || source[list.offset] != '[') return;
    const auto plain = [&](const Value& item) {
      return item.kind == Value::Kind::text && item.offset < source.size() &&
             source[item.offset] != '"' && source[item.offset] != '\'';
    };
    for (std::size_t i = 1; i < list.items.size(); ++i) {
      const Value& item = *list.items[i];
      if (!plain(*list.items[i - 1]) || !plain(item) || item.text.empty()) continue;
      if (item.text[0] < 'a' || item.text[0] > 'z') continue;
      context_.problems.warning(
          context_.at(item),
          fmt::format("this is an example of its own: a comma ended {}",
                      in_quotes(list.items[i - 1]->text)),
          "put a text with commas in quotes, or each example on a line of its own behind '- '",
          rule_.def.name);
    }
  }

  std::optional<rules::Example> read_example(const Value& value) {
    rules::Example example;
    if (value.kind != Value::Kind::map) {
      const auto text = text_of(context_, value, "an example");
      if (!text) return std::nullopt;
      example.text = *text;
      return example;
    }
    const std::size_t before = context_.problems.errors();
    MapReader map(context_, value, "an example");
    example.title = map.text("title").value_or("");
    const auto text = map.text("text");
    const auto file = map.text("file");
    example.language = map.text("lang").value_or("");
    example.source = map.text("source").value_or("");
    example.url = map.text("url").value_or("");
    for (Located& tag : map.texts("tags")) example.tags.push_back(std::move(tag.text));
    map.finish();
    if (text && file) {
      map.error("file", "an example takes either \"text\" or \"file\", not both");
    } else if (text) {
      example.text = *text;
    } else if (file && !read_example_file(map, *file, example)) {
      return std::nullopt;
    }
    if (context_.problems.errors() > before) return std::nullopt;
    if (example.text.empty() && example.title.empty()) {
      context_.problems.error(context_.at(value), "an example holds neither title nor text");
      return std::nullopt;
    }
    return example;
  }

  bool read_example_file(MapReader& map, const std::string& file, rules::Example& example) {
    const auto path = expand_path(context_, map.find("file")->offset, file);
    if (!path) return false;
    const auto content = sources_.read(*path);
    if (!content) {
      map.error("file", content.error().text);
      return false;
    }
    if ((*content)->text().size() > kMaxExampleBytes) {
      map.error("file", fmt::format("an example is at most {} long", size_text(kMaxExampleBytes)));
      return false;
    }
    example.text = (*content)->text();
    return true;
  }

  const Context& context_;
  Sources& sources_;
  MapReader map_;
  RuleDraft rule_;
};

}  // namespace

void read_rules(const Context& context, Sources& sources, const Value& map, Draft& draft) {
  if (map.kind == Value::Kind::null) return;
  const MapReader check(context, map, "\"rules\"");
  if (!check.is_map()) return;
  for (const KeyValue& pair : map.pairs) {
    const Place place{&context.file, pair.key_offset};
    if (draft.rules.size() >= kMaxRules) {
      context.problems.error(place, fmt::format("more than {} rules", kMaxRules));
      return;
    }
    if (!valid_name(pair.key)) {
      context.problems.error(place, fmt::format("{} is no name of a rule", in_quotes(pair.key)),
                             "1 to 64 letters, digits, '-' and '_'");
      continue;
    }
    RuleReader reader(context, sources, pair);
    auto rule = reader.read();
    if (rule) draft.rules.push_back(std::move(*rule));
  }
}

}  // namespace wirewatch::daemon
