#include "feeds/parse/links.h"

#include "feeds/parse/xml_text.h"
#include "feeds/url.h"

namespace wirewatch::feeds {
namespace {

bool begins_with(std::string_view reference, std::string_view scheme) {
  return equal_ignoring_case(reference.substr(0, scheme.size()), scheme);
}

bool is_script_or_data(std::string_view reference) {
  return begins_with(reference, "javascript:") || begins_with(reference, "data:") ||
         begins_with(reference, "vbscript:");
}

}  // namespace

bool LinkBudget::may_read(std::size_t bytes) {
  exhausted = exhausted || bytes > read;
  if (!exhausted) read -= bytes;
  return !exhausted;
}

bool needs_no_base(std::string_view reference) {
  return reference.empty() || begins_with(reference, "http://") ||
         begins_with(reference, "https://") || is_script_or_data(reference);
}

std::string resolve_link(std::string_view base, std::string_view reference, LinkBudget& budget) {
  reference = trim(reference);
  if (is_script_or_data(reference)) return {};
  if (needs_no_base(reference) || !budget.may_read(base.size())) return std::string(reference);
  auto resolved = resolve_url(base, reference);
  if (!resolved) return std::string(reference);
  if (resolved->size() <= reference.size()) return std::move(*resolved);
  const std::size_t added = resolved->size() - reference.size();
  budget.exhausted = added > budget.added;
  if (budget.exhausted) return std::string(reference);
  budget.added -= added;
  return std::move(*resolved);
}

}  // namespace wirewatch::feeds
