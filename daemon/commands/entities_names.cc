#include <fmt/format.h>
#include <simdjson.h>

#include "daemon/commands/config_for.h"
#include "daemon/commands/entities.h"
#include "daemon/config/entity_import.h"
#include "feeds/json_writer.h"
#include "rules/entities/name_resolver.h"

namespace wirewatch::daemon {
namespace {

constexpr std::size_t default_answers = 3;

std::string without_carriage(std::string text) {
  if (text.ends_with('\r')) text.pop_back();
  return text;
}

void print_answers(const std::string& name, const std::vector<rules::NameResolver::Answer>& answers,
                   bool as_json) {
  if (!as_json) {
    if (answers.empty()) fmt::print("{}\t-\t0.000\tnone\t\n", name);
    for (const auto& answer : answers) {
      fmt::print("{}\t{}\t{:.3f}\t{}\t{}\n", name, answer.id, answer.score,
                 rules::name_way(answer.way), answer.name);
    }
    return;
  }
  JsonWriter json;
  json.begin_object();
  json.member("name", name);
  json.key("best").begin_array();
  for (const auto& answer : answers) {
    json.begin_object();
    json.member("id", answer.id);
    json.member("score", static_cast<double>(answer.score));
    json.member("way", rules::name_way(answer.way));
    json.member("verdict", rules::verdict_text(answer.verdict));
    json.member("name", answer.name);
    json.end_object();
  }
  json.end_array();
  json.end_object();
  fmt::print("{}\n", json.take());
}

void print_comparison(const std::string& a, const std::string& b, bool as_json) {
  const rules::NameText left = rules::read_name(a);
  const rules::NameText right = rules::read_name(b);
  const rules::NameComparison compared = rules::compare_names(left, right);
  const char* const verdict = rules::verdict_text(
      rules::name_verdict(compared, std::min(left.units.size(), right.units.size())));
  if (!as_json) {
    fmt::print("{}\t{}\t{:.4f}\t{}\n", a, b, compared.score, verdict);
    return;
  }
  JsonWriter json;
  json.begin_object();
  json.member("a", a);
  json.member("b", b);
  json.member("score", static_cast<double>(compared.score));
  json.member("verdict", verdict);
  json.member("way", rules::name_way(compared.way));
  json.end_object();
  fmt::print("{}\n", json.take());
}

}  // namespace

int entities_resolve(const CommandLine& line) {
  if (line.words().size() < 2) {
    return complain("entities",
                    "resolve among which names? entities resolve NAMES.jsonl < names.txt",
                    exit_misuse);
  }
  std::size_t most = default_answers;
  if (const auto wanted = line.value("most")) {
    const bool number = !wanted->empty() && wanted->size() < 4 &&
                        wanted->find_first_not_of("0123456789") == std::string::npos;
    if (!number || *wanted == "0") {
      return complain("entities", fmt::format("--most takes a number, not \"{}\"", *wanted),
                      exit_misuse);
    }
    most = std::stoul(*wanted);
  }
  const std::string& path = line.words()[1];
  const auto content = read_input(path);
  if (!content) return complain("entities", content.error().text);
  const auto imported = import_entities(*content, guess_format(path, *content), "person");
  if (!imported) return complain("entities", fmt::format("{}: {}", path, imported.error().text));
  rules::NameResolver resolver;
  for (const rules::EntityDef& def : imported->entities) {
    for (const std::string& name : def.names) resolver.add(def.id, name);
  }
  const bool read = each_line("entities", "-", [&](const std::string& text, std::size_t) {
    const std::string name = without_carriage(text);
    print_answers(name, resolver.resolve(name, most), line.has("json"));
    return true;
  });
  return read ? exit_ok : exit_wrong;
}

int entities_compare(const CommandLine& line) {
  const std::vector<std::string>& words = line.words();
  if (words.size() == 2) {
    return complain("entities", "compare it with what? entities compare NAME NAME", exit_misuse);
  }
  if (words.size() == 3) {
    print_comparison(words[1], words[2], line.has("json"));
    return exit_ok;
  }
  int code = exit_ok;
  const bool read = each_line("entities", "-", [&](const std::string& given, std::size_t number) {
    const std::string text = without_carriage(given);
    const std::size_t tab = text.find('\t');
    if (tab == std::string::npos) {
      code = complain("entities", fmt::format("line {}: no tab between two names", number));
      return true;
    }
    // Further columns are for whoever made the list.
    print_comparison(text.substr(0, tab), text.substr(tab + 1, text.find('\t', tab + 1) - tab - 1),
                     line.has("json"));
    return true;
  });
  return read ? code : exit_wrong;
}

}  // namespace wirewatch::daemon
