// Learns what sounds stand for each other in two spellings of one name, and prints
// rules/entities/sound_costs.cc. Usage: tune_names FOLDER > rules/entities/sound_costs.cc, FOLDER
// holding arabic_latin_80.tsv and anetac_train.tsv (Latin, Arabic). Only the tuning split is read:
// Arabic forms whose hash64 is even. The measures read the odd ones.
//
// The model is a memoryless stochastic transducer (Ristad and Yianilos 1998), trained by Viterbi
// re-estimation: each cost is the log of how much likelier two sounds stand side by side in two
// spellings of one name than by chance.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <vector>

#include "feeds/hash.h"
#include "rules/entities/sounds.h"

namespace {

using namespace wirewatch;
using rules::Sounds;
constexpr std::size_t count = rules::all_sounds;
constexpr int places = 3;  // first, inner, last

struct Costs {
  double pair[count][count];
  double alone[2][places][count];  // against a word of the other spelling: vowelled, abjad
  double doubled[3];               // none, one, both of two equal sounds written twice
};

struct Counts {
  double pair[3][count][count] = {};  // by kind of pair
  double alone[3][2][places][count] = {};
  double at_place[3][2][places] = {};
  double doubled[3] = {};
  double sound[3][2][count] = {};
  double total[3] = {};
};

struct Pair {
  Sounds a;
  Sounds b;
  double weight;
};

int place(std::size_t at, std::size_t length) {
  return at == 0 ? 0 : at + 1 == length ? 2 : 1;
}

int kind(const Pair& pair) {
  return int{pair.a.abjad} + int{pair.b.abjad};
}

double doubling(const Costs& costs, const Pair& p, std::size_t i, std::size_t j) {
  if (p.a.abjad || p.b.abjad) return 0;
  return costs.doubled[((p.a.doubled >> i) & 1U) + ((p.b.doubled >> j) & 1U)];
}

void count_path(const Costs& costs, const Pair& p, Counts& counts, double& likelihood) {
  const std::size_t n = p.a.length;
  const std::size_t m = p.b.length;
  const int k = kind(p);
  static double best[33][33];
  static int from[33][33];
  for (std::size_t i = 0; i <= n; ++i) {
    for (std::size_t j = 0; j <= m; ++j) {
      if (i + j == 0) {
        best[0][0] = 0;
        continue;
      }
      best[i][j] = -1e9;
      const auto take = [&](double value, int way) {
        if (value > best[i][j]) {
          best[i][j] = value;
          from[i][j] = way;
        }
      };
      if (i > 0 && j > 0) {
        take(best[i - 1][j - 1] + costs.pair[p.a.row[i - 1]][p.b.row[j - 1]] +
                 doubling(costs, p, i - 1, j - 1),
             0);
      }
      if (i > 0) {
        take(best[i - 1][j] + costs.alone[p.b.abjad][place(i - 1, n)][p.a.row[i - 1]], 1);
      }
      if (j > 0) {
        take(best[i][j - 1] + costs.alone[p.a.abjad][place(j - 1, m)][p.b.row[j - 1]], 2);
      }
    }
  }
  likelihood += best[n][m];
  const double w = p.weight;
  for (std::size_t i = n, j = m; i + j > 0;) {
    const int way = from[i][j];
    counts.total[k] += w;
    if (way == 0) {
      --i;
      --j;
      counts.pair[k][p.a.row[i]][p.b.row[j]] += w;
      if (k == 0 && p.a.row[i] == p.b.row[j]) {
        counts.doubled[((p.a.doubled >> i) & 1U) + ((p.b.doubled >> j) & 1U)] += w;
      }
    } else if (way == 1) {
      --i;
      counts.alone[k][p.b.abjad][place(i, n)][p.a.row[i]] += w;
    } else {
      --j;
      counts.alone[k][p.a.abjad][place(j, m)][p.b.row[j]] += w;
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    counts.sound[k][p.a.abjad][p.a.row[i]] += w;
    counts.at_place[k][p.b.abjad][place(i, n)] += w;
  }
  for (std::size_t j = 0; j < m; ++j) {
    counts.sound[k][p.b.abjad][p.b.row[j]] += w;
    counts.at_place[k][p.a.abjad][place(j, m)] += w;
  }
}

void reestimate(const Counts& c, Costs& costs) {
  constexpr double prior = 0.004;
  for (int k = 0; k < 3; ++k) {
    double all[2] = {};
    for (int s = 0; s < 2; ++s) {
      for (std::size_t x = 0; x < count; ++x) all[s] += c.sound[k][s][x] + 0.5;
    }
    const auto share = [&](std::size_t x) {
      const int s = x >= rules::vowelled_sounds ? 1 : 0;
      return (c.sound[k][s][x] + 0.5) / all[s];
    };
    const auto in_kind = [&](std::size_t x, std::size_t y) {
      return int{x >= rules::vowelled_sounds} + int{y >= rules::vowelled_sounds} == k;
    };
    for (std::size_t x = 0; x < count; ++x) {
      for (std::size_t y = 0; y < count; ++y) {
        if (!in_kind(x, y)) continue;
        // Which spelling is given first means nothing.
        const double seen =
            k == 1 ? c.pair[k][x][y] + c.pair[k][y][x] : (c.pair[k][x][y] + c.pair[k][y][x]) / 2;
        const double chance = share(x) * share(y);
        double p = (seen + prior * c.total[k] * chance) / (c.total[k] * (1 + prior));
        if (x == y && seen < 1) p = chance * 20;
        costs.pair[x][y] = std::log(p / chance);
      }
    }
    for (int other = 0; other < 2; ++other) {
      if (k == 0 && other == 1) continue;
      if (k == 2 && other == 0) continue;
      for (int at = 0; at < places; ++at) {
        for (std::size_t x = 0; x < count; ++x) {
          const bool abjad = x >= rules::vowelled_sounds;
          if (int{abjad} + other != k) continue;
          const double seen = c.alone[k][other][at][x];
          const double chance = share(x);
          const double p = (seen + prior * c.at_place[k][other][at] * chance) /
                           (c.at_place[k][other][at] * (1 + prior));
          costs.alone[other][at][x] = std::log(p / chance);
        }
      }
    }
  }
  const double all = c.doubled[0] + c.doubled[1] + c.doubled[2];
  const double share = (c.doubled[1] / 2 + c.doubled[2]) / all;
  costs.doubled[0] = std::log(c.doubled[0] / all / ((1 - share) * (1 - share)));
  costs.doubled[1] = std::log(c.doubled[1] / all / (2 * share * (1 - share)));
  costs.doubled[2] = std::log(c.doubled[2] / all / (share * share));
}

Costs beginning() {
  Costs costs;
  // Letters of one sound, so that the first alignment is about right.
  const std::map<std::string, std::string> like = {
      {"ا", "a"}, {"ب", "b"},  {"ت", "t"},  {"ث", "th"}, {"ج", "j"},  {"ح", "h"},  {"خ", "kh"},
      {"د", "d"}, {"ذ", "dh"}, {"ر", "r"},  {"ز", "z"},  {"س", "s"},  {"ش", "sh"}, {"ص", "s"},
      {"ض", "d"}, {"ط", "t"},  {"ظ", "z"},  {"ع", "a"},  {"غ", "gh"}, {"ف", "f"},  {"ق", "q"},
      {"ك", "k"}, {"ل", "l"},  {"م", "m"},  {"ن", "n"},  {"ه", "h"},  {"و", "u"},  {"ي", "i"},
      {"ة", "a"}, {"پ", "p"},  {"چ", "ch"}, {"ژ", "zh"}, {"گ", "g"},  {"ڤ", "v"}};
  for (std::size_t x = 0; x < count; ++x) {
    for (std::size_t y = 0; y < count; ++y) {
      const std::string a(rules::sound_text(static_cast<std::uint8_t>(x)));
      const std::string b(rules::sound_text(static_cast<std::uint8_t>(y)));
      const auto at = like.find(a);
      const auto bt = like.find(b);
      const bool same =
          a == b || (at != like.end() && at->second == b) || (bt != like.end() && bt->second == a);
      costs.pair[x][y] = same ? 3 : a[0] == b[0] ? 0 : -3;
    }
  }
  for (auto& other : costs.alone) {
    for (auto& at : other) {
      for (double& cost : at) cost = -1.5;
    }
  }
  for (double& cost : costs.doubled) cost = 0;
  return costs;
}

// As cost_of in rules/entities/sound_costs.h reads it back.
char coded(double cost) {
  int code = std::max(0, std::min(88, static_cast<int>(std::lround(cost * 5)) + 44)) + '#';
  if (code >= '?') ++code;
  if (code >= '\\') ++code;
  return static_cast<char>(code);
}

void print(const Costs& costs, std::size_t pairs) {
  fmt::print("// Made by tests/eval/tune_names from {} pairs of spellings; do not edit.\n", pairs);
  fmt::print("#include \"rules/entities/sound_costs.h\"\n\nnamespace wirewatch::rules {{\n\n");
  fmt::print("// clang-format off\nconst char* const sound_pair_costs[all_sounds] = {{\n");
  for (const auto& row : costs.pair) {
    std::string line;
    for (const double cost : row) line += coded(cost);
    fmt::print("\"{}\",\n", line);
  }
  fmt::print("}};\n\nconst char* const sound_alone_costs[2][3] = {{\n");
  for (const auto& other : costs.alone) {
    for (int at = 0; at < places; ++at) {
      std::string line;
      for (const double cost : other[at]) line += coded(cost);
      fmt::print("{}\"{}\"{}\n", at == 0 ? "{" : "", line, at == 2 ? "}," : ",");
    }
  }
  fmt::print("}};\n// clang-format on\n\n");
  fmt::print("const float sound_doubled_costs[3] = {{{:.2f}F, {:.2f}F, {:.2f}F}};\n\n",
             costs.doubled[0], costs.doubled[1], costs.doubled[2]);
  fmt::print("}}  // namespace wirewatch::rules\n");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  std::map<std::string, std::set<std::string>> latin_of;
  std::map<std::string, std::set<std::string>> arabic_of;
  for (const char* file : {"/arabic_latin_80.tsv", "/anetac_train.tsv"}) {
    std::ifstream in(std::string(argv[1]) + file);
    for (std::string line; std::getline(in, line);) {
      const std::size_t tab = line.find('\t');
      if (tab == std::string::npos) continue;
      std::string arabic = line.substr(tab + 1, line.find('\t', tab + 1) - tab - 1);
      arabic.erase(std::remove(arabic.begin(), arabic.end(), ' '), arabic.end());
      std::string latin = line.substr(0, tab);
      for (char& c : latin) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
      if (hash64(arabic) % 2 != 0) continue;
      latin_of[arabic].insert(latin);
      arabic_of[latin].insert(arabic);
    }
  }
  std::vector<Pair> pairs;
  const auto add_all = [&](const std::set<std::string>& forms) {
    std::vector<Sounds> sounds;
    for (const std::string& form : forms) sounds.push_back(rules::sounds_of(form));
    const double weight = 2.0 / static_cast<double>(forms.size());
    for (std::size_t i = 0; i < sounds.size(); ++i) {
      for (std::size_t j = 0; j < sounds.size(); ++j) {
        if (i != j) pairs.push_back({sounds[i], sounds[j], weight / 2});
      }
    }
  };
  for (const auto& [arabic, latins] : latin_of) {
    if (latins.size() > 1 && latins.size() < 40) add_all(latins);
    for (const std::string& latin : latins) {
      pairs.push_back({rules::sounds_of(latin), rules::sounds_of(arabic), 1});
    }
  }
  for (const auto& [latin, arabics] : arabic_of) {
    if (arabics.size() > 1 && arabics.size() < 10) add_all(arabics);
  }
  Costs costs = beginning();
  for (int round = 0; round < 12; ++round) {
    const auto counts = std::make_unique<Counts>();
    double likelihood = 0;
    for (const Pair& pair : pairs) {
      if (pair.a.length > 0 && pair.b.length > 0) count_path(costs, pair, *counts, likelihood);
    }
    reestimate(*counts, costs);
    std::cerr << fmt::format("round {} {:.0f}\n", round, likelihood);
  }
  print(costs, pairs.size());
  return 0;
}
