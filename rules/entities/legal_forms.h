// Legal forms of firms: what a name says of its bearer in law, and a text may leave out, shorten or
// put in another language.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace wirewatch::rules {

// How many words from `at` on are a legal form ("Limited Liability Company" 3, "LLC" 1); 0: none.
// Words are folded as tokens are; forms are those of ISO 20275 and their English names.
std::size_t legal_form_at(const std::vector<std::string_view>& words, std::size_t at);
// How many words right before `end` are one.
std::size_t legal_form_before(const std::vector<std::string_view>& words, std::size_t end);
// The same form in short and in full has the same number ("llc", "limited liability company"), 0
// when the words from `at` on, `count` of them, are none.
std::size_t legal_form_kind(const std::vector<std::string_view>& words, std::size_t at,
                            std::size_t count);

}  // namespace wirewatch::rules
