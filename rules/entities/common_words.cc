#include "rules/entities/common_words.h"

#include <boost/unordered/unordered_flat_set.hpp>
#include <iterator>

#include "feeds/hash.h"
#include "feeds/text/document.h"

namespace wirewatch::rules {
namespace {

// clang-format off
constexpr std::string_view common[] = {
    "a", "about", "above", "across", "act", "action", "add", "admit", "affair", "affairs",
    "after", "again", "against", "age", "agencies", "agency", "agree", "agreement", "ahead",
    "aid", "air", "airlines", "airport", "airways", "all", "alliance", "allies", "allow", "ally",
    "along", "also", "although", "always", "am", "american", "americans", "amid", "among", "an",
    "and", "announce", "another", "any", "anyone", "appeal", "appear", "april", "arab", "arabs",
    "are", "area", "arena", "arm", "armed", "arms", "army", "around", "arrest", "art", "as",
    "ask", "at", "attack", "attacks", "august", "author", "authorities", "authority", "autumn",
    "average", "aviation", "away", "baby", "back", "bad", "bank", "bar", "bare", "base", "based",
    "battle", "bay", "be", "beach", "bear", "beat", "because", "become", "been", "before",
    "began", "begin", "behind", "being", "believe", "below", "best", "better", "between",
    "beyond", "big", "bill", "billion", "black", "blast", "block", "blog", "blood", "blue",
    "board", "boat", "body", "bomb", "book", "border", "born", "both", "box", "boy", "branch",
    "breach", "break", "bridge", "brigade", "bring", "britain", "british", "broad", "brother",
    "brown", "build", "building", "burn", "bus", "business", "but", "buy", "by", "call", "called",
    "camp", "campaign", "can", "cannot", "capital", "captain", "car", "card", "care", "cargo",
    "case", "cash", "cause", "cell", "center", "central", "centre", "century", "chair",
    "chairman", "chance", "change", "charge", "chase", "check", "chief", "child", "children",
    "china", "chinese", "choice", "church", "circle", "cities", "citizen", "city", "civil",
    "claim", "clash", "class", "clean", "clear", "close", "club", "co", "coach", "coal",
    "coalition", "coast", "code", "cold", "college", "come", "command", "commander", "comment",
    "commercial", "commission", "committee", "common", "community", "companies", "company",
    "concern", "conference", "confirm", "congress", "consider", "construction", "consul",
    "contact", "continue", "control", "convoy", "corp", "corps", "cost", "could", "council",
    "counter", "countries", "country", "county", "couple", "course", "court", "cover", "create",
    "crime", "crisis", "cross", "crossing", "crowd", "cup", "cut", "daily", "damage", "danger",
    "dark", "data", "date", "daughter", "day", "days", "dead", "deal", "dear", "death", "debate",
    "debt", "december", "decide", "defence", "defend", "defense", "democrat", "democratic",
    "department", "deputy", "desert", "despite", "detail", "development", "did", "die",
    "diplomat", "director", "district", "do", "doctor", "does", "dollar", "done", "door",
    "double", "down", "draw", "dream", "drive", "drone", "drop", "drug", "due", "during", "duty",
    "each", "early", "earn", "earth", "east", "eastern", "easy", "economic", "economy", "edge",
    "editor", "education", "effort", "eight", "either", "election", "electric", "else", "email",
    "embassy", "emergency", "emirate", "empire", "end", "energy", "engine", "engineering",
    "english", "enough", "enter", "enterprise", "enterprises", "entire", "envoy", "era", "escape",
    "european", "even", "event", "ever", "every", "everyone", "evidence", "exchange", "executive",
    "exit", "export", "eye", "face", "fact", "factory", "fail", "fair", "faith", "fall",
    "families", "family", "far", "farm", "fast", "father", "fear", "february", "federal",
    "federation", "feed", "feel", "few", "field", "fifth", "fight", "fighter", "figure", "film",
    "final", "finance", "financial", "find", "fine", "fire", "firm", "first", "fish", "five",
    "flag", "flee", "flight", "floor", "flow", "fly", "focus", "follow", "food", "football",
    "for", "force", "forces", "foreign", "forest", "form", "former", "forty", "forum", "found",
    "foundation", "four", "free", "freedom", "french", "friday", "friend", "friends", "from",
    "front", "fuel", "full", "fund", "further", "future", "gain", "game", "gas", "gate", "gave",
    "general", "german", "get", "girl", "give", "given", "global", "gmbh", "go", "goal", "god",
    "gold", "golf", "good", "got", "govern", "government", "governor", "grand", "grant", "great",
    "green", "ground", "group", "groups", "grow", "growth", "guard", "guards", "guest", "guide",
    "gulf", "gun", "had", "half", "hall", "hand", "hands", "happen", "harakat", "hard", "has",
    "have", "hayat", "he", "head", "headline", "health", "hear", "heart", "heat", "heavy", "held",
    "hell", "hello", "help", "her", "here", "hero", "herself", "hezb", "high", "highway", "hill",
    "him", "himself", "his", "history", "hit", "hold", "holding", "holdings", "holy", "home",
    "hope", "hospital", "host", "hot", "hotel", "hour", "house", "how", "however", "huge",
    "human", "hundred", "hunt", "husband", "i", "ice", "idea", "if", "image", "impact", "import",
    "in", "inc", "independent", "indian", "industrial", "industries", "industry", "inside",
    "institute", "intelligence", "interest", "interim", "interior", "international", "into",
    "investment", "investments", "iranian", "iron", "is", "islamic", "island", "israeli", "issue",
    "it", "italian", "its", "itself", "jabhat", "january", "job", "join", "joint", "journal",
    "judge", "july", "jump", "june", "junior", "just", "justice", "kataib", "keep", "key", "kid",
    "kill", "killed", "kind", "king", "kingdom", "know", "labour", "lack", "lake", "land", "lane",
    "large", "last", "late", "later", "latest", "law", "lawyer", "lead", "leader", "leaders",
    "league", "learn", "leave", "left", "legal", "less", "let", "letter", "level", "liberal",
    "liberation", "life", "light", "like", "limited", "line", "link", "lion", "list", "little",
    "live", "liwa", "llc", "local", "logistics", "london", "long", "look", "lord", "lose", "loss",
    "lot", "love", "low", "lower", "ltd", "made", "mail", "main", "major", "make", "man",
    "manage", "manager", "many", "map", "march", "marine", "maritime", "mark", "market", "mass",
    "match", "matter", "may", "mayor", "me", "mean", "measure", "media", "medical", "meet",
    "meeting", "meets", "member", "men", "message", "met", "metal", "middle", "might", "mile",
    "military", "militia", "million", "mind", "mine", "minister", "ministry", "minor", "minute",
    "miss", "missile", "mission", "model", "modern", "moment", "monday", "money", "month", "moon",
    "more", "morning", "most", "mother", "mountain", "mouth", "move", "movement", "mr", "mrs",
    "ms", "much", "murder", "museum", "music", "must", "my", "name", "nation", "national",
    "native", "nature", "naval", "navy", "near", "need", "net", "network", "never", "new", "news",
    "newspaper", "next", "night", "nine", "no", "nobel", "noble", "non", "none", "nor", "north",
    "northern", "not", "note", "nothing", "notice", "november", "now", "nuclear", "number",
    "ocean", "october", "of", "off", "offer", "office", "officer", "official", "officials", "oil",
    "old", "on", "once", "one", "online", "only", "onto", "open", "operation", "operations",
    "opinion", "opposition", "or", "orange", "order", "organisation", "organization", "other",
    "our", "out", "over", "own", "owner", "pact", "page", "paper", "park", "part", "parties",
    "party", "pass", "past", "path", "patrol", "pay", "peace", "people", "per", "perhaps",
    "period", "person", "petrochemical", "petrol", "petroleum", "phone", "photo", "pick",
    "picture", "piece", "pilot", "pipeline", "place", "plan", "plane", "plant", "play", "player",
    "please", "plot", "point", "police", "policy", "political", "politics", "poll", "poor",
    "pope", "popular", "port", "post", "pound", "power", "present", "president", "press",
    "pressure", "price", "prime", "prince", "princess", "prison", "private", "pro", "probe",
    "problem", "program", "progress", "project", "protest", "province", "public", "pull", "push",
    "put", "queen", "question", "quick", "quit", "race", "radio", "raid", "rail", "rain", "raise",
    "ran", "range", "rate", "rather", "reach", "read", "ready", "real", "rear", "reason", "rebel",
    "rebels", "record", "red", "reform", "refugee", "refugees", "regime", "region", "regional",
    "relation", "release", "relief", "religious", "remain", "report", "reporter", "reports",
    "republic", "request", "rescue", "research", "resident", "resistance", "resource", "rest",
    "result", "return", "reuters", "revolution", "revolutionary", "rich", "right", "rights",
    "ring", "rise", "river", "road", "rock", "role", "room", "rose", "round", "route", "royal",
    "rule", "run", "rural", "rush", "russia", "russian", "sa", "sad", "safe", "said", "sail",
    "sale", "same", "sand", "saraya", "saturday", "save", "saw", "say", "says", "scale", "scene",
    "school", "science", "scout", "sea", "seal", "search", "season", "seat", "second", "secret",
    "secretary", "section", "secure", "security", "see", "seek", "seem", "self", "sell", "senate",
    "senator", "send", "senior", "sent", "september", "series", "serve", "service", "services",
    "session", "set", "seven", "several", "shadow", "share", "sharp", "she", "shell", "ship",
    "shipping", "shoot", "shop", "shore", "short", "shot", "should", "shout", "show", "shrine",
    "side", "sign", "silver", "since", "sing", "single", "sir", "sister", "sit", "site",
    "situation", "six", "size", "sky", "sleep", "small", "smart", "smoke", "snow", "so", "social",
    "society", "soil", "soldier", "soldiers", "solid", "some", "son", "song", "soon", "sorry",
    "sort", "sound", "source", "south", "southern", "space", "spanish", "speak", "speaker",
    "special", "speech", "speed", "spend", "spirit", "spokesman", "spokesperson", "spokeswoman",
    "sport", "spot", "spring", "square", "staff", "stage", "stand", "star", "start", "state",
    "statement", "states", "station", "statue", "stay", "steel", "step", "still", "stock",
    "stone", "stop", "storm", "story", "straight", "strategic", "street", "strike", "strikes",
    "strong", "student", "study", "style", "such", "suffer", "sugar", "suit", "summer", "summit",
    "sun", "sunday", "support", "supreme", "sure", "surface", "system", "table", "take", "talk",
    "talks", "tank", "target", "task", "tax", "team", "tech", "tell", "tells", "ten", "term",
    "terror", "terrorism", "test", "text", "than", "thank", "thanks", "that", "the", "their",
    "them", "then", "there", "these", "they", "thing", "think", "third", "this", "those",
    "thousand", "threat", "three", "through", "thursday", "ticket", "tie", "tiger", "time",
    "times", "title", "to", "today", "together", "told", "too", "took", "top", "total", "touch",
    "tour", "toward", "tower", "town", "track", "trade", "trading", "train", "transport",
    "travel", "treaty", "tree", "trial", "tribe", "tribune", "trip", "troop", "troops", "true",
    "trump", "trust", "truth", "try", "tuesday", "turkish", "turn", "twelve", "twenty", "two",
    "type", "ukrainian", "under", "union", "unit", "united", "unity", "university", "until", "up",
    "upon", "urge", "us", "use", "usual", "valley", "value", "van", "very", "vice", "video",
    "view", "village", "violence", "visit", "voice", "vote", "wait", "wake", "walk", "wall",
    "want", "war", "warm", "warn", "warns", "was", "wash", "watch", "water", "wave", "way", "we",
    "weapon", "wear", "weather", "web", "website", "wednesday", "week", "weekly", "welcome",
    "well", "went", "were", "west", "western", "what", "when", "where", "whether", "which",
    "while", "white", "who", "whole", "whom", "whose", "why", "wide", "wife", "wild", "will",
    "win", "wind", "window", "wing", "winter", "wise", "wish", "with", "within", "without",
    "woman", "women", "wonder", "wood", "word", "work", "worker", "workers", "world", "worry",
    "worse", "worth", "would", "write", "wrong", "yard", "yeah", "year", "years", "yes",
    "yesterday", "yet", "york", "you", "young", "your", "youth", "zero", "zone", "ئەم", "ئەو",
    "اتفاق", "اجتماع", "اخبار", "اخر", "اخرى", "اذا", "اربعة", "استقبل", "اسم", "اصيب", "اضاف",
    "اعلن", "اقل", "اكثر", "اكد", "الامن", "الان", "الاول", "التقى", "التي", "الثاني", "الجيش",
    "الحكومة", "الدولة", "الذي", "الرئيس", "الف", "القائم", "الوضع", "الى", "امام", "امس", "امن",
    "ان", "او", "اول", "اي", "ايضا", "اين", "بحث", "بعد", "بعض", "بل", "به", "بها", "بهم", "بو",
    "بيان", "بين", "بۆ", "تحت", "ترأس", "تقرير", "تم", "ثلاثة", "ثم", "جديد", "جديدة", "جسم",
    "جميع", "جنوب", "جيش", "حتى", "حدود", "حرب", "حرس", "حزب", "حسب", "حضر", "حكومة", "حمل",
    "حول", "حيث", "حکومەت", "خارج", "خلال", "خمس", "خمسة", "داخل", "درس", "دعا", "دوای", "دولة",
    "دەروازە", "ذلك", "رئيس", "راس", "رسم", "رفض", "زيارة", "ساڵ", "سبب", "سبعة", "ستة", "سلام",
    "سنة", "سنوور", "سوپا", "سەر", "سەرۆک", "شار", "شارك", "شخص", "شرطة", "شرق", "شعب", "شمال",
    "شمس", "شهر", "صحيفة", "ضد", "طالب", "عام", "عدد", "عدم", "عرب", "عشرة", "عقد", "على", "عليه",
    "عليها", "عمل", "عملت", "عملية", "عن", "عند", "غادر", "غدا", "غرب", "غير", "فقط", "فوق", "في",
    "فيه", "فيها", "قائم", "قال", "قالت", "قبل", "قتل", "قد", "قسم", "قوات", "قوة", "كان", "كانت",
    "كبير", "كبيرة", "كل", "كما", "كيف", "لا", "لدى", "لقاء", "لكن", "لم", "لماذا", "لن", "له",
    "لها", "لهم", "لە", "لەگەڵ", "مئة", "ما", "متى", "مثل", "مجلس", "محافظة", "مدينة", "مرة",
    "مصادر", "مصدر", "مع", "معبر", "مليون", "من", "منذ", "منطقة", "منه", "منها", "مواطن", "ناس",
    "ناقش", "نحو", "نسبة", "نفس", "نێوان", "هجوم", "هذا", "هذه", "هم", "همس", "هنا", "هناك", "هو",
    "هي", "هێز", "هەر", "واضاف", "وافق", "واكد", "وتی", "وزارة", "وزير", "وسط", "وصل", "وقال",
    "وقع", "وكالة", "وكان", "وەزیر", "يتم", "يجب", "يمكن", "يوم", "پارێزگا", "پێش", "ڕۆژ", "کە",
    "گوتی"};

constexpr std::string_view given[] = {
    "آزاد", "ابراهيم", "احمد", "اسد", "اسعد", "اسماعيل", "انس", "ايمن", "بارزان", "باسم", "باقر",
    "بدر", "بشار", "بلال", "جاسم", "جعفر", "جمال", "جميل", "حازم", "حامد", "حسن", "حسين", "حمد",
    "حمزة", "حميد", "حيدر", "خالد", "داود", "دلشاد", "راشد", "رامي", "رحيم", "رشيد", "رضا",
    "رياض", "زياد", "زيد", "سامي", "سردار", "سعد", "سعود", "سعيد", "سلطان", "سلمان", "سليم",
    "سليمان", "سمير", "شاكر", "شهاب", "شوقي", "شياع", "شيرزاد", "صادق", "صالح", "صباح", "ضياء",
    "طارق", "طه", "عادل", "عامر", "عباس", "عبدالرحمن", "عبدالسلام", "عبدالعزيز", "عبدالكريم",
    "عبدالله", "عثمان", "عدنان", "عصام", "علي", "عماد", "عمار", "عمر", "عيسى", "غازي", "غسان",
    "فؤاد", "فائق", "فارس", "فاروق", "فرهاد", "فهد", "فوزي", "فيصل", "قاسم", "قيس", "كاظم",
    "كاوه", "كريم", "كمال", "لؤي", "لطيف", "لقمان", "مؤيد", "ماجد", "مازن", "مالك", "ماهر",
    "مجيد", "محسن", "محمد", "محمود", "مراد", "مرتضى", "مروان", "مسرور", "مسعود", "مصطفى", "مظلوم",
    "معاذ", "معتز", "مقداد", "منصور", "منير", "مهدي", "مهند", "موسى", "ناصر", "ناظم", "نايف",
    "نبيل", "نجم", "نزار", "نصر", "نوري", "نيجيرفان", "هادي", "هاشم", "هشام", "هيثم", "هيمن",
    "وسام", "وليد", "ياسر", "ياسين", "يحيى", "يعقوب", "يوسف"};
// clang-format on

// Asked for views, so that no word of a document is copied.
struct WordHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view word) const { return hash64(word); }
};
using Set = boost::unordered_flat_set<std::string, WordHash, std::equal_to<>>;

