// A document's features as bytes for the store, so that a restart need not read texts again.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "feeds/stories/features.h"

namespace wirewatch::feeds {

// First byte: the format, 1. Then, numbers as LEB128 (7 bits a byte, low bits first): language;
// the distinct words and terms by value, each as its distance from the one before; the terms as
// (index into these, scaled weight, flags); the words as indices; sentence ends as distances; the
// entities like the terms, by value; the pair sample as distances. A list begins with its count.
std::string pack(const Features& features);

// Nothing for bytes that pack() did not write, or for another format.
std::optional<Features> unpack_features(std::string_view bytes);

}  // namespace wirewatch::feeds
