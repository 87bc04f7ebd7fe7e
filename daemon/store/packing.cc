#include "daemon/store/packing.h"

#include <zstd.h>

#include "daemon/store/failure.h"

namespace wirewatch::daemon {
namespace {

[[noreturn]] void damaged(const char* what) {
  throw StoreFailure({ErrorKind::invalid, std::string("the database is damaged: ") + what});
}

void add(std::string& out, std::uint64_t number) {
  while (number >= 0x80) {
    out.push_back(static_cast<char>(number | 0x80));
    number >>= 7U;
  }
  out.push_back(static_cast<char>(number));
}

void add(std::string& out, std::string_view text) {
  add(out, std::uint64_t{text.size()});
  out += text;
}

class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : rest_(bytes) {}

  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (rest_.empty()) damaged("a packed column is cut");
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      value |= std::uint64_t{byte & 0x7fU} << shift;
      if (byte < 0x80) return value;
    }
    damaged("a packed number is too long");
  }
  std::uint32_t small() { return static_cast<std::uint32_t>(number()); }
  std::string text() {
    const std::uint64_t size = number();
    if (size > rest_.size()) damaged("a packed column is cut");
    std::string out(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return out;
  }
  // Every entry takes a byte at least, so a count beyond the rest is no list of ours.
  std::size_t count() {
    const std::uint64_t entries = number();
    if (entries > rest_.size()) damaged("a packed column is cut");
    return entries;
  }
  bool empty() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

}  // namespace

std::string pack(const std::vector<std::string>& list) {
  std::string out;
  add(out, std::uint64_t{list.size()});
  for (const std::string& entry : list) add(out, entry);
  return out;
}

std::string pack(const std::vector<feeds::Mention>& mentions) {
  std::string out;
  add(out, std::uint64_t{mentions.size()});
  for (const feeds::Mention& mention : mentions) {
    add(out, mention.entity);
    add(out, static_cast<std::uint64_t>(mention.field));
    for (const std::uint32_t number :
         {mention.start, mention.end, mention.first_token, mention.last_token}) {
      add(out, std::uint64_t{number});
    }
  }
  return out;
}

std::string pack(const feeds::TextSketch& sketch) {
  std::string out;
  add(out, std::uint64_t{sketch.size()});
  for (const std::uint32_t value : sketch) add(out, std::uint64_t{value});
  return out;
}

std::string pack(const std::vector<feeds::DatedItem>& dates) {
  std::string out;
  add(out, std::uint64_t{dates.size()});
  for (const auto& [item, date] : dates) {
    add(out, item);
    add(out, static_cast<std::uint64_t>(to_unix_micros(date)));
  }
  return out;
}

std::vector<feeds::DatedItem> unpack_dates(std::string_view bytes) {
  Unpacker in(bytes);
  std::vector<feeds::DatedItem> dates(in.count());
  for (auto& [item, date] : dates) {
    item = in.number();
    date = from_unix_micros(static_cast<std::int64_t>(in.number()));
  }
  return dates;
}

std::vector<std::string> unpack_list(std::string_view bytes) {
  Unpacker in(bytes);
  std::vector<std::string> list(in.count());
  for (std::string& entry : list) entry = in.text();
  return list;
}

std::vector<feeds::Mention> unpack_mentions(std::string_view bytes) {
  Unpacker in(bytes);
  std::vector<feeds::Mention> mentions(in.count());
  for (feeds::Mention& mention : mentions) {
    mention.entity = in.text();
    mention.field = in.number() == 0 ? feeds::Field::title : feeds::Field::text;
    mention.start = in.small();
    mention.end = in.small();
    mention.first_token = in.small();
    mention.last_token = in.small();
  }
  return mentions;
}

feeds::TextSketch unpack_sketch(std::string_view bytes) {
  Unpacker in(bytes);
  feeds::TextSketch sketch(in.count());
  for (std::uint32_t& value : sketch) value = in.small();
  return sketch;
}

struct Zstd::Contexts {
  ZSTD_CCtx* in = ZSTD_createCCtx();
  ZSTD_DCtx* out = ZSTD_createDCtx();
  Contexts() = default;
  Contexts(const Contexts&) = delete;
  Contexts& operator=(const Contexts&) = delete;
  ~Contexts() {
    ZSTD_freeCCtx(in);
    ZSTD_freeDCtx(out);
  }
};

Zstd::Zstd() : contexts_(std::make_unique<Contexts>()) {}
Zstd::~Zstd() = default;

std::string Zstd::compress(std::string_view text) {
  if (text.empty()) return {};
  constexpr int level = 3;
  std::string frame(ZSTD_compressBound(text.size()), '\0');
  const std::size_t size =
      ZSTD_compressCCtx(contexts_->in, frame.data(), frame.size(), text.data(), text.size(), level);
  if (ZSTD_isError(size) != 0) {
    throw StoreFailure({ErrorKind::internal, std::string("zstd: ") + ZSTD_getErrorName(size)});
  }
  frame.resize(size);
  return frame;
}

std::string Zstd::decompress(std::string_view frame) {
  if (frame.empty()) return {};
  constexpr unsigned long long largest = 64ULL << 20U;  // far above any text that is stored
  const unsigned long long size = ZSTD_getFrameContentSize(frame.data(), frame.size());
  if (size > largest) damaged("a text is no zstd frame");
  std::string text(size, '\0');
  const std::size_t got =
      ZSTD_decompressDCtx(contexts_->out, text.data(), text.size(), frame.data(), frame.size());
  if (ZSTD_isError(got) != 0 || got != size) damaged("a text is no zstd frame");
  return text;
}

}  // namespace wirewatch::daemon