template <std::size_t size>
Set folded_set(const std::string_view (&words)[size]) {
  Set set;
  for (const std::string_view word : words) set.insert(feeds::fold_word(word));
  return set;
}

std::string singular(std::string_view word) {
  const auto without = [&](std::size_t letters) {
    return std::string(word.substr(0, word.size() - letters));
  };
  if (word.size() < 4 || !word.ends_with('s') || word.ends_with("ss")) return std::string(word);
  if (word.ends_with("us") || word.ends_with("is")) return std::string(word);
  if (word.ends_with("ies")) return without(3) + "y";
  const bool hissing = word.ends_with("sses") || word.ends_with("shes") || word.ends_with("ches") ||
                       word.ends_with("xes");
  return without(hissing ? 2 : 1);
}

}  // namespace

bool is_common_word(std::string_view folded) {
  static const Set set = folded_set(common);
  return set.contains(folded);
}

std::string common_singular(std::string_view folded) {
  static const Set singulars = [] {
    Set all;
    for (const std::string& word : folded_set(common)) all.insert(singular(word));
    return all;
  }();
  const bool latin =
      std::all_of(folded.begin(), folded.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  if (!latin || folded.size() < 4) return {};
  std::string one = singular(folded);
  return singulars.contains(one) ? one : std::string();
}

bool is_given_name(std::string_view folded) {
  static const Set set = folded_set(given);
  return set.contains(folded);
}

}  // namespace wirewatch::rules
