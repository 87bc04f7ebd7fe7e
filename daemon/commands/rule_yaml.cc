#include "daemon/commands/rule_yaml.h"

#include <fmt/format.h>

#include <chrono>

#include "feeds/json_writer.h"

namespace wirewatch::daemon {
namespace {

// A JSON string is a YAML string.
std::string quoted(const std::string& text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

std::string quoted_list(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const std::string& text : texts) out += (out.size() > 1 ? ", " : "") + quoted(text);
  return out + "]";
}

std::string span_text(Span span) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(span).count();
  if (seconds % 86400 == 0) return fmt::format("{}d", seconds / 86400);
  if (seconds % 3600 == 0) return fmt::format("{}h", seconds / 3600);
  return seconds % 60 == 0 ? fmt::format("{}m", seconds / 60) : fmt::format("{}s", seconds);
}

std::string example_yaml(const rules::Example& example) {
  const bool plain = example.title.empty() && example.language.empty() && example.source.empty() &&
                     example.url.empty() && example.tags.empty();
  if (plain) return quoted(example.text);
  std::string out = "{";
  const auto add = [&out](const char* key, const std::string& value) {
    if (!value.empty())
      out += fmt::format("{}{}: {}", out.size() > 1 ? ", " : "", key, quoted(value));
  };
  add("title", example.title);
  add("text", example.text);
  add("lang", example.language);
  add("source", example.source);
  add("url", example.url);
  if (!example.tags.empty()) out += fmt::format(", tags: {}", quoted_list(example.tags));
  return out + "}";
}

void add_examples(std::string& out, const rules::RuleDef& rule, bool must_match) {
  std::string lines;
  for (const rules::Example& example : rule.examples) {
    if (example.must_match == must_match) lines += "        - " + example_yaml(example) + "\n";
  }
  if (!lines.empty()) out += fmt::format("      {}:\n{}", must_match ? "match" : "no_match", lines);
}

}  // namespace

std::string rule_yaml(const rules::RuleDef& rule, const std::string& query, bool with_receivers) {
  std::string out = fmt::format("  {}:\n    match: |\n", rule.name);
  for (std::size_t start = 0; start < query.size();) {
    const std::size_t end = std::min(query.find('\n', start), query.size());
    out += "      " + query.substr(start, end - start) + "\n";
    start = end + 1;
  }
  out += fmt::format("    severity: {}\n", rules::to_string(rule.severity));
  if (rule.only_named) {
    out += "    alert: none\n";
  } else if (with_receivers && !rule.receivers.empty()) {
    out += fmt::format("    alert: {}\n", quoted_list(rule.receivers));
  }
  if (rule.updates == rules::UpdatePolicy::none) out += "    updates: none\n";
  out += fmt::format("    max_age: {}\n", rule.max_age ? span_text(*rule.max_age) : "none");
  if (rule.examples.empty()) return out;
  out += "    examples:\n";
  add_examples(out, rule, true);
  add_examples(out, rule, false);
  return out;
}

}  // namespace wirewatch::daemon
