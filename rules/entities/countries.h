// Countries by their codes, with their names in many languages.
#pragma once

#include <string>
#include <vector>

#include "rules/entities/gazetteer.h"

namespace wirewatch::rules {

// "IQ" of "country:IQ"; empty for what is no code of a country (ISO 3166-1 alpha-2).
std::string country_code(const std::string& id);

// "IQ" for "Iraq", the English name in any case, and for "iq" and "IRQ"; "GB" for "UK"; empty for
// others.
std::string country_called(const std::string& name);

// What a country is called in the languages that Unicode's CLDR has names for (English, Arabic,
// Persian, Sorani, Kurmanji, Turkish, Hebrew, Russian and a dozen more), and what its people and
// things are called in English. Names that are also plain words (Turkey, Chad) only with their
// capital: "=Turkey".
std::vector<std::string> country_names(const std::string& code);

// Adds those names to every entity that is a country, and a country of its own for each of
// `wanted`, ids such as "country:FR", that `defs` does not hold.
void add_countries(std::vector<EntityDef>& defs, const std::vector<std::string>& wanted);

// The ids of countries in a text: "@country:FR AND …".
std::vector<std::string> countries_in(const std::string& text);

}  // namespace wirewatch::rules
