// The fields that feeds and items have in common, read from the children of one element.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "feeds/item.h"
#include "feeds/parse/xml_value.h"

namespace wirewatch::feeds {

// Everything an <item>, <entry>, <channel> or <feed> says.
struct XmlFields {
  Item item;
  std::string self;
  std::string hub;
  std::optional<Span> ttl;
  bool empty_summary = false;
  std::uint32_t skip_hours = 0;  // as in FeedInfo
  std::uint8_t skip_days = 0;
};

XmlFields read_fields(const XmlSource& source, std::uint32_t node);

}  // namespace wirewatch::feeds
