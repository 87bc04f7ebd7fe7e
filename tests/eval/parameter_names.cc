#include "tests/eval/parameter_names.h"

#include <fmt/format.h>

#include <cstdlib>
#include <iterator>
#include <map>

namespace wirewatch::eval {
namespace {

using feeds::Parameters;

constexpr const char* evidence_names[] = {
    "nearest",     "three",       "centroid",     "mean",          "known",       "core",
    "title_known", "names_known", "plain_known",  "numbers_known", "story_title", "crowd",
    "days",        "size",        "shortness",    "fit",           "new_name",    "length",
    "agreeing",    "shared",      "centroid_gap", "three_gap",     "title_gap",   "known_gap",
    "beginning",   "vote",        "votes",        "near_best",     "near_many"};
static_assert(std::size(evidence_names) == feeds::evidence_count);

const std::map<std::string, double Parameters::*> numbers = {
    {"background_documents", &Parameters::background_documents},
    {"common_word_share", &Parameters::common_word_share},
    {"ordinary_word_share", &Parameters::ordinary_word_share},
    {"title_weight", &Parameters::title_weight},
    {"lead_weight", &Parameters::lead_weight},
    {"body_weight", &Parameters::body_weight},
    {"name_factor", &Parameters::name_factor},
    {"number_factor", &Parameters::number_factor},
    {"event_score_least", &Parameters::event_score_least},
    {"copy_cosine", &Parameters::copy_cosine},
    {"copy_jaccard", &Parameters::copy_jaccard},
    {"group_strength", &Parameters::group_strength},
    {"group_covered", &Parameters::group_covered},
    {"copy_strength", &Parameters::copy_strength},
    {"copy_containment", &Parameters::copy_containment},
    {"plain_jaccard", &Parameters::plain_jaccard},
    {"plain_containment", &Parameters::plain_containment},
    {"short_copy_jaccard", &Parameters::short_copy_jaccard},
    {"rewrite_cosine", &Parameters::rewrite_cosine},
    {"sentence_overlap", &Parameters::sentence_overlap},
    {"rewrite_share", &Parameters::rewrite_share},
    {"start_score", &Parameters::start_score},
    {"joint_cosine_least", &Parameters::joint_cosine_least},
    {"merge_score", &Parameters::merge_score},
    {"merge_fit", &Parameters::merge_fit},
    {"full_terms", &Parameters::full_terms},
};
const std::map<std::string, std::size_t Parameters::*> counts = {
    {"most_terms", &Parameters::most_terms},
    {"indexed_terms", &Parameters::indexed_terms},
    {"queried_terms", &Parameters::queried_terms},
    {"indexed_pairs", &Parameters::indexed_pairs},
    {"queried_pairs", &Parameters::queried_pairs},
    {"term_postings", &Parameters::term_postings},
    {"pair_postings", &Parameters::pair_postings},
    {"event_candidates", &Parameters::event_candidates},
    {"story_candidates", &Parameters::story_candidates},
    {"compared_of_story", &Parameters::compared_of_story},
    {"copy_candidates", &Parameters::copy_candidates},
    {"copy_pairs_least", &Parameters::copy_pairs_least},
    {"most_words", &Parameters::most_words},
};

}  // namespace

std::string_view name_of_evidence(std::size_t evidence) {
  return evidence_names[evidence];
}

double* number_of(Parameters& parameters, const std::string& name) {
  if (const auto found = numbers.find(name); found != numbers.end())
    return &(parameters.*found->second);
  return nullptr;
}

void assign(Parameters& parameters, const std::string& setting) {
  const std::size_t equals = setting.find('=');
  const std::string name = setting.substr(0, equals);
  const double value = equals == std::string::npos ? 0 : std::atof(setting.c_str() + equals + 1);
  if (double* const number = number_of(parameters, name)) {
    *number = value;
    return;
  }
  if (const auto found = counts.find(name); found != counts.end()) {
    parameters.*found->second = static_cast<std::size_t>(value);
    return;
  }
  fmt::print(stderr, "\"{}\" is no parameter\n", name);
  std::exit(2);
}

}  // namespace wirewatch::eval
