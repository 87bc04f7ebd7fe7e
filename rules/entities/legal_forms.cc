#include "rules/entities/legal_forms.h"

#include <algorithm>
#include <string>

#include "feeds/text/document.h"

namespace wirewatch::rules {
namespace {

// A line for each kind of firm: forms that say the same, parted by bars. Written as in print;
// folded once. Of ISO 20275's list of entity legal forms, those common in trade and shipping.
constexpr std::string_view lines[] = {
    "Ltd|Limited|Ltda|Limitada|Ltée",
    "LLC|Limited Liability Company|OOO|ООО|TOO|ТОО|TOV|ТОВ|Obshchestvo s Ogranichennoi "
    "Otvetstvennostyu|Obshchestvo s Ogranichennoy Otvetstvennostyu|Общество с ограниченной "
    "ответственностью|ذ م م|WLL|With Limited Liability",
    "Pvt Ltd|Private Limited|Pty Ltd|Proprietary Limited|Pte Ltd|Pvt Limited|Pte Limited",
    "Inc|Incorporated|Corp|Corporation",
    "Co|Company|Cie|Compagnie|Sherkat|Sherkat e|Sherkate|Şirketi|Kompaniya|شركة|شرکت|Компания",
    "Co Ltd|Company Limited|Co Limited|Company Ltd",
    "PLC|Public Limited Company",
    "LLP|Limited Liability Partnership",
    "LP|Limited Partnership",
    "JSC|Joint Stock Company|Joint Stock Co|AO|АО|Aktsionernoe Obshchestvo|Aktsionernoye "
    "Obshchestvo|Акционерное общество",
    "OJSC|Open Joint Stock Company|OAO|ОАО|Otkrytoe Aktsionernoe Obshchestvo|Otkrytoye "
    "Aktsionernoye Obshchestvo|Открытое акционерное общество",
    "PJSC|Public Joint Stock Company|PAO|ПАО|PAT|Publichnoe Aktsionernoe Obshchestvo|Publichnoye "
    "Aktsionernoye Obshchestvo|Публичное акционерное общество",
    "CJSC|Closed Joint Stock Company|ZAO|ЗАО|Zakrytoe Aktsionernoe Obshchestvo|Zakrytoye "
    "Aktsionernoye Obshchestvo|Закрытое акционерное общество",
    "Private Joint Stock Company|Private Joint Stock|Sahami Khass|Sahami Khas",
    "FSUE|FGUP|ФГУП|Federal State Unitary Enterprise",
    "UE|Unitary Enterprise|Unitarnoe Predpriyatie",
    "GmbH|Gesellschaft mit beschränkter Haftung|mbH",
    "GmbH Co KG|KG|OHG",
    "AG|Aktiengesellschaft",
    "BV|Besloten Vennootschap|NV|Naamloze Vennootschap",
    "SA|Société Anonyme|Sociedad Anónima|Sociedade Anônima",
    "SA de CV|Sociedad Anónima de Capital Variable|de CV|SAB de CV|SAPI de CV",
    "SARL|SRL|S de RL|S de RL de CV|Société à Responsabilité Limitée|Sociedad de Responsabilidad "
    "Limitada|EURL|SL|Lda",
    "SAS|Sociedad por Acciones Simplificada|SASU|SAL|SAE|SAK|SAOG|SAOC|BSC|QSC",
    "SpA|Società per Azioni|Srl|SCS|SCA",
    "AS|A Ş|Anonim Şirketi|Ltd Şti|Limited Şirketi|Ltd Şirketi",
    "Oy|Oyj|AB|ASA|ApS|A S|KS",
    "Sp z o o|Spółka z o o|sro|doo|OOD|EOOD|EAD|Kft|Zrt|Nyrt|OÜ|SIA|UAB|dd",
    "FZE|FZCO|FZC|FZ LLC|FZ LLE|Free Zone Establishment|Free Zone Company|DMCC|DWC LLC",
    "Sdn Bhd|Bhd|Berhad|Sendirian Berhad",
    "PT|Perseroan Terbatas|Tbk|KK|CV"};

struct Form {
  std::vector<std::string> words;
  std::size_t kind = 0;
};

std::vector<Form> read_forms() {
  std::vector<Form> forms;
  std::size_t kind = 0;
  for (std::string_view line : lines) {
    ++kind;
    while (!line.empty()) {
      const std::size_t bar = std::min(line.find('|'), line.size());
      forms.push_back({feeds::fold_words(line.substr(0, bar)), kind});
      line.remove_prefix(std::min(bar + 1, line.size()));
    }
  }
  // The longest first.
  std::stable_sort(forms.begin(), forms.end(),
                   [](const Form& a, const Form& b) { return a.words.size() > b.words.size(); });
  return forms;
}

const std::vector<Form>& forms() {
  static const std::vector<Form> all = read_forms();
  return all;
}

bool stands_at(const Form& form, const std::vector<std::string_view>& words, std::size_t at) {
  return at + form.words.size() <= words.size() &&
         std::equal(form.words.begin(), form.words.end(),
                    words.begin() + static_cast<std::ptrdiff_t>(at));
}

}  // namespace

std::size_t legal_form_at(const std::vector<std::string_view>& words, std::size_t at) {
  for (const Form& form : forms()) {
    if (stands_at(form, words, at)) return form.words.size();
  }
  return 0;
}

std::size_t legal_form_before(const std::vector<std::string_view>& words, std::size_t end) {
  for (const Form& form : forms()) {
    const std::size_t count = form.words.size();
    if (count <= end && stands_at(form, words, end - count)) return count;
  }
  return 0;
}

std::size_t legal_form_kind(const std::vector<std::string_view>& words, std::size_t at,
                            std::size_t count) {
  for (const Form& form : forms()) {
    if (form.words.size() == count && stands_at(form, words, at)) return form.kind;
  }
  return 0;
}

}  // namespace wirewatch::rules
