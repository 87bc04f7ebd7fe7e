// Runs a fuzz target without libFuzzer: over a corpus folder, and over mutations of its files that
// are the same in every run.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

namespace {

constexpr int kMutations = 3000;
constexpr std::size_t kLongest = 64U << 10U;

std::vector<std::string> read_corpus(const char* folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.is_regular_file()) paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> corpus;
  for (const auto& path : paths) {
    std::ifstream in(path, std::ios::binary);
    corpus.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  return corpus;
}

class Mutator {
 public:
  explicit Mutator(const std::vector<std::string>& corpus) : corpus_(corpus) {}

  std::string next() {
    std::string text = corpus_[below(corpus_.size())];
    for (std::size_t steps = 1 + below(6); steps > 0; --steps) step(text);
    text.resize(std::min(text.size(), kLongest));
    return text;
  }

 private:
  std::size_t below(std::size_t bound) { return bound == 0 ? 0 : random_() % bound; }

  void step(std::string& text) {
    const std::size_t at = below(text.size());
    switch (below(7)) {
      case 0:  // a bit
        if (!text.empty()) text[at] = static_cast<char>(text[at] ^ (1 << below(8)));
        break;
      case 1:  // any byte
        text.insert(at, 1, static_cast<char>(below(256)));
        break;
      case 2:  // a byte that means something
        text.insert(at, 1, "<>&;'\"/!?[]{}:\\\0-="[below(18)]);
        break;
      case 3:  // a gap
        text.erase(at, below(32));
        break;
      case 4:  // cut
        text.resize(at);
        break;
      case 5: {  // a piece again, some times over
        const std::string piece = text.substr(at, 1 + below(40));
        for (std::size_t times = below(50); times > 0; --times) text.insert(at, piece);
        break;
      }
      default: {  // a piece of another file
        const std::string& other = corpus_[below(corpus_.size())];
        text.insert(at, other, below(other.size()), below(200));
      }
    }
  }

  const std::vector<std::string>& corpus_;
  std::mt19937_64 random_{20240607};
};

void run(const std::string& text) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s CORPUS_FOLDER\n", argv[0]);
    return 2;
  }
  const std::vector<std::string> corpus = read_corpus(argv[1]);
  if (corpus.empty()) {
    std::fprintf(stderr, "no files in %s\n", argv[1]);
    return 1;
  }
  run("");
  for (const std::string& text : corpus) run(text);
  Mutator mutator(corpus);
  for (int i = 0; i < kMutations; ++i) run(mutator.next());
  std::printf("%zu files and %d mutations\n", corpus.size(), kMutations);
  return 0;
}
