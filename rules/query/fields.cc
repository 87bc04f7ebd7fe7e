#include "rules/query/fields.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "rules/diagnostic.h"

namespace wirewatch::rules {
namespace {

constexpr std::size_t longest_list = 200;  // bytes

bool is_field(std::string_view name) {
  const auto& names = field_names();
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<std::string> parted(std::string_view names) {
  std::vector<std::string> parts(1);
  for (const char c : names) {
    if (c == ',') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

FieldRead refused(std::string error, std::string hint) {
  return {std::nullopt, std::move(error), std::move(hint)};
}

FieldRead read_one(const std::string& name) {
  for (std::size_t i = 0; i < scope_count && is_field(name); ++i) {
    const auto scope = static_cast<Scope>(i);
    if (scope_name(scope) == name) return {scope, "", ""};
  }
  const std::string near = nearest_name(name, field_names());
  return refused(fmt::format("there is no field '{}'", name),
                 near.empty() ? fmt::format("fields are {}:", fmt::join(field_names(), ": "))
                              : fmt::format("did you mean {}:", near));
}

}  // namespace

FieldRead read_field(std::string_view names) {
  bool title = false;
  bool lead = false;
  bool text = false;
  const std::vector<std::string> parts = parted(names);
  for (const std::string& name : parts) {
    FieldRead one = read_one(name);
    if (!one.scope || parts.size() == 1) return one;
    if (is_about_document(*one.scope)) {
      return refused(fmt::format("'{}:' cannot stand in a list of fields", name),
                     fmt::format("title, lead and text can: title,lead:word; for others write "
                                 "{}:word OR tag:word",
                                 name));
    }
    title = title || *one.scope == Scope::title;
    lead = lead || *one.scope == Scope::lead;
    text = text || *one.scope == Scope::text;
  }
  // The lead is a part of the text.
  if (text) return {title ? Scope::title_text : Scope::text, "", ""};
  if (lead) return {title ? Scope::title_lead : Scope::lead, "", ""};
  return {Scope::title, "", ""};
}

std::size_t field_list_length(std::string_view text) {
  const std::string_view near = text.substr(0, longest_list);
  const std::size_t end = near.find_first_not_of("abcdefghijklmnopqrstuvwxyz,");
  if (end == std::string_view::npos || near[end] != ':') return 0;
  const std::size_t comma = near.find(',');
  return comma < end && is_field(near.substr(0, comma)) ? end + 1 : 0;
}

}  // namespace wirewatch::rules
