// Characters as the server counts them (PostText, TextEntities, Link, Hashtag): grapheme clusters after NFC, a link counting 23.

const linkLength = 23;
const clusters = Intl.Segmenter && new Intl.Segmenter("en", { granularity: "grapheme" });

// White space as .NET has it: not U+FEFF.
const edges = /^[^\S\uFEFF]+|[^\S\uFEFF]+$/g;
const removed = /[^\P{Cc}\n\t]|\uFFFE/gu;
const nothingToSee = /^[\s\p{Cc}\p{Cf}]*$/u;

const beginning = /[#\uFF03hH]/g;
const linkScheme = /[hH][tT][tT][pP][sS]?:\/\//y;
const linkHost = /(?:[\p{L}\p{Nd}][\p{L}\p{Nd}\p{Mn}\p{Mc}_\u200C\u200D-]*\.)*(?:[\p{L}\p{Nd}][\p{L}\p{Nd}\p{Mn}\p{Mc}_\u200C\u200D-]*)?/uy;
const linkHostEnd = /[^\p{L}\p{Nd}\p{Mn}\p{Mc}]+$/u;
const linkUser = /@|:[^/?# \n\t@]{0,62}@/y;
const linkPort = /:[0-9]{1,5}/y;
const linkPath = /[/?#](?:[^\s\p{Cc}\p{Cf}<>"`{}|\\^«»“”„‘’…、。〈〉《》「」『』【】〔〕！，．：；？（）]|[\u200C\u200D])*/uy;
const trailing = ".,;:!?'\"";

const wordBefore = /(?:[\p{L}\p{Nd}_]|(?![\uFE00-\uFE0F])[\p{Mn}\p{Mc}])$/u;
const hashtag = /(?![\u115F\u1160\u3164\uFFA0])[\p{L}\p{Nl}\p{Nd}_](?:(?![\u115F\u1160\u3164\uFFA0])[\p{L}\p{Nl}\p{Nd}_\p{Mn}\p{Mc}\u200C\u200D\u00B7])*/uy;
const hashtagLetter = /[\p{L}\p{Nl}_]/u;
const longestTag = 100;

function countText(raw) {
  const text = raw
    .replace(/\r\n?/g, "\n")
    .replace(removed, "")
    .replace(edges, "")
    .normalize();
  if (nothingToSee.test(text)) return 0;
  let [count, at, from] = [0, 0, 0];
  beginning.lastIndex = 0;
  for (let found; (found = beginning.exec(text)); beginning.lastIndex = at) {
    at = found.index;
    const isLink = /h/i.test(found[0]);
    const length = isLink ? linkAt(text, at) : tagAt(text, at);
    if (isLink && length > 0) {
      count += countClusters(text.slice(from, at)) + linkLength;
      from = at + length;
    }
    at += Math.max(length, 1);
  }
  return count + countClusters(text.slice(from));
}

/** A warning: one line without links. */
function countLine(raw) {
  const text = raw.replace(removed, "").replace(edges, "").normalize();
  return nothingToSee.test(text) ? 0 : countClusters(text);
}

function countClusters(text) {
  let count = 0;
  for (const _ of clusters.segment(text)) count++;
  return count;
}

function lengthOf(pattern, text, at) {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}

function linkAt(text, at) {
  if (at > 0 && /[A-Za-z0-9_@#]/.test(text[at - 1])) return 0;
  const start = at + lengthOf(linkScheme, text, at);
  const reach = start === at ? 0 : lengthOf(linkHost, text, start);
  const name = text.slice(start, start + reach).replace(linkHostEnd, "");
  if (name === "" || lengthOf(linkUser, text, start + reach) > 0) return 0;
  let end = start + name.length;
  end += lengthOf(linkPort, text, end);
  return end + withoutTrailing(text.slice(end, end + lengthOf(linkPath, text, end))) - at;
}

/** The length of a path without what belongs to the sentence around it: closing brackets that it did not open, and punctuation. */
function withoutTrailing(all) {
  const surplus = { ")": 0, "]": 0 };
  for (const unit of all) {
    if (unit in surplus) surplus[unit]++;
    else if (unit === "(") surplus[")"]--;
    else if (unit === "[") surplus["]"]--;
  }
  let end = all.length;
  for (; end > 0; end--) {
    const last = all[end - 1];
    if (surplus[last] > 0) surplus[last]--;
    else if (!/[\u200C\u200D]/.test(last) && !trailing.includes(last)) break;
  }
  return end;
}

function tagAt(text, at) {
  if (at > 0 && (text[at - 1] === "&" || wordBefore.test(text.slice(Math.max(0, at - 2), at)))) return 0;
  hashtag.lastIndex = at + 1;
  const name = hashtag.exec(text)?.[0].replace(/[\u200C\u200D\u00B7]+$/, "") ?? "";
  return hashtagLetter.test(name) && name.length <= longestTag ? name.length + 1 : 0;
}
