// A word of a name as a row of sounds: one alphabet for all scripts.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace wirewatch::rules {

// Numbers below `vowelled_sounds` stand for Latin letters and letter groups (a to z first, then
// sh, kh, ou …; Cyrillic and Greek are read into these), the rest for letters of scripts that
// leave short vowels out: Arabic in all its alphabets, and Hebrew, read into Arabic ones.
inline constexpr std::size_t vowelled_sounds = 58;
inline constexpr std::size_t all_sounds = 96;
// Longer words are cut: no name of a person or place has more in one word.
inline constexpr std::size_t max_sounds = 32;

struct Sounds {
  std::array<std::uint8_t, max_sounds> row{};
  std::uint32_t doubled = 0;  // bit i: the consonant at i was written twice
  std::uint8_t length = 0;
  bool abjad = false;  // of a script without short vowels
};

// The sounds of one word in any script, valid UTF-8. Case, accents, apostrophes (ayn, hamza),
// tatweel and harakat do not matter; what is no letter gives no sound. Tables of romanisation: ISO
// 233, ALA-LC, Hawar (Kurmanji), Turkish, BGN/PCGN for Cyrillic, ISO 259 for Hebrew.
Sounds sounds_of(std::string_view word);

// How the sound is written, for people: "sh", "ع".
std::string_view sound_text(std::uint8_t sound);

}  // namespace wirewatch::rules
