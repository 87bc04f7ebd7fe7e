#include "rules/entities/countries.h"

#include <unicode/locid.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>

#include "feeds/text/document.h"

namespace wirewatch::rules {
namespace {

constexpr std::string_view prefix = "country:";

constexpr std::array<const char*, 22> languages = {"en", "ar", "fa", "ckb", "ku", "tr", "he", "ru",
                                                   "uk", "fr", "de", "es",  "it", "pt", "nl", "pl",
                                                   "sv", "el", "az", "ur",  "id", "ja"};

struct Demonym {
  std::string_view code;
  std::string_view words;  // parted by commas
};

constexpr Demonym demonyms[] = {
    {"AF", "Afghan,Afghans"},
    {"AL", "Albanian,Albanians"},
    {"DZ", "Algerian,Algerians"},
    {"AO", "Angolan,Angolans"},
    {"AR", "Argentine,Argentinian,Argentines"},
    {"AM", "Armenian,Armenians"},
    {"AU", "Australian,Australians"},
    {"AT", "Austrian,Austrians"},
    {"AZ", "Azerbaijani,Azerbaijanis"},
    {"BH", "Bahraini,Bahrainis"},
    {"BD", "Bangladeshi,Bangladeshis"},
    {"BY", "Belarusian,Belarusians"},
    {"BE", "Belgian,Belgians"},
    {"BA", "Bosnian,Bosnians"},
    {"BR", "Brazilian,Brazilians"},
    {"BG", "Bulgarian,Bulgarians"},
    {"BF", "Burkinabe"},
    {"KH", "Cambodian,Cambodians"},
    {"CM", "Cameroonian,Cameroonians"},
    {"CA", "Canadian,Canadians"},
    {"TD", "Chadian,Chadians"},
    {"CL", "Chilean,Chileans"},
    {"CN", "Chinese"},
    {"CO", "Colombian,Colombians"},
    {"CG", "Congolese"},
    {"HR", "Croatian,Croatians"},
    {"CU", "Cuban,Cubans"},
    {"CY", "Cypriot,Cypriots"},
    {"CZ", "Czech Republic,=Czech,=Czechs"},
    {"DK", "Danish,Danes"},
    {"EG", "Egyptian,Egyptians"},
    {"ER", "Eritrean,Eritreans"},
    {"EE", "Estonian,Estonians"},
    {"ET", "Ethiopian,Ethiopians"},
    {"FI", "Finnish,Finns"},
    {"FR", "French"},
    {"GE", "Georgian,Georgians"},
    {"DE", "German,Germans"},
    {"GH", "Ghanaian,Ghanaians"},
    {"GR", "Greek,Greeks"},
    {"HU", "Hungarian,Hungarians"},
    {"IN", "Indian,Indians"},
    {"ID", "Indonesian,Indonesians"},
    {"IR", "Iranian,Iranians"},
    {"IQ", "Iraqi,Iraqis"},
    {"IE", "Irish"},
    {"IL", "Israeli,Israelis"},
    {"IT", "Italian,Italians"},
    {"JP", "Japanese"},
    {"JO", "Jordanian,Jordanians"},
    {"KZ", "Kazakh,Kazakhs,Kazakhstani"},
    {"KE", "Kenyan,Kenyans"},
    {"KW", "Kuwaiti,Kuwaitis"},
    {"KG", "Kyrgyz"},
    {"LV", "Latvian,Latvians"},
    {"LB", "Lebanese"},
    {"LY", "Libyan,Libyans"},
    {"LT", "Lithuanian,Lithuanians"},
    {"MY", "Malaysian,Malaysians"},
    {"ML", "Malian,Malians"},
    {"MR", "Mauritanian,Mauritanians"},
    {"MX", "Mexican,Mexicans"},
    {"MD", "Moldovan,Moldovans"},
    {"MN", "Mongolian,Mongolians"},
    {"MA", "Moroccan,Moroccans"},
    {"MZ", "Mozambican"},
    {"MM", "Burmese,Burma"},
    {"NP", "Nepali,Nepalese"},
    {"NL", "Dutch,Holland"},
    {"NE", "Nigerien,Nigeriens"},
    {"NG", "Nigerian,Nigerians"},
    {"KP", "North Korean"},
    {"NO", "Norwegian,Norwegians"},
    {"OM", "Omani,Omanis"},
    {"PK", "Pakistani,Pakistanis"},
    {"PS", "Palestine,Palestinian,Palestinians"},
    {"PE", "Peruvian,Peruvians"},
    {"PH", "Filipino,Filipinos,Philippine"},
    {"PL", "=Polish,=Poles"},
    {"PT", "Portuguese"},
    {"QA", "Qatari,Qataris"},
    {"RO", "Romanian,Romanians"},
    {"RU", "Russian,Russians,Russian Federation"},
    {"RW", "Rwandan,Rwandans"},
    {"SA", "Saudi,Saudis,=KSA"},
    {"SN", "Senegalese"},
    {"RS", "Serbian,Serbians,Serbs"},
    {"SK", "Slovak,Slovaks"},
    {"SI", "Slovenian,Slovenians"},
    {"SO", "Somali,Somalis"},
    {"ZA", "South African,South Africans"},
    {"KR", "South Korean,South Koreans"},
    {"SS", "South Sudanese"},
    {"ES", "Spanish,Spaniards"},
    {"LK", "Sri Lankan,Sri Lankans"},
    {"SD", "Sudanese"},
    {"SE", "Swedish,Swedes"},
    {"CH", "Swiss"},
    {"SY", "Syrian,Syrians"},
    {"TW", "Taiwanese"},
    {"TJ", "Tajik,Tajiks"},
    {"TZ", "Tanzanian"},
    {"TH", "Thai,Thais"},
    {"TN", "Tunisian,Tunisians"},
    {"TR", "Turkish,Turks"},
    {"TM", "Turkmen"},
    {"UG", "Ugandan,Ugandans"},
    {"UA", "Ukrainian,Ukrainians"},
    {"AE", "Emirati,Emiratis,=UAE"},
    {"GB", "Britain,British,Britons,=UK,=U.K."},
    {"US", "American,Americans,United States of America,=US,=U.S.,=USA"},
    {"UZ", "Uzbek,Uzbeks"},
    {"VE", "Venezuelan,Venezuelans"},
    {"VN", "Vietnamese"},
    {"YE", "Yemeni,Yemenis"},
    {"ZM", "Zambian"},
    {"ZW", "Zimbabwean"}};

std::string in_capitals(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return text;
}

// Names that are words of a language as well.
bool is_plain_word(const std::string& name) {
  static constexpr std::array<std::string_view, 12> words = {"Turkey", "Chad",  "China",  "Jordan",
                                                             "Guinea", "Niger", "Polish", "Chile",
                                                             "Togo",   "Man",   "Mali",   "Cuba"};
  return std::find(words.begin(), words.end(), name) != words.end();
}

void add_name(std::vector<std::string>& names, std::set<std::string>& folded,
              const std::string& name) {
  if (name.empty() || !folded.insert(feeds::fold_word(name) + (name[0] == '=' ? "=" : "")).second) {
    return;
  }
  if (is_plain_word(name)) {
    names.push_back("=" + name);
    names.push_back("=" + in_capitals(name));
  } else {
    names.push_back(name);
  }
}

}  // namespace

std::string country_code(const std::string& id) {
  if (!id.starts_with(prefix) || id.size() != prefix.size() + 2) return {};
  static const std::set<std::string> codes = [] {
    std::set<std::string> all;
    for (const char* const* code = icu::Locale::getISOCountries(); *code != nullptr; ++code) {
      all.insert(*code);
    }
    return all;
  }();
  const std::string code = id.substr(prefix.size());
  return codes.contains(code) ? code : std::string();
}

std::string country_called(const std::string& name) {
  const std::string capitals = in_capitals(name);
  if (!country_code(std::string(prefix) + capitals).empty()) return capitals;
  if (capitals == "UK") return "GB";
  const std::string wanted = feeds::fold_word(name);
  for (const char* const* code = icu::Locale::getISOCountries(); *code != nullptr; ++code) {
    if (capitals == icu::Locale("", *code).getISO3Country()) return *code;
    icu::UnicodeString text;
    icu::Locale("", *code).getDisplayCountry(icu::Locale("en"), text);
    std::string english;
    text.toUTF8String(english);
    if (feeds::fold_word(english) == wanted) return *code;
  }
  return {};
}

std::vector<std::string> country_names(const std::string& code) {
  std::vector<std::string> names;
  std::set<std::string> folded;
  const icu::Locale country("", code.c_str());
  for (const char* const language : languages) {
    icu::UnicodeString text;
    country.getDisplayCountry(icu::Locale(language), text);
    std::string name;
    text.toUTF8String(name);
    // Where a language has no name for it, its code comes back.
    if (name != code) add_name(names, folded, name);
  }
  for (const Demonym& one : demonyms) {
    if (one.code != code) continue;
    for (std::size_t start = 0; start < one.words.size();) {
      const std::size_t end = std::min(one.words.find(',', start), one.words.size());
      add_name(names, folded, std::string(one.words.substr(start, end - start)));
      start = end + 1;
    }
  }
  return names;
}

void add_countries(std::vector<EntityDef>& defs, const std::vector<std::string>& wanted) {
  std::set<std::string> known;
  for (EntityDef& def : defs) {
    known.insert(def.id);
    const std::string code = country_code(def.id);
    if (code.empty()) continue;
    std::set<std::string> listed;
    for (const std::string& name : def.names) listed.insert(feeds::fold_word(name));
    for (const std::string& name : country_names(code)) {
      if (listed.insert(feeds::fold_word(name)).second) def.names.push_back(name);
    }
  }
  for (const std::string& id : wanted) {
    const std::string code = country_code(id);
    if (code.empty() || !known.insert(id).second) continue;
    EntityDef& def = defs.emplace_back();
    def.id = id;
    def.kind = "country";
    def.names = country_names(code);
  }
}

std::vector<std::string> countries_in(const std::string& text) {
  std::vector<std::string> ids;
  for (std::size_t at = text.find(prefix); at != std::string::npos;
       at = text.find(prefix, at + 1)) {
    const std::string id = text.substr(at, prefix.size() + 2);
    if (!country_code(id).empty()) ids.push_back(id);
  }
  return ids;
}

}  // namespace wirewatch::rules
