#include "daemon/web/pages.h"

namespace wirewatch::daemon {

std::string_view stylesheet() {
  return R"css(:root {
  color-scheme: light dark;
  --ground: #fbfaf7; --raised: #fff; --ink: #1d2126; --dim: #5d6670; --line: #dedbd3;
  --link: #1a56a8; --good: #1d7a45; --bad: #b3261e; --wait: #8a6100; --loud: #fdeceb;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14171a; --raised: #1c2024; --ink: #e6e4df; --dim: #9aa3ac; --line: #32383e;
    --link: #8ab6f2; --good: #6cc791; --bad: #f28b82; --wait: #e0b252; --loud: #3a1f1e;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--ground); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", "Noto Sans", "Noto Naskh Arabic", sans-serif;
}
header {
  display: flex; flex-wrap: wrap; gap: .3rem 1.5rem; align-items: baseline;
  padding: .8rem max(1rem, calc((100% - 60rem) / 2)); border-bottom: 1px solid var(--line);
  background: var(--raised);
}
.brand { font-weight: 700; font-size: 1.1rem; color: var(--ink); text-decoration: none; }
nav a { margin-right: 1rem; }
main { max-width: 62rem; margin: 0 auto; padding: .5rem 1rem 3rem; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 1.2rem 0 .6rem; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 2rem 0 .6rem; }
h3 { font-size: 1.02rem; line-height: 1.35; margin: 0; overflow-wrap: anywhere; }
p { margin: .3rem 0; }
a { color: var(--link); text-underline-offset: .15em; }
code, pre { font: .88em/1.45 ui-monospace, "DejaVu Sans Mono", monospace; }
code, .url { overflow-wrap: anywhere; }
pre {
  background: var(--raised); border: 1px solid var(--line); border-left: 3px solid var(--bad);
  padding: .6rem .8rem; overflow-x: auto; border-radius: 4px;
}
.dim { color: var(--dim); font-size: .9rem; }
.reason { color: var(--bad); overflow-wrap: anywhere; }
.notice {
  background: var(--loud); border-left: 3px solid var(--bad); padding: .5rem .8rem;
  border-radius: 4px;
}
.figures {
  display: grid; grid-template-columns: repeat(auto-fit, minmax(6.3rem, 1fr)); gap: .6rem;
  margin: 1rem 0;
}
.figure {
  background: var(--raised); border: 1px solid var(--line); border-radius: 6px;
  padding: .5rem .7rem; color: var(--dim); font-size: .85rem;
}
.figure strong { display: block; color: var(--ink); font-size: 1.4rem; line-height: 1.2; }
.loud { border-color: var(--bad); }
.loud strong { color: var(--bad); }
.badge {
  display: inline-block; border: 1px solid currentColor; border-radius: 999px;
  padding: 0 .55rem; font-size: .78rem; color: var(--dim);
}
.good { color: var(--good); }
.bad { color: var(--bad); }
.wait { color: var(--wait); }
.wide { overflow-x: auto; }
table {
  border-collapse: collapse; width: 100%; background: var(--raised); overflow-wrap: break-word;
}
th, td { text-align: start; vertical-align: top; padding: .5rem .6rem; }
th { font-size: .85rem; color: var(--dim); font-weight: 600; }
tr { border-bottom: 1px solid var(--line); }
.number { text-align: end; font-variant-numeric: tabular-nums; }
ul.alerts, ol.timeline { list-style: none; margin: 0; padding: 0; }
ul.alerts > li, ol.timeline > li {
  background: var(--raised); border: 1px solid var(--line); border-radius: 6px;
  padding: .7rem .9rem; margin: .6rem 0;
}
ul.sources, ul.why { list-style: none; display: flex; flex-wrap: wrap; gap: .2rem .9rem; padding: 0;
  margin: .3rem 0 0; font-size: .9rem; }
ul.why li { background: var(--ground); border-radius: 4px; padding: 0 .4rem; color: var(--dim); }
ol.reports li { margin: .35rem 0; }
blockquote {
  margin: .8rem 0; padding: .2rem .9rem; border-inline-start: 3px solid var(--line);
  color: var(--dim);
}
mark { background: none; color: var(--ink, inherit); font-weight: 600; }
time { white-space: nowrap; }
footer { margin-top: 2.5rem; border-top: 1px solid var(--line); padding-top: .8rem; }
@media (max-width: 34rem) {
  main { padding: .2rem .7rem 2rem; }
  h1 { font-size: 1.35rem; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; }
  thead { display: none; }
  table, tbody, tr, td { display: block; }
  tr { padding: .5rem 0; }
  td { padding: .1rem .6rem; overflow-wrap: anywhere; }
  .number { text-align: start; }
  td[data-label]::before { content: attr(data-label) ": "; color: var(--dim); font-size: .85rem; }
}
)css";
}

}  // namespace wirewatch::daemon
