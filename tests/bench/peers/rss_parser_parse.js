// Parses every XML file of a folder with rss-parser and prints CPU seconds and items.
const fs = require("fs");
const path = require("path");
const Parser = require(path.join(process.argv[3], "node_modules/rss-parser"));

async function main() {
  const folder = process.argv[2];
  const texts = fs.readdirSync(folder).filter((name) => name.endsWith(".xml")).sort()
    .map((name) => {
      const bytes = fs.readFileSync(path.join(folder, name));
      const label = /encoding="([^"]+)"/.exec(bytes.subarray(0, 200).toString("latin1"));
      return new TextDecoder(label ? label[1] : "utf-8").decode(bytes);
    });
  const parser = new Parser();
  const before = process.cpuUsage();
  let items = 0;
  let failed = 0;
  for (const text of texts) {
    try {
      items += (await parser.parseString(text.trim())).items.length;
    } catch (error) {
      failed += 1;
    }
  }
  const used = process.cpuUsage(before);
  console.log((used.user + used.system) / 1e6, items, failed);
}

main();
